//! An enrolled till whose store is missing, empty, foreign or damaged: it says so, exports what is left, and begins anew
//! when a person lets it.

use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

use hardware::emulator::counter::Wired;
use hardware::emulator::counter::zvt::ZvtDevice;
use shared::journal::bundle::{Footer, Header, Seal};
use terminal::store::FILE_NAME;
use terminal::views::*;

use crate::cards;
use crate::fake_server::FakeServer;
use crate::running_till::Till;
use crate::shop::HandClock;

fn receipts(server: &FakeServer) -> Vec<String> {
    server.change(|kept| {
        let orders = kept.events.iter().filter(|chained| chained.event.kind == "order.completed");
        orders.map(|c| c.event.payload["receipt_number"].as_str().unwrap().to_owned()).collect()
    })
}

/// A till that sold twice, the second time without the server, and was switched off.
fn sold(dir: &Path, server: &mut FakeServer) -> HandClock {
    let till = Till::selling(dir, server, |_| {});
    till.sell();
    till.wait_until("a quiet start", |till| till.sync().waiting == 0);
    server.go_away();
    till.sell();
    let clock = till.clock.clone();
    drop(till);
    clock
}

fn found(till: &Till) -> String {
    let state = till.state();
    assert_eq!(state.stage, Stage::NeedsRescue);
    state.rescue.unwrap().found
}

fn begin(till: &Till) {
    let _: AppState = till.call("rescue.begin", &Nothing {});
    till.wait_until("the catalogue", |till| till.state().stage == Stage::SignedOut);
    till.sign_in();
    let _: AppState = till.call("drawer.open", &serde_json::json!({ "opening_float": "100000 IDR" }));
}

#[test]
fn a_lost_empty_or_foreign_store_is_said_and_only_a_person_begins_anew() {
    type Spoil = fn(&Path);
    let cases: [(&str, Spoil); 3] = [
        ("missing", |path| fs::remove_file(path).unwrap()),
        ("empty", |path| fs::write(path, b"").unwrap()),
        ("foreign", |path| {
            fs::remove_file(path).unwrap();
            rusqlite::Connection::open(path)
                .unwrap()
                .execute_batch("CREATE TABLE guests (name TEXT)")
                .unwrap();
        }),
    ];
    for (what, spoil) in cases {
        let dir = tempfile::tempdir().unwrap();
        let mut server = FakeServer::start();
        let clock = sold(dir.path(), &mut server);
        let path = dir.path().join(FILE_NAME);
        spoil(&path);
        let before = fs::read(&path).ok();
        server.come_back();
        let till = Till::open(dir.path(), &clock);
        assert_eq!(found(&till), what);
        let refused = till.try_call::<_, AppState>(
            "enrol.start",
            &EnrolInput {
                server_url: server.url(),
                pairing_code: "X".to_owned(),
                device_name: "X".to_owned(),
            },
        );
        assert_eq!(refused.unwrap_err().code, Code::AlreadyEnrolled);
        assert_eq!(fs::read(&path).ok(), before, "nothing is made in its place by itself");
        begin(&till);
        let receipt = till.sell();
        assert_eq!(receipt.order.receipt_number, "KOTA-T3-001001", "no number is given out twice");
        till.wait_until("everything is confirmed", |till| till.sync().waiting == 0);
        assert_eq!(receipts(&server), ["KOTA-T3-000001", "KOTA-T3-001001"]);
        server.change(|kept| {
            let word = kept.events.iter().find(|c| c.event.kind == "journal.restarted").unwrap();
            assert_eq!(word.event.payload["reason"], "lost");
            assert_eq!((word.event.epoch, word.event.seq), (2, 1));
        });
        if let Some(before) = before {
            let aside = fs::read_dir(dir.path()).unwrap().filter_map(|entry| {
                let entry = entry.unwrap();
                entry
                    .file_name()
                    .to_string_lossy()
                    .contains(".aside-")
                    .then(|| fs::read(entry.path()).unwrap())
            });
            assert!(aside.into_iter().any(|kept| kept == before), "{what}: the file is kept aside");
        }
        // The next start is an ordinary one.
        let clock = till.clock.clone();
        drop(till);
        let till = Till::open(dir.path(), &clock);
        assert_eq!(till.state().stage, Stage::SignedOut);
    }
}

/// Writes rubbish over the first page of a table.
fn break_table(path: &Path, table: &str) {
    let db = rusqlite::Connection::open(path).unwrap();
    let number = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap().unsigned_abs();
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let page = number(&format!("SELECT rootpage FROM sqlite_schema WHERE name = '{table}'"));
    let size = number("PRAGMA page_size");
    drop(db);
    let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start((page - 1) * size)).unwrap();
    file.write_all(&vec![0x5a; usize::try_from(size).unwrap()]).unwrap();
}

