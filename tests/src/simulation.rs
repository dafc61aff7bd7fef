//! Many terminals and a server in one process: the real engine and the real ingest over a simulated clock, network and disk.
//!
//! A run is decided by its seed alone: the same seed gives the same trace. Faults come from the plan, and each is counted
//! only when it truly happened. When the invariants of [`crate::invariants`] do not hold afterwards, the seed and the
//! shortest schedule that still breaks them are printed.

mod acts;
pub mod canary;
pub mod chance;
mod network;
mod node;
pub mod plan;
mod poison;
mod seams;
mod server;
pub mod shrink;
mod template;
mod world;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

pub use canary::Canary;
pub use plan::{Fault, Setting, Step};
pub use template::{Template, copy_folder, fast_folder};
pub use world::Outcome;

use crate::invariants::Invariant;
use world::World;

/// Runs these steps of a seed.
///
/// # Errors
/// When a program does what the simulation has no word for, such as not starting.
pub fn run_steps(
    template: &Template,
    seed: u64,
    setting: Setting,
    steps: &[Step],
    canary: Option<Canary>,
) -> Result<Outcome> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async { World::make(template, seed, setting, steps, canary).await?.run().await })
}

/// Runs a seed.
///
/// # Errors
/// As [`run_steps`].
pub fn run_seed(template: &Template, seed: u64, setting: Setting, canary: Option<Canary>) -> Result<Outcome> {
    let mut steps = plan::steps(seed, setting);
    if let Some(canary) = canary {
        // The bug alone, with what gives it its occasion: it must be caught for itself.
        steps.retain(|step| !matches!(step.what, plan::What::Fault(_)));
        steps.extend(canary.steps());
        steps.sort_by_key(|step| step.at);
    }
    run_steps(template, seed, setting, &steps, canary)
}

/// What many seeds came to.
#[derive(Debug, Default)]
pub struct Tally {
    /// Seeds that were run.
    pub seeds: u64,
    /// Simulated time over all terminals, in milliseconds.
    pub terminal_millis: i64,
    /// How often each fault truly happened.
    pub fired: BTreeMap<Fault, u64>,
    /// Sales made.
    pub sales: usize,
    /// Answers of the server.
    pub answers: u64,
    /// How long it took.
    pub took: Duration,
}

impl Tally {
    fn add(&mut self, outcome: &Outcome) {
        self.seeds += 1;
        self.terminal_millis += outcome.terminal_millis;
        self.sales += outcome.sales;
        self.answers += outcome.answers;
        for (fault, times) in &outcome.fired {
            *self.fired.entry(*fault).or_default() += times;
        }
    }

    /// Simulated terminal-hours.
    pub fn terminal_hours(&self) -> i64 {
        self.terminal_millis / plan::HOUR
    }

    /// Simulated terminal-hours in a second.
    pub fn rate(&self) -> i64 {
        let millis = i64::try_from(self.took.as_millis()).unwrap_or(i64::MAX).max(1);
        self.terminal_millis / 3_600 / millis
    }
}

/// Runs seeds from `first` on, on as many threads; stops at the first that fails, with its shortest schedule.
///
/// # Errors
/// The failure, with everything that is needed to see it again.
pub fn run_many(first: u64, seeds: u64, setting: Setting, threads: usize) -> Result<Tally> {
    let template = Template::make(setting.terminals)?;
    let begun = Instant::now();
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let tally = Mutex::new(Tally::default());
    let failed: Mutex<Option<(u64, String)>> = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= seeds || stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let seed = first + at;
                    let ended = run_seed(&template, seed, setting, None);
                    let Some(wrong) = Wrong::of(&ended) else {
                        if let Ok(outcome) = ended {
                            tally.lock().unwrap_or_else(std::sync::PoisonError::into_inner).add(&outcome);
                        }
                        continue;
                    };
                    let failure = explain(&template, seed, setting, wrong, ended);
                    stop.store(true, Ordering::Relaxed);
                    *failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some((seed, failure));
                }
            });
        }
    });
    if let Some((seed, failure)) = failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        let again = format!(
            "cargo xtask simulate --seed {seed} --seeds 1 --terminals {} --hours {}",
            setting.terminals, setting.hours
        );
        bail!("seed {seed} fails\n{failure}\nSee it again: {again}");
    }
    let mut tally = tally.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    tally.took = begun.elapsed();
    Ok(tally)
}

