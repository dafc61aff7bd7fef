//! When headquarters is told of the devices: decided from plain values, with the till's clock.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use shared::Timestamp;
use shared::ids::{DeviceId, TerminalId};
use shared::journal::payload::ReportedDevice;

use crate::context::Device;

/// A change is told once it has lasted so long: devices that come up, and wires that are plugged in again, make none.
const LASTED_MS: i64 = 5_000;
/// A queue that grew or shrank alone is told once that has lasted so long: prints and payments come and go all day.
const WAITED_MS: i64 = 5 * 60 * 1000;
/// One report for each such time,
const EVERY_MS: i64 = 10 * 60 * 1000;
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

/// How a device stands, with what is wrong.
type Standing = (Option<bool>, Option<String>);

/// Remembers between two looks what was told and what has changed since.
#[derive(Debug, Default)]
pub struct Reporter {
    /// None before the store was asked; then None when nothing was told yet.
    told: Option<Option<Told>>,
    standing: HashMap<DeviceId, (Standing, Timestamp)>,
    changed_at: Option<Timestamp>,
    waiting_at: Option<Timestamp>,
}

impl Reporter {
    pub(super) fn knows_what_was_told(&self) -> bool {
        self.told.is_some()
    }

    /// Notes what was told last; None when nothing was.
    pub(super) fn was_told(&mut self, told: Option<Told>) {
        self.told = Some(told);
        (self.changed_at, self.waiting_at) = (None, None);
    }

    /// Compares how the devices are now with what was told last; gives the next report when it is due.
    pub(super) fn look(
        &mut self,
        place: Place,
        mut devices: Vec<ReportedDevice>,
        now: Timestamp,
    ) -> Option<Told> {
        let mut told = self.told.take().flatten();
        if let Some(told) = &mut told {
            // After the clock was set back nobody waits longer than for a whole burst.
            told.free_at = told.free_at.min(now.plus_millis(BURST * EVERY_MS));
        }
        let own = told.as_ref().filter(|told| told.place.terminal_id == place.terminal_id);
        self.date(&mut devices, own.map_or(&[], |told| told.devices.as_slice()), now);
        let (changed, waiting) = match own.filter(|told| told.place == place) {
            Some(told) => (!same(&told.devices, &devices), !as_busy(&told.devices, &devices)),
            // A life of the journal before this one may have told of devices that are gone.
            None => (!devices.is_empty() || told.is_some() || place.epoch > 1, false),
        };
        let lasted = lasts(&mut self.changed_at, changed, now, LASTED_MS)
            | lasts(&mut self.waiting_at, waiting, now, WAITED_MS);
        let free_at = told.as_ref().map_or(now, |told| told.free_at.max(now));
        let may = free_at.since(now) <= (BURST - 1) * EVERY_MS;
        self.told = Some(told);
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
            let stands = (device.well, device.problem.clone());
            device.since = match self.standing.remove(&device.device_id) {
                Some((known, since)) if known == stands => since,
                Some(_) => now,
                None => before
                    .filter(|before| (before.well, &before.problem) == (stands.0, &stands.1))
                    .map_or(now, |before| before.since),
            };
            standing.insert(device.device_id, (stands, device.since));
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

/// Whether the same devices stand in the same way, whatever waits for them and since when.
fn same(told: &[ReportedDevice], now: &[ReportedDevice]) -> bool {
    let plain = |device: &ReportedDevice| ReportedDevice {
        since: Timestamp::default(),
        waiting: 0,
        ..device.clone()
    };
    told.len() == now.len() && told.iter().zip(now).all(|(a, b)| plain(a) == plain(b))
}

/// Whether about as much waits for each device, within the half and the double.
fn as_busy(told: &[ReportedDevice], now: &[ReportedDevice]) -> bool {
    told.iter().zip(now).all(|(a, b)| a.waiting.max(b.waiting) <= a.waiting.min(b.waiting).saturating_mul(2))
}

#[cfg(test)]
mod tests;
