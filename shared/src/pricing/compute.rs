//! The computation, in the order stated in the parent module.
//!
//! 1. `gross = round(unit price × quantity)`; the line discount comes off it.
//! 2. The order discount, a part of what is left of all lines or an amount, is spread over them by largest remainder:
//!    what stays of a line is its `net`, with the taxes that its price includes.
//! 3. The service charge is its rate of all nets, *as shown to the guest*, included taxes in them. An included tax
//!    that applies to the charge is inside the charge as it is inside the prices: the guest pays the same as if goods and
//!    charge had been counted without tax and taxed afterwards.
//! 4. Included taxes are taken out: `base = net / (1 + Σ rates)`, rounded; the rest is tax, so base and taxes sum to the
//!    net exactly. Taxes that are not included come on top of that base, also where a line has both kinds. They are
//!    rounded per line (the service charge being one more), or once per tax on the order and then spread.
//! 5. `total = Σ net + service charge + taxes on top`. A line's share of it is its own net and taxes on top, and its part
//!    of the service charge with its taxes, spread by net.

use super::taxes::{Part, taxes_of};
use super::{
    Discount, PriceLine, PriceRules, PricedLine, PricedOrder, PricingError, ServiceCharge, TaxAmount,
    allocate,
};
use crate::money::{Money, MoneyError, Rate, RoundingMode};

/// Computes an order from its lines.
///
/// # Errors
/// See [`PricingError`]; every input gives a result or a named error.
pub fn price(
    rules: &PriceRules,
    lines: &[PriceLine],
    order_discount: Option<Discount>,
) -> Result<PricedOrder, PricingError> {
    check_rules(rules)?;
    let money = |minor: i64| Money::new(minor, rules.currency);
    let total_of = |amounts: &mut dyn Iterator<Item = Money>| Money::sum(rules.currency, amounts);

    let discounted = lines.iter().map(|line| discount_line(rules, line)).collect::<Result<Vec<_>, _>>()?;
    let subtotal = total_of(&mut discounted.iter().map(|line| line.gross))?;
    let left = total_of(&mut discounted.iter().map(|line| line.left))?;
    let given = discount_of(order_discount, left, rules.rounding)?;
    let weights: Vec<i64> = discounted.iter().map(|line| line.left.minor()).collect();
    let spread = allocate(given.minor(), &weights)?;

    let mut parts = Vec::with_capacity(lines.len() + 1);
    for ((line, discounted), share) in lines.iter().zip(&discounted).zip(&spread) {
        parts.push(Part::new(rules, discounted.left.sub(money(*share))?, &line.tax_ids)?);
    }
    let nets: Vec<i64> = parts.iter().map(|part| part.net).collect();
    let net = left.sub(given)?;
    let (service_charge, charged) = match &rules.service_charge {
        Some(ServiceCharge { rate_ppm, tax_ids }) => (rate_ppm.of(net, rules.rounding)?, tax_ids.as_slice()),
        None => (money(0), [].as_slice()),
    };
    // A charge of nothing leaves no trace in the taxes.
    let charged = if service_charge.is_zero() { [].as_slice() } else { charged };
    parts.push(Part::new(rules, service_charge, charged)?);

    let mut taxes = taxes_of(rules, &parts)?;
    let charge_taxes = taxes.pop().unwrap_or_default();
    let charge = service_charge.add(on_top(rules, &charge_taxes)?)?;
    let charge_shares = allocate(charge.minor(), &nets)?;
    let charge_tax_shares = allocate(sum(rules, &charge_taxes)?.minor(), &nets)?;

    let mut priced = Vec::with_capacity(lines.len());
    for (at, ((line, discounted), taxes)) in lines.iter().zip(&discounted).zip(taxes).enumerate() {
        let at = |figures: &[i64]| money(figures.get(at).copied().unwrap_or(0));
        let tax = sum(rules, &taxes)?;
        priced.push(PricedLine {
            line_id: line.line_id,
            gross: discounted.gross,
            line_discount: discounted.discount,
            order_discount: at(&spread),
            net: at(&nets),
            tax,
            share: at(&nets).add(on_top(rules, &taxes)?)?.add(at(&charge_shares))?,
            tax_share: tax.add(at(&charge_tax_shares))?,
            taxes,
        });
    }

    let taxes = by_tax(rules, priced.iter().flat_map(|line| &line.taxes).chain(&charge_taxes))?;
    Ok(PricedOrder {
        subtotal,
        discount_total: subtotal.sub(net)?,
        service_charge,
        tax_total: sum(rules, &taxes)?,
        total: net.add(service_charge)?.add(on_top(rules, &taxes)?)?,
        taxes,
        lines: priced,
    })
}

