//! A basket as JSON that carries everything needed to price it, and the answer as JSON; every figure is text.
//!
//! `tests/schemas/basket.json` describes both. What is wrong is said with its place, such as `/lines/2/quantity`. Lines
//! are taken by their ids (`2` before `10`) wherever equal parts leave a unit over, so that their order changes nothing.

mod answer;
mod lines;
mod names;
mod prepared;
mod promotions;
mod read;
mod taxes;

use serde::Serialize;
use serde_json::Value;

use self::prepared::Prepared;

/// What is wrong with a basket, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{path}: {message}")]
pub struct BasketError {
    /// What kind of mistake it is.
    pub code: &'static str,
    /// Its place as a JSON pointer; empty is the whole basket.
    pub path: String,
    /// The mistake in words.
    pub message: String,
}

impl BasketError {
    fn new(code: &'static str, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, path: path.into(), message: message.into() }
    }
}

/// Computes the order of a basket.
///
/// # Errors
/// [`BasketError`] with the place of what is wrong.
pub fn price_value(basket: &Value) -> Result<Value, BasketError> {
    let prepared = Prepared::read(basket)?;
    let computed = prepared.compute()?;
    prepared.answer(&computed)
}

/// Computes the order of a basket from its text.
///
/// # Errors
/// [`BasketError`]; text that is no JSON has no place.
pub fn price_text(basket: &str) -> Result<Value, BasketError> {
    let value: Value = serde_json::from_str(basket)
        .map_err(|error| BasketError::new("no_json", "", format!("the basket is no JSON: {error}")))?;
    price_value(&value)
}
