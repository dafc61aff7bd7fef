//! `/api/v1/customers`: customers whom the business knows.

use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use shared::Timestamp;
use shared::customer::{Customer, MOST_TEXT_CHARS};
use shared::ids::CustomerId;
use shared::pricing::Exemption;
use shared::staff::Permission;
use utoipa::{IntoParams, ToSchema};

use super::repo::{self, CustomerRow};
use super::{add_customer, forget_customer, replace_customer};
use crate::app::AppState;
use crate::database::PageAsked;
use crate::error::ApiError;
use crate::extract::{JsonBody, PathId, QueryOf};
use crate::identity::Principal;
use crate::openapi::{CustomerDocument, ExemptionDocument, Problems};

/// More than a customer with everything takes, however it is written.
const MAX_CUSTOMER_BYTES: usize = 64 * 1024;

/// The routes of this domain.
pub fn routes() -> Router<AppState> {
    let limit = || DefaultBodyLimit::max(MAX_CUSTOMER_BYTES);
    Router::new().route("/api/v1/customers", get(list_customers).post(create_customer).layer(limit())).route(
        "/api/v1/customers/{id}",
        get(read_customer).put(update_customer).delete(delete_customer).layer(limit()),
    )
}

/// The part of the API description that belongs to this domain.
#[derive(utoipa::OpenApi)]
#[openapi(
    paths(list_customers, create_customer, read_customer, update_customer, delete_customer),
    tags((name = "customers", description = "Customers whom the business knows: tills find them by card, phone or name"))
)]
pub struct Api;

/// A customer with what stands beside them.
#[derive(Serialize)]
pub struct CustomerView {
    #[serde(flatten)]
    customer: Customer,
    updated_at: Timestamp,
}

impl From<CustomerRow> for CustomerView {
    fn from(row: CustomerRow) -> Self {
        Self { customer: row.customer, updated_at: row.updated_at }
    }
}

/// A page of customers, those that changed last first.
#[derive(Serialize, ToSchema)]
pub struct CustomerList {
    /// The page.
    #[schema(value_type = Vec<CustomerDocument>)]
    customers: Vec<CustomerView>,
    /// Where to go on; null at the end.
    next_cursor: Option<String>,
}

/// Everything that is kept of a customer; what is left out is nothing.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerFields {
    /// What they are called: 1 to 80 visible characters.
    name: String,
    /// Their telephone number, of 5 to 15 digits; once in the business.
    #[serde(default)]
    #[schema(example = "+62 812 3456 789")]
    phone: Option<String>,
    /// What their cards say when they are scanned, at most 10; each once in the business.
    #[serde(default)]
    codes: Vec<String>,
    /// The segments and tiers that they are in, at most 20.
    #[serde(default)]
    segments: Vec<String>,
    /// Taxes that they do not pay.
    #[serde(default)]
    #[schema(value_type = Option<ExemptionDocument>)]
    exemption: Option<Exemption>,
}

impl CustomerFields {
    fn of(self, customer_id: CustomerId) -> Customer {
        let Self { name, phone, codes, segments, exemption } = self;
        Customer { customer_id, name, phone, codes, segments, exemption }
    }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CustomerQuery {
    /// Whose code or telephone number this is; when it is nobody's, those with it in the name.
    query: Option<String>,
    /// Only those in this segment.
    segment: Option<String>,
    /// Where to go on.
    cursor: Option<String>,
    /// Rows of a page, 1 to 200.
    limit: Option<i64>,
}

/// A text that is looked for; None when it is empty.
fn sought(field: &str, text: Option<String>) -> Result<Option<String>, ApiError> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    match text {
        Some(text) if text.chars().count() > MOST_TEXT_CHARS || text.chars().any(char::is_control) => {
            let expected = format!("at most {MOST_TEXT_CHARS} visible characters are expected");
            Err(ApiError::invalid(field, expected))
        }
        text => Ok(text),
    }
}

