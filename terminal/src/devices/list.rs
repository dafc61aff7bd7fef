//! The devices as their workers last wrote them down.

use rusqlite::Connection;
use shared::Timestamp;
use shared::catalogue::Category;
use shared::ids::CategoryId;
use shared::journal::payload::{DeviceReported, MOST_DEVICES, ReportedDevice};

use super::UNREACHABLE;
use crate::engine::Till;
use crate::peripherals;
use crate::store::counter_devices::{self, CounterDevice, CounterKind};
use crate::store::printers::{self, Printer};
use crate::store::{StoreError, card_payments, items, print_jobs};

/// What waits for so long is held up; prints and payments come and go all day.
const STUCK_MS: i64 = 5 * 60 * 1000;

/// All devices, printers first, each as if it stood so since `at`. Where there are more than one report holds, printers are
/// left out.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn now(till: &Till, db: &Connection, at: Timestamp) -> Result<Vec<ReportedDevice>, StoreError> {
    let counter = counter_devices::list(db)?;
    let mut devices = Vec::new();
    let printers = printers::list(db)?;
    let has_stations = printers.iter().any(|printer| printer.tickets && !printer.categories.is_empty());
    let categories = if has_stations { items::categories(db)? } else { Vec::new() };
    for printer in printers.into_iter().take(MOST_DEVICES.saturating_sub(counter.len())) {
        devices.push(of_printer(till, db, printer, &categories, at)?);
    }
    for device in counter {
        devices.push(of_counter(till, db, device, at)?);
    }
    Ok(DeviceReported { devices }.bounded().devices)
}

fn of_printer(
    till: &Till,
    db: &Connection,
    printer: Printer,
    categories: &[Category],
    at: Timestamp,
) -> Result<ReportedDevice, StoreError> {
    let (well, problem) = peripherals::health(till, printer.printer_id);
    let roles = [("receipts", printer.receipts), ("tickets", printer.tickets)];
    let name_of = |id: &CategoryId| {
        let known = categories.iter().find(|category| category.category_id == *id);
        // One that is gone is still no word for all of them.
        known.map_or_else(|| id.to_string(), |category| category.name.clone())
    };
    let own: &[CategoryId] = if printer.tickets { &printer.categories } else { &[] };
    let stations = own.iter().map(name_of).collect();
    Ok(ReportedDevice {
        device_id: printer.printer_id.into(),
        kind: "printer".to_owned(),
        name: printer.name,
        roles: roles.iter().filter(|(_, has)| *has).map(|(role, _)| (*role).to_owned()).collect(),
        stations,
        well,
        since: at,
        problem: problem.map(str::to_owned),
        waiting: print_jobs::count_stuck_at(db, printer.printer_id, at.plus_millis(-STUCK_MS))?,
    })
}

fn of_counter(
    till: &Till,
    db: &Connection,
    device: CounterDevice,
    at: Timestamp,
) -> Result<ReportedDevice, StoreError> {
    let well = till.counter(|counter| counter.is_well(device.counter_device_id));
    let waiting = match device.kind {
        CounterKind::Card => {
            card_payments::count_open_at(db, device.counter_device_id, at.plus_millis(-STUCK_MS))?
        }
        CounterKind::Scale | CounterKind::Scanner | CounterKind::Display => 0,
    };
    Ok(ReportedDevice {
        device_id: device.counter_device_id.into(),
        kind: device.kind.word().to_owned(),
        name: device.name,
        roles: Vec::new(),
        stations: Vec::new(),
        well,
        since: at,
        problem: (well == Some(false)).then(|| UNREACHABLE.to_owned()),
        waiting,
    })
}
