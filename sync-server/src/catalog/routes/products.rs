//! The items of the catalogue, under the word that integrators expect.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use shared::catalogue::{Barcode, Item, ModifierGroup, Sku, Unit, Variant};
use shared::ids::{CategoryId, ItemId, OutletId, PictureId, TaxId};
use shared::staff::Permission;
use shared::{Timestamp, UnitPrice};
use utoipa::{IntoParams, ToSchema};

use crate::app::AppState;
use crate::catalog::repo::items::{ItemFilter, ItemRow};
use crate::catalog::{change_item, check_references, delete_item, put_items, repo, rules};
use crate::error::ApiError;
use crate::extract::{JsonBody, PathId, QueryOf, present};
use crate::identity::Principal;
use crate::openapi::{ModifierGroupDocument, Problems, ProductDocument, VariantDocument};

/// Items of one page when nothing else is asked for, and at most.
const PAGE: (i64, i64) = (50, 500);

/// An item with what stands beside it.
#[derive(Debug, Serialize)]
pub struct Product {
    #[serde(flatten)]
    item: Item,
    outlet_id: Option<OutletId>,
    updated_at: Timestamp,
}

impl From<ItemRow> for Product {
    fn from(row: ItemRow) -> Self {
        Self { item: row.item, outlet_id: row.outlet, updated_at: row.updated_at }
    }
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProductQuery {
    /// In the name, or the code or a barcode itself.
    search: Option<String>,
    /// Only this category.
    #[param(value_type = Option<String>, format = "uuid")]
    category_id: Option<CategoryId>,
    /// Only what this outlet sells.
    #[param(value_type = Option<String>, format = "uuid")]
    outlet_id: Option<OutletId>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Items of a page: 1 to 500, 50 when left out.
    limit: Option<i64>,
}

/// A page of items by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProductPage {
    /// The items.
    #[schema(value_type = Vec<ProductDocument>)]
    products: Vec<Product>,
    /// For the next page; null at the end.
    next_cursor: Option<String>,
}

/// An item to be sold; what is left out begins empty.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProduct {
    /// An id made by the caller (UUIDv7), so that a repeated request adds nothing; the server makes one when left out.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    item_id: Option<ItemId>,
    /// The only outlet that sells it; all when left out. It never changes.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    outlet_id: Option<OutletId>,
    /// The business's code; once in the business.
    #[schema(value_type = String, example = "KOPI-SUSU")]
    sku: Sku,
    /// The name on screen and receipt.
    name: String,
    /// Its category.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    category_id: Option<CategoryId>,
    /// Price of one unit in the major unit with at most 4 decimals; null is asked at the till.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "18000")]
    unit_price: Option<UnitPrice>,
    /// `piece` or `kilogram`.
    #[serde(default)]
    #[schema(value_type = String, example = "piece")]
    unit: Unit,
    /// Taxes of the outlet that apply.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    tax_ids: Vec<TaxId>,
    /// Printed codes; once in the business.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    barcodes: Vec<Barcode>,
    /// Sizes or kinds.
    #[serde(default)]
    #[schema(value_type = Vec<VariantDocument>)]
    variants: Vec<Variant>,
    /// Sets of choices.
    #[serde(default)]
    #[schema(value_type = Vec<ModifierGroupDocument>)]
    modifier_groups: Vec<ModifierGroup>,
    /// Its picture.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    picture_id: Option<PictureId>,
    /// The place among the items of its category.
    #[serde(default)]
    position: i32,
    /// Whether it can be sold now.
    #[serde(default)]
    available: Option<bool>,
}

