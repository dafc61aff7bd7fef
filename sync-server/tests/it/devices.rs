//! How the devices at terminals are, as headquarters sees them.

use serde_json::{Value, json};
use shared::Timestamp;
use shared::ids::DeviceId;
use shared::journal::Fact;
use shared::journal::payload::{DeviceReported, MOST_DEVICES, ReportedDevice};
use sync_server::upkeep::{gauges, status, verify};

use crate::support::Site;

on_both_engines! {
    a_report_stands_for_all_before_it_and_an_older_one_changes_nothing
    devices_are_listed_by_outlet_terminal_and_how_they_are_in_pages
    what_a_newer_till_adds_is_taken_and_too_much_is_cut
    a_terminal_that_works_no_more_troubles_nobody
    devices_are_verified_and_stand_in_status_and_figures
}

fn device(n: u8, kind: &str, well: Option<bool>, since: i64) -> ReportedDevice {
    ReportedDevice {
        device_id: DeviceId::from_bytes([n; 16]),
        kind: kind.to_owned(),
        name: format!("The {kind}"),
        roles: if kind == "printer" { vec!["tickets".to_owned()] } else { Vec::new() },
        stations: if kind == "printer" { vec!["Minuman".to_owned()] } else { Vec::new() },
        well,
        since: Timestamp::from_millis(since),
        problem: (well == Some(false)).then(|| "paper_out".to_owned()),
        waiting: u32::from(well == Some(false)) * 3,
    }
}

fn report(devices: &[ReportedDevice]) -> Fact {
    Fact::DeviceReported(Box::new(DeviceReported { devices: devices.to_vec() }))
}

async fn listed(site: &Site, query: &str) -> Vec<Value> {
    let (status, body) = site.get(&format!("/api/v1/devices{query}")).await;
    assert_eq!(status, 200, "{body}");
    body["devices"].as_array().unwrap().clone()
}

async fn kinds(site: &Site, query: &str) -> Vec<String> {
    listed(site, query).await.iter().map(|row| row["kind"].as_str().unwrap().to_owned()).collect()
}

async fn a_report_stands_for_all_before_it_and_an_older_one_changes_nothing(site: Site) {
    let mut till = site.till().await;
    let first = till.record(&report(&[device(1, "printer", Some(true), 5), device(2, "scale", None, 6)]));
    let second = till.record(&report(&[device(1, "printer", Some(false), 9)]));
    till.push_held(&[first]).await;
    site.applied().await;
    assert_eq!(kinds(&site, "").await, ["scale", "printer"]);
    assert_eq!(listed(&site, "").await[0]["well"], Value::Null);
    till.push_held(&[second]).await;
    site.applied().await;
    let rows = listed(&site, "").await;
    assert_eq!(
        rows,
        [json!({
            "device_id": DeviceId::from_bytes([1; 16]), "terminal_id": till.terminal_id,
            "terminal_name": rows[0]["terminal_name"], "last_seen_at": rows[0]["last_seen_at"],
            "outlet_id": till.outlet.outlet_id, "kind": "printer", "name": "The printer", "roles": ["tickets"],
            "stations": ["Minuman"], "well": false, "problem": "paper_out", "since": 9, "waiting": 3,
            "reported_at": till.now(),
        })]
    );

    // The first one is applied once more, as after a crash.
    site.execute("UPDATE journal_events SET state = 'received' WHERE seq = 1").await;
    site.server().state.wake.now();
    site.applied().await;
    assert_eq!(listed(&site, "").await, rows);

    // The terminal takes a new device, which has none; what waited under the life before comes in later.
    let (seq, head) = (till.seq, till.head);
    till.begin_epoch(2);
    let none = till.record(&report(&[]));
    till.push_held(&[none]).await;
    site.applied().await;
    assert_eq!(listed(&site, "").await, Vec::<Value>::new());
    till.begin_epoch(1);
    (till.seq, till.head) = (seq, head);
    let late = till.record(&report(&[device(1, "printer", Some(false), 9)]));
    till.push_held(&[late]).await;
    site.applied().await;
    assert_eq!(listed(&site, "").await, Vec::<Value>::new(), "an older life of the journal");
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events WHERE state <> 'applied'").await, 0);
}

