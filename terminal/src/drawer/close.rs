//! Counting a drawer: the Z report, its gapless number and the difference.

use shared::drawer::{Count, DrawerSession};
use shared::journal::Fact;
use shared::money::Money;
use shared::outlet::Outlet;
use shared::staff::Permission;

use super::{check_amount, figures, no_drawer};
use crate::context::{CommandError, Context, Done};
use crate::register::checked_reason;
use crate::staff::require;
use crate::store::print_jobs::{self, NewPrintJob, PrintKind};
use crate::store::{Store, drawer_sessions};
use crate::views::{CloseDrawerInput, ClosedView};
use crate::{cards, journal};

/// The most kinds of notes and coins in a count.
const MAX_DENOMINATIONS: usize = 100;
/// The largest figure that JSON carries exactly; the count stands in the journal.
const MAX_JSON_INTEGER: i64 = 1 << 53;

/// Counts and closes the open drawer.
///
/// # Errors
/// `not_allowed`, `drawer_closed`, `invalid` for a count that does not add up.
pub fn close(store: &mut Store, ctx: &mut Context<'_>, input: CloseDrawerInput) -> Done<ClosedView> {
    let who = require(store.db(), ctx, Permission::DrawerSession)?;
    let outlet = ctx.outlet(store.db())?;
    check_count(&outlet, &input)?;
    let note = input.note.as_deref().map(checked_reason).transpose()?.filter(|note| !note.is_empty());
    let opened = drawer_sessions::current(store.db())?.ok_or_else(no_drawer)?;
    let id = opened.drawer_session_id;
    let moment = ctx.moment(&outlet, Some(who.staff_id));
    let count = Count {
        staff_id: who.staff_id,
        staff_name: who.name,
        closed_at: moment.at,
        business_date: moment.business_date,
        counted_cash: input.counted_cash,
        denominations: input.denominations,
        note,
    };
    let written = store.write(|tx| -> Done<()> {
        let report = figures::report(tx, &outlet)?.ok_or_else(no_drawer)?;
        let z_number = drawer_sessions::next_z_number(tx)?;
        let DrawerSession::Closed(closed) = DrawerSession::Open(opened).close(z_number, report, count)?
        else {
            return Err(no_drawer());
        };
        let job = NewPrintJob {
            kind: PrintKind::Z,
            subject_id: Some(&id.to_string()),
            body: None,
            title: &format!("Z {z_number}"),
            copy: false,
            open_drawer: false,
        };
        let print_job_id = print_jobs::enqueue(tx, ctx.clock, ctx.rng, job)?;
        drawer_sessions::close(tx, &closed, print_job_id)?;
        journal::append(tx, ctx.device, &moment, &Fact::DrawerClosed(closed))?;
        cards::unsold(tx, ctx.device, &moment, None)?;
        Ok(())
    });
    // An error of the commit does not say that it did not happen: what is there decides.
    let Some(closed) = drawer_sessions::closed(store.db(), id)? else {
        return Err(written.err().unwrap_or_else(no_drawer));
    };
    let text = crate::receipts::text(&crate::receipts::z_report(&outlet, &closed, false));
    let print = print_jobs::state(store.db(), drawer_sessions::print_job(store.db(), id)?)?;
    Ok(ClosedView { closed, text, print })
}

/// A count by notes and coins must come to what was counted in all.
fn check_count(outlet: &Outlet, input: &CloseDrawerInput) -> Done<()> {
    check_amount(outlet, input.counted_cash)?;
    let wrong = |message| Err(CommandError::invalid("denominations", message));
    if input.denominations.len() > MAX_DENOMINATIONS {
        return wrong("too many kinds of notes and coins");
    }
    let mut sum = Money::zero(outlet.currency);
    for (value, pieces) in &input.denominations {
        if !(1..MAX_JSON_INTEGER).contains(value) {
            return wrong("a note or coin must be worth more than nothing");
        }
        let minor = value.checked_mul(i64::from(*pieces)).ok_or(shared::money::MoneyError::Overflow)?;
        sum = sum.add(Money::new(minor, outlet.currency))?;
    }
    if !input.denominations.is_empty() && sum != input.counted_cash {
        return wrong("the notes and coins do not come to what was counted");
    }
    Ok(())
}
