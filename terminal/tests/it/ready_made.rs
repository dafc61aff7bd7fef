//! A catalogue that comes in one piece: taken over whole or not at all, also when its coming is cut off.

use std::path::Path;

use serde_json::json;
use shared::ids::ItemId;
use shared::journal::Hash;
use shared::wire::{FeedRow, SnapshotFile};
use terminal::catalogue;
use terminal::store::Store;
use terminal::views::*;

use crate::fake_server::FakeServer;
use crate::running_till::Till;
use crate::shop::{self, HandClock};
use crate::till::page;

/// The café with so many more things to sell.
fn feed(more: u16) -> Vec<FeedRow> {
    let mut rows = shop::feed();
    let coffee = rows.iter().find(|row| row.id == shop::COFFEE.to_string()).cloned().unwrap();
    rows.extend((0..more).map(|n| {
        let mut bytes = [77; 16];
        bytes[..2].copy_from_slice(&n.to_be_bytes());
        let mut row = FeedRow {
            id: ItemId::from_bytes(bytes).to_string(),
            change_seq: 100 + u64::from(n),
            ..coffee.clone()
        };
        let body = row.body.as_mut().unwrap();
        (body["item_id"], body["sku"]) = (json!(row.id), json!(format!("SKU{n}")));
        row
    }));
    rows
}

/// The catalogue file of these rows, as a server packs it; `change` has a last word on it.
fn ready_made(id: &str, rows: &[FeedRow], change: &str) -> (SnapshotFile, Vec<u8>) {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path(), &HandClock::new()).unwrap();
    store.write(|tx| catalogue::apply_page(tx, &page(rows.to_vec(), false, false))).unwrap();
    drop(store);
    let cursor = format!("1/{}", rows.iter().map(|row| row.change_seq).max().unwrap());
    let path = dir.path().join("catalogue-1.db");
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute("UPDATE feed_state SET value = ?1 WHERE key = 'cursor'", [&cursor]).unwrap();
    db.execute_batch(change).unwrap();
    db.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())).unwrap();
    db.close().unwrap();
    let plain = std::fs::read(path).unwrap();
    let packed = zstd::encode_all(plain.as_slice(), 3).unwrap();
    let length = |bytes: &[u8]| u64::try_from(bytes.len()).unwrap();
    let file = SnapshotFile {
        id: id.to_owned(),
        cursor,
        rows: u64::try_from(rows.len()).unwrap(),
        bytes: length(&packed),
        plain_bytes: length(&plain),
        hash: Hash::of(&packed),
    };
    (file, packed)
}

fn server(file: (SnapshotFile, Vec<u8>), rows: Vec<FeedRow>) -> FakeServer {
    let server = FakeServer::start();
    server.change(|kept| {
        kept.part_bytes = file.1.len() / 5 + 1;
        kept.ready_made = Some(file);
        kept.feed = rows;
    });
    server
}

fn items(till: &Till) -> u32 {
    let view: SyncDetailView = till.call("sync.detail", &Nothing {});
    view.items
}

fn files(dir: &Path) -> Vec<String> {
    let names =
        std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names
        .filter(|name| name.starts_with("catalogue") && !name.contains("-wal") && !name.contains("-shm"))
        .collect();
    names.sort();
    names
}

#[test]
fn a_fresh_till_takes_the_catalogue_in_one_piece_and_goes_on_from_there() {
    let dir = tempfile::tempdir().unwrap();
    let rows = feed(300);
    let server = server(ready_made("seq-1", &rows, ""), rows);
    // What changed since the file was made comes as a page after it.
    server.change(|kept| {
        let mut coffee = kept.feed.iter().find(|row| row.id == shop::COFFEE.to_string()).cloned().unwrap();
        coffee.change_seq = 900;
        coffee.body.as_mut().unwrap()["unit_price"] = json!("21000");
        kept.feed.push(coffee);
        kept.page_rows = 10;
    });
    let till = Till::selling(dir.path(), &server, |_| {});
    let cart: CartView = till.call("register.add_item", &till.coffee());
    assert_eq!(cart.lines[0].gross.to_string(), "21000 IDR");
    assert_eq!(items(&till), 302);
    let (parts, pulls) = server.change(|kept| (kept.parts.clone(), kept.pulls));
    assert_eq!(parts.len(), 5, "{parts:?}");
    assert!(pulls < 5, "{pulls} pages were read though the catalogue came ready-made");
    assert_eq!(files(dir.path()), ["catalogue-2.db"], "nothing is left lying about");
}

#[test]
fn a_catalogue_that_is_cut_off_goes_on_where_it_ended_also_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let rows = feed(300);
    let server = server(ready_made("seq-1", &rows, ""), rows);
    server.change(|kept| kept.parts_left = 2);
    let till = Till::open(dir.path(), &HandClock::new());
    let input = EnrolInput {
        server_url: server.url(),
        pairing_code: crate::fake_server::PAIRING_CODE.to_owned(),
        device_name: "Kasir 1".to_owned(),
    };
    let _: AppState = till.call("enrol.start", &input);
    server.wait_for("two parts", |kept| kept.parts_left == 0);
    till.wait_until("the second part is told of", |till| till.sync().error.as_deref() == Some("busy"));
    drop(till);
    server.change(|kept| kept.parts_left = usize::MAX);
    let till = Till::open(dir.path(), &HandClock::new());
    till.wait_until("the catalogue", |till| till.state().stage == Stage::SignedOut);
    assert_eq!(items(&till), 302);
    let parts = server.change(|kept| kept.parts.clone());
    assert_eq!(parts.len(), 5, "no part came twice: {parts:?}");
    assert!(parts.is_sorted_by(|before, after| before < after), "{parts:?}");
}

