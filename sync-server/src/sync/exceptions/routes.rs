//! The inbox for headquarters, and the paths of its twin for terminals.

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use shared::ids::{OutletId, TerminalId};
use shared::staff::Permission;
use sqlx::Row as _;
use utoipa::ToSchema;

use super::inbox::{self, Act, Person, Scope};
use super::till;
use super::views::{ExceptionDetail, ExceptionList, ExceptionView, RawEventView, StepView};
use crate::app::AppState;
use crate::database::{DatabaseError, Filters, PageAsked};
use crate::error::ApiError;
use crate::extract::{JsonBody, QueryOf};
use crate::identity::Principal;
use crate::sync::ProblemView;

/// The routes of the inbox.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/exceptions", get(list_exceptions))
        .route("/api/v1/exceptions/{id}", get(read_exception))
        .route("/api/v1/exceptions/{id}/seen", post(see_exception))
        .route("/api/v1/exceptions/{id}/resolve", post(resolve_exception))
        .route("/api/v1/exceptions/{id}/reapply", post(reapply_exception))
        .merge(till::routes())
}

/// The part of the API description that belongs to the inbox.
#[derive(utoipa::OpenApi)]
#[openapi(
    paths(
        list_exceptions,
        read_exception,
        see_exception,
        resolve_exception,
        reapply_exception,
        till::list_at_till,
        till::read_at_till,
        till::act_at_till
    ),
    components(schemas(
        ExceptionView,
        ExceptionList,
        ExceptionDetail,
        RawEventView,
        StepView,
        ResolveBody,
        till::ActBody
    )),
    tags((name = "exceptions", description = "What a person must look at, who saw it and what was done"))
)]
pub struct Api;

/// Which exceptions are asked for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExceptionQuery {
    /// Only of this kind.
    code: Option<String>,
    /// true: only those not settled; false: only settled ones.
    open: Option<bool>,
    /// true: only those that somebody looked at; false: only the others.
    seen: Option<bool>,
    /// Only of this outlet.
    #[param(value_type = Option<String>)]
    outlet_id: Option<OutletId>,
    /// Only of this terminal.
    #[param(value_type = Option<String>)]
    terminal_id: Option<TerminalId>,
    /// Where to go on.
    cursor: Option<String>,
    /// Rows of a page, 1 to 200.
    limit: Option<i64>,
}

impl ExceptionQuery {
    /// The page that is asked for, within `scope`.
    pub(super) async fn page(self, state: &AppState, scope: Scope) -> Result<ExceptionList, ApiError> {
        let page = PageAsked::read(self.cursor.as_deref(), self.limit)?;
        let mut filters = Filters::of("tenant_id", scope.tenant);
        filters.text("outlet_id", "=", scope.outlet.or(self.outlet_id));
        filters.text("terminal_id", "=", self.terminal_id);
        filters.text("code", "=", self.code.as_deref());
        match self.open {
            Some(true) => filters.fixed("resolved_at IS NULL"),
            Some(false) => filters.fixed("resolved_at IS NOT NULL"),
            None => {}
        }
        match self.seen {
            Some(true) => filters.fixed("seen_at IS NOT NULL"),
            Some(false) => filters.fixed("seen_at IS NULL"),
            None => {}
        }
        let mut tx = state.db.read(scope.tenant).await?;
        Ok(inbox::list(&mut tx, scope, filters, page).await?)
    }
}

fn everywhere(principal: &Principal) -> Scope {
    Scope { tenant: principal.tenant_id, outlet: None }
}

/// What a person must look at, newest first.
#[utoipa::path(
    get, path = "/api/v1/exceptions", tag = "exceptions", params(ExceptionQuery),
    responses((status = 200, body = ExceptionList), (status = 401, body = ProblemView))
)]
async fn list_exceptions(
    State(state): State<AppState>,
    principal: Principal,
    QueryOf(query): QueryOf<ExceptionQuery>,
) -> Result<Json<ExceptionList>, ApiError> {
    principal.require(Permission::BackOffice)?;
    query.page(&state, everywhere(&principal)).await.map(Json)
}

