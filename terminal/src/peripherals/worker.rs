//! The workers that drain the print queues, one for each printer.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use hardware::printer::{PrintProblemKind, printer_status};
use hardware::{PrintOptions, PrintOutcome, PrinterProfile, PrinterTarget, escpos};
use shared::ids::PrinterId;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::{drawer, render, word_of};
use crate::devices;
use crate::engine::Till;
use crate::store::StoreError;
use crate::store::device_log::What;
use crate::store::print_jobs::{self, Outcome, PrintJob, PrintKind};
use crate::store::printers::{self, Printer};
use crate::views::{ChangedWord, PrintState};

/// A job that waited longer is not printed by itself: nobody stands there for it any more.
const EXPIRY_MS: i64 = 30 * 60 * 1000;
/// Food that was ordered longer ago was asked for by word of mouth.
const TICKET_EXPIRY_MS: i64 = 10 * 60 * 1000;
/// A queue is looked at this often without being woken.
const TICK: Duration = Duration::from_secs(30);
/// A printer that does not print is asked this often whether it is back, and one that somebody looks at how it is.
const LOOK: Duration = Duration::from_secs(2);

/// What a worker does next.
enum Next {
    Again,
    /// Nothing to print.
    Idle,
    /// Nothing to print, but somebody wants to know how the printer is.
    Watch,
    Failed,
    /// The printer is set up no more.
    Gone,
}

/// Keeps one worker for every printer, for as long as the engine runs.
pub(crate) async fn print(till: Arc<Till>) {
    let mut workers = JoinSet::new();
    let mut bells: HashMap<PrinterId, Arc<Notify>> = HashMap::new();
    while !till.is_stopping() {
        match till.read(printers::list) {
            Ok(list) => {
                bells.retain(|id, _| list.iter().any(|printer| printer.printer_id == *id));
                for printer in list {
                    let bell = bells.entry(printer.printer_id).or_insert_with(|| {
                        let bell = Arc::new(Notify::new());
                        workers.spawn(print_at(till.clone(), printer.printer_id, bell.clone()));
                        bell
                    });
                    bell.notify_one();
                }
            }
            Err(error) => tracing::error!(%error, "the printers could not be read"),
        }
        tokio::select! {
            () = till.stopped() => break,
            // Something was committed or set up.
            () = till.print_now.notified() => {}
            () = tokio::time::sleep(TICK) => {}
        }
        while workers.try_join_next().is_some() {}
    }
    while workers.join_next().await.is_some() {}
}

