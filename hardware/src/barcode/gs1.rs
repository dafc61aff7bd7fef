//! GS1 element strings: what a GS1-128, DataBar, DataMatrix or QR code says besides the number of the goods.
//!
//! An element is an application identifier of two to four digits and its field. Fields of variable length end at the
//! group separator (0x1D) or at the end of the code.

use super::check_digit;
use super::gs1_table::{FIXED, Row, TABLE};

/// The group separator, sent for FNC1 between two elements.
pub const SEPARATOR: char = '\u{1d}';
/// Longer texts are no GS1 code: the largest symbol holds fewer characters.
const MOST_BYTES: usize = 4096;

/// What one part of a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// So many digits.
    Exactly(usize),
    /// Digits, from so many to so many.
    UpTo(usize, usize),
    /// One of these numbers of digits.
    Digits(&'static [usize]),
    /// Characters of the invariant set, from so many to so many.
    Alpha(usize, usize),
    /// Letters and digits of base 64 for file names, one to so many.
    File64(usize),
    /// So many capitals or digits.
    Capitals(usize),
    /// YYMMDD; day 00 is the last of the month.
    Date,
    /// 0 or 1.
    Flag,
    /// A minus sign or nothing.
    Minus,
}

/// Why a text is no sequence of element strings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Gs1Error {
    /// Nothing to read, or far too much.
    #[error("a GS1 code has 1 to {MOST_BYTES} characters")]
    Length,
    /// No identifier begins here.
    #[error("no application identifier begins at character {at}")]
    Identifier {
        /// Counted from 0.
        at: usize,
    },
    /// The field does not fit its identifier.
    #[error("the field at character {at} does not fit its application identifier")]
    Field {
        /// Counted from 0, where the identifier begins.
        at: usize,
    },
    /// A number of goods or of a parcel with a wrong check digit.
    #[error("the check digit of the field at character {at} is wrong")]
    CheckDigit {
        /// Counted from 0, where the identifier begins.
        at: usize,
    },
}

/// One element: an identifier and its field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// The application identifier.
    pub ai: String,
    /// Its field as it stands in the code.
    pub value: String,
}

/// A day without a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// The year, four digits.
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A figure with decimals: `value / 10^decimals`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// The digits as a whole number.
    pub value: u64,
    /// How many of them are decimals.
    pub decimals: u8,
}

impl Figure {
    /// The figure in units of `10^-decimals`, where nothing is lost by that.
    pub fn scaled(self, decimals: u8) -> Option<u64> {
        let (more, less) = (decimals.saturating_sub(self.decimals), self.decimals.saturating_sub(decimals));
        let value = self.value.checked_mul(10_u64.checked_pow(more.into())?)?;
        let divisor = 10_u64.checked_pow(less.into())?;
        value.is_multiple_of(divisor).then(|| value / divisor)
    }
}

/// What a GS1 code says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Message {
    /// The elements in their order.
    pub elements: Vec<Element>,
}

/// Reads element strings without a symbology identifier.
///
/// # Errors
/// See [`Gs1Error`]; nothing is guessed, a text is read to its end or refused.
pub fn parse(text: &str) -> Result<Message, Gs1Error> {
    let start = text.len() - text.trim_start_matches(SEPARATOR).len();
    let end = text.trim_end_matches(SEPARATOR).len();
    if start >= end || text.len() > MOST_BYTES {
        return Err(Gs1Error::Length);
    }
    let mut at = start;
    let mut elements = Vec::new();
    while at < end {
        let rest = &text[at..end];
        let (length, parts) = identifier(rest).ok_or(Gs1Error::Identifier { at })?;
        let ai = &rest[..length];
        let until = rest.find(SEPARATOR).unwrap_or(rest.len());
        let field = rest.get(length..until).ok_or(Gs1Error::Field { at })?;
        let fixed = FIXED.contains(&&ai[..2]);
        let field = if fixed {
            let size = parts.iter().map(|part| part.size()).sum();
            field.get(..size).ok_or(Gs1Error::Field { at })?
        } else {
            field
        };
        if !fits(field, parts) {
            return Err(Gs1Error::Field { at });
        }
        if matches!(ai, "00" | "01" | "02" | "03" | "8017" | "8018") && !check_digit::is_valid(field) {
            return Err(Gs1Error::CheckDigit { at });
        }
        elements.push(Element { ai: ai.to_owned(), value: field.to_owned() });
        at += length + field.len();
        while text[at..end].starts_with(SEPARATOR) {
            at += 1;
        }
    }
    Ok(Message { elements })
}

