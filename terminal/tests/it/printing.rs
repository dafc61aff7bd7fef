//! The print queue against a printer that has its troubles.

use hardware::emulator::{Emulator, EmulatorOptions, Fault, Keep};
use serde_json::json;
use shared::ids::RefundId;
use terminal::views::*;

use crate::fake_server::FakeServer;
use crate::running_till::Till;

struct Scene {
    till: Till,
    printer: Emulator,
    server: FakeServer,
    dir: tempfile::TempDir,
}

fn scene() -> Scene {
    let options = EmulatorOptions { keep: Keep::Text, ..EmulatorOptions::default() };
    let printer = Emulator::start(options).unwrap();
    let server = FakeServer::start();
    let dir = tempfile::tempdir().unwrap();
    let target = printer.target().to_string();
    let till = Till::selling(dir.path(), &server, |options| options.printer = Some(target));
    Scene { till, printer, server, dir }
}

/// What is on paper; a pulse for the drawer alone leaves none.
fn paper(printer: &Emulator) -> Vec<String> {
    let jobs = printer.jobs();
    jobs.iter().map(|job| job.text().to_owned()).filter(|text| !text.trim().is_empty()).collect()
}

fn all_printed(till: &Till) -> bool {
    till.jobs().iter().all(|job| job.state == PrintState::Printed)
}

fn state_of(till: &Till, title: &str) -> Option<PrintState> {
    till.jobs().into_iter().find(|job| job.title.contains(title)).map(|job| job.state)
}

#[test]
fn a_cash_sale_is_printed_and_opens_the_drawer_once() {
    let scene = scene();
    let receipt = scene.till.sell();
    assert_eq!(receipt.print, Some(PrintState::Waiting));
    scene.till.wait_until("printed", |till| state_of(till, "000001") == Some(PrintState::Printed));
    assert_eq!(paper(&scene.printer), [receipt.text.as_str()]);
    assert!(receipt.text.contains("KOTA-T3-000001"));
    assert_eq!(scene.printer.drawer_pulses(), 1);
    assert_eq!(scene.printer.cuts(), 1);
}

#[test]
fn without_paper_the_sale_stands_the_drawer_opens_and_the_receipt_comes_later_once() {
    let scene = scene();
    scene.printer.set_fault(Fault::PaperOut);
    scene.till.sell();
    scene.till.wait_until("the word", |till| till.state().printing.error.as_deref() == Some("paper_out"));
    assert_eq!(scene.till.state().printing.waiting, 1);
    scene.till.sell();
    scene.till.wait_until("both drawers", |_| scene.printer.drawer_pulses() == 2);
    scene.printer.set_fault(Fault::None);
    let job = scene.till.jobs().pop().unwrap();
    let _: PrintJobsView = scene.till.call("printing.retry", &json!({"print_job_id": job.print_job_id}));
    scene.till.wait_until("both receipts", all_printed);
    let paper = paper(&scene.printer);
    assert_eq!(paper.len(), 2);
    assert!(paper.iter().all(|text| !text.contains("SALINAN")), "nothing was printed before");
    assert_eq!(scene.printer.drawer_pulses(), 2);
}

#[test]
fn a_receipt_cut_off_halfway_waits_for_a_person_and_is_then_a_copy() {
    let scene = scene();
    scene.till.wait_until("quiet", |till| till.jobs().is_empty());
    scene.printer.set_fault(Fault::PaperOutAfter { bytes: 200 });
    let receipt = scene.till.sell();
    scene.till.wait_until("unknown", |till| state_of(till, "000001") == Some(PrintState::Unknown));
    scene.printer.set_fault(Fault::None);
    // It is not printed again by itself, also not by the next sale.
    scene.till.sell();
    scene.till.wait_until("the second", |till| state_of(till, "000002") == Some(PrintState::Printed));
    assert_eq!(state_of(&scene.till, "000001"), Some(PrintState::Unknown));
    let job = scene.till.jobs().into_iter().find(|job| job.state == PrintState::Unknown).unwrap();
    let _: PrintJobsView = scene.till.call("printing.retry", &json!({"print_job_id": job.print_job_id}));
    scene.till.wait_until("the copy", |till| state_of(till, "000001") == Some(PrintState::Printed));
    let copy = paper(&scene.printer).pop().unwrap();
    assert!(copy.contains("SALINAN"), "{copy}");
    assert!(copy.contains(&receipt.order.receipt_number));
    assert_eq!(copy.lines().count(), receipt.text.lines().count() + 1, "the mark of a copy:\n{copy}");
    assert_eq!(scene.printer.drawer_pulses(), 2, "a copy opens no drawer");
}

