//! What is given back, by means: cash is rounded as it was when it was taken, and no means gives back more than it took.

use shared::money::Money;
use shared::order::{Order, TenderKind};
use shared::pricing::{CashRounding, round_cash};

use super::is_cash;
use crate::context::{CommandError, Done};
use crate::store::refunds::RefundRow;
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
}

/// What giving back `total` of an order comes to, after the refunds `before`.
///
/// Cash is rounded over all cash refunds of the order together, so that in whatever steps all of it comes back, their sum
/// is the rounded sum; what was taken in cash is the bound.
///
/// # Errors
/// `refund_too_much`.
pub(super) fn linked(
    order: &Order,
    before: &[RefundRow],
    total: Money,
    by: TenderKind,
    rounding: Option<&CashRounding>,
) -> Done<Due> {
    let currency = order.currency;
    let too_much = |left: Money| {
        let message = format!("only {left} can still be given back by {by:?}");
        CommandError::new(Code::RefundTooMuch, message)
    };
    let taken = order.tenders.iter().filter(|tender| tender.kind == by).map(|tender| tender.amount);
    let given = before.iter().filter(|refund| refund.tender == by);
    let given_amount = Money::sum(currency, given.clone().map(|refund| refund.amount))?;
    let left = Money::sum(currency, taken)?.sub(given_amount)?;
    if !is_cash(by) {
        let fits = total.minor() <= left.minor();
        let due = Due { total, cash_rounding: Money::zero(currency), amount: total };
        return if fits { Ok(due) } else { Err(too_much(left)) };
    }
    let given_total = Money::sum(currency, given.map(|refund| refund.total))?;
    let rounded = round_cash(given_total.add(total)?, rounding)?.sub(given_amount)?;
    // A step of rounding may go beyond what was taken, but no more than one step.
    let step = rounding.map_or(0, |rule| rule.increment);
    let beyond = rounded.minor().saturating_sub(left.minor());
    if beyond > step {
        return Err(too_much(left));
    }
    let amount = if beyond > 0 { left } else { rounded };
    let amount = if amount.is_negative() { Money::zero(currency) } else { amount };
    Ok(Due { total, cash_rounding: amount.sub(total)?, amount })
}

/// What giving back `total` without a receipt comes to.
///
/// # Errors
/// An overflow.
pub(super) fn loose(total: Money, by: TenderKind, rounding: Option<&CashRounding>) -> Done<Due> {
    let amount = if is_cash(by) { round_cash(total, rounding)? } else { total };
    Ok(Due { total, cash_rounding: amount.sub(total)?, amount })
}
