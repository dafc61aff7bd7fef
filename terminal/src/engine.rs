//! The running till: store, workers and commands, behind one handle that both shells and the tests use.
//!
//! [`Engine::start`] opens a data folder that no other engine may open at the same time, and begins to push, pull and
//! print in the background; it needs no server and no printer to start. [`Engine::call`] does one command of a screen.

pub mod by_hand;
mod client;
pub(crate) mod folder;
mod mending;
pub(crate) mod rescue;
pub mod seams;
mod till;

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand_core::RngCore;
use tokio::runtime::Runtime;
use tokio::sync::broadcast;

use shared::Clock;

pub use client::ClientId;
pub use folder::FolderError;
pub(crate) use till::{Call, Till, held};

use crate::context::CommandError;
use crate::customer::Screen;
use crate::store::disk::{Disk, LocalDisk};
use crate::store::{Commit, StoreError};
use crate::sync::transport::Transport;
use crate::views::{AppState, Changed, ChangedWord, CommandErrorView, EnrolInput};
use crate::{commands, counter, devices, enrol, peripherals, sync};

/// How long stopping waits for the workers: a page being stored, a receipt on its way. What takes longer ends with the
/// process, and the next start finds it as it was.
const STOP_GRACE: Duration = Duration::from_secs(10);

/// What an engine is started with.
pub struct EngineOptions {
    /// The data folder, made when it is not there.
    pub data_dir: PathBuf,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub rng: Box<dyn RngCore + Send>,
    /// The room on the disk.
    pub disk: Arc<dyn Disk>,
    /// Sets the receipt printer, such as `tcp://192.168.1.50:9100`; None leaves the settings as they are.
    pub printer: Option<String>,
    /// Certificates (PEM) to trust beside the system's, for a server with a certificate of one's own.
    pub extra_roots: Option<Vec<u8>>,
    /// Carries the exchange with the server; None is HTTP.
    pub transport: Option<Arc<dyn Transport>>,
    /// How a transaction of the store ends; None commits as SQLite does.
    pub commit: Option<Commit>,
}

impl EngineOptions {
    /// The machine's own clock, chance and disk.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            clock: Arc::new(seams::SystemClock),
            rng: Box::new(seams::SystemRandom),
            disk: Arc::new(LocalDisk),
            printer: None,
            extra_roots: None,
            transport: None,
            commit: None,
        }
    }
}

/// Why an engine did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The folder is in use, or its secrets cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The store cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No threads for the background work.
    #[error("starting the background work: {0}")]
    Workers(#[source] std::io::Error),
    /// The given printer is no printer.
    #[error("`{0}` is no printer: {1}")]
    Printer(String, String),
    /// The given certificates cannot be read.
    #[error(transparent)]
    Link(#[from] sync::LinkError),
}

/// A running till.
pub struct Engine {
    till: Arc<Till>,
    workers: Mutex<Option<Workers>>,
}

struct Workers {
    runtime: Runtime,
    /// Disconnected once every worker has ended.
    ended: Receiver<()>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("dir", &self.till.dir()).finish_non_exhaustive()
    }
}

impl Engine {
    /// Opens the data folder and begins the background work. Everyone is signed out, and what was being printed when the
    /// last process ended is marked as unknown.
    ///
    /// # Errors
    /// See [`StartError`]; each says what to do.
    pub fn start(options: EngineOptions) -> Result<Arc<Self>, StartError> {
        let till = Self::open(options)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("kedai-engine")
            .enable_all()
            .build()
            .map_err(StartError::Workers)?;
        let (alive, ended) = sync_channel(1);
        spawn(&runtime, &alive, sync::upload(till.clone()));
        spawn(&runtime, &alive, sync::download(till.clone()));
        spawn(&runtime, &alive, sync::live(till.clone()));
        spawn(&runtime, &alive, peripherals::print(till.clone()));
        spawn(&runtime, &alive, counter::serve(till.clone()));
        spawn(&runtime, &alive, devices::report(till.clone()));
        spawn(&runtime, &alive, till::keep_house(till.clone()));
        drop(alive);
        Ok(Arc::new(Self { till, workers: Mutex::new(Some(Workers { runtime, ended })) }))
    }

