//! Looking after a server: verify, backup and restore, import, status.

use std::collections::HashMap;

use reqwest::StatusCode;
use shared::journal::bundle::{FORMAT, Header, Seal, VERSION};
use shared::journal::{Chained, Fact};
use sync_server::Config;
use sync_server::identity;
use sync_server::upkeep::import::Stranger;
use sync_server::upkeep::{UpkeepError, backup, gauges, import, restore, status, verify};

use crate::support::{Site, Till, item, problem_code};

on_both_engines! {
    a_sound_server_verifies_and_what_was_changed_is_named
    an_exported_journal_is_taken_once_and_a_changed_file_not_at_all
    a_backup_is_put_in_place_under_a_new_life_and_tills_send_the_rest_again
    a_till_enrolled_after_the_backup_is_taken_up_again_from_its_journal
    a_terminal_with_a_new_device_is_verified_by_the_key_of_each_time
    keys_of_terminals_that_were_there_before_are_kept_from_then_on
    the_status_names_terminals_and_what_waits
}

fn quiet(_: &str) {}

async fn trade(till: &mut Till) -> Vec<Chained> {
    let order = till.order(&[(item(1), "18000", 1_000), (item(2), "12500", 2_000)]);
    let mut events = vec![till.record(&Fact::DrawerOpened(Box::new(till.drawer_opened())))];
    let refund = till.refund(&order, 1_000);
    events.push(till.record(&Fact::OrderCompleted(Box::new(order))));
    events.push(till.record(&Fact::RefundCompleted(Box::new(refund))));
    events.push(till.sell());
    events.push(till.write("moon.landed", 1, serde_json::json!({ "crew": 3 })));
    till.push_held(&events).await;
    events
}

async fn run(site: &Site, sql: &'static str) {
    let mut tx = site.server().state.db.write(site.shop.tenant_id).await.unwrap();
    let done = sqlx::query(sql).execute(&mut *tx).await.unwrap();
    assert_eq!(done.rows_affected(), 1, "the fault fired");
    tx.commit().await.unwrap();
}

async fn a_sound_server_verifies_and_what_was_changed_is_named(site: Site) {
    let mut till = site.till().await;
    trade(&mut till).await;
    site.applied().await;
    let state = &site.server().state;
    let done = verify::verify(state, None, &mut quiet).await.unwrap();
    assert_eq!(done.findings, Vec::<String>::new());
    assert_eq!((done.journals, done.events, done.signatures, done.former_keys), (1, 5, 5, 0));
    assert!(done.rows > 10, "{done:?}");

    run(&site, "UPDATE orders SET total = total + 1 WHERE receipt_number = 'KOTA-T1-000001'").await;
    let done = verify::verify(state, Some(site.shop.tenant_id), &mut quiet).await.unwrap();
    assert_eq!(done.findings.len(), 1, "{:?}", done.findings);
    assert!(
        done.findings[0].starts_with("orders: ") && done.findings[0].contains("total is"),
        "{:?}",
        done.findings
    );

    run(&site, "UPDATE orders SET total = total - 1 WHERE receipt_number = 'KOTA-T1-000001'").await;
    run(&site, "UPDATE journal_events SET raw = signature WHERE seq = 4").await;
    let done = verify::verify(state, None, &mut quiet).await.unwrap();
    assert!(done.findings.iter().any(|finding| finding.contains("event 4 ")), "{:?}", done.findings);
}

/// As a till writes it.
fn exported(till: &Till, events: &[Chained]) -> Vec<u8> {
    let header = Header {
        format: FORMAT.to_owned(),
        version: VERSION,
        tenant_id: till.tenant_id,
        outlet_id: till.outlet.outlet_id,
        terminal_id: till.terminal_id,
        terminal_number: Some(till.number),
        public_key: till.key.public_key(),
        made_at: shared::Clock::now(&*till.clock),
        whole: false,
        damaged: Vec::new(),
    };
    let mut file = serde_json::to_vec(&header).unwrap();
    file.push(b'\n');
    for chained in events {
        file.extend(serde_json::to_vec(chained).unwrap());
        file.push(b'\n');
    }
    let mut seal = Seal::default();
    seal.add(&file);
    let footer = seal.close(events.len() as u64, &till.key);
    file.extend(serde_json::to_vec(&footer).unwrap());
    file.push(b'\n');
    file
}

