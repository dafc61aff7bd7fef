//! From the journal into the tables: every fact once, nothing ever blocked.

use serde_json::json;
use shared::drawer::{CashMovement, CashMovementKind};
use shared::ids::{CartId, CashMovementId, ItemId, StaffSessionId, StockMovementId};
use shared::journal::Fact;
use shared::journal::payload::{ItemEdited, StaffSigned, StockMoved, StockMovementLine, StockReason};
use shared::order::VoidedOrder;
use shared::{Money, Quantity};
use sync_server::catalog;
use sync_server::seams::SystemRandom;

use crate::support::{Site, item};

on_both_engines! {
    a_poison_event_is_parked_and_later_ones_are_applied
    a_parked_event_is_applied_once_its_cause_is_mended
    a_parked_event_is_applied_once_its_item_comes
    poison_among_many_sales_is_parked_alone
    a_parked_event_is_told_to_its_terminal
    an_unknown_kind_is_kept
    a_second_order_with_the_same_id_never_overwrites
    a_sale_with_wrong_figures_stands_and_is_noted
    a_sale_that_is_not_paid_is_noted
    a_refund_above_what_was_paid_is_recorded_and_noted
    a_refund_may_arrive_before_its_sale
    stock_follows_sales_refunds_and_movements
    drawers_and_their_cash_are_kept
    an_edit_of_an_item_goes_down_to_every_till
    events_of_every_known_kind_are_applied
}

async fn codes(site: &Site) -> Vec<String> {
    let (_, list) = site.get("/api/v1/exceptions?limit=200").await;
    list["exceptions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["code"].as_str().unwrap().to_owned())
        .collect()
}

async fn a_poison_event_is_parked_and_later_ones_are_applied(site: Site) {
    let mut till = site.till().await;
    let events = [
        till.sell(),
        till.write("order.completed", 1, json!({ "order_id": "not an order" })),
        till.write("order.completed", 1, json!(null)),
        till.sell(),
    ];
    assert_eq!(till.push_held(&events).await.acked_seq, 4);
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 2);
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events WHERE state = 'parked'").await, 2);
    let (_, list) = site.get("/api/v1/exceptions?code=event_parked").await;
    assert_eq!(list["exceptions"][0]["details"]["reason"], "payload_unreadable", "{list}");
    // The raw signed bytes are all there.
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events").await, 4);
}

async fn a_parked_event_is_applied_once_its_cause_is_mended(mut site: Site) {
    let mut till = site.till().await;
    let edited = ItemEdited { name: Some("Teh".to_owned()), ..ItemEdited::of(item(5)) };
    let edit = till.record(&Fact::ItemEdited(Box::new(edited)));
    till.push_held(&[edit]).await;
    site.applied().await;
    assert_eq!(codes(&site).await, ["event_parked"]);
    put_item(&site, item(5)).await;
    site.restart().await;
    till.reconnect(&site);
    site.applied().await;
    let (_, open) = site.get("/api/v1/exceptions?open=true").await;
    assert_eq!(open["exceptions"], json!([]));
    let page = till.pull(None).await;
    let body = page.rows.iter().find(|row| row.id == item(5).to_string()).unwrap().body.clone().unwrap();
    assert_eq!(body["name"], "Teh");
    assert!(!page.rows.iter().any(|row| row.entity == "notice"), "the notice is taken back");
}

async fn a_parked_event_is_applied_once_its_item_comes(site: Site) {
    let mut till = site.till().await;
    let edited = ItemEdited { name: Some("Teh".to_owned()), ..ItemEdited::of(item(5)) };
    let edit = till.record(&Fact::ItemEdited(Box::new(edited)));
    till.push_held(&[edit]).await;
    site.applied().await;
    assert_eq!(codes(&site).await, ["event_parked"]);
    // The server runs on: the item is made in the back office, and nobody does anything else.
    put_item(&site, item(5)).await;
    for _ in 0..600 {
        let (_, open) = site.get("/api/v1/exceptions?open=true").await;
        if open["exceptions"] == json!([]) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the edit was still parked after 30 s");
}

async fn poison_among_many_sales_is_parked_alone(site: Site) {
    let (mut till, mut other) = (site.till().await, site.till().await);
    let same = till.order(&[(item(3), "1000", 1_000)]);
    let mut changed = same.clone();
    changed.note = Some("another".to_owned());
    let mut events: Vec<_> = (0..60).map(|_| till.sell()).collect();
    events.push(till.record(&Fact::OrderCompleted(Box::new(same))));
    events.extend((0..60).map(|_| till.sell()));
    events.push(till.record(&Fact::OrderCompleted(Box::new(changed))));
    events.push(till.write("order.completed", 1, json!({ "order_id": 5 })));
    events.extend((0..60).map(|_| till.sell()));
    let others: Vec<_> = (0..60).map(|_| other.sell()).collect();
    let (one, two) = tokio::join!(till.push_held(&events), other.push_held(&others));
    assert_eq!((one.acked_seq, two.acked_seq), (183, 60));
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 241);
    assert_eq!(site.count("SELECT COUNT(*) FROM order_lines").await, 481);
    assert_eq!(site.count("SELECT COUNT(*) FROM stock_movements").await, 481);
    assert_eq!(
        site.count("SELECT CAST(SUM(quantity) AS BIGINT) FROM stock_levels").await,
        -240 * 3_000 - 1_000
    );
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events WHERE state = 'parked'").await, 2);
}

