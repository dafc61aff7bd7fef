//! Figures of the whole server for Prometheus, looked up now and then: what waits where, how long, and what people must
//! look at. What is being applied is counted by the worker itself (`sync/apply/upkeep.rs`).

use std::collections::HashMap;
use std::time::Duration;

use metrics::{describe_gauge, gauge};
use shared::ids::TenantId;
use sqlx::{AssertSqlSafe, Row as _};
use tokio::sync::watch;

use crate::app::AppState;
use crate::database::DatabaseError;
use crate::devices::reported::AT_WORK;

/// How often they are looked up.
const EVERY: Duration = Duration::from_secs(15);
/// A terminal that was not heard of for so long counts as silent.
const SILENT_MS: i64 = 24 * 60 * 60 * 1000;
/// A terminal that was heard of within so long counts as one where people work.
const OPEN_MS: i64 = 60 * 60 * 1000;

/// Keeps the figures up to date until asked to stop.
pub async fn run(state: AppState, mut stopped: watch::Receiver<bool>) {
    describe();
    while !*stopped.borrow() {
        if let Err(error) = look(&state).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "could not look up the figures");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            // An error means that the owner is gone.
            changed = stopped.changed() => if changed.is_err() { return },
        }
    }
}

fn describe() {
    describe_gauge!("kedai_exceptions_open", "exceptions that nobody has settled");
    describe_gauge!("kedai_terminals_enrolled", "terminals that are enrolled and not revoked");
    describe_gauge!("kedai_terminals_silent", "of these, not heard of for a day");
    describe_gauge!(
        "kedai_devices_unwell",
        "devices at terminals that did not do as they were asked, as last told"
    );
    describe_gauge!(
        "kedai_devices_blocking",
        "of these, those that something waits for at a terminal heard of within the hour"
    );
    describe_gauge!("kedai_unsent_events", "events that wait at terminals, as last told to this server");
    describe_gauge!("kedai_unsent_events_most", "the most that wait at one terminal");
    describe_gauge!("kedai_unsent_oldest_seconds", "how long the oldest of them has waited");
    describe_gauge!("kedai_feed_lag_changes", "changes that the terminal furthest behind has not read yet");
}

/// Looks the figures up once.
///
/// # Errors
/// A failed statement.
pub async fn look(state: &AppState) -> Result<(), DatabaseError> {
    let now = state.clock.now();
    let mut tx = state.db.system().await?;
    let row =
        sqlx::query("SELECT COUNT(*) FROM exceptions WHERE resolved_at IS NULL").fetch_one(&mut *tx).await?;
    let open: i64 = row.try_get(0)?;
    let row = sqlx::query(
        "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN COALESCE(last_seen_at, 0) < $1 THEN 1 ELSE 0 END), 0) AS BIGINT) \
         FROM terminals WHERE public_key IS NOT NULL AND revoked = 0",
    )
    .bind(now.as_millis() - SILENT_MS)
    .fetch_one(&mut *tx)
    .await?;
    let (enrolled, silent): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    let row = sqlx::query(AssertSqlSafe(format!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN d.waiting > 0 AND t.last_seen_at >= $1 THEN 1 ELSE 0 END), 0) \
         AS BIGINT) FROM {AT_WORK} WHERE d.well = 0"
    )))
    .bind(now.as_millis() - OPEN_MS)
    .fetch_one(&mut *tx)
    .await?;
    let (unwell, blocking): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    let mut newest: HashMap<TenantId, i64> = HashMap::new();
    for row in sqlx::query("SELECT tenant_id, change_seq FROM tenants").fetch_all(&mut *tx).await? {
        let tenant = row.try_get::<&str, _>(0)?.parse();
        let tenant = tenant.map_err(|error| DatabaseError::corrupt("tenants", error))?;
        newest.insert(tenant, row.try_get(1)?);
    }
    drop(tx);
    let figures = state.backlogs.figures(&newest, now);
    let set = |name: &'static str, value: i64| gauge!(name).set(i32::try_from(value).unwrap_or(i32::MAX));
    let count = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
    set("kedai_exceptions_open", open);
    set("kedai_terminals_enrolled", enrolled);
    set("kedai_terminals_silent", silent);
    set("kedai_devices_unwell", unwell);
    set("kedai_devices_blocking", blocking);
    set("kedai_unsent_events", count(figures.waiting));
    set("kedai_unsent_events_most", count(figures.most_waiting));
    set("kedai_unsent_oldest_seconds", figures.oldest_ms / 1_000);
    set("kedai_feed_lag_changes", figures.most_unread);
    Ok(())
}
