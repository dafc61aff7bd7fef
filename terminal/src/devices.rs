//! How the devices at this till are, told to headquarters, and what happened at them, for whoever looks for a fault.
//!
//! Nothing is asked of a device here: what their own workers wrote down is compared with what was told last, and a change
//! that lasted becomes an event. Reports are bounded in number, since a journal is for good.

mod list;
mod log;
mod reporter;

use std::sync::Arc;
use std::time::Duration;

use shared::journal::Fact;
use shared::journal::payload::DeviceReported;

pub(crate) use log::{log, note};
pub use reporter::Reporter;

use crate::engine::Till;
use crate::journal;
use crate::store::{StoreError, Tx, meta};
use reporter::{Place, Told};

/// Between two looks at what is written down of the devices: nobody at headquarters waits for seconds.
const LOOK: Duration = Duration::from_secs(5);
/// After a store that could not be read or written.
const AGAIN: Duration = Duration::from_secs(30);
/// What keeps a device on the counter from its work; which wire broke how is in the log.
pub(crate) const UNREACHABLE: &str = "unreachable";
/// Where the store keeps what was told last.
const KEPT: &str = "devices_told";

/// Tells of the devices for as long as the engine runs.
pub(crate) async fn report(till: Arc<Till>) {
    let mut reporter = Reporter::default();
    while !till.is_stopping() {
        let looking = till.clone();
        let looked = tokio::task::spawn_blocking(move || {
            let done = look(&looking, &mut reporter);
            (reporter, done)
        });
        let wait;
        (reporter, wait) = match looked.await {
            Ok((same, Ok(_))) => (same, LOOK),
            Ok((same, Err(error))) => {
                tracing::warn!(%error, "how the devices are could not be written down");
                (same, AGAIN)
            }
            Err(panic) => {
                tracing::error!(%panic, "looking at the devices ended in a panic");
                (Reporter::default(), AGAIN)
            }
        };
        tokio::select! {
            () = till.stopped() => break,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Lets everything be told anew: what was told last may not be the last of the journal any more.
///
/// # Errors
/// When the store cannot be written.
pub(crate) fn tell_anew(tx: &Tx<'_>) -> Result<(), StoreError> {
    meta::unset(tx, KEPT)
}

/// One look; gives whether a report was written.
///
/// # Errors
/// When the store cannot be read or written.
pub(crate) fn look(till: &Till, reporter: &mut Reporter) -> Result<bool, StoreError> {
    let Some(device) = till.device() else { return Ok(false) };
    let place = Place::of(&device);
    let now = till.clock.now();
    let (told, devices) = till.read(|db| -> Result<_, StoreError> {
        // What cannot be read any more is told anew.
        let kept = meta::get(db, KEPT)?;
        let told = kept.and_then(|kept| serde_json::from_str::<Told>(&kept).ok());
        Ok((told, list::now(till, db, now)?))
    })?;
    let Some(due) = reporter.look(told.as_ref(), place, devices, now) else { return Ok(false) };
    let mut store = till.store();
    // A new life of the journal may have begun since: then it is due under that, at the next look.
    let Some(device) = till.device().filter(|device| Place::of(device) == place) else { return Ok(false) };
    let moment = till.moment(store.db(), &device);
    let report = DeviceReported { devices: due.devices.clone() };
    store.write(|tx| -> Result<(), StoreError> {
        journal::append(tx, &device, &moment, &Fact::DeviceReported(Box::new(report)))?;
        meta::set_json(tx, KEPT, &due)
    })?;
    drop(store);
    till.committed.notify_one();
    Ok(true)
}
