#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use super::*;

const MINUTE: i64 = 60_000;

/// A till with one printer and a clock that is moved by hand.
struct Desk {
    reporter: Reporter,
    place: Place,
    now: i64,
    devices: Vec<ReportedDevice>,
    /// What the store keeps.
    kept: Option<String>,
    told: Vec<(i64, Told)>,
}

fn printer() -> ReportedDevice {
    ReportedDevice {
        device_id: DeviceId::from_bytes([1; 16]),
        kind: "printer".to_owned(),
        name: "Dapur".to_owned(),
        roles: vec!["tickets".to_owned()],
        stations: Vec::new(),
        well: None,
        since: Timestamp::default(),
        problem: None,
        waiting: 0,
    }
}

impl Desk {
    fn new() -> Self {
        let place = Place { terminal_id: TerminalId::from_bytes([7; 16]), epoch: 1 };
        let devices = vec![printer()];
        Self { reporter: Reporter::default(), place, now: 1_000_000, devices, kept: None, told: Vec::new() }
    }

    /// A till whose printer is well, which is known.
    fn told() -> Self {
        let mut desk = Self::new();
        desk.stands(true);
        desk.pass(10_000);
        assert_eq!(desk.told.len(), 1);
        desk
    }

    fn stands(&mut self, well: bool) {
        self.devices[0].well = Some(well);
        self.devices[0].problem = (!well).then(|| "unreachable".to_owned());
    }

    /// One look.
    fn look(&mut self) {
        let now = Timestamp::from_millis(self.now);
        let kept: Option<Told> = self.kept.as_ref().map(|kept| serde_json::from_str(kept).unwrap());
        if let Some(told) = self.reporter.look(kept.as_ref(), self.place, self.devices.clone(), now) {
            self.kept = Some(serde_json::to_string(&told).unwrap());
            self.told.push((self.now, told));
        }
    }

    /// Lets time pass, with a look every two seconds.
    fn pass(&mut self, millis: i64) {
        for _ in 0..millis / 2_000 {
            self.now += 2_000;
            self.look();
        }
    }

    /// The process ends and begins again: what was told is in the store, nothing was spoken to yet.
    fn restart(&mut self) {
        self.reporter = Reporter::default();
        for device in &mut self.devices {
            (device.well, device.problem) = (None, None);
        }
    }

    fn last(&self) -> &ReportedDevice {
        &self.told.last().unwrap().1.devices[0]
    }
}

#[test]
fn a_till_tells_of_its_devices_within_seconds_and_then_of_a_change_once() {
    let mut desk = Desk::told();
    assert!(desk.told[0].0 - 1_000_000 <= 10_000);
    assert_eq!((desk.last().well, desk.last().since.as_millis()), (Some(true), 1_002_000));
    desk.pass(60 * MINUTE);
    assert_eq!(desk.told.len(), 1, "nothing changed");
    desk.stands(false);
    let changed = desk.now + 2_000;
    desk.pass(60 * MINUTE);
    assert_eq!(desk.told.len(), 2);
    let last = desk.last();
    assert_eq!((last.well, last.problem.as_deref()), (Some(false), Some("unreachable")));
    assert_eq!(last.since.as_millis(), changed);
}

#[test]
fn a_till_without_devices_says_nothing_unless_an_earlier_journal_may_have() {
    let mut desk = Desk::new();
    desk.devices.clear();
    desk.pass(MINUTE);
    assert_eq!(desk.told.len(), 0);
    desk.place.epoch = 2;
    desk.pass(MINUTE);
    assert_eq!(desk.told.len(), 1);
    assert!(desk.told[0].1.devices.is_empty());
}

#[test]
fn what_lasts_a_moment_only_is_not_told() {
    let mut desk = Desk::told();
    for _ in 0..50 {
        desk.stands(false);
        desk.pass(4_000);
        desk.stands(true);
        desk.pass(4_000);
    }
    assert_eq!(desk.told.len(), 1);
}

