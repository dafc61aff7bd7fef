//! The journal up: received once, in order, unchanged, or refused by name.

use serde_json::json;
use shared::journal::{Fact, Hash, SigningKey};
use shared::wire::{MAX_PUSH_EVENTS, PROTOCOL_VERSION, header, path, problem};

use crate::support::{Site, Till, item, problem_code};

on_both_engines! {
    a_push_is_held_and_acknowledged_from_what_was_stored
    a_doubled_push_is_acknowledged_again_and_applied_once
    an_overlapping_push_stores_only_what_is_new
    an_empty_push_tells_the_high_water_mark
    a_truncated_body_is_refused_and_stores_nothing
    a_tampered_event_is_named_and_nothing_after_it_is_stored
    an_event_of_another_terminal_is_refused
    a_gap_is_named
    a_gap_inside_a_push_is_named
    a_fork_overwrites_nothing_and_gives_a_new_epoch
    a_fork_seen_only_by_the_event_before_is_found
    the_first_event_of_a_journal_follows_nothing
    a_wrong_key_is_an_unknown_terminal
    the_address_of_another_business_is_an_unknown_terminal
    a_signature_is_good_for_one_body_only
    other_protocol_versions_are_told_what_is_spoken
    too_many_events_are_refused
    a_large_order_is_taken
    a_till_with_a_wrong_clock_hands_in
    two_pushes_at_once_are_as_one
    a_full_queue_says_when_to_come_again
    pushes_of_several_tills_at_once_are_all_held
    a_wrong_signature_inside_a_push_is_found_afterwards
    every_signature_is_checked_in_the_end
    events_written_in_another_order_are_kept_in_their_canonical_form
    an_event_hashed_in_another_form_is_refused
}

async fn a_push_is_held_and_acknowledged_from_what_was_stored(site: Site) {
    let mut till = site.till().await;
    let events = [till.sell(), till.sell(), till.sell()];
    let held = till.push_held(&events).await;
    assert_eq!((held.epoch, held.acked_seq, held.acked_hash), (1, 3, Some(events[2].hash)));
    assert_eq!(held.server_epoch, site.server().state.server_epoch.to_string());
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 3);
    assert_eq!(site.count("SELECT COUNT(*) FROM exceptions").await, 0);
    // What is stored is what was hashed, byte for byte.
    let mut tx = site.server().state.db.read(site.shop.tenant_id).await.unwrap();
    let row = sqlx::query("SELECT raw FROM journal_events WHERE seq = 2").fetch_one(&mut *tx).await.unwrap();
    let raw: Vec<u8> = sqlx::Row::get(&row, 0);
    assert_eq!(raw, shared::journal::canonical_bytes(&events[1].event).unwrap());
}

async fn a_doubled_push_is_acknowledged_again_and_applied_once(site: Site) {
    let mut till = site.till().await;
    let events = [till.sell(), till.sell()];
    let first = till.push_held(&events).await;
    let second = till.push_held(&events).await;
    assert_eq!((first.acked_seq, first.acked_hash), (second.acked_seq, second.acked_hash));
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events").await, 2);
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 2);
    assert_eq!(site.count("SELECT CAST(SUM(quantity) AS BIGINT) FROM stock_levels").await, -6_000);
}

async fn an_overlapping_push_stores_only_what_is_new(site: Site) {
    let mut till = site.till().await;
    let events = [till.sell(), till.sell(), till.sell(), till.sell()];
    till.push_held(&events[..3]).await;
    let held = till.push_held(&events[1..]).await;
    assert_eq!(held.acked_seq, 4);
    // A late repetition of old events does not take the mark back.
    assert_eq!(till.push_held(&events[..2]).await.acked_seq, 4);
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events").await, 4);
}

async fn an_empty_push_tells_the_high_water_mark(site: Site) {
    let mut till = site.till().await;
    let none = till.push_held(&[]).await;
    assert_eq!((none.acked_seq, none.acked_hash), (0, None));
    let event = till.sell();
    till.push_held(std::slice::from_ref(&event)).await;
    let one = till.push_held(&[]).await;
    assert_eq!((one.acked_seq, one.acked_hash), (1, Some(event.hash)));
}

