//! `GET /api/v1/orders`, `/orders/{id}` and `/refunds`.

pub mod views;

use std::collections::HashMap;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use shared::BusinessDate;
use shared::ids::{CustomerId, OrderId, OutletId, StaffId, TerminalId};
use shared::staff::Permission;

use super::repo::read;
use crate::app::AppState;
use crate::database::{Filters, PageAsked, Tx};
use crate::error::ApiError;
use crate::extract::{PathId, QueryOf};
use crate::identity::Principal;
use crate::sync::ProblemView;
use views::{OrderDetail, OrderList, RefundList};

/// The routes of this domain.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/orders", get(list_orders))
        .route("/api/v1/orders/{order_id}", get(get_order))
        .route("/api/v1/refunds", get(list_refunds))
}

/// The part of the API description that belongs to this domain.
#[derive(utoipa::OpenApi)]
#[openapi(
    paths(list_orders, get_order, list_refunds),
    tags((name = "orders", description = "Completed sales and refunds; amounts are texts such as `242528 IDR`, in minor units"))
)]
pub struct Api;

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct OrderQuery {
    /// Only of this outlet.
    #[param(value_type = Option<String>)]
    outlet_id: Option<OutletId>,
    /// Only of this terminal.
    #[param(value_type = Option<String>)]
    terminal_id: Option<TerminalId>,
    /// Only by this person.
    #[param(value_type = Option<String>)]
    staff_id: Option<StaffId>,
    /// From this day of business, `YYYY-MM-DD`.
    #[param(value_type = Option<String>)]
    from: Option<BusinessDate>,
    /// To this day of business, that day too.
    #[param(value_type = Option<String>)]
    to: Option<BusinessDate>,
    /// Only this receipt number.
    receipt_number: Option<String>,
    /// Totals from this many minor units.
    min_total: Option<i64>,
    /// Totals to this many minor units.
    max_total: Option<i64>,
    /// `lines` puts the lines in.
    include: Option<String>,
    /// Where to go on.
    cursor: Option<String>,
    /// Rows of a page, 1 to 200.
    limit: Option<i64>,
}

/// What only orders know.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct BuyerQuery {
    /// Only to this customer.
    #[param(value_type = Option<String>)]
    customer_id: Option<CustomerId>,
}

fn with_lines(include: Option<&str>) -> Result<bool, ApiError> {
    match include {
        None => Ok(false),
        Some("lines") => Ok(true),
        Some(_) => Err(ApiError::invalid("include", "only `lines` can be included")),
    }
}

fn filters(principal: &Principal, query: &OrderQuery) -> Filters {
    let mut filters = Filters::of("tenant_id", principal.tenant_id);
    filters.text("outlet_id", "=", query.outlet_id);
    filters.text("terminal_id", "=", query.terminal_id);
    filters.text("staff_id", "=", query.staff_id);
    filters.text("business_date", ">=", query.from);
    filters.text("business_date", "<=", query.to);
    filters.text("receipt_number", "=", query.receipt_number.as_deref());
    filters.number("total", ">=", query.min_total);
    filters.number("total", "<=", query.max_total);
    filters
}

/// Completed sales, newest first.
#[utoipa::path(
    get, path = "/api/v1/orders", tag = "orders", params(OrderQuery, BuyerQuery),
    responses((status = 200, body = OrderList), (status = 401, body = ProblemView), (status = 422, body = ProblemView))
)]
async fn list_orders(
    State(state): State<AppState>,
    principal: Principal,
    QueryOf(query): QueryOf<OrderQuery>,
    QueryOf(buyer): QueryOf<BuyerQuery>,
) -> Result<Json<OrderList>, ApiError> {
    principal.require(Permission::BackOffice)?;
    let page = PageAsked::read(query.cursor.as_deref(), query.limit)?;
    let mut filters = filters(&principal, &query);
    filters.text("customer_id", "=", buyer.customer_id);
    let include = with_lines(query.include.as_deref())?;
    let mut tx = state.db.read(principal.tenant_id).await?;
    let (mut orders, next_cursor) = read::ORDERS.page(&mut tx, filters, page, read::order_view).await?;
    if include && !orders.is_empty() {
        let ids: Vec<String> = orders.iter().map(|order| order.order_id.clone()).collect();
        let currencies =
            orders.iter().map(|order| (order.order_id.clone(), order.currency.clone())).collect();
        let mut lines = read::order_lines(&mut tx, principal.tenant_id, &ids, &currencies).await?;
        for order in &mut orders {
            order.lines = Some(lines.remove(&order.order_id).unwrap_or_default());
        }
    }
    Ok(Json(OrderList { orders, next_cursor }))
}

