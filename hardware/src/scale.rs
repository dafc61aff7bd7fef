//! Counter scales: asking for the weight and judging whether it may be sold by.
//!
//! A protocol is pure: [`Protocol::request`] are the bytes to send, [`Protocol::parse`] reads what came back, whole or not.
//! [`Scale`] puts it on a wire. Only [`Reading::sellable`] gives a weight for a line: stable, above zero, within range.

mod adam;
mod cas;
mod mettler;
mod nci;

use std::time::{Duration, Instant};

use crate::printer::Connect;
use crate::transport::{Transport, TransportError, TransportErrorKind};

/// What a scale that speaks to the till speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// Mettler-Toledo 8217 (9600 baud, 7 bits, even parity); its weights carry no unit.
    Mettler8217,
    /// NCI, Weigh-Tronix and Avery-Berkel (SCP-01, SCP-02).
    Nci,
    /// CAS (ENQ, DC1).
    Cas,
    /// Adam (4800 baud); silent while nothing changes.
    Adam,
}

impl Protocol {
    /// Every protocol with its name in settings.
    pub const ALL: [(&'static str, Self); 4] =
        [("mettler", Self::Mettler8217), ("nci", Self::Nci), ("cas", Self::Cas), ("adam", Self::Adam)];

    /// The protocol of a name in settings.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, protocol)| protocol)
    }

    /// The bytes that ask for the weight, one piece for each answer to wait for.
    pub fn request(self) -> &'static [&'static [u8]] {
        match self {
            Self::Mettler8217 => &[b"W"],
            Self::Nci => &[b"W\r"],
            Self::Cas => &[&[cas::ENQ], &[cas::DC1]],
            Self::Adam => &[b"P\r\n"],
        }
    }

    /// The bytes that set the scale to zero, where it can be told so.
    pub fn zero(self) -> Option<&'static [u8]> {
        match self {
            Self::Mettler8217 => Some(b"Z"),
            Self::Nci => Some(b"Z\r"),
            Self::Cas | Self::Adam => None,
        }
    }

    /// Reads what came back so far; `unit` is that of a scale that names none.
    pub fn parse(self, received: &[u8], unit: Unit) -> Parsed {
        match self {
            Self::Mettler8217 => mettler::parse(received, unit),
            Self::Nci => nci::parse(received, unit),
            Self::Cas => cas::parse(received),
            Self::Adam => adam::parse(received, unit),
        }
    }
}

/// A unit of weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Unit {
    /// Kilograms.
    #[default]
    Kilogram,
    /// Grams.
    Gram,
    /// Pounds of 453.59237 g.
    Pound,
    /// Ounces, a sixteenth of a pound.
    Ounce,
}

impl Unit {
    /// Every unit with its name in settings.
    pub const ALL: [(&'static str, Self); 4] =
        [("kg", Self::Kilogram), ("g", Self::Gram), ("lb", Self::Pound), ("oz", Self::Ounce)];

    /// The unit of a name in settings.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, unit)| unit)
    }

    fn parse(text: &[u8]) -> Option<Self> {
        match text.trim_ascii().to_ascii_lowercase().as_slice() {
            b"kg" => Some(Self::Kilogram),
            b"g" => Some(Self::Gram),
            b"lb" | b"lbs" => Some(Self::Pound),
            b"oz" => Some(Self::Ounce),
            _ => None,
        }
    }

    /// Micrograms of one unit.
    fn micrograms(self) -> u64 {
        match self {
            Self::Kilogram => 1_000_000_000,
            Self::Gram => 1_000_000,
            Self::Pound => 453_592_370,
            Self::Ounce => 28_349_523,
        }
    }
}

/// What a scale says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// At rest, with this weight in grams, rounded to the nearest.
    Stable {
        /// The weight.
        grams: u32,
    },
    /// Still moving.
    Moving,
    /// Less than nothing is on it: it wants to be set to zero.
    BelowZero,
    /// More is on it than it can weigh.
    TooHeavy,
    /// It reports a fault of its own.
    Fault,
}

