//! The fields of items and categories of which the last writer is told, and how an edit is laid over them.

use shared::catalogue::{Category, Item};
use shared::stamp::{FieldStamps, Stamp, Standing};

use crate::sync::stamps::Written;

/// The field of an item that is the server's to decide, and why it has a stamp all the same: a price that was set after a
/// till asked for another one stands.
pub const UNIT_PRICE: &str = "unit_price";

/// What differs of two states of an item, among the fields that have stamps.
pub fn of_item(before: &Item, after: &Item) -> Vec<Written> {
    let fields = [
        ("name", before.name != after.name),
        ("available", before.available != after.available),
        ("category_id", before.category_id != after.category_id),
        ("position", before.position != after.position),
        ("picture_id", before.picture_id != after.picture_id),
        (UNIT_PRICE, before.unit_price != after.unit_price),
    ];
    written(&after.item_id.to_string(), &fields)
}

/// What differs of two states of a category.
pub fn of_category(before: &Category, after: &Category) -> Vec<Written> {
    let fields = [
        ("name", before.name != after.name),
        ("position", before.position != after.position),
        ("color", before.color != after.color),
    ];
    written(&after.category_id.to_string(), &fields)
}

fn written(row_id: &str, fields: &[(&'static str, bool)]) -> Vec<Written> {
    let changed = fields.iter().filter(|(_, differs)| *differs);
    changed.map(|(field, _)| Written { row_id: row_id.to_owned(), field }).collect()
}

/// An edit of a row as it is laid over it, field by field.
#[derive(Debug)]
pub struct Edit<'a> {
    stamps: &'a mut FieldStamps,
    stamp: Stamp,
    /// The fields that took their value.
    pub taken: Vec<&'static str>,
    /// The fields that somebody wrote later.
    pub outdated: Vec<&'static str>,
}

impl<'a> Edit<'a> {
    /// The edit made at `stamp` of a row with these stamps.
    pub fn new(stamps: &'a mut FieldStamps, stamp: Stamp) -> Self {
        Self { stamps, stamp, taken: Vec::new(), outdated: Vec::new() }
    }

    /// Sets a field to what was asked, when something was and nobody wrote it later.
    pub fn set<T>(&mut self, field: &'static str, asked: Option<T>, value: &mut T) {
        let Some(asked) = asked else { return };
        match self.stamps.take(field, self.stamp) {
            Standing::Newest => {
                *value = asked;
                self.taken.push(field);
            }
            Standing::Outdated => self.outdated.push(field),
            Standing::Known => {}
        }
    }

    /// What was written of a row, for [`crate::sync::stamps::put`].
    pub fn written(&self, row_id: &str) -> Vec<Written> {
        self.taken.iter().map(|field| Written { row_id: row_id.to_owned(), field }).collect()
    }
}
