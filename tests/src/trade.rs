//! Real trade as input: the invoices of a CSV file (see the README of the shared data).

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use shared::{CurrencyCode, Money, Quantity, RoundingMode, UnitPrice};

use crate::figures::Figures;

/// What an invoice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A sale.
    Sale,
    /// Money back (the number begins with `C`).
    Refund,
    /// Goods that left without money (quantities below zero at price zero).
    Adjustment,
}

/// A line of an invoice.
#[derive(Debug, Clone)]
pub struct Line {
    /// The stock code.
    pub code: String,
    /// How many; below zero on refunds and adjustments.
    pub quantity: i32,
    /// Price of one unit.
    pub price: UnitPrice,
}

/// An invoice.
#[derive(Debug, Clone)]
pub struct Invoice {
    /// Its number.
    pub number: String,
    /// Its day, `YYYY-MM-DD`.
    pub day: String,
    /// What it is.
    pub kind: Kind,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// An item of the catalogue made from the invoices.
#[derive(Debug, Clone)]
pub struct CatalogueItem {
    /// The stock code.
    pub code: String,
    /// The first description that is not empty, or the code.
    pub name: String,
    /// The first price.
    pub price: UnitPrice,
}

/// The trade of a file.
pub struct Trade {
    /// The invoices, in their order.
    pub invoices: Vec<Invoice>,
    /// The items, by code.
    pub items: BTreeMap<String, CatalogueItem>,
}

/// The currency of the data.
pub fn currency() -> CurrencyCode {
    "GBP".parse().unwrap_or_else(|_| unreachable!("GBP is three capital letters"))
}

#[derive(Deserialize)]
struct Row {
    #[serde(rename = "InvoiceNo")]
    invoice: String,
    #[serde(rename = "StockCode")]
    code: String,
    #[serde(rename = "Description")]
    description: String,
    #[serde(rename = "Quantity")]
    quantity: i32,
    #[serde(rename = "InvoiceDate")]
    date: String,
    #[serde(rename = "UnitPrice")]
    price: String,
}

/// Reads the first `most` invoices of a file; `.gz` is unpacked.
///
/// # Errors
/// A row that is not of the expected form.
pub fn read(path: &Path, most: usize) -> Result<Trade> {
    let file = std::fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    let packed = path.extension().is_some_and(|extension| extension == "gz");
    let source: Box<dyn Read> =
        if packed { Box::new(flate2::read::GzDecoder::new(file)) } else { Box::new(file) };
    let mut invoices: Vec<Invoice> = Vec::new();
    let mut place: BTreeMap<String, usize> = BTreeMap::new();
    let mut items: BTreeMap<String, CatalogueItem> = BTreeMap::new();
    for (index, row) in csv::Reader::from_reader(source).deserialize().enumerate() {
        let row: Row = row.with_context(|| format!("row {}", index + 2))?;
        let price: UnitPrice = row.price.parse().with_context(|| format!("row {}", index + 2))?;
        let at = match place.get(&row.invoice) {
            Some(at) => *at,
            None if invoices.len() == most => continue,
            None => {
                let day = row.date.split(' ').next().unwrap_or_default().to_owned();
                invoices.push(Invoice {
                    number: row.invoice.clone(),
                    day,
                    kind: Kind::Sale,
                    lines: Vec::new(),
                });
                place.insert(row.invoice.clone(), invoices.len() - 1);
                invoices.len() - 1
            }
        };
        let name = clean(&row.description);
        let item = items.entry(row.code.clone()).or_insert_with(|| CatalogueItem {
            code: row.code.clone(),
            name: String::new(),
            price,
        });
        if item.name.is_empty() {
            item.name = name;
        }
        invoices[at].lines.push(Line { code: row.code, quantity: row.quantity, price });
    }
    for item in items.values_mut().filter(|item| item.name.is_empty()) {
        item.name.clone_from(&item.code);
    }
    for invoice in &mut invoices {
        invoice.kind = kind(invoice)?;
    }
    Ok(Trade { invoices, items })
}

fn clean(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn kind(invoice: &Invoice) -> Result<Kind> {
    let all_negative = invoice.lines.iter().all(|line| line.quantity < 0);
    let all_positive = invoice.lines.iter().all(|line| line.quantity > 0);
    let free = invoice.lines.iter().all(|line| line.price == UnitPrice::ZERO);
    if invoice.number.starts_with('C') {
        ensure!(all_negative, "refund {} has a quantity above zero", invoice.number);
        Ok(Kind::Refund)
    } else if all_positive {
        Ok(Kind::Sale)
    } else {
        ensure!(all_negative && free, "invoice {} is neither sale, refund nor adjustment", invoice.number);
        Ok(Kind::Adjustment)
    }
}

impl Line {
    /// `round(price × quantity)`, below zero on refunds.
    ///
    /// # Errors
    /// An overflow.
    pub fn amount(&self) -> Result<Money> {
        let quantity = Quantity::pieces(self.quantity);
        Ok(self.price.times(quantity, currency(), 2, RoundingMode::HalfUp)?)
    }
}

impl Invoice {
    /// The invoice's figures.
    ///
    /// # Errors
    /// An overflow.
    pub fn figures(&self) -> Result<Figures> {
        let mut money = 0;
        for line in &self.lines {
            money += line.amount()?.minor();
        }
        Ok(Figures {
            invoices: 1,
            lines: self.lines.len() as i64,
            units: self.lines.iter().map(|line| i64::from(line.quantity)).sum(),
            money,
        })
    }
}
