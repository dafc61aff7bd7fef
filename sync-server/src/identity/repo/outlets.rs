//! The outlets.

use shared::Timestamp;
use shared::ids::{OutletId, TenantId};
use shared::outlet::Outlet;
use sqlx::Row as _;

use crate::database::{DatabaseError, Tx};

fn parse(row: &sqlx::any::AnyRow) -> Result<Outlet, DatabaseError> {
    let body: String = row.try_get(0)?;
    serde_json::from_str(&body).map_err(|error| DatabaseError::corrupt("outlets", error))
}

/// All outlets of a business, by code.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn all(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Outlet>, DatabaseError> {
    let rows = sqlx::query("SELECT body FROM outlets WHERE tenant_id = $1 ORDER BY code")
        .bind(tenant.to_string())
        .fetch_all(&mut **tx)
        .await?;
    rows.iter().map(parse).collect()
}

/// One outlet of a business.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn find(tx: &mut Tx, tenant: TenantId, outlet: OutletId) -> Result<Option<Outlet>, DatabaseError> {
    let row = sqlx::query("SELECT body FROM outlets WHERE tenant_id = $1 AND outlet_id = $2")
        .bind(tenant.to_string())
        .bind(outlet.to_string())
        .fetch_optional(&mut **tx)
        .await?;
    row.as_ref().map(parse).transpose()
}

/// The outlet whose receipts begin with `code`.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn by_code(tx: &mut Tx, tenant: TenantId, code: &str) -> Result<Option<Outlet>, DatabaseError> {
    let row = sqlx::query("SELECT body FROM outlets WHERE tenant_id = $1 AND code = $2")
        .bind(tenant.to_string())
        .bind(code)
        .fetch_optional(&mut **tx)
        .await?;
    row.as_ref().map(parse).transpose()
}

/// Adds an outlet, or replaces what is known of it.
///
/// # Errors
/// A failed statement, also when another outlet has the code.
pub async fn put(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: &Outlet,
    body: &str,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "INSERT INTO outlets (tenant_id, outlet_id, code, name, currency, body, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7) \
         ON CONFLICT (tenant_id, outlet_id) DO UPDATE SET code = excluded.code, name = excluded.name, \
         currency = excluded.currency, body = excluded.body, updated_at = excluded.updated_at",
    )
    .bind(tenant.to_string())
    .bind(outlet.outlet_id.to_string())
    .bind(outlet.code.as_str())
    .bind(outlet.name.as_str())
    .bind(outlet.currency.as_str())
    .bind(body)
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}
