//! The drawer from opening float to count: X report, movements of cash, Z report.

mod close;
mod figures;

use rusqlite::Connection;
use shared::drawer::{CashMovement, DrawerOpened, DrawerReport};
use shared::ids::DrawerSessionId;
use shared::journal::Fact;
use shared::journal::payload::DrawerKicked;
use shared::money::Money;
use shared::outlet::Outlet;
use shared::staff::Permission;

pub use close::close;

use crate::context::{CommandError, Context, Done};
use crate::history::no_printer;
use crate::journal;
use crate::register::checked_reason;
use crate::staff::{leave, require, signed_in};
use crate::store::print_jobs::{self, NewPrintJob, PrintKind};
use crate::store::row::to_json;
use crate::store::{Store, drawer_sessions, orders};
use crate::views::{Code, DrawerView, KickInput, MoveCashInput, OpenDrawerInput, ReportView};

fn no_drawer() -> CommandError {
    CommandError::new(Code::DrawerClosed, "no drawer is open")
}

/// The open drawer, as the screens show it.
///
/// # Errors
/// When the store cannot be read.
pub fn current(db: &Connection) -> Done<Option<DrawerView>> {
    Ok(drawer_sessions::current(db)?.map(|opened| DrawerView {
        drawer_session_id: opened.drawer_session_id,
        opened_at: opened.opened_at,
        staff_name: opened.staff_name,
        business_date: opened.business_date,
    }))
}

/// Refuses an amount of another currency or below zero.
fn check_amount(outlet: &Outlet, amount: Money) -> Done<()> {
    if amount.currency() != outlet.currency || amount.is_negative() {
        return Err(CommandError::invalid("amount", format!("{amount} is no amount in {}", outlet.currency)));
    }
    Ok(())
}

/// Opens a drawer with what is in it.
///
/// # Errors
/// `not_allowed`, `drawer_open`, `invalid`.
pub fn open(store: &mut Store, ctx: &mut Context<'_>, input: OpenDrawerInput) -> Done<DrawerView> {
    let who = require(store.db(), ctx, Permission::DrawerSession)?;
    let outlet = ctx.outlet(store.db())?;
    check_amount(&outlet, input.opening_float)?;
    if drawer_sessions::current(store.db())?.is_some() {
        return Err(CommandError::new(Code::DrawerOpen, "a drawer is open already"));
    }
    let moment = ctx.moment(&outlet, Some(who.staff_id));
    let opened = DrawerOpened {
        drawer_session_id: DrawerSessionId::new(ctx.clock, ctx.rng),
        outlet_id: ctx.device.outlet_id,
        terminal_id: ctx.device.terminal_id,
        staff_id: who.staff_id,
        staff_name: who.name,
        opened_at: moment.at,
        business_date: moment.business_date,
        opening_float: input.opening_float,
    };
    journal::commit(store, ctx.device, |tx| {
        drawer_sessions::insert(tx, &opened, orders::next_receipt_counter(tx)?)?;
        Ok(journal::append(tx, ctx.device, &moment, &Fact::DrawerOpened(Box::new(opened.clone())))?)
    })?;
    current(store.db())?.ok_or_else(no_drawer)
}

fn x_view(db: &Connection, ctx: &Context<'_>) -> Done<ReportView> {
    let outlet = ctx.outlet(db)?;
    let report = figures::report(db, &outlet)?.ok_or_else(no_drawer)?;
    let text = crate::receipts::text(&crate::receipts::x_report(&outlet, &report, ctx.clock.now()));
    Ok(ReportView { report, text })
}

/// The X report of the open drawer.
///
/// # Errors
/// `drawer_closed`.
pub fn report(db: &Connection, ctx: &Context<'_>) -> Done<ReportView> {
    require(db, ctx, Permission::DrawerSession)?;
    x_view(db, ctx)
}

/// Prints the X report of the open drawer.
///
/// # Errors
/// `drawer_closed`, `no_printer`.
pub fn print_report(store: &mut Store, ctx: &mut Context<'_>) -> Done<ReportView> {
    let view = report(store.db(), ctx)?;
    let body = to_json::<DrawerReport>(&view.report)?;
    let subject = view.report.opened.drawer_session_id.to_string();
    let job = NewPrintJob {
        kind: PrintKind::X,
        subject_id: Some(&subject),
        body: Some(&body),
        title: "X",
        copy: false,
        open_drawer: false,
    };
    store.write(|tx| -> Done<()> {
        print_jobs::enqueue(tx, ctx.clock, ctx.rng, job)?.ok_or_else(no_printer).map(|_| ())
    })?;
    Ok(view)
}

/// Moves drawer cash that is no sale; gives the X report after it. Asking again under the same id moves nothing more.
///
/// # Errors
/// `approval_needed`, `drawer_closed`, `invalid`.
pub fn move_cash(store: &mut Store, ctx: &mut Context<'_>, input: MoveCashInput) -> Done<ReportView> {
    signed_in(store.db(), ctx)?;
    if drawer_sessions::has_movement(store.db(), input.cash_movement_id)? {
        return x_view(store.db(), ctx);
    }
    let leave = leave(store, ctx, Permission::CashMovement, input.approval)?;
    let outlet = ctx.outlet(store.db())?;
    check_amount(&outlet, input.amount)?;
    if input.amount.is_zero() {
        return Err(CommandError::invalid("amount", "an amount must be above zero"));
    }
    let reason = checked_reason(&input.reason)?;
    let session = drawer_sessions::current(store.db())?.ok_or_else(no_drawer)?;
    let moment = ctx.moment(&outlet, Some(leave.who.staff_id));
    let movement = CashMovement {
        cash_movement_id: input.cash_movement_id,
        drawer_session_id: session.drawer_session_id,
        kind: input.kind,
        amount: input.amount,
        reason,
        staff_id: leave.who.staff_id,
        occurred_at: moment.at,
        approval_id: leave.approval_id(),
    };
    journal::commit(store, ctx.device, |tx| {
        leave.record(tx, ctx, &moment)?;
        drawer_sessions::insert_movement(tx, &movement)?;
        // A report that cannot be counted any more must not come to be.
        figures::report(tx, &outlet)?;
        journal::append(tx, ctx.device, &moment, &Fact::CashMoved(Box::new(movement.clone())))?;
        Ok(())
    })?;
    x_view(store.db(), ctx)
}

/// Notes that the drawer is opened without a sale; the pulse itself is the printer's.
///
/// # Errors
/// `approval_needed`, `invalid`.
pub fn kick(store: &mut Store, ctx: &mut Context<'_>, input: KickInput) -> Done<()> {
    let leave = leave(store, ctx, Permission::NoSale, input.approval)?;
    let outlet = ctx.outlet(store.db())?;
    let reason = checked_reason(&input.reason)?;
    let moment = ctx.moment(&outlet, Some(leave.who.staff_id));
    let kicked = DrawerKicked { reason, approval_id: leave.approval_id() };
    journal::commit(store, ctx.device, |tx| {
        leave.record(tx, ctx, &moment)?;
        journal::append(tx, ctx.device, &moment, &Fact::DrawerKicked(Box::new(kicked)))?;
        Ok(())
    })
}
