//! Drawers from opening float to count, and cash that is no sale.

use rusqlite::{Connection, params};
use shared::drawer::{CashMovement, CashMovementKind, DrawerClosed, DrawerOpened};
use shared::ids::{CashMovementId, DrawerSessionId, PrintJobId};

use super::row::{all, first, json, parsed_option, run, to_json, to_word, word};
use super::{StoreError, Tx, counters};

/// The open drawer session, with the first receipt that can belong to it.
///
/// # Errors
/// When the store cannot be read.
pub fn current_with_receipt(db: &Connection) -> Result<Option<(DrawerOpened, i64)>, StoreError> {
    let sql = "SELECT opened, first_receipt FROM drawer_sessions WHERE state = 'open'";
    first(db, "read the open shift", sql, [], |row| Ok((json(row, 0)?, row.get(1)?)))
}

/// The open drawer session.
///
/// # Errors
/// When the store cannot be read.
pub fn current(db: &Connection) -> Result<Option<DrawerOpened>, StoreError> {
    Ok(current_with_receipt(db)?.map(|(opened, _)| opened))
}

/// Opens a drawer session.
///
/// # Errors
/// When one is open, or the store cannot be written.
pub fn insert(tx: &Tx<'_>, opened: &DrawerOpened, first_receipt: i64) -> Result<(), StoreError> {
    run(
        tx,
        "open the shift",
        "INSERT INTO drawer_sessions (drawer_session_id, state, opened, first_receipt) VALUES (?1, 'open', ?2, ?3)",
        params![opened.drawer_session_id.to_string(), to_json(opened)?, first_receipt],
    )
    .map(|_| ())
}

/// The number of the next Z report: one more than the last.
///
/// # Errors
/// When the store cannot be read.
pub fn next_z_number(db: &Connection) -> Result<u32, StoreError> {
    let sql = "SELECT COALESCE(MAX(z_number), 0) + 1 FROM drawer_sessions WHERE z_number IS NOT NULL";
    let next: u32 = first(db, "read the last Z number", sql, [], |row| row.get(0))?.unwrap_or(1);
    // A store that began anew goes on where the lost one was.
    let before = if next == 1 { counters::z_before(db)? } else { 0 };
    Ok(next.max(u32::try_from(before + 1).unwrap_or(u32::MAX)))
}

/// Closes a drawer session.
///
/// # Errors
/// When it is not open, or the store cannot be written.
pub fn close(tx: &Tx<'_>, closed: &DrawerClosed, print_job_id: Option<PrintJobId>) -> Result<(), StoreError> {
    let touched = run(
        tx,
        "close the shift",
        "UPDATE drawer_sessions SET state = 'closed', z_number = ?2, closed = ?3, closed_at = ?4, print_job_id = ?5 \
         WHERE drawer_session_id = ?1 AND state = 'open'",
        params![
            closed.report.opened.drawer_session_id.to_string(),
            closed.z_number,
            to_json(closed)?,
            closed.closed_at.as_millis(),
            print_job_id.map(|id| id.to_string())
        ],
    )?;
    if touched == 1 { Ok(()) } else { Err(StoreError::contradiction("a shift", "it is not open")) }
}

/// A closed drawer session.
///
/// # Errors
/// When the store cannot be read.
pub fn closed(db: &Connection, id: DrawerSessionId) -> Result<Option<DrawerClosed>, StoreError> {
    let sql = "SELECT closed FROM drawer_sessions WHERE drawer_session_id = ?1 AND closed IS NOT NULL";
    first(db, "read a closed shift", sql, [id.to_string()], |row| json(row, 0))
}

/// The last print of a session's Z report.
///
/// # Errors
/// When the store cannot be read.
pub fn print_job(db: &Connection, id: DrawerSessionId) -> Result<Option<PrintJobId>, StoreError> {
    let sql = "SELECT print_job_id FROM drawer_sessions WHERE drawer_session_id = ?1";
    Ok(first(db, "read a shift", sql, [id.to_string()], |row| parsed_option(row, 0))?.flatten())
}

/// Stores a movement of drawer cash.
///
/// # Errors
/// When the store cannot be written.
pub fn insert_movement(tx: &Tx<'_>, movement: &CashMovement) -> Result<(), StoreError> {
    run(
        tx,
        "write the movement of cash",
        "INSERT INTO cash_movements (cash_movement_id, drawer_session_id, kind, amount, currency, occurred_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            movement.cash_movement_id.to_string(),
            movement.drawer_session_id.to_string(),
            to_word(&movement.kind)?,
            movement.amount.minor(),
            movement.amount.currency().as_str(),
            movement.occurred_at.as_millis()
        ],
    )
    .map(|_| ())
}

/// Whether a movement of cash was booked.
///
/// # Errors
/// When the store cannot be read.
pub fn has_movement(db: &Connection, id: CashMovementId) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM cash_movements WHERE cash_movement_id = ?1";
    first(db, "look for a movement of cash", sql, [id.to_string()], |_| Ok(())).map(|found| found.is_some())
}

/// The movements of cash of a session: what each is and how much, in minor units.
///
/// # Errors
/// When the store cannot be read.
pub fn movements(db: &Connection, id: DrawerSessionId) -> Result<Vec<(CashMovementKind, i64)>, StoreError> {
    let sql = "SELECT kind, amount FROM cash_movements WHERE drawer_session_id = ?1";
    all(db, "read the movements of cash", sql, [id.to_string()], |row| Ok((word(row, 0)?, row.get(1)?)))
}

/// How many carts were voided in a session.
///
/// # Errors
/// When the store cannot be read.
pub fn voids(db: &Connection, id: DrawerSessionId) -> Result<u32, StoreError> {
    let sql = "SELECT COUNT(*) FROM carts WHERE state = 'voided' AND drawer_session_id = ?1";
    Ok(first(db, "count voided carts", sql, [id.to_string()], |row| row.get(0))?.unwrap_or(0))
}
