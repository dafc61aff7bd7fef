//! A ZVT terminal without a bank: it approves by itself, declines, or waits for a hand.

use super::Device;
use crate::card::zvt::{Bitmaps, Frame, amount_bcd};

/// What the terminal does with the next payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verdict {
    /// Approves it at once.
    #[default]
    Approve,
    /// Approves less.
    ApprovePart {
        /// How much.
        minor: u64,
    },
    /// Declines it.
    Decline {
        /// Its number for that.
        code: u8,
    },
    /// Waits until [`ZvtDevice::decide`] or an abort.
    Wait,
    /// Approves it, and its line is dead before it can say so.
    ApproveAndVanish,
}

/// A payment that the terminal took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// The terminal's number of it.
    pub trace: u32,
    /// The amount; below zero was given back.
    pub minor: i64,
    /// 0 is approved.
    pub code: u8,
}

/// A terminal.
#[derive(Debug, Default)]
pub struct ZvtDevice {
    /// What it does with the next payments.
    pub verdict: Verdict,
    /// Everything it took or declined.
    pub taken: Vec<Taken>,
    received: Vec<u8>,
    waiting: Option<(u64, bool)>,
    decided: Option<u8>,
    /// Its line is dead until the next connection: see [`Verdict::ApproveAndVanish`].
    pub vanished: bool,
    out: Vec<Vec<u8>>,
}

impl ZvtDevice {
    /// Whether a payment waits for a hand, and of how much.
    pub fn waiting(&self) -> Option<u64> {
        self.waiting.map(|(minor, _)| minor)
    }

    /// The hand at the terminal: 0 approves.
    pub fn decide(&mut self, code: u8) {
        if self.waiting.is_some() {
            self.decided = Some(code);
        }
    }

    /// What was approved in all, less what was given back.
    pub fn sum_minor(&self) -> i64 {
        self.taken.iter().filter(|taken| taken.code == 0).map(|taken| taken.minor).sum()
    }

    fn say(&mut self, command: [u8; 2], data: impl Into<Vec<u8>>) {
        self.out.push(Frame::new(command, data).to_bytes());
    }

    fn take(&mut self, frame: &Frame) {
        match frame.command {
            [0x80 | 0x84, _] => {}
            [0x06, 0x00] => {
                self.acknowledge();
                self.say([0x06, 0x0f], [0x19, 0x00]);
            }
            [0x06, 0x01] | [0x06, 0x31] => self.begin(frame),
            [0x06, 0xb0] => {
                self.acknowledge();
                if let Some((minor, back)) = self.waiting.take() {
                    self.finish(minor, back, 0x6c);
                }
            }
            [0x06, 0x20] => {
                if self.waiting.is_some() {
                    self.say([0x84, 0x83], []);
                } else if let Some(last) = self.taken.last().copied() {
                    self.acknowledge();
                    self.result(last);
                    self.say([0x06, 0x0f], []);
                } else {
                    self.say([0x84, 0x64], []);
                }
            }
            [0x06, 0x50] => {
                self.acknowledge();
                let sum = u64::try_from(self.sum_minor()).unwrap_or(0);
                let mut data = vec![0x27, 0x00, 0x04];
                data.extend(amount_bcd(sum).unwrap_or_default());
                self.say([0x04, 0x0f], data);
                self.line("END OF DAY");
                self.say([0x06, 0x0f], []);
            }
            _ => self.say([0x84, 0x83], []),
        }
    }

    fn acknowledge(&mut self) {
        self.say([0x80, 0x00], []);
    }

    fn line(&mut self, text: &str) {
        let data = [&[0x00], text.as_bytes()].concat();
        self.say([0x06, 0xd1], data);
    }

    fn begin(&mut self, frame: &Frame) {
        if self.waiting.is_some() {
            self.say([0x84, 0x83], []);
            return;
        }
        let back = frame.command[1] == 0x31;
        let data = if back { frame.data.get(3..).unwrap_or_default() } else { &frame.data };
        let minor = Bitmaps::parse(data).amount.unwrap_or(0);
        self.acknowledge();
        self.say([0x04, 0xff], [0x0a]);
        match self.verdict {
            Verdict::Approve => self.finish(minor, back, 0),
            Verdict::ApprovePart { minor } => self.finish(minor, back, 0),
            Verdict::Decline { code } => self.finish(minor, back, code),
            Verdict::Wait => self.waiting = Some((minor, back)),
            Verdict::ApproveAndVanish => {
                self.note(minor, back, 0);
                self.vanished = true;
            }
        }
    }

    fn note(&mut self, minor: u64, back: bool, code: u8) -> Taken {
        let trace = u32::try_from(self.taken.len()).unwrap_or(0) + 1;
        let minor = i64::try_from(minor).unwrap_or(0);
        let taken = Taken { trace, minor: if back { -minor } else { minor }, code };
        self.taken.push(taken);
        taken
    }

    fn finish(&mut self, minor: u64, back: bool, code: u8) {
        self.say([0x04, 0xff], [0x17]);
        let taken = self.note(minor, back, code);
        self.result(taken);
        if code == 0 {
            self.line("EMULATED TERMINAL");
            self.line("CARD 4111111111111111");
            self.say([0x06, 0x0f], []);
        } else {
            self.say([0x06, 0x1e], [code]);
        }
    }

    fn result(&mut self, taken: Taken) {
        let mut data = vec![0x27, taken.code, 0x04];
        data.extend(amount_bcd(taken.minor.unsigned_abs()).unwrap_or_default());
        data.push(0x0b);
        data.extend(&amount_bcd(taken.trace.into()).unwrap_or_default()[3..]);
        data.extend([0x49, 0x09, 0x78, 0x29, 0x12, 0x34, 0x56, 0x78, 0x87]);
        data.extend(&amount_bcd(taken.trace.into()).unwrap_or_default()[4..]);
        // The number of a card, which must go no further.
        data.extend([0x22, 0xf0, 0xf8, 0x41, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11]);
        data.extend([0x3b]);
        data.extend(b"A1B2C3D4");
        data.extend([0x8b, 0xf0, 0xf5]);
        data.extend(b"VISA\0");
        self.say([0x04, 0x0f], data);
    }
}

impl Device for ZvtDevice {
    fn poll(&mut self, received: &[u8]) -> Vec<Vec<u8>> {
        self.received.extend_from_slice(received);
        while let Ok(Some((frame, used))) = Frame::parse(&self.received) {
            self.received.drain(..used);
            self.take(&frame);
        }
        if let Some(code) = self.decided.take()
            && let Some((minor, back)) = self.waiting.take()
        {
            self.finish(minor, back, code);
        }
        if self.vanished {
            // The acknowledgement still went out; everything after it is lost with the line.
            self.out.truncate(1);
        }
        std::mem::take(&mut self.out)
    }

    fn connected(&mut self) {
        self.received.clear();
        self.out.clear();
        self.vanished = false;
    }

    fn damage(&self, frame: &mut [u8]) {
        // The length: what follows is then read as something else.
        if let Some(byte) = frame.get_mut(2) {
            *byte = byte.wrapping_add(1);
        }
    }
}
