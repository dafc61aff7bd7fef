//! The scale, the scanners and the customer's display, and what happened at all devices.

use crate::context::Done;
use crate::engine::Call;
use crate::views::*;
use crate::{counter, devices};

pub(super) fn list(call: &Call<'_>, _: Nothing) -> Done<CounterView> {
    call.read(|db, ctx| counter::devices(call.till, db, ctx))
}

pub(super) fn log(call: &Call<'_>, _: Nothing) -> Done<DeviceLogView> {
    call.read(devices::log)
}

pub(super) fn find(call: &Call<'_>, _: Nothing) -> Done<FoundPrintersView> {
    call.read(counter::find)
}

pub(super) fn save(call: &Call<'_>, input: CounterDeviceInput) -> Done<CounterView> {
    call.write(|store, ctx| counter::save(store, ctx, input))?;
    call.till.counter_changed.notify_one();
    list(call, Nothing {})
}

pub(super) fn remove(call: &Call<'_>, input: CounterDeviceIdInput) -> Done<CounterView> {
    call.write(|store, ctx| counter::remove(store, ctx, input))?;
    call.till.counter_changed.notify_one();
    list(call, Nothing {})
}

pub(super) fn test(call: &Call<'_>, input: CounterDeviceIdInput) -> Done<CounterView> {
    call.read(|db, ctx| counter::test(call.till, db, ctx, input))?;
    list(call, Nothing {})
}

pub(super) fn weigh(call: &Call<'_>, input: ScaleInput) -> Done<ScaleView> {
    Ok(counter::weigh(call.till, &input))
}

pub(super) fn take_scans(call: &Call<'_>, _: Nothing) -> Done<ScansView> {
    counter::take_scans(call)
}
