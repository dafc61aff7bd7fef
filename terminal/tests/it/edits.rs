//! Edits made here stay on screen until the server has worked through them, then its word stands.

use serde_json::{Value, json};
use shared::Timestamp;
use shared::journal::Fact;
use shared::stamp::{MAX_AHEAD_MS, Node, Stamp};
use shared::wire::{FeedRow, PullResponse, Worked};
use terminal::store::{StoreError, edits, items};
use terminal::views::*;
use terminal::{backoffice, catalogue, journal};

use crate::till::*;

const HOUR: i64 = 3_600_000;
const YEAR: i64 = 365 * 24 * HOUR;

fn managed() -> Till {
    let mut till = Till::new();
    till.sign_in(manager(), MANAGER_PIN).unwrap();
    till
}

fn rename(till: &mut Till, name: &str) -> u64 {
    let input = EditItemInput { item_id: kopi(), name: Some(name.into()), available: None, unit_price: None };
    till.run(|store, ctx| backoffice::edit_item(store, ctx, input)).unwrap();
    journal::head(till.store.db(), till.device.epoch).unwrap().0
}

/// The coffee as the server tells of it.
fn told(change_seq: u64, name: &str, available: bool) -> FeedRow {
    let body = json!({ "item_id": kopi(), "sku": "KOPI", "name": name, "category_id": id!(CategoryId, 1),
        "unit_price": "18000", "tax_ids": [id!(TaxId, 1)], "barcodes": ["8991234567891"], "available": available,
        "of_next_year": 1 });
    row("item", kopi(), change_seq, body)
}

/// A page of the server, which has worked through so much of this till's journal.
fn worked(till: &Till, seq: u64, rows: Vec<FeedRow>) -> PullResponse {
    let worked = Some(vec![Worked { epoch: till.device.epoch, seq }]);
    PullResponse { worked, server_time: till.clock_now(), ..page(rows, false, false) }
}

fn hear(till: &mut Till, page: &PullResponse) -> bool {
    let take = |tx: &terminal::store::Tx<'_>| -> Result<bool, StoreError> {
        Ok(catalogue::apply_page(tx, page)?.entities.contains("item"))
    };
    till.store.write(take).unwrap()
}

fn shown(till: &Till) -> (String, bool) {
    let item = items::get(till.store.db(), kopi()).unwrap().unwrap().item;
    (item.name, item.available)
}

fn name(till: &Till) -> String {
    shown(till).0
}

fn waits(till: &Till) -> bool {
    edits::are_pending(till.store.db()).unwrap()
}

/// The stamps of all edits, in the order of the journal.
fn stamps(till: &Till) -> Vec<Stamp> {
    let events = journal::events_after(till.store.db(), till.device.epoch, 0, 1_000, usize::MAX).unwrap();
    let facts = events.into_iter().filter_map(|chained| Fact::of(&chained.event).unwrap());
    facts.filter_map(|fact| if let Fact::ItemEdited(edited) = fact { edited.stamp } else { None }).collect()
}

#[test]
fn an_edit_stays_until_the_server_has_worked_through_it() {
    let mut till = managed();
    let seq = rename(&mut till, "Kopi Gula Aren");
    // The server tells of something else about the item, and knows nothing of the edit yet.
    let page = worked(&till, seq - 1, vec![told(20, "Kopi Susu", false)]);
    hear(&mut till, &page);
    assert_eq!(
        shown(&till),
        ("Kopi Gula Aren".into(), false),
        "no flicker, and the other field is the server's"
    );
    let mut till = till.restart();
    assert_eq!(name(&till), "Kopi Gula Aren");
    let page = worked(&till, seq, vec![told(21, "Kopi Gula Aren", false)]);
    hear(&mut till, &page);
    assert!(!waits(&till));
    // From now on the feed is all there is.
    let page = worked(&till, seq, vec![told(22, "Kopi Tubruk", true)]);
    hear(&mut till, &page);
    assert_eq!(shown(&till), ("Kopi Tubruk".into(), true));
}

