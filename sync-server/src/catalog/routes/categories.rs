//! The categories, in the order of their row on the screen.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shared::catalogue::Category;
use shared::ids::{CategoryId, OutletId};
use shared::staff::Permission;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::catalog::repo::categories::CategoryRow;
use crate::catalog::{delete_category, put_categories, repo};
use crate::error::ApiError;
use crate::extract::{JsonBody, PathId};
use crate::identity::Principal;
use crate::openapi::Problems;

/// A category with the outlet it is shown at.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryResponse {
    /// The category.
    #[schema(value_type = String, format = "uuid")]
    category_id: CategoryId,
    /// The only outlet that shows it; null is all.
    #[schema(value_type = Option<String>, format = "uuid")]
    outlet_id: Option<OutletId>,
    /// Its name.
    name: String,
    /// The place in the row of categories.
    position: i32,
    /// The colour of its bar as `#rrggbb`.
    #[schema(example = "#1d6b52")]
    color: String,
}

impl From<CategoryRow> for CategoryResponse {
    fn from(row: CategoryRow) -> Self {
        let Category { category_id, name, position, color } = row.category;
        Self { category_id, outlet_id: row.outlet, name, position, color }
    }
}

/// All categories.
#[derive(Debug, Serialize, ToSchema)]
pub struct CategoryList {
    /// The categories, in their order.
    categories: Vec<CategoryResponse>,
}

/// A category to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCategory {
    /// The only outlet that shows it; all when left out. It never changes.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    outlet_id: Option<OutletId>,
    /// Its name; once at an outlet.
    name: String,
    /// The place in the row of categories.
    #[serde(default)]
    position: i32,
    /// The colour of its bar as `#rrggbb`.
    #[schema(example = "#1d6b52")]
    color: String,
}

/// What changes of a category; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryChange {
    /// Its name.
    name: Option<String>,
    /// The place in the row of categories.
    position: Option<i32>,
    /// The colour of its bar as `#rrggbb`.
    color: Option<String>,
}

/// All categories of the business.
#[utoipa::path(
    get, path = "/api/v1/categories", tag = "products",
    responses((status = 200, description = "The categories", body = CategoryList), Problems)
)]
pub async fn list(
    State(state): State<AppState>,
    principal: Principal,
) -> Result<Json<CategoryList>, ApiError> {
    let mut tx = state.db.read(principal.tenant_id).await?;
    let rows = repo::categories::all(&mut tx, principal.tenant_id).await?;
    Ok(Json(CategoryList { categories: rows.into_iter().map(CategoryResponse::from).collect() }))
}

/// Make a category.
#[utoipa::path(
    post, path = "/api/v1/categories", tag = "products", request_body = NewCategory,
    responses((status = 201, description = "The category", body = CategoryResponse), Problems)
)]
pub async fn create(
    State(state): State<AppState>,
    principal: Principal,
    JsonBody(new): JsonBody<NewCategory>,
) -> Result<(StatusCode, Json<CategoryResponse>), ApiError> {
    principal.require(Permission::EditItems)?;
    let (tenant, outlet) = (principal.tenant_id, new.outlet_id);
    let category = Category {
        category_id: CategoryId::new(&*state.clock, &mut state.rng()),
        name: new.name,
        position: new.position,
        color: new.color,
    };
    let mut tx = state.db.write(tenant).await?;
    if let Some(outlet) = outlet
        && crate::identity::repo::outlets::find(&mut tx, tenant, outlet).await?.is_none()
    {
        return Err(ApiError::not_found("outlet"));
    }
    put_categories(&mut tx, tenant, outlet, std::slice::from_ref(&category), state.clock.now()).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(CategoryRow { category, outlet }.into())))
}

/// Change a category.
#[utoipa::path(
    patch, path = "/api/v1/categories/{id}", tag = "products", request_body = CategoryChange,
    params(("id" = String, Path, description = "The category", format = "uuid")),
    responses((status = 200, description = "The category as it is now", body = CategoryResponse), Problems)
)]
pub async fn update(
    State(state): State<AppState>,
    principal: Principal,
    PathId(id): PathId<CategoryId>,
    JsonBody(change): JsonBody<CategoryChange>,
) -> Result<Json<CategoryResponse>, ApiError> {
    principal.require(Permission::EditItems)?;
    let tenant = principal.tenant_id;
    let mut tx = state.db.write(tenant).await?;
    let row = repo::categories::find(&mut tx, tenant, id).await?;
    let CategoryRow { mut category, outlet } = row.ok_or_else(|| ApiError::not_found("category"))?;
    category.name = change.name.unwrap_or(category.name);
    category.position = change.position.unwrap_or(category.position);
    category.color = change.color.unwrap_or(category.color);
    put_categories(&mut tx, tenant, outlet, std::slice::from_ref(&category), state.clock.now()).await?;
    tx.commit().await?;
    Ok(Json(CategoryRow { category, outlet }.into()))
}

/// Delete a category that no item is in.
#[utoipa::path(
    delete, path = "/api/v1/categories/{id}", tag = "products",
    params(("id" = String, Path, description = "The category", format = "uuid")),
    responses((status = 204, description = "Deleted"), Problems)
)]
pub async fn delete(
    State(state): State<AppState>,
    principal: Principal,
    PathId(id): PathId<CategoryId>,
) -> Result<StatusCode, ApiError> {
    principal.require(Permission::EditItems)?;
    let mut tx = state.db.write(principal.tenant_id).await?;
    delete_category(&mut tx, principal.tenant_id, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