    fn open(options: EngineOptions) -> Result<Arc<Till>, StartError> {
        if let Some(printer) = &options.printer {
            peripherals::check_target(printer)
                .map_err(|reason| StartError::Printer(printer.clone(), reason))?;
        }
        Ok(Arc::new(Till::open(options)?))
    }

    /// Does one command for one window or browser. Blocks while the store works (and, for enrolment, the server).
    ///
    /// # Errors
    /// One of the closed codes; `unknown_command` and `invalid` for what is no command or does not fit it.
    pub fn call(
        &self,
        client: &ClientId,
        command: &str,
        input: serde_json::Value,
    ) -> Result<serde_json::Value, CommandErrorView> {
        let output = self.call_bytes(client, command, input.to_string().as_bytes())?;
        serde_json::from_slice(&output).map_err(|error| commands::unserialisable(command, &error))
    }

    /// The same with JSON as bytes, as it comes over HTTP; an empty input is `{}`.
    ///
    /// # Errors
    /// As [`Engine::call`].
    pub fn call_bytes(
        &self,
        client: &ClientId,
        command: &str,
        input: &[u8],
    ) -> Result<Vec<u8>, CommandErrorView> {
        commands::dispatch(&Call::new(self, client), command, input)
    }

    /// What changes from now on. A listener that falls behind is told so and asks for everything again.
    pub fn subscribe(&self) -> broadcast::Receiver<Changed> {
        self.till.changed.subscribe()
    }

    /// Joins an outlet; for installers, before any window is open. Gives the same errors as the command.
    ///
    /// # Errors
    /// See the codes of `enrol.start`.
    pub fn enrol(&self, input: &EnrolInput) -> Result<(), CommandErrorView> {
        enrol::enrol(self, input).map_err(|error: CommandError| CommandErrorView::from(&error))
    }

    /// What the till is, as a window that is not signed in sees it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn state(&self) -> Result<AppState, CommandErrorView> {
        let client = ClientId::window();
        commands::app_state(&Call::new(self, &client)).map_err(|error| CommandErrorView::from(&error))
    }

    /// Whether a manager wants the customer's screen shown; for a shell with windows.
    pub fn wants_customer_screen(&self) -> bool {
        self.till.screen(Screen::is_on)
    }

    /// Notes whether there is a second monitor for the customer's screen; for a shell with windows.
    pub fn found_customer_monitor(&self, found: bool) {
        if self.till.change_screen(|screen| screen.found_monitor(found)) {
            self.till.tell(&[ChangedWord::Customer]);
        }
    }

    /// Ends the background work and waits for it. Commands that come later are still done on the store; drop the engine
    /// to let the folder go.
    pub fn stop(&self) {
        self.till.stop();
        let taken = self.workers.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        let Some(workers) = taken else { return };
        if workers.ended.recv_timeout(STOP_GRACE) == Err(RecvTimeoutError::Timeout) {
            tracing::warn!("the background work did not end in time; it ends with the process");
        }
        // What a worker had on the store when it was told to stop is waited for too: then the folder is free. On a thread of
        // its own, because within another runtime waiting would be forbidden.
        let waited = std::thread::spawn(move || workers.runtime.shutdown_timeout(STOP_GRACE)).join();
        if waited.is_err() {
            tracing::error!("ending the background work failed");
        }
    }

    pub(crate) fn till(&self) -> &Arc<Till> {
        &self.till
    }

    /// Runs a future on the engine's own threads and waits for it, whatever thread asks.
    pub(crate) fn wait_for<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        self.begin(future)?.recv().ok()
    }

    /// As [`Self::wait_for`], at most so long; the future runs on when nobody waits for it any more.
    pub(crate) fn wait_at_most<T: Send + 'static>(
        &self,
        patience: Duration,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Option<T> {
        self.begin(future)?.recv_timeout(patience).ok()
    }

    fn begin<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Option<Receiver<T>> {
        let (answer, answered) = sync_channel(1);
        let workers = self.workers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        workers.as_ref()?.runtime.spawn(async move {
            let _ = answer.send(future.await);
        });
        Some(answered)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.stop();
    }
}

fn spawn(runtime: &Runtime, alive: &SyncSender<()>, worker: impl Future<Output = ()> + Send + 'static) {
    let alive = alive.clone();
    runtime.spawn(async move {
        worker.await;
        drop(alive);
    });
}
