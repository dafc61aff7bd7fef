//! The drawer.

use super::app_state;
use crate::context::Done;
use crate::engine::Call;
use crate::views::*;
use crate::{drawer, peripherals};

pub(super) fn open(call: &Call<'_>, input: OpenDrawerInput) -> Done<AppState> {
    call.write(|store, ctx| drawer::open(store, ctx, input))?;
    app_state(call)
}

pub(super) fn report(call: &Call<'_>, _: Nothing) -> Done<ReportView> {
    call.read(drawer::report)
}

pub(super) fn print_report(call: &Call<'_>, _: Nothing) -> Done<ReportView> {
    call.write(drawer::print_report)
}

pub(super) fn move_cash(call: &Call<'_>, input: MoveCashInput) -> Done<ReportView> {
    call.write(|store, ctx| drawer::move_cash(store, ctx, input))
}

pub(super) fn kick(call: &Call<'_>, input: KickInput) -> Done<Nothing> {
    call.write(|store, ctx| {
        peripherals::require_printer(store.db())?;
        drawer::kick(store, ctx, input)
    })?;
    peripherals::request_kick(call.till);
    Ok(Nothing {})
}

pub(super) fn close(call: &Call<'_>, input: CloseDrawerInput) -> Done<ClosedView> {
    call.write(|store, ctx| drawer::close(store, ctx, input))
}
