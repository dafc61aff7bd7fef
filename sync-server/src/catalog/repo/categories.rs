//! The categories.

use shared::Timestamp;
use shared::catalogue::Category;
use shared::ids::{CategoryId, OutletId, TenantId};
use sqlx::Row as _;

use crate::database::{DatabaseError, Tx};

/// A category with the outlet it is shown at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryRow {
    /// The category.
    pub category: Category,
    /// The only outlet that shows it; None is all.
    pub outlet: Option<OutletId>,
}

fn corrupt(reason: impl std::fmt::Display) -> DatabaseError {
    DatabaseError::corrupt("categories", reason)
}

fn parse(row: &sqlx::any::AnyRow) -> Result<CategoryRow, DatabaseError> {
    let id: String = row.try_get(0)?;
    Ok(CategoryRow {
        category: Category {
            category_id: id.parse().map_err(corrupt)?,
            name: row.try_get(1)?,
            position: i32::try_from(row.try_get::<i64, _>(2)?).map_err(corrupt)?,
            color: row.try_get(3)?,
        },
        outlet: super::outlet_of(row.try_get(4)?)?,
    })
}

/// All categories of a business, in their order.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn all(tx: &mut Tx, tenant: TenantId) -> Result<Vec<CategoryRow>, DatabaseError> {
    let rows = sqlx::query(
        "SELECT category_id, name, position, color, outlet_id FROM categories \
         WHERE tenant_id = $1 ORDER BY position, name, category_id LIMIT 10000",
    )
    .bind(tenant.to_string())
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(parse).collect()
}

/// One category.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn find(
    tx: &mut Tx,
    tenant: TenantId,
    category: CategoryId,
) -> Result<Option<CategoryRow>, DatabaseError> {
    let row = sqlx::query(
        "SELECT category_id, name, position, color, outlet_id FROM categories \
         WHERE tenant_id = $1 AND category_id = $2",
    )
    .bind(tenant.to_string())
    .bind(category.to_string())
    .fetch_optional(&mut **tx)
    .await?;
    row.as_ref().map(parse).transpose()
}

/// As [`find`], and nobody else changes it until the transaction ends.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn lock(
    tx: &mut Tx,
    tenant: TenantId,
    category: CategoryId,
) -> Result<Option<CategoryRow>, DatabaseError> {
    let row = sqlx::query(
        "UPDATE categories SET name = name WHERE tenant_id = $1 AND category_id = $2 \
         RETURNING category_id, name, position, color, outlet_id",
    )
    .bind(tenant.to_string())
    .bind(category.to_string())
    .fetch_optional(&mut **tx)
    .await?;
    row.as_ref().map(parse).transpose()
}

/// Adds a category or replaces what is known of it; its outlet stays.
///
/// # Errors
/// A failed statement, also when the outlet has a category of that name.
pub async fn put(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: Option<OutletId>,
    category: &Category,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "INSERT INTO categories (tenant_id, category_id, outlet_id, name, position, color, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7) \
         ON CONFLICT (tenant_id, category_id) DO UPDATE SET name = excluded.name, position = excluded.position, \
         color = excluded.color, updated_at = excluded.updated_at",
    )
    .bind(tenant.to_string())
    .bind(category.category_id.to_string())
    .bind(outlet.map(|outlet| outlet.to_string()))
    .bind(category.name.as_str())
    .bind(i64::from(category.position))
    .bind(category.color.as_str())
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Deletes a category unless an item is in it; true when it was deleted.
///
/// # Errors
/// A failed statement.
pub async fn delete_unused(
    tx: &mut Tx,
    tenant: TenantId,
    category: CategoryId,
) -> Result<bool, DatabaseError> {
    let deleted = sqlx::query(
        "DELETE FROM categories WHERE tenant_id = $1 AND category_id = $2 \
         AND NOT EXISTS (SELECT 1 FROM items WHERE items.tenant_id = $1 AND items.category_id = $2)",
    )
    .bind(tenant.to_string())
    .bind(category.to_string())
    .execute(&mut **tx)
    .await?;
    Ok(deleted.rows_affected() > 0)
}
