//! The drawer, the print queue, the back office and the sync page.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use shared::catalogue::Unit;
use shared::clock::Timestamp;
use shared::drawer::{CashMovementKind, DrawerClosed, DrawerReport};
use shared::ids::{CashMovementId, ItemId, PrintJobId, PrinterId, StockMovementId, VariantId};
use shared::journal::payload::StockReason;
use shared::money::{Money, Quantity, UnitPrice};

use super::{ApprovalInput, PrintState, SyncView};

view! {
    /// A job of the print queue.
    PrintJobView {
        /// The job.
        print_job_id: PrintJobId,
        /// What it prints: a receipt number, `X`, `Z 12`.
        title: String,
        /// When it was queued.
        created_at: Timestamp,
        /// How it stands.
        state: PrintState,
        /// Attempts so far.
        attempts: u32,
        /// Why the last attempt failed.
        error: Option<String>,
        /// Where it prints.
        printer_id: PrinterId,
        /// The name of the printer that it was meant for, once another took over.
        moved_from: Option<String>,
    }

    /// Opening a drawer.
    OpenDrawerInput {
        /// What is in it.
        opening_float: Money,
    }

    /// Moving drawer cash.
    MoveCashInput {
        /// The movement it becomes: made by the screen, so that the same one asked for again is not booked twice.
        cash_movement_id: CashMovementId,
        /// What it is.
        kind: CashMovementKind,
        /// How much.
        amount: Money,
        /// Why.
        reason: String,
        /// A manager's leave.
        approval: Option<ApprovalInput>,
    }

    /// Opening the drawer without a sale.
    KickInput {
        /// Why.
        reason: String,
        /// A manager's leave.
        approval: Option<ApprovalInput>,
    }

    /// Counting a drawer.
    CloseDrawerInput {
        /// What was counted in all.
        counted_cash: Money,
        /// (value of one piece in minor units, pieces), when counted so.
        #[ts(as = "Vec<(f64, u32)>")]
        denominations: Vec<(i64, u32)>,
        /// A word on the difference.
        note: Option<String>,
    }

    /// An X report.
    ReportView {
        /// The figures.
        report: DrawerReport,
        /// As text, as wide as the printer.
        text: String,
    }

    /// A Z report.
    ClosedView {
        /// The figures and the count.
        closed: DrawerClosed,
        /// As text, as wide as the printer.
        text: String,
        /// How printing stands.
        print: Option<PrintState>,
    }

    /// The print queue, newest first.
    PrintJobsView {
        /// The jobs.
        jobs: Vec<PrintJobView>,
    }

    /// Naming a print job.
    PrintJobInput {
        /// The job.
        print_job_id: PrintJobId,
    }

    /// Items for the back office.
    ItemsInput {
        /// Part of a name, code or barcode; empty is all.
        query: String,
        /// Rows to skip.
        offset: u32,
    }

    /// Items for the back office, at most 100.
    ItemsView {
        /// The items.
        items: Vec<ItemRow>,
        /// How many there are in all.
        total: u32,
    }

    /// An item in the back office.
    ItemRow {
        /// The item.
        item_id: ItemId,
        /// The business's code.
        sku: String,
        /// Its name.
        name: String,
        /// Its shelf.
        category: Option<String>,
        /// Its price.
        price: Option<Money>,
        /// How it is counted.
        unit: Unit,
        /// Its codes.
        barcodes: Vec<String>,
        /// Whether it can be sold now.
        available: bool,
    }

    /// Asking the server to change an item.
    EditItemInput {
        /// The item.
        item_id: ItemId,
        /// A new name.
        name: Option<String>,
        /// Whether it can be sold now.
        available: Option<bool>,
        /// A new price of one unit; a request, the server decides.
        unit_price: Option<UnitPrice>,
    }

    /// Events that wait and what the server last said, for the sync page.
    SyncDetailView {
        /// The state.
        sync: SyncView,
        /// The first events that wait, oldest first, at most 50.
        waiting: Vec<WaitingEvent>,
        /// When the feed was last read to its end.
        pulled_at: Option<Timestamp>,
        /// Items held.
        items: u32,
        /// The data folder's free space in MiB.
        #[ts(as = "f64")]
        free_mib: u64,
    }

    /// An event that waits.
    WaitingEvent {
        /// Its number.
        #[ts(as = "f64")]
        seq: u64,
        /// Its kind.
        kind: String,
        /// When.
        occurred_at: Timestamp,
        /// What it is about, such as a receipt number.
        subject: String,
    }

    /// Moving goods by hand.
    MoveStockInput {
        /// The movement it becomes: made by the screen, so that the same one asked for again is not booked twice.
        stock_movement_id: StockMovementId,
        /// Why.
        reason: StockReason,
        /// A word on it.
        note: String,
        /// What moved; below zero left the shelf.
        lines: Vec<MoveStockLine>,
        /// A manager's leave.
        approval: Option<ApprovalInput>,
    }

    /// Goods of one item that moved.
    MoveStockLine {
        /// The item.
        item_id: ItemId,
        /// Its variant.
        variant_id: Option<VariantId>,
        /// How many.
        quantity: Quantity,
    }
}
