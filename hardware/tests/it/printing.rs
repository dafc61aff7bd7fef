//! Jobs over the network to a printer in every mood.

use std::net::TcpListener;
use std::time::Duration;

use hardware::emulator::{Emulator, EmulatorOptions, Fault};
use hardware::printer::{PrintProblemKind, printer_status};
use hardware::profile::Confirmation;
use hardware::{
    DrawerPulse, PrintOptions, PrintOutcome, PrinterProfile, PrinterTarget, escpos, open_drawer, print_job,
};

use crate::receipts;

fn emulator() -> Emulator {
    Emulator::start(EmulatorOptions::default()).unwrap()
}

/// Hardly waits where silence is what is tested: a longer wait would only make the test slow.
const HARDLY: Duration = Duration::from_millis(50);

fn receipt() -> Vec<u8> {
    escpos::encode(&receipts::cafe(), PrinterProfile::generic_80())
}

fn not_printed(outcome: PrintOutcome) -> PrintProblemKind {
    match outcome {
        PrintOutcome::NotPrinted { reason } => reason.kind(),
        other => panic!("{other}"),
    }
}

fn unknown(outcome: PrintOutcome) -> PrintProblemKind {
    match outcome {
        PrintOutcome::Unknown { reason } => reason.kind(),
        other => panic!("{other}"),
    }
}

#[test]
fn a_healthy_printer_has_the_whole_receipt_when_it_is_called_printed() {
    let emulator = emulator();
    let outcome = print_job(&emulator.target(), &receipt(), &PrintOptions::default());
    assert!(matches!(outcome, PrintOutcome::Printed { paper_near_end: false }), "{outcome}");
    let jobs = emulator.jobs();
    assert_eq!(jobs.len(), 1);
    assert_eq!(jobs[0].bytes(), receipt());
    assert!(jobs[0].complete());
}

#[test]
fn a_printer_that_closes_at_any_byte_is_called_printed_only_when_it_was_whole_and_answered() {
    let emulator = emulator();
    let receipt = receipt();
    for bytes in 0..=receipt.len() + 1 {
        emulator.set_fault(Fault::CloseAfter { bytes });
        let outcome = print_job(&emulator.target(), &receipt, &PrintOptions::default());
        match (bytes, outcome) {
            (0, PrintOutcome::NotPrinted { .. }) => {}
            (bytes, PrintOutcome::Unknown { .. }) if bytes > 0 && bytes <= receipt.len() => {}
            (bytes, PrintOutcome::Printed { .. }) if bytes > receipt.len() => {}
            // The printer may be gone before our first byte leaves: nothing was sent, so a retry is safe.
            (_, outcome) => panic!("{outcome} after {bytes} of {} bytes", receipt.len()),
        }
    }
    let expected = u64::try_from(receipt.len() + 1).unwrap();
    let jobs = emulator.wait_for_jobs(expected, Duration::from_secs(30)).unwrap();
    let (whole, cut): (Vec<_>, Vec<_>) = jobs.iter().partition(|job| job.complete());
    assert_eq!(whole.len(), 1);
    assert!(cut.iter().all(|job| receipt.starts_with(job.bytes())));
    let mut lengths: Vec<usize> = cut.iter().map(|job| job.bytes().len()).collect();
    lengths.sort_unstable();
    assert_eq!(lengths, (1..=receipt.len()).collect::<Vec<_>>());
}

#[test]
fn nothing_is_sent_to_a_printer_that_cannot_print() {
    let emulator = emulator();
    for (fault, expected) in [
        (Fault::PaperOut, PrintProblemKind::PaperOut),
        (Fault::CoverOpen, PrintProblemKind::CoverOpen),
        (Fault::Offline, PrintProblemKind::Offline),
    ] {
        emulator.set_fault(fault);
        let outcome = print_job(&emulator.target(), &receipt(), &PrintOptions::default());
        assert_eq!(not_printed(outcome), expected);
    }
    emulator.set_fault(Fault::Silent);
    let options = PrintOptions { answer_timeout: HARDLY, ..PrintOptions::default() };
    assert_eq!(not_printed(print_job(&emulator.target(), &receipt(), &options)), PrintProblemKind::NoAnswer);
    emulator.set_fault(Fault::None);
    assert!(print_job(&emulator.target(), &receipt(), &PrintOptions::default()).is_printed());
    assert_eq!(emulator.job_count(), 1);
}

#[test]
fn paper_that_ends_in_the_middle_leaves_the_receipt_unknown() {
    let emulator = emulator();
    emulator.set_fault(Fault::PaperOutAfter { bytes: 100 });
    let options = PrintOptions { finish_timeout: HARDLY, ..PrintOptions::default() };
    let outcome = print_job(&emulator.target(), &receipt(), &options);
    assert_eq!(unknown(outcome), PrintProblemKind::PaperOut);
    let jobs = emulator.jobs();
    assert_eq!((jobs[0].bytes().len(), jobs[0].complete()), (100, false));
}

#[test]
fn paper_about_to_end_is_told_and_does_not_stop_the_receipt() {
    let emulator = emulator();
    emulator.set_fault(Fault::PaperNearEnd);
    let outcome = print_job(&emulator.target(), &receipt(), &PrintOptions::default());
    assert!(matches!(outcome, PrintOutcome::Printed { paper_near_end: true }), "{outcome}");
    assert!(printer_status(&emulator.target(), &PrintOptions::default()).unwrap().paper_near_end);
}