async fn a_parked_event_is_told_to_its_terminal(site: Site) {
    let mut till = site.till().await;
    let event = till.write("order.completed", 1, json!({ "receipt_number": "KOTA-T1-000007" }));
    till.push_held(&[event]).await;
    site.applied().await;
    let page = till.pull(None).await;
    let notice = page.rows.iter().find(|row| row.entity == "notice").unwrap();
    let notice: shared::wire::Notice = serde_json::from_value(notice.body.clone().unwrap()).unwrap();
    assert_eq!((notice.code.as_str(), notice.subject.as_str()), ("event_parked", "KOTA-T1-000007"));
    assert_eq!(notice.terminal_id, Some(till.terminal_id));
}

async fn an_unknown_kind_is_kept(mut site: Site) {
    let mut till = site.till().await;
    let newer = till.write("order.completed", 99, json!({ "of": "a newer build" }));
    let unknown = till.write("loyalty.earned", 1, json!({ "points": 3 }));
    let sale = till.sell();
    till.push_held(&[newer, unknown, sale]).await;
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events WHERE reason = 'unknown_kind'").await, 2);
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 1);
    // Tried again at the next start, it is still kept, and noted only once.
    site.restart().await;
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events WHERE reason = 'unknown_kind'").await, 2);
    assert_eq!(codes(&site).await.len(), 2);
}

async fn a_second_order_with_the_same_id_never_overwrites(site: Site) {
    let mut till = site.till().await;
    let order = till.order(&[(item(1), "1000", 1_000)]);
    let mut other = till.order(&[(item(1), "9000", 1_000)]);
    other.order_id = order.order_id;
    let total = order.total.minor();
    let same = Fact::OrderCompleted(Box::new(order));
    let events =
        [till.record(&same), till.record(&Fact::OrderCompleted(Box::new(other))), till.record(&same)];
    till.push_held(&events).await;
    site.applied().await;
    assert_eq!(site.count("SELECT total FROM orders").await, total);
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events WHERE reason = 'duplicate_id'").await, 1);
    // The very same fact once more is the same sale: done, and counted once.
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events WHERE state = 'applied'").await, 2);
    assert_eq!(site.count("SELECT quantity FROM stock_levels").await, -1_000);
}

async fn a_sale_with_wrong_figures_stands_and_is_noted(site: Site) {
    let mut till = site.till().await;
    let mut order = till.order(&[(item(1), "18000", 1_000)]);
    let one = Money::new(1, order.currency);
    order.tax_total = order.tax_total.add(one).unwrap();
    order.total = order.total.add(one).unwrap();
    order.cash_rounding = order.cash_rounding.sub(one).unwrap();
    let event = till.record(&Fact::OrderCompleted(Box::new(order)));
    till.push_held(&[event]).await;
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 1);
    let (_, list) = site.get("/api/v1/exceptions").await;
    let exception = &list["exceptions"][0];
    assert_eq!(
        (&exception["code"], &exception["details"]["figure"]),
        (&json!("computation_mismatch"), &json!("tax_total"))
    );
}

async fn a_sale_that_is_not_paid_is_noted(site: Site) {
    let mut till = site.till().await;
    let mut order = till.order(&[(item(1), "18000", 1_000)]);
    order.tenders.clear();
    let event = till.record(&Fact::OrderCompleted(Box::new(order)));
    till.push_held(&[event]).await;
    site.applied().await;
    let (_, list) = site.get("/api/v1/exceptions").await;
    assert_eq!(list["exceptions"][0]["details"]["figure"], "tenders", "{list}");
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 1);
}

async fn a_refund_above_what_was_paid_is_recorded_and_noted(site: Site) {
    let mut till = site.till().await;
    let order = till.order(&[(item(1), "18000", 2_000)]);
    let refunds = [till.refund(&order, 1_000), till.refund(&order, 1_000), till.refund(&order, 1_000)];
    let mut events = vec![till.record(&Fact::OrderCompleted(Box::new(order)))];
    for refund in refunds {
        events.push(till.record(&Fact::RefundCompleted(Box::new(refund))));
    }
    till.push_held(&events[..3]).await;
    site.applied().await;
    assert!(codes(&site).await.is_empty(), "two of two may be given back");
    till.push_held(&events[3..]).await;
    site.applied().await;
    assert_eq!(codes(&site).await, ["refund_exceeds_captured"]);
    assert_eq!(site.count("SELECT COUNT(*) FROM refunds").await, 3);
}

