//! I2, I3 and I4: nothing overwritten, nothing missing, nothing confirmed that is not held.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use shared::journal::{Fact, GENESIS_HASH, Hash, PublicKey, Signature};

use super::{Books, Entry, Invariant, TerminalBooks, Violation};

pub(super) fn check(books: &Books, found: &mut Vec<Violation>) {
    overwritten(books, found);
    for terminal in &books.terminals {
        chains(&terminal.name, &terminal.entries, None, found);
        receipt_numbers(terminal, found);
        confirmed(books, terminal, found);
    }
    let mut journals: BTreeMap<(&str, &str), Vec<Entry>> = BTreeMap::new();
    for held in &books.server.events {
        journals.entry((&held.tenant, &held.terminal)).or_default().push(held.entry.clone());
    }
    for ((tenant, terminal), entries) in journals {
        let key = books.server.keys.get(&(tenant.to_owned(), terminal.to_owned()));
        chains(&format!("the server's journal of {terminal}"), &entries, key, found);
    }
}

/// Every life is contiguous from 1, every hash is that of its bytes, every signature is the terminal's.
fn chains(of: &str, entries: &[Entry], key: Option<&PublicKey>, found: &mut Vec<Violation>) {
    let mut lives: BTreeMap<u32, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        lives.entry(entry.epoch).or_default().push(entry);
    }
    for (epoch, mut life) in lives {
        life.sort_by_key(|entry| entry.seq);
        let (mut seq, mut hash) = (0, GENESIS_HASH);
        for entry in life {
            let mut bytes = entry.prev_hash.as_bytes().to_vec();
            bytes.extend_from_slice(&entry.raw);
            let why = if entry.seq != seq + 1 {
                "does not follow the one before it"
            } else if entry.prev_hash != hash {
                "is chained to something else"
            } else if Hash::of(&bytes) != entry.hash {
                "has bytes other than those hashed"
            } else if key.is_some_and(|key| !is_signed(entry, key)) {
                "is not signed by its terminal"
            } else {
                (seq, hash) = (entry.seq, entry.hash);
                continue;
            };
            let place = format!("{of}: event {epoch}/{} {why} (before it {seq})", entry.seq);
            found.push(Violation::new(Invariant::I3, place));
            break;
        }
    }
}

fn is_signed(entry: &Entry, key: &PublicKey) -> bool {
    let text: String = entry.signature.iter().map(|byte| format!("{byte:02x}")).collect();
    text.parse::<Signature>().is_ok_and(|signature| key.verify(entry.hash.as_bytes(), &signature).is_ok())
}

/// The receipts of one disk count up from 1 without a gap.
fn receipt_numbers(terminal: &TerminalBooks, found: &mut Vec<Violation>) {
    let counter = |number: &str| number.rsplit('-').next().and_then(|digits| digits.parse::<u64>().ok());
    let mut counters = BTreeSet::new();
    for event in terminal.entries.iter().filter_map(|entry| entry.event.as_ref()) {
        let number = match Fact::of(event) {
            Ok(Some(Fact::OrderCompleted(order))) => order.receipt_number,
            Ok(Some(Fact::RefundCompleted(refund))) => refund.receipt_number,
            _ => continue,
        };
        match counter(&number) {
            Some(counter) => drop(counters.insert(counter)),
            None => found.push(Violation::new(Invariant::I3, format!("`{number}` has no counter"))),
        }
    }
    let gap = counters.iter().zip(1_u64..).find(|(counter, wanted)| **counter != *wanted);
    if let Some((counter, wanted)) = gap {
        let text = format!("{}: receipt {wanted} is missing, {counter} is there", terminal.name);
        found.push(Violation::new(Invariant::I3, text));
    }
}

/// What the server once confirmed still stands, and where two branches met, a record tells.
fn overwritten(books: &Books, found: &mut Vec<Violation>) {
    let held: HashMap<(&str, u32, u64), &Hash> = books
        .server
        .events
        .iter()
        .map(|held| ((held.terminal.as_str(), held.entry.epoch, held.entry.seq), &held.entry.hash))
        .collect();
    for ((terminal, epoch, seq), hash) in &books.witness.confirmed {
        match held.get(&(terminal.as_str(), *epoch, *seq)) {
            Some(now) if *now == hash => {}
            Some(_) => {
                let text = format!("{terminal} {epoch}/{seq}: what the server confirmed was overwritten");
                found.push(Violation::new(Invariant::I2, text));
            }
            None => {
                let text = format!("{terminal} {epoch}/{seq}: what the server confirmed is gone");
                found.push(Violation::new(Invariant::I4, text));
            }
        }
    }
    if !books.witness.healed {
        return;
    }
    for terminal in &books.terminals {
        let differs = terminal.entries.iter().find(|entry| {
            held.get(&(terminal.terminal.as_str(), entry.epoch, entry.seq))
                .is_some_and(|hash| **hash != entry.hash)
        });
        let Some(entry) = differs else { continue };
        if !books.server.has_exception(&terminal.tenant, &terminal.terminal, FORK_CODES) {
            let text = format!(
                "{}: event {}/{} differs from the server's and no fork is recorded",
                terminal.name, entry.epoch, entry.seq
            );
            found.push(Violation::new(Invariant::I2, text));
        }
    }
}

/// Codes under which two branches of a journal are told.
pub(super) const FORK_CODES: &[&str] = &["journal_fork"];

/// What a terminal believes to be confirmed in its present life is held, and the same.
fn confirmed(books: &Books, terminal: &TerminalBooks, found: &mut Vec<Violation>) {
    if !books.witness.healed {
        return;
    }
    let Some(acked) = terminal.acked.get(&terminal.epoch).filter(|acked| **acked > 0) else { return };
    let held = books.server.events.iter().find(|held| {
        held.terminal == terminal.terminal && held.entry.epoch == terminal.epoch && held.entry.seq == *acked
    });
    if held.map(|held| held.entry.hash) != terminal.hash_at(terminal.epoch, *acked) {
        let text = format!(
            "{}: event {}/{acked} counts as confirmed, but the server does not hold it",
            terminal.name, terminal.epoch
        );
        found.push(Violation::new(Invariant::I4, text));
    }
}
