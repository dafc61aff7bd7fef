//! Rounding of what is paid in cash.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::money::{Money, MoneyError, RoundingMode, divide_rounded};

/// Cash is paid in steps of `increment` minor units (SEK 1.00 = 100, CHF 0.05 = 5, IDR 100, VND 1,000).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CashRounding {
    /// The step in minor units, above zero.
    #[ts(as = "f64")]
    pub increment: i64,
    /// To which neighbour.
    pub mode: RoundingMode,
}

/// What is paid in cash for `amount`; without a rule the amount itself.
///
/// # Errors
/// An overflow, or a step that is not above zero.
pub fn round_cash(amount: Money, rounding: Option<&CashRounding>) -> Result<Money, MoneyError> {
    let Some(rule) = rounding else { return Ok(amount) };
    let steps = divide_rounded(i128::from(amount.minor()), i128::from(rule.increment), rule.mode)?;
    Ok(Money::new(steps.checked_mul(rule.increment).ok_or(MoneyError::Overflow)?, amount.currency()))
}
