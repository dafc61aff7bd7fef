//! Goods moved by hand: received, counted, wasted, transferred.

use shared::journal::Fact;
use shared::journal::payload::{StockMoved, StockMovementLine, StockReason};
use shared::staff::Permission;

use crate::context::{CommandError, Context, Done};
use crate::journal;
use crate::receipts::StockSlip;
use crate::register::checked_reason;
use crate::staff::{leave, signed_in};
use crate::store::print_jobs::{self, NewPrintJob, PrintKind};
use crate::store::row::to_json;
use crate::store::stock::{self, Moved};
use crate::store::{Store, items};
use crate::views::{MoveStockInput, MoveStockLine};

/// The most lines of one movement.
const MAX_LINES: usize = 5_000;

/// Books a movement of goods. Asking again under the same id books nothing more.
///
/// # Errors
/// `approval_needed`, `not_found` for an item or variant that is not there, `invalid`.
pub fn move_stock(store: &mut Store, ctx: &mut Context<'_>, input: MoveStockInput) -> Done<()> {
    signed_in(store.db(), ctx)?;
    if stock::has_movement(store.db(), input.stock_movement_id)? {
        return Ok(());
    }
    let leave = leave(store, ctx, Permission::StockMovement, input.approval)?;
    let outlet = ctx.outlet(store.db())?;
    if input.lines.is_empty() || input.lines.len() > MAX_LINES {
        return Err(CommandError::invalid("lines", "a movement has between 1 and 5,000 lines"));
    }
    let note = checked_reason(&input.note)?;
    let lines: Done<Vec<(StockMovementLine, String)>> =
        input.lines.iter().map(|line| line_of(store, line)).collect();
    let (lines, names) = lines?.into_iter().unzip();
    let moment = ctx.moment(&outlet, Some(leave.who.staff_id));
    let moved = StockMoved {
        stock_movement_id: input.stock_movement_id,
        reason: input.reason,
        note,
        lines,
        approval_id: leave.approval_id(),
    };
    let rows: Vec<Moved> = moved
        .lines
        .iter()
        .map(|line| Moved { item_id: line.item_id, variant_id: line.variant_id, quantity: line.quantity })
        .collect();
    let slip = StockSlip {
        moved: moved.clone(),
        occurred_at: moment.at,
        staff_name: Some(leave.who.name.clone()),
        names,
    };
    journal::commit(store, ctx.device, |tx| {
        leave.record(tx, ctx, &moment)?;
        let key = journal::append(tx, ctx.device, &moment, &Fact::StockMoved(Box::new(moved)))?;
        stock::insert(tx, key, word(input.reason), Some(input.stock_movement_id), &rows)?;
        let subject = slip.moved.stock_movement_id.to_string();
        let job = NewPrintJob {
            kind: PrintKind::Stock,
            subject_id: Some(&subject),
            body: Some(&to_json(&slip)?),
            title: word(input.reason),
            copy: false,
            open_drawer: false,
        };
        print_jobs::enqueue(tx, ctx.clock, ctx.rng, job)?;
        Ok(())
    })
}

fn word(reason: StockReason) -> &'static str {
    match reason {
        StockReason::Received => "received",
        StockReason::Counted => "counted",
        StockReason::Wasted => "wasted",
        StockReason::Transferred => "transferred",
    }
}

/// A line of the movement, and the item's name for the slip.
fn line_of(store: &Store, line: &MoveStockLine) -> Done<(StockMovementLine, String)> {
    let item = items::get(store.db(), line.item_id)?
        .ok_or_else(|| CommandError::not_found("there is no such item"))?
        .item;
    if line.quantity.raw() == 0 {
        return Err(CommandError::invalid("quantity", "a movement of nothing moves nothing"));
    }
    let (sku, name) = match line.variant_id {
        None => (item.sku, item.name),
        Some(id) => {
            let variant = item.variants.into_iter().find(|variant| variant.variant_id == id);
            let variant = variant.ok_or_else(|| CommandError::not_found("the item has no such variant"))?;
            (variant.sku, format!("{} {}", item.name, variant.name))
        }
    };
    let moved = StockMovementLine {
        item_id: line.item_id,
        variant_id: line.variant_id,
        sku: sku.as_str().to_owned(),
        quantity: line.quantity,
    };
    Ok((moved, name))
}
