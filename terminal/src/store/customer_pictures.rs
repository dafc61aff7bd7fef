//! Pictures that the customer's screen shows between two sales.

use rusqlite::{Connection, params};
use shared::ids::PictureId;

use super::row::{all, first, parsed, run};
use super::{StoreError, Tx};

/// The pictures that are shown, in their order.
///
/// # Errors
/// When the store cannot be read.
pub fn ids(db: &Connection) -> Result<Vec<PictureId>, StoreError> {
    let sql =
        "SELECT picture_id FROM customer_pictures WHERE position IS NOT NULL ORDER BY position LIMIT 100";
    all(db, "read the customer's pictures", sql, [], |row| parsed(row, 0))
}

/// All pictures, those that wait to be saved too.
///
/// # Errors
/// When the store cannot be read.
pub fn known(db: &Connection) -> Result<Vec<PictureId>, StoreError> {
    let sql = "SELECT picture_id FROM customer_pictures LIMIT 100";
    all(db, "read the customer's pictures", sql, [], |row| parsed(row, 0))
}

/// A picture's media type and file.
///
/// # Errors
/// When the store cannot be read.
pub fn get(db: &Connection, id: PictureId) -> Result<Option<(String, Vec<u8>)>, StoreError> {
    let sql = "SELECT media_type, bytes FROM customer_pictures WHERE picture_id = ?1";
    first(db, "read a picture of the customer's", sql, [id.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// Keeps a picture that is not shown yet; of others of the kind only the newest stay, so that there are `most` of them.
///
/// # Errors
/// When the store cannot be written.
pub fn add(
    tx: &Tx<'_>,
    id: PictureId,
    media_type: &str,
    bytes: &[u8],
    most: usize,
) -> Result<(), StoreError> {
    let attempted = "keep a picture of the customer's";
    let sql = "INSERT INTO customer_pictures (picture_id, media_type, bytes) VALUES (?1, ?2, ?3)";
    run(tx, attempted, sql, params![id.to_string(), media_type, bytes])?;
    let sql = "DELETE FROM customer_pictures WHERE position IS NULL AND picture_id NOT IN \
               (SELECT picture_id FROM customer_pictures WHERE position IS NULL ORDER BY rowid DESC LIMIT ?1)";
    run(tx, attempted, sql, [i64::try_from(most).unwrap_or(i64::MAX)]).map(|_| ())
}

/// Shows these pictures in this order and forgets all others.
///
/// # Errors
/// When the store cannot be written.
pub fn keep(tx: &Tx<'_>, kept: &[PictureId]) -> Result<(), StoreError> {
    let attempted = "order the customer's pictures";
    run(tx, attempted, "UPDATE customer_pictures SET position = NULL", [])?;
    for (position, id) in (0_i64..).zip(kept) {
        let sql = "UPDATE customer_pictures SET position = ?2 WHERE picture_id = ?1";
        run(tx, attempted, sql, params![id.to_string(), position])?;
    }
    run(tx, attempted, "DELETE FROM customer_pictures WHERE position IS NULL", []).map(|_| ())
}
