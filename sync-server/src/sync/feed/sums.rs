//! What there is of each kind of row, for all outlets and for each, kept as rows come and go: a terminal compares it with
//! what it holds.

use std::collections::BTreeMap;

use shared::ids::{OutletId, TenantId};
use shared::staff::Staff;
use shared::wire::feed::{Sum, Sums};
use shared::wire::{FeedSum, entity};
use sqlx::{AssertSqlSafe, Row as _};

use super::Change;
use crate::database::{DatabaseError, Tx, placeholders};

/// The outlets whose terminals hold a row; empty text is all of them.
fn held_at(kind: &str, outlet: Option<String>, body: &str) -> Vec<String> {
    if kind != entity::STAFF {
        return vec![outlet.unwrap_or_default()];
    }
    // As pulled: a person belongs to all outlets or to those named, and one who cannot be read to none.
    match serde_json::from_str::<Staff>(body) {
        Ok(staff) if staff.outlet_ids.is_empty() => vec![String::new()],
        Ok(staff) => staff.outlet_ids.iter().map(ToString::to_string).collect(),
        Err(_) => Vec::new(),
    }
}

/// A stored digest.
pub(in crate::sync) fn digest_of(bytes: &[u8]) -> Result<Sum, DatabaseError> {
    bytes.try_into().map(Sum::from_bytes).map_err(|error| DatabaseError::corrupt("feed_rows", error))
}

/// How the sums change, by outlet and kind: rows and digests that came, and that went.
#[derive(Debug, Default)]
pub(super) struct Counted(BTreeMap<(String, String), (i64, Sum)>);

impl Counted {
    fn count(&mut self, kind: &str, outlet: Option<String>, body: &str, change: impl Fn(&mut (i64, Sum))) {
        for outlet in held_at(kind, outlet, body) {
            change(self.0.entry((outlet, kind.to_owned())).or_default());
        }
    }

    /// Counts in a row that is there.
    pub fn add(&mut self, kind: &str, outlet: Option<String>, body: &str, digest: Sum) {
        self.count(kind, outlet, body, |(rows, sum)| (*rows, *sum) = (*rows + 1, sum.plus(digest)));
    }

    /// Counts the rows out that `changes` are about to replace.
    ///
    /// # Errors
    /// A failed statement.
    pub async fn without(
        &mut self,
        tx: &mut Tx,
        tenant: TenantId,
        changes: &[Change],
    ) -> Result<(), DatabaseError> {
        let mut ids: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for change in changes {
            ids.entry(change.entity).or_default().push(&change.row_id);
        }
        for (kind, ids) in ids {
            let one = "SELECT outlet_id, body, digest FROM feed_rows WHERE tenant_id = $1 AND entity = $2 \
                       AND body IS NOT NULL AND digest IS NOT NULL AND row_id";
            let sql = if tx.is_sqlite() {
                format!("{one} IN {}", placeholders(3, 1, ids.len()))
            } else {
                // Of a table that grows within this transaction PostgreSQL thinks that such a list names a third of the
                // rows, and looks at all of them; asked for one by one, each is found by its key.
                format!(
                    "SELECT found.outlet_id, found.body, found.digest FROM (VALUES {}) AS wanted (id) \
                     CROSS JOIN LATERAL ({one} = wanted.id LIMIT 1) AS found",
                    placeholders(3, ids.len(), 1)
                )
            };
            let mut query = sqlx::query(AssertSqlSafe(sql)).bind(tenant.to_string()).bind(kind);
            for id in ids {
                query = query.bind(id);
            }
            for row in query.fetch_all(&mut **tx).await? {
                let digest = digest_of(row.try_get(2)?)?;
                self.count(kind, row.try_get(0)?, row.try_get(1)?, |(rows, sum)| {
                    (*rows, *sum) = (*rows - 1, sum.minus(digest));
                });
            }
        }
        Ok(())
    }

    /// Counts a change in and gives its digest; None for a tombstone.
    ///
    /// # Errors
    /// A body that is no JSON.
    pub fn with(&mut self, change: &Change, number: i64) -> Result<Option<Sum>, DatabaseError> {
        let Some(body) = &change.body else { return Ok(None) };
        let digest = digest(change.entity, &change.row_id, number, body)?;
        self.add(change.entity, change.outlet.map(|outlet| outlet.to_string()), body, digest);
        Ok(Some(digest))
    }

    /// Writes it into the sums of the business, whose row the caller has locked.
    ///
    /// # Errors
    /// A failed statement.
    pub async fn write(self, tx: &mut Tx, tenant: TenantId) -> Result<(), DatabaseError> {
        for ((outlet, kind), (rows, sum)) in self.0 {
            let standing = sqlx::query(
                "SELECT row_count, sum FROM feed_sums WHERE tenant_id = $1 AND outlet_id = $2 AND entity = $3",
            )
            .bind(tenant.to_string())
            .bind(outlet.as_str())
            .bind(kind.as_str())
            .fetch_optional(&mut **tx)
            .await?;
            let (known, so_far) = match standing {
                Some(row) => (row.try_get::<i64, _>(0)?, digest_of(row.try_get(1)?)?),
                None => (0, Sum::default()),
            };
            sqlx::query(
                "INSERT INTO feed_sums (tenant_id, outlet_id, entity, row_count, sum) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (tenant_id, outlet_id, entity) DO UPDATE SET row_count = excluded.row_count, \
                 sum = excluded.sum",
            )
            .bind(tenant.to_string())
            .bind(outlet)
            .bind(kind)
            .bind(known + rows)
            .bind(so_far.plus(sum).to_bytes().to_vec())
            .execute(&mut **tx)
            .await?;
        }
        Ok(())
    }
}

/// The digest of a row as it is stored.
///
/// # Errors
/// A body that is no JSON.
pub(super) fn digest(kind: &str, id: &str, number: i64, body: &str) -> Result<Sum, DatabaseError> {
    let corrupt = |error: &dyn std::fmt::Display| DatabaseError::corrupt("feed_rows", error);
    let number = u64::try_from(number).map_err(|error| corrupt(&error))?;
    let body = serde_json::from_str(body).map_err(|error| corrupt(&error))?;
    Ok(Sum::of_row(kind, id, number, &body))
}

/// What a terminal of an outlet holds that has read the whole feed, by kind.
///
/// # Errors
/// A failed statement.
pub async fn of_outlet(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: OutletId,
) -> Result<Vec<FeedSum>, DatabaseError> {
    let rows = sqlx::query(
        "SELECT entity, row_count, sum FROM feed_sums WHERE tenant_id = $1 AND outlet_id IN ('', $2)",
    )
    .bind(tenant.to_string())
    .bind(outlet.to_string())
    .fetch_all(&mut **tx)
    .await?;
    let mut sums = Sums::default();
    for row in rows {
        let count = u64::try_from(row.try_get::<i64, _>(1)?).unwrap_or(0);
        sums.add_many(row.try_get(0)?, count, digest_of(row.try_get(2)?)?);
    }
    Ok(sums.into())
}
