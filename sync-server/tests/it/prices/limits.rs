//! Limits that tills share.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::ids::CustomerId;
use shared::order::Order;
use shared::pricing::{Allowance, PriceBook};
use shared::wire::path;

use super::*;
use crate::support::{Site, Till, item};

on_both_engines! {
    limits_are_lent_in_parts_and_never_beyond_what_there_is
    more_than_there_was_is_told_and_the_sale_stands
    what_a_customer_may_have_is_lent_to_the_till_where_they_stand
}

/// The same at a till that believes it may still give much of everything.
fn with_plenty(till: &Till, order: Order, book: &PriceBook, customer_id: Option<CustomerId>) -> Order {
    let all =
        book.promotions.iter().map(|of| Allowance { promotion_id: of.promotion_id, coupon: None, left: 9 });
    priced_by(till, order, book, SaleTerms { allowances: all.collect(), customer_id, ..SaleTerms::default() })
}

fn capped(limits: Value) -> Value {
    json!({ "name": "Opening", "promotions": [
        { "name": "Opening", "effect": "percent", "rate_ppm": 100_000, "limits": limits, "coupons": [] }] })
}

async fn lent(till: &Till, limits: Value) -> Vec<Value> {
    let body = json!({ "limits": limits }).to_string().into_bytes();
    let answer = till.signed(Method::POST, path::ALLOWANCES, body, till.now()).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json::<Value>().await.unwrap()["lent"].as_array().unwrap().clone()
}

async fn times(till: &Till, promotion: &Value) -> u64 {
    lent(till, json!([{ "promotion_id": promotion }])).await[0]["times"].as_u64().unwrap()
}

async fn active_promotion(site: &Site, campaign: Value) -> Value {
    let id = made(site, "/api/v1/campaigns", campaign).await;
    activated(site, "/api/v1/campaigns", &id, json!({})).await["promotions"][0]["promotion_id"].clone()
}

async fn limits_are_lent_in_parts_and_never_beyond_what_there_is(site: Site) {
    let (one, other) = (site.till().await, site.till().await);
    let promotion = active_promotion(&site, capped(json!({ "in_all": 10 }))).await;
    // Two tills: each is lent a quarter of what is left.
    assert_eq!(times(&one, &promotion).await, 2);
    assert_eq!(times(&one, &promotion).await, 2, "asking again gives no more than there is use for");
    assert_eq!(times(&other, &promotion).await, 2);
    assert!(
        lent(&one, json!([{ "promotion_id": shared::ids::PromotionId::from_bytes([9; 16]) }]))
            .await
            .is_empty()
    );

    let single = json!({ "name": "Welcome", "promotions": [
        { "name": "Welcome", "effect": "percent", "rate_ppm": 100_000, "coupons": [{ "code": "HALO", "uses": 1 }] }] });
    let promotion = active_promotion(&site, single).await;
    let code = json!([{ "promotion_id": promotion, "coupon": "HALO" }]);
    assert_eq!(lent(&one, code.clone()).await[0]["times"], 1);
    assert_eq!(lent(&other, code.clone()).await[0]["times"], 0);
    assert_eq!(lent(&one, code).await[0]["times"], 1);

    // A till is given more as it sells, also while what it sold is on its way.
    let many = json!({ "name": "Often", "promotions": [
        { "name": "Often", "effect": "percent", "rate_ppm": 100_000, "coupons": [{ "code": "OFTEN", "uses": 40 }] }] });
    let promotion = active_promotion(&site, many).await;
    let ask = |spent: u32| json!([{ "promotion_id": promotion, "coupon": "OFTEN", "spent": spent }]);
    assert_eq!(lent(&one, ask(0)).await[0]["times"], 10);
    assert_eq!(lent(&one, ask(0)).await[0]["times"], 10);
    assert_eq!(lent(&one, ask(10)).await[0]["times"], 17, "a quarter of the 30 that are left");

    let daily = active_promotion(&site, capped(json!({ "per_day": 1 }))).await;
    assert_eq!(times(&one, &daily).await, 1);
    assert_eq!(times(&other, &daily).await, 0);
    site.clock.forward(24 * 60 * MINUTE);
    assert_eq!(times(&other, &daily).await, 1, "another day");
}

async fn more_than_there_was_is_told_and_the_sale_stands(site: Site) {
    let mut till = site.till().await;
    active_promotion(&site, capped(json!({ "in_all": 1 }))).await;
    let book = book(&site, "present").await;
    for expected in [0, 1] {
        let mut order = till.order(&[(item(1), "18000", 1_000), (item(2), "12500", 2_000)]);
        order = with_plenty(&till, order, &book, None);
        sold(&site, &mut till, order).await;
        assert_eq!(codes(&site).await.len(), expected, "{:?}", exceptions(&site).await);
    }
    assert_eq!(codes(&site).await, ["promotion_overspent"]);
    let known = lent(&till, json!([{ "promotion_id": book.promotions[0].promotion_id }])).await;
    assert_eq!(known[0]["spent"], 2, "a till that lost its own count goes on from here");
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 2);
}

async fn what_a_customer_may_have_is_lent_to_the_till_where_they_stand(site: Site) {
    let (mut one, other) = (site.till().await, site.till().await);
    let promotion = active_promotion(&site, capped(json!({ "per_customer": 2 }))).await;
    let id = |n: u8| CustomerId::from_bytes([n; 16]);
    let ask =
        |n: u8, spent: u32| json!([{ "promotion_id": promotion, "customer_id": id(n), "spent": spent }]);
    let back = |n: u8, spent: u32| json!([{ "promotion_id": promotion, "customer_id": id(n), "spent": spent, "gives_back": true }]);
    assert!(
        lent(&one, json!([{ "promotion_id": promotion }])).await.is_empty(),
        "all together are not counted"
    );
    assert_eq!(lent(&one, ask(1, 0)).await[0]["times"], 2);
    assert_eq!(lent(&other, ask(1, 0)).await[0]["times"], 0, "they stand at the other one");
    assert_eq!(lent(&other, ask(2, 0)).await[0]["times"], 2, "somebody else");

    // They go without having bought anything, and buy once at the other till.
    assert!(lent(&one, back(1, 0)).await.is_empty());
    assert_eq!(lent(&other, ask(1, 0)).await[0]["times"], 2);
    assert!(lent(&other, back(1, 1)).await.is_empty());
    assert_eq!(lent(&one, ask(1, 0)).await[0]["times"], 1, "what the other one sold is on its way");

    // A till that forgot to give back keeps it for the day only; what was sold stays sold.
    let book = book(&site, "present").await;
    let order = one.order(&[(item(1), "18000", 1_000)]);
    let order = with_plenty(&one, order, &book, Some(id(1)));
    sold(&site, &mut one, order).await;
    site.clock.forward(24 * 60 * MINUTE);
    assert_eq!(lent(&other, ask(1, 0)).await[0]["times"], 1);
    assert_eq!(lent(&other, ask(2, 0)).await[0]["times"], 2);
    assert_eq!(codes(&site).await, Vec::<String>::new());
    for expected in [0, 1] {
        let order = one.order(&[(item(1), "18000", 1_000)]);
        let order = with_plenty(&one, order, &book, Some(id(1)));
        sold(&site, &mut one, order).await;
        assert_eq!(codes(&site).await.len(), expected, "{:?}", exceptions(&site).await);
    }
    assert_eq!(codes(&site).await, ["promotion_overspent"]);
    assert_eq!(exceptions(&site).await[0]["details"]["customer_id"], json!(id(1)));
}
