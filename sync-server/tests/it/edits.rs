//! Edits of items and categories from many tills and headquarters: the last writer of each field stands, prices are the
//! server's, and stock is nobody's to set.

use serde_json::{Value, json};
use shared::ids::{CategoryId, ItemId, StaffId};
use shared::journal::payload::{CategoryEdited, ItemEdited};
use shared::journal::{Chained, Fact};
use shared::staff::{Role, Staff};
use shared::stamp::{MAX_AHEAD_MS, Node, Stamp};
use shared::{Clock, Timestamp};
use sync_server::{catalog, identity};

use crate::support::{Site, Till, item};

on_both_engines! {
    a_late_edit_of_an_offline_till_undoes_nothing_newer_field_by_field
    edits_of_different_fields_by_two_tills_both_stand
    the_order_in_which_edits_arrive_does_not_matter
    a_clock_that_is_a_year_ahead_does_not_win_for_ever
    an_edit_of_a_till_without_stamps_goes_by_its_time
    an_import_and_the_api_stamp_what_they_change_and_nothing_else
    a_price_asked_for_before_a_newer_one_is_shown_to_people_and_changes_nothing
    a_price_is_granted_by_the_servers_own_list_of_people_only
    an_edit_from_another_outlet_is_set_aside
    an_edit_that_is_sent_again_undoes_nothing
    a_category_is_edited_field_by_field
    a_page_says_how_far_a_journal_is_worked_through
    a_made_again_item_begins_without_stamps
    no_event_sets_a_stock_level
}

const MINUTE: i64 = 60_000;
const YEAR: i64 = 365 * 24 * 60 * MINUTE;

fn now(site: &Site) -> Timestamp {
    site.clock.now()
}

/// An edit that a till made so long ago, or will have made by its clock.
fn edit(till: &mut Till, ago_ms: i64, edited: ItemEdited) -> Chained {
    let at = Timestamp::from_millis(till.clock.now().as_millis() - ago_ms);
    let stamp = Some(Stamp::at(at, Node::Terminal(till.terminal_id)));
    till.record(&Fact::ItemEdited(Box::new(ItemEdited { stamp, ..edited })))
}

fn named(id: ItemId, name: &str) -> ItemEdited {
    ItemEdited { name: Some(name.to_owned()), ..ItemEdited::of(id) }
}

fn priced(id: ItemId, price: &str) -> ItemEdited {
    ItemEdited { unit_price: Some(price.parse().unwrap()), ..ItemEdited::of(id) }
}

async fn push(site: &Site, till: &Till, events: &[Chained]) {
    till.push_held(events).await;
    site.applied().await;
}

async fn put_item(site: &Site, id: ItemId, more: Value) {
    let mut body = json!({ "item_id": id, "sku": id.to_string(), "name": "Kopi", "unit_price": "18000" });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let items = [serde_json::from_value(body).unwrap()];
    let state = &site.server().state;
    let mut tx = state.db.write(site.shop.tenant_id).await.unwrap();
    catalog::put_items(&mut tx, site.shop.tenant_id, None, &items, now(site)).await.unwrap();
    tx.commit().await.unwrap();
}

async fn read(site: &Site, id: ItemId) -> Value {
    site.get(&format!("/api/v1/products/{id}")).await.1
}

async fn change(site: &Site, id: ItemId, body: Value) {
    let (status, answer) = site.patch(&format!("/api/v1/products/{id}"), body).await;
    assert_eq!(status, 200, "{answer}");
}

async fn codes(site: &Site) -> Vec<String> {
    let (_, list) = site.get("/api/v1/exceptions?limit=200").await;
    let rows = list["exceptions"].as_array().unwrap();
    rows.iter().map(|row| row["code"].as_str().unwrap().to_owned()).collect()
}

