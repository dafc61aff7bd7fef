//! Reads books from the files of terminals and server, with statements of its own: nothing of the code under test is asked.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Row};
use shared::journal::Hash;

use super::{Entry, ExceptionRow, Held, OrderRow, RefundRow, ServerBooks, TerminalBooks};

/// The terminal's store in its folder.
pub const TERMINAL_FILE: &str = "kedai.db";
/// The file in a terminal's folder that holds its catalogue.
///
/// # Errors
/// When the books in the folder cannot be read.
pub fn catalogue_file(folder: &Path, books: &Connection) -> Result<PathBuf> {
    let sql = "SELECT value FROM meta WHERE key = 'catalogue_file'";
    let named: Option<String> = books.query_row(sql, [], |row| row.get(0)).optional()?;
    Ok(folder.join(format!("catalogue-{}.db", named.as_deref().unwrap_or("1"))))
}

/// The server's embedded database in its folder.
pub const SERVER_FILE: &str = "kedai-server.db";

/// A connection that only reads, beside whoever writes.
///
/// # Errors
/// When the file cannot be opened.
pub fn open(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)
        .with_context(|| format!("cannot open {}", path.display()))?;
    db.busy_timeout(Duration::from_secs(10))?;
    db.execute_batch("PRAGMA query_only = ON")?;
    Ok(db)
}

fn rows<T>(
    db: &Connection,
    sql: &str,
    mut read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>> {
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([], |row| read(row))?;
    rows.collect::<rusqlite::Result<_>>().with_context(|| sql.to_owned())
}

/// Columns: epoch, seq, prev_hash, hash, signature, raw.
fn entry(row: &Row<'_>, at: usize) -> rusqlite::Result<Entry> {
    let raw: Vec<u8> = row.get(at + 5)?;
    Ok(Entry {
        epoch: row.get(at)?,
        seq: u64::try_from(row.get::<_, i64>(at + 1)?).unwrap_or(0),
        prev_hash: Hash::from_bytes(row.get(at + 2)?),
        hash: Hash::from_bytes(row.get(at + 3)?),
        signature: row.get(at + 4)?,
        event: serde_json::from_slice(&raw).ok(),
        raw,
    })
}

/// The books of a terminal's folder.
///
/// # Errors
/// When the file is not a terminal's.
pub fn terminal(name: &str, folder: &Path) -> Result<TerminalBooks> {
    let db = open(&folder.join(TERMINAL_FILE))?;
    let identity: String =
        db.query_row("SELECT value FROM meta WHERE key = 'identity'", [], |row| row.get(0))?;
    let identity: serde_json::Value = serde_json::from_str(&identity)?;
    let text = |key: &str| identity[key].as_str().unwrap_or_default().to_owned();
    let entries = rows(
        &db,
        "SELECT epoch, seq, prev_hash, hash, signature, event FROM journal ORDER BY journal_key",
        |row| entry(row, 0),
    )?;
    let acked = rows(&db, "SELECT epoch, acked_seq FROM journal_acks", |row| {
        Ok((row.get::<_, u32>(0)?, u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0)))
    })?;
    let catalogue = open(&catalogue_file(folder, &db)?)?;
    let mut ids = BTreeSet::new();
    for sql in [
        "SELECT outlet_id FROM outlets",
        "SELECT staff_id FROM staff",
        "SELECT category_id FROM categories",
        "SELECT item_id FROM items",
        "SELECT notice_id FROM notices",
    ] {
        ids.extend(rows(&catalogue, sql, |row| row.get::<_, String>(0))?);
    }
    let items = rows(&catalogue, "SELECT item_id, body FROM items", |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    Ok(TerminalBooks {
        name: name.to_owned(),
        tenant: text("tenant_id"),
        terminal: text("terminal_id"),
        epoch: u32::try_from(identity["epoch"].as_u64().unwrap_or(0))?,
        entries,
        acked: acked.into_iter().collect(),
        rows: ids,
        items: parsed(items)?,
    })
}

fn parsed(items: Vec<(String, String)>) -> Result<BTreeMap<String, serde_json::Value>> {
    items.into_iter().map(|(id, body)| Ok((id, serde_json::from_str(&body)?))).collect()
}

/// Columns of a server's event after business and terminal.
const EVENT: &str = "epoch, seq, prev_hash, hash, signature, raw";

/// The books of a server's embedded database.
///
/// # Errors
/// When the file is not a server's.
pub fn server(folder: &Path) -> Result<ServerBooks> {
    let db = open(&folder.join(SERVER_FILE))?;
    let mut books = ServerBooks::default();
    let keys = rows(&db, "SELECT tenant_id, terminal_id, public_key FROM terminals", |row| {
        Ok((row.get(0)?, row.get(1)?, row.get::<_, Option<String>>(2)?))
    })?;
    for (tenant, terminal, key) in keys {
        if let Some(key) = key {
            books.keys.insert((tenant, terminal), key.parse()?);
        }
    }
    let sql = format!(
        "SELECT tenant_id, terminal_id, state, reason, {EVENT} FROM journal_events \
         ORDER BY tenant_id, terminal_id, epoch, seq"
    );
    books.events = rows(&db, &sql, |row| {
        Ok(Held {
            tenant: row.get(0)?,
            terminal: row.get(1)?,
            state: row.get(2)?,
            reason: row.get(3)?,
            entry: entry(row, 4)?,
        })
    })?;
    let forks = rows(&db, "SELECT terminal_id, epoch, seq, hash FROM journal_forks", |row| {
        let hash = Hash::from_bytes(row.get(3)?).to_string();
        Ok((row.get(0)?, row.get(1)?, u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0), hash))
    })?;
    books.forks = forks.into_iter().collect();
    sales(&db, &mut books)?;
    books.exceptions = rows(&db, "SELECT tenant_id, code, terminal_id, epoch, seq FROM exceptions", |row| {
        Ok(ExceptionRow {
            tenant: row.get(0)?,
            code: row.get(1)?,
            terminal: row.get(2)?,
            epoch: row.get(3)?,
            seq: row.get(4)?,
        })
    })?;
    let feed = rows(&db, "SELECT tenant_id, entity, row_id, body FROM feed_rows", |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?, row.get(3)?))
    })?;
    for (tenant, entity, id, body) in feed {
        let body: Option<String> = body;
        books.rows.entry(tenant.clone()).or_default().insert(id.clone());
        if let (Some(body), "item") = (body, entity.as_str()) {
            books.items.entry(tenant).or_default().insert(id, serde_json::from_str(&body)?);
        }
    }
    Ok(books)
}

