//! The stamps of edits: the last one of each field of a row, and the server's own clock of a business.
//!
//! A field of a row has a stamp once it was edited after the row was made. The server's clock (`tenants.stamp`) is kept
//! under the lock of the tenant's row, like the numbers of the feed, so that several servers on one database are one.

use shared::Timestamp;
use shared::ids::TenantId;
use shared::stamp::{FieldStamps, Node, Stamp};
use sqlx::{AssertSqlSafe, Row as _};

use crate::database::{DatabaseError, Tx, batches, placeholders};

/// A field of a row that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The row's id.
    pub row_id: String,
    /// The field; each of a row once.
    pub field: &'static str,
}

fn parse(text: &str, table: &'static str) -> Result<Stamp, DatabaseError> {
    text.parse().map_err(|error| DatabaseError::corrupt(table, error))
}

/// The stamps of a row's fields.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn of_row(
    tx: &mut Tx,
    tenant: TenantId,
    entity: &str,
    row_id: &str,
) -> Result<FieldStamps, DatabaseError> {
    let rows = sqlx::query(
        "SELECT field, stamp FROM field_stamps WHERE tenant_id = $1 AND entity = $2 AND row_id = $3",
    )
    .bind(tenant.to_string())
    .bind(entity)
    .bind(row_id)
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, parse(row.try_get(1)?, "field_stamps")?))).collect()
}

/// Notes that fields were written at `stamp`, and that the server has seen it.
///
/// # Errors
/// A failed statement.
pub async fn put(
    tx: &mut Tx,
    tenant: TenantId,
    entity: &'static str,
    written: &[Written],
    stamp: Stamp,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    if written.is_empty() {
        return Ok(());
    }
    let last = last(tx, tenant).await?;
    set_last(tx, tenant, last, last.observe(stamp, now)).await?;
    store(tx, tenant, entity, written, stamp).await
}

/// Notes that the server itself wrote fields, later than everything it has seen.
///
/// # Errors
/// A failed statement.
pub async fn put_own(
    tx: &mut Tx,
    tenant: TenantId,
    entity: &'static str,
    written: &[Written],
    now: Timestamp,
) -> Result<(), DatabaseError> {
    if written.is_empty() {
        return Ok(());
    }
    let last = last(tx, tenant).await?;
    let stamp = last.tick(now);
    set_last(tx, tenant, last, stamp).await?;
    store(tx, tenant, entity, written, stamp).await
}

/// Forgets the stamps of a row that is gone.
///
/// # Errors
/// A failed statement.
pub async fn forget(
    tx: &mut Tx,
    tenant: TenantId,
    entity: &'static str,
    row_id: &str,
) -> Result<(), DatabaseError> {
    sqlx::query("DELETE FROM field_stamps WHERE tenant_id = $1 AND entity = $2 AND row_id = $3")
        .bind(tenant.to_string())
        .bind(entity)
        .bind(row_id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The server's last stamp in a business; nobody else makes one until the transaction ends.
async fn last(tx: &mut Tx, tenant: TenantId) -> Result<Stamp, DatabaseError> {
    let row = sqlx::query("UPDATE tenants SET change_seq = change_seq WHERE tenant_id = $1 RETURNING stamp")
        .bind(tenant.to_string())
        .fetch_one(&mut **tx)
        .await?;
    let text: Option<String> = row.try_get(0)?;
    text.map_or(Ok(Stamp::zero(Node::Server)), |text| parse(&text, "tenants"))
}

async fn set_last(tx: &mut Tx, tenant: TenantId, before: Stamp, stamp: Stamp) -> Result<(), DatabaseError> {
    if stamp == before {
        return Ok(());
    }
    sqlx::query("UPDATE tenants SET stamp = $1 WHERE tenant_id = $2")
        .bind(stamp.to_string())
        .bind(tenant.to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn store(
    tx: &mut Tx,
    tenant: TenantId,
    entity: &'static str,
    written: &[Written],
    stamp: Stamp,
) -> Result<(), DatabaseError> {
    const COLUMNS: usize = 5;
    let (tenant, stamp) = (tenant.to_string(), stamp.to_string());
    for chunk in batches(written, COLUMNS) {
        let sql = format!(
            "INSERT INTO field_stamps (tenant_id, entity, row_id, field, stamp) VALUES {} \
             ON CONFLICT (tenant_id, entity, row_id, field) DO UPDATE SET stamp = excluded.stamp",
            placeholders(1, chunk.len(), COLUMNS)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for written in chunk {
            query = query
                .bind(tenant.as_str())
                .bind(entity)
                .bind(written.row_id.as_str())
                .bind(written.field)
                .bind(stamp.as_str());
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}
