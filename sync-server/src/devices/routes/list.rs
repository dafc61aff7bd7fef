//! `GET /api/v1/devices`: how the devices at terminals are.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
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

/// A row by one text: terminals may use the same ids for their devices.
const ROW: &str = "terminal_id || '-' || device_id";
/// What stands at a terminal that works no more is of no interest.
const AT_WORK: &str = "EXISTS (SELECT 1 FROM terminals t WHERE t.tenant_id = terminal_devices.tenant_id \
                       AND t.terminal_id = terminal_devices.terminal_id AND t.revoked = 0)";

/// A printer or a device on the counter, as its terminal told last.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Device)]
pub struct DeviceView {
    /// The device; another terminal may use the same id.
    pub device_id: String,
    /// At which terminal.
    pub terminal_id: String,
    /// Where.
    pub outlet_id: String,
    /// `printer`, `scale`, `scanner`, `display` or `card`.
    #[schema(example = "printer")]
    pub kind: String,
    /// What people there call it.
    pub name: String,
    /// What a printer prints: `receipts`, `tickets` or both.
    pub roles: Vec<String>,
    /// The categories on a printer's tickets by name; none is all of them.
    pub stations: Vec<String>,
    /// Whether it did as it was asked when it was last spoken to; null when it never was.
    pub well: Option<bool>,
    /// What is wrong, such as `unreachable`, `paper_out`, `cover_open`, `offline` or `interrupted`.
    #[schema(example = "paper_out")]
    pub problem: Option<String>,
    /// Since when it is so, by the terminal's clock, milliseconds since 1970 UTC.
    pub since: i64,
    /// A printer: prints that wait or whose outcome is not known; a card reader: payments that are not settled.
    pub waiting: i64,
    /// When it was told, by the terminal's clock, milliseconds since 1970 UTC.
    pub reported_at: i64,
}

/// A page of devices, those that changed last first.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeviceList {
    /// The page.
    pub devices: Vec<DeviceView>,
    /// Where to go on; null at the end.
    pub next_cursor: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DeviceQuery {
    /// Only of this outlet.
    #[param(value_type = Option<String>)]
    outlet_id: Option<OutletId>,
    /// Only at this terminal.
    #[param(value_type = Option<String>)]
    terminal_id: Option<TerminalId>,
    /// `false`: only those that did not do as they were asked; `true`: only those that did.
    well: Option<bool>,
    /// Where to go on.
    cursor: Option<String>,
    /// Rows of a page, 1 to 200.
    limit: Option<i64>,
}

/// Printers, scales, scanners, displays and card readers, those that changed last first.
#[utoipa::path(
    get, path = "/api/v1/devices", tag = "devices", params(DeviceQuery),
    responses((status = 200, body = DeviceList), (status = 401, body = ProblemView))
)]
pub(super) async fn list_devices(
    State(state): State<AppState>,
    principal: Principal,
    QueryOf(query): QueryOf<DeviceQuery>,
) -> Result<Json<DeviceList>, ApiError> {
    principal.require(Permission::BackOffice)?;
    let limit = page_limit(query.limit)?;
    let cursor = query.cursor.as_deref().map(PageCursor::parse).transpose()?;
    let mut filters = Filters::of("tenant_id", principal.tenant_id);
    filters.text("outlet_id", "=", query.outlet_id);
    filters.text("terminal_id", "=", query.terminal_id);
    filters.number("well", "=", query.well.map(i64::from));
    filters.fixed(AT_WORK);
    filters.after("since", ROW, cursor.as_ref());
    let mut tx = state.db.read(principal.tenant_id).await?;
    let mut rows = devices(&mut tx, &filters, limit + 1).await?;
    let next_cursor = PageCursor::cut(&mut rows, limit, |(row, device)| (device.since, row));
    let devices = rows.into_iter().map(|(_, device)| device).collect();
    Ok(Json(DeviceList { devices, next_cursor }))
}

async fn devices(
    tx: &mut Tx,
    filters: &Filters,
    limit: i64,
) -> Result<Vec<(String, DeviceView)>, DatabaseError> {
    let sql = format!(
        "SELECT {ROW}, device_id, terminal_id, outlet_id, kind, name, roles, stations, well, problem, since, waiting, \
         reported_at FROM terminal_devices WHERE {} ORDER BY since DESC, {ROW} DESC LIMIT {limit}",
        filters.sql()
    );
    let rows = filters.bind(sqlx::query(AssertSqlSafe(sql)).persistent(false)).fetch_all(&mut **tx).await?;
    rows.iter()
        .map(|row| {
            let list = |column: usize| -> Result<Vec<String>, DatabaseError> {
                serde_json::from_str(row.try_get(column)?)
                    .map_err(|error| DatabaseError::corrupt("terminal_devices", error))
            };
            let device = DeviceView {
                device_id: row.try_get(1)?,
                terminal_id: row.try_get(2)?,
                outlet_id: row.try_get(3)?,
                kind: row.try_get(4)?,
                name: row.try_get(5)?,
                roles: list(6)?,
                stations: list(7)?,
                well: row.try_get::<Option<i64>, _>(8)?.map(|well| well != 0),
                problem: row.try_get(9)?,
                since: row.try_get(10)?,
                waiting: row.try_get(11)?,
                reported_at: row.try_get(12)?,
            };
            Ok((row.try_get(0)?, device))
        })
        .collect()
}
