//! Past sales as their tills wrote them, to be computed again.

use shared::BusinessDate;
use shared::Timestamp;
use shared::ids::{OrderId, OutletId, TenantId};
use shared::order::Order;
use sqlx::{AssertSqlSafe, Row as _};

use crate::database::{DatabaseError, Filters, Tx};
use crate::sync::apply::ReadSale;

/// Sales of one page.
const PAGE: i64 = 500;

/// A page of the sales between two days of business, both in it, in the order in which they occurred.
///
/// # Errors
/// A failed statement, or a sale that cannot be read.
pub async fn page(
    tx: &mut Tx,
    tenant: TenantId,
    (from, until): (BusinessDate, BusinessDate),
    outlet: Option<OutletId>,
    after: Option<(Timestamp, OrderId)>,
) -> Result<Vec<Order>, DatabaseError> {
    let mut filters = Filters::of("o.tenant_id", tenant);
    filters.text("o.business_date", ">=", Some(from));
    filters.text("o.business_date", "<=", Some(until));
    filters.text("o.outlet_id", "=", outlet);
    let place = after.map(|(at, id)| (at.as_millis(), id.to_string()));
    filters.beyond("o.occurred_at", "o.order_id", place);
    let sql = format!(
        "SELECT e.raw FROM orders o JOIN journal_events e ON e.tenant_id = o.tenant_id \
         AND e.terminal_id = o.terminal_id AND e.epoch = o.epoch AND e.seq = o.seq \
         WHERE {} ORDER BY o.occurred_at, o.order_id LIMIT {PAGE}",
        filters.sql()
    );
    let rows = filters.bind(sqlx::query(AssertSqlSafe(sql)).persistent(false)).fetch_all(&mut **tx).await?;
    let mut orders = Vec::with_capacity(rows.len());
    for row in &rows {
        let raw: &[u8] = row.try_get(0)?;
        let sale = ReadSale::of(raw);
        orders.push(sale.ok_or_else(|| DatabaseError::corrupt("journal_events", "an applied sale"))?.order);
    }
    Ok(orders)
}
