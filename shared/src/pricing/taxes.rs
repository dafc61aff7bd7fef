//! Taxes of the parts of an order: its lines and, as one more part, its service charge.
//!
//! Taxes are counted by their sequence. One that affects the next enters the base of those after it that let themselves
//! be affected; a tax on top never enters the base of an included one, because it is not in the price.

use super::book::ReadyBook;
use super::ratio::Ratio;
use super::sale::SaleTerms;
use super::tax::{TaxKind, TaxRule, Treatment};
use super::{PricingError, TaxAmount, TaxRounding, allocate};
use crate::ids::TaxId;
use crate::money::{Money, MoneyError, Quantity, UnitPrice, divide_rounded};

/// An included tax as a part of the base and an amount for every thousandth of a unit.
#[derive(Clone, Copy)]
struct Inside {
    place: usize,
    of_base: Ratio,
    per_thousandth: Ratio,
}

/// What included taxes come to together.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Together {
    /// `1 + Σ` of their parts of the base.
    whole: Ratio,
    /// Their amounts for every thousandth of a unit.
    fixed: Ratio,
}

/// The taxes that apply to a part.
pub(super) struct TaxSet {
    /// Places in the book, ascending.
    places: Vec<usize>,
    /// Those that are in the price and collected.
    inside: Vec<Inside>,
    together: Together,
    /// The same with those the customer is exempt from, when there are any: they are in the shelf price, too.
    shelf: Option<Together>,
}

impl TaxSet {
    /// The price of `quantity` at `unit_price` without the taxes that the customer does not pay, as an exact fraction.
    fn stripped(&self, amount: Ratio, thousandths: i64) -> Result<Ratio, MoneyError> {
        let Some(shelf) = self.shelf else { return Ok(amount) };
        let quantity = Ratio::whole(thousandths);
        let base = amount.sub(shelf.fixed.times(quantity)?)?.over(shelf.whole)?;
        let base = if base.is_negative() { Ratio::ZERO } else { base };
        base.times(self.together.whole)?.add(self.together.fixed.times(quantity)?)
    }
}

/// The sets of taxes that occur in one sale, each worked out once.
pub(super) struct TaxSets<'a> {
    ready: &'a ReadyBook,
    terms: &'a SaleTerms,
    named: Vec<(Vec<TaxId>, usize)>,
    sets: Vec<TaxSet>,
}

impl<'a> TaxSets<'a> {
    pub(super) fn new(ready: &'a ReadyBook, terms: &'a SaleTerms) -> Self {
        Self { ready, terms, named: Vec::new(), sets: Vec::new() }
    }

    /// The set of the taxes named; a tax named twice applies once.
    pub(super) fn of(&mut self, tax_ids: &[TaxId]) -> Result<usize, PricingError> {
        if let Some((_, at)) = self.named.iter().find(|(named, _)| named == tax_ids) {
            return Ok(*at);
        }
        let mut places = Vec::with_capacity(tax_ids.len());
        for tax_id in tax_ids {
            self.ready.places_of(*tax_id, &mut places).ok_or(PricingError::UnknownTax(*tax_id))?;
        }
        places.sort_unstable();
        places.dedup();
        places.retain(|place| self.rule(*place).is_some_and(|rule| self.applies(rule)));
        let (inside, together) = self.inside(&places, |rule| self.treatment(rule))?;
        let (_, shelf) = self.inside(&places, |rule| rule.treatment)?;
        let shelf = (shelf != together).then_some(shelf);
        self.sets.push(TaxSet { places, inside, together, shelf });
        self.named.push((tax_ids.to_vec(), self.sets.len() - 1));
        Ok(self.sets.len() - 1)
    }

