//! Money given back, and how many units of each line; the whole refund stands in the journal.

use rusqlite::{Connection, Row, params};
use shared::ids::{DrawerSessionId, LineId, OrderId, PrintJobId, RefundId};
use shared::order::TenderKind;
use shared::refund::Refund;
use shared::{CurrencyCode, Money, Quantity};

use super::row::{all, first, money, parsed, parsed_option, run, to_word, word};
use super::{StoreError, Tx};
use crate::journal;

/// Stores a refund beside its event.
///
/// # Errors
/// When the store cannot be written.
pub fn insert(
    tx: &Tx<'_>,
    receipt_counter: i64,
    refund: &Refund,
    journal_key: i64,
    print_job_id: Option<PrintJobId>,
) -> Result<(), StoreError> {
    let order_id = refund.order_id.map(|id| id.to_string());
    run(
        tx,
        "write the refund",
        "INSERT INTO refunds (receipt_counter, refund_id, order_id, journal_key, receipt_number, drawer_session_id, \
         occurred_at, currency, total, tax_total, cash_rounding, tender, amount, print_job_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        params![
            receipt_counter,
            refund.refund_id.to_string(),
            order_id,
            journal_key,
            refund.receipt_number,
            refund.drawer_session_id.to_string(),
            refund.occurred_at.as_millis(),
            refund.currency.as_str(),
            refund.total.minor(),
            refund.tax_total.minor(),
            refund.cash_rounding.minor(),
            to_word(&refund.tender)?,
            refund.amount.minor(),
            print_job_id.map(|id| id.to_string()),
        ],
    )?;
    for line in &refund.lines {
        run(
            tx,
            "write a line of the refund",
            "INSERT INTO refund_lines (receipt_counter, line_id, order_id, quantity, amount) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                receipt_counter,
                line.line_id.to_string(),
                order_id,
                line.quantity.raw(),
                line.amount.minor()
            ],
        )?;
    }
    Ok(())
}

/// What reports and limits read of a refund.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRow {
    /// The refund.
    pub refund_id: RefundId,
    /// Its event.
    pub journal_key: i64,
    /// The sum of its lines.
    pub total: Money,
    /// The taxes in it.
    pub tax_total: Money,
    /// Rounding of what was given back in cash.
    pub cash_rounding: Money,
    /// By which means.
    pub tender: TenderKind,
    /// What was given back.
    pub amount: Money,
    /// The last print of it.
    pub print_job_id: Option<PrintJobId>,
}

const COLUMNS: &str =
    "refund_id, journal_key, currency, total, tax_total, cash_rounding, tender, amount, print_job_id";

fn read(row: &Row<'_>) -> rusqlite::Result<RefundRow> {
    let currency: CurrencyCode = parsed(row, 2)?;
    Ok(RefundRow {
        refund_id: parsed(row, 0)?,
        journal_key: row.get(1)?,
        total: money(row, 3, currency)?,
        tax_total: money(row, 4, currency)?,
        cash_rounding: money(row, 5, currency)?,
        tender: word(row, 6)?,
        amount: money(row, 7, currency)?,
        print_job_id: parsed_option(row, 8)?,
    })
}

/// A refund's row.
///
/// # Errors
/// When the store cannot be read.
pub fn row(db: &Connection, id: RefundId) -> Result<Option<RefundRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM refunds WHERE refund_id = ?1");
    first(db, "read a refund", &sql, [id.to_string()], read)
}

/// A whole refund, as its event holds it.
///
/// # Errors
/// When the store cannot be read.
pub fn refund(db: &Connection, id: RefundId) -> Result<Option<Refund>, StoreError> {
    match row(db, id)? {
        Some(row) => journal::payload(db, row.journal_key).map(Some),
        None => Ok(None),
    }
}

/// The refunds of an order, oldest first.
///
/// # Errors
/// When the store cannot be read.
pub fn of_order(db: &Connection, id: OrderId) -> Result<Vec<RefundRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM refunds WHERE order_id = ?1 ORDER BY receipt_counter");
    all(db, "read the refunds of an order", &sql, [id.to_string()], read)
}

/// Units given back so far of each line of an order.
///
/// # Errors
/// When the store cannot be read.
pub fn refunded_units(db: &Connection, id: OrderId) -> Result<Vec<(LineId, Quantity)>, StoreError> {
    let sql = "SELECT line_id, SUM(quantity) FROM refund_lines WHERE order_id = ?1 GROUP BY line_id";
    all(db, "read what was given back", sql, [id.to_string()], |row| {
        Ok((parsed(row, 0)?, Quantity::from_thousandths(row.get(1)?)))
    })
}

/// Refunds of a drawer session.
///
/// # Errors
/// When the store cannot be read.
pub fn of_session(
    db: &Connection,
    id: DrawerSessionId,
    first_receipt: i64,
) -> Result<Vec<RefundRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM refunds WHERE receipt_counter >= ?1 AND drawer_session_id = ?2 ORDER BY receipt_counter"
    );
    all(db, "read the refunds of a shift", &sql, params![first_receipt, id.to_string()], read)
}

/// Notes the last print of a refund.
///
/// # Errors
/// When the store cannot be written.
pub fn set_print_job(tx: &Tx<'_>, id: RefundId, job: PrintJobId) -> Result<(), StoreError> {
    let sql = "UPDATE refunds SET print_job_id = ?2 WHERE refund_id = ?1";
    run(tx, "note a reprint", sql, [id.to_string(), job.to_string()]).map(|_| ())
}
