//! How the devices at a terminal are, for headquarters.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::ids::DeviceId;

/// Devices that one report tells of, at most.
pub const MOST_DEVICES: usize = 32;
/// Characters of a name or word that are told.
pub const MOST_DEVICE_CHARS: usize = 80;
/// Roles of a printer that are told, and as many stations.
pub const MOST_STATIONS: usize = 16;

/// The devices at a terminal as they are now: all of them each time, so that a report stands for all before it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceReported {
    /// Printers and what stands on the counter, in the terminal's order.
    pub devices: Vec<ReportedDevice>,
}

/// One device. Nothing here says where it is reached or by which secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportedDevice {
    /// The device; another terminal may use the same id.
    pub device_id: DeviceId,
    /// `printer`, `scale`, `scanner`, `display` or `card`.
    pub kind: String,
    /// What people there call it.
    pub name: String,
    /// A printer: `receipts`, `tickets` or both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    /// A printer of tickets: the categories on them by name; none is all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stations: Vec<String>,
    /// Whether it did as it was asked when it was last spoken to; None when it never was.
    #[serde(default)]
    pub well: Option<bool>,
    /// Since when it is so, by the terminal's clock.
    pub since: Timestamp,
    /// What is wrong, such as `unreachable`, `paper_out`, `cover_open`, `offline` or `interrupted`.
    #[serde(default)]
    pub problem: Option<String>,
    /// What it has held up for more than five minutes: prints that wait or whose outcome is not known; payments that are not settled.
    #[serde(default)]
    pub waiting: u32,
}

impl DeviceReported {
    /// The same within the bounds of a report: no more than [`MOST_DEVICES`], each once, with texts cut to
    /// [`MOST_DEVICE_CHARS`] and lists to [`MOST_STATIONS`].
    #[must_use]
    pub fn bounded(mut self) -> Self {
        let mut known = HashSet::new();
        self.devices.retain(|device| known.insert(device.device_id));
        self.devices.truncate(MOST_DEVICES);
        for device in &mut self.devices {
            for text in [&mut device.kind, &mut device.name].into_iter().chain(&mut device.problem) {
                cut(text);
            }
            for list in [&mut device.roles, &mut device.stations] {
                list.truncate(MOST_STATIONS);
                list.iter_mut().for_each(cut);
            }
        }
        self
    }
}

fn cut(text: &mut String) {
    let end = text.char_indices().nth(MOST_DEVICE_CHARS).map(|(end, _)| end);
    if let Some(end) = end {
        text.truncate(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_cut_to_its_bounds_and_names_each_device_once() {
        let device = |n: u8| ReportedDevice {
            device_id: DeviceId::from_bytes([n; 16]),
            kind: "printer".to_owned(),
            name: "ế".repeat(200),
            roles: vec!["tickets".to_owned(); 20],
            stations: vec!["Món ăn".repeat(50); 20],
            well: Some(false),
            since: Timestamp::default(),
            problem: Some("x".repeat(81)),
            waiting: u32::MAX,
        };
        let report = DeviceReported { devices: (0..40).chain(0..40).map(device).collect() }.bounded();
        assert_eq!(report.devices.len(), MOST_DEVICES);
        let first = &report.devices[0];
        assert_eq!(first.name, "ế".repeat(MOST_DEVICE_CHARS));
        assert_eq!(first.problem.as_deref(), Some("x".repeat(MOST_DEVICE_CHARS).as_str()));
        assert_eq!((first.roles.len(), first.stations.len()), (MOST_STATIONS, MOST_STATIONS));
        assert_eq!(first.stations[0].chars().count(), MOST_DEVICE_CHARS);
        assert_eq!(report.clone().bounded(), report);
        let twice = DeviceReported { devices: vec![device(1), device(1), device(2)] };
        assert_eq!(twice.bounded().devices.len(), 2);
    }
}