/// Why a reading gives no weight to sell by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotSellable {
    /// Still moving.
    #[error("the scale is not at rest")]
    Moving,
    /// Below zero, or nothing left after the tare.
    #[error("there is nothing on the scale")]
    Nothing,
    /// Too heavy for the scale or for its setting.
    #[error("the weight is beyond the range of the scale")]
    OutOfRange,
    /// A fault of the scale.
    #[error("the scale reports a fault")]
    Fault,
}

impl Reading {
    /// The net weight in grams when it may be sold by: at rest, above zero after the tare, at most `capacity_g`.
    ///
    /// # Errors
    /// Why it may not.
    pub fn sellable(self, tare_g: u32, capacity_g: u32) -> Result<u32, NotSellable> {
        match self {
            Self::Stable { grams } if grams > capacity_g => Err(NotSellable::OutOfRange),
            Self::Stable { grams } => match grams.checked_sub(tare_g) {
                None | Some(0) => Err(NotSellable::Nothing),
                Some(net) => Ok(net),
            },
            Self::Moving => Err(NotSellable::Moving),
            Self::BelowZero => Err(NotSellable::Nothing),
            Self::TooHeavy => Err(NotSellable::OutOfRange),
            Self::Fault => Err(NotSellable::Fault),
        }
    }
}

/// How far an answer is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parsed {
    /// More bytes must come.
    Incomplete,
    /// The scale has heard us and waits for the next piece of the request.
    Acknowledged,
    /// A whole answer.
    Reading(Reading),
    /// This is no answer of such a scale, or it was damaged on the wire.
    Malformed,
}

/// A weight as digits: `value / 10^decimals` of a unit, rounded to grams.
fn grams(digits: &[u8], unit: Unit) -> Option<u32> {
    let digits = digits.trim_ascii();
    let (mut value, mut decimals, mut seen, mut after_point) = (0_u64, 0_u32, false, false);
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                value = value.checked_mul(10)?.checked_add(u64::from(byte - b'0'))?;
                seen = true;
                decimals += u32::from(after_point);
            }
            b'.' | b',' if !after_point => after_point = true,
            _ => return None,
        }
    }
    if !seen || decimals > 6 {
        return None;
    }
    let micrograms = u128::from(value) * u128::from(unit.micrograms());
    let per_gram = 1_000_000_u128 * 10_u128.pow(decimals);
    u32::try_from((micrograms + per_gram / 2) / per_gram).ok()
}

/// Why a scale gave no reading.
#[derive(Debug, thiserror::Error)]
pub enum ScaleError {
    /// The wire failed.
    #[error("cannot ask the scale")]
    Wire(#[from] TransportError),
    /// It answered nothing in time.
    #[error("the scale did not answer")]
    Silent,
    /// What it answered makes no sense, such as a wrong check sum.
    #[error("the scale answered something that is no weight")]
    Malformed,
}

/// The most bytes of an answer.
const MOST_BYTES: usize = 256;
/// How long the last word of a scale stands that says nothing while nothing changes, and nothing while goods move either.
const STANDS: Duration = Duration::from_secs(3);
/// How long opening the wire may take.
const CONNECT: Duration = Duration::from_millis(800);

/// A scale on its wire. A failed question drops the connection; the next one opens a new one.
pub struct Scale<C> {
    connect: C,
    protocol: Protocol,
    unit: Unit,
    wire: Option<Box<dyn Transport>>,
    /// What it said last on this connection, and when.
    last: Option<(Reading, Instant)>,
}

impl<C: Connect> Scale<C> {
    /// A scale that is not asked yet.
    pub fn new(connect: C, protocol: Protocol, unit: Unit) -> Self {
        Self { connect, protocol, unit, wire: None, last: None }
    }