async fn an_exported_journal_is_taken_once_and_a_changed_file_not_at_all(site: Site) {
    let mut till = site.till().await;
    let first = till.sell();
    till.push_held(std::slice::from_ref(&first)).await;
    // The till dies with two sales that nobody has; its file has one that is held, too.
    let (second, third) = (till.sell(), till.sell());
    let events = [first, second, third];
    let file = exported(&till, &events);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("tail.kedai-journal");
    let state = &site.server().state;

    let mut changed = file.clone();
    let at = changed.windows(5).position(|window| window == b"Kopi ").unwrap();
    changed[at] = b'T';
    std::fs::write(&path, &changed).unwrap();
    let refused = import::import(state, &path, Stranger::Refused, &mut quiet).await.unwrap_err();
    assert!(matches!(&refused, UpkeepError::Refused(why) if why.contains("changed after")), "{refused}");
    std::fs::write(&path, &file[..file.len() - 10]).unwrap();
    assert!(import::import(state, &path, Stranger::Refused, &mut quiet).await.is_err());
    let mut other = site.till().await;
    let sold = other.sell();
    let foreign = exported(&other, &[sold]);
    let forged = String::from_utf8(foreign)
        .unwrap()
        .replace(&other.terminal_id.to_string(), &till.terminal_id.to_string());
    std::fs::write(&path, forged).unwrap();
    assert!(
        import::import(state, &path, Stranger::Refused, &mut quiet).await.is_err(),
        "another till's key does not sign for this one"
    );
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events").await, 1);

    std::fs::write(&path, &file).unwrap();
    let done = import::import(state, &path, Stranger::Refused, &mut quiet).await.unwrap();
    assert_eq!((done.stored, done.duplicates, done.left.len()), (2, 1, 0));
    let again = import::import(state, &path, Stranger::Refused, &mut quiet).await.unwrap();
    assert_eq!((again.stored, again.duplicates), (0, 3));
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 3);
}

async fn a_backup_is_put_in_place_under_a_new_life_and_tills_send_the_rest_again(mut site: Site) {
    let mut till = site.till().await;
    let before = trade(&mut till).await;
    site.applied().await;
    let dir = tempfile::tempdir().unwrap();
    let done = backup::backup(&site.server().state, &dir.path().join("one")).await.unwrap();
    assert_eq!(done.events, 5);
    let there = backup::backup(&site.server().state, &done.file).await.unwrap_err();
    assert!(there.to_string().contains("there already"), "{there}");
    let cursor = till.pull(None).await.cursor;
    let later = till.sell();
    let held = till.push_held(std::slice::from_ref(&later)).await;
    site.applied().await;

    site.server.take().unwrap().shutdown().await;
    let clock = site.clock.clone();
    let config: Config = site.config.clone();
    let rubbish = dir.path().join("rubbish");
    std::fs::write(&rubbish, b"no backup at all").unwrap();
    assert!(restore::restore(config.clone(), &rubbish, clock.clone()).await.is_err());
    let serving = restore::lock_to_serve(&config.data_dir).unwrap();
    let running = restore::restore(config.clone(), &done.file, clock.clone()).await.unwrap_err();
    assert!(running.to_string().contains("a server is running"), "{running}");
    drop(serving);
    let restored = restore::restore(config.clone(), &done.file, clock.clone()).await.unwrap();
    site.server = Some(sync_server::start_with_clock(config, clock).await.unwrap());
    till.reconnect(&site);

    let mark = till.push_held(&[]).await;
    assert_eq!((mark.acked_seq, held.acked_seq), (before.len() as u64, before.len() as u64 + 1));
    assert_eq!(mark.server_epoch, restored.server_epoch);
    assert_ne!(mark.server_epoch, held.server_epoch);
    assert!(till.pull(Some(&cursor)).await.reset, "the feed is read anew");
    till.push_held(std::slice::from_ref(&later)).await;
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 3);
    let done = verify::verify(&site.server().state, None, &mut quiet).await.unwrap();
    assert_eq!(done.findings, Vec::<String>::new());
}

