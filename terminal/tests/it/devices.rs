//! How the devices at a till are, told to headquarters: once per change, never too often, and never anything secret.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hardware::emulator::{Emulator, EmulatorOptions, Fault, Keep};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;
use terminal::devices::Reporter;
use terminal::engine::{ClientId, Engine, EngineOptions};
use terminal::store::FILE_NAME;
use terminal::views::*;

use crate::fake_server::FakeServer;
use crate::running_till::{Till, device};
use crate::shop::HandClock;

/// A till whose background work is done by hand.
fn by_hand(dir: &Path, clock: &HandClock) -> Till {
    let mut options = EngineOptions::new(dir);
    options.clock = Arc::new(clock.clone());
    let engine = Engine::start_by_hand(options).unwrap();
    Till { engine, clock: clock.clone(), client: ClientId::window() }
}

/// Lets time pass, with a look every two seconds; gives how many reports were written.
fn pass(till: &Till, reporter: &mut Reporter, seconds: i64) -> usize {
    let mut written = 0;
    for _ in 0..seconds / 2 {
        till.clock.advance_ms(2_000);
        written += usize::from(till.engine.report_step(reporter).unwrap());
    }
    written
}

/// The reports in the journal on the disk.
fn reports(dir: &Path) -> Vec<Value> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let db = Connection::open_with_flags(dir.join(FILE_NAME), flags).unwrap();
    let events = terminal::journal::events_after(&db, 1, 0, 1_000, usize::MAX).unwrap();
    let events = events.into_iter().map(|chained| chained.event);
    events.filter(|event| event.kind == "device.reported").map(|event| event.payload).collect()
}

fn rename(till: &Till, name: &str) {
    let view: PrintersView = till.call("printers.list", &Nothing {});
    let known = &view.printers[0];
    let input = PrinterInput {
        printer_id: Some(known.printer_id),
        name: name.to_owned(),
        target: known.target.clone(),
        model: known.model.clone(),
        receipts: known.receipts,
        tickets: true,
        category_ids: vec![view.categories[0].category_id],
        failover_id: None,
        drawer_pin: known.drawer_pin,
        drawer_open_high: None,
    };
    let _: PrintersView = till.call("printers.save", &input);
}

#[test]
fn a_change_is_one_event_and_a_restart_is_none() {
    let server = FakeServer::start();
    let dir = tempfile::tempdir().unwrap();
    let till =
        Till::selling(dir.path(), &server, |options| options.printer = Some("tcp://127.0.0.1:9".into()));
    let clock = till.clock.clone();
    drop(till);

    let till = by_hand(dir.path(), &clock);
    let mut reporter = Reporter::default();
    assert!(!till.engine.report_step(&mut reporter).unwrap());
    assert_eq!(pass(&till, &mut reporter, 10), 1, "within seconds of the start");
    assert_eq!(pass(&till, &mut reporter, 3_600), 0);
    drop(till);

    let till = by_hand(dir.path(), &clock);
    let mut reporter = Reporter::default();
    assert_eq!(pass(&till, &mut reporter, 3_600), 0, "nothing changed");
    till.sign_in_manager();
    rename(&till, "Dapur");
    assert_eq!(pass(&till, &mut reporter, 3_600), 1);
    for n in 0..100 {
        rename(&till, &format!("Dapur {n}"));
        pass(&till, &mut reporter, 6);
    }
    assert_eq!(pass(&till, &mut reporter, 3_600), 1, "the last name gets out");
    drop(till);

    let told = reports(dir.path());
    // Ten minutes of renaming: three at once, and the last.
    assert!((5..=6).contains(&told.len()), "{}", told.len());
    let device = |report: &Value| report["devices"][0].clone();
    let first = device(&told[0]);
    assert_eq!((&first["kind"], &first["roles"]), (&"printer".into(), &serde_json::json!(["receipts"])));
    assert_eq!((&first["well"], &first["problem"]), (&Value::Null, &Value::Null));
    let last = device(told.last().unwrap());
    assert_eq!((&last["name"], &last["stations"]), (&"Dapur 99".into(), &serde_json::json!(["Minuman"])));
    assert_eq!(first["since"], last["since"], "it stands as it did");
    assert!(!serde_json::to_string(&told).unwrap().contains("127.0.0.1"));
}

#[test]
fn a_till_that_belongs_to_nobody_yet_says_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let clock = HandClock::new();
    let mut options = EngineOptions::new(dir.path());
    options.clock = Arc::new(clock.clone());
    options.printer = Some("tcp://127.0.0.1:9".to_owned());
    let engine = Engine::start_by_hand(options).unwrap();
    let till = Till { engine, clock, client: ClientId::window() };
    assert_eq!(pass(&till, &mut Reporter::default(), 3_600), 0);
}

/// Lets the till's time pass until its newest report at the server is as wanted.
fn told(till: &Till, server: &FakeServer, what: &str, wanted: impl Fn(&[Value]) -> bool) {
    let end = Instant::now() + Duration::from_secs(120);
    loop {
        let newest = server.change(|kept| {
            let mut events = kept.events.iter().rev().map(|chained| &chained.event);
            events.find(|event| event.kind == "device.reported").map(|event| event.payload.clone())
        });
        let devices = newest.and_then(|report| report["devices"].as_array().cloned()).unwrap_or_default();
        if wanted(&devices) {
            return;
        }
        assert!(Instant::now() < end, "{what} was not told: {devices:?}");
        // Minutes between two looks: what is held up and what is told in one burst are matters of minutes.
        till.clock.advance_ms(5_000);
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn a_printer_without_paper_and_a_display_that_is_gone_reach_headquarters() {
    let printer =
        Emulator::start(EmulatorOptions { keep: Keep::Text, ..EmulatorOptions::default() }).unwrap();
    let server = FakeServer::start();
    let dir = tempfile::tempdir().unwrap();
    let target = printer.target().to_string();
    let till = Till::selling(dir.path(), &server, |options| options.printer = Some(target));
    till.sell();
    told(&till, &server, "a printer that is well", |devices| {
        devices.first().is_some_and(|device| device["well"] == true && device["waiting"] == 0)
    });
    printer.set_fault(Fault::PaperOut);
    till.sell();
    told(&till, &server, "the end of its paper", |devices| {
        let device = &devices[0];
        device["well"] == false && device["problem"] == "paper_out" && device["waiting"] == 1
    });
    printer.set_fault(Fault::None);
    till.sign_in_manager();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let _: CounterView = till.call("counter.save", &device("display", &format!("tcp://{nobody}")));
    told(&till, &server, "its paper, and the display", |devices| {
        let [printer, display] = devices else { return false };
        let is_gone = display["well"] == false && display["problem"] == "unreachable";
        printer["well"] == true && display["kind"] == "display" && is_gone
    });
    let texts = server.change(|kept| serde_json::to_string(&kept.events).unwrap());
    assert!(!texts.contains("tcp://"), "no address leaves the shop");
}
