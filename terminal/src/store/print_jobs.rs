//! The print queue: rows written with the sale, drained by the printer's worker.

use rusqlite::{Connection, Row, params};
use shared::ids::{PrintJobId, PrinterId};
use shared::{Clock, Timestamp};

use super::row::{all, first, parsed, run, to_word, word};
use super::{StoreError, Tx, printers};
use crate::views::{PrintJobView, PrintState};

/// What a job prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrintKind {
    /// The receipt of an order.
    Order,
    /// The receipt of a refund.
    Refund,
    /// An X report.
    X,
    /// A Z report.
    Z,
    /// A slip of goods that were moved by hand.
    Stock,
    /// The lines of a card reader's day.
    CardDay,
    /// A ticket for a station: the lines of an order that it makes.
    Ticket,
    /// A test page.
    Test,
}

/// A job of the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintJob {
    /// The job.
    pub print_job_id: PrintJobId,
    /// What it prints.
    pub kind: PrintKind,
    /// The order, refund or drawer session.
    pub subject_id: Option<String>,
    /// What is printed, as JSON, when it is stored nowhere else (an X report).
    pub body: Option<String>,
    /// What a person calls it.
    pub title: String,
    /// Whether it is marked COPY.
    pub copy: bool,
    /// Whether it opens the drawer.
    pub open_drawer: bool,
    /// How it stands.
    pub state: PrintState,
    /// Attempts so far.
    pub attempts: u32,
    /// Why the last attempt failed.
    pub error: Option<String>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// Not tried again before.
    pub not_before: Timestamp,
    /// Where it prints.
    pub printer_id: PrinterId,
    /// The name of the printer that it was meant for, once another took over.
    pub moved_from: Option<String>,
}

impl PrintJob {
    /// The job as the screens show it.
    pub fn to_view(&self) -> PrintJobView {
        PrintJobView {
            print_job_id: self.print_job_id,
            title: self.title.clone(),
            created_at: self.created_at,
            state: self.state,
            attempts: self.attempts,
            error: self.error.clone(),
            printer_id: self.printer_id,
            moved_from: self.moved_from.clone(),
        }
    }
}

/// A job to be queued.
#[derive(Debug, Clone, Copy)]
pub struct NewPrintJob<'a> {
    /// What it prints.
    pub kind: PrintKind,
    /// The order, refund or drawer session.
    pub subject_id: Option<&'a str>,
    /// What is printed, as JSON, when it is stored nowhere else.
    pub body: Option<&'a str>,
    /// What a person calls it.
    pub title: &'a str,
    /// Whether it is marked COPY.
    pub copy: bool,
    /// Whether it opens the drawer.
    pub open_drawer: bool,
}

const COLUMNS: &str = "print_job_id, kind, subject_id, body, title, copy, open_drawer, state, attempts, error, created_at, \
     not_before, printer_id, moved_from";

fn read(row: &Row<'_>) -> rusqlite::Result<PrintJob> {
    Ok(PrintJob {
        print_job_id: parsed(row, 0)?,
        kind: word(row, 1)?,
        subject_id: row.get(2)?,
        body: row.get(3)?,
        title: row.get(4)?,
        copy: row.get(5)?,
        open_drawer: row.get(6)?,
        state: word(row, 7)?,
        attempts: row.get(8)?,
        error: row.get(9)?,
        created_at: Timestamp::from_millis(row.get(10)?),
        not_before: Timestamp::from_millis(row.get(11)?),
        printer_id: parsed(row, 12)?,
        moved_from: row.get(13)?,
    })
}

/// Queues a job at the receipt printer when one is set up; None without one.
///
/// # Errors
/// When the store cannot be written.
pub fn enqueue(
    tx: &Tx<'_>,
    clock: &dyn Clock,
    rng: &mut dyn rand_core::RngCore,
    job: NewPrintJob<'_>,
) -> Result<Option<PrintJobId>, StoreError> {
    match printers::receipt_printer(tx)? {
        Some(printer) => enqueue_at(tx, clock, rng, printer.printer_id, job).map(Some),
        None => Ok(None),
    }
}

