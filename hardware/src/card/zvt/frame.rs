//! The bytes of ZVT: a frame is class, instruction, length and data; data are bitmaps, each with a length of its own.

/// A command or answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Class and instruction.
    pub command: [u8; 2],
    /// What follows the length.
    pub data: Vec<u8>,
}

/// Bytes that are no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Longer than any frame of a payment.
    #[error("a frame of {0} bytes came")]
    TooLong(usize),
}

/// No frame of a payment is longer; what says so is noise.
const MOST_BYTES: usize = 8192;

impl Frame {
    /// A frame of these bytes.
    pub fn new(command: [u8; 2], data: impl Into<Vec<u8>>) -> Self {
        Self { command, data: data.into() }
    }

    /// "Understood."
    pub fn acknowledgement() -> Self {
        Self::new([0x80, 0x00], [])
    }

    /// The frame on the wire.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.command.to_vec();
        match u8::try_from(self.data.len()) {
            Ok(length) if length < 0xff => bytes.push(length),
            _ => {
                bytes.push(0xff);
                let length = u16::try_from(self.data.len()).unwrap_or(u16::MAX);
                bytes.extend(length.to_le_bytes());
            }
        }
        bytes.extend_from_slice(&self.data);
        bytes
    }

    /// The frame that the bytes begin with and how many of them it takes; None while it is not all there.
    ///
    /// # Errors
    /// When its length cannot be one of a payment.
    pub fn parse(bytes: &[u8]) -> Result<Option<(Self, usize)>, FrameError> {
        let (command, length, start) = match bytes {
            [class, instruction, 0xff, low, high, ..] => {
                ([*class, *instruction], usize::from(u16::from_le_bytes([*low, *high])), 5)
            }
            [_, _, 0xff, ..] => return Ok(None),
            [class, instruction, length, ..] => ([*class, *instruction], usize::from(*length), 3),
            _ => return Ok(None),
        };
        if length > MOST_BYTES {
            return Err(FrameError::TooLong(length));
        }
        let Some(data) = bytes.get(start..start + length) else { return Ok(None) };
        Ok(Some((Self { command, data: data.to_vec() }, start + length)))
    }
}

/// What the bitmaps of a result say. The card's number is read past and kept nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bitmaps {
    /// 27: 0 is yes.
    pub result_code: Option<u8>,
    /// 04: the amount in the minor unit.
    pub amount: Option<u64>,
    /// 0B: the terminal's own number of the payment.
    pub trace: Option<u32>,
    /// 87: the number of its receipt.
    pub receipt: Option<u32>,
    /// 29: which terminal.
    pub terminal: Option<u32>,
    /// 3B: the bank's authorisation.
    pub authorisation: Option<String>,
    /// 8B: the kind of card in words.
    pub card_name: Option<String>,
}

/// How long a bitmap is.
enum Size {
    Fixed(usize),
    /// Two digits of length, each in the low half of a byte `F0` to `F9`.
    Two,
    /// Three such digits.
    Three,
    /// BER length: a TLV container.
    Tlv,
}

fn size_of(bitmap: u8) -> Option<Size> {
    Some(match bitmap {
        0x01 | 0x02 | 0x03 | 0x05 | 0x19 | 0x27 | 0x8a | 0x8c | 0xa0 | 0xd0..=0xd2 => Size::Fixed(1),
        0x04 => Size::Fixed(6),
        0x0b | 0x0c | 0x37 | 0x88 | 0xaa => Size::Fixed(3),
        0x0d | 0x0e | 0x17 | 0x3a | 0x49 | 0x87 => Size::Fixed(2),
        0x29 => Size::Fixed(4),
        0x3b => Size::Fixed(8),
        0x2a => Size::Fixed(15),
        0x3d => Size::Fixed(3),
        0xba => Size::Fixed(5),
        0x22 | 0x23 | 0x2d | 0x8b | 0xa7 => Size::Two,
        0x2e | 0x24 | 0x3c | 0x60 | 0x92 | 0x9a | 0xaf => Size::Three,
        0x06 => Size::Tlv,
        _ => return None,
    })
}

impl Bitmaps {
    /// Reads bitmaps until the end or until one is unknown, whose length cannot be: what came before counts.
    pub fn parse(data: &[u8]) -> Self {
        let mut found = Self::default();
        let mut rest = data;
        while let Some((&bitmap, after)) = rest.split_first() {
            let Some((value, left)) = size_of(bitmap).and_then(|size| cut(size, after)) else { break };
            found.note(bitmap, value);
            rest = left;
        }
        found
    }

