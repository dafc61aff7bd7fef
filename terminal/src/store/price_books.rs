//! The price books of the outlet: the one in force, and the one that follows it.

use rusqlite::{Connection, params};
use shared::Timestamp;
use shared::ids::OutletId;
use shared::pricing::{PriceBook, ReadyBook};

use super::row::{all, first, run};
use super::{StoreError, Tx};

/// Takes a version over from the feed.
///
/// # Errors
/// When the store cannot be written.
pub fn put(
    tx: &Tx<'_>,
    row_id: &str,
    outlet_id: OutletId,
    book: &PriceBook,
    text: &str,
) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO price_books (row_id, outlet_id, version, valid_from, valid_until, body) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let from = book.valid_from.unwrap_or_default().as_millis();
    let until = book.valid_until.map(Timestamp::as_millis);
    let values = params![row_id, outlet_id.to_string(), book.version, from, until, text];
    run(tx, "write a price book", sql, values).map(|_| ())
}

/// A version that is held, without its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The version.
    pub version: u32,
    /// From when on.
    pub valid_from: Timestamp,
}

/// The versions that have begun at a moment and not ended, the one that counts first: the latest beginning, of those the
/// highest version.
///
/// # Errors
/// When the store cannot be read.
pub fn begun(db: &Connection, outlet_id: OutletId, at: Timestamp) -> Result<Vec<Held>, StoreError> {
    let sql = "SELECT version, valid_from FROM price_books WHERE outlet_id = ?1 AND valid_from <= ?2 \
               AND (valid_until IS NULL OR valid_until > ?2) ORDER BY valid_from DESC, version DESC LIMIT 10";
    all(db, "find the price book", sql, params![outlet_id.to_string(), at.as_millis()], |row| {
        Ok(Held { version: row.get(0)?, valid_from: Timestamp::from_millis(row.get(1)?) })
    })
}

/// The next version that will come into force by itself.
///
/// # Errors
/// When the store cannot be read.
pub fn next(db: &Connection, outlet_id: OutletId, at: Timestamp) -> Result<Option<Held>, StoreError> {
    let sql = "SELECT version, valid_from FROM price_books WHERE outlet_id = ?1 AND valid_from > ?2 \
               ORDER BY valid_from, version DESC LIMIT 1";
    first(db, "find the next price book", sql, params![outlet_id.to_string(), at.as_millis()], |row| {
        Ok(Held { version: row.get(0)?, valid_from: Timestamp::from_millis(row.get(1)?) })
    })
}

/// A version, checked and ready to compute; None when it is not held or cannot be used, which is said in the log: the till
/// goes on with the last good one.
///
/// # Errors
/// When the store cannot be read.
pub fn ready(db: &Connection, outlet_id: OutletId, version: u32) -> Result<Option<ReadyBook>, StoreError> {
    let sql = "SELECT body FROM price_books WHERE outlet_id = ?1 AND version = ?2";
    let values = params![outlet_id.to_string(), version];
    let text: Option<String> = first(db, "read a price book", sql, values, |row| row.get(0))?;
    let read = |text: String| -> Result<ReadyBook, String> {
        let book: PriceBook = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        ReadyBook::new(book).map_err(|error| error.to_string())
    };
    Ok(text.and_then(|text| {
        let ready = read(text);
        if let Err(error) = &ready {
            tracing::error!(version, error, "a price book cannot be used: the last good one stays");
        }
        ready.ok()
    }))
}
