//! When headquarters is told of the devices: decided from plain values, with the till's clock.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use shared::Timestamp;
use shared::ids::{DeviceId, TerminalId};
use shared::journal::payload::ReportedDevice;

use crate::context::Device;

/// A change is told once it has lasted so long: devices that come up, and wires that are plugged in again, make none.
const LASTED_MS: i64 = 5_000;
/// One report for each such time,
const EVERY_MS: i64 = 30 * 60 * 1000;
/// and so many at once after a quiet time.
const BURST: i64 = 3;

/// Which journal a report stands in: another life of it may not hold the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Place {
    terminal_id: TerminalId,
    epoch: u32,
}

impl Place {
    pub(super) fn of(device: &Device) -> Self {
        Self { terminal_id: device.terminal_id, epoch: device.epoch }
    }
}

/// What was told last, as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Told {
    /// Where.
    pub(super) place: Place,
    /// The devices as they were then.
    pub(super) devices: Vec<ReportedDevice>,
    /// When [`BURST`] reports may follow one another again.
    free_at: Timestamp,
}

/// Remembers between two looks how each device stands and since when; what was told the store remembers.
#[derive(Debug, Default)]
pub struct Reporter {
    standing: HashMap<DeviceId, (Option<bool>, Timestamp)>,
    changed_at: Option<Timestamp>,
}

impl Reporter {
    /// Compares how the devices are now with what was told last; gives the next report when it is due.
    pub(super) fn look(
        &mut self,
        told: Option<&Told>,
        place: Place,
        mut devices: Vec<ReportedDevice>,
        now: Timestamp,
    ) -> Option<Told> {
        let own = told.filter(|told| told.place.terminal_id == place.terminal_id);
        self.date(&mut devices, own.map_or(&[], |told| told.devices.as_slice()), now);
        let is_news = match own.filter(|told| told.place == place) {
            Some(told) => !same(&told.devices, &devices),
            // A life of the journal before this one may have told of devices that are gone.
            None => !devices.is_empty() || told.is_some() || place.epoch > 1,
        };
        // What is later than after a whole burst is from before the clock was set back: one report is due at once.
        let free_at = told.map_or(now, |told| match told.free_at {
            later if later.since(now) > BURST * EVERY_MS => now.plus_millis((BURST - 1) * EVERY_MS),
            free_at => free_at.max(now),
        });
        let may = free_at.since(now) <= (BURST - 1) * EVERY_MS;
        let lasted = lasts(&mut self.changed_at, is_news, now, LASTED_MS);
        (lasted && may).then(|| Told { place, devices, free_at: free_at.plus_millis(EVERY_MS) })
    }

    /// Says since when each device stands as it does. One that was not spoken to since the till was started stands as was
    /// told.
    fn date(&mut self, devices: &mut [ReportedDevice], told: &[ReportedDevice], now: Timestamp) {
        let mut standing = HashMap::with_capacity(devices.len());
        for device in devices {
            let before = told.iter().find(|before| before.device_id == device.device_id);
            if let Some(before) = before.filter(|_| device.well.is_none()) {
                (device.well, device.problem) = (before.well, before.problem.clone());
            }
            // What is wrong may change, such as from no paper to an open cover: it has not worked since before that.
            device.since = match self.standing.remove(&device.device_id) {
                Some((well, since)) if well == device.well => since,
                Some(_) => now,
                None => before.filter(|before| before.well == device.well).map_or(now, |before| before.since),
            };
            standing.insert(device.device_id, (device.well, device.since));
        }
        self.standing = standing;
    }
}

/// Whether something holds for so long now.
fn lasts(since: &mut Option<Timestamp>, holds: bool, now: Timestamp, millis: i64) -> bool {
    if !holds {
        *since = None;
        return false;
    }
    // From before the clock was set back it counts anew.
    let from = since.filter(|from| *from <= now).unwrap_or(now);
    *since = Some(from);
    now.since(from) >= millis
}

/// Whether the same devices stand in the same way, whatever since when, and hold about as much up: within the half and the double.
fn same(told: &[ReportedDevice], now: &[ReportedDevice]) -> bool {
    let plain = |device: &ReportedDevice| ReportedDevice {
        since: Timestamp::default(),
        waiting: 0,
        ..device.clone()
    };
    let as_busy = |a: u32, b: u32| a.max(b) <= a.min(b).saturating_mul(2);
    let is_same =
        |(a, b): (&ReportedDevice, &ReportedDevice)| plain(a) == plain(b) && as_busy(a.waiting, b.waiting);
    told.len() == now.len() && told.iter().zip(now).all(is_same)
}

#[cfg(test)]
mod tests;
