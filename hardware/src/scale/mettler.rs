//! Mettler-Toledo 8217: `W` is answered by STX, the weight, CR, or by STX `?` and a status byte when there is none to give.

use super::{Parsed, Reading, Unit, grams};

const STX: u8 = 0x02;

pub(super) fn parse(received: &[u8], unit: Unit) -> Parsed {
    // Seven bits: a wire that was opened with eight shows the parity in the highest.
    let received: Vec<u8> = received.iter().map(|byte| byte & 0x7f).collect();
    let Some(start) = received.iter().position(|byte| *byte == STX) else {
        return if received.is_empty() { Parsed::Incomplete } else { Parsed::Malformed };
    };
    let frame = &received[start + 1..];
    match frame {
        // The status byte may be any, a CR among them: the frame has its length.
        [b'?', status, b'\r', ..] => Parsed::Reading(of_status(*status)),
        [b'?', _, _, ..] => Parsed::Malformed,
        [b'?', ..] => Parsed::Incomplete,
        _ => match frame.iter().position(|byte| *byte == b'\r') {
            Some(end) => {
                let digits = frame[..end].strip_suffix(b"N").unwrap_or(&frame[..end]);
                grams(digits, unit)
                    .map_or(Parsed::Malformed, |grams| Parsed::Reading(Reading::Stable { grams }))
            }
            None if frame.len() > 12 => Parsed::Malformed,
            None => Parsed::Incomplete,
        },
    }
}

/// Bits: 0 moving, 1 over capacity, 2 below zero, 3 outside the range for zero, 4 centre of zero, 5 net.
fn of_status(status: u8) -> Reading {
    if status & 0b10 != 0 {
        Reading::TooHeavy
    } else if status & 0b100 != 0 {
        Reading::BelowZero
    } else if status & 0b1 != 0 {
        Reading::Moving
    } else if status & 0b1000 != 0 {
        Reading::Fault
    } else {
        // At rest and yet no weight: it stands at zero.
        Reading::Stable { grams: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read() {
        for (bytes, parsed) in [
            (&b"\x0201.235\r"[..], Parsed::Reading(Reading::Stable { grams: 1235 })),
            (b"\x02 1.235N\r", Parsed::Reading(Reading::Stable { grams: 1235 })),
            (b"\x02?\x41\r", Parsed::Reading(Reading::Moving)),
            (b"\x02?\x42\r", Parsed::Reading(Reading::TooHeavy)),
            (b"\x02?\x44\r", Parsed::Reading(Reading::BelowZero)),
            (b"\x02?\x48\r", Parsed::Reading(Reading::Fault)),
            (b"\x02?\x50\r", Parsed::Reading(Reading::Stable { grams: 0 })),
            (b"", Parsed::Incomplete),
            (b"\x0201.2", Parsed::Incomplete),
            (b"\x02?", Parsed::Incomplete),
            (b"\x02E\rhello", Parsed::Malformed),
            (b"garbage", Parsed::Malformed),
            (b"\x02?\x41x", Parsed::Malformed),
        ] {
            assert_eq!(parse(bytes, Unit::Kilogram), parsed, "{bytes:?}");
        }
    }
}
