//! Completed sales as lists and reports read them; the whole order stands in the journal.

use rusqlite::{Connection, Row, params};
use shared::catalogue::fold;
use shared::ids::{CartId, DrawerSessionId, OrderId, PrintJobId};
use shared::order::{Order, TenderKind};
use shared::pricing::TaxAmount;
use shared::{CurrencyCode, Money, Timestamp};

use super::row::{all, first, json, money, parsed, parsed_option, run, to_json};
use super::{StoreError, Tx, counters};
use crate::journal;

/// The next number in the terminal's gapless row of receipts: one more than the last order or refund.
///
/// # Errors
/// When the store cannot be read.
pub fn next_receipt_counter(db: &Connection) -> Result<i64, StoreError> {
    let sql = "SELECT MAX(COALESCE((SELECT MAX(receipt_counter) FROM orders), 0), \
               COALESCE((SELECT MAX(receipt_counter) FROM refunds), 0)) + 1";
    let next: Option<i64> = first(db, "read the last receipt number", sql, [], |row| row.get(0))?;
    Ok(match next {
        // A store that began anew goes on where the lost one was.
        None | Some(1) => counters::receipts_before(db)? + 1,
        Some(next) => next,
    })
}

/// Stores a completed order beside its event.
///
/// # Errors
/// When the store cannot be written.
pub fn insert(
    tx: &Tx<'_>,
    receipt_counter: i64,
    order: &Order,
    item_count: u32,
    journal_key: i64,
    print_job_id: Option<PrintJobId>,
) -> Result<(), StoreError> {
    let tenders: Vec<(TenderKind, i64)> = order.tenders.iter().map(|t| (t.kind, t.amount.minor())).collect();
    let names: Vec<&str> = order.lines.iter().map(|line| line.name.as_str()).collect();
    run(
        tx,
        "write the order",
        "INSERT INTO orders (receipt_counter, order_id, journal_key, receipt_number, drawer_session_id, occurred_at, \
         staff_name, item_count, currency, total, discount_total, service_charge, cash_rounding, taxes, tenders, \
         folded_names, print_job_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        params![
            receipt_counter,
            order.order_id.to_string(),
            journal_key,
            order.receipt_number,
            order.drawer_session_id.to_string(),
            order.occurred_at.as_millis(),
            order.staff_name,
            item_count,
            order.currency.as_str(),
            order.total.minor(),
            order.discount_total.minor(),
            order.service_charge.minor(),
            order.cash_rounding.minor(),
            to_json(&order.taxes)?,
            to_json(&tenders)?,
            fold(&names.join("\n")),
            print_job_id.map(|id| id.to_string()),
        ],
    )
    .map(|_| ())
}

/// What lists show of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    /// Its number in the terminal's row of receipts.
    pub receipt_counter: i64,
    /// The order.
    pub order_id: OrderId,
    /// Its event.
    pub journal_key: i64,
    /// Its number as printed.
    pub receipt_number: String,
    /// When.
    pub occurred_at: Timestamp,
    /// By whom.
    pub staff_name: String,
    /// Pieces in it.
    pub item_count: u32,
    /// What was due.
    pub total: Money,
    /// Discounts.
    pub discount_total: Money,
    /// Service charge.
    pub service_charge: Money,
    /// Rounding of the cash part.
    pub cash_rounding: Money,
    /// Taxes.
    pub taxes: Vec<TaxAmount>,
    /// Means and what each settled, in minor units.
    pub tenders: Vec<(TenderKind, i64)>,
    /// The last print of it.
    pub print_job_id: Option<PrintJobId>,
}

const COLUMNS: &str = "receipt_counter, order_id, journal_key, receipt_number, occurred_at, staff_name, item_count, \
     currency, total, discount_total, service_charge, cash_rounding, taxes, tenders, print_job_id";

fn read(row: &Row<'_>) -> rusqlite::Result<OrderRow> {
    let currency: CurrencyCode = parsed(row, 7)?;
    Ok(OrderRow {
        receipt_counter: row.get(0)?,
        order_id: parsed(row, 1)?,
        journal_key: row.get(2)?,
        receipt_number: row.get(3)?,
        occurred_at: Timestamp::from_millis(row.get(4)?),
        staff_name: row.get(5)?,
        item_count: row.get(6)?,
        total: money(row, 8, currency)?,
        discount_total: money(row, 9, currency)?,
        service_charge: money(row, 10, currency)?,
        cash_rounding: money(row, 11, currency)?,
        taxes: json(row, 12)?,
        tenders: json(row, 13)?,
        print_job_id: parsed_option(row, 14)?,
    })
}

