//! Prices of headquarters: parts drafted, activated and taken back, the versions made of them, what goes down to tills, and how
//! sales are judged by them.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::journal::Fact;
use shared::order::{Order, Tender, TenderKind};
use shared::pricing::{Allowance, PriceBook, ReadyBook, Sale, SaleTerms};
use shared::staff::{Role, Staff};
use shared::wire::path;
use shared::{Clock, Money};
use sync_server::{catalog, identity, pricing};

use crate::support::{Site, Till, item};

on_both_engines! {
    a_campaign_is_drafted_activated_sent_down_and_taken_back
    a_sale_is_computed_again_with_the_version_that_it_names
    a_sale_at_an_old_version_stands_and_the_difference_is_told
    an_item_sold_at_its_old_price_is_told_after_a_while
    a_tax_that_begins_later_makes_a_next_version_that_comes_by_itself
    parts_that_do_not_go_together_are_refused_and_change_nothing
    a_basket_is_tried_with_a_draft
    a_campaign_is_tried_on_past_sales
    a_manager_at_a_till_changes_prices_of_the_own_outlet_only
    a_server_that_was_put_back_leaves_versions_out
    limits_are_lent_in_parts_and_never_beyond_what_there_is
    more_than_there_was_is_told_and_the_sale_stands
}

const MINUTE: i64 = 60_000;

fn ten_percent(name: &str) -> Value {
    json!({
        "name": name,
        "promotions": [{ "name": name, "effect": "percent", "rate_ppm": 100_000 }],
    })
}

async fn made(site: &Site, path: &str, body: Value) -> String {
    let (status, answer) = site.post(path, body).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    assert_eq!(answer["state"], "draft");
    answer["id"].as_str().unwrap().to_owned()
}

