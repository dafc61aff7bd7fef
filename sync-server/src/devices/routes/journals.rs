//! `GET /api/v1/devices/journals`.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use shared::staff::Permission;
use sqlx::Row as _;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::error::ApiError;
use crate::identity::Principal;
use crate::sync::ProblemView;

/// How far the journal of one terminal is held and applied.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Journal)]
pub struct JournalView {
    /// The terminal.
    pub terminal_id: String,
    /// Its outlet.
    pub outlet_id: String,
    /// Its number there.
    pub number: i64,
    /// What it is called.
    pub name: String,
    /// The life of the journal.
    pub epoch: i64,
    /// The last event held.
    pub head_seq: i64,
    /// Events received and not applied yet.
    pub received: i64,
    /// Events set aside.
    pub parked: i64,
    /// When the terminal last pushed or pulled, milliseconds since 1970 UTC.
    pub last_seen_at: Option<i64>,
}

/// The journals of all terminals.
#[derive(Debug, Serialize, ToSchema)]
pub struct JournalList {
    /// By outlet, number and epoch.
    pub journals: Vec<JournalView>,
}

/// How far the journal of each terminal is held and applied.
#[utoipa::path(
    get, path = "/api/v1/devices/journals", tag = "devices",
    responses((status = 200, body = JournalList), (status = 401, body = ProblemView))
)]
pub(super) async fn list_journals(
    State(state): State<AppState>,
    principal: Principal,
) -> Result<Json<JournalList>, ApiError> {
    principal.require(Permission::BackOffice)?;
    let mut tx = state.db.read(principal.tenant_id).await?;
    let rows = sqlx::query(
        "SELECT t.terminal_id, t.outlet_id, t.number, t.name, h.epoch, h.seq, t.last_seen_at, \
         (SELECT COUNT(*) FROM journal_events e WHERE e.tenant_id = h.tenant_id AND e.terminal_id = h.terminal_id \
          AND e.epoch = h.epoch AND e.state = 'received'), \
         (SELECT COUNT(*) FROM journal_events e WHERE e.tenant_id = h.tenant_id AND e.terminal_id = h.terminal_id \
          AND e.epoch = h.epoch AND e.state = 'parked') \
         FROM journal_heads h JOIN terminals t ON t.tenant_id = h.tenant_id AND t.terminal_id = h.terminal_id \
         WHERE h.tenant_id = $1 ORDER BY t.outlet_id, t.number, h.epoch LIMIT 5000",
    )
    .bind(principal.tenant_id.to_string())
    .fetch_all(&mut *tx)
    .await?;
    let journals = rows
        .iter()
        .map(|row| {
            Ok(JournalView {
                terminal_id: row.try_get(0)?,
                outlet_id: row.try_get(1)?,
                number: row.try_get(2)?,
                name: row.try_get(3)?,
                epoch: row.try_get(4)?,
                head_seq: row.try_get(5)?,
                last_seen_at: row.try_get(6)?,
                received: row.try_get(7)?,
                parked: row.try_get(8)?,
            })
        })
        .collect::<Result<_, sqlx::Error>>()?;
    Ok(Json(JournalList { journals }))
}
