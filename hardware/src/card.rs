//! Card readers: taking, asking after, giving back and balancing card payments.
//!
//! The one rule above all: money may have moved as soon as a reader was told to take it. From then on only the reader's own
//! word ends a payment. A lost answer is [`Outcome::Unknown`], never "declined", and [`CardReader::status`] asks again under
//! the same reference, which no reader charges twice. No card number passes through here: frames that hold one are read
//! past it, and lines for the paper are scrubbed of long numbers.

pub mod adyen;
mod currency;
pub mod http;
pub mod stripe;
pub mod zvt;

pub use currency::{Currency, currency};

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

/// What is to be paid by card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Names this payment to the reader and its provider; used once, kept before the reader is told anything.
    pub reference: String,
    /// The amount in the minor unit of ISO 4217 (cents; rupiah have two decimals there too).
    pub amount_minor: u64,
    /// The currency's letters, such as `EUR`.
    pub currency: String,
    /// The currency's number, such as 978.
    pub currency_number: u16,
    /// When it was begun, as RFC 3339 has it (`2026-11-20T03:00:00Z`).
    pub at: String,
    /// What earlier talk on this payment left to remember ([`Watch::remember`]).
    pub memory: Option<String>,
}

/// Money to be given back to a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// Names this refund; used once.
    pub reference: String,
    /// The amount, as in [`Payment`].
    pub amount_minor: u64,
    /// The currency's letters.
    pub currency: String,
    /// The currency's number.
    pub currency_number: u16,
    /// When it was begun, as in [`Payment`].
    pub at: String,
    /// The provider's name of the payment ([`Approval::provider_reference`]); without it the card is presented again.
    pub of: Option<String>,
    /// What earlier talk on this refund left to remember.
    pub memory: Option<String>,
}

/// How far a payment is, for the cashier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Calling the reader.
    Connecting,
    /// The reader waits for a card.
    PresentCard,
    /// The customer enters a PIN or chooses.
    AtReader,
    /// The bank is being asked.
    Authorising,
    /// Being called off.
    Cancelling,
}

/// Who watches a payment: hears its steps, may want it called off, and remembers what must outlive this process.
pub trait Watch {
    /// A step was reached.
    fn step(&self, step: Step);
    /// Keeps what [`Payment::memory`] brings back when the payment is asked after; durable before it returns.
    fn remember(&self, memory: &str);
    /// Whether it is to be called off; asked often.
    fn cancelled(&self) -> bool;
}

/// A watch that only can call off.
#[derive(Debug, Default)]
pub struct Unwatched {
    cancelled: AtomicBool,
}

impl Unwatched {
    /// Calls the payment off.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::SeqCst);
    }
}

impl Watch for Unwatched {
    fn step(&self, _step: Step) {}
    fn remember(&self, _memory: &str) {}
    fn cancelled(&self) -> bool {
        self.cancelled.load(Ordering::SeqCst)
    }
}

/// An approved payment, without anything that names the card.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Approval {
    /// What was approved; less than asked when the card had no more.
    pub amount_minor: u64,
    /// The bank's authorisation code.
    pub authorisation: String,
    /// What the provider calls the payment; a refund names it.
    pub provider_reference: String,
    /// The kind of card, such as `Mastercard`.
    pub card: String,
    /// Lines that the reader wants printed, without long numbers.
    pub receipt: Vec<String>,
}

/// Why no money moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The bank or the reader said no.
    Declined,
    /// The customer or the cashier called it off.
    Cancelled,
    /// The reader's own time for a card passed.
    CardTimeout,
    /// The reader is busy with something else.
    Busy,
    /// The reader could not be reached: it was told nothing.
    NotReached,
    /// The reader or its provider refused the request itself: a wrong key, a wrong setting.
    NotSetUp,
}

/// How a payment or refund stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Money moved.
    Approved(Approval),
    /// No money moved, and none will.
    Refused {
        /// Why.
        why: Refusal,
        /// The reader's own words or number, for the log and the support.
        detail: String,
    },
    /// Nobody here knows: it must be asked after.
    Unknown {
        /// What happened, for the log and the support.
        detail: String,
    },
    /// The reader is still at it.
    Pending,
}

