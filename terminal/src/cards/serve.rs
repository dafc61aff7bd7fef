//! The thread that speaks to the card reader.

use std::time::{Duration, Instant};

use hardware::card::{CardError, CardReader, Outcome, Refund, Refusal, Step, Watch};
use shared::ids::CardPaymentId;
use shared::order::CardApproval;
use tokio::runtime::Handle;

use super::amount::from_iso;
use super::{day, facts, reader};
use crate::counter::{LOOK, note, rest};
use crate::engine::Till;
use crate::receipts::CardDaySlip;
use crate::store::card_payments::{
    self, Came, CardPayment, CardPaymentKind as Kind, CardPaymentState as State,
};
use crate::store::counter_devices::CounterDevice;
use crate::store::print_jobs::{self, NewPrintJob, PrintKind};
use crate::store::row::to_json;
use crate::store::{StoreError, people};
use crate::views::ChangedWord;

/// A reader that does not answer is tried again this often; so is what could not be written.
const AGAIN: Duration = Duration::from_secs(2);
/// A reader that is well is asked this often whether it still is.
const PROBE_EVERY: Duration = Duration::from_secs(60);
/// A payment whose answer was lost is asked after this often by itself,
const ASK_EVERY: Duration = Duration::from_secs(15);
/// for so long; then somebody has to ask.
const ASK_FOR_MS: i64 = 60 * 60 * 1000;
/// A reader that says that it is still at a payment is asked this often,
const PENDING: Duration = Duration::from_secs(1);
/// for so long.
const PENDING_FOR_MS: i64 = 5 * 60 * 1000;
/// A payment that could not be begun for so long is not begun any more: its customer waits for nothing.
const BEGIN_WITHIN_MS: i64 = 30_000;
/// Lines for the receipt, at most, and their length.
const MOST_LINES: usize = 60;
const MOST_LINE_CHARS: usize = 64;

/// Speaks to the reader until it is told to end.
pub(crate) fn serve(till: &Till, device: &CounterDevice, ended: impl Fn() -> bool) {
    let runtime = Handle::current();
    till.change_cards(|cards| (cards.runtime, cards.work) = (Some(runtime.clone()), true));
    let mut reader = match reader::of(till, device, &runtime) {
        Ok(reader) => reader,
        Err(error) => {
            tracing::error!(%error, device = %device.name, "a card reader cannot be spoken to");
            return;
        }
    };
    let mut probed: Option<(Instant, bool)> = None;
    let mut asked = Instant::now();
    while !ended() {
        let (work, close_day, probe) = till.change_cards(|cards| {
            (
                std::mem::take(&mut cards.work),
                std::mem::take(&mut cards.close_day),
                std::mem::take(&mut cards.probe),
            )
        });
        if work {
            match next(till, device, &mut *reader) {
                // There may be more.
                Ok(Next::Did) => super::wake(till),
                Ok(Next::Wait(wait)) => {
                    super::wake(till);
                    rest(wait, &ended);
                }
                Ok(Next::Nothing) => {}
                Err(error) => {
                    tracing::error!(%error, "a card payment could not be read or written; it is tried again");
                    super::wake(till);
                    rest(AGAIN, &ended);
                }
            }
            continue;
        }
        if close_day {
            reconcile(till, device, &mut *reader);
            continue;
        }
        let due = |(at, well): (Instant, bool)| at.elapsed() >= if well { PROBE_EVERY } else { AGAIN };
        if probe || probed.is_none_or(due) {
            let answer = reader.probe();
            note(till, device, answer.as_ref().err().map(|error| error as &dyn std::error::Error));
            probed = Some((Instant::now(), answer.is_ok()));
            // Whatever nobody woke this thread for, such as a commit that was in doubt.
            super::wake(till);
        }
        if asked.elapsed() >= ASK_EVERY && probed.is_some_and(|(_, well)| well) {
            asked = Instant::now();
            if let Err(error) = ask_unknown(till, device, &mut *reader) {
                tracing::error!(%error, "card payments could not be asked after");
            }
        }
        rest(LOOK, &ended);
    }
}

/// What came of looking for something to do.
enum Next {
    Did,
    Wait(Duration),
    Nothing,
}

