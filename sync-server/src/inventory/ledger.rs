//! The ledger: every movement once, and the level of every item beside it.

use std::collections::BTreeMap;

use crate::database::Tx;
use shared::BusinessDate;
use shared::ids::{ItemId, VariantId};
use sqlx::AssertSqlSafe;

use crate::database::{DatabaseError, large_batches, values};
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

/// What moved for one cause: a sale, a refund or a movement of its own.
#[derive(Debug)]
pub struct Source<'a> {
    /// Its event.
    pub context: Context<'a>,
    /// The sale, refund or movement.
    pub id: String,
    /// Why, as it stands in the ledger.
    pub reason: &'a str,
    /// The day of business.
    pub date: BusinessDate,
    /// What moved.
    pub movements: Vec<Movement<'a>>,
}

/// Outlet, item and variant, as they stand in the tables.
type Shelf = (String, String, String);

/// Books the movements of sources of one business, which the caller knows to be new; below zero is accepted, the goods are
/// gone.
///
/// # Errors
/// A failed statement, or a level beyond range.
pub async fn book(tx: &mut Tx, sources: &[Source<'_>]) -> Result<(), DatabaseError> {
    const COLUMNS: usize = 12;
    let Some(tenant) = sources.first().map(|source| source.context.tenant.to_string()) else { return Ok(()) };
    let mut levels: BTreeMap<Shelf, i64> = BTreeMap::new();
    let rows: Vec<_> = sources
        .iter()
        .flat_map(|source| (1_i64..).zip(&source.movements).map(move |row| (source, row)))
        .collect();
    for chunk in large_batches(&rows, COLUMNS) {
        let sql = format!(
            "INSERT INTO stock_movements (tenant_id, source_id, line_number, reason, outlet_id, terminal_id, item_id, \
             variant_id, sku, quantity, occurred_at, business_date) VALUES {}",
            values(tx, chunk.len(), COLUMNS)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (source, (number, movement)) in chunk {
            let event = source.context.event;
            let (outlet, item) = (event.outlet_id.to_string(), movement.item_id.to_string());
            let variant = movement.variant_id.map(|id| id.to_string()).unwrap_or_default();
            query = query
                .bind(tenant.as_str())
                .bind(source.id.as_str())
                .bind(*number)
                .bind(source.reason)
                .bind(outlet.clone())
                .bind(event.terminal_id.to_string())
                .bind(item.clone())
                .bind(variant.clone())
                .bind(movement.sku)
                .bind(movement.thousandths)
                .bind(event.occurred_at.as_millis())
                .bind(source.date.to_string());
            let level = levels.entry((outlet, item, variant)).or_default();
            *level = level
                .checked_add(movement.thousandths)
                .ok_or_else(|| DatabaseError::corrupt("stock_levels", "the sum is beyond range"))?;
        }
        query.execute(&mut **tx).await?;
    }
    change_levels(tx, &tenant, levels).await
}

/// Adds to the levels, in the order of the shelves, so that two servers never wait for each other in a circle.
async fn change_levels(tx: &mut Tx, tenant: &str, levels: BTreeMap<Shelf, i64>) -> Result<(), DatabaseError> {
    const COLUMNS: usize = 5;
    let levels: Vec<_> = levels.into_iter().collect();
    for chunk in large_batches(&levels, COLUMNS) {
        let sql = format!(
            "INSERT INTO stock_levels (tenant_id, outlet_id, item_id, variant_id, quantity) VALUES {} \
             ON CONFLICT (tenant_id, outlet_id, item_id, variant_id) \
             DO UPDATE SET quantity = stock_levels.quantity + excluded.quantity",
            values(tx, chunk.len(), COLUMNS)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for ((outlet, item, variant), thousandths) in chunk {
            query = query
                .bind(tenant)
                .bind(outlet.as_str())
                .bind(item.as_str())
                .bind(variant.as_str())
                .bind(*thousandths);
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}