fn sales(db: &Connection, books: &mut ServerBooks) -> Result<()> {
    let tenders = rows(db, "SELECT tenant_id, order_id, kind, amount FROM order_tenders", |row| {
        Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?)))
    })?;
    let mut by_order: BTreeMap<(String, String), Vec<(String, i64)>> = BTreeMap::new();
    for (order, tender) in tenders {
        by_order.entry(order).or_default().push(tender);
    }
    let sql = "SELECT tenant_id, order_id, receipt_number, business_date, total FROM orders";
    books.orders = rows(db, sql, |row| {
        Ok(OrderRow {
            tenant: row.get(0)?,
            order_id: row.get(1)?,
            receipt_number: row.get(2)?,
            business_date: row.get(3)?,
            total: row.get(4)?,
            tenders: Vec::new(),
        })
    })?;
    for order in &mut books.orders {
        let key = (order.tenant.clone(), order.order_id.clone());
        order.tenders = by_order.remove(&key).unwrap_or_default();
    }
    let sql = "SELECT tenant_id, refund_id, business_date, tender, amount FROM refunds";
    books.refunds = rows(db, sql, |row| {
        Ok(RefundRow {
            tenant: row.get(0)?,
            refund_id: row.get(1)?,
            business_date: row.get(2)?,
            tender: row.get(3)?,
            amount: row.get(4)?,
        })
    })?;
    let sql = "SELECT tenant_id, item_id, SUM(quantity) FROM stock_movements GROUP BY tenant_id, item_id";
    let stock = rows(db, sql, |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    books.stock = stock.into_iter().collect();
    Ok(())
}