fn next(till: &Till, device: &CounterDevice, reader: &mut dyn CardReader) -> Result<Next, StoreError> {
    let id = device.counter_device_id;
    // What the reader was told of before comes first: it may still be at it.
    if let Some(payment) = till.read(|db| card_payments::oldest(db, id, State::Told))? {
        return ask_after(till, device, reader, &payment);
    }
    let Some(payment) = till.read(|db| card_payments::oldest(db, id, State::Asked))? else {
        return Ok(Next::Nothing);
    };
    let now = till.clock.now();
    let waited = now.as_millis().saturating_sub(payment.started_at.as_millis());
    if payment.kind == Kind::Payment && waited > BEGIN_WITHIN_MS {
        return settle(till, &payment, &Came::Refused("not_reached"), "it could not be begun in time");
    }
    // What the terminal has not told of yet comes first: the next booking takes away what it still knows of it.
    if repeats_last_only(device) {
        ask_unknown(till, device, reader)?;
    }
    if !till.store().write(|tx| card_payments::tell(tx, payment.card_payment_id))? {
        return Ok(Next::Did);
    }
    let watch = Watching { till, id: payment.card_payment_id };
    till.change_cards(|cards| cards.going = Some((payment.card_payment_id, None)));
    let outcome = match (asked(&payment), payment.kind) {
        (Err(why), _) => Outcome::Refused { why: Refusal::NotSetUp, detail: why },
        (Ok(Asked::Payment(asked)), _) => reader.start(&asked, &watch),
        (Ok(Asked::Refund(asked)), _) => reader.refund(&asked, &watch),
    };
    till.change_cards(|cards| {
        cards.going = None;
        cards.cancel.take_if(|id| *id == payment.card_payment_id);
    });
    record(till, &payment, outcome)
}

enum Asked {
    Payment(hardware::card::Payment),
    Refund(Refund),
}

fn asked(payment: &CardPayment) -> Result<Asked, String> {
    let asked = reader::asked(payment)?;
    Ok(match payment.kind {
        Kind::Payment => Asked::Payment(asked),
        Kind::Refund => Asked::Refund(Refund {
            reference: asked.reference,
            amount_minor: asked.amount_minor,
            currency: asked.currency,
            currency_number: asked.currency_number,
            at: asked.at,
            of: payment.of_reference.clone(),
            memory: asked.memory,
        }),
    })
}

/// Asks how a payment stands that the reader was told of earlier.
fn ask_after(
    till: &Till,
    device: &CounterDevice,
    reader: &mut dyn CardReader,
    payment: &CardPayment,
) -> Result<Next, StoreError> {
    let outcome = ask(till, device, reader, payment)?;
    let since = till.clock.now().as_millis().saturating_sub(payment.started_at.as_millis());
    match outcome {
        Outcome::Pending if (0..PENDING_FOR_MS).contains(&since) => Ok(Next::Wait(PENDING)),
        Outcome::Pending => settle(till, payment, &Came::Unknown, "the reader has been at it for too long"),
        outcome => record(till, payment, outcome),
    }
}

fn ask(
    till: &Till,
    device: &CounterDevice,
    reader: &mut dyn CardReader,
    payment: &CardPayment,
) -> Result<Outcome, StoreError> {
    // It would tell of another customer's.
    if repeats_last_only(device) && !till.read(|db| card_payments::is_last(db, payment))? {
        return Ok(Outcome::Unknown { detail: "the reader has booked something else since".to_owned() });
    }
    Ok(match asked(payment) {
        Err(why) => Outcome::Unknown { detail: why },
        Ok(Asked::Payment(asked)) => {
            let cancelled = till.cards(|cards| cards.cancel == Some(payment.card_payment_id));
            if cancelled && let Err(error) = reader.cancel(&asked) {
                tracing::warn!(%error, "a card payment could not be called off; the reader's word decides");
            }
            reader.status(&asked)
        }
        Ok(Asked::Refund(asked)) => reader.refund_status(&asked),
    })
}

/// Whether a reader knows of its last booking only, whatever it is asked for.
fn repeats_last_only(device: &CounterDevice) -> bool {
    device.protocol.as_deref() == Some("zvt")
}

/// Asks after what is unknown by itself for a while. It stays unknown meanwhile: nobody waits for this.
fn ask_unknown(till: &Till, device: &CounterDevice, reader: &mut dyn CardReader) -> Result<(), StoreError> {
    let now = till.clock.now();
    let begun = now.plus_millis(-ASK_FOR_MS)..=now;
    for payment in till.read(|db| card_payments::unknown(db, device.counter_device_id, begun))? {
        let outcome = ask(till, device, reader, &payment)?;
        if outcome.is_settled() {
            record(till, &payment, outcome)?;
        }
    }
    Ok(())
}

fn record(till: &Till, payment: &CardPayment, outcome: Outcome) -> Result<Next, StoreError> {
    let id = payment.card_payment_id;
    let (came, detail) = match outcome {
        Outcome::Approved(approval) => {
            match from_iso(approval.amount_minor, payment.digits, payment.amount.currency()) {
                Some(amount) => {
                    let short = |line: &String| line.chars().take(MOST_LINE_CHARS).collect();
                    let kept = CardApproval {
                        card_payment_id: id,
                        provider_reference: approval.provider_reference,
                        authorisation: approval.authorisation,
                        card: approval.card,
                        receipt: approval.receipt.iter().take(MOST_LINES).map(short).collect(),
                        by_hand: false,
                    };
                    (Came::Approved(amount, Box::new(kept)), String::new())
                }
                None => (Came::Unknown, "the approved amount cannot be counted".to_owned()),
            }
        }
        Outcome::Refused { why, detail } => (Came::Refused(word_of(why)), detail),
        Outcome::Unknown { detail } => (Came::Unknown, detail),
        Outcome::Pending => (Came::Unknown, "the reader is still at it".to_owned()),
    };
    settle(till, payment, &came, &detail)
}

