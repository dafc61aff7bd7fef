//! Several servers on one PostgreSQL: whatever reaches any of them is held and applied once.

use sync_server::{RunningServer, start_with_clock};

use crate::support::Site;

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
