//! Orders and refunds as headquarters reads them.

use serde_json::{Value, json};
use shared::journal::Fact;
use shared::order::Order;

use crate::support::{Site, Till, item};

on_both_engines! {
    orders_are_paged_newest_first_and_stay_stable
    orders_are_filtered
    an_order_is_shown_as_its_till_wrote_it
    refunds_are_listed_with_their_lines
    lines_come_when_asked_for
    bad_questions_are_told_what_is_wrong
}

async fn sell(till: &mut Till, unit_price: &str) -> Order {
    let order = till.order(&[(item(1), unit_price, 1_000)]);
    let event = till.record(&Fact::OrderCompleted(Box::new(order.clone())));
    till.push_held(&[event]).await;
    order
}

fn ids(list: &Value) -> Vec<String> {
    list["orders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|order| order["order_id"].as_str().unwrap().to_owned())
        .collect()
}

async fn orders_are_paged_newest_first_and_stay_stable(site: Site) {
    let mut till = site.till().await;
    let mut sold = Vec::new();
    for n in 0..7 {
        sold.push(sell(&mut till, "1000").await.order_id.to_string());
        // Two of them in the same millisecond, as several tills will have.
        site.clock.forward(if n == 3 { 0 } else { 60_000 });
    }
    site.applied().await;
    let (_, first) = site.get("/api/v1/orders?limit=3").await;
    let cursor = first["next_cursor"].as_str().unwrap().to_owned();
    // A newer order arrives between two pages: the next page is as it would have been.
    sell(&mut till, "1000").await;
    site.applied().await;
    let (_, second) = site.get(&format!("/api/v1/orders?limit=3&cursor={cursor}")).await;
    let cursor = second["next_cursor"].as_str().unwrap().to_owned();
    let (_, third) = site.get(&format!("/api/v1/orders?limit=3&cursor={cursor}")).await;
    assert_eq!(third["next_cursor"], Value::Null);
    let shown: Vec<String> = [&first, &second, &third].into_iter().flat_map(ids).collect();
    let mut expected = sold.clone();
    expected.reverse();
    // Of the two at one moment the larger id comes first, whichever was sold first.
    if shown[2] != expected[2] {
        expected.swap(2, 3);
    }
    assert_eq!(shown, expected);
}

async fn orders_are_filtered(site: Site) {
    let mut till = site.till().await;
    let other_outlet = site.other_outlet().await;
    let mut elsewhere = site.till_at(&site.shop, other_outlet.clone()).await;
    let cheap = sell(&mut till, "1000").await;
    let dear = sell(&mut till, "90000").await;
    let far = sell(&mut elsewhere, "1000").await;
    site.clock.forward(24 * 60 * 60 * 1000);
    let tomorrow = sell(&mut till, "1000").await;
    site.applied().await;
    let today = cheap.business_date;
    for (query, expected) in [
        (format!("outlet_id={}", other_outlet.outlet_id), vec![&far]),
        (format!("terminal_id={}", till.terminal_id), vec![&tomorrow, &dear, &cheap]),
        (format!("from={}", tomorrow.business_date), vec![&tomorrow]),
        (format!("from={today}&to={today}&outlet_id={}", till.outlet.outlet_id), vec![&dear, &cheap]),
        (format!("receipt_number={}", dear.receipt_number), vec![&dear]),
        (format!("min_total={}", dear.total.minor()), vec![&dear]),
        (
            format!("max_total={}&to={today}&terminal_id={}", cheap.total.minor(), till.terminal_id),
            vec![&cheap],
        ),
        (format!("staff_id={}&from={}", till.staff_id, tomorrow.business_date), vec![&tomorrow]),
        (format!("staff_id={}", item(1)), vec![]),
    ] {
        let (status, list) = site.get(&format!("/api/v1/orders?{query}")).await;
        assert_eq!(status, 200, "{query}: {list}");
        let mut shown = ids(&list);
        let mut expected: Vec<String> = expected.iter().map(|order| order.order_id.to_string()).collect();
        shown.sort();
        expected.sort();
        assert_eq!(shown, expected, "{query}");
    }
}

async fn an_order_is_shown_as_its_till_wrote_it(site: Site) {
    let mut till = site.till().await;
    let order = sell(&mut till, "18000").await;
    let refund = till.refund(&order, 500);
    let event = till.record(&Fact::RefundCompleted(Box::new(refund.clone())));
    till.push_held(&[event]).await;
    site.applied().await;
    let (status, detail) = site.get(&format!("/api/v1/orders/{}", order.order_id)).await;
    assert_eq!(status, 200);
    assert_eq!(serde_json::from_value::<Order>(detail["order"].clone()).unwrap(), order);
    assert_eq!(detail["refunds"][0]["refund_id"], json!(refund.refund_id));
    assert_eq!(detail["refunds"][0]["lines"][0]["quantity"], "0.5");
    // Another business sees nothing, in the same words as for what does not exist.
    let stranger = site.other_shop().await;
    let foreign = site.get_as(&stranger, &format!("/api/v1/orders/{}", order.order_id)).await;
    let nowhere = site.get(&format!("/api/v1/orders/{}", item(77))).await;
    assert_eq!(foreign, nowhere);
    assert_eq!(foreign.0, 404);
    assert_eq!(site.get("/api/v1/orders/nonsense").await.0, 404);
}

async fn refunds_are_listed_with_their_lines(site: Site) {
    let mut till = site.till().await;
    let order = sell(&mut till, "18000").await;
    let refund = till.refund(&order, 1_000);
    let event = till.record(&Fact::RefundCompleted(Box::new(refund.clone())));
    till.push_held(&[event]).await;
    site.applied().await;
    let (_, list) = site.get("/api/v1/refunds?include=lines").await;
    let shown = &list["refunds"][0];
    assert_eq!((&shown["total"], &shown["reason"]), (&json!(refund.total), &json!("cold")));
    assert_eq!(
        (&shown["lines"][0]["amount"], &shown["lines"][0]["restock"]),
        (&json!(refund.total), &json!(true))
    );
    assert_eq!(site.get("/api/v1/refunds?min_total=999999999").await.1["refunds"], json!([]));
}

async fn lines_come_when_asked_for(site: Site) {
    let mut till = site.till().await;
    let order = till.order(&[(item(1), "2.55", 6_000), (item(2), "1.25", 125)]);
    let event = till.record(&Fact::OrderCompleted(Box::new(order.clone())));
    till.push_held(&[event]).await;
    site.applied().await;
    let (_, plain) = site.get("/api/v1/orders").await;
    assert!(plain["orders"][0].get("lines").is_none());
    assert_eq!(
        (&plain["orders"][0]["note"], &plain["orders"][0]["line_count"]),
        (&json!("meja 4"), &json!(2))
    );
    let (_, list) = site.get("/api/v1/orders?include=lines").await;
    let lines = list["orders"][0]["lines"].as_array().unwrap();
    assert_eq!((&lines[0]["unit_price"], &lines[0]["quantity"]), (&json!("2.55"), &json!("6")));
    assert_eq!(
        (&lines[1]["quantity"], &lines[1]["share"]),
        (&json!("0.125"), &json!(order.lines[1].figures.share))
    );
}

async fn bad_questions_are_told_what_is_wrong(site: Site) {
    for (query, status) in [
        ("limit=0", 422),
        ("limit=201", 422),
        ("cursor=forged", 422),
        ("include=everything", 422),
        ("from=14-03-2026", 400),
        ("outlet_id=KOTA", 400),
        ("min_total=1.5", 400),
    ] {
        let (found, problem) = site.get(&format!("/api/v1/orders?{query}")).await;
        assert_eq!(found, status, "{query}: {problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{problem}");
    }
    let response = site.http.get(site.url("/api/v1/orders")).send().await.unwrap();
    assert_eq!(response.status(), 401);
}
