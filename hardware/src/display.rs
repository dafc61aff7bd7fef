//! Customer displays of two lines by twenty characters that speak ESC/POS (vacuum fluorescent or LCD).
//!
//! [`encode`] is pure: what both lines say becomes bytes. Characters outside the display's page are written plainly.

use std::time::{Duration, Instant};

use crate::printer::Connect;
use crate::transport::{Transport, TransportError};

/// Characters of a line.
pub const COLUMNS: usize = 20;

/// What a display shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lines {
    /// The upper line.
    pub upper: String,
    /// The lower line.
    pub lower: String,
}

impl Lines {
    /// Two lines as they are.
    pub fn new(upper: impl Into<String>, lower: impl Into<String>) -> Self {
        Self { upper: upper.into(), lower: lower.into() }
    }
}

/// A line with a name at the left and an amount at the right edge; a long name is cut, an amount never.
pub fn row(name: &str, amount: &str) -> String {
    let (name, amount) = (plain(name), plain(amount));
    let room = COLUMNS.saturating_sub(amount.len() + 1);
    let name: String = name.chars().take(room).collect();
    let gap = COLUMNS.saturating_sub(name.len() + amount.len());
    format!("{name}{}{amount}", " ".repeat(gap))
}

/// The bytes that show two lines: everything is written anew, so that what was lost on the wire comes back.
pub fn encode(lines: &Lines) -> Vec<u8> {
    // Overwrite mode and no cursor, then both lines filled with blanks: clearing first would flicker.
    let mut bytes = vec![0x1f, 0x01, 0x1f, 0x43, 0x00, 0x0b];
    for line in [&lines.upper, &lines.lower] {
        let text: String = plain(line).chars().take(COLUMNS).collect();
        bytes.extend(format!("{text:<COLUMNS$}").into_bytes());
    }
    bytes
}

/// Sets a display up and clears it: after opening the wire.
pub fn prepare() -> Vec<u8> {
    vec![0x1b, 0x40, 0x0c]
}

/// A code for the customer's phone as rows of `1` (dark) and `0`; none when the text is too long for one.
pub fn qr_rows(text: &str) -> Vec<String> {
    let Ok(code) = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::M) else {
        return Vec::new();
    };
    let colors = code.to_colors();
    colors.chunks(code.width()).map(|row| row.iter().map(|color| color.select('1', '0')).collect()).collect()
}

/// ASCII that says the same: displays share no code page beyond it, and a control character would be a command.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' '..='~' => plain.push(c),
            '\u{a0}' | '\u{202f}' | '\u{2009}' => plain.push(' '),
            '₫' | 'đ' => plain.push('d'),
            'Đ' => plain.push('D'),
            '€' => plain.push_str("EUR"),
            '–' | '—' | '−' => plain.push('-'),
            '×' => plain.push('x'),
            '“' | '”' => plain.push('"'),
            '‘' | '’' => plain.push('\''),
            '…' => plain.push_str("..."),
            c if c.is_control() => {}
            c => plain.push(base_letter(c)),
        }
    }
    plain
}

/// The letter without its marks, as far as languages of the screens have them; `?` for others.
fn base_letter(c: char) -> char {
    const GROUPS: [(char, &str); 12] = [
        ('a', "àáảãạăằắẳẵặâầấẩẫậäåā"),
        ('e', "èéẻẽẹêềếểễệëē"),
        ('i', "ìíỉĩịîïī"),
        ('o', "òóỏõọôồốổỗộơờớởỡợöøō"),
        ('u', "ùúủũụưừứửữựüûū"),
        ('y', "ỳýỷỹỵÿ"),
        ('c', "çćč"),
        ('n', "ñńň"),
        ('s', "śšş"),
        ('z', "źžż"),
        ('l', "ł"),
        ('r', "ř"),
    ];
    let mut lower = c.to_lowercase();
    let small = match (lower.next(), lower.next()) {
        (Some(small), None) => small,
        _ => return '?',
    };
    let base = GROUPS.iter().find(|(_, marked)| marked.contains(small)).map_or('?', |(base, _)| *base);
    if small == c { base } else { base.to_ascii_uppercase() }
}

/// A display on its wire; it comes back after it was unplugged, with what it should show.
pub struct Display<C> {
    connect: C,
    wire: Option<Box<dyn Transport>>,
    shown: Option<Lines>,
}

impl<C: Connect> Display<C> {
    /// A display that is not opened yet.
    pub fn new(connect: C) -> Self {
        Self { connect, wire: None, shown: None }
    }

    /// Shows these lines unless it does already.
    ///
    /// # Errors
    /// The wire failed; the next call opens it anew and shows everything again.
    pub fn show(&mut self, lines: &Lines, patience: Duration) -> Result<(), TransportError> {
        if self.wire.is_some() && self.shown.as_ref() == Some(lines) {
            return Ok(());
        }
        let deadline = Instant::now() + patience;
        let mut wire = match self.wire.take() {
            Some(wire) => wire,
            None => {
                let mut wire = self.connect.connect(patience)?;
                wire.write_all(&prepare(), deadline)?;
                wire
            }
        };
        wire.write_all(&encode(lines), deadline)?;
        self.wire = Some(wire);
        self.shown = Some(lines.clone());
        Ok(())
    }

    /// Writes what is shown once more: a display that lost its power has forgotten it and cannot say so.
    ///
    /// # Errors
    /// As [`Display::show`].
    pub fn refresh(&mut self, patience: Duration) -> Result<(), TransportError> {
        match self.shown.take() {
            Some(lines) => self.show(&lines, patience),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn two_lines_fill_the_display() {
        let bytes = encode(&Lines::new("Cà phê sữa đá – cỡ lớn", row("", "29.000 ₫")));
        assert_eq!(&bytes[..6], [0x1f, 0x01, 0x1f, 0x43, 0x00, 0x0b]);
        assert_eq!(&bytes[6..], b"Ca phe sua da - co l            29.000 d");
    }

    #[test]
    fn an_amount_stands_whole_at_the_right_edge_and_only_names_are_cut() {
        assert_eq!(row("Kopi", "18.000"), "Kopi          18.000");
        assert_eq!(row("Kopi susu gula aren besar", "18.000"), "Kopi susu gul 18.000");
        assert_eq!(row("Menu 5€ for two today", "18.40 €"), "Menu 5EUR  18.40 EUR");
        assert_eq!(row("Kopi", "123.456.789.012.345.678"), "123.456.789.012.345.678");
    }

    #[test]
    fn letters_lose_their_marks_and_nothing_else() {
        assert_eq!(plain("Ồ Ếch Đường Ångström"), "O Ech Duong Angstrom");
        assert_eq!(plain("日本 €5"), "?? EUR5");
    }

    proptest! {
        #[test]
        fn no_text_commands_the_display(upper in "\\PC*|[\0-\u{9f}]*", lower in "\\PC*") {
            let bytes = encode(&Lines::new(upper, lower));
            prop_assert_eq!(bytes.len(), 6 + 2 * COLUMNS);
            prop_assert!(bytes[6..].iter().all(|byte| (0x20..0x7f).contains(byte)));
        }
    }
}
