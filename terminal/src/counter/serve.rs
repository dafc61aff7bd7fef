//! The threads of the devices.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hardware::PrinterTarget;
use hardware::display::Display;
use hardware::scale::{Protocol, Scale, Unit};
use hardware::scanner::Scanner;
use hardware::scanner::hid_pos::{self, HidReader};
use hardware::transport::TransportError;
use shared::ids::CounterDeviceId;
use tokio::task::JoinSet;

use super::setup::{HID, USUAL_CAPACITY_G};
use super::{FRESH_MS, Weighed, is_within};
use crate::engine::{Till, held};
use crate::store::counter_devices::{self, CounterDevice, CounterKind};
use crate::store::device_log::What;
use crate::views::ChangedWord;
use crate::{cards, devices};

/// How long a device may take to answer; a thread ends that much later at most.
const PATIENCE: Duration = Duration::from_millis(400);
/// Between two questions to a scale that somebody looks at.
const WEIGH_EVERY: Duration = Duration::from_millis(100);
/// Between two looks whether there is something to do.
pub(crate) const LOOK: Duration = Duration::from_millis(100);
/// A device that does not answer is tried again this often.
const AGAIN: Duration = Duration::from_secs(2);
/// A scale that nobody looks at is asked this often how it is.
const UNWATCHED: Duration = Duration::from_secs(30);
/// A display is written anew this often, since one that lost its power cannot say so.
const REFRESH: Duration = Duration::from_secs(5);

/// The list is looked at this often without being woken.
const TICK: Duration = Duration::from_secs(30);

/// A device whose thread runs.
struct Running {
    device: CounterDevice,
    life: Arc<Life>,
}

/// A thread's life: told to end by the one, said to have ended by the other.
#[derive(Default)]
struct Life {
    stop: AtomicBool,
    ended: AtomicBool,
}

/// Says that a thread has ended, however it did.
struct Ending(Arc<Life>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.ended.store(true, Ordering::Relaxed);
    }
}

/// Keeps one thread for every device, for as long as the engine runs.
pub(crate) async fn serve(till: Arc<Till>) {
    let mut threads = JoinSet::new();
    let mut running: HashMap<CounterDeviceId, Running> = HashMap::new();
    // Held by the thread that speaks to a device, so that the next one begins when the wire is free.
    let mut wires: HashMap<CounterDeviceId, Arc<Mutex<()>>> = HashMap::new();
    while !till.is_stopping() {
        match till.read(counter_devices::list) {
            Ok(list) => {
                // What was changed ends, and begins anew as it is now; so does a thread that ended by itself.
                running.retain(|_, one| {
                    let stays = list.iter().any(|device| device.is_wired_as(&one.device));
                    one.life.stop.store(!stays, Ordering::Relaxed);
                    stays && !one.life.ended.load(Ordering::Relaxed)
                });
                wires.retain(|id, _| list.iter().any(|device| device.counter_device_id == *id));
                till.change_counter(|counter| {
                    counter.seen.retain(|id, _| running.contains_key(id));
                    counter.has_display = list.iter().any(|device| device.kind == CounterKind::Display);
                    counter.has_scale = list.iter().any(|device| device.kind == CounterKind::Scale);
                });
                for device in list {
                    running.entry(device.counter_device_id).or_insert_with(|| {
                        let life = Arc::new(Life::default());
                        let (till, one, ending) = (till.clone(), device.clone(), Ending(life.clone()));
                        let wire = wires.entry(device.counter_device_id).or_default().clone();
                        threads.spawn_blocking(move || {
                            let _wire = held(&wire);
                            speak(&till, &one, &ending.0);
                        });
                        Running { device, life }
                    });
                }
            }
            Err(error) => tracing::error!(%error, "the devices on the counter could not be read"),
        }
        tokio::select! {
            () = till.stopped() => break,
            () = till.counter_changed.notified() => {}
            () = tokio::time::sleep(TICK) => {}
        }
        while let Some(ended) = threads.try_join_next() {
            if let Err(panic) = ended {
                tracing::error!(%panic, "speaking to a device on the counter ended in a panic");
            }
        }
    }
    for one in running.values() {
        one.life.stop.store(true, Ordering::Relaxed);
    }
    while threads.join_next().await.is_some() {}
}

fn speak(till: &Till, device: &CounterDevice, life: &Life) {
    let ended = || life.stop.load(Ordering::Relaxed) || till.is_stopping();
    match (device.kind, device.target.strip_prefix(HID)) {
        (CounterKind::Card, _) => cards::serve(till, device, ended),
        (CounterKind::Scanner, Some(ids)) => scan_at_bus(till, device, ids, ended),
        (CounterKind::Scanner, None) => at_wire(device, |target| scan_at_wire(till, device, target, ended)),
        (CounterKind::Scale, _) => at_wire(device, |target| weigh(till, device, target, ended)),
        (CounterKind::Display, _) => at_wire(device, |target| show(till, device, target, ended)),
    }
}

/// Speaks to a device at its wire, when its address can be read.
fn at_wire(device: &CounterDevice, speak: impl FnOnce(PrinterTarget)) {
    match device.target.parse() {
        Ok(target) => speak(target),
        Err(_) => {
            tracing::error!(device = %device.name, "the address of a device on the counter cannot be read");
        }
    }
}

