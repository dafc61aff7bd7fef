//! The terminals and their one-time pairing codes.

use serde::Serialize;
use shared::Timestamp;
use shared::ids::{OutletId, TenantId, TerminalId};
use shared::journal::PublicKey;
use sqlx::Row as _;

use super::terminal_keys;
use crate::database::{DatabaseError, Tx};

/// A terminal as headquarters sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Terminal {
    /// The terminal.
    pub terminal_id: TerminalId,
    /// Where it stands.
    pub outlet_id: OutletId,
    /// Its number in the outlet.
    pub number: u32,
    /// What the device is called.
    pub name: String,
    /// Whether it was revoked: it may hand in its journal, but gets no more data.
    pub revoked: bool,
    /// When its device was last enrolled; None while it waits for one.
    pub enrolled_at: Option<Timestamp>,
    /// When it last pushed or pulled.
    pub last_seen_at: Option<Timestamp>,
}

/// What a pairing code stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pairing {
    /// The business.
    pub tenant_id: TenantId,
    /// The outlet.
    pub outlet_id: OutletId,
    /// The terminal that is enrolled.
    pub terminal_id: TerminalId,
    /// Its number in the outlet.
    pub number: u32,
}

fn corrupt(reason: impl std::fmt::Display) -> DatabaseError {
    DatabaseError::corrupt("terminals", reason)
}

fn parse(row: &sqlx::any::AnyRow) -> Result<Terminal, DatabaseError> {
    let (id, outlet): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let time = |millis: Option<i64>| millis.map(Timestamp::from_millis);
    Ok(Terminal {
        terminal_id: id.parse().map_err(corrupt)?,
        outlet_id: outlet.parse().map_err(corrupt)?,
        number: u32::try_from(row.try_get::<i64, _>(2)?).map_err(corrupt)?,
        name: row.try_get(3)?,
        revoked: row.try_get::<i64, _>(4)? != 0,
        enrolled_at: time(row.try_get(5)?),
        last_seen_at: time(row.try_get(6)?),
    })
}

/// All terminals of a business, by outlet and number.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn all(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Terminal>, DatabaseError> {
    let rows = sqlx::query(
        "SELECT terminal_id, outlet_id, number, name, revoked, enrolled_at, last_seen_at FROM terminals \
         WHERE tenant_id = $1 ORDER BY outlet_id, number LIMIT 5000",
    )
    .bind(tenant.to_string())
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(parse).collect()
}

/// One terminal.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn find(
    tx: &mut Tx,
    tenant: TenantId,
    terminal: TerminalId,
) -> Result<Option<Terminal>, DatabaseError> {
    let row = sqlx::query(
        "SELECT terminal_id, outlet_id, number, name, revoked, enrolled_at, last_seen_at FROM terminals \
         WHERE tenant_id = $1 AND terminal_id = $2",
    )
    .bind(tenant.to_string())
    .bind(terminal.to_string())
    .fetch_optional(&mut **tx)
    .await?;
    row.as_ref().map(parse).transpose()
}

/// Adds a terminal with the next number of its outlet, which is returned. The row of the outlet is locked meanwhile, so
/// that two terminals made at once get two numbers. None when there is no such outlet.
///
/// # Errors
/// A failed statement.
pub async fn insert(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: OutletId,
    terminal: TerminalId,
    name: &str,
    now: Timestamp,
) -> Result<Option<u32>, DatabaseError> {
    if !lock_outlet(tx, tenant, outlet).await? {
        return Ok(None);
    }
    let row = sqlx::query(
        "INSERT INTO terminals (tenant_id, terminal_id, outlet_id, number, name, created_at) \
         SELECT $1, $2, $3, COALESCE(MAX(number), 0) + 1, $4, $5 FROM terminals \
         WHERE tenant_id = $1 AND outlet_id = $3 RETURNING number",
    )
    .bind(tenant.to_string())
    .bind(terminal.to_string())
    .bind(outlet.to_string())
    .bind(name)
    .bind(now.as_millis())
    .fetch_one(&mut **tx)
    .await?;
    u32::try_from(row.try_get::<i64, _>(0)?).map(Some).map_err(corrupt)
}

/// A terminal as it was before the database lost it.
#[derive(Debug, Clone, Copy)]
pub struct Former {
    /// The outlet.
    pub outlet: OutletId,
    /// The terminal.
    pub terminal: TerminalId,
    /// Its number in the outlet.
    pub number: u32,
    /// Its key.
    pub public_key: PublicKey,
}

/// Why a former terminal is not taken up again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdoptRefusal {
    /// Its outlet is not known.
    UnknownOutlet,
    /// Another terminal of the outlet has its number: receipts would have the same numbers.
    NumberTaken,
    /// It was revoked, or has another number or outlet.
    NotAsItWas,
}

