//! `GET /api/v1/drawer-sessions` and how terminals and their devices are doing.

mod list;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use shared::BusinessDate;
use shared::ids::{OutletId, TerminalId};
use shared::staff::Permission;
use sqlx::{AssertSqlSafe, Row as _};
use utoipa::ToSchema;

use crate::app::AppState;
use crate::database::{DatabaseError, Filters, PageCursor, Tx, page_limit};
use crate::error::ApiError;
use crate::extract::QueryOf;
use crate::identity::Principal;
use crate::sync::ProblemView;

/// The routes of this domain.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/drawer-sessions", get(list_drawer_sessions))
        .route("/api/v1/devices", get(list::list_devices))
        .route("/api/v1/devices/journals", get(list_journals))
}

/// The part of the API description that belongs to this domain.
#[derive(utoipa::OpenApi)]
#[openapi(
    paths(list_drawer_sessions, list::list_devices, list_journals),
    tags((name = "devices", description = "Drawer sessions, devices, and what came in from each terminal"))
)]
pub struct Api;

/// From opening float to count of one drawer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DrawerSession)]
pub struct DrawerSessionView {
    /// The session.
    pub drawer_session_id: String,
    /// Where.
    pub outlet_id: String,
    /// On which terminal.
    pub terminal_id: String,
    /// Who opened it.
    pub staff_name: String,
    /// When, milliseconds since 1970 UTC.
    pub opened_at: i64,
    /// The day of business it was opened on.
    pub business_date: String,
    /// What was in it.
    #[schema(example = "500000 IDR")]
    pub opening_float: String,
    /// When it was counted; null while it is open.
    pub closed_at: Option<i64>,
    /// Gapless per terminal.
    pub z_number: Option<i64>,
    /// What should have been in it.
    pub expected_cash: Option<String>,
    /// What was in it.
    pub counted_cash: Option<String>,
    /// Counted less expected.
    pub difference: Option<String>,
    /// The Z report with its count, as the till wrote it.
    #[schema(value_type = Option<Object>)]
    pub closed: Option<serde_json::Value>,
}

/// A page of drawer sessions, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct DrawerSessionList {
    /// The page.
    pub drawer_sessions: Vec<DrawerSessionView>,
    /// Where to go on; null at the end.
    pub next_cursor: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct DrawerQuery {
    /// Only of this outlet.
    #[param(value_type = Option<String>)]
    outlet_id: Option<OutletId>,
    /// Only of this terminal.
    #[param(value_type = Option<String>)]
    terminal_id: Option<TerminalId>,
    /// From this day of business.
    #[param(value_type = Option<String>)]
    from: Option<BusinessDate>,
    /// To this day of business, that day too.
    #[param(value_type = Option<String>)]
    to: Option<BusinessDate>,
    /// Where to go on.
    cursor: Option<String>,
    /// Rows of a page, 1 to 200.
    limit: Option<i64>,
}

/// Drawer sessions, newest first.
#[utoipa::path(
    get, path = "/api/v1/drawer-sessions", tag = "devices", params(DrawerQuery),
    responses((status = 200, body = DrawerSessionList), (status = 401, body = ProblemView))
)]
async fn list_drawer_sessions(
    State(state): State<AppState>,
    principal: Principal,
    QueryOf(query): QueryOf<DrawerQuery>,
) -> Result<Json<DrawerSessionList>, ApiError> {
    principal.require(Permission::BackOffice)?;
    let limit = page_limit(query.limit)?;
    let cursor = query.cursor.as_deref().map(PageCursor::parse).transpose()?;
    let mut filters = Filters::of("tenant_id", principal.tenant_id);
    filters.text("outlet_id", "=", query.outlet_id);
    filters.text("terminal_id", "=", query.terminal_id);
    filters.text("business_date", ">=", query.from);
    filters.text("business_date", "<=", query.to);
    filters.after("opened_at", "drawer_session_id", cursor.as_ref());
    let mut tx = state.db.read(principal.tenant_id).await?;
    let mut drawer_sessions = drawer_sessions(&mut tx, &filters, limit + 1).await?;
    let next_cursor =
        PageCursor::cut(&mut drawer_sessions, limit, |last| (last.opened_at, &last.drawer_session_id));
    Ok(Json(DrawerSessionList { drawer_sessions, next_cursor }))
}

async fn drawer_sessions(
    tx: &mut Tx,
    filters: &Filters,
    limit: i64,
) -> Result<Vec<DrawerSessionView>, DatabaseError> {
    let sql = format!(
        "SELECT drawer_session_id, outlet_id, terminal_id, staff_name, opened_at, business_date, currency, \
         opening_float, closed_at, z_number, expected_cash, counted_cash, difference, closed_body FROM drawer_sessions \
         WHERE {} ORDER BY opened_at DESC, drawer_session_id DESC LIMIT {limit}",
        filters.sql()
    );
    let rows = filters.bind(sqlx::query(AssertSqlSafe(sql)).persistent(false)).fetch_all(&mut **tx).await?;
    rows.iter()
        .map(|row| {
            let currency: String = row.try_get("currency")?;
            let money = |column: &str| -> Result<Option<String>, DatabaseError> {
                Ok(row.try_get::<Option<i64>, _>(column)?.map(|minor| format!("{minor} {currency}")))
            };
            let closed: Option<&str> = row.try_get("closed_body")?;
            let corrupt = |error| DatabaseError::corrupt("drawer_sessions", error);
            Ok(DrawerSessionView {
                drawer_session_id: row.try_get("drawer_session_id")?,
                outlet_id: row.try_get("outlet_id")?,
                terminal_id: row.try_get("terminal_id")?,
                staff_name: row.try_get("staff_name")?,
                opened_at: row.try_get("opened_at")?,
                business_date: row.try_get("business_date")?,
                opening_float: money("opening_float")?.unwrap_or_default(),
                closed_at: row.try_get("closed_at")?,
                z_number: row.try_get("z_number")?,
                expected_cash: money("expected_cash")?,
                counted_cash: money("counted_cash")?,
                difference: money("difference")?,
                closed: closed.map(serde_json::from_str).transpose().map_err(corrupt)?,
            })
        })
        .collect()
}

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
async fn list_journals(
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
