//! The scale, the scanners, the customer's display and the card reader on the counter. No sale ever waits for one of them.
//!
//! Every device has a thread of its own that speaks to it and writes down what it says; commands only look at that. A
//! device that does not answer is tried again every two seconds.

mod serve;
mod setup;

use std::collections::{HashMap, VecDeque};

use hardware::display::Lines;
use hardware::scale::{NotSellable, Reading};
use shared::Timestamp;
use shared::ids::CounterDeviceId;
use shared::money::Quantity;
use shared::staff::Permission;

use crate::context::{CommandError, Done};
use crate::engine::{Call, Till};
use crate::staff;
use crate::views::{ScaleInput, ScaleView, ScansView};

pub(crate) use serve::{LOOK, note, rest, serve};
pub(crate) use setup::{devices, find, is_taken, remove, save, test};

/// A weight that was read longer ago is not sold by.
const FRESH_MS: i64 = 1_000;
/// The scale is asked while somebody looks at it, and this long after.
const WATCHED_MS: i64 = 3_000;
/// A scan that nobody took for so long is forgotten: whoever made it has gone on.
const SCAN_KEPT_MS: i64 = 3_000;
/// Scans that wait to be taken, at most.
const MOST_SCANS: usize = 32;

/// What the threads of the devices write down; nothing of it must outlive the process.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    seen: HashMap<CounterDeviceId, Seen>,
    /// Whether there is a scale at all.
    has_scale: bool,
    weighed: Option<Weighed>,
    /// Somebody looks at the scale until then.
    watched_until: Option<Timestamp>,
    scans: VecDeque<(String, Timestamp)>,
    /// Whether there is a display at all.
    has_display: bool,
    /// What the customer shall see.
    shown: Lines,
}

/// How one device was when it was last spoken to.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    well: bool,
    asked_at: Option<Timestamp>,
    last_error_at: Option<Timestamp>,
}

/// What a scale said.
#[derive(Debug, Clone, Copy)]
struct Weighed {
    /// None when it did not answer.
    reading: Option<Reading>,
    capacity_g: u32,
    at: Timestamp,
}

impl Counter {
    /// Notes how speaking to a device went; gives whether that is news.
    fn note(&mut self, device: CounterDeviceId, well: bool, now: Timestamp) -> bool {
        let seen = self.seen.entry(device).or_default();
        let news = seen.asked_at.is_none() || seen.well != well;
        (seen.well, seen.asked_at) = (well, Some(now));
        if !well {
            seen.last_error_at = Some(now);
        }
        news
    }

    /// Whether a device answered when it was last spoken to; None before that.
    pub(crate) fn is_well(&self, device: CounterDeviceId) -> Option<bool> {
        self.seen.get(&device).map(|seen| seen.well)
    }

    /// Whether there is a display at all.
    pub(crate) fn has_display(&self) -> bool {
        self.has_display
    }

    /// What the display shall say from now on.
    pub(crate) fn show(&mut self, lines: Lines) {
        self.shown = lines;
    }

    fn scanned(&mut self, code: String, now: Timestamp) {
        if self.scans.len() >= MOST_SCANS {
            self.scans.pop_front();
        }
        self.scans.push_back((code, now));
    }
}

/// The codes that scanners read and no window took yet; each is given once, and only to a window where somebody sells.
///
/// # Errors
/// `not_signed_in`, `not_allowed`.
pub(crate) fn take_scans(call: &Call<'_>) -> Done<ScansView> {
    call.read(|db, ctx| staff::require(db, ctx, Permission::Sell))?;
    let now = call.till.clock.now();
    Ok(call.till.change_counter(|counter| {
        let codes = counter.scans.drain(..).filter(|(_, at)| is_within(*at, now, SCAN_KEPT_MS));
        ScansView { codes: codes.map(|(code, _)| code).collect() }
    }))
}

/// Whether it is not longer ago; what comes from before the clock was set back is as old as anything.
pub(crate) fn is_within(at: Timestamp, now: Timestamp, millis: i64) -> bool {
    (0..=millis).contains(&now.as_millis().saturating_sub(at.as_millis()))
}

