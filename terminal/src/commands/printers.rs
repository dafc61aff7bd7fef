//! The printers of this terminal.

use crate::context::Done;
use crate::engine::Call;
use crate::peripherals;
use crate::views::*;

pub(super) fn list(call: &Call<'_>, _: Nothing) -> Done<PrintersView> {
    peripherals::watch(call.till);
    call.read(|db, ctx| peripherals::printers(call.till, db, ctx))
}

pub(super) fn find(call: &Call<'_>, _: Nothing) -> Done<FoundPrintersView> {
    call.read(peripherals::may_set_up)?;
    Ok(peripherals::find_printers())
}

pub(super) fn save(call: &Call<'_>, input: PrinterInput) -> Done<PrintersView> {
    call.write(|store, ctx| peripherals::save_printer(store, ctx, input))?;
    list(call, Nothing {})
}

pub(super) fn remove(call: &Call<'_>, input: PrinterIdInput) -> Done<PrintersView> {
    call.write(|store, ctx| peripherals::remove_printer(store, ctx, input))?;
    list(call, Nothing {})
}

pub(super) fn test(call: &Call<'_>, input: PrinterIdInput) -> Done<PrintersView> {
    call.write(|store, ctx| peripherals::test_printer(store, ctx, input))?;
    list(call, Nothing {})
}