/// Prints at one printer until it is set up no more.
async fn print_at(till: Arc<Till>, printer: PrinterId, bell: Arc<Notify>) {
    while !till.is_stopping() {
        let working = till.clone();
        let next = match tokio::task::spawn_blocking(move || step(&working, printer)).await {
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
            Next::Gone => return,
            Next::Idle => TICK,
            Next::Watch | Next::Failed => LOOK,
        };
        tokio::select! {
            () = till.stopped() => break,
            // Also a new sale: its drawer must open even when the printer has no paper.
            () = bell.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// A printer ready to be spoken to.
struct Ready {
    printer: Printer,
    target: PrinterTarget,
    options: PrintOptions,
}

/// Opens the drawer where that is due, then prints the printer's oldest job.
fn step(till: &Till, id: PrinterId) -> Result<Next, StoreError> {
    let Some(printer) = till.read(|db| printers::get(db, id))? else { return Ok(Next::Gone) };
    let Ok(target) = printer.target.parse::<PrinterTarget>() else {
        tracing::error!(printer = %printer.name, "the printer's address cannot be read");
        return Ok(Next::Idle);
    };
    let profile = PrinterProfile::by_id(&printer.profile).unwrap_or_else(|| PrinterProfile::generic_80());
    let ready = Ready { printer, target, options: PrintOptions::for_profile(profile) };
    drawer::open_due(till, &ready.printer, profile, &ready.target)?;
    let now = till.clock.now();
    let Some(job) = till.read(|db| print_jobs::next_waiting(db, id, now))? else {
        return Ok(watch(till, &ready));
    };
    if now.since(job.created_at.max(job.not_before)) > expiry_ms(job.kind) {
        note(till, &job, PrintState::Expired, None)?;
        return Ok(Next::Again);
    }
    // A printer that failed is asked first, so that a job's attempts are those that a person should know of.
    if till.printer_status(|status| status.of(id).failures > 0) && !ask(till, &ready) {
        return fail_over(till, &ready.printer);
    }
    // Asking takes its time: what grew stale meanwhile is not printed either.
    let now = till.clock.now();
    if now.since(job.created_at.max(job.not_before)) > expiry_ms(job.kind) {
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
    till.tell(&[ChangedWord::Printing]);
    let bytes = escpos::encode(&document, profile);
    let outcome = hardware::print_job(&ready.target, &bytes, &ready.options);
    settle(till, &ready, &job, &outcome)
}

fn expiry_ms(kind: PrintKind) -> i64 {
    if kind == PrintKind::Ticket { TICKET_EXPIRY_MS } else { EXPIRY_MS }
}

fn settle(till: &Till, ready: &Ready, job: &PrintJob, outcome: &PrintOutcome) -> Result<Next, StoreError> {
    let (state, error) = match outcome {
        PrintOutcome::Printed { .. } => (PrintState::Printed, None),
        PrintOutcome::Unknown { reason } => (PrintState::Unknown, Some(word_of(reason.kind()))),
        PrintOutcome::NotPrinted { reason } => (PrintState::Waiting, Some(word_of(reason.kind()))),
    };
    if error.is_some() {
        tracing::warn!(job = %job.title, printer = %ready.printer.name, %outcome, "a print did not go well");
    }
    let now = till.clock.now();
    let news = till.change_printer_status(|status| {
        status.change(ready.printer.printer_id, |seen| {
            let news = seen.note(error, now);
            match outcome {
                PrintOutcome::Printed { paper_near_end } => seen.paper_near_end = *paper_near_end,
                _ => seen.failures = seen.failures.saturating_add(1),
            }
            news
        })
    });
    if news {
        log(till, &ready.printer, error, error.map(|_| outcome.to_string()));
    }
    note(till, job, state, error)?;
    match state {
        PrintState::Printed => Ok(Next::Again),
        PrintState::Waiting => fail_over(till, &ready.printer),
        _ => Ok(Next::Failed),
    }
}

/// Hands what waits to the printer that stands in, when there is one.
fn fail_over(till: &Till, printer: &Printer) -> Result<Next, StoreError> {
    let Some(other) = printer.failover_id else { return Ok(Next::Failed) };
    let now = till.clock.now();
    let moved = till.store().write(|tx| match printers::get(tx, other)? {
        Some(other) => print_jobs::hand_over(tx, printer, other.printer_id, now),
        None => Ok(0),
    })?;
    if moved > 0 {
        tracing::warn!(printer = %printer.name, moved, "another printer takes over");
        till.tell(&[ChangedWord::Printing]);
        till.print_now.notify_one();
    }
    Ok(Next::Failed)
}

fn note(till: &Till, job: &PrintJob, state: PrintState, error: Option<&str>) -> Result<(), StoreError> {
    let outcome = Outcome { state, error, not_before: job.not_before };
    let now = till.clock.now();
    till.store().write(|tx| print_jobs::set_state(tx, job.print_job_id, outcome, now))?;
    till.tell(&[ChangedWord::Printing]);
    Ok(())
}

/// Writes down that a printer does as it is asked now, or what keeps it from that.
fn log(till: &Till, printer: &Printer, error: Option<&str>, detail: Option<String>) {
    let what = error.map_or(What::Well, What::Unwell);
    devices::note(till, &printer.happened(what, detail));
}

/// Asks an idle printer how it is when somebody wants to know, and its drawer when that can be told.
fn watch(till: &Till, ready: &Ready) -> Next {
    let now = till.clock.now();
    let (watched, failed) = till.printer_status(|status| {
        let watched = status.watched_until.is_some_and(|until| until >= now);
        (watched, status.of(ready.printer.printer_id).failures > 0)
    });
    if !watched && !failed && ready.printer.drawer_open_high.is_none() {
        return Next::Idle;
    }
    ask(till, ready);
    Next::Watch
}

/// Asks a printer how it is; gives whether it may be printed at. One that cannot say may.
fn ask(till: &Till, ready: &Ready) -> bool {
    let id = ready.printer.printer_id;
    let now = till.clock.now();
    let told = printer_status(&ready.target, &ready.options);
    let error = match &told {
        Ok(status) => status.trouble.map(|trouble| word_of(hardware::printer::problem_of(trouble))),
        Err(problem) if problem.kind() == PrintProblemKind::Unconfirmed => None,
        Err(problem) => Some(word_of(problem.kind())),
    };
    let (news, has_changed) = till.change_printer_status(|status| {
        status.change(id, |seen| {
            let before = (seen.paper_near_end, seen.drawer_open);
            if let Ok(told) = &told {
                seen.paper_near_end = told.paper_near_end;
                drawer::look(&ready.printer, seen, told, now);
            }
            (seen.note(error, now), before != (seen.paper_near_end, seen.drawer_open))
        })
    });
    if news {
        log(
            till,
            &ready.printer,
            error,
            told.err().filter(|_| error.is_some()).map(|problem| problem.to_string()),
        );
    }
    if news || has_changed {
        till.tell(&[ChangedWord::Printing]);
    }
    error.is_none()
}