async fn a_till_enrolled_after_the_backup_is_taken_up_again_from_its_journal(mut site: Site) {
    let dir = tempfile::tempdir().unwrap();
    let code = site.pairing_code(&site.shop, site.shop.outlet.outlet_id).await;
    let done = backup::backup(&site.server().state, &dir.path().join("one")).await.unwrap();
    let key = Till::new_key();
    let enrolled = site.enrol(&code, &key).await.json().await.unwrap();
    let mut made_before = Till::new(&site, &site.shop, site.shop.outlet.clone(), &enrolled, key);
    let mut till = site.till().await;
    let events = trade(&mut till).await;
    let other = trade(&mut made_before).await;
    site.applied().await;

    site.server.take().unwrap().shutdown().await;
    restore::restore(site.config.clone(), &done.file, site.clock.clone()).await.unwrap();
    site.server = Some(sync_server::start_with_clock(site.config.clone(), site.clock.clone()).await.unwrap());
    till.reconnect(&site);
    made_before.reconnect(&site);
    let refused = till.push(&events).await;
    assert_eq!(problem_code(refused).await.1, "unknown_terminal");

    let state = &site.server().state;
    let path = dir.path().join("whole.kedai-journal");
    std::fs::write(&path, exported(&till, &events)).unwrap();
    let refused = import::import(state, &path, Stranger::Refused, &mut quiet).await.unwrap_err();
    assert!(refused.to_string().contains("--adopt"), "{refused}");
    let adopted = import::import(state, &path, Stranger::Adopted, &mut quiet).await.unwrap();
    assert_eq!((adopted.stored, adopted.left.len()), (5, 0));
    let again = import::import(state, &path, Stranger::Adopted, &mut quiet).await.unwrap();
    assert_eq!((again.stored, again.duplicates), (0, 5));
    let later = till.sell();
    till.push_held(std::slice::from_ref(&later)).await;

    // One that was made, but not enrolled, when the backup was made; its code is of no use to anyone afterwards.
    std::fs::write(&path, exported(&made_before, &other)).unwrap();
    let adopted = import::import(state, &path, Stranger::Adopted, &mut quiet).await.unwrap();
    assert_eq!((adopted.stored, adopted.left.len()), (5, 0));
    assert_eq!(site.enrol(&code, &Till::new_key()).await.status(), StatusCode::FORBIDDEN);

    // A stranger under the number of another till.
    let mut stranger = made_before;
    stranger.terminal_id = shared::ids::TerminalId::from_bytes([7; 16]);
    std::fs::write(&path, exported(&stranger, &[])).unwrap();
    let refused = import::import(state, &path, Stranger::Adopted, &mut quiet).await.unwrap_err();
    assert!(refused.to_string().contains("number"), "{refused}");
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 5);
    let done = verify::verify(&site.server().state, None, &mut quiet).await.unwrap();
    assert_eq!(done.findings, Vec::<String>::new());
}

/// The terminal gets another device, which begins the next life of its journal. Servers remember keys: they are started anew.
async fn take_new_device(site: &mut Site, till: &mut Till) {
    let state = &site.server().state;
    let (tenant, now) = (till.tenant_id, shared::Clock::now(&*till.clock));
    let mut tx = state.db.write(tenant).await.unwrap();
    let freed = sqlx::query(
        "UPDATE terminals SET public_key = NULL, enrolled_at = NULL, epoch = 2 WHERE tenant_id = $1 AND terminal_id = $2",
    )
    .bind(tenant.to_string())
    .bind(till.terminal_id.to_string())
    .execute(&mut *tx)
    .await
    .unwrap();
    assert_eq!(freed.rows_affected(), 1);
    let rng = &mut state.rng();
    let code = identity::create_pairing_code(&mut tx, &state.secrets, tenant, till.terminal_id, now, rng);
    let code = code.await.unwrap();
    tx.commit().await.unwrap();
    till.key = Till::new_key();
    assert_eq!(site.enrol(&code, &till.key).await.status(), StatusCode::OK);
    site.restart().await;
    till.reconnect(site);
    till.begin_epoch(2);
}

