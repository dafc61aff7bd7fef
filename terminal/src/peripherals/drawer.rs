//! The cash drawer: opened by a sale, a refund or a person's journaled word, and by nothing else.

use std::collections::VecDeque;

use hardware::document::DrawerPin;
use hardware::printer::PrinterStatus;
use hardware::{PrintOptions, PrintOutcome, PrinterProfile, PrinterTarget};
use shared::Timestamp;
use shared::ids::PrintJobId;

use super::{Seen, word_of};
use crate::engine::Till;
use crate::store::printers::{self, Printer};
use crate::store::{StoreError, print_jobs};
use crate::views::ChangedWord;

/// The drawer opens within this time of its sale or not at all: it never opens when nobody expects it.
const DRAWER_MS: i64 = 15 * 1000;
/// How many of the newest jobs are looked through for a drawer to open.
const DRAWER_JOBS: u32 = 16;

/// The drawer of every sale that was just paid, and the one that a person asked for. Each gets one pulse, and none when
/// the printer cannot be reached now: a drawer must not open later by itself.
pub(super) fn open_due(
    till: &Till,
    printer: &Printer,
    profile: &PrinterProfile,
    target: &PrinterTarget,
) -> Result<(), StoreError> {
    let Some(pin) = printer.drawer_pin else { return Ok(()) };
    let (jobs, is_the_drawer) = till.read(|db| {
        let is_the_drawer = printers::drawer_printer(db)? == Some(printer.printer_id);
        Ok::<_, StoreError>((print_jobs::newest(db, DRAWER_JOBS)?, is_the_drawer))
    })?;
    if !is_the_drawer {
        return Ok(());
    }
    let now = till.clock.now();
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
    let pulse = profile.drawer_pulse(if pin == 5 { DrawerPin::Pin5 } else { DrawerPin::Pin2 });
    for _ in 0..due {
        let outcome = hardware::open_drawer(target, pulse, &PrintOptions::for_profile(profile));
        if let PrintOutcome::NotPrinted { reason } = &outcome {
            tracing::warn!(%outcome, printer = %printer.name, "the drawer did not open");
            let word = word_of(reason.kind());
            till.change_printer_status(|status| {
                status.change(printer.printer_id, |seen| seen.note(Some(word), now));
            });
            till.tell(&[ChangedWord::Printing]);
            break;
        }
    }
    Ok(())
}

/// Notes whether the drawer stands open, by the level that its printer tells and what that means at this drawer.
pub(super) fn look(printer: &Printer, seen: &mut Seen, told: &PrinterStatus, now: Timestamp) {
    let open = printer.drawer_open_high.map(|high| told.drawer_pin_high == high);
    seen.drawer_open = open;
    seen.drawer_open_since = open.unwrap_or(false).then(|| seen.drawer_open_since.unwrap_or(now));
}

/// Only what this process saw happen a moment ago.
fn is_fresh(till: &Till, at: Timestamp, now: Timestamp) -> bool {
    at >= till.started_at && now.since(at) <= DRAWER_MS
}

fn remember(pulsed: &mut VecDeque<PrintJobId>, job: PrintJobId) {
    let most = usize::try_from(DRAWER_JOBS).unwrap_or(usize::MAX).saturating_mul(2);
    if pulsed.len() >= most {
        pulsed.pop_front();
    }
    pulsed.push_back(job);
}
