//! A device becomes a terminal, once per code.

use shared::wire::{EnrolResponse, problem};
use sync_server::identity;

use crate::support::{Site, Till, problem_code};

on_both_engines! {
    a_code_enrols_one_device_once
    a_lost_answer_can_be_asked_for_again
    an_old_code_does_not_work
    terminals_of_an_outlet_are_numbered_from_one
    guessing_codes_is_slowed_down
    a_device_needs_a_name
    a_revoked_terminal_hands_in_but_gets_nothing
}

async fn a_code_enrols_one_device_once(site: Site) {
    let code = site.pairing_code(&site.shop, site.shop.outlet.outlet_id).await;
    let key = Till::new_key();
    let first: EnrolResponse = site.enrol(&code, &key).await.json().await.unwrap();
    assert_eq!((first.tenant_id, first.outlet_id), (site.shop.tenant_id, site.shop.outlet.outlet_id));
    assert_eq!((first.terminal_number, first.epoch), (1, 1));
    let pepper = identity::pin_pepper(&site.server().state.secrets, site.shop.tenant_id);
    assert_eq!(first.pin_pepper, hex::encode(pepper));
    let (status, code, _) = problem_code(site.enrol(&code, &Till::new_key()).await).await;
    assert_eq!((status.as_u16(), code.as_str()), (403, problem::PAIRING));
}

async fn a_lost_answer_can_be_asked_for_again(site: Site) {
    let code = site.pairing_code(&site.shop, site.shop.outlet.outlet_id).await;
    let key = Till::new_key();
    let first: EnrolResponse = site.enrol(&code, &key).await.json().await.unwrap();
    let second: EnrolResponse = site.enrol(&code, &key).await.json().await.unwrap();
    assert_eq!(first, second);
}

async fn an_old_code_does_not_work(site: Site) {
    let code = site.pairing_code(&site.shop, site.shop.outlet.outlet_id).await;
    site.clock.forward(24 * 60 * 60 * 1000);
    let (_, code, _) = problem_code(site.enrol(&code, &Till::new_key()).await).await;
    assert_eq!(code, problem::PAIRING);
}

async fn terminals_of_an_outlet_are_numbered_from_one(site: Site) {
    let other = site.other_outlet().await;
    let numbers = [
        site.till().await.number,
        site.till().await.number,
        site.till_at(&site.shop, other).await.number,
        site.till().await.number,
    ];
    assert_eq!(numbers, [1, 2, 1, 3]);
}

async fn guessing_codes_is_slowed_down(site: Site) {
    let code = site.pairing_code(&site.shop, site.shop.outlet.outlet_id).await;
    let key = Till::new_key();
    for _ in 0..10 {
        let (_, code, _) = problem_code(site.enrol("AAAA-AAAA", &key).await).await;
        assert_eq!(code, problem::PAIRING);
    }
    // Now even the right code has to wait.
    let response = site.enrol(&code, &key).await;
    assert!(response.headers().contains_key("retry-after"));
    assert_eq!(problem_code(response).await.0, 429);
    site.clock.forward(10 * 60 * 1000);
    assert_eq!(site.enrol(&code, &key).await.status(), 200);
}

async fn a_device_needs_a_name(site: Site) {
    let code = site.pairing_code(&site.shop, site.shop.outlet.outlet_id).await;
    let body = serde_json::json!({
        "protocol": 1, "pairing_code": code, "public_key": Till::new_key().public_key(), "device_name": "\u{1b}[2J",
    });
    let response = site.http.post(site.url("/api/v1/sync/enrol")).json(&body).send().await.unwrap();
    let (status, code, details) = problem_code(response).await;
    assert_eq!((status.as_u16(), code.as_str()), (422, "invalid"));
    assert_eq!(details["field"], "device_name");
}

async fn a_revoked_terminal_hands_in_but_gets_nothing(site: Site) {
    let mut till = site.till().await;
    let event = till.sell();
    let state = &site.server().state;
    let mut tx = state.db.write(site.shop.tenant_id).await.unwrap();
    let now = shared::Clock::now(&*site.clock);
    assert!(identity::repo::terminals::revoke(&mut tx, till.tenant_id, till.terminal_id, now).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(till.push_held(&[event]).await.acked_seq, 1);
    let (status, code, _) = problem_code(till.pull_response(None).await).await;
    assert_eq!((status.as_u16(), code.as_str()), (403, problem::REVOKED));
}
