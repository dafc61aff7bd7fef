//! Paying by card at the till's own reader.
//!
//! A payment is written down before the reader is told anything, and from then on only the reader's own word ends it: a lost
//! answer is *unknown*, is asked after again, and never leads to a second charge by itself. What was approved is counted in
//! exactly one sale, or given back. The reader is spoken to by a thread of its own; no command waits for it.

mod reader;
mod sale;
mod serve;

use rusqlite::Connection;
use shared::ids::{CardPaymentId, CounterDeviceId};
use shared::money::Money;
use shared::order::CardApproval;
use shared::refund::Refund;
use shared::staff::Permission;
use shared::{CurrencyCode, Timestamp};
use tokio::runtime::Handle;

use crate::checkout::check_room;
use crate::context::{CommandError, Context, Done};
use crate::engine::Till;
use crate::register::{self, Prices, checked_reason};
use crate::staff::{leave, require};
use crate::store::card_payments::{
    self, Came, CardPayment, CardPaymentKind as Kind, CardPaymentState as State, SaidBy,
};
use crate::store::counter_devices::{self, CounterDevice, CounterKind};
use crate::store::people::SignedIn;
use crate::store::{Store, StoreError, Tx, carts, drawer_sessions, orders};
use crate::views::{
    CardDayView, CardGiveBackInput, CardPayInput, CardPaymentView, CardReaderView, CardSettleInput,
    CardsView, Code,
};

pub(crate) use reader::{PROTOCOLS, call_off, check_setup};
pub(crate) use sale::{BookedCard, book, of_sale, reference_of};
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
    let payments = card_payments::open(db)?;
    let payments = payments.into_iter().map(|payment| shown(till, db, ctx, payment)).collect::<Done<_>>()?;
    Ok(CardsView { reader, payments })
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
    let state = match payment.state {
        State::Asked | State::Told => "going",
        State::Approved => "approved",
        State::Refused => "refused",
        State::Unknown => "unknown",
    };
    let step = till.cards(|cards| cards.going.filter(|(id, _)| *id == payment.card_payment_id)?.1);
    let open_here = carts::open_of(db, ctx.client)?.map(|cart| cart.cart_id);
    let approval = payment.approval.as_ref();
    let some = |text: &String| (!text.is_empty()).then(|| text.clone());
    Ok(CardPaymentView {
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
    })
}

/// An amount in the minor unit of ISO 4217, as readers count, and the currency's number; None when the reader cannot be asked
/// for it.
fn as_iso(amount: Money, digits: u8) -> Option<(u64, u16)> {
    let currency = hardware::card::currency(amount.currency().as_str())?;
    let finer = currency.digits.checked_sub(digits)?;
    let minor = u64::try_from(amount.minor()).ok()?.checked_mul(10_u64.checked_pow(u32::from(finer))?)?;
    Some((minor, currency.number))
}

/// The reader's amount in the till's own minor units; what is finer than those is left out.
fn from_iso(minor: u64, digits: u8, currency: CurrencyCode) -> Option<Money> {
    let known = hardware::card::currency(currency.as_str())?;
    let finer = 10_u64.checked_pow(u32::from(known.digits.checked_sub(digits)?))?;
    Some(Money::new(i64::try_from(minor / finer).ok()?, currency))
}

/// Begins a payment for this window's cart.
///
/// # Errors
/// `not_found` without a reader, `cart_changed`, `drawer_closed`, `disk_full`, `card_busy`, `card_unsettled`, `invalid` about
/// `amount`.
pub(crate) fn pay(
    till: &Till,
    store: &mut Store,
    ctx: &mut Context<'_>,
    input: CardPayInput,
) -> Done<CardPaymentView> {
    let who = require(store.db(), ctx, Permission::Sell)?;
    let device = device_of(store.db())?.ok_or_else(|| CommandError::not_found("no card reader is set up"))?;
    // Whatever would keep the sale from being written is said before anybody takes out a card.
    check_room(store, ctx)?;
    drawer_sessions::current(store.db())?
        .ok_or_else(|| CommandError::new(Code::DrawerClosed, "no drawer is open"))?;
    let prices = Prices::now(store.db(), ctx)?;
    let changed = || CommandError::new(Code::CartChanged, "another cart is in this window");
    let active = register::active(store, ctx)?.ok_or_else(changed)?;
    let priced = prices.of(&active.open.cart);
    let cart_id = active.open.cart.cart_id();
    store.open_carts.put(active.open);
    if cart_id != input.cart_id {
        return Err(changed());
    }
    let total = priced?.order.total;
    let mut before = card_payments::open_of_cart(store.db(), cart_id)?;
    before.retain(|payment| payment.kind == Kind::Payment);
    if before.iter().any(|payment| payment.state != State::Approved) {
        let message = "an earlier card payment of this cart is not settled";
        return Err(CommandError::new(Code::CardUnsettled, message));
    }
    if card_payments::is_going(store.db(), device.counter_device_id)? {
        return Err(CommandError::new(Code::CardBusy, "the card reader is at another payment"));
    }
    let digits = prices.outlet.digits;
    let paid = Money::sum(total.currency(), before.iter().filter_map(|payment| payment.approved))?;
    let most = total.sub(paid)?;
    let is_askable = input.amount.currency() == total.currency()
        && input.amount.minor() > 0
        && input.amount.minor() <= most.minor()
        && as_iso(input.amount, digits).is_some();
    if !is_askable {
        let message = "the card reader cannot be asked for this amount";
        return Err(CommandError::invalid("amount", message));
    }
    let payment = CardPayment {
        cart_id: Some(cart_id),
        ..blank(ctx, &who, &device, Kind::Payment, input.amount, digits)
    };
    begin(till, store, ctx, payment)
}

