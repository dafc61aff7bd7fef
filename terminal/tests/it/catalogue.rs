//! Finding what is sold, and taking the change feed over.

use serde_json::json;
use shared::ids::ItemId;
use shared::wire::FeedRow;
use terminal::catalogue;
use terminal::store::items;
use terminal::views::*;

use crate::till::{Till, feed, id, idr, kopi, latte, page, roti, row};

fn search(till: &mut Till, query: &str) -> Vec<String> {
    let input = SearchInput { query: query.to_owned() };
    let found = till.read(|db, ctx| catalogue::search(db, ctx, input)).unwrap();
    found.tiles.into_iter().map(|tile| tile.name).collect()
}

fn apply(till: &mut Till, rows: Vec<FeedRow>) {
    till.store.write(|tx| catalogue::apply_page(tx, &page(rows, false, false))).unwrap();
}

#[test]
fn the_grid_shows_the_first_shelf_with_prices_as_money() {
    let mut till = Till::new();
    let grid = till.read(|db, ctx| catalogue::grid(db, ctx, GridInput { category_id: None })).unwrap();
    assert_eq!(grid.category_id, Some(id!(CategoryId, 1)));
    let tile = |item: ItemId| grid.tiles.iter().find(|tile| tile.item_id == item).unwrap();
    assert_eq!(tile(kopi()).price, Some(idr(18_000)));
    assert_eq!((tile(kopi()).asks, tile(kopi()).color.as_str()), (false, "#6f4e37"));
    assert_eq!((tile(latte()).price, tile(latte()).price_from), (None, Some(idr(25_000))));
    assert!(tile(latte()).asks && !tile(crate::till::sold_out()).available);
}

#[test]
fn a_name_is_found_without_its_diacritics_by_any_word() {
    let mut till = Till::new();
    for query in ["ca phe", "CÀ PHÊ", "latte", "lat", "phê lat", "LATTE-L"] {
        assert_eq!(search(&mut till, query), ["Cà Phê Latte"], "{query}");
    }
    assert_eq!(search(&mut till, "ko"), ["Kopi Susu"]);
    assert_eq!(search(&mut till, "bakar rot"), ["Roti Bakar"]);
    assert_eq!(search(&mut till, "89912"), ["Kopi Susu"], "by how a barcode begins");
    for nothing in ["", "  ", "zzz", "\"*", "' OR 1=1", "latte zzz", "\u{0}"] {
        assert!(search(&mut till, nothing).is_empty(), "{nothing:?}");
    }
}

#[test]
fn more_than_two_hundred_are_said_to_be_more() {
    let mut till = Till::new();
    let rows = (0..230_u16)
        .map(|n| {
            let mut bytes = [3_u8; 16];
            bytes[..2].copy_from_slice(&n.to_be_bytes());
            let id = ItemId::from_bytes(bytes);
            row(
                "item",
                id,
                20,
                json!({ "item_id": id, "sku": format!("M{n}"), "name": format!("Mie {n:03}"),
                "category_id": null, "unit_price": "1000" }),
            )
        })
        .collect();
    apply(&mut till, rows);
    let found = till.read(|db, ctx| catalogue::search(db, ctx, SearchInput { query: "mie".into() })).unwrap();
    assert_eq!((found.tiles.len(), found.more), (200, true));
    assert_eq!(found.tiles[0].name, "Mie 000");
    assert_eq!(search(&mut till, "mie 17").len(), 10);
}