/// Takes a former terminal up again under its own id, number and key; one that was made but not enrolled gets its key.
///
/// # Errors
/// A failed statement.
pub async fn adopt(
    tx: &mut Tx,
    tenant: TenantId,
    former: &Former,
    now: Timestamp,
) -> Result<Result<(), AdoptRefusal>, DatabaseError> {
    if !lock_outlet(tx, tenant, former.outlet).await? {
        return Ok(Err(AdoptRefusal::UnknownOutlet));
    }
    let taken = sqlx::query(
        "SELECT 1 FROM terminals WHERE tenant_id = $1 AND outlet_id = $2 AND number = $3 AND terminal_id <> $4",
    )
    .bind(tenant.to_string())
    .bind(former.outlet.to_string())
    .bind(i64::from(former.number))
    .bind(former.terminal.to_string())
    .fetch_optional(&mut **tx)
    .await?;
    if taken.is_some() {
        return Ok(Err(AdoptRefusal::NumberTaken));
    }
    let adopted = sqlx::query(
        "INSERT INTO terminals (tenant_id, terminal_id, outlet_id, number, name, public_key, created_at, enrolled_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT (tenant_id, terminal_id) \
         DO UPDATE SET public_key = excluded.public_key, enrolled_at = excluded.enrolled_at \
         WHERE terminals.public_key IS NULL AND terminals.revoked = 0 AND terminals.outlet_id = excluded.outlet_id \
         AND terminals.number = excluded.number",
    )
    .bind(tenant.to_string())
    .bind(former.terminal.to_string())
    .bind(former.outlet.to_string())
    .bind(i64::from(former.number))
    .bind(format!("T{}", former.number))
    .bind(former.public_key.to_string())
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    if adopted.rows_affected() == 0 {
        return Ok(Err(AdoptRefusal::NotAsItWas));
    }
    // All lives of its journal may be in its file, and it alone knows which of them this key signed.
    let (terminal, key) = (former.terminal.to_string(), former.public_key.to_string());
    terminal_keys::keep(tx, tenant, &terminal, &key, None, now).await?;
    void_codes(tx, tenant, former.terminal, now).await?;
    Ok(Ok(()))
}

/// Locks the row of an outlet until the transaction ends; false when there is none.
async fn lock_outlet(tx: &mut Tx, tenant: TenantId, outlet: OutletId) -> Result<bool, DatabaseError> {
    let locked =
        sqlx::query("UPDATE outlets SET updated_at = updated_at WHERE tenant_id = $1 AND outlet_id = $2")
            .bind(tenant.to_string())
            .bind(outlet.to_string())
            .execute(&mut **tx)
            .await?;
    Ok(locked.rows_affected() > 0)
}

/// Revokes a terminal and its open pairing codes; true when there is such a terminal.
///
/// # Errors
/// A failed statement.
pub async fn revoke(
    tx: &mut Tx,
    tenant: TenantId,
    terminal: TerminalId,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let revoked = sqlx::query("UPDATE terminals SET revoked = 1 WHERE tenant_id = $1 AND terminal_id = $2")
        .bind(tenant.to_string())
        .bind(terminal.to_string())
        .execute(&mut **tx)
        .await?;
    void_codes(tx, tenant, terminal, now).await?;
    Ok(revoked.rows_affected() > 0)
}

/// Makes every open pairing code of a terminal useless.
///
/// # Errors
/// A failed statement.
pub async fn void_codes(
    tx: &mut Tx,
    tenant: TenantId,
    terminal: TerminalId,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "UPDATE pairing_codes SET used_at = $3 WHERE tenant_id = $1 AND terminal_id = $2 AND used_at IS NULL",
    )
    .bind(tenant.to_string())
    .bind(terminal.to_string())
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Stores a pairing code by its hash, and forgets those that were out of date a day ago.
///
/// # Errors
/// A failed statement.
pub async fn insert_code(
    tx: &mut Tx,
    tenant: TenantId,
    terminal: &Terminal,
    code_hash: &str,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), DatabaseError> {
    sqlx::query("DELETE FROM pairing_codes WHERE tenant_id = $1 AND expires_at < $2")
        .bind(tenant.to_string())
        .bind(now.plus_millis(-24 * 60 * 60 * 1000).as_millis())
        .execute(&mut **tx)
        .await?;
    sqlx::query(
        "INSERT INTO pairing_codes (tenant_id, code_hash, terminal_id, outlet_id, created_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(tenant.to_string())
    .bind(code_hash)
    .bind(terminal.terminal_id.to_string())
    .bind(terminal.outlet_id.to_string())
    .bind(now.as_millis())
    .bind(expires_at.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Uses a pairing code up; None when it is unknown, used or out of date, or its terminal was revoked. Of two requests
/// with one code, the statement lets one win.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn redeem(tx: &mut Tx, code_hash: &str, now: Timestamp) -> Result<Option<Pairing>, DatabaseError> {
    let row = sqlx::query(
        "UPDATE pairing_codes SET used_at = $2 WHERE code_hash = $1 AND used_at IS NULL AND expires_at > $2 \
         RETURNING tenant_id, terminal_id",
    )
    .bind(code_hash)
    .bind(now.as_millis())
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let (tenant, terminal): (String, String) = (row.try_get(0)?, row.try_get(1)?);
    let tenant_id: TenantId = tenant.parse().map_err(corrupt)?;
    let terminal_id: TerminalId = terminal.parse().map_err(corrupt)?;
    let found = find(tx, tenant_id, terminal_id).await?.filter(|terminal| !terminal.revoked);
    Ok(found.map(|terminal| Pairing {
        tenant_id,
        outlet_id: terminal.outlet_id,
        terminal_id,
        number: terminal.number,
    }))
}