fn check_rules(rules: &PriceRules) -> Result<(), PricingError> {
    if rules.digits > 4 {
        return Err(PricingError::Rules("a currency has at most 4 decimals"));
    }
    if rules.cash_rounding.is_some_and(|rule| rule.increment <= 0) {
        return Err(PricingError::Rules("the step of cash rounding must be above zero"));
    }
    let twice = |(at, tax): (usize, &super::Tax)| rules.taxes.iter().take(at).any(|t| t.tax_id == tax.tax_id);
    if rules.taxes.iter().enumerate().any(twice) {
        return Err(PricingError::Rules("a tax stands twice"));
    }
    let known = |tax_id: &&crate::ids::TaxId| rules.taxes.iter().any(|tax| tax.tax_id == **tax_id);
    let mut charged = rules.service_charge.iter().flat_map(|charge| &charge.tax_ids);
    if let Some(unknown) = charged.find(|tax_id| !known(tax_id)) {
        return Err(PricingError::UnknownTax(*unknown));
    }
    Ok(())
}

/// A line's amount, its own discount, and what is left.
struct Discounted {
    gross: Money,
    discount: Money,
    left: Money,
}

fn discount_line(rules: &PriceRules, line: &PriceLine) -> Result<Discounted, PricingError> {
    if !line.quantity.is_positive() {
        return Err(PricingError::Quantity(line.line_id));
    }
    if line.unit_price.raw() < 0 {
        return Err(PricingError::NegativePrice(line.line_id));
    }
    let gross = line.unit_price.times(line.quantity, rules.currency, rules.digits, rules.rounding)?;
    let discount = discount_of(line.discount, gross, rules.rounding)?;
    Ok(Discounted { gross, discount, left: gross.sub(discount)? })
}

/// What a discount takes off `amount`: never less than nothing, never more than all of it.
fn discount_of(discount: Option<Discount>, amount: Money, mode: RoundingMode) -> Result<Money, PricingError> {
    match discount {
        None => Ok(Money::zero(amount.currency())),
        Some(Discount::Percent(rate)) if rate > Rate::WHOLE => Err(PricingError::Discount),
        Some(Discount::Percent(rate)) => Ok(rate.of(amount, mode)?),
        Some(Discount::Amount(fixed)) if fixed.is_negative() || amount.sub(fixed)?.is_negative() => {
            Err(PricingError::Discount)
        }
        Some(Discount::Amount(fixed)) => Ok(fixed),
    }
}

fn sum(rules: &PriceRules, taxes: &[TaxAmount]) -> Result<Money, MoneyError> {
    Money::sum(rules.currency, taxes.iter().map(|tax| tax.amount))
}

/// The taxes that are not in the prices.
fn on_top(rules: &PriceRules, taxes: &[TaxAmount]) -> Result<Money, MoneyError> {
    Money::sum(rules.currency, taxes.iter().filter(|tax| !tax.included).map(|tax| tax.amount))
}

/// The taxes of an order by tax, in the order of the rules; a zero-rated tax stands with its base, an exempt line nowhere.
fn by_tax<'a>(
    rules: &PriceRules,
    taxes: impl Iterator<Item = &'a TaxAmount> + Clone,
) -> Result<Vec<TaxAmount>, MoneyError> {
    let mut sums = Vec::with_capacity(rules.taxes.len());
    for tax in &rules.taxes {
        let mut of_tax = taxes.clone().filter(|amount| amount.tax_id == tax.tax_id);
        let Some(first) = of_tax.next().cloned() else { continue };
        let add = |sum: TaxAmount, next: &TaxAmount| -> Result<TaxAmount, MoneyError> {
            Ok(TaxAmount { base: sum.base.add(next.base)?, amount: sum.amount.add(next.amount)?, ..sum })
        };
        sums.push(of_tax.try_fold(first, add)?);
    }
    Ok(sums)
}

#[cfg(test)]
mod tests;
