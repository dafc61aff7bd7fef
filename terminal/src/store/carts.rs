//! Carts and the pieces of their documents.

use rusqlite::{Connection, Row, params};
use shared::ids::{CartId, CustomerId, DrawerSessionId, LineId, OrderId};
use shared::{Money, Timestamp};

use super::row::{all, first, money, parsed, parsed_option, run};
use super::{StoreError, Tx};

/// The open cart of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenRow {
    /// The cart.
    pub cart_id: CartId,
    /// The line that was added or changed last.
    pub last_line_id: Option<LineId>,
}

/// A cart on the shelf of held ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldRow {
    /// The cart.
    pub cart_id: CartId,
    /// By whom.
    pub staff_name: String,
    /// What it is called.
    pub label: String,
    /// Since when.
    pub held_at: Timestamp,
    /// What was due when it was held.
    pub total: Money,
    /// Pieces in it.
    pub item_count: u32,
}

const HELD_COLUMNS: &str = "cart_id, staff_name, label, held_at, held_total, held_currency, held_item_count";

fn read_held(row: &Row<'_>) -> rusqlite::Result<HeldRow> {
    Ok(HeldRow {
        cart_id: parsed(row, 0)?,
        staff_name: row.get(1)?,
        label: row.get(2)?,
        held_at: Timestamp::from_millis(row.get(3)?),
        total: money(row, 4, parsed(row, 5)?)?,
        item_count: row.get(6)?,
    })
}

/// The open cart of a window.
///
/// # Errors
/// When the store cannot be read.
pub fn open_of(db: &Connection, client: &str) -> Result<Option<OpenRow>, StoreError> {
    let sql = "SELECT cart_id, last_line_id FROM carts WHERE state = 'open' AND client = ?1";
    first(db, "read the cart", sql, [client], |row| {
        Ok(OpenRow { cart_id: parsed(row, 0)?, last_line_id: parsed_option(row, 1)? })
    })
}

/// A held cart.
///
/// # Errors
/// When the store cannot be read.
pub fn held(db: &Connection, id: CartId) -> Result<Option<HeldRow>, StoreError> {
    let sql = format!("SELECT {HELD_COLUMNS} FROM carts WHERE state = 'held' AND cart_id = ?1");
    first(db, "read a held cart", &sql, [id.to_string()], read_held)
}

/// The held carts, oldest first, at most 200.
///
/// # Errors
/// When the store cannot be read.
pub fn all_held(db: &Connection) -> Result<Vec<HeldRow>, StoreError> {
    let sql =
        format!("SELECT {HELD_COLUMNS} FROM carts WHERE state = 'held' ORDER BY held_at, cart_id LIMIT 200");
    all(db, "read the held carts", &sql, [], read_held)
}

/// How many carts are held.
///
/// # Errors
/// When the store cannot be read.
pub fn held_count(db: &Connection) -> Result<u32, StoreError> {
    let sql = "SELECT COUNT(*) FROM carts WHERE state = 'held'";
    Ok(first(db, "count the held carts", sql, [], |row| row.get(0))?.unwrap_or(0))
}

/// Drops the documents of settled carts: their sale is a fact of its own. Left to idle moments, so that no scan waits for
/// it.
///
/// # Errors
/// When the store cannot be written.
pub fn sweep(tx: &Tx<'_>) -> Result<(), StoreError> {
    let sweep = "DELETE FROM cart_changes WHERE cart_id IN (SELECT c.cart_id FROM carts c \
                 JOIN (SELECT DISTINCT cart_id FROM cart_changes) d ON d.cart_id = c.cart_id \
                 WHERE c.state IN ('completed', 'voided'))";
    run(tx, "sweep settled carts", sweep, []).map(|_| ())
}

