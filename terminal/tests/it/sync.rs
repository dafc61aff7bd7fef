//! The exchange with a server that fails in every way it can.

use serde_json::json;
use shared::Timestamp;
use shared::ids::ItemId;
use shared::wire::{self, FeedRow, Notice, entity};
use terminal::views::*;

use crate::fake_server::{FakeServer, Fault, Kept};
use crate::running_till::Till;
use crate::shop::{self, HandClock};

fn orders(kept: &Kept) -> Vec<String> {
    let orders = kept.events.iter().filter(|chained| chained.event.kind == "order.completed");
    orders.map(|chained| chained.event.payload["receipt_number"].as_str().unwrap().to_owned()).collect()
}

fn settled(till: &Till, server: &FakeServer, sales: usize) {
    till.wait_until("everything is confirmed", |till| till.sync().waiting == 0);
    let expected: Vec<String> = (1..=sales).map(|n| format!("KOTA-T3-{n:06}")).collect();
    assert_eq!(server.change(|kept| orders(kept)), expected);
}

/// Sells once while the next push with events fails so; the sale stands and arrives once.
fn sale_survives(fault: Fault) {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start();
    let till = Till::selling(dir.path(), &server, |_| {});
    till.wait_until("a quiet start", |till| till.sync().waiting == 0);
    server.fail_next(fault);
    till.sell();
    server.wait_for("the fault", |kept| kept.failed == 1);
    server.wait_for("the sale", |kept| !orders(kept).is_empty());
    settled(&till, &server, 1);
    assert_eq!(till.sync().error, None);
}

#[test]
fn an_answer_lost_after_the_commit_doubles_nothing() {
    sale_survives(Fault::AnswerLost);
}

#[test]
fn a_sign_in_page_of_a_hotel_is_no_confirmation() {
    sale_survives(Fault::Garbage);
}

#[test]
fn a_busy_server_is_asked_again() {
    sale_survives(Fault::Busy(1));
}

#[test]
fn a_confirmation_with_another_hash_is_not_believed() {
    sale_survives(Fault::WrongHash);
}

#[test]
fn a_server_that_confirms_nothing_is_asked_again() {
    sale_survives(Fault::Nothing);
}

#[test]
fn a_server_in_trouble_is_asked_again() {
    sale_survives(Fault::Refuse(500, "internal", json!({})));
}

#[test]
fn a_server_that_lost_history_gets_it_again() {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start();
    let till = Till::selling(dir.path(), &server, |_| {});
    for _ in 0..3 {
        till.sell();
    }
    settled(&till, &server, 3);
    // Put back from a backup taken before the sales: shorter journal, new epoch of the feed.
    server.change(|kept| {
        kept.events.truncate(2);
        kept.feed_epoch += 1;
    });
    let _: SyncView = till.call("sync.now", &Nothing {});
    server.wait_for("the history", |kept| orders(kept).len() == 3);
    settled(&till, &server, 3);
}

#[test]
fn a_server_that_misses_events_names_the_first_and_gets_it() {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start();
    let till = Till::selling(dir.path(), &server, |_| {});
    till.sell();
    settled(&till, &server, 1);
    server.change(|kept| kept.events.clear());
    server.fail_next(Fault::Refuse(409, wire::problem::GAP, json!({"expected_seq": 1})));
    till.sell();
    server.wait_for("both sales", |kept| orders(kept).len() == 2);
    settled(&till, &server, 2);
}

