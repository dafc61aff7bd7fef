//! Power cuts: what a program wrote is recorded, and disks are made of it as a cut would leave them. What was not yet
//! synced may be there, may be missing or may be torn, each for itself.

mod record;

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use tempfile::TempDir;

use self::record::{Act, Log, read_record, recording};
use super::scene::Scene;
use super::{Plan, Tally, orders_in, receipts_in};
use crate::invariants::read;
use crate::simulation::chance::Chance;
use crate::simulation::{copy_folder, fast_folder};

/// How much is sold while it is recorded.
const SALES: usize = 12;

/// The program whose power is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Terminal,
    Server,
}

/// What a program did while it was recorded, and the disk that it began with.
struct Recording {
    subject: Subject,
    base: TempDir,
    log: Log,
    /// How much was done when a promise was given, and the order that it was about.
    promises: Vec<(usize, String)>,
}

impl Subject {
    /// The names that a store is made of; the shared memory beside them does not outlive a process.
    fn files(self) -> [&'static str; 2] {
        match self {
            Self::Terminal => ["kedai.db", "kedai.db-wal"],
            Self::Server => ["kedai-server.db", "kedai-server.db-wal"],
        }
    }

    fn folder(self, scene: &Scene) -> PathBuf {
        match self {
            Self::Terminal => scene.till.folder().to_path_buf(),
            Self::Server => scene.folder.join("server"),
        }
    }

    /// Starts it behind these words.
    async fn start(self, scene: &mut Scene, wrap: Vec<String>) -> Result<()> {
        match self {
            Self::Terminal => {
                scene.till.wrap = wrap;
                scene.till.start(None).await
            }
            Self::Server => {
                scene.shop.wrap = wrap;
                scene.shop.start().await
            }
        }
    }

    fn stop(self, scene: &mut Scene) -> Result<()> {
        match self {
            Self::Terminal => scene.till.stop(),
            Self::Server => scene.shop.stop(),
        }
    }

    fn kill(self, scene: &mut Scene) -> Result<()> {
        match self {
            Self::Terminal => scene.till.kill(),
            Self::Server => scene.shop.kill(),
        }
    }

    /// Opens what a cut left by the program's own code, and gives the orders that are there.
    async fn orders(self, disk: &Path) -> Result<HashSet<String>> {
        match self {
            Self::Terminal => {
                let options = terminal::engine::EngineOptions::new(disk);
                let engine = terminal::engine::Engine::start_by_hand(options);
                drop(engine.context("the store does not open")?);
                receipts_in(disk)
            }
            Self::Server => {
                let clock = Arc::new(sync_server::seams::SystemClock);
                let state = sync_server::prepare(sync_server::Config::new(disk), clock).await?;
                state.db.close().await;
                Ok(orders_in(read::server(disk)?.events.iter().map(|held| &held.entry)))
            }
        }
    }
}

pub(super) async fn run(plan: &Plan, scene: &mut Scene, tally: &mut Tally) -> Result<()> {
    for subject in [Subject::Terminal, Subject::Server] {
        let recording = Recording::make(scene, subject).await?;
        for cut in 0..plan.cuts {
            let missing = recording.cut(u64::from(cut)).await;
            let missing = missing.with_context(|| format!("power cut {cut} of the {subject:?}"))?;
            ensure!(missing.is_none(), "power cut {cut} of the {subject:?}: order {missing:?} was lost");
            tally.cuts += 1;
        }
        let lost = recording.without_syncs().losses(plan.cuts.max(8)).await;
        ensure!(
            lost > 0,
            "with synchronous=NORMAL the {subject:?} loses nothing, so the power cuts prove nothing"
        );
        println!(
            "  {} power cuts of the {subject:?} lost nothing; with synchronous=NORMAL {lost} lose orders",
            plan.cuts
        );
    }
    scene.settle().await?;
    super::hold(&scene.books()?, "after the recordings")
}