/// What the scale says now; it is asked on while somebody looks.
pub(crate) fn weigh(till: &Till, input: &ScaleInput) -> ScaleView {
    let now = till.clock.now();
    till.change_counter(|counter| {
        counter.watched_until = Some(now.plus_millis(WATCHED_MS));
        if !counter.has_scale {
            return ScaleView { state: "none".to_owned(), grams: None, quantity: None };
        }
        let net = net(counter.weighed, input.tare_g, now);
        let grams = match counter.weighed.and_then(|weighed| weighed.reading) {
            Some(Reading::Stable { grams }) if !matches!(net, Err(Unweighed::Asking)) => Some(grams),
            _ => None,
        };
        let state = match net {
            Ok(_) => "stable",
            Err(why) => word_of(why),
        };
        ScaleView { state: state.to_owned(), grams, quantity: net.ok().map(kilograms) }
    })
}

/// Refuses a weight that is not what lies on the scale at this moment, at rest.
///
/// # Errors
/// `invalid` about `scale`, or about `weight_changed` when another weight lies there than was shown.
pub(crate) fn check_weighed(till: &Till, quantity: Option<Quantity>, tare_g: u32) -> Done<()> {
    let now = till.clock.now();
    let weighed = till.counter(|counter| counter.weighed);
    let net = net(weighed, tare_g, now);
    match net {
        Ok(grams) if quantity == Some(kilograms(grams)) => Ok(()),
        Ok(_) => {
            Err(CommandError::invalid("weight_changed", "another weight lies on the scale than was shown"))
        }
        Err(why) => {
            Err(CommandError::invalid("scale", format!("the scale gives no weight: {}", word_of(why))))
        }
    }
}

/// Why nothing can be sold by what a scale said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unweighed {
    /// It has not said anything yet, or not just now.
    Asking,
    Unreachable,
    Not(NotSellable),
}

fn net(weighed: Option<Weighed>, tare_g: u32, now: Timestamp) -> Result<u32, Unweighed> {
    let weighed = weighed.ok_or(Unweighed::Asking)?;
    let reading = weighed.reading.ok_or(Unweighed::Unreachable)?;
    if !is_within(weighed.at, now, FRESH_MS) {
        return Err(Unweighed::Asking);
    }
    reading.sellable(tare_g, weighed.capacity_g).map_err(Unweighed::Not)
}

fn kilograms(grams: u32) -> Quantity {
    Quantity::from_thousandths(i64::from(grams))
}

/// The screens' word (`scale-*` texts).
fn word_of(why: Unweighed) -> &'static str {
    match why {
        Unweighed::Asking => "asking",
        Unweighed::Unreachable => "unreachable",
        Unweighed::Not(NotSellable::Moving) => "moving",
        Unweighed::Not(NotSellable::Nothing) => "nothing",
        Unweighed::Not(NotSellable::OutOfRange) => "too_heavy",
        Unweighed::Not(NotSellable::Fault) => "fault",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_is_sold_by_for_one_second_and_never_after_the_clock_was_set_back() {
        let at = |millis| Timestamp::from_millis(1_000_000 + millis);
        let weighed = |reading| Some(Weighed { reading, capacity_g: 15_000, at: at(0) });
        let half = weighed(Some(Reading::Stable { grams: 500 }));
        for (now, expected) in [
            (0, Ok(480)),
            (FRESH_MS, Ok(480)),
            (FRESH_MS + 1, Err(Unweighed::Asking)),
            (-1, Err(Unweighed::Asking)),
        ] {
            assert_eq!(net(half, 20, at(now)), expected, "{now}");
        }
        assert_eq!(net(None, 0, at(0)), Err(Unweighed::Asking));
        assert_eq!(net(weighed(None), 0, at(0)), Err(Unweighed::Unreachable));
        let moving = weighed(Some(Reading::Moving));
        assert_eq!(net(moving, 0, at(0)), Err(Unweighed::Not(NotSellable::Moving)));
    }
}
