//! How an outlet's receipts look, for whoever may set it up at one of its terminals: the terminal proves itself with its key and
//! names the person, whose role the server looks up itself.

use axum::Json;
use axum::extract::{Request, State};
use shared::staff::Permission;
use shared::wire::layouts::{LayoutsAnswer, LayoutsRequest};

use crate::app::AppState;
use crate::error::ApiError;
use crate::identity::{put_outlet, repo};
use crate::sync::device::{Purpose, authenticate};
use crate::sync::{ProblemView, body};

/// Change how the receipts of the terminal's outlet look.
#[utoipa::path(
    post, path = "/api/v1/sync/layouts", tag = "outlets", request_body = Object,
    responses(
        (status = 200, description = "The layouts as they are now", body = Object),
        (status = 403, description = "the person may not", body = ProblemView),
        (status = 422, description = "what is too long or no picture", body = ProblemView)
    )
)]
pub async fn layouts(
    State(state): State<AppState>,
    request: Request,
) -> Result<Json<LayoutsAnswer>, ApiError> {
    let (parts, content) = request.into_parts();
    let content = body::read(content).await?;
    let claim = (&parts.method, &parts.uri, &parts.headers);
    let device = authenticate(&state, Purpose::Read, claim, &content).await?;
    let content = body::decode(&parts.headers, content)?;
    let LayoutsRequest { staff_id, layouts, receipt_footer } = serde_json::from_slice(&content)
        .map_err(|error| ApiError::malformed(format!("the body is no such message: {error}")))?;
    let (tenant, here) = (device.tenant_id, device.outlet_id);
    let mut tx = state.db.write(tenant).await?;
    let staff = repo::staff::find(&mut tx, tenant, staff_id).await?;
    let may = staff.is_some_and(|staff| {
        let at_home = staff.outlet_ids.is_empty() || staff.outlet_ids.contains(&here);
        staff.active && at_home && staff.role.may(Permission::BackOffice)
    });
    if !may {
        return Err(ApiError::forbidden("this person may not set up this outlet"));
    }
    let outlet = repo::outlets::find(&mut tx, tenant, here).await?;
    let mut outlet = outlet.ok_or_else(|| ApiError::not_found("outlet"))?;
    outlet.layouts = Some(layouts).filter(|layouts| *layouts != Default::default());
    outlet.receipt_footer = receipt_footer;
    put_outlet(&mut tx, tenant, &outlet, state.clock.now()).await?;
    tx.commit().await?;
    let layouts = outlet.layouts.unwrap_or_default();
    Ok(Json(LayoutsAnswer { layouts, receipt_footer: outlet.receipt_footer }))
}
