//! A scale on which someone puts and takes things.

use super::Device;
use crate::scale::{Protocol, Reading};

/// A scale that shows what it is told to.
#[derive(Debug)]
pub struct ScaleDevice {
    protocol: Protocol,
    /// What it says when asked.
    pub reading: Reading,
    /// How often it was set to zero.
    pub zeroed: u32,
    received: Vec<u8>,
    last: Option<Reading>,
}

impl ScaleDevice {
    /// An empty scale.
    pub fn new(protocol: Protocol) -> Self {
        Self { protocol, reading: Reading::Stable { grams: 0 }, zeroed: 0, received: Vec::new(), last: None }
    }

    fn answer(&mut self) -> Option<Vec<u8>> {
        let received = std::mem::take(&mut self.received);
        match (self.protocol, received.as_slice()) {
            (_, []) => None,
            (Protocol::Mettler8217, [.., b'W']) => Some(mettler(self.reading)),
            (Protocol::Mettler8217, [.., b'Z']) | (Protocol::Nci, [.., b'Z', b'\r']) => {
                self.zeroed += 1;
                self.reading = Reading::Stable { grams: 0 };
                Some(if self.protocol == Protocol::Nci { nci(self.reading) } else { mettler(self.reading) })
            }
            (Protocol::Nci, [.., b'W', b'\r']) => Some(nci(self.reading)),
            (Protocol::Nci, [.., b'\r']) => Some(b"\n?\r\x03".to_vec()),
            (Protocol::Cas, [.., 0x05]) => Some(vec![0x06]),
            (Protocol::Cas, [.., 0x11]) => Some(cas(self.reading)),
            (Protocol::Adam, [.., b'P', b'\r', b'\n']) => {
                // It says nothing while nothing changes, and nothing while it moves.
                let news = self.last != Some(self.reading) && self.reading != Reading::Moving;
                self.last = Some(self.reading);
                news.then(|| adam(self.reading))
            }
            (_, other) => {
                self.received = other.to_vec();
                if self.received.len() > 64 {
                    self.received.clear();
                }
                None
            }
        }
    }
}

impl Device for ScaleDevice {
    fn poll(&mut self, received: &[u8]) -> Vec<Vec<u8>> {
        self.received.extend_from_slice(received);
        self.answer().into_iter().collect()
    }

    fn connected(&mut self) {
        self.received.clear();
        self.last = None;
    }

    fn damage(&self, frame: &mut [u8]) {
        // A byte of the weight itself: only a check sum, or a digit that is none, can show it.
        let at = match self.protocol {
            Protocol::Cas => 6.min(frame.len().saturating_sub(1)),
            _ => frame.len() / 2,
        };
        if let Some(byte) = frame.get_mut(at) {
            *byte = if self.protocol == Protocol::Cas { *byte ^ 1 } else { b'~' };
        }
    }
}

fn kilograms(grams: u32) -> String {
    format!("{:02}.{:03}", grams / 1000, grams % 1000)
}

fn mettler(reading: Reading) -> Vec<u8> {
    let status = |bits: u8| vec![0x02, b'?', 0x40 | bits, b'\r'];
    match reading {
        Reading::Stable { grams } => format!("\u{2}{}\r", kilograms(grams)).into_bytes(),
        Reading::Moving => status(0b1),
        Reading::TooHeavy => status(0b10),
        Reading::BelowZero => status(0b100),
        Reading::Fault => status(0b1000),
    }
}

fn nci(reading: Reading) -> Vec<u8> {
    let (weight, first, second) = match reading {
        Reading::Stable { grams } => (format!("{}KG", kilograms(grams)), '0', '0'),
        Reading::Moving => ("00.000KG".to_owned(), '1', '0'),
        Reading::TooHeavy => ("__.___KG".to_owned(), '0', '2'),
        Reading::BelowZero => ("-0.100KG".to_owned(), '0', '1'),
        Reading::Fault => ("00.000KG".to_owned(), '4', '0'),
    };
    format!("\n{weight}\r\nS{first}{second}\r\u{3}").into_bytes()
}

fn cas(reading: Reading) -> Vec<u8> {
    let body = match reading {
        Reading::Stable { grams } => format!("S {}kg", kilograms(grams)),
        Reading::Moving => "U 00.000kg".to_owned(),
        Reading::TooHeavy => "SF99.999kg".to_owned(),
        Reading::BelowZero => "S-00.100kg".to_owned(),
        Reading::Fault => return vec![0x15],
    };
    let sum = body.bytes().fold(0, |sum, byte| sum ^ byte);
    [&[0x01, 0x02], body.as_bytes(), &[sum, 0x03, 0x04]].concat()
}

fn adam(reading: Reading) -> Vec<u8> {
    match reading {
        Reading::Stable { grams } => format!("ST,GS,{:>8}kg\r\n", kilograms(grams)).into_bytes(),
        Reading::Moving => b"US,GS,   0.000kg\r\n".to_vec(),
        Reading::TooHeavy => b"OL\r\n".to_vec(),
        Reading::BelowZero => b"ST,GS,-  0.100kg\r\n".to_vec(),
        Reading::Fault => b"ERR\r\n".to_vec(),
    }
}