    fn rule(&self, place: usize) -> Option<&'a TaxRule> {
        self.ready.taxes.get(place)
    }

    fn applies(&self, rule: &TaxRule) -> bool {
        let here = rule.outlet_ids.is_empty()
            || self.terms.outlet_id.is_some_and(|outlet_id| rule.outlet_ids.contains(&outlet_id));
        here && (rule.channels.is_empty() || rule.channels.contains(&self.terms.channel))
    }

    /// Whether a tax is collected from this customer.
    fn treatment(&self, rule: &TaxRule) -> Treatment {
        match &self.terms.exemption {
            Some(exemption)
                if rule.treatment.is_collected()
                    && (exemption.tax_ids.is_empty() || exemption.tax_ids.contains(&rule.tax_id)) =>
            {
                exemption.treatment
            }
            _ => rule.treatment,
        }
    }

    /// The included taxes among `places` that are collected by `treatment`.
    fn inside(
        &self,
        places: &[usize],
        treatment: impl Fn(&TaxRule) -> Treatment,
    ) -> Result<(Vec<Inside>, Together), MoneyError> {
        let mut found: Vec<Inside> = Vec::new();
        let mut sum = Together { whole: Ratio::ONE, fixed: Ratio::ZERO };
        for place in places {
            let Some(rule) = self.rule(*place).filter(|rule| rule.included) else { continue };
            if !treatment(rule).is_collected() {
                continue;
            }
            let (mut base, mut base_fixed) = (Ratio::ONE, Ratio::ZERO);
            for before in found.iter().filter(|_| rule.affected_by_previous) {
                if self.rule(before.place).is_some_and(|rule| rule.affects_next) {
                    base = base.add(before.of_base)?;
                    base_fixed = base_fixed.add(before.per_thousandth)?;
                }
            }
            let part = |factor: Ratio| Ok::<_, MoneyError>((base.times(factor)?, base_fixed.times(factor)?));
            let (of_base, per_thousandth) = match &rule.kind {
                TaxKind::Percent { rate_ppm } => part(Ratio::new(i128::from(rate_ppm.0), 1_000_000)?)?,
                TaxKind::Withheld { rate_ppm } => part(Ratio::new(-i128::from(rate_ppm.0), 1_000_000)?)?,
                TaxKind::Division { rate_ppm } => {
                    part(Ratio::new(i128::from(rate_ppm.0), 1_000_000 - i128::from(rate_ppm.0))?)?
                }
                TaxKind::PerUnit { amount } => {
                    (Ratio::ZERO, Ratio::new(i128::from(amount.raw()), self.per_thousandth()?)?)
                }
                TaxKind::Group { .. } => continue,
            };
            sum.whole = sum.whole.add(of_base)?;
            sum.fixed = sum.fixed.add(per_thousandth)?;
            found.push(Inside { place: *place, of_base, per_thousandth });
        }
        Ok((found, sum))
    }

    /// How amounts become minor units.
    pub(super) fn rounding(&self) -> crate::RoundingMode {
        self.ready.book.rounding
    }

    /// How many 1/10,000 of the major unit for a whole unit make one minor unit for a thousandth.
    fn per_thousandth(&self) -> Result<i128, MoneyError> {
        let scale = 7_u32.checked_sub(u32::from(self.ready.digits)).ok_or(MoneyError::Overflow)?;
        Ok(10_i128.pow(scale))
    }

    /// The amount of a line, `round(unit price × quantity)`; without the included taxes that the customer does not pay.
    pub(super) fn gross(
        &self,
        set: usize,
        unit_price: UnitPrice,
        quantity: Quantity,
    ) -> Result<Money, MoneyError> {
        let book = &self.ready.book;
        match self.sets.get(set) {
            Some(set) if set.shelf.is_some() => {
                let product = i128::from(unit_price.raw()) * i128::from(quantity.raw());
                let amount = Ratio::new(product, self.per_thousandth()?)?;
                let amount = set.stripped(amount, quantity.raw())?;
                Ok(Money::new(amount.rounded(book.rounding)?, book.currency))
            }
            _ => unit_price.times(quantity, book.currency, self.ready.digits, book.rounding),
        }
    }
}

/// A part of an order that is taxed as one.
pub(super) struct Part {
    /// What is paid for it before taxes on top; holds its included taxes.
    pub(super) net: i64,
    /// How much is sold, for taxes per unit; nothing for the service charge.
    pub(super) thousandths: i64,
    /// Its taxes.
    pub(super) set: usize,
}

/// A tax of one part, before it gets its name.
#[derive(Clone, Copy)]
struct Found {
    place: usize,
    base: i64,
    amount: i64,
}

/// The taxes of every part, in the order of their sequence.
pub(super) fn taxes_of(sets: &TaxSets<'_>, parts: &[Part]) -> Result<Vec<Vec<TaxAmount>>, PricingError> {
    let book = &sets.ready.book;
    let mut found = Vec::with_capacity(parts.len());
    match book.tax_rounding {
        TaxRounding::Line => {
            for part in parts {
                found.append(&mut together(sets, std::slice::from_ref(part))?);
            }
        }
        TaxRounding::Order => found = together(sets, parts)?,
    }
    let name = |found: Found| {
        let rule = sets.rule(found.place)?;
        let money = |minor| Money::new(minor, book.currency);
        Some(TaxAmount {
            tax_id: rule.tax_id,
            name: rule.name.clone(),
            rate_ppm: rule.rate(),
            included: rule.included,
            form: rule.form(),
            treatment: sets.treatment(rule),
            base: money(found.base),
            amount: money(found.amount),
        })
    };
    Ok(found.into_iter().map(|part: Vec<Found>| part.into_iter().filter_map(name).collect()).collect())
}

