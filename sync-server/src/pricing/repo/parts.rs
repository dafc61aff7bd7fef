//! The parts that headquarters states.

use shared::Timestamp;
use shared::ids::{PricingPartId, TenantId};
use sqlx::Row as _;

use crate::database::{DatabaseError, Tx};
use crate::pricing::part::{Content, Kind, Part, Settings, State};

const COLUMNS: &str =
    "part_id, kind, name, state, outlet_ids, starts_at, ends_at, content, created_at, updated_at";

fn corrupt(reason: impl std::fmt::Display) -> DatabaseError {
    DatabaseError::corrupt("pricing_parts", reason)
}

fn parse(row: &sqlx::any::AnyRow) -> Result<Part, DatabaseError> {
    let id: String = row.try_get(0)?;
    let kind: String = row.try_get(1)?;
    let state: String = row.try_get(3)?;
    let outlet_ids: String = row.try_get(4)?;
    let content: String = row.try_get(7)?;
    let time = |millis: Option<i64>| millis.map(Timestamp::from_millis);
    let kind = Kind::of(&kind).ok_or_else(|| corrupt(format!("kind `{kind}`")))?;
    let mut part = Part {
        id: id.parse().map_err(corrupt)?,
        name: row.try_get(2)?,
        state: State::of(&state).ok_or_else(|| corrupt(format!("state `{state}`")))?,
        outlet_ids: serde_json::from_str(&outlet_ids).map_err(corrupt)?,
        starts_at: time(row.try_get(5)?),
        ends_at: time(row.try_get(6)?),
        content: Content::PriceBook(Settings::default()),
        created_at: Timestamp::from_millis(row.try_get(8)?),
        updated_at: Timestamp::from_millis(row.try_get(9)?),
    };
    let content = serde_json::from_str(&content).map_err(corrupt)?;
    part.read_content(kind, content).map_err(|wrong| corrupt(wrong.reason))?;
    Ok(part)
}

/// All parts of a kind, the newest first.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn of_kind(tx: &mut Tx, tenant: TenantId, kind: Kind) -> Result<Vec<Part>, DatabaseError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM pricing_parts WHERE tenant_id = $1 AND kind = $2 \
         ORDER BY created_at DESC, part_id DESC LIMIT 1000"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(tenant.to_string()).bind(kind.name());
    rows.fetch_all(&mut **tx).await?.iter().map(parse).collect()
}

/// All active parts, in the order in which they were made.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn active(tx: &mut Tx, tenant: TenantId) -> Result<Vec<Part>, DatabaseError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM pricing_parts WHERE tenant_id = $1 AND state = 'active' \
         ORDER BY created_at, part_id LIMIT 10000"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(tenant.to_string());
    rows.fetch_all(&mut **tx).await?.iter().map(parse).collect()
}

/// One part of a kind, and nobody else changes it until the transaction ends.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn lock(
    tx: &mut Tx,
    tenant: TenantId,
    kind: Kind,
    id: PricingPartId,
) -> Result<Option<Part>, DatabaseError> {
    let sql = format!(
        "UPDATE pricing_parts SET name = name WHERE tenant_id = $1 AND kind = $2 AND part_id = $3 RETURNING {COLUMNS}"
    );
    let query = sqlx::query(sqlx::AssertSqlSafe(sql));
    let row = query.bind(tenant.to_string()).bind(kind.name()).bind(id.to_string());
    row.fetch_optional(&mut **tx).await?.as_ref().map(parse).transpose()
}

/// One part of a kind.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn find(
    tx: &mut Tx,
    tenant: TenantId,
    kind: Kind,
    id: PricingPartId,
) -> Result<Option<Part>, DatabaseError> {
    let sql =
        format!("SELECT {COLUMNS} FROM pricing_parts WHERE tenant_id = $1 AND kind = $2 AND part_id = $3");
    let query = sqlx::query(sqlx::AssertSqlSafe(sql));
    let row = query.bind(tenant.to_string()).bind(kind.name()).bind(id.to_string());
    row.fetch_optional(&mut **tx).await?.as_ref().map(parse).transpose()
}

/// Adds a part or replaces what is known of it.
///
/// # Errors
/// A failed statement.
pub async fn put(tx: &mut Tx, tenant: TenantId, part: &Part) -> Result<(), DatabaseError> {
    let outlet_ids = serde_json::to_string(&part.outlet_ids).map_err(corrupt)?;
    sqlx::query(
        "INSERT INTO pricing_parts \
         (tenant_id, part_id, kind, name, state, outlet_ids, starts_at, ends_at, content, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (tenant_id, part_id) DO UPDATE SET name = excluded.name, state = excluded.state, \
         outlet_ids = excluded.outlet_ids, starts_at = excluded.starts_at, ends_at = excluded.ends_at, \
         content = excluded.content, updated_at = excluded.updated_at",
    )
    .bind(tenant.to_string())
    .bind(part.id.to_string())
    .bind(part.kind().name())
    .bind(part.name.as_str())
    .bind(part.state.name())
    .bind(outlet_ids)
    .bind(part.starts_at.map(Timestamp::as_millis))
    .bind(part.ends_at.map(Timestamp::as_millis))
    .bind(part.stored().to_string())
    .bind(part.created_at.as_millis())
    .bind(part.updated_at.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Deletes a part.
///
/// # Errors
/// A failed statement.
pub async fn delete(tx: &mut Tx, tenant: TenantId, id: PricingPartId) -> Result<(), DatabaseError> {
    sqlx::query("DELETE FROM pricing_parts WHERE tenant_id = $1 AND part_id = $2")
        .bind(tenant.to_string())
        .bind(id.to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// The businesses with a part that begins or ends between two moments, the second in it.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn turning(
    tx: &mut Tx,
    after: Timestamp,
    until: Timestamp,
) -> Result<Vec<TenantId>, DatabaseError> {
    let rows = sqlx::query(
        "SELECT DISTINCT tenant_id FROM pricing_parts WHERE state = 'active' AND \
         ((starts_at > $1 AND starts_at <= $2) OR (ends_at > $1 AND ends_at <= $2))",
    )
    .bind(after.as_millis())
    .bind(until.as_millis())
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(|row| row.try_get::<&str, _>(0)?.parse().map_err(corrupt)).collect()
}