#[test]
fn an_edit_that_lost_gives_way_to_what_the_server_last_said_of_the_field() {
    let mut till = managed();
    let seq = rename(&mut till, "Mine");
    let page = worked(&till, seq - 1, vec![told(20, "Headquarters", true)]);
    hear(&mut till, &page);
    assert_eq!(name(&till), "Mine");
    // Worked through, and no row comes with it: it changed nothing there.
    let page = worked(&till, seq, vec![]);
    assert!(hear(&mut till, &page), "the screens are told");
    assert_eq!(name(&till), "Headquarters");
    assert_eq!(till.count("SELECT COUNT(*) FROM pending_edits"), 0);
    let found =
        till.read(|db, ctx| backoffice::items(db, ctx, ItemsInput { query: "headq".into(), offset: 0 }));
    assert_eq!(found.unwrap().total, 1, "it is found by the name that stands");
}

#[test]
fn an_edit_that_was_set_aside_gives_way_even_when_no_row_ever_came() {
    let mut till = managed();
    let seq = rename(&mut till, "Mine");
    let page = worked(&till, seq + 3, vec![]);
    assert!(hear(&mut till, &page));
    assert_eq!(name(&till), "Kopi Susu");
    assert!(!hear(&mut till, &page));
}

#[test]
fn the_middle_of_a_reading_lets_nothing_go() {
    let mut till = managed();
    let seq = rename(&mut till, "Mine");
    let middle = PullResponse { more: true, ..worked(&till, seq, vec![told(20, "Kopi Susu", true)]) };
    hear(&mut till, &middle);
    assert_eq!(name(&till), "Mine");
    let page = worked(&till, seq, vec![told(21, "Mine", true)]);
    hear(&mut till, &page);
    assert_eq!((name(&till), waits(&till)), ("Mine".into(), false));
}

#[test]
fn of_two_edits_of_a_field_the_second_waits_on() {
    let mut till = managed();
    let first = rename(&mut till, "First");
    let second = rename(&mut till, "Second");
    let page = worked(&till, first, vec![told(20, "First", true)]);
    hear(&mut till, &page);
    assert_eq!((name(&till), waits(&till)), ("Second".into(), true));
    let page = worked(&till, second, vec![]);
    hear(&mut till, &page);
    assert_eq!(name(&till), "First", "the second was refused: what the server last said stands");
}

#[test]
fn a_whole_new_reading_lays_rows_beneath_the_edits_too() {
    let mut till = managed();
    let seq = rename(&mut till, "Mine");
    let all = feed().into_iter().map(|row| FeedRow { change_seq: 1, ..row }).collect();
    let reset = PullResponse { reset: true, ..worked(&till, seq - 1, all) };
    hear(&mut till, &reset);
    assert_eq!(name(&till), "Mine");
    // So does a catalogue that is exchanged as a whole, however it came.
    let plain = |tx: &terminal::store::Tx<'_>| -> Result<(), StoreError> {
        tx.execute(
            "UPDATE items SET body = json_set(body, '$.name', 'Of the new file') WHERE item_id = ?1",
            [kopi().to_string()],
        )?;
        edits::lay_all_over(tx)
    };
    till.store.write(plain).unwrap();
    assert_eq!(name(&till), "Mine");
    let page = worked(&till, seq, vec![]);
    hear(&mut till, &page);
    assert_eq!(name(&till), "Of the new file");
}

#[test]
fn an_item_that_is_deleted_takes_its_edits_along() {
    let mut till = managed();
    let seq = rename(&mut till, "Mine");
    let gone = FeedRow { entity: "item".into(), id: kopi().to_string(), change_seq: 20, body: None };
    let page = worked(&till, seq, vec![gone]);
    hear(&mut till, &page);
    assert_eq!(items::get(till.store.db(), kopi()).unwrap(), None);
    assert!(!waits(&till));
}

