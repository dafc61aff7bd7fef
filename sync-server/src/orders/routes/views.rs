//! Orders and refunds as the API shows them; amounts are texts such as `242528 IDR`, in minor units.

use serde::Serialize;
use utoipa::ToSchema;

/// A completed sale.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Order)]
pub struct OrderView {
    /// The order.
    pub order_id: String,
    /// Where.
    pub outlet_id: String,
    /// On which terminal.
    pub terminal_id: String,
    /// Gapless per terminal.
    #[schema(example = "KOTA-T1-000123")]
    pub receipt_number: String,
    /// The drawer session.
    pub drawer_session_id: String,
    /// By whom.
    pub staff_id: String,
    /// Their name at the time.
    pub staff_name: String,
    /// When, milliseconds since 1970 UTC.
    pub occurred_at: i64,
    /// The day of business.
    #[schema(example = "2026-03-14")]
    pub business_date: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Decimals of its minor unit.
    pub digits: i64,
    /// How many lines.
    pub line_count: i64,
    /// Sum of the lines' gross.
    #[schema(example = "242528 IDR")]
    pub subtotal: String,
    /// All discounts.
    pub discount_total: String,
    /// The service charge.
    pub service_charge: String,
    /// All taxes, included ones too.
    pub tax_total: String,
    /// Due before cash rounding.
    pub total: String,
    /// Rounding of the cash part.
    pub cash_rounding: String,
    /// Given back in cash.
    pub change_due: String,
    /// A note on the order.
    pub note: Option<String>,
    /// To whom; null is nobody whom the business knows. It stays when the customer is forgotten.
    pub customer_id: Option<String>,
    /// Its lines, when asked for with `include=lines`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<OrderLineView>>,
}

/// A line of an order.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OrderLine)]
pub struct OrderLineView {
    /// The line.
    pub line_id: String,
    /// What was sold.
    pub item_id: String,
    /// Its variant.
    pub variant_id: Option<String>,
    /// The business's code at the time.
    pub sku: String,
    /// The name at the time.
    pub name: String,
    /// The shelf at the time.
    pub category_id: Option<String>,
    /// Price of one unit in the major unit.
    #[schema(example = "2.55")]
    pub unit_price: String,
    /// How many.
    #[schema(example = "0.125")]
    pub quantity: String,
    /// Unit price by quantity.
    pub gross: String,
    /// Its own discount and its share of the order's.
    pub discount: String,
    /// Its share of all taxes.
    pub tax: String,
    /// Its share of the order's total.
    pub share: String,
}

/// A page of orders, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderList {
    /// The page.
    pub orders: Vec<OrderView>,
    /// Where to go on; null at the end.
    pub next_cursor: Option<String>,
}

/// One order in full.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderDetail {
    /// The order as its till wrote it: lines, modifiers, tenders and taxes.
    #[schema(value_type = Object)]
    pub order: serde_json::Value,
    /// What was given back of it.
    pub refunds: Vec<RefundView>,
}

/// Money given back.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Refund)]
pub struct RefundView {
    /// The refund.
    pub refund_id: String,
    /// The order it belongs to; null without a receipt.
    pub order_id: Option<String>,
    /// That order's receipt number.
    pub order_receipt_number: Option<String>,
    /// Where.
    pub outlet_id: String,
    /// On which terminal.
    pub terminal_id: String,
    /// Gapless per terminal.
    pub receipt_number: String,
    /// The drawer session.
    pub drawer_session_id: String,
    /// By whom.
    pub staff_id: String,
    /// Their name at the time.
    pub staff_name: String,
    /// When, milliseconds since 1970 UTC.
    pub occurred_at: i64,
    /// The day of business.
    pub business_date: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Decimals of its minor unit.
    pub digits: i64,
    /// The sum of its lines.
    pub total: String,
    /// The taxes in it.
    pub tax_total: String,
    /// Rounding of what is given back in cash.
    pub cash_rounding: String,
    /// By which means it is given back.
    #[schema(example = "cash")]
    pub tender: String,
    /// What is given back.
    pub amount: String,
    /// Why.
    pub reason: String,
    /// Its lines, when asked for with `include=lines`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<Vec<RefundLineView>>,
}

/// A line of a refund.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RefundLine)]
pub struct RefundLineView {
    /// The line of the order.
    pub line_id: String,
    /// What came back.
    pub item_id: String,
    /// Its variant.
    pub variant_id: Option<String>,
    /// The business's code at the time.
    pub sku: String,
    /// The name at the time.
    pub name: String,
    /// Price of one unit at the sale.
    pub unit_price: String,
    /// How many.
    pub quantity: String,
    /// The money given back.
    pub amount: String,
    /// The taxes in it.
    pub tax: String,
    /// Whether the goods went back on the shelf.
    pub restock: bool,
}

/// A page of refunds, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefundList {
    /// The page.
    pub refunds: Vec<RefundView>,
    /// Where to go on; null at the end.
    pub next_cursor: Option<String>,
}