/// What is wrong with a run, so far that two runs can be told to fail alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    /// The first invariant that does not hold.
    Broken(Invariant),
    /// A program did what the simulation has no word for, such as not starting.
    Stopped,
}

impl Wrong {
    fn of(ended: &Result<Outcome>) -> Option<Self> {
        match ended {
            Ok(outcome) => outcome.violations.first().map(|violation| Self::Broken(violation.invariant)),
            Err(_) => Some(Self::Stopped),
        }
    }
}

/// What broke, and the shortest schedule that still breaks it.
fn explain(template: &Template, seed: u64, setting: Setting, wrong: Wrong, ended: Result<Outcome>) -> String {
    use std::fmt::Write as _;
    let again = |steps: &[Step]| run_steps(template, seed, setting, steps, None);
    let all = plan::steps(seed, setting);
    let shortest = shrink::shrink(all, |steps| Wrong::of(&again(steps)) == Some(wrong));
    let last = again(&shortest);
    let shown = if Wrong::of(&last) == Some(wrong) { last } else { ended };
    let mut text = String::new();
    let lines = match &shown {
        Ok(outcome) => {
            for violation in &outcome.violations {
                let _ = writeln!(text, "  {violation}");
            }
            outcome.lines.as_slice()
        }
        Err(error) => {
            let _ = writeln!(text, "  {error:#}");
            &[]
        }
    };
    let _ = writeln!(text, "The shortest schedule found ({} steps):", shortest.len());
    for step in &shortest {
        let _ = writeln!(text, "  {step}");
    }
    let _ = writeln!(text, "The end of its trace:");
    for line in lines {
        let _ = writeln!(text, "  {line}");
    }
    text
}

/// Lets the simulation catch the injected bug of every invariant.
///
/// # Errors
/// The bugs that it does not catch.
pub fn run_canaries(setting: Setting) -> Result<()> {
    let template = Template::make(setting.terminals)?;
    let mut missed = Vec::new();
    for invariant in Invariant::ALL {
        let canary = Canary(invariant);
        let caught = (0..4).any(|seed| {
            run_seed(&template, seed, setting, Some(canary)).is_ok_and(|outcome| {
                outcome.violations.iter().any(|violation| violation.invariant == invariant)
            })
        });
        println!("  {invariant:<4} {:<7} {}", if caught { "caught" } else { "MISSED" }, canary.what());
        if !caught {
            missed.push(invariant);
        }
    }
    if missed.is_empty() { Ok(()) } else { bail!("not caught: {missed:?}") }
}

/// Fails when a fault never happened in a run that is long enough for every one.
///
/// # Errors
/// The faults that never happened.
pub fn check_fired(tally: &Tally) -> Result<()> {
    /// With fewer seeds than this, chance alone may leave a fault out.
    const ENOUGH: u64 = 100;
    let silent: Vec<Fault> =
        Fault::ALL.into_iter().filter(|fault| tally.fired.get(fault).is_none_or(|n| *n == 0)).collect();
    if silent.is_empty() || tally.seeds < ENOUGH {
        return Ok(());
    }
    Err(anyhow::anyhow!("{silent:?}"))
        .context("these faults never happened, so nothing was proven about them")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_trace_and_another_one_another() {
        let setting = Setting { terminals: 3, hours: 1 };
        let template = Template::make(setting.terminals).unwrap();
        let run = |seed| run_seed(&template, seed, setting, None).unwrap();
        let (first, again, other) = (run(11), run(11), run(12));
        assert_eq!(first.lines, again.lines);
        assert_eq!(first.trace, again.trace);
        assert_ne!(first.trace, other.trace);
        assert!(first.sales > 10, "{} sales", first.sales);
    }

    #[test]
    fn a_fault_that_never_happened_fails_a_long_run() {
        let mut tally = Tally { seeds: 100, ..Tally::default() };
        tally.fired = Fault::ALL.into_iter().map(|fault| (fault, 1)).collect();
        check_fired(&tally).unwrap();
        tally.fired.remove(&Fault::Clone);
        assert!(format!("{:#}", check_fired(&tally).unwrap_err()).contains("Clone"));
    }
}