/// The identifier that a text begins with: its length and what its field holds.
fn identifier(text: &str) -> Option<(usize, &'static [Part])> {
    let holds = |(from, to, _): &&Row| {
        let Some(ai) = text.get(..from.len()) else { return false };
        if let Some(first) = from.strip_suffix("..") {
            return ai.bytes().all(|byte| byte.is_ascii_digit())
                && (first..=to.trim_end_matches('.')).contains(&&ai[..2])
                && is_measure(ai.as_bytes());
        }
        (*from..=*to).contains(&ai)
    };
    TABLE.iter().find(holds).map(|(from, _, parts)| (from.len(), *parts))
}

/// Which of 3100 to 3699 are measures.
fn is_measure(ai: &[u8]) -> bool {
    let kind = match (ai[1], ai[2]) {
        (b'1', kind) => kind <= b'6',
        (b'2' | b'6', _) => true,
        (b'3' | b'5', kind) => kind <= b'7',
        (b'4', _) => true,
        _ => false,
    };
    kind && ai[3] <= b'5'
}

impl Part {
    /// Characters of a part with one length.
    fn size(self) -> usize {
        match self {
            Self::Exactly(size) | Self::Capitals(size) => size,
            Self::Date => 6,
            Self::Flag => 1,
            Self::UpTo(_, most) | Self::Alpha(_, most) | Self::File64(most) => most,
            Self::Digits(sizes) => sizes.last().copied().unwrap_or(0),
            Self::Minus => 0,
        }
    }

    /// How many characters this part takes of `text`, the last part all that is left.
    fn take(self, text: &str, last: bool) -> Option<usize> {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let within = |low: usize, most: usize, fits: fn(&u8) -> bool| {
            let size = if last { text.len() } else { low };
            ((low..=most).contains(&size) && text.len() >= size && text.as_bytes()[..size].iter().all(fits))
                .then_some(size)
        };
        match self {
            Self::Exactly(size) => text.get(..size).is_some_and(digits).then_some(size),
            Self::UpTo(low, most) => within(low, most, u8::is_ascii_digit),
            Self::Digits(sizes) => (sizes.contains(&text.len()) && digits(text)).then_some(text.len()),
            Self::Alpha(low, most) => within(low, most, is_invariant),
            Self::File64(most) => {
                within(1, most, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
            }
            Self::Capitals(size) => {
                within(size, size, |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            }
            Self::Date => text.get(..6).is_some_and(is_day).then_some(6),
            Self::Flag => matches!(text, "0" | "1").then_some(1),
            Self::Minus => matches!(text, "" | "-").then_some(text.len()),
        }
    }
}

/// The 82 characters of GS1's set (ISO/IEC 646 less those that differ by country).
fn is_invariant(byte: &u8) -> bool {
    matches!(byte, b'!' | b'"' | b'%'..=b'?' | b'A'..=b'Z' | b'_' | b'a'..=b'z')
}

fn is_day(text: &str) -> bool {
    let number = |range: std::ops::Range<usize>| text[range].parse::<u8>().unwrap_or(u8::MAX);
    text.bytes().all(|byte| byte.is_ascii_digit()) && (1..=12).contains(&number(2..4)) && number(4..6) <= 31
}

fn fits(field: &str, parts: &[Part]) -> bool {
    let mut rest = field;
    for (index, part) in parts.iter().enumerate() {
        match part.take(rest, index + 1 == parts.len()).and_then(|size| rest.get(size..)) {
            Some(left) => rest = left,
            None => return false,
        }
    }
    rest.is_empty()
}

impl Message {
    /// The field of an identifier, the first when it stands twice.
    pub fn value(&self, ai: &str) -> Option<&str> {
        self.elements.iter().find(|element| element.ai == ai).map(|element| element.value.as_str())
    }

    /// The number of the goods, 14 digits: of the item itself, or of what a pack holds.
    pub fn gtin(&self) -> Option<&str> {
        self.value("01").or_else(|| self.value("02"))
    }

    /// The batch or lot.
    pub fn lot(&self) -> Option<&str> {
        self.value("10")
    }

    /// The serial number.
    pub fn serial(&self) -> Option<&str> {
        self.value("21")
    }

    /// The last day on which the goods may be used or sold (17, else 16, else 15 best before), as seen in `year`.
    pub fn expiry(&self, year: u16) -> Option<Day> {
        ["17", "16", "15"].iter().find_map(|ai| day(self.value(ai)?, year))
    }

    /// The net weight in kilograms (310n).
    pub fn net_weight_kg(&self) -> Option<Figure> {
        self.figure("310", 0)
    }

    /// The price of this one piece in the outlet's currency (392n), or with its ISO 4217 number (393n).
    pub fn price(&self) -> Option<(Option<u16>, Figure)> {
        if let Some(figure) = self.figure("392", 0) {
            return Some((None, figure));
        }
        let currency = self.starting("393")?.value.get(..3)?.parse().ok()?;
        Some((Some(currency), self.figure("393", 3)?))
    }

    /// How many pieces (30, or 37 of a pack).
    pub fn count(&self) -> Option<u32> {
        self.value("30").or_else(|| self.value("37"))?.parse().ok()
    }

    fn starting(&self, ai: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.ai.len() == 4 && element.ai.starts_with(ai))
    }

    fn figure(&self, ai: &str, skipped: usize) -> Option<Figure> {
        let element = self.starting(ai)?;
        let decimals = element.ai.as_bytes().last()? - b'0';
        Some(Figure { value: element.value.get(skipped..)?.parse().ok()?, decimals })
    }
}

/// The day behind YYMMDD as seen in `year`: the century that puts it nearest (GS1 General Specifications 7.12).
fn day(text: &str, year: u16) -> Option<Day> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<u8>().ok();
    let (short, month, day) = (number(0..2)?, number(2..4)?, number(4..6)?);
    let century = year / 100 * 100;
    let ahead = i32::from(short) - i32::from(year % 100);
    let full = u16::from(short)
        + match ahead {
            51.. => century.checked_sub(100)?,
            -49..=50 => century,
            _ => century.checked_add(100)?,
        };
    let last = last_day(full, month)?;
    match day {
        0 => Some(Day { year: full, month, day: last }),
        day if day <= last => Some(Day { year: full, month, day }),
        _ => None,
    }
}

