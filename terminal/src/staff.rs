//! Signing in by PIN, also without a network; who may do what; a manager's leave for a step above a role.

mod approval;
mod pin_check;

use rusqlite::Connection;
use shared::ids::StaffSessionId;
use shared::journal::Fact;
use shared::journal::payload::StaffSigned;
use shared::outlet::Outlet;
use shared::staff::Permission;

pub use approval::{Leave, leave};
pub use pin_check::{FREE_TRIES, lock_ms};

use crate::context::{CommandError, Context, Done, Moment};
use crate::journal;
use crate::store::people::{self, OpenSession, SignedIn};
use crate::store::{Store, Tx};
use crate::views::{Code, SignInInput, StaffListView, StaffView};

/// The people who may sign in at this outlet, by name.
///
/// # Errors
/// When the store cannot be read.
pub fn list(db: &Connection, ctx: &Context<'_>) -> Done<StaffListView> {
    let here = ctx.device.outlet_id;
    let staff = people::active_staff(db)?
        .into_iter()
        .filter(|person| person.outlet_ids.is_empty() || person.outlet_ids.contains(&here))
        .map(|person| StaffView { staff_id: person.staff_id, name: person.name, role: person.role })
        .collect();
    Ok(StaffListView { staff })
}

/// Signs a person in at this window; whoever was there is signed out.
///
/// # Errors
/// `pin_wrong`, or `pin_locked` with the time to try again.
pub fn sign_in(store: &mut Store, ctx: &mut Context<'_>, input: SignInInput) -> Done<SignedIn> {
    let outlet = ctx.outlet(store.db())?;
    let person = pin_check::check(store, ctx, input.staff_id, input.pin)?;
    let moment = ctx.moment(&outlet, Some(person.staff_id));
    let staff_session_id = StaffSessionId::new(ctx.clock, ctx.rng);
    let session = OpenSession { staff_session_id, staff_id: person.staff_id, client: ctx.client.to_owned() };
    store.write(|tx| -> Done<()> {
        for before in people::open_sessions(tx, Some(ctx.client))? {
            end(tx, ctx, Some(&outlet), &before)?;
        }
        people::begin_session(tx, &session, moment.at)?;
        let signed = StaffSigned { staff_session_id, staff_id: person.staff_id };
        journal::append(tx, ctx.device, &moment, &Fact::StaffSignedIn(Box::new(signed)))?;
        Ok(())
    })?;
    Ok(SignedIn { staff_session_id, staff_id: person.staff_id, name: person.name, role: person.role })
}

fn end(tx: &Tx<'_>, ctx: &Context<'_>, outlet: Option<&Outlet>, session: &OpenSession) -> Done<()> {
    let moment = Moment::of(ctx.clock.now(), outlet, Some(session.staff_id));
    people::end_session(tx, session.staff_session_id, moment.at)?;
    let signed = StaffSigned { staff_session_id: session.staff_session_id, staff_id: session.staff_id };
    journal::append(tx, ctx.device, &moment, &Fact::StaffSignedOut(Box::new(signed)))?;
    Ok(())
}

/// Signs out at this window; its cart stays. Nothing happens when nobody is signed in.
///
/// # Errors
/// When the store cannot be written.
pub fn sign_out(store: &mut Store, ctx: &mut Context<'_>) -> Done<()> {
    let client = ctx.client;
    end_sessions(store, ctx, Some(client)).map(|_| ())
}

/// Ends every staff session: after a restart of the process nobody is signed in. Gives how many there were.
///
/// # Errors
/// When the store cannot be written.
pub fn end_all_sessions(store: &mut Store, ctx: &mut Context<'_>) -> Done<usize> {
    end_sessions(store, ctx, None)
}

fn end_sessions(store: &mut Store, ctx: &Context<'_>, client: Option<&str>) -> Done<usize> {
    let open = people::open_sessions(store.db(), client)?;
    if open.is_empty() {
        return Ok(0);
    }
    let outlet = people::outlet_of(store.db(), ctx.device.outlet_id, ctx.outlets)?;
    store.write(|tx| open.iter().try_for_each(|session| end(tx, ctx, outlet.as_deref(), session)))?;
    Ok(open.len())
}

/// Who is signed in at this window.
///
/// # Errors
/// `not_signed_in`.
pub fn signed_in(db: &Connection, ctx: &Context<'_>) -> Done<SignedIn> {
    people::signed_in(db, ctx.client)?
        .ok_or_else(|| CommandError::new(Code::NotSignedIn, "nobody is signed in at this window"))
}

/// Who is signed in at this window, when their role may do it without asking.
///
/// # Errors
/// `not_signed_in`, or `not_allowed`.
pub fn require(db: &Connection, ctx: &Context<'_>, permission: Permission) -> Done<SignedIn> {
    let who = signed_in(db, ctx)?;
    if who.role.may(permission) { Ok(who) } else { Err(CommandError::needs(Code::NotAllowed, permission)) }
}
