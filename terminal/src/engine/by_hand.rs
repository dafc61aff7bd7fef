//! An engine whose background work is done step by step by whoever started it: for simulations, where the order of
//! everything that happens is decided from outside.

use std::sync::{Arc, Mutex};

use futures_util::FutureExt as _;

use super::{Engine, EngineOptions, StartError};
use crate::devices::{self, Reporter};
use crate::store::StoreError;
use crate::sync::{Downloader, Pause, Uploader};

/// What the commands and the workers asked for since the last look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wakes {
    /// Something was committed: there may be events to push.
    pub committed: bool,
    /// A push is asked for now.
    pub push: bool,
    /// A pull is asked for now.
    pub pull: bool,
}

impl Engine {
    /// Opens the data folder as [`Engine::start`] does, but begins no background work. Commands that wait for the network
    /// (enrolment) are refused.
    ///
    /// # Errors
    /// See [`StartError`].
    pub fn start_by_hand(options: EngineOptions) -> Result<Arc<Self>, StartError> {
        Ok(Arc::new(Self { till: Self::open(options)?, workers: Mutex::new(None) }))
    }

    /// One step of the uploader, which must be driven by a runtime of tokio; `asked` when a person or the other worker
    /// asked for it. Gives the uploader back with how long to leave it alone.
    pub fn push_step(
        &self,
        mut uploader: Uploader,
        asked: bool,
    ) -> impl Future<Output = (Uploader, Pause)> + Send + 'static {
        let till = self.till.clone();
        async move {
            if asked {
                uploader.asked();
            }
            let pause = uploader.step(&till).await;
            (uploader, pause)
        }
    }

    /// One step of the downloader, as [`Engine::push_step`].
    pub fn pull_step(
        &self,
        mut downloader: Downloader,
    ) -> impl Future<Output = (Downloader, Pause)> + Send + 'static {
        let till = self.till.clone();
        async move {
            let pause = downloader.step(&till).await;
            (downloader, pause)
        }
    }

    /// What was asked for since the last look.
    pub fn take_wakes(&self) -> Wakes {
        let taken = |notify: &tokio::sync::Notify| notify.notified().now_or_never().is_some();
        Wakes {
            committed: taken(&self.till.committed),
            push: taken(&self.till.push_now),
            pull: taken(&self.till.pull_now),
        }
    }

    /// One look at the devices by the worker that tells headquarters of them; gives whether it wrote a report.
    ///
    /// # Errors
    /// When the store cannot be read or written.
    pub fn report_step(&self, reporter: &mut Reporter) -> Result<bool, StoreError> {
        devices::look(&self.till, reporter)
    }

    /// Tidies the store, as the background work does at idle moments.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_house(&self) -> Result<(), StoreError> {
        self.till.store().keep_house()
    }
}
