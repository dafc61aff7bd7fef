//! Starting, being watched, and stopping in order.

use sync_server::database::{Database, DatabaseError};
use sync_server::{Config, StartError, start};

use crate::support::Site;

on_both_engines! {
    a_stopped_server_has_kept_everything
    a_running_push_is_finished_before_the_server_stops
    events_left_over_are_applied_at_the_next_start
    health_readiness_and_figures_are_told
    unknown_paths_and_methods_are_problems
}

async fn a_stopped_server_has_kept_everything(mut site: Site) {
    let mut till = site.till().await;
    let events = [till.sell(), till.sell()];
    till.push_held(&events).await;
    let epoch = site.server().state.server_epoch.to_string();
    site.restart().await;
    till.reconnect(&site);
    let held = till.push_held(&[]).await;
    assert_eq!((held.acked_seq, held.server_epoch), (2, epoch));
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 2);
}

async fn a_running_push_is_finished_before_the_server_stops(mut site: Site) {
    let mut till = site.till().await;
    let events: Vec<_> = (0..200).map(|_| till.sell()).collect();
    // The only writer, or on PostgreSQL the terminal's row, is held, so the push is surely still running when the server
    // is told to stop.
    let mut blocker = site.server().state.db.write(site.shop.tenant_id).await.unwrap();
    let lock = "UPDATE terminals SET name = name WHERE tenant_id = $1";
    sqlx::query(lock).bind(site.shop.tenant_id.to_string()).execute(&mut *blocker).await.unwrap();
    let addr = site.server().addr;
    let server = site.server.take().unwrap();
    let state = server.state.clone();
    let pushing = tokio::spawn(async move {
        let response = till.push(&events).await;
        (response.status().as_u16(), till)
    });
    let places = state.config.max_pushes;
    while state.pushes.available_permits() == places {
        tokio::task::yield_now().await;
    }
    let stopping = tokio::spawn(server.shutdown());
    // Once it takes no new connections, it is stopping.
    while tokio::net::TcpStream::connect(addr).await.is_ok() {
        tokio::task::yield_now().await;
    }
    drop(blocker);
    let (status, mut till) = pushing.await.unwrap();
    stopping.await.unwrap();
    assert_eq!(status, 200);
    site.server = Some(sync_server::start_with_clock(site.config.clone(), site.clock.clone()).await.unwrap());
    till.reconnect(&site);
    assert_eq!(till.push_held(&[]).await.acked_seq, 200);
}

async fn events_left_over_are_applied_at_the_next_start(mut site: Site) {
    let mut till = site.till().await;
    let events = [till.sell(), till.sell()];
    till.push_held(&events).await;
    site.applied().await;
    // As after a crash between receiving and applying.
    let mut tx = site.server().state.db.write(site.shop.tenant_id).await.unwrap();
    for table in [
        "order_lines",
        "order_tenders",
        "order_taxes",
        "order_promotions",
        "orders",
        "stock_movements",
        "stock_levels",
    ] {
        sqlx::query(sqlx::AssertSqlSafe(format!("DELETE FROM {table}"))).execute(&mut *tx).await.unwrap();
    }
    sqlx::query("UPDATE journal_events SET state = 'received'").execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
    site.restart().await;
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM orders").await, 2);
    assert_eq!(site.count("SELECT COUNT(*) FROM exceptions").await, 0);
}

async fn health_readiness_and_figures_are_told(site: Site) {
    let mut till = site.till().await;
    let event = till.sell();
    till.push_held(std::slice::from_ref(&event)).await;
    till.push_held(&[event]).await;
    site.applied().await;
    for path in ["/health", "/ready"] {
        let response = site.http.get(site.url(path)).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        assert!(response.headers().contains_key("x-request-id"), "{path}");
    }
    let figures = site.http.get(site.url("/metrics")).send().await.unwrap().text().await.unwrap();
    for line in [
        "kedai_pushes_total{outcome=\"held\"}",
        "kedai_events_received_total",
        "kedai_events_duplicate_total",
        "kedai_events_applied_total",
        "kedai_request_seconds_bucket{method=\"POST\",path=\"/api/v1/sync/push\",status=\"200\"",
    ] {
        assert!(figures.contains(line), "{line} is not in\n{figures}");
    }
    assert!(!figures.contains(&site.shop.tenant_id.to_string()), "figures name no business");
}

async fn unknown_paths_and_methods_are_problems(site: Site) {
    let (status, problem) = site.get("/api/v1/nothing").await;
    assert_eq!((status.as_u16(), &problem["code"]), (404, &serde_json::json!("not_found")));
    let response = site.http.delete(site.url("/api/v1/orders")).send().await.unwrap();
    assert_eq!(response.status(), 405);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
}

#[tokio::test]
async fn a_database_of_an_unknown_kind_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let config = Config { database_url: Some("oracle://x".to_owned()), ..Config::new(dir.path()) };
    assert!(matches!(Database::open(&config).await, Err(DatabaseError::Address(_))));
}

#[tokio::test]
async fn a_taken_address_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let config = Config { listen: taken.local_addr().unwrap(), ..Config::new(dir.path()) };
    assert!(matches!(start(config).await, Err(StartError::Listen { .. })));
}
