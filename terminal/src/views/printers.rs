//! The printers of this terminal.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use shared::clock::Timestamp;
use shared::ids::{CategoryId, PrinterId};

view! {
    /// A printer and how it is.
    PrinterView {
        /// The printer.
        printer_id: PrinterId,
        /// What people here call it.
        name: String,
        /// Where it is, such as `tcp://192.168.1.50:9100`.
        target: String,
        /// What it is: the id of a model.
        model: String,
        /// Whether it prints receipts and reports.
        receipts: bool,
        /// Whether it prints tickets for a station.
        tickets: bool,
        /// The categories whose lines stand on its tickets; none is all of them.
        category_ids: Vec<CategoryId>,
        /// The printer that takes over when this one does not print.
        failover_id: Option<PrinterId>,
        /// The connector pin of its cash drawer, 2 or 5.
        drawer_pin: Option<u8>,
        /// Whether a high level at its pin 3 means an open drawer; None does not ask.
        drawer_open_high: Option<bool>,
        /// Whether it answered when it was last asked; None before that.
        well: Option<bool>,
        /// When it was last asked.
        asked_at: Option<Timestamp>,
        /// What keeps it from printing, a closed word (`printer-error-*` texts).
        error: Option<String>,
        /// The last thing that kept it from printing, also when it is over.
        last_error: Option<String>,
        /// When that was.
        last_error_at: Option<Timestamp>,
        /// The paper is about to end.
        paper_near_end: bool,
        /// Whether its drawer stands open, as far as it says.
        drawer_open: Option<bool>,
        /// Jobs that wait for it.
        waiting: u32,
        /// Jobs whose outcome is not known.
        unknown: u32,
    }

    /// A model of printer to choose.
    ModelView {
        /// The id.
        model: String,
        /// Its name.
        name: String,
        /// Characters across the paper.
        columns: u32,
        /// Whether it cuts the paper.
        cuts: bool,
        /// Whether it prints pictures, and so every script.
        pictures: bool,
    }

    /// A category to send to a station.
    StationCategory {
        /// The category.
        category_id: CategoryId,
        /// Its name.
        name: String,
    }

    /// The printers, and what to choose from.
    PrintersView {
        /// The printers; the first that prints receipts is the receipt printer.
        printers: Vec<PrinterView>,
        /// All models.
        models: Vec<ModelView>,
        /// All categories.
        categories: Vec<StationCategory>,
    }

    /// A printer that the system sees and nobody has set up.
    FoundPrinter {
        /// Where it is.
        target: String,
        /// What it calls itself.
        name: String,
    }

    /// Printers that the system sees.
    FoundPrintersView {
        /// At the USB bus, on the network and in the system's spooler.
        found: Vec<FoundPrinter>,
    }

    /// Setting a printer up.
    PrinterInput {
        /// The printer; None is a new one.
        printer_id: Option<PrinterId>,
        /// What people here call it.
        name: String,
        /// Where it is.
        target: String,
        /// What it is.
        model: String,
        /// Whether it prints receipts and reports.
        receipts: bool,
        /// Whether it prints tickets for a station.
        tickets: bool,
        /// The categories whose lines stand on its tickets; none is all of them.
        category_ids: Vec<CategoryId>,
        /// The printer that takes over when this one does not print.
        failover_id: Option<PrinterId>,
        /// The connector pin of its cash drawer, 2 or 5.
        drawer_pin: Option<u8>,
        /// Whether a high level at its pin 3 means an open drawer; None does not ask.
        drawer_open_high: Option<bool>,
    }

    /// Naming a printer.
    PrinterIdInput {
        /// The printer.
        printer_id: PrinterId,
    }
}