async fn a_truncated_body_is_refused_and_stores_nothing(site: Site) {
    let mut till = site.till().await;
    let event = till.sell();
    let json = serde_json::to_vec(&till.push_message(&[event])).unwrap();
    let compressed = zstd::bulk::compress(&json, 3).unwrap();
    // A signature over the part makes sure that it is the content that is refused.
    for (body, zstd) in
        [(compressed[..compressed.len() / 2].to_vec(), true), (json[..json.len() - 9].to_vec(), false)]
    {
        let (status, code, _) = problem_code(till.push_bytes(body, zstd).await).await;
        assert_eq!((status.as_u16(), code.as_str()), (400, problem::MALFORMED));
    }
    assert_eq!(till.push_held(&[]).await.acked_seq, 0);
}

async fn a_tampered_event_is_named_and_nothing_after_it_is_stored(site: Site) {
    let mut till = site.till().await;
    let mut events = vec![till.sell(), till.sell(), till.sell(), till.sell()];
    let honest = events.clone();
    events[2].event.payload["total"] = serde_json::json!("1 IDR");
    let (status, code, details) = problem_code(till.push(&events).await).await;
    assert_eq!((status.as_u16(), code.as_str()), (422, problem::TAMPERED));
    assert_eq!(details["seq"], 3);
    assert_eq!(till.push_held(&[]).await.acked_seq, 2);
    let (_, list) = site.get("/api/v1/exceptions?code=journal_tampered").await;
    assert_eq!(list["exceptions"][0]["seq"], 3, "{list}");
    // The honest events go on as if nothing had happened.
    assert_eq!(till.push_held(&honest[2..]).await.acked_seq, 4);
    // A signature that is not this terminal's, over a right hash, is as bad.
    let mut forged = till.sell();
    forged.signature = Till::new_key().sign(forged.hash.as_bytes());
    let (_, code, details) = problem_code(till.push(&[forged]).await).await;
    assert_eq!((code.as_str(), &details["seq"]), (problem::TAMPERED, &serde_json::json!(5)));
}

async fn an_event_of_another_terminal_is_refused(site: Site) {
    let mut one = site.till().await;
    let two = site.till().await;
    let (_, code, details) = problem_code(two.push(&[one.sell()]).await).await;
    assert_eq!((code.as_str(), &details["seq"]), (problem::TAMPERED, &serde_json::json!(1)));
}

async fn a_gap_is_named(site: Site) {
    let mut till = site.till().await;
    let events = [till.sell(), till.sell(), till.sell()];
    till.push_held(&events[..1]).await;
    let (status, code, details) = problem_code(till.push(&events[2..]).await).await;
    assert_eq!((status.as_u16(), code.as_str()), (409, problem::GAP));
    assert_eq!(details["expected_seq"], 2);
    assert_eq!(till.push_held(&events[1..]).await.acked_seq, 3);
}

async fn a_gap_inside_a_push_is_named(site: Site) {
    let mut till = site.till().await;
    let events = [till.sell(), till.sell(), till.sell()];
    let (_, code, details) = problem_code(till.push(&[events[0].clone(), events[2].clone()]).await).await;
    assert_eq!((code.as_str(), &details["expected_seq"]), (problem::GAP, &serde_json::json!(2)));
}

async fn a_fork_overwrites_nothing_and_gives_a_new_epoch(site: Site) {
    let mut till = site.till().await;
    let first = till.sell();
    let (seq, head) = (till.seq, till.head);
    let original = [till.sell(), till.sell()];
    till.push_held(std::slice::from_ref(&first)).await;
    till.push_held(&original).await;
    // A clone of the disk, made after the first sale, sells on.
    (till.seq, till.head) = (seq, head);
    let order = till.order(&[(item(9), "5000", 1_000)]);
    let fact = Fact::OrderCompleted(Box::new(order.clone()));
    let branch = till.record(&fact);
    let (status, code, details) = problem_code(till.push(&[first, branch]).await).await;
    assert_eq!((status.as_u16(), code.as_str()), (409, problem::FORK));
    assert_eq!((&details["seq"], &details["new_epoch"]), (&serde_json::json!(2), &serde_json::json!(2)));
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events").await, 3);
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_forks").await, 1);
    let (_, list) = site.get("/api/v1/exceptions?code=journal_fork&open=true").await;
    assert_eq!(list["exceptions"].as_array().unwrap().len(), 1, "{list}");
    // Under the new epoch the clone hands in what it sold; the original goes on under the old one.
    till.begin_epoch(2);
    let again = till.record(&fact);
    assert_eq!(till.push_held(&[again]).await.acked_seq, 1);
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 4);
    let (status, _) = site.get(&format!("/api/v1/orders/{}", order.order_id)).await;
    assert_eq!(status, 200);
}

