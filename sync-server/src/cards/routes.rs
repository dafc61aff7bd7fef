//! `GET /api/v1/card-payments`.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use shared::BusinessDate;
use shared::ids::{OutletId, TerminalId};
use shared::staff::Permission;
use sqlx::{AssertSqlSafe, Row as _};
use utoipa::ToSchema;

use crate::app::AppState;
use crate::database::{DatabaseError, Filters, PageCursor, Tx, page_limit};
use crate::error::ApiError;
use crate::extract::QueryOf;
use crate::identity::Principal;
use crate::sync::ProblemView;

/// The routes of this domain.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/card-payments", get(list_card_payments))
}

/// The part of the API description that belongs to this domain.
#[derive(utoipa::OpenApi)]
#[openapi(
    paths(list_card_payments),
    tags((name = "card payments", description = "Money at card readers that is in no sale or refund"))
)]
pub struct Api;

/// What happened to money at a card reader that is in no sale's or refund's own event.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CardPayment)]
pub struct CardPaymentView {
    /// The row; made of what it says.
    pub fact_id: String,
    /// `given_back`: the reader was asked to give a payment back that became no sale; `refunded`: how that ended;
    /// `settled_by_hand`: a manager said how a payment or refund ended that the reader did not tell of.
    #[schema(example = "given_back")]
    pub fact: String,
    /// Where.
    pub outlet_id: String,
    /// On which terminal.
    pub terminal_id: String,
    /// The payment or refund at the reader; its provider knows it by this name.
    pub card_payment_id: String,
    /// `payment` or `refund`.
    #[schema(example = "refund")]
    pub kind: String,
    /// A refund of a payment that became no sale: that payment.
    pub reverses: Option<String>,
    /// A refund: the order given back.
    pub order_id: Option<String>,
    /// A refund of goods.
    pub refund_id: Option<String>,
    /// What people there call the reader, where it is said.
    pub reader: Option<String>,
    /// What it is about.
    #[schema(example = "38500 IDR")]
    pub amount: String,
    /// What moved; null while nobody has said.
    #[schema(example = "38500 IDR")]
    pub moved: Option<String>,
    /// How a manager knows that.
    pub reason: Option<String>,
    /// The leave of a manager.
    pub approval_id: Option<String>,
    /// By whom; null is the reader's own word.
    pub staff_id: Option<String>,
    /// When, milliseconds since 1970 UTC.
    pub occurred_at: i64,
    /// The day of business.
    pub business_date: String,
}

/// A page of them, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardPaymentList {
    /// The page.
    pub card_payments: Vec<CardPaymentView>,
    /// Where to go on; null at the end.
    pub next_cursor: Option<String>,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct CardPaymentQuery {
    /// Only of this outlet.
    #[param(value_type = Option<String>)]
    outlet_id: Option<OutletId>,
    /// Only of this terminal.
    #[param(value_type = Option<String>)]
    terminal_id: Option<TerminalId>,
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

/// Card payments that became no sale, or that a manager settled, newest first.
#[utoipa::path(
    get, path = "/api/v1/card-payments", tag = "card payments", params(CardPaymentQuery),
    responses((status = 200, body = CardPaymentList), (status = 401, body = ProblemView))
)]
async fn list_card_payments(
    State(state): State<AppState>,
    principal: Principal,
    QueryOf(query): QueryOf<CardPaymentQuery>,
) -> Result<Json<CardPaymentList>, ApiError> {
    principal.require(Permission::BackOffice)?;
    let limit = page_limit(query.limit)?;
    let cursor = query.cursor.as_deref().map(PageCursor::parse).transpose()?;
    let mut filters = Filters::of("tenant_id", principal.tenant_id);
    filters.text("outlet_id", "=", query.outlet_id);
    filters.text("terminal_id", "=", query.terminal_id);
    filters.text("business_date", ">=", query.from);
    filters.text("business_date", "<=", query.to);
    filters.after("occurred_at", "fact_id", cursor.as_ref());
    let mut tx = state.db.read(principal.tenant_id).await?;
    let mut card_payments = card_payments(&mut tx, &filters, limit + 1).await?;
    let next_cursor = PageCursor::cut(&mut card_payments, limit, |last| (last.occurred_at, &last.fact_id));
    Ok(Json(CardPaymentList { card_payments, next_cursor }))
}

async fn card_payments(
    tx: &mut Tx,
    filters: &Filters,
    limit: i64,
) -> Result<Vec<CardPaymentView>, DatabaseError> {
    let sql = format!(
        "SELECT fact_id, fact, outlet_id, terminal_id, card_payment_id, kind, reverses, order_id, refund_id, reader, \
         currency, amount, moved, reason, approval_id, staff_id, occurred_at, business_date FROM card_payments \
         WHERE {} ORDER BY occurred_at DESC, fact_id DESC LIMIT {limit}",
        filters.sql()
    );
    let rows = filters.bind(sqlx::query(AssertSqlSafe(sql)).persistent(false)).fetch_all(&mut **tx).await?;
    rows.iter()
        .map(|row| {
            let currency: String = row.try_get("currency")?;
            let amount: i64 = row.try_get("amount")?;
            let moved: Option<i64> = row.try_get("moved")?;
            Ok(CardPaymentView {
                fact_id: row.try_get("fact_id")?,
                fact: row.try_get("fact")?,
                outlet_id: row.try_get("outlet_id")?,
                terminal_id: row.try_get("terminal_id")?,
                card_payment_id: row.try_get("card_payment_id")?,
                kind: row.try_get("kind")?,
                reverses: row.try_get("reverses")?,
                order_id: row.try_get("order_id")?,
                refund_id: row.try_get("refund_id")?,
                reader: row.try_get("reader")?,
                amount: format!("{amount} {currency}"),
                moved: moved.map(|moved| format!("{moved} {currency}")),
                reason: row.try_get("reason")?,
                approval_id: row.try_get("approval_id")?,
                staff_id: row.try_get("staff_id")?,
                occurred_at: row.try_get("occurred_at")?,
                business_date: row.try_get("business_date")?,
            })
        })
        .collect()
}