#[test]
fn a_damaged_store_gives_up_its_journal_signed_and_the_till_sells_on_without_a_gap() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = FakeServer::start();
    let clock = sold(dir.path(), &mut server);
    let path = dir.path().join(FILE_NAME);
    break_table(&path, "meta");
    let before = fs::read(&path).unwrap();
    let till = Till::open(dir.path(), &clock);
    assert_eq!(found(&till), "damaged");

    let export: RescueExportView = till.call("rescue.export", &Nothing {});
    assert_eq!(fs::read(&path).unwrap(), before, "the export only reads");
    let text = fs::read_to_string(&export.file).unwrap();
    let (body, last) = text.trim_end().rsplit_once('\n').unwrap();
    let header: Header = serde_json::from_str(body.lines().next().unwrap()).unwrap();
    let footer: Footer = serde_json::from_str(last).unwrap();
    assert_eq!((footer.events, header.damaged.len()), (export.events, 0));
    assert!(body.contains("KOTA-T3-000002"));
    let seal = || {
        let mut seal = Seal::default();
        seal.add(body.as_bytes());
        seal.add(b"\n");
        seal
    };
    let key = server.change(|kept| kept.key.unwrap());
    assert!(seal().fits(&footer, &key));
    let mut other = seal();
    other.add(b" ");
    assert!(!other.fits(&footer, &key));

    server.come_back();
    begin(&till);
    let receipt = till.sell();
    assert_eq!(receipt.order.receipt_number, "KOTA-T3-000003");
    till.wait_until("everything is confirmed", |till| till.sync().waiting == 0);
    let mut all = receipts(&server);
    all.sort();
    assert_eq!(all, ["KOTA-T3-000001", "KOTA-T3-000002", "KOTA-T3-000003"], "what waited arrives, once");
    server.change(|kept| {
        let epochs: Vec<u32> = kept.events.iter().map(|chained| chained.event.epoch).collect();
        assert!(epochs.contains(&2), "{epochs:?}");
    });
}

#[test]
fn money_that_the_card_reader_took_is_not_forgotten_with_a_damaged_store() {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start();
    let zvt = Wired::tcp(ZvtDevice::default(), 0).unwrap();
    let till = Till::selling(dir.path(), &server, |_| {});
    till.sign_in_manager();
    let _: CounterView = till.call("counter.save", &cards::setup("zvt", zvt.address()));
    let cart: CartView = till.call("register.add_item", &till.coffee());
    let (cart_id, amount) = (cart.cart_id.unwrap(), cart.total.unwrap());
    let _: CardPaymentView = till.call("card.pay", &CardPayInput { cart_id, amount });
    let open = |till: &Till| till.call::<_, CardsView>("card.list", &Nothing {});
    let is_approved = |till: &Till| open(till).payments.first().is_some_and(|one| one.state == "approved");
    till.wait_until("the card", is_approved);
    let clock = till.clock.clone();
    drop(till);
    break_table(&dir.path().join(FILE_NAME), "meta");

    let till = Till::open(dir.path(), &clock);
    assert_eq!(found(&till), "damaged");
    begin(&till);
    let payment = open(&till).payments.remove(0);
    assert_eq!((payment.approved, payment.here), (Some(amount), false), "its cart went with the store");
    let back = CardGiveBackInput { card_payment_id: payment.card_payment_id, approval: None };
    let _: CardPaymentView = till.call("card.give_back", &back);
    till.wait_until("the money back", |till| open(till).payments.is_empty());
    assert_eq!(zvt.with(|device| device.sum_minor()), 0);
}

#[test]
fn a_new_store_that_was_ready_when_the_power_went_is_put_in_place_at_the_next_start() {
    for left in [true, false] {
        let dir = tempfile::tempdir().unwrap();
        let mut server = FakeServer::start();
        let clock = sold(dir.path(), &mut server);
        let path = dir.path().join(FILE_NAME);
        break_table(&path, "meta");
        let broken = fs::read(&path).unwrap();
        server.come_back();
        let till = Till::open(dir.path(), &clock);
        begin(&till);
        drop(till);
        // As the disk stood just before, or just after, the broken store was put aside.
        let db = rusqlite::Connection::open(&path).unwrap();
        db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        drop(db);
        fs::rename(&path, dir.path().join("kedai.db.ready")).unwrap();
        for suffix in ["-wal", "-shm"] {
            let _ = fs::remove_file(dir.path().join(format!("{FILE_NAME}{suffix}")));
        }
        if left {
            fs::write(&path, &broken).unwrap();
        }
        let till = Till::open(dir.path(), &clock);
        let state: AppState = till.call("app.state", &Nothing {});
        assert_eq!(state.rescue, None, "what a person decided stands");
        till.sign_in();
        assert_eq!(till.sell().order.receipt_number, "KOTA-T3-000003");
        till.wait_until("everything is confirmed", |till| till.sync().waiting == 0);
        let mut all = receipts(&server);
        all.sort();
        assert_eq!(all, ["KOTA-T3-000001", "KOTA-T3-000002", "KOTA-T3-000003"], "what waited arrives, once");
        let aside = fs::read_dir(dir.path()).unwrap().flatten();
        let kept = aside.filter(|entry| fs::read(entry.path()).is_ok_and(|bytes| bytes == broken)).count();
        assert_eq!(kept, if left { 2 } else { 1 }, "the broken store is never deleted");
    }
}

#[test]
fn a_journal_that_is_beyond_reading_is_begun_anew_and_said() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = FakeServer::start();
    let clock = sold(dir.path(), &mut server);
    break_table(&dir.path().join(FILE_NAME), "journal");
    server.come_back();
    let till = Till::open(dir.path(), &clock);
    assert_eq!(found(&till), "damaged");
    begin(&till);
    till.sell();
    till.wait_until("everything is confirmed", |till| till.sync().waiting == 0);
    server.change(|kept| {
        let word = kept.events.iter().find(|c| c.event.kind == "journal.restarted").unwrap();
        assert_eq!(word.event.payload["reason"], "damaged");
        assert_eq!(word.event.payload["receipts_from"], 1_001);
    });
}
