//! Goods that moved here.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use shared::Quantity;
use shared::ids::{ItemId, StockMovementId, VariantId};

use super::row::{first, run};
use super::{StoreError, Tx};

/// Goods of one item that moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// What.
    pub item_id: ItemId,
    /// Its variant.
    pub variant_id: Option<VariantId>,
    /// How many; below zero left the shelf.
    pub quantity: Quantity,
}

/// Rows written by one statement.
const ROWS_AT_ONCE: usize = 16;

/// Stores movements of one event for one reason; `by_hand` names the movement that a person made.
///
/// # Errors
/// When the store cannot be written.
pub fn insert(
    tx: &Tx<'_>,
    journal_key: i64,
    reason: &'static str,
    by_hand: Option<StockMovementId>,
    moved: &[Moved],
) -> Result<(), StoreError> {
    for rows in moved.chunks(ROWS_AT_ONCE) {
        let places = vec!["(?, ?, ?, ?, ?, ?)"; rows.len()].join(", ");
        let sql = format!(
            "INSERT INTO stock_movements (journal_key, reason, stock_movement_id, item_id, variant_id, quantity) \
             VALUES {places}"
        );
        let values = rows.iter().flat_map(|row| {
            [
                Value::from(journal_key),
                Value::from(reason.to_owned()),
                by_hand.map_or(Value::Null, |id| Value::from(id.to_string())),
                Value::from(row.item_id.to_string()),
                row.variant_id.map_or(Value::Null, |id| Value::from(id.to_string())),
                Value::from(row.quantity.raw()),
            ]
        });
        run(tx, "write the movements of goods", &sql, params_from_iter(values))?;
    }
    Ok(())
}

/// Whether a movement made by a person was booked.
///
/// # Errors
/// When the store cannot be read.
pub fn has_movement(db: &Connection, id: StockMovementId) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM stock_movements WHERE stock_movement_id = ?1 LIMIT 1";
    first(db, "look for a movement of goods", sql, [id.to_string()], |_| Ok(())).map(|found| found.is_some())
}

/// What moved of an item since an event, in all its variants.
///
/// # Errors
/// When the store cannot be read.
pub fn moved_after(db: &Connection, item_id: ItemId, journal_key: i64) -> Result<Quantity, StoreError> {
    let sql =
        "SELECT COALESCE(SUM(quantity), 0) FROM stock_movements WHERE item_id = ?1 AND journal_key > ?2";
    let sum =
        first(db, "sum the movements of goods", sql, (item_id.to_string(), journal_key), |row| row.get(0))?;
    Ok(Quantity::from_thousandths(sum.unwrap_or(0)))
}