/// An order's row.
///
/// # Errors
/// When the store cannot be read.
pub fn row(db: &Connection, id: OrderId) -> Result<Option<OrderRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM orders WHERE order_id = ?1");
    first(db, "read an order", &sql, [id.to_string()], read)
}

/// A whole order, as its event holds it.
///
/// # Errors
/// When the store cannot be read.
pub fn order(db: &Connection, id: OrderId) -> Result<Option<Order>, StoreError> {
    match row(db, id)? {
        Some(row) => journal::payload(db, row.journal_key).map(Some),
        None => Ok(None),
    }
}

/// The order that a cart became.
///
/// # Errors
/// When the store cannot be read.
pub fn of_cart(db: &Connection, cart_id: CartId) -> Result<Option<OrderId>, StoreError> {
    let sql = "SELECT order_id FROM carts WHERE cart_id = ?1";
    let id = first(db, "read a cart", sql, [cart_id.to_string()], |row| parsed_option(row, 0))?;
    Ok(id.flatten())
}

/// An order by its number as printed, whatever the letters' case.
///
/// # Errors
/// When the store cannot be read.
pub fn by_receipt_number(db: &Connection, number: &str) -> Result<Option<OrderId>, StoreError> {
    // The counter at its end is the key; the text must fit as a whole.
    let digits = number.rsplit('-').next().unwrap_or(number);
    let Ok(counter) = digits.parse::<i64>() else { return Ok(None) };
    let sql = "SELECT order_id FROM orders WHERE receipt_counter = ?1 AND (receipt_number = ?2 COLLATE NOCASE OR ?2 = ?3)";
    first(db, "find an order", sql, params![counter, number, digits], |row| parsed(row, 0))
}

/// Orders of a drawer session.
///
/// # Errors
/// When the store cannot be read.
pub fn of_session(
    db: &Connection,
    id: DrawerSessionId,
    first_receipt: i64,
) -> Result<Vec<OrderRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM orders WHERE receipt_counter >= ?1 AND drawer_session_id = ?2 ORDER BY receipt_counter"
    );
    all(db, "read the orders of a shift", &sql, params![first_receipt, id.to_string()], read)
}

/// What a search for orders looks for.
#[derive(Debug, Clone, Default)]
pub struct OrderSearch {
    /// Part of a receipt number, in capitals; empty matches nothing.
    pub number: String,
    /// Part of an item's folded name; empty matches nothing.
    pub name: String,
    /// Amounts in minor units.
    pub amounts: Vec<i64>,
}

/// Orders before a number, newest first.
///
/// # Errors
/// When the store cannot be read.
pub fn newest(db: &Connection, before: i64, limit: u32) -> Result<Vec<OrderRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM orders WHERE receipt_counter < ?1 ORDER BY receipt_counter DESC LIMIT ?2"
    );
    all(db, "list the orders", &sql, params![before, limit], read)
}

/// Orders before a number that fit a search, newest first.
///
/// # Errors
/// When the store cannot be read.
pub fn search(
    db: &Connection,
    search: &OrderSearch,
    before: i64,
    limit: u32,
) -> Result<Vec<OrderRow>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM orders WHERE receipt_counter < ?1 AND (\
         (?2 <> '' AND instr(receipt_number, ?2) > 0) OR (?3 <> '' AND instr(folded_names, ?3) > 0) \
         OR total IN (?4, ?5)) ORDER BY receipt_counter DESC LIMIT ?6"
    );
    let amount = |at: usize| search.amounts.get(at).copied();
    let values = params![before, search.number, search.name, amount(0), amount(1), limit];
    all(db, "find orders", &sql, values, read)
}

/// Notes the last print of an order.
///
/// # Errors
/// When the store cannot be written.
pub fn set_print_job(tx: &Tx<'_>, id: OrderId, job: PrintJobId) -> Result<(), StoreError> {
    let sql = "UPDATE orders SET print_job_id = ?2 WHERE order_id = ?1";
    run(tx, "note a reprint", sql, [id.to_string(), job.to_string()]).map(|_| ())
}
