//! The outlet, its people, who is signed in where, and wrong PINs.

use std::sync::Arc;

use rusqlite::{Connection, params};
use serde::Deserialize;
use shared::Timestamp;
use shared::ids::{OutletId, StaffId, StaffSessionId};
use shared::outlet::Outlet;
use shared::staff::{Role, Staff};

use super::row::{all, first, json, parsed, run};
use super::{StoreError, Tx};
use crate::context::OutletMemo;

/// The outlet as the feed last said; None while it is not loaded.
///
/// # Errors
/// When the store cannot be read.
pub fn outlet(db: &Connection, id: OutletId) -> Result<Option<Arc<Outlet>>, StoreError> {
    outlet_of(db, id, &OutletMemo::default())
}

/// As [`outlet`], from `memo` when nothing has changed since.
///
/// # Errors
/// When the store cannot be read.
pub fn outlet_of(
    db: &Connection,
    id: OutletId,
    memo: &OutletMemo,
) -> Result<Option<Arc<Outlet>>, StoreError> {
    let sql = "SELECT body FROM outlets WHERE outlet_id = ?1";
    first(db, "read the outlet", sql, [id.to_string()], |row| {
        memo.of(row.get_ref(0)?.as_str()?, || json(row, 0))
    })
}

/// The people who may sign in, by name.
///
/// # Errors
/// When the store cannot be read.
pub fn active_staff(db: &Connection) -> Result<Vec<Staff>, StoreError> {
    let sql = "SELECT body FROM staff WHERE active = 1 ORDER BY name, staff_id LIMIT 500";
    all(db, "read the staff", sql, [], |row| json(row, 0))
}

/// A person who may sign in.
///
/// # Errors
/// When the store cannot be read.
pub fn staff(db: &Connection, id: StaffId) -> Result<Option<Staff>, StoreError> {
    let sql = "SELECT body FROM staff WHERE staff_id = ?1 AND active = 1";
    first(db, "read a person", sql, [id.to_string()], |row| json(row, 0))
}

/// Who is signed in at a window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The staff session.
    pub staff_session_id: StaffSessionId,
    /// The person.
    pub staff_id: StaffId,
    /// Their name.
    pub name: String,
    /// What they are.
    pub role: Role,
}

/// Who is signed in at a window; None when nobody is, or the person may no longer.
///
/// # Errors
/// When the store cannot be read.
pub fn signed_in(db: &Connection, client: &str) -> Result<Option<SignedIn>, StoreError> {
    /// What a step asks of a person: neither PIN nor outlets.
    #[derive(Deserialize)]
    struct Person {
        staff_id: StaffId,
        name: String,
        role: Role,
    }
    let sql = "SELECT s.staff_session_id, p.body FROM staff_sessions s JOIN staff p ON p.staff_id = s.staff_id \
               WHERE s.client = ?1 AND s.signed_out_at IS NULL AND p.active = 1";
    first(db, "read who is signed in", sql, [client], |row| {
        let Person { staff_id, name, role } = json(row, 1)?;
        Ok(SignedIn { staff_session_id: parsed(row, 0)?, staff_id, name, role })
    })
}

/// An open staff session: which, whose, where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenSession {
    /// The staff session.
    pub staff_session_id: StaffSessionId,
    /// The person.
    pub staff_id: StaffId,
    /// The window.
    pub client: String,
}

/// The open staff sessions of a window, or of all.
///
/// # Errors
/// When the store cannot be read.
pub fn open_sessions(db: &Connection, client: Option<&str>) -> Result<Vec<OpenSession>, StoreError> {
    let sql = "SELECT staff_session_id, staff_id, client FROM staff_sessions \
               WHERE signed_out_at IS NULL AND (?1 IS NULL OR client = ?1)";
    all(db, "read who is signed in", sql, [client], |row| {
        Ok(OpenSession { staff_session_id: parsed(row, 0)?, staff_id: parsed(row, 1)?, client: row.get(2)? })
    })
}

/// Begins a staff session.
///
/// # Errors
/// When the store cannot be written.
pub fn begin_session(tx: &Tx<'_>, session: &OpenSession, now: Timestamp) -> Result<(), StoreError> {
    run(
        tx,
        "sign a person in",
        "INSERT INTO staff_sessions (staff_session_id, client, staff_id, signed_in_at) VALUES (?1, ?2, ?3, ?4)",
        params![
            session.staff_session_id.to_string(),
            session.client,
            session.staff_id.to_string(),
            now.as_millis()
        ],
    )
    .map(|_| ())
}

/// Ends a staff session.
///
/// # Errors
/// When the store cannot be written.
pub fn end_session(tx: &Tx<'_>, id: StaffSessionId, now: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE staff_sessions SET signed_out_at = ?2 WHERE staff_session_id = ?1";
    run(tx, "sign a person out", sql, params![id.to_string(), now.as_millis()]).map(|_| ())
}

/// Wrong PINs of a person since the last right one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PinAttempts {
    /// How many.
    pub failures: u32,
    /// When the last one was.
    pub last_failed_at: Timestamp,
    /// No PIN is tried before.
    pub locked_until: Timestamp,
}

/// Wrong PINs of a person.
///
/// # Errors
/// When the store cannot be read.
pub fn pin_attempts(db: &Connection, id: StaffId) -> Result<PinAttempts, StoreError> {
    let sql = "SELECT failures, last_failed_at, locked_until FROM pin_attempts WHERE staff_id = ?1";
    let attempts = first(db, "read wrong PINs", sql, [id.to_string()], |row| {
        Ok(PinAttempts {
            failures: row.get(0)?,
            last_failed_at: Timestamp::from_millis(row.get(1)?),
            locked_until: Timestamp::from_millis(row.get(2)?),
        })
    })?;
    Ok(attempts.unwrap_or_default())
}

/// Notes wrong PINs of a person.
///
/// # Errors
/// When the store cannot be written.
pub fn set_pin_attempts(tx: &Tx<'_>, id: StaffId, attempts: &PinAttempts) -> Result<(), StoreError> {
    run(
        tx,
        "note a wrong PIN",
        "INSERT INTO pin_attempts (staff_id, failures, last_failed_at, locked_until) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (staff_id) DO UPDATE SET failures = excluded.failures, \
         last_failed_at = excluded.last_failed_at, locked_until = excluded.locked_until",
        params![
            id.to_string(),
            attempts.failures,
            attempts.last_failed_at.as_millis(),
            attempts.locked_until.as_millis()
        ],
    )
    .map(|_| ())
}

/// Forgets wrong PINs after a right one.
///
/// # Errors
/// When the store cannot be written.
pub fn clear_pin_attempts(tx: &Tx<'_>, id: StaffId) -> Result<(), StoreError> {
    let sql = "DELETE FROM pin_attempts WHERE staff_id = ?1";
    run(tx, "forget wrong PINs", sql, [id.to_string()]).map(|_| ())
}