async fn a_refund_may_arrive_before_its_sale(site: Site) {
    let mut seller = site.till().await;
    let mut other = site.till().await;
    let order = seller.order(&[(item(1), "18000", 1_000)]);
    let mut refund = other.refund(&order, 1_000);
    let more = Money::new(1, order.currency);
    refund.lines[0].amount = refund.lines[0].amount.add(more).unwrap();
    (refund.total, refund.amount) = (refund.lines[0].amount, refund.lines[0].amount);
    let given_back = other.record(&Fact::RefundCompleted(Box::new(refund)));
    other.push_held(&[given_back]).await;
    site.applied().await;
    assert!(codes(&site).await.is_empty(), "nothing can be said before the sale is known");
    let sold = seller.record(&Fact::OrderCompleted(Box::new(order)));
    seller.push_held(&[sold]).await;
    site.applied().await;
    assert_eq!(codes(&site).await, ["refund_exceeds_captured"]);
}

async fn stock_follows_sales_refunds_and_movements(site: Site) {
    let mut till = site.till().await;
    let order = till.order(&[(item(1), "18000", 3_000), (item(2), "9000", 250), (item(1), "18000", 1_000)]);
    let refund = till.refund(&order, 1_000);
    let moved = StockMoved {
        stock_movement_id: StockMovementId::new(&*site.clock, &mut SystemRandom),
        reason: StockReason::Wasted,
        note: "fell down".to_owned(),
        lines: vec![StockMovementLine {
            item_id: item(2),
            variant_id: None,
            sku: "B".to_owned(),
            quantity: Quantity::from_thousandths(-1_500),
        }],
        approval_id: None,
    };
    let movement_id = moved.stock_movement_id.to_string();
    let events = [
        till.record(&Fact::OrderCompleted(Box::new(order))),
        till.record(&Fact::RefundCompleted(Box::new(refund))),
        till.record(&Fact::StockMoved(Box::new(moved))),
    ];
    till.push_held(&events).await;
    site.applied().await;
    let (_, levels) = site.get(&format!("/api/v1/inventory?outlet_id={}", till.outlet.outlet_id)).await;
    let level = |n: usize| (levels["levels"][n]["item_id"].clone(), levels["levels"][n]["quantity"].clone());
    assert_eq!(level(0), (json!(item(1)), json!("-3")));
    assert_eq!(level(1), (json!(item(2)), json!("-1.75")));
    assert_eq!(levels["levels"][0]["oversold"], true);
    let (_, list) = site.get("/api/v1/inventory/movements?reason=wasted").await;
    let movement = &list["movements"][0];
    assert_eq!(movement["stock_movement_id"], json!(movement_id));
    assert_eq!((&movement["note"], &movement["lines"][0]["quantity"]), (&json!("fell down"), &json!("-1.5")));
    assert_eq!(site.get("/api/v1/inventory/movements?reason=counted").await.1["movements"], json!([]));
}

async fn drawers_and_their_cash_are_kept(site: Site) {
    let mut till = site.till().await;
    let opened = till.drawer_opened();
    let currency = till.outlet.currency;
    let movement = CashMovement {
        cash_movement_id: CashMovementId::new(&*site.clock, &mut SystemRandom),
        drawer_session_id: till.drawer_session_id,
        kind: CashMovementKind::Pickup,
        amount: Money::new(100_000, currency),
        reason: "safe".to_owned(),
        staff_id: till.staff_id,
        occurred_at: opened.opened_at,
        approval_id: None,
    };
    let order = till.order(&[(item(1), "18000", 1_000)]);
    let total = order.total;
    let zero = Money::zero(currency);
    let report = shared::drawer::DrawerReport {
        opened: opened.clone(),
        currency,
        digits: 0,
        orders: 1,
        refunds: 0,
        voids: 0,
        sales_total: total,
        refund_total: zero,
        discount_total: zero,
        service_charge_total: order.service_charge,
        taxes: vec![],
        refund_tax_total: zero,
        cash_rounding_total: order.cash_rounding,
        tenders: vec![],
        cash_in: zero,
        cash_out: Money::new(100_000, currency),
        expected_cash: Money::new(420_800, currency),
    };
    let count = shared::drawer::Count {
        staff_id: till.staff_id,
        staff_name: "Sari".to_owned(),
        closed_at: opened.opened_at,
        business_date: opened.business_date,
        counted_cash: Money::new(420_000, currency),
        denominations: vec![],
        note: None,
    };
    let closed = |z_number, report| match shared::drawer::DrawerSession::Open(opened.clone()).close(
        z_number,
        report,
        count.clone(),
    ) {
        Ok(shared::drawer::DrawerSession::Closed(closed)) => closed,
        other => panic!("{other:?}"),
    };
    let mut wrong = report.clone();
    wrong.orders = 2;
    let events = [
        till.record(&Fact::DrawerOpened(Box::new(opened.clone()))),
        till.record(&Fact::CashMoved(Box::new(movement))),
        till.record(&Fact::OrderCompleted(Box::new(order))),
        till.record(&Fact::DrawerClosed(closed(1, report))),
    ];
    till.push_held(&events).await;
    site.applied().await;
    assert!(codes(&site).await.is_empty());
    let (_, list) = site.get("/api/v1/drawer-sessions").await;
    let session = &list["drawer_sessions"][0];
    assert_eq!((&session["z_number"], &session["difference"]), (&json!(1), &json!("-800 IDR")));
    assert_eq!(
        (&session["opening_float"], &session["closed"]["report"]["orders"]),
        (&json!("500000 IDR"), &json!(1))
    );
    assert_eq!(site.count("SELECT amount FROM cash_movements").await, 100_000);
    // A report that does not agree with the sales held here is noted.
    let disagreeing = till.record(&Fact::DrawerClosed(closed(2, wrong)));
    till.push_held(&[disagreeing]).await;
    site.applied().await;
    assert_eq!(codes(&site).await, ["drawer_mismatch"]);
}

