//! Pictures that the customer's screen shows between two sales.

use rusqlite::{Connection, params};
use shared::ids::PictureId;

use super::row::{all, first, parsed, run};
use super::{StoreError, Tx};

/// The pictures in their order.
///
/// # Errors
/// When the store cannot be read.
pub fn ids(db: &Connection) -> Result<Vec<PictureId>, StoreError> {
    let sql = "SELECT picture_id FROM customer_pictures ORDER BY position, picture_id LIMIT 100";
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

/// Adds a picture behind the others.
///
/// # Errors
/// When the store cannot be written.
pub fn add(tx: &Tx<'_>, id: PictureId, media_type: &str, bytes: &[u8]) -> Result<(), StoreError> {
    let sql = "INSERT INTO customer_pictures (picture_id, position, media_type, bytes) \
               VALUES (?1, (SELECT COALESCE(MAX(position), 0) + 1 FROM customer_pictures), ?2, ?3)";
    run(tx, "write a picture of the customer's", sql, params![id.to_string(), media_type, bytes]).map(|_| ())
}

/// Puts the pictures in this order and forgets all others.
///
/// # Errors
/// When the store cannot be written.
pub fn keep(tx: &Tx<'_>, kept: &[PictureId]) -> Result<(), StoreError> {
    run(tx, "order the customer's pictures", "UPDATE customer_pictures SET position = -1", [])?;
    for (position, id) in kept.iter().enumerate() {
        let sql = "UPDATE customer_pictures SET position = ?2 WHERE picture_id = ?1";
        let position = i64::try_from(position).unwrap_or(i64::MAX);
        run(tx, "order the customer's pictures", sql, params![id.to_string(), position])?;
    }
    run(tx, "forget pictures of the customer's", "DELETE FROM customer_pictures WHERE position = -1", [])
        .map(|_| ())
}
