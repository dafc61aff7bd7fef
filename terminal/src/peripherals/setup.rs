//! Setting printers up: which there are, what each does, how each is.

use std::time::Duration;

use hardware::profile::Cutter;
use hardware::transport::{mdns, spooler, usb};
use hardware::{PrinterProfile, PrinterTarget};
use rusqlite::Connection;
use shared::ids::PrinterId;
use shared::staff::Permission;

use super::Printing;
use crate::context::{CommandError, Context, Done};
use crate::engine::Till;
use crate::store::device_log::{self, What};
use crate::store::print_jobs::{self, NewPrintJob, PrintKind};
use crate::store::printers::{self, Printer};
use crate::store::{Store, StoreError, items};
use crate::views::{
    FoundPrinter, FoundPrintersView, ModelView, PrinterIdInput, PrinterInput, PrinterView, PrintersView,
    StationCategory,
};
use crate::{counter, staff};

/// More printers than one till has.
const MOST_PRINTERS: usize = 32;
/// How long printers of the network have to say that they are there.
const LISTEN: Duration = Duration::from_millis(1_500);
const MOST_NAME_CHARS: usize = 40;
const MOST_CATEGORIES: usize = 1_000;

/// Refuses who may not set devices up.
pub(crate) fn may_set_up(db: &Connection, ctx: &Context<'_>) -> Done<()> {
    staff::require(db, ctx, Permission::BackOffice).map(|_| ())
}

/// The printers, how each is, and what to choose from.
pub(crate) fn printers(till: &Till, db: &Connection, ctx: &Context<'_>) -> Done<PrintersView> {
    may_set_up(db, ctx)?;
    let shown: Result<Vec<PrinterView>, StoreError> =
        printers::list(db)?.into_iter().map(|printer| shown(till, db, printer)).collect();
    let models = PrinterProfile::all().iter().map(|profile| ModelView {
        model: profile.id.to_string(),
        name: profile.name.to_string(),
        columns: u32::try_from(profile.columns).unwrap_or(u32::MAX),
        cuts: matches!(profile.cutter, Cutter::Knife { .. }),
        pictures: profile.raster,
    });
    let categories = items::categories(db)?.into_iter();
    Ok(PrintersView {
        printers: shown?,
        models: models.collect(),
        categories: categories
            .map(|category| StationCategory { category_id: category.category_id, name: category.name })
            .collect(),
    })
}

fn shown(till: &Till, db: &Connection, printer: Printer) -> Result<PrinterView, StoreError> {
    let (waiting, unknown) = print_jobs::counts_at(db, printer.printer_id)?;
    let seen = till.printer_status(|status: &Printing| status.of(printer.printer_id));
    Ok(PrinterView {
        printer_id: printer.printer_id,
        name: printer.name,
        target: printer.target,
        model: printer.profile,
        receipts: printer.receipts,
        tickets: printer.tickets,
        category_ids: printer.categories,
        failover_id: printer.failover_id,
        drawer_pin: printer.drawer_pin,
        drawer_open_high: printer.drawer_open_high,
        well: seen.asked_at.map(|_| seen.error.is_none()),
        asked_at: seen.asked_at,
        error: seen.error.map(str::to_owned),
        last_error: seen.last_error.map(|(word, _)| word.to_owned()),
        last_error_at: seen.last_error.map(|(_, at)| at),
        paper_near_end: seen.paper_near_end,
        drawer_open: seen.drawer_open,
        waiting,
        unknown,
    })
}

/// Printers that the system sees or that answer on the network, set up or not.
pub(crate) fn find_printers() -> FoundPrintersView {
    let usb = usb::list().into_iter().map(|printer| FoundPrinter {
        target: format!("usb://{:04x}:{:04x}", printer.vendor_id, printer.product_id),
        name: printer.product.unwrap_or_else(|| "USB".to_owned()),
    });
    let queues =
        spooler::list().into_iter().map(|name| FoundPrinter { target: format!("lp://{name}"), name });
    let network = mdns::list(LISTEN)
        .into_iter()
        .map(|printer| FoundPrinter { target: format!("tcp://{}", printer.addr), name: printer.name });
    FoundPrintersView { found: usb.chain(network).chain(queues).take(MOST_PRINTERS).collect() }
}

