//! The receipt printer and the cash drawer behind it: a queue that no sale ever waits for.
//!
//! A job is written in the transaction of its sale; this worker sends one at a time, on a new connection each. What the
//! printer did not take is tried again; of what may be on paper a person decides, and the second print is marked COPY.

mod queue;
mod render;
mod worker;

use std::collections::VecDeque;

use hardware::PrinterTarget;
use hardware::printer::PrintProblemKind;
use rusqlite::Connection;
use shared::Timestamp;
use shared::ids::PrintJobId;

use crate::engine::Till;
use crate::store::{StoreError, meta, print_jobs};
use crate::views::PrintingView;

pub(crate) use queue::{drop_job, jobs, request_kick, require_printer, retry, test};
pub(crate) use worker::print;

/// What the worker remembers; nothing of it must outlive the process.
#[derive(Debug, Clone, Default)]
pub(crate) struct PrinterStatus {
    /// Why the last attempt failed, a closed word.
    error: Option<&'static str>,
    /// Attempts in a row that did not print.
    failures: u32,
    /// The drawer was asked for without a sale.
    kick: Option<Timestamp>,
    /// Jobs whose drawer pulse was sent (or given up); the newest few are enough, older ones are no longer fresh.
    pulsed: VecDeque<PrintJobId>,
}

/// How printing stands.
pub(crate) fn view(till: &Till, db: &Connection) -> Result<PrintingView, StoreError> {
    let (waiting, unknown) = print_jobs::counts(db)?;
    let error = till.printer_status(|status| status.error);
    Ok(PrintingView { configured: meta::has_printer(db)?, waiting, unknown, error: error.map(str::to_owned) })
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
