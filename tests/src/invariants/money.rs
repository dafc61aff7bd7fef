//! I1 and I5: every sale exactly once, and the same money and goods on both sides.

use std::collections::{BTreeMap, HashMap, HashSet};

use shared::journal::{Event, Fact};

use super::{Books, Invariant, Violation};

/// Sums by business, day and means: in minor units.
type Money = BTreeMap<(String, String, String), i64>;

pub(super) fn check(books: &Books, found: &mut Vec<Violation>) {
    let facts = Facts::of(books);
    receipts(books, &facts, found);
    if books.witness.healed {
        once(books, &facts, found);
        balance(books, &facts, found);
    }
}

/// Every fact that a journal holds anywhere, once.
#[derive(Default)]
struct Facts {
    /// Orders in any journal: id and total.
    orders: HashMap<String, i64>,
    money: Money,
    stock: BTreeMap<(String, String), i64>,
}

impl Facts {
    fn of(books: &Books) -> Self {
        let parked: HashSet<(&str, u32, u64, &[u8; 32])> = books
            .server
            .events
            .iter()
            .filter(|held| held.state == "parked")
            .map(|held| {
                let entry = &held.entry;
                (held.terminal.as_str(), entry.epoch, entry.seq, entry.hash.as_bytes())
            })
            .collect();
        let mut facts = Self::default();
        let mut known = HashSet::new();
        let terminals = books
            .terminals
            .iter()
            .flat_map(|terminal| terminal.entries.iter().map(|entry| (terminal.terminal.as_str(), entry)));
        let server = books.server.events.iter().map(|held| (held.terminal.as_str(), &held.entry));
        for (terminal, entry) in terminals.chain(server) {
            if parked.contains(&(terminal, entry.epoch, entry.seq, entry.hash.as_bytes())) {
                continue;
            }
            if let Some(event) = &entry.event {
                facts.add(event, &mut known);
            }
        }
        facts
    }

    fn add(&mut self, event: &Event, known: &mut HashSet<String>) {
        let tenant = event.tenant_id.to_string();
        match Fact::of(event) {
            Ok(Some(Fact::OrderCompleted(order))) if known.insert(order.order_id.to_string()) => {
                self.orders.insert(order.order_id.to_string(), order.total.minor());
                let day = order.business_date.to_string();
                for tender in &order.tenders {
                    self.give(&tenant, &day, &word(&tender.kind), tender.amount.minor());
                }
                for line in &order.lines {
                    self.move_goods(&tenant, &line.item_id.to_string(), -line.quantity.raw());
                }
            }
            Ok(Some(Fact::RefundCompleted(refund))) if known.insert(refund.refund_id.to_string()) => {
                let day = refund.business_date.to_string();
                self.give(&tenant, &day, &word(&refund.tender), -refund.amount.minor());
                for line in refund.lines.iter().filter(|line| line.restock) {
                    self.move_goods(&tenant, &line.item_id.to_string(), line.quantity.raw());
                }
            }
            Ok(Some(Fact::StockMoved(moved))) if known.insert(moved.stock_movement_id.to_string()) => {
                for line in &moved.lines {
                    self.move_goods(&tenant, &line.item_id.to_string(), line.quantity.raw());
                }
            }
            _ => {}
        }
    }

    fn give(&mut self, tenant: &str, day: &str, kind: &str, minor: i64) {
        *self.money.entry((tenant.to_owned(), day.to_owned(), kind.to_owned())).or_default() += minor;
    }

    fn move_goods(&mut self, tenant: &str, item: &str, thousandths: i64) {
        *self.stock.entry((tenant.to_owned(), item.to_owned())).or_default() += thousandths;
    }
}

/// The word of a value in JSON.
fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Every receipt that a person was given stands in a journal.
fn receipts(books: &Books, facts: &Facts, found: &mut Vec<Violation>) {
    for receipt in &books.witness.receipts {
        if books.witness.lost.contains(&receipt.order_id) {
            continue;
        }
        match facts.orders.get(&receipt.order_id) {
            Some(total) if *total == receipt.total => {}
            Some(total) => {
                let text = format!(
                    "receipt {} over {} stands as {total} in the journal",
                    receipt.receipt_number, receipt.total
                );
                found.push(Violation::new(Invariant::I1, text));
            }
            None => {
                let text = format!(
                    "receipt {} ({}) was given, but no journal has it",
                    receipt.receipt_number, receipt.order_id
                );
                found.push(Violation::new(Invariant::I1, text));
            }
        }
    }
}

/// Every order of a journal stands on the server exactly once.
fn once(books: &Books, facts: &Facts, found: &mut Vec<Violation>) {
    let mut rows: HashMap<&str, (usize, i64)> = HashMap::new();
    for order in &books.server.orders {
        let row = rows.entry(order.order_id.as_str()).or_default();
        *row = (row.0 + 1, order.total);
    }
    let mut orders: Vec<_> = facts.orders.iter().collect();
    orders.sort();
    for (order, total) in orders {
        let text = match rows.get(order.as_str()) {
            Some((1, held)) if held == total => continue,
            Some((1, held)) => {
                let text = format!("order {order}: {total} in its journal, {held} on the server");
                found.push(Violation::new(Invariant::I5, text));
                continue;
            }
            Some((times, _)) => format!("order {order} is on the server {times} times"),
            None => format!("order {order} never came to the server's tables"),
        };
        found.push(Violation::new(Invariant::I1, text));
    }
}

/// Money and goods are the same on both sides.
fn balance(books: &Books, facts: &Facts, found: &mut Vec<Violation>) {
    let mut money = Money::new();
    for order in &books.server.orders {
        for (kind, amount) in &order.tenders {
            let key = (order.tenant.clone(), order.business_date.clone(), kind.clone());
            *money.entry(key).or_default() += amount;
        }
    }
    for refund in &books.server.refunds {
        let key = (refund.tenant.clone(), refund.business_date.clone(), refund.tender.clone());
        *money.entry(key).or_default() -= refund.amount;
    }
    compare("money", &facts.money, &money, found);
    compare("stock", &facts.stock, &books.server.stock, found);
}

fn compare<K: Ord + Clone + std::fmt::Debug>(
    what: &str,
    terminals: &BTreeMap<K, i64>,
    server: &BTreeMap<K, i64>,
    found: &mut Vec<Violation>,
) {
    let mut keys: Vec<&K> = terminals.keys().chain(server.keys()).collect();
    keys.sort();
    keys.dedup();
    for key in keys {
        let (own, held) = (terminals.get(key).unwrap_or(&0), server.get(key).unwrap_or(&0));
        if own != held {
            let text = format!("{what} of {key:?}: terminals {own}, server {held}");
            found.push(Violation::new(Invariant::I5, text));
        }
    }
}
