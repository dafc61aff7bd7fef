//! The worker that drains the print queue.

use std::sync::Arc;
use std::time::Duration;

use hardware::{DrawerPulse, PrintOptions, PrintOutcome, PrinterProfile, PrinterTarget, escpos};
use shared::Timestamp;
use shared::ids::PrintJobId;

use super::{render, word_of};
use crate::engine::Till;
use crate::store::print_jobs::{self, Outcome, PrintJob};
use crate::store::{StoreError, meta};
use crate::views::PrintState;

/// A job that waited longer is not printed by itself: nobody stands there for it any more.
const EXPIRY_MS: i64 = 30 * 60 * 1000;
/// The drawer opens within this time of its sale or not at all: it never opens when nobody expects it.
const DRAWER_MS: i64 = 15 * 1000;
/// The queue is looked at this often without being woken.
const TICK: Duration = Duration::from_secs(30);
/// The longest wait between two attempts at a printer that does not print.
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// How many of the newest jobs are looked through for a drawer to open.
const DRAWER_JOBS: u32 = 16;

/// What the worker does next.
enum Next {
    Again,
    Idle,
    Failed,
}

/// Prints for as long as the engine runs.
pub(crate) async fn print(till: Arc<Till>) {
    while !till.is_stopping() {
        let working = till.clone();
        let next = match tokio::task::spawn_blocking(move || step(&working)).await {
            Ok(Ok(next)) => next,
            Ok(Err(error)) => {
                tracing::error!(%error, "the print queue could not be read or written");
                Next::Failed
            }
            Err(panic) => {
                tracing::error!(%panic, "printing ended in a panic");
                Next::Failed
            }
        };
        let wait = match next {
            Next::Again => continue,
            Next::Idle => TICK,
            Next::Failed => wait_after(till.change_printer_status(|status| {
                status.failures = status.failures.saturating_add(1);
                status.failures
            })),
        };
        tokio::select! {
            () = till.stopped() => break,
            // Also a new sale: its drawer must open even when the printer has no paper.
            () = till.print_now.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

fn wait_after(failures: u32) -> Duration {
    Duration::from_secs(1_u64 << failures.clamp(1, 5)).min(LONGEST_WAIT)
}

/// Opens the drawer where that is due, then prints the oldest job.
fn step(till: &Till) -> Result<Next, StoreError> {
    let Some(target) = target(till)? else { return Ok(Next::Idle) };
    open_drawers(till, &target)?;
    let now = till.clock.now();
    let Some(job) = till.read(|db| print_jobs::next_waiting(db, now))? else { return Ok(Next::Idle) };
    if now.since(job.created_at.max(job.not_before)) > EXPIRY_MS {
        note(till, &job, PrintState::Expired, None)?;
        return Ok(Next::Again);
    }
    let document = till.read(|db| render::document(db, till.device().as_deref(), &job, now))?;
    let Some(document) = document else {
        tracing::error!(job = %job.print_job_id, "what was to be printed is not in the store");
        note(till, &job, PrintState::Dropped, None)?;
        return Ok(Next::Again);
    };
    if !till.store().write(|tx| print_jobs::take(tx, job.print_job_id, now))? {
        return Ok(Next::Again);
    }
    till.tell(&["printing"]);
    let profile = PrinterProfile::generic_80();
    let bytes = escpos::encode(&document, profile);
    let outcome = hardware::print_job(&target, &bytes, &PrintOptions::for_profile(profile));
    settle(till, &job, &outcome)
}

fn settle(till: &Till, job: &PrintJob, outcome: &PrintOutcome) -> Result<Next, StoreError> {
    let (state, error, next) = match outcome {
        PrintOutcome::Printed { .. } => (PrintState::Printed, None, Next::Again),
        PrintOutcome::Unknown { reason } => (PrintState::Unknown, Some(word_of(reason.kind())), Next::Failed),
        PrintOutcome::NotPrinted { reason } => {
            (PrintState::Waiting, Some(word_of(reason.kind())), Next::Failed)
        }
    };
    if error.is_some() {
        tracing::warn!(job = %job.title, %outcome, "a print did not go well");
    }
    till.change_printer_status(|status| {
        status.error = error;
        if error.is_none() {
            status.failures = 0;
        }
    });
    note(till, job, state, error)?;
    Ok(next)
}

fn note(till: &Till, job: &PrintJob, state: PrintState, error: Option<&str>) -> Result<(), StoreError> {
    let outcome = Outcome { state, error, not_before: job.not_before };
    let now = till.clock.now();
    till.store().write(|tx| print_jobs::set_state(tx, job.print_job_id, outcome, now))?;
    till.tell(&["printing"]);
    Ok(())
}

/// The drawer of every sale that was just paid, and the one that a person asked for. Each gets one pulse, and none when
/// the printer cannot be reached now: a drawer must not open later by itself.
fn open_drawers(till: &Till, target: &PrinterTarget) -> Result<(), StoreError> {
    let now = till.clock.now();
    let jobs = till.read(|db| print_jobs::newest(db, DRAWER_JOBS))?;
    let due = till.change_printer_status(|status| {
        let kicked = status.kick.take().is_some_and(|at| is_fresh(till, at, now));
        let mut due = usize::from(kicked);
        for job in jobs.iter().filter(|job| job.open_drawer && is_fresh(till, job.created_at, now)) {
            if !status.pulsed.contains(&job.print_job_id) {
                remember(&mut status.pulsed, job.print_job_id);
                due += 1;
            }
        }
        due
    });
    if due == 0 {
        return Ok(());
    }
    let options = PrintOptions::for_profile(PrinterProfile::generic_80());
    for _ in 0..due {
        let outcome = hardware::open_drawer(target, DrawerPulse::default(), &options);
        if let PrintOutcome::NotPrinted { reason } = &outcome {
            tracing::warn!(%outcome, "the drawer did not open");
            till.change_printer_status(|status| status.error = Some(word_of(reason.kind())));
            till.tell(&["printing"]);
            break;
        }
    }
    Ok(())
}

/// Only what this process saw happen a moment ago.
fn is_fresh(till: &Till, at: Timestamp, now: Timestamp) -> bool {
    at >= till.started_at && now.since(at) <= DRAWER_MS
}

fn remember(pulsed: &mut std::collections::VecDeque<PrintJobId>, job: PrintJobId) {
    let most = usize::try_from(DRAWER_JOBS).unwrap_or(usize::MAX).saturating_mul(2);
    if pulsed.len() >= most {
        pulsed.pop_front();
    }
    pulsed.push_back(job);
}

fn target(till: &Till) -> Result<Option<PrinterTarget>, StoreError> {
    let settings = till.read(meta::settings)?;
    Ok(settings.printer.and_then(|printer| printer.parse().ok()))
}
