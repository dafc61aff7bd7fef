//! What the emulator makes of the bytes.

use std::process::Command;
use std::time::Duration;

use hardware::emulator::{Emulator, EmulatorOptions, Job, Keep};
use hardware::{Document, PrintOptions, PrinterProfile, escpos, print_job};
use proptest::prelude::*;

use crate::receipts;

fn print(document: &Document, profile: &PrinterProfile) -> Job {
    let emulator =
        Emulator::start(EmulatorOptions { profile: profile.clone(), ..EmulatorOptions::default() }).unwrap();
    let bytes = escpos::encode(document, profile);
    let outcome = print_job(&emulator.target(), &bytes, &PrintOptions::default());
    assert!(outcome.is_printed(), "{outcome}");
    emulator.jobs().remove(0)
}

#[test]
fn receipts_come_out_as_they_were_composed_on_every_printer() {
    // A printer without pictures spells foreign letters in plain ones; its bytes have a test of their own.
    for profile in PrinterProfile::all().iter().filter(|profile| profile.raster) {
        for document in [receipts::cafe(), receipts::market(), receipts::western()] {
            let job = print(&document, profile);
            let mut expected = document.to_plain_text(profile.columns);
            if !profile.native_qr {
                // The picture of a QR code is not read back as text.
                let qr = job.text().lines().find(|line| line.starts_with("[picture")).unwrap_or_default();
                expected = expected.replace("[QR https://kedai.example/r/OUT-T3-000123]", qr);
            }
            // Typographic marks may come as the plain ones of a code page.
            let plain = |text: &str| {
                text.replace(['–', '−'], "-").replace(['“', '”'], "\"").replace('’', "'").replace('×', "x")
            };
            assert_eq!(plain(job.text()), plain(&expected), "{}", profile.id);
            assert!(job.complete());
        }
    }
}

#[test]
fn a_receipt_looks_like_this() {
    insta::assert_snapshot!("cafe_48_columns", print(&receipts::cafe(), PrinterProfile::generic_80()).text());
    insta::assert_snapshot!("cafe_32_columns", receipts::cafe().to_plain_text(32));
    insta::assert_snapshot!(
        "market_48_columns",
        print(&receipts::market(), PrinterProfile::generic_80()).text()
    );
}

/// The pictures are left under `target/tmp/` to be looked at.
#[test]
fn a_receipt_is_drawn_as_wide_as_the_paper() {
    let small = PrinterProfile::generic_58();
    let wide = PrinterProfile::generic_80();
    for (name, document, profile) in [
        ("cafe-80", receipts::cafe(), wide),
        ("cafe-58", receipts::cafe(), small),
        ("market-80", receipts::market(), wide),
        ("western-80", receipts::western(), wide),
    ] {
        let png = print(&document, profile).png();
        std::fs::write(format!("{}/receipt-{name}.png", env!("CARGO_TARGET_TMPDIR")), &png).unwrap();
        // The width stands in the header, after the signature and the name of the first chunk.
        let width = u32::from_be_bytes(png[16..20].try_into().unwrap());
        assert_eq!(width as usize, profile.dots + 48);
    }
}

#[test]
fn cuts_and_drawer_pulses_are_counted() {
    let mut doc = receipts::cafe();
    doc.drawer(hardware::DrawerPulse::default());
    doc.append(receipts::market());
    let job = print(&doc, PrinterProfile::generic_80());
    assert_eq!((job.cuts(), job.drawer_pulses()), (2, 1));
}

/// What an independent reader finds on the drawn paper.
fn scan(png: &[u8], symbology: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("receipt.png");
    std::fs::write(&path, png).unwrap();
    let out = Command::new("zbarimg")
        .args(["--quiet", "--raw", "-Sdisable", &format!("-S{symbology}.enable")])
        .arg(&path)
        .output()
        .expect("zbarimg reads the picture: install zbar-tools");
    String::from_utf8(out.stdout).unwrap().trim_end_matches('\n').to_owned()
}