impl Outcome {
    pub(crate) fn refused(why: Refusal, detail: impl fmt::Display) -> Self {
        Self::Refused { why, detail: bounded(detail) }
    }

    pub(crate) fn unknown(detail: impl fmt::Display) -> Self {
        Self::Unknown { detail: bounded(detail) }
    }

    /// Whether the reader's word is final.
    pub fn is_settled(&self) -> bool {
        matches!(self, Self::Approved(_) | Self::Refused { .. })
    }
}

/// What a reader counts since it was last balanced.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// Payments and their sum less refunds, in the minor unit, where the reader says so.
    pub sum_minor: Option<i64>,
    /// Lines that the reader wants printed.
    pub receipt: Vec<String>,
}

/// Why a reader could not be called off, balanced or asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// It could not be reached or did not answer.
    #[error("the card reader did not answer: {0}")]
    NoAnswer(String),
    /// It answered that it will not.
    #[error("the card reader refused: {0}")]
    Refused(String),
    /// It has no such function.
    #[error("this card reader cannot do that")]
    Unsupported,
}

/// A card reader. Calls block until the reader has answered or its own time is over; one at a time.
pub trait CardReader: Send {
    /// Takes a payment.
    fn start(&mut self, payment: &Payment, watch: &dyn Watch) -> Outcome;

    /// Asks a reader that is at a payment to stop; whether it did is what [`CardReader::start`] or
    /// [`CardReader::status`] say.
    ///
    /// # Errors
    /// When it could not be asked.
    fn cancel(&mut self, payment: &Payment) -> Result<(), CardError>;

    /// Asks how a payment stands that was started before, perhaps by another process.
    fn status(&mut self, payment: &Payment) -> Outcome;

    /// Gives money back.
    fn refund(&mut self, refund: &Refund, watch: &dyn Watch) -> Outcome;

    /// Asks how a refund stands that was started before, perhaps by another process.
    fn refund_status(&mut self, refund: &Refund) -> Outcome;

    /// Asks whether the reader is there and takes what it is set up with; moves no money.
    ///
    /// # Errors
    /// When it is not there, or refuses.
    fn probe(&mut self) -> Result<(), CardError>;

    /// Closes the reader's day with its bank.
    ///
    /// # Errors
    /// When it could not, or has no days of its own.
    fn reconcile(&mut self) -> Result<Totals, CardError>;
}

/// A text for a log: no control characters, no long numbers, not long.
pub(crate) fn bounded(text: impl fmt::Display) -> String {
    let text: String = text.to_string().chars().filter(|c| !c.is_control()).take(200).collect();
    without_long_numbers(&text)
}

/// Replaces every run of twelve or more digits, blanks and dashes within it or not, by stars but for its last four.
pub fn without_long_numbers(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = chars.clone();
    let mut run: Vec<usize> = Vec::new();
    let mut gap = 0;
    let mut hide = |run: &mut Vec<usize>| {
        if run.len() >= 12 {
            for at in &run[..run.len() - 4] {
                out[*at] = '*';
            }
        }
        run.clear();
    };
    for (at, c) in chars.iter().enumerate() {
        if c.is_numeric() {
            run.push(at);
            gap = 0;
        } else if matches!(c, ' ' | '-') && gap == 0 {
            gap = 1;
        } else {
            hide(&mut run);
            gap = 0;
        }
    }
    hide(&mut run);
    out.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_never_pass() {
        for (text, shown) in [
            ("card 4111111111111111 ok", "card ************1111 ok"),
            ("4111 1111 1111 1111", "**** **** **** 1111"),
            ("4111-1111-1111-1111-999", "****-****-****-***1-999"),
            ("total 123456.78 trace 000123", "total 123456.78 trace 000123"),
            ("29.11.2026 12:34", "29.11.2026 12:34"),
            ("٤١١١١١١١١١١١١١١١", "************١١١١"),
        ] {
            assert_eq!(without_long_numbers(text), shown);
        }
        assert_eq!(bounded("a\u{1b}b\n"), "ab");
    }
}
