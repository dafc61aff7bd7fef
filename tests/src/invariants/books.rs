//! What is compared: the books of every terminal and of the server, and what was witnessed on the way.

use std::collections::{BTreeMap, BTreeSet};

use shared::journal::{Event, Hash, PublicKey};

use super::Violation;

/// An event of a journal as it is stored.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The life of the journal.
    pub epoch: u32,
    /// The place in it.
    pub seq: u64,
    /// The hash of the event before it.
    pub prev_hash: Hash,
    /// Its own.
    pub hash: Hash,
    /// The 64 bytes of its signature.
    pub signature: Vec<u8>,
    /// The canonical bytes.
    pub raw: Vec<u8>,
    /// The event; None when the bytes are none.
    pub event: Option<Event>,
}

/// What one disk of a terminal holds; a clone has books of its own under the same terminal.
#[derive(Debug, Clone)]
pub struct TerminalBooks {
    /// A name for messages.
    pub name: String,
    /// The business.
    pub tenant: String,
    /// The terminal.
    pub terminal: String,
    /// The present life of its journal.
    pub epoch: u32,
    /// The journal over all its lives, in order.
    pub entries: Vec<Entry>,
    /// How far the server has confirmed each life.
    pub acked: BTreeMap<u32, u64>,
    /// Ids of rows that came from the feed.
    pub rows: BTreeSet<String>,
    /// Items as they came from the feed: id and JSON.
    pub items: BTreeMap<String, serde_json::Value>,
}

/// An event as the server holds it.
#[derive(Debug, Clone)]
pub struct Held {
    /// The business.
    pub tenant: String,
    /// The terminal.
    pub terminal: String,
    /// The event.
    pub entry: Entry,
    /// `received`, `applied` or `parked`.
    pub state: String,
    /// Why it is parked.
    pub reason: Option<String>,
}

/// A sale in the server's tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderRow {
    /// The business.
    pub tenant: String,
    /// The order.
    pub order_id: String,
    /// Its receipt number.
    pub receipt_number: String,
    /// Its day of business.
    pub business_date: String,
    /// What was due, in minor units.
    pub total: i64,
    /// Kind and amount of each tender.
    pub tenders: Vec<(String, i64)>,
}

/// Money given back in the server's tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefundRow {
    /// The business.
    pub tenant: String,
    /// The refund.
    pub refund_id: String,
    /// Its day of business.
    pub business_date: String,
    /// By which means.
    pub tender: String,
    /// How much, in minor units.
    pub amount: i64,
}

/// Something in the exceptions inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExceptionRow {
    /// The business.
    pub tenant: String,
    /// What is wrong.
    pub code: String,
    /// On which terminal.
    pub terminal: Option<String>,
    /// The life of the journal of its event.
    pub epoch: Option<i64>,
    /// The place of its event.
    pub seq: Option<i64>,
}

/// What the server holds.
#[derive(Debug, Clone, Default)]
pub struct ServerBooks {
    /// The public key of each terminal, by business and terminal.
    pub keys: BTreeMap<(String, String), PublicKey>,
    /// The journals.
    pub events: Vec<Held>,
    /// Second branches: terminal, epoch, seq, hash.
    pub forks: BTreeSet<(String, u32, u64, String)>,
    /// Sales.
    pub orders: Vec<OrderRow>,
    /// Refunds.
    pub refunds: Vec<RefundRow>,
    /// Stock moved, in thousandths, by business and item.
    pub stock: BTreeMap<(String, String), i64>,
    /// What a person must look at.
    pub exceptions: Vec<ExceptionRow>,
    /// Ids of rows in the feed, by business.
    pub rows: BTreeMap<String, BTreeSet<String>>,
    /// Items in the feed, by business: id and JSON.
    pub items: BTreeMap<String, BTreeMap<String, serde_json::Value>>,
}

/// A receipt that a person was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The business.
    pub tenant: String,
    /// The terminal.
    pub terminal: String,
    /// The order.
    pub order_id: String,
    /// The number on it.
    pub receipt_number: String,
    /// What was due, in minor units.
    pub total: i64,
}

/// Something wrong that was done on purpose, and must be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anomaly {
    /// What was done, for messages.
    pub what: String,
    /// The business.
    pub tenant: String,
    /// The terminal.
    pub terminal: String,
    /// One of these codes must be in the exceptions inbox.
    pub codes: Vec<&'static str>,
}

/// What was seen on the way.
#[derive(Debug, Clone, Default)]
pub struct Witness {
    /// Receipts given.
    pub receipts: Vec<Receipt>,
    /// Orders whose every copy went down with a disk before any other place had one.
    pub lost: BTreeSet<String>,
    /// Anomalies made.
    pub anomalies: Vec<Anomaly>,
    /// The hash that the server once confirmed at a place: terminal, epoch, seq. Forgotten when its database is put back.
    pub confirmed: BTreeMap<(String, u32, u64), Hash>,
    /// Violations that show only in the moment (I4, I6, I8, I9).
    pub seen: Vec<Violation>,
    /// Whether the network was fair for long enough that everything must have arrived.
    pub healed: bool,
}

/// Everything there is to compare.
#[derive(Debug, Clone, Default)]
pub struct Books {
    /// Every disk.
    pub terminals: Vec<TerminalBooks>,
    /// The server.
    pub server: ServerBooks,
    /// What was seen.
    pub witness: Witness,
}

impl TerminalBooks {
    /// The place of the last event of the present life.
    pub fn last_seq(&self) -> u64 {
        self.entries
            .iter()
            .filter(|entry| entry.epoch == self.epoch)
            .map(|entry| entry.seq)
            .max()
            .unwrap_or(0)
    }

    /// The hash at a place.
    pub fn hash_at(&self, epoch: u32, seq: u64) -> Option<Hash> {
        self.entries.iter().find(|entry| entry.epoch == epoch && entry.seq == seq).map(|entry| entry.hash)
    }
}

impl ServerBooks {
    /// Whether an exception of `code` is about a place of a terminal (or about the terminal as a whole).
    pub fn has_exception(&self, tenant: &str, terminal: &str, codes: &[&str]) -> bool {
        self.exceptions.iter().any(|row| {
            row.tenant == tenant
                && row.terminal.as_deref() == Some(terminal)
                && codes.contains(&row.code.as_str())
        })
    }
}