/// Begins a cart.
///
/// # Errors
/// When the store cannot be written.
pub fn insert(
    tx: &Tx<'_>,
    id: CartId,
    client: &str,
    staff: (&str, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    run(
        tx,
        "begin a cart",
        "INSERT INTO carts (cart_id, state, client, staff_id, staff_name, created_at) VALUES (?1, 'open', ?2, ?3, ?4, ?5)",
        params![id.to_string(), client, staff.0, staff.1, now.as_millis()],
    )
    .map(|_| ())
}

/// The pieces of a cart's document, in the order in which it grew.
///
/// # Errors
/// When the store cannot be read.
pub fn changes(db: &Connection, id: CartId) -> Result<Vec<Vec<u8>>, StoreError> {
    let sql = "SELECT bytes FROM cart_changes WHERE cart_id = ?1 ORDER BY change_no";
    all(db, "read the cart", sql, [id.to_string()], |row| row.get(0))
}

/// Adds a piece to a cart's document.
///
/// # Errors
/// When the store cannot be written.
pub fn add_change(tx: &Tx<'_>, id: CartId, bytes: &[u8]) -> Result<(), StoreError> {
    let sql = "INSERT INTO cart_changes (cart_id, bytes) VALUES (?1, ?2)";
    run(tx, "write the cart", sql, params![id.to_string(), bytes]).map(|_| ())
}

/// Replaces all pieces of a cart's document by one.
///
/// # Errors
/// When the store cannot be written.
pub fn replace_changes(tx: &Tx<'_>, id: CartId, bytes: &[u8]) -> Result<(), StoreError> {
    run(tx, "write the cart", "DELETE FROM cart_changes WHERE cart_id = ?1", [id.to_string()])?;
    add_change(tx, id, bytes)
}

/// Notes the line that was added or changed last, and whom the cart is for.
///
/// # Errors
/// When the store cannot be written.
pub fn set_head(
    tx: &Tx<'_>,
    id: CartId,
    line: Option<LineId>,
    customer: Option<CustomerId>,
) -> Result<(), StoreError> {
    let sql = "UPDATE carts SET last_line_id = ?2, customer_id = ?3 WHERE cart_id = ?1";
    let (line, customer) = (line.map(|id| id.to_string()), customer.map(|id| id.to_string()));
    run(tx, "write the cart", sql, params![id.to_string(), line, customer]).map(|_| ())
}

/// The customers of open and held carts.
///
/// # Errors
/// When the store cannot be read.
pub fn customers(db: &Connection) -> Result<Vec<CustomerId>, StoreError> {
    let sql =
        "SELECT DISTINCT customer_id FROM carts WHERE state IN ('open', 'held') AND customer_id IS NOT NULL";
    all(db, "read whom the carts are for", sql, [], |row| parsed(row, 0))
}

fn moved(touched: usize) -> Result<(), StoreError> {
    if touched == 1 {
        Ok(())
    } else {
        Err(StoreError::contradiction("a cart", "it is not in the state it should be in"))
    }
}

/// Suspends an open cart.
///
/// # Errors
/// When it is not open, or the store cannot be written.
pub fn hold(
    tx: &Tx<'_>,
    id: CartId,
    label: &str,
    total: Money,
    item_count: u32,
    now: Timestamp,
) -> Result<(), StoreError> {
    let sql = "UPDATE carts SET state = 'held', label = ?2, held_at = ?3, held_total = ?4, held_currency = ?5, \
               held_item_count = ?6 WHERE cart_id = ?1 AND state = 'open'";
    let currency = total.currency();
    let values =
        params![id.to_string(), label, now.as_millis(), total.minor(), currency.as_str(), item_count];
    moved(run(tx, "hold the cart", sql, values)?)
}

/// Takes a held cart up again at a window.
///
/// # Errors
/// When it is not held, or the store cannot be written.
pub fn recall(tx: &Tx<'_>, id: CartId, client: &str) -> Result<(), StoreError> {
    let sql = "UPDATE carts SET state = 'open', client = ?2, label = NULL, held_at = NULL \
               WHERE cart_id = ?1 AND state = 'held'";
    moved(run(tx, "recall the cart", sql, params![id.to_string(), client])?)
}

/// Gives an open cart up.
///
/// # Errors
/// When it is not open, or the store cannot be written.
pub fn void(tx: &Tx<'_>, id: CartId, session: Option<DrawerSessionId>) -> Result<(), StoreError> {
    let sql =
        "UPDATE carts SET state = 'voided', drawer_session_id = ?2 WHERE cart_id = ?1 AND state = 'open'";
    moved(run(tx, "void the cart", sql, params![id.to_string(), session.map(|id| id.to_string())])?)
}

/// Forgets a cart that nothing is in.
///
/// # Errors
/// When the store cannot be written.
pub fn discard(tx: &Tx<'_>, id: CartId) -> Result<(), StoreError> {
    run(tx, "forget the cart", "DELETE FROM cart_changes WHERE cart_id = ?1", [id.to_string()])?;
    moved(run(
        tx,
        "forget the cart",
        "DELETE FROM carts WHERE cart_id = ?1 AND state = 'open'",
        [id.to_string()],
    )?)
}

/// Settles an open cart: it became an order.
///
/// # Errors
/// When it is not open, or the store cannot be written.
pub fn complete(tx: &Tx<'_>, id: CartId, order_id: OrderId) -> Result<(), StoreError> {
    let sql = "UPDATE carts SET state = 'completed', order_id = ?2 WHERE cart_id = ?1 AND state = 'open'";
    moved(run(tx, "settle the cart", sql, [id.to_string(), order_id.to_string()])?)
}
