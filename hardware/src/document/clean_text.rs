//! Text that may be sent to a printer: nothing in it can be taken for a command.

use std::fmt;

/// More than any line, name or note of a receipt; a longer text is cut off here.
const MAX_CHARS: usize = 4096;

/// One line of text without control characters.
///
/// A product name with the right control bytes in it would otherwise open the cash drawer. Removed: C0 and C1 controls,
/// DEL, zero-width and direction marks, soft hyphens, noncharacters. Tabs, line ends and every kind of space (number formatters like to
/// insert no-break ones) become a plain space.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct CleanText(String);

impl CleanText {
    /// Cleans a text; never fails.
    pub fn new(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        // Nearly every text is clean already, and a customer waits.
        if text.len() <= MAX_CHARS && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            return Self(text.to_owned());
        }
        Self(text.chars().filter_map(clean).take(MAX_CHARS).collect())
    }

    /// The cleaned text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CleanText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn clean(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' | '\u{0b}' | '\u{0c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Some(' '),
        '\u{ad}' | '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => None,
        '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{fe00}'..='\u{fe0f}' => None,
        '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}' => None,
        c if c.is_control() || u32::from(c) & 0xfffe == 0xfffe => None,
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_in_a_name_lose_their_control_bytes() {
        assert_eq!(CleanText::new("Kopi\x1bp\0\x19\u{9b}\x7f susu").as_str(), "Kopip susu");
    }

    #[test]
    fn every_kind_of_space_becomes_a_plain_one() {
        assert_eq!(CleanText::new("36\u{a0}000\u{202f}₫\tok\r\nnext").as_str(), "36 000 ₫ ok  next");
    }

    #[test]
    fn a_text_without_end_is_cut_off() {
        assert_eq!(CleanText::new("ế".repeat(100_000)).as_str().chars().count(), MAX_CHARS);
    }
}
