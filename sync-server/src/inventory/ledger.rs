//! The ledger: every movement once, and the level of every item beside it.

use std::collections::BTreeMap;

use crate::database::Tx;
use shared::BusinessDate;
use shared::ids::{ItemId, VariantId};
use sqlx::AssertSqlSafe;

use crate::database::{DatabaseError, batches, placeholders};
use crate::sync::apply::Context;

/// Goods of one item that moved.
#[derive(Debug, Clone, Copy)]
pub struct Movement<'a> {
    /// What moved.
    pub item_id: ItemId,
    /// Its variant.
    pub variant_id: Option<VariantId>,
    /// The business's code at the time.
    pub sku: &'a str,
    /// How many, in thousandths; below zero left the shelf.
    pub thousandths: i64,
}

/// Books the movements of one source, which the caller knows to be new; below zero is accepted, the goods are gone.
///
/// # Errors
/// A failed statement, or a level beyond range.
pub async fn book(
    tx: &mut Tx,
    context: &Context<'_>,
    source_id: &str,
    reason: &str,
    date: BusinessDate,
    movements: &[Movement<'_>],
) -> Result<(), DatabaseError> {
    const COLUMNS: usize = 12;
    let event = context.event;
    let (tenant, outlet, terminal) =
        (context.tenant.to_string(), event.outlet_id.to_string(), event.terminal_id.to_string());
    let date = date.to_string();
    let mut levels: BTreeMap<(String, String), i64> = BTreeMap::new();
    let numbered: Vec<_> = (1_i64..).zip(movements).collect();
    for chunk in batches(&numbered, COLUMNS) {
        let sql = format!(
            "INSERT INTO stock_movements (tenant_id, source_id, line_number, reason, outlet_id, terminal_id, item_id, \
             variant_id, sku, quantity, occurred_at, business_date) VALUES {}",
            placeholders(1, chunk.len(), COLUMNS)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (number, movement) in chunk {
            let item = movement.item_id.to_string();
            let variant = movement.variant_id.map(|id| id.to_string()).unwrap_or_default();
            let level = levels.entry((item.clone(), variant.clone())).or_default();
            *level = level
                .checked_add(movement.thousandths)
                .ok_or_else(|| DatabaseError::corrupt("stock_levels", "the sum is beyond range"))?;
            query = query
                .bind(tenant.as_str())
                .bind(source_id)
                .bind(*number)
                .bind(reason)
                .bind(outlet.as_str())
                .bind(terminal.as_str())
                .bind(item)
                .bind(variant)
                .bind(movement.sku)
                .bind(movement.thousandths)
                .bind(event.occurred_at.as_millis())
                .bind(date.as_str());
        }
        query.execute(&mut **tx).await?;
    }
    change_levels(tx, &tenant, &outlet, levels).await
}

/// Adds to the levels, in the order of the items, so that two servers never wait for each other in a circle.
async fn change_levels(
    tx: &mut Tx,
    tenant: &str,
    outlet: &str,
    levels: BTreeMap<(String, String), i64>,
) -> Result<(), DatabaseError> {
    const COLUMNS: usize = 5;
    let levels: Vec<_> = levels.into_iter().collect();
    for chunk in batches(&levels, COLUMNS) {
        let sql = format!(
            "INSERT INTO stock_levels (tenant_id, outlet_id, item_id, variant_id, quantity) VALUES {} \
             ON CONFLICT (tenant_id, outlet_id, item_id, variant_id) \
             DO UPDATE SET quantity = stock_levels.quantity + excluded.quantity",
            placeholders(1, chunk.len(), COLUMNS)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for ((item, variant), thousandths) in chunk {
            query =
                query.bind(tenant).bind(outlet).bind(item.as_str()).bind(variant.as_str()).bind(*thousandths);
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}
