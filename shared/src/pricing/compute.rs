//! The computation, in the order stated in the parent module.
//!
//! 1. The unit price is the item's own, a price list's, or the one given at the till, with the line's choices.
//!    `gross = round(unit price × quantity)`; a customer who is exempt from a tax in the price pays the price without it,
//!    rounded once with the line. The line discount comes off the gross.
//! 2. Promotions come off what is left (`promotion.rs` says in which order).
//! 3. The order discount, a part of what is left of all lines or an amount, is spread over them by largest remainder:
//!    what stays of a line is its `net`, with the taxes that its price includes.
//! 4. The service charge is its rate of all nets, *as shown to the guest*, included taxes in them (or of all gross, where
//!    the outlet charges before discounts). An included tax that applies to the charge is inside the charge as it is
//!    inside the prices: the guest pays the same as if goods and charge had been counted without tax and taxed afterwards.
//! 5. Included taxes are taken out: `base = net / (1 + Σ rates)`, rounded; the rest is tax, so base and taxes sum to the
//!    net exactly. Taxes that are not included come on top of that base, also where a line has both kinds. They are
//!    rounded per line (the service charge being one more), or once per tax on the order and then spread.
//! 6. `total = Σ net + service charge + taxes on top`, less an order discount that comes off after tax. A line's share of
//!    it is its own net and taxes on top, and its part of the service charge with its taxes, spread by net.
//!
//! Lines are taken by their ids, wherever equal parts leave a unit over: the order in which they were rung up changes
//! nothing.

use super::book::{DiscountTiming, ReadyBook, ServiceBase};
use super::promotion::{Granted, resolve};
use super::sale::{ListedPrice, by_line_id};
use super::taxes::{Part, TaxSets, taxes_of};
use super::{
    Computed, Discount, PriceLine, PriceRules, PricedLine, PricedOrder, PricingError, Sale, SaleLine,
    SaleTerms, TaxAmount, allocate,
};
use crate::clock::LocalTime;
use crate::ids::{ItemId, VariantId};
use crate::money::{Money, MoneyError, Quantity, Rate, RoundingMode, UnitPrice};

/// Computes an order from its lines by the rules of an outlet alone.
///
/// # Errors
/// See [`PricingError`]; every input gives a result or a named error.
pub fn price(
    rules: &PriceRules,
    lines: &[PriceLine],
    order_discount: Option<Discount>,
) -> Result<PricedOrder, PricingError> {
    let ready = ReadyBook::plain(rules, 0)?;
    let lines: Vec<SaleLine> = lines.iter().cloned().map(SaleLine::plain).collect();
    let sale = Sale { lines: &lines, order_discount, terms: &SaleTerms::default() };
    ready.price(&sale).map(|computed| computed.order)
}

impl ReadyBook {
    /// Computes an order from its lines by this book.
    ///
    /// # Errors
    /// See [`PricingError`]; every input gives a result or a named error.
    pub fn price(&self, sale: &Sale<'_>) -> Result<Computed, PricingError> {
        let order = by_line_id(sale.lines);
        if order.windows(2).all(|two| two.first() < two.last()) {
            return compute(self, sale);
        }
        let sorted: Vec<SaleLine> = order.iter().filter_map(|at| sale.lines.get(*at)).cloned().collect();
        let mut computed = compute(self, &Sale { lines: &sorted, ..*sale })?;
        let mut lines: Vec<(usize, PricedLine)> = order.into_iter().zip(computed.order.lines).collect();
        lines.sort_by_key(|(at, _)| *at);
        computed.order.lines = lines.into_iter().map(|(_, line)| line).collect();
        Ok(computed)
    }
}

