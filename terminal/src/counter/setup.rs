//! Setting the devices up: which there are, how each is, and whether it answers.

use hardware::PrinterTarget;
use hardware::display::Lines;
use hardware::scale::{Protocol, Unit};
use hardware::scanner::hid_pos;
use hardware::transport::serial;
use rusqlite::Connection;
use shared::ids::CounterDeviceId;
use zeroize::Zeroizing;

use super::WATCHED_MS;
use crate::cards;
use crate::context::{CommandError, Context, Done};
use crate::engine::Till;
use crate::peripherals::{clean_name, may_set_up};
use crate::store::counter_devices::{self, CounterDevice, CounterKind};
use crate::store::device_log::{self, What};
use crate::store::printers::{self, Printer};
use crate::store::{Store, StoreError, card_payments};
use crate::views::{
    Code, CounterDeviceIdInput, CounterDeviceInput, CounterDeviceView, CounterView, FoundPrinter,
    FoundPrintersView,
};

/// More devices than stand on one counter.
const MOST_DEVICES: usize = 16;
const MOST_TARGET_BYTES: usize = 200;
/// What stands before the ids of a scanner that reports as a point-of-sale device at the USB bus.
pub(super) const HID: &str = "hid://";
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

/// Whether a device on the counter is spoken to at the wire of this address, so that a printer there would hear its answers.
///
/// # Errors
/// When the store cannot be read.
pub(crate) fn is_taken(db: &Connection, target: &str) -> Result<bool, StoreError> {
    let Some(wire) = wire_of(target) else { return Ok(false) };
    let devices = counter_devices::list(db)?;
    Ok(devices.iter().any(|device| wire_of(&device.target).as_ref() == Some(&wire)))
}

/// Whether an address names a scanner at the USB bus, such as `hid://0c2e:0b6a`.
fn is_hid(target: &str) -> bool {
    target.strip_prefix(HID).is_some_and(|ids| hid_pos::parse(ids).is_some())
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
            reader: device.reader,
            has_secret: device.secret.is_some(),
            key_name: device.key_name,
            key_version: device.key_version,
            well: seen.map(|seen| seen.well),
            asked_at: seen.and_then(|seen| seen.asked_at),
            last_error_at: seen.and_then(|seen| seen.last_error_at),
        }
    });
    Ok(CounterView {
        devices: devices.collect(),
        protocols: Protocol::ALL.iter().map(|(name, _)| (*name).to_owned()).collect(),
        card_protocols: cards::PROTOCOLS.map(str::to_owned).to_vec(),
    })
}

/// Serial ports and scanners of the USB bus that are plugged in, set up or not.
pub(crate) fn find(db: &Connection, ctx: &Context<'_>) -> Done<FoundPrintersView> {
    may_set_up(db, ctx)?;
    let found = serial::ports().into_iter().take(64).map(|(port, name)| FoundPrinter {
        name: if name.is_empty() { port.clone() } else { name },
        target: format!("serial://{port}"),
    });
    let scanners = hid_pos::list().into_iter().take(16).map(|scanner| {
        let target = format!("{HID}{:04x}:{:04x}", scanner.vendor_id, scanner.product_id);
        FoundPrinter { name: scanner.product.unwrap_or_else(|| target.clone()), target }
    });
    let found = found.chain(scanners);
    Ok(FoundPrintersView { found: found.collect() })
}