async fn a_fork_seen_only_by_the_event_before_is_found(site: Site) {
    let mut till = site.till().await;
    let (seq, head) = (till.seq, till.head);
    let original = till.sell();
    till.push_held(&[original]).await;
    (till.seq, till.head) = (seq, head);
    let _unsent = till.sell();
    let second = till.sell();
    let (_, code, details) = problem_code(till.push(&[second]).await).await;
    assert_eq!((code.as_str(), &details["seq"]), (problem::FORK, &serde_json::json!(1)));
}

async fn the_first_event_of_a_journal_follows_nothing(site: Site) {
    let mut till = site.till().await;
    till.head = Hash::of(b"another journal");
    let first = till.sell();
    let (_, code, details) = problem_code(till.push(&[first]).await).await;
    assert_eq!((code.as_str(), &details["seq"]), (problem::TAMPERED, &serde_json::json!(1)));
}

async fn a_wrong_key_is_an_unknown_terminal(site: Site) {
    let mut till = site.till().await;
    let event = till.sell();
    till.key = SigningKey::from_bytes(&[9; 32]);
    let (status, code, _) = problem_code(till.push(&[event]).await).await;
    assert_eq!((status.as_u16(), code.as_str()), (404, problem::UNKNOWN_TERMINAL));
}

async fn the_address_of_another_business_is_an_unknown_terminal(site: Site) {
    let mut till = site.till().await;
    let event = till.sell();
    let other = site.other_shop().await;
    let own = till.tenant_id;
    till.tenant_id = other.tenant_id;
    let foreign = problem_code(till.push(&[event]).await).await;
    // The very same answer as for a business that does not exist: nothing is told about who is here.
    till.tenant_id = shared::ids::TenantId::from_bytes([3; 16]);
    let nobody = problem_code(till.push(&[]).await).await;
    assert_eq!(foreign, nobody);
    assert_eq!(foreign.1, problem::UNKNOWN_TERMINAL);
    till.tenant_id = own;
    assert_eq!(till.push_held(&[]).await.acked_seq, 0);
}

async fn a_signature_is_good_for_one_body_only(site: Site) {
    let till = site.till().await;
    let body = serde_json::to_vec(&till.push_message(&[])).unwrap();
    let request =
        till.signed(reqwest::Method::POST, path::PUSH, body.clone(), shared::Clock::now(&*till.clock));
    let mut other = body;
    other.push(b' ');
    let (status, code, _) = problem_code(request.body(other).send().await.unwrap()).await;
    assert_eq!((status.as_u16(), code.as_str()), (404, problem::UNKNOWN_TERMINAL));
}

async fn other_protocol_versions_are_told_what_is_spoken(site: Site) {
    let till = site.till().await;
    for version in [0, PROTOCOL_VERSION + 1] {
        // A newer message need not have the form of today's.
        let body = serde_json::json!({ "protocol": version, "batch": [] }).to_string().into_bytes();
        let (_, code, details) = problem_code(till.push_bytes(body, false).await).await;
        assert_eq!(code, problem::PROTOCOL);
        assert_eq!(details["newest"], PROTOCOL_VERSION);
        let time = shared::Clock::now(&*till.clock);
        let request = till.signed(reqwest::Method::GET, path::PULL, Vec::new(), time);
        let mut request = request.build().unwrap();
        request.headers_mut().insert(header::PROTOCOL, version.to_string().parse().unwrap());
        let (status, code, _) = problem_code(site.http.execute(request).await.unwrap()).await;
        assert_eq!((status.as_u16(), code.as_str()), (400, problem::PROTOCOL));
    }
}

async fn too_many_events_are_refused(site: Site) {
    let mut till = site.till().await;
    let events: Vec<_> =
        (0..=MAX_PUSH_EVENTS).map(|n| till.write("note.made", 1, serde_json::json!({ "n": n }))).collect();
    let (status, _, _) = problem_code(till.push(&events).await).await;
    assert_eq!(status, 413);
    assert_eq!(till.push_held(&events[..MAX_PUSH_EVENTS]).await.acked_seq, 500);
}

async fn a_large_order_is_taken(site: Site) {
    let mut till = site.till().await;
    let goods: Vec<_> = (0..3_000).map(|n| (item((n % 200) as u8), "1250", 1_000)).collect();
    let order = till.order(&goods);
    let event = till.record(&Fact::OrderCompleted(Box::new(order)));
    let bytes = serde_json::to_vec(&till.push_message(std::slice::from_ref(&event))).unwrap().len();
    assert!(bytes > shared::wire::MAX_PUSH_BYTES, "{bytes} bytes would prove nothing");
    assert_eq!(till.push_held(&[event]).await.acked_seq, 1);
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM order_lines").await, 3_000);
    assert_eq!(site.count("SELECT COUNT(*) FROM exceptions").await, 0);
}

