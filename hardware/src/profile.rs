//! What is known of a printer, as data: the printers stand in `profile/printers.txt`.

mod parse;

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::document::{DrawerPin, DrawerPulse};
use crate::escpos::CodePage;

/// How wide a printer prints and what it understands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterProfile {
    /// The name in settings, such as `generic-80`.
    pub id: Cow<'static, str>,
    /// The name on screen.
    pub name: Cow<'static, str>,
    /// Columns of font A.
    pub columns: usize,
    /// Dots across the paper.
    pub dots: usize,
    /// The code pages to use, best first, with the number that `ESC t` knows each by.
    pub code_pages: Cow<'static, [(CodePage, u8)]>,
    /// What cuts the paper.
    pub cutter: Cutter,
    /// Draws QR codes itself (`GS ( k`); otherwise they are sent as pictures.
    pub native_qr: bool,
    /// Draws barcodes itself (`GS k`); otherwise they are sent as pictures.
    pub native_barcodes: bool,
    /// Prints pictures (`GS v 0`); otherwise foreign letters are spelled in plain ones.
    pub raster: bool,
    /// May take double bytes for Chinese until told not to (`FS .`).
    pub leave_chinese: bool,
    /// How the printer says that a job is done.
    pub confirmation: Confirmation,
    /// How long the pulse that opens a drawer flows, in milliseconds.
    pub drawer_on_ms: u16,
    /// How long the printer rests after it, in milliseconds.
    pub drawer_off_ms: u16,
}

/// What cuts the paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cutter {
    /// The cashier, at the tear bar, which is so many lines above the print head.
    TearBar {
        /// Lines to feed.
        feed_lines: u8,
    },
    /// A knife, which is so many lines above the print head.
    Knife {
        /// Lines to feed.
        feed_lines: u8,
    },
}

/// How a printer says that a job is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// It answers `GS r` in its turn, after the bytes before it, and `DLE EOT` at once.
    InTurn,
    /// It answers `DLE EOT` only, which says that it is well, not yet that all is on paper.
    AtOnce,
    /// It never answers: what was sent stays unknown.
    Never,
}

static PROFILES: LazyLock<Vec<PrinterProfile>> =
    LazyLock::new(|| parse::printers(include_str!("profile/printers.txt")).unwrap_or_default());

/// What is there even when nothing else is: a test makes sure that the file can be read.
static GENERIC: LazyLock<PrinterProfile> = LazyLock::new(PrinterProfile::plain);

impl PrinterProfile {
    /// Every profile that ships.
    pub fn all() -> &'static [PrinterProfile] {
        &PROFILES
    }

    /// The profile of that id, such as `generic-80`.
    pub fn by_id(id: &str) -> Option<&'static PrinterProfile> {
        PROFILES.iter().find(|profile| profile.id == id)
    }

    /// What to take for a printer nobody described: 80 mm, 48 columns.
    pub fn generic_80() -> &'static PrinterProfile {
        Self::by_id("generic-80").unwrap_or(&GENERIC)
    }

    /// What to take for a small printer nobody described: 58 mm, 32 columns, no cutter, no QR codes of its own.
    pub fn generic_58() -> &'static PrinterProfile {
        Self::by_id("generic-58").unwrap_or(&GENERIC)
    }

    /// The pulse that opens a drawer behind this printer.
    pub fn drawer_pulse(&self, pin: DrawerPin) -> DrawerPulse {
        DrawerPulse { pin, on_ms: self.drawer_on_ms, off_ms: self.drawer_off_ms }
    }

    /// What a paragraph of the file begins with.
    fn plain() -> Self {
        let pulse = DrawerPulse::default();
        Self {
            id: Cow::Borrowed(""),
            name: Cow::Borrowed(""),
            columns: 48,
            dots: 576,
            code_pages: Cow::Borrowed(&[]),
            cutter: Cutter::TearBar { feed_lines: 4 },
            native_qr: true,
            native_barcodes: true,
            raster: true,
            leave_chinese: true,
            confirmation: Confirmation::InTurn,
            drawer_on_ms: pulse.on_ms,
            drawer_off_ms: pulse.off_ms,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_apart_and_found_again() {
        assert!(PrinterProfile::all().len() > 20);
        for profile in PrinterProfile::all() {
            assert_eq!(PrinterProfile::by_id(&profile.id), Some(profile));
            assert!(!profile.name.is_empty(), "{}", profile.id);
        }
        assert_eq!(PrinterProfile::by_id("typewriter"), None);
        assert_eq!(PrinterProfile::generic_80().id, "generic-80");
        assert_eq!(PrinterProfile::generic_58().columns, 32);
    }

    #[test]
    fn a_line_of_pictured_text_fits_the_paper() {
        for profile in PrinterProfile::all().iter().filter(|profile| profile.raster) {
            assert!(profile.columns * crate::font::CELL_WIDTH <= profile.dots, "{}", profile.id);
        }
    }

    #[test]
    fn no_printer_knows_two_pages_by_one_number() {
        for profile in PrinterProfile::all() {
            let mut numbers: Vec<u8> = profile.code_pages.iter().map(|&(_, number)| number).collect();
            numbers.sort_unstable();
            numbers.dedup();
            assert_eq!(numbers.len(), profile.code_pages.len(), "{}", profile.id);
        }
    }
}