fn last_day(year: u16, month: u8) -> Option<u8> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    Some(match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_label_of_cheese_says_weight_lot_and_day() {
        let message = parse("0105412345000013310300018910ABC123\u{1d}17290331").unwrap();
        let read: Vec<_> = message.elements.iter().map(|e| (e.ai.as_str(), e.value.as_str())).collect();
        assert_eq!(read, [("01", "05412345000013"), ("3103", "000189"), ("10", "ABC123"), ("17", "290331")]);
        assert_eq!(message.gtin(), Some("05412345000013"));
        assert_eq!(message.lot(), Some("ABC123"));
        assert_eq!(message.net_weight_kg().unwrap().scaled(3), Some(189));
        assert_eq!(message.expiry(2026).unwrap().to_string(), "2029-03-31");
    }

    #[test]
    fn prices_counts_and_serials_are_read() {
        let message = parse("01054123450000133922001250\u{1d}21S-7\u{1d}3712").unwrap();
        assert_eq!(message.price(), Some((None, Figure { value: 1250, decimals: 2 })));
        assert_eq!((message.serial(), message.count()), (Some("S-7"), Some(12)));
        let foreign = parse("01054123450000133932978001250").unwrap();
        assert_eq!(foreign.price(), Some((Some(978), Figure { value: 1250, decimals: 2 })));
    }

    #[test]
    fn days_find_their_century_and_the_end_of_their_month() {
        for (text, year, expected) in [
            ("290331", 2026, Some("2029-03-31")),
            ("260200", 2026, Some("2026-02-28")),
            ("280200", 2026, Some("2028-02-29")),
            ("990101", 2026, Some("1999-01-01")),
            ("760101", 2026, Some("2076-01-01")),
            ("770101", 2026, Some("1977-01-01")),
            ("010101", 2099, Some("2101-01-01")),
            ("260230", 2026, None),
        ] {
            assert_eq!(day(text, year).map(|day| day.to_string()).as_deref(), expected, "{text} in {year}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (text, error) in [
            ("", Gs1Error::Length),
            ("\u{1d}", Gs1Error::Length),
            ("0105412345000014", Gs1Error::CheckDigit { at: 0 }),
            ("010541234500001", Gs1Error::Field { at: 0 }),
            ("17291331", Gs1Error::Field { at: 0 }),
            ("10", Gs1Error::Field { at: 0 }),
            ("10ABC~", Gs1Error::Field { at: 0 }),
            ("0500000", Gs1Error::Identifier { at: 0 }),
            ("8992761111113", Gs1Error::Identifier { at: 0 }),
            ("3106000189", Gs1Error::Identifier { at: 0 }),
            ("10AB\u{1d}99", Gs1Error::Field { at: 5 }),
        ] {
            assert_eq!(parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn figures_change_their_scale_only_without_loss() {
        let figure = Figure { value: 1250, decimals: 2 };
        assert_eq!(
            (figure.scaled(2), figure.scaled(4), figure.scaled(1)),
            (Some(1250), Some(125_000), Some(125))
        );
        assert_eq!(figure.scaled(0), None);
        assert_eq!(Figure { value: u64::MAX, decimals: 0 }.scaled(1), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC*|[0-9\u{1d}]{0,60}") {
            if let Ok(message) = parse(&text) {
                // What was read is the text again, but for separators.
                let again: String = message.elements.iter().map(|e| format!("{}{}", e.ai, e.value)).collect();
                prop_assert_eq!(again, text.replace(SEPARATOR, ""));
                let _ = (message.expiry(2026), message.price(), message.net_weight_kg(), message.count());
            }
        }
    }
}