/// The taxes of parts whose taxes are rounded together; parts of one are a line alone.
fn together(sets: &TaxSets<'_>, parts: &[Part]) -> Result<Vec<Vec<Found>>, MoneyError> {
    let mut bases: Vec<i64> = parts.iter().map(|part| part.net).collect();
    let mut inside: Vec<Vec<(usize, i64)>> = vec![Vec::new(); parts.len()];
    extract_included(sets, parts, &mut bases, &mut inside)?;

    let of_part = |part: &Part| sets.sets.get(part.set).map_or([].as_slice(), |set| &set.places);
    let mut found: Vec<Vec<Found>> =
        parts.iter().map(|part| Vec::with_capacity(of_part(part).len())).collect();
    let mut places: Vec<usize> = parts.iter().flat_map(|part| of_part(part).iter().copied()).collect();
    places.sort_unstable();
    places.dedup();
    for place in places {
        let Some(rule) = sets.rule(place) else { continue };
        let members: Vec<usize> = (0..parts.len())
            .filter(|at| parts.get(*at).is_some_and(|part| of_part(part).contains(&place)))
            .collect();
        let mut own = Vec::with_capacity(members.len());
        for at in &members {
            let base = bases.get(*at).copied().unwrap_or(0);
            let before = found.get(*at).map_or([].as_slice(), Vec::as_slice);
            own.push(base_of(sets, rule, base, before)?);
        }
        let amounts: Vec<i64> = if !sets.treatment(rule).is_collected() {
            vec![0; members.len()]
        } else if rule.included {
            let amount = |at: &usize| inside.get(*at)?.iter().find(|(found, _)| *found == place);
            members.iter().map(|at| amount(at).map_or(0, |(_, amount)| *amount)).collect()
        } else {
            let quantities: Vec<i64> =
                members.iter().map(|at| parts.get(*at).map_or(0, |part| part.thousandths)).collect();
            on_top(sets, rule, &own, &quantities)?
        };
        for ((at, base), amount) in members.iter().zip(own).zip(amounts) {
            if let Some(found) = found.get_mut(*at) {
                found.push(Found { place, base, amount });
            }
        }
    }
    Ok(found)
}

/// What a tax is counted on: the base, and the taxes before that enter it.
fn base_of(sets: &TaxSets<'_>, rule: &TaxRule, base: i64, before: &[Found]) -> Result<i64, MoneyError> {
    let enters = |found: &&Found| {
        let other = sets.rule(found.place);
        rule.affected_by_previous
            && other.is_some_and(|other| other.affects_next && (other.included || !rule.included))
    };
    let amounts = before.iter().filter(enters).map(|found| found.amount);
    amounts.into_iter().try_fold(base, i64::checked_add).ok_or(MoneyError::Overflow)
}

/// Takes included taxes out of what is paid, so that base and taxes sum to it exactly.
///
/// Parts with the same included taxes are one group: `base = (net − fixed amounts) / (1 + all its rates)`, rounded once; the
/// rest is tax, spread over the taxes by their exact amounts and then over the parts.
fn extract_included(
    sets: &TaxSets<'_>,
    parts: &[Part],
    bases: &mut [i64],
    inside: &mut [Vec<(usize, i64)>],
) -> Result<(), MoneyError> {
    let key = |at: usize| -> Vec<usize> {
        let set = parts.get(at).and_then(|part| sets.sets.get(part.set));
        set.map_or_else(Vec::new, |set| set.inside.iter().map(|tax| tax.place).collect())
    };
    let keys: Vec<Vec<usize>> = (0..parts.len()).map(key).collect();
    let mut groups: Vec<&Vec<usize>> = keys.iter().filter(|key| !key.is_empty()).collect();
    groups.sort_unstable();
    groups.dedup();
    for group in groups {
        let members: Vec<usize> = (0..parts.len()).filter(|at| keys.get(*at) == Some(group)).collect();
        let of_members =
            |figure: fn(&Part) -> i64| sum(members.iter().filter_map(|at| parts.get(*at)).map(figure));
        let (net, quantity) = (of_members(|part| part.net)?, of_members(|part| part.thousandths)?);
        let first = members.first().and_then(|at| parts.get(*at)).and_then(|part| sets.sets.get(part.set));
        let Some(set) = first else { continue };
        let amounts = amounts_inside(sets, set, net, quantity)?;
        for (tax, amount) in set.inside.iter().zip(amounts) {
            // Spread by what is left of each part, so that no part pays more tax than it has.
            let left: Vec<i64> =
                members.iter().filter_map(|at| bases.get(*at)).map(|left| (*left).max(0)).collect();
            for (at, amount) in members.iter().zip(allocate(amount, &left)?) {
                if let (Some(base), Some(inside)) = (bases.get_mut(*at), inside.get_mut(*at)) {
                    *base = base.checked_sub(amount).ok_or(MoneyError::Overflow)?;
                    inside.push((tax.place, amount));
                }
            }
        }
    }
    Ok(())
}

