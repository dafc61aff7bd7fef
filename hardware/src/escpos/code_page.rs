//! The upper halves of the code pages that printers know.

/// A code page; which number a printer knows it by is in its profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CodePage {
    /// The PC's first page: Western letters and boxes, no euro.
    Cp437,
    /// Western Europe with the euro.
    Cp858,
    /// The Western page of Windows.
    Wpc1252,
}

/// What stands for a byte without a character.
const NONE: char = '\u{fffd}';

impl CodePage {
    /// Every page.
    pub const ALL: [CodePage; 3] = [CodePage::Cp437, CodePage::Cp858, CodePage::Wpc1252];

    /// The byte above 0x7F that prints this character, if the page has it.
    pub fn encode(self, c: char) -> Option<u8> {
        if c == NONE {
            return None;
        }
        let index = self.upper_half().chars().position(|known| known == c)?;
        u8::try_from(index + 0x80).ok()
    }

    /// The character of a byte, if the page has one; bytes below 0x80 are ASCII.
    pub fn decode(self, byte: u8) -> Option<char> {
        if byte < 0x80 {
            return Some(char::from(byte));
        }
        self.upper_half().chars().nth(usize::from(byte) - 0x80).filter(|&c| c != NONE)
    }

    /// The characters of 0x80 to 0xFF in order.
    fn upper_half(self) -> &'static str {
        match self {
            CodePage::Cp437 => concat!(
                "ÇüéâäàåçêëèïîìÄÅ",
                "ÉæÆôöòûùÿÖÜ¢£¥₧ƒ",
                "áíóúñÑªº¿⌐¬½¼¡«»",
                "░▒▓│┤╡╢╖╕╣║╗╝╜╛┐",
                "└┴┬├─┼╞╟╚╔╩╦╠═╬╧",
                "╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀",
                "αßΓπΣσµτΦΘΩδ∞φε∩",
                "≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
            ),
            CodePage::Cp858 => concat!(
                "ÇüéâäàåçêëèïîìÄÅ",
                "ÉæÆôöòûùÿÖÜø£Ø×ƒ",
                "áíóúñÑªº¿®¬½¼¡«»",
                "░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐",
                "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤",
                "ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀",
                "ÓßÔÒõÕµþÞÚÛÙýÝ¯´",
                "\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
            ),
            CodePage::Wpc1252 => concat!(
                "€\u{fffd}‚ƒ„…†‡ˆ‰Š‹Œ\u{fffd}Ž\u{fffd}",
                "\u{fffd}‘’“”•–—˜™š›œ\u{fffd}žŸ",
                "\u{a0}¡¢£¤¥¦§¨©ª«¬\u{ad}®¯",
                "°±²³´µ¶·¸¹º»¼½¾¿",
                "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ",
                "ÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞß",
                "àáâãäåæçèéêëìíîï",
                "ðñòóôõö÷øùúûüýþÿ",
            ),
        }
    }
}