/// Queues a job at a printer.
///
/// # Errors
/// When the store cannot be written.
pub fn enqueue_at(
    tx: &Tx<'_>,
    clock: &dyn Clock,
    rng: &mut dyn rand_core::RngCore,
    printer_id: PrinterId,
    job: NewPrintJob<'_>,
) -> Result<PrintJobId, StoreError> {
    let id = PrintJobId::new(clock, rng);
    let now = clock.now().as_millis();
    run(
        tx,
        "queue a print",
        "INSERT INTO print_jobs (print_job_id, kind, subject_id, body, title, copy, open_drawer, state, attempts, error, \
         created_at, not_before, updated_at, printer_id) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'waiting', 0, NULL, ?8, ?8, ?8, ?9)",
        params![
            id.to_string(),
            to_word(&job.kind)?,
            job.subject_id,
            job.body,
            job.title,
            job.copy,
            job.open_drawer,
            now,
            printer_id.to_string()
        ],
    )?;
    Ok(id)
}

/// A job by its id.
///
/// # Errors
/// When the store cannot be read.
pub fn get(db: &Connection, id: PrintJobId) -> Result<Option<PrintJob>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM print_jobs WHERE print_job_id = ?1");
    first(db, "read a print job", &sql, [id.to_string()], read)
}

/// How a job stands.
///
/// # Errors
/// When the store cannot be read.
pub fn state(db: &Connection, id: Option<PrintJobId>) -> Result<Option<PrintState>, StoreError> {
    let Some(id) = id else { return Ok(None) };
    let sql = "SELECT state FROM print_jobs WHERE print_job_id = ?1";
    first(db, "read a print job", sql, [id.to_string()], |row| word(row, 0))
}

/// The oldest waiting job of a printer that may be tried at `now`.
///
/// # Errors
/// When the store cannot be read.
pub fn next_waiting(
    db: &Connection,
    printer: PrinterId,
    now: Timestamp,
) -> Result<Option<PrintJob>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM print_jobs WHERE state IN ('waiting', 'printing', 'unknown') AND state = 'waiting' \
         AND printer_id = ?1 AND not_before <= ?2 ORDER BY job_no LIMIT 1"
    );
    first(db, "read the print queue", &sql, params![printer.to_string(), now.as_millis()], read)
}

/// Hands all that waits for a printer to another one, each job once only: a print never wanders in a circle.
///
/// # Errors
/// When the store cannot be written.
pub fn hand_over(
    tx: &Tx<'_>,
    from: &printers::Printer,
    to: PrinterId,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let sql = "UPDATE print_jobs SET printer_id = ?2, moved_from = ?3, error = NULL, updated_at = ?4 \
               WHERE state IN ('waiting', 'printing', 'unknown') AND state = 'waiting' AND printer_id = ?1 \
               AND moved_from IS NULL";
    let (own, other) = (from.printer_id.to_string(), to.to_string());
    run(tx, "hand prints to another printer", sql, params![own, other, from.name, now.as_millis()])
}

/// Sends a job to another printer; for one whose own is gone.
///
/// # Errors
/// When the store cannot be written.
pub fn set_printer(tx: &Tx<'_>, id: PrintJobId, printer: PrinterId) -> Result<(), StoreError> {
    let sql = "UPDATE print_jobs SET printer_id = ?2 WHERE print_job_id = ?1";
    run(tx, "send a print elsewhere", sql, [id.to_string(), printer.to_string()]).map(|_| ())
}

/// How many jobs of a printer wait (or are being sent), and of how many the outcome is not known.
///
/// # Errors
/// When the store cannot be read.
pub fn counts_at(db: &Connection, printer: PrinterId) -> Result<(u32, u32), StoreError> {
    let sql = "SELECT COUNT(*) FILTER (WHERE state <> 'unknown'), COUNT(*) FILTER (WHERE state = 'unknown') \
               FROM print_jobs WHERE state IN ('waiting', 'printing', 'unknown') AND printer_id = ?1";
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
    Ok(first(db, "count a print queue", sql, [printer.to_string()], read)?.unwrap_or((0, 0)))
}

/// How many jobs of a printer have waited, or of how many the outcome has not been known, since before `before`.
///
/// # Errors
/// When the store cannot be read.
pub fn count_stuck_at(db: &Connection, printer: PrinterId, before: Timestamp) -> Result<u32, StoreError> {
    let sql = "SELECT COUNT(*) FROM print_jobs \
               WHERE state IN ('waiting', 'printing', 'unknown') AND printer_id = ?1 AND created_at < ?2";
    let params = params![printer.to_string(), before.as_millis()];
    first(db, "count what a printer holds up", sql, params, |row| row.get(0)).map(Option::unwrap_or_default)
}