async fn a_late_edit_of_an_offline_till_undoes_nothing_newer_field_by_field(site: Site) {
    let mut till = site.till().await;
    put_item(&site, item(5), json!({})).await;
    site.clock.forward(24 * 60 * MINUTE);
    change(&site, item(5), json!({ "name": "Kopi Susu" })).await;
    let cursor = till.pull(None).await.cursor;
    site.clock.forward(60 * MINUTE);
    // A day ago, while the till was offline.
    let late = ItemEdited { available: Some(false), position: Some(7), ..named(item(5), "Kopi Lama") };
    let late = edit(&mut till, 20 * 60 * MINUTE, late);
    push(&site, &till, &[late]).await;
    let stands = read(&site, item(5)).await;
    assert_eq!(
        (&stands["name"], &stands["available"], &stands["position"]),
        (&json!("Kopi Susu"), &json!(false), &json!(7))
    );
    assert_eq!(codes(&site).await, Vec::<String>::new());
    // One that loses altogether is answered with the row, since its till shows something else.
    let cursor = till.pull(Some(&cursor)).await.cursor;
    let lost = edit(&mut till, 19 * 60 * MINUTE, named(item(5), "Kopi Lama Sekali"));
    push(&site, &till, &[lost]).await;
    let page = till.pull(Some(&cursor)).await;
    assert_eq!(page.rows.len(), 1);
    assert_eq!(page.rows[0].body.as_ref().unwrap()["name"], "Kopi Susu");
}

async fn edits_of_different_fields_by_two_tills_both_stand(site: Site) {
    let (mut one, mut two) = (site.till().await, site.till().await);
    put_item(&site, item(5), json!({})).await;
    site.clock.forward(10 * MINUTE);
    let name = edit(&mut one, 2 * MINUTE, named(item(5), "Kopi Tubruk"));
    let sold_out = ItemEdited { available: Some(false), ..ItemEdited::of(item(5)) };
    let sold_out = edit(&mut two, 3 * MINUTE, sold_out);
    push(&site, &one, &[name]).await;
    push(&site, &two, &[sold_out]).await;
    let stands = read(&site, item(5)).await;
    assert_eq!((&stands["name"], &stands["available"]), (&json!("Kopi Tubruk"), &json!(false)));
}

async fn the_order_in_which_edits_arrive_does_not_matter(site: Site) {
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for (n, order) in (20..).zip(orders) {
        put_item(&site, item(n), json!({})).await;
        site.clock.forward(10 * MINUTE);
        let first = ItemEdited { available: Some(false), position: Some(1), ..named(item(n), "First") };
        let second = ItemEdited { unit_price: Some("2".parse().unwrap()), ..named(item(n), "Second") };
        let third = ItemEdited {
            available: Some(true),
            unit_price: Some("3".parse().unwrap()),
            ..ItemEdited::of(item(n))
        };
        let mut tills = [site.till().await, site.till().await, site.till().await];
        let mut events = Vec::new();
        for ((till, edited), minutes) in tills.iter_mut().zip([first, second, third]).zip([3, 2, 1]) {
            events.push(edit(till, minutes * MINUTE, edited));
        }
        for at in order {
            push(&site, &tills[at], &events[at..=at]).await;
        }
        let stands = read(&site, item(n)).await;
        assert_eq!(
            (&stands["name"], &stands["available"], &stands["position"], &stands["unit_price"]),
            (&json!("Second"), &json!(true), &json!(1), &json!("3")),
            "{order:?}"
        );
    }
}

async fn a_clock_that_is_a_year_ahead_does_not_win_for_ever(site: Site) {
    let (mut wrong, mut right) = (site.till().await, site.till().await);
    put_item(&site, item(5), json!({})).await;
    site.clock.forward(MINUTE);
    let first = edit(&mut wrong, -YEAR, named(item(5), "From the future"));
    let second = edit(&mut wrong, -YEAR - 1, named(item(5), "And once more"));
    push(&site, &wrong, &[first, second]).await;
    assert_eq!(read(&site, item(5)).await["name"], "And once more", "what one till writes stays in order");
    // Headquarters has it before its eyes: at once.
    change(&site, item(5), json!({ "name": "Headquarters" })).await;
    assert_eq!(read(&site, item(5)).await["name"], "Headquarters");
    site.clock.forward(MINUTE);
    let third = edit(&mut wrong, -YEAR, named(item(5), "From the future again"));
    push(&site, &wrong, &[third]).await;
    assert_eq!(read(&site, item(5)).await["name"], "From the future again");
    // A till that has not heard of it: after the bound.
    site.clock.forward(i64::try_from(MAX_AHEAD_MS).unwrap() + 1);
    let plain = edit(&mut right, 0, named(item(5), "Now"));
    push(&site, &right, &[plain]).await;
    assert_eq!(read(&site, item(5)).await["name"], "Now");
    // What the server tells its tills is never far ahead.
    let page = right.pull(None).await;
    assert!(!page.stamp.unwrap().is_ahead_of(now(&site)), "{:?}", page.stamp);
}

