//! Orders and refunds read for headquarters.

use std::collections::HashMap;

use serde_json::Value;
use shared::ids::TenantId;
use shared::journal::Event;
use shared::{Quantity, UnitPrice};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

use crate::database::{DatabaseError, Filters, Newest, Tx, money};
use crate::orders::routes::views::{OrderLineView, OrderView, RefundLineView, RefundView};

/// Orders, newest first.
pub const ORDERS: Newest = Newest {
    table: "orders",
    columns: "order_id, outlet_id, terminal_id, receipt_number, drawer_session_id, staff_id, staff_name, occurred_at, \
              business_date, currency, digits, line_count, subtotal, discount_total, service_charge, tax_total, total, \
              cash_rounding, change_due, note, customer_id",
    time: "occurred_at",
    id: "order_id",
};

/// Refunds, newest first.
pub const REFUNDS: Newest = Newest {
    table: "refunds",
    columns: "refund_id, order_id, order_receipt_number, outlet_id, terminal_id, receipt_number, drawer_session_id, \
              staff_id, staff_name, occurred_at, business_date, currency, digits, total, tax_total, cash_rounding, tender, \
              amount, reason",
    time: "occurred_at",
    id: "refund_id",
};

/// An order from a row of [`ORDERS`].
///
/// # Errors
/// The row is not as it should be.
pub fn order_view(row: &AnyRow) -> Result<OrderView, DatabaseError> {
    let currency: String = row.try_get("currency")?;
    let money = |column| money(row, column, &currency);
    Ok(OrderView {
        order_id: row.try_get("order_id")?,
        outlet_id: row.try_get("outlet_id")?,
        terminal_id: row.try_get("terminal_id")?,
        receipt_number: row.try_get("receipt_number")?,
        drawer_session_id: row.try_get("drawer_session_id")?,
        staff_id: row.try_get("staff_id")?,
        staff_name: row.try_get("staff_name")?,
        occurred_at: row.try_get("occurred_at")?,
        business_date: row.try_get("business_date")?,
        digits: row.try_get("digits")?,
        line_count: row.try_get("line_count")?,
        subtotal: money("subtotal")?,
        discount_total: money("discount_total")?,
        service_charge: money("service_charge")?,
        tax_total: money("tax_total")?,
        total: money("total")?,
        cash_rounding: money("cash_rounding")?,
        change_due: money("change_due")?,
        note: row.try_get("note")?,
        customer_id: row.try_get("customer_id")?,
        currency,
        lines: None,
    })
}

/// The lines of orders, by order.
///
/// # Errors
/// A failed statement.
pub async fn order_lines(
    tx: &mut Tx,
    tenant: TenantId,
    orders: &[String],
    currencies: &HashMap<String, String>,
) -> Result<HashMap<String, Vec<OrderLineView>>, DatabaseError> {
    let mut filters = Filters::of("tenant_id", tenant);
    filters.one_of("order_id", orders);
    let sql = format!(
        "SELECT order_id, line_id, item_id, variant_id, sku, name, category_id, unit_price, quantity, gross, discount, \
         tax, share FROM order_lines WHERE {} ORDER BY order_id, line_number",
        filters.sql()
    );
    let rows = filters.bind(sqlx::query(AssertSqlSafe(sql)).persistent(false)).fetch_all(&mut **tx).await?;
    let mut lines: HashMap<String, Vec<OrderLineView>> = HashMap::new();
    for row in &rows {
        let order: String = row.try_get("order_id")?;
        let currency = currencies.get(&order).map_or("XXX", String::as_str);
        let line = OrderLineView {
            line_id: row.try_get("line_id")?,
            item_id: row.try_get("item_id")?,
            variant_id: row.try_get("variant_id")?,
            sku: row.try_get("sku")?,
            name: row.try_get("name")?,
            category_id: row.try_get("category_id")?,
            unit_price: UnitPrice::from_ten_thousandths(row.try_get("unit_price")?).to_string(),
            quantity: Quantity::from_thousandths(row.try_get("quantity")?).to_string(),
            gross: money(row, "gross", currency)?,
            discount: money(row, "discount", currency)?,
            tax: money(row, "tax", currency)?,
            share: money(row, "share", currency)?,
        };
        lines.entry(order).or_default().push(line);
    }
    Ok(lines)
}