fn settle(till: &Till, payment: &CardPayment, came: &Came, detail: &str) -> Result<Next, StoreError> {
    let mut store = till.store();
    // As all who write events: the store first, then under which life of the journal.
    let Some(device) = till.device() else { return Ok(Next::Wait(AGAIN)) };
    let moment = till.moment(store.db(), &device);
    let settled = store.write(|tx| facts::settle(tx, &device, &moment, payment, came, detail));
    drop(store);
    // An error of the commit does not say that it did not happen.
    till.tell(&[ChangedWord::Card]);
    till.committed.notify_one();
    if !settled? {
        // A person said how it stands, and the reader now says otherwise: somebody must look.
        tracing::error!(card_payment_id = %payment.card_payment_id, ?came, "the card reader's word came too late");
    } else if !matches!(came, Came::Approved(..)) {
        tracing::warn!(card_payment_id = %payment.card_payment_id, detail, "a card payment was not approved");
    }
    Ok(Next::Did)
}

/// The screens' word (`card-why-*` texts).
fn word_of(why: Refusal) -> &'static str {
    match why {
        Refusal::Declined => "declined",
        Refusal::Cancelled => "cancelled",
        Refusal::CardTimeout => "card_timeout",
        Refusal::Busy => "busy",
        Refusal::NotReached => "not_reached",
        Refusal::NotSetUp => "not_set_up",
    }
}

/// Puts the lines of the reader's day on paper, when there are any.
fn print(till: &Till, device: &CounterDevice, lines: &[String]) -> Result<(), StoreError> {
    if lines.is_empty() {
        return Ok(());
    }
    let closed_at = till.clock.now();
    let slip = CardDaySlip { reader: device.name.clone(), closed_at, lines: lines.to_vec() };
    let body = to_json(&slip)?;
    till.store().write(|tx| {
        let job = NewPrintJob {
            kind: PrintKind::CardDay,
            subject_id: None,
            body: Some(&body),
            title: &device.name,
            copy: false,
            open_drawer: false,
        };
        print_jobs::enqueue(tx, &*till.clock, &mut till.random(), job)
    })?;
    till.print_now.notify_one();
    till.tell(&[ChangedWord::Printing]);
    Ok(())
}

fn reconcile(till: &Till, device: &CounterDevice, reader: &mut dyn CardReader) {
    let done = reader.reconcile();
    let now = till.clock.now();
    let mut shown = day(if done.is_ok() { "done" } else { "failed" }, now);
    match done {
        Ok(totals) => {
            let outlet =
                till.device().and_then(|of| till.read(|db| people::outlet(db, of.outlet_id)).ok()?);
            shown.lines = totals.receipt;
            shown.sum = outlet.as_ref().zip(totals.sum_minor).and_then(|(outlet, sum)| {
                let amount = from_iso(sum.unsigned_abs(), outlet.digits, outlet.currency)?;
                if sum < 0 { amount.neg().ok() } else { Some(amount) }
            });
            if let Err(error) = print(till, device, &shown.lines) {
                tracing::error!(%error, "the lines of the card reader's day could not be printed");
            }
        }
        Err(error @ CardError::Unsupported) => shown.lines = vec![error.to_string()],
        Err(error) => tracing::warn!(%error, "the card reader's day could not be closed"),
    }
    till.change_cards(|cards| cards.day = Some(shown));
    till.tell(&[ChangedWord::Card]);
}

/// Shows the steps of a payment, keeps what must be remembered, and hears that it is called off.
struct Watching<'a> {
    till: &'a Till,
    id: CardPaymentId,
}

impl Watch for Watching<'_> {
    fn step(&self, step: Step) {
        let word = match step {
            Step::Connecting => "connecting",
            Step::PresentCard => "present_card",
            Step::AtReader => "at_reader",
            Step::Authorising => "authorising",
            Step::Cancelling => "cancelling",
        };
        let before = self.till.change_cards(|cards| cards.going.replace((self.id, Some(word))));
        if before != Some((self.id, Some(word))) {
            self.till.tell(&[ChangedWord::Card]);
        }
    }

    fn remember(&self, memory: &str) {
        if let Err(error) = self.till.store().write(|tx| card_payments::remember(tx, self.id, memory)) {
            // Without it the reader can only be asked less exactly: unknown stays unknown for longer.
            tracing::error!(%error, "what a card reader must be reminded of could not be kept");
        }
    }

    fn cancelled(&self) -> bool {
        self.till.is_stopping() || self.till.cards(|cards| cards.cancel == Some(self.id))
    }
}
