//! I6, I7 and I10: who sees what, what still waits, and what a person is told.

use super::{Books, Invariant, Violation};

pub(super) fn check(books: &Books, found: &mut Vec<Violation>) {
    foreign_rows(books, found);
    if books.witness.healed {
        waiting(books, found);
        anomalies(books, found);
    }
    parked(books, found);
}

/// A terminal holds no row of another business.
fn foreign_rows(books: &Books, found: &mut Vec<Violation>) {
    for terminal in &books.terminals {
        let own = books.server.rows.get(&terminal.tenant);
        let others = books.server.rows.iter().filter(|(tenant, _)| **tenant != terminal.tenant);
        for (tenant, rows) in others {
            let shared = terminal
                .rows
                .iter()
                .find(|id| rows.contains(*id) && !own.is_some_and(|own| own.contains(*id)));
            if let Some(id) = shared {
                let text = format!("{} holds {id} of business {tenant}", terminal.name);
                found.push(Violation::new(Invariant::I6, text));
            }
        }
    }
    for held in &books.server.events {
        let of = held.entry.event.as_ref().map(|event| event.tenant_id.to_string());
        if of.is_some_and(|tenant| tenant != held.tenant) {
            let text = format!("business {} holds an event of another", held.tenant);
            found.push(Violation::new(Invariant::I6, text));
        }
    }
}

/// Nothing waits once the network was fair, and what came down is what the server holds.
fn waiting(books: &Books, found: &mut Vec<Violation>) {
    for terminal in &books.terminals {
        let acked = terminal.acked.get(&terminal.epoch).copied().unwrap_or(0);
        let last = terminal.last_seq();
        if acked < last {
            let text = format!("{}: {} events still wait", terminal.name, last - acked);
            found.push(Violation::new(Invariant::I7, text));
        }
        let Some(items) = books.server.items.get(&terminal.tenant) else { continue };
        let differs = items.iter().find(|(id, body)| terminal.items.get(*id) != Some(*body));
        if let Some((id, _)) = differs {
            let text = format!("{}: item {id} is not what the server holds", terminal.name);
            found.push(Violation::new(Invariant::I7, text));
        }
    }
    let received = books.server.events.iter().filter(|held| held.state == "received").count();
    if received > 0 {
        found.push(Violation::new(Invariant::I7, format!("{received} events were never applied")));
    }
}

/// Every anomaly that was made is in the exceptions inbox.
fn anomalies(books: &Books, found: &mut Vec<Violation>) {
    for anomaly in &books.witness.anomalies {
        if !books.server.has_exception(&anomaly.tenant, &anomaly.terminal, &anomaly.codes) {
            let text = format!(
                "{} at {} left no exception ({})",
                anomaly.what,
                anomaly.terminal,
                anomaly.codes.join(" or ")
            );
            found.push(Violation::new(Invariant::I10, text));
        }
    }
}

/// Nothing is parked without a reason, nor without an exception that names it.
fn parked(books: &Books, found: &mut Vec<Violation>) {
    for held in books.server.events.iter().filter(|held| held.state == "parked") {
        let (epoch, seq) = (i64::from(held.entry.epoch), i64::try_from(held.entry.seq).ok());
        let told = books.server.exceptions.iter().any(|row| {
            row.tenant == held.tenant
                && row.code == "event_parked"
                && row.terminal.as_deref() == Some(&held.terminal)
                && (row.epoch, row.seq) == (Some(epoch), seq)
        });
        if held.reason.as_deref().unwrap_or_default().is_empty() || !told {
            let text = format!("{} {epoch}/{} is parked without a word", held.terminal, held.entry.seq);
            found.push(Violation::new(Invariant::I10, text));
        }
    }
}
