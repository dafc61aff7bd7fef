//! Adam: `P` CR LF is answered by a line such as `1.23kg`, or by nothing while nothing changes.

use super::{Parsed, Reading, Unit, grams};

pub(super) fn parse(received: &[u8], unit: Unit) -> Parsed {
    let Some(end) = received.iter().position(|byte| *byte == b'\n') else { return Parsed::Incomplete };
    let line = received[..end].trim_ascii();
    // Some models put words before the weight: `ST,GS` at rest, `US,GS` moving, `OL` beyond range.
    let (words, weight) = match line.iter().rposition(|byte| *byte == b',') {
        Some(at) if line[..at].iter().any(u8::is_ascii_alphabetic) => line.split_at(at + 1),
        _ => (&[][..], line),
    };
    if words.starts_with(b"US") {
        return Parsed::Reading(Reading::Moving);
    }
    if words.starts_with(b"OL") || weight.starts_with(b"OL") {
        return Parsed::Reading(Reading::TooHeavy);
    }
    let letters = weight.iter().position(u8::is_ascii_alphabetic).unwrap_or(weight.len());
    let (digits, name) = weight.split_at(letters);
    let digits = digits.trim_ascii();
    if digits.starts_with(b"-") {
        return Parsed::Reading(Reading::BelowZero);
    }
    let digits = digits.strip_prefix(b"+").unwrap_or(digits);
    let unit = if name.is_empty() { Some(unit) } else { Unit::parse(name) };
    unit.and_then(|unit| grams(digits, unit))
        .map_or(Parsed::Malformed, |grams| Parsed::Reading(Reading::Stable { grams }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        for (line, parsed) in [
            (&b"1.23kg\r\n"[..], Parsed::Reading(Reading::Stable { grams: 1230 })),
            (b"+  0.500 kg\r\n", Parsed::Reading(Reading::Stable { grams: 500 })),
            (b"ST,GS,  1.230kg\r\n", Parsed::Reading(Reading::Stable { grams: 1230 })),
            (b"US,GS,  1.230kg\r\n", Parsed::Reading(Reading::Moving)),
            (b"-0.02kg\r\n", Parsed::Reading(Reading::BelowZero)),
            (b"OL\r\n", Parsed::Reading(Reading::TooHeavy)),
            (b"1.2", Parsed::Incomplete),
            (b"error\r\n", Parsed::Malformed),
        ] {
            assert_eq!(parse(line, Unit::Kilogram), parsed, "{line:?}");
        }
    }
}
