//! `GET /api/v1/reports/promotions`.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use shared::ids::TenantId;
use shared::staff::Permission;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};
use utoipa::ToSchema;

use super::Span;
use crate::app::AppState;
use crate::database::{DatabaseError, Filters, Tx, money};
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

/// What a promotion came to in one currency, whatever code unlocked it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PromotionSum {
    /// The promotion.
    pub promotion_id: String,
    /// Its newest name in these days.
    pub name: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Orders in which it counted.
    pub orders: i64,
    /// How often it was applied in them.
    pub times: i64,
    /// What it took off.
    pub taken_off: String,
}

/// What all promotions together came to in one currency.
#[derive(Debug, Serialize, ToSchema)]
pub struct PromotionTotal {
    /// ISO 4217 code.
    pub currency: String,
    /// Orders in which any of them counted, each once.
    pub orders: i64,
    /// What they took off.
    pub taken_off: String,
    /// The totals of these orders, each once.
    pub sales: String,
}

/// What promotions took off.
#[derive(Debug, Serialize, ToSchema)]
pub struct PromotionReport {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// All together, by currency.
    pub totals: Vec<PromotionTotal>,
    /// By promotion, what took off most first.
    pub promotions: Vec<PromotionSum>,
    /// By promotion and code, what took off most first.
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
    let (totals, promotions) = (totals(&mut tx, &filters).await?, sums(&mut tx, &filters).await?);
    let rows = rows(&mut tx, &filters).await?;
    Ok(PromotionReport { from: span.from.to_string(), to: span.to.to_string(), totals, promotions, rows })
}

/// Orders and what promotions did in them.
const USES: &str =
    "orders d JOIN order_promotions p ON p.tenant_id = d.tenant_id AND p.order_id = d.order_id";
/// Order ids rise with time, so the newest name is that of the highest.
const NEWEST_NAME: &str = "MAX(CASE p.name WHEN '' THEN '' ELSE d.order_id || p.name END)";
/// How long an order's id is as text.
const ORDER_ID_CHARS: usize = 36;

fn name_of(named: &str) -> String {
    named.chars().skip(ORDER_ID_CHARS).collect()
}

async fn totals(tx: &mut Tx, filters: &Filters) -> Result<Vec<PromotionTotal>, DatabaseError> {
    let sql = format!(
        "SELECT currency, COUNT(*), CAST(SUM(taken_off) AS BIGINT) AS taken_off, CAST(SUM(total) AS BIGINT) AS sales \
         FROM (SELECT d.currency, d.order_id, d.total, SUM(p.amount) AS taken_off FROM {USES} \
         WHERE {} GROUP BY d.currency, d.order_id, d.total) AS of_order GROUP BY currency ORDER BY currency",
        filters.sql()
    );
    let rows = filters.bind(sqlx::query(AssertSqlSafe(sql)).persistent(false)).fetch_all(&mut **tx).await?;
    let read = |row: &AnyRow| -> Result<PromotionTotal, DatabaseError> {
        let currency: String = row.try_get(0)?;
        Ok(PromotionTotal {
            orders: row.try_get(1)?,
            taken_off: money(row, "taken_off", &currency)?,
            sales: money(row, "sales", &currency)?,
            currency,
        })
    };
    rows.iter().map(read).collect()
}

async fn sums(tx: &mut Tx, filters: &Filters) -> Result<Vec<PromotionSum>, DatabaseError> {
    let sql = format!(
        "SELECT p.promotion_id, d.currency, {NEWEST_NAME}, COUNT(*), CAST(SUM(p.times) AS BIGINT), \
         CAST(SUM(p.amount) AS BIGINT) AS taken_off FROM {USES} WHERE {} GROUP BY p.promotion_id, d.currency \
         ORDER BY d.currency, 6 DESC, p.promotion_id",
        filters.sql()
    );
    let rows = filters.bind(sqlx::query(AssertSqlSafe(sql)).persistent(false)).fetch_all(&mut **tx).await?;
    let read = |row: &AnyRow| -> Result<PromotionSum, DatabaseError> {
        let currency: String = row.try_get(1)?;
        Ok(PromotionSum {
            promotion_id: row.try_get(0)?,
            name: name_of(row.try_get(2)?),
            orders: row.try_get(3)?,
            times: row.try_get(4)?,
            taken_off: money(row, "taken_off", &currency)?,
            currency,
        })
    };
    rows.iter().map(read).collect()
}

async fn rows(tx: &mut Tx, filters: &Filters) -> Result<Vec<PromotionRow>, DatabaseError> {
    let sql = format!(
        "SELECT p.promotion_id, p.coupon, d.currency, {NEWEST_NAME}, COUNT(*), CAST(SUM(p.times) AS BIGINT), \
         CAST(SUM(p.amount) AS BIGINT) AS taken_off, CAST(SUM(d.total) AS BIGINT) AS sales FROM {USES} \
         WHERE {} GROUP BY p.promotion_id, p.coupon, d.currency \
         ORDER BY d.currency, 7 DESC, p.promotion_id, p.coupon",
        filters.sql()
    );
    let rows = filters.bind(sqlx::query(AssertSqlSafe(sql)).persistent(false)).fetch_all(&mut **tx).await?;
    let read = |row: &AnyRow| -> Result<PromotionRow, DatabaseError> {
        let (coupon, currency): (String, String) = (row.try_get(1)?, row.try_get(2)?);
        Ok(PromotionRow {
            promotion_id: row.try_get(0)?,
            name: name_of(row.try_get(3)?),
            coupon: Some(coupon).filter(|code| !code.is_empty()),
            orders: row.try_get(4)?,
            times: row.try_get(5)?,
            taken_off: money(row, "taken_off", &currency)?,
            sales: money(row, "sales", &currency)?,
            currency,
        })
    };
    rows.iter().map(read).collect()
}
