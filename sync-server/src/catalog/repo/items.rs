//! The items and their barcodes, one at a time and in batches.

use std::fmt::Write as _;

use shared::Timestamp;
use shared::UnitPrice;
use shared::catalogue::{Item, like_pattern};
use shared::ids::{CategoryId, ItemId, OutletId, TenantId};
use sqlx::{AssertSqlSafe, Row as _};

use crate::catalog::rules::{self, Cursor};
use crate::database::{DatabaseError, Tx, batches, placeholders};

/// The most items that are looked up at once and handed on together.
pub const BATCH: usize = 500;

/// An item with what stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRow {
    /// The item.
    pub item: Item,
    /// The only outlet that sells it; None is all.
    pub outlet: Option<OutletId>,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What a list is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct ItemFilter {
    /// In the name, or the code or a barcode itself.
    pub search: Option<String>,
    /// Only this shelf.
    pub category: Option<CategoryId>,
    /// Only what this outlet sells.
    pub outlet: Option<OutletId>,
    /// Go on after this.
    pub after: Option<Cursor>,
    /// The most rows.
    pub limit: i64,
}

const COLUMNS: &str = "items.body, items.outlet_id, items.updated_at";

/// Body, outlet and time from three columns that begin at `first`.
fn parse(row: &sqlx::any::AnyRow, first: usize) -> Result<ItemRow, DatabaseError> {
    let body: String = row.try_get(first)?;
    Ok(ItemRow {
        item: serde_json::from_str(&body).map_err(|error| DatabaseError::corrupt("items", error))?,
        outlet: super::outlet_of(row.try_get(first + 1)?)?,
        updated_at: Timestamp::from_millis(row.try_get(first + 2)?),
    })
}

/// One item. With `lock`, nobody else changes it until the transaction ends.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn find(
    tx: &mut Tx,
    tenant: TenantId,
    item: ItemId,
    lock: bool,
) -> Result<Option<ItemRow>, DatabaseError> {
    let sql = if lock {
        "UPDATE items SET sku = sku WHERE tenant_id = $1 AND item_id = $2 RETURNING body, outlet_id, updated_at"
    } else {
        "SELECT body, outlet_id, updated_at FROM items WHERE tenant_id = $1 AND item_id = $2"
    };
    let row =
        sqlx::query(sql).bind(tenant.to_string()).bind(item.to_string()).fetch_optional(&mut **tx).await?;
    row.as_ref().map(|row| parse(row, 0)).transpose()
}

/// A page of items by name.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn page(tx: &mut Tx, tenant: TenantId, filter: &ItemFilter) -> Result<Vec<ItemRow>, DatabaseError> {
    let mut sql = format!("SELECT {COLUMNS} FROM items WHERE items.tenant_id = $1");
    let mut texts = vec![tenant.to_string()];
    let mut bind = |text: String| {
        texts.push(text);
        texts.len()
    };
    if let Some(category) = filter.category {
        let n = bind(category.to_string());
        let _ = write!(sql, " AND items.category_id = ${n}");
    }
    if let Some(outlet) = filter.outlet {
        let n = bind(outlet.to_string());
        let _ = write!(sql, " AND (items.outlet_id IS NULL OR items.outlet_id = ${n})");
    }
    if let Some(search) = &filter.search {
        let (pattern, code) = (bind(like_pattern(&rules::fold(search))), bind(search.trim().to_owned()));
        let _ = write!(
            sql,
            " AND (items.name_folded LIKE ${pattern} ESCAPE '\\' OR items.sku = ${code} OR EXISTS \
             (SELECT 1 FROM item_barcodes b WHERE b.tenant_id = items.tenant_id AND b.barcode = ${code} \
             AND b.item_id = items.item_id))"
        );
    }
    if let Some(after) = &filter.after {
        let (name, id) = (bind(after.name.clone()), bind(after.item_id.to_string()));
        let _ = write!(sql, " AND (items.name_folded, items.item_id) > (${name}, ${id})");
    }
    let limit = texts.len() + 1;
    let _ = write!(sql, " ORDER BY items.name_folded, items.item_id LIMIT ${limit}");
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for text in texts {
        query = query.bind(text);
    }
    let rows = query.bind(filter.limit).fetch_all(&mut **tx).await?;
    rows.iter().map(|row| parse(row, 0)).collect()
}

