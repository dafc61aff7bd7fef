//! Taxes of the parts of an order: its lines and, as one more part, its service charge.

use super::{PriceRules, PricingError, Tax, TaxAmount, TaxRounding, allocate};
use crate::ids::TaxId;
use crate::money::{Money, MoneyError, RoundingMode, divide_rounded};

/// A part of an order that is taxed as one.
pub(super) struct Part {
    /// What is paid for it before taxes on top; holds its included taxes.
    pub(super) net: i64,
    /// Its taxes as places in the rules, ascending.
    taxes: Vec<usize>,
}

impl Part {
    /// A part with the taxes named; a tax named twice applies once.
    pub(super) fn new(rules: &PriceRules, net: Money, tax_ids: &[TaxId]) -> Result<Self, PricingError> {
        let place = |tax_id: &TaxId| rules.taxes.iter().position(|tax| tax.tax_id == *tax_id);
        let places = tax_ids.iter().map(|tax_id| place(tax_id).ok_or(PricingError::UnknownTax(*tax_id)));
        let mut taxes = places.collect::<Result<Vec<_>, _>>()?;
        taxes.sort_unstable();
        taxes.dedup();
        Ok(Self { net: net.minor(), taxes })
    }
}

/// A tax of one part, before it gets its name.
#[derive(Clone, Copy)]
struct Found {
    place: usize,
    base: i64,
    amount: i64,
}

/// The taxes of every part, in the order of the rules.
pub(super) fn taxes_of(rules: &PriceRules, parts: &[Part]) -> Result<Vec<Vec<TaxAmount>>, PricingError> {
    let found = match rules.tax_rounding {
        TaxRounding::Line => {
            let alone = parts.iter().map(|part| together(rules, std::slice::from_ref(part)));
            alone.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect()
        }
        TaxRounding::Order => together(rules, parts)?,
    };
    let name = |found: Found| {
        let tax = rules.taxes.get(found.place)?;
        let money = |minor| Money::new(minor, rules.currency);
        Some(TaxAmount {
            tax_id: tax.tax_id,
            name: tax.name.clone(),
            rate_ppm: tax.rate_ppm,
            included: tax.included,
            base: money(found.base),
            amount: money(found.amount),
        })
    };
    Ok(found.into_iter().map(|part: Vec<Found>| part.into_iter().filter_map(name).collect()).collect())
}

/// The taxes of parts whose taxes are rounded together; parts of one are a line alone.
fn together(rules: &PriceRules, parts: &[Part]) -> Result<Vec<Vec<Found>>, MoneyError> {
    let mut bases: Vec<i64> = parts.iter().map(|part| part.net).collect();
    let mut found: Vec<Vec<Found>> = parts.iter().map(|part| Vec::with_capacity(part.taxes.len())).collect();
    extract_included(rules, parts, &mut bases, &mut found)?;
    for (place, tax) in rules.taxes.iter().enumerate().filter(|(_, tax)| !tax.included) {
        add_on_top(parts, place, tax, rules.rounding, &bases, &mut found)?;
    }
    for (part, base) in found.iter_mut().zip(&bases) {
        part.sort_unstable_by_key(|tax| tax.place);
        part.iter_mut().for_each(|tax| tax.base = *base);
    }
    Ok(found)
}

/// Takes included taxes out of what is paid, so that base and taxes sum to it exactly.
///
/// Parts with the same included taxes are one group: `base = net / (1 + all its rates)`, rounded once; the rest is tax,
/// spread over the taxes by their rates and then over the parts.
fn extract_included(
    rules: &PriceRules,
    parts: &[Part],
    bases: &mut [i64],
    found: &mut [Vec<Found>],
) -> Result<(), MoneyError> {
    let included = |part: &Part| -> Vec<usize> {
        let is_included = |place: &usize| rules.taxes.get(*place).is_some_and(|tax| tax.included);
        part.taxes.iter().copied().filter(is_included).collect()
    };
    let sets: Vec<Vec<usize>> = parts.iter().map(included).collect();
    let mut groups: Vec<&Vec<usize>> = sets.iter().filter(|set| !set.is_empty()).collect();
    groups.sort_unstable();
    groups.dedup();
    for group in groups {
        let members: Vec<usize> = (0..parts.len()).filter(|at| sets.get(*at) == Some(group)).collect();
        let net = sum(members.iter().filter_map(|at| bases.get(*at)))?;
        let rates: Vec<i64> = group.iter().filter_map(|place| rate(rules.taxes.get(*place))).collect();
        let whole = 1_000_000 + i128::from(sum(&rates)?);
        let base = divide_rounded(i128::from(net) * 1_000_000, whole, rules.rounding)?;
        let amounts = if rates.iter().all(|rate| *rate == 0) {
            vec![0; rates.len()]
        } else {
            allocate(net.checked_sub(base).ok_or(MoneyError::Overflow)?, &rates)?
        };
        for (place, amount) in group.iter().zip(amounts) {
            // Spread by what is left of each part, so that no part pays more tax than it has.
            let left: Vec<i64> = members.iter().filter_map(|at| bases.get(*at)).copied().collect();
            for (at, amount) in members.iter().zip(allocate(amount, &left)?) {
                if let (Some(base), Some(found)) = (bases.get_mut(*at), found.get_mut(*at)) {
                    *base = base.checked_sub(amount).ok_or(MoneyError::Overflow)?;
                    found.push(Found { place: *place, base: 0, amount });
                }
            }
        }
    }
    Ok(())
}

/// Puts a tax on top of the bases of its parts, rounded once and spread over them.
fn add_on_top(
    parts: &[Part],
    place: usize,
    tax: &Tax,
    mode: RoundingMode,
    bases: &[i64],
    found: &mut [Vec<Found>],
) -> Result<(), MoneyError> {
    let members: Vec<usize> =
        parts.iter().enumerate().filter(|(_, part)| part.taxes.contains(&place)).map(|(at, _)| at).collect();
    let weights: Vec<i64> = members.iter().filter_map(|at| bases.get(*at)).copied().collect();
    let product = i128::from(sum(&weights)?) * i128::from(tax.rate_ppm.0);
    let amount = divide_rounded(product, 1_000_000, mode)?;
    for (at, amount) in members.iter().zip(allocate(amount, &weights)?) {
        if let Some(found) = found.get_mut(*at) {
            found.push(Found { place, base: 0, amount });
        }
    }
    Ok(())
}

fn rate(tax: Option<&Tax>) -> Option<i64> {
    tax.map(|tax| i64::from(tax.rate_ppm.0))
}

fn sum<'a>(figures: impl IntoIterator<Item = &'a i64>) -> Result<i64, MoneyError> {
    let sum = figures.into_iter().try_fold(0_i64, |sum, figure| sum.checked_add(*figure));
    sum.ok_or(MoneyError::Overflow)
}
