//! What a person does with the print queue.

use rusqlite::Connection;
use shared::staff::Permission;

use crate::context::{CommandError, Context, Done};
use crate::engine::Till;
use crate::staff;
use crate::store::print_jobs::{self, NewPrintJob, Outcome, PrintJob, PrintKind};
use crate::store::{Store, meta, printers};
use crate::views::{Code, PrintJobInput, PrintJobsView, PrintState};

/// Jobs in the list.
const LISTED: u32 = 100;

/// The print queue: first what still needs somebody, then the newest.
pub(crate) fn jobs(db: &Connection) -> Done<PrintJobsView> {
    let jobs = print_jobs::listed(db, LISTED)?;
    Ok(PrintJobsView { jobs: jobs.iter().map(PrintJob::to_view).collect() })
}

/// Prints a job again, now: marked COPY when it may be on paper already.
pub(crate) fn retry(store: &mut Store, ctx: &mut Context<'_>, input: PrintJobInput) -> Done<PrintJobsView> {
    let job = named(store, ctx, input)?;
    if job.state == PrintState::Printing {
        // On its way already.
        return jobs(store.db());
    }
    let may_be_on_paper = matches!(job.state, PrintState::Unknown | PrintState::Printed);
    let now = ctx.clock.now();
    let outcome = Outcome { state: PrintState::Waiting, error: None, not_before: now };
    store.write(|tx| -> Done<()> {
        if printers::get(tx, job.printer_id)?.is_none() {
            // Its printer is set up no more: the receipt printer takes what a person wants again.
            let printer = printers::receipt_printer(tx)?.ok_or_else(no_printer)?;
            print_jobs::set_printer(tx, job.print_job_id, printer.printer_id)?;
        }
        if may_be_on_paper {
            print_jobs::set_copy(tx, job.print_job_id)?;
        }
        print_jobs::set_state(tx, job.print_job_id, outcome, now)?;
        Ok(())
    })?;
    jobs(store.db())
}

/// Gives a job up; one that is being printed is left alone.
pub(crate) fn drop_job(
    store: &mut Store,
    ctx: &mut Context<'_>,
    input: PrintJobInput,
) -> Done<PrintJobsView> {
    let job = named(store, ctx, input)?;
    if matches!(job.state, PrintState::Waiting | PrintState::Unknown | PrintState::Expired) {
        let now = ctx.clock.now();
        let outcome = Outcome { state: PrintState::Dropped, error: None, not_before: now };
        store.write(|tx| print_jobs::set_state(tx, job.print_job_id, outcome, now))?;
    }
    jobs(store.db())
}

/// Queues a test page.
pub(crate) fn test(store: &mut Store, ctx: &mut Context<'_>) -> Done<PrintJobsView> {
    staff::signed_in(store.db(), ctx)?;
    let new = NewPrintJob {
        kind: PrintKind::Test,
        subject_id: None,
        body: None,
        title: "Test",
        copy: false,
        open_drawer: false,
    };
    let (clock, rng) = (ctx.clock, &mut *ctx.rng);
    let queued = store.write(|tx| print_jobs::enqueue(tx, clock, rng, new))?;
    if queued.is_none() {
        return Err(no_printer());
    }
    jobs(store.db())
}

/// Refuses when no printer is set up: without one no drawer can be opened.
pub(crate) fn require_printer(db: &Connection) -> Done<()> {
    if meta::has_printer(db)? { Ok(()) } else { Err(no_printer()) }
}

/// Asks the worker to open the drawer now.
pub(crate) fn request_kick(till: &Till) {
    let now = till.clock.now();
    till.change_printer_status(|status| status.kick = Some(now));
    till.print_now.notify_one();
}

fn no_printer() -> CommandError {
    CommandError::new(Code::NoPrinter, "no receipt printer is set up")
}

fn named(store: &Store, ctx: &Context<'_>, input: PrintJobInput) -> Done<PrintJob> {
    staff::require(store.db(), ctx, Permission::Sell)?;
    print_jobs::get(store.db(), input.print_job_id)?
        .ok_or_else(|| CommandError::not_found("there is no such print job"))
}
