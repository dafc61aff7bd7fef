//! Parts of headquarters: drafted, activated, taken back, refused, tried; and what goes down to tills.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::order::TenderKind;
use shared::staff::{Role, Staff};
use shared::wire::path;
use shared::{Clock, Money};
use sync_server::{identity, pricing};

use super::*;
use crate::support::{Site, Till, item};

on_both_engines! {
    a_campaign_is_drafted_activated_sent_down_and_taken_back
    a_tax_that_begins_later_makes_a_next_version_that_comes_by_itself
    parts_that_do_not_go_together_are_refused_and_change_nothing
    a_basket_is_tried_with_a_draft
    a_campaign_is_tried_on_past_sales
    a_manager_at_a_till_changes_prices_of_the_own_outlet_only
    a_server_that_was_put_back_leaves_versions_out
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

pub(crate) async fn manager(site: &Site, till: &mut Till, role: Role) {
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

    let book = book(&site, "present").await;
    let order = order_by(&mut till, &book);
    let (day, off) = (order.business_date, order.discount_total);
    sold(&site, &mut till, order).await;
    let (status, given) = asked(&till, json!({ "ask": "given", "from": day, "until": day })).await;
    assert_eq!((status, &given["rows"][0]["taken_off"]), (StatusCode::OK, &json!(off)), "{given}");
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