/// One sale in full, with what was given back of it.
#[utoipa::path(
    get, path = "/api/v1/orders/{order_id}", tag = "orders",
    params(("order_id" = String, Path, description = "the order")),
    responses((status = 200, body = OrderDetail), (status = 401, body = ProblemView), (status = 404, body = ProblemView))
)]
async fn get_order(
    State(state): State<AppState>,
    principal: Principal,
    PathId(order_id): PathId<OrderId>,
) -> Result<Json<OrderDetail>, ApiError> {
    principal.require(Permission::BackOffice)?;
    let order_id = order_id.to_string();
    let mut tx = state.db.read(principal.tenant_id).await?;
    let order = read::order_document(&mut tx, principal.tenant_id, &order_id).await?;
    let order = order.ok_or_else(|| ApiError::not_found("order"))?;
    let mut filters = Filters::of("tenant_id", principal.tenant_id);
    filters.text("order_id", "=", Some(&order_id));
    let (mut refunds, _) = read::REFUNDS.page(&mut tx, filters, PageAsked::FIRST, read::refund_view).await?;
    add_refund_lines(&mut tx, &principal, &mut refunds).await?;
    Ok(Json(OrderDetail { order, refunds }))
}

/// Refunds, newest first.
#[utoipa::path(
    get, path = "/api/v1/refunds", tag = "orders", params(OrderQuery),
    responses((status = 200, body = RefundList), (status = 401, body = ProblemView), (status = 422, body = ProblemView))
)]
async fn list_refunds(
    State(state): State<AppState>,
    principal: Principal,
    QueryOf(query): QueryOf<OrderQuery>,
    QueryOf(buyer): QueryOf<BuyerQuery>,
) -> Result<Json<RefundList>, ApiError> {
    principal.require(Permission::BackOffice)?;
    // Left unread, it would be answered with everybody's.
    if buyer.customer_id.is_some() {
        return Err(ApiError::invalid("customer_id", "refunds name no customer; their orders do"));
    }
    let page = PageAsked::read(query.cursor.as_deref(), query.limit)?;
    let filters = filters(&principal, &query);
    let include = with_lines(query.include.as_deref())?;
    let mut tx = state.db.read(principal.tenant_id).await?;
    let (mut refunds, next_cursor) = read::REFUNDS.page(&mut tx, filters, page, read::refund_view).await?;
    if include {
        add_refund_lines(&mut tx, &principal, &mut refunds).await?;
    }
    Ok(Json(RefundList { refunds, next_cursor }))
}

async fn add_refund_lines(
    tx: &mut Tx,
    principal: &Principal,
    refunds: &mut [views::RefundView],
) -> Result<(), ApiError> {
    if refunds.is_empty() {
        return Ok(());
    }
    let ids: Vec<String> = refunds.iter().map(|refund| refund.refund_id.clone()).collect();
    let currencies: HashMap<String, String> =
        refunds.iter().map(|refund| (refund.refund_id.clone(), refund.currency.clone())).collect();
    let mut lines = read::refund_lines(tx, principal.tenant_id, &ids, &currencies).await?;
    for refund in refunds {
        refund.lines = Some(lines.remove(&refund.refund_id).unwrap_or_default());
    }
    Ok(())
}
