//! Items and goods.

use crate::context::Done;
use crate::engine::Call;
use crate::views::*;
use crate::{backoffice, stockroom};

pub(super) fn items(call: &Call<'_>, input: ItemsInput) -> Done<ItemsView> {
    call.read(|db, ctx| backoffice::items(db, ctx, input))
}

pub(super) fn edit_item(call: &Call<'_>, input: EditItemInput) -> Done<ItemRow> {
    call.write(|store, ctx| backoffice::edit_item(store, ctx, input))
}

pub(super) fn move_stock(call: &Call<'_>, input: MoveStockInput) -> Done<Nothing> {
    call.write(|store, ctx| stockroom::move_stock(store, ctx, input))?;
    Ok(Nothing {})
}
