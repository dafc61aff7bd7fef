//! What is given back, by means: never more than was captured, and cash in the coins that there are.

use shared::money::{Money, MoneyError, RoundingMode};
use shared::order::{Tender, TenderKind};
use shared::pricing::{CashRounding, round_cash};

use super::is_cash;
use crate::context::{CommandError, Done};
use crate::views::Code;

/// What a refund comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Due {
    /// The sum of its lines.
    pub(super) total: Money,
    /// Rounding of cash: `amount − total`.
    pub(super) cash_rounding: Money,
    /// What is given back.
    pub(super) amount: Money,
    /// Whether cash is given back for what was paid by other means.
    pub(super) stands_in: bool,
}

impl Due {
    fn of(total: Money, amount: Money) -> Result<Self, MoneyError> {
        Ok(Self { total, cash_rounding: amount.sub(total)?, amount, stands_in: false })
    }
}

/// How an order was paid.
#[derive(Debug, Clone, Copy)]
pub(super) struct Paid<'a> {
    /// What was due before cash rounding.
    pub(super) total: Money,
    /// By which means.
    pub(super) tenders: &'a [Tender],
}

/// What was given back of an order before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Given {
    /// By which means.
    pub(super) by: TenderKind,
    /// The sum of the lines.
    pub(super) total: Money,
    /// What was given back.
    pub(super) amount: Money,
}

/// What giving back `total` of an order comes to, after the refunds `before`.
///
/// A card or code gives back at most what was paid by it; cash may stand in for any of them, so that mixed tenders never
/// leave a line that nobody can give back. All refunds together stay within what was captured. Cash is rounded over all
/// cash refunds of the order together: in whatever steps it comes back, the parts sum to the rounded whole. Where rounding
/// up would leave less than what may still go back to a card, cash is rounded down instead.
///
/// # Errors
/// `refund_too_much`.
pub(super) fn linked(
    paid: Paid<'_>,
    before: &[Given],
    total: Money,
    by: TenderKind,
    rounding: Option<&CashRounding>,
) -> Done<Due> {
    let currency = paid.total.currency();
    let captured = Money::sum(currency, paid.tenders.iter().map(|tender| tender.amount))?;
    let left = captured.sub(Money::sum(currency, before.iter().map(|given| given.amount))?)?;
    if !is_cash(by) {
        let left = lower(left, left_by(paid, before, by)?);
        return if total.minor() <= left.minor() {
            Ok(Due::of(total, total)?)
        } else {
            Err(too_much(left, by))
        };
    }
    let mut others = Money::zero(currency);
    for kind in [TenderKind::Card, TenderKind::Qris, TenderKind::VietQr] {
        others = others.add(left_by(paid, before, kind)?)?;
    }
    let lines_before = Money::sum(currency, before.iter().map(|given| given.total))?;
    let lines_left = paid.total.sub(lines_before)?.sub(total)?;
    let most = left.sub(lower(lines_left, others))?;
    let rounded = rounded(before, total, rounding)?;
    let amount = match rounding {
        _ if rounded.minor() <= most.minor() => rounded,
        Some(rule) => round_cash(most, Some(&CashRounding { mode: RoundingMode::Down, ..*rule }))?,
        None => most,
    };
    let amount = if amount.is_negative() { Money::zero(currency) } else { amount };
    let stands_in = amount.minor() > left_by(paid, before, by)?.minor();
    Ok(Due { stands_in, ..Due::of(total, amount)? })
}

fn too_much(left: Money, by: TenderKind) -> CommandError {
    CommandError::new(Code::RefundTooMuch, format!("only {left} can still be given back by {by:?}"))
}

fn lower(a: Money, b: Money) -> Money {
    if a.minor() <= b.minor() { a } else { b }
}

/// What one means took and has not given back; never below nothing.
fn left_by(paid: Paid<'_>, before: &[Given], by: TenderKind) -> Result<Money, MoneyError> {
    let currency = paid.total.currency();
    let taken = paid.tenders.iter().filter(|tender| tender.kind == by).map(|tender| tender.amount);
    let given = before.iter().filter(|given| given.by == by).map(|given| given.amount);
    let left = Money::sum(currency, taken)?.sub(Money::sum(currency, given)?)?;
    Ok(if left.is_negative() { Money::zero(currency) } else { left })
}

/// Cash for `total` by the rule: over all cash of the order together, unless coins of another rule were given before.
fn rounded(before: &[Given], total: Money, rounding: Option<&CashRounding>) -> Result<Money, MoneyError> {
    let cash = before.iter().filter(|given| is_cash(given.by));
    let amount = Money::sum(total.currency(), cash.clone().map(|given| given.amount))?;
    let whole_steps = rounding.is_none_or(|rule| amount.minor().checked_rem(rule.increment) == Some(0));
    if !whole_steps {
        return round_cash(total, rounding);
    }
    let lines = Money::sum(total.currency(), cash.map(|given| given.total))?;
    round_cash(lines.add(total)?, rounding)?.sub(amount)
}

/// What giving back `total` without a receipt comes to.
///
/// # Errors
/// An overflow.
pub(super) fn loose(total: Money, by: TenderKind, rounding: Option<&CashRounding>) -> Done<Due> {
    Ok(Due::of(total, if is_cash(by) { round_cash(total, rounding)? } else { total })?)
}

#[cfg(test)]
mod tests;
