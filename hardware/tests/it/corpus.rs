//! Every seed of the fuzz targets goes through its parser in the ordinary test run: none panics, none hangs.

use std::path::PathBuf;
use std::time::Duration;

use hardware::DrawerPulse;
use hardware::barcode::{Reading, in_store};
use hardware::card::zvt::{Bitmaps, Frame};
use hardware::emulator::counter::Device;
use hardware::emulator::counter::zvt::ZvtDevice;
use hardware::printer::{PrintOptions, PrintOutcome, open_drawer, print_job, printer_status};
use hardware::profile::Confirmation;
use hardware::scale::{Protocol, Unit};
use hardware::scanner::hid_pos::Reports;
use hardware::scanner::lines::Lines;
use hardware::template::{Filling, Template, check};
use hardware::transport::memory::MemoryPrinter;

fn seeds(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = crate::oracle::root().join("hardware/fuzz/corpus").join(target);
    let mut seeds: Vec<(PathBuf, Vec<u8>)> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    seeds.sort();
    assert!(seeds.len() >= 5, "{}: only {} seeds", folder.display(), seeds.len());
    seeds
}

/// The seed, every beginning of it, and each byte of it changed.
fn variations(seed: &[u8]) -> impl Iterator<Item = Vec<u8>> + '_ {
    let shorter = (0..=seed.len()).map(|length| seed[..length].to_vec());
    let changed = (0..seed.len()).flat_map(move |at| {
        [0x00, 0x1d, 0x7f, 0xff].map(|byte| {
            let mut changed = seed.to_vec();
            changed[at] = byte;
            changed
        })
    });
    shorter.chain(changed)
}

#[test]
fn codes_of_the_corpus_are_read_without_a_panic() {
    let layouts = in_store::usual_in("DE").unwrap();
    let mut understood = 0;
    for (_, seed) in seeds("gs1") {
        understood += usize::from(Reading::of(&String::from_utf8_lossy(&seed), &layouts).gs1.is_some());
        for bytes in variations(&seed) {
            let reading = Reading::of(&String::from_utf8_lossy(&bytes), &layouts);
            assert!(reading.candidates().len() < 10);
        }
    }
    assert!(understood >= 3, "seeds are real codes, {understood} were understood");
}

#[test]
fn answers_of_the_corpus_are_read_without_a_panic() {
    for (_, seed) in seeds("scale") {
        for bytes in variations(&seed) {
            for (_, protocol) in Protocol::ALL {
                let _ = protocol.parse(&bytes, Unit::Kilogram);
            }
        }
    }
}

#[test]
fn frames_of_the_corpus_are_read_without_a_panic() {
    let mut whole = 0;
    for (_, seed) in seeds("zvt") {
        whole += usize::from(matches!(Frame::parse(&seed), Ok(Some(_))));
        for bytes in variations(&seed) {
            if let Ok(Some((frame, used))) = Frame::parse(&bytes) {
                assert!(used <= bytes.len());
                assert!(!format!("{:?}", Bitmaps::parse(&frame.data)).contains("4111111111111111"));
            }
            ZvtDevice::default().poll(&bytes);
        }
    }
    assert!(whole >= 5, "seeds are real frames, {whole} were whole");
}

#[test]
fn scans_of_the_corpus_are_read_without_a_panic() {
    for (_, seed) in seeds("scanner") {
        for bytes in variations(&seed) {
            Lines::default().take(&bytes);
            let mut reports = Reports::default();
            bytes.chunks(64).for_each(|report| drop(reports.take(report)));
        }
    }
}

#[test]
fn templates_of_the_corpus_are_read_and_made_without_a_panic() {
    let data = Filling::new(&serde_json::json!({
        "shop": { "name": "Kedai", "address": ["Jl. Satu 1"] }, "number": "KOTA-T1-000001", "total": "36.000",
        "lines": [{ "name": "Kopi | @cut", "count": "2 x 18.000", "amount": "36.000" }],
    }));
    let mut whole = 0;
    for (_, seed) in seeds("template") {
        let made = |bytes: &[u8]| {
            let source = String::from_utf8_lossy(bytes);
            check(&source);
            Template::new(&source, |key, _| Some(key.to_owned()))?.render(&data, None)
        };
        whole += usize::from(made(&seed).is_ok());
        for bytes in variations(&seed) {
            if let Ok(document) = made(&bytes) {
                assert!(document.blocks().len() <= 4_000);
            }
        }
    }
    assert!(whole >= 4, "seeds are real templates, {whole} made a document");
}

#[test]
fn answers_of_printers_in_the_corpus_never_make_a_receipt_that_was_not_sent() {
    const JOB: &[u8] = b"\x1b@one receipt\n";
    let options = PrintOptions {
        connect_timeout: Duration::ZERO,
        answer_timeout: Duration::ZERO,
        send_timeout: Duration::ZERO,
        finish_timeout: Duration::ZERO,
        confirmation: Confirmation::InTurn,
    };
    let mut printed = 0;
    for (_, seed) in seeds("printer") {
        for bytes in variations(&seed) {
            let answering = || {
                let printer = MemoryPrinter::new();
                printer.answer_with(bytes.iter().copied());
                printer
            };
            let printer = answering();
            let outcome = print_job(&printer, JOB, &options);
            let sent = printer.received().windows(JOB.len()).any(|taken| taken == JOB);
            assert_eq!(sent, !matches!(outcome, PrintOutcome::NotPrinted { .. }), "{bytes:02x?}: {outcome}");
            printed += usize::from(outcome.is_printed());
            let _ = open_drawer(&answering(), DrawerPulse::default(), &options);
            let _ = printer_status(&answering(), &options);
        }
    }
    assert!(printed >= 10, "seeds are answers of real printers, {printed} were printed");
}
