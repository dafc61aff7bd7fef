//! Sales judged by the price book that they name, by the one in force, and by what items cost then.

use serde_json::json;
use shared::Money;
use shared::journal::Fact;
use shared::journal::payload::ItemEdited;
use shared::order::TenderKind;
use shared::staff::Role;
use shared::stamp::{Node, Stamp};

use super::*;
use crate::support::{Site, Till, item};

on_both_engines! {
    a_sale_is_computed_again_with_the_version_that_it_names
    a_sale_at_an_old_version_stands_and_the_difference_is_told
    an_item_sold_at_its_old_price_is_told_after_a_while
    a_price_that_a_till_asked_for_is_right_there_from_then_on_and_the_old_one_elsewhere_until_it_is_granted
}

async fn a_sale_is_computed_again_with_the_version_that_it_names(site: Site) {
    let mut till = site.till().await;
    let id = made(&site, "/api/v1/campaigns", ten_percent("Autumn")).await;
    activated(&site, "/api/v1/campaigns", &id, json!({})).await;
    let autumn = book(&site, "present").await;
    let order = order_by(&mut till, &autumn);
    assert!(!order.discount_total.is_zero());
    sold(&site, &mut till, order).await;
    assert_eq!(codes(&site).await, [""; 0]);

    // A use that is not said would not count against its limit.
    let mut silent = order_by(&mut till, &autumn);
    silent.promotion_uses.clear();
    sold(&site, &mut till, silent).await;
    assert_eq!(exceptions(&site).await[0]["details"]["figure"], "promotion_uses");

    // By another version it would be right; by its own it is not.
    let mut wrong = order_by(&mut till, &autumn);
    wrong.price_book_version = site.shop.outlet.price_book_version;
    sold(&site, &mut till, wrong).await;
    assert_eq!(codes(&site).await, ["computation_mismatch", "computation_mismatch"]);
}

async fn a_sale_at_an_old_version_stands_and_the_difference_is_told(site: Site) {
    let mut till = site.till().await;
    let id = made(&site, "/api/v1/campaigns", ten_percent("Autumn")).await;
    activated(&site, "/api/v1/campaigns", &id, json!({})).await;

    // A change takes its time to arrive.
    site.clock.forward(MINUTE);
    let old = till.order_paid(&[(item(1), "18000", 1_000)], TenderKind::Card);
    sold(&site, &mut till, old).await;
    assert_eq!(codes(&site).await, [""; 0]);

    site.clock.forward(10 * MINUTE);
    let old = till.order_paid(&[(item(1), "18000", 1_000)], TenderKind::Card);
    let (total, number) = (old.total, old.receipt_number.clone());
    sold(&site, &mut till, old).await;
    let told = exceptions(&site).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["code"], "stale_price");
    assert_eq!(told[0]["subject"], number);
    let details = &told[0]["details"];
    assert_eq!(details["claimed"], total.to_string());
    let money = |name: &str| details[name].as_str().unwrap().parse::<Money>().unwrap();
    assert_eq!(money("expected").add(money("difference")).unwrap(), total);
    assert!(money("difference").minor() > 0, "too much was taken");
    let (_, orders) = site.get("/api/v1/orders").await;
    assert_eq!(orders["orders"].as_array().unwrap().len(), 2, "a paid sale stands");
}

async fn an_item_sold_at_its_old_price_is_told_after_a_while(site: Site) {
    let mut till = site.till().await;
    put_item(&site, "18000").await;
    site.clock.forward(MINUTE);
    let sale = |till: &mut Till, price| till.order_paid(&[(item(1), price, 1_000)], TenderKind::Card);
    let before = sale(&mut till, "18000");
    put_item(&site, "20000").await;
    sold(&site, &mut till, before).await;
    assert_eq!(codes(&site).await, [""; 0], "it was the price when it was sold");

    site.clock.forward(10 * MINUTE);
    let new = sale(&mut till, "20000");
    sold(&site, &mut till, new).await;
    assert_eq!(codes(&site).await, [""; 0]);
    let old = sale(&mut till, "18000");
    sold(&site, &mut till, old).await;
    let told = exceptions(&site).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0]["code"], "stale_price");
    let difference: Money = told[0]["details"]["difference"].as_str().unwrap().parse().unwrap();
    assert!(difference.is_negative(), "too little was taken: {difference}");
}

async fn a_price_that_a_till_asked_for_is_right_there_from_then_on_and_the_old_one_elsewhere_until_it_is_granted(
    site: Site,
) {
    let (mut till, mut other) = (site.till().await, site.till().await);
    put_item(&site, "18000").await;
    parts::manager(&site, &mut till, Role::Manager).await;
    site.clock.forward(10 * MINUTE);
    let sale = |till: &mut Till, price| till.order_paid(&[(item(1), price, 1_000)], TenderKind::Card);
    // Cut off, a manager changes the price and sells at it; the shop next door cannot know.
    let stamp = Some(Stamp::at(till.now(), Node::Terminal(till.terminal_id)));
    let edited = ItemEdited { unit_price: Some("20000".parse().unwrap()), stamp, ..ItemEdited::of(item(1)) };
    let mut events = vec![till.record(&Fact::ItemEdited(Box::new(edited)))];
    site.clock.forward(20 * MINUTE);
    for price in ["20000", "18000"] {
        let order = sale(&mut till, price);
        events.push(till.record(&Fact::OrderCompleted(Box::new(order))));
    }
    let next_door = sale(&mut other, "18000");
    site.clock.forward(60 * MINUTE);
    // In one batch with a sale before it, so that what is known of the item must be forgotten in between.
    let before = sale(&mut other, "18000");
    sold(&site, &mut other, before).await;
    till.push_held(&events).await;
    site.applied().await;
    sold(&site, &mut other, next_door).await;
    assert_eq!(codes(&site).await, [""; 0], "{:?}", exceptions(&site).await);

    site.clock.forward(10 * MINUTE);
    let late = sale(&mut other, "18000");
    sold(&site, &mut other, late).await;
    assert_eq!(codes(&site).await, ["stale_price"], "now it is in force everywhere");
}
