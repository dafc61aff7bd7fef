//! Digests of rows from before there were any: made once, at the start.

use shared::ids::TenantId;
use sqlx::Row as _;

use super::sums::{Counted, digest};
use crate::database::{Database, DatabaseError};

/// Rows looked at in one statement.
const PAGE: i64 = 1_000;

/// Gives every row of every business its digest, and counts all of them, where that was not done yet.
///
/// # Errors
/// A failed statement.
pub async fn digest_all(db: &Database) -> Result<(), DatabaseError> {
    let mut tx = db.system_latest().await?;
    let sql = "SELECT DISTINCT tenant_id FROM feed_rows WHERE body IS NOT NULL AND digest IS NULL";
    let rows = sqlx::query(sql).fetch_all(&mut *tx).await?;
    drop(tx);
    for row in rows {
        let tenant: &str = row.try_get(0)?;
        let tenant = tenant.parse().map_err(|error| DatabaseError::corrupt("feed_rows", error))?;
        digest_tenant(db, tenant).await?;
    }
    Ok(())
}

async fn digest_tenant(db: &Database, tenant: TenantId) -> Result<(), DatabaseError> {
    let mut tx = db.write(tenant).await?;
    let tenant_text = tenant.to_string();
    // The lock under which every change of the feed is made.
    sqlx::query("UPDATE tenants SET change_seq = change_seq WHERE tenant_id = $1")
        .bind(tenant_text.as_str())
        .execute(&mut *tx)
        .await?;
    let (mut counted, mut after) = (Counted::default(), 0_i64);
    loop {
        let sql = "SELECT entity, row_id, outlet_id, change_seq, body FROM feed_rows WHERE tenant_id = $1 \
                   AND change_seq > $2 AND body IS NOT NULL ORDER BY change_seq LIMIT $3";
        let query = sqlx::query(sql).bind(tenant_text.as_str()).bind(after).bind(PAGE);
        let rows = query.fetch_all(&mut *tx).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            let (kind, id, body): (&str, &str, &str) = (row.try_get(0)?, row.try_get(1)?, row.try_get(4)?);
            after = row.try_get(3)?;
            let digest = digest(kind, id, after, body)?;
            counted.add(kind, row.try_get(2)?, body, digest);
            sqlx::query(
                "UPDATE feed_rows SET digest = $4 WHERE tenant_id = $1 AND entity = $2 AND row_id = $3",
            )
            .bind(tenant_text.as_str())
            .bind(kind)
            .bind(id)
            .bind(digest.to_bytes().to_vec())
            .execute(&mut *tx)
            .await?;
        }
    }
    sqlx::query("DELETE FROM feed_sums WHERE tenant_id = $1")
        .bind(tenant_text.as_str())
        .execute(&mut *tx)
        .await?;
    counted.write(&mut tx, tenant).await?;
    tx.commit().await?;
    Ok(())
}