async fn a_till_with_a_wrong_clock_hands_in(site: Site) {
    let mut till = site.till().await;
    let event = till.sell();
    let body = serde_json::to_vec(&till.push_message(&[event])).unwrap();
    let long_ago = shared::Timestamp::from_millis(0);
    let response = till.signed(reqwest::Method::POST, path::PUSH, body, long_ago).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let old = till.signed(reqwest::Method::GET, path::PULL, Vec::new(), long_ago).send().await.unwrap();
    let (status, code, details) = problem_code(old).await;
    assert_eq!((status.as_u16(), code.as_str()), (401, problem::CLOCK));
    assert_eq!(details["server_time"], shared::Clock::now(&*site.clock).as_millis());
}

async fn two_pushes_at_once_are_as_one(site: Site) {
    let mut till = site.till().await;
    let events: Vec<_> = (0..40).map(|_| till.sell()).collect();
    let (a, b, c) =
        tokio::join!(till.push_held(&events), till.push_held(&events), till.push_held(&events[..25]));
    assert_eq!((a.acked_seq, b.acked_seq), (40, 40));
    assert!(c.acked_seq >= 25);
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 40);
}

async fn a_full_queue_says_when_to_come_again(site: Site) {
    let mut till = site.till().await;
    let event = till.sell();
    let state = &site.server().state;
    let places = state
        .pushes
        .clone()
        .acquire_many_owned(u32::try_from(state.config.max_pushes).unwrap())
        .await
        .unwrap();
    let response = till.push(std::slice::from_ref(&event)).await;
    assert!(response.headers().contains_key("retry-after"));
    let (status, code, _) = problem_code(response).await;
    assert_eq!((status.as_u16(), code.as_str()), (503, problem::BUSY));
    drop(places);
    assert_eq!(till.push_held(&[event]).await.acked_seq, 1);
}

async fn pushes_of_several_tills_at_once_are_all_held(site: Site) {
    let mut tills = Vec::new();
    for _ in 0..8 {
        tills.push(site.till().await);
    }
    // One of them has a journal that forked, and one pushes the same twice.
    let (seq, head) = (tills[7].seq, tills[7].head);
    let first = tills[7].sell();
    tills[7].push_held(&[first]).await;
    (tills[7].seq, tills[7].head) = (seq, head);
    let loads: Vec<Vec<_>> = tills.iter_mut().map(|till| (0..20).map(|_| till.sell()).collect()).collect();
    let mut pushing = tokio::task::JoinSet::new();
    for (place, (till, load)) in tills.into_iter().zip(loads).enumerate() {
        pushing.spawn(async move {
            if place == 7 {
                let (status, code, _) = problem_code(till.push(&load).await).await;
                assert_eq!((status.as_u16(), code.as_str()), (409, problem::FORK));
                return;
            }
            assert_eq!(till.push_held(&load[..10]).await.acked_seq, 10);
            let held = till.push_held(&load[if place == 6 { 5.. } else { 10.. }]).await;
            assert_eq!((held.acked_seq, held.acked_hash), (20, Some(load[19].hash)));
        });
    }
    while let Some(pushed) = pushing.join_next().await {
        pushed.unwrap();
    }
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events").await, 7 * 20 + 1);
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 7 * 20 + 1);
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_forks").await, 20);
}

/// Waits until all signatures of the business were looked at.
async fn checked(site: &Site) {
    for _ in 0..600 {
        if site.count("SELECT COUNT(*) FROM journal_heads WHERE signed_seq < seq").await == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("signatures were not checked after 30 s");
}

async fn a_wrong_signature_inside_a_push_is_found_afterwards(site: Site) {
    let mut till = site.till().await;
    let mut events = [till.sell(), till.sell(), till.sell()];
    events[1].signature = Till::new_key().sign(events[1].hash.as_bytes());
    // The last signature vouches for the chain before it, so the sales are held all the same.
    assert_eq!(till.push_held(&events).await.acked_seq, 3);
    checked(&site).await;
    let (_, list) = site.get("/api/v1/exceptions?code=journal_tampered").await;
    assert_eq!(list["exceptions"].as_array().unwrap().len(), 1, "{list}");
    assert_eq!(list["exceptions"][0]["seq"], 2);
    assert_eq!(list["exceptions"][0]["details"]["what"], "signature");
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 3);
}

