//! What is sold, as the screens show it.

use crate::catalogue;
use crate::context::Done;
use crate::engine::Call;
use crate::views::*;

pub(super) fn grid(call: &Call<'_>, input: GridInput) -> Done<GridView> {
    call.read(|db, ctx| catalogue::grid(db, ctx, input))
}

pub(super) fn search(call: &Call<'_>, input: SearchInput) -> Done<SearchView> {
    call.read(|db, ctx| catalogue::search(db, ctx, input))
}

pub(super) fn item(call: &Call<'_>, input: ItemInput) -> Done<ItemView> {
    call.read(|db, ctx| catalogue::item(db, ctx, input))
}

pub(super) fn picture(call: &Call<'_>, input: PictureInput) -> Done<PictureView> {
    call.read(|db, _| catalogue::picture(db, input))
}