/// Computes an order whose lines stand by their ids.
fn compute(ready: &ReadyBook, sale: &Sale<'_>) -> Result<Computed, PricingError> {
    let book = &ready.book;
    let money = |minor: i64| Money::new(minor, book.currency);
    let total_of = |amounts: &mut dyn Iterator<Item = Money>| Money::sum(book.currency, amounts);
    let mut sets = TaxSets::new(ready, sale.terms);

    // Only schedules look at the clock, and finding a zone takes time.
    let local = if book.is_timed() {
        sale.terms.at.local(&sale.terms.zone)
    } else {
        LocalTime { weekday: 1, minute: 0, month_day: 101 }
    };
    let listed = listed(ready, sale, local)?;
    let mut discounted = Vec::with_capacity(sale.lines.len());
    let mut of_lines = Vec::with_capacity(sale.lines.len());
    for (line, listed) in sale.lines.iter().zip(&listed) {
        let set = sets.of(&line.price.tax_ids)?;
        of_lines.push(set);
        discounted.push(discount_line(&sets, set, &line.price, listed.as_ref())?);
    }
    let subtotal = total_of(&mut discounted.iter().map(|line| line.gross))?;
    let mut lefts: Vec<i64> = discounted.iter().map(|line| line.left.minor()).collect();
    let mut granted = Granted::default();
    if !book.promotions.is_empty() || !sale.terms.coupons.is_empty() {
        granted = resolve(ready, sale.lines, &lefts, sale.terms, local)?;
        for (left, amount) in lefts.iter_mut().zip(&granted.amounts) {
            *left -= amount;
        }
    }

    let left = total_of(&mut lefts.iter().copied().map(money))?;
    let before_tax = book.discount_timing == DiscountTiming::BeforeTax;
    let given = discount_of(sale.order_discount.filter(|_| before_tax), left, book.rounding)?;
    let spread = allocate(given.minor(), &lefts)?;
    let nets: Vec<i64> = lefts.iter().zip(&spread).map(|(left, share)| left - share).collect();
    let net = left.sub(given)?;

    let charge_rule = book
        .service_charge
        .as_ref()
        .filter(|charge| charge.channels.is_empty() || charge.channels.contains(&sale.terms.channel));
    let (service_charge, charged, weights) = match charge_rule {
        Some(charge) if charge.base == ServiceBase::BeforeDiscount => {
            let gross = discounted.iter().map(|line| line.gross.minor()).collect();
            (charge.rate_ppm.of(subtotal, book.rounding)?, charge.tax_ids.as_slice(), gross)
        }
        Some(charge) => (charge.rate_ppm.of(net, book.rounding)?, charge.tax_ids.as_slice(), nets.clone()),
        None => (money(0), [].as_slice(), nets.clone()),
    };
    // A charge of nothing leaves no trace in the taxes.
    let charged = if service_charge.is_zero() { [].as_slice() } else { charged };
    let charge_set = sets.of(charged)?;

    let mut parts = Vec::with_capacity(sale.lines.len() + 1);
    for ((line, net), set) in sale.lines.iter().zip(&nets).zip(of_lines) {
        parts.push(Part { net: *net, thousandths: line.price.quantity.raw(), set });
    }
    parts.push(Part { net: service_charge.minor(), thousandths: 0, set: charge_set });
    let mut taxes = taxes_of(&sets, &parts)?;
    let charge_taxes = taxes.pop().unwrap_or_default();
    let charge = service_charge.add(on_top(book.currency, &charge_taxes)?)?;
    let charge_shares = allocate(charge.minor(), &weights)?;
    let charge_tax_shares = allocate(sum(book.currency, &charge_taxes)?.minor(), &weights)?;

    let mut priced = Vec::with_capacity(sale.lines.len());
    let mut applied = granted.applied.into_iter();
    for (at, (((line, discounted), taxes), listed)) in
        sale.lines.iter().zip(&discounted).zip(taxes).zip(listed).enumerate()
    {
        let at = |figures: &[i64]| money(figures.get(at).copied().unwrap_or(0));
        let tax = sum(book.currency, &taxes)?;
        priced.push(PricedLine {
            line_id: line.price.line_id,
            gross: discounted.gross,
            line_discount: discounted.discount,
            order_discount: at(&spread),
            promotions: applied.next().unwrap_or_default(),
            listed,
            after_tax_discount: None,
            net: at(&nets),
            tax,
            share: at(&nets).add(on_top(book.currency, &taxes)?)?.add(at(&charge_shares))?,
            tax_share: tax.add(at(&charge_tax_shares))?,
            taxes,
        });
    }

    let taxes = by_tax(ready, priced.iter().flat_map(|line| &line.taxes).chain(&charge_taxes))?;
    let mut order = PricedOrder {
        subtotal,
        discount_total: subtotal.sub(net)?,
        service_charge,
        tax_total: sum(book.currency, &taxes)?,
        total: net.add(service_charge)?.add(on_top(book.currency, &taxes)?)?,
        taxes,
        lines: priced,
    };
    if !before_tax && sale.order_discount.is_some() {
        after_tax(&mut order, sale.order_discount, book.rounding)?;
    }
    let (withheld, uses, idle_coupons) = (granted.withheld, granted.uses, granted.idle_coupons);
    Ok(Computed { order, withheld, idle_coupons, uses })
}

