//! The printers and the cash drawer behind one of them: queues that no sale ever waits for.
//!
//! A job is written in the transaction of its sale, for the printer that prints it. Every printer has a worker of its own
//! that sends one job at a time, on a new connection each, so that a dead printer holds up nobody but itself. What a
//! printer did not take is tried again or handed to the printer that stands in for it; of what may be on paper a person
//! decides, and the second print is marked COPY.

mod drawer;
mod queue;
mod render;
mod setup;
mod tickets;
mod worker;

use std::collections::{HashMap, VecDeque};

use hardware::PrinterTarget;
use hardware::printer::PrintProblemKind;
use rusqlite::Connection;
use shared::Timestamp;
use shared::ids::{PrintJobId, PrinterId};

use crate::engine::Till;
use crate::store::{StoreError, meta, print_jobs, printers};
use crate::views::PrintingView;

pub(crate) use queue::{drop_job, jobs, request_kick, require_printer, retry, test};
pub(crate) use setup::{
    clean_name, find_printers, may_set_up, printers, remove_printer, save_printer, test_printer,
};
pub(crate) use tickets::queue_tickets;
pub(crate) use worker::print;

/// A drawer that stands open longer is told.
const DRAWER_LEFT_OPEN_MS: i64 = 60 * 1000;
/// Printers are asked how they are while somebody looks at them, and this long after.
const WATCHED_MS: i64 = 10 * 1000;

/// What the workers remember; nothing of it must outlive the process.
#[derive(Debug, Clone, Default)]
pub(crate) struct Printing {
    printers: HashMap<PrinterId, Seen>,
    /// The drawer was asked for without a sale.
    kick: Option<Timestamp>,
    /// Jobs whose drawer pulse was sent (or given up); the newest few are enough, older ones are no longer fresh.
    pulsed: VecDeque<PrintJobId>,
    /// Somebody looks at the printers until then.
    watched_until: Option<Timestamp>,
}

/// What is known of one printer.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Seen {
    /// What keeps it from printing, a closed word.
    error: Option<&'static str>,
    /// The last thing that kept it from printing.
    last_error: Option<(&'static str, Timestamp)>,
    /// When it was last asked or printed at.
    asked_at: Option<Timestamp>,
    /// The paper is about to end.
    paper_near_end: bool,
    /// Whether its drawer stands open.
    drawer_open: Option<bool>,
    /// Since when.
    drawer_open_since: Option<Timestamp>,
    /// Attempts in a row that did not print.
    failures: u32,
}

impl Printing {
    fn of(&self, printer: PrinterId) -> Seen {
        self.printers.get(&printer).copied().unwrap_or_default()
    }

    fn change<T>(&mut self, printer: PrinterId, change: impl FnOnce(&mut Seen) -> T) -> T {
        change(self.printers.entry(printer).or_default())
    }
}

impl Seen {
    /// Notes how an attempt or a question went; gives whether that is news.
    fn note(&mut self, error: Option<&'static str>, now: Timestamp) -> bool {
        let news = self.asked_at.is_none() || self.error != error;
        self.error = error;
        self.asked_at = Some(now);
        match error {
            None => self.failures = 0,
            Some(word) => self.last_error = Some((word, now)),
        }
        news
    }
}

/// How printing stands.
pub(crate) fn view(till: &Till, db: &Connection) -> Result<PrintingView, StoreError> {
    let (waiting, unknown) = print_jobs::counts(db)?;
    let list = printers::list(db)?;
    let now = till.clock.now();
    let (trouble, open_since) = till.printer_status(|status| {
        let trouble = list.iter().find_map(|p| status.of(p.printer_id).error.map(|word| (word, &p.name)));
        let open = list.iter().filter_map(|p| status.of(p.printer_id).drawer_open_since).min();
        (trouble, open.filter(|since| now.since(*since) >= DRAWER_LEFT_OPEN_MS))
    });
    Ok(PrintingView {
        configured: meta::has_printer(db)?,
        waiting,
        unknown,
        error: trouble.map(|(word, _)| word.to_owned()),
        // With one printer there is nothing to tell apart.
        printer: trouble.filter(|_| list.len() > 1).map(|(_, name)| name.clone()),
        drawer_open_since: open_since,
    })
}

/// Whether a printer did as it was asked when it was last spoken to, and what keeps it from printing; None before that.
pub(crate) fn health(till: &Till, printer: PrinterId) -> (Option<bool>, Option<&'static str>) {
    let seen = till.printer_status(|status| status.of(printer));
    (seen.asked_at.map(|_| seen.error.is_none()), seen.error)
}

/// Somebody looks at the printers: they are asked how they are.
pub(crate) fn watch(till: &Till) {
    let until = till.clock.now().plus_millis(WATCHED_MS);
    let began = till.change_printer_status(|status| {
        let began = status.watched_until.is_none_or(|before| before < till.clock.now());
        status.watched_until = Some(until);
        began
    });
    if began {
        till.print_now.notify_one();
    }
}

/// Whether a text names a printer, such as `tcp://192.168.1.50:9100`.
///
/// # Errors
/// Why it does not.
pub fn check_target(text: &str) -> Result<(), String> {
    text.parse::<PrinterTarget>().map(|_| ()).map_err(|error| error.to_string())
}

/// The screens' word for what keeps a printer from printing.
fn word_of(kind: PrintProblemKind) -> &'static str {
    match kind {
        PrintProblemKind::NotReachable | PrintProblemKind::NotPermitted => "unreachable",
        PrintProblemKind::PaperOut => "paper_out",
        PrintProblemKind::CoverOpen => "cover_open",
        PrintProblemKind::PrinterFault | PrintProblemKind::Offline | PrintProblemKind::NoAnswer => "offline",
        PrintProblemKind::ConnectionLost | PrintProblemKind::Unconfirmed => "interrupted",
    }
}
