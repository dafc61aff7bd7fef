//! What items cost before: kept when a price changes, so that a sale made at an old price can be told from a false one.

use shared::Timestamp;
use shared::UnitPrice;
use shared::catalogue::Item;
use shared::ids::{TenantId, VariantId};
use sqlx::AssertSqlSafe;

use crate::database::{DatabaseError, Tx, batches, placeholders};

const COLUMNS: usize = 6;

/// A price that was replaced.
struct Before {
    item_id: String,
    variant_id: String,
    unit_price: Option<UnitPrice>,
}

/// Keeps the prices of items that cost something else from now on. A till that asked for the new one sold at it from `asked_at`
/// on, which is no fault of its.
///
/// # Errors
/// A failed statement.
pub async fn keep<'a>(
    tx: &mut Tx,
    tenant: TenantId,
    changes: impl Iterator<Item = (&'a Item, &'a Item)>,
    now: Timestamp,
    asked_at: Option<Timestamp>,
) -> Result<(), DatabaseError> {
    let mut replaced = Vec::new();
    for (before, after) in changes {
        let mut keep = |variant: Option<VariantId>, unit_price| {
            let variant_id = variant.map(|id| id.to_string()).unwrap_or_default();
            replaced.push(Before { item_id: before.item_id.to_string(), variant_id, unit_price });
        };
        if before.unit_price != after.unit_price {
            keep(None, before.unit_price);
        }
        for variant in &before.variants {
            let now = after.variants.iter().find(|of| of.variant_id == variant.variant_id);
            if now.is_some_and(|now| now.unit_price != variant.unit_price) {
                keep(Some(variant.variant_id), Some(variant.unit_price));
            }
        }
    }
    for chunk in batches(&replaced, COLUMNS) {
        let sql = format!(
            "INSERT INTO item_prices (tenant_id, item_id, variant_id, held_until, unit_price, asked_at) VALUES {} \
             ON CONFLICT (tenant_id, item_id, variant_id, held_until) DO NOTHING",
            placeholders(1, chunk.len(), COLUMNS)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for before in chunk {
            query = query
                .bind(tenant.to_string())
                .bind(before.item_id.as_str())
                .bind(before.variant_id.as_str())
                .bind(now.as_millis())
                .bind(before.unit_price.map(UnitPrice::raw))
                .bind(asked_at.map(Timestamp::as_millis));
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}
