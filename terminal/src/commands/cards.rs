//! The card reader.

use crate::cards;
use crate::context::Done;
use crate::engine::Call;
use crate::views::*;

pub(super) fn list(call: &Call<'_>, _: Nothing) -> Done<CardsView> {
    call.read(|db, ctx| cards::list(call.till, db, ctx))
}

pub(super) fn pay(call: &Call<'_>, input: CardPayInput) -> Done<CardPaymentView> {
    call.write(|store, ctx| cards::pay(call.till, store, ctx, input))
}

pub(super) fn show(call: &Call<'_>, input: CardPaymentIdInput) -> Done<CardPaymentView> {
    call.read(|db, ctx| cards::show(call.till, db, ctx, input.card_payment_id))
}

pub(super) fn cancel(call: &Call<'_>, input: CardPaymentIdInput) -> Done<CardPaymentView> {
    call.write(|store, ctx| cards::cancel(call.till, store, ctx, input.card_payment_id))
}

pub(super) fn ask(call: &Call<'_>, input: CardPaymentIdInput) -> Done<CardPaymentView> {
    call.write(|store, ctx| cards::ask(call.till, store, ctx, input.card_payment_id))
}

pub(super) fn settle(call: &Call<'_>, input: CardSettleInput) -> Done<CardPaymentView> {
    call.write(|store, ctx| cards::settle(call.till, store, ctx, input))
}

pub(super) fn give_back(call: &Call<'_>, input: CardGiveBackInput) -> Done<CardPaymentView> {
    call.write(|store, ctx| cards::give_back(call.till, store, ctx, input))
}

pub(super) fn again(call: &Call<'_>, input: CardPaymentIdInput) -> Done<CardPaymentView> {
    call.write(|store, ctx| cards::again(call.till, store, ctx, input.card_payment_id))
}

pub(super) fn reconcile(call: &Call<'_>, input: CounterDeviceIdInput) -> Done<CardsView> {
    call.read(|db, ctx| cards::reconcile(call.till, db, ctx, input.counter_device_id))
}