/// Customers, those that changed last first.
#[utoipa::path(
    get, path = "/api/v1/customers", tag = "customers", params(CustomerQuery),
    responses((status = 200, description = "A page of customers", body = CustomerList), Problems)
)]
async fn list_customers(
    State(state): State<AppState>,
    principal: Principal,
    QueryOf(query): QueryOf<CustomerQuery>,
) -> Result<Json<CustomerList>, ApiError> {
    principal.require(Permission::BackOffice)?;
    let page = PageAsked::read(query.cursor.as_deref(), query.limit)?;
    let (text, segment) = (sought("query", query.query)?, sought("segment", query.segment)?);
    let tenant = principal.tenant_id;
    let mut tx = state.db.read(tenant).await?;
    let (rows, next_cursor) = repo::page(&mut tx, tenant, text.as_deref(), segment.as_deref(), page).await?;
    Ok(Json(CustomerList { customers: rows.into_iter().map(CustomerView::from).collect(), next_cursor }))
}

/// Add a customer; terminals know them with their next pull.
#[utoipa::path(
    post, path = "/api/v1/customers", tag = "customers", request_body = CustomerFields,
    responses((status = 201, description = "The customer", body = CustomerDocument), Problems)
)]
async fn create_customer(
    State(state): State<AppState>,
    principal: Principal,
    JsonBody(fields): JsonBody<CustomerFields>,
) -> Result<(StatusCode, Json<CustomerView>), ApiError> {
    principal.require(Permission::EditBusiness)?;
    let customer = fields.of(CustomerId::new(&*state.clock, &mut state.rng()));
    let mut tx = state.db.write(principal.tenant_id).await?;
    let row = add_customer(&mut tx, principal.tenant_id, customer, state.clock.now()).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

/// One customer.
#[utoipa::path(
    get, path = "/api/v1/customers/{id}", tag = "customers",
    params(("id" = String, Path, description = "The customer", format = "uuid")),
    responses((status = 200, description = "The customer", body = CustomerDocument), Problems)
)]
async fn read_customer(
    State(state): State<AppState>,
    principal: Principal,
    PathId(id): PathId<CustomerId>,
) -> Result<Json<CustomerView>, ApiError> {
    principal.require(Permission::BackOffice)?;
    let mut tx = state.db.read(principal.tenant_id).await?;
    let row = repo::find(&mut tx, principal.tenant_id, id, false).await?;
    Ok(Json(row.ok_or_else(|| ApiError::not_found("customer"))?.into()))
}

/// Replace everything that is kept of a customer.
#[utoipa::path(
    put, path = "/api/v1/customers/{id}", tag = "customers", request_body = CustomerFields,
    params(("id" = String, Path, description = "The customer", format = "uuid")),
    responses((status = 200, description = "The customer as they are now", body = CustomerDocument), Problems)
)]
async fn update_customer(
    State(state): State<AppState>,
    principal: Principal,
    PathId(id): PathId<CustomerId>,
    JsonBody(fields): JsonBody<CustomerFields>,
) -> Result<Json<CustomerView>, ApiError> {
    principal.require(Permission::EditBusiness)?;
    let mut tx = state.db.write(principal.tenant_id).await?;
    let row = replace_customer(&mut tx, principal.tenant_id, fields.of(id), state.clock.now()).await?;
    tx.commit().await?;
    Ok(Json(row.into()))
}

/// Forget a customer, here and at the terminals; past orders keep the id, and what their prices and taxes were computed with.
#[utoipa::path(
    delete, path = "/api/v1/customers/{id}", tag = "customers",
    params(("id" = String, Path, description = "The customer", format = "uuid")),
    responses((status = 204, description = "Forgotten"), Problems)
)]
async fn delete_customer(
    State(state): State<AppState>,
    principal: Principal,
    PathId(id): PathId<CustomerId>,
) -> Result<StatusCode, ApiError> {
    principal.require(Permission::EditBusiness)?;
    let mut tx = state.db.write(principal.tenant_id).await?;
    forget_customer(&mut tx, principal.tenant_id, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
