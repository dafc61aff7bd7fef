//! What stands in columns, as text: the words of enums, and amounts with their currency.

use serde::Serialize;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::DatabaseError;

/// The word of an enum as it stands in JSON and in the tables.
pub fn word<T: Serialize>(value: T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// An amount such as `242528 IDR`, in minor units.
///
/// # Errors
/// The column is not there or no number.
pub fn money(row: &AnyRow, column: &str, currency: &str) -> Result<String, DatabaseError> {
    Ok(format!("{} {currency}", row.try_get::<i64, _>(column)?))
}

/// As [`money`]; None where the column is null.
///
/// # Errors
/// As [`money`].
pub fn money_or_null(row: &AnyRow, column: &str, currency: &str) -> Result<Option<String>, DatabaseError> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(|minor| format!("{minor} {currency}")))
}
