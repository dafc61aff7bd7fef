//! What printers answer while they are asked, print and open a drawer.
#![no_main]

use std::time::Duration;

use hardware::DrawerPulse;
use hardware::profile::Confirmation;
use hardware::printer::{PrintOptions, open_drawer, print_job, printer_status};
use hardware::transport::memory::MemoryPrinter;
use libfuzzer_sys::fuzz_target;

const JOB: &[u8] = b"\x1b@one receipt\n";

fuzz_target!(|answers: &[u8]| {
    for confirmation in [Confirmation::InTurn, Confirmation::AtOnce] {
        // Answers are there or never come: nobody waits.
        let options = PrintOptions {
            confirmation,
            connect_timeout: Duration::ZERO,
            answer_timeout: Duration::ZERO,
            send_timeout: Duration::ZERO,
            finish_timeout: Duration::ZERO,
        };
        let answering = || {
            let printer = MemoryPrinter::new();
            printer.answer_with(answers.iter().copied());
            printer
        };
        let printer = answering();
        let outcome = print_job(&printer, JOB, &options);
        let sent = printer.received().windows(JOB.len()).any(|taken| taken == JOB);
        assert_eq!(sent, !matches!(outcome, hardware::printer::PrintOutcome::NotPrinted { .. }));
        let _ = open_drawer(&answering(), DrawerPulse::default(), &options);
        let _ = printer_status(&answering(), &options);
    }
});
