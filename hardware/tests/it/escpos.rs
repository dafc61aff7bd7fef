//! The bytes of the encoder.

use hardware::document::{DrawerPin, QrCorrection};
use hardware::escpos::{CodePage, encode};
use hardware::profile::Cutter;
use hardware::{Cut, Document, DrawerPulse, PrinterProfile};
use proptest::prelude::*;

const START: &[u8] = b"\x1b@\x1c.\x1bR\x00";

fn bytes(profile: &PrinterProfile, build: impl FnOnce(&mut Document)) -> Vec<u8> {
    let mut doc = Document::new();
    build(&mut doc);
    let bytes = encode(&doc, profile);
    bytes.strip_prefix(START).unwrap().to_vec()
}

fn generic(build: impl FnOnce(&mut Document)) -> Vec<u8> {
    bytes(PrinterProfile::generic_80(), build)
}

/// A printer of that kind that can print text only.
fn without_pictures(pages: &[(CodePage, u8)]) -> PrinterProfile {
    PrinterProfile {
        raster: false,
        native_qr: false,
        code_pages: pages.to_vec().into(),
        ..PrinterProfile::generic_80().clone()
    }
}

#[test]
fn a_drawer_pulse_carries_both_of_its_times() {
    let pulse = DrawerPulse::default();
    assert_eq!(
        generic(|doc| {
            doc.drawer(pulse);
        }),
        [0x1b, 0x70, 0x00, 0x19, 0xfa]
    );
    let second = DrawerPulse { pin: DrawerPin::Pin5, on_ms: 9999, off_ms: 0 };
    assert_eq!(
        generic(|doc| {
            doc.drawer(second);
        }),
        [0x1b, 0x70, 0x01, 0xff, 0x01]
    );
}

#[test]
fn full_and_partial_cuts_are_not_swapped() {
    assert_eq!(
        generic(|doc| {
            doc.cut(Cut::Full);
        }),
        [0x1b, 0x64, 4, 0x1d, 0x56, 0x00]
    );
    assert_eq!(
        generic(|doc| {
            doc.cut(Cut::Partial);
        }),
        [0x1b, 0x64, 4, 0x1d, 0x56, 0x01]
    );
    let one =
        PrinterProfile { cutter: Cutter::Knife { feed_lines: 6 }, ..PrinterProfile::generic_80().clone() };
    assert_eq!(
        bytes(&one, |doc| {
            doc.cut(Cut::Full);
        }),
        [0x1b, 0x64, 6, 0x1d, 0x56, 0x00]
    );
    assert_eq!(
        bytes(PrinterProfile::generic_58(), |doc| {
            doc.cut(Cut::Full);
        }),
        [0x1b, 0x64, 4]
    );
}

#[test]
fn a_native_qr_code_has_the_bytes_other_encoders_send() {
    let out = generic(|doc| {
        doc.qr("AB").module_dots(4).correction(QrCorrection::Low);
    });
    let expected = "1b4a10 1b6101 1d286b040031413200 1d286b0300314304 1d286b0300314530 1d286b0500315030 4142 1d286b0300315130 1b6100 1b4a10";
    assert_eq!(out, hex(expected));
}

#[test]
fn a_printer_without_qr_codes_gets_a_picture() {
    let out = bytes(PrinterProfile::generic_58(), |doc| {
        doc.qr("AB").module_dots(4);
    });
    // 21 modules of 4 dots: 84 dots in 11 bytes a row.
    assert_eq!(out[..14], hex("1b4a10 1b6101 1d763000 0b00 5400"));
    assert_eq!(out.len(), 14 + 11 * 84 + 6);
}

#[test]
fn what_no_qr_code_can_hold_is_printed_as_text() {
    let out = generic(|doc| {
        doc.qr("x".repeat(4000));
    });
    assert_eq!(out.iter().filter(|&&byte| byte == b'x').count(), 4000);
}

#[test]
fn code_pages_are_switched_only_when_a_letter_needs_it() {
    let out = generic(|doc| {
        doc.text("Smörgås € - Õ é ASCII");
    });
    // CP437 first; CP858 has the euro, Õ and é too, so it stays.
    let expected = b"Sm\x1bt\x00\x94rg\x86s \x1bt\x13\xd5 - \xe5 \x82 ASCII\n";
    assert_eq!(out, expected);
}

