//! The till itself: what it is, who is at it, its settings, and joining an outlet.

use rusqlite::Connection;
use shared::Money;
use shared::outlet::Outlet;
use shared::staff::Permission;

use crate::context::{CommandError, Context, Done};
use crate::engine::Call;
use crate::store::{meta, people};
use crate::views::*;
use crate::{catalogue, counter, customer, drawer, enrol, peripherals, register, staff, sync};

/// Screens smaller or larger than this are a slip of the finger.
const SCALE_PERCENT: std::ops::RangeInclusive<u16> = 80..=200;
const SCAN_GAP_MS: std::ops::RangeInclusive<u16> = 5..=500;
const THEMES: [&str; 3] = ["day", "night", "contrast"];

pub(super) fn state(call: &Call<'_>, _: Nothing) -> Done<AppState> {
    app_state(call)
}

pub(super) fn enrol(call: &Call<'_>, input: EnrolInput) -> Done<AppState> {
    enrol::enrol(call.engine, &input)?;
    app_state(call)
}

pub(super) fn settings(call: &Call<'_>, input: Settings) -> Done<AppState> {
    check_settings(&input)?;
    let client = call.client.as_str();
    let device = call.till.device();
    let mut store = call.till.store();
    let before = meta::settings(store.db())?;
    if before.printer != input.printer && device.is_some() {
        // Whoever points the printer elsewhere also points the drawer elsewhere.
        let who = people::signed_in(store.db(), client)?;
        if !who.is_some_and(|who| who.role.may(Permission::BackOffice)) {
            return Err(CommandError::needs(Code::NotAllowed, Permission::BackOffice));
        }
        if let Some(printer) = &input.printer
            && counter::is_taken(store.db(), printer)?
        {
            return Err(CommandError::invalid("printer", "a device on the counter is at this address"));
        }
    }
    store.write(|tx| meta::set_settings(tx, &input))?;
    drop(store);
    app_state(call)
}

fn check_settings(settings: &Settings) -> Done<()> {
    let locale = settings.locale.as_deref();
    let reason = if locale.is_some_and(|locale| !shared::locale::LANGUAGES.contains(&locale)) {
        "locale"
    } else if !THEMES.contains(&settings.theme.as_str()) {
        "theme"
    } else if !SCALE_PERCENT.contains(&settings.scale_percent) {
        "scale_percent"
    } else if !SCAN_GAP_MS.contains(&settings.scan_gap_ms) {
        "scan_gap_ms"
    } else if settings.printer.as_deref().is_some_and(|printer| peripherals::check_target(printer).is_err()) {
        "printer"
    } else {
        return Ok(());
    };
    Err(CommandError::invalid(reason, format!("the setting `{reason}` is out of bounds")))
}

pub(super) fn staff_list(call: &Call<'_>, _: Nothing) -> Done<StaffListView> {
    call.read(staff::list)
}

pub(super) fn sign_in(call: &Call<'_>, input: SignInInput) -> Done<AppState> {
    call.write(|store, ctx| staff::sign_in(store, ctx, input))?;
    let state = app_state(call)?;
    customer::show_cart(call, &state.cart);
    Ok(state)
}

pub(super) fn sign_out(call: &Call<'_>, _: Nothing) -> Done<AppState> {
    call.write(staff::sign_out)?;
    let state = app_state(call)?;
    customer::show_cart(call, &state.cart);
    Ok(state)
}

/// Everything a window shows around its own page.
pub(crate) fn app_state(call: &Call<'_>) -> Done<AppState> {
    let Some(device) = call.till.device() else {
        let rescue = call.till.rescue().map(|rescue| rescue.view(call.till.dir()));
        let stage = if rescue.is_some() { Stage::NeedsRescue } else { Stage::NeedsEnrolment };
        let state = call.till.read(|db| bare(call, db, stage))?;
        return Ok(AppState { rescue, ..state });
    };
    if !call.till.read(catalogue::is_loaded)? {
        let mut state = call.till.read(|db| bare(call, db, Stage::Loading))?;
        state.terminal = call.till.read(|db| terminal(db, device.terminal_number))?;
        state.loading = Some(progress(call));
        return Ok(state);
    }
    let mut state = call.read(|db, ctx| signed_out(call, db, ctx))?;
    if let Some(who) = call.till.read(|db| people::signed_in(db, call.client.as_str()))? {
        state.stage = Stage::SignedIn;
        state.permissions = who.role.permissions();
        state.staff = Some(StaffView { staff_id: who.staff_id, name: who.name, role: who.role });
        state.cart = call.write(register::cart)?;
    }
    Ok(state)
}

fn bare(call: &Call<'_>, db: &Connection, stage: Stage) -> Done<AppState> {
    Ok(AppState {
        stage,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        outlet: None,
        terminal: None,
        staff: None,
        permissions: Vec::new(),
        drawer: None,
        cart: CartView::nothing(),
        sync: sync::view(call.till, db)?,
        printing: peripherals::view(call.till, db)?,
        settings: meta::settings(db)?,
        loading: None,
        rescue: None,
    })
}

/// Exports what can be read of a broken store.
pub(super) fn rescue_export(call: &Call<'_>, _: Nothing) -> Done<RescueExportView> {
    call.till.export_rescue()
}

/// Lets a terminal with a broken store begin anew.
pub(super) fn rescue_begin(call: &Call<'_>, _: Nothing) -> Done<AppState> {
    call.till.begin_anew()?;
    app_state(call)
}

fn progress(call: &Call<'_>) -> Progress {
    let (done, total) = call.till.sync_status().loading.unwrap_or((0, 0));
    Progress { done, total }
}

fn signed_out(call: &Call<'_>, db: &Connection, ctx: &Context<'_>) -> Done<AppState> {
    let mut state = bare(call, db, Stage::SignedOut)?;
    let outlet = ctx.outlet(db)?;
    state.outlet = Some(outlet_view(&outlet));
    state.terminal = terminal(db, ctx.device.terminal_number)?;
    state.drawer = drawer::current(db)?;
    Ok(state)
}

fn terminal(db: &Connection, number: u32) -> Done<Option<TerminalView>> {
    Ok(meta::identity(db)?.map(|identity| TerminalView {
        terminal_id: identity.terminal_id,
        name: format!("T{number}"),
        server_url: identity.server_url,
    }))
}

fn outlet_view(outlet: &Outlet) -> OutletView {
    OutletView {
        outlet_id: outlet.outlet_id,
        name: outlet.name.clone(),
        tenant_name: outlet.tenant_name.clone(),
        code: outlet.code.clone(),
        currency: outlet.currency,
        digits: outlet.digits,
        locale: outlet.locale.clone(),
        zone: outlet.zone.clone(),
        notes: outlet.notes.iter().map(|minor| Money::new(*minor, outlet.currency)).collect(),
        tenders: outlet.tenders.clone(),
    }
}
