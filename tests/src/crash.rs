//! Crashes of the real processes while they join, sell and sync: SIGKILL, EIO and ENOSPC at chosen writes, fsyncs and
//! renames by `strace`, and power cuts replayed from a recorded log of what was written.
//!
//! Every injection must be seen in strace's own record, or it proves nothing. After each, the program is started again
//! untouched; what a person was told must be there; in the end the invariants of [`crate::invariants`] are checked.

mod injection;
mod joining;
mod power;
mod scene;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};

use crate::invariants::{self, Books, Invariant, read};
use injection::{Harm, Point};
use scene::Scene;

/// The calls by which a store is written and made durable; strace counts each thread's for itself.
const CALLS: [&str; 2] = ["pwrite64", "fsync,fdatasync"];

/// What is done to them.
const HARMS: [Harm; 3] = [Harm::Kill, Harm::Error("EIO"), Harm::Error("ENOSPC")];

/// How much is done.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Where the programs stand.
    pub programs: PathBuf,
    /// Every how manieth call of each kind is hit.
    pub stride: u32,
    /// The last call of each kind that is hit.
    pub most: u32,
    /// Power cuts replayed for each program.
    pub cuts: u32,
}

/// What was done.
#[derive(Debug, Default)]
pub struct Tally {
    /// Kills that truly happened while trading.
    pub kills: u32,
    /// Calls that were truly failed while trading.
    pub errors: u32,
    /// Injections that truly happened while a terminal joined.
    pub joins: u32,
    /// Points beyond the last call of a run.
    pub beyond: u32,
    /// Power cuts replayed.
    pub cuts: u32,
    /// The longest start after a crash.
    pub slowest_start: Duration,
}

impl Tally {
    fn note(&mut self, harm: Harm, hit: bool) {
        match (hit, harm) {
            (false, _) => self.beyond += 1,
            (true, Harm::Kill) => self.kills += 1,
            (true, Harm::Error(_)) => self.errors += 1,
        }
    }
}

/// Crashes a joining terminal, sweeps both programs while they trade, and replays power cuts of both.
///
/// # Errors
/// What did not hold, with the point at which it broke.
pub async fn run(plan: &Plan, folder: &Path) -> Result<Tally> {
    let mut tally = Tally::default();
    joining::run(plan, &folder.join("joining"), &mut tally).await?;
    let mut scene = Scene::open(&plan.programs, folder).await?;
    for harm in HARMS {
        for call in CALLS {
            sweep(plan, &mut scene, (call, harm), &mut tally).await?;
        }
    }
    println!(
        "  {} kills and {} failed calls while trading, {} points beyond the last call; slowest start {} ms",
        tally.kills,
        tally.errors,
        tally.beyond,
        tally.slowest_start.as_millis()
    );
    ensure!(tally.kills > 0 && tally.errors > 0, "no fault happened, so nothing was proven");
    scene.settle().await?;
    hold(&scene.books()?, "after the sweep")?;
    println!("  {} sales stand exactly once", scene.witness.receipts.len());
    power::run(plan, &mut scene, &mut tally).await?;
    Ok(tally)
}

/// One kind of call and of harm: every point of the terminal, and every point of the server.
async fn sweep(
    plan: &Plan,
    scene: &mut Scene,
    (call, harm): (&'static str, Harm),
    tally: &mut Tally,
) -> Result<()> {
    let (mut terminal, mut server) = (true, true);
    let mut hits = [0, 0];
    let mut nth = 1;
    while nth <= plan.most && (terminal || server) {
        let point = Point { call, nth, harm };
        if terminal {
            terminal =
                terminal_point(scene, point, tally).await.with_context(|| format!("terminal, {point}"))?;
            hits[0] += u32::from(terminal);
        }
        if server {
            server = server_point(scene, point, tally).await.with_context(|| format!("server, {point}"))?;
            hits[1] += u32::from(server);
        }
        nth += plan.stride;
    }
    println!("  {harm} at {call}: {} times at the terminal, {} times at the server", hits[0], hits[1]);
    ensure!(hits[0] > 0 && hits[1] > 0, "{harm} at {call} never happened, so nothing was proven about it");
    Ok(())
}

/// One point of the terminal: true when it was hit.
async fn terminal_point(scene: &mut Scene, point: Point, tally: &mut Tally) -> Result<bool> {
    let record = scene.folder.join("strace-terminal.log");
    scene.till.stop()?;
    scene.till.wrap = point.before(&record);
    // It may die as early as at its start.
    let started = scene.till.start(None).await.is_ok();
    if started {
        scene.trade(3).await;
    }
    let hit = point.happened(&record, scene.till.has_ended()).await?;
    scene.till.kill()?;
    scene.till.wrap = Vec::new();
    tally.note(point.harm, hit);
    let begun = Instant::now();
    scene.till.start(None).await.context("the terminal does not start again")?;
    tally.slowest_start = tally.slowest_start.max(begun.elapsed());
    scene.resolve().await?;
    scene.check_receipts()?;
    Ok(hit)
}

/// One point of the server: true when it was hit.
async fn server_point(scene: &mut Scene, point: Point, tally: &mut Tally) -> Result<bool> {
    let record = scene.folder.join("strace-server.log");
    scene.shop.stop()?;
    scene.shop.wrap = point.before(&record);
    let started = scene.shop.start().await.is_ok();
    // The terminal sells whatever the server does.
    let sold = scene.witness.receipts.len();
    scene.trade(2).await;
    ensure!(!scene.till.has_ended(), "the terminal ended with its server");
    ensure!(scene.witness.receipts.len() == sold + 2, "the terminal does not sell while its server fails");
    if started {
        scene.push_for(Duration::from_millis(700)).await;
    }
    let hit = point.happened(&record, scene.shop.has_ended()).await?;
    scene.shop.kill()?;
    scene.shop.wrap = Vec::new();
    tally.note(point.harm, hit);
    // What the terminal was told to be durable is there before anything is sent again.
    let witness = invariants::Witness { healed: true, ..Default::default() };
    let mut found = invariants::check(&Books { witness, ..scene.books()? });
    found.retain(|violation| matches!(violation.invariant, Invariant::I3 | Invariant::I4));
    if let Some(violation) = found.first() {
        bail!("{violation}");
    }
    let begun = Instant::now();
    scene.shop.start().await.context("the server does not start again")?;
    tally.slowest_start = tally.slowest_start.max(begun.elapsed());
    Ok(hit)
}

/// Fails with everything that does not hold.
fn hold(books: &Books, when: &str) -> Result<()> {
    let found = invariants::check(books);
    if found.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = found.iter().map(ToString::to_string).collect();
    bail!("{when}:\n  {}", lines.join("\n  "))
}

/// The orders of these journal entries.
fn orders_in<'a>(entries: impl Iterator<Item = &'a invariants::Entry>) -> std::collections::HashSet<String> {
    let orders = entries.filter_map(|entry| {
        let event = entry.event.as_ref().filter(|event| event.kind == "order.completed")?;
        event.payload["order_id"].as_str().map(str::to_owned)
    });
    orders.collect()
}

/// The receipts that the journal in a terminal's folder has.
fn receipts_in(folder: &Path) -> Result<std::collections::HashSet<String>> {
    Ok(orders_in(read::terminal("the terminal", folder)?.entries.iter()))
}