#[test]
fn a_server_that_does_not_say_how_far_it_is_goes_by_what_it_holds() {
    let mut till = managed();
    let seq = rename(&mut till, "Mine");
    let silent = |rows| PullResponse { worked: None, ..page(rows, false, false) };
    hear(&mut till, &silent(vec![told(20, "Kopi Susu", true)]));
    assert_eq!(name(&till), "Mine");
    let acked = |tx: &terminal::store::Tx<'_>| journal::set_acked(tx, 1, seq, None, Timestamp::default());
    till.store.write(acked).unwrap();
    hear(&mut till, &silent(vec![told(21, "Mine", true)]));
    assert_eq!((name(&till), waits(&till)), ("Mine".into(), false));
}

#[test]
fn an_edit_follows_its_event_into_a_new_life_of_the_journal() {
    let mut till = managed();
    let seq = rename(&mut till, "Mine");
    let device = till.device.clone();
    let begin = |tx: &terminal::store::Tx<'_>| journal::rebase(tx, &device, seq, 2);
    till.store.write(begin).unwrap();
    till.device.epoch = 2;
    let page = worked(&till, 0, vec![]);
    hear(&mut till, &page);
    assert_eq!(name(&till), "Mine");
    let page = worked(&till, 1, vec![]);
    hear(&mut till, &page);
    assert_eq!(name(&till), "Kopi Susu");
}

#[test]
fn stamps_grow_over_restarts_and_clocks_that_go_back() {
    let mut till = managed();
    for forward in [0, 0, 5, -HOUR, 0, 2 * HOUR] {
        till.clock.forward(forward);
        rename(&mut till, "Again");
        till = till.restart();
    }
    let stamps = stamps(&till);
    assert_eq!(stamps.len(), 6);
    assert!(stamps.is_sorted_by(|a, b| a < b), "{stamps:?}");
    assert!(stamps.iter().all(|stamp| stamp.node() == Node::Terminal(till.device.terminal_id)));
    assert_eq!(*stamps.last().unwrap(), Stamp::at(till.clock_now(), stamps[0].node()));
}

#[test]
fn an_edit_goes_after_what_the_feed_told_even_by_a_clock_that_was_never_set() {
    let mut till = managed();
    let server = Stamp::at(till.clock_now(), Node::Server).tick(till.clock_now());
    let told = PullResponse { stamp: Some(server), ..worked(&till, 0, vec![]) };
    hear(&mut till, &told);
    till.clock.forward(-till.clock_now().as_millis());
    rename(&mut till, "By a clock of 1970");
    assert!(stamps(&till)[0] > server);
}

#[test]
fn a_clock_that_is_set_back_goes_on_from_the_servers_time() {
    let mut till = managed();
    till.clock.forward(YEAR);
    let seq = rename(&mut till, "A year ahead");
    till.clock.forward(-YEAR);
    let server = Stamp::at(till.clock_now().plus_millis(i64::try_from(MAX_AHEAD_MS).unwrap()), Node::Server);
    let page = |till: &Till, seq| PullResponse { stamp: Some(server), ..worked(till, seq, vec![]) };
    let early = page(&till, seq - 1);
    hear(&mut till, &early);
    let next = rename(&mut till, "Still waiting");
    assert!(
        stamps(&till)[1] > stamps(&till)[0],
        "what one till writes stays in order until the server has it"
    );
    let done = page(&till, next);
    hear(&mut till, &done);
    rename(&mut till, "Healed");
    let healed = stamps(&till)[2];
    assert!(healed > server && !healed.is_ahead_of(till.clock_now().plus_millis(1)), "{healed}");
}

#[test]
fn of_very_many_edits_the_newest_wait() {
    let till = managed();
    let mut till = till;
    let note = |tx: &terminal::store::Tx<'_>| -> Result<(), StoreError> {
        for key in 1..=2_100_i64 {
            let edited = [("name", Value::from(key))];
            edits::note(tx, "item", &format!("item {key}"), &json!({}), &edited, key)?;
        }
        Ok(())
    };
    till.store.write(note).unwrap();
    assert_eq!(till.count("SELECT COUNT(*) FROM pending_edits"), 2_000);
    assert_eq!(till.count("SELECT MIN(journal_key) FROM pending_edits"), 101);
}
