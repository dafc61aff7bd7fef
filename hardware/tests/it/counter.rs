//! Scales, scanners and displays on their wires, whole and broken: every fault against every device.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hardware::PrinterTarget;
use hardware::display::{self, Display, Lines};
use hardware::emulator::counter::display::DisplayDevice;
use hardware::emulator::counter::scale::ScaleDevice;
use hardware::emulator::counter::scanner::ScannerDevice;
use hardware::emulator::counter::{Fault, Wired};
use hardware::scale::{Protocol, Reading, Scale, ScaleError, Unit};
use hardware::scanner::Scanner;

const SHORT: Duration = Duration::from_millis(150);
const LONG: Duration = Duration::from_secs(5);

fn scale_at(emulator: &Wired<ScaleDevice>, protocol: Protocol) -> Scale<PrinterTarget> {
    Scale::new(emulator.target().unwrap(), protocol, Unit::Kilogram)
}

#[test]
fn every_scale_says_what_lies_on_it_over_tcp_pty_and_memory() {
    let readings = [
        Reading::Stable { grams: 1235 },
        Reading::BelowZero,
        Reading::TooHeavy,
        Reading::Stable { grams: 0 },
        Reading::Stable { grams: 14_999 },
    ];
    for (name, protocol) in Protocol::ALL {
        let tcp = Wired::tcp(ScaleDevice::new(protocol), 0).unwrap();
        #[cfg(unix)]
        let pty = Wired::pty(ScaleDevice::new(protocol)).unwrap();
        let memory = Arc::new(Mutex::new(ScaleDevice::new(protocol)));
        let mut over_tcp = scale_at(&tcp, protocol);
        #[cfg(unix)]
        let mut over_pty = scale_at(&pty, protocol);
        let mut in_memory = Scale::new(memory.clone(), protocol, Unit::Kilogram);
        for reading in readings {
            tcp.with(|scale| scale.reading = reading);
            memory.lock().unwrap().reading = reading;
            assert_eq!(over_tcp.weigh(LONG).unwrap(), reading, "{name} over TCP");
            assert_eq!(in_memory.weigh(LONG).unwrap(), reading, "{name} in memory");
            #[cfg(unix)]
            {
                pty.with(|scale| scale.reading = reading);
                assert_eq!(over_pty.weigh(LONG).unwrap(), reading, "{name} over a pseudo terminal");
            }
        }
    }
}

#[test]
fn a_broken_scale_never_gives_a_weight_and_comes_back() {
    let faults = [
        Fault::Silent,
        Fault::Partial { bytes: 3 },
        Fault::WrongChecksum,
        Fault::CloseAfter { bytes: 0 },
        Fault::CloseAfter { bytes: 2 },
        Fault::Hang,
        Fault::Late { millis: 400 },
        Fault::Slow { bytes_per_second: 10 },
        Fault::Unplug { bytes: 0 },
        Fault::Unplug { bytes: 1 },
    ];
    for (name, protocol) in Protocol::ALL {
        for fault in faults {
            let emulator = Wired::tcp(ScaleDevice::new(protocol), 0).unwrap();
            emulator.with(|scale| scale.reading = Reading::Stable { grams: 500 });
            emulator.set_fault(fault);
            let mut scale = scale_at(&emulator, protocol);
            let asked = scale.weigh(SHORT);
            assert!(asked.is_err(), "{name} with {fault:?}: {asked:?}");
            assert!(emulator.fired() > 0, "{name}: {fault:?} did not happen");
            emulator.set_fault(Fault::None);
            emulator.with(|scale| scale.reading = Reading::Stable { grams: 750 });
            let again = until(|| scale.weigh(SHORT).ok());
            assert_eq!(again, Reading::Stable { grams: 750 }, "{name} after {fault:?}");
        }
    }
}

/// Asks until there is an answer; what never comes ends the test.
fn until<T>(mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + LONG;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "it did not come back");
    }
}

#[test]
fn a_silent_scale_that_reports_only_changes_keeps_its_word() {
    let emulator = Wired::tcp(ScaleDevice::new(Protocol::Adam), 0).unwrap();
    emulator.with(|scale| scale.reading = Reading::Stable { grams: 500 });
    let mut scale = scale_at(&emulator, Protocol::Adam);
    for _ in 0..3 {
        assert_eq!(scale.weigh(SHORT).unwrap(), Reading::Stable { grams: 500 });
    }
    let mut fresh = scale_at(&emulator, Protocol::Adam);
    emulator.set_fault(Fault::Silent);
    assert!(matches!(fresh.weigh(SHORT), Err(ScaleError::Silent)), "what was never said is not made up");
}

