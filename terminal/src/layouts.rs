//! How the outlet's receipts and tickets look, for whoever sets it up: shown as they would be printed, and saved at the server,
//! which sends them to every till of the outlet.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hardware::template::{self, TemplateProblem};
use hardware::{Document, PrinterProfile, emulator};
use rusqlite::Connection;
use shared::order::Order;
use shared::outlet::{Layouts, Outlet};
use shared::staff::Permission;
use shared::wire::layouts::LayoutsRequest;

use crate::context::{CommandError, Context, Done};
use crate::engine::Call;
use crate::headquarters::ask;
use crate::journal;
use crate::receipts::{self, Ticket};
use crate::staff;
use crate::store::{orders, printers};
use crate::sync::LinkError;
use crate::views::{
    Code, LayoutKind, LayoutsInput, LayoutsPreviewInput, LayoutsPreviewView, LayoutsView, TemplateProblemView,
};

/// The layouts as this till has them, and the built-in ones to begin from.
///
/// # Errors
/// `not_allowed`, `not_found` while the outlet is not loaded.
pub(crate) fn show(db: &Connection, ctx: &Context<'_>) -> Done<LayoutsView> {
    staff::require(db, ctx, Permission::BackOffice)?;
    let outlet = ctx.outlet(db)?;
    let saved = outlet.layouts.clone().unwrap_or_default();
    shown(db, saved, outlet.receipt_footer.clone())
}

fn shown(db: &Connection, saved: Layouts, footer: Vec<String>) -> Done<LayoutsView> {
    let Layouts { receipt, ticket, header, legal, logo } = saved;
    Ok(LayoutsView {
        layouts: LayoutsInput { receipt, ticket, header, footer, legal, logo },
        built_in_receipt: receipts::RECEIPT_TEMPLATE.to_owned(),
        built_in_ticket: receipts::TICKET_TEMPLATE.to_owned(),
        has_order: !orders::newest(db, i64::MAX, 1)?.is_empty(),
    })
}

fn kept(input: LayoutsInput) -> (Layouts, Vec<String>) {
    let LayoutsInput { receipt, ticket, header, footer, legal, logo } = input;
    (Layouts { receipt, ticket, header, legal, logo }, footer)
}

/// A layout as it would be printed, with what is wrong with it.
///
/// # Errors
/// `not_allowed`, `not_found` while the outlet is not loaded or there is no order.
pub(crate) fn preview(
    db: &Connection,
    ctx: &Context<'_>,
    input: LayoutsPreviewInput,
) -> Done<LayoutsPreviewView> {
    staff::require(db, ctx, Permission::BackOffice)?;
    let (layouts, receipt_footer) = kept(input.layouts);
    let outlet = Outlet { layouts: Some(layouts), receipt_footer, ..Outlet::clone(&*ctx.outlet(db)?) };
    let order = if input.last { last_order(db)? } else { receipts::sample(&outlet, ctx.clock.now())? };
    let station = printers::list(db)?.into_iter().find(|printer| printer.tickets);
    let station = station.map_or_else(|| outlet.name.clone(), |printer| printer.name);
    let (document, problems) = tried(&outlet, &order, input.kind, &station, input.copy);
    let picture = emulator::paper(&document, PrinterProfile::generic_80());
    Ok(LayoutsPreviewView {
        text: receipts::text(&document),
        picture: format!("data:image/png;base64,{}", BASE64.encode(picture)),
        problems: problems.into_iter().map(told).collect(),
    })
}

fn last_order(db: &Connection) -> Done<Order> {
    let row = orders::newest(db, i64::MAX, 1)?.pop();
    let row = row.ok_or_else(|| CommandError::not_found("this till has no order yet"))?;
    Ok(journal::payload(db, row.journal_key)?)
}

/// What would be printed, and everything that is wrong.
fn tried(
    outlet: &Outlet,
    order: &Order,
    kind: LayoutKind,
    station: &str,
    copy: bool,
) -> (Document, Vec<TemplateProblem>) {
    let layouts = outlet.layouts.as_ref();
    let lines: Vec<usize> = (0..order.lines.len()).collect();
    let part = Ticket { station, lines: &lines, moved_from: None };
    let (template, printed) = match kind {
        LayoutKind::Receipt => {
            (layouts.and_then(|l| l.receipt.as_deref()), receipts::order(outlet, order, copy))
        }
        LayoutKind::Ticket => {
            (layouts.and_then(|l| l.ticket.as_deref()), receipts::ticket(outlet, order, part, copy))
        }
    };
    let mut problems = template.map(template::check).unwrap_or_default();
    if let Some(template) = template.filter(|_| problems.is_empty()) {
        let made = match kind {
            LayoutKind::Receipt => receipts::order_by(template, outlet, order, copy),
            LayoutKind::Ticket => receipts::ticket_by(template, outlet, order, part, copy),
        };
        problems.extend(made.err());
    }
    if let Some(Err(problem)) = layouts.and_then(|l| l.logo.as_deref()).map(receipts::read_logo) {
        problems.push(TemplateProblem { line: 0, message: problem.to_owned() });
    }
    (printed, problems)
}

fn told(problem: TemplateProblem) -> TemplateProblemView {
    TemplateProblemView { line: u32::try_from(problem.line).unwrap_or(0), message: problem.message }
}

/// Saves the layouts at the server, for all tills of the outlet.
///
/// # Errors
/// `not_allowed`, `invalid` with what is wrong, or why the server could not be asked.
pub(crate) fn save(call: &Call<'_>, input: LayoutsInput) -> Done<LayoutsView> {
    let who = call.read(|db, ctx| staff::require(db, ctx, Permission::BackOffice))?;
    let (layouts, receipt_footer) = kept(input);
    refuse_faulty(&layouts)?;
    let request = LayoutsRequest { staff_id: who.staff_id, layouts, receipt_footer };
    let saved = ask(call, refusal, async move |link: Arc<crate::sync::Link>, signer, clock| {
        link.layouts(&signer, &*clock, &request).await
    })?;
    call.read(|db, _| shown(db, saved.layouts, saved.receipt_footer))
}

/// What this till can see to be wrong is not sent to all others.
fn refuse_faulty(layouts: &Layouts) -> Done<()> {
    let templates = [("receipt", &layouts.receipt), ("ticket", &layouts.ticket)];
    for (field, template) in templates {
        if let Some(problem) = template.as_deref().map(template::check).unwrap_or_default().first() {
            return Err(CommandError::invalid(field, problem.to_string()));
        }
    }
    match layouts.logo.as_deref().map(receipts::read_logo) {
        Some(Err(problem)) => Err(CommandError::invalid("logo", problem)),
        _ => Ok(()),
    }
}

/// What the server refuses about layouts; its own words say what is wrong.
fn refusal(error: LinkError) -> CommandError {
    let LinkError::Refused { problem, .. } = &error else { return error.into() };
    let field =
        problem.details.get("field").and_then(serde_json::Value::as_str).unwrap_or("layouts").to_owned();
    match problem.code.as_str() {
        "invalid" | "malformed" => CommandError::new(Code::Invalid, problem.detail.clone()).about(field),
        "forbidden" => CommandError::needs(Code::NotAllowed, Permission::BackOffice),
        // A server from before there were layouts.
        "not_found" => CommandError::new(Code::ProtocolUnsupported, "the server is older than layouts"),
        _ => error.into(),
    }
}
