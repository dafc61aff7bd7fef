//! Past sales: listed, found by number, code, amount or item, shown and printed again.

use rusqlite::Connection;
use shared::catalogue::fold;
use shared::ids::OrderId;
use shared::journal::Fact;
use shared::journal::payload::ReceiptReprinted;
use shared::money::Money;
use shared::order::Order;
use shared::refund::Refund;
use shared::staff::Permission;

use crate::context::{CommandError, Context, Done};
use crate::journal;
use crate::receipts;
use crate::staff::require;
use crate::store::orders::{OrderRow, OrderSearch};
use crate::store::print_jobs::{self, NewPrintJob, PrintKind};
use crate::store::{Store, StoreError, orders, refunds};
use crate::views::{
    Code, FileView, FindOrderInput, OrderInput, OrderSummary, OrdersInput, OrdersView, ReceiptFileInput,
    ReceiptView, RefundedLine,
};

/// Orders on a page.
const PAGE: u32 = 50;
/// The longest query that is looked at, in characters.
const MAX_QUERY_CHARS: usize = 64;

/// Orders of this terminal, newest first.
///
/// # Errors
/// `not_signed_in`, `not_found` for an unknown `before`.
pub fn list(db: &Connection, ctx: &Context<'_>, input: OrdersInput) -> Done<OrdersView> {
    require(db, ctx, Permission::Sell)?;
    let outlet = ctx.outlet(db)?;
    let before = match input.before {
        None => i64::MAX,
        Some(id) => orders::row(db, id)?.ok_or_else(unknown)?.receipt_counter,
    };
    let query: String =
        input.query.trim().chars().filter(|c| !c.is_control()).take(MAX_QUERY_CHARS).collect();
    let mut rows = if query.is_empty() {
        orders::newest(db, before, PAGE + 1)?
    } else {
        orders::search(db, &search_of(&query, outlet.digits), before, PAGE + 1)?
    };
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let acked = journal::key_of(ctx.device.epoch, journal::acked_seq(db, ctx.device.epoch)?);
    let summaries: Done<Vec<OrderSummary>> = rows.into_iter().map(|row| summary(db, row, acked)).collect();
    Ok(OrdersView { orders: summaries?, more })
}

/// What a typed text may mean: part of a number, part of a name, an amount in whole units or in minor ones.
fn search_of(query: &str, digits: u8) -> OrderSearch {
    // `45.000`, `45 000` and `Rp 45.000` are one amount.
    let bare = query.trim_matches(|c: char| !c.is_ascii_digit());
    let plain: String = bare.chars().filter(|c| !matches!(c, '.' | ',' | ' ' | '\u{a0}')).collect();
    let mut amounts = Vec::new();
    if let Some(minor) = plain.parse::<i64>().ok().filter(|minor| *minor >= 0) {
        amounts.push(minor);
        amounts.extend(10_i64.checked_pow(u32::from(digits)).and_then(|factor| minor.checked_mul(factor)));
    }
    // Every number holds the outlet's code: letters alone would find all of them.
    let number =
        if query.contains(|c: char| c.is_ascii_digit()) { query.to_uppercase() } else { String::new() };
    OrderSearch { number, name: fold(query), amounts }
}

fn summary(db: &Connection, row: OrderRow, acked: i64) -> Done<OrderSummary> {
    let given_back = refunds::of_order(db, row.order_id)?.into_iter().map(|refund| refund.total);
    let mut tenders: Vec<_> = row.tenders.iter().map(|(kind, _)| *kind).collect();
    tenders.dedup();
    Ok(OrderSummary {
        order_id: row.order_id,
        receipt_number: row.receipt_number,
        occurred_at: row.occurred_at,
        staff_name: row.staff_name,
        item_count: row.item_count,
        total: row.total,
        tenders,
        refunded: Money::sum(row.total.currency(), given_back)?,
        // Epochs before the present one were handed in before it began.
        synced: row.journal_key <= acked,
        print: print_jobs::state(db, row.print_job_id)?,
    })
}

fn unknown() -> CommandError {
    CommandError::not_found("this terminal has no such order")
}

/// A past sale.
///
/// # Errors
/// `not_signed_in`, `not_found`.
pub fn get(db: &Connection, ctx: &Context<'_>, input: OrderInput) -> Done<ReceiptView> {
    require(db, ctx, Permission::Sell)?;
    receipt(db, ctx, input.order_id)
}

