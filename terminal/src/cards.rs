//! Paying by card at the till's own reader.
//!
//! A payment is written down before the reader is told anything, and from then on only the reader's own word ends it: a lost
//! answer is *unknown*, is asked after again, and never leads to a second charge by itself. What was approved is counted in
//! exactly one sale, or given back. The reader is spoken to by a thread of its own; no command waits for it.

mod amount;
mod facts;
mod payment;
mod reader;
mod refund;
mod sale;
mod serve;

use rusqlite::Connection;
use shared::Timestamp;
use shared::ids::{CardPaymentId, CartId, CounterDeviceId};
use shared::money::Money;
use shared::staff::Permission;
use tokio::runtime::Handle;

use crate::context::{CommandError, Context, Done};
use crate::engine::Till;
use crate::peripherals::may_set_up;
use crate::staff::require;
use crate::store::card_payments::{self, CardPayment, CardPaymentKind as Kind, CardPaymentState as State};
use crate::store::counter_devices::{self, CounterDevice, CounterKind};
use crate::store::people::SignedIn;
use crate::store::{Store, StoreError, Tx, carts};
use crate::views::{CardDayView, CardPaymentView, CardReaderView, CardsView, Code};

pub(crate) use facts::unsold;
pub(crate) use payment::{ask, cancel, pay, settle};
pub(crate) use reader::{PROTOCOLS, call_off, check_setup};
pub(crate) use refund::{again, give_back, give_back_goods, reference_of};
pub(crate) use sale::{book, count};
pub(crate) use serve::serve;

