//! ZVT: card terminals of German-speaking countries, over TCP (usually port 20007).
//!
//! Both sides send commands of a class, an instruction and a length, and each is acknowledged by `80 00 00`. A payment goes
//! `06 01` → any number of intermediate states `04 FF` → the result `04 0F` → lines for the paper `06 D1` → the end `06 0F`
//! or an abort `06 1E`.

mod frame;
mod talk;

pub use frame::{Bitmaps, Frame, FrameError, amount_bcd};

use std::time::Duration;

use super::{Approval, CardError, CardReader, Outcome, Payment, Refund, Refusal, Step, Totals, Watch};
use crate::printer::Connect;
use talk::{Ended, Talk, TalkError};

/// The port of a terminal unless it is set otherwise.
pub const PORT: u16 = 20007;

/// How a terminal is set up; not to be shown, because of the password in it.
#[derive(Clone)]
pub struct ZvtOptions {
    /// Its password, six digits.
    pub password: String,
    /// The number of its currency, such as 978.
    pub currency_number: u16,
    /// How long it may take a customer to pay.
    pub payment: Duration,
    /// How long an acknowledgement may take.
    pub acknowledge: Duration,
}

impl Default for ZvtOptions {
    fn default() -> Self {
        Self {
            password: "000000".to_owned(),
            currency_number: 978,
            payment: Duration::from_secs(150),
            acknowledge: Duration::from_secs(5),
        }
    }
}

/// A ZVT terminal.
pub struct ZvtReader<C> {
    connect: C,
    options: ZvtOptions,
}

impl<C: Connect + Send> ZvtReader<C> {
    /// A terminal that is not called yet.
    pub fn new(connect: C, options: ZvtOptions) -> Self {
        Self { connect, options }
    }

    fn talk(&self) -> Result<Talk, TalkError> {
        Talk::begin(&self.connect, &self.options)
    }

    fn run(&mut self, command: &Frame, watch: &dyn Watch, expected_minor: u64) -> Outcome {
        watch.step(Step::Connecting);
        let mut talk = match self.talk() {
            Ok(talk) => talk,
            Err(error) => return Outcome::refused(Refusal::NotReached, error),
        };
        if let Err(error) = talk.register(&self.options) {
            return Outcome::refused(Refusal::NotReached, error);
        }
        // The terminal's last booking before ours, whoever made it: what a later one must differ from. A terminal that repeats
        // none leaves nothing to compare with.
        match talk.repeat_receipt(&self.options) {
            Ok(Ended { result: Some(Bitmaps { trace: Some(trace), .. }), .. }) => {
                watch.remember(&format!("{trace}"));
            }
            Ok(_) | Err(TalkError::Rejected(_)) => {}
            Err(error) => return Outcome::refused(Refusal::NotReached, error),
        }
        // From here on the terminal may take money.
        match talk.pay(command, watch, &self.options) {
            Ok(Ended { result: Some(result), completed: true, lines, .. }) => {
                Self::judge(&result, lines, expected_minor)
            }
            Ok(Ended { result: Some(result), aborted: Some(code), .. }) if result.result_code == Some(0) => {
                // It said yes and then that it stopped: only asking again tells.
                Outcome::unknown(format!("approved, then ended with {code:02X}"))
            }
            Ok(Ended { aborted: Some(code), .. }) => refused(code),
            Ok(_) => Outcome::unknown("the terminal ended without a result"),
            Err(TalkError::Rejected(code)) => refused(code),
            Err(error) => Outcome::unknown(error),
        }
    }

    fn judge(result: &Bitmaps, lines: Vec<String>, expected_minor: u64) -> Outcome {
        match result.result_code {
            Some(0) => Outcome::Approved(approval(result, lines, expected_minor)),
            Some(code) => refused(code),
            None => Outcome::unknown("the result says neither yes nor no"),
        }
    }
}

fn approval(result: &Bitmaps, lines: Vec<String>, expected_minor: u64) -> Approval {
    Approval {
        amount_minor: result.amount.unwrap_or(expected_minor),
        authorisation: result.authorisation.clone().unwrap_or_default(),
        // A reversal at the terminal names the receipt.
        provider_reference: result.receipt.map(|receipt| format!("{receipt:04}")).unwrap_or_default(),
        card: result.card_name.clone().unwrap_or_default(),
        receipt: lines.iter().map(|line| super::without_long_numbers(line)).collect(),
    }
}

