//! Several servers on one PostgreSQL: whatever reaches any of them is held and applied once.

use std::time::Duration;

use shared::ids::TenantId;
use sync_server::sync::feed::{Change, record_changes};
use sync_server::{RunningServer, start_with_clock};
use tokio::time::timeout;

use crate::support::{Site, postgres};

/// The site's own server and a second one on the same database, with nothing between them but that.
async fn two_servers() -> Option<(Site, RunningServer)> {
    let site = Site::on_postgres().await?;
    let second = start_with_clock(site.config.clone(), site.clock.clone()).await.unwrap();
    Some((site, second))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pushes_to_two_servers_are_held_and_applied_once() {
    let Some((site, second)) = two_servers().await else { return };
    let mut pushing = tokio::task::JoinSet::new();
    for place in 0..8 {
        let mut till = site.till().await;
        let load: Vec<_> = (0..60).map(|_| till.sell()).collect();
        let (here, mut there) = (till.twin(&site), till.twin(&site));
        there.turn_to(&second);
        pushing.spawn(async move {
            for (turn, part) in load.chunks(10).enumerate() {
                let (one, two) = if (turn + place) % 2 == 0 { (&here, &there) } else { (&there, &here) };
                // The answer of the first is lost, so the till asks again, at the other server, at the same time.
                let (first, again) = tokio::join!(one.push_held(part), two.push_held(part));
                let last = part.last().unwrap();
                assert_eq!((first.acked_seq, first.acked_hash), (last.event.seq, Some(last.hash)));
                assert_eq!((again.acked_seq, again.acked_hash), (last.event.seq, Some(last.hash)));
            }
        });
    }
    while let Some(pushed) = pushing.join_next().await {
        pushed.unwrap();
    }
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events WHERE state = 'applied'").await, 480);
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 480);
    assert_eq!(site.count("SELECT CAST(SUM(quantity) AS BIGINT) FROM stock_levels").await, -480 * 3_000);
    assert_eq!(site.count("SELECT COUNT(*) FROM exceptions").await, 0);
    second.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_stopped_server_received_is_applied_by_the_other() {
    let Some((mut site, second)) = two_servers().await else { return };
    let mut till = site.till().await;
    till.turn_to(&second);
    let load: Vec<_> = (0..200).map(|_| till.sell()).collect();
    till.push_held(&load).await;
    // It stops before or while it applies; no word of it reaches the other.
    second.shutdown().await;
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 200);
    till.reconnect(&site);
    let more = till.sell();
    assert_eq!(till.push_held(&[more]).await.acked_seq, 201);
    site.restart().await;
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reports_may_come_from_a_second_address() {
    let Some(site) = Site::on_postgres().await else { return };
    let mut config = site.config.clone();
    config.database_read_url = config.database_url.clone();
    let reader = start_with_clock(config, site.clock.clone()).await.unwrap();
    let mut till = site.till().await;
    till.turn_to(&reader);
    let sale = till.sell();
    assert_eq!(till.push_held(&[sale]).await.acked_seq, 1);
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 1);
    reader.shutdown().await;
}

/// Changes a row of the business at one of the servers.
async fn change(server: &RunningServer, tenant: TenantId, n: usize) -> u64 {
    let row = Change { entity: "test", row_id: n.to_string(), outlet: None, body: Some("{}".to_owned()) };
    let mut tx = server.state.db.write(tenant).await.unwrap();
    let number = record_changes(&mut tx, tenant, &[row]).await.unwrap();
    tx.commit().await.unwrap();
    number
}

const LISTENING: &str =
    "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'";
const BREAK: &str = "SELECT COUNT(*) FROM (SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
     WHERE datname = current_database() AND query LIKE 'LISTEN%') AS gone";

/// Waits until both servers listen for hints.
async fn both_listen(site: &Site) {
    for _ in 0..1_000 {
        if site.count(LISTENING).await == 2 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the servers do not listen to one another");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_till_hears_at_once_of_what_another_server_committed() {
    let Some((site, second)) = two_servers().await else { return };
    both_listen(&site).await;
    let tenant = site.shop.tenant_id;
    let (here, mut there) = (site.till().await, site.till().await);
    there.turn_to(&second);
    let (mut here, mut there) = (here.listen().await.ok().unwrap(), there.listen().await.ok().unwrap());
    for n in 1..5 {
        let server = if n % 2 == 0 { site.server() } else { &second };
        let number = change(server, tenant, n).await;
        for news in [&mut here, &mut there] {
            // Whichever server it hangs on; older words may still be on their way.
            while news.next().await.unwrap() != number {}
        }
    }
    second.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hints_that_lie_or_are_lost_change_nothing_but_the_time() {
    let Some((site, second)) = two_servers().await else { return };
    both_listen(&site).await;
    let tenant = site.shop.tenant_id;
    let till = site.till().await;
    let mut news = till.listen().await.ok().unwrap();
    news.next().await.unwrap();
    let cursor = till.pull(None).await.cursor;
    let unknown = TenantId::from_bytes([9; 16]);
    for lie in ["", "1", "x y z", &format!("1 {unknown} 5"), &format!("1 {tenant} 999999")] {
        let said = sqlx::query("SELECT pg_notify('kedai_news', $1)").bind(lie.to_owned());
        let mut tx = site.server().state.db.system_write().await.unwrap();
        said.execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(news.next().await, Some(999_999), "the last of the lies was taken for a hint");
    let page = till.pull(Some(&cursor)).await;
    assert_eq!((page.rows.len(), page.reset, page.cursor), (0, false, cursor.clone()));
    // The connections break: what is committed meanwhile is there for everyone who asks.
    assert_eq!(site.count(BREAK).await, 2, "both stopped hearing");
    let number = change(&second, tenant, 1).await;
    let page = till.pull(Some(&cursor)).await;
    assert_eq!(page.rows.iter().map(|row| row.change_seq).collect::<Vec<_>>(), [number]);
    // And by themselves they hear again.
    let mut heard = false;
    for n in 2..100 {
        change(&second, tenant, n).await;
        heard = timeout(Duration::from_millis(300), news.next()).await.is_ok_and(|word| word.is_some());
        if heard {
            break;
        }
    }
    assert!(heard, "the servers never hear of one another again");
    second.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_that_lags_behind_never_takes_a_till_back() {
    let Some(mut site) = Site::on_postgres().await else { return };
    let mut till = site.till().await;
    site.server.take().unwrap().shutdown().await;
    let lagging = postgres::copy(site.config.database_url.as_deref().unwrap()).await;
    site.restart().await;
    till.reconnect(&site);
    let number = change(site.server(), site.shop.tenant_id, 1).await;
    let page = till.pull(None).await;
    assert!(page.rows.iter().any(|row| row.change_seq == number));
    site.config.database_read_url = Some(lagging);
    site.restart().await;
    till.reconnect(&site);
    let old = till.pull(None).await;
    assert!(old.rows.iter().all(|row| row.change_seq < number), "this replica lags behind");
    let again = till.pull(Some(&page.cursor)).await;
    assert_eq!((again.reset, again.rows.len()), (false, 0));
}
