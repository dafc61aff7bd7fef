//! What a sale tells the stations: a ticket at every printer that makes some of its lines.

use rand_core::RngCore;
use serde::{Deserialize, Serialize};
use shared::Clock;
use shared::order::{Order, OrderLine};

use crate::store::print_jobs::{self, NewPrintJob, PrintKind};
use crate::store::printers::{self, Printer};
use crate::store::row::to_json;
use crate::store::{StoreError, Tx};

/// What a ticket job keeps: its station may be set up otherwise before it prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct TicketBody {
    /// The station.
    pub(super) station: String,
    /// The lines of the order, by their place in it.
    pub(super) lines: Vec<usize>,
}

/// Queues the tickets of a sale in its own transaction.
///
/// # Errors
/// When the store cannot be written.
pub(crate) fn queue_tickets(
    tx: &Tx<'_>,
    clock: &dyn Clock,
    rng: &mut dyn RngCore,
    order: &Order,
) -> Result<(), StoreError> {
    for printer in printers::list(tx)?.iter().filter(|printer| printer.tickets) {
        let lines = lines_for(printer, &order.lines);
        if lines.is_empty() {
            continue;
        }
        let body = to_json(&TicketBody { station: printer.name.clone(), lines })?;
        let job = NewPrintJob {
            kind: PrintKind::Ticket,
            subject_id: Some(&order.order_id.to_string()),
            body: Some(&body),
            title: &format!("{} · {}", order.receipt_number, printer.name),
            copy: false,
            open_drawer: false,
        };
        print_jobs::enqueue_at(tx, clock, rng, printer.printer_id, job)?;
    }
    Ok(())
}

/// The places of the lines that a station makes.
fn lines_for(printer: &Printer, lines: &[OrderLine]) -> Vec<usize> {
    let makes = |line: &OrderLine| {
        printer.categories.is_empty() || line.category_id.is_some_and(|id| printer.categories.contains(&id))
    };
    lines.iter().enumerate().filter(|(_, line)| makes(line)).map(|(at, _)| at).collect()
}
