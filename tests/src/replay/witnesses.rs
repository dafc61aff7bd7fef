//! Who is asked at the end: the journals of the terminals, the server's API, and the paper.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use shared::Quantity;
use shared::journal::{Event, Fact};

use super::{Cashier, Heard, compare, input};
use crate::figures::{Figures, Witness};
use crate::paper::Paper;
use crate::program::Program;
use crate::shop::Shop;
use crate::trade::Trade;

pub(super) async fn hear(
    trade: &Trade,
    shop: &mut Shop,
    cashiers: &[Cashier],
    printers: &[(Program, PathBuf)],
) -> Result<Heard> {
    let (wanted, days) = input(trade)?;
    let mut terminals = Witness::default();
    let mut number_gaps = Vec::new();
    for cashier in cashiers {
        let numbers = journal(cashier.till().folder(), &mut terminals)?;
        number_gaps.extend(gaps(numbers));
    }
    let server = applied(shop, wanted.seen.len()).await?;
    let mut paper = Paper::default();
    for (_, folder) in printers {
        paper.read(folder)?;
    }
    let witnesses =
        [("input", &wanted), ("terminals", &terminals), ("server", &server), ("receipts", &paper.witness)];
    Ok(Heard {
        comparison: compare(&witnesses, &days),
        copies: paper.copies,
        unmarked: paper.unmarked,
        number_gaps,
    })
}

/// Reads a terminal's journal; gives its receipt numbers in the order of the journal.
fn journal(folder: &Path, witness: &mut Witness) -> Result<Vec<String>> {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let store = rusqlite::Connection::open_with_flags(folder.join("kedai.db"), flags)?;
    let mut statement = store.prepare("SELECT event FROM journal ORDER BY journal_key")?;
    let mut rows = statement.query([])?;
    let mut numbers = Vec::new();
    while let Some(row) = rows.next()? {
        let event: Event = serde_json::from_slice(row.get_ref(0)?.as_bytes()?)?;
        let units = |quantities: Vec<Quantity>| quantities.iter().map(|q| q.raw()).sum::<i64>() / 1_000;
        match Fact::of(&event)? {
            Some(Fact::OrderCompleted(order)) => {
                let figures = Figures {
                    invoices: 1,
                    lines: order.lines.len() as i64,
                    units: units(order.lines.iter().map(|line| line.quantity).collect()),
                    money: order.total.minor(),
                };
                numbers.push(order.receipt_number);
                witness.saw(order.note.context("an order without a note")?, figures);
            }
            Some(Fact::RefundCompleted(refund)) => {
                let figures = Figures {
                    invoices: 1,
                    lines: refund.lines.len() as i64,
                    units: -units(refund.lines.iter().map(|line| line.quantity).collect()),
                    money: -refund.total.minor(),
                };
                numbers.push(refund.receipt_number);
                witness.saw(refund.reason, figures);
            }
            Some(Fact::StockMoved(moved)) => {
                let figures = Figures {
                    invoices: 1,
                    lines: moved.lines.len() as i64,
                    units: units(moved.lines.iter().map(|line| line.quantity).collect()),
                    money: 0,
                };
                witness.saw(moved.note, figures);
            }
            _ => {}
        }
    }
    Ok(numbers)
}

/// Receipt numbers that are not the one before plus one.
fn gaps(numbers: Vec<String>) -> Vec<String> {
    let count = |number: &String| number.rsplit('-').next().and_then(|digits| digits.parse::<u64>().ok());
    let mut out = Vec::new();
    for (index, number) in numbers.iter().enumerate() {
        if count(number) != Some(index as u64 + 1) {
            out.push(format!("{number} at place {}", index + 1));
        }
    }
    out
}

/// Waits until the server has applied as much as was put in, then reads it as headquarters does.
async fn applied(shop: &mut Shop, wanted: usize) -> Result<Witness> {
    let deadline = Instant::now() + Duration::from_secs(120);
    loop {
        let witness = server(shop).await?;
        if witness.seen.len() >= wanted {
            return Ok(witness);
        }
        if Instant::now() > deadline {
            let exceptions = shop.get("/exceptions").await?;
            eprintln!("the server has applied {} of {wanted}; exceptions: {exceptions}", witness.seen.len());
            return Ok(witness);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

async fn server(shop: &mut Shop) -> Result<Witness> {
    let mut witness = Witness::default();
    for order in pages(shop, "/orders?include=lines&limit=100", "orders").await? {
        let (lines, units) = goods(&order)?;
        let figures = Figures { invoices: 1, lines, units, money: minor(&order["total"])? };
        witness.saw(text(&order["note"])?, figures);
    }
    for refund in pages(shop, "/refunds?include=lines&limit=100", "refunds").await? {
        let (lines, units) = goods(&refund)?;
        let figures = Figures { invoices: 1, lines, units: -units, money: -minor(&refund["total"])? };
        witness.saw(text(&refund["reason"])?, figures);
    }
    for moved in pages(shop, "/inventory/movements?limit=100", "movements").await? {
        let (lines, units) = goods(&moved)?;
        witness.saw(text(&moved["note"])?, Figures { invoices: 1, lines, units, money: 0 });
    }
    Ok(witness)
}

async fn pages(shop: &mut Shop, path: &str, list: &str) -> Result<Vec<Value>> {
    let mut all = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = match &cursor {
            Some(cursor) => shop.get(&format!("{path}&cursor={cursor}")).await?,
            None => shop.get(path).await?,
        };
        let rows = page[list].as_array().with_context(|| format!("no `{list}` in the answer to {path}"))?;
        all.extend(rows.iter().cloned());
        let next = page["next_cursor"].as_str().map(str::to_owned);
        ensure!(next.is_none() || next != cursor, "the cursor of {path} does not move");
        match next {
            Some(next) => cursor = Some(next),
            None => return Ok(all),
        }
    }
}

fn goods(document: &Value) -> Result<(i64, i64)> {
    let lines = document["lines"].as_array().context("no lines")?;
    let mut units = 0;
    for line in lines {
        units += text(&line["quantity"])?.parse::<Quantity>()?.raw();
    }
    Ok((lines.len() as i64, units / 1_000))
}

fn minor(value: &Value) -> Result<i64> {
    Ok(text(value)?.parse::<shared::Money>()?.minor())
}

fn text(value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("no text: {value}"))
}
