//! Reading columns as the trade's types; a column that does not fit is an error of the row, never a panic.

use std::str::FromStr;

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Params, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;
use shared::{CurrencyCode, Money};

use super::{Attempt, StoreError};

fn conversion<E: std::error::Error + Send + Sync + 'static>(column: usize, error: E) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

/// A text column as a type that is read from text, such as an id.
pub(crate) fn parsed<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    row.get_ref(column)?.as_str()?.parse().map_err(|error| conversion(column, error))
}

/// A text column that may be NULL.
pub(crate) fn parsed_option<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    let text = row.get_ref(column)?.as_str_or_null()?;
    text.map(|text| text.parse().map_err(|error| conversion(column, error))).transpose()
}

/// A JSON column.
pub(crate) fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?).map_err(|error| conversion(column, error))
}

/// A word of a closed list, as serde writes it.
pub(crate) fn word<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_value(serde_json::Value::from(text)).map_err(|error| conversion(column, error))
}

/// A word of a closed list as it is stored.
pub(crate) fn to_word<T: Serialize>(value: &T) -> Result<String, StoreError> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => Ok(text),
        other => Err(StoreError::contradiction("a word", format!("{other:?}"))),
    }
}

/// An amount column in a currency.
pub(crate) fn money(row: &Row<'_>, column: usize, currency: CurrencyCode) -> rusqlite::Result<Money> {
    Ok(Money::new(row.get(column)?, currency))
}

/// A value as JSON text.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::contradiction("a value", error))
}

/// The first row of a query, when there is one.
pub(crate) fn first<T>(
    db: &Connection,
    what: &'static str,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, StoreError> {
    let mut statement = db.prepare_cached(sql).attempt(what)?;
    statement.query_row(params, read).optional().attempt(what)
}

/// All rows of a query that is bounded by itself.
pub(crate) fn all<T>(
    db: &Connection,
    what: &'static str,
    sql: &str,
    params: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = db.prepare_cached(sql).attempt(what)?;
    let rows = statement.query_map(params, read).attempt(what)?;
    rows.collect::<rusqlite::Result<Vec<T>>>().attempt(what)
}

/// Runs a statement; gives the number of rows it touched.
pub(crate) fn run(
    db: &Connection,
    what: &'static str,
    sql: &str,
    params: impl Params,
) -> Result<usize, StoreError> {
    db.prepare_cached(sql).attempt(what)?.execute(params).attempt(what)
}
