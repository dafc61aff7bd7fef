//! What the simulation gives the two programs in place of the world: clocks, a disk with room, a wire that ends here, and
//! the points at which they die.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use shared::{Clock, Timestamp};
use sync_server::database::{CommitMoment, CommitWatch};
use terminal::store::disk::Disk;
use terminal::store::{Commit, plain_commit};
use terminal::sync::LinkError;
use terminal::sync::transport::{Transport, WireAnswer, WireRequest};
use tokio::sync::{mpsc, oneshot};

/// 2026-03-14 10:00 in Jakarta.
pub const BEGIN: i64 = 1_773_457_200_000;

/// The clock of one machine: the simulated time, and how far off this machine's is.
#[derive(Debug, Default)]
pub struct NodeClock {
    now: Arc<AtomicI64>,
    off: AtomicI64,
}

impl NodeClock {
    /// A right clock on the simulated time `now`, in milliseconds since the beginning.
    pub fn new(now: Arc<AtomicI64>) -> Self {
        Self { now, off: AtomicI64::new(0) }
    }

    /// Moves the hands.
    pub fn jump(&self, millis: i64) {
        self.off.fetch_add(millis, Ordering::Relaxed);
    }
}

impl Clock for NodeClock {
    fn now(&self) -> Timestamp {
        let millis = BEGIN + self.now.load(Ordering::Relaxed) + self.off.load(Ordering::Relaxed);
        Timestamp::from_millis(millis)
    }
}

/// A disk with room, unless an injected bug says that there is none.
#[derive(Debug, Default)]
pub struct RoomyDisk {
    /// Says that it is full.
    pub full: AtomicBool,
}

impl Disk for RoomyDisk {
    fn free_bytes(&self, _: &Path) -> std::io::Result<u64> {
        Ok(if self.full.load(Ordering::Relaxed) { 0 } else { u64::MAX })
    }
}

/// A request that left a terminal, with where its answer goes.
pub struct Outgoing {
    /// The request.
    pub request: WireRequest,
    /// Its answer.
    pub reply: oneshot::Sender<Result<WireAnswer, LinkError>>,
}

/// A wire whose other end is held by the simulation.
#[derive(Debug)]
pub struct SimWire(pub mpsc::UnboundedSender<Outgoing>);

impl Transport for SimWire {
    fn exchange<'a>(
        &'a self,
        _base: &'a str,
        request: WireRequest,
    ) -> BoxFuture<'a, Result<WireAnswer, LinkError>> {
        let (reply, answered) = oneshot::channel();
        let sent = self.0.send(Outgoing { request, reply });
        Box::pin(async move {
            let gone = || LinkError::Unreachable("the simulated network is gone".to_owned());
            sent.map_err(|_| gone())?;
            answered.await.map_err(|_| gone())?
        })
    }
}

/// Where a process dies, and whether it did.
#[derive(Debug, Default)]
pub struct DeathPoint(Mutex<Death>);

#[derive(Debug, Default, Clone, Copy)]
struct Death {
    /// Commits until then, and whether the commit still happens.
    armed: Option<(u32, bool)>,
    dead: bool,
    /// Whether the commit at which it died happened.
    after: bool,
    /// An injected bug: the commit is answered as done, but is not.
    lies: bool,
}

/// What becomes of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Lives,
    DiesBefore,
    DiesAfter,
    Lies,
}

impl DeathPoint {
    fn with<T>(&self, look: impl FnOnce(&mut Death) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Dies at the commit after `commits` others; `after` lets that commit happen first.
    pub fn arm(&self, commits: u32, after: bool) {
        self.with(|death| death.armed = Some((commits, after)));
    }

    /// Takes an order to die back.
    pub fn disarm(&self) {
        self.with(|death| death.armed = None);
    }

    /// Whether it died.
    pub fn is_dead(&self) -> bool {
        self.with(|death| death.dead)
    }

    /// Whether the commit at which it died happened.
    pub fn died_after(&self) -> bool {
        self.with(|death| death.after)
    }

    /// A new process begins.
    pub fn revive(&self) {
        self.with(|death| *death = Death::default());
    }

    /// Switches the injected bug of commits that do not happen.
    pub fn lie(&self, lies: bool) {
        self.with(|death| death.lies = lies);
    }

    fn at_commit(&self) -> Fate {
        self.with(|death| {
            if death.dead {
                return Fate::DiesBefore;
            }
            if death.lies {
                return Fate::Lies;
            }
            match &mut death.armed {
                None => Fate::Lives,
                Some((0, after)) => {
                    let fate = if *after { Fate::DiesAfter } else { Fate::DiesBefore };
                    death.after = *after;
                    death.armed = None;
                    death.dead = true;
                    fate
                }
                Some((left, _)) => {
                    *left -= 1;
                    Fate::Lives
                }
            }
        })
    }

    /// How a terminal's store commits under this point.
    pub fn commit(self: &Arc<Self>) -> Commit {
        let point = self.clone();
        Box::new(move |db| match point.at_commit() {
            Fate::Lives => plain_commit(db),
            Fate::Lies => db.execute_batch("ROLLBACK"),
            Fate::DiesBefore => Err(rusqlite::Error::InvalidQuery),
            Fate::DiesAfter => {
                plain_commit(db)?;
                Err(rusqlite::Error::InvalidQuery)
            }
        })
    }
}

/// The server's commits under a point of death.
#[derive(Debug)]
pub struct ServerWatch {
    /// The point.
    pub point: Arc<DeathPoint>,
    /// A death that comes after the commit that is under way.
    pub dying: AtomicBool,
}

impl CommitWatch for ServerWatch {
    fn lives(&self, moment: CommitMoment) -> bool {
        match moment {
            CommitMoment::Begin => !self.point.is_dead() && !self.dying.load(Ordering::Relaxed),
            CommitMoment::Before => match self.point.at_commit() {
                Fate::Lives | Fate::Lies => true,
                Fate::DiesBefore => false,
                Fate::DiesAfter => {
                    self.dying.store(true, Ordering::Relaxed);
                    true
                }
            },
            CommitMoment::After => !self.dying.load(Ordering::Relaxed),
        }
    }
}
