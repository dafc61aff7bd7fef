//! Money back at the reader: of goods, or of a payment that became no sale.

use rusqlite::Connection;
use shared::ids::CardPaymentId;
use shared::journal::Fact;
use shared::money::Money;
use shared::order::Tender;
use shared::refund::Refund;
use shared::staff::Permission;

use super::amount::as_iso;
use super::{asked_for, begin, device_of, facts, known, needed_device};
use crate::context::{CommandError, Context, Done, Moment};
use crate::engine::Till;
use crate::journal;
use crate::staff::{leave, require};
use crate::store::card_payments::{self, CardPayment, CardPaymentKind as Kind, CardPaymentState as State};
use crate::store::people::SignedIn;
use crate::store::{Store, StoreError, Tx, orders};
use crate::views::{CardGiveBackInput, CardPaymentView};

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
    let device = needed_device(store.db())?;
    let moment = ctx.moment_in_any_case(store.db(), Some(leave.who.staff_id));
    let of_reference = payment.approval.as_ref().map(|approval| approval.provider_reference.clone());
    let refund = CardPayment {
        reverses: Some(payment.card_payment_id),
        cart_id: payment.cart_id,
        of_reference: of_reference.filter(|reference| !reference.is_empty()),
        ..asked_for(ctx, &leave.who, &device, Kind::Refund, amount, payment.digits)
    };
    begin(till, store, ctx, refund, |tx, ctx, refund| {
        leave.record(tx, ctx, &moment)?;
        leave_to(tx, &payment, refund)?;
        record(tx, ctx, &moment, facts::given_back(refund, leave.approval_id()))
    })
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
    let device = needed_device(store.db())?;
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
        ..asked_for(ctx, &who, &device, Kind::Refund, payment.amount, payment.digits)
    };
    let moment = ctx.moment_in_any_case(store.db(), Some(who.staff_id));
    begin(till, store, ctx, next, |tx, ctx, next| {
        leave_to(tx, &payment, next)?;
        record(tx, ctx, &moment, facts::given_back(next, None))
    })
}

fn record(tx: &Tx<'_>, ctx: &Context<'_>, moment: &Moment, fact: Option<Fact>) -> Done<()> {
    if let Some(fact) = fact {
        journal::append(tx, ctx.device, moment, &fact)?;
    }
    Ok(())
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
        ..asked_for(ctx, who, &device, Kind::Refund, refund.amount, refund.digits)
    };
    card_payments::insert(tx, &payment)
}

/// What the provider calls the payment that a refund of this amount is taken from: the one with the least left that still holds
/// it.
///
/// # Errors
/// When the store cannot be read.
pub(crate) fn reference_of(
    db: &Connection,
    tenders: &[Tender],
    amount: Money,
) -> Result<Option<String>, StoreError> {
    let mut best: Option<(i64, &str)> = None;
    for (paid, card) in tenders.iter().filter_map(|tender| Some((tender.amount, tender.card.as_ref()?))) {
        let reference = card.provider_reference.as_str();
        if reference.is_empty() {
            continue;
        }
        let left = paid.minor().saturating_sub(card_payments::given_back(db, reference)?);
        if left >= amount.minor() && best.is_none_or(|(least, _)| left < least) {
            best = Some((left, reference));
        }
    }
    Ok(best.map(|(_, reference)| reference.to_owned()))
}
