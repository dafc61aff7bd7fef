//! Several printers at one till: stations, stand-ins, the drawer, and every fault that a printer can have.

use std::time::Duration;

use hardware::emulator::{Emulator, EmulatorOptions, Fault, Keep};
use serde_json::json;
use shared::ids::PrinterId;
use terminal::views::*;

use crate::fake_server::FakeServer;
use crate::running_till::Till;

struct Scene {
    till: Till,
    _server: FakeServer,
    _dir: tempfile::TempDir,
}

fn emulator() -> Emulator {
    Emulator::start(EmulatorOptions { keep: Keep::Text, ..EmulatorOptions::default() }).unwrap()
}

/// A till whose manager is signed in.
fn scene(receipts: Option<&Emulator>) -> Scene {
    let server = FakeServer::start();
    let dir = tempfile::tempdir().unwrap();
    let till = Till::selling(dir.path(), &server, |options| {
        options.printer = receipts.map(|e| e.target().to_string())
    });
    till.sign_in_manager();
    Scene { till, _server: server, _dir: dir }
}

pub fn setup(name: &str, target: &str) -> PrinterInput {
    PrinterInput {
        printer_id: None,
        name: name.to_owned(),
        target: target.to_owned(),
        model: "generic-80".to_owned(),
        receipts: false,
        tickets: true,
        category_ids: Vec::new(),
        failover_id: None,
        drawer_pin: None,
        drawer_open_high: None,
    }
}

impl Scene {
    fn add(&self, input: &PrinterInput) -> PrinterId {
        let view: PrintersView = self.till.call("printers.save", input);
        view.printers.into_iter().find(|printer| printer.name == input.name).unwrap().printer_id
    }

    fn printer(&self, id: PrinterId) -> PrinterView {
        let view: PrintersView = self.till.call("printers.list", &Nothing {});
        view.printers.into_iter().find(|printer| printer.printer_id == id).unwrap()
    }

    fn job(&self, printer: PrinterId) -> Option<PrintJobView> {
        self.till.jobs().into_iter().find(|job| job.printer_id == printer)
    }

    fn state(&self, printer: PrinterId) -> Option<PrintState> {
        self.job(printer).map(|job| job.state)
    }

    fn retry(&self, job: &PrintJobView) {
        let _: PrintJobsView = self.till.call("printing.retry", &json!({"print_job_id": job.print_job_id}));
    }
}

fn paper(printer: &Emulator) -> Vec<String> {
    let jobs = printer.jobs();
    jobs.iter().map(|job| job.text().to_owned()).filter(|text| !text.trim().is_empty()).collect()
}

#[test]
fn each_station_gets_its_lines_and_the_receipt_printer_the_receipt() {
    let (receipts, bar, kitchen) = (emulator(), emulator(), emulator());
    let scene = scene(Some(&receipts));
    let view: PrintersView = scene.till.call("printers.list", &Nothing {});
    let drinks = view.categories[0].category_id;
    assert_eq!(view.printers.len(), 1);
    assert!(view.models.iter().any(|model| model.model == "tm-t88v" && model.columns == 42));
    let bar_input = PrinterInput {
        category_ids: vec![drinks],
        model: "tm-t88v".to_owned(),
        ..setup("Bar", &bar.target().to_string())
    };
    let bar_id = scene.add(&bar_input);
    let other = shared::ids::CategoryId::from_bytes([77; 16]);
    let kitchen_id = scene
        .add(&PrinterInput { category_ids: vec![other], ..setup("Dapur", &kitchen.target().to_string()) });
    let receipt = scene.till.sell();
    scene.till.wait_until("the ticket", |_| scene.state(bar_id) == Some(PrintState::Printed));
    scene.till.wait_until("the receipt", |till| till.state().printing.waiting == 0);
    assert_eq!(paper(&receipts), [receipt.text.as_str()]);
    let ticket = paper(&bar).remove(0);
    assert!(ticket.contains("Bar") && ticket.contains("Kopi Susu"), "{ticket}");
    assert!(ticket.contains(&receipt.order.receipt_number), "{ticket}");
    assert!(ticket.lines().all(|line| line.chars().count() <= 42), "{ticket}");
    assert_eq!(scene.state(kitchen_id), None, "nothing on it is made there");
    assert_eq!(paper(&kitchen).len(), 0);
}

