//! Money back: linked to an order and never above what is left of it, or without a receipt by a manager's leave.

mod amount;
mod loose;
mod write;

use rusqlite::Connection;
use shared::ids::{OrderId, RefundId};
use shared::journal::Fact;
use shared::journal::payload::ReceiptReprinted;
use shared::money::{Money, Quantity};
use shared::order::{Order, TenderKind};
use shared::outlet::Outlet;
use shared::refund::{AlreadyRefunded, Refund, RefundLine, refund_lines};
use shared::staff::Permission;

pub use loose::{loose, loose_quote};

use crate::cards;
use crate::context::{CommandError, Context, Done};
use crate::history::no_printer;
use crate::journal;
use crate::register::Prices;
use crate::staff::{leave, require, signed_in};
use crate::store::print_jobs::{self, NewPrintJob, PrintKind};
use crate::store::{Store, card_payments, orders, refunds};
use crate::views::{RefundIdInput, RefundInput, RefundQuoteView, RefundView};
use amount::{Due, Given, Paid};
use write::NewRefund;

/// The most lines that are given back at once.
const MAX_LINES: usize = 5_000;

struct Chosen {
    order: Order,
    lines: Vec<RefundLine>,
    due: Due,
}

/// What comes back of an order, checked against what was given back before.
fn choose(db: &Connection, ctx: &Context<'_>, input: &RefundInput) -> Done<Chosen> {
    if input.lines.len() > MAX_LINES {
        return Err(CommandError::invalid("lines", "too many lines were chosen at once"));
    }
    let prices = Prices::now(db, ctx)?;
    let order = orders::order(db, input.order_id)?
        .ok_or_else(|| CommandError::not_found("this terminal has no such order"))?;
    let already = refunds::refunded_units(db, input.order_id)?;
    let already = |line_id| {
        let units = already.iter().find(|(id, _)| *id == line_id);
        AlreadyRefunded { quantity: units.map_or(Quantity::ZERO, |(_, quantity)| *quantity) }
    };
    let chosen: Vec<_> = input.lines.iter().map(|line| (line.line_id, line.quantity, line.restock)).collect();
    let lines = refund_lines(&order, &chosen, already)?;
    let total = Money::sum(order.currency, lines.iter().map(|line| line.amount))?;
    let before: Vec<Given> = refunds::of_order(db, input.order_id)?
        .into_iter()
        .map(|row| Given { by: row.tender, total: row.total, amount: row.amount })
        .collect();
    let paid = Paid { total: order.total, tenders: &order.tenders };
    let due = amount::linked(paid, &before, total, input.tender, prices.cash_rounding())?;
    Ok(Chosen { order, lines, due })
}

/// What giving back would come to.
///
/// # Errors
/// `not_found`, `refund_too_much`.
pub fn quote(db: &Connection, ctx: &Context<'_>, input: RefundInput) -> Done<RefundQuoteView> {
    require(db, ctx, Permission::Sell)?;
    let due = choose(db, ctx, &input)?.due;
    Ok(RefundQuoteView { total: due.total, cash_rounding: due.cash_rounding, amount: due.amount })
}

/// Gives money back for units of an order. Cash for what was paid by other means is a manager's to give. Asking again under
/// the same id gives the same refund.
///
/// # Errors
/// `approval_needed`, `not_found`, `refund_too_much`, `drawer_closed`.
pub fn complete(store: &mut Store, ctx: &mut Context<'_>, mut input: RefundInput) -> Done<RefundView> {
    signed_in(store.db(), ctx)?;
    if let Some(view) = shown(store.db(), ctx, input.refund_id)? {
        return Ok(view);
    }
    let Chosen { order, lines, due } = choose(store.db(), ctx, &input)?;
    let permission = if due.stands_in { Permission::RefundWithoutReceipt } else { Permission::Refund };
    let leave = leave(store, ctx, permission, input.approval.take())?;
    let card_reference = cards::reference_of(store.db(), &order.tenders, due.amount)?;
    let linked = Some((order.order_id, order.receipt_number));
    let (currency, digits) = (order.currency, order.digits);
    let refund_id = input.refund_id;
    let new = NewRefund {
        refund_id,
        linked,
        currency,
        digits,
        lines,
        due,
        tender: input.tender,
        reason: &input.reason,
        card_reference,
    };
    write::write(store, ctx, &leave, new)
}

/// A refund with its receipt.
pub(crate) fn shown(db: &Connection, ctx: &Context<'_>, id: RefundId) -> Done<Option<RefundView>> {
    let Some(row) = refunds::row(db, id)? else { return Ok(None) };
    let refund = journal::payload(db, row.journal_key)?;
    let outlet = ctx.outlet(db)?;
    let text = text(&outlet, &refund, false);
    let print = print_jobs::state(db, row.print_job_id)?;
    Ok(Some(RefundView { refund, text, print, card_payment_id: card_payments::of_refund(db, id)? }))
}

fn text(outlet: &Outlet, refund: &Refund, copy: bool) -> String {
    crate::receipts::text(&crate::receipts::refund(outlet, refund, copy))
}

/// Prints a refund's receipt again, marked COPY; the journal says so.
///
/// # Errors
/// `not_found`, `no_printer`.
pub fn reprint(store: &mut Store, ctx: &mut Context<'_>, input: RefundIdInput) -> Done<RefundView> {
    let who = require(store.db(), ctx, Permission::Sell)?;
    let outlet = ctx.outlet(store.db())?;
    let unknown = || CommandError::not_found("this terminal has no such refund");
    let refund = refunds::refund(store.db(), input.refund_id)?.ok_or_else(unknown)?;
    let moment = ctx.moment(&outlet, Some(who.staff_id));
    let reprinted = ReceiptReprinted { order_id: None, refund_id: Some(input.refund_id) };
    journal::commit(store, ctx.device, |tx| {
        let job = NewPrintJob {
            kind: PrintKind::Refund,
            subject_id: Some(&input.refund_id.to_string()),
            body: None,
            title: &refund.receipt_number,
            copy: true,
            open_drawer: false,
        };
        let job = print_jobs::enqueue(tx, ctx.clock, ctx.rng, job)?.ok_or_else(no_printer)?;
        refunds::set_print_job(tx, input.refund_id, job)?;
        journal::append(tx, ctx.device, &moment, &Fact::ReceiptReprinted(Box::new(reprinted)))?;
        Ok(())
    })?;
    let print = print_jobs::state(
        store.db(),
        refunds::row(store.db(), input.refund_id)?.and_then(|row| row.print_job_id),
    )?;
    let card_payment_id = card_payments::of_refund(store.db(), input.refund_id)?;
    Ok(RefundView { text: text(&outlet, &refund, true), refund, print, card_payment_id })
}

/// The order that a refund belongs to, and its receipt number.
pub(crate) type Link = (OrderId, String);

/// Whether a means gives money back in coins, which are rounded.
pub(crate) fn is_cash(kind: TenderKind) -> bool {
    kind == TenderKind::Cash
}
