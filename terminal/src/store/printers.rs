//! The printers of this terminal.

use rusqlite::{Connection, Row, params};
use shared::ids::{CategoryId, PrinterId};

use super::device_log::{Happened, What};
use super::row::{all, first, json, parsed, parsed_option, run, to_json};
use super::{StoreError, Tx};

/// A printer as it is set up here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printer {
    /// The printer.
    pub printer_id: PrinterId,
    /// What people here call it.
    pub name: String,
    /// Where it is, such as `tcp://192.168.1.50:9100`.
    pub target: String,
    /// What it is: the id of a printer profile.
    pub profile: String,
    /// Whether it prints receipts and reports.
    pub receipts: bool,
    /// Whether it prints tickets for a station.
    pub tickets: bool,
    /// The categories whose lines stand on its tickets; none is all of them.
    pub categories: Vec<CategoryId>,
    /// The printer that takes over when this one does not print.
    pub failover_id: Option<PrinterId>,
    /// The connector pin of its cash drawer, 2 or 5.
    pub drawer_pin: Option<u8>,
    /// Whether a high level at its pin 3 means an open drawer; None does not ask.
    pub drawer_open_high: Option<bool>,
}

impl Printer {
    /// Something that happened at it, for the log.
    pub fn happened<'a>(&'a self, what: What<'a>, detail: Option<String>) -> Happened<'a> {
        Happened { device_id: self.printer_id.into(), kind: "printer", name: &self.name, what, detail }
    }
}

/// The printer that a single address in the settings means.
pub const THE_PRINTER: PrinterId = PrinterId::from_bytes([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);

const COLUMNS: &str = "printer_id, name, target, profile, receipts, tickets, categories, failover_id, drawer_pin, \
     drawer_open_high";

fn read(row: &Row<'_>) -> rusqlite::Result<Printer> {
    Ok(Printer {
        printer_id: parsed(row, 0)?,
        name: row.get(1)?,
        target: row.get(2)?,
        profile: row.get(3)?,
        receipts: row.get(4)?,
        tickets: row.get(5)?,
        categories: json(row, 6)?,
        failover_id: parsed_option(row, 7)?,
        drawer_pin: row.get(8)?,
        drawer_open_high: row.get(9)?,
    })
}

/// All printers, in the order of the screens.
///
/// # Errors
/// When the store cannot be read.
pub fn list(db: &Connection) -> Result<Vec<Printer>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM printers ORDER BY position, printer_id LIMIT 100");
    all(db, "read the printers", &sql, [], read)
}

/// A printer by its id.
///
/// # Errors
/// When the store cannot be read.
pub fn get(db: &Connection, id: PrinterId) -> Result<Option<Printer>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM printers WHERE printer_id = ?1");
    first(db, "read a printer", &sql, [id.to_string()], read)
}

/// The printer of receipts and reports.
///
/// # Errors
/// When the store cannot be read.
pub fn receipt_printer(db: &Connection) -> Result<Option<Printer>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM printers WHERE receipts = 1 ORDER BY position, printer_id LIMIT 1");
    first(db, "read the receipt printer", &sql, [], read)
}

/// The printer that the cash drawer hangs on: the receipt printer when it has one.
///
/// # Errors
/// When the store cannot be read.
pub fn drawer_printer(db: &Connection) -> Result<Option<PrinterId>, StoreError> {
    let sql = "SELECT printer_id FROM printers WHERE drawer_pin IS NOT NULL \
               ORDER BY receipts DESC, position, printer_id LIMIT 1";
    first(db, "read the drawer's printer", sql, [], |row| parsed(row, 0))
}

/// Stores a printer, a new one after all others.
///
/// # Errors
/// When the store cannot be written.
pub fn put(tx: &Tx<'_>, printer: &Printer) -> Result<(), StoreError> {
    run(
        tx,
        "write a printer",
        "INSERT INTO printers (printer_id, position, name, target, profile, receipts, tickets, categories, failover_id, \
         drawer_pin, drawer_open_high) \
         VALUES (?1, (SELECT COALESCE(MAX(position), 0) + 1 FROM printers), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) \
         ON CONFLICT (printer_id) DO UPDATE SET name = excluded.name, target = excluded.target, \
         profile = excluded.profile, receipts = excluded.receipts, tickets = excluded.tickets, \
         categories = excluded.categories, failover_id = excluded.failover_id, drawer_pin = excluded.drawer_pin, \
         drawer_open_high = excluded.drawer_open_high",
        params![
            printer.printer_id.to_string(),
            printer.name,
            printer.target,
            printer.profile,
            printer.receipts,
            printer.tickets,
            to_json(&printer.categories)?,
            printer.failover_id.map(|id| id.to_string()),
            printer.drawer_pin,
            printer.drawer_open_high,
        ],
    )
    .map(|_| ())
}

/// Forgets a printer. What waited for it is not printed by itself any more: a person says where.
///
/// # Errors
/// When the store cannot be written.
pub fn remove(tx: &Tx<'_>, id: PrinterId) -> Result<(), StoreError> {
    let id = id.to_string();
    let what = "forget a printer";
    run(tx, what, "DELETE FROM printers WHERE printer_id = ?1", [&id])?;
    run(tx, what, "UPDATE printers SET failover_id = NULL WHERE failover_id = ?1", [&id])?;
    let jobs = "UPDATE print_jobs SET state = 'expired' \
                WHERE state IN ('waiting', 'printing', 'unknown') AND state = 'waiting' AND printer_id = ?1";
    run(tx, what, jobs, [&id]).map(|_| ())
}

/// The address of the receipt printer.
///
/// # Errors
/// When the store cannot be read.
pub fn receipt_target(db: &Connection) -> Result<Option<String>, StoreError> {
    let sql = "SELECT target FROM printers WHERE receipts = 1 ORDER BY position, printer_id LIMIT 1";
    first(db, "read the receipt printer", sql, [], |row| row.get(0))
}

/// Points the receipt printer elsewhere, makes one, or forgets it.
///
/// # Errors
/// When the store cannot be written.
pub fn set_receipt_target(tx: &Tx<'_>, target: Option<&str>) -> Result<(), StoreError> {
    match (receipt_printer(tx)?, target) {
        (Some(printer), Some(target)) if printer.target == target => Ok(()),
        (Some(printer), Some(target)) => put(tx, &Printer { target: target.to_owned(), ..printer }),
        (Some(printer), None) => remove(tx, printer.printer_id),
        (None, Some(target)) => put(
            tx,
            &Printer {
                printer_id: THE_PRINTER,
                name: "Printer".to_owned(),
                target: target.to_owned(),
                profile: "generic-80".to_owned(),
                receipts: true,
                tickets: false,
                categories: Vec::new(),
                failover_id: None,
                drawer_pin: Some(2),
                drawer_open_high: None,
            },
        ),
        (None, None) => Ok(()),
    }
}
