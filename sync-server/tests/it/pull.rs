//! The feed down: everything of the terminal's outlet, in pages, and nothing else.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use shared::ids::StaffId;
use shared::staff::{Role, Staff};
use shared::wire::{FeedRow, MAX_PULL_ROWS, PullResponse, entity, problem};
use sync_server::identity;
use sync_server::sync::feed::{Change, record_changes};

use crate::support::{Site, Till, problem_code};

on_both_engines! {
    a_new_terminal_gets_its_outlet_and_its_staff
    pages_hold_every_row_once_and_say_how_many_are_left
    changes_after_the_cursor_come_once
    a_deleted_row_comes_as_a_tombstone
    rows_of_another_outlet_do_not_come
    staff_who_move_away_come_as_a_tombstone
    a_cursor_of_another_life_begins_anew
    a_cursor_from_the_future_of_a_restored_server_begins_anew
    an_answer_is_compressed_when_the_till_takes_it
    a_copied_read_request_does_not_work_for_ever
    pages_of_pictures_are_bounded
    changes_are_numbered_without_gaps_however_many_write_at_once
}

fn rows(count: usize, entity: &'static str) -> Vec<Change> {
    (0..count)
        .map(|n| Change {
            entity,
            row_id: format!("{n:06}"),
            outlet: None,
            body: Some(json!({ "n": n }).to_string()),
        })
        .collect()
}

async fn change(site: &Site, changes: &[Change]) {
    let state = &site.server().state;
    let mut tx = state.db.write(site.shop.tenant_id).await.unwrap();
    record_changes(&mut tx, site.shop.tenant_id, changes).await.unwrap();
    tx.commit().await.unwrap();
}

/// Pulls to the end; the pages as they came.
async fn pull_all(till: &Till, cursor: Option<&str>) -> Vec<PullResponse> {
    let mut pages = vec![till.pull(cursor).await];
    while pages.last().unwrap().more {
        let cursor = pages.last().unwrap().cursor.clone();
        pages.push(till.pull(Some(&cursor)).await);
    }
    pages
}

fn by_entity(pages: &[PullResponse]) -> BTreeMap<String, Vec<FeedRow>> {
    let mut rows: BTreeMap<String, Vec<FeedRow>> = BTreeMap::new();
    for row in pages.iter().flat_map(|page| &page.rows) {
        rows.entry(row.entity.clone()).or_default().push(row.clone());
    }
    rows
}

async fn a_new_terminal_gets_its_outlet_and_its_staff(site: Site) {
    let till = site.till().await;
    let page = till.pull(None).await;
    assert!(page.reset && !page.more);
    let rows = by_entity(std::slice::from_ref(&page));
    let outlet: shared::outlet::Outlet =
        serde_json::from_value(rows["outlet"][0].body.clone().unwrap()).unwrap();
    assert_eq!(outlet, site.shop.outlet);
    let staff: Staff = serde_json::from_value(rows["staff"][0].body.clone().unwrap()).unwrap();
    assert!(staff.pin_hash.starts_with("$argon2id$"));
    assert_eq!(page.remaining, 2);
}

async fn pages_hold_every_row_once_and_say_how_many_are_left(site: Site) {
    let till = site.till().await;
    change(&site, &rows(2 * MAX_PULL_ROWS + 200, "test")).await;
    let pages = pull_all(&till, None).await;
    let remaining: Vec<u64> = pages.iter().map(|page| page.remaining).collect();
    assert_eq!(remaining, [2_202, 1_202, 202]);
    assert_eq!(pages.iter().map(|page| page.reset).collect::<Vec<_>>(), [true, false, false]);
    let seqs: Vec<u64> = pages.iter().flat_map(|page| &page.rows).map(|row| row.change_seq).collect();
    assert!(seqs.is_sorted() && seqs.len() == 2_202, "{}", seqs.len());
    let ids: std::collections::BTreeSet<String> =
        by_entity(&pages)["test"].iter().map(|row| row.id.clone()).collect();
    assert_eq!(ids.len(), 2_200);
}

async fn changes_after_the_cursor_come_once(site: Site) {
    let till = site.till().await;
    change(&site, &rows(10, "test")).await;
    let cursor = till.pull(None).await.cursor;
    let none = till.pull(Some(&cursor)).await;
    assert!(none.rows.is_empty() && !none.reset && none.remaining == 0);
    // A row that changes twice comes once, in its last state.
    let mut changed = rows(1, "test");
    change(&site, &changed).await;
    changed[0].body = Some(json!({ "n": "last" }).to_string());
    change(&site, &changed).await;
    let page = till.pull(Some(&none.cursor)).await;
    assert_eq!(page.rows.len(), 1);
    assert_eq!(page.rows[0].body, Some(json!({ "n": "last" })));
    assert!(till.pull(Some(&page.cursor)).await.rows.is_empty());
}

async fn a_deleted_row_comes_as_a_tombstone(site: Site) {
    let till = site.till().await;
    change(&site, &rows(2, "test")).await;
    let cursor = till.pull(None).await.cursor;
    let mut gone = rows(1, "test");
    gone[0].body = None;
    change(&site, &gone).await;
    let page = till.pull(Some(&cursor)).await;
    assert_eq!((page.rows.len(), page.rows[0].id.as_str(), &page.rows[0].body), (1, "000000", &None));
    // Who holds nothing needs to hear nothing of what is gone.
    let fresh = by_entity(&pull_all(&till, None).await);
    assert_eq!(fresh["test"].len(), 1);
}