#[test]
fn a_forked_journal_goes_on_under_a_new_epoch_and_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start();
    let till = Till::selling(dir.path(), &server, |_| {});
    till.sell();
    settled(&till, &server, 1);
    let next = till.sync().last_seq + 1;
    server.fail_next(Fault::Refuse(409, wire::problem::FORK, json!({"seq": next, "new_epoch": 2})));
    till.sell();
    till.sell();
    server.wait_for("all three sales", |kept| orders(kept).len() == 3);
    settled(&till, &server, 3);
    server.change(|kept| {
        let second: Vec<u64> =
            kept.events.iter().filter(|c| c.event.epoch == 2).map(|c| c.event.seq).collect();
        assert_eq!(second, (1..=second.len() as u64).collect::<Vec<_>>());
        assert!(!second.is_empty());
    });
    // The next start goes on where it was, and old receipts are still found.
    let clock = till.clock.clone();
    drop(till);
    let till = Till::open(dir.path(), &clock);
    till.sign_in();
    till.sell();
    server.wait_for("the fourth sale", |kept| orders(kept).len() == 4);
    let found: ReceiptView = till.call("orders.find", &FindOrderInput { code: "KOTA-T3-000002".to_owned() });
    assert_eq!(found.order.receipt_number, "KOTA-T3-000002");
}

#[test]
fn a_tampered_event_is_named_and_nothing_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start();
    let till = Till::selling(dir.path(), &server, |_| {});
    till.wait_until("a quiet start", |till| till.sync().waiting == 0);
    let seq = till.sync().last_seq + 1;
    for _ in 0..50 {
        server.fail_next(Fault::Refuse(422, wire::problem::TAMPERED, json!({"seq": seq})));
    }
    till.sell();
    till.wait_until("the fault", |till| till.sync().error.as_deref() == Some("tampered"));
    let sync = till.sync();
    assert!(sync.error_detail.clone().unwrap().contains("KOTA-T3-000001"), "{sync:?}");
    assert_eq!(sync.waiting, 1);
    till.sell();
    assert_eq!(till.sync().waiting, 2, "the till sells on");
}

#[test]
fn a_revoked_till_still_hands_in_what_it_sold() {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start();
    let till = Till::selling(dir.path(), &server, |_| {});
    till.wait_until("a quiet start", |till| till.sync().waiting == 0);
    server.change(|kept| kept.refuse_pulls = Some((403, wire::problem::REVOKED)));
    till.sell();
    server.wait_for("the sale", |kept| orders(kept).len() == 1);
    let _: SyncView = till.call("sync.now", &Nothing {});
    till.wait_until("the word", |till| till.sync().error.as_deref() == Some("revoked"));
    settled(&till, &server, 1);
}

#[test]
fn a_wrong_clock_still_reaches_the_server() {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start();
    server.change(|kept| kept.server_time = shop::MORNING + 3_600_000);
    let till = Till::selling(dir.path(), &server, |_| {});
    till.sell();
    settled(&till, &server, 1);
    assert_eq!(till.sync().clock_off_ms, Some(3_600_000));
}

#[test]
fn many_events_go_up_in_pieces() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = FakeServer::start();
    let till = Till::selling(dir.path(), &server, |_| {});
    till.wait_until("a quiet start", |till| till.sync().waiting == 0);
    server.go_away();
    let count = wire::MAX_PUSH_EVENTS + 20;
    for n in 0..count {
        let input = json!({"item_id": shop::COFFEE, "name": format!("Kopi {n}"), "available": null, "unit_price": null});
        let manager = terminal::engine::ClientId::of_bytes([9; 16]);
        if n == 0 {
            let pin = json!({"staff_id": shop::MANAGER, "pin": shop::MANAGER_PIN});
            till.engine.call(&manager, "staff.sign_in", pin).unwrap();
        }
        till.engine.call(&manager, "backoffice.edit_item", input).unwrap();
    }
    let before = server.change(|kept| kept.pushes);
    server.come_back();
    let _: SyncView = till.call("sync.now", &Nothing {});
    till.wait_until("everything is confirmed", |till| till.sync().waiting == 0);
    let (edits, pushes) = server.change(|kept| {
        (kept.kinds().iter().filter(|kind| **kind == "item.edited").count(), kept.pushes - before)
    });
    assert_eq!(edits, count);
    assert!(pushes >= 2, "{pushes}");
}