/// The whole order as its till wrote it, read from the journal.
///
/// # Errors
/// A failed statement, or an event that cannot be read.
pub async fn order_document(
    tx: &mut Tx,
    tenant: TenantId,
    order_id: &str,
) -> Result<Option<Value>, DatabaseError> {
    let row = sqlx::query(
        "SELECT e.raw FROM orders o JOIN journal_events e ON e.tenant_id = o.tenant_id \
         AND e.terminal_id = o.terminal_id AND e.epoch = o.epoch AND e.seq = o.seq \
         WHERE o.tenant_id = $1 AND o.order_id = $2",
    )
    .bind(tenant.to_string())
    .bind(order_id)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let event: Event = serde_json::from_slice(row.try_get(0)?)
        .map_err(|error| DatabaseError::corrupt("journal_events", error))?;
    Ok(Some(event.payload))
}

/// A refund from a row of [`REFUNDS`].
///
/// # Errors
/// The row is not as it should be.
pub fn refund_view(row: &AnyRow) -> Result<RefundView, DatabaseError> {
    let currency: String = row.try_get("currency")?;
    let money = |column| money(row, column, &currency);
    Ok(RefundView {
        refund_id: row.try_get("refund_id")?,
        order_id: row.try_get("order_id")?,
        order_receipt_number: row.try_get("order_receipt_number")?,
        outlet_id: row.try_get("outlet_id")?,
        terminal_id: row.try_get("terminal_id")?,
        receipt_number: row.try_get("receipt_number")?,
        drawer_session_id: row.try_get("drawer_session_id")?,
        staff_id: row.try_get("staff_id")?,
        staff_name: row.try_get("staff_name")?,
        occurred_at: row.try_get("occurred_at")?,
        business_date: row.try_get("business_date")?,
        digits: row.try_get("digits")?,
        total: money("total")?,
        tax_total: money("tax_total")?,
        cash_rounding: money("cash_rounding")?,
        tender: row.try_get("tender")?,
        amount: money("amount")?,
        reason: row.try_get("reason")?,
        currency,
        lines: None,
    })
}

/// The lines of refunds, by refund.
///
/// # Errors
/// A failed statement.
pub async fn refund_lines(
    tx: &mut Tx,
    tenant: TenantId,
    refunds: &[String],
    currencies: &HashMap<String, String>,
) -> Result<HashMap<String, Vec<RefundLineView>>, DatabaseError> {
    let mut filters = Filters::of("tenant_id", tenant);
    filters.one_of("refund_id", refunds);
    let sql = format!(
        "SELECT refund_id, line_id, item_id, variant_id, sku, name, unit_price, quantity, amount, tax, restock \
         FROM refund_lines WHERE {} ORDER BY refund_id, line_number",
        filters.sql()
    );
    let rows = filters.bind(sqlx::query(AssertSqlSafe(sql)).persistent(false)).fetch_all(&mut **tx).await?;
    let mut lines: HashMap<String, Vec<RefundLineView>> = HashMap::new();
    for row in &rows {
        let refund: String = row.try_get("refund_id")?;
        let currency = currencies.get(&refund).map_or("XXX", String::as_str);
        let line = RefundLineView {
            line_id: row.try_get("line_id")?,
            item_id: row.try_get("item_id")?,
            variant_id: row.try_get("variant_id")?,
            sku: row.try_get("sku")?,
            name: row.try_get("name")?,
            unit_price: UnitPrice::from_ten_thousandths(row.try_get("unit_price")?).to_string(),
            quantity: Quantity::from_thousandths(row.try_get("quantity")?).to_string(),
            amount: money(row, "amount", currency)?,
            tax: money(row, "tax", currency)?,
            restock: row.try_get::<i64, _>("restock")? != 0,
        };
        lines.entry(refund).or_default().push(line);
    }
    Ok(lines)
}