#[test]
fn a_code_finds_its_item_and_upc_and_ean_are_one() {
    let mut till = Till::new();
    let body = json!({ "item_id": roti(), "sku": "ROTI", "name": "Roti", "category_id": null, "unit_price": "12500",
        "barcodes": ["036000291452"] });
    apply(&mut till, vec![row("item", roti(), 30, body)]);
    let name = |code: &str| catalogue::by_code(till.store.db(), code).unwrap().map(|(item, _)| item.name);
    assert_eq!(name("8991234567891").as_deref(), Some("Kopi Susu"));
    assert_eq!(name("kopi").as_deref(), Some("Kopi Susu"), "the business's own code, whatever the case");
    assert_eq!(name("036000291452").as_deref(), Some("Roti"));
    assert_eq!(name("0036000291452").as_deref(), Some("Roti"));
    assert_eq!(name("036000291453"), None);
    let (_, variant) = catalogue::by_code(till.store.db(), "LATTE-L").unwrap().unwrap();
    assert_eq!(variant, Some(crate::till::large()));
}

#[test]
fn a_change_and_a_tombstone_reach_the_search() {
    let mut till = Till::new();
    let body = json!({ "item_id": kopi(), "sku": "KOPI2", "name": "Es Kopi", "category_id": null, "unit_price": "20000" });
    apply(&mut till, vec![row("item", kopi(), 40, body)]);
    assert_eq!(search(&mut till, "es ko"), ["Es Kopi"]);
    assert!(search(&mut till, "susu").is_empty());
    assert_eq!(catalogue::by_code(till.store.db(), "8991234567891").unwrap(), None);
    apply(
        &mut till,
        vec![FeedRow { entity: "item".into(), id: kopi().to_string(), change_seq: 41, body: None }],
    );
    assert!(search(&mut till, "es ko").is_empty());
    assert_eq!(items::get(till.store.db(), kopi()).unwrap(), None);
}

#[test]
fn an_older_row_never_overwrites_a_newer_one() {
    let mut till = Till::new();
    let body = |name: &str| json!({ "item_id": kopi(), "sku": "KOPI", "name": name, "category_id": null, "unit_price": "1" });
    apply(&mut till, vec![row("item", kopi(), 50, body("new"))]);
    apply(&mut till, vec![row("item", kopi(), 49, body("old"))]);
    assert_eq!(items::get(till.store.db(), kopi()).unwrap().unwrap().item.name, "new");
}

#[test]
fn a_new_reading_drops_what_it_does_not_bring_and_only_at_its_end() {
    let mut till = Till::new();
    let before = items::count(till.store.db()).unwrap();
    // The restored server counts anew: lower numbers win, because the whole feed is read again.
    let rows: Vec<FeedRow> = feed().into_iter().map(|row| FeedRow { change_seq: 1, ..row }).collect();
    let (kept, dropped): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.id != roti().to_string());
    assert_eq!(dropped.len(), 1);
    let (head, tail) = kept.split_at(4);
    till.store.write(|tx| catalogue::apply_page(tx, &page(head.to_vec(), true, true))).unwrap();
    assert_eq!(items::count(till.store.db()).unwrap(), before, "sold on while it is read");
    let mut till = till.restart();
    till.store.write(|tx| catalogue::apply_page(tx, &page(tail.to_vec(), false, false))).unwrap();
    assert_eq!(items::count(till.store.db()).unwrap(), before - 1);
    assert_eq!(items::get(till.store.db(), roti()).unwrap(), None);
    assert!(search(&mut till, "roti").is_empty());
    assert!(catalogue::is_loaded(till.store.db()).unwrap());
}

#[test]
fn rows_that_cannot_be_read_are_kept_aside_and_stop_nothing() {
    let mut till = Till::new();
    let good = json!({ "item_id": roti(), "sku": "ROTI", "name": "Roti Baru", "category_id": null, "unit_price": "1" });
    apply(
        &mut till,
        vec![
            row("hologram", "x1", 60, json!({ "depth": 3 })),
            row("item", kopi(), 61, json!({ "item_id": kopi(), "name": "no price, no code" })),
            row("item", roti(), 62, good),
        ],
    );
    assert_eq!(till.count("SELECT COUNT(*) FROM feed_unknown"), 2);
    assert_eq!(search(&mut till, "roti baru"), ["Roti Baru"]);
    assert_eq!(search(&mut till, "kopi"), ["Kopi Susu"], "what was known before stays");
}
