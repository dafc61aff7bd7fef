//! The checker catches a violation of each invariant: the books of a real run, in which one thing is changed.

use std::sync::OnceLock;

use super::*;
use crate::simulation::plan::{Setting, Step, What, steps};
use crate::simulation::{Template, run_steps};

/// The books of a run with trade and without faults.
fn books() -> Books {
    static BOOKS: OnceLock<Books> = OnceLock::new();
    BOOKS
        .get_or_init(|| {
            let setting = Setting { terminals: 3, hours: 1 };
            let template = Template::make(setting.terminals).unwrap();
            let plan: Vec<Step> =
                steps(3, setting).into_iter().filter(|step| !matches!(step.what, What::Fault(_))).collect();
            let outcome = run_steps(&template, 3, setting, &plan, None).unwrap();
            assert_eq!(outcome.violations, Vec::new());
            assert!(outcome.books.server.orders.len() > 10, "there is trade to look at");
            outcome.books
        })
        .clone()
}

/// Whether this is found after `break_it`, and nothing before.
fn finds(invariant: Invariant, break_it: impl FnOnce(&mut Books)) {
    let mut books = books();
    assert_eq!(check(&books), Vec::new(), "the books hold before");
    break_it(&mut books);
    let found = check(&books);
    assert!(found.iter().any(|violation| violation.invariant == invariant), "{found:?}");
}

/// The first sale of the server's journal.
fn a_sale(books: &Books) -> usize {
    books
        .server
        .events
        .iter()
        .position(|held| held.entry.raw.windows(15).any(|w| w == b"order.completed"))
        .unwrap()
}

#[test]
fn i1_a_receipt_without_an_event_and_a_sale_that_never_came_are_found() {
    finds(Invariant::I1, |books| books.witness.receipts[0].order_id = "nowhere".to_owned());
    finds(Invariant::I1, |books| drop(books.server.orders.pop()));
}

#[test]
fn i1_a_sale_that_is_there_twice_is_found() {
    finds(Invariant::I1, |books| {
        let twice = books.server.orders[0].clone();
        books.server.orders.push(twice);
    });
}

#[test]
fn i1_what_went_down_with_its_disk_is_no_violation() {
    let mut books = books();
    let mut receipt = books.witness.receipts[0].clone();
    receipt.order_id = "sunk".to_owned();
    books.witness.receipts.push(receipt);
    books.witness.lost.insert("sunk".to_owned());
    assert_eq!(check(&books), Vec::new());
}

#[test]
fn i2_an_overwritten_event_and_a_branch_without_a_record_are_found() {
    finds(Invariant::I2, |books| {
        let place = books.witness.confirmed.keys().next().unwrap().clone();
        books.witness.confirmed.insert(place, shared::journal::Hash::of(b"another"));
    });
    finds(Invariant::I2, |books| {
        let own = &mut books.terminals[0];
        own.entries.last_mut().unwrap().hash = shared::journal::Hash::of(b"another");
    });
}

#[test]
fn i3_a_gap_a_changed_byte_and_a_foreign_signature_are_found() {
    finds(Invariant::I3, |books| {
        let at = a_sale(books);
        books.server.events.remove(at);
    });
    finds(Invariant::I3, |books| books.terminals[1].entries[1].raw.push(b' '));
    finds(Invariant::I3, |books| books.server.events[0].entry.signature[7] ^= 1);
}

#[test]
fn i3_a_missing_receipt_number_is_found() {
    finds(Invariant::I3, |books| {
        let own = &mut books.terminals[0];
        for entry in &mut own.entries {
            let Some(event) = &mut entry.event else { continue };
            if event.payload["receipt_number"].as_str().is_some_and(|number| number.ends_with("-000001")) {
                event.payload["receipt_number"] = "ONE-T1-009999".into();
            }
        }
    });
}

#[test]
fn i4_what_counts_as_confirmed_but_is_not_held_is_found() {
    finds(Invariant::I4, |books| {
        let last = books.terminals[0].last_seq();
        let terminal = books.terminals[0].terminal.clone();
        books.server.events.retain(|held| held.terminal != terminal || held.entry.seq < last);
    });
}

#[test]
fn i5_money_and_goods_that_differ_are_found() {
    finds(Invariant::I5, |books| books.server.orders[0].tenders[0].1 += 1);
    finds(Invariant::I5, |books| *books.server.stock.values_mut().next().unwrap() += 1_000);
    finds(Invariant::I5, |books| books.server.orders[0].total += 1);
}

#[test]
fn i6_a_row_or_an_event_of_another_business_is_found() {
    finds(Invariant::I6, |books| {
        let foreign = books.terminals[2].rows.first().unwrap().clone();
        books.terminals[0].rows.insert(foreign);
    });
    finds(Invariant::I6, |books| {
        let other = books.terminals[2].tenant.clone();
        let own = books.terminals[0].tenant.clone();
        let held = books.server.events.iter_mut().find(|held| held.tenant == own).unwrap();
        held.tenant = other;
    });
}

#[test]
fn i7_what_still_waits_or_was_not_applied_or_differs_is_found() {
    finds(Invariant::I7, |books| {
        let own = &mut books.terminals[0];
        let last = own.last_seq();
        own.acked.insert(own.epoch, last - 1);
    });
    finds(Invariant::I7, |books| books.server.events[0].state = "received".to_owned());
    finds(Invariant::I7, |books| {
        let item = books.terminals[0].items.values_mut().next().unwrap();
        item["name"] = "another name".into();
    });
}

#[test]
fn i8_and_i9_are_seen_in_the_moment_and_kept() {
    for invariant in [Invariant::I8, Invariant::I9] {
        finds(invariant, |books| books.witness.seen.push(Violation::new(invariant, "seen")));
    }
}

#[test]
fn i10_an_anomaly_or_a_parked_event_without_a_word_is_found() {
    finds(Invariant::I10, |books| {
        let of = books.terminals[0].clone();
        let (tenant, terminal) = (of.tenant, of.terminal);
        let codes = vec!["event_parked"];
        books.witness.anomalies.push(Anomaly { what: "a poison".to_owned(), tenant, terminal, codes });
    });
    finds(Invariant::I10, |books| {
        let at = a_sale(books);
        books.server.events[at].state = "parked".to_owned();
        books.server.events[at].reason = Some("unknown_item".to_owned());
    });
}
