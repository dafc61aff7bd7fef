//! Paying, finding and giving back.

use crate::context::Done;
use crate::engine::Call;
use crate::views::*;
use crate::{cards, checkout, customer, history, refunds};

pub(super) fn quote(call: &Call<'_>, input: QuoteInput) -> Done<QuoteView> {
    call.write(|store, ctx| checkout::quote(store, ctx, input))
}

pub(super) fn pay(call: &Call<'_>, input: PayInput) -> Done<ReceiptView> {
    let receipt = call.write(|store, ctx| checkout::pay(store, ctx, input))?;
    customer::show_paid(call, &receipt);
    if receipt.order.terms.as_ref().is_some_and(|terms| terms.customer_id.is_some()) {
        // What is left to them goes to the till where they stand next.
        call.till.pull_now.notify_one();
    }
    if receipt.order.tenders.iter().any(|tender| tender.card.is_some()) {
        call.till.tell(&[ChangedWord::Card]);
    }
    Ok(receipt)
}

pub(super) fn orders(call: &Call<'_>, input: OrdersInput) -> Done<OrdersView> {
    call.read(|db, ctx| history::list(db, ctx, input))
}

pub(super) fn order(call: &Call<'_>, input: OrderInput) -> Done<ReceiptView> {
    call.read(|db, ctx| history::get(db, ctx, input))
}

pub(super) fn find_order(call: &Call<'_>, input: FindOrderInput) -> Done<ReceiptView> {
    call.read(|db, ctx| history::find(db, ctx, input))
}

pub(super) fn receipt_file(call: &Call<'_>, input: ReceiptFileInput) -> Done<FileView> {
    call.read(|db, ctx| history::receipt_file(db, ctx, input))
}

pub(super) fn reprint_order(call: &Call<'_>, input: OrderInput) -> Done<ReceiptView> {
    call.write(|store, ctx| history::reprint(store, ctx, input))
}

pub(super) fn quote_refund(call: &Call<'_>, input: RefundInput) -> Done<RefundQuoteView> {
    call.read(|db, ctx| refunds::quote(db, ctx, input))
}

pub(super) fn refund(call: &Call<'_>, input: RefundInput) -> Done<RefundView> {
    let refund = call.write(|store, ctx| refunds::complete(store, ctx, input))?;
    Ok(at_reader(call, refund))
}

pub(super) fn quote_loose_refund(call: &Call<'_>, input: LooseRefundInput) -> Done<RefundQuoteView> {
    call.read(|db, ctx| refunds::loose_quote(db, ctx, input))
}

pub(super) fn loose_refund(call: &Call<'_>, input: LooseRefundInput) -> Done<RefundView> {
    let refund = call.write(|store, ctx| refunds::loose(store, ctx, input))?;
    Ok(at_reader(call, refund))
}

/// Lets the card reader give back what it took.
fn at_reader(call: &Call<'_>, refund: RefundView) -> RefundView {
    if refund.card_payment_id.is_some() {
        cards::wake(call.till);
        call.till.tell(&[ChangedWord::Card]);
    }
    refund
}

pub(super) fn reprint_refund(call: &Call<'_>, input: RefundIdInput) -> Done<RefundView> {
    call.write(|store, ctx| refunds::reprint(store, ctx, input))
}