async fn an_edit_of_a_till_without_stamps_goes_by_its_time(site: Site) {
    let mut till = site.till().await;
    put_item(&site, item(5), json!({})).await;
    site.clock.forward(MINUTE);
    let before =
        till.write("item.edited", 1, json!({ "item_id": item(5), "name": "Before", "available": false }));
    site.clock.forward(MINUTE);
    change(&site, item(5), json!({ "name": "Headquarters" })).await;
    site.clock.forward(MINUTE);
    push(&site, &till, &[before]).await;
    let stands = read(&site, item(5)).await;
    assert_eq!((&stands["name"], &stands["available"]), (&json!("Headquarters"), &json!(false)));
    let after = till.write("item.edited", 1, json!({ "item_id": item(5), "name": "After" }));
    push(&site, &till, &[after]).await;
    assert_eq!(read(&site, item(5)).await["name"], "After");
}

async fn an_import_and_the_api_stamp_what_they_change_and_nothing_else(site: Site) {
    let mut till = site.till().await;
    put_item(&site, item(5), json!({ "sku": "K1", "picture_id": null })).await;
    put_item(&site, item(6), json!({ "sku": "K2" })).await;
    assert_eq!(site.count("SELECT COUNT(*) FROM field_stamps").await, 0, "what a row is made with has none");
    site.clock.forward(60 * MINUTE);
    let csv = "sku,name,price\nK1,Kopi Impor,18000\nK2,Kopi,18000\n";
    let state = &site.server().state;
    let key = identity::rules::access_token_key(&state.secrets);
    let shop = &site.shop;
    let token = identity::tokens::issue(&key, shop.tenant_id, shop.admin_id, Role::Owner, "test", now(&site))
        .unwrap();
    let request = site.http.post(site.url("/api/v1/products/import")).bearer_auth(token);
    let answer = request.header("content-type", "text/csv").body(csv).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(site.count("SELECT COUNT(*) FROM field_stamps WHERE field = 'name'").await, 1);
    change(&site, item(6), json!({ "available": false, "name": "Kopi" })).await;
    assert_eq!(site.count("SELECT COUNT(*) FROM field_stamps").await, 2);
    site.clock.forward(MINUTE);
    let events = [item(5), item(6)].map(|id| {
        let late = ItemEdited { available: Some(true), position: Some(3), ..named(id, "Late") };
        edit(&mut till, 30 * MINUTE, late)
    });
    push(&site, &till, &events).await;
    let (five, six) = (read(&site, item(5)).await, read(&site, item(6)).await);
    assert_eq!((&five["name"], &five["position"]), (&json!("Kopi Impor"), &json!(3)));
    assert_eq!((&six["name"], &six["available"]), (&json!("Late"), &json!(false)));
}

async fn a_price_asked_for_before_a_newer_one_is_shown_to_people_and_changes_nothing(site: Site) {
    let mut till = site.till().await;
    put_item(&site, item(5), json!({})).await;
    site.clock.forward(60 * MINUTE);
    change(&site, item(5), json!({ "unit_price": "21000" })).await;
    site.clock.forward(MINUTE);
    let cursor = till.pull(None).await.cursor;
    let late = edit(&mut till, 30 * MINUTE, priced(item(5), "15000"));
    push(&site, &till, &[late]).await;
    assert_eq!(read(&site, item(5)).await["unit_price"], "21000");
    let (_, list) = site.get("/api/v1/exceptions").await;
    let exception = &list["exceptions"][0];
    assert_eq!(
        (&exception["code"], &exception["subject"]),
        (&json!("price_outdated"), &json!("Kopi")),
        "{list}"
    );
    assert_eq!(
        (&exception["details"]["unit_price"], &exception["details"]["standing_price"]),
        (&json!("15000"), &json!("21000"))
    );
    let page = till.pull(Some(&cursor)).await;
    assert_eq!(page.rows[0].body.as_ref().unwrap()["unit_price"], "21000", "the till hears what stands");
    // One that was asked for afterwards is granted.
    let newer = edit(&mut till, 0, priced(item(5), "22000"));
    push(&site, &till, &[newer]).await;
    assert_eq!(read(&site, item(5)).await["unit_price"], "22000");
    assert_eq!(codes(&site).await, ["price_outdated"]);
}