async fn sign(site: &Site, signature: Vec<u8>) {
    let mut tx = site.server().state.db.write(site.shop.tenant_id).await.unwrap();
    let signed = sqlx::query("UPDATE journal_events SET signature = $1 WHERE epoch = 2 AND seq = 3");
    assert_eq!(signed.bind(signature).execute(&mut *tx).await.unwrap().rows_affected(), 1);
    tx.commit().await.unwrap();
}

async fn a_terminal_with_a_new_device_is_verified_by_the_key_of_each_time(mut site: Site) {
    let mut till = site.till().await;
    trade(&mut till).await;
    let former = till.key.clone();
    site.clock.forward(60_000);
    take_new_device(&mut site, &mut till).await;
    site.clock.forward(60_000);
    trade(&mut till).await;
    site.applied().await;
    let state = &site.server().state;
    let done = verify::verify(state, None, &mut quiet).await.unwrap();
    assert_eq!(done.findings, Vec::<String>::new());
    assert_eq!((done.journals, done.events, done.signatures, done.former_keys), (2, 10, 10, 5));

    // What the former key signs now was not made by the terminal.
    let hash = site.bytes("SELECT hash FROM journal_events WHERE epoch = 2 AND seq = 3").await;
    let right = site.bytes("SELECT signature FROM journal_events WHERE epoch = 2 AND seq = 3").await;
    sign(&site, former.sign(&hash).to_bytes().to_vec()).await;
    let done = verify::verify(state, None, &mut quiet).await.unwrap();
    assert!(done.findings.iter().any(|found| found.contains("epoch 2: event 3 is not signed")), "{done:?}");
    sign(&site, right).await;

    // Former keys are in a backup like everything else; without its key an event is signed by nobody.
    let dir = tempfile::tempdir().unwrap();
    let saved = backup::backup(state, &dir.path().join("one")).await.unwrap();
    let mut tx = state.db.write(till.tenant_id).await.unwrap();
    let gone = sqlx::query("DELETE FROM terminal_keys WHERE public_key = $1")
        .bind(former.public_key().to_string())
        .execute(&mut *tx);
    assert_eq!(gone.await.unwrap().rows_affected(), 1);
    tx.commit().await.unwrap();
    let done = verify::verify(state, None, &mut quiet).await.unwrap();
    assert!(done.findings.iter().any(|found| found.contains("epoch 1: event 1 is not signed")), "{done:?}");
    site.server.take().unwrap().shutdown().await;
    restore::restore(site.config.clone(), &saved.file, site.clock.clone()).await.unwrap();
    site.server = Some(sync_server::start_with_clock(site.config.clone(), site.clock.clone()).await.unwrap());
    let done = verify::verify(&site.server().state, None, &mut quiet).await.unwrap();
    assert_eq!((done.findings.len(), done.signatures, done.former_keys), (0, 10, 5), "{done:?}");
}

