//! Setting the devices up: which there are, how each is, and whether it answers.

use hardware::PrinterTarget;
use hardware::display::Lines;
use hardware::scale::{Protocol, Unit};
use hardware::transport::serial;
use rusqlite::Connection;
use shared::ids::CounterDeviceId;

use super::WATCHED_MS;
use crate::context::{CommandError, Context, Done};
use crate::engine::Till;
use crate::peripherals::{clean_name, may_set_up};
use crate::store::Store;
use crate::store::counter_devices::{self, CounterDevice, CounterKind};
use crate::store::printers::{self, Printer};
use crate::views::{
    CounterDeviceIdInput, CounterDeviceInput, CounterDeviceView, CounterView, FoundPrinter, FoundPrintersView,
};

/// More devices than stand on one counter.
const MOST_DEVICES: usize = 16;
const MOST_TARGET_BYTES: usize = 200;
/// What counter scales of shops weigh at most, when nobody says.
pub(super) const USUAL_CAPACITY_G: u32 = 15_000;
/// The heaviest scale that may be set.
const MOST_CAPACITY_G: u32 = 1_000_000;

/// The wire that an address names, however it is set; None when it is no wire that a device can be asked on: a file or a queue
/// of the system is none.
fn wire_of(target: &str) -> Option<String> {
    let target = target.parse::<PrinterTarget>().ok()?.to_string();
    let wire = target.split('?').next().unwrap_or_default();
    let can_ask =
        target.len() <= MOST_TARGET_BYTES && (wire.starts_with("serial://") || wire.starts_with("tcp://"));
    can_ask.then(|| wire.to_owned())
}

/// The devices, how each is, and what to choose from.
pub(crate) fn devices(till: &Till, db: &Connection, ctx: &Context<'_>) -> Done<CounterView> {
    may_set_up(db, ctx)?;
    let devices = counter_devices::list(db)?.into_iter().map(|device| {
        let seen = till.counter(|counter| counter.seen.get(&device.counter_device_id).copied());
        CounterDeviceView {
            counter_device_id: device.counter_device_id,
            kind: device.kind.word().to_owned(),
            name: device.name,
            target: device.target,
            protocol: device.protocol,
            unit: device.unit,
            capacity_g: device.capacity_g,
            well: seen.map(|seen| seen.well),
            asked_at: seen.and_then(|seen| seen.asked_at),
            last_error_at: seen.and_then(|seen| seen.last_error_at),
        }
    });
    Ok(CounterView {
        devices: devices.collect(),
        protocols: Protocol::ALL.iter().map(|(name, _)| (*name).to_owned()).collect(),
    })
}

/// Serial ports that are plugged in, set up or not.
pub(crate) fn find(db: &Connection, ctx: &Context<'_>) -> Done<FoundPrintersView> {
    may_set_up(db, ctx)?;
    let found = serial::ports().into_iter().take(64).map(|(port, name)| FoundPrinter {
        name: if name.is_empty() { port.clone() } else { name },
        target: format!("serial://{port}"),
    });
    Ok(FoundPrintersView { found: found.collect() })
}

/// Sets a device up, or changes one.
///
/// # Errors
/// `not_allowed`, `invalid` with the field, `not_found`.
pub(crate) fn save(store: &mut Store, ctx: &mut Context<'_>, input: CounterDeviceInput) -> Done<()> {
    may_set_up(store.db(), ctx)?;
    let known = counter_devices::list(store.db())?;
    let id = match input.counter_device_id {
        Some(id) if known.iter().any(|device| device.counter_device_id == id) => id,
        Some(_) => return Err(no_such_device()),
        None if known.len() >= MOST_DEVICES => {
            return Err(CommandError::invalid("devices", "there are enough devices"));
        }
        None => CounterDeviceId::new(ctx.clock, ctx.rng),
    };
    let device = checked(&known, &printers::list(store.db())?, id, input)?;
    store.write(|tx| counter_devices::put(tx, &device))?;
    Ok(())
}

fn checked(
    known: &[CounterDevice],
    printers: &[Printer],
    id: CounterDeviceId,
    input: CounterDeviceInput,
) -> Done<CounterDevice> {
    let name = clean_name(&input.name);
    let refuse = |field: &'static str| {
        Err(CommandError::invalid(field, format!("a device on the counter cannot have this `{field}`")))
    };
    let Some(kind) = CounterKind::by_word(&input.kind) else { return refuse("kind") };
    let mut others = known.iter().filter(|device| device.counter_device_id != id);
    if name.is_empty() || others.clone().any(|device| device.name == name) {
        return refuse("name");
    }
    let Some(wire) = wire_of(&input.target) else { return refuse("target") };
    // Two that speak on one wire hear each other's answers.
    let mut taken =
        others.clone().map(|device| &device.target).chain(printers.iter().map(|printer| &printer.target));
    if taken.any(|target| wire_of(target).as_ref() == Some(&wire)) {
        return refuse("target");
    }
    let is_scale = kind == CounterKind::Scale;
    // With two of them nobody would know which one is meant.
    if kind != CounterKind::Scanner && others.any(|device| device.kind == kind) {
        return refuse("kind");
    }
    if is_scale && input.protocol.as_deref().and_then(Protocol::by_name).is_none() {
        return refuse("protocol");
    }
    if input.unit.as_deref().is_some_and(|unit| Unit::by_name(unit).is_none()) {
        return refuse("unit");
    }
    if input.capacity_g.is_some_and(|grams| grams == 0 || grams > MOST_CAPACITY_G) {
        return refuse("capacity_g");
    }
    Ok(CounterDevice {
        counter_device_id: id,
        kind,
        name,
        target: input.target.trim().to_owned(),
        protocol: input.protocol.filter(|_| is_scale),
        unit: input.unit.filter(|_| is_scale),
        capacity_g: input.capacity_g.filter(|_| is_scale),
    })
}

/// Forgets a device.
///
/// # Errors
/// `not_allowed`, `not_found`.
pub(crate) fn remove(store: &mut Store, ctx: &mut Context<'_>, input: CounterDeviceIdInput) -> Done<()> {
    may_set_up(store.db(), ctx)?;
    let known = counter_devices::list(store.db())?;
    if !known.iter().any(|device| device.counter_device_id == input.counter_device_id) {
        return Err(no_such_device());
    }
    store.write(|tx| counter_devices::remove(tx, input.counter_device_id))?;
    Ok(())
}

/// Lets a device show that it works: a scale is asked for some seconds, a display shows its name.
///
/// # Errors
/// `not_allowed`, `not_found`.
pub(crate) fn test(till: &Till, db: &Connection, ctx: &Context<'_>, input: CounterDeviceIdInput) -> Done<()> {
    may_set_up(db, ctx)?;
    let known = counter_devices::list(db)?;
    let device = known.into_iter().find(|device| device.counter_device_id == input.counter_device_id);
    let device = device.ok_or_else(no_such_device)?;
    let until = till.clock.now().plus_millis(WATCHED_MS);
    till.change_counter(|counter| match device.kind {
        CounterKind::Scale => counter.watched_until = Some(until),
        CounterKind::Display => counter.shown = Lines::new(device.name, "0123456789.,+-  ABCD"),
        CounterKind::Scanner => {}
    });
    Ok(())
}

fn no_such_device() -> CommandError {
    CommandError::not_found("there is no such device")
}
