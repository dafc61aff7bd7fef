//! The businesses.

use shared::Timestamp;
use shared::ids::TenantId;
use sqlx::Row as _;

use crate::database::{DatabaseError, Tx};

/// Adds a business.
///
/// # Errors
/// A failed statement, also when the id is taken.
pub async fn insert(tx: &mut Tx, tenant: TenantId, name: &str, now: Timestamp) -> Result<(), DatabaseError> {
    sqlx::query("INSERT INTO tenants (tenant_id, name, change_seq, created_at) VALUES ($1, $2, 0, $3)")
        .bind(tenant.to_string())
        .bind(name)
        .bind(now.as_millis())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The name of a business.
///
/// # Errors
/// A failed statement.
pub async fn name(tx: &mut Tx, tenant: TenantId) -> Result<Option<String>, DatabaseError> {
    let row = sqlx::query("SELECT name FROM tenants WHERE tenant_id = $1")
        .bind(tenant.to_string())
        .fetch_optional(&mut **tx)
        .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

/// The oldest business of that name; for the command line, where a person names it.
///
/// # Errors
/// A failed statement.
pub async fn by_name(tx: &mut Tx, name: &str) -> Result<Option<TenantId>, DatabaseError> {
    let row = sqlx::query("SELECT tenant_id FROM tenants WHERE name = $1 ORDER BY tenant_id LIMIT 1")
        .bind(name)
        .fetch_optional(&mut **tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let text: String = row.try_get(0)?;
    text.parse().map(Some).map_err(|error| DatabaseError::corrupt("tenants", error))
}