async fn every_signature_is_checked_in_the_end(site: Site) {
    let mut till = site.till().await;
    let first = till.sell();
    till.push_held(&[first]).await;
    assert_eq!(site.count("SELECT signed_seq FROM journal_heads").await, 1, "it was the last of its push");
    let more: Vec<_> = (0..40).map(|_| till.sell()).collect();
    till.push_held(&more).await;
    checked(&site).await;
    assert_eq!(site.count("SELECT signed_seq FROM journal_heads").await, 41);
    assert_eq!(site.count("SELECT COUNT(*) FROM exceptions").await, 0);
}

/// A push whose one event is written with its members in another order and with blanks.
fn in_another_form(till: &Till, event: &shared::journal::Chained) -> Vec<u8> {
    let value = serde_json::to_value(&event.event).unwrap();
    let members: Vec<String> =
        value.as_object().unwrap().iter().rev().map(|(key, value)| format!(" {key:?} : {value}")).collect();
    let (prev_hash, hash, signature) = (event.prev_hash, event.hash, event.signature);
    format!(
        r#"{{"protocol":{PROTOCOL_VERSION},"epoch":{},"events":[{{"event":{{{}}},"prev_hash":"{prev_hash}","hash":"{hash}","signature":"{signature}"}}]}}"#,
        till.epoch,
        members.join(",")
    )
    .into_bytes()
}

async fn events_written_in_another_order_are_kept_in_their_canonical_form(site: Site) {
    let mut till = site.till().await;
    let event = till.sell();
    let canonical = shared::journal::canonical_bytes(&event.event).unwrap();
    let body = in_another_form(&till, &event);
    assert!(!body.windows(canonical.len()).any(|part| part == canonical), "it would prove nothing");
    assert_eq!(till.push_bytes(body, false).await.status(), 200);
    let mut tx = site.server().state.db.read(site.shop.tenant_id).await.unwrap();
    let row = sqlx::query("SELECT raw FROM journal_events").fetch_one(&mut *tx).await.unwrap();
    assert_eq!(sqlx::Row::get::<Vec<u8>, _>(&row, 0), canonical);
}

async fn an_event_hashed_in_another_form_is_refused(site: Site) {
    let mut till = site.till().await;
    let mut event = till.write("note.made", 1, json!({ "n": 1.5, "m": 2 }));
    let other = serde_json::to_string(&event.event).unwrap().replace("1.5", "1.50");
    event.hash = Hash::chained(&event.prev_hash, other.as_bytes());
    event.signature = till.key.sign(event.hash.as_bytes());
    let body = String::from_utf8(in_another_form(&till, &event)).unwrap().replace("1.5", "1.50");
    let (status, code, _) = problem_code(till.push_bytes(body.into_bytes(), false).await).await;
    assert_eq!((status.as_u16(), code.as_str()), (422, problem::TAMPERED));
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_till_that_loops_is_told_to_wait_and_the_others_are_not() {
    let site = Site::with(|config| config.terminal_pushes_per_s = 2).await;
    let (mut looping, mut other) = (site.till().await, site.till().await);
    let event = looping.sell();
    for _ in 0..4 {
        looping.push_held(std::slice::from_ref(&event)).await;
    }
    let response = looping.push(std::slice::from_ref(&event)).await;
    assert_eq!(response.headers()["retry-after"], "1");
    let (status, code, _) = problem_code(response).await;
    assert_eq!((status.as_u16(), code.as_str()), (429, "rate_limited"));
    let sale = other.sell();
    other.push_held(&[sale]).await;
    site.clock.forward(1_000);
    let next = looping.sell();
    assert_eq!(looping.push_held(&[next]).await.acked_seq, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_sign_ins_leaves_pushes_their_way() {
    let site = Site::on_sqlite().await;
    let mut till = site.till().await;
    let mut flood = tokio::task::JoinSet::new();
    for guess in 0..150 {
        let request = site.http.post(site.url("/api/v1/auth/sign-in"));
        let request =
            request.json(&json!({ "email": format!("{guess}@example.com"), "password": "a wrong password" }));
        flood.spawn(async move { request.send().await.unwrap().status().as_u16() });
    }
    for _ in 0..10 {
        let sale = till.sell();
        till.push_held(&[sale]).await;
    }
    let mut turned_away = 0;
    while let Some(status) = flood.join_next().await {
        let status = status.unwrap();
        assert!(status == 401 || status == 429, "{status}");
        turned_away += usize::from(status == 429);
    }
    assert!(turned_away > 0, "150 at once are more than the server takes on");
}