/// Takes a discount off the total; taxes and service stay.
fn after_tax(
    order: &mut PricedOrder,
    discount: Option<Discount>,
    mode: RoundingMode,
) -> Result<(), PricingError> {
    let given = discount_of(discount, order.total, mode)?;
    let shares: Vec<i64> = order.lines.iter().map(|line| line.share.minor().max(0)).collect();
    for (line, amount) in order.lines.iter_mut().zip(allocate(given.minor(), &shares)?) {
        let amount = Money::new(amount, given.currency());
        line.after_tax_discount = Some(amount);
        line.share = line.share.sub(amount)?;
    }
    order.discount_total = order.discount_total.add(given)?;
    order.total = order.total.sub(given)?;
    Ok(())
}

/// The price list's price of every line that may have one; quantities of the same goods count together.
fn listed(
    ready: &ReadyBook,
    sale: &Sale<'_>,
    local: LocalTime,
) -> Result<Vec<Option<ListedPrice>>, PricingError> {
    if ready.book.price_lists.is_empty() {
        return Ok(vec![None; sale.lines.len()]);
    }
    let goods = |line: &SaleLine| line.item_id.map(|item_id| (item_id, line.variant_id));
    let mut quantities: std::collections::HashMap<(ItemId, Option<VariantId>), Quantity> =
        std::collections::HashMap::new();
    for line in sale.lines {
        if let Some(goods) = goods(line) {
            let sum = quantities.entry(goods).or_default();
            *sum = sum.add(line.price.quantity)?;
        }
    }
    let of_line = |line: &SaleLine| -> Result<Option<ListedPrice>, PricingError> {
        let (Some(goods), Some(own)) = (goods(line), line.own_price) else { return Ok(None) };
        let quantity = quantities.get(&goods).copied().unwrap_or(line.price.quantity);
        let Some(mut listed) = ready.listed(goods, quantity, sale.terms, local) else { return Ok(None) };
        let choices = line.price.unit_price.sub(own)?;
        listed.unit_price = listed.unit_price.add(choices)?;
        Ok(Some(listed))
    };
    sale.lines.iter().map(of_line).collect()
}

/// A line's amount, its own discount, and what is left.
struct Discounted {
    gross: Money,
    discount: Money,
    left: Money,
}

fn discount_line(
    sets: &TaxSets<'_>,
    set: usize,
    line: &PriceLine,
    listed: Option<&ListedPrice>,
) -> Result<Discounted, PricingError> {
    if !line.quantity.is_positive() {
        return Err(PricingError::Quantity(line.line_id));
    }
    let unit_price: UnitPrice = listed.map_or(line.unit_price, |listed| listed.unit_price);
    if unit_price.raw() < 0 {
        return Err(PricingError::NegativePrice(line.line_id));
    }
    let gross = sets.gross(set, unit_price, line.quantity)?;
    let discount = discount_of(line.discount, gross, sets.rounding())?;
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

fn sum(currency: crate::CurrencyCode, taxes: &[TaxAmount]) -> Result<Money, MoneyError> {
    Money::sum(currency, taxes.iter().map(|tax| tax.amount))
}

/// The taxes that are not in the prices.
fn on_top(currency: crate::CurrencyCode, taxes: &[TaxAmount]) -> Result<Money, MoneyError> {
    Money::sum(currency, taxes.iter().filter(|tax| !tax.included).map(|tax| tax.amount))
}

/// The taxes of an order by tax, in the order of their sequence; a zero-rated tax stands with its base, an exempt line
/// without a tax nowhere.
fn by_tax<'a>(
    ready: &ReadyBook,
    taxes: impl Iterator<Item = &'a TaxAmount> + Clone,
) -> Result<Vec<TaxAmount>, MoneyError> {
    let mut sums = Vec::with_capacity(ready.taxes.len());
    for tax in &ready.taxes {
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
