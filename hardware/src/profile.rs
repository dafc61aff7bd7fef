//! What is known of a printer, as data.
//!
//! Widths and resolutions follow the public escpos-printer-db; code page numbers were kept only where sources agree.
//! A wrong number prints garbage, a missing one only a picture of the text, so when in doubt leave it out.

use std::borrow::Cow;
use std::sync::LazyLock;

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
    /// Prints pictures (`GS v 0`); otherwise foreign letters are spelled in plain ones.
    pub raster: bool,
    /// May take double bytes for Chinese until told not to (`FS .`).
    pub leave_chinese: bool,
    /// How the printer says that a job is done.
    pub confirmation: Confirmation,
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

const COMMON_PAGES: &[(CodePage, u8)] =
    &[(CodePage::Cp437, 0), (CodePage::Cp858, 19), (CodePage::Wpc1252, 16)];
const ASCII_ONLY: &[(CodePage, u8)] = &[(CodePage::Cp437, 0)];

fn profile(id: &'static str, name: &'static str, columns: usize, dots: usize) -> PrinterProfile {
    PrinterProfile {
        id: Cow::Borrowed(id),
        name: Cow::Borrowed(name),
        columns,
        dots,
        code_pages: Cow::Borrowed(COMMON_PAGES),
        cutter: Cutter::Knife { feed_lines: 4 },
        native_qr: true,
        raster: true,
        leave_chinese: true,
        confirmation: Confirmation::InTurn,
    }
}

fn small(id: &'static str, name: &'static str, code_pages: &'static [(CodePage, u8)]) -> PrinterProfile {
    PrinterProfile {
        code_pages: Cow::Borrowed(code_pages),
        cutter: Cutter::TearBar { feed_lines: 4 },
        native_qr: false,
        confirmation: Confirmation::AtOnce,
        ..profile(id, name, 32, 384)
    }
}

static PROFILES: LazyLock<[PrinterProfile; 7]> = LazyLock::new(|| {
    [
        profile("generic-80", "Generic, 80 mm paper, 48 columns", 48, 576),
        profile("generic-80-42", "Generic, 80 mm paper, 42 columns", 42, 576),
        small("generic-58", "Generic, 58 mm paper, 32 columns", COMMON_PAGES),
        PrinterProfile { leave_chinese: false, ..profile("tm-t20ii", "Epson TM-T20II", 48, 576) },
        PrinterProfile { leave_chinese: false, ..profile("tm-t88v", "Epson TM-T88V", 42, 512) },
        small("pos-5890", "POS-5890", COMMON_PAGES),
        small("zj-5870", "Zjiang ZJ-5870", ASCII_ONLY),
    ]
});

impl PrinterProfile {
    /// Every profile that ships.
    pub fn all() -> &'static [PrinterProfile] {
        &*PROFILES
    }

    /// The profile of that id, such as `generic-80`.
    pub fn by_id(id: &str) -> Option<&'static PrinterProfile> {
        PROFILES.iter().find(|profile| profile.id == id)
    }

    /// What to take for a printer nobody described: 80 mm, 48 columns.
    pub fn generic_80() -> &'static PrinterProfile {
        &PROFILES[0]
    }

    /// What to take for a small printer nobody described: 58 mm, 32 columns, no cutter, no QR codes of its own.
    pub fn generic_58() -> &'static PrinterProfile {
        &PROFILES[2]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_apart_and_found_again() {
        for profile in PrinterProfile::all() {
            assert_eq!(PrinterProfile::by_id(&profile.id), Some(profile));
        }
        assert_eq!(PrinterProfile::by_id("typewriter"), None);
        assert_eq!(PrinterProfile::generic_58().columns, 32);
    }

    #[test]
    fn a_line_of_pictured_text_fits_the_paper() {
        for profile in PrinterProfile::all() {
            assert!(profile.columns * crate::font::CELL_WIDTH <= profile.dots, "{}", profile.id);
        }
    }
}