    /// Asks for the weight.
    ///
    /// # Errors
    /// See [`ScaleError`]; the next question begins with a new connection.
    pub fn weigh(&mut self, patience: Duration) -> Result<Reading, ScaleError> {
        let deadline = Instant::now() + patience;
        let mut wire = match self.wire.take() {
            Some(wire) => wire,
            None => {
                self.last = None;
                self.connect.connect(CONNECT.min(patience))?
            }
        };
        let asked = ask(&mut *wire, self.protocol, self.unit, deadline);
        match (asked, self.last) {
            (Ok(reading), _) => {
                self.wire = Some(wire);
                self.last = Some((reading, Instant::now()));
                Ok(reading)
            }
            // No news: what it said just now still stands; a little later the goods may be others.
            (Err(ScaleError::Silent), Some((last, said)))
                if self.protocol == Protocol::Adam && said.elapsed() < STANDS =>
            {
                self.wire = Some(wire);
                Ok(last)
            }
            (Err(error), _) => Err(error),
        }
    }

    /// Sets the scale to zero.
    ///
    /// # Errors
    /// When it cannot be reached; a scale that cannot be told so is left alone.
    pub fn zero(&mut self, patience: Duration) -> Result<(), ScaleError> {
        let Some(bytes) = self.protocol.zero() else { return Ok(()) };
        let mut wire = match self.wire.take() {
            Some(wire) => wire,
            None => self.connect.connect(CONNECT.min(patience))?,
        };
        wire.write_all(bytes, Instant::now() + patience)?;
        // Its answer says nothing that the next reading does not say: it is dropped with the connection.
        Ok(())
    }
}

fn ask(
    wire: &mut dyn Transport,
    protocol: Protocol,
    unit: Unit,
    deadline: Instant,
) -> Result<Reading, ScaleError> {
    for piece in protocol.request() {
        wire.write_all(piece, deadline)?;
        let mut received = Vec::new();
        loop {
            match protocol.parse(&received, unit) {
                Parsed::Reading(reading) => return Ok(reading),
                Parsed::Acknowledged => break,
                Parsed::Malformed => return Err(ScaleError::Malformed),
                Parsed::Incomplete if received.len() >= MOST_BYTES => return Err(ScaleError::Malformed),
                Parsed::Incomplete => {}
            }
            let mut buffer = [0; 64];
            match wire.read(&mut buffer, deadline) {
                Ok(count) => received.extend_from_slice(&buffer[..count]),
                Err(error) if error.kind() == TransportErrorKind::TimedOut => {
                    return Err(if received.is_empty() { ScaleError::Silent } else { ScaleError::Malformed });
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    Err(ScaleError::Malformed)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn weights_become_grams_to_the_nearest() {
        for (digits, unit, expected) in [
            ("01.235", Unit::Kilogram, Some(1235)),
            ("1,2355", Unit::Kilogram, Some(1236)),
            ("250", Unit::Gram, Some(250)),
            ("1.00", Unit::Pound, Some(454)),
            ("0.5", Unit::Ounce, Some(14)),
            (" 2.5 ", Unit::Kilogram, Some(2500)),
            ("", Unit::Gram, None),
            (".", Unit::Gram, None),
            ("1.2.3", Unit::Gram, None),
            ("-1", Unit::Gram, None),
            ("99999999999999999999", Unit::Gram, None),
            ("1.0000000", Unit::Kilogram, None),
        ] {
            assert_eq!(grams(digits.as_bytes(), unit), expected, "{digits}");
        }
    }

    #[test]
    fn only_a_weight_at_rest_above_zero_and_in_range_is_sold_by() {
        let stable = |grams| Reading::Stable { grams };
        assert_eq!(stable(500).sellable(20, 15_000), Ok(480));
        for (reading, why) in [
            (stable(0), NotSellable::Nothing),
            (stable(20), NotSellable::Nothing),
            (stable(5), NotSellable::Nothing),
            (stable(15_001), NotSellable::OutOfRange),
            (Reading::Moving, NotSellable::Moving),
            (Reading::BelowZero, NotSellable::Nothing),
            (Reading::TooHeavy, NotSellable::OutOfRange),
            (Reading::Fault, NotSellable::Fault),
        ] {
            assert_eq!(reading.sellable(20, 15_000), Err(why), "{reading:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_a_protocol_panic(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            for (_, protocol) in Protocol::ALL {
                let _ = protocol.parse(&bytes, Unit::Kilogram);
            }
        }
    }
}