async fn activated(site: &Site, path: &str, id: &str, term: Value) -> Value {
    let (status, answer) = site.post(&format!("{path}/{id}/activate"), term).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

async fn versions(site: &Site) -> Vec<Value> {
    let path = format!("/api/v1/outlets/{}/price-books", site.shop.outlet.outlet_id);
    let (status, answer) = site.get(&path).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer["versions"].as_array().unwrap().clone()
}

/// The version of a state, such as `present`.
async fn version(site: &Site, state: &str) -> Option<Value> {
    versions(site).await.into_iter().find(|version| version["state"] == state)
}

async fn book(site: &Site, state: &str) -> PriceBook {
    serde_json::from_value(version(site, state).await.unwrap()["book"].clone()).unwrap()
}

/// The versions that a fresh till is sent.
async fn sent_down(till: &Till) -> Vec<u64> {
    let mut versions = Vec::new();
    let mut cursor = None;
    loop {
        let page = till.pull(cursor.as_deref()).await;
        for row in &page.rows {
            if row.entity == "price_book"
                && let Some(body) = &row.body
            {
                versions.push(body["version"].as_u64().unwrap());
            }
        }
        if !page.more {
            return versions;
        }
        cursor = Some(page.cursor);
    }
}

/// A sale as a till with a price book makes it, paid by card.
fn order_by(till: &mut Till, book: &PriceBook) -> Order {
    let order = till.order(&[(item(1), "18000", 1_000), (item(2), "12500", 2_000)]);
    priced_by(till, order, book, Vec::new())
}

/// The same at a till that believes it may still give much of everything.
fn with_plenty(till: &Till, order: Order, book: &PriceBook) -> Order {
    let all =
        book.promotions.iter().map(|of| Allowance { promotion_id: of.promotion_id, coupon: None, left: 9 });
    priced_by(till, order, book, all.collect())
}

fn priced_by(till: &Till, mut order: Order, book: &PriceBook, allowances: Vec<Allowance>) -> Order {
    let terms = SaleTerms {
        allowances,
        at: order.occurred_at,
        zone: till.outlet.zone.clone(),
        outlet_id: Some(till.outlet.outlet_id),
        ..SaleTerms::default()
    };
    let lines: Vec<_> = order.lines.iter().map(|line| line.to_sale_line().unwrap()).collect();
    let ready = ReadyBook::new(book.clone()).unwrap();
    let computed = ready.price(&Sale { lines: &lines, order_discount: None, terms: &terms }).unwrap();
    let figures = computed.order;
    for (line, figures) in order.lines.iter_mut().zip(figures.lines) {
        line.figures = figures;
    }
    order.subtotal = figures.subtotal;
    order.discount_total = figures.discount_total;
    order.service_charge = figures.service_charge;
    order.taxes = figures.taxes;
    order.tax_total = figures.tax_total;
    order.total = figures.total;
    order.terms = Some(terms);
    order.promotion_uses = computed.uses;
    order.price_book_version = book.version;
    order.cash_rounding = Money::zero(order.currency);
    order.change_due = Money::zero(order.currency);
    let tender_id = order.tenders[0].tender_id;
    order.tenders =
        vec![Tender { tender_id, kind: TenderKind::Card, amount: figures.total, given: figures.total }];
    order
}

async fn sold(site: &Site, till: &mut Till, order: Order) {
    let event = till.record(&Fact::OrderCompleted(Box::new(order)));
    till.push_held(&[event]).await;
    site.applied().await;
}

async fn exceptions(site: &Site) -> Vec<Value> {
    let (_, list) = site.get("/api/v1/exceptions?limit=200").await;
    list["exceptions"].as_array().unwrap().clone()
}

async fn codes(site: &Site) -> Vec<String> {
    exceptions(site).await.iter().map(|row| row["code"].as_str().unwrap().to_owned()).collect()
}

async fn a_campaign_is_drafted_activated_sent_down_and_taken_back(site: Site) {
    let till = site.till().await;
    let id = made(&site, "/api/v1/campaigns", ten_percent("Autumn")).await;
    assert_eq!(versions(&site).await.len(), 1, "a draft makes no version");
    let first = u64::from(site.shop.outlet.price_book_version);

    let campaign = activated(&site, "/api/v1/campaigns", &id, json!({})).await;
    assert_eq!(campaign["state"], "active");
    assert_eq!(sent_down(&till).await, [first + 1]);
    let present = version(&site, "present").await.unwrap();
    assert_eq!(present["book"]["promotions"][0]["name"], "Autumn");
    let (_, outlets) = site.get("/api/v1/outlets").await;
    assert_eq!(outlets["outlets"][0]["price_book_version"], first + 1);

    // The same once more says nothing new.
    activated(&site, "/api/v1/campaigns", &id, json!({})).await;
    assert_eq!(versions(&site).await.len(), 2);

    let (status, answer) = site.post(&format!("/api/v1/campaigns/{id}/deactivate"), json!({})).await;
    assert_eq!((status, &answer["state"]), (StatusCode::OK, &json!("inactive")));
    assert_eq!(sent_down(&till).await, [0_u64; 0], "the outlet's own rules need no book");
    assert_eq!(version(&site, "present").await.unwrap()["version"], first + 2);

    let (status, _) = site.delete(&format!("/api/v1/campaigns/{id}")).await;
    assert_eq!(status, StatusCode::CONFLICT, "its sales name it");
    let draft = made(&site, "/api/v1/campaigns", ten_percent("Never")).await;
    let (status, _) = site.delete(&format!("/api/v1/campaigns/{draft}")).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
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

    // By another version it would be right; by its own it is not.
    let mut wrong = order_by(&mut till, &autumn);
    wrong.price_book_version = site.shop.outlet.price_book_version;
    sold(&site, &mut till, wrong).await;
    assert_eq!(codes(&site).await, ["computation_mismatch"]);
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

async fn put_item(site: &Site, price: &str) {
    let body = json!({ "item_id": item(1), "sku": "K1", "name": "Kopi", "unit_price": price });
    let items = [serde_json::from_value(body).unwrap()];
    let state = &site.server().state;
    let mut tx = state.db.write(site.shop.tenant_id).await.unwrap();
    catalog::put_items(&mut tx, site.shop.tenant_id, None, &items, site.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
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

async fn a_tax_that_begins_later_makes_a_next_version_that_comes_by_itself(site: Site) {
    let till = site.till().await;
    let own = site.shop.outlet.rules.taxes[0].clone();
    let starts = site.clock.now().plus_millis(60 * MINUTE);
    let tax = json!({
        "name": "PB1 12 %", "kind": "percent", "rate_ppm": 120_000, "tax_id": own.tax_id, "included": own.included,
    });
    let id = made(&site, "/api/v1/taxes", tax).await;
    let answer = activated(&site, "/api/v1/taxes", &id, json!({ "starts_at": starts })).await;
    assert_eq!(answer["state"], "scheduled");
    let first = u64::from(site.shop.outlet.price_book_version);
    let next = version(&site, "next").await.unwrap();
    assert_eq!(
        (next["version"].as_u64(), next["valid_from"].as_i64()),
        (Some(first + 1), Some(starts.as_millis()))
    );
    assert_eq!(next["book"]["taxes"][0]["name"], "PB1 12 %");
    assert_eq!(version(&site, "present").await.unwrap()["version"], first);
    assert_eq!(sent_down(&till).await, [first + 1], "the next one is there before its time");

    // A change of the present withdraws nothing of the next that says the same.
    let campaign = made(&site, "/api/v1/campaigns", ten_percent("Now")).await;
    activated(&site, "/api/v1/campaigns", &campaign, json!({})).await;
    let withdrawn = versions(&site).await.iter().filter(|version| version["state"] == "withdrawn").count();
    assert_eq!(withdrawn, 1, "the next one lacks the campaign");
    let next = version(&site, "next").await.unwrap();
    assert_eq!(next["book"]["promotions"][0]["name"], "Now");

    let since = site.clock.now();
    site.clock.forward(61 * MINUTE);
    let state = &site.server().state;
    pricing::turn(state, since).await.unwrap();
    assert!(version(&site, "next").await.is_none());
    let present = version(&site, "present").await.unwrap();
    assert_eq!(present["version"], next["version"], "the next one is the present one, nothing new is made");
    assert_eq!(sent_down(&till).await, [next["version"].as_u64().unwrap()]);
    let (_, outlets) = site.get("/api/v1/outlets").await;
    assert_eq!(outlets["outlets"][0]["price_book_version"], present["version"]);
}

async fn parts_that_do_not_go_together_are_refused_and_change_nothing(site: Site) {
    let refused = async |path: &str, body: Value, field: &str| {
        let (status, answer) = site.post(path, body.clone()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body} → {answer}");
        assert_eq!(answer["details"]["field"], field, "{body} → {answer}");
    };
    refused("/api/v1/campaigns", json!({ "name": "Nothing" }), "promotions").await;
    refused("/api/v1/campaigns", json!({ "name": "Nothing", "promotions": [] }), "promotions").await;
    let mut ends_first = ten_percent("Backwards");
    ends_first["starts_at"] = json!(2_000);
    ends_first["ends_at"] = json!(1_000);
    refused("/api/v1/campaigns", ends_first, "ends_at").await;
    let mut odd = ten_percent("Odd");
    odd["colour"] = json!("red");
    refused("/api/v1/campaigns", odd, "colour").await;
    refused(
        "/api/v1/campaigns",
        json!({ "name": "X", "promotions": [{ "name": "X", "effect": "magic" }] }),
        "magic",
    )
    .await;
    let mut counted = ten_percent("Once each");
    counted["promotions"][0]["limits"] = json!({ "per_customer": 1 });
    refused("/api/v1/campaigns", counted, "per_customer").await;
    let mut elsewhere = ten_percent("Elsewhere");
    elsewhere["outlet_ids"] = json!(["00000000-0000-0000-0000-000000000000"]);
    refused("/api/v1/campaigns", elsewhere, "outlet_ids").await;
    refused("/api/v1/taxes", json!({ "name": "T" }), "kind").await;
    refused("/api/v1/price-books", json!({ "name": " " }), "name").await;

    // What is wrong only beside the others is found when it is to be in force.
    let above = json!({ "name": "Above", "promotions": [{ "name": "Above", "effect": "percent", "rate_ppm": 1_000_001 }] });
    let id = made(&site, "/api/v1/campaigns", above).await;
    let (status, answer) = site.post(&format!("/api/v1/campaigns/{id}/activate"), json!({})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    assert!(answer["detail"].as_str().unwrap().contains("100 percent"), "{answer}");
    assert_eq!(versions(&site).await.len(), 1);
    assert_eq!(site.get(&format!("/api/v1/campaigns/{id}")).await.1["state"], "draft");

    let starts = json!({ "starts_at": site.clock.now().plus_millis(MINUTE) });
    let one = made(&site, "/api/v1/price-books", json!({ "name": "One", "tax_rounding": "order" })).await;
    activated(&site, "/api/v1/price-books", &one, starts.clone()).await;
    let other = made(&site, "/api/v1/price-books", json!({ "name": "Other", "rounding": "half_even" })).await;
    let (status, answer) = site.post(&format!("/api/v1/price-books/{other}/activate"), starts).await;
    assert_eq!(status, StatusCode::CONFLICT, "{answer}");
    assert!(answer["detail"].as_str().unwrap().contains("in force at once"), "{answer}");
    let (status, answer) =
        site.post(&format!("/api/v1/price-books/{other}/activate"), json!({ "ends_at": 5 })).await;
    assert_eq!((status, &answer["details"]["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("ends_at")));
}

async fn a_basket_is_tried_with_a_draft(site: Site) {
    put_item(&site, "18000").await;
    let draft = made(&site, "/api/v1/campaigns", ten_percent("Autumn")).await;
    let basket = |with: Value| {
        json!({
            "outlet_id": site.shop.outlet.outlet_id,
            "lines": [{ "item_id": item(1), "quantity": "2" }],
            "with": with,
        })
    };
    let (status, plain) = site.post("/api/v1/price-books/preview", basket(json!([]))).await;
    assert_eq!(status, StatusCode::OK, "{plain}");
    assert_eq!(plain["names"], json!(["Kopi"]));
    let (status, tried) = site.post("/api/v1/price-books/preview", basket(json!([draft]))).await;
    assert_eq!(status, StatusCode::OK, "{tried}");
    let total = |answer: &Value| answer["order"]["subtotal"].as_str().unwrap().parse::<Money>().unwrap();
    assert_eq!(total(&plain), total(&tried));
    let off = tried["order"]["discount_total"].as_str().unwrap().parse::<Money>().unwrap();
    assert_eq!(off.minor() * 10, total(&tried).minor());
    assert_eq!(tried["order"]["lines"][0]["promotions"][0]["name"], "Autumn");
    assert_eq!(versions(&site).await.len(), 1, "a trial makes nothing");

    let (status, _) = site
        .post("/api/v1/price-books/preview", basket(json!([shared::ids::ItemId::from_bytes([9; 16])])))
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

async fn a_campaign_is_tried_on_past_sales(site: Site) {
    let mut till = site.till().await;
    let mut expected = 0;
    for _ in 0..3 {
        let order =
            till.order_paid(&[(item(1), "18000", 1_000), (item(2), "12500", 2_000)], TenderKind::Card);
        expected += order.total.minor();
        sold(&site, &mut till, order).await;
        site.clock.forward(MINUTE);
    }
    let mut only_items = ten_percent("Autumn");
    only_items["promotions"][0]["target"] = json!({ "item_ids": [item(1)] });
    let id = made(&site, "/api/v1/campaigns", only_items).await;
    let day = shared::BusinessDate::of(site.clock.now(), &till.outlet.zone, till.outlet.day_cutoff_minutes);
    let past = json!({ "from": day, "until": day });
    let (status, cost) = site.post(&format!("/api/v1/campaigns/{id}/simulate"), past).await;
    assert_eq!(status, StatusCode::OK, "{cost}");
    assert_eq!((&cost["orders"], &cost["touched"], &cost["unknown"]), (&json!(3), &json!(3), &json!(0)));
    let money = |value: &Value| value[0].as_str().unwrap().parse::<Money>().unwrap();
    assert_eq!(money(&cost["takings"]).minor(), expected);
    // 10 % of three cups at 18,000, as they stand on the receipts.
    assert_eq!(
        money(&cost["promotions"][0]["amount"]).to_string(),
        Money::new(3 * 1_800, till.outlet.currency).to_string()
    );
    assert!(money(&cost["cost"]).minor() >= 3 * 1_800);
    assert_eq!(cost["days"][0]["orders"], 3);
    let (_, none) = site
        .post(
            &format!("/api/v1/campaigns/{id}/simulate"),
            json!({ "from": "2001-01-01", "until": "2001-01-02" }),
        )
        .await;
    assert_eq!(none["orders"], 0);
}

async fn manager(site: &Site, till: &mut Till, role: Role) {
    let staff = Staff {
        staff_id: shared::ids::StaffId::from_bytes([role as u8 + 100; 16]),
        name: "Sari".to_owned(),
        role,
        pin_hash: "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2g".to_owned(),
        outlet_ids: vec![till.outlet.outlet_id],
        active: true,
    };
    till.staff_id = staff.staff_id;
    let state = &site.server().state;
    let mut tx = state.db.write(site.shop.tenant_id).await.unwrap();
    identity::put_staff(&mut tx, site.shop.tenant_id, &staff, site.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn asked(till: &Till, ask: Value) -> (StatusCode, Value) {
    let body = json!({ "staff_id": till.staff_id, "ask": ask }).to_string().into_bytes();
    let answer = till.signed(Method::POST, path::PRICING, body, till.now()).send().await.unwrap();
    let status = answer.status();
    (status, answer.json().await.unwrap_or_default())
}

async fn a_manager_at_a_till_changes_prices_of_the_own_outlet_only(site: Site) {
    let mut till = site.till().await;
    let save = json!({ "ask": "save", "kind": "campaigns", "id": null, "fields": ten_percent("Mine") });
    manager(&site, &mut till, Role::Cashier).await;
    assert_eq!(asked(&till, save.clone()).await.0, StatusCode::FORBIDDEN);
    manager(&site, &mut till, Role::Manager).await;
    let (status, part) = asked(&till, save).await;
    assert_eq!(status, StatusCode::OK, "{part}");
    assert_eq!(part["outlet_ids"], json!([till.outlet.outlet_id]));
    let activate = |id: &Value| json!({ "ask": "activate", "kind": "campaigns", "id": id, "starts_at": null, "ends_at": null });
    let (status, part) = asked(&till, activate(&part["id"])).await;
    assert_eq!((status, &part["state"]), (StatusCode::OK, &json!("active")), "{part}");
    assert_eq!(sent_down(&till).await.len(), 1);

    let all = made(&site, "/api/v1/campaigns", ten_percent("All")).await;
    assert_eq!(asked(&till, activate(&json!(all))).await.0, StatusCode::FORBIDDEN);
    let (_, list) = asked(&till, json!({ "ask": "list", "kind": "campaigns" })).await;
    assert_eq!(list["parts"].as_array().unwrap().len(), 2, "what is for all outlets is shown");
    let (status, versions) = asked(&till, json!({ "ask": "versions" })).await;
    assert_eq!((status, versions["versions"].as_array().unwrap().len()), (StatusCode::OK, 2));
    let (status, _) = asked(&till, json!({ "ask": "list", "kind": "wishes" })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let day = "2026-01-01";
    let (status, cost) =
        asked(&till, json!({ "ask": "simulate", "id": all, "from": day, "until": day })).await;
    assert_eq!((status, &cost["orders"]), (StatusCode::OK, &json!(0)), "{cost}");
    let (status, shown) = asked(&till, json!({ "ask": "preview", "basket": { "lines": [] } })).await;
    assert_eq!(status, StatusCode::OK, "{shown}");
}

async fn a_server_that_was_put_back_leaves_versions_out(site: Site) {
    let id = made(&site, "/api/v1/campaigns", ten_percent("Autumn")).await;
    activated(&site, "/api/v1/campaigns", &id, json!({})).await;
    let before = version(&site, "present").await.unwrap()["version"].as_u64().unwrap();
    site.execute("UPDATE price_books SET server_epoch = 'another life'").await;
    let (status, _) = site.post(&format!("/api/v1/campaigns/{id}/deactivate"), json!({})).await;
    assert_eq!(status, StatusCode::OK);
    let present = version(&site, "present").await.unwrap()["version"].as_u64().unwrap();
    assert!(present >= before + 1_000, "{present}: what was made after the backup may be on receipts");
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
        order = with_plenty(&till, order, &book);
        sold(&site, &mut till, order).await;
        assert_eq!(codes(&site).await.len(), expected, "{:?}", exceptions(&site).await);
    }
    assert_eq!(codes(&site).await, ["promotion_overspent"]);
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 2);
}
