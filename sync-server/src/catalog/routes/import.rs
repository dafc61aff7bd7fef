//! The import of items as a CSV file.

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use serde::Deserialize;
use shared::ids::OutletId;
use shared::staff::Permission;
use utoipa::IntoParams;

use crate::app::AppState;
use crate::catalog::import::{ImportReport, run, spool};
use crate::error::ApiError;
use crate::extract::QueryOf;
use crate::identity::Principal;
use crate::openapi::Problems;

/// Where the items are sold.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ImportQuery {
    /// The only outlet that sells new items, and whose taxes are meant; all outlets when left out.
    #[param(value_type = Option<String>, format = "uuid")]
    outlet_id: Option<OutletId>,
}

/// Import items from a CSV file, all or nothing. The first row names the columns: `sku`, `name`, `price`, and, as
/// wanted, `category`, `unit`, `barcodes` (separated by `|`) and `tax` (names separated by `|`). An item is found by its
/// sku; a column that is not in the file leaves its field as it is. Refusals list row, column, what was found and what is
/// expected.
#[utoipa::path(
    post, path = "/api/v1/products/import", tag = "products", params(ImportQuery),
    request_body(content = String, content_type = "text/csv", description = "At most 64 MiB and 200,000 rows of UTF-8"),
    responses((status = 200, description = "What was done", body = ImportReport), Problems)
)]
pub async fn import(
    State(state): State<AppState>,
    principal: Principal,
    QueryOf(query): QueryOf<ImportQuery>,
    body: Body,
) -> Result<Json<ImportReport>, ApiError> {
    principal.require(Permission::EditItems)?;
    let file = spool(body).await?;
    let report = run(&state, principal.tenant_id, query.outlet_id, file).await?;
    tracing::info!(tenant = %principal.tenant_id, rows = report.rows, created = report.created, "items were imported");
    Ok(Json(report))
}