fn blank(
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

fn begin(till: &Till, store: &mut Store, ctx: &Context<'_>, payment: CardPayment) -> Done<CardPaymentView> {
    let written = store.write(|tx| card_payments::insert(tx, &payment));
    // An error of the commit does not say that it did not happen.
    wake(till);
    written?;
    shown(till, store.db(), ctx, payment)
}

/// Calls a payment off. What the reader was told already ends by the reader's own word, which may even be yes.
///
/// # Errors
/// `not_found`.
pub(crate) fn cancel(
    till: &Till,
    store: &mut Store,
    ctx: &mut Context<'_>,
    id: CardPaymentId,
) -> Done<CardPaymentView> {
    require(store.db(), ctx, Permission::Sell)?;
    let payment = known(store.db(), id)?;
    let now = ctx.clock.now();
    if payment.state == State::Asked {
        store.write(|tx| card_payments::settle(tx, &payment, &Came::Refused("cancelled"), "", None, now))?;
    }
    if payment.state == State::Told {
        till.change_cards(|cards| cards.cancel = Some(id));
        if let Some(device) = device_of(store.db())? {
            call_off(till, &device, &payment);
        }
    }
    show(till, store.db(), ctx, id)
}

/// Asks the reader again how a payment stands whose answer was lost.
///
/// # Errors
/// `not_found`.
pub(crate) fn ask(
    till: &Till,
    store: &mut Store,
    ctx: &mut Context<'_>,
    id: CardPaymentId,
) -> Done<CardPaymentView> {
    require(store.db(), ctx, Permission::Sell)?;
    known(store.db(), id)?;
    store.write(|tx| card_payments::ask_again(tx, id))?;
    wake(till);
    show(till, store.db(), ctx, id)
}

/// Lets a manager say, by the reader's own paper, how a payment stands that the reader does not tell of, or that a refund that
/// the reader refused was given in another way.
///
/// # Errors
/// `not_found`, `approval_needed`, `invalid` about the reason, or about `state` when there is nothing to say.
pub(crate) fn settle(
    till: &Till,
    store: &mut Store,
    ctx: &mut Context<'_>,
    input: CardSettleInput,
) -> Done<CardPaymentView> {
    let payment = known(store.db(), input.card_payment_id)?;
    let reason = checked_reason(&input.reason)?;
    let refused_refund = payment.kind == Kind::Refund && payment.state == State::Refused && !payment.done;
    let can_say = payment.state == State::Unknown || refused_refund && input.money_moved;
    if !can_say {
        return Err(CommandError::invalid("state", "this card payment is settled, or still under way"));
    }
    let leave = leave(store, ctx, Permission::RefundWithoutReceipt, input.approval)?;
    let leave = leave.signed(ctx, Permission::RefundWithoutReceipt);
    let outlet = ctx.outlet(store.db())?;
    let moment = ctx.moment(&outlet, Some(leave.who.staff_id));
    let came = if input.money_moved {
        let approval = CardApproval {
            card_payment_id: payment.card_payment_id,
            provider_reference: String::new(),
            authorisation: String::new(),
            card: String::new(),
            receipt: Vec::new(),
            by_hand: true,
        };
        Came::Approved(payment.amount, Box::new(approval))
    } else {
        Came::Refused("by_hand")
    };
    let said = SaidBy { staff_id: leave.answerable(), reason: &reason };
    store.write(|tx| -> Done<()> {
        leave.record(tx, ctx, &moment)?;
        card_payments::settle(tx, &payment, &came, "said by hand", Some(said), moment.at)?;
        Ok(())
    })?;
    show(till, store.db(), ctx, payment.card_payment_id)
}

/// Gives back a payment that became no sale; gives the refund.
///
/// # Errors
/// `not_found`, `approval_needed`, `invalid` about `state` when there is nothing to give back.
pub(crate) fn give_back(
    till: &Till,
    store: &mut Store,
    ctx: &mut Context<'_>,
    input: CardGiveBackInput,
) -> Done<CardPaymentView> {
    let payment = known(store.db(), input.card_payment_id)?;
    let approved = payment.approved.filter(|_| payment.kind == Kind::Payment && !payment.done);
    let amount = approved
        .ok_or_else(|| CommandError::invalid("state", "nothing of this card payment is to be given back"))?;
    let leave = leave(store, ctx, Permission::Refund, input.approval)?;
    let device = device_of(store.db())?.ok_or_else(|| CommandError::not_found("no card reader is set up"))?;
    let outlet = ctx.outlet(store.db())?;
    let moment = ctx.moment(&outlet, Some(leave.who.staff_id));
    let of_reference = payment.approval.as_ref().map(|approval| approval.provider_reference.clone());
    let refund = CardPayment {
        reverses: Some(payment.card_payment_id),
        cart_id: payment.cart_id,
        of_reference: of_reference.filter(|reference| !reference.is_empty()),
        ..blank(ctx, &leave.who, &device, Kind::Refund, amount, payment.digits)
    };
    let written = store.write(|tx| -> Done<()> {
        leave.record(tx, ctx, &moment)?;
        leave_to(tx, &payment, &refund)
    });
    wake(till);
    written?;
    shown(till, store.db(), ctx, refund)
}

/// Tries a refund again that the reader refused.
///
/// # Errors
/// `not_found`, `invalid` about `state` when it was not refused.
pub(crate) fn again(
    till: &Till,
    store: &mut Store,
    ctx: &mut Context<'_>,
    id: CardPaymentId,
) -> Done<CardPaymentView> {
    let who = require(store.db(), ctx, Permission::Sell)?;
    let payment = known(store.db(), id)?;
    if payment.kind != Kind::Refund || payment.state != State::Refused || payment.done {
        return Err(CommandError::invalid("state", "this was not refused by the card reader"));
    }
    let device = device_of(store.db())?.ok_or_else(|| CommandError::not_found("no card reader is set up"))?;
    // The payment that was chosen may have been given back meanwhile, another one of the order not.
    let order = payment.order_id.map(|id| orders::order(store.db(), id)).transpose()?.flatten();
    let of_reference = match &order {
        Some(order) => reference_of(store.db(), &order.tenders, payment.amount)?,
        None => payment.of_reference.clone(),
    };
    // Under a name of its own: providers give the old "no" again to the old one.
    let next = CardPayment {
        cart_id: payment.cart_id,
        order_id: payment.order_id,
        refund_id: payment.refund_id,
        reverses: payment.reverses,
        of_reference,
        ..blank(ctx, &who, &device, Kind::Refund, payment.amount, payment.digits)
    };
    let written = store.write(|tx| leave_to(tx, &payment, &next));
    wake(till);
    written?;
    shown(till, store.db(), ctx, next)
}

fn leave_to(tx: &Tx<'_>, from: &CardPayment, to: &CardPayment) -> Done<()> {
    if !card_payments::leave_to(tx, from.card_payment_id, to.card_payment_id)? {
        return Err(CommandError::invalid("state", "somebody else went on with this card payment"));
    }
    Ok(card_payments::insert(tx, to)?)
}

/// What a refund of goods by card asks the reader for, in the refund's own transaction. Nothing without a reader: then it is
/// given back at another one, by hand.
pub(crate) fn give_back_goods(
    tx: &Tx<'_>,
    ctx: &mut Context<'_>,
    who: &SignedIn,
    refund: &Refund,
    of_reference: Option<String>,
) -> Result<(), StoreError> {
    let Some(device) = device_of(tx)? else { return Ok(()) };
    if as_iso(refund.amount, refund.digits).is_none_or(|(minor, _)| minor == 0) {
        return Ok(());
    }
    let payment = CardPayment {
        order_id: refund.order_id,
        refund_id: Some(refund.refund_id),
        of_reference,
        ..blank(ctx, who, &device, Kind::Refund, refund.amount, refund.digits)
    };
    card_payments::insert(tx, &payment)
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
    crate::peripherals::may_set_up(db, ctx)?;
    let is_it = device_of(db)?.is_some_and(|device| device.counter_device_id == id);
    if !is_it {
        return Err(CommandError::not_found("there is no such card reader"));
    }
    require(db, ctx, Permission::Sell)?;
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn readers_count_in_the_minor_unit_of_the_standard() {
        for (minor, digits, currency, iso, number) in [
            (36_000, 0, "IDR", 3_600_000, 360),
            (36_000, 2, "IDR", 36_000, 360),
            (29_000, 0, "VND", 29_000, 704),
            (1_234, 2, "EUR", 1_234, 978),
            (1_234, 3, "KWD", 1_234, 414),
        ] {
            let code: CurrencyCode = currency.parse().unwrap();
            let amount = Money::new(minor, code);
            assert_eq!(as_iso(amount, digits), Some((iso, number)), "{amount}");
            assert_eq!(from_iso(iso, digits, code), Some(amount), "{amount}");
        }
        let idr: CurrencyCode = "IDR".parse().unwrap();
        assert_eq!(from_iso(3_600_099, 0, idr), Some(Money::new(36_000, idr)), "finer than the till counts");
        for (minor, digits, currency) in [(-1, 2, "EUR"), (1, 3, "EUR"), (1, 2, "XXX"), (i64::MAX, 0, "IDR")]
        {
            assert_eq!(as_iso(Money::new(minor, currency.parse().unwrap()), digits), None);
        }
    }
}
