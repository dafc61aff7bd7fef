//! The print queue.

use crate::context::Done;
use crate::engine::Call;
use crate::peripherals;
use crate::views::*;

pub(super) fn jobs(call: &Call<'_>, _: Nothing) -> Done<PrintJobsView> {
    call.till.read(peripherals::jobs)
}

pub(super) fn retry(call: &Call<'_>, input: PrintJobInput) -> Done<PrintJobsView> {
    call.write(|store, ctx| peripherals::retry(store, ctx, input))
}

pub(super) fn drop_job(call: &Call<'_>, input: PrintJobInput) -> Done<PrintJobsView> {
    call.write(|store, ctx| peripherals::drop_job(store, ctx, input))
}

pub(super) fn test(call: &Call<'_>, _: Nothing) -> Done<PrintJobsView> {
    call.write(peripherals::test)
}
