//! `GET /api/v1/drawer-sessions`.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::BusinessDate;
use shared::ids::{OutletId, TerminalId};
use shared::staff::Permission;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::database::{DatabaseError, Filters, Newest, PageAsked, money, money_or_null};
use crate::error::ApiError;
use crate::extract::QueryOf;
use crate::identity::Principal;
use crate::sync::ProblemView;

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
pub(super) struct DrawerQuery {
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
pub(super) async fn list_drawer_sessions(
    State(state): State<AppState>,
    principal: Principal,
    QueryOf(query): QueryOf<DrawerQuery>,
) -> Result<Json<DrawerSessionList>, ApiError> {
    principal.require(Permission::BackOffice)?;
    let page = PageAsked::read(query.cursor.as_deref(), query.limit)?;
    let mut filters = Filters::of("tenant_id", principal.tenant_id);
    filters.text("outlet_id", "=", query.outlet_id);
    filters.text("terminal_id", "=", query.terminal_id);
    filters.text("business_date", ">=", query.from);
    filters.text("business_date", "<=", query.to);
    let mut tx = state.db.read(principal.tenant_id).await?;
    let (drawer_sessions, next_cursor) = DRAWER_SESSIONS.page(&mut tx, filters, page, drawer_session).await?;
    Ok(Json(DrawerSessionList { drawer_sessions, next_cursor }))
}

const DRAWER_SESSIONS: Newest = Newest {
    table: "drawer_sessions",
    columns: "drawer_session_id, outlet_id, terminal_id, staff_name, opened_at, business_date, currency, opening_float, \
              closed_at, z_number, expected_cash, counted_cash, difference, closed_body",
    time: "opened_at",
    id: "drawer_session_id",
};

fn drawer_session(row: &AnyRow) -> Result<DrawerSessionView, DatabaseError> {
    let currency: &str = row.try_get("currency")?;
    let closed: Option<&str> = row.try_get("closed_body")?;
    let corrupt = |error| DatabaseError::corrupt("drawer_sessions", error);
    Ok(DrawerSessionView {
        drawer_session_id: row.try_get("drawer_session_id")?,
        outlet_id: row.try_get("outlet_id")?,
        terminal_id: row.try_get("terminal_id")?,
        staff_name: row.try_get("staff_name")?,
        opened_at: row.try_get("opened_at")?,
        business_date: row.try_get("business_date")?,
        opening_float: money(row, "opening_float", currency)?,
        closed_at: row.try_get("closed_at")?,
        z_number: row.try_get("z_number")?,
        expected_cash: money_or_null(row, "expected_cash", currency)?,
        counted_cash: money_or_null(row, "counted_cash", currency)?,
        difference: money_or_null(row, "difference", currency)?,
        closed: closed.map(serde_json::from_str).transpose().map_err(corrupt)?,
    })
}