#[test]
fn a_dead_printer_holds_up_nobody_and_another_takes_its_tickets_over() {
    let (receipts, spare) = (emulator(), emulator());
    let scene = scene(Some(&receipts));
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let spare_id = scene.add(&PrinterInput { tickets: false, ..setup("Bar", &spare.target().to_string()) });
    let dead = PrinterInput { failover_id: Some(spare_id), ..setup("Dapur", &format!("tcp://{nobody}")) };
    let dead_id = scene.add(&dead);
    scene.till.sell();
    scene.till.sell();
    scene.till.wait_until("both tickets", |_| paper(&spare).len() == 2);
    scene.till.wait_until("both receipts", |till| till.state().printing.waiting == 0);
    assert_eq!(paper(&receipts).len(), 2);
    for ticket in paper(&spare) {
        assert!(ticket.contains("Dapur") && ticket.contains("Diambil alih"), "{ticket}");
        assert!(!ticket.contains("SALINAN"), "nothing of it was printed before: {ticket}");
    }
    assert!(scene.job(spare_id).is_some_and(|job| job.moved_from.as_deref() == Some("Dapur")));
    let dead = scene.printer(dead_id);
    assert_eq!((dead.well, dead.error.as_deref()), (Some(false), Some("unreachable")));
    assert_eq!(dead.last_error.as_deref(), Some("unreachable"));
}

#[test]
fn a_stale_ticket_asks_before_it_prints_and_a_receipt_of_that_age_does_not() {
    let (receipts, kitchen) = (emulator(), emulator());
    receipts.set_fault(Fault::CoverOpen);
    kitchen.set_fault(Fault::CoverOpen);
    let scene = scene(Some(&receipts));
    let kitchen_id = scene.add(&setup("Dapur", &kitchen.target().to_string()));
    scene.till.sell();
    // Both were tried: a job that is still on its way may print yet.
    scene.till.wait_until("trouble", |till| till.jobs().iter().all(|job| job.error.is_some()));
    scene.till.clock.advance_ms(11 * 60 * 1000);
    receipts.set_fault(Fault::None);
    kitchen.set_fault(Fault::None);
    scene.till.wait_until("the question", |_| scene.state(kitchen_id) == Some(PrintState::Expired));
    scene.till.wait_until("the receipt", |_| paper(&receipts).len() == 1);
    assert_eq!(paper(&kitchen).len(), 0);
    scene.retry(&scene.job(kitchen_id).unwrap());
    scene.till.wait_until("the ticket", |_| paper(&kitchen).len() == 1);
}

#[test]
fn a_drawer_left_open_is_told_and_a_shut_one_no_more() {
    let receipts = emulator();
    let scene = scene(Some(&receipts));
    let view: PrintersView = scene.till.call("printers.list", &Nothing {});
    let first = &view.printers[0];
    let input = PrinterInput {
        printer_id: Some(first.printer_id),
        receipts: true,
        tickets: false,
        drawer_pin: Some(5),
        drawer_open_high: Some(true),
        ..setup("Kasir", &first.target)
    };
    let _: PrintersView = scene.till.call("printers.save", &input);
    scene.till.sell();
    scene.till.wait_until("the drawer", |_| receipts.drawer_is_open());
    scene.till.wait_until("that it is open", |_| scene.printer(first.printer_id).drawer_open == Some(true));
    assert_eq!(scene.till.state().printing.drawer_open_since, None);
    scene.till.clock.advance_ms(61_000);
    assert!(scene.till.state().printing.drawer_open_since.is_some());
    receipts.set_drawer_open(false);
    scene.till.wait_until("that it is shut", |till| {
        till.state().printing.drawer_open_since.is_none()
            && scene.printer(first.printer_id).drawer_open == Some(false)
    });
    assert_eq!(receipts.drawer_pulses(), 1);
}

#[test]
fn a_printer_is_set_up_by_a_manager_only_and_never_half() {
    let receipts = emulator();
    let scene = scene(Some(&receipts));
    let target = receipts.target().to_string();
    let refused = |input: &PrinterInput| {
        let error = scene.till.try_call::<_, PrintersView>("printers.save", input).unwrap_err();
        (error.code, error.details.reason)
    };
    let wrong = |field: &str| (Code::Invalid, Some(field.to_owned()));
    assert_eq!(refused(&setup(" ", &target)), wrong("name"));
    assert_eq!(refused(&setup("Printer", &target)), wrong("name"));
    assert_eq!(refused(&setup("Bar", "tcp://")), wrong("target"));
    assert_eq!(
        refused(&PrinterInput { model: "typewriter".to_owned(), ..setup("Bar", &target) }),
        wrong("model")
    );
    assert_eq!(refused(&PrinterInput { drawer_pin: Some(3), ..setup("Bar", &target) }), wrong("drawer_pin"));
    let nobody = Some(PrinterId::from_bytes([9; 16]));
    assert_eq!(refused(&PrinterInput { failover_id: nobody, ..setup("Bar", &target) }), wrong("failover_id"));
    let bar = scene.add(&setup("Bar", &target));
    let _: PrintersView = scene.till.call("printers.test", &PrinterIdInput { printer_id: bar });
    scene.till.wait_until("the test page", |_| scene.state(bar) == Some(PrintState::Printed));
    let view: PrintersView = scene.till.call("printers.remove", &PrinterIdInput { printer_id: bar });
    assert_eq!(view.printers.len(), 1);
    scene.till.sign_in();
    let error = scene.till.try_call::<_, PrintersView>("printers.list", &Nothing {}).unwrap_err();
    assert_eq!(error.code, Code::NotAllowed);
}