async fn put_item(site: &Site, item_id: ItemId) {
    let state = &site.server().state;
    let item: shared::catalogue::Item = serde_json::from_value(
        json!({ "item_id": item_id, "sku": "KOPI", "name": "Kopi", "unit_price": "18000" }),
    )
    .unwrap();
    let mut tx = state.db.write(site.shop.tenant_id).await.unwrap();
    catalog::put_items(&mut tx, site.shop.tenant_id, None, &[item], state.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn an_edit_of_an_item_goes_down_to_every_till(site: Site) {
    let mut till = site.till().await;
    let other = site.till().await;
    put_item(&site, item(5)).await;
    let cursor = other.pull(None).await.cursor;
    let mut edited = ItemEdited {
        available: Some(false),
        unit_price: Some("21000".parse().unwrap()),
        ..ItemEdited::of(item(5))
    };
    let by_manager = till.record(&Fact::ItemEdited(Box::new(edited.clone())));
    till.push_held(&[by_manager]).await;
    site.applied().await;
    site.clock.forward(1_000);
    let page = other.pull(Some(&cursor)).await;
    let body = page.rows[0].body.clone().unwrap();
    assert_eq!((&body["available"], &body["unit_price"]), (&json!(false), &json!("21000")));
    // Somebody the server does not know as a manager cannot set a price; the rest of the edit is taken.
    till.staff_id = shared::ids::StaffId::from_bytes([1; 16]);
    edited.available = Some(true);
    edited.unit_price = Some("1".parse().unwrap());
    let by_stranger = till.record(&Fact::ItemEdited(Box::new(edited)));
    till.push_held(&[by_stranger]).await;
    site.applied().await;
    let page = other.pull(Some(&page.cursor)).await;
    let body = page.rows[0].body.clone().unwrap();
    assert_eq!((&body["available"], &body["unit_price"]), (&json!(true), &json!("21000")));
    assert_eq!(codes(&site).await, ["price_refused"]);
}

async fn events_of_every_known_kind_are_applied(site: Site) {
    let mut till = site.till().await;
    let signed = StaffSigned {
        staff_session_id: StaffSessionId::new(&*site.clock, &mut SystemRandom),
        staff_id: till.staff_id,
    };
    let voided = VoidedOrder {
        cart_id: CartId::new(&*site.clock, &mut SystemRandom),
        staff_id: till.staff_id,
        occurred_at: shared::Clock::now(&*site.clock),
        reason: "changed their mind".to_owned(),
        total: Money::new(10, till.outlet.currency),
        approval_id: None,
    };
    let events = [
        till.record(&Fact::StaffSignedIn(Box::new(signed.clone()))),
        till.record(&Fact::OrderVoided(Box::new(voided))),
        till.record(&Fact::StaffSignedOut(Box::new(signed))),
        till.write("drawer.kicked", 1, json!({ "reason": "change", "approval_id": null })),
        till.write("receipt.reprinted", 1, json!({ "order_id": null, "refund_id": null })),
    ];
    till.push_held(&events).await;
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events WHERE state = 'applied'").await, 5);
    assert_eq!(site.count("SELECT COUNT(*) FROM activities").await, 4);
    assert_eq!(site.count("SELECT COUNT(*) FROM voided_carts").await, 1);
}
