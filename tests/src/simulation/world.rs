//! One run: a queue of happenings in simulated time, the two real programs, and whoever breaks what lies between them.

mod books;
mod lives;
mod workers;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::Result;
use shared::journal::Hash;
use terminal::sync::LinkError;
use terminal::sync::transport::WireRequest;

use super::canary::Canary;
use super::chance::Chance;
use super::network::Exchange;
use super::node::{Node, Way};
use super::plan::{Fault, Setting, Step};
use super::seams::NodeClock;
use super::server::Server;
use super::template::{Business, Template, copy_folder, fast_folder};
use crate::invariants::{self, Books, Invariant, Violation, Witness};

/// How long healing may take, in simulated milliseconds.
const HEALING: i64 = 30 * 60 * 1000;

/// Something that happens at a time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Happening {
    /// A step of the plan.
    Step(usize),
    /// The second half of a step: the image or backup that it took is put back.
    PutBack(usize),
    /// A worker's pause is over.
    Timer { node: usize, up: bool, timer: u64 },
    /// A request arrives at the server; the number of its exchange, and whether it is a repetition.
    Arrive { exchange: u64, again: bool },
    /// An answer arrives at a terminal.
    Answer { exchange: u64 },
    /// An exchange ends without an answer.
    Unanswered { exchange: u64 },
    /// The server looks at what waits to be applied.
    Apply,
    /// A terminal that died is started again.
    NodeStarts { node: usize, life: u64 },
    /// The server that died is started again.
    ServerStarts,
}

/// What became of a run.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// What does not hold.
    pub violations: Vec<Violation>,
    /// How often each fault truly happened.
    pub fired: BTreeMap<Fault, u64>,
    /// The hash over everything that happened.
    pub trace: String,
    /// The last lines of the trace.
    pub lines: Vec<String>,
    /// Simulated time over all terminals, in milliseconds.
    pub terminal_millis: i64,
    /// Sales made.
    pub sales: usize,
    /// Answers of the server.
    pub answers: u64,
    /// What terminals and server hold in the end.
    pub books: Books,
}

/// A run under way.
pub struct World<'a> {
    pub(super) setting: Setting,
    pub(super) steps: &'a [Step],
    pub(super) canary: Option<Canary>,
    pub(super) folder: tempfile::TempDir,
    pub(super) seed: u64,
    pub(super) now: Arc<AtomicI64>,
    pub(super) chance: Chance,
    queue: BinaryHeap<Reverse<(i64, u64, Happening)>>,
    queued: u64,
    pub(super) nodes: Vec<Node>,
    pub(super) server: Server,
    pub(super) server_starts: bool,
    pub(super) applying: bool,
    pub(super) businesses: Vec<Business>,
    pub(super) exchanges: BTreeMap<u64, Exchange>,
    pub(super) next_exchange: u64,
    pub(super) witness: Witness,
    /// The database of the server was put back: what it once knew of forks may be gone with it.
    pub(super) put_back: bool,
    pub(super) fired: BTreeMap<Fault, u64>,
    pub(super) healing: bool,
    /// Requests for a trespass and for the canary of I6.
    pub(super) last_push: BTreeMap<usize, WireRequest>,
    pub(super) foreign_page: Option<terminal::sync::transport::WireAnswer>,
    /// Over all lines of the trace, each chained to the one before.
    hasher: Hash,
    lines: std::collections::VecDeque<String>,
    pub(super) sales: usize,
    pub(super) answers: u64,
}

impl<'a> World<'a> {
    /// Makes the world of a seed from the template.
    pub async fn make(
        template: &Template,
        seed: u64,
        setting: Setting,
        steps: &'a [Step],
        canary: Option<Canary>,
    ) -> Result<Self> {
        let folder = fast_folder("kedai-run-")?;
        let now = Arc::new(AtomicI64::new(0));
        let server_folder = folder.path().join("server");
        copy_folder(&template.server(), &server_folder)?;
        let clock = Arc::new(NodeClock::new(now.clone()));
        let mut nodes = Vec::new();
        for at in 0..setting.terminals {
            let own = folder.path().join(format!("till-{at}"));
            copy_folder(&template.terminal(at), &own)?;
            let business = template.of_terminal.get(at).copied().unwrap_or(0);
            let clock = Arc::new(NodeClock::new(now.clone()));
            nodes.push(Node::new(format!("till {}", at + 1), own, business, clock)?);
        }
        let mut world = Self {
            setting,
            steps,
            canary,
            folder,
            seed,
            now,
            chance: Chance::of(seed, 2),
            queue: BinaryHeap::new(),
            queued: 0,
            nodes,
            server: Server::new(server_folder, clock),
            server_starts: false,
            applying: false,
            businesses: template.businesses.clone(),
            exchanges: BTreeMap::new(),
            next_exchange: 0,
            witness: Witness::default(),
            put_back: false,
            fired: BTreeMap::new(),
            healing: false,
            last_push: BTreeMap::new(),
            foreign_page: None,
            hasher: Hash::of(&seed.to_be_bytes()),
            lines: std::collections::VecDeque::new(),
            sales: 0,
            answers: 0,
        };
        if let Some(sql) = canary.and_then(Canary::trigger) {
            world.server.meddle(sql)?;
        }
        world.nodes[0].sleeps_after_failure = canary == Some(Canary(Invariant::I7));
        world.server.start().await?;
        for node in 0..world.nodes.len() {
            world.start_node(node).await?;
        }
        for (at, step) in steps.iter().enumerate() {
            world.at(step.at, Happening::Step(at));
        }
        Ok(world)
    }

