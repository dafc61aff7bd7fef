//! The catalogue as it comes to a till: ready-made by the server, or read page by page, it is the same.

use std::path::Path;

use rusqlite::Connection;
use serde_json::json;
use shared::catalogue::{Category, Item, Picture};
use shared::ids::{ItemId, PictureId, TenantId};
use shared::wire::entity;
use sync_server::sync::feed::{Change, record_changes};
use sync_server::{Config, RunningServer, catalog};
use terminal::engine::{ClientId, Engine, EngineOptions};
use terminal::views::{AppState, EnrolInput, Nothing, Stage};
use tests::invariants::read;

fn id(kind: u8, number: u16) -> [u8; 16] {
    let mut bytes = [kind; 16];
    bytes[..2].copy_from_slice(&number.to_be_bytes());
    bytes
}

/// Items of all sorts, a shelf, a picture, a row of a kind that nobody knows, and one that cannot be read.
async fn fill(server: &RunningServer, tenant: TenantId) {
    let state = &server.state;
    let now = state.clock.now();
    let shelf: Category = serde_json::from_value(json!({
        "category_id": shared::ids::CategoryId::from_bytes(id(1, 1)), "name": "Minuman", "position": 1, "color": "#14532d"
    }))
    .unwrap();
    let picture_id = PictureId::from_bytes(id(2, 1));
    let svg = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAxIDEiLz4=";
    let picture = Picture { picture_id, media_type: "image/svg+xml".to_owned(), base64: svg.to_owned() };
    let items: Vec<Item> = (0..150_u16)
        .map(|n| {
            let variants = if n % 10 == 0 {
                json!([{ "variant_id": shared::ids::VariantId::from_bytes(id(4, n)), "sku": format!("V{n}"),
                    "name": "L", "unit_price": "9.5", "barcodes": [format!("big-{n}")] }])
            } else {
                json!([])
            };
            serde_json::from_value(json!({
                "item_id": ItemId::from_bytes(id(3, n)), "sku": format!("SKU-{n}"), "name": format!("Cà Phê {n:03} Sữa"),
                "category_id": if n % 2 == 0 { json!(shelf.category_id) } else { json!(null) },
                "unit_price": format!("{n}.25"), "barcodes": [format!("code-{n}")], "variants": variants,
                "picture_id": (n == 7).then_some(picture_id), "position": n % 5,
            }))
            .unwrap()
        })
        .collect();
    let mut tx = state.db.write(tenant).await.unwrap();
    catalog::put_categories(&mut tx, tenant, None, std::slice::from_ref(&shelf), now).await.unwrap();
    catalog::put_pictures(&mut tx, tenant, None, &[picture], now).await.unwrap();
    catalog::put_items(&mut tx, tenant, None, &items, now).await.unwrap();
    catalog::delete_item(&mut tx, tenant, items[3].item_id).await.unwrap();
    let odd = |entity, row_id: &str, body: &str| Change {
        entity,
        row_id: row_id.to_owned(),
        outlet: None,
        body: Some(body.to_owned()),
    };
    let rows =
        [odd("hologram", "h-1", r#"{"shape":"cube"}"#), odd(entity::ITEM, "no-item", r#"{"name":"x"}"#)];
    record_changes(&mut tx, tenant, &rows).await.unwrap();
    tx.commit().await.unwrap();
}

/// A till that takes the catalogue from the server, and goes away again.
fn take(server_url: &str, pairing_code: &str, folder: &Path) {
    let engine = Engine::start(EngineOptions::new(folder)).unwrap();
    let mut changes = engine.subscribe();
    let input = EnrolInput {
        server_url: server_url.to_owned(),
        pairing_code: pairing_code.to_owned(),
        device_name: "Counter".to_owned(),
    };
    let call =
        |command: &str, input: serde_json::Value| engine.call(&ClientId::window(), command, input).unwrap();
    call("enrol.start", serde_json::to_value(&input).unwrap());
    loop {
        let state = call("app.state", serde_json::to_value(Nothing {}).unwrap());
        if serde_json::from_value::<AppState>(state).unwrap().stage == Stage::SignedOut {
            break;
        }
        // Told of every change, and of having missed some.
        let _ = changes.blocking_recv();
    }
    drop(engine);
}

/// Everything that a catalogue says, without the numbers that are of one file only.
fn said(folder: &Path) -> Vec<(String, Vec<String>)> {
    let books = read::open(&folder.join(read::TERMINAL_FILE)).unwrap();
    let db = read::open(&read::catalogue_file(folder, &books).unwrap()).unwrap();
    let all = |sql: &str| {
        let mut statement = db.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.collect::<Result<Vec<_>, _>>().unwrap_or_else(|error| panic!("{sql}: {error}"))
    };
    [
        "SELECT outlet_id || body FROM outlets ORDER BY 1",
        "SELECT staff_id || name || active || body FROM staff ORDER BY 1",
        "SELECT category_id || position || name || body FROM categories ORDER BY 1",
        "SELECT item_id || COALESCE(category_id, '-') || position || folded_name || body FROM items ORDER BY 1",
        "SELECT c.code || i.item_id || c.variant_id || c.printed FROM item_codes c JOIN items i USING (item_no) ORDER BY 1",
        "SELECT i.item_id FROM items i WHERE i.item_no IN (SELECT rowid FROM item_words WHERE item_words MATCH '\"sua\"*') ORDER BY 1",
        "SELECT i.item_id FROM items i WHERE i.item_no IN (SELECT rowid FROM item_words WHERE item_words MATCH '\"014\"') ORDER BY 1",
        "SELECT picture_id || media_type || base64 FROM pictures ORDER BY 1",
        "SELECT notice_id || body || change_seq FROM notices ORDER BY 1",
        "SELECT entity || row_id || body || reason FROM feed_unknown ORDER BY 1",
        "SELECT entity || row_id || change_seq || hex(digest) FROM feed_rows ORDER BY 1",
        "SELECT entity || row_count || hex(sum) FROM feed_sums WHERE row_count > 0 ORDER BY 1",
        "SELECT key || value FROM feed_state WHERE key IN ('loaded', 'resetting') ORDER BY 1",
        "SELECT type || name || COALESCE(sql, '') FROM sqlite_schema ORDER BY 1",
    ]
    .map(|sql| (sql.to_owned(), all(sql)))
    .into_iter()
    .collect()
}

fn file_number(folder: &Path) -> Option<String> {
    let books = Connection::open(folder.join(read::TERMINAL_FILE)).unwrap();
    books.query_row("SELECT value FROM meta WHERE key = 'catalogue_file'", [], |row| row.get(0)).ok()
}

#[test]
fn a_catalogue_says_the_same_ready_made_and_read_page_by_page() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let start = |least_rows| {
        let config = Config { snapshot_least_rows: least_rows, ..Config::new(folder.path().join("server")) };
        runtime.block_on(sync_server::start(config)).unwrap()
    };
    let server = start(1);
    let (tenant, codes) = runtime.block_on(tests::shop::found(&server.state, 2)).unwrap();
    runtime.block_on(fill(&server, tenant));
    let (one, two) = (folder.path().join("one"), folder.path().join("two"));
    take(&server.url(), &codes[0], &one);
    runtime.block_on(server.shutdown());
    assert_eq!(file_number(&one).as_deref(), Some("2"), "the first till was given a file");

    let server = start(u64::MAX);
    take(&server.url(), &codes[1], &two);
    assert_eq!(file_number(&two), None, "the second till read pages");
    runtime.block_on(server.shutdown());
    for ((what, ready_made), (_, paged)) in said(&one).into_iter().zip(said(&two)) {
        assert_eq!(ready_made, paged, "{what}");
        assert!(!ready_made.is_empty() || what.contains("notices"), "nothing was compared: {what}");
    }
}