impl Recording {
    /// Trades while everything that the program writes is recorded.
    async fn make(scene: &mut Scene, subject: Subject) -> Result<Self> {
        subject.stop(scene)?;
        let folder = subject.folder(scene);
        let base = fast_folder("kedai-power-")?;
        copy_folder(&folder, base.path())?;
        let record = scene.folder.join(format!("strace-power-{subject:?}.log"));
        subject.start(scene, recording(&record)).await?;
        // When a receipt is in the person's hand, or the server has confirmed a sale, so much was recorded: what is
        // promised was made durable before.
        let mut given: Vec<(usize, String)> = Vec::new();
        for _ in 0..SALES {
            scene.trade(1).await;
            if subject == Subject::Server {
                scene.push_for(Duration::from_secs(20)).await;
                ensure!(scene.is_all_sent().await?, "a sale does not arrive while recording");
            }
            let lines = fs::read_to_string(&record)?.lines().count();
            let receipt = scene.witness.receipts.last().context("nothing was sold")?;
            given.push((lines, receipt.order_id.clone()));
        }
        subject.kill(scene)?;
        let (log, lines) = read_record(&record, &folder, subject.files())?;
        ensure!(log.iter().any(|(_, act)| matches!(act, Act::Sync)), "no sync was recorded");
        let promises: Vec<(usize, String)> = given
            .into_iter()
            .map(|(line, order)| (lines.iter().take_while(|of| **of < line).count(), order))
            .collect();
        let orders: HashSet<&String> = promises.iter().map(|(_, order)| order).collect();
        ensure!(orders.len() == SALES, "of {SALES} sales {} were made while recording", orders.len());
        subject.start(scene, Vec::new()).await?;
        if subject == Subject::Terminal {
            scene.resolve().await?;
        }
        Ok(Self { subject, base, log, promises })
    }

    /// The same as `synchronous=NORMAL` would have it, which syncs the log only before it is written back: such a store
    /// must be caught losing orders.
    fn without_syncs(mut self) -> Self {
        let writes_back = |later: &[(String, Act)]| {
            let next = later.iter().find(|(_, act)| matches!(act, Act::Write { .. } | Act::Truncate { .. }));
            next.is_some_and(|(file, _)| !file.ends_with("-wal"))
        };
        for at in 0..self.log.len() {
            let (done, later) = self.log.split_at_mut(at + 1);
            if let Some((file, act)) = done.last_mut()
                && file.ends_with("-wal")
                && matches!(act, Act::Sync)
                && !writes_back(later)
            {
                *act = Act::Nothing;
            }
        }
        self
    }

    /// How many of so many cuts lose an order, or leave a store that does not open.
    async fn losses(&self, cuts: u32) -> u32 {
        let mut lost = 0;
        for cut in 0..cuts {
            lost += u32::from(!matches!(self.cut(u64::from(cut)).await, Ok(None)));
        }
        lost
    }

    /// Makes the disk of a cut and opens it; gives an order that was promised before and is gone.
    async fn cut(&self, seed: u64) -> Result<Option<String>> {
        let mut chance = Chance::of(seed, 3);
        // A cut within the trade, not before it.
        let first = self.promises.first().map_or(0, |(at, _)| *at);
        let span = i64::try_from(self.log.len().saturating_sub(first))?;
        let cut = first + usize::try_from(chance.between(0, span))?;
        let disk = fast_folder("kedai-cut-")?;
        copy_folder(self.base.path(), disk.path())?;
        let mut files: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
        for name in self.subject.files() {
            files.insert(name, fs::read(disk.path().join(name)).unwrap_or_default());
        }
        let done = self.log.get(..cut).unwrap_or_default();
        for (at, (file, act)) in done.iter().enumerate() {
            let Some(content) = files.get_mut(file.as_str()) else { bail!("`{file}` is no file of a store") };
            let later = done.get(at + 1..).unwrap_or_default();
            let synced = later.iter().any(|(of, act)| of == file && matches!(act, Act::Sync));
            act.leave(content, synced, &mut chance);
        }
        for (name, content) in files {
            fs::write(disk.path().join(name), content)?;
        }
        let held = self.subject.orders(disk.path()).await?;
        let gone = self.promises.iter().find(|(at, order)| *at <= cut && !held.contains(order));
        Ok(gone.map(|(_, order)| order.clone()))
    }
}
