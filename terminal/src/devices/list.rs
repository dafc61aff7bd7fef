//! The devices as their workers last wrote them down.

use rusqlite::Connection;
use shared::Timestamp;
use shared::journal::payload::{DeviceReported, MOST_DEVICES, ReportedDevice};

use crate::engine::Till;
use crate::peripherals;
use crate::store::counter_devices::{self, CounterDevice, CounterKind};
use crate::store::printers::{self, Printer};
use crate::store::{StoreError, card_payments, items, print_jobs};

/// What keeps a device on the counter from its work; which wire broke how is in the till's log.
const UNREACHABLE: &str = "unreachable";

/// All devices, printers first, each as if it stood so since `at`. Where there are more than one report holds, printers are
/// left out.
///
/// # Errors
/// When the store cannot be read.
pub(super) fn now(till: &Till, db: &Connection, at: Timestamp) -> Result<Vec<ReportedDevice>, StoreError> {
    let counter = counter_devices::list(db)?;
    let mut devices = Vec::new();
    for printer in printers::list(db)?.into_iter().take(MOST_DEVICES.saturating_sub(counter.len())) {
        devices.push(of_printer(till, db, printer, at)?);
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
    at: Timestamp,
) -> Result<ReportedDevice, StoreError> {
    let (waiting, unknown) = print_jobs::counts_at(db, printer.printer_id)?;
    let (well, problem) = peripherals::health(till, printer.printer_id);
    let roles = [("receipts", printer.receipts), ("tickets", printer.tickets)];
    let mut stations = Vec::new();
    if printer.tickets && !printer.categories.is_empty() {
        let known = items::categories(db)?.into_iter();
        let own = known.filter(|category| printer.categories.contains(&category.category_id));
        stations.extend(own.map(|category| category.name));
    }
    Ok(ReportedDevice {
        device_id: printer.printer_id.into(),
        kind: "printer".to_owned(),
        name: printer.name,
        roles: roles.iter().filter(|(_, has)| *has).map(|(role, _)| (*role).to_owned()).collect(),
        stations,
        well,
        since: at,
        problem: problem.map(str::to_owned),
        waiting: waiting.saturating_add(unknown),
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
        CounterKind::Card => card_payments::count_open_at(db, device.counter_device_id)?,
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