async fn rows_of_another_outlet_do_not_come(site: Site) {
    let till = site.till().await;
    let other = site.other_outlet().await;
    let notice = Change {
        entity: entity::NOTICE,
        row_id: "n".to_owned(),
        outlet: Some(other.outlet_id),
        body: Some("{}".to_owned()),
    };
    change(&site, &[notice]).await;
    let here = by_entity(&pull_all(&till, None).await);
    assert_eq!(here["outlet"].len(), 1);
    assert!(!here.contains_key("notice"));
    let there = site.till_at(&site.shop, other.clone()).await;
    let there = by_entity(&pull_all(&there, None).await);
    assert_eq!((there["outlet"][0].id.clone(), there["notice"].len()), (other.outlet_id.to_string(), 1));
    // The other business's rows are as far away as ever.
    let stranger = site.other_shop().await;
    let stranger_till = site.till_at(&stranger, stranger.outlet.clone()).await;
    let stranger_rows = by_entity(&pull_all(&stranger_till, None).await);
    assert_eq!(stranger_rows["outlet"][0].id, stranger.outlet.outlet_id.to_string());
    assert_eq!(stranger_rows["staff"].len(), 1);
}

async fn staff_who_move_away_come_as_a_tombstone(site: Site) {
    let till = site.till().await;
    let other = site.other_outlet().await;
    let cursor = till.pull(None).await.cursor;
    let state = &site.server().state;
    let mut staff = Staff {
        staff_id: StaffId::new(&*state.clock, &mut state.rng()),
        name: "Budi".to_owned(),
        role: Role::Cashier,
        pin_hash: "$argon2id$x".to_owned(),
        outlet_ids: vec![],
        active: true,
    };
    let put = async |staff: &Staff| {
        let mut tx = state.db.write(site.shop.tenant_id).await.unwrap();
        identity::put_staff(&mut tx, site.shop.tenant_id, staff, state.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    };
    put(&staff).await;
    let here = till.pull(Some(&cursor)).await;
    assert!(here.rows.iter().any(|row| row.id == staff.staff_id.to_string() && row.body.is_some()));
    staff.outlet_ids = vec![other.outlet_id];
    put(&staff).await;
    let gone = till.pull(Some(&here.cursor)).await;
    assert_eq!((gone.rows.len(), &gone.rows[0].body), (1, &None));
}

async fn a_cursor_of_another_life_begins_anew(site: Site) {
    let till = site.till().await;
    for forged in ["ffff.1.0", "nonsense", "0", "1.2.3.4.5"] {
        let page = till.pull(Some(forged)).await;
        assert!(page.reset, "{forged}");
        assert_eq!(page.rows.len(), 2);
    }
}

async fn a_cursor_from_the_future_of_a_restored_server_begins_anew(site: Site) {
    let till = site.till().await;
    let epoch = site.server().state.server_epoch.to_string();
    let page = till.pull(Some(&format!("{epoch}.999999.0"))).await;
    assert!(page.reset);
    assert!(!till.pull(Some(&page.cursor)).await.reset);
}

async fn an_answer_is_compressed_when_the_till_takes_it(site: Site) {
    let till = site.till().await;
    change(&site, &rows(500, "test")).await;
    let time = shared::Clock::now(&*site.clock);
    let request = till.signed(reqwest::Method::GET, shared::wire::path::PULL, Vec::new(), time);
    let response = request.header("accept-encoding", "zstd").send().await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "zstd");
    let bytes = response.bytes().await.unwrap();
    let json = zstd::stream::decode_all(bytes.as_ref()).unwrap();
    let page: PullResponse = serde_json::from_slice(&json).unwrap();
    assert_eq!(page.rows.len(), 502);
    assert!(bytes.len() * 3 < json.len());
}

async fn a_copied_read_request_does_not_work_for_ever(site: Site) {
    let till = site.till().await;
    let time = shared::Clock::now(&*site.clock);
    let copy = till.signed(reqwest::Method::GET, shared::wire::path::PULL, Vec::new(), time).build().unwrap();
    assert_eq!(site.http.execute(copy.try_clone().unwrap()).await.unwrap().status(), 200);
    site.clock.forward(shared::wire::MAX_READ_SKEW_MS + 1);
    let (status, code, _) = problem_code(site.http.execute(copy).await.unwrap()).await;
    assert_eq!((status.as_u16(), code.as_str()), (401, problem::CLOCK));
}

async fn pages_of_pictures_are_bounded(site: Site) {
    let till = site.till().await;
    let picture = Value::String("A".repeat(1024 * 1024)).to_string();
    let pictures: Vec<Change> = (0..20)
        .map(|n| Change {
            entity: entity::PICTURE,
            row_id: n.to_string(),
            outlet: None,
            body: Some(picture.clone()),
        })
        .collect();
    change(&site, &pictures).await;
    let pages = pull_all(&till, None).await;
    assert!(pages.len() >= 3, "{} pages", pages.len());
    assert!(pages.iter().all(|page| page.rows.len() <= 12));
    assert_eq!(by_entity(&pages)["picture"].len(), 20);
}

async fn changes_are_numbered_without_gaps_however_many_write_at_once(site: Site) {
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let db = site.server().state.db.clone();
            let tenant = site.shop.tenant_id;
            tokio::spawn(async move {
                for n in 0..5 {
                    let mut tx = db.write(tenant).await.unwrap();
                    let change = Change {
                        entity: "test",
                        row_id: format!("{writer}-{n}"),
                        outlet: None,
                        body: Some("1".to_owned()),
                    };
                    record_changes(&mut tx, tenant, &[change]).await.unwrap();
                    tx.commit().await.unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let newest = site.count("SELECT CAST(MAX(change_seq) AS BIGINT) FROM feed_rows").await;
    let rows = site.count("SELECT COUNT(*) FROM feed_rows").await;
    assert_eq!(rows, newest, "every number belongs to one row, since no row changed twice");
}
