//! What happened at the devices, for whoever looks for a fault.

use rusqlite::Connection;

use crate::context::{Context, Done};
use crate::engine::Till;
use crate::peripherals::may_set_up;
use crate::store::device_log::{self, Happened};
use crate::views::DeviceLogView;

/// Lines of each kind that are given at once.
const MOST_LINES: u32 = 2_000;

/// Writes down what happened at a device; a store that cannot be written keeps no device from its work.
pub(crate) fn note(till: &Till, happened: &Happened<'_>) {
    let now = till.clock.now();
    if let Err(error) = till.store().write(|tx| device_log::add(tx, now, happened)) {
        tracing::warn!(%error, device = happened.name, "what happened at a device could not be written down");
    }
}

/// What happened last at the devices, and how prints and card payments went.
///
/// # Errors
/// `not_allowed`.
pub(crate) fn log(db: &Connection, ctx: &Context<'_>) -> Done<DeviceLogView> {
    may_set_up(db, ctx)?;
    Ok(DeviceLogView { entries: device_log::newest(db, MOST_LINES)? })
}