#[test]
fn typographic_marks_do_not_turn_a_line_into_a_picture() {
    let profile = PrinterProfile::by_id("zj-5870").unwrap();
    assert_eq!(
        bytes(profile, |doc| {
            doc.text("Fish ’n’ chips – “hot”");
        }),
        b"Fish 'n' chips - \"hot\"\n"
    );
}

#[test]
fn a_line_that_no_page_can_say_is_sent_as_a_picture() {
    let out = generic(|doc| {
        doc.text("Phở 75.000 ₫");
    });
    assert_eq!(out[..8], hex("1d763000 4800 1e00"));
    assert_eq!(out.len(), 8 + 72 * 30);
    assert!(out[8..].iter().any(|&byte| byte != 0));
}

#[test]
fn a_printer_without_pictures_gets_plain_letters() {
    let profile = without_pictures(&[(page("cp437"), 0)]);
    let out = bytes(&profile, |doc| {
        doc.text("Cà phê sữa đá 29.000 ₫ 字");
    });
    assert_eq!(out, b"C\x1bt\x00\x85 ph\x88 sua d\xa0 29.000 d ?\n");
}

#[test]
fn styles_are_set_for_their_run_and_taken_back() {
    let out = generic(|doc| {
        doc.text("A").bold().and("B").double().and("C").inverse();
    });
    assert_eq!(out, b"\x1bE\x01A\x1bE\x00\x1d!\x11B\x1d!\x00\x1dB\x01C\x1dB\x00\n");
}

#[test]
fn code_pages_agree_with_the_codecs_of_python() {
    let table = include_str!("data/code_pages.txt");
    let mut checked = 0;
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let [page, byte, point] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let page = self::page(page);
        let byte = u8::from_str_radix(byte, 16).unwrap();
        let expected = u32::from_str_radix(point, 16).ok().and_then(char::from_u32);
        assert_eq!(page.decode(byte), expected, "{line}");
        if let Some(c) = expected {
            assert_eq!(page.encode(c), Some(byte), "{line}");
        }
        checked += 1;
    }
    assert_eq!(checked, CodePage::all().count() * 128);
}

fn page(name: &str) -> CodePage {
    CodePage::by_name(name).unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    let digits: String = text.split_whitespace().collect();
    (0..digits.len()).step_by(2).map(|i| u8::from_str_radix(&digits[i..i + 2], 16).unwrap()).collect()
}

/// Characters that would hurt, beside any other.
fn nasty_text() -> impl Strategy<Value = String> {
    let c = prop_oneof![
        3 => prop::sample::select(vec!['\u{1b}', '\u{1d}', '\u{10}', '\u{4}', '\u{14}', 'p', '\0', '\u{19}', '\n', '\u{9b}', '\u{7f}']),
        2 => prop::sample::select(vec!['é', '€', 'Å', 'ế', '₫', '’', '\u{a0}', '\u{202f}', '字']),
        4 => any::<char>(),
    ];
    prop::collection::vec(c, 0..60).prop_map(String::from_iter)
}

proptest! {
    #[test]
    fn no_text_reaches_the_printer_as_a_command(text in nasty_text(), right in nasty_text()) {
        let profile = without_pictures(&[(page("cp437"), 0), (page("cp858"), 19)]);
        let out = bytes(&profile, |doc| {
            doc.text(&text);
            doc.left_right(&text, &right);
            doc.qr(&text);
        });
        // All that may stand in it beside printable bytes: line feeds and the switch to one of the two pages.
        let mut rest = out.as_slice();
        while let Some((&first, after)) = rest.split_first() {
            rest = match first {
                b'\n' | 0x20..=0x7e | 0x80..=0xff => after,
                0x1b => {
                    prop_assert!(after.starts_with(b"t\x00") || after.starts_with(b"t\x13"), "{out:02x?}");
                    &after[2..]
                }
                other => return Err(TestCaseError::fail(format!("byte {other:02x} in {out:02x?}"))),
            };
        }
    }

    #[test]
    fn every_line_fits_the_paper(text in nasty_text(), right in nasty_text(), columns in 1usize..60) {
        let mut doc = Document::new();
        doc.text(&text).double().and(&right);
        doc.left_right(&text, &right);
        doc.row(&[(text.as_str(), hardware::Align::Right, hardware::Width::Columns(9)), (right.as_str(), hardware::Align::Center, hardware::Width::Rest)]);
        let plain = doc.to_plain_text(columns);
        // Marks over a letter take no column.
        let takes_room = |c: &char| !matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}');
        for line in plain.lines() {
            prop_assert!(line.chars().filter(takes_room).count() <= columns, "{line:?}");
        }
    }
}
