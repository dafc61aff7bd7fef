//! News at once: who listens hears of every commit of its business, and of nothing else.

use serde_json::json;
use shared::ids::TenantId;
use shared::wire::{path, problem};
use sync_server::sync::feed::{Change, record_changes};

use crate::support::{Site, Till, problem_code};

on_both_engines! {
    a_listening_till_hears_of_a_commit_and_of_nothing_before_it
    what_another_business_does_is_not_heard
    only_a_till_of_ours_may_listen
    a_reader_never_steps_over_a_number_that_commits_later
}

fn row(n: usize) -> Change {
    Change { entity: "test", row_id: format!("{n}"), outlet: None, body: Some(json!({ "n": n }).to_string()) }
}

async fn commit(site: &Site, tenant: TenantId, n: usize) -> u64 {
    let mut tx = site.server().state.db.write(tenant).await.unwrap();
    let number = record_changes(&mut tx, tenant, &[row(n)]).await.unwrap();
    tx.commit().await.unwrap();
    number
}

async fn a_listening_till_hears_of_a_commit_and_of_nothing_before_it(mut site: Site) {
    let till = site.till().await;
    let tenant = site.shop.tenant_id;
    let before = commit(&site, tenant, 1).await;
    let mut news = till.listen().await.ok().unwrap();
    assert_eq!(news.next().await, Some(before), "who connects hears where the feed stands");
    // Taken back: nobody hears of it, and its number is given out again.
    let mut tx = site.server().state.db.write(tenant).await.unwrap();
    let taken_back = record_changes(&mut tx, tenant, &[row(2)]).await.unwrap();
    tx.rollback().await.unwrap();
    let number = commit(&site, tenant, 3).await;
    assert_eq!(number, taken_back);
    assert_eq!(news.next().await, Some(number));
    // Whoever was told can see it at once.
    let page = till.pull(None).await;
    assert!(page.rows.iter().any(|row| row.change_seq == number && row.id == "3"));
    // A server that stops says so, instead of leaving its tills to find out.
    site.server.take().unwrap().shutdown().await;
    assert_eq!(news.next().await, None);
}

async fn what_another_business_does_is_not_heard(site: Site) {
    let other = site.other_shop().await;
    let mut news = site.till().await.listen().await.ok().unwrap();
    let first = news.next().await.unwrap();
    for n in 0..5 {
        commit(&site, other.tenant_id, n).await;
    }
    let own = commit(&site, site.shop.tenant_id, 1).await;
    assert_eq!((news.next().await, own), (Some(first + 1), first + 1));
}

async fn only_a_till_of_ours_may_listen(site: Site) {
    let mut till = site.till().await;
    let plain = till.signed(reqwest::Method::GET, path::LIVE, Vec::new(), shared::Clock::now(&*site.clock));
    assert!(plain.send().await.unwrap().status().is_client_error(), "a wire must be asked for as one");
    till.key = Till::new_key();
    let (status, code, _) = problem_code(till.listen().await.err().unwrap()).await;
    assert_eq!((status.as_u16(), code.as_str()), (404, problem::UNKNOWN_TERMINAL));
}

/// Writers hold their transactions open for different times while a reader follows its cursor: a sequence without the
/// business's lock would let the reader pass a number that is not committed yet, and never see its row.
async fn a_reader_never_steps_over_a_number_that_commits_later(site: Site) {
    const WRITERS: usize = 6;
    const EACH: usize = 8;
    let till = site.till().await;
    let tenant = site.shop.tenant_id;
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let db = site.server().state.db.clone();
            tokio::spawn(async move {
                for n in 0..EACH {
                    let mut tx = db.write(tenant).await.unwrap();
                    record_changes(&mut tx, tenant, &[row(writer * EACH + n)]).await.unwrap();
                    // Work after the number was taken, for some longer than for others.
                    for _ in 0..(writer * 3) % 7 {
                        sqlx::query("SELECT 1").execute(&mut *tx).await.unwrap();
                        tokio::task::yield_now().await;
                    }
                    tx.commit().await.unwrap();
                }
            })
        })
        .collect();
    let (mut seen, mut cursor) = (std::collections::BTreeSet::new(), None::<String>);
    let mut last = 0;
    loop {
        let over = writers.iter().all(tokio::task::JoinHandle::is_finished);
        let page = till.pull(cursor.as_deref()).await;
        for row in &page.rows {
            assert!(row.change_seq > last, "numbers only grow along a cursor");
            last = row.change_seq;
            if row.entity == "test" {
                seen.insert(row.id.clone());
            }
        }
        cursor = Some(page.cursor);
        if over && !page.more {
            break;
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(seen.len(), WRITERS * EACH, "every committed row was seen");
}
