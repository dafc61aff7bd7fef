//! How receipts of an outlet look: changed at a till or by API, checked in size, sent down to the outlet's tills.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::staff::Role;
use shared::wire::path;

use crate::prices::parts::manager;
use crate::support::{Site, Till};

on_both_engines! {
    a_manager_at_a_till_changes_how_receipts_of_the_own_outlet_look
    layouts_that_are_too_large_are_refused
}

async fn saved(till: &Till, layouts: Value, footer: Value) -> (StatusCode, Value) {
    let body = json!({ "staff_id": till.staff_id, "layouts": layouts, "receipt_footer": footer });
    let body = body.to_string().into_bytes();
    let answer = till.signed(Method::POST, path::LAYOUTS, body, till.now()).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap_or_default())
}

/// The outlet as it goes down to the till.
async fn sent_down(till: &Till) -> Value {
    let page = till.pull(None).await;
    let row = page.rows.into_iter().rfind(|row| row.entity == "outlet").unwrap();
    row.body.unwrap()
}

async fn a_manager_at_a_till_changes_how_receipts_of_the_own_outlet_look(site: Site) {
    let mut till = site.till().await;
    assert_eq!(sent_down(&till).await.get("layouts"), None, "an old till sees what it always saw");
    let layouts = json!({ "receipt": "@center {{ shop.name }}\n", "legal": ["No refunds on food"] });
    manager(&site, &mut till, Role::Cashier).await;
    assert_eq!(saved(&till, layouts.clone(), json!([])).await.0, StatusCode::FORBIDDEN);
    manager(&site, &mut till, Role::Manager).await;
    let (status, answer) = saved(&till, layouts.clone(), json!(["Bye"])).await;
    assert_eq!((status, &answer["layouts"]), (StatusCode::OK, &layouts), "{answer}");
    let outlet = sent_down(&till).await;
    assert_eq!((&outlet["layouts"], &outlet["receipt_footer"]), (&layouts, &json!(["Bye"])));
    let (_, outlets) = site.get("/api/v1/outlets").await;
    assert_eq!(outlets["outlets"][0]["layouts"], layouts);

    let id = till.outlet.outlet_id;
    let (status, outlet) = site.patch(&format!("/api/v1/outlets/{id}"), json!({ "layouts": null })).await;
    assert_eq!((status, outlet.get("layouts")), (StatusCode::OK, None), "{outlet}");
    assert_eq!(sent_down(&till).await.get("layouts"), None);
    let (status, answer) = saved(&till, json!({}), json!([])).await;
    assert_eq!(
        (status, &answer["layouts"]),
        (StatusCode::OK, &json!({})),
        "nothing of one's own is as built in"
    );
    assert_eq!(sent_down(&till).await.get("layouts"), None);
}

async fn layouts_that_are_too_large_are_refused(site: Site) {
    let mut till = site.till().await;
    manager(&site, &mut till, Role::Manager).await;
    let png = |bytes: usize| {
        let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
        png.resize(bytes, 0);
        STANDARD.encode(png)
    };
    let cases = [
        (json!({ "receipt": "x".repeat(16 * 1024 + 1) }), "receipt"),
        (json!({ "ticket": "x".repeat(16 * 1024 + 1) }), "ticket"),
        (json!({ "ticket": "\u{1b}@" }), "ticket"),
        (json!({ "header": vec!["a"; 9] }), "header"),
        (json!({ "legal": ["x".repeat(121)] }), "legal"),
        (json!({ "logo": png(32 * 1024 + 1) }), "logo"),
        (json!({ "logo": STANDARD.encode("GIF89a") }), "logo"),
        (json!({ "logo": "not base64" }), "logo"),
    ];
    for (layouts, field) in cases {
        let (status, problem) = saved(&till, layouts, json!([])).await;
        assert_eq!(
            (status, &problem["details"]["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)),
            "{problem}"
        );
    }
    let largest = json!({ "receipt": "x".repeat(16 * 1024), "logo": png(32 * 1024) });
    let (status, answer) = saved(&till, largest.clone(), json!([])).await;
    assert_eq!((status, &answer["layouts"]), (StatusCode::OK, &largest));
}
