//! What happened at printers and devices on the counter, for whoever looks for a fault.

use rusqlite::{Connection, Row, params};
use shared::Timestamp;
use shared::ids::DeviceId;

use super::row::{all, run};
use super::{StoreError, Tx};
use crate::views::DeviceLogEntry;

/// Lines that are kept of one device: one that comes and goes all day pushes out nobody else's.
const MOST_OF_DEVICE: u32 = 500;
/// The longest of a driver's words that are kept.
const MOST_DETAIL_CHARS: usize = 300;

/// Something that happened at a device.
#[derive(Debug, Clone)]
pub struct Happened<'a> {
    /// The device.
    pub device_id: DeviceId,
    /// `printer`, `scale`, `scanner`, `display` or `card`.
    pub kind: &'static str,
    /// What people here call it.
    pub name: &'a str,
    /// What happened.
    pub what: What<'a>,
    /// The driver's own words.
    pub detail: Option<String>,
}

/// What can happen at a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What<'a> {
    /// It was set up.
    SetUp,
    /// It was set up otherwise.
    Changed,
    /// It was set up no more.
    Removed,
    /// It does as it is asked.
    Well,
    /// It does not, with the closed word for what keeps it from it.
    Unwell(&'a str),
}

impl<'a> What<'a> {
    fn words(self) -> (&'static str, Option<&'a str>) {
        match self {
            Self::SetUp => ("set_up", None),
            Self::Changed => ("changed", None),
            Self::Removed => ("removed", None),
            Self::Well => ("well", None),
            Self::Unwell(problem) => ("unwell", Some(problem)),
        }
    }
}

/// Writes a line.
///
/// # Errors
/// When the store cannot be written.
pub fn add(tx: &Tx<'_>, now: Timestamp, happened: &Happened<'_>) -> Result<(), StoreError> {
    let attempted = "write down what happened at a device";
    let (what, problem) = happened.what.words();
    let detail =
        happened.detail.as_ref().map(|text| text.chars().take(MOST_DETAIL_CHARS).collect::<String>());
    let device = happened.device_id.to_string();
    let sql = "INSERT INTO device_log (happened_at, device_id, kind, name, what, problem, detail) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let row = params![now.as_millis(), device, happened.kind, happened.name, what, problem, detail];
    run(tx, attempted, sql, row)?;
    let sql = "DELETE FROM device_log WHERE device_id = ?1 AND log_no <= \
               (SELECT log_no FROM device_log WHERE device_id = ?1 ORDER BY log_no DESC LIMIT 1 OFFSET ?2)";
    run(tx, attempted, sql, params![device, MOST_OF_DEVICE]).map(|_| ())
}

/// The newest `limit` lines, and with them how as many prints and as many card payments went; newest first.
///
/// # Errors
/// When the store cannot be read.
pub fn newest(db: &Connection, limit: u32) -> Result<Vec<DeviceLogEntry>, StoreError> {
    // Each by itself, so that a day's prints push no fault out. A printer that is gone has left its prints behind.
    let sql = "SELECT * FROM ( \
               SELECT * FROM (SELECT happened_at, kind, name, what, NULL, problem, detail FROM device_log \
                ORDER BY log_no DESC LIMIT ?1) \
               UNION ALL \
               SELECT * FROM (SELECT j.updated_at, 'printer', COALESCE(p.name, j.moved_from, ''), 'print_' || j.state, \
                j.title, j.error, NULL FROM print_jobs j LEFT JOIN printers p ON p.printer_id = j.printer_id \
                ORDER BY j.job_no DESC LIMIT ?1) \
               UNION ALL \
               SELECT * FROM (SELECT COALESCE(settled_at, started_at), 'card', reader_name, kind || '_' || state, \
                NULL, why, detail FROM card_payments ORDER BY payment_no DESC LIMIT ?1) \
               ) ORDER BY 1 DESC";
    all(db, "read what happened at the devices", sql, [limit], read)
}

fn read(row: &Row<'_>) -> rusqlite::Result<DeviceLogEntry> {
    Ok(DeviceLogEntry {
        at: Timestamp::from_millis(row.get(0)?),
        kind: row.get(1)?,
        name: row.get(2)?,
        what: row.get(3)?,
        subject: row.get(4)?,
        problem: row.get(5)?,
        detail: row.get(6)?,
    })
}

/// Forgets what is from before a moment.
///
/// # Errors
/// When the store cannot be written.
pub fn prune(tx: &Tx<'_>, before: Timestamp) -> Result<usize, StoreError> {
    let sql = "DELETE FROM device_log WHERE happened_at < ?1";
    run(tx, "forget what happened at the devices long ago", sql, [before.as_millis()])
}