fn no_answer(error: TalkError) -> CardError {
    match error {
        TalkError::Rejected(code) => CardError::Refused(format!("result {code:02X}")),
        other => CardError::NoAnswer(other.to_string()),
    }
}

/// What the terminal's own number for "no" means.
fn refused(code: u8) -> Outcome {
    let why = match code {
        0x6c => Refusal::Cancelled,
        0x6d => Refusal::CardTimeout,
        0x83 | 0x9c | 0xcd => Refusal::Busy,
        0x62 | 0x6b | 0x84 | 0xb2 | 0xc9 => Refusal::NotSetUp,
        _ => Refusal::Declined,
    };
    Outcome::refused(why, format!("result {code:02X}"))
}

impl<C: Connect + Send> CardReader for ZvtReader<C> {
    fn start(&mut self, payment: &Payment, watch: &dyn Watch) -> Outcome {
        let Some(amount) = amount_bcd(payment.amount_minor) else {
            return Outcome::refused(Refusal::NotSetUp, "the amount has more than twelve digits");
        };
        let mut data = vec![0x04];
        data.extend(amount);
        data.extend(frame::currency(payment.currency_number));
        self.run(&Frame::new([0x06, 0x01], data), watch, payment.amount_minor)
    }

    fn cancel(&mut self, _payment: &Payment) -> Result<(), CardError> {
        let mut talk = self.talk().map_err(|error| CardError::NoAnswer(error.to_string()))?;
        talk.abort(&self.options).map_err(|error| CardError::NoAnswer(error.to_string()))
    }

    fn status(&mut self, payment: &Payment) -> Outcome {
        let asked = self.talk().and_then(|mut talk| {
            talk.register(&self.options)?;
            talk.repeat_receipt(&self.options)
        });
        let ended = match asked {
            Ok(ended) => ended,
            Err(TalkError::Rejected(0x83 | 0x9c | 0xcd)) => return Outcome::Pending,
            Err(error) => return Outcome::unknown(error),
        };
        let Some(last) = ended.result else { return Outcome::unknown("the terminal names no payment") };
        let known: Option<u32> = payment.memory.as_deref().and_then(|memory| memory.parse().ok());
        match (known, last.trace) {
            // The terminal's last payment is the one before ours.
            (Some(before), Some(trace)) if trace == before => {
                Outcome::refused(Refusal::Declined, "the terminal holds no newer payment")
            }
            (Some(_), Some(_)) if last.amount == Some(payment.amount_minor) => {
                Self::judge(&last, ended.lines, payment.amount_minor)
            }
            // Without a number to compare with, even the same amount may be someone else's.
            (None, _) if last.amount != Some(payment.amount_minor) => {
                Outcome::unknown("the terminal's last payment is of another amount")
            }
            _ => Outcome::unknown("the terminal's last payment cannot be told from an earlier one"),
        }
    }

    fn refund(&mut self, refund: &Refund, watch: &dyn Watch) -> Outcome {
        let Some(amount) = amount_bcd(refund.amount_minor) else {
            return Outcome::refused(Refusal::NotSetUp, "the amount has more than twelve digits");
        };
        let mut data = frame::password(&self.options.password);
        data.push(0x04);
        data.extend(amount);
        data.extend(frame::currency(refund.currency_number));
        self.run(&Frame::new([0x06, 0x31], data), watch, refund.amount_minor)
    }

    fn refund_status(&mut self, refund: &Refund) -> Outcome {
        // What it repeats is its last booking, whichever way the money went.
        self.status(&Payment {
            reference: refund.reference.clone(),
            amount_minor: refund.amount_minor,
            currency: refund.currency.clone(),
            currency_number: refund.currency_number,
            at: refund.at.clone(),
            memory: refund.memory.clone(),
        })
    }

    fn probe(&mut self) -> Result<(), CardError> {
        let mut talk = self.talk().map_err(no_answer)?;
        talk.register(&self.options).map_err(no_answer)
    }

    fn reconcile(&mut self) -> Result<Totals, CardError> {
        let mut talk = self.talk().map_err(no_answer)?;
        talk.register(&self.options).map_err(no_answer)?;
        let ended = talk.end_of_day(&self.options).map_err(no_answer)?;
        match ended.aborted {
            Some(code) => Err(CardError::Refused(format!("result {code:02X}"))),
            None => Ok(Totals {
                sum_minor: ended
                    .result
                    .and_then(|result| result.amount)
                    .and_then(|sum| i64::try_from(sum).ok()),
                receipt: ended.lines.iter().map(|line| super::without_long_numbers(line)).collect(),
            }),
        }
    }
}