/// What each included tax of a group comes to; the rest of `net` is the base.
fn amounts_inside(
    sets: &TaxSets<'_>,
    set: &TaxSet,
    net: i64,
    thousandths: i64,
) -> Result<Vec<i64>, MoneyError> {
    let mode = sets.ready.book.rounding;
    let quantity = Ratio::whole(thousandths);
    let fixed = set.together.fixed.times(quantity)?;
    let exact = Ratio::whole(net).sub(fixed)?.over(set.together.whole)?;
    // Fixed amounts above what is paid take all of it, and no more.
    let exact = if exact.is_negative() { Ratio::ZERO } else { exact };
    let taxes = net.checked_sub(exact.rounded(mode)?).ok_or(MoneyError::Overflow)?;
    let amount = |tax: &Inside| exact.times(tax.of_base)?.add(tax.per_thousandth.times(quantity)?);
    if set.inside.iter().any(|tax| tax.of_base.is_negative()) {
        return with_withheld(set.inside.iter().map(amount), taxes, sets);
    }
    // Rates to 10⁻¹² of the base; with fixed amounts the amounts themselves, to 10⁻⁶ of a minor unit.
    let weights: Result<Vec<i64>, MoneyError> = if fixed.is_zero() {
        set.inside.iter().map(|tax| tax.of_base.scaled(1_000_000_000_000)).collect()
    } else {
        set.inside.iter().map(|tax| amount(tax)?.scaled(1_000_000)).collect()
    };
    let weights = weights?;
    if weights.iter().all(|weight| *weight == 0) {
        return Ok(vec![0; weights.len()]);
    }
    allocate(taxes, &weights)
}

/// Where some taxes are withheld, parts cannot be spread by weight: each is rounded, and the largest takes the rest.
fn with_withheld(
    exact: impl Iterator<Item = Result<Ratio, MoneyError>>,
    taxes: i64,
    sets: &TaxSets<'_>,
) -> Result<Vec<i64>, MoneyError> {
    let mode = sets.ready.book.rounding;
    let rounded: Result<Vec<i64>, MoneyError> = exact.map(|exact| exact?.rounded(mode)).collect();
    let mut rounded = rounded?;
    let rest = taxes.checked_sub(sum(rounded.iter().copied())?).ok_or(MoneyError::Overflow)?;
    let largest = rounded.iter_mut().rev().max_by_key(|amount| amount.unsigned_abs());
    if let Some(largest) = largest {
        *largest = largest.checked_add(rest).ok_or(MoneyError::Overflow)?;
    }
    Ok(rounded)
}

/// A tax on top of the bases of its parts, rounded once and spread over them.
fn on_top(
    sets: &TaxSets<'_>,
    rule: &TaxRule,
    bases: &[i64],
    thousandths: &[i64],
) -> Result<Vec<i64>, MoneyError> {
    let mode = sets.ready.book.rounding;
    let base = i128::from(sum(bases.iter().copied())?);
    let amount = match &rule.kind {
        TaxKind::Percent { rate_ppm } => divide_rounded(base * i128::from(rate_ppm.0), 1_000_000, mode)?,
        TaxKind::Withheld { rate_ppm } => divide_rounded(-base * i128::from(rate_ppm.0), 1_000_000, mode)?,
        TaxKind::Division { rate_ppm } => {
            let rate = i128::from(rate_ppm.0);
            divide_rounded(base * rate, 1_000_000 - rate, mode)?
        }
        TaxKind::PerUnit { amount } => {
            let product = i128::from(amount.raw()) * i128::from(sum(thousandths.iter().copied())?);
            divide_rounded(product, sets.per_thousandth()?, mode)?
        }
        TaxKind::Group { .. } => 0,
    };
    match (bases, &rule.kind) {
        ([_], _) => Ok(vec![amount]),
        (_, TaxKind::PerUnit { .. }) => allocate(amount, thousandths),
        _ => allocate(amount, &bases.iter().map(|base| (*base).max(0)).collect::<Vec<_>>()),
    }
}

fn sum(figures: impl IntoIterator<Item = i64>) -> Result<i64, MoneyError> {
    figures.into_iter().try_fold(0_i64, i64::checked_add).ok_or(MoneyError::Overflow)
}
