//! Orders written, each once: one or many, by a few statements for all of them.

use std::collections::BTreeMap;

use shared::ids::PromotionId;
use shared::order::Order;
use sqlx::AssertSqlSafe;

use crate::database::Kind::{Number, Text};
use crate::database::{Bulk, DatabaseError, Tx, large_batches, placeholders, text_array, word};
use crate::sync::apply::Context;

/// An order with the event that it came in.
#[derive(Debug, Clone, Copy)]
pub struct Sale<'a> {
    /// Its event.
    pub context: Context<'a>,
    /// The order.
    pub order: &'a Order,
}

const ORDERS: Bulk = Bulk {
    table: "orders",
    columns: &[
        ("order_id", Text),
        ("outlet_id", Text),
        ("terminal_id", Text),
        ("epoch", Number),
        ("seq", Number),
        ("cart_id", Text),
        ("receipt_number", Text),
        ("drawer_session_id", Text),
        ("staff_id", Text),
        ("staff_name", Text),
        ("occurred_at", Number),
        ("business_date", Text),
        ("currency", Text),
        ("digits", Number),
        ("line_count", Number),
        ("subtotal", Number),
        ("discount_total", Number),
        ("service_charge", Number),
        ("tax_total", Number),
        ("total", Number),
        ("cash_rounding", Number),
        ("change_due", Number),
        ("note", Text),
        ("customer_id", Text),
    ],
    conflict: "ON CONFLICT (tenant_id, order_id) DO NOTHING",
};

const LINES: Bulk = Bulk {
    table: "order_lines",
    columns: &[
        ("order_id", Text),
        ("line_number", Number),
        ("line_id", Text),
        ("item_id", Text),
        ("variant_id", Text),
        ("sku", Text),
        ("name", Text),
        ("category_id", Text),
        ("unit_price", Number),
        ("quantity", Number),
        ("gross", Number),
        ("discount", Number),
        ("tax", Number),
        ("share", Number),
    ],
    conflict: "",
};

const TENDERS: Bulk = Bulk {
    table: "order_tenders",
    columns: &[
        ("order_id", Text),
        ("tender_number", Number),
        ("tender_id", Text),
        ("kind", Text),
        ("amount", Number),
        ("given", Number),
    ],
    conflict: "",
};

const TAXES: Bulk = Bulk {
    table: "order_taxes",
    columns: &[
        ("order_id", Text),
        ("tax_id", Text),
        ("name", Text),
        ("rate_ppm", Number),
        ("included", Number),
        ("base", Number),
        ("amount", Number),
    ],
    conflict: "",
};

const PROMOTIONS: Bulk = Bulk {
    table: "order_promotions",
    columns: &[
        ("order_id", Text),
        ("promotion_id", Text),
        ("coupon", Text),
        ("name", Text),
        ("times", Number),
        ("amount", Number),
    ],
    conflict: "",
};

