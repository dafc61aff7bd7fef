//! What proves a catalogue: sums over the feed, and the file that comes ready-made.

use std::collections::BTreeMap;

use reqwest::{Method, Response};
use serde_json::{Value, json};
use shared::ids::StaffId;
use shared::journal::Hash;
use shared::staff::{Role, Staff};
use shared::wire::feed::{CATALOGUE_FORM, Sum, Sums};
use shared::wire::{FeedRow, FeedSum, SnapshotFile, SnapshotOffer, path};
use sync_server::identity;
use sync_server::sync::feed::{Change, record_changes};

use crate::support::{Site, Till, problem_code};

on_both_engines! {
    the_sums_of_a_page_are_those_of_the_rows_that_a_till_holds
    rows_from_before_there_were_sums_are_counted_at_the_start
    a_small_catalogue_comes_in_pages
    a_large_catalogue_comes_ready_made_and_its_changes_after_it
    a_file_is_given_only_to_tills_of_its_outlet
    a_revoked_till_gets_no_file
}

fn row(number: usize, body: &Value) -> Change {
    Change { entity: "test", row_id: format!("{number:06}"), outlet: None, body: Some(body.to_string()) }
}

async fn change(site: &Site, changes: &[Change]) {
    let mut tx = site.server().state.db.write(site.shop.tenant_id).await.unwrap();
    record_changes(&mut tx, site.shop.tenant_id, changes).await.unwrap();
    tx.commit().await.unwrap();
}

/// So many rows that a catalogue is made of them.
async fn fill(site: &Site) {
    let rows: Vec<Change> = (0..2_100).map(|n| row(n, &json!({ "n": n }))).collect();
    change(site, &rows).await;
}

/// A till that keeps what it reads, and counts it itself.
struct Reader {
    till: Till,
    cursor: Option<String>,
    rows: BTreeMap<(String, String), FeedRow>,
}

impl Reader {
    /// Reads to the end and compares what it holds with what the server says; gives what that was.
    async fn read(&mut self) -> Option<Vec<FeedSum>> {
        loop {
            let page = self.till.pull(self.cursor.as_deref()).await;
            for row in page.rows {
                let key = (row.entity.clone(), row.id.clone());
                match row.body {
                    Some(_) => drop(self.rows.insert(key, row)),
                    None => drop(self.rows.remove(&key)),
                }
            }
            self.cursor = Some(page.cursor);
            if page.more {
                assert_eq!(page.sums, None, "sums are of all, so they come last");
                continue;
            }
            let mut own = Sums::default();
            for row in self.rows.values() {
                let body = row.body.as_ref().unwrap();
                own.add(&row.entity, Sum::of_row(&row.entity, &row.id, row.change_seq, body));
            }
            if let Some(said) = &page.sums {
                assert!(own.are(said), "{own:?} is held, {said:?} is said");
            }
            return page.sums;
        }
    }
}