/// Notes how a device is, and tells the windows when that is news.
pub(crate) fn note(till: &Till, device: &CounterDevice, error: Option<&dyn std::error::Error>) {
    let now = till.clock.now();
    if till.change_counter(|counter| counter.note(device.counter_device_id, error.is_none(), now)) {
        if let Some(error) = error {
            tracing::warn!(device = %device.name, %error, "a device on the counter does not answer");
        }
        let what = if error.is_none() { What::Well } else { What::Unwell(devices::UNREACHABLE) };
        devices::note(till, &device.happened(what, error.map(ToString::to_string)));
        till.tell(&[ChangedWord::Counter]);
    }
}

/// Rests, but not beyond the end.
pub(crate) fn rest(wait: Duration, ended: &impl Fn() -> bool) {
    let mut left = wait;
    while !left.is_zero() && !ended() {
        let piece = left.min(LOOK);
        std::thread::sleep(piece);
        left -= piece;
    }
}

fn weigh(till: &Till, device: &CounterDevice, target: PrinterTarget, ended: impl Fn() -> bool) {
    let protocol = device.protocol.as_deref().and_then(Protocol::by_name).unwrap_or(Protocol::Mettler8217);
    let unit = device.unit.as_deref().and_then(Unit::by_name).unwrap_or(Unit::Kilogram);
    let capacity_g = device.capacity_g.unwrap_or(USUAL_CAPACITY_G);
    let mut scale = Scale::new(target, protocol, unit);
    // What another scale, or this one set otherwise, said last is over.
    till.change_counter(|counter| counter.weighed = None);
    let mut rested = Duration::MAX;
    let mut silent = false;
    while !ended() {
        let now = till.clock.now();
        let watched = till.counter(|counter| counter.watched_until.is_some_and(|until| until > now));
        if !watched && rested < if silent { AGAIN } else { UNWATCHED } {
            rest(LOOK, &ended);
            rested = rested.saturating_add(LOOK);
            continue;
        }
        rested = Duration::ZERO;
        let asked = scale.weigh(PATIENCE);
        if ended() {
            break;
        }
        silent = asked.is_err();
        note(till, device, asked.as_ref().err().map(|error| error as &dyn std::error::Error));
        let weighed = Weighed { reading: asked.ok(), capacity_g, at: till.clock.now() };
        let before = till.change_counter(|counter| counter.weighed.replace(weighed));
        let is_news = |before: Weighed| {
            before.reading != weighed.reading || !is_within(before.at, weighed.at, FRESH_MS)
        };
        if before.is_none_or(is_news) {
            till.tell(&[ChangedWord::Scale]);
        }
        rest(if silent { AGAIN } else { WEIGH_EVERY }, &ended);
    }
    till.change_counter(|counter| counter.weighed = None);
}

fn scan_at_wire(till: &Till, device: &CounterDevice, target: PrinterTarget, ended: impl Fn() -> bool) {
    let mut scanner = Scanner::new(target);
    scan(till, device, ended, || scanner.scans(PATIENCE));
}

/// A scanner that reports at the USB bus is opened again after it was gone.
fn scan_at_bus(till: &Till, device: &CounterDevice, ids: &str, ended: impl Fn() -> bool) {
    let mut open = None;
    scan(till, device, ended, || {
        let mut reader = match open.take() {
            Some(reader) => reader,
            None => HidReader::new(hid_pos::open(ids)?),
        };
        let scanned = reader.scan(PATIENCE)?;
        open = Some(reader);
        Ok(scanned.into_iter().collect())
    });
}

/// Takes the codes that `scans` gives within [`PATIENCE`].
fn scan(
    till: &Till,
    device: &CounterDevice,
    ended: impl Fn() -> bool,
    mut scans: impl FnMut() -> Result<Vec<String>, TransportError>,
) {
    while !ended() {
        match scans() {
            Ok(codes) => {
                note(till, device, None);
                if !codes.is_empty() {
                    let now = till.clock.now();
                    till.change_counter(|counter| {
                        codes.into_iter().for_each(|code| counter.scanned(code, now));
                    });
                    till.tell(&[ChangedWord::Scan]);
                }
            }
            Err(error) => {
                note(till, device, Some(&error));
                rest(AGAIN, &ended);
            }
        }
    }
}

fn show(till: &Till, device: &CounterDevice, target: PrinterTarget, ended: impl Fn() -> bool) {
    let mut display = Display::new(target);
    let mut rested = Duration::ZERO;
    while !ended() {
        let lines = till.counter(|counter| counter.shown.clone());
        let done = match display.show(&lines, PATIENCE) {
            Ok(()) if rested >= REFRESH => {
                rested = Duration::ZERO;
                display.refresh(PATIENCE)
            }
            done => done,
        };
        let wait = if done.is_ok() { LOOK } else { AGAIN };
        note(till, device, done.as_ref().err().map(|error| error as &dyn std::error::Error));
        rest(wait, &ended);
        rested = rested.saturating_add(wait);
    }
}