async fn a_price_is_granted_by_the_servers_own_list_of_people_only(site: Site) {
    let mut till = site.till().await;
    put_item(&site, item(5), json!({})).await;
    let other = site.other_outlet().await.outlet_id;
    let here = till.outlet.outlet_id;
    let people = [
        (1, Role::Cashier, vec![here], true, false),
        (2, Role::Manager, vec![here], false, false),
        (3, Role::Manager, vec![other], true, false),
        (4, Role::Manager, vec![here], true, true),
        (5, Role::Owner, vec![], true, true),
    ];
    let state = &site.server().state;
    for (n, role, outlet_ids, active, _) in people.clone() {
        let staff_id = StaffId::from_bytes([n; 16]);
        let staff = Staff {
            staff_id,
            name: format!("Person {n}"),
            role,
            pin_hash: "-".to_owned(),
            outlet_ids,
            active,
        };
        let mut tx = state.db.write(site.shop.tenant_id).await.unwrap();
        identity::put_staff(&mut tx, site.shop.tenant_id, &staff, now(&site)).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut refused = 0;
    for (n, _, _, _, may) in people.into_iter().chain([(99, Role::Owner, vec![], true, false)]) {
        site.clock.forward(MINUTE);
        till.staff_id = StaffId::from_bytes([n; 16]);
        let price = format!("{n}000");
        let asked = ItemEdited { name: Some(format!("By {n}")), ..priced(item(5), &price) };
        let event = edit(&mut till, 0, asked);
        push(&site, &till, &[event]).await;
        let stands = read(&site, item(5)).await;
        assert_eq!(stands["name"], format!("By {n}"), "what describes it needs no leave");
        assert_eq!(stands["unit_price"] == price.as_str(), may, "{n}: {stands}");
        refused += usize::from(!may);
        assert_eq!(codes(&site).await.len(), refused);
    }
    assert!(codes(&site).await.iter().all(|code| code == "price_refused"));
}

async fn an_edit_from_another_outlet_is_set_aside(site: Site) {
    let outlet = site.other_outlet().await;
    let mut till = site.till_at(&site.shop, outlet).await;
    let body = json!({ "item_id": item(5), "sku": "K", "name": "Kopi", "unit_price": "1" });
    let items = [serde_json::from_value(body).unwrap()];
    let state = &site.server().state;
    let (tenant, owner) = (site.shop.tenant_id, site.shop.outlet.outlet_id);
    let mut tx = state.db.write(tenant).await.unwrap();
    catalog::put_items(&mut tx, tenant, Some(owner), &items, now(&site)).await.unwrap();
    tx.commit().await.unwrap();
    let event = edit(&mut till, 0, named(item(5), "Not ours"));
    push(&site, &till, &[event]).await;
    assert_eq!(read(&site, item(5)).await["name"], "Kopi");
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events WHERE reason = 'foreign_place'").await, 1);
}

async fn an_edit_that_is_sent_again_undoes_nothing(site: Site) {
    let mut till = site.till().await;
    put_item(&site, item(5), json!({})).await;
    site.clock.forward(10 * MINUTE);
    let wanted = ItemEdited { unit_price: Some("5".parse().unwrap()), ..named(item(5), "Once") };
    let first = edit(&mut till, 5 * MINUTE, wanted.clone());
    push(&site, &till, &[first]).await;
    change(&site, item(5), json!({ "name": "Since then" })).await;
    // A new life of the journal carries the very same fact once more.
    till.begin_epoch(2);
    let again = edit(&mut till, 5 * MINUTE, wanted);
    push(&site, &till, &[again]).await;
    let stands = read(&site, item(5)).await;
    assert_eq!((&stands["name"], &stands["unit_price"]), (&json!("Since then"), &json!("5")));
    assert_eq!(codes(&site).await, Vec::<String>::new(), "a price that was taken before is no anomaly");
}

async fn a_category_is_edited_field_by_field(site: Site) {
    let mut till = site.till().await;
    let new = json!({ "name": "Drinks", "color": "#1d6b52", "position": 3 });
    let (_, made) = site.post("/api/v1/categories", new).await;
    let id: CategoryId = made["category_id"].as_str().unwrap().parse().unwrap();
    site.clock.forward(60 * MINUTE);
    let (status, _) = site.patch(&format!("/api/v1/categories/{id}"), json!({ "name": "Minuman" })).await;
    assert_eq!(status, 200);
    site.clock.forward(MINUTE);
    let at = |ago: i64| {
        let at = Timestamp::from_millis(now(&site).as_millis() - ago);
        Some(Stamp::at(at, Node::Terminal(till.terminal_id)))
    };
    let edited = |category_id, name: &str, stamp| {
        let (name, color) = (Some(name.to_owned()), Some("#7a2e5d".to_owned()));
        Fact::CategoryEdited(Box::new(CategoryEdited { category_id, name, position: None, color, stamp }))
    };
    let nowhere = CategoryId::from_bytes([9; 16]);
    let facts = [edited(id, "Late", at(30 * MINUTE)), edited(nowhere, "Nowhere", at(0))];
    let events = facts.map(|fact| till.record(&fact));
    push(&site, &till, &events).await;
    let (_, list) = site.get("/api/v1/categories").await;
    let category = &list["categories"][0];
    assert_eq!(
        (&category["name"], &category["color"], &category["position"]),
        (&json!("Minuman"), &json!("#7a2e5d"), &json!(3))
    );
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events WHERE reason = 'unknown_category'").await, 1);
    let page = till.pull(None).await;
    let row = page.rows.iter().find(|row| row.id == id.to_string()).unwrap();
    assert_eq!(row.body.as_ref().unwrap()["color"], "#7a2e5d");
}

async fn a_page_says_how_far_a_journal_is_worked_through(site: Site) {
    let mut till = site.till().await;
    assert_eq!(till.pull(None).await.worked, Some(vec![]));
    put_item(&site, item(5), json!({})).await;
    let parked = edit(&mut till, 0, named(item(6), "Unknown"));
    let sale = till.sell();
    let taken = edit(&mut till, 0, named(item(5), "Known"));
    push(&site, &till, &[parked, sale, taken]).await;
    till.begin_epoch(2);
    let next = till.sell();
    push(&site, &till, &[next]).await;
    let page = till.pull(None).await;
    let worked: Vec<_> = page.worked.unwrap().iter().map(|life| (life.epoch, life.seq)).collect();
    assert_eq!(worked, [(1, 3), (2, 1)]);
    assert!(page.stamp.unwrap() >= Stamp::at(now(&site), Node::Terminal(till.terminal_id)).by(Node::Server));
    assert_eq!(site.till().await.pull(None).await.worked, Some(vec![]), "each terminal its own");
}

async fn a_made_again_item_begins_without_stamps(site: Site) {
    let mut till = site.till().await;
    put_item(&site, item(5), json!({})).await;
    change(&site, item(5), json!({ "name": "Changed" })).await;
    let state = &site.server().state;
    let tenant = site.shop.tenant_id;
    let mut tx = state.db.write(tenant).await.unwrap();
    catalog::delete_item(&mut tx, tenant, item(5)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(site.count("SELECT COUNT(*) FROM field_stamps").await, 0);
    put_item(&site, item(5), json!({})).await;
    let event = edit(&mut till, MINUTE, named(item(5), "Till"));
    push(&site, &till, &[event]).await;
    assert_eq!(read(&site, item(5)).await["name"], "Till");
}

async fn no_event_sets_a_stock_level(site: Site) {
    let mut till = site.till().await;
    put_item(&site, item(1), json!({})).await;
    let sale = till.order(&[(item(1), "18000", 3_000)]);
    let sale = till.record(&Fact::OrderCompleted(Box::new(sale)));
    push(&site, &till, &[sale]).await;
    let setting = [
        till.write(
            "item.edited",
            1,
            json!({ "item_id": item(1), "stock": "500", "quantity": "500", "level": 500_000 }),
        ),
        till.write("stock.level_set", 1, json!({ "item_id": item(1), "quantity": "500" })),
        till.write("stock.moved", 1, json!({ "item_id": item(1), "level": "500" })),
    ];
    push(&site, &till, &setting).await;
    assert_eq!(site.count("SELECT quantity FROM stock_levels").await, -3_000);
    // A count is a movement, too: the difference that the ledger sums.
    let line = json!({ "item_id": item(1), "variant_id": null, "sku": "K", "quantity": "10" });
    let id = shared::ids::StockMovementId::from_bytes([3; 16]);
    let counted = json!({ "stock_movement_id": id, "reason": "counted", "note": "", "lines": [line], "approval_id": null });
    let counted = till.write("stock.moved", 1, counted);
    push(&site, &till, &[counted]).await;
    assert_eq!(site.count("SELECT quantity FROM stock_levels").await, 7_000);
    let sum = "SELECT CAST(SUM(quantity) AS BIGINT) FROM stock_movements";
    assert_eq!(site.count(sum).await, 7_000, "the level is the sum of the ledger");
}