/// Asks one thing about each of many codes: `columns` are subqueries over `w.column1`, the code.
///
/// A list in `IN` would leave PostgreSQL to guess, and while a table grows within one transaction it guesses to read all
/// of it; a subquery finds each code by its unique index on both engines.
async fn ask_each(
    tx: &mut Tx,
    tenant: TenantId,
    columns: &str,
    codes: &[&str],
) -> Result<Vec<sqlx::any::AnyRow>, DatabaseError> {
    let mut rows = Vec::with_capacity(codes.len());
    for chunk in batches(codes, 1) {
        let sql =
            format!("SELECT w.column1, {columns} FROM (VALUES {}) AS w", placeholders(2, chunk.len(), 1));
        let mut query = sqlx::query(AssertSqlSafe(sql)).bind(tenant.to_string());
        for code in chunk {
            query = query.bind(*code);
        }
        rows.extend(query.fetch_all(&mut **tx).await?);
    }
    Ok(rows)
}

/// The items with these codes.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn by_skus(tx: &mut Tx, tenant: TenantId, skus: &[&str]) -> Result<Vec<ItemRow>, DatabaseError> {
    let columns = "(SELECT body FROM items WHERE tenant_id = $1 AND sku = w.column1), \
                   (SELECT outlet_id FROM items WHERE tenant_id = $1 AND sku = w.column1), \
                   (SELECT updated_at FROM items WHERE tenant_id = $1 AND sku = w.column1)";
    let mut found = Vec::new();
    for row in ask_each(tx, tenant, columns, skus).await? {
        if row.try_get::<Option<String>, _>(1)?.is_some() {
            found.push(parse(&row, 1)?);
        }
    }
    Ok(found)
}

/// The items with these ids.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn by_ids(tx: &mut Tx, tenant: TenantId, ids: &[ItemId]) -> Result<Vec<Item>, DatabaseError> {
    let columns = "(SELECT body FROM items WHERE tenant_id = $1 AND item_id = w.column1)";
    let texts: Vec<String> = ids.iter().map(ItemId::to_string).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    for row in ask_each(tx, tenant, columns, &texts).await? {
        if let Some(body) = row.try_get::<Option<String>, _>(1)? {
            found.push(serde_json::from_str(&body).map_err(|error| DatabaseError::corrupt("items", error))?);
        }
    }
    Ok(found)
}

/// What items with these ids cost; None is asked at the till, or differs by variant.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn unit_prices(
    tx: &mut Tx,
    tenant: TenantId,
    ids: &[ItemId],
) -> Result<Vec<(ItemId, Option<UnitPrice>)>, DatabaseError> {
    let columns = "(SELECT unit_price FROM items WHERE tenant_id = $1 AND item_id = w.column1)";
    let texts: Vec<String> = ids.iter().map(ItemId::to_string).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let mut found = Vec::with_capacity(ids.len());
    for row in ask_each(tx, tenant, columns, &texts).await? {
        let id: &str = row.try_get(0)?;
        let price = row.try_get::<Option<i64>, _>(1)?.map(UnitPrice::from_ten_thousandths);
        found.push((id.parse().map_err(|error| DatabaseError::corrupt("items", error))?, price));
    }
    Ok(found)
}

/// Who has a code of the trade already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The code that was asked for.
    pub code: String,
    /// The item that has it.
    pub item_id: ItemId,
}

async fn owners(
    tx: &mut Tx,
    tenant: TenantId,
    columns: &str,
    codes: &[&str],
) -> Result<Vec<Owner>, DatabaseError> {
    let mut found = Vec::new();
    for row in ask_each(tx, tenant, columns, codes).await? {
        if let Some(id) = row.try_get::<Option<String>, _>(1)? {
            let item_id = id.parse().map_err(|error| DatabaseError::corrupt("items", error))?;
            found.push(Owner { code: row.try_get(0)?, item_id });
        }
    }
    Ok(found)
}

/// The items that have these codes.
///
/// # Errors
/// A failed statement.
pub async fn sku_owners(tx: &mut Tx, tenant: TenantId, skus: &[&str]) -> Result<Vec<Owner>, DatabaseError> {
    let columns = "(SELECT item_id FROM items WHERE tenant_id = $1 AND sku = w.column1)";
    owners(tx, tenant, columns, skus).await
}

