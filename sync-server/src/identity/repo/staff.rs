//! The people who work at a business.

use shared::Timestamp;
use shared::ids::{StaffId, TenantId};
use shared::staff::Staff;
use sqlx::Row as _;

use crate::database::{DatabaseError, Tx};

fn corrupt(reason: impl std::fmt::Display) -> DatabaseError {
    DatabaseError::corrupt("staff", reason)
}

fn parse(row: &sqlx::any::AnyRow) -> Result<Staff, DatabaseError> {
    let body: String = row.try_get(0)?;
    serde_json::from_str(&body).map_err(corrupt)
}

/// Everyone, those who may sign in first, by name.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn all(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Staff>, DatabaseError> {
    let rows = sqlx::query(
        "SELECT body FROM staff \
         WHERE tenant_id = $1 ORDER BY active DESC, name, staff_id LIMIT 5000",
    )
    .bind(tenant.to_string())
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(parse).collect()
}

/// One person.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn find(tx: &mut Tx, tenant: TenantId, staff: StaffId) -> Result<Option<Staff>, DatabaseError> {
    let row = sqlx::query(
        "SELECT body FROM staff \
         WHERE tenant_id = $1 AND staff_id = $2",
    )
    .bind(tenant.to_string())
    .bind(staff.to_string())
    .fetch_optional(&mut **tx)
    .await?;
    row.as_ref().map(parse).transpose()
}

/// Adds a person, or replaces what is known of them.
///
/// # Errors
/// A failed statement.
pub async fn put(tx: &mut Tx, tenant: TenantId, staff: &Staff, now: Timestamp) -> Result<(), DatabaseError> {
    let body = serde_json::to_string(staff).map_err(corrupt)?;
    sqlx::query(
        "INSERT INTO staff (tenant_id, staff_id, name, role, active, body, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7) \
         ON CONFLICT (tenant_id, staff_id) DO UPDATE SET name = excluded.name, role = excluded.role, \
         active = excluded.active, body = excluded.body, updated_at = excluded.updated_at",
    )
    .bind(tenant.to_string())
    .bind(staff.staff_id.to_string())
    .bind(staff.name.as_str())
    .bind(super::role_text(staff.role))
    .bind(i64::from(staff.active))
    .bind(body)
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}
