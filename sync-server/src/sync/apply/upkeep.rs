//! What the worker does beside applying: figures of the queue, and a new try for events whose cause may be mended.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use metrics::gauge;
use shared::ids::TenantId;
use sqlx::Row as _;

use super::reason;
use crate::app::AppState;
use crate::database::DatabaseError;

/// How often the queue is counted and parked events are looked at.
const EVERY: Duration = Duration::from_secs(1);

/// What was seen the last time.
#[derive(Debug, Default)]
pub(super) struct Upkeep {
    last: Option<Instant>,
    /// The last change of each business with events that wait for one, when they were last tried.
    tried_at: HashMap<TenantId, i64>,
}

impl Upkeep {
    /// Does it, when it is time.
    pub async fn turn(&mut self, state: &AppState) -> Result<(), DatabaseError> {
        if self.last.is_some_and(|last| last.elapsed() < EVERY) {
            return Ok(());
        }
        self.last = Some(Instant::now());
        let mut tx = state.db.system_latest().await?;
        for (state, name) in [("received", "kedai_events_waiting"), ("parked", "kedai_events_parked")] {
            // The state stands in the text, so that the partial index of that state is used.
            let sql = format!("SELECT COUNT(*) FROM journal_events WHERE state = '{state}'");
            let count: i64 = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_one(&mut *tx).await?.try_get(0)?;
            #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
            gauge!(name).set(count as f64);
            if state == "received" && count == 0 {
                gauge!("kedai_apply_lag_seconds").set(0.0);
            }
        }
        let rows = sqlx::query(
            "SELECT DISTINCT e.tenant_id, t.change_seq FROM journal_events e JOIN tenants t ON t.tenant_id = e.tenant_id \
             WHERE e.state = 'parked' AND e.reason IN ($1, $2)",
        )
        .bind(reason::UNKNOWN_ITEM)
        .bind(reason::UNKNOWN_CATEGORY)
        .fetch_all(&mut *tx)
        .await?;
        drop(tx);
        for row in &rows {
            let tenant: TenantId = row
                .try_get::<&str, _>(0)?
                .parse()
                .map_err(|error| DatabaseError::corrupt("journal_events", error))?;
            let change: i64 = row.try_get(1)?;
            if self.tried_at.insert(tenant, change) != Some(change) {
                retry(state, tenant).await?;
            }
        }
        self.tried_at.retain(|tenant, _| {
            rows.iter().any(|row| row.try_get::<&str, _>(0).is_ok_and(|id| id == tenant.to_string()))
        });
        Ok(())
    }
}

/// Lets the events that waited for an item or category be tried once more: something of the business has changed.
async fn retry(state: &AppState, tenant: TenantId) -> Result<(), DatabaseError> {
    let mut tx = state.db.write(tenant).await?;
    sqlx::query(
        "UPDATE journal_events SET state = 'received' \
         WHERE tenant_id = $1 AND state = 'parked' AND reason IN ($2, $3)",
    )
    .bind(tenant.to_string())
    .bind(reason::UNKNOWN_ITEM)
    .bind(reason::UNKNOWN_CATEGORY)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    state.wake.now();
    Ok(())
}
