//! Lives of the journal: what a restored server lacks is sent again, an older image and damage on the disk are found.

use std::path::Path;

use serde_json::json;
use shared::wire;
use terminal::store::FILE_NAME;
use terminal::views::*;

use crate::fake_server::{FakeServer, Fault, Kept};
use crate::running_till::Till;
use crate::shop::HandClock;

fn receipts(kept: &Kept) -> Vec<String> {
    let orders = kept.events.iter().filter(|chained| chained.event.kind == "order.completed");
    let mut numbers: Vec<String> =
        orders.map(|chained| chained.event.payload["receipt_number"].as_str().unwrap().to_owned()).collect();
    numbers.sort();
    numbers
}

fn numbers(count: usize) -> Vec<String> {
    (1..=count).map(|n| format!("KOTA-T3-{n:06}")).collect()
}

fn restarts(kept: &Kept) -> Vec<serde_json::Value> {
    let restarts = kept.events.iter().filter(|chained| chained.event.kind == "journal.restarted");
    restarts.map(|chained| chained.event.payload.clone()).collect()
}

fn quiet(till: &Till) {
    till.wait_until("everything is confirmed", |till| till.sync().waiting == 0);
}

/// Sells once, which the server answers with a fork.
fn sell_forked(till: &Till, server: &FakeServer) {
    let next = till.sync().last_seq + 1;
    server.fail_next(Fault::Refuse(409, wire::problem::FORK, json!({"seq": next, "new_epoch": 2})));
    till.sell();
}

fn copy_folder(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() && entry.file_name() != "engine.lock" {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// Sells three times that the server does not hear of, then spoils one row of the journal, and starts the till and the server
/// again.
fn reopened_after(dir: &Path, spoil: &str) -> (Till, FakeServer) {
    let mut server = FakeServer::start();
    let till = Till::selling(dir, &server, |_| {});
    quiet(&till);
    server.go_away();
    for _ in 0..3 {
        till.sell();
    }
    let clock: HandClock = till.clock.clone();
    drop(till);
    let db = rusqlite::Connection::open(dir.join(FILE_NAME)).unwrap();
    assert_eq!(db.execute(spoil, []).unwrap(), 1, "the fault fired");
    drop(db);
    server.come_back();
    let till = Till::open(dir, &clock);
    server.wait_for("the word", |kept| restarts(kept).len() == 1);
    (till, server)
}

#[test]
fn after_a_fork_a_server_that_lost_everything_gets_every_life_again() {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start();
    let till = Till::selling(dir.path(), &server, |_| {});
    till.sell();
    quiet(&till);
    sell_forked(&till, &server);
    server.wait_for("the second sale", |kept| receipts(kept).len() == 2);
    till.sell();
    quiet(&till);
    let before = server.change(|kept| kept.events.len());
    server.change(|kept| {
        kept.events.clear();
        kept.feed_epoch += 1;
    });
    let _: SyncView = till.call("sync.now", &Nothing {});
    server.wait_for("both lives", |kept| kept.events.len() == before);
    server.change(|kept| assert_eq!(receipts(kept), numbers(3)));
    quiet(&till);
}

#[test]
fn a_server_that_lost_only_an_older_life_gets_that_one() {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start();
    let till = Till::selling(dir.path(), &server, |_| {});
    till.sell();
    quiet(&till);
    sell_forked(&till, &server);
    quiet(&till);
    let lost = server.change(|kept| {
        let lost = kept.events.iter().filter(|chained| chained.event.epoch == 1).count();
        kept.events.retain(|chained| chained.event.epoch == 2);
        kept.feed_epoch += 1;
        lost
    });
    assert!(lost > 0);
    let _: SyncView = till.call("sync.now", &Nothing {});
    server.wait_for("the older life", |kept| {
        kept.events.iter().filter(|chained| chained.event.epoch == 1).count() == lost
    });
    quiet(&till);
    server.change(|kept| assert_eq!(receipts(kept), numbers(2)));
}

#[test]
fn an_older_image_is_found_at_the_first_exchange_and_goes_on_under_a_new_epoch() {
    let (dir, image) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = FakeServer::start();
    let till = Till::selling(dir.path(), &server, |_| {});
    till.sell();
    quiet(&till);
    let clock = till.clock.clone();
    drop(till);
    copy_folder(dir.path(), image.path());
    let till = Till::open(dir.path(), &clock);
    till.sign_in();
    till.sell();
    till.sell();
    quiet(&till);
    drop(till);

    let till = Till::open(image.path(), &clock);
    server.wait_for("the word", |kept| restarts(kept).len() == 1);
    server.change(|kept| assert_eq!(restarts(kept)[0]["reason"], "older_image"));
    quiet(&till);
    till.sign_in();
    till.sell();
    quiet(&till);
    server.change(|kept| {
        assert_eq!(receipts(kept).len(), 4, "nothing is dropped");
        let second: Vec<u64> =
            kept.events.iter().filter(|c| c.event.epoch == 2).map(|c| c.event.seq).collect();
        assert_eq!(second, (1..=second.len() as u64).collect::<Vec<_>>());
    });
}

#[test]
fn an_event_changed_on_the_disk_stays_behind_and_the_later_ones_arrive() {
    let dir = tempfile::tempdir().unwrap();
    let (till, server) = reopened_after(
        dir.path(),
        "UPDATE journal SET event = CAST(replace(CAST(event AS TEXT), '18000', '1') AS BLOB) \
         WHERE subject = 'KOTA-T3-000002'",
    );
    server.change(|kept| {
        assert_eq!(receipts(kept), ["KOTA-T3-000001", "KOTA-T3-000003"]);
        let word = &restarts(kept)[0];
        assert_eq!(word["reason"], "damaged");
        assert!(word["damaged"][0]["left"].as_str().unwrap().contains("KOTA-T3-000002"), "{word}");
    });
    till.sign_in();
    till.sell();
    quiet(&till);
    server.change(|kept| assert!(receipts(kept).contains(&"KOTA-T3-000004".to_owned())));
}

#[test]
fn a_row_missing_from_the_disk_is_named_and_the_rest_arrives() {
    let dir = tempfile::tempdir().unwrap();
    let (till, server) = reopened_after(dir.path(), "DELETE FROM journal WHERE subject = 'KOTA-T3-000001'");
    quiet(&till);
    server.change(|kept| assert_eq!(receipts(kept), ["KOTA-T3-000002", "KOTA-T3-000003"]));
}
