//! The change feed of a business: every change of a synced row gets the next number, in commit order.
//!
//! The number is taken under the lock of the tenant's row, so no reader ever steps over one that commits later. The
//! feed is compacted: one row per thing, holding its present state or, as a tombstone, nothing.

mod backfill;
mod sums;

use serde_json::Value;
use shared::ids::{OutletId, TenantId};
use sqlx::{AssertSqlSafe, Row as _};

use crate::database::{DatabaseError, Tx, batches, placeholders};
use sums::Counted;

pub use backfill::digest_all;
pub(super) use sums::digest_of;
pub use sums::of_outlet as sums_of_outlet;

/// A change of one row that terminals hold.
#[derive(Debug, Clone)]
pub struct Change {
    /// The kind of row, see [`shared::wire::entity`].
    pub entity: &'static str,
    /// The row's id; once per batch.
    pub row_id: String,
    /// The only outlet that gets it; None is all. A row never moves from one outlet to another: staff, who may, go to
    /// all and are filtered when pulled.
    pub outlet: Option<OutletId>,
    /// The present state as JSON text; None is a tombstone.
    pub body: Option<String>,
}

/// Records one change and gives its number.
///
/// # Errors
/// A failed statement; also when the business does not exist.
pub async fn record_change(
    tx: &mut Tx,
    tenant: TenantId,
    entity: &'static str,
    row_id: &str,
    outlet: Option<OutletId>,
    body: Option<&Value>,
) -> Result<u64, DatabaseError> {
    let change = Change { entity, row_id: row_id.to_owned(), outlet, body: body.map(Value::to_string) };
    record_changes(tx, tenant, std::slice::from_ref(&change)).await
}

/// Records many changes, in their order, and gives the number of the last; each row at most once.
///
/// # Errors
/// As [`record_change`].
pub async fn record_changes(tx: &mut Tx, tenant: TenantId, changes: &[Change]) -> Result<u64, DatabaseError> {
    const COLUMNS: usize = 7;
    let count = i64::try_from(changes.len()).map_err(|error| DatabaseError::corrupt("feed_rows", error))?;
    let tenant_text = tenant.to_string();
    let last: i64 = sqlx::query(
        "UPDATE tenants SET change_seq = change_seq + $1 WHERE tenant_id = $2 RETURNING change_seq",
    )
    .bind(count)
    .bind(tenant_text.as_str())
    .fetch_one(&mut **tx)
    .await?
    .try_get(0)?;
    let mut number = last - count;
    let mut counted = Counted::default();
    for chunk in batches(changes, COLUMNS) {
        counted.without(tx, tenant, chunk).await?;
        let sql = format!(
            "INSERT INTO feed_rows (tenant_id, entity, row_id, outlet_id, change_seq, body, digest) VALUES {} \
             ON CONFLICT (tenant_id, entity, row_id) DO UPDATE SET outlet_id = excluded.outlet_id, \
             change_seq = excluded.change_seq, body = excluded.body, digest = excluded.digest",
            placeholders(1, chunk.len(), COLUMNS)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for change in chunk {
            number += 1;
            let digest = counted.with(change, number)?;
            query = query
                .bind(tenant_text.as_str())
                .bind(change.entity)
                .bind(change.row_id.as_str())
                .bind(change.outlet.map(|outlet| outlet.to_string()))
                .bind(number)
                .bind(change.body.as_deref())
                .bind(digest.map(|digest| digest.to_bytes().to_vec()));
        }
        query.execute(&mut **tx).await?;
    }
    counted.write(tx, tenant).await?;
    let last = u64::try_from(last).map_err(|error| DatabaseError::corrupt("tenants", error))?;
    tx.changes_feed(tenant, last);
    Ok(last)
}
