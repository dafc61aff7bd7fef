//! What is sold, as the screens show and find it; and the change feed that brings it.

mod feed;
mod search;

use rusqlite::Connection;
use shared::catalogue::{Category, Item, Unit};
use shared::ids::{CategoryId, VariantId};
use shared::money::{Money, MoneyError, Quantity, UnitPrice};
use shared::outlet::Outlet;

pub use feed::{Applied, apply_page, cursor, is_loaded, notices, sums};
pub use search::{matching, search};

use crate::context::{CommandError, Context, Done};
use crate::store::{StoreError, items};
use crate::views::{GridInput, GridView, ItemInput, ItemView, PictureInput, PictureView, Tile, VariantView};

/// The most tiles of a shelf or a search.
pub const MAX_TILES: usize = 200;
/// The colour of items without a shelf.
const NO_COLOR: &str = "#808080";

/// A price of one unit as money.
///
/// # Errors
/// An overflow.
pub fn one_unit(outlet: &Outlet, price: UnitPrice) -> Result<Money, MoneyError> {
    price.times(Quantity::ONE, outlet.currency, outlet.digits, outlet.rules.rounding)
}

/// An item as a tile.
fn tile(outlet: &Outlet, categories: &[Category], item: Item) -> Result<Tile, MoneyError> {
    let color = |id: CategoryId| categories.iter().find(|c| c.category_id == id).map(|c| c.color.clone());
    let lowest = item.variants.iter().map(|variant| variant.unit_price).min();
    let price = if item.variants.is_empty() { item.unit_price } else { None };
    Ok(Tile {
        item_id: item.item_id,
        sku: item.sku.as_str().to_owned(),
        price: price.map(|price| one_unit(outlet, price)).transpose()?,
        price_from: lowest.map(|price| one_unit(outlet, price)).transpose()?,
        color: item.category_id.and_then(color).unwrap_or_else(|| NO_COLOR.to_owned()),
        picture_id: item.picture_id,
        unit: item.unit,
        asks: asks(&item),
        available: item.available,
        name: item.name,
    })
}

/// Whether a choice, price or weight must be given before the item is in the cart.
pub fn asks(item: &Item) -> bool {
    !item.variants.is_empty() || needs_more(item, None)
}

/// Whether more must be given once a variant is known.
pub fn needs_more(item: &Item, variant: Option<VariantId>) -> bool {
    let open_price = variant.is_none() && item.variants.is_empty() && item.unit_price.is_none();
    open_price || item.unit == Unit::Kilogram || item.modifier_groups.iter().any(|group| group.min > 0)
}

/// Categories and the tiles of one of them.
///
/// # Errors
/// When the outlet is not loaded or the store cannot be read.
pub fn grid(db: &Connection, ctx: &Context<'_>, input: GridInput) -> Done<GridView> {
    let outlet = ctx.outlet(db)?;
    let categories = items::categories(db)?;
    let category_id = input.category_id.or_else(|| categories.first().map(|category| category.category_id));
    let shelf = items::on_shelf(db, category_id, MAX_TILES)?;
    let tiles: Result<Vec<Tile>, _> =
        shelf.into_iter().map(|stored| tile(&outlet, &categories, stored.item)).collect();
    Ok(GridView { tiles: tiles?, categories, category_id })
}

/// An item with its choices.
///
/// # Errors
/// `not_found`, or when the store cannot be read.
pub fn item(db: &Connection, ctx: &Context<'_>, input: ItemInput) -> Done<ItemView> {
    let outlet = ctx.outlet(db)?;
    let item =
        items::get(db, input.item_id)?.ok_or_else(|| CommandError::not_found("there is no such item"))?.item;
    let variants: Result<Vec<VariantView>, MoneyError> = item
        .variants
        .iter()
        .map(|variant| {
            Ok(VariantView { variant: variant.clone(), price: one_unit(&outlet, variant.unit_price)? })
        })
        .collect();
    Ok(ItemView {
        price: item.unit_price.map(|price| one_unit(&outlet, price)).transpose()?,
        variants: variants?,
        groups: item.modifier_groups.clone(),
        item,
    })
}

/// A picture for `<img src>`.
///
/// # Errors
/// `not_found`, or when the store cannot be read.
pub fn picture(db: &Connection, input: PictureInput) -> Done<PictureView> {
    let (media_type, base64) = items::picture(db, input.picture_id)?
        .ok_or_else(|| CommandError::not_found("there is no such picture"))?;
    Ok(PictureView { data_url: format!("data:{media_type};base64,{base64}") })
}

/// The item and variant that carry a scanned or typed code. A UPC-A code and its EAN-13 form are one code.
///
/// # Errors
/// When the store cannot be read.
pub fn by_code(db: &Connection, code: &str) -> Result<Option<(Item, Option<VariantId>)>, StoreError> {
    if let Some(found) = items::by_code(db, code)? {
        return Ok(Some(found));
    }
    let digits = code.bytes().all(|byte| byte.is_ascii_digit());
    match (digits, code.len(), code.strip_prefix('0')) {
        (true, 12, _) => items::by_code(db, &format!("0{code}")),
        (true, 13, Some(upc)) => items::by_code(db, upc),
        _ => Ok(None),
    }
}