#[test]
fn a_qr_code_on_the_drawn_paper_can_be_read() {
    for profile in [PrinterProfile::generic_80(), PrinterProfile::generic_58()] {
        let read = scan(&print(&receipts::cafe(), profile).png(), "qrcode");
        assert_eq!(read, "https://kedai.example/r/OUT-T3-000123", "{}", profile.id);
    }
}

#[test]
fn a_barcode_on_the_drawn_paper_can_be_read() {
    let printable: String = (' '..='~').collect();
    let pieces = printable.as_bytes().chunks(12).map(|piece| String::from_utf8(piece.to_vec()).unwrap());
    for text in pieces.chain(["OUT-T3-000123".to_owned()]) {
        let mut doc = Document::new();
        doc.text("receipt");
        doc.barcode(&text);
        let job = print(&doc, PrinterProfile::generic_80());
        assert_eq!(scan(&job.png(), "code128"), text);
        assert!(job.text().contains(&format!("[barcode {text}]")));
    }
}

#[test]
fn a_barcode_that_does_not_fit_is_printed_as_text() {
    for text in ["OUT-T3-000123-AND-MUCH-MORE-THAN-FITS-THE-PAPER", "Số 12"] {
        let mut doc = Document::new();
        doc.barcode(text);
        let job = print(&doc, PrinterProfile::generic_58());
        assert_eq!(job.text().split_whitespace().collect::<String>(), text.replace(' ', ""));
    }
}

#[test]
fn only_so_many_jobs_are_kept_and_all_are_counted() {
    let emulator =
        Emulator::start(EmulatorOptions { keep: Keep::Text, most_kept: 3, ..EmulatorOptions::default() })
            .unwrap();
    for n in 1..=5 {
        let mut doc = Document::new();
        doc.text(format!("receipt {n}"));
        let bytes = escpos::encode(&doc, PrinterProfile::generic_80());
        assert!(print_job(&emulator.target(), &bytes, &PrintOptions::default()).is_printed());
    }
    let kept: Vec<String> = emulator.jobs().iter().map(|job| job.text().to_owned()).collect();
    assert_eq!(kept, ["receipt 3\n", "receipt 4\n", "receipt 5\n"]);
    assert!(emulator.jobs().iter().all(|job| job.bytes().is_empty()));
    assert_eq!(emulator.take_jobs().len(), 3);
    assert_eq!((emulator.jobs().len(), emulator.job_count()), (0, 5));
    let late = emulator.wait_for_jobs(6, Duration::from_millis(20)).unwrap_err();
    assert_eq!(late.to_string(), "waited for 6 print jobs and got 5");
}

#[test]
fn several_terminals_print_at_the_same_time() {
    let emulator =
        Emulator::start(EmulatorOptions { keep: Keep::Text, ..EmulatorOptions::default() }).unwrap();
    let target = emulator.target();
    std::thread::scope(|scope| {
        for terminal in 0..4 {
            let target = &target;
            scope.spawn(move || {
                for n in 0..50 {
                    let mut doc = Document::new();
                    doc.text(format!("terminal {terminal} receipt {n}"));
                    let bytes = escpos::encode(&doc, PrinterProfile::generic_80());
                    assert!(print_job(target, &bytes, &PrintOptions::default()).is_printed());
                }
            });
        }
    });
    let mut texts: Vec<String> = emulator.jobs().iter().map(|job| job.text().to_owned()).collect();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), 200);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_bytes_are_drawn_and_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let emulator = Emulator::start(EmulatorOptions::default()).unwrap();
        let options = PrintOptions { finish_timeout: Duration::from_millis(1), answer_timeout: Duration::from_millis(1), ..PrintOptions::default() };
        // Random bytes hold anything, also questions and pictures that never end: only surviving counts.
        let _ = print_job(&emulator.target(), &[b"text\n".as_slice(), &bytes].concat(), &PrintOptions { confirmation: hardware::profile::Confirmation::Never, ..options });
        let jobs = emulator.wait_for_jobs(1, Duration::from_secs(10)).unwrap();
        prop_assert!(jobs[0].text().starts_with("text\n"));
        prop_assert!(!jobs[0].png().is_empty());
    }
}
