//! Applies checked rows in batches within one transaction; a row that contradicts what is stored undoes all of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use shared::Timestamp;
use shared::catalogue::{Category, Item, Unit};
use shared::ids::{CategoryId, ItemId, OutletId, TaxId, TenantId};
use tokio::sync::mpsc;

use super::{ImportReport, ParsedRow, Refusals, RowError};
use crate::app::AppState;
use crate::catalog::repo::items::ItemRow;
use crate::catalog::{put_categories, repo, rules, stamp_changes, write_batch};
use crate::database::Tx;
use crate::error::ApiError;
use crate::identity;

/// Colours of categories that an import makes, in turn; each readable beside white.
const COLORS: [&str; 8] =
    ["#1d6b52", "#8a4b08", "#7a2e5d", "#1f5a8c", "#6b5b12", "#8c2f2f", "#3f4f8f", "#2f6f73"];

/// What names of the file stand for.
struct Names {
    outlet: Option<OutletId>,
    categories: HashMap<String, CategoryId>,
    /// None when two taxes of that name differ.
    taxes: BTreeMap<String, Option<TaxId>>,
}

/// Applies all batches in one transaction.
///
/// # Errors
/// A problem that lists the refused rows, an unknown outlet, or a failed statement.
pub(super) async fn apply(
    state: &AppState,
    tenant: TenantId,
    outlet: Option<OutletId>,
    mut batches: mpsc::Receiver<Vec<ParsedRow>>,
) -> Result<ImportReport, ApiError> {
    let now = state.clock.now();
    let mut tx = state.db.write(tenant).await?;
    let mut names = load_names(&mut tx, tenant, outlet).await?;
    let (mut report, mut refusals) = (ImportReport::default(), Refusals::default());
    while let Some(batch) = batches.recv().await {
        make_categories(state, &mut tx, tenant, &mut names, &batch, &mut report, now).await?;
        apply_batch(state, &mut tx, tenant, &names, batch, &mut report, &mut refusals, now).await?;
    }
    if !refusals.is_empty() {
        tx.rollback().await?;
        return Err(refusals.into_error());
    }
    tx.commit().await?;
    Ok(report)
}

async fn load_names(tx: &mut Tx, tenant: TenantId, outlet: Option<OutletId>) -> Result<Names, ApiError> {
    let outlets = identity::repo::outlets::all(tx, tenant).await?;
    if outlet.is_some_and(|outlet| !outlets.iter().any(|known| known.outlet_id == outlet)) {
        return Err(ApiError::not_found("outlet"));
    }
    let mut taxes: BTreeMap<String, Option<TaxId>> = BTreeMap::new();
    for known in outlets.iter().filter(|known| outlet.is_none_or(|outlet| known.outlet_id == outlet)) {
        for tax in &known.rules.taxes {
            let entry = taxes.entry(tax.name.clone()).or_insert(Some(tax.tax_id));
            if *entry != Some(tax.tax_id) {
                *entry = None;
            }
        }
    }
    let categories = repo::categories::all(tx, tenant).await?;
    let categories = categories
        .into_iter()
        .filter(|row| row.outlet == outlet)
        .map(|row| (row.category.name, row.category.category_id))
        .collect();
    Ok(Names { outlet, categories, taxes })
}

async fn make_categories(
    state: &AppState,
    tx: &mut Tx,
    tenant: TenantId,
    names: &mut Names,
    batch: &[ParsedRow],
    report: &mut ImportReport,
    now: Timestamp,
) -> Result<(), ApiError> {
    let mut new = Vec::new();
    for name in batch.iter().filter_map(|row| row.category.as_ref()?.as_ref()) {
        if !names.categories.contains_key(name) {
            let place = names.categories.len();
            let category_id = CategoryId::new(&*state.clock, &mut state.rng());
            new.push(Category {
                category_id,
                name: name.clone(),
                position: i32::try_from(place).unwrap_or(i32::MAX),
                color: COLORS.get(place % COLORS.len()).copied().unwrap_or("#1d6b52").to_owned(),
            });
            names.categories.insert(name.clone(), category_id);
        }
    }
    if !new.is_empty() {
        report.categories_created += u32::try_from(new.len()).unwrap_or(u32::MAX);
        put_categories(tx, tenant, names.outlet, &new, now).await?;
    }
    Ok(())
}

