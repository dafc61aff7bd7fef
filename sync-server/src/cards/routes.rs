//! `GET /api/v1/card-payments`.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use shared::BusinessDate;
use shared::ids::{OutletId, TerminalId};
use shared::staff::Permission;
use sqlx::Row as _;
use sqlx::any::AnyRow;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::database::{DatabaseError, Filters, Newest, PageAsked, money, money_or_null};
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
    tags((name = "card payments", description = "What happened to money at card readers beside the sales and refunds themselves"))
)]
pub struct Api;

/// What happened to money at a card reader beside a sale's or refund's own event. The rows are no sum of their own: what a
/// manager settled is in a sale or refund too, as a rule, once that was completed with it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CardPayment)]
pub struct CardPaymentView {
    /// The row; made of what it says.
    pub fact_id: String,
    /// `unsold`: what the reader took was in no sale when its cart was voided or its drawer was closed; `given_back`: the
    /// reader was asked to give such a payment back; `refunded`: how giving back ended, of such a payment or of goods;
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

/// Card payments that became no sale, what was given back at readers, and what a manager settled, newest first.
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
    let page = PageAsked::read(query.cursor.as_deref(), query.limit)?;
    let mut filters = Filters::of("tenant_id", principal.tenant_id);
    filters.text("outlet_id", "=", query.outlet_id);
    filters.text("terminal_id", "=", query.terminal_id);
    filters.text("business_date", ">=", query.from);
    filters.text("business_date", "<=", query.to);
    let mut tx = state.db.read(principal.tenant_id).await?;
    let (card_payments, next_cursor) = CARD_PAYMENTS.page(&mut tx, filters, page, card_payment).await?;
    Ok(Json(CardPaymentList { card_payments, next_cursor }))
}

const CARD_PAYMENTS: Newest = Newest {
    table: "card_payments",
    columns: "fact_id, fact, outlet_id, terminal_id, card_payment_id, kind, reverses, order_id, refund_id, reader, \
              currency, amount, moved, reason, approval_id, staff_id, occurred_at, business_date",
    time: "occurred_at",
    id: "fact_id",
};

fn card_payment(row: &AnyRow) -> Result<CardPaymentView, DatabaseError> {
    let currency: &str = row.try_get("currency")?;
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
        amount: money(row, "amount", currency)?,
        moved: money_or_null(row, "moved", currency)?,
        reason: row.try_get("reason")?,
        approval_id: row.try_get("approval_id")?,
        staff_id: row.try_get("staff_id")?,
        occurred_at: row.try_get("occurred_at")?,
        business_date: row.try_get("business_date")?,
    })
}
