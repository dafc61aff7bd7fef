//! Small single values: who this terminal is, its settings, where the exchange with the server stands.

use rusqlite::Connection;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shared::ids::{OutletId, TenantId, TerminalId};

use super::row::{first, run, to_json};
use super::{StoreError, Tx, printers};
use crate::views::Settings;

/// Who this terminal is. Key and PIN pepper stand in files of their own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The business.
    pub tenant_id: TenantId,
    /// The outlet.
    pub outlet_id: OutletId,
    /// The terminal.
    pub terminal_id: TerminalId,
    /// Its number in the outlet, as in `OUT-T3-000123`.
    pub terminal_number: u32,
    /// The present life of its journal.
    pub epoch: u32,
    /// The server's address.
    pub server_url: String,
}

/// A text by its name.
///
/// # Errors
/// When the store cannot be read.
pub fn get(db: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    first(db, "read a setting", "SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))
}

/// Sets a text by its name.
///
/// # Errors
/// When the store cannot be written.
pub fn set(tx: &Tx<'_>, key: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    run(tx, "write a setting", sql, [key, value]).map(|_| ())
}

/// Forgets a text.
///
/// # Errors
/// When the store cannot be written.
pub fn unset(tx: &Tx<'_>, key: &str) -> Result<(), StoreError> {
    run(tx, "forget a setting", "DELETE FROM meta WHERE key = ?1", [key]).map(|_| ())
}

/// A JSON value by its name.
///
/// # Errors
/// When the store cannot be read, or holds something else there.
pub fn get_json<T: DeserializeOwned>(db: &Connection, key: &str) -> Result<Option<T>, StoreError> {
    let text = get(db, key)?;
    text.map(|text| {
        serde_json::from_str(&text).map_err(|error| StoreError::contradiction("a setting", error))
    })
    .transpose()
}

/// Sets a JSON value by its name.
///
/// # Errors
/// When the store cannot be written.
pub fn set_json<T: Serialize>(tx: &Tx<'_>, key: &str, value: &T) -> Result<(), StoreError> {
    set(tx, key, &to_json(value)?)
}

/// Who this terminal is; None before enrolment.
///
/// # Errors
/// When the store cannot be read.
pub fn identity(db: &Connection) -> Result<Option<Identity>, StoreError> {
    get_json(db, "identity")
}

/// Sets who this terminal is.
///
/// # Errors
/// When the store cannot be written.
pub fn set_identity(tx: &Tx<'_>, identity: &Identity) -> Result<(), StoreError> {
    set_json(tx, "identity", identity)
}

/// The settings of a terminal that nobody has changed yet.
pub fn default_settings() -> Settings {
    Settings {
        locale: None,
        theme: "day".to_owned(),
        scale_percent: 100,
        mirrored: false,
        printer: None,
        scan_gap_ms: 50,
    }
}

/// This terminal's settings.
///
/// # Errors
/// When the store cannot be read.
pub fn settings(db: &Connection) -> Result<Settings, StoreError> {
    let kept: Settings = get_json(db, "settings")?.unwrap_or_else(default_settings);
    Ok(Settings { printer: printers::receipt_target(db)?, ..kept })
}

/// Sets this terminal's settings.
///
/// # Errors
/// When the store cannot be written.
pub fn set_settings(tx: &Tx<'_>, settings: &Settings) -> Result<(), StoreError> {
    printers::set_receipt_target(tx, settings.printer.as_deref())?;
    set_json(tx, "settings", settings)
}

/// Whether a receipt printer is set up.
///
/// # Errors
/// When the store cannot be read.
pub fn has_printer(db: &Connection) -> Result<bool, StoreError> {
    Ok(printers::receipt_target(db)?.is_some())
}