#[expect(clippy::too_many_arguments, reason = "one step of a loop, split off to be read by itself")]
async fn apply_batch(
    state: &AppState,
    tx: &mut Tx,
    tenant: TenantId,
    names: &Names,
    batch: Vec<ParsedRow>,
    report: &mut ImportReport,
    refusals: &mut Refusals,
    now: Timestamp,
) -> Result<(), ApiError> {
    let skus: Vec<&str> = batch.iter().map(|row| row.sku.as_str()).collect();
    let stored = repo::items::by_skus(tx, tenant, &skus).await?;
    let stored: HashMap<String, ItemRow> =
        stored.into_iter().map(|row| (row.item.sku.as_str().to_owned(), row)).collect();
    let (mut items, mut rows, mut rebarcoded) = (Vec::new(), HashMap::new(), HashSet::new());
    for row in batch {
        report.rows += 1;
        let Some(taxes) = tax_ids(names, &row, refusals) else { continue };
        let before = stored.get(row.sku.as_str());
        if let Some(before) = before.filter(|before| before.outlet != names.outlet) {
            let expected = "the outlet of its first import is expected (outlet_id), or another sku";
            let problem = "the item belongs to another outlet";
            refusals.push(RowError::new(row.number, "sku", before.item.sku.as_str(), problem, expected));
            continue;
        }
        let number = row.number;
        let item = match before {
            Some(before) => merged(&before.item, row, names, taxes),
            None => new_item(ItemId::new(&*state.clock, &mut state.rng()), row, names, taxes),
        };
        match before {
            Some(before) if before.item == item => {
                report.unchanged += 1;
                continue;
            }
            Some(before) => {
                report.updated += 1;
                if before.item.barcodes != item.barcodes {
                    repo::items::clear_barcodes(tx, tenant, item.item_id).await?;
                    rebarcoded.insert(item.item_id);
                }
            }
            None => {
                report.created += 1;
                rebarcoded.insert(item.item_id);
            }
        }
        rows.insert(item.item_id, number);
        items.push(item);
    }
    refuse_foreign_barcodes(tx, tenant, &items, &rows, refusals).await?;
    // Once something is refused, the rest is only looked at for more refusals.
    if refusals.is_empty() {
        let needs_barcodes = |item: &Item| rebarcoded.contains(&item.item_id);
        write_batch(tx, tenant, names.outlet, &items, needs_barcodes, now).await?;
        let before: Vec<Item> = stored.into_values().map(|row| row.item).collect();
        stamp_changes(tx, tenant, &before, &items, now).await?;
    }
    Ok(())
}

fn tax_ids(names: &Names, row: &ParsedRow, refusals: &mut Refusals) -> Option<Option<Vec<TaxId>>> {
    let Some(wanted) = &row.taxes else { return Some(None) };
    let mut ids = Vec::with_capacity(wanted.len());
    for name in wanted {
        match names.taxes.get(name) {
            Some(Some(id)) if !ids.contains(id) => ids.push(*id),
            Some(Some(_)) => {}
            known => {
                let problem = if known.is_some() {
                    "several outlets have a different tax of this name"
                } else {
                    "no outlet has a tax of this name"
                };
                let all: Vec<&str> = names.taxes.keys().map(String::as_str).collect();
                let expected = match (known.is_some(), all.is_empty()) {
                    (true, _) => "an import for one outlet (outlet_id) is expected".to_owned(),
                    (false, true) => "an empty field is expected, since no tax is set up".to_owned(),
                    (false, false) => format!("one of {} is expected", all.join(", ")),
                };
                refusals.push(RowError::new(row.number, "tax", name, problem, expected));
                return None;
            }
        }
    }
    Some(Some(ids))
}

fn category_id(names: &Names, name: Option<&String>) -> Option<CategoryId> {
    name.and_then(|name| names.categories.get(name).copied())
}

fn new_item(item_id: ItemId, row: ParsedRow, names: &Names, taxes: Option<Vec<TaxId>>) -> Item {
    Item {
        item_id,
        category_id: category_id(names, row.category.flatten().as_ref()),
        sku: row.sku,
        name: row.name,
        unit_price: row.price,
        unit: row.unit.unwrap_or(Unit::Piece),
        tax_ids: taxes.unwrap_or_default(),
        barcodes: row.barcodes.unwrap_or_default(),
        variants: Vec::new(),
        modifier_groups: Vec::new(),
        picture_id: None,
        position: 0,
        available: true,
    }
}

fn merged(before: &Item, row: ParsedRow, names: &Names, taxes: Option<Vec<TaxId>>) -> Item {
    let mut item = before.clone();
    item.name = row.name;
    item.unit_price = row.price;
    if let Some(category) = row.category {
        item.category_id = category_id(names, category.as_ref());
    }
    item.unit = row.unit.unwrap_or(item.unit);
    item.barcodes = row.barcodes.unwrap_or(item.barcodes);
    item.tax_ids = taxes.unwrap_or(item.tax_ids);
    item
}

async fn refuse_foreign_barcodes(
    tx: &mut Tx,
    tenant: TenantId,
    items: &[Item],
    rows: &HashMap<ItemId, u32>,
    refusals: &mut Refusals,
) -> Result<(), ApiError> {
    let wanted: HashMap<&str, ItemId> = items
        .iter()
        .flat_map(|item| rules::barcodes(item).map(|(code, _)| (code.as_str(), item.item_id)))
        .collect();
    let codes: Vec<&str> = wanted.keys().copied().collect();
    for owner in repo::items::barcode_owners(tx, tenant, &codes).await? {
        let Some(item) = wanted.get(owner.code.as_str()).filter(|item| **item != owner.item_id) else {
            continue;
        };
        let row = rows.get(item).copied().unwrap_or_default();
        let sku = repo::items::sku_of(tx, tenant, owner.item_id).await?;
        let problem = format!("it belongs to the item with sku {sku} already");
        let expected = "a barcode that no other item has is expected";
        refusals.push(RowError::new(row, "barcodes", &owner.code, problem, expected));
    }
    Ok(())
}
