//! How receipts and tickets look.

use crate::context::Done;
use crate::engine::Call;
use crate::layouts;
use crate::views::*;

pub(super) fn show(call: &Call<'_>, _: Nothing) -> Done<LayoutsView> {
    call.read(layouts::show)
}

pub(super) fn preview(call: &Call<'_>, input: LayoutsPreviewInput) -> Done<LayoutsPreviewView> {
    call.read(|db, ctx| layouts::preview(db, ctx, input))
}

pub(super) fn save(call: &Call<'_>, input: LayoutsInput) -> Done<LayoutsView> {
    layouts::save(call, input)
}