#[test]
fn a_device_that_flaps_cannot_fill_the_journal_and_its_last_state_gets_out() {
    let mut desk = Desk::told();
    desk.pass(60 * MINUTE);
    let before = desk.told.len();
    let mut well = true;
    for _ in 0..6 * 60 {
        well = !well;
        desk.stands(well);
        desk.pass(10_000);
    }
    // An hour: three at once, and one for each half of it.
    let told = desk.told.len() - before;
    assert!((4..=5).contains(&told), "{told}");
    let times: Vec<i64> = desk.told.iter().map(|(at, _)| *at).collect();
    assert!(times.windows(4).all(|four| four[3] - four[0] >= EVERY_MS), "{times:?}");
    desk.stands(false);
    desk.pass(60 * MINUTE);
    assert_eq!(desk.last().well, Some(false));
    let quiet = desk.told.len();
    desk.pass(60 * MINUTE);
    assert_eq!(desk.told.len(), quiet);
}

#[test]
fn after_a_restart_nothing_is_told_while_nothing_changed() {
    let mut desk = Desk::told();
    desk.stands(false);
    desk.pass(MINUTE);
    let since = desk.last().since;
    desk.restart();
    desk.pass(60 * MINUTE);
    assert_eq!(desk.told.len(), 2, "a printer that nobody spoke to yet stands as was told");
    desk.stands(false);
    desk.pass(60 * MINUTE);
    assert_eq!(desk.told.len(), 2);
    desk.devices[0].name = "Bar".to_owned();
    desk.pass(MINUTE);
    assert_eq!((desk.told.len(), desk.last().since), (3, since));
}

#[test]
fn the_bound_outlives_a_restart() {
    let mut desk = Desk::new();
    for n in 0..20 {
        desk.devices[0].name = format!("Printer {n}");
        desk.pass(10_000);
        desk.restart();
    }
    assert_eq!(desk.told.len(), 3);
    desk.pass(60 * MINUTE);
    assert_eq!(desk.last().name, "Printer 19");
}

#[test]
fn what_waits_is_told_when_it_has_doubled_or_is_gone() {
    let mut desk = Desk::told();
    for (waiting, told) in [(1, 2), (2, 2), (3, 3), (5, 3), (7, 4), (0, 5)] {
        desk.devices[0].waiting = waiting;
        desk.pass(60 * MINUTE);
        assert_eq!(desk.told.len(), told, "{waiting}");
    }
    assert_eq!(desk.last().waiting, 0);
}

#[test]
fn a_device_that_does_not_work_is_dated_from_when_it_stopped() {
    let mut desk = Desk::told();
    desk.stands(false);
    desk.pass(MINUTE);
    let since = desk.last().since;
    desk.devices[0].problem = Some("cover_open".to_owned());
    desk.pass(60 * MINUTE);
    let last = desk.last();
    assert_eq!((last.problem.as_deref(), last.since), (Some("cover_open"), since));
}

#[test]
fn another_life_of_the_journal_is_told_anew_and_keeps_since_when() {
    let mut desk = Desk::told();
    let since = desk.last().since;
    desk.place.epoch = 2;
    desk.pass(MINUTE);
    assert_eq!((desk.told.len(), desk.last().since), (2, since));
    // Another terminal on the same disk knows nothing of what the one before said.
    desk.place.terminal_id = TerminalId::from_bytes([8; 16]);
    desk.restart();
    desk.pass(MINUTE);
    assert_eq!((desk.told.len(), desk.last().well), (3, None));
}

#[test]
fn a_clock_that_was_set_back_a_year_holds_nothing_up_for_long() {
    let mut desk = Desk::told();
    for n in 0..3 {
        desk.devices[0].name = format!("Printer {n}");
        desk.pass(10_000);
    }
    let told = desk.told.len();
    desk.now -= 365 * 24 * 60 * MINUTE;
    desk.devices[0].name = "Last".to_owned();
    desk.pass(91 * MINUTE);
    assert_eq!((desk.told.len(), desk.last().name.as_str()), (told + 1, "Last"));
}
