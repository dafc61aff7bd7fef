//! `GET /api/v1/devices`: how the devices at terminals are.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::ids::{OutletId, TerminalId};
use shared::staff::Permission;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::database::{DatabaseError, Filters, Newest, PageAsked};
use crate::devices::reported::AT_WORK;
use crate::error::ApiError;
use crate::extract::QueryOf;
use crate::identity::Principal;
use crate::sync::ProblemView;

/// A printer or a device on the counter, as its terminal told last.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Device)]
pub struct DeviceView {
    /// The device; another terminal may use the same id.
    pub device_id: String,
    /// At which terminal.
    pub terminal_id: String,
    /// What the terminal is called.
    pub terminal_name: String,
    /// When the terminal last pushed or pulled, milliseconds since 1970 UTC: how old the rest may be.
    pub last_seen_at: Option<i64>,
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
    let page = PageAsked::read(query.cursor.as_deref(), query.limit)?;
    let mut filters = Filters::of("d.tenant_id", principal.tenant_id);
    filters.text("d.outlet_id", "=", query.outlet_id);
    filters.text("d.terminal_id", "=", query.terminal_id);
    filters.number("d.well", "=", query.well.map(i64::from));
    let mut tx = state.db.read(principal.tenant_id).await?;
    let (devices, next_cursor) = DEVICES.page(&mut tx, filters, page, device).await?;
    Ok(Json(DeviceList { devices, next_cursor }))
}

const DEVICES: Newest = Newest {
    table: AT_WORK,
    columns: "d.device_id, d.terminal_id, t.name, t.last_seen_at, d.outlet_id, d.kind, d.name, d.roles, d.stations, \
              d.well, d.problem, d.since, d.waiting, d.reported_at",
    time: "d.since",
    // Terminals may use the same ids for their devices.
    id: "d.terminal_id || '-' || d.device_id",
};

fn device(row: &AnyRow) -> Result<DeviceView, DatabaseError> {
    let list = |column: usize| -> Result<Vec<String>, DatabaseError> {
        serde_json::from_str(row.try_get(column)?)
            .map_err(|error| DatabaseError::corrupt("terminal_devices", error))
    };
    Ok(DeviceView {
        device_id: row.try_get(0)?,
        terminal_id: row.try_get(1)?,
        terminal_name: row.try_get(2)?,
        last_seen_at: row.try_get(3)?,
        outlet_id: row.try_get(4)?,
        kind: row.try_get(5)?,
        name: row.try_get(6)?,
        roles: list(7)?,
        stations: list(8)?,
        well: row.try_get::<Option<i64>, _>(9)?.map(|well| well != 0),
        problem: row.try_get(10)?,
        since: row.try_get(11)?,
        waiting: row.try_get(12)?,
        reported_at: row.try_get(13)?,
    })
}