    /// Runs to the end, heals, and compares everything.
    pub async fn run(mut self) -> Result<Outcome> {
        let end = self.setting.trading();
        self.run_until(end).await?;
        self.heal().await?;
        let mut healed_at = end;
        let mut quiet = 0;
        while healed_at < end + HEALING && quiet < 3 {
            healed_at += 60_000;
            self.run_until(healed_at).await?;
            quiet = if self.is_quiet()? { quiet + 1 } else { 0 };
        }
        self.witness.healed = true;
        let terminal_millis = healed_at * i64::try_from(self.nodes.len()).unwrap_or(1);
        let books = self.close().await?;
        let mut violations = invariants::check(&books);
        if self.put_back {
            // Of a fork that only the lost database knew, no trace can be asked for.
            violations.retain(|violation| {
                violation.invariant != Invariant::I2 || !violation.found.contains("no fork is recorded")
            });
        }
        for terminal in &books.terminals {
            let line = format!("{} ends at {}/{}", terminal.name, terminal.epoch, terminal.last_seq());
            self.note(&line);
            if let Some(hash) = terminal.hash_at(terminal.epoch, terminal.last_seq()) {
                self.note(&hash.to_string());
            }
        }
        Ok(Outcome {
            violations,
            fired: self.fired,
            trace: self.hasher.to_string(),
            lines: self.lines.into(),
            terminal_millis,
            sales: self.sales,
            answers: self.answers,
            books,
        })
    }

    /// The present, in milliseconds since the beginning.
    pub(super) fn now(&self) -> i64 {
        self.now.load(Ordering::Relaxed)
    }

    /// Lets something happen at a time.
    pub(super) fn at(&mut self, time: i64, happening: Happening) {
        self.queued += 1;
        self.queue.push(Reverse((time.max(self.now()), self.queued, happening)));
    }

    /// Lets something happen after a while.
    pub(super) fn after(&mut self, millis: i64, happening: Happening) {
        self.at(self.now() + millis, happening);
    }

    /// Notes what happened in the trace.
    pub(super) fn note(&mut self, line: &str) {
        let line = format!("{:>10} {line}", self.now());
        let mut bytes = self.hasher.as_bytes().to_vec();
        bytes.extend_from_slice(line.as_bytes());
        self.hasher = Hash::of(&bytes);
        if self.lines.len() == 60 {
            self.lines.pop_front();
        }
        self.lines.push_back(line);
    }

    /// Counts a fault that truly happened.
    pub(super) fn fire(&mut self, fault: Fault) {
        *self.fired.entry(fault).or_default() += 1;
    }

    /// Something that does not hold at this moment.
    pub(super) fn violated(&mut self, invariant: Invariant, found: String) {
        self.note(&format!("VIOLATION {invariant}: {found}"));
        self.witness.seen.push(Violation::new(invariant, found));
    }

    async fn run_until(&mut self, end: i64) -> Result<()> {
        while let Some(Reverse((time, _, _))) = self.queue.peek() {
            if *time > end {
                break;
            }
            let Some(Reverse((time, _, happening))) = self.queue.pop() else { break };
            self.now.store(time.max(self.now()), Ordering::Relaxed);
            self.happen(happening).await?;
        }
        self.now.store(end, Ordering::Relaxed);
        Ok(())
    }

    async fn happen(&mut self, happening: Happening) -> Result<()> {
        match happening {
            Happening::Step(at) => {
                if !self.healing {
                    self.step(at).await?;
                }
            }
            Happening::PutBack(at) => self.put_back(at).await?,
            Happening::Timer { node, up, timer } => {
                let way = if up { Way::Up } else { Way::Down };
                if self.nodes[node].timers[way as usize] == timer {
                    self.begin(node, way, false).await?;
                }
            }
            Happening::Arrive { exchange, again } => self.arrive(exchange, again).await?,
            Happening::Answer { exchange } => self.answer(exchange).await?,
            Happening::Unanswered { exchange } => {
                let error = LinkError::Unreachable("no answer in time".to_owned());
                self.finish(exchange, Err(error)).await?;
            }
            Happening::Apply => {
                self.applying = false;
                if !self.server.apply().await && self.server.state().is_some() {
                    if self.server.death.is_dead() {
                        self.server_died().await?;
                    } else {
                        self.apply_in(1_000);
                    }
                }
            }
            Happening::NodeStarts { node, life } => {
                if self.nodes[node].engine.is_none() && self.nodes[node].life == life {
                    self.start_node(node).await?;
                }
            }
            Happening::ServerStarts => {
                self.server_starts = false;
                if self.server.state().is_none() {
                    self.note("the server starts");
                    self.server.start().await?;
                    self.apply_in(0);
                }
            }
        }
        Ok(())
    }

    pub(super) fn apply_in(&mut self, millis: i64) {
        if !self.applying {
            self.applying = true;
            self.after(millis, Happening::Apply);
        }
    }
}
