//! The one transaction that makes a refund.

use shared::ids::RefundId;
use shared::journal::Fact;
use shared::money::{CurrencyCode, Money};
use shared::order::TenderKind;
use shared::refund::{Refund, RefundLine};

use super::amount::Due;
use super::{Link, is_cash, shown};
use crate::cards;
use crate::checkout::check_room;
use crate::context::{CommandError, Context, Done};
use crate::journal;
use crate::register::checked_reason;
use crate::staff::Leave;
use crate::store::print_jobs::{self, NewPrintJob, PrintKind};
use crate::store::stock::Moved;
use crate::store::{Store, drawer_sessions, orders, refunds, stock};
use crate::views::{Code, RefundView};

/// A refund to be written.
pub(super) struct NewRefund<'a> {
    pub(super) refund_id: RefundId,
    pub(super) linked: Option<Link>,
    pub(super) currency: CurrencyCode,
    pub(super) digits: u8,
    pub(super) lines: Vec<RefundLine>,
    pub(super) due: Due,
    pub(super) tender: TenderKind,
    pub(super) reason: &'a str,
    /// What the provider of a card reader calls the payment that is given back.
    pub(super) card_reference: Option<String>,
}

/// Refund, journal event, goods back on the shelf and print job in one transaction.
pub(super) fn write(
    store: &mut Store,
    ctx: &mut Context<'_>,
    leave: &Leave,
    new: NewRefund<'_>,
) -> Done<RefundView> {
    let outlet = ctx.outlet(store.db())?;
    check_room(store, ctx)?;
    let reason = checked_reason(new.reason)?;
    let card_reference = new.card_reference;
    let session = drawer_sessions::current(store.db())?
        .ok_or_else(|| CommandError::new(Code::DrawerClosed, "no drawer is open"))?;
    let moment = ctx.moment(&outlet, Some(leave.who.staff_id));
    let (order_id, order_receipt_number) = new.linked.unzip();
    let mut refund = Refund {
        refund_id: new.refund_id,
        order_id,
        order_receipt_number,
        receipt_number: String::new(),
        outlet_id: ctx.device.outlet_id,
        terminal_id: ctx.device.terminal_id,
        drawer_session_id: session.drawer_session_id,
        staff_id: leave.who.staff_id,
        staff_name: leave.who.name.clone(),
        occurred_at: moment.at,
        business_date: moment.business_date,
        currency: new.currency,
        digits: new.digits,
        tax_total: Money::sum(new.currency, new.lines.iter().map(|line| line.tax))?,
        lines: new.lines,
        total: new.due.total,
        cash_rounding: new.due.cash_rounding,
        tender: new.tender,
        amount: new.due.amount,
        reason,
        approval_id: leave.approval_id(),
    };
    let prefix = ctx.number_prefix(&outlet);
    let written = store.write(|tx| -> Done<()> {
        leave.record(tx, ctx, &moment)?;
        let counter = orders::next_receipt_counter(tx)?;
        refund.receipt_number = format!("{prefix}-{counter:06}");
        let fact = Fact::RefundCompleted(Box::new(refund.clone()));
        let journal_key = journal::append(tx, ctx.device, &moment, &fact)?;
        let job = NewPrintJob {
            kind: PrintKind::Refund,
            subject_id: Some(&refund.refund_id.to_string()),
            body: None,
            title: &refund.receipt_number,
            copy: false,
            open_drawer: is_cash(refund.tender),
        };
        let print_job_id = print_jobs::enqueue(tx, ctx.clock, ctx.rng, job)?;
        refunds::insert(tx, counter, &refund, journal_key, print_job_id)?;
        if refund.tender == TenderKind::Card {
            cards::give_back_goods(tx, ctx, &leave.who, &refund, card_reference)?;
        }
        let back: Vec<Moved> = refund
            .lines
            .iter()
            .filter(|line| line.restock)
            .map(|line| Moved { item_id: line.item_id, variant_id: line.variant_id, quantity: line.quantity })
            .collect();
        Ok(stock::insert(tx, journal_key, "returned", None, &back)?)
    });
    // An error of the commit does not say that it did not happen: what is there under its id decides.
    match (shown(store.db(), ctx, refund.refund_id)?, written) {
        (Some(view), _) => Ok(view),
        (None, Err(error)) => Err(error),
        (None, Ok(())) => Err(CommandError::new(Code::StoreFailed, "the refund is not in the store")),
    }
}
