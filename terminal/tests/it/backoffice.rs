//! The items of the back office: found, paged, and changed as far as a terminal may.

use serde_json::json;
use shared::journal::{Fact, payload::ItemEdited};
use shared::stamp::{Node, Stamp};
use terminal::backoffice;
use terminal::context::CommandError;
use terminal::store::StoreError;
use terminal::views::*;

use crate::till::*;

fn find(till: &mut Till, query: &str, offset: u32) -> Result<ItemsView, CommandError> {
    till.read(|db, ctx| backoffice::items(db, ctx, ItemsInput { query: query.into(), offset }))
}

fn edit(till: &mut Till, input: EditItemInput) -> Result<ItemRow, CommandError> {
    till.run(|store, ctx| backoffice::edit_item(store, ctx, input))
}

fn nothing() -> EditItemInput {
    EditItemInput { item_id: kopi(), name: None, available: None, unit_price: None }
}

fn managed() -> Till {
    let mut till = Till::new();
    till.sign_in(manager(), MANAGER_PIN).unwrap();
    till
}

#[test]
fn items_are_listed_by_name_and_found_by_name_and_code() {
    let mut till = managed();
    let all = find(&mut till, " ", 0).unwrap();
    let names: Vec<&str> = all.items.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["Apel Malang", "Cà Phê Latte", "Donasi", "Kopi Susu", "Kue Habis", "Roti Bakar"]);
    assert_eq!(all.total, 6);
    let row = &find(&mut till, "8991234567891", 0).unwrap().items[0];
    assert_eq!(
        (row.item_id, row.price, row.category.as_deref()),
        (kopi(), Some(idr(18_000)), Some("Minuman"))
    );
    assert_eq!(row.barcodes, ["8991234567891"]);
    assert_eq!(find(&mut till, "ca phe", 0).unwrap().items[0].item_id, latte());
    assert_eq!(find(&mut till, "LATTE-S", 0).unwrap().items[0].item_id, latte());
    assert_eq!(find(&mut till, "no such thing", 0).unwrap().total, 0);
    assert_eq!(find(&mut till, "", 6).unwrap().items, []);
    till.sign_in(cashier(), CASHIER_PIN).unwrap();
    assert_eq!(find(&mut till, "", 0).unwrap_err().code, Code::NotAllowed);
}

#[test]
fn pages_of_items_follow_each_other() {
    let mut till = managed();
    let rows = (0..230_u8).map(|n| {
        let item = json!({ "item_id": id!(ItemId, 20 + n), "sku": format!("SCREW-{n:03}"), "name": format!("Screw {n:03}"),
            "category_id": null, "unit_price": "0.5" });
        row("item", id!(ItemId, 20 + n), 20, item)
    });
    let page = page(rows.collect(), false, false);
    let take = |tx: &terminal::store::Tx<'_>| -> Result<(), StoreError> {
        terminal::catalogue::apply_page(tx, &page).map(|_| ())
    };
    till.store.write(take).unwrap();
    for (query, total) in [("", 236), ("screw", 230)] {
        let mut names = Vec::new();
        for offset in [0, 100, 200] {
            let found = find(&mut till, query, offset).unwrap();
            assert_eq!(found.total, total, "{query:?}");
            names.extend(found.items.into_iter().map(|row| row.name));
        }
        assert_eq!(names.len(), total as usize);
        names.sort();
        names.dedup();
        assert_eq!(names.len(), total as usize, "no item stands on two pages of {query:?}");
    }
}

#[test]
fn an_edit_changes_what_describes_at_once_and_a_price_only_by_the_server() {
    let mut till = managed();
    let change = EditItemInput {
        name: Some("  Kopi Gula Aren ".into()),
        available: Some(false),
        unit_price: Some("99000".parse().unwrap()),
        ..nothing()
    };
    let row = edit(&mut till, change).unwrap();
    assert_eq!((row.name.as_str(), row.available, row.price), ("Kopi Gula Aren", false, Some(idr(18_000))));
    let event =
        terminal::journal::events_after(till.store.db(), 1, 1, 10, usize::MAX).unwrap().remove(0).event;
    let expected = ItemEdited {
        name: Some("Kopi Gula Aren".into()),
        available: Some(false),
        unit_price: Some("99000".parse().unwrap()),
        stamp: Some(Stamp::at(till.clock_now(), Node::Terminal(till.device.terminal_id))),
        ..ItemEdited::of(kopi())
    };
    assert_eq!(Fact::of(&event).unwrap(), Some(Fact::ItemEdited(Box::new(expected))));
    let mut till = till.restart();
    assert_eq!(find(&mut till, "gula ar", 0).unwrap().items, [row]);
    assert_eq!(find(&mut till, "susu", 0).unwrap().total, 0);
    assert_eq!(find(&mut till, "KOPI", 0).unwrap().items[0].item_id, kopi(), "its codes stay");
}

#[test]
fn an_edit_that_cannot_be_meant_is_refused() {
    let mut till = managed();
    let price = |text: &str| Some(text.parse().unwrap());
    for (bad, code) in [
        (nothing(), Code::Invalid),
        (EditItemInput { name: Some(" ".into()), ..nothing() }, Code::Invalid),
        (EditItemInput { name: Some("x".repeat(121)), ..nothing() }, Code::Invalid),
        (EditItemInput { name: Some("a\u{1b}b".into()), ..nothing() }, Code::Invalid),
        (EditItemInput { unit_price: price("-1"), ..nothing() }, Code::OutOfRange),
        (EditItemInput { unit_price: price("9000000000000"), ..nothing() }, Code::OutOfRange),
        (EditItemInput { item_id: latte(), unit_price: price("1"), ..nothing() }, Code::Invalid),
        (EditItemInput { item_id: id!(ItemId, 99), available: Some(true), ..nothing() }, Code::NotFound),
    ] {
        assert_eq!(edit(&mut till, bad.clone()).unwrap_err().code, code, "{bad:?}");
    }
    till.sign_in(cashier(), CASHIER_PIN).unwrap();
    let change = EditItemInput { available: Some(false), ..nothing() };
    assert_eq!(edit(&mut till, change).unwrap_err().code, Code::NotAllowed);
    assert!(!till.kinds().contains(&"item.edited".to_owned()));
}
