//! A conversation with a ZVT terminal over one connection.

use std::time::{Duration, Instant};

use super::ZvtOptions;
use super::frame::{Bitmaps, Frame, currency, password};
use crate::card::{Step, Watch};
use crate::printer::Connect;
use crate::transport::{Transport, TransportError, TransportErrorKind};

/// How often a wait looks whether the payment is to be called off.
const LOOK: Duration = Duration::from_millis(50);
/// The most lines of paper of one payment.
const MOST_LINES: usize = 400;

/// Why a conversation broke off.
#[derive(Debug, thiserror::Error)]
pub(super) enum TalkError {
    #[error("the terminal is not there")]
    NotReached(#[source] TransportError),
    #[error("the connection to the terminal broke off")]
    Broken(#[from] TransportError),
    #[error("the terminal did not answer in time")]
    Silent,
    #[error("the terminal said something that is not ZVT")]
    Garbled,
    /// It did not even begin.
    #[error("the terminal refused with {0:02X}")]
    Rejected(u8),
}

/// What a conversation came to.
#[derive(Debug, Default)]
pub(super) struct Ended {
    pub(super) result: Option<Bitmaps>,
    pub(super) lines: Vec<String>,
    pub(super) completed: bool,
    pub(super) aborted: Option<u8>,
}

pub(super) struct Talk {
    wire: Box<dyn Transport>,
    received: Vec<u8>,
}

impl Talk {
    pub(super) fn begin(connect: &dyn Connect, options: &ZvtOptions) -> Result<Self, TalkError> {
        let wire = connect.connect(options.acknowledge).map_err(TalkError::NotReached)?;
        Ok(Self { wire, received: Vec::new() })
    }

    /// Registers: from now on the terminal leaves printing to us and reports its steps.
    pub(super) fn register(&mut self, options: &ZvtOptions) -> Result<(), TalkError> {
        let mut data = password(&options.password);
        // We print the customer's and the merchant's receipt, and want intermediate states.
        data.push(0b1000_1110);
        data.extend(&currency(options.currency_number)[1..]);
        self.command(&Frame::new([0x06, 0x00], data), options)?;
        self.until_end(&Silence, options.acknowledge * 2, options).map(|_| ())
    }

    pub(super) fn pay(
        &mut self,
        command: &Frame,
        watch: &dyn Watch,
        options: &ZvtOptions,
    ) -> Result<Ended, TalkError> {
        self.command(command, options)?;
        watch.step(Step::PresentCard);
        self.until_end(watch, options.payment, options)
    }

    pub(super) fn repeat_receipt(&mut self, options: &ZvtOptions) -> Result<Ended, TalkError> {
        self.command(&Frame::new([0x06, 0x20], password(&options.password)), options)?;
        let ended = self.until_end(&Silence, options.acknowledge * 4, options)?;
        ended.aborted.map_or(Ok(ended), |code| Err(TalkError::Rejected(code)))
    }

    pub(super) fn end_of_day(&mut self, options: &ZvtOptions) -> Result<Ended, TalkError> {
        self.command(&Frame::new([0x06, 0x50], password(&options.password)), options)?;
        self.until_end(&Silence, options.payment, options)
    }

    pub(super) fn abort(&mut self, options: &ZvtOptions) -> Result<(), TalkError> {
        self.command(&Frame::new([0x06, 0xb0], []), options)
    }

    /// Sends a command and waits for its acknowledgement.
    fn command(&mut self, command: &Frame, options: &ZvtOptions) -> Result<(), TalkError> {
        let deadline = Instant::now() + options.acknowledge;
        self.wire.write_all(&command.to_bytes(), deadline)?;
        match self.frame(deadline)?.ok_or(TalkError::Silent)?.command {
            [0x80, 0x00] => Ok(()),
            [0x84, code] if code != 0 => Err(TalkError::Rejected(code)),
            [0x84, 0] => Ok(()),
            _ => Err(TalkError::Garbled),
        }
    }

    /// Acknowledges what the terminal sends until it says that it is done.
    fn until_end(
        &mut self,
        watch: &dyn Watch,
        at_most: Duration,
        options: &ZvtOptions,
    ) -> Result<Ended, TalkError> {
        let deadline = Instant::now() + at_most;
        let mut ended = Ended::default();
        let mut calling_off = false;
        loop {
            if watch.cancelled() && !calling_off {
                calling_off = true;
                watch.step(Step::Cancelling);
                let until = Instant::now() + options.acknowledge;
                self.wire.write_all(&Frame::new([0x06, 0xb0], []).to_bytes(), until)?;
            }
            let Some(frame) = self.frame(deadline.min(Instant::now() + LOOK))? else {
                if Instant::now() >= deadline {
                    return Err(TalkError::Silent);
                }
                continue;
            };
            match frame.command {
                // Acknowledges our abort; a refusal of it changes nothing either: the end tells.
                [0x80 | 0x84, _] => continue,
                [0x04, 0xff] => watch.step(step_of(frame.data.first().copied().unwrap_or(0))),
                [0x04, 0x0f] => ended.result = Some(Bitmaps::parse(&frame.data)),
                [0x06, 0xd1] => line(&mut ended.lines, frame.data.get(1..).unwrap_or_default()),
                [0x06, 0xd3] => {}
                [0x06, 0x0f] => ended.completed = true,
                [0x06, 0x1e] => ended.aborted = Some(frame.data.first().copied().unwrap_or(0xff)),
                _ => {}
            }
            let last = ended.completed || ended.aborted.is_some();
            let sent = self
                .wire
                .write_all(&Frame::acknowledgement().to_bytes(), Instant::now() + options.acknowledge);
            if last {
                // What it said stands, whether our last word reached it or not.
                return Ok(ended);
            }
            sent?;
        }
    }

    /// The next frame; None when none came in time.
    fn frame(&mut self, deadline: Instant) -> Result<Option<Frame>, TalkError> {
        loop {
            match Frame::parse(&self.received) {
                Ok(Some((frame, used))) => {
                    self.received.drain(..used);
                    return Ok(Some(frame));
                }
                Ok(None) => {}
                Err(_) => return Err(TalkError::Garbled),
            }
            let mut buffer = [0; 1024];
            match self.wire.read(&mut buffer, deadline) {
                Ok(count) => self.received.extend_from_slice(&buffer[..count]),
                Err(error) if error.kind() == TransportErrorKind::TimedOut => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

fn line(lines: &mut Vec<String>, text: &[u8]) {
    if lines.len() < MOST_LINES {
        let text: String = text.iter().map(|byte| char::from(*byte)).filter(|c| !c.is_control()).collect();
        lines.push(text);
    }
}

fn step_of(state: u8) -> Step {
    match state {
        0x00 | 0x0a | 0x0b | 0xc8 => Step::PresentCard,
        0x01..=0x03 | 0x0c..=0x12 => Step::AtReader,
        _ => Step::Authorising,
    }
}

/// Watches nothing.
struct Silence;

impl Watch for Silence {
    fn step(&self, _step: Step) {}
    fn remember(&self, _memory: &str) {}
    fn cancelled(&self) -> bool {
        false
    }
}