/// What changes of an item; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductChange {
    /// The business's code.
    #[schema(value_type = Option<String>)]
    sku: Option<Sku>,
    /// The name on screen and receipt.
    name: Option<String>,
    /// Its category; null is none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    category_id: Option<Option<CategoryId>>,
    /// Price of one unit; null is asked at the till.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    unit_price: Option<Option<UnitPrice>>,
    /// `piece` or `kilogram`.
    #[schema(value_type = Option<String>)]
    unit: Option<Unit>,
    /// Taxes of the outlet that apply.
    #[schema(value_type = Option<Vec<String>>)]
    tax_ids: Option<Vec<TaxId>>,
    /// Printed codes.
    #[schema(value_type = Option<Vec<String>>)]
    barcodes: Option<Vec<Barcode>>,
    /// Sizes or kinds.
    #[schema(value_type = Option<Vec<VariantDocument>>)]
    variants: Option<Vec<Variant>>,
    /// Sets of choices.
    #[schema(value_type = Option<Vec<ModifierGroupDocument>>)]
    modifier_groups: Option<Vec<ModifierGroup>>,
    /// Its picture; null is none.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    picture_id: Option<Option<PictureId>>,
    /// The place among the items of its category.
    position: Option<i32>,
    /// Whether it can be sold now.
    available: Option<bool>,
}

impl ProductChange {
    fn apply(self, item: &mut Item) {
        fn set<T>(field: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *field = value;
            }
        }
        set(&mut item.sku, self.sku);
        set(&mut item.name, self.name);
        set(&mut item.category_id, self.category_id);
        set(&mut item.unit_price, self.unit_price);
        set(&mut item.unit, self.unit);
        set(&mut item.tax_ids, self.tax_ids);
        set(&mut item.barcodes, self.barcodes);
        set(&mut item.variants, self.variants);
        set(&mut item.modifier_groups, self.modifier_groups);
        set(&mut item.picture_id, self.picture_id);
        set(&mut item.position, self.position);
        set(&mut item.available, self.available);
    }
}

/// Items by name, searched and paged.
#[utoipa::path(
    get, path = "/api/v1/products", tag = "products", params(ProductQuery),
    responses((status = 200, description = "A page of items", body = ProductPage), Problems)
)]
pub async fn list(
    State(state): State<AppState>,
    principal: Principal,
    QueryOf(query): QueryOf<ProductQuery>,
) -> Result<Json<ProductPage>, ApiError> {
    let limit = query.limit.unwrap_or(PAGE.0);
    if !(1..=PAGE.1).contains(&limit) {
        return Err(ApiError::invalid("limit", "limit: 1 to 500 is expected"));
    }
    let after =
        match query.cursor.as_deref() {
            Some(text) => {
                let cursor = rules::Cursor::of_text(text);
                Some(cursor.ok_or_else(|| {
                    ApiError::invalid("cursor", "cursor: next_cursor of a page is expected")
                })?)
            }
            None => None,
        };
    let search = query.search.filter(|text| !text.trim().is_empty());
    if search.as_ref().is_some_and(|text| text.chars().count() > 100 || text.contains('\0')) {
        return Err(ApiError::invalid("search", "search: at most 100 characters are expected"));
    }
    let filter =
        ItemFilter { search, category: query.category_id, outlet: query.outlet_id, after, limit: limit + 1 };
    let mut tx = state.db.read(principal.tenant_id).await?;
    let mut rows = repo::items::page(&mut tx, principal.tenant_id, &filter).await?;
    let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next_cursor = rows
        .last()
        .filter(|_| more)
        .map(|row| rules::Cursor { name: rules::fold(&row.item.name), item_id: row.item.item_id }.to_text());
    Ok(Json(ProductPage { products: rows.into_iter().map(Product::from).collect(), next_cursor }))
}

/// One item.
#[utoipa::path(
    get, path = "/api/v1/products/{id}", tag = "products",
    params(("id" = String, Path, description = "The item", format = "uuid")),
    responses((status = 200, description = "The item", body = ProductDocument), Problems)
)]
pub async fn read(
    State(state): State<AppState>,
    principal: Principal,
    PathId(id): PathId<ItemId>,
) -> Result<Json<Product>, ApiError> {
    let mut tx = state.db.read(principal.tenant_id).await?;
    let row = repo::items::find(&mut tx, principal.tenant_id, id, false).await?;
    Ok(Json(row.ok_or_else(|| ApiError::not_found("product"))?.into()))
}

