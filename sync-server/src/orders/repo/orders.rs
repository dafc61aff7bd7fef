//! Orders written, each once: one or many, by a few statements for all of them.

use shared::order::Order;
use sqlx::AssertSqlSafe;

use super::write::word;
use crate::database::{DatabaseError, Tx, large_batches, placeholders, values};
use crate::sync::apply::Context;

/// An order with the event that it came in.
#[derive(Debug, Clone, Copy)]
pub struct Sale<'a> {
    /// Its event.
    pub context: Context<'a>,
    /// The order.
    pub order: &'a Order,
}

/// Inserts orders with all their rows; false, and then nothing may be committed, when one of them is there already.
///
/// # Errors
/// A failed statement.
pub async fn insert(tx: &mut Tx, tenant: &str, sales: &[Sale<'_>]) -> Result<bool, DatabaseError> {
    const COLUMNS: usize = 24;
    for chunk in large_batches(sales, COLUMNS) {
        let sql = format!(
            "INSERT INTO orders (tenant_id, order_id, outlet_id, terminal_id, epoch, seq, cart_id, receipt_number, \
             drawer_session_id, staff_id, staff_name, occurred_at, business_date, currency, digits, line_count, subtotal, \
             discount_total, service_charge, tax_total, total, cash_rounding, change_due, note) VALUES {} \
             ON CONFLICT (tenant_id, order_id) DO NOTHING",
            values(tx, chunk.len(), COLUMNS)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for Sale { context, order } in chunk {
            let (epoch, seq) = context.place();
            query = query
                .bind(tenant)
                .bind(order.order_id.to_string())
                .bind(order.outlet_id.to_string())
                .bind(order.terminal_id.to_string())
                .bind(epoch)
                .bind(seq)
                .bind(order.cart_id.to_string())
                .bind(order.receipt_number.as_str())
                .bind(order.drawer_session_id.to_string())
                .bind(order.staff_id.to_string())
                .bind(order.staff_name.as_str())
                .bind(order.occurred_at.as_millis())
                .bind(order.business_date.to_string())
                .bind(order.currency.to_string())
                .bind(i64::from(order.digits))
                .bind(i64::try_from(order.lines.len()).unwrap_or(i64::MAX))
                .bind(order.subtotal.minor())
                .bind(order.discount_total.minor())
                .bind(order.service_charge.minor())
                .bind(order.tax_total.minor())
                .bind(order.total.minor())
                .bind(order.cash_rounding.minor())
                .bind(order.change_due.minor())
                .bind(order.note.as_deref());
        }
        let inserted = query.execute(&mut **tx).await?.rows_affected();
        if usize::try_from(inserted) != Ok(chunk.len()) {
            return Ok(false);
        }
    }
    insert_lines(tx, tenant, sales).await?;
    insert_tenders(tx, tenant, sales).await?;
    insert_taxes(tx, tenant, sales).await?;
    Ok(true)
}

async fn insert_lines(tx: &mut Tx, tenant: &str, sales: &[Sale<'_>]) -> Result<(), DatabaseError> {
    const COLUMNS: usize = 15;
    let rows: Vec<_> = sales
        .iter()
        .flat_map(|sale| (1_i64..).zip(&sale.order.lines).map(|row| (sale.order.order_id, row)))
        .collect();
    for chunk in large_batches(&rows, COLUMNS) {
        let sql = format!(
            "INSERT INTO order_lines (tenant_id, order_id, line_number, line_id, item_id, variant_id, sku, name, \
             category_id, unit_price, quantity, gross, discount, tax, share) VALUES {}",
            values(tx, chunk.len(), COLUMNS)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (order_id, (number, line)) in chunk {
            let figures = &line.figures;
            let discount = figures.line_discount.add(figures.order_discount);
            let discount = discount.map_err(|error| DatabaseError::corrupt("order_lines", error))?;
            query = query
                .bind(tenant)
                .bind(order_id.to_string())
                .bind(*number)
                .bind(figures.line_id.to_string())
                .bind(line.item_id.to_string())
                .bind(line.variant_id.map(|id| id.to_string()))
                .bind(line.sku.as_str())
                .bind(line.name.as_str())
                .bind(line.category_id.map(|id| id.to_string()))
                .bind(line.unit_price.raw())
                .bind(line.quantity.raw())
                .bind(figures.gross.minor())
                .bind(discount.minor())
                .bind(figures.tax_share.minor())
                .bind(figures.share.minor());
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

async fn insert_tenders(tx: &mut Tx, tenant: &str, sales: &[Sale<'_>]) -> Result<(), DatabaseError> {
    const COLUMNS: usize = 7;
    let rows: Vec<_> = sales
        .iter()
        .flat_map(|sale| (1_i64..).zip(&sale.order.tenders).map(|row| (sale.order.order_id, row)))
        .collect();
    for chunk in large_batches(&rows, COLUMNS) {
        let sql = format!(
            "INSERT INTO order_tenders (tenant_id, order_id, tender_number, tender_id, kind, amount, given) VALUES {}",
            values(tx, chunk.len(), COLUMNS)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (order_id, (number, tender)) in chunk {
            query = query
                .bind(tenant)
                .bind(order_id.to_string())
                .bind(*number)
                .bind(tender.tender_id.to_string())
                .bind(word(tender.kind))
                .bind(tender.amount.minor())
                .bind(tender.given.minor());
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

async fn insert_taxes(tx: &mut Tx, tenant: &str, sales: &[Sale<'_>]) -> Result<(), DatabaseError> {
    const COLUMNS: usize = 8;
    let rows: Vec<_> =
        sales.iter().flat_map(|sale| sale.order.taxes.iter().map(|tax| (sale.order.order_id, tax))).collect();
    for chunk in large_batches(&rows, COLUMNS) {
        let sql = format!(
            "INSERT INTO order_taxes (tenant_id, order_id, tax_id, name, rate_ppm, included, base, amount) VALUES {}",
            values(tx, chunk.len(), COLUMNS)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (order_id, tax) in chunk {
            query = query
                .bind(tenant)
                .bind(order_id.to_string())
                .bind(tax.tax_id.to_string())
                .bind(tax.name.as_str())
                .bind(i64::from(tax.rate_ppm.0))
                .bind(i64::from(tax.included))
                .bind(tax.base.minor())
                .bind(tax.amount.minor());
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

/// Whether something was given back of any of the orders: refunds may come before their sales.
///
/// # Errors
/// A failed statement.
pub async fn any_refunded(tx: &mut Tx, tenant: &str, sales: &[Sale<'_>]) -> Result<bool, DatabaseError> {
    for chunk in large_batches(sales, 8) {
        let list = placeholders(2, 1, chunk.len());
        let sql = format!("SELECT 1 FROM refunds WHERE tenant_id = $1 AND order_id IN {list} LIMIT 1");
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(tenant);
        for sale in chunk {
            query = query.bind(sale.order.order_id.to_string());
        }
        if query.fetch_optional(&mut **tx).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