/// Inserts orders with all their rows; false, and then nothing may be committed, when one of them is there already.
///
/// # Errors
/// A failed statement.
pub async fn insert(tx: &mut Tx, tenant: &str, sales: &[Sale<'_>]) -> Result<bool, DatabaseError> {
    let written = ORDERS.insert(tx, tenant, sales, |Sale { context, order }, cells| {
        let (epoch, seq) = context.place();
        cells.text(order.order_id);
        cells.text(order.outlet_id);
        cells.text(order.terminal_id);
        cells.number(epoch);
        cells.number(seq);
        cells.text(order.cart_id);
        cells.text(&order.receipt_number);
        cells.text(order.drawer_session_id);
        cells.text(order.staff_id);
        cells.text(&order.staff_name);
        cells.number(order.occurred_at.as_millis());
        cells.text(order.business_date);
        cells.text(order.currency);
        cells.number(i64::from(order.digits));
        cells.number(i64::try_from(order.lines.len()).unwrap_or(i64::MAX));
        cells.number(order.subtotal.minor());
        cells.number(order.discount_total.minor());
        cells.number(order.service_charge.minor());
        cells.number(order.tax_total.minor());
        cells.number(order.total.minor());
        cells.number(order.cash_rounding.minor());
        cells.number(order.change_due.minor());
        cells.text_or_null(order.note.as_deref());
        cells.text_or_null(order.terms.as_ref().and_then(|terms| terms.customer_id));
    });
    if usize::try_from(written.await?) != Ok(sales.len()) {
        return Ok(false);
    }
    insert_lines(tx, tenant, sales).await?;
    insert_tenders(tx, tenant, sales).await?;
    insert_taxes(tx, tenant, sales).await?;
    insert_promotions(tx, tenant, sales).await?;
    Ok(true)
}

async fn insert_lines(tx: &mut Tx, tenant: &str, sales: &[Sale<'_>]) -> Result<(), DatabaseError> {
    let mut rows = Vec::with_capacity(sales.len());
    for Sale { order, .. } in sales {
        for (number, line) in (1_i64..).zip(&order.lines) {
            let discount = line.figures.line_discount.add(line.figures.order_discount);
            let discount = discount.map_err(|error| DatabaseError::corrupt("order_lines", error))?;
            rows.push((order.order_id, number, line, discount.minor()));
        }
    }
    let written = LINES.insert(tx, tenant, &rows, |(order_id, number, line, discount), cells| {
        let figures = &line.figures;
        cells.text(order_id);
        cells.number(*number);
        cells.text(figures.line_id);
        cells.text(line.item_id);
        cells.text_or_null(line.variant_id);
        cells.text(&line.sku);
        cells.text(&line.name);
        cells.text_or_null(line.category_id);
        cells.number(line.unit_price.raw());
        cells.number(line.quantity.raw());
        cells.number(figures.gross.minor());
        cells.number(*discount);
        cells.number(figures.tax_share.minor());
        cells.number(figures.share.minor());
    });
    written.await.map(drop)
}

async fn insert_tenders(tx: &mut Tx, tenant: &str, sales: &[Sale<'_>]) -> Result<(), DatabaseError> {
    let rows: Vec<_> = sales
        .iter()
        .flat_map(|sale| (1_i64..).zip(&sale.order.tenders).map(|row| (sale.order.order_id, row)))
        .collect();
    let written = TENDERS.insert(tx, tenant, &rows, |(order_id, (number, tender)), cells| {
        cells.text(order_id);
        cells.number(*number);
        cells.text(tender.tender_id);
        cells.text(word(tender.kind));
        cells.number(tender.amount.minor());
        cells.number(tender.given.minor());
    });
    written.await.map(drop)
}

async fn insert_taxes(tx: &mut Tx, tenant: &str, sales: &[Sale<'_>]) -> Result<(), DatabaseError> {
    let rows: Vec<_> =
        sales.iter().flat_map(|sale| sale.order.taxes.iter().map(|tax| (sale.order.order_id, tax))).collect();
    let written = TAXES.insert(tx, tenant, &rows, |(order_id, tax), cells| {
        cells.text(order_id);
        cells.text(tax.tax_id);
        cells.text(&tax.name);
        cells.number(i64::from(tax.rate_ppm.0));
        cells.number(i64::from(tax.included));
        cells.number(tax.base.minor());
        cells.number(tax.amount.minor());
    });
    written.await.map(drop)
}

/// What a promotion, or one code of it, came to in an order.
#[derive(Default)]
struct Given<'a> {
    name: &'a str,
    times: i64,
    amount: i64,
}

/// Promotions of an order by id and code: what the lines say was taken off, and how often the order says it was applied.
fn given(order: &Order) -> Result<BTreeMap<(PromotionId, &str), Given<'_>>, DatabaseError> {
    let mut given: BTreeMap<(PromotionId, &str), Given<'_>> = BTreeMap::new();
    for used in &order.promotion_uses {
        let key = (used.promotion_id, used.coupon.as_deref().unwrap_or_default());
        given.entry(key).or_default().times += i64::from(used.times);
    }
    for applied in order.lines.iter().flat_map(|line| &line.figures.promotions) {
        let key = (applied.promotion_id, applied.coupon.as_deref().unwrap_or_default());
        let part = given.entry(key).or_default();
        part.name = &applied.name;
        part.amount = part
            .amount
            .checked_add(applied.amount.minor())
            .ok_or_else(|| DatabaseError::corrupt("order_promotions", "a sum is beyond range"))?;
    }
    Ok(given)
}

async fn insert_promotions(tx: &mut Tx, tenant: &str, sales: &[Sale<'_>]) -> Result<(), DatabaseError> {
    let mut rows = Vec::new();
    for Sale { order, .. } in sales {
        rows.extend(given(order)?.into_iter().map(|(key, given)| (order.order_id, key, given)));
    }
    let written = PROMOTIONS.insert(tx, tenant, &rows, |(order_id, (promotion_id, coupon), given), cells| {
        cells.text(order_id);
        cells.text(promotion_id);
        cells.text(coupon);
        cells.text(given.name);
        cells.number(given.times);
        cells.number(given.amount);
    });
    written.await.map(drop)
}

/// Whether something was given back of any of the orders: refunds may come before their sales.
///
/// # Errors
/// A failed statement.
pub async fn any_refunded(tx: &mut Tx, tenant: &str, sales: &[Sale<'_>]) -> Result<bool, DatabaseError> {
    if !tx.is_sqlite() {
        let orders = text_array(sales.iter().map(|sale| sale.order.order_id));
        let sql = "SELECT 1 FROM refunds WHERE tenant_id = $1 AND order_id = ANY(CAST($2 AS TEXT[])) LIMIT 1";
        let found = sqlx::query(sql).bind(tenant).bind(orders).fetch_optional(&mut **tx).await?;
        return Ok(found.is_some());
    }
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
