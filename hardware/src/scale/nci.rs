//! NCI, Weigh-Tronix and Avery-Berkel: `W` CR is answered by a weight with its unit, status bytes and ETX.
//!
//! SCP-01 sends the status bare, SCP-02 behind an `S`; who is asked while moving may send the status alone.

use super::{Parsed, Reading, Unit, grams};

const ETX: u8 = 0x03;

pub(super) fn parse(received: &[u8], unit: Unit) -> Parsed {
    let Some(end) = received.iter().position(|byte| *byte == ETX) else { return Parsed::Incomplete };
    let mut parts =
        received[..end].split(|byte| matches!(byte, b'\r' | b'\n')).filter(|part| !part.is_empty());
    let (Some(first), second, None) = (parts.next(), parts.next(), parts.next()) else {
        return Parsed::Malformed;
    };
    let (weight, status) = match second {
        Some(status) => (Some(first), status),
        None => (None, first),
    };
    match (of_status(status), weight) {
        (None, _) => Parsed::Malformed,
        (Some(Some(reading)), _) => Parsed::Reading(reading),
        // At rest: now the weight must be one.
        (Some(None), Some(weight)) => {
            let letters = weight.iter().position(u8::is_ascii_alphabetic).unwrap_or(weight.len());
            let (digits, name) = weight.split_at(letters);
            if digits.trim_ascii_start().first() == Some(&b'-') {
                return Parsed::Reading(Reading::BelowZero);
            }
            let unit = if name.is_empty() { Some(unit) } else { Unit::parse(name) };
            unit.and_then(|unit| grams(digits, unit))
                .map_or(Parsed::Malformed, |grams| Parsed::Reading(Reading::Stable { grams }))
        }
        (Some(None), None) => Parsed::Reading(Reading::Stable { grams: 0 }),
    }
}

/// What the status bytes say: no status at all, a reading that is no weight, or "at rest".
fn of_status(status: &[u8]) -> Option<Option<Reading>> {
    let status = status.strip_prefix(b"S").unwrap_or(status);
    let (&[first, second], _) = status.split_first_chunk::<2>()?;
    // Two bits that are always set and one that never is tell a status from anything else.
    if first & 0x30 != 0x30 || second & 0x30 != 0x30 {
        return None;
    }
    let reading = if first & 0b1100 != 0 || second & 0b1100 != 0 {
        Some(Reading::Fault)
    } else if second & 0b10 != 0 {
        Some(Reading::TooHeavy)
    } else if second & 0b1 != 0 {
        Some(Reading::BelowZero)
    } else if first & 0b1 != 0 {
        Some(Reading::Moving)
    } else {
        None
    };
    Some(reading)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_both_dialects_are_read() {
        let stable = |grams| Parsed::Reading(Reading::Stable { grams });
        for (bytes, parsed) in [
            (&b"\n0001.25KG\r\n00\r\x03"[..], stable(1250)),
            (b"\n00.250LB\r\nS00\r\x03", stable(113)),
            (b"\n00.000LB\n\rS20\r\x03", stable(0)),
            (b"\n0001.25KG\r\n10\r\x03", Parsed::Reading(Reading::Moving)),
            (b"\n______KG\r\nS02\r\x03", Parsed::Reading(Reading::TooHeavy)),
            (b"\n-001.25KG\r\n01\r\x03", Parsed::Reading(Reading::BelowZero)),
            (b"\n-001.25KG\r\n00\r\x03", Parsed::Reading(Reading::BelowZero)),
            (b"\n10\r\x03", Parsed::Reading(Reading::Moving)),
            (b"\n0001.25KG\r\n04\r\x03", Parsed::Reading(Reading::Fault)),
            (b"\n?\r\x03", Parsed::Malformed),
            (b"\n0001.25XX\r\n00\r\x03", Parsed::Malformed),
            (b"\n0001.25KG\r\n", Parsed::Incomplete),
            (b"", Parsed::Incomplete),
            (b"\x03", Parsed::Malformed),
        ] {
            assert_eq!(parse(bytes, Unit::Kilogram), parsed, "{bytes:?}");
        }
    }
}
