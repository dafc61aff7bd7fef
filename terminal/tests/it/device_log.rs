//! What happened at the devices: kept over a restart, bounded, and for managers only.

use hardware::emulator::{Emulator, EmulatorOptions, Fault, Keep};
use shared::Timestamp;
use shared::ids::PrinterId;
use terminal::store::Store;
use terminal::store::device_log::{self, What};
use terminal::store::printers::Printer;
use terminal::views::*;

use crate::fake_server::FakeServer;
use crate::running_till::{Till, device};
use crate::shop::HandClock;

fn log(till: &Till) -> Vec<DeviceLogEntry> {
    till.call::<_, DeviceLogView>("devices.log", &Nothing {}).entries
}

fn has(till: &Till, name: &str, what: &str, problem: Option<&str>) -> bool {
    let fits = |entry: &DeviceLogEntry| {
        (entry.name.as_str(), entry.what.as_str(), entry.problem.as_deref()) == (name, what, problem)
    };
    log(till).iter().any(fits)
}

#[test]
fn what_happened_at_printers_and_devices_is_there_after_a_restart_too() {
    let printer =
        Emulator::start(EmulatorOptions { keep: Keep::Text, ..EmulatorOptions::default() }).unwrap();
    let server = FakeServer::start();
    let dir = tempfile::tempdir().unwrap();
    let target = printer.target().to_string();
    let till = Till::selling(dir.path(), &server, |options| options.printer = Some(target));
    let refused = till.try_call::<_, DeviceLogView>("devices.log", &Nothing {}).unwrap_err();
    assert_eq!(refused.code, Code::NotAllowed);
    till.sell();
    till.sign_in_manager();
    let name = till.call::<_, PrintersView>("printers.list", &Nothing {}).printers[0].name.clone();
    till.wait_until("the first print", |till| has(till, &name, "print_printed", None));
    assert!(has(&till, &name, "well", None));
    printer.set_fault(Fault::PaperOut);
    till.sell();
    till.wait_until("no paper", |till| has(till, &name, "unwell", Some("paper_out")));
    printer.set_fault(Fault::None);
    till.wait_until("paper", |till| {
        let lines = log(till);
        let of_printer =
            |what: &str| lines.iter().filter(|entry| entry.name == name && entry.what == what).count();
        (of_printer("well"), of_printer("print_printed")) == (2, 2)
    });
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let input = device("display", &format!("tcp://{nobody}"));
    let view: CounterView = till.call("counter.save", &input);
    till.wait_until("no display", |till| has(till, &input.name, "unwell", Some("unreachable")));
    let counter_device_id = view.devices[0].counter_device_id;
    let _: CounterView = till.call("counter.remove", &CounterDeviceIdInput { counter_device_id });
    let before = log(&till);
    let of_display: Vec<_> = before.iter().filter(|entry| entry.kind == "display").collect();
    let words: Vec<_> = of_display.iter().map(|entry| entry.what.as_str()).collect();
    assert_eq!(words, ["removed", "unwell", "set_up"], "the newest first");
    assert!(of_display[1].detail.as_ref().is_some_and(|detail| !detail.is_empty()));
    assert!(of_display[2].detail.as_ref().is_some_and(|detail| detail.contains(&nobody.to_string())));
    let clock = till.clock.clone();
    drop(till);

    let till = Till::open(dir.path(), &clock);
    till.sign_in_manager();
    let after = log(&till);
    assert_eq!(after.iter().filter(|entry| entry.kind == "display").count(), 3, "{after:?}");
}

#[test]
fn a_device_that_comes_and_goes_all_day_pushes_out_nobody_else() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(dir.path(), &HandClock::new()).unwrap();
    let printer = |n: u8, name: &str| Printer {
        printer_id: PrinterId::from_bytes([n; 16]),
        name: name.to_owned(),
        target: "tcp://127.0.0.1:9".to_owned(),
        profile: "generic-80".to_owned(),
        receipts: true,
        tickets: false,
        categories: Vec::new(),
        failover_id: None,
        drawer_pin: None,
        drawer_open_high: None,
    };
    let (steady, loose) = (printer(1, "Steady"), printer(2, "Loose"));
    let at = Timestamp::from_millis;
    store
        .write(|tx| device_log::add(tx, at(1), &steady.happened(What::SetUp, Some("x".repeat(9_000)))))
        .unwrap();
    for n in 0..600 {
        let what = if n % 2 == 0 { What::Unwell("unreachable") } else { What::Well };
        store.write(|tx| device_log::add(tx, at(10 + n), &loose.happened(what, None))).unwrap();
    }
    let lines = device_log::newest(store.db(), 2_000).unwrap();
    assert_eq!((lines.len(), lines[0].at), (501, at(609)));
    let oldest = lines.last().unwrap();
    assert_eq!((oldest.name.as_str(), oldest.detail.as_ref().map(String::len)), ("Steady", Some(300)));
    assert_eq!(device_log::newest(store.db(), 7).unwrap().len(), 7);
    assert_eq!(store.write(|tx| device_log::prune(tx, at(600))).unwrap(), 491);
}
