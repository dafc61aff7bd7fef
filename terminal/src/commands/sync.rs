//! The exchange with the server.

use crate::context::Done;
use crate::engine::Call;
use crate::sync;
use crate::views::*;

pub(super) fn detail(call: &Call<'_>, _: Nothing) -> Done<SyncDetailView> {
    call.till.read(|db| sync::detail(call.till, db))
}

pub(super) fn now(call: &Call<'_>, _: Nothing) -> Done<SyncView> {
    call.till.push_now.notify_one();
    call.till.pull_now.notify_one();
    call.till.read(|db| Ok(sync::view(call.till, db)?))
}