#[test]
fn a_scale_is_set_to_zero_where_it_can_be_told_so() {
    for (protocol, told) in [(Protocol::Mettler8217, 1), (Protocol::Nci, 1), (Protocol::Cas, 0)] {
        let emulator = Wired::tcp(ScaleDevice::new(protocol), 0).unwrap();
        emulator.with(|scale| scale.reading = Reading::BelowZero);
        let mut scale = scale_at(&emulator, protocol);
        scale.zero(LONG).unwrap();
        until(|| (emulator.with(|scale| scale.zeroed) == told).then_some(()));
    }
}

#[test]
fn scans_arrive_whole_or_not_at_all() {
    let emulator = Wired::tcp(ScannerDevice::default(), 0).unwrap();
    let mut scanner = Scanner::new(emulator.target().unwrap());
    scanner.open(LONG).unwrap();
    emulator.with(|device| {
        device.scan("]E08992761111113");
        device.scan("KOTA-T3-000123");
    });
    let mut scans = Vec::new();
    until(|| {
        scans.extend(scanner.scans(SHORT).unwrap());
        (scans.len() == 2).then_some(())
    });
    assert_eq!(scans, ["]E08992761111113", "KOTA-T3-000123"]);
    for fault in [Fault::CloseAfter { bytes: 5 }, Fault::Unplug { bytes: 0 }] {
        let emulator = Wired::tcp(ScannerDevice::default(), 0).unwrap();
        emulator.set_fault(fault);
        let mut scanner = Scanner::new(emulator.target().unwrap());
        emulator.with(|device| device.scan("8992761111113"));
        let mut lost = Vec::new();
        until(|| match scanner.scans(SHORT) {
            Ok(scans) => {
                lost.extend(scans);
                None
            }
            Err(_) => Some(()),
        });
        assert!(lost.is_empty(), "half a code is none: {lost:?}");
        assert!(emulator.fired() > 0);
        emulator.set_fault(Fault::None);
        until(|| scanner.open(SHORT).ok());
        emulator.with(|device| device.scan("96385074"));
        let back =
            until(|| scanner.scans(SHORT).ok().filter(|scans| scans.iter().any(|scan| scan == "96385074")));
        assert!(!back.is_empty());
    }
}

#[test]
fn a_display_shows_its_lines_again_after_it_was_unplugged() {
    let emulator = Wired::tcp(DisplayDevice::default(), 0).unwrap();
    let mut display = Display::new(emulator.target().unwrap());
    let total = Lines::new("Total", display::row("", "Rp 41.580"));
    display.show(&total, LONG).unwrap();
    let shown = ("Total".to_owned(), "           Rp 41.580".to_owned());
    until(|| (emulator.with(|device| device.lines()) == shown).then_some(()));
    // Its power is gone and comes back: it has forgotten everything, and cannot say so.
    emulator.with(DisplayDevice::forget);
    display.refresh(LONG).unwrap();
    until(|| (emulator.with(|device| device.lines()) == shown).then_some(()));
    // Its cable is pulled: writing fails sooner or later, and then it is opened anew.
    emulator.set_fault(Fault::Unplug { bytes: 1 });
    let mut turn = 0;
    until(|| {
        turn += 1;
        display.show(&Lines::new(format!("{turn}"), ""), SHORT).is_err().then_some(())
    });
    assert!(emulator.fired() > 0);
    emulator.set_fault(Fault::None);
    until(|| display.show(&total, SHORT).ok());
    until(|| (emulator.with(|device| device.lines()) == shown).then_some(()));
    assert_eq!(emulator.with(|device| device.unknown), 0, "the display knows every command");
}

#[test]
fn faults_are_named_in_words() {
    for (text, fault) in [
        ("none", Fault::None),
        ("slow 10", Fault::Slow { bytes_per_second: 10 }),
        ("silent", Fault::Silent),
        ("partial 3", Fault::Partial { bytes: 3 }),
        ("wrong-checksum", Fault::WrongChecksum),
        ("close-after 7", Fault::CloseAfter { bytes: 7 }),
        ("hang", Fault::Hang),
        ("late 900", Fault::Late { millis: 900 }),
        ("unplug 0", Fault::Unplug { bytes: 0 }),
    ] {
        assert_eq!(text.parse::<Fault>(), Ok(fault));
    }
    assert!("late".parse::<Fault>().is_err() && "on fire".parse::<Fault>().is_err());
}
