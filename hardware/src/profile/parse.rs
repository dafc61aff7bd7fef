//! Reads `printers.txt`; what its words mean stands at its top.

use std::borrow::Cow;

use super::{Confirmation, Cutter, PrinterProfile};
use crate::escpos::CodePage;

/// What is wrong in a file of printers.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub(super) struct ProfileError {
    line: usize,
    reason: &'static str,
}

/// The printers of a file.
pub(super) fn printers(text: &str) -> Result<Vec<PrinterProfile>, ProfileError> {
    let mut printers: Vec<PrinterProfile> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = |reason| ProfileError { line: number + 1, reason };
        let (word, value) = line.split_once(' ').ok_or(wrong("a word without a value"))?;
        let value = value.trim();
        match word {
            "printer" if printers.iter().any(|known| known.id == value) => {
                return Err(wrong("this id is taken"));
            }
            "printer" => {
                printers.push(PrinterProfile { id: Cow::Owned(value.to_owned()), ..PrinterProfile::plain() });
            }
            "like" => {
                let model = printers.iter().find(|known| known.id == value).cloned();
                let model = model.ok_or(wrong("there is no such printer above"))?;
                let printer = printers.last_mut().ok_or(wrong("no printer begins above"))?;
                *printer = PrinterProfile { id: printer.id.clone(), ..model };
            }
            _ => {
                let printer = printers.last_mut().ok_or(wrong("no printer begins above"))?;
                set(printer, word, value).ok_or(wrong("the word or its value is not known"))?;
            }
        }
    }
    Ok(printers)
}

fn set(printer: &mut PrinterProfile, word: &str, value: &str) -> Option<()> {
    match word {
        "name" => printer.name = Cow::Owned(value.to_owned()),
        "columns" => printer.columns = number(value, 16..=96)?,
        "dots" => printer.dots = number(value, 100..=2_000)?,
        "pages" => printer.code_pages = Cow::Owned(pages(value)?),
        "cutter" => {
            let (kind, lines) = value.split_once(' ')?;
            let feed_lines = lines.parse().ok()?;
            printer.cutter = match kind {
                "knife" => Cutter::Knife { feed_lines },
                "tear-bar" => Cutter::TearBar { feed_lines },
                _ => return None,
            };
        }
        "qr" => printer.native_qr = yes(value)?,
        "barcodes" => printer.native_barcodes = yes(value)?,
        "raster" => printer.raster = yes(value)?,
        "chinese" => printer.leave_chinese = yes(value)?,
        "drawer" => {
            let (on, off) = value.split_once(' ')?;
            (printer.drawer_on_ms, printer.drawer_off_ms) = (on.parse().ok()?, off.parse().ok()?);
        }
        "confirms" => {
            printer.confirmation = match value {
                "in-turn" => Confirmation::InTurn,
                "at-once" => Confirmation::AtOnce,
                "never" => Confirmation::Never,
                _ => return None,
            };
        }
        _ => return None,
    }
    Some(())
}

fn number(value: &str, bounds: std::ops::RangeInclusive<usize>) -> Option<usize> {
    value.parse().ok().filter(|number| bounds.contains(number))
}

fn yes(value: &str) -> Option<bool> {
    match value {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn pages(value: &str) -> Option<Vec<(CodePage, u8)>> {
    value
        .split_whitespace()
        .map(|page| {
            let (name, number) = page.split_once('=')?;
            Some((CodePage::by_name(name)?, number.parse().ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn the_file_that_ships_can_be_read() {
        assert!(printers(include_str!("printers.txt")).unwrap().len() > 20);
    }

    #[test]
    fn a_mistake_names_its_line() {
        let wrong = |text: &str| printers(text).unwrap_err().to_string();
        assert_eq!(wrong("printer a\n  columns many"), "line 2: the word or its value is not known");
        assert_eq!(wrong("columns 48"), "line 1: no printer begins above");
        assert_eq!(wrong("printer a\n\nprinter a"), "line 3: this id is taken");
        assert_eq!(wrong("printer a\n  like b"), "line 2: there is no such printer above");
        assert_eq!(wrong("printer a\n  pages cp9=1"), "line 2: the word or its value is not known");
        assert_eq!(wrong("printer"), "line 1: a word without a value");
    }
}