async fn keys_of_terminals_that_were_there_before_are_kept_from_then_on(mut site: Site) {
    let mut till = site.till().await;
    trade(&mut till).await;
    site.applied().await;
    let mut tx = site.server().state.db.system_write().await.unwrap();
    for sql in ["DROP TABLE terminal_keys", "DELETE FROM _sqlx_migrations WHERE version = 11"] {
        sqlx::query(sql).execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    site.restart().await;
    till.reconnect(&site);
    assert_eq!(site.count("SELECT COUNT(*) FROM terminal_keys WHERE since_epoch IS NULL").await, 1);
    site.clock.forward(60_000);
    take_new_device(&mut site, &mut till).await;
    site.clock.forward(60_000);
    trade(&mut till).await;
    site.applied().await;
    let state = &site.server().state;
    let done = verify::verify(state, None, &mut quiet).await.unwrap();
    assert_eq!(
        (done.findings.len(), done.events, done.signatures, done.former_keys),
        (0, 10, 10, 5),
        "{done:?}"
    );
}

async fn the_status_names_terminals_and_what_waits(site: Site) {
    let mut till = site.till().await;
    trade(&mut till).await;
    site.applied().await;
    let state = &site.server().state;
    let found = status::status(state).await.unwrap();
    let tenant = &found.tenants[0];
    assert_eq!((tenant.backlog, tenant.parked, tenant.open_exceptions), (0, 1, 1));
    assert_eq!(tenant.terminals[0].number, "KOTA-T1");
    assert_eq!((tenant.terminals[0].state, tenant.terminals[0].held), ("enrolled", 5));
    assert!(
        found.text().contains("1 businesses, 1 terminals, 0 events to apply, 1 set aside"),
        "{}",
        found.text()
    );

    let now = shared::Clock::now(&*till.clock);
    let now_ms = now.as_millis();
    let headers =
        [("kedai-waiting", "1200".to_owned()), ("kedai-waiting-since", (now_ms - 90_000).to_string())];
    let json = serde_json::to_vec(&till.push_message(&[])).unwrap();
    let mut request = till.signed(reqwest::Method::POST, shared::wire::path::PUSH, json, now);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    assert_eq!(request.send().await.unwrap().status(), StatusCode::OK);
    till.pull(None).await;
    let bystander = site.till().await;
    gauges::look(state).await.unwrap();
    let figures = site.http.get(site.url("/metrics")).send().await.unwrap().text().await.unwrap();
    let alerts = include_str!("../../alerts.yml");
    for name in [
        "kedai_unsent_events_most",
        "kedai_events_waiting",
        "kedai_apply_lag_seconds",
        "kedai_events_parked",
        "kedai_feed_lag_changes",
        "kedai_terminals_silent",
        "kedai_request_seconds_count",
    ] {
        assert!(alerts.contains(name), "no alert on {name}");
        assert!(figures.contains(name), "{name} is not among the figures");
    }
    // Figures of the process are shared by the servers of this test run: these are of this server alone.
    let newest = HashMap::from([(site.shop.tenant_id, i64::MAX)]);
    let behind = state.backlogs.figures(&newest, now);
    assert_eq!((behind.waiting, behind.most_waiting, behind.oldest_ms), (1_200, 1_200, 90_000));
    let read_to = site.count("SELECT change_seq FROM tenants").await;
    assert!(
        i64::MAX - behind.most_unread <= read_to,
        "the one that read nothing is not taken for one that read all"
    );
    drop(bystander);
}

#[test]
fn the_alert_rules_are_rules_to_prometheus() {
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/alerts.yml");
    let promtool = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/promtool/usr/bin/promtool");
    let there = std::path::Path::new(promtool).exists();
    let required = std::env::var_os("KEDAI_TEST_REQUIRE_TOOLS").is_some();
    assert!(there || !required, "promtool: not installed; `cargo xtask test` installs it");
    if !there {
        return;
    }
    let check = |file: &str| {
        let out = std::process::Command::new(promtool).args(["check", "rules", file]).output().unwrap();
        (out.status.success(), String::from_utf8_lossy(&out.stdout).into_owned())
    };
    let (well, words) = check(rules);
    assert!(well && words.contains("9 rules found"), "{words}");
    let dir = tempfile::tempdir().unwrap();
    let broken = dir.path().join("broken.yml");
    std::fs::write(&broken, include_str!("../../alerts.yml").replace("> 1000", ">> 1000")).unwrap();
    assert!(!check(&broken.display().to_string()).0, "a rule that is none is found");
}
