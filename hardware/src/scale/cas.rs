//! CAS: ENQ is answered by ACK, DC1 by a frame of fifteen bytes with a check sum.

use super::{Parsed, Reading, Unit, grams};

pub(super) const ENQ: u8 = 0x05;
pub(super) const DC1: u8 = 0x11;
const ACK: u8 = 0x06;
const NAK: u8 = 0x15;
const SOH: u8 = 0x01;
const STX: u8 = 0x02;
const ETX: u8 = 0x03;
const EOT: u8 = 0x04;

pub(super) fn parse(received: &[u8]) -> Parsed {
    match received {
        [] => Parsed::Incomplete,
        [ACK] => Parsed::Acknowledged,
        [ACK, frame @ ..] | frame => match frame {
            [SOH, STX, state, sign, w5, w4, w3, w2, w1, w0, u1, u0, sum, ETX, EOT, ..] => {
                let summed =
                    [state, sign, w5, w4, w3, w2, w1, w0, u1, u0].into_iter().fold(0, |sum, byte| sum ^ byte);
                if summed != *sum {
                    return Parsed::Malformed;
                }
                of_frame(*state, *sign, &[*w5, *w4, *w3, *w2, *w1, *w0], &[*u1, *u0])
            }
            [SOH, ..] if frame.len() < 15 => Parsed::Incomplete,
            [NAK, ..] => Parsed::Reading(Reading::Fault),
            _ => Parsed::Malformed,
        },
    }
}

fn of_frame(state: u8, sign: u8, weight: &[u8], unit: &[u8]) -> Parsed {
    let reading = match (state, sign) {
        (_, b'F') => Reading::TooHeavy,
        (b'U', _) => Reading::Moving,
        (b'S', b'-') => Reading::BelowZero,
        (b'S', b' ' | b'+') => {
            let Some(grams) = Unit::parse(unit).and_then(|unit| grams(weight, unit)) else {
                return Parsed::Malformed;
            };
            Reading::Stable { grams }
        }
        _ => return Parsed::Malformed,
    };
    Parsed::Reading(reading)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(body: &[u8]) -> Vec<u8> {
        let sum = body.iter().fold(0, |sum, byte| sum ^ byte);
        [&[SOH, STX], body, &[sum, ETX, EOT]].concat()
    }

    #[test]
    fn frames_are_read() {
        for (body, reading) in [
            (b"S 01.234kg", Reading::Stable { grams: 1234 }),
            (b"S  1234  g", Reading::Stable { grams: 1234 }),
            (b"U 01.234kg", Reading::Moving),
            (b"S-01.234kg", Reading::BelowZero),
            (b"SF99.999kg", Reading::TooHeavy),
        ] {
            assert_eq!(parse(&frame(body)), Parsed::Reading(reading), "{body:?}");
        }
        assert_eq!(parse(&[ACK]), Parsed::Acknowledged);
        assert_eq!(parse(&[]), Parsed::Incomplete);
        let whole = frame(b"S 01.234kg");
        for length in 1..whole.len() {
            assert_eq!(parse(&whole[..length]), Parsed::Incomplete, "{length} bytes");
        }
    }

    #[test]
    fn a_damaged_frame_is_no_weight() {
        let whole = frame(b"S 01.234kg");
        for at in 2..whole.len() - 2 {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            assert_eq!(parse(&damaged), Parsed::Malformed, "byte {at}");
        }
    }
}