#[test]
fn a_slow_printer_is_waited_for() {
    let emulator = emulator();
    emulator.set_fault(Fault::Slow { bytes_per_second: 20_000 });
    let outcome = print_job(&emulator.target(), &receipt(), &PrintOptions::default());
    assert!(outcome.is_printed(), "{outcome}");
    assert_eq!(emulator.jobs()[0].bytes(), receipt());
}

#[test]
fn the_drawer_opens_when_the_paper_is_out() {
    let emulator = emulator();
    for (n, fault) in [Fault::None, Fault::PaperOut, Fault::CoverOpen, Fault::Offline].into_iter().enumerate()
    {
        emulator.set_fault(fault);
        let outcome = open_drawer(&emulator.target(), DrawerPulse::default(), &PrintOptions::default());
        assert!(outcome.is_printed(), "{fault:?}: {outcome}");
        emulator.wait_for_jobs(n as u64 + 1, Duration::from_secs(10)).unwrap();
        assert_eq!(emulator.drawer_pulses(), n as u64 + 1, "{fault:?}");
    }
}

#[test]
fn the_drawer_tells_whether_it_is_open_and_its_pulse_makes_no_paper() {
    let dir = tempfile::tempdir().unwrap();
    let options = EmulatorOptions { dir: Some(dir.path().to_owned()), ..EmulatorOptions::default() };
    let emulator = Emulator::start(options).unwrap();
    let is_high = || printer_status(&emulator.target(), &PrintOptions::default()).unwrap().drawer_pin_high;
    assert!(!is_high());
    open_drawer(&emulator.target(), DrawerPulse::default(), &PrintOptions::default());
    emulator.wait_for_jobs(1, Duration::from_secs(10)).unwrap();
    assert!(is_high() && emulator.drawer_is_open());
    emulator.set_drawer_open(false);
    assert!(!is_high());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    assert!(print_job(&emulator.target(), &receipt(), &PrintOptions::default()).is_printed());
    assert!(dir.path().join("000001.bin").exists());
}

#[test]
fn a_printer_that_hangs_is_not_printed_and_one_that_answers_late_or_in_pieces_is() {
    let emulator = emulator();
    let quick = PrintOptions { answer_timeout: HARDLY, ..PrintOptions::default() };
    emulator.set_fault(Fault::Hang);
    assert_eq!(not_printed(print_job(&emulator.target(), &receipt(), &quick)), PrintProblemKind::NoAnswer);
    emulator.set_fault(Fault::LateAnswers { millis: 30 });
    assert!(print_job(&emulator.target(), &receipt(), &PrintOptions::default()).is_printed());
    emulator.set_fault(Fault::PartialFrames);
    let outcome = print_job(&emulator.target(), &receipt(), &PrintOptions::default());
    assert!(outcome.is_printed(), "{outcome}");
    assert_eq!(emulator.job_count(), 2);
}

#[test]
fn a_printer_that_only_answers_at_once_still_gets_everything() {
    let emulator = emulator();
    let options = PrintOptions::for_profile(PrinterProfile::generic_58());
    assert_eq!(options.confirmation, Confirmation::AtOnce);
    let outcome = print_job(&emulator.target(), &receipt(), &options);
    assert!(outcome.is_printed(), "{outcome}");
    assert_eq!(emulator.wait_for_jobs(1, Duration::from_secs(10)).unwrap()[0].bytes(), receipt());
}

#[test]
fn a_host_name_is_looked_up_and_nobody_there_is_not_reachable() {
    let emulator = emulator();
    let by_name: PrinterTarget = format!("tcp://localhost:{}", emulator.addr().port()).parse().unwrap();
    assert!(print_job(&by_name, &receipt(), &PrintOptions::default()).is_printed());
    // A port that was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nobody = PrinterTarget::tcp(free);
    let outcome = print_job(&nobody, &receipt(), &PrintOptions::default());
    assert_eq!(not_printed(outcome), PrintProblemKind::NotReachable);
}

#[test]
fn a_file_keeps_every_job_and_is_printed_once_it_is_on_disk() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("receipts.bin");
    let path = path.to_str().unwrap().replace('\\', "/");
    let target: PrinterTarget = format!("file:///{}", path.trim_start_matches('/')).parse().unwrap();
    for _ in 0..2 {
        assert!(print_job(&target, &receipt(), &PrintOptions::default()).is_printed());
    }
    assert_eq!(std::fs::read(&path).unwrap(), [receipt(), receipt()].concat());
    let missing: PrinterTarget = "file:///no/such/folder/printer".parse().unwrap();
    let outcome = print_job(&missing, &receipt(), &PrintOptions::default());
    assert_eq!(not_printed(outcome), PrintProblemKind::NotReachable);
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_without_a_reader_or_without_a_plug_is_not_printed() {
    // A pipe that nobody reads would hold a writer forever.
    let dir = tempfile::tempdir().unwrap();
    let pipe = dir.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let target: PrinterTarget = format!("file://{}", pipe.display()).parse().unwrap();
    assert!(matches!(
        print_job(&target, &receipt(), &PrintOptions::default()),
        PrintOutcome::NotPrinted { .. }
    ));
    let unplugged: PrinterTarget = "file:///dev/kedai-no-such-printer".parse().unwrap();
    let outcome = print_job(&unplugged, &receipt(), &PrintOptions::default());
    assert_eq!(not_printed(outcome), PrintProblemKind::NotReachable);
    // A device that takes everything and never answers.
    let sink: PrinterTarget = "file:///dev/null".parse().unwrap();
    let outcome = print_job(&sink, &receipt(), &PrintOptions::default());
    assert_eq!(unknown(outcome), PrintProblemKind::Unconfirmed);
}
