//! The first pages of the back office: the items and small changes of them.

use rusqlite::Connection;
use serde_json::json;
use shared::catalogue::{Category, Item};
use shared::journal::Fact;
use shared::journal::payload::ItemEdited;
use shared::outlet::Outlet;
use shared::staff::Permission;
use shared::wire::entity;

use crate::catalogue::{self, one_unit};
use crate::context::{CommandError, Context, Done};
use crate::journal;
use crate::staff::require;
use crate::store::{Store, StoreError, edits, items};
use crate::views::{EditItemInput, ItemRow, ItemsInput, ItemsView};

/// Items on a page.
const PAGE: usize = 100;
/// The most items that a search counts.
const MAX_FOUND: usize = 2_000;
/// The longest name of an item in characters.
const MAX_NAME_CHARS: usize = 120;

/// Items by name, or those that fit a query.
///
/// # Errors
/// `not_allowed`.
pub fn items(db: &Connection, ctx: &Context<'_>, input: ItemsInput) -> Done<ItemsView> {
    require(db, ctx, Permission::BackOffice)?;
    let outlet = ctx.outlet(db)?;
    let categories = items::categories(db)?;
    let (found, total) = if input.query.trim().is_empty() {
        (items::by_name(db, input.offset, PAGE)?, items::count(db)?)
    } else {
        let matching = catalogue::matching(db, &input.query, MAX_FOUND)?;
        let offset = usize::try_from(input.offset).unwrap_or(usize::MAX);
        let mut page = Vec::with_capacity(PAGE);
        for item_no in matching.iter().skip(offset).take(PAGE) {
            page.extend(items::by_no(db, *item_no)?);
        }
        (page, u32::try_from(matching.len()).unwrap_or(u32::MAX))
    };
    let rows: Done<Vec<ItemRow>> =
        found.into_iter().map(|stored| item_row(&outlet, &categories, stored.item)).collect();
    Ok(ItemsView { items: rows?, total })
}

fn item_row(outlet: &Outlet, categories: &[Category], item: Item) -> Done<ItemRow> {
    let category =
        item.category_id.and_then(|id| categories.iter().find(|category| category.category_id == id));
    Ok(ItemRow {
        item_id: item.item_id,
        sku: item.sku.as_str().to_owned(),
        category: category.map(|category| category.name.clone()),
        price: item.unit_price.map(|price| one_unit(outlet, price)).transpose()?,
        unit: item.unit,
        barcodes: item.barcodes.iter().map(|code| code.as_str().to_owned()).collect(),
        available: item.available,
        name: item.name,
    })
}

/// Asks the server to change an item. What describes it changes here at once; a price changes when the server says so.
///
/// # Errors
/// `not_allowed`, `not_found`, `invalid`, `out_of_range`.
pub fn edit_item(store: &mut Store, ctx: &mut Context<'_>, input: EditItemInput) -> Done<ItemRow> {
    let who = require(store.db(), ctx, Permission::EditItems)?;
    let outlet = ctx.outlet(store.db())?;
    let stored = items::get(store.db(), input.item_id)?
        .ok_or_else(|| CommandError::not_found("there is no such item"))?;
    let name = input.name.as_deref().map(checked_name).transpose()?;
    if let Some(price) = input.unit_price {
        if !stored.item.variants.is_empty() {
            return Err(CommandError::invalid("variants", "the prices of an item with variants are theirs"));
        }
        crate::register::check_price(price)?;
    }
    let before =
        serde_json::to_value(&stored.item).map_err(|error| StoreError::contradiction("an item", error))?;
    let mut item = stored.item;
    if let Some(name) = &name {
        item.name.clone_from(name);
    }
    item.available = input.available.unwrap_or(item.available);
    let mut described = Vec::new();
    described.extend(name.clone().map(|name| ("name", json!(name))));
    described.extend(input.available.map(|available| ("available", json!(available))));
    let mut edited = ItemEdited {
        name,
        available: input.available,
        unit_price: input.unit_price,
        ..ItemEdited::of(item.item_id)
    };
    if edited.name.is_none() && edited.available.is_none() && edited.unit_price.is_none() {
        return Err(CommandError::invalid("nothing", "nothing was asked to change"));
    }
    let moment = ctx.moment(&outlet, Some(who.staff_id));
    journal::commit(store, ctx.device, |tx| {
        edited.stamp = Some(edits::next_stamp(tx, ctx.device.terminal_id, moment.at)?);
        let key = journal::append(tx, ctx.device, &moment, &Fact::ItemEdited(Box::new(edited)))?;
        edits::note(tx, entity::ITEM, &item.item_id.to_string(), &before, &described, key)?;
        items::edit(tx, stored.item_no, &item)?;
        Ok(())
    })?;
    item_row(&outlet, &items::categories(store.db())?, item)
}

fn checked_name(name: &str) -> Done<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        return Err(CommandError::invalid("name", "a name has 1 to 120 visible characters"));
    }
    Ok(name.to_owned())
}