/// One exception: its event as the terminal wrote it, who saw it and what was done.
#[utoipa::path(
    get, path = "/api/v1/exceptions/{id}", tag = "exceptions",
    params(("id" = String, Path, description = "the exception")),
    responses((status = 200, body = ExceptionDetail), (status = 401, body = ProblemView), (status = 404, body = ProblemView))
)]
async fn read_exception(
    State(state): State<AppState>,
    principal: Principal,
    Path(id): Path<String>,
) -> Result<Json<ExceptionDetail>, ApiError> {
    principal.require(Permission::BackOffice)?;
    detail(&state, everywhere(&principal), &id).await.map(Json)
}

/// Note that you have seen an exception.
#[utoipa::path(
    post, path = "/api/v1/exceptions/{id}/seen", tag = "exceptions",
    params(("id" = String, Path, description = "the exception")),
    responses((status = 200, body = ExceptionDetail), (status = 401, body = ProblemView), (status = 404, body = ProblemView))
)]
async fn see_exception(
    State(state): State<AppState>,
    principal: Principal,
    Path(id): Path<String>,
) -> Result<Json<ExceptionDetail>, ApiError> {
    act_from_headquarters(&state, &principal, &id, Act::See).await
}

/// How an exception was settled.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ResolveException)]
pub(super) struct ResolveBody {
    /// A word on it, 1 to 500 characters.
    note: String,
}

/// Settle an exception with a word on how; settled once, it stays so.
#[utoipa::path(
    post, path = "/api/v1/exceptions/{id}/resolve", tag = "exceptions", request_body = ResolveBody,
    params(("id" = String, Path, description = "the exception")),
    responses(
        (status = 200, body = ExceptionDetail),
        (status = 401, body = ProblemView),
        (status = 404, body = ProblemView),
        (status = 422, body = ProblemView)
    )
)]
async fn resolve_exception(
    State(state): State<AppState>,
    principal: Principal,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<ResolveBody>,
) -> Result<Json<ExceptionDetail>, ApiError> {
    act_from_headquarters(&state, &principal, &id, Act::Resolve(&body.note)).await
}

/// Apply an event that was set aside once more, after its cause was mended; the answer comes before the outcome.
#[utoipa::path(
    post, path = "/api/v1/exceptions/{id}/reapply", tag = "exceptions",
    params(("id" = String, Path, description = "the exception")),
    responses(
        (status = 200, body = ExceptionDetail),
        (status = 401, body = ProblemView),
        (status = 404, body = ProblemView),
        (status = 409, body = ProblemView)
    )
)]
async fn reapply_exception(
    State(state): State<AppState>,
    principal: Principal,
    Path(id): Path<String>,
) -> Result<Json<ExceptionDetail>, ApiError> {
    act_from_headquarters(&state, &principal, &id, Act::Reapply).await
}

async fn act_from_headquarters(
    state: &AppState,
    principal: &Principal,
    id: &str,
    what: Act<'_>,
) -> Result<Json<ExceptionDetail>, ApiError> {
    principal.require(Permission::BackOffice)?;
    let person = person(state, principal).await?;
    act(state, everywhere(principal), id, &person, what).await.map(Json)
}

/// Does it and gives what is known afterwards.
pub(super) async fn act(
    state: &AppState,
    scope: Scope,
    id: &str,
    person: &Person,
    what: Act<'_>,
) -> Result<ExceptionDetail, ApiError> {
    let mut tx = state.db.write(scope.tenant).await?;
    inbox::act(&mut tx, scope, id, person, what, state.clock.now()).await?;
    let detail = inbox::detail(&mut tx, scope, id).await?;
    tx.commit().await?;
    if what == Act::Reapply {
        state.wake.now();
    }
    detail.ok_or_else(|| ApiError::not_found("exception"))
}

/// One exception with all that is known about it.
pub(super) async fn detail(state: &AppState, scope: Scope, id: &str) -> Result<ExceptionDetail, ApiError> {
    let mut tx = state.db.read(scope.tenant).await?;
    inbox::detail(&mut tx, scope, id).await?.ok_or_else(|| ApiError::not_found("exception"))
}

async fn person(state: &AppState, principal: &Principal) -> Result<Person, DatabaseError> {
    let mut tx = state.db.read(principal.tenant_id).await?;
    let row = sqlx::query("SELECT name FROM admins WHERE tenant_id = $1 AND admin_id = $2")
        .bind(principal.tenant_id.to_string())
        .bind(principal.admin_id.to_string())
        .fetch_optional(&mut *tx)
        .await?;
    let name = row.map(|row| row.try_get(0)).transpose()?.unwrap_or_default();
    Ok(Person { id: principal.admin_id.to_string(), name, terminal_id: None })
}
