//! The exchange with the server: the journal up, the feed down, both in the background.
//!
//! `plan` decides from plain values, `upload` and `download` do it step by step, `snapshot` fetches a whole catalogue, `live`
//! hears of news, `link` speaks over a `transport`, `status` remembers for the screens.
//! Neither worker ever holds the store while it waits for the network, and every wait has an end: the table is read anew
//! each time, so no flag in memory can leave an event unsent.

pub(crate) mod allowances;
mod download;
mod link;
mod live;
mod plan;
mod snapshot;
mod status;
pub mod transport;
mod upload;

pub use link::{AddressError, Link, LinkError, Signer, parse_address};
pub(crate) use plan::{Refusal, read_problem};
pub(crate) use status::SyncStatus;

pub use download::Downloader;
pub(crate) use download::download;
pub(crate) use live::live;
pub(crate) use status::{detail, view};
pub use upload::Uploader;
pub(crate) use upload::upload;

use std::sync::Arc;
use std::time::Duration;

use rand_core::RngCore as _;

use crate::context::Device;
use crate::engine::Till;
use crate::store::meta;

/// How often each worker looks again without being woken.
const TICK: Duration = Duration::from_secs(30);

/// What a worker does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// There is more: at once.
    Again,
    /// All is done: when woken, or at the next tick.
    Idle,
    /// It failed: after a random wait that grows with failures, or when woken by a person or by the other worker's success.
    Failed,
    /// The server asked to wait so long, and is left in peace.
    Wait(Duration),
}

/// What a worker does between two steps; whoever drives it keeps to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// The next step at once.
    None,
    /// All is done: when something is committed, when a person or the other worker asks, or after this time.
    Idle(Duration),
    /// It failed: after this time, or when a person or the other worker asks.
    Failed(Duration),
    /// The server asked to be left in peace so long.
    Asked(Duration),
}

/// How long to wait after failures in a row, full jitter.
fn backoff(till: &Till, failures: u32) -> Duration {
    Duration::from_millis(plan::backoff_ms(failures, till.random().next_u64()))
}

/// A device and the wire to its server.
type Connected = (Arc<Device>, Arc<Link>);

/// This device with the wire to its server; None before enrolment.
fn connected(till: &Till) -> Result<Option<Connected>, LinkError> {
    let Some(device) = till.device() else { return Ok(None) };
    let identity = till.read(meta::identity).map_err(|error| LinkError::Store(error.to_string()))?;
    let Some(identity) = identity else { return Ok(None) };
    Ok(Some((device, till.link(&identity.server_url)?)))
}

/// Runs work on the store away from the threads that serve the network.
async fn blocking<T: Send + 'static>(
    till: &Arc<Till>,
    work: impl FnOnce(&Till) -> T + Send + 'static,
) -> Result<T, LinkError> {
    let till = till.clone();
    tokio::task::spawn_blocking(move || work(&till))
        .await
        .map_err(|panic| LinkError::Store(format!("the work on the store ended in a panic: {panic}")))
}

impl From<&Device> for Signer {
    fn from(device: &Device) -> Self {
        Self { tenant_id: device.tenant_id, terminal_id: device.terminal_id, key: device.key.clone() }
    }
}