/// Add an item.
#[utoipa::path(
    post, path = "/api/v1/products", tag = "products", request_body = NewProduct,
    responses((status = 201, description = "The item", body = ProductDocument), Problems)
)]
pub async fn create(
    State(state): State<AppState>,
    principal: Principal,
    JsonBody(new): JsonBody<NewProduct>,
) -> Result<(StatusCode, [(HeaderName, HeaderValue); 1], Json<Product>), ApiError> {
    principal.require(Permission::EditItems)?;
    let (tenant, now) = (principal.tenant_id, state.clock.now());
    let item = Item {
        item_id: new.item_id.unwrap_or_else(|| ItemId::new(&*state.clock, &mut state.rng())),
        sku: new.sku,
        name: new.name,
        category_id: new.category_id,
        unit_price: new.unit_price,
        unit: new.unit,
        tax_ids: new.tax_ids,
        barcodes: new.barcodes,
        variants: new.variants,
        modifier_groups: new.modifier_groups,
        picture_id: new.picture_id,
        position: new.position,
        available: new.available.unwrap_or(true),
    };
    let mut tx = state.db.write(tenant).await?;
    if let Some(outlet) = new.outlet_id
        && crate::identity::repo::outlets::find(&mut tx, tenant, outlet).await?.is_none()
    {
        return Err(ApiError::not_found("outlet"));
    }
    let stored = repo::items::find(&mut tx, tenant, item.item_id, true).await?;
    match stored {
        Some(row) if row.item == item => {}
        Some(_) => return Err(ApiError::conflict("another item has this item_id")),
        None => {
            check_references(&mut tx, tenant, &item).await?;
            put_items(&mut tx, tenant, new.outlet_id, std::slice::from_ref(&item), now).await?;
        }
    }
    tx.commit().await?;
    let location = HeaderValue::from_str(&format!("/api/v1/products/{}", item.item_id))
        .unwrap_or(HeaderValue::from_static("/api/v1/products"));
    let product = Product { item, outlet_id: new.outlet_id, updated_at: now };
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(product)))
}

/// Change fields of an item; terminals have it with their next pull.
#[utoipa::path(
    patch, path = "/api/v1/products/{id}", tag = "products", request_body = ProductChange,
    params(("id" = String, Path, description = "The item", format = "uuid")),
    responses((status = 200, description = "The item as it is now", body = ProductDocument), Problems)
)]
pub async fn update(
    State(state): State<AppState>,
    principal: Principal,
    PathId(id): PathId<ItemId>,
    JsonBody(change): JsonBody<ProductChange>,
) -> Result<Json<Product>, ApiError> {
    principal.require(Permission::EditItems)?;
    let (tenant, now) = (principal.tenant_id, state.clock.now());
    let mut tx = state.db.write(tenant).await?;
    let row = change_item(&mut tx, tenant, id, |item| change.apply(item), now).await?;
    let row = row.ok_or_else(|| ApiError::not_found("product"))?;
    check_references(&mut tx, tenant, &row.item).await?;
    tx.commit().await?;
    Ok(Json(row.into()))
}

/// Delete an item: terminals take it off the screen, receipts keep what they say.
#[utoipa::path(
    delete, path = "/api/v1/products/{id}", tag = "products",
    params(("id" = String, Path, description = "The item", format = "uuid")),
    responses((status = 204, description = "Deleted"), Problems)
)]
pub async fn delete(
    State(state): State<AppState>,
    principal: Principal,
    PathId(id): PathId<ItemId>,
) -> Result<StatusCode, ApiError> {
    principal.require(Permission::EditItems)?;
    let mut tx = state.db.write(principal.tenant_id).await?;
    delete_item(&mut tx, principal.tenant_id, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
