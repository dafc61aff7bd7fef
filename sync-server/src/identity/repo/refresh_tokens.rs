//! Refresh tokens by their hash; the tokens themselves are never stored.

use shared::Timestamp;
use shared::ids::{AdminId, TenantId};
use sqlx::Row as _;

use crate::database::{DatabaseError, Tx};
use crate::identity::rules::StoredToken;

/// A token with what it belongs to.
#[derive(Debug, Clone)]
pub struct TokenRow {
    /// What is judged.
    pub stored: StoredToken,
    /// Whose it is.
    pub admin_id: AdminId,
    /// All that follows from one sign-in.
    pub family_id: String,
    /// The token that replaced it.
    pub successor_hash: Option<String>,
}

/// A token to be stored.
#[derive(Debug, Clone)]
pub struct NewToken<'a> {
    /// SHA-256 of the token, hexadecimal.
    pub hash: &'a str,
    /// Whose it is.
    pub admin_id: AdminId,
    /// All that follows from one sign-in.
    pub family_id: &'a str,
    /// The device it is bound to.
    pub device: &'a str,
    /// When it stops working.
    pub expires_at: Timestamp,
}

/// Stores a token.
///
/// # Errors
/// A failed statement.
pub async fn insert(
    tx: &mut Tx,
    tenant: TenantId,
    token: &NewToken<'_>,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "INSERT INTO refresh_tokens (tenant_id, token_hash, admin_id, family_id, device, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(tenant.to_string())
    .bind(token.hash)
    .bind(token.admin_id.to_string())
    .bind(token.family_id)
    .bind(token.device)
    .bind(now.as_millis())
    .bind(token.expires_at.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Finds a token and locks its row until the transaction ends: of two exchanges at once, the second sees the first.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn take(tx: &mut Tx, tenant: TenantId, hash: &str) -> Result<Option<TokenRow>, DatabaseError> {
    let row = sqlx::query(
        "UPDATE refresh_tokens SET device = device WHERE tenant_id = $1 AND token_hash = $2 \
         RETURNING admin_id, family_id, successor_hash, device, expires_at, used_at, revoked_at",
    )
    .bind(tenant.to_string())
    .bind(hash)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let admin: String = row.try_get(0)?;
    let time = |millis: Option<i64>| millis.map(Timestamp::from_millis);
    Ok(Some(TokenRow {
        admin_id: admin.parse().map_err(|error| DatabaseError::corrupt("refresh_tokens", error))?,
        family_id: row.try_get(1)?,
        successor_hash: row.try_get(2)?,
        stored: StoredToken {
            device: row.try_get(3)?,
            expires_at: Timestamp::from_millis(row.try_get(4)?),
            used_at: time(row.try_get(5)?),
            revoked_at: time(row.try_get(6)?),
        },
    }))
}

/// Notes that a token was exchanged for `successor`; the first exchange keeps its time. With no successor the token is
/// put aside: its answer was lost, another took its place, and using it is taken for theft.
///
/// # Errors
/// A failed statement.
pub async fn mark_used(
    tx: &mut Tx,
    tenant: TenantId,
    hash: &str,
    successor: Option<&str>,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "UPDATE refresh_tokens SET successor_hash = $3, used_at = COALESCE(used_at, $4) \
         WHERE tenant_id = $1 AND token_hash = $2",
    )
    .bind(tenant.to_string())
    .bind(hash)
    .bind(successor)
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Ends all tokens that follow from one sign-in.
///
/// # Errors
/// A failed statement.
pub async fn revoke_family(
    tx: &mut Tx,
    tenant: TenantId,
    family_id: &str,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "UPDATE refresh_tokens SET revoked_at = $3 \
         WHERE tenant_id = $1 AND family_id = $2 AND revoked_at IS NULL",
    )
    .bind(tenant.to_string())
    .bind(family_id)
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets the out-of-date tokens of an administrator, so that the table does not grow with every sign-in.
///
/// # Errors
/// A failed statement.
pub async fn forget_expired(
    tx: &mut Tx,
    tenant: TenantId,
    admin: AdminId,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    sqlx::query("DELETE FROM refresh_tokens WHERE tenant_id = $1 AND admin_id = $2 AND expires_at <= $3")
        .bind(tenant.to_string())
        .bind(admin.to_string())
        .bind(now.as_millis())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