async fn devices_are_listed_by_outlet_terminal_and_how_they_are_in_pages(site: Site) {
    let mut one = site.till().await;
    let second = site.other_outlet().await;
    let mut other = site.till_at(&site.shop, second.clone()).await;
    // Both tills use the same id for another device.
    let ours = one.record(&report(&[
        device(1, "printer", Some(false), 10),
        device(2, "card", Some(true), 20),
        device(3, "scanner", None, 30),
    ]));
    let theirs = other.record(&report(&[device(1, "display", Some(false), 10)]));
    one.push_held(&[ours]).await;
    other.push_held(&[theirs]).await;
    site.applied().await;
    assert_eq!(listed(&site, "").await.len(), 4);
    assert_eq!(kinds(&site, &format!("?outlet_id={}", second.outlet_id)).await, ["display"]);
    assert_eq!(
        kinds(&site, &format!("?terminal_id={}", one.terminal_id)).await,
        ["scanner", "card", "printer"]
    );
    assert_eq!(kinds(&site, "?well=true").await, ["card"]);
    assert_eq!(kinds(&site, "?well=false").await.len(), 2);
    assert_eq!(site.get("/api/v1/devices?well=maybe").await.0, 400);

    let (mut seen, mut query) = (Vec::new(), "?limit=1".to_owned());
    loop {
        let (_, page) = site.get(&format!("/api/v1/devices{query}")).await;
        seen.extend(page["devices"].as_array().unwrap().iter().map(|row| row["kind"].to_string()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        query = format!("?limit=1&cursor={cursor}");
    }
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((seen.len(), sorted.len()), (4, 4), "each once: {seen:?}");
    let stranger = site.other_shop().await;
    assert_eq!(site.get_as(&stranger, "/api/v1/devices").await.1["devices"], json!([]));
}

async fn what_a_newer_till_adds_is_taken_and_too_much_is_cut(site: Site) {
    let mut till = site.till().await;
    let mut newer = report(&[device(1, "printer", Some(false), 9)]).to_payload().unwrap();
    newer["devices"][0]["serial_number"] = json!("X1");
    newer["devices"][0]["problem"] = json!("ribbon_torn");
    newer["weather"] = json!("rain");
    let event = till.write("device.reported", 1, newer);
    till.push_held(&[event]).await;
    site.applied().await;
    assert_eq!(listed(&site, "").await[0]["problem"], "ribbon_torn");

    let mut devices: Vec<_> = (0..60).map(|n| device(n, "scanner", Some(true), 1)).collect();
    devices.push(device(0, "scanner", Some(true), 1));
    devices[0].name = "n".repeat(5_000);
    let event = till.record(&report(&devices));
    till.push_held(&[event]).await;
    site.applied().await;
    let rows = listed(&site, "?limit=200").await;
    assert_eq!(rows.len(), MOST_DEVICES);
    assert!(rows.iter().all(|row| row["name"].as_str().unwrap().len() <= 80));
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events WHERE state <> 'applied'").await, 0);
}

async fn a_terminal_that_works_no_more_troubles_nobody(site: Site) {
    let mut till = site.till().await;
    let event = till.record(&report(&[device(1, "printer", Some(false), 9)]));
    till.push_held(&[event]).await;
    site.applied().await;
    assert_eq!(listed(&site, "?well=false").await.len(), 1);
    site.execute("UPDATE terminals SET revoked = 1").await;
    assert_eq!(listed(&site, "").await.len(), 0);
    let found = status::status(&site.server().state).await.unwrap();
    assert_eq!((found.tenants[0].devices, found.tenants[0].unwell.len()), (0, 0));
}

async fn devices_are_verified_and_stand_in_status_and_figures(site: Site) {
    let mut till = site.till().await;
    let events = [
        till.record(&report(&[device(1, "printer", Some(true), 5)])),
        till.record(&report(&[device(1, "printer", Some(false), 9), device(2, "scale", None, 6)])),
    ];
    till.push_held(&events).await;
    site.applied().await;
    let state = &site.server().state;
    let done = verify::verify(state, None, &mut |_| {}).await.unwrap();
    assert_eq!((done.findings.len(), done.rows), (0, 2 + 1 + 2), "{done:?}");

    let found = status::status(state).await.unwrap();
    let tenant = &found.tenants[0];
    assert_eq!((tenant.devices, tenant.devices_unwell), (2, 1));
    assert_eq!(
        (tenant.unwell[0].terminal.as_str(), tenant.unwell[0].problem.as_str()),
        ("KOTA-T1", "paper_out")
    );
    let text = found.text();
    assert!(text.contains("devices 2   not well 1"), "{text}");
    assert!(text.contains("The printer") && text.contains("printer paper_out, for "), "{text}");

    gauges::look(state).await.unwrap();
    let figures = site.http.get(site.url("/metrics")).send().await.unwrap().text().await.unwrap();
    for name in ["kedai_devices_unwell", "kedai_devices_blocking"] {
        assert!(figures.contains(name), "{name}: {figures}");
    }
    assert!(include_str!("../../alerts.yml").contains("kedai_devices_blocking"));

    site.execute("UPDATE terminal_devices SET well = 1 WHERE kind = 'printer'").await;
    let done = verify::verify(state, None, &mut |_| {}).await.unwrap();
    assert_eq!(done.findings.len(), 1, "{:?}", done.findings);
    assert!(done.findings[0].starts_with("terminal_devices: "), "{:?}", done.findings);
}