/// Sets a printer up, or changes one.
///
/// # Errors
/// `not_allowed`, `invalid` with the field, `not_found`.
pub(crate) fn save_printer(store: &mut Store, ctx: &mut Context<'_>, input: PrinterInput) -> Done<()> {
    may_set_up(store.db(), ctx)?;
    let known = printers::list(store.db())?;
    let is_new = input.printer_id.is_none();
    let printer_id = match input.printer_id {
        Some(id) if known.iter().any(|printer| printer.printer_id == id) => id,
        Some(_) => return Err(no_such_printer()),
        None if known.len() >= MOST_PRINTERS => {
            return Err(CommandError::invalid("printers", "there are enough printers"));
        }
        None => PrinterId::new(ctx.clock, ctx.rng),
    };
    let printer = checked(&known, printer_id, input)?;
    if counter::is_taken(store.db(), &printer.target)? {
        return Err(CommandError::invalid("target", "a device on the counter is at this address"));
    }
    let what = if is_new { What::SetUp } else { What::Changed };
    let now = ctx.clock.now();
    store.write(|tx| {
        printers::put(tx, &printer)?;
        device_log::add(tx, now, &printer.happened(what, Some(printer.target.clone())))
    })?;
    Ok(())
}

/// What people call a device, as it is kept.
pub(crate) fn clean_name(typed: &str) -> String {
    typed.trim().chars().filter(|c| !c.is_control()).take(MOST_NAME_CHARS).collect()
}

fn checked(known: &[Printer], printer_id: PrinterId, input: PrinterInput) -> Done<Printer> {
    let name = clean_name(&input.name);
    let others = || known.iter().filter(|printer| printer.printer_id != printer_id);
    let reason = if name.is_empty() || others().any(|printer| printer.name == name) {
        "name"
    } else if input.target.parse::<PrinterTarget>().is_err() {
        "target"
    } else if PrinterProfile::by_id(&input.model).is_none() {
        "model"
    } else if input.category_ids.len() > MOST_CATEGORIES {
        "category_ids"
    } else if input.failover_id.is_some_and(|id| !others().any(|printer| printer.printer_id == id)) {
        "failover_id"
    } else if input.drawer_pin.is_some_and(|pin| pin != 2 && pin != 5) {
        "drawer_pin"
    } else {
        return Ok(Printer {
            printer_id,
            name,
            target: input.target.trim().to_owned(),
            profile: input.model,
            receipts: input.receipts,
            tickets: input.tickets,
            categories: input.category_ids,
            failover_id: input.failover_id,
            drawer_pin: input.drawer_pin,
            drawer_open_high: input.drawer_open_high,
        });
    };
    Err(CommandError::invalid(reason, format!("a printer cannot have this `{reason}`")))
}

/// Forgets a printer; what waited for it asks before it prints elsewhere.
///
/// # Errors
/// `not_allowed`, `not_found`.
pub(crate) fn remove_printer(store: &mut Store, ctx: &mut Context<'_>, input: PrinterIdInput) -> Done<()> {
    may_set_up(store.db(), ctx)?;
    let printer = printers::get(store.db(), input.printer_id)?.ok_or_else(no_such_printer)?;
    let now = ctx.clock.now();
    store.write(|tx| {
        printers::remove(tx, input.printer_id)?;
        device_log::add(tx, now, &printer.happened(What::Removed, None))
    })?;
    Ok(())
}

/// Queues a test page at a printer.
///
/// # Errors
/// `not_allowed`, `not_found`.
pub(crate) fn test_printer(store: &mut Store, ctx: &mut Context<'_>, input: PrinterIdInput) -> Done<()> {
    may_set_up(store.db(), ctx)?;
    let printer = printers::get(store.db(), input.printer_id)?.ok_or_else(no_such_printer)?;
    let job = NewPrintJob {
        kind: PrintKind::Test,
        subject_id: None,
        body: None,
        title: "Test",
        copy: false,
        open_drawer: false,
    };
    store.write(|tx| print_jobs::enqueue_at(tx, ctx.clock, ctx.rng, printer.printer_id, job))?;
    Ok(())
}

fn no_such_printer() -> CommandError {
    CommandError::not_found("there is no such printer")
}