/// What became of a job.
#[derive(Debug, Clone, Copy)]
pub struct Outcome<'a> {
    /// How it stands.
    pub state: PrintState,
    /// Why it failed, a closed word.
    pub error: Option<&'a str>,
    /// Not tried again before.
    pub not_before: Timestamp,
}

/// Writes what became of a job; false when there is no such job.
///
/// # Errors
/// When the store cannot be written.
pub fn set_state(
    tx: &Tx<'_>,
    id: PrintJobId,
    outcome: Outcome<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let touched = run(
        tx,
        "note how a print went",
        "UPDATE print_jobs SET state = ?2, error = ?3, not_before = ?4, updated_at = ?5 WHERE print_job_id = ?1",
        params![
            id.to_string(),
            to_word(&outcome.state)?,
            outcome.error,
            outcome.not_before.as_millis(),
            now.as_millis()
        ],
    )?;
    Ok(touched > 0)
}

/// Takes a waiting job for printing and counts the attempt; false when it waits no longer, because a person gave it up
/// since it was read. Noted before the first byte goes out: a process that dies now leaves the job unknown.
///
/// # Errors
/// When the store cannot be written.
pub fn take(tx: &Tx<'_>, id: PrintJobId, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "UPDATE print_jobs SET state = 'printing', attempts = attempts + 1, error = NULL, updated_at = ?2 \
               WHERE print_job_id = ?1 AND state = 'waiting'";
    run(tx, "take a print", sql, params![id.to_string(), now.as_millis()]).map(|touched| touched > 0)
}

/// The newest jobs, at most `limit`.
///
/// # Errors
/// When the store cannot be read.
pub fn newest(db: &Connection, limit: u32) -> Result<Vec<PrintJob>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM print_jobs ORDER BY job_no DESC LIMIT ?1");
    all(db, "read the print queue", &sql, [limit], read)
}

/// What a person sees of the queue: the oldest `limit` of what waits or is unknown, however much was printed since, then
/// the newest of all.
///
/// # Errors
/// When the store cannot be read.
pub fn listed(db: &Connection, limit: u32) -> Result<Vec<PrintJob>, StoreError> {
    let pending = "state IN ('waiting', 'printing', 'unknown')";
    let sql = format!(
        "SELECT {COLUMNS} FROM print_jobs \
         WHERE job_no IN (SELECT job_no FROM print_jobs WHERE {pending} ORDER BY job_no LIMIT ?1) \
         OR job_no IN (SELECT job_no FROM print_jobs ORDER BY job_no DESC LIMIT ?1) \
         ORDER BY {pending} DESC, job_no DESC LIMIT ?1"
    );
    all(db, "read the print queue", &sql, [limit], read)
}

/// How many jobs wait (or are being sent), and of how many the outcome is not known.
///
/// # Errors
/// When the store cannot be read.
pub fn counts(db: &Connection) -> Result<(u32, u32), StoreError> {
    let sql = "SELECT COUNT(*) FILTER (WHERE state <> 'unknown'), COUNT(*) FILTER (WHERE state = 'unknown') \
               FROM print_jobs WHERE state IN ('waiting', 'printing', 'unknown')";
    let counts = first(db, "count the print queue", sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(counts.unwrap_or((0, 0)))
}

/// At the start of the process: what was being printed when it ended may or may not be on paper.
///
/// # Errors
/// When the store cannot be written.
pub fn mark_interrupted(tx: &Tx<'_>, now: Timestamp) -> Result<usize, StoreError> {
    let sql = "UPDATE print_jobs SET state = 'unknown', error = 'interrupted', updated_at = ?1 \
               WHERE state IN ('waiting', 'printing', 'unknown') AND state = 'printing'";
    run(tx, "mark interrupted prints", sql, [now.as_millis()])
}

/// Forgets settled jobs older than `before`; what waits or is unknown stays.
///
/// # Errors
/// When the store cannot be written.
pub fn prune(tx: &Tx<'_>, before: Timestamp) -> Result<usize, StoreError> {
    let sql = "DELETE FROM print_jobs WHERE state IN ('printed', 'expired', 'dropped') AND created_at < ?1";
    run(tx, "forget old prints", sql, [before.as_millis()])
}

/// Marks a job COPY, for one whose first print may be on paper.
///
/// # Errors
/// When the store cannot be written.
pub fn set_copy(tx: &Tx<'_>, id: PrintJobId) -> Result<(), StoreError> {
    let sql = "UPDATE print_jobs SET copy = 1 WHERE print_job_id = ?1";
    run(tx, "mark a print as a copy", sql, [id.to_string()]).map(|_| ())
}
