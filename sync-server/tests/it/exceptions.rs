//! The exceptions inbox: what people see of an anomaly, and what they do about it.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::catalogue::Item;
use shared::ids::{ItemId, StaffId};
use shared::journal::GENESIS_HASH;
use sync_server::catalog;

use crate::support::{Site, Till, item};

on_both_engines! {
    a_parked_event_is_seen_with_its_raw_bytes_applied_again_and_settles
    a_person_settles_an_exception_once_and_everybody_sees_how
    a_fork_shows_both_branches_and_tells_the_terminal_until_it_is_settled
    a_terminal_sees_and_settles_what_is_of_its_own_outlet_only
    another_business_sees_nothing
}

async fn first(site: &Site, query: &str) -> Value {
    let (status, list) = site.get(&format!("/api/v1/exceptions{query}")).await;
    assert_eq!(status, StatusCode::OK, "{list}");
    list["exceptions"].as_array().unwrap().first().cloned().unwrap_or(Value::Null)
}

fn id_of(exception: &Value) -> String {
    exception["exception_id"].as_str().unwrap_or_else(|| panic!("{exception}")).to_owned()
}

fn kinds(detail: &Value) -> Vec<&str> {
    detail["steps"].as_array().unwrap().iter().map(|step| step["kind"].as_str().unwrap()).collect()
}

async fn a_parked_event_is_seen_with_its_raw_bytes_applied_again_and_settles(site: Site) {
    let mut till = site.till().await;
    let edit = till.write("item.edited", 1, json!({ "item_id": item(9), "name": "Teh tarik" }));
    let sale = till.sell();
    till.push_held(&[edit.clone(), sale]).await;
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 1, "the next one is not held up");

    let parked = first(&site, "?open=true&seen=false&code=event_parked").await;
    let path = format!("/api/v1/exceptions/{}", id_of(&parked));
    let (status, detail) = site.get(&path).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        detail["event"]["raw"],
        String::from_utf8(shared::journal::canonical_bytes(&edit.event).unwrap()).unwrap()
    );
    assert_eq!(detail["event"]["reason"], "unknown_item");
    assert_eq!(detail["can_reapply"], true);

    // Applied again too early: it is set aside again, and that stays one exception.
    let (status, _) = site.post(&format!("{path}/reapply"), json!({})).await;
    assert_eq!(status, StatusCode::OK);
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM exceptions").await, 1);

    put_item(&site, item(9)).await;
    let (status, _) = site.post(&format!("{path}/reapply"), json!({})).await;
    assert_eq!(status, StatusCode::OK);
    site.applied().await;
    let (_, detail) = site.get(&path).await;
    assert_eq!(kinds(&detail), ["reapplied", "reapplied", "applied"], "{detail}");
    assert!(detail["exception"]["resolved_at"].is_i64());
    let (status, problem) = site.post(&format!("{path}/reapply"), json!({})).await;
    assert_eq!((status, problem["code"].as_str()), (StatusCode::CONFLICT, Some("conflict")));
}

