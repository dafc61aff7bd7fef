//! News at once: a wire on which the server tells that there is something to pull.
//!
//! What is heard only wakes the puller, which asks by its own cursor and also by the clock: a wire that is down, late or
//! silent costs time, never a row.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use rand_core::RngCore as _;
use shared::clock::Timestamp;
use shared::wire::{self, Live};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use super::plan::{Refusal, read_problem};
use super::{LinkError, Signer, backoff, connected};
use crate::engine::Till;

/// A wire on which nothing was heard for so long is dead.
const SILENCE: Duration = Duration::from_millis(3 * wire::LIVE_HEARTBEAT_MS);
/// How often a till that belongs to no outlet looks whether it does now.
const NOT_YET: Duration = Duration::from_secs(1);
/// How long an answer to a heartbeat may take to be taken by the network.
const SEND_TIME: Duration = Duration::from_secs(10);

/// How listening ended.
enum Ended {
    /// The till belongs to no outlet yet.
    NotEnrolled,
    /// The wire was there, and is not any more.
    Lost,
    /// There was none.
    Refused,
}

/// Listens for as long as the engine runs.
pub(crate) async fn live(till: Arc<Till>) {
    let mut failures = 0_u32;
    while !till.is_stopping() {
        let ended = tokio::select! {
            () = till.stopped() => break,
            ended = listen(&till, failures > 0) => ended,
        };
        let wait = match ended {
            Ended::NotEnrolled => NOT_YET,
            Ended::Lost => {
                // A server that comes back is not stormed: the first attempt waits by chance, too.
                failures = 1;
                backoff(&till, failures)
            }
            Ended::Refused => {
                failures = failures.saturating_add(1);
                backoff(&till, failures)
            }
        };
        tokio::select! {
            () = till.stopped() => break,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

async fn listen(till: &Arc<Till>, after_failure: bool) -> Ended {
    let (device, link) = match connected(till) {
        Ok(Some(connected)) => connected,
        Ok(None) => return Ended::NotEnrolled,
        Err(error) => return refused(&error),
    };
    let mut nonce = [0; 16];
    till.random().fill_bytes(&mut nonce);
    let mut socket = match link.live(&Signer::from(&*device), &*till.clock, nonce).await {
        Ok(socket) => socket,
        Err(error) => {
            if let LinkError::Refused { problem, .. } = &error
                && let Refusal::Clock { server_time_ms } = read_problem(problem)
            {
                link.heard_time(Timestamp::from_millis(server_time_ms), &*till.clock);
            }
            return refused(&error);
        }
    };
    if after_failure {
        // The server is there again: what waits need not wait for its own turn.
        till.push_now.notify_one();
    }
    loop {
        match timeout(SILENCE, socket.next()).await {
            Ok(Some(Ok(Message::Text(text)))) => {
                if serde_json::from_str::<Live>(&text).is_ok() {
                    till.pull_now.notify_one();
                }
            }
            // The library has the answer to a heartbeat ready; it leaves with the next flush.
            Ok(Some(Ok(Message::Ping(_)))) => {
                if !matches!(timeout(SEND_TIME, socket.flush()).await, Ok(Ok(()))) {
                    return Ended::Lost;
                }
            }
            Ok(Some(Ok(Message::Close(_)) | Err(_)) | None) | Err(_) => return Ended::Lost,
            Ok(Some(Ok(_))) => {}
        }
    }
}

fn refused(error: &LinkError) -> Ended {
    tracing::debug!(%error, "the wire for news is not open");
    Ended::Refused
}