/// What each fault comes to: how the job stands while the fault lasts, the word that the cashier sees, and whether a person
/// is asked before it prints again. `None` prints in spite of the fault.
const FAULTS: [(&str, Option<(PrintState, &str)>); 13] = [
    ("none", None),
    ("paper-near-end", None),
    ("slow 4000", None),
    ("late 200", None),
    ("partial-frames", None),
    ("paper-out", Some((PrintState::Waiting, "paper_out"))),
    ("cover-open", Some((PrintState::Waiting, "cover_open"))),
    ("offline", Some((PrintState::Waiting, "offline"))),
    ("silent", Some((PrintState::Waiting, "offline"))),
    ("hang", Some((PrintState::Waiting, "offline"))),
    ("close-after 0", Some((PrintState::Waiting, "interrupted"))),
    ("close-after 60", Some((PrintState::Unknown, "interrupted"))),
    ("paper-out-after 60", Some((PrintState::Unknown, "paper_out"))),
];

#[test]
fn every_fault_of_a_printer_ends_as_the_table_says_and_nothing_is_lost_or_doubled() {
    let receipts = emulator();
    let scene = scene(Some(&receipts));
    let printers: Vec<(Emulator, PrinterId)> = FAULTS
        .iter()
        .map(|(fault, _)| {
            let printer = emulator();
            printer.set_fault(fault.parse().unwrap());
            let id = scene.add(&setup(fault, &printer.target().to_string()));
            (printer, id)
        })
        .collect();
    let sale = scene.till.sell();
    // A sale and its drawer wait for none of them.
    // The pulse stands behind the text: it may be on its way when the paper is there.
    scene.till.wait_until("the receipt and the drawer", |_| {
        paper(&receipts) == [sale.text.as_str()] && receipts.drawer_pulses() > 0
    });
    assert_eq!(receipts.drawer_pulses(), 1);
    for ((fault, expected), (_, id)) in FAULTS.iter().zip(&printers) {
        let wanted = expected.map_or(PrintState::Printed, |(state, _)| state);
        scene.till.wait_until(fault, |_| {
            scene.state(*id) == Some(wanted)
                && expected.is_none_or(|(_, word)| scene.printer(*id).last_error.as_deref() == Some(word))
        });
    }
    for (printer, _) in &printers {
        printer.set_fault(Fault::None);
    }
    for ((fault, expected), (printer, id)) in FAULTS.iter().zip(&printers) {
        let asks = matches!(expected, Some((PrintState::Unknown, _)));
        if asks {
            scene.retry(&scene.job(*id).unwrap());
        }
        scene.till.wait_until(fault, |_| scene.state(*id) == Some(PrintState::Printed));
        let paper = paper(printer);
        let (copies, originals): (Vec<_>, Vec<_>) =
            paper.iter().partition(|ticket| ticket.contains("SALINAN"));
        assert_eq!((originals.len(), copies.len()), (1, usize::from(asks)), "{fault}: {paper:?}");
        let whole = paper.last().unwrap();
        assert!(whole.contains("Kopi Susu"), "{fault}: {whole}");
    }
}

#[test]
fn a_printer_that_closes_anywhere_in_a_receipt_leaves_one_unmarked_receipt_at_most_and_a_whole_one() {
    let receipts = emulator();
    let scene = scene(Some(&receipts));
    let whole = scene.till.sell();
    scene.till.wait_until("the first", |_| paper(&receipts).len() == 1);
    // Every byte is tried by the printing crate; here is the whole way through sale, queue and person.
    let bytes = whole.text.len();
    let mut sold = 1;
    for cut in (1..bytes).step_by(bytes / 24) {
        receipts.take_jobs();
        receipts.set_fault(Fault::CloseAfter { bytes: cut });
        scene.till.sell();
        sold += 1;
        let title = format!("{sold:06}");
        let job = |till: &Till| till.jobs().into_iter().find(|job| job.title.ends_with(&title)).unwrap();
        scene.till.wait_until("the break", |till| job(till).state == PrintState::Unknown);
        receipts.set_fault(Fault::None);
        scene.retry(&job(&scene.till));
        scene.till.wait_until("the copy", |till| job(till).state == PrintState::Printed);
        receipts.wait_for_jobs(1, Duration::from_secs(5)).unwrap();
        let paper = paper(&receipts);
        let copies = paper.iter().filter(|text| text.contains("SALINAN")).count();
        assert!(paper.len() - copies <= 1, "cut at {cut}: {paper:?}");
        assert_eq!(copies, 1, "cut at {cut}: {paper:?}");
        assert!(paper.last().unwrap().contains("Terima kasih"), "cut at {cut}: {paper:?}");
    }
}
