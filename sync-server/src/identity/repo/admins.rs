//! The people who sign in at headquarters.

use shared::Timestamp;
use shared::ids::{AdminId, TenantId};
use shared::staff::Role;
use sqlx::Row as _;

use crate::database::{DatabaseError, Tx};

/// An account as it is needed for signing in.
#[derive(Debug, Clone)]
pub struct Account {
    /// The business.
    pub tenant_id: TenantId,
    /// The person.
    pub admin_id: AdminId,
    /// Their name.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// Argon2id PHC string of the password.
    pub password_hash: String,
}

/// A person to be given an account.
#[derive(Debug, Clone)]
pub struct NewAdmin {
    /// The person.
    pub admin_id: AdminId,
    /// The sign-in name.
    pub email: String,
    /// As shown.
    pub name: String,
    /// What they may do: manager, admin or owner.
    pub role: Role,
    /// Argon2id PHC string of the password, by [`crate::identity::hash_password`].
    pub password_hash: String,
}

/// Adds an account; `email` is in its normal form.
///
/// # Errors
/// A failed statement, also when the business has the address already.
pub async fn insert(
    tx: &mut Tx,
    tenant: TenantId,
    admin: &NewAdmin,
    email: &str,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "INSERT INTO admins (tenant_id, admin_id, email, name, role, outlet_ids, password_hash, active, created_at) \
         VALUES ($1, $2, $3, $4, $5, '[]', $6, 1, $7)",
    )
    .bind(tenant.to_string())
    .bind(admin.admin_id.to_string())
    .bind(email)
    .bind(admin.name.as_str())
    .bind(super::role_text(admin.role))
    .bind(admin.password_hash.as_str())
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

fn parse(row: &sqlx::any::AnyRow) -> Result<Account, DatabaseError> {
    let tenant: String = row.try_get(0)?;
    let admin: String = row.try_get(1)?;
    let role: String = row.try_get(3)?;
    Ok(Account {
        tenant_id: tenant.parse().map_err(|error| DatabaseError::corrupt("admins", error))?,
        admin_id: admin.parse().map_err(|error| DatabaseError::corrupt("admins", error))?,
        name: row.try_get(2)?,
        role: super::role_of(&role)?,
        password_hash: row.try_get(4)?,
    })
}

/// The active accounts with an address, across businesses; a person may have one at several, at most four are tried.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn by_email(tx: &mut Tx, email: &str) -> Result<Vec<Account>, DatabaseError> {
    let rows = sqlx::query(
        "SELECT tenant_id, admin_id, name, role, password_hash FROM admins \
         WHERE email = $1 AND active = 1 ORDER BY tenant_id LIMIT 4",
    )
    .bind(email)
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(parse).collect()
}

/// The account of an administrator who may still sign in.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn find_active(
    tx: &mut Tx,
    tenant: TenantId,
    admin: AdminId,
) -> Result<Option<Account>, DatabaseError> {
    let row = sqlx::query(
        "SELECT tenant_id, admin_id, name, role, password_hash FROM admins \
         WHERE tenant_id = $1 AND admin_id = $2 AND active = 1",
    )
    .bind(tenant.to_string())
    .bind(admin.to_string())
    .fetch_optional(&mut **tx)
    .await?;
    row.as_ref().map(parse).transpose()
}