/// A past sale by its receipt number or the text of the code on it.
///
/// # Errors
/// `not_signed_in`, `not_found`.
pub fn find(db: &Connection, ctx: &Context<'_>, input: FindOrderInput) -> Done<ReceiptView> {
    require(db, ctx, Permission::Sell)?;
    let code: String = input.code.trim().chars().filter(|c| !c.is_control()).take(500).collect();
    let order_id = find_id(db, &code)?.ok_or_else(|| unknown().about(code))?;
    receipt(db, ctx, order_id)
}

fn find_id(db: &Connection, code: &str) -> Result<Option<OrderId>, StoreError> {
    let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if let Some(id) = orders::by_receipt_number(db, &typed)? {
        return Ok(Some(id));
    }
    // The code on a receipt is free text with the order's id or number somewhere in it.
    for word in code.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')) {
        let ends = word.match_indices('-').map(|(at, _)| word.get(at + 1..).unwrap_or_default());
        for text in std::iter::once(word).chain(ends.take(20)) {
            if let Ok(id) = text.parse::<OrderId>()
                && orders::row(db, id)?.is_some()
            {
                return Ok(Some(id));
            }
            // A bare number in a longer text may be anything.
            if text.contains('-')
                && let Some(id) = orders::by_receipt_number(db, text)?
            {
                return Ok(Some(id));
            }
        }
    }
    Ok(None)
}

/// An order with what became of it since.
pub(crate) fn receipt(db: &Connection, ctx: &Context<'_>, id: OrderId) -> Done<ReceiptView> {
    let outlet = ctx.outlet(db)?;
    let row = orders::row(db, id)?.ok_or_else(unknown)?;
    let order = journal::payload(db, row.journal_key)?;
    let refunded = refunds::refunded_units(db, id)?
        .into_iter()
        .map(|(line_id, quantity)| RefundedLine { line_id, quantity })
        .collect();
    let refunds: Result<Vec<Refund>, StoreError> =
        refunds::of_order(db, id)?.into_iter().map(|row| journal::payload(db, row.journal_key)).collect();
    Ok(ReceiptView {
        text: receipts::text(&receipts::order(&outlet, &order, false)),
        order,
        print: print_jobs::state(db, row.print_job_id)?,
        refunded,
        refunds: refunds?,
    })
}

/// A past sale's receipt as a file; marked COPY when it is on paper, or was to be.
///
/// # Errors
/// `not_signed_in`, `not_found`.
pub fn receipt_file(db: &Connection, ctx: &Context<'_>, input: ReceiptFileInput) -> Done<FileView> {
    require(db, ctx, Permission::Sell)?;
    let outlet = ctx.outlet(db)?;
    let row = orders::row(db, input.order_id)?.ok_or_else(unknown)?;
    let order: Order = journal::payload(db, row.journal_key)?;
    let document = receipts::order(&outlet, &order, row.print_job_id.is_some());
    Ok(receipts::file(&document, &order.receipt_number, &outlet.locale, input.format))
}

/// Prints a receipt again, marked COPY; the journal says so.
///
/// # Errors
/// `not_found`, `no_printer`.
pub fn reprint(store: &mut Store, ctx: &mut Context<'_>, input: OrderInput) -> Done<ReceiptView> {
    let who = require(store.db(), ctx, Permission::Sell)?;
    let outlet = ctx.outlet(store.db())?;
    let row = orders::row(store.db(), input.order_id)?.ok_or_else(unknown)?;
    let moment = ctx.moment(&outlet, Some(who.staff_id));
    let reprinted = ReceiptReprinted { order_id: Some(input.order_id), refund_id: None };
    journal::commit(store, ctx.device, |tx| {
        let job = NewPrintJob {
            kind: PrintKind::Order,
            subject_id: Some(&input.order_id.to_string()),
            body: None,
            title: &row.receipt_number,
            copy: true,
            open_drawer: false,
        };
        let job = print_jobs::enqueue(tx, ctx.clock, ctx.rng, job)?.ok_or_else(no_printer)?;
        orders::set_print_job(tx, input.order_id, job)?;
        journal::append(tx, ctx.device, &moment, &Fact::ReceiptReprinted(Box::new(reprinted)))?;
        Ok(())
    })?;
    let mut shown = receipt(store.db(), ctx, input.order_id)?;
    shown.text = receipts::text(&receipts::order(&outlet, &shown.order, true));
    Ok(shown)
}

pub(crate) fn no_printer() -> CommandError {
    CommandError::new(Code::NoPrinter, "no receipt printer is set up")
}
