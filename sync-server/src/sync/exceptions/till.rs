//! The inbox for a manager at a terminal: the terminal proves itself with its key and names the person, whose role the
//! server looks up itself. It sees its own outlet only.

use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use shared::ids::StaffId;
use shared::staff::Permission;
use shared::wire::path;
use utoipa::ToSchema;

use super::inbox::{Act, Person, Scope};
use super::routes::{ExceptionQuery, act, detail};
use super::views::{ExceptionDetail, ExceptionList};
use crate::app::AppState;
use crate::error::ApiError;
use crate::extract::QueryOf;
use crate::identity;
use crate::sync::device::{Device, Purpose, authenticate};
use crate::sync::{ProblemView, body};

/// The routes for terminals.
pub(super) fn routes() -> Router<AppState> {
    Router::new()
        .route(path::EXCEPTIONS, get(list_at_till))
        .route("/api/v1/sync/exceptions/{id}", get(read_at_till))
        .route("/api/v1/sync/exceptions/{id}", post(act_at_till))
}

/// What a person at a terminal does about an exception.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ExceptionAct)]
pub(super) struct ActBody {
    /// The person, who must be allowed to see the back office.
    #[schema(value_type = String)]
    staff_id: StaffId,
    /// `see`, `resolve` or `reapply`.
    act: String,
    /// A word on it, for `resolve`.
    #[serde(default)]
    note: String,
}

async fn device_of(state: &AppState, request: Request) -> Result<(Device, Parts, Bytes), ApiError> {
    let (parts, content) = request.into_parts();
    let content = body::read(content).await?;
    let device =
        authenticate(state, Purpose::Read, (&parts.method, &parts.uri, &parts.headers), &content).await?;
    Ok((device, parts, content))
}

fn own_outlet(device: &Device) -> Scope {
    Scope { tenant: device.tenant_id, outlet: Some(device.outlet_id) }
}

/// The exceptions of the terminal's outlet, newest first.
#[utoipa::path(
    get, path = "/api/v1/sync/exceptions", tag = "exceptions", params(ExceptionQuery),
    responses((status = 200, body = ExceptionList), (status = 404, description = "unknown_terminal", body = ProblemView))
)]
pub(super) async fn list_at_till(
    State(state): State<AppState>,
    QueryOf(query): QueryOf<ExceptionQuery>,
    request: Request,
) -> Result<Json<ExceptionList>, ApiError> {
    let (device, ..) = device_of(&state, request).await?;
    query.page(&state, own_outlet(&device)).await.map(Json)
}

/// One exception of the terminal's outlet.
#[utoipa::path(
    get, path = "/api/v1/sync/exceptions/{id}", tag = "exceptions",
    params(("id" = String, Path, description = "the exception")),
    responses((status = 200, body = ExceptionDetail), (status = 404, body = ProblemView))
)]
pub(super) async fn read_at_till(
    State(state): State<AppState>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<ExceptionDetail>, ApiError> {
    let (device, ..) = device_of(&state, request).await?;
    detail(&state, own_outlet(&device), &id).await.map(Json)
}

/// A manager at the terminal sees, settles or applies again.
#[utoipa::path(
    post, path = "/api/v1/sync/exceptions/{id}", tag = "exceptions", request_body = ActBody,
    params(("id" = String, Path, description = "the exception")),
    responses(
        (status = 200, body = ExceptionDetail),
        (status = 403, description = "the person may not", body = ProblemView),
        (status = 404, body = ProblemView),
        (status = 409, body = ProblemView),
        (status = 422, body = ProblemView)
    )
)]
pub(super) async fn act_at_till(
    State(state): State<AppState>,
    Path(id): Path<String>,
    request: Request,
) -> Result<Json<ExceptionDetail>, ApiError> {
    let (device, parts, content) = device_of(&state, request).await?;
    let content = body::decode(&parts.headers, content)?;
    let body: ActBody = serde_json::from_slice(&content)
        .map_err(|error| ApiError::malformed(format!("the body is no such message: {error}")))?;
    let what = match body.act.as_str() {
        "see" => Act::See,
        "resolve" => Act::Resolve(&body.note),
        "reapply" => Act::Reapply,
        _ => return Err(ApiError::invalid("act", "see, resolve or reapply is expected")),
    };
    let person = person(&state, &device, body.staff_id).await?;
    act(&state, own_outlet(&device), &id, &person, what).await.map(Json)
}

/// The person as the server knows them: a terminal's word alone gives nobody a role.
async fn person(state: &AppState, device: &Device, staff_id: StaffId) -> Result<Person, ApiError> {
    let mut tx = state.db.read(device.tenant_id).await?;
    let staff = identity::repo::staff::find(&mut tx, device.tenant_id, staff_id).await?;
    let staff = staff
        .filter(|staff| staff.active && staff.role.may(Permission::BackOffice))
        .filter(|staff| staff.outlet_ids.is_empty() || staff.outlet_ids.contains(&device.outlet_id));
    staff
        .map(|staff| Person {
            id: staff.staff_id.to_string(),
            name: staff.name,
            terminal_id: Some(device.terminal_id),
        })
        .ok_or_else(|| {
            let detail = "this person may not settle exceptions at this outlet";
            ApiError::new(StatusCode::FORBIDDEN, crate::error::code::FORBIDDEN, "not allowed", detail)
        })
}