/// Sets a device up, or changes one.
///
/// # Errors
/// `not_allowed`, `invalid` with the field, `not_found`, `card_unsettled` when a card reader would become another one while a
/// payment at it is not settled.
pub(crate) fn save(store: &mut Store, ctx: &mut Context<'_>, input: CounterDeviceInput) -> Done<()> {
    may_set_up(store.db(), ctx)?;
    let known = counter_devices::list(store.db())?;
    let is_new = input.counter_device_id.is_none();
    let id = match input.counter_device_id {
        Some(id) if known.iter().any(|device| device.counter_device_id == id) => id,
        Some(_) => return Err(no_such_device()),
        None if known.len() >= MOST_DEVICES => {
            return Err(CommandError::invalid("devices", "there are enough devices"));
        }
        None => CounterDeviceId::new(ctx.clock, ctx.rng),
    };
    // Another reader knows nothing of what this one was told, and would answer with another customer's payment.
    let reader =
        known.iter().find(|device| device.counter_device_id == id && device.kind == CounterKind::Card);
    if reader.is_some_and(|before| !is_same_reader(before, &input))
        && card_payments::is_open_at(store.db(), id)?
    {
        return Err(unsettled());
    }
    // What becomes another device is no card reader any more, as if it were removed.
    let is_card_still = CounterKind::by_word(&input.kind) == Some(CounterKind::Card);
    if reader.is_some() && !is_card_still && !card_payments::open(store.db())?.is_empty() {
        return Err(unsettled());
    }
    let device = checked(&known, &printers::list(store.db())?, id, input)?;
    let what = if is_new { What::SetUp } else { What::Changed };
    let now = ctx.clock.now();
    store.write(|tx| {
        counter_devices::put(tx, &device)?;
        device_log::add(tx, now, &device.happened(what, Some(device.target.clone())))
    })?;
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
    let is_card = kind == CounterKind::Card;
    // A provider's address is no wire.
    let at_bus = kind == CounterKind::Scanner && is_hid(input.target.trim());
    let Some(wire) =
        wire_of(&input.target).or_else(|| (is_card || at_bus).then(|| input.target.trim().to_owned()))
    else {
        return refuse("target");
    };
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
    let before = known.iter().find(|device| device.counter_device_id == id);
    // What was typed for one reader must not be told to another.
    let kept =
        before.filter(|before| is_same_reader(before, &input)).and_then(|before| before.secret.clone());
    let typed = input.secret.map(|secret| Zeroizing::new(secret.trim().to_owned()));
    let text = |text: Option<String>| {
        text.map(|text| text.trim().to_owned()).filter(|text| is_card && !text.is_empty())
    };
    let device = CounterDevice {
        counter_device_id: id,
        kind,
        name,
        target: input.target.trim().to_owned(),
        protocol: input.protocol.filter(|_| is_scale || is_card),
        unit: input.unit.filter(|_| is_scale),
        capacity_g: input.capacity_g.filter(|_| is_scale),
        reader: text(input.reader),
        secret: typed.filter(|secret| !secret.is_empty()).or(kept).filter(|_| is_card),
        key_name: text(input.key_name),
        key_version: input.key_version.filter(|_| is_card),
    };
    match is_card.then(|| cards::check_setup(&device)).flatten() {
        Some(field) => refuse(field),
        None => Ok(device),
    }
}

/// Whether a reader that is set up anew is still reached in the same way, so that what it wants to be told stays the same.
fn is_same_reader(before: &CounterDevice, input: &CounterDeviceInput) -> bool {
    before.kind == CounterKind::Card
        && input.kind == CounterKind::Card.word()
        && before.protocol == input.protocol
        && before.target == input.target.trim()
        && before.reader.as_deref()
            == input.reader.as_deref().map(str::trim).filter(|named| !named.is_empty())
}

/// Forgets a device.
///
/// # Errors
/// `not_allowed`, `not_found`, `card_unsettled` while a card reader has something left to do.
pub(crate) fn remove(store: &mut Store, ctx: &mut Context<'_>, input: CounterDeviceIdInput) -> Done<()> {
    may_set_up(store.db(), ctx)?;
    let known = counter_devices::list(store.db())?;
    let device = known.iter().find(|device| device.counter_device_id == input.counter_device_id);
    let device = device.ok_or_else(no_such_device)?;
    if device.kind == CounterKind::Card && !card_payments::open(store.db())?.is_empty() {
        return Err(unsettled());
    }
    let now = ctx.clock.now();
    store.write(|tx| {
        counter_devices::remove(tx, input.counter_device_id)?;
        device_log::add(tx, now, &device.happened(What::Removed, None))
    })?;
    Ok(())
}

/// Lets a device show that it works: a scale is asked for some seconds, a card reader at once, a display shows its name.
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
        CounterKind::Scanner | CounterKind::Card => {}
    });
    if device.kind == CounterKind::Card {
        cards::probe(till);
    }
    Ok(())
}

fn unsettled() -> CommandError {
    CommandError::new(Code::CardUnsettled, "the card reader still has payments that are not settled")
}

fn no_such_device() -> CommandError {
    CommandError::not_found("there is no such device")
}
