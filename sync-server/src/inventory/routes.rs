//! `GET /api/v1/inventory/movements` and `/inventory`.

use std::collections::HashMap;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use shared::ids::{ItemId, OutletId};
use shared::journal::payload::StockReason;
use shared::staff::Permission;
use shared::{BusinessDate, Quantity};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};
use utoipa::ToSchema;

use crate::app::AppState;
use crate::database::{DatabaseError, Filters, Newest, PageAsked, Tx, page_limit, word};
use crate::error::ApiError;
use crate::extract::QueryOf;
use crate::identity::Principal;
use crate::sync::ProblemView;

/// The routes of this domain.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/inventory", get(list_levels))
        .route("/api/v1/inventory/movements", get(list_movements))
}

/// The part of the API description that belongs to this domain.
#[derive(utoipa::OpenApi)]
#[openapi(paths(list_levels, list_movements), tags((name = "inventory", description = "Stock levels and movements")))]
pub struct Api;

/// Goods moved for one reason that is no sale or refund.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockMovement)]
pub struct MovementView {
    /// The movement.
    pub stock_movement_id: String,
    /// Where.
    pub outlet_id: String,
    /// On which terminal.
    pub terminal_id: String,
    /// Why.
    #[schema(example = "wasted")]
    pub reason: String,
    /// A word on it.
    pub note: String,
    /// When, milliseconds since 1970 UTC.
    pub occurred_at: i64,
    /// The day of business.
    pub business_date: String,
    /// What moved.
    pub lines: Vec<MovementLineView>,
}

/// Goods of one item that moved.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockMovementLine)]
pub struct MovementLineView {
    /// What moved.
    pub item_id: String,
    /// Its variant.
    pub variant_id: Option<String>,
    /// The business's code at the time.
    pub sku: String,
    /// How many; below zero left the shelf.
    #[schema(example = "-3")]
    pub quantity: String,
}

/// A page of movements, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovementList {
    /// The page.
    pub movements: Vec<MovementView>,
    /// Where to go on; null at the end.
    pub next_cursor: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct MovementQuery {
    /// Only of this outlet.
    #[param(value_type = Option<String>)]
    outlet_id: Option<OutletId>,
    /// Only for this reason: received, counted, wasted or transferred.
    #[param(value_type = Option<String>)]
    reason: Option<StockReason>,
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

/// Movements of goods that are no sale or refund, newest first.
#[utoipa::path(
    get, path = "/api/v1/inventory/movements", tag = "inventory", params(MovementQuery),
    responses((status = 200, body = MovementList), (status = 401, body = ProblemView))
)]
async fn list_movements(
    State(state): State<AppState>,
    principal: Principal,
    QueryOf(query): QueryOf<MovementQuery>,
) -> Result<Json<MovementList>, ApiError> {
    principal.require(Permission::BackOffice)?;
    let page = PageAsked::read(query.cursor.as_deref(), query.limit)?;
    let mut filters = Filters::of("tenant_id", principal.tenant_id);
    filters.text("outlet_id", "=", query.outlet_id);
    filters.text("reason", "=", query.reason.map(word));
    filters.text("business_date", ">=", query.from);
    filters.text("business_date", "<=", query.to);
    let mut tx = state.db.read(principal.tenant_id).await?;
    let (mut movements, next_cursor) = MOVEMENTS.page(&mut tx, filters, page, movement).await?;
    add_lines(&mut tx, &principal, &mut movements).await?;
    Ok(Json(MovementList { movements, next_cursor }))
}

const MOVEMENTS: Newest = Newest {
    table: "stock_documents",
    columns: "stock_movement_id, outlet_id, terminal_id, reason, note, occurred_at, business_date",
    time: "occurred_at",
    id: "stock_movement_id",
};

fn movement(row: &AnyRow) -> Result<MovementView, DatabaseError> {
    Ok(MovementView {
        stock_movement_id: row.try_get(0)?,
        outlet_id: row.try_get(1)?,
        terminal_id: row.try_get(2)?,
        reason: row.try_get(3)?,
        note: row.try_get(4)?,
        occurred_at: row.try_get(5)?,
        business_date: row.try_get(6)?,
        lines: Vec::new(),
    })
}