async fn the_sums_of_a_page_are_those_of_the_rows_that_a_till_holds(site: Site) {
    let other = site.other_outlet().await;
    let mut here = Reader { till: site.till().await, cursor: None, rows: BTreeMap::new() };
    let mut there =
        Reader { till: site.till_at(&site.shop, other.clone()).await, cursor: None, rows: BTreeMap::new() };
    assert!(here.read().await.is_some() && there.read().await.is_some());
    assert_eq!(here.read().await, None, "without news there is nothing to compare");

    let state = &site.server().state;
    let mut staff = Staff {
        staff_id: StaffId::new(&*state.clock, &mut state.rng()),
        name: "Budi".to_owned(),
        role: Role::Cashier,
        pin_hash: "$argon2id$x".to_owned(),
        outlet_ids: Vec::new(),
        active: true,
    };
    // To all outlets, to one, to the other one, to both.
    for outlets in [
        vec![],
        vec![site.shop.outlet.outlet_id],
        vec![other.outlet_id],
        vec![other.outlet_id, site.shop.outlet.outlet_id],
    ] {
        staff.outlet_ids = outlets;
        let mut tx = state.db.write(site.shop.tenant_id).await.unwrap();
        identity::put_staff(&mut tx, site.shop.tenant_id, &staff, state.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(here.read().await.is_some() && there.read().await.is_some());
    }
    let own = |body: Option<&str>| Change {
        entity: "notice",
        row_id: "n".to_owned(),
        outlet: Some(other.outlet_id),
        body: body.map(str::to_owned),
    };
    for step in [
        vec![own(Some(r#"{"b":1,"a":2}"#)), row(1, &json!({}))],
        vec![row(1, &json!({ "x": 1 }))],
        vec![own(None)],
    ] {
        change(&site, &step).await;
        here.read().await;
        there.read().await;
    }
    let page = there.till.pull(None).await;
    let said = page.sums.unwrap();
    assert!(said.iter().all(|sum| sum.entity != "notice" || sum.rows == 0), "{said:?}");
}

async fn rows_from_before_there_were_sums_are_counted_at_the_start(mut site: Site) {
    change(&site, &[row(1, &json!({ "a": 1 })), row(2, &json!({ "a": 2 }))]).await;
    site.execute("UPDATE feed_rows SET digest = NULL").await;
    site.execute("DELETE FROM feed_sums").await;
    site.restart().await;
    let mut reader = Reader { till: site.till().await, cursor: None, rows: BTreeMap::new() };
    let said = reader.read().await.unwrap();
    assert!(said.iter().any(|sum| sum.entity == "test" && sum.rows == 2), "{said:?}");
}

async fn get(till: &Till, path: &str) -> Response {
    till.signed(Method::GET, path, Vec::new(), till.now()).send().await.unwrap()
}

async fn offered(till: &Till) -> Option<SnapshotFile> {
    let response = get(till, &format!("{}?form={CATALOGUE_FORM}", path::SNAPSHOT)).await;
    assert_eq!(response.status(), 200);
    response.json::<SnapshotOffer>().await.unwrap().snapshot
}

async fn a_small_catalogue_comes_in_pages(site: Site) {
    let till = site.till().await;
    change(&site, &[row(1, &json!({}))]).await;
    assert_eq!(offered(&till).await, None);
    fill(&site).await;
    // Those of an older build, of a newer one and of none at all.
    for form in ["", "?form=1", "?form=0", &format!("?form={}", CATALOGUE_FORM + 1)] {
        let response = get(&till, &format!("{}{form}", path::SNAPSHOT)).await;
        assert_eq!(response.json::<SnapshotOffer>().await.unwrap().snapshot, None, "{form}");
    }
}

async fn a_large_catalogue_comes_ready_made_and_its_changes_after_it(site: Site) {
    let till = site.till().await;
    fill(&site).await;
    let file = offered(&till).await.unwrap();
    assert_eq!(file.rows, 2_102, "with the outlet and its manager");
    let mut bytes = Vec::new();
    // As if the network broke in the middle of a part.
    for most in [1_000, usize::MAX] {
        let part = get(&till, &format!("{}/{}?from={}", path::SNAPSHOT, file.id, bytes.len())).await;
        assert_eq!(part.status(), 200);
        bytes.extend(part.bytes().await.unwrap().iter().take(most));
    }
    assert_eq!((u64::try_from(bytes.len()).unwrap(), Hash::of(&bytes)), (file.bytes, file.hash));
    let end = get(&till, &format!("{}/{}?from={}", path::SNAPSHOT, file.id, bytes.len())).await;
    assert!(end.bytes().await.unwrap().is_empty());
    let plain = zstd::stream::decode_all(bytes.as_slice()).unwrap();
    assert_eq!(u64::try_from(plain.len()).unwrap(), file.plain_bytes);
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("c.db"), plain).unwrap();
    let db = rusqlite::Connection::open(dir.path().join("c.db")).unwrap();
    let text = |sql: &str| db.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(text("PRAGMA integrity_check"), "ok");
    assert_eq!(text("SELECT value FROM feed_state WHERE key = 'cursor'"), file.cursor);
    assert_eq!(text("SELECT body FROM feed_unknown WHERE row_id = '000007'"), r#"{"n":7}"#);

    // What changed since is pulled after it, and as long as it is little the file stays the same.
    change(&site, &[row(7, &json!({ "n": "new" })), Change { body: None, ..row(8, &json!({})) }]).await;
    let page = till.pull(Some(&file.cursor)).await;
    assert_eq!((page.reset, page.rows.len()), (false, 2));
    assert_eq!(offered(&till).await.unwrap(), file);
    fill(&site).await;
    let next = offered(&till).await.unwrap();
    assert_ne!(next.id, file.id);
    let old = get(&till, &format!("{}/{}?from=0", path::SNAPSHOT, file.id)).await;
    assert_eq!(old.status(), 200, "who is in the middle of the one before can end it");
}

async fn a_file_is_given_only_to_tills_of_its_outlet(site: Site) {
    let till = site.till().await;
    fill(&site).await;
    let file = offered(&till).await.unwrap();
    let path = format!("{}/{}?from=0", path::SNAPSHOT, file.id);
    let other = site.other_outlet().await;
    let stranger = site.other_shop().await;
    for (who, outlet) in [(&site.shop, other), (&stranger, stranger.outlet.clone())] {
        let elsewhere = site.till_at(who, outlet).await;
        assert_eq!(get(&elsewhere, &path).await.status(), 404);
    }
    assert_eq!(get(&till, &path).await.status(), 200);
    let unsigned = site.http.get(site.url(&path)).send().await.unwrap();
    assert_eq!(unsigned.status(), 400);
    for wrong in ["../server.key", "%2e%2e%2fserver.key", "1-0"] {
        assert_eq!(get(&till, &format!("{}/{wrong}?from=0", path::SNAPSHOT)).await.status(), 404, "{wrong}");
    }
}

async fn a_revoked_till_gets_no_file(site: Site) {
    let till = site.till().await;
    fill(&site).await;
    let file = offered(&till).await.unwrap();
    site.execute("UPDATE terminals SET revoked = 1").await;
    for path in [
        format!("{}?form={CATALOGUE_FORM}", path::SNAPSHOT),
        format!("{}/{}?from=0", path::SNAPSHOT, file.id),
    ] {
        let (status, code, _) = problem_code(get(&till, &path).await).await;
        assert_eq!((status.as_u16(), code.as_str()), (403, shared::wire::problem::REVOKED));
    }
}
