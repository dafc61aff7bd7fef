//! Refunds and voided carts written, each once; where orders and refunds came from.

use crate::database::Tx;
use shared::ids::TenantId;
use shared::order::VoidedOrder;
use shared::refund::Refund;
use sqlx::{AssertSqlSafe, Row as _};

use crate::database::{DatabaseError, batches, placeholders, word};
use crate::sync::apply::Context;

/// Inserts a voided cart, once.
///
/// # Errors
/// A failed statement.
pub async fn insert_voided(
    tx: &mut Tx,
    context: &Context<'_>,
    voided: &VoidedOrder,
) -> Result<(), DatabaseError> {
    let event = context.event;
    sqlx::query(
        "INSERT INTO voided_carts (tenant_id, cart_id, outlet_id, terminal_id, staff_id, occurred_at, business_date, \
         reason, currency, total) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (tenant_id, cart_id) DO NOTHING",
    )
    .bind(context.tenant.to_string())
    .bind(voided.cart_id.to_string())
    .bind(event.outlet_id.to_string())
    .bind(event.terminal_id.to_string())
    .bind(voided.staff_id.to_string())
    .bind(voided.occurred_at.as_millis())
    .bind(event.business_date.to_string())
    .bind(voided.reason.as_str())
    .bind(voided.total.currency().to_string())
    .bind(voided.total.minor())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Inserts a refund with its lines; false when its id is there already.
///
/// # Errors
/// A failed statement.
pub async fn insert_refund(
    tx: &mut Tx,
    context: &Context<'_>,
    refund: &Refund,
) -> Result<bool, DatabaseError> {
    let (tenant, refund_id) = (context.tenant.to_string(), refund.refund_id.to_string());
    let (epoch, seq) = context.place();
    let inserted = sqlx::query(
        "INSERT INTO refunds (tenant_id, refund_id, order_id, order_receipt_number, outlet_id, terminal_id, epoch, seq, \
         receipt_number, drawer_session_id, staff_id, staff_name, occurred_at, business_date, currency, digits, total, \
         tax_total, cash_rounding, tender, amount, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, \
         $13, $14, $15, $16, $17, $18, $19, $20, $21, $22) ON CONFLICT (tenant_id, refund_id) DO NOTHING",
    )
    .bind(tenant.as_str())
    .bind(refund_id.as_str())
    .bind(refund.order_id.map(|id| id.to_string()))
    .bind(refund.order_receipt_number.as_deref())
    .bind(refund.outlet_id.to_string())
    .bind(refund.terminal_id.to_string())
    .bind(epoch)
    .bind(seq)
    .bind(refund.receipt_number.as_str())
    .bind(refund.drawer_session_id.to_string())
    .bind(refund.staff_id.to_string())
    .bind(refund.staff_name.as_str())
    .bind(refund.occurred_at.as_millis())
    .bind(refund.business_date.to_string())
    .bind(refund.currency.to_string())
    .bind(i64::from(refund.digits))
    .bind(refund.total.minor())
    .bind(refund.tax_total.minor())
    .bind(refund.cash_rounding.minor())
    .bind(word(refund.tender))
    .bind(refund.amount.minor())
    .bind(refund.reason.as_str())
    .execute(&mut **tx)
    .await?;
    if inserted.rows_affected() == 0 {
        return Ok(false);
    }
    const COLUMNS: usize = 13;
    let numbered: Vec<_> = (1_i64..).zip(&refund.lines).collect();
    for chunk in batches(&numbered, COLUMNS) {
        let sql = format!(
            "INSERT INTO refund_lines (tenant_id, refund_id, line_number, line_id, item_id, variant_id, sku, name, \
             unit_price, quantity, amount, tax, restock) VALUES {}",
            placeholders(1, chunk.len(), COLUMNS)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (number, line) in chunk {
            query = query
                .bind(tenant.as_str())
                .bind(refund_id.as_str())
                .bind(*number)
                .bind(line.line_id.to_string())
                .bind(line.item_id.to_string())
                .bind(line.variant_id.map(|id| id.to_string()))
                .bind(line.sku.as_str())
                .bind(line.name.as_str())
                .bind(line.unit_price.raw())
                .bind(line.quantity.raw())
                .bind(line.amount.minor())
                .bind(line.tax.minor())
                .bind(i64::from(line.restock));
        }
        query.execute(&mut **tx).await?;
    }
    Ok(true)
}

type Place = Option<(String, i64, i64)>;

/// Which event an order came from: terminal, epoch, seq.
///
/// # Errors
/// A failed statement.
pub async fn place_of_order(tx: &mut Tx, tenant: TenantId, order_id: &str) -> Result<Place, DatabaseError> {
    let sql = "SELECT terminal_id, epoch, seq FROM orders WHERE tenant_id = $1 AND order_id = $2";
    place(tx, sql, tenant, order_id).await
}

/// Which event a refund came from: terminal, epoch, seq.
///
/// # Errors
/// A failed statement.
pub async fn place_of_refund(tx: &mut Tx, tenant: TenantId, refund_id: &str) -> Result<Place, DatabaseError> {
    let sql = "SELECT terminal_id, epoch, seq FROM refunds WHERE tenant_id = $1 AND refund_id = $2";
    place(tx, sql, tenant, refund_id).await
}

async fn place(tx: &mut Tx, sql: &'static str, tenant: TenantId, id: &str) -> Result<Place, DatabaseError> {
    let row = sqlx::query(sql).bind(tenant.to_string()).bind(id).fetch_optional(&mut **tx).await?;
    row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).transpose()
}

/// What was paid for an order and what was given back, both without cash rounding; None while either is missing.
///
/// # Errors
/// A failed statement.
pub async fn captured(
    tx: &mut Tx,
    tenant: TenantId,
    order_id: &str,
) -> Result<Option<(i64, i64)>, DatabaseError> {
    let row = sqlx::query(
        "SELECT o.total, CAST(SUM(r.total) AS BIGINT) FROM orders o \
         JOIN refunds r ON r.tenant_id = o.tenant_id AND r.order_id = o.order_id \
         WHERE o.tenant_id = $1 AND o.order_id = $2 GROUP BY o.total",
    )
    .bind(tenant.to_string())
    .bind(order_id)
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).transpose()
}
