//! Our bytes beside those of other encoders, and our paper read by other readers.
//!
//! `data/python-escpos.txt` and `data/receipt-printer-encoder.txt` are what those programs send for the same things; the
//! scripts that wrote them stand in `tests/goldens` and `tests/e2e/goldens`.

use std::collections::HashMap;
use std::io::Write as _;
use std::process::Command;

use hardware::document::{DrawerPin, QrCorrection};
use hardware::emulator::{Emulator, EmulatorOptions};
use hardware::escpos::{CodePage, encode};
use hardware::{Cut, Document, DrawerPulse, Picture, PrintOptions, PrinterProfile, escpos, print_job};

const START: &[u8] = b"\x1b@\x1bR\x00";

fn goldens(text: &'static str) -> HashMap<&'static str, Vec<u8>> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let (name, hex) = line.rsplit_once(' ').unwrap();
            let bytes = (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap());
            (name, bytes.collect())
        })
        .collect()
}

fn python() -> HashMap<&'static str, Vec<u8>> {
    goldens(include_str!("data/python-escpos.txt"))
}

fn encoder() -> HashMap<&'static str, Vec<u8>> {
    goldens(include_str!("data/receipt-printer-encoder.txt"))
}

/// What we send after the reset.
fn ours(build: impl FnOnce(&mut Document)) -> Vec<u8> {
    let mut doc = Document::new();
    build(&mut doc);
    let bytes = encode(&doc, PrinterProfile::by_id("tm-t88v").unwrap());
    bytes.strip_prefix(START).unwrap().to_vec()
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// The other encoder's bytes without the end of the line that it adds.
fn bare(bytes: &[u8]) -> &[u8] {
    bytes.strip_suffix(b"\n\r").unwrap_or(bytes)
}

#[test]
fn drawers_and_cuts_are_those_of_both_other_encoders() {
    let (python, encoder) = (python(), encoder());
    let pulse = DrawerPulse { pin: DrawerPin::Pin2, on_ms: 50, off_ms: 500 };
    assert_eq!(escpos::drawer_pulse(pulse).as_slice(), bare(&encoder["drawer-2"]));
    let second = DrawerPulse { pin: DrawerPin::Pin5, ..pulse };
    assert_eq!(escpos::drawer_pulse(second).as_slice(), bare(&encoder["drawer-5"]));
    // That one always pulses for 100 ms.
    let hundred = DrawerPulse { on_ms: 100, off_ms: 100, ..pulse };
    assert_eq!(escpos::drawer_pulse(hundred).as_slice(), python["drawer-2"]);
    for (name, cut) in [("cut-full", Cut::Full), ("cut-partial", Cut::Partial)] {
        let bytes = ours(|doc| {
            doc.cut(cut);
        });
        let command = &bytes[bytes.len() - 3..];
        assert!(python[name].ends_with(command), "{name}");
        assert_eq!(bare(&encoder[name]), command, "{name}");
    }
}

#[test]
fn styles_are_those_of_both_other_encoders() {
    let (python, encoder) = (python(), encoder());
    type Build = fn(&mut Document);
    let cases: [(&str, Build); 4] = [
        ("bold", |doc| {
            doc.text("A").bold();
        }),
        ("inverse", |doc| {
            doc.text("A").inverse();
        }),
        ("double", |doc| {
            doc.text("A").double();
        }),
        ("tall", |doc| {
            doc.text("A").tall();
        }),
    ];
    for (name, build) in cases {
        let bytes = ours(build);
        assert!(bytes.starts_with(&python[name]), "{name}: {bytes:02x?}");
        // That one names the code page before every text; ASCII needs none.
        let theirs: Vec<u8> = bare(&encoder[name]).to_vec();
        let at = theirs.windows(3).position(|window| window == b"\x1bt\0").unwrap();
        let theirs = [&theirs[..at], &theirs[at + 3..]].concat();
        assert_eq!(bytes, [theirs.as_slice(), b"\n"].concat(), "{name}");
    }
}

#[test]
fn codes_are_those_of_both_other_encoders() {
    let (python, encoder) = (python(), encoder());
    let qr = ours(|doc| {
        doc.qr("https://kedai.example/r/1").module_dots(6).correction(QrCorrection::Medium);
    });
    assert!(holds(&qr, &python["qr"]) && holds(&qr, bare(&encoder["qr"])), "{qr:02x?}");
    for (name, digits) in [("ean13", "4006381333931"), ("ean8", "96385074"), ("upca", "036000291452")] {
        let bytes = ours(|doc| {
            doc.ean(digits);
        });
        // Theirs ends with the code, after height, width, font and digits under the bars.
        let code = python[name].windows(2).position(|window| window == b"\x1dk").unwrap();
        assert!(holds(&bytes, &python[name][code..]), "{name}: {bytes:02x?}");
        assert!(holds(&bytes, b"\x1dh\x50\x1dw\x03\x1dH\x02"), "{name}: {bytes:02x?}");
        assert!(holds(&python[name], b"\x1dh\x50\x1dw\x03") && holds(&python[name], b"\x1dH\x02"));
    }
    let code128 = ours(|doc| {
        doc.barcode("INV-1");
    });
    for theirs in [&python["code128"], &encoder["code128"]] {
        let code = theirs.windows(2).position(|window| window == b"\x1dk").unwrap();
        assert!(holds(&code128, bare(&theirs[code..])), "{code128:02x?}");
    }
}

#[test]
fn pictures_are_those_of_both_other_encoders() {
    let picture = |width: usize, height: usize, black: &[(usize, usize)]| {
        let mut grey = vec![255; width * height];
        black.iter().for_each(|&(x, y)| grey[y * width + x] = 0);
        ours(|doc| {
            doc.picture(Picture::from_grey(width, grey).unwrap());
        })
    };
    assert!(holds(&picture(12, 2, &[(0, 0), (11, 1)]), &python()["picture"]));
    let other = picture(16, 8, &[(0, 0), (15, 7), (3, 4)]);
    assert!(holds(&other, bare(&encoder()["picture"])), "{other:02x?}");
}

#[test]
fn letters_of_every_page_are_sent_with_the_number_and_bytes_of_the_other_encoders() {
    let profile = PrinterProfile::by_id("tm-t88v").unwrap();
    let only = |page: CodePage| {
        let pages: Vec<_> = profile.code_pages.iter().copied().filter(|(known, _)| *known == page).collect();
        assert_eq!(pages.len(), 1, "{}", page.name());
        PrinterProfile { code_pages: pages.into(), columns: 255, ..profile.clone() }
    };
    let say = |page: &str, letters: &str| {
        let page = CodePage::by_name(page).unwrap();
        let mut doc = Document::new();
        doc.text(letters);
        encode(&doc, &only(page)).strip_prefix(START).unwrap().to_vec()
    };
    let mut pages = 0;
    for (name, bytes) in python().into_iter().filter(|(name, _)| name.starts_with("page:")) {
        let page = name.split(':').nth(1).unwrap().to_lowercase().replace("iso_8859-", "iso8859_");
        if CodePage::by_name(&page).is_none() {
            // Right to left, Japanese and Vietnamese: those lines are drawn.
            continue;
        }
        // The switch to the page, the letters as text, a zero, and then as the encoder sends them.
        let zero = bytes.iter().skip(3).position(|&byte| byte == 0).unwrap() + 3;
        let letters = std::str::from_utf8(&bytes[3..zero]).unwrap();
        let expected = [&bytes[..3], &bytes[zero + 1..], b"\n"].concat();
        assert_eq!(say(&page, letters), expected, "{name}");
        pages += 1;
    }
    assert!(pages >= 18, "{pages}");
    for (name, bytes) in encoder().into_iter().filter(|(name, _)| name.starts_with("page:")) {
        let mut parts = name.split(':').skip(1);
        let page = parts.next().unwrap().replace("windows", "cp");
        assert_eq!(say(&page, parts.next().unwrap()), [bare(&bytes), b"\n"].concat(), "{name}");
    }
}

/// What a scanner reads in a picture of the paper.
fn scan(png: &[u8]) -> String {
    let mut file = tempfile::NamedTempFile::with_suffix(".png").unwrap();
    file.write_all(png).unwrap();
    let out = Command::new("zbarimg")
        .args(["--quiet", "-Sean8.enable", "-Supca.enable"])
        .arg(file.path())
        .output()
        .expect("zbarimg reads the picture: install zbar-tools");
    String::from_utf8(out.stdout).unwrap()
}

#[test]
fn every_code_is_read_back_from_the_paper_drawn_by_the_printer_or_by_us() {
    let mut doc = Document::new();
    doc.qr("https://kedai.example/r/KOTA-T3-000123");
    doc.feed(2);
    doc.barcode("KOTA-T3-000123");
    doc.feed(3);
    doc.ean("4006381333931");
    doc.feed(3);
    doc.ean("96385074");
    doc.feed(2);
    let native = PrinterProfile::generic_80().clone();
    let drawn = PrinterProfile { native_qr: false, native_barcodes: false, ..native.clone() };
    for profile in [native, drawn] {
        let options = EmulatorOptions { profile: profile.clone(), ..EmulatorOptions::default() };
        let emulator = Emulator::start(options).unwrap();
        let bytes = encode(&doc, &profile);
        assert!(print_job(&emulator.target(), &bytes, &PrintOptions::default()).is_printed());
        let read = scan(&emulator.jobs()[0].png());
        for expected in [
            "QR-Code:https://kedai.example/r/KOTA-T3-000123",
            "CODE-128:KOTA-T3-000123",
            "EAN-13:4006381333931",
            "EAN-8:96385074",
        ] {
            assert!(read.lines().any(|line| line == expected), "{expected} is not in {read:?}");
        }
    }
}
