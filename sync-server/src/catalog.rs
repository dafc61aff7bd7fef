//! What is sold: items, categories and pictures, the import of all three's most common columns, and their way down.
//!
//! The functions here are what routes, the import and the demo seeder share: they check, write the rows and their
//! changes in the feed in the caller's transaction, and leave the commit to the caller.

pub mod apply;
mod fields;
pub mod import;
pub mod picture;
mod prices;
pub mod repo;
pub mod routes;
pub mod rules;

pub use picture::PictureError;
pub use routes::routes;

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shared::Timestamp;
use shared::catalogue::{Category, Item, Picture};
use shared::ids::{CategoryId, ItemId, OutletId, PictureId, TenantId};
use shared::wire::entity;

use crate::database::{DatabaseError, Tx};
use crate::error::ApiError;
use crate::sync::feed::{Change, record_change, record_changes};
use crate::sync::stamps::{self, Written};
use repo::items::{BATCH, ItemRow};
use repo::pictures::PictureRow;
use rules::Refusal;

/// Why something of the catalogue was not done.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// A value is not allowed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A picture is not allowed.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// A code belongs to another item.
    #[error("{what} `{code}` belongs to the item with sku `{owner}` already")]
    Owned {
        /// `sku` or `barcode`.
        what: &'static str,
        /// The code.
        code: String,
        /// The other item's own code.
        owner: String,
    },
    /// It is in use already.
    #[error("{0}")]
    Taken(&'static str),
    /// There is no such thing.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// A row could not be written as JSON.
    #[error("could not write a row as JSON")]
    Json(#[from] serde_json::Error),
    /// A failed statement.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<CatalogError> for ApiError {
    fn from(error: CatalogError) -> Self {
        let text = error.to_string();
        match error {
            CatalogError::Refused(refusal) => Self::invalid(refusal.field, text),
            CatalogError::Picture(PictureError::TooLarge(_)) => Self::too_large(text),
            CatalogError::Picture(_) => Self::invalid("content", text),
            CatalogError::Owned { what, code, owner } => Self::conflict(text)
                .with_details(serde_json::json!({ "field": what, "value": code, "sku": owner })),
            CatalogError::Taken(what) => Self::conflict(what),
            CatalogError::Missing(what) => Self::not_found(what),
            CatalogError::Database(error) => error.into(),
            CatalogError::Json(_) => Self::internal(&error),
        }
    }
}

/// A unique violation as what a person can do about it; every other failure as it is.
fn taken(what: &'static str) -> impl Fn(DatabaseError) -> CatalogError {
    move |error| if error.is_unique_violation() { CatalogError::Taken(what) } else { error.into() }
}

/// Adds categories or replaces what is known of them.
///
/// # Errors
/// A value that is not allowed, a name in use at the outlet, or a failed statement.
pub async fn put_categories(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: Option<OutletId>,
    categories: &[Category],
    now: Timestamp,
) -> Result<(), CatalogError> {
    let (mut changes, mut written) = (Vec::with_capacity(categories.len()), Vec::new());
    for category in categories {
        rules::check_category(category)?;
        let before = repo::categories::lock(tx, tenant, category.category_id).await?;
        written.extend(before.iter().flat_map(|row| fields::of_category(&row.category, category)));
        let put = repo::categories::put(tx, tenant, outlet, category, now).await;
        put.map_err(taken("a category of this name is there already"))?;
        changes.push(Change {
            entity: entity::CATEGORY,
            row_id: category.category_id.to_string(),
            outlet,
            body: Some(serde_json::to_string(category)?),
        });
    }
    record_changes(tx, tenant, &changes).await?;
    stamps::put_own(tx, tenant, entity::CATEGORY, &written, now).await?;
    Ok(())
}

/// Deletes a category that no item is in; leaves a tombstone in the feed.
///
/// # Errors
/// [`CatalogError::Missing`], [`CatalogError::Taken`] while items are in it, or a failed statement.
pub async fn delete_category(
    tx: &mut Tx,
    tenant: TenantId,
    category: CategoryId,
) -> Result<(), CatalogError> {
    let found =
        repo::categories::find(tx, tenant, category).await?.ok_or(CatalogError::Missing("category"))?;
    if !repo::categories::delete_unused(tx, tenant, category).await? {
        return Err(CatalogError::Taken("items are in this category; move them first"));
    }
    record_change(tx, tenant, entity::CATEGORY, &category.to_string(), found.outlet, None).await?;
    stamps::forget(tx, tenant, entity::CATEGORY, &category.to_string()).await?;
    Ok(())
}

/// Adds a picture or replaces it.
///
/// # Errors
/// A picture that is not allowed, or a failed statement.
pub async fn put_picture(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: Option<OutletId>,
    picture_id: PictureId,
    row: &PictureRow,
    now: Timestamp,
) -> Result<(), CatalogError> {
    picture::check_picture(&row.media_type, &row.content)?;
    let outlet = repo::pictures::put(tx, tenant, outlet, picture_id, row, now).await?;
    let body = serde_json::to_value(Picture {
        picture_id,
        media_type: row.media_type.clone(),
        base64: STANDARD.encode(&row.content),
    })?;
    record_change(tx, tenant, entity::PICTURE, &picture_id.to_string(), outlet, Some(&body)).await?;
    Ok(())
}

/// Adds pictures or replaces them.
///
/// # Errors
/// As [`put_picture`], and for content that is no base64.
pub async fn put_pictures(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: Option<OutletId>,
    pictures: &[Picture],
    now: Timestamp,
) -> Result<(), CatalogError> {
    for picture in pictures {
        let content = STANDARD
            .decode(&picture.base64)
            .map_err(|error| CatalogError::Picture(PictureError::Malformed(error.to_string())))?;
        let row = PictureRow { media_type: picture.media_type.clone(), content };
        put_picture(tx, tenant, outlet, picture.picture_id, &row, now).await?;
    }
    Ok(())
}

/// Adds items or replaces what is known of them, in batches. An item keeps the outlet of its first making.
///
/// # Errors
/// A value that is not allowed, a code or barcode of another item, or a failed statement.
pub async fn put_items(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: Option<OutletId>,
    items: &[Item],
    now: Timestamp,
) -> Result<(), CatalogError> {
    for item in items {
        rules::check_item(item)?;
    }
    for batch in items.chunks(BATCH) {
        let ids: Vec<ItemId> = batch.iter().map(|item| item.item_id).collect();
        let before = repo::items::by_ids(tx, tenant, &ids).await?;
        // Barcodes that move from one item of the batch to another must be free before they are given out again.
        for item in batch {
            repo::items::clear_barcodes(tx, tenant, item.item_id).await?;
        }
        let skus: Vec<(&str, ItemId)> = batch.iter().map(|item| (item.sku.as_str(), item.item_id)).collect();
        let texts: Vec<&str> = skus.iter().map(|(sku, _)| *sku).collect();
        let owners = repo::items::sku_owners(tx, tenant, &texts).await?;
        refuse_foreign(tx, tenant, "sku", &skus, owners).await?;
        let barcodes: Vec<(&str, ItemId)> = batch
            .iter()
            .flat_map(|item| rules::barcodes(item).map(|(code, _)| (code.as_str(), item.item_id)))
            .collect();
        let texts: Vec<&str> = barcodes.iter().map(|(code, _)| *code).collect();
        let owners = repo::items::barcode_owners(tx, tenant, &texts).await?;
        refuse_foreign(tx, tenant, "barcode", &barcodes, owners).await?;
        write_batch(tx, tenant, outlet, batch, |_| true, now).await?;
        stamp_changes(tx, tenant, &before, batch, now).await?;
    }
    Ok(())
}

/// Refuses the first code that belongs to an item other than the one it is to be given to.
async fn refuse_foreign(
    tx: &mut Tx,
    tenant: TenantId,
    what: &'static str,
    wanted: &[(&str, ItemId)],
    owners: Vec<repo::items::Owner>,
) -> Result<(), CatalogError> {
    let mut holders: HashMap<&str, ItemId> = HashMap::new();
    for (code, id) in wanted {
        if holders.insert(code, *id).is_some_and(|holder| holder != *id) {
            return Err(CatalogError::Owned {
                what,
                code: (*code).to_owned(),
                owner: "(in this request)".to_owned(),
            });
        }
    }
    for owner in owners {
        if holders.get(owner.code.as_str()).is_some_and(|id| *id != owner.item_id) {
            let sku = repo::items::sku_of(tx, tenant, owner.item_id).await?;
            return Err(CatalogError::Owned { what, code: owner.code, owner: sku });
        }
    }
    Ok(())
}

/// Writes checked items, the barcodes of those for which they were cleared or are new, and their changes.
pub(crate) async fn write_batch(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: Option<OutletId>,
    batch: &[Item],
    needs_barcodes: impl Fn(&Item) -> bool,
    now: Timestamp,
) -> Result<(), CatalogError> {
    if batch.is_empty() {
        return Ok(());
    }
    let bodies = batch.iter().map(serde_json::to_string).collect::<Result<Vec<_>, _>>()?;
    let rows: Vec<(&Item, &str)> = batch.iter().zip(bodies.iter().map(String::as_str)).collect();
    let put = repo::items::put(tx, tenant, outlet, &rows, now).await;
    put.map_err(taken("another item has this sku"))?;
    let barcodes =
        repo::items::insert_barcodes(tx, tenant, batch.iter().filter(|item| needs_barcodes(item))).await;
    barcodes.map_err(taken("another item has this barcode"))?;
    let changes: Vec<Change> = batch
        .iter()
        .zip(bodies)
        .map(|(item, body)| Change {
            entity: entity::ITEM,
            row_id: item.item_id.to_string(),
            outlet,
            body: Some(body),
        })
        .collect();
    record_changes(tx, tenant, &changes).await?;
    Ok(())
}

/// Stamps the fields in which items of headquarters differ from what they were, and keeps what they cost; new ones have
/// neither.
pub(crate) async fn stamp_changes(
    tx: &mut Tx,
    tenant: TenantId,
    before: &[Item],
    batch: &[Item],
    now: Timestamp,
) -> Result<(), DatabaseError> {
    let before: HashMap<ItemId, &Item> = before.iter().map(|item| (item.item_id, item)).collect();
    let known = batch.iter().filter_map(|item| Some((*before.get(&item.item_id)?, item)));
    prices::keep(tx, tenant, known.clone(), now, None).await?;
    let written: Vec<Written> = known.flat_map(|(before, item)| fields::of_item(before, item)).collect();
    stamps::put_own(tx, tenant, entity::ITEM, &written, now).await
}

/// What an item names must be the business's own.
///
/// # Errors
/// [`CatalogError::Missing`], or a failed statement.
pub(crate) async fn check_references(tx: &mut Tx, tenant: TenantId, item: &Item) -> Result<(), CatalogError> {
    if let Some(category) = item.category_id
        && repo::categories::find(tx, tenant, category).await?.is_none()
    {
        return Err(CatalogError::Missing("category"));
    }
    if let Some(picture) = item.picture_id
        && repo::pictures::find(tx, tenant, picture).await?.is_none()
    {
        return Err(CatalogError::Missing("picture"));
    }
    Ok(())
}

/// Changes one item by `change` and gives it as it is now; None when there is no such item.
///
/// # Errors
/// As [`put_items`].
pub async fn change_item(
    tx: &mut Tx,
    tenant: TenantId,
    item_id: ItemId,
    change: impl FnOnce(&mut Item),
    now: Timestamp,
) -> Result<Option<ItemRow>, CatalogError> {
    let Some(mut row) = repo::items::find(tx, tenant, item_id, true).await? else { return Ok(None) };
    let before = row.item.clone();
    change(&mut row.item);
    if row.item != before {
        put_items(tx, tenant, row.outlet, std::slice::from_ref(&row.item), now).await?;
        row.updated_at = now;
    }
    Ok(Some(row))
}

/// Deletes an item; leaves a tombstone in the feed. Receipts keep what they say of it.
///
/// # Errors
/// [`CatalogError::Missing`], or a failed statement.
pub async fn delete_item(tx: &mut Tx, tenant: TenantId, item_id: ItemId) -> Result<(), CatalogError> {
    let found =
        repo::items::find(tx, tenant, item_id, true).await?.ok_or(CatalogError::Missing("product"))?;
    repo::items::delete(tx, tenant, item_id).await?;
    record_change(tx, tenant, entity::ITEM, &item_id.to_string(), found.outlet, None).await?;
    stamps::forget(tx, tenant, entity::ITEM, &item_id.to_string()).await?;
    Ok(())
}

/// The code of a refused import, beside those of [`crate::error::code`].
pub const IMPORT_REFUSED: &str = "import_refused";