#[test]
fn a_printer_that_is_away_gets_its_receipts_later_but_no_drawer_opens_then() {
    let server = FakeServer::start();
    let dir = tempfile::tempdir().unwrap();
    // An address where nothing listens, and later the printer does.
    let place = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = place.local_addr().unwrap();
    drop(place);
    let till = Till::selling(dir.path(), &server, |o| o.printer = Some(format!("tcp://{addr}")));
    till.sell();
    till.wait_until("the word", |till| till.state().printing.error.as_deref() == Some("unreachable"));
    till.clock.advance_ms(20_000);
    let options = EmulatorOptions { listen: addr, keep: Keep::Text, ..EmulatorOptions::default() };
    let printer = Emulator::start(options).unwrap();
    till.wait_until("printed", |till| state_of(till, "000001") == Some(PrintState::Printed));
    assert_eq!(printer.drawer_pulses(), 0);
    assert_eq!(paper(&printer).len(), 1);
}

#[test]
fn what_waited_too_long_asks_first() {
    let scene = scene();
    scene.printer.set_fault(Fault::CoverOpen);
    scene.till.sell();
    scene.till.wait_until("the word", |till| till.state().printing.error.as_deref() == Some("cover_open"));
    scene.till.clock.advance_ms(31 * 60 * 1000);
    scene.printer.set_fault(Fault::None);
    scene.till.wait_until("expired", |till| state_of(till, "000001") == Some(PrintState::Expired));
    assert_eq!(paper(&scene.printer).len(), 0);
    let job = scene.till.jobs().pop().unwrap();
    let _: PrintJobsView = scene.till.call("printing.retry", &json!({"print_job_id": job.print_job_id}));
    scene.till.wait_until("printed", |till| state_of(till, "000001") == Some(PrintState::Printed));
    let paper = paper(&scene.printer);
    assert!(paper.len() == 1 && paper[0].contains("KOTA-T3-000001"), "{paper:?}");
}

#[test]
fn a_job_is_given_up_by_a_person_and_never_printed() {
    let scene = scene();
    scene.printer.set_fault(Fault::PaperOut);
    scene.till.sell();
    scene.till.wait_until("the word", |till| till.state().printing.error.is_some());
    let job = scene.till.jobs().pop().unwrap();
    scene.till.wait_until("dropped", |till| {
        let _: PrintJobsView = till.call("printing.drop", &json!({"print_job_id": job.print_job_id}));
        state_of(till, "000001") == Some(PrintState::Dropped)
    });
    scene.printer.set_fault(Fault::None);
    let _: PrintJobsView = scene.till.call("printing.test", &Nothing {});
    scene.till.wait_until("the test page", |till| state_of(till, "Test") == Some(PrintState::Printed));
    let paper = paper(&scene.printer);
    assert!(paper.len() == 1 && !paper[0].contains("KOTA-T3"), "{paper:?}");
}

#[test]
fn the_drawer_opens_without_a_sale_for_a_manager_only_and_only_with_a_printer() {
    let scene = scene();
    let error =
        scene.till.try_call::<_, Nothing>("drawer.kick", &json!({"reason": "uang kecil", "approval": null}));
    assert_eq!(error.unwrap_err().code, Code::ApprovalNeeded);
    let approval = json!({"staff_id": crate::shop::MANAGER, "pin": crate::shop::MANAGER_PIN});
    let _: Nothing = scene.till.call("drawer.kick", &json!({"reason": "uang kecil", "approval": approval}));
    scene.till.sell();
    scene.till.wait_until("both pulses", |_| scene.printer.drawer_pulses() == 2);

    let dir = tempfile::tempdir().unwrap();
    let without = Till::selling(dir.path(), &scene.server, |_| {});
    let kick = json!({"reason": "uang kecil", "approval": approval});
    let error = without.try_call::<_, Nothing>("drawer.kick", &kick).unwrap_err();
    assert_eq!(error.code, Code::NoPrinter);
    assert!(scene.dir.path().join("enrolled.json").exists());
}

#[test]
fn reports_refunds_and_the_test_page_are_printed_as_shown() {
    let scene = scene();
    let sale = scene.till.sell();
    let report: ReportView = scene.till.call("drawer.print_report", &Nothing {});
    let line = &sale.order.lines[0];
    let refund = json!({
        "refund_id": RefundId::from_bytes([7; 16]),
        "order_id": sale.order.order_id,
        "lines": [{"line_id": line.figures.line_id, "quantity": "1", "restock": true}],
        "tender": "cash", "reason": "dingin", "approval": null,
    });
    let refund: RefundView = scene.till.call("refund.complete", &refund);
    let input = json!({"counted_cash": "100000 IDR", "denominations": [[100_000, 1]], "note": null});
    let closed: ClosedView = scene.till.call("drawer.close", &input);
    let _: PrintJobsView = scene.till.call("printing.test", &Nothing {});
    scene.till.wait_until("all five", all_printed);
    let paper = paper(&scene.printer);
    assert_eq!(paper[..4], [sale.text, report.text, refund.text.clone(), closed.text]);
    assert_eq!(paper.len(), 5);
    assert!(refund.text.contains("dingin"));
}