async fn add_lines(
    tx: &mut Tx,
    principal: &Principal,
    movements: &mut [MovementView],
) -> Result<(), DatabaseError> {
    if movements.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = movements.iter().map(|movement| movement.stock_movement_id.clone()).collect();
    let mut filters = Filters::of("tenant_id", principal.tenant_id);
    filters.one_of("source_id", &ids);
    let sql = format!(
        "SELECT source_id, item_id, variant_id, sku, quantity FROM stock_movements WHERE {} ORDER BY source_id, line_number",
        filters.sql()
    );
    let rows = filters.bind(sqlx::query(AssertSqlSafe(sql)).persistent(false)).fetch_all(&mut **tx).await?;
    let mut lines: HashMap<String, Vec<MovementLineView>> = HashMap::new();
    for row in &rows {
        let variant: String = row.try_get(2)?;
        lines.entry(row.try_get(0)?).or_default().push(MovementLineView {
            item_id: row.try_get(1)?,
            variant_id: Some(variant).filter(|variant| !variant.is_empty()),
            sku: row.try_get(3)?,
            quantity: Quantity::from_thousandths(row.try_get(4)?).to_string(),
        });
    }
    for movement in movements {
        movement.lines = lines.remove(&movement.stock_movement_id).unwrap_or_default();
    }
    Ok(())
}

/// What is on hand of an item at an outlet.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StockLevel)]
pub struct LevelView {
    /// Where.
    pub outlet_id: String,
    /// What.
    pub item_id: String,
    /// Its variant.
    pub variant_id: Option<String>,
    /// How many; below zero was oversold.
    #[schema(example = "12.5")]
    pub quantity: String,
    /// Whether more was sold than was known to be there.
    pub oversold: bool,
}

/// A page of stock levels, by outlet and item.
#[derive(Debug, Serialize, ToSchema)]
pub struct LevelList {
    /// The page.
    pub levels: Vec<LevelView>,
    /// Where to go on; null at the end.
    pub next_cursor: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct LevelQuery {
    /// Of this outlet.
    #[param(value_type = String)]
    outlet_id: OutletId,
    /// Only of this item.
    #[param(value_type = Option<String>)]
    item_id: Option<ItemId>,
    /// Where to go on.
    #[param(value_type = Option<String>)]
    cursor: Option<ItemId>,
    /// Rows of a page, 1 to 200.
    limit: Option<i64>,
}

/// What is on hand at an outlet, by item.
#[utoipa::path(
    get, path = "/api/v1/inventory", tag = "inventory", params(LevelQuery),
    responses((status = 200, body = LevelList), (status = 401, body = ProblemView))
)]
async fn list_levels(
    State(state): State<AppState>,
    principal: Principal,
    QueryOf(query): QueryOf<LevelQuery>,
) -> Result<Json<LevelList>, ApiError> {
    principal.require(Permission::BackOffice)?;
    let limit = page_limit(query.limit)?;
    let mut filters = Filters::of("tenant_id", principal.tenant_id);
    filters.text("outlet_id", "=", Some(query.outlet_id));
    filters.text("item_id", "=", query.item_id);
    filters.text("item_id", ">", query.cursor);
    // Whole items only: a page ends between two items, however many variants the last one has.
    let sql = format!(
        "SELECT outlet_id, item_id, variant_id, quantity FROM stock_levels WHERE {0} AND item_id IN \
         (SELECT DISTINCT item_id FROM stock_levels WHERE {0} ORDER BY item_id LIMIT {limit}) ORDER BY item_id, variant_id",
        filters.sql()
    );
    let mut tx = state.db.read(principal.tenant_id).await?;
    let rows = filters.bind(sqlx::query(AssertSqlSafe(sql)).persistent(false)).fetch_all(&mut *tx).await?;
    let levels = rows
        .iter()
        .map(|row| {
            let (variant, thousandths): (String, i64) = (row.try_get(2)?, row.try_get(3)?);
            Ok(LevelView {
                outlet_id: row.try_get(0)?,
                item_id: row.try_get(1)?,
                variant_id: Some(variant).filter(|variant| !variant.is_empty()),
                quantity: Quantity::from_thousandths(thousandths).to_string(),
                oversold: thousandths < 0,
            })
        })
        .collect::<Result<Vec<_>, sqlx::Error>>()?;
    let items = levels.chunk_by(|a, b| a.item_id == b.item_id).count();
    let full = i64::try_from(items).is_ok_and(|items| items == limit);
    let next_cursor = levels.last().filter(|_| full).map(|last| last.item_id.clone());
    Ok(Json(LevelList { levels, next_cursor }))
}