/// What the reader's thread is asked for and how far it is; nothing of it must outlive the process.
#[derive(Debug, Default)]
pub(crate) struct Cards {
    /// Where the reader's thread runs what waits; None before there is one.
    runtime: Option<Handle>,
    /// There may be something to do in the store.
    work: bool,
    /// Somebody wants to know whether the reader is there.
    probe: bool,
    /// What the reader is at.
    going: Option<(CardPaymentId, Option<&'static str>)>,
    /// What is to be called off.
    cancel: Option<CardPaymentId>,
    /// The reader's day is to be closed.
    close_day: bool,
    day: Option<CardDayView>,
}

/// Tells the reader's thread that there may be something to do.
pub(crate) fn wake(till: &Till) {
    till.change_cards(|cards| cards.work = true);
}

/// Asks for a look whether the reader is there.
pub(crate) fn probe(till: &Till) {
    till.change_cards(|cards| cards.probe = true);
}

fn device_of(db: &Connection) -> Result<Option<CounterDevice>, StoreError> {
    Ok(counter_devices::list(db)?.into_iter().find(|device| device.kind == CounterKind::Card))
}

/// # Errors
/// `not_found` when none is set up.
fn needed_device(db: &Connection) -> Done<CounterDevice> {
    device_of(db)?.ok_or_else(|| CommandError::not_found("no card reader is set up"))
}

/// The reader, and what still needs somebody.
///
/// # Errors
/// `not_signed_in`, `not_allowed`.
pub(crate) fn list(till: &Till, db: &Connection, ctx: &Context<'_>) -> Done<CardsView> {
    require(db, ctx, Permission::Sell)?;
    let device = device_of(db)?;
    let reader = device.map(|device| CardReaderView {
        counter_device_id: device.counter_device_id,
        well: till.counter(|counter| counter.is_well(device.counter_device_id)),
        day: till.cards(|cards| cards.day.clone()),
        name: device.name,
    });
    let open_here = open_here(db, ctx)?;
    let payments = card_payments::open(db)?.into_iter().map(|payment| view(till, open_here, payment));
    Ok(CardsView { reader, payments: payments.collect() })
}

/// One payment.
///
/// # Errors
/// `not_found`.
pub(crate) fn show(
    till: &Till,
    db: &Connection,
    ctx: &Context<'_>,
    id: CardPaymentId,
) -> Done<CardPaymentView> {
    require(db, ctx, Permission::Sell)?;
    shown(till, db, ctx, known(db, id)?)
}

fn known(db: &Connection, id: CardPaymentId) -> Done<CardPayment> {
    card_payments::get(db, id)?.ok_or_else(|| CommandError::not_found("there is no such card payment"))
}

fn shown(till: &Till, db: &Connection, ctx: &Context<'_>, payment: CardPayment) -> Done<CardPaymentView> {
    Ok(view(till, open_here(db, ctx)?, payment))
}

/// The cart that is open in this window.
fn open_here(db: &Connection, ctx: &Context<'_>) -> Result<Option<CartId>, StoreError> {
    Ok(carts::open_of(db, ctx.client)?.map(|cart| cart.cart_id))
}

fn view(till: &Till, open_here: Option<CartId>, payment: CardPayment) -> CardPaymentView {
    let state = match payment.state {
        State::Asked | State::Told => "going",
        State::Approved => "approved",
        State::Refused => "refused",
        State::Unknown => "unknown",
    };
    let step = till.cards(|cards| cards.going.filter(|(id, _)| *id == payment.card_payment_id)?.1);
    let approval = payment.approval.as_ref();
    let some = |text: &String| (!text.is_empty()).then(|| text.clone());
    CardPaymentView {
        card_payment_id: payment.card_payment_id,
        kind: match payment.kind {
            Kind::Payment => "payment".to_owned(),
            Kind::Refund => "refund".to_owned(),
        },
        state: state.to_owned(),
        step: step.filter(|_| state == "going").map(str::to_owned),
        amount: payment.amount,
        approved: payment.approved,
        why: payment.why,
        card: approval.and_then(|approval| some(&approval.card)),
        authorisation: approval.and_then(|approval| some(&approval.authorisation)),
        reader: payment.reader_name,
        cart_id: payment.cart_id,
        order_id: payment.order_id,
        here: payment.cart_id.is_some() && payment.cart_id == open_here,
        booked: payment.done,
        started_at: payment.started_at,
        staff_name: payment.staff_name,
    }
}

/// A payment as it is before the reader hears of it.
fn asked_for(
    ctx: &mut Context<'_>,
    who: &SignedIn,
    device: &CounterDevice,
    kind: Kind,
    amount: Money,
    digits: u8,
) -> CardPayment {
    CardPayment {
        card_payment_id: CardPaymentId::new(ctx.clock, ctx.rng),
        counter_device_id: device.counter_device_id,
        reader_name: device.name.clone(),
        kind,
        cart_id: None,
        order_id: None,
        refund_id: None,
        reverses: None,
        of_reference: None,
        amount,
        digits,
        state: State::Asked,
        done: false,
        why: None,
        memory: None,
        approved: None,
        approval: None,
        started_at: ctx.clock.now(),
        staff_id: who.staff_id,
        staff_name: who.name.clone(),
    }
}

/// Writes down what the reader is to be asked, and lets it be asked.
fn begin(
    till: &Till,
    store: &mut Store,
    ctx: &Context<'_>,
    payment: CardPayment,
    write: impl FnOnce(&Tx<'_>, &Context<'_>, &CardPayment) -> Done<()>,
) -> Done<CardPaymentView> {
    let written = store.write(|tx| write(tx, ctx, &payment));
    // An error of the commit does not say that it did not happen.
    wake(till);
    written?;
    shown(till, store.db(), ctx, payment)
}

/// Closes the reader's day with its bank; how it goes is seen in the list.
///
/// # Errors
/// `not_allowed`, `not_found`, `card_busy`.
pub(crate) fn reconcile(
    till: &Till,
    db: &Connection,
    ctx: &Context<'_>,
    id: CounterDeviceId,
) -> Done<CardsView> {
    may_set_up(db, ctx)?;
    let is_it = device_of(db)?.is_some_and(|device| device.counter_device_id == id);
    if !is_it {
        return Err(CommandError::not_found("there is no such card reader"));
    }
    // After its end of day a reader may know no more of a payment that it has not told of.
    if card_payments::is_open_at(db, id)? {
        return Err(CommandError::new(
            Code::CardBusy,
            "the card reader is at a payment, or has not told of one",
        ));
    }
    let now = ctx.clock.now();
    till.change_cards(|cards| {
        cards.close_day = true;
        cards.day = Some(day("going", now));
    });
    list(till, db, ctx)
}

fn day(state: &str, at: Timestamp) -> CardDayView {
    CardDayView { state: state.to_owned(), sum: None, lines: Vec::new(), at }
}
