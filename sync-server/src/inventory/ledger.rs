//! The ledger: every movement once, and the level of every item beside it.

use std::collections::BTreeMap;

use shared::BusinessDate;
use shared::ids::{ItemId, OutletId, VariantId};

use crate::database::Kind::{Number, Text};
use crate::database::{Bulk, DatabaseError, Tx};
use crate::sync::apply::Context;

/// Goods of one item that moved.
#[derive(Debug, Clone, Copy)]
pub struct Movement<'a> {
    /// What moved.
    pub item_id: ItemId,
    /// Its variant.
    pub variant_id: Option<VariantId>,
    /// The business's code at the time.
    pub sku: &'a str,
    /// How many, in thousandths; below zero left the shelf.
    pub thousandths: i64,
}

/// What moved for one cause: a sale, a refund or a movement of its own.
#[derive(Debug)]
pub struct Source<'a> {
    /// Its event.
    pub context: Context<'a>,
    /// The sale, refund or movement.
    pub id: String,
    /// Why, as it stands in the ledger.
    pub reason: &'a str,
    /// The day of business.
    pub date: BusinessDate,
    /// What moved.
    pub movements: Vec<Movement<'a>>,
}

/// Outlet, item and variant. Ids sort as their texts do.
type Shelf = (OutletId, ItemId, Option<VariantId>);

const MOVEMENTS: Bulk = Bulk {
    table: "stock_movements",
    columns: &[
        ("source_id", Text),
        ("line_number", Number),
        ("reason", Text),
        ("outlet_id", Text),
        ("terminal_id", Text),
        ("item_id", Text),
        ("variant_id", Text),
        ("sku", Text),
        ("quantity", Number),
        ("occurred_at", Number),
        ("business_date", Text),
    ],
    conflict: "",
};

const LEVELS: Bulk = Bulk {
    table: "stock_levels",
    columns: &[("outlet_id", Text), ("item_id", Text), ("variant_id", Text), ("quantity", Number)],
    conflict: "ON CONFLICT (tenant_id, outlet_id, item_id, variant_id) \
               DO UPDATE SET quantity = stock_levels.quantity + excluded.quantity",
};

/// Books the movements of sources of one business, which the caller knows to be new; below zero is accepted, the goods are
/// gone.
///
/// # Errors
/// A failed statement, or a level beyond range.
pub async fn book(tx: &mut Tx, sources: &[Source<'_>]) -> Result<(), DatabaseError> {
    let Some(tenant) = sources.first().map(|source| source.context.tenant.to_string()) else { return Ok(()) };
    let mut levels: BTreeMap<Shelf, i64> = BTreeMap::new();
    let rows: Vec<_> = sources
        .iter()
        .flat_map(|source| (1_i64..).zip(&source.movements).map(move |row| (source, row)))
        .collect();
    for (source, (_, movement)) in &rows {
        let shelf = (source.context.event.outlet_id, movement.item_id, movement.variant_id);
        let level = levels.entry(shelf).or_default();
        *level = level
            .checked_add(movement.thousandths)
            .ok_or_else(|| DatabaseError::corrupt("stock_levels", "the sum is beyond range"))?;
    }
    let written = MOVEMENTS.insert(tx, &tenant, &rows, |(source, (number, movement)), cells| {
        let event = source.context.event;
        cells.text(&source.id);
        cells.number(*number);
        cells.text(source.reason);
        cells.text(event.outlet_id);
        cells.text(event.terminal_id);
        cells.text(movement.item_id);
        cells.text(variant_word(movement.variant_id));
        cells.text(movement.sku);
        cells.number(movement.thousandths);
        cells.number(event.occurred_at.as_millis());
        cells.text(source.date);
    });
    written.await?;
    // In the order of the shelves, so that two servers never wait for each other in a circle.
    let levels: Vec<_> = levels.into_iter().collect();
    let written = LEVELS.insert(tx, &tenant, &levels, |((outlet, item, variant), thousandths), cells| {
        cells.text(outlet);
        cells.text(item);
        cells.text(variant_word(*variant));
        cells.number(*thousandths);
    });
    written.await.map(drop)
}

/// No variant is an empty word in the ledger, which has it in its keys.
fn variant_word(variant: Option<VariantId>) -> String {
    variant.map(|id| id.to_string()).unwrap_or_default()
}
