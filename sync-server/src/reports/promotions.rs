//! `GET /api/v1/reports/promotions`.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use shared::ids::TenantId;
use shared::staff::Permission;
use sqlx::{AssertSqlSafe, Row as _};
use utoipa::ToSchema;

use super::Span;
use crate::app::AppState;
use crate::database::{DatabaseError, Filters, Tx};
use crate::error::ApiError;
use crate::extract::QueryOf;
use crate::identity::Principal;
use crate::sync::ProblemView;

/// The routes of this report.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/reports/promotions", get(promotions))
}

/// The part of the API description that belongs to this report.
#[derive(utoipa::OpenApi)]
#[openapi(paths(promotions))]
pub struct Api;

/// What a promotion, or one code of it, came to in one currency; amounts are texts such as `242528 IDR`, in minor units.
#[derive(Debug, Serialize, ToSchema)]
pub struct PromotionRow {
    /// The promotion.
    pub promotion_id: String,
    /// Its newest name in these days.
    pub name: String,
    /// The code that unlocked it; null for those without.
    pub coupon: Option<String>,
    /// ISO 4217 code.
    pub currency: String,
    /// Orders in which it counted.
    pub orders: i64,
    /// How often it was applied in them.
    pub times: i64,
    /// What it took off when they were sold; what is given back later takes its part along and is not in here.
    pub taken_off: String,
    /// The totals of these orders.
    pub sales: String,
}

/// What promotions took off.
#[derive(Debug, Serialize, ToSchema)]
pub struct PromotionReport {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// What took off most comes first.
    pub rows: Vec<PromotionRow>,
}

/// How often each promotion and code was applied, what it took off, and the sales it was part of; sums per currency, exact.
#[utoipa::path(
    get, path = "/api/v1/reports/promotions", tag = "reports", params(Span),
    responses((status = 200, body = PromotionReport), (status = 401, body = ProblemView), (status = 400, body = ProblemView))
)]
async fn promotions(
    State(state): State<AppState>,
    principal: Principal,
    QueryOf(span): QueryOf<Span>,
) -> Result<Json<PromotionReport>, ApiError> {
    principal.require(Permission::BackOffice)?;
    report(&state, principal.tenant_id, &span).await.map(Json)
}

/// What promotions of a business took off.
///
/// # Errors
/// The days are the wrong way round, or a failed statement.
pub async fn report(state: &AppState, tenant: TenantId, span: &Span) -> Result<PromotionReport, ApiError> {
    let filters = span.filters(tenant)?;
    let mut tx = state.db.read(tenant).await?;
    let rows = rows(&mut tx, &filters).await?;
    Ok(PromotionReport { from: span.from.to_string(), to: span.to.to_string(), rows })
}

async fn rows(tx: &mut Tx, filters: &Filters) -> Result<Vec<PromotionRow>, DatabaseError> {
    // Order ids rise with time, so the newest name is that of the highest.
    let sql = format!(
        "SELECT p.promotion_id, p.coupon, d.currency, MAX(CASE p.name WHEN '' THEN '' ELSE d.order_id || p.name END), COUNT(*), \
         CAST(SUM(p.times) AS BIGINT), CAST(SUM(p.amount) AS BIGINT), CAST(SUM(d.total) AS BIGINT) \
         FROM orders d JOIN order_promotions p ON p.tenant_id = d.tenant_id AND p.order_id = d.order_id \
         WHERE {} GROUP BY p.promotion_id, p.coupon, d.currency \
         ORDER BY d.currency, 7 DESC, p.promotion_id, p.coupon",
        filters.sql()
    );
    let rows = filters.bind(sqlx::query(AssertSqlSafe(sql)).persistent(false)).fetch_all(&mut **tx).await?;
    let read = |row: &sqlx::any::AnyRow| -> Result<PromotionRow, DatabaseError> {
        let (named, currency): (String, String) = (row.try_get(3)?, row.try_get(2)?);
        let coupon: String = row.try_get(1)?;
        let money = |minor: i64| format!("{minor} {currency}");
        Ok(PromotionRow {
            promotion_id: row.try_get(0)?,
            name: named.chars().skip(ORDER_ID_CHARS).collect(),
            coupon: Some(coupon).filter(|code| !code.is_empty()),
            orders: row.try_get(4)?,
            times: row.try_get(5)?,
            taken_off: money(row.try_get(6)?),
            sales: money(row.try_get(7)?),
            currency,
        })
    };
    rows.iter().map(read).collect()
}

/// How long an order's id is as text.
const ORDER_ID_CHARS: usize = 36;