async fn put_item(site: &Site, item_id: ItemId) {
    let state = &site.server().state;
    let body = json!({ "item_id": item_id, "sku": "TEH", "name": "Teh", "unit_price": "9000" });
    let item: Item = serde_json::from_value(body).unwrap();
    let mut tx = state.db.write(site.shop.tenant_id).await.unwrap();
    catalog::put_items(&mut tx, site.shop.tenant_id, None, &[item], state.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}

async fn a_person_settles_an_exception_once_and_everybody_sees_how(site: Site) {
    let mut till = site.till().await;
    let unknown = till.write("moon.landed", 1, json!({ "crew": 3 }));
    till.push_held(&[unknown]).await;
    site.applied().await;
    let path = format!("/api/v1/exceptions/{}", id_of(&first(&site, "").await));
    for _ in 0..2 {
        let (status, detail) = site.post(&format!("{path}/seen"), json!({})).await;
        assert_eq!((status, kinds(&detail)), (StatusCode::OK, vec!["seen"]));
    }
    let (status, _) = site.post(&format!("{path}/resolve"), json!({ "note": "  " })).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    for note in ["Written down by hand", "again"] {
        let (status, detail) = site.post(&format!("{path}/resolve"), json!({ "note": note })).await;
        assert_eq!(status, StatusCode::OK, "{detail}");
        assert_eq!(detail["exception"]["resolved_by"], "Owner");
        assert_eq!(detail["steps"][1]["note"], "Written down by hand");
        assert_eq!(kinds(&detail), ["seen", "resolved"]);
    }
    assert_eq!(first(&site, "?open=true").await, Value::Null);
    assert_eq!(first(&site, "?open=false&seen=true").await["resolved_by"], "Owner");
    let rows = till.pull(None).await.rows;
    assert!(rows.iter().all(|row| row.entity != "notice"), "the terminal need not see it any longer");
    let (status, _) = site.get("/api/v1/exceptions/0000").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

async fn a_fork_shows_both_branches_and_tells_the_terminal_until_it_is_settled(site: Site) {
    let mut till = site.till().await;
    let kept = till.sell();
    till.push_held(std::slice::from_ref(&kept)).await;
    (till.seq, till.head) = (0, GENESIS_HASH);
    let other = till.sell();
    assert_eq!(till.push(std::slice::from_ref(&other)).await.status(), StatusCode::CONFLICT);

    let path = format!("/api/v1/exceptions/{}", id_of(&first(&site, "?code=journal_fork").await));
    let (_, detail) = site.get(&path).await;
    assert_eq!(detail["event"]["hash"], kept.hash.to_string());
    assert_eq!(detail["branch"][0]["hash"], other.hash.to_string());
    assert_eq!(detail["branch"][0]["state"], "apart");
    let notices = |rows: Vec<shared::wire::FeedRow>| {
        rows.into_iter().filter(|row| row.entity == "notice" && row.body.is_some()).count()
    };
    assert_eq!(notices(till.pull(None).await.rows), 1);
    site.post(&format!("{path}/resolve"), json!({ "note": "the old disk was put back" })).await;
    assert_eq!(notices(till.pull(None).await.rows), 0);
}

async fn act(till: &Till, id: &str, body: &Value) -> (StatusCode, Value) {
    let path = format!("/api/v1/sync/exceptions/{id}");
    let now = shared::Clock::now(&*till.clock);
    let response = till.signed(Method::POST, &path, body.to_string().into_bytes(), now).send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

async fn a_terminal_sees_and_settles_what_is_of_its_own_outlet_only(site: Site) {
    let mut till = site.till().await;
    let elsewhere = site.other_outlet().await;
    let mut other = site.till_at(&site.shop, elsewhere).await;
    for till in [&mut till, &mut other] {
        let unknown = till.write("moon.landed", 1, json!({}));
        till.push_held(&[unknown]).await;
    }
    site.applied().await;
    let now = shared::Clock::now(&*till.clock);
    let response =
        till.signed(Method::GET, "/api/v1/sync/exceptions?open=true", Vec::new(), now).send().await.unwrap();
    let list: shared::wire::inbox::InboxPage = response.json().await.unwrap();
    assert_eq!((list.exceptions.len(), list.open), (1, 1));
    let id = &list.exceptions[0].exception_id;

    let stranger = json!({ "staff_id": StaffId::from_bytes([1; 16]), "act": "resolve", "note": "done" });
    assert_eq!(act(&till, id, &stranger).await.0, StatusCode::FORBIDDEN);
    let manager = json!({ "staff_id": site.shop.staff_id, "act": "resolve", "note": "done" });
    assert_eq!(act(&other, id, &manager).await.0, StatusCode::FORBIDDEN, "she does not work there");
    let (status, detail) = act(&till, id, &manager).await;
    assert_eq!(status, StatusCode::OK, "{detail}");
    assert_eq!(detail["exception"]["resolved_by"], "Sari");
    assert_eq!(detail["steps"][0]["terminal_id"], till.terminal_id.to_string());
    let detail: shared::wire::inbox::InboxDetail = serde_json::from_value(detail).unwrap();
    assert!(detail.event.is_some());
}

async fn another_business_sees_nothing(site: Site) {
    let mut till = site.till().await;
    let unknown = till.write("moon.landed", 1, json!({}));
    till.push_held(&[unknown]).await;
    site.applied().await;
    let id = id_of(&first(&site, "").await);
    let other = site.other_shop().await;
    let (status, list) = site.get_as(&other, "/api/v1/exceptions").await;
    assert_eq!((status, list["exceptions"].as_array().unwrap().len()), (StatusCode::OK, 0));
    let (status, _) = site.get_as(&other, &format!("/api/v1/exceptions/{id}")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
