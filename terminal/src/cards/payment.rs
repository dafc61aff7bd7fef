//! A payment at the reader: begun, called off, asked after, and settled by a person where the reader cannot say.

use shared::ids::CardPaymentId;
use shared::money::Money;
use shared::order::CardApproval;
use shared::staff::Permission;

use super::amount::as_iso;
use super::{asked_for, begin, call_off, device_of, facts, known, needed_device, show, wake};
use crate::checkout::check_room;
use crate::context::{CommandError, Context, Done};
use crate::engine::Till;
use crate::journal;
use crate::register::{self, Prices, checked_reason};
use crate::staff::{leave, require};
use crate::store::card_payments::{
    self, Came, CardPayment, CardPaymentKind as Kind, CardPaymentState as State, SaidBy,
};
use crate::store::{Store, drawer_sessions};
use crate::views::{CardPayInput, CardPaymentView, CardSettleInput, Code};

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
    let device = needed_device(store.db())?;
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
        ..asked_for(ctx, &who, &device, Kind::Payment, input.amount, digits)
    };
    begin(till, store, ctx, payment, |tx, _, payment| Ok(card_payments::insert(tx, payment)?))
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
    let who = require(store.db(), ctx, Permission::Sell)?;
    let payment = known(store.db(), id)?;
    if payment.state == State::Asked {
        let came = Came::Refused("cancelled");
        let moment = ctx.moment_in_any_case(store.db(), Some(who.staff_id));
        store.write(|tx| facts::settle(tx, ctx.device, &moment, &payment, &came, ""))?;
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
/// `not_found`, `approval_needed`, `invalid` about the reason, about `amount`, or about `state` when there is nothing to say.
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
        return Err(already_settled());
    }
    let amount = amount_moved(&payment, &input)?;
    let leave = leave(store, ctx, Permission::RefundWithoutReceipt, input.approval)?;
    let leave = leave.signed(ctx, Permission::RefundWithoutReceipt);
    let moment = ctx.moment_in_any_case(store.db(), Some(leave.who.staff_id));
    let came = if input.money_moved {
        let approval = CardApproval {
            card_payment_id: payment.card_payment_id,
            provider_reference: String::new(),
            authorisation: String::new(),
            card: String::new(),
            receipt: Vec::new(),
            by_hand: true,
        };
        Came::Approved(amount, Box::new(approval))
    } else {
        Came::Refused("by_hand")
    };
    let said = SaidBy { staff_id: leave.answerable(), reason: &reason };
    let fact = facts::settled_by_hand(&payment, amount, input.money_moved, &reason, leave.approval_id());
    journal::commit(store, ctx.device, |tx| {
        leave.record(tx, ctx, &moment)?;
        if !card_payments::settle(tx, &payment, &came, "said by hand", Some(said), moment.at)? {
            return Err(already_settled());
        }
        Ok(journal::append(tx, ctx.device, &moment, &fact)?)
    })?;
    show(till, store.db(), ctx, payment.card_payment_id)
}

fn already_settled() -> CommandError {
    CommandError::invalid("state", "this card payment is settled, or still under way")
}

/// What moved, or would have. A card that had not enough paid a part; what is given back is all of it, or the rest would be
/// forgotten.
fn amount_moved(payment: &CardPayment, input: &CardSettleInput) -> Done<Money> {
    let Some(amount) = input.amount else { return Ok(payment.amount) };
    let most = payment.amount;
    let is_part = payment.kind == Kind::Payment && (1..most.minor()).contains(&amount.minor());
    if input.money_moved && amount.currency() == most.currency() && (is_part || amount == most) {
        return Ok(amount);
    }
    Err(CommandError::invalid("amount", "this amount cannot have moved by this card payment"))
}