/// The items that have these barcodes.
///
/// # Errors
/// A failed statement.
pub async fn barcode_owners(
    tx: &mut Tx,
    tenant: TenantId,
    codes: &[&str],
) -> Result<Vec<Owner>, DatabaseError> {
    let columns = "(SELECT item_id FROM item_barcodes WHERE tenant_id = $1 AND barcode = w.column1)";
    owners(tx, tenant, columns, codes).await
}

/// The business's own code of an item, for telling a person whose it is.
///
/// # Errors
/// A failed statement.
pub async fn sku_of(tx: &mut Tx, tenant: TenantId, item: ItemId) -> Result<String, DatabaseError> {
    let row = sqlx::query("SELECT sku FROM items WHERE tenant_id = $1 AND item_id = $2")
        .bind(tenant.to_string())
        .bind(item.to_string())
        .fetch_optional(&mut **tx)
        .await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?.unwrap_or_default())
}

/// Adds items or replaces what is known of them. An item keeps the outlet of its first making.
///
/// # Errors
/// A failed statement, also when a code is in use.
pub async fn put(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: Option<OutletId>,
    items: &[(&Item, &str)],
    now: Timestamp,
) -> Result<(), DatabaseError> {
    const COLUMNS: usize = 13;
    let (tenant, outlet) = (tenant.to_string(), outlet.map(|outlet| outlet.to_string()));
    for chunk in batches(items, COLUMNS) {
        let sql = format!(
            "INSERT INTO items (tenant_id, item_id, outlet_id, sku, name, name_folded, category_id, unit_price, \
             available, position, body, created_at, updated_at) VALUES {} \
             ON CONFLICT (tenant_id, item_id) DO UPDATE SET sku = excluded.sku, name = excluded.name, \
             name_folded = excluded.name_folded, category_id = excluded.category_id, \
             unit_price = excluded.unit_price, available = excluded.available, position = excluded.position, \
             body = excluded.body, updated_at = excluded.updated_at",
            placeholders(1, chunk.len(), COLUMNS)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (item, body) in chunk {
            query = query
                .bind(tenant.as_str())
                .bind(item.item_id.to_string())
                .bind(outlet.as_deref())
                .bind(item.sku.as_str())
                .bind(item.name.as_str())
                .bind(rules::fold(&item.name))
                .bind(item.category_id.map(|category| category.to_string()))
                .bind(item.unit_price.map(|price| price.raw()))
                .bind(i64::from(item.available))
                .bind(i64::from(item.position))
                .bind(*body)
                .bind(now.as_millis())
                .bind(now.as_millis());
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

/// Takes all barcodes off an item.
///
/// # Errors
/// A failed statement.
pub async fn clear_barcodes(tx: &mut Tx, tenant: TenantId, item: ItemId) -> Result<(), DatabaseError> {
    sqlx::query("DELETE FROM item_barcodes WHERE tenant_id = $1 AND item_id = $2")
        .bind(tenant.to_string())
        .bind(item.to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Gives items their barcodes.
///
/// # Errors
/// A failed statement, also when a barcode is in use.
pub async fn insert_barcodes(
    tx: &mut Tx,
    tenant: TenantId,
    items: impl Iterator<Item = &Item>,
) -> Result<(), DatabaseError> {
    const COLUMNS: usize = 4;
    let rows: Vec<(&str, ItemId, Option<String>)> = items
        .flat_map(|item| {
            rules::barcodes(item).map(|(barcode, variant)| {
                (barcode.as_str(), item.item_id, variant.map(|variant| variant.variant_id.to_string()))
            })
        })
        .collect();
    let tenant = tenant.to_string();
    for chunk in batches(&rows, COLUMNS) {
        let sql = format!(
            "INSERT INTO item_barcodes (tenant_id, barcode, item_id, variant_id) VALUES {}",
            placeholders(1, chunk.len(), COLUMNS)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (barcode, item, variant) in chunk {
            query =
                query.bind(tenant.as_str()).bind(*barcode).bind(item.to_string()).bind(variant.as_deref());
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

/// Deletes an item with its barcodes.
///
/// # Errors
/// A failed statement.
pub async fn delete(tx: &mut Tx, tenant: TenantId, item: ItemId) -> Result<(), DatabaseError> {
    clear_barcodes(tx, tenant, item).await?;
    sqlx::query("DELETE FROM items WHERE tenant_id = $1 AND item_id = $2")
        .bind(tenant.to_string())
        .bind(item.to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