#[test]
fn what_the_server_no_longer_names_after_a_reset_is_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start();
    server.change(|kept| kept.page_rows = 1);
    let till = Till::selling(dir.path(), &server, |_| {});
    let items = |till: &Till| {
        let view: SyncDetailView = till.call("sync.detail", &Nothing {});
        view.items
    };
    assert_eq!(items(&till), 2);
    server.change(|kept| {
        kept.feed.retain(|row| row.id != shop::BREAD.to_string());
        kept.feed_epoch += 1;
    });
    let _: SyncView = till.call("sync.now", &Nothing {});
    till.wait_until("the item is gone", |till| items(till) == 1);
    till.sell();
}

#[test]
fn news_and_notices_come_down() {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start();
    let till = Till::selling(dir.path(), &server, |_| {});
    server.change(|kept| {
        let mut changed: Vec<FeedRow> =
            kept.feed.iter().filter(|r| r.id == shop::COFFEE.to_string()).cloned().collect();
        kept.feed.retain(|row| row.id != shop::COFFEE.to_string());
        changed[0].change_seq = 100;
        changed[0].body.as_mut().unwrap()["unit_price"] = json!("20000");
        kept.feed.append(&mut changed);
        let notice = Notice {
            terminal_id: None,
            code: "event_parked".to_owned(),
            subject: "KOTA-T3-000001".to_owned(),
            occurred_at: Timestamp::from_millis(shop::MORNING),
        };
        let mut row = shop::row(entity::NOTICE, "notice-1".to_owned(), &notice);
        row.change_seq = 101;
        kept.feed.push(row);
        let mut unknown = shop::row("hologram", "h-1".to_owned(), &json!({"shape": "cube"}));
        unknown.change_seq = 102;
        kept.feed.push(unknown);
    });
    let _: SyncView = till.call("sync.now", &Nothing {});
    till.wait_until("the notice", |till| till.sync().notices.len() == 1);
    let cart: CartView = till.call("register.add_item", &till.coffee());
    assert_eq!(cart.lines[0].gross.to_string(), "20000 IDR");
}

#[test]
fn a_listening_till_pulls_whenever_it_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = FakeServer::start();
    let _till = Till::selling(dir.path(), &server, |_| {});
    server.wait_for("the till to listen", |kept| kept.listened > 0);
    // The clock alone would bring two pulls within the time this test waits.
    let told = |server: &FakeServer| {
        let before = server.change(|kept| {
            kept.news = 6;
            kept.pulls
        });
        server.wait_for("a pull for each word", |kept| kept.news == 0 && kept.pulls >= before + 6);
    };
    told(&server);
    // The wire breaks, and comes back by itself.
    let before = server.change(|kept| kept.listened);
    server.go_away();
    server.come_back();
    server.wait_for("the till to listen again", |kept| kept.listened > before);
    told(&server);
}

#[test]
fn the_first_loading_shows_how_far_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start();
    server.change(|kept| {
        kept.page_rows = 50;
        let coffee = kept.feed.iter().find(|row| row.id == shop::COFFEE.to_string()).cloned().unwrap();
        for n in 0..500_u16 {
            let mut row = coffee.clone();
            let mut bytes = [77; 16];
            bytes[..2].copy_from_slice(&n.to_be_bytes());
            row.id = ItemId::from_bytes(bytes).to_string();
            row.change_seq = 100 + u64::from(n);
            let body = row.body.as_mut().unwrap();
            body["item_id"] = json!(row.id);
            body["sku"] = json!(format!("SKU{n}"));
            kept.feed.push(row);
        }
        // The second page is held back, so that the loading can be looked at.
        kept.refuse_pulls = None;
    });
    let till = Till::open(dir.path(), &HandClock::new());
    till.join(&server);
    let detail: SyncDetailView = till.call("sync.detail", &Nothing {});
    assert_eq!(detail.items, 502);
    assert_eq!(till.state().loading, None);
    assert!(server.change(|kept| kept.pulls) >= 11);
}