/// What comes instead of the catalogue that was offered, and is not taken.
#[test]
fn a_catalogue_that_is_not_what_was_offered_is_thrown_away_and_pages_are_read() {
    let rows = feed(30);
    let good = || ready_made("seq-1", &rows, "");
    let changed = |change: fn(&mut (SnapshotFile, Vec<u8>))| {
        let mut file = good();
        change(&mut file);
        file
    };
    for (what, file) in [
        (
            "a byte is another",
            changed(|(_, bytes)| {
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
            }),
        ),
        ("it is of another moment", changed(|(file, _)| file.cursor = "1/7".to_owned())),
        ("it has other rows", changed(|(file, _)| file.rows += 1)),
        ("it unfolds to more", changed(|(file, _)| file.plain_bytes -= 1)),
        (
            "a trigger is in it",
            ready_made(
                "seq-1",
                &rows,
                "CREATE TRIGGER t AFTER INSERT ON items BEGIN DELETE FROM outlets; END",
            ),
        ),
        ("a table is missing", ready_made("seq-1", &rows, "DROP TABLE pictures")),
        ("it is of another form", ready_made("seq-1", &rows, "PRAGMA user_version = 99")),
        ("it is not whole", ready_made("seq-1", &rows, "DELETE FROM feed_state WHERE key = 'loaded'")),
        ("it is no database", {
            let packed = zstd::encode_all([7_u8; 4_096].as_slice(), 3).unwrap();
            let (file, _) = good();
            (
                SnapshotFile {
                    bytes: packed.len() as u64,
                    plain_bytes: 4_096,
                    hash: Hash::of(&packed),
                    ..file
                },
                packed,
            )
        }),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let server = server(file, rows.clone());
        let till = Till::open(dir.path(), &HandClock::new());
        till.join(&server);
        assert_eq!(items(&till), 32, "{what}");
        assert!(server.change(|kept| kept.pulls) > 0, "{what}");
        assert_eq!(files(dir.path()), ["catalogue-1.db"], "{what}");
    }
}

#[test]
fn a_till_sells_from_its_catalogue_while_the_server_of_a_new_life_sends_a_whole_one() {
    let dir = tempfile::tempdir().unwrap();
    let rows = feed(50);
    let server = server(ready_made("seq-1", &rows, ""), rows);
    let till = Till::selling(dir.path(), &server, |_| {});
    let first = feed(20);
    let (mut file, bytes) =
        ready_made("seq-2", &first, "UPDATE feed_state SET value = '2/119' WHERE key = 'cursor'");
    file.cursor = "2/119".to_owned();
    server.change(|kept| {
        kept.ready_made = Some((file, bytes));
        (kept.feed, kept.feed_epoch, kept.parts_left) = (first, 2, 1);
    });
    let _: SyncView = till.call("sync.now", &Nothing {});
    server.wait_for("the first part", |kept| kept.parts_left == 0);
    till.sell();
    assert_eq!(items(&till), 52, "what it had is there until all is");
    server.change(|kept| kept.parts_left = usize::MAX);
    let _: SyncView = till.call("sync.now", &Nothing {});
    till.wait_until("the other catalogue", |till| items(till) == 22);
    till.sell();
}

#[test]
fn a_till_that_holds_something_else_than_the_server_says_fetches_everything_anew() {
    let dir = tempfile::tempdir().unwrap();
    let rows = feed(10);
    let server = server(ready_made("seq-1", &rows, ""), rows.clone());
    let till = Till::selling(dir.path(), &server, |_| {});
    drop(till);
    // A row goes that the till should have: as a fault of the till would lose one.
    let path = dir.path().join("catalogue-2.db");
    let db = rusqlite::Connection::open(path).unwrap();
    db.execute("DELETE FROM feed_rows WHERE row_id = ?1", [shop::BREAD.to_string()]).unwrap();
    db.execute("UPDATE feed_sums SET row_count = row_count - 1 WHERE entity = 'item'", []).unwrap();
    db.execute("DELETE FROM items WHERE item_id = ?1", [shop::BREAD.to_string()]).unwrap();
    drop(db);
    let mut coffee = rows.iter().find(|row| row.id == shop::COFFEE.to_string()).cloned().unwrap();
    coffee.change_seq = 500;
    let mut now = rows;
    now.retain(|row| row.id != coffee.id);
    now.push(coffee);
    server.change(|kept| {
        kept.ready_made = Some(ready_made("seq-2", &now, ""));
        (kept.feed, kept.says_sums) = (now, true);
    });
    let till = Till::open(dir.path(), &HandClock::new());
    till.wait_until("the lost row", |till| items(till) == 12);
    assert_eq!(files(dir.path()), ["catalogue-3.db"]);
}

#[test]
fn a_lost_or_damaged_catalogue_never_keeps_the_books_from_opening() {
    for spoilt in [None, Some(0), Some(8_192)] {
        let dir = tempfile::tempdir().unwrap();
        let rows = feed(10);
        let server = server(ready_made("seq-1", &rows, ""), rows);
        let till = Till::selling(dir.path(), &server, |_| {});
        let sold = till.sell();
        drop(till);
        for suffix in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(dir.path().join(format!("catalogue-2.db{suffix}")));
        }
        let path = dir.path().join("catalogue-2.db");
        match spoilt {
            None => std::fs::remove_file(path).unwrap(),
            Some(bytes) => std::fs::write(path, vec![0x5a; bytes]).unwrap(),
        }
        let till = Till::open(dir.path(), &HandClock::new());
        till.wait_until("the catalogue", |till| items(till) == 12);
        till.sign_in();
        let again = till.sell();
        assert_ne!(sold.order.receipt_number, again.order.receipt_number, "{spoilt:?}");
    }
}
