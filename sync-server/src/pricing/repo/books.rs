//! The versions of the price books of an outlet; what was made is never changed, so that every sale can be computed again.

use shared::Timestamp;
use shared::ids::{OutletId, TenantId};
use shared::pricing::PriceBook;
use sqlx::Row as _;

use crate::database::{DatabaseError, Tx};

/// A version.
#[derive(Debug, Clone, PartialEq)]
pub struct BookRow {
    /// The version.
    pub version: u32,
    /// In force from here on.
    pub valid_from: Timestamp,
    /// Whether another one was made before it came into force.
    pub withdrawn: bool,
    /// The life of the server that made it.
    pub server_epoch: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The book.
    pub book: PriceBook,
}

const COLUMNS: &str = "version, valid_from, withdrawn, server_epoch, created_at, body";

fn corrupt(reason: impl std::fmt::Display) -> DatabaseError {
    DatabaseError::corrupt("price_books", reason)
}

fn parse(row: &sqlx::any::AnyRow) -> Result<BookRow, DatabaseError> {
    let body: String = row.try_get(5)?;
    Ok(BookRow {
        version: u32::try_from(row.try_get::<i64, _>(0)?).map_err(corrupt)?,
        valid_from: Timestamp::from_millis(row.try_get(1)?),
        withdrawn: row.try_get::<i64, _>(2)? == 1,
        server_epoch: row.try_get(3)?,
        created_at: Timestamp::from_millis(row.try_get(4)?),
        book: serde_json::from_str(&body).map_err(corrupt)?,
    })
}

/// The last versions of an outlet, the newest first.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn last(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: OutletId,
    most: i64,
) -> Result<Vec<BookRow>, DatabaseError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM price_books WHERE tenant_id = $1 AND outlet_id = $2 ORDER BY version DESC LIMIT $3"
    );
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(tenant.to_string());
    let rows = query.bind(outlet.to_string()).bind(most).fetch_all(&mut **tx).await?;
    rows.iter().map(parse).collect()
}

/// One version.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn find(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: OutletId,
    version: u32,
) -> Result<Option<BookRow>, DatabaseError> {
    let sql =
        format!("SELECT {COLUMNS} FROM price_books WHERE tenant_id = $1 AND outlet_id = $2 AND version = $3");
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(tenant.to_string());
    let row = query.bind(outlet.to_string()).bind(i64::from(version)).fetch_optional(&mut **tx).await?;
    row.as_ref().map(parse).transpose()
}

/// From when on which version was in force at an outlet: all that were not withdrawn, as `(valid_from, version)` rising.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn history(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: OutletId,
) -> Result<Vec<(Timestamp, u32)>, DatabaseError> {
    let rows = sqlx::query(
        "SELECT valid_from, version FROM price_books WHERE tenant_id = $1 AND outlet_id = $2 AND withdrawn = 0 \
         ORDER BY valid_from, version",
    )
    .bind(tenant.to_string())
    .bind(outlet.to_string())
    .fetch_all(&mut **tx)
    .await?;
    let parse = |row: &sqlx::any::AnyRow| {
        let version = u32::try_from(row.try_get::<i64, _>(1)?).map_err(corrupt)?;
        Ok((Timestamp::from_millis(row.try_get(0)?), version))
    };
    rows.iter().map(parse).collect()
}

/// Adds a version.
///
/// # Errors
/// A failed statement.
pub async fn insert(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: OutletId,
    row: &BookRow,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "INSERT INTO price_books (tenant_id, outlet_id, version, server_epoch, valid_from, withdrawn, body, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(tenant.to_string())
    .bind(outlet.to_string())
    .bind(i64::from(row.version))
    .bind(row.server_epoch.as_str())
    .bind(row.valid_from.as_millis())
    .bind(i64::from(row.withdrawn))
    .bind(serde_json::to_string(&row.book).map_err(corrupt)?)
    .bind(row.created_at.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Withdraws a version that has not come into force.
///
/// # Errors
/// A failed statement.
pub async fn withdraw(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: OutletId,
    version: u32,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "UPDATE price_books SET withdrawn = 1 WHERE tenant_id = $1 AND outlet_id = $2 AND version = $3",
    )
    .bind(tenant.to_string())
    .bind(outlet.to_string())
    .bind(i64::from(version))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The rows of price books that terminals of an outlet hold.
///
/// # Errors
/// A failed statement.
pub async fn sent_down(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: OutletId,
) -> Result<Vec<String>, DatabaseError> {
    let rows = sqlx::query(
        "SELECT row_id FROM feed_rows WHERE tenant_id = $1 AND entity = 'price_book' AND outlet_id = $2 \
         AND body IS NOT NULL",
    )
    .bind(tenant.to_string())
    .bind(outlet.to_string())
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}
