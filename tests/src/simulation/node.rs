//! A terminal of a run: the real engine driven by hand, and the person at it.

mod cashier;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use futures_util::future::BoxFuture;
use terminal::engine::by_hand::Wakes;
use terminal::engine::{Engine, EngineOptions};
use terminal::sync::{Downloader, Pause, Uploader};
use terminal::views::{Nothing, SyncDetailView};
use tokio::sync::mpsc;

pub use cashier::{Cashier, Stop};

use super::chance::Chance;
use super::plan::Fault;
use super::seams::{DeathPoint, NodeClock, Outgoing, RoomyDisk, SimWire};

/// A direction of the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The journal up.
    Up = 0,
    /// The feed down.
    Down = 1,
}

/// What a worker keeps between its steps.
pub enum Hand {
    /// The uploader.
    Up(Uploader),
    /// The downloader.
    Down(Downloader),
}

/// A worker of the engine, as it stands.
pub enum Worker {
    /// It rests until its pause is over.
    Resting(Hand, Pause),
    /// A step waits for the network.
    Busy(BoxFuture<'static, (Hand, Pause)>),
    /// The engine is down.
    Gone,
}

/// A terminal of a run.
pub struct Node {
    /// A name for messages.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// Its business.
    pub business: usize,
    /// Its id.
    pub terminal: String,
    /// Its clock.
    pub clock: Arc<NodeClock>,
    /// Its disk.
    pub disk: Arc<RoomyDisk>,
    /// Where it dies.
    pub death: Arc<DeathPoint>,
    /// The engine, while it runs.
    pub engine: Option<Arc<Engine>>,
    /// How many processes there were; what belongs to an earlier one is over.
    pub life: u64,
    /// The two workers.
    pub workers: [Worker; 2],
    /// Timers of the workers that are older than this are over.
    pub timers: [u64; 2],
    /// What was asked for and not yet taken up.
    pub wakes: Wakes,
    /// What left it and waits to be carried.
    pub outgoing: mpsc::UnboundedReceiver<Outgoing>,
    /// The weather on its wire: until when.
    pub weather: BTreeMap<Fault, i64>,
    /// The person at it.
    pub cashier: Cashier,
    /// An injected bug: the uploader is never woken after its first failure.
    pub sleeps_after_failure: bool,
    /// An injected bug: what is paid is not committed, though it is said to be.
    pub lies_when_paid: bool,
}

impl Node {
    /// A terminal on its folder, down.
    pub fn new(name: String, folder: PathBuf, business: usize, clock: Arc<NodeClock>) -> Result<Self> {
        let marker: serde_json::Value =
            serde_json::from_slice(&std::fs::read(folder.join("enrolled.json"))?)?;
        let terminal = marker["terminal_id"].as_str().context("no terminal in its marker")?.to_owned();
        Ok(Self {
            name,
            folder,
            business,
            terminal,
            clock,
            disk: Arc::default(),
            death: Arc::default(),
            engine: None,
            life: 0,
            workers: [Worker::Gone, Worker::Gone],
            timers: [0, 0],
            wakes: Wakes::default(),
            outgoing: mpsc::unbounded_channel().1,
            weather: BTreeMap::new(),
            cashier: Cashier::default(),
            sleeps_after_failure: false,
            lies_when_paid: false,
        })
    }

    /// Starts the engine.
    ///
    /// # Errors
    /// When it cannot open its folder: never allowed, whatever happened before.
    pub fn start(&mut self, chance: Chance) -> Result<()> {
        self.life += 1;
        self.death.revive();
        let (send, receive) = mpsc::unbounded_channel();
        self.outgoing = receive;
        let mut options = EngineOptions::new(&self.folder);
        options.clock = self.clock.clone();
        options.rng = Box::new(chance);
        options.disk = self.disk.clone();
        options.transport = Some(Arc::new(SimWire(send)));
        options.commit = Some(self.death.commit());
        let engine =
            Engine::start_by_hand(options).with_context(|| format!("{} does not start", self.name))?;
        self.engine = Some(engine);
        self.wakes = Wakes::default();
        let now = Pause::Failed(std::time::Duration::ZERO);
        self.workers = [
            Worker::Resting(Hand::Up(Uploader::default()), now),
            Worker::Resting(Hand::Down(Downloader::default()), now),
        ];
        Ok(())
    }

    /// The process is gone.
    pub fn kill(&mut self) {
        self.workers = [Worker::Gone, Worker::Gone];
        self.timers = [self.timers[0] + 1, self.timers[1] + 1];
        self.engine = None;
    }

    /// Whether a fault is on its wire.
    pub fn is_under(&self, fault: Fault, now: i64) -> bool {
        self.weather.get(&fault).is_some_and(|until| *until > now)
    }

    /// A step of a worker; `asked` when somebody asked for it.
    pub fn step(&self, hand: Hand, asked: bool) -> Option<BoxFuture<'static, (Hand, Pause)>> {
        let engine = self.engine.as_ref()?;
        Some(match hand {
            Hand::Up(uploader) => {
                let step = engine.push_step(uploader, asked);
                Box::pin(async move {
                    let (uploader, pause) = step.await;
                    (Hand::Up(uploader), pause)
                })
            }
            Hand::Down(downloader) => {
                let step = engine.pull_step(downloader);
                Box::pin(async move {
                    let (downloader, pause) = step.await;
                    (Hand::Down(downloader), pause)
                })
            }
        })
    }

    /// How many events wait.
    pub fn waiting(&self) -> Result<u64> {
        match self.call::<_, SyncDetailView>("sync.detail", &Nothing {}) {
            Ok(detail) => Ok(detail.sync.waiting),
            Err(stop) => bail!("{}: {stop:?}", self.name),
        }
    }
}