    fn note(&mut self, bitmap: u8, value: &[u8]) {
        let text = |value: &[u8]| {
            let text: String =
                value.iter().map(|byte| char::from(*byte)).filter(|c| !c.is_control()).collect();
            Some(text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        match bitmap {
            0x27 => self.result_code = value.first().copied(),
            0x04 => self.amount = bcd(value),
            0x0b => self.trace = bcd(value).and_then(|trace| u32::try_from(trace).ok()),
            0x87 => self.receipt = bcd(value).and_then(|receipt| u32::try_from(receipt).ok()),
            0x29 => self.terminal = bcd(value).and_then(|terminal| u32::try_from(terminal).ok()),
            0x3b => self.authorisation = text(value),
            0x8b => self.card_name = text(value).map(|name| crate::card::without_long_numbers(&name)),
            _ => {}
        }
    }
}

/// Cuts a value of that size off; None when it is not all there.
fn cut(size: Size, bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let digits = |count: usize| -> Option<(usize, usize)> {
        let length = bytes.get(..count)?.iter().try_fold(0, |length, byte| {
            let digit = usize::from(byte & 0x0f);
            (byte & 0xf0 == 0xf0 && digit <= 9).then_some(length * 10 + digit)
        })?;
        Some((count, length))
    };
    let (start, length) = match size {
        Size::Fixed(length) => (0, length),
        Size::Two => digits(2)?,
        Size::Three => digits(3)?,
        Size::Tlv => match bytes {
            [0x81, length, ..] => (2, usize::from(*length)),
            [0x82, high, low, ..] => (3, usize::from(u16::from_be_bytes([*high, *low]))),
            [length, ..] if *length < 0x80 => (1, usize::from(*length)),
            _ => return None,
        },
    };
    let value = bytes.get(start..start + length)?;
    Some((value, &bytes[start + length..]))
}

/// Packed decimal digits as a number; None when a half byte is none.
fn bcd(bytes: &[u8]) -> Option<u64> {
    bytes.iter().try_fold(0_u64, |number, byte| {
        let (high, low) = (u64::from(byte >> 4), u64::from(byte & 0x0f));
        (high <= 9 && low <= 9).then(|| number.checked_mul(100)?.checked_add(high * 10 + low))?
    })
}

/// An amount as six bytes of packed decimal digits; None above twelve digits.
pub fn amount_bcd(minor: u64) -> Option<[u8; 6]> {
    let mut left = minor;
    let mut bytes = [0; 6];
    for byte in bytes.iter_mut().rev() {
        // Each pair of digits is below a hundred.
        let pair = u8::try_from(left % 100).ok()?;
        *byte = pair / 10 * 16 + pair % 10;
        left /= 100;
    }
    (left == 0).then_some(bytes)
}

/// The bitmap of a currency: its number as four packed digits.
pub(super) fn currency(number: u16) -> [u8; 3] {
    let pair = |two: u16| u8::try_from(two / 10 * 16 + two % 10).unwrap_or(0);
    [0x49, pair(number / 100 % 100), pair(number % 100)]
}

/// A password of six digits, packed; what is no digit counts as 0.
pub(super) fn password(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        format!("{text:0>6}").bytes().take(6).map(|b| b.saturating_sub(b'0') % 10).collect();
    digits.chunks(2).map(|pair| pair[0] * 16 + pair.get(1).copied().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_payment_of_12_34_euro_is_the_known_frame() {
        let mut data = vec![0x04];
        data.extend(amount_bcd(1234).unwrap());
        data.extend(currency(978));
        let bytes = Frame::new([0x06, 0x01], data).to_bytes();
        let known = [0x06, 0x01, 0x0a, 0x04, 0, 0, 0, 0, 0x12, 0x34, 0x49, 0x09, 0x78];
        assert_eq!(bytes, known);
        assert_eq!(password("123456"), [0x12, 0x34, 0x56]);
        assert_eq!(amount_bcd(1_000_000_000_000), None);
        assert_eq!(amount_bcd(999_999_999_999), Some([0x99; 6]));
    }

    #[test]
    fn a_result_is_read_past_the_number_of_the_card() {
        let mut data = vec![0x27, 0x00, 0x04, 0, 0, 0, 0, 0x12, 0x34, 0x0b, 0x00, 0x01, 0x23];
        data.extend([0x22, 0xf0, 0xf8, 0x41, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11]);
        data.extend([0x87, 0x00, 0x42, 0x3b]);
        data.extend(b"AUTH1234");
        data.extend([0x8b, 0xf1, 0xf1]);
        data.extend(b"Mastercard\0");
        data.extend([0x06, 0x03, 0x1f, 0x10, 0x00]);
        let result = Bitmaps::parse(&data);
        assert_eq!(
            result,
            Bitmaps {
                result_code: Some(0),
                amount: Some(1234),
                trace: Some(123),
                receipt: Some(42),
                terminal: None,
                authorisation: Some("AUTH1234".to_owned()),
                card_name: Some("Mastercard".to_owned()),
            }
        );
        assert!(!format!("{result:?}").contains("4111"));
    }

    #[test]
    fn long_frames_have_a_length_of_two_bytes() {
        let frame = Frame::new([0x06, 0xd1], vec![b'x'; 300]);
        let bytes = frame.to_bytes();
        assert_eq!(&bytes[..5], [0x06, 0xd1, 0xff, 0x2c, 0x01]);
        for length in 0..bytes.len() {
            assert_eq!(Frame::parse(&bytes[..length]), Ok(None), "{length}");
        }
        assert_eq!(Frame::parse(&bytes), Ok(Some((frame, 305))));
        assert_eq!(Frame::parse(&[6, 1, 0xff, 0xff, 0xff]), Err(FrameError::TooLong(0xffff)));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let _ = Frame::parse(&bytes);
            Bitmaps::parse(&bytes);
        }

        #[test]
        fn frames_come_back(command: [u8; 2], data in proptest::collection::vec(any::<u8>(), 0..600)) {
            let frame = Frame::new(command, data);
            let bytes = frame.to_bytes();
            prop_assert_eq!(Frame::parse(&bytes), Ok(Some((frame, bytes.len()))));
        }
    }
}
