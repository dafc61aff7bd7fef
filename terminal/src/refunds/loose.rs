//! Goods that come back without a receipt: a manager's leave, today's price unless another is given.

use rusqlite::Connection;
use shared::catalogue::Unit;
use shared::ids::LineId;
use shared::money::{Money, Quantity};
use shared::outlet::Outlet;
use shared::pricing::PriceLine;
use shared::refund::RefundLine;
use shared::staff::Permission;

use super::write::{self, NewRefund};
use super::{MAX_LINES, amount, amount::Due, shown};
use crate::context::{CommandError, Context, Done};
use crate::register::{Prices, check_price};
use crate::staff::{leave, require, signed_in};
use crate::store::{Store, items};
use crate::views::{Code, LooseRefundInput, LooseRefundLine, RefundQuoteView, RefundView};

/// What giving back without a receipt would come to; neither a reason nor a manager is asked for yet.
///
/// # Errors
/// `not_found`, `choice_needed`, `out_of_range`, `invalid`.
pub fn loose_quote(db: &Connection, ctx: &Context<'_>, input: LooseRefundInput) -> Done<RefundQuoteView> {
    require(db, ctx, Permission::Sell)?;
    // Nothing of it is kept, so the lines need to differ from each other only.
    let mut last = 0_u64;
    let next = || {
        last += 1;
        let mut bytes = [0; 16];
        bytes[8..].copy_from_slice(&last.to_be_bytes());
        LineId::from_bytes(bytes)
    };
    let (_, due) = choose(db, &Prices::now(db, ctx)?, &input, next)?;
    Ok(RefundQuoteView { total: due.total, cash_rounding: due.cash_rounding, amount: due.amount })
}

/// Gives money back for goods without a receipt. Asking again under the same id gives the same refund.
///
/// # Errors
/// `approval_needed`, `not_found`, `choice_needed`, `drawer_closed`, `out_of_range`, `invalid`.
pub fn loose(store: &mut Store, ctx: &mut Context<'_>, mut input: LooseRefundInput) -> Done<RefundView> {
    signed_in(store.db(), ctx)?;
    if let Some(view) = shown(store.db(), ctx, input.refund_id)? {
        return Ok(view);
    }
    // A manager who does it alone signs for it too: every refund without a receipt names who gave leave.
    let leave = leave(store, ctx, Permission::RefundWithoutReceipt, input.approval.take())?
        .signed(ctx, Permission::RefundWithoutReceipt);
    let prices = Prices::now(store.db(), ctx)?;
    let (lines, due) = choose(store.db(), &prices, &input, || LineId::new(ctx.clock, ctx.rng))?;
    let (currency, digits) = (prices.outlet.currency, prices.outlet.digits);
    let new = NewRefund {
        refund_id: input.refund_id,
        linked: None,
        currency,
        digits,
        lines,
        due,
        tender: input.tender,
        reason: &input.reason,
        card_reference: None,
    };
    write::write(store, ctx, &leave, new)
}

/// The lines with their amounts, and what they come to by the outlet's present rules.
fn choose(
    db: &Connection,
    prices: &Prices,
    input: &LooseRefundInput,
    mut next_id: impl FnMut() -> LineId,
) -> Done<(Vec<RefundLine>, Due)> {
    let outlet = &prices.outlet;
    if input.lines.is_empty() || input.lines.len() > MAX_LINES {
        return Err(CommandError::invalid("lines", "between 1 and 5,000 lines are given back at once"));
    }
    if !outlet.tenders.contains(&input.tender) {
        return Err(CommandError::invalid("tender", "this means of payment is not in use here"));
    }
    let mut lines = Vec::with_capacity(input.lines.len());
    let mut priced = Vec::with_capacity(input.lines.len());
    for line in &input.lines {
        let (refund_line, price_line) = line_of(db, outlet, next_id(), line)?;
        lines.push(refund_line);
        priced.push(price_line);
    }
    let figures = prices.of_goods_back(priced)?;
    for (line, figures) in lines.iter_mut().zip(&figures.lines) {
        line.amount = figures.share;
        line.tax = figures.tax_share;
    }
    let due = amount::loose(figures.total, input.tender, prices.cash_rounding())?;
    Ok((lines, due))
}

fn line_of(
    db: &Connection,
    outlet: &Outlet,
    line_id: LineId,
    line: &LooseRefundLine,
) -> Done<(RefundLine, PriceLine)> {
    let item =
        items::get(db, line.item_id)?.ok_or_else(|| CommandError::not_found("there is no such item"))?.item;
    let variant = match line.variant_id {
        None if !item.variants.is_empty() => {
            let message = "which variant comes back must be chosen";
            return Err(CommandError::new(Code::ChoiceNeeded, message).about(item.item_id.to_string()));
        }
        None => None,
        Some(id) => Some(
            item.variants
                .iter()
                .find(|variant| variant.variant_id == id)
                .ok_or_else(|| CommandError::not_found("the item has no such variant"))?,
        ),
    };
    let own_price = variant.map(|variant| variant.unit_price).or(item.unit_price);
    let unit_price = line.unit_price.or(own_price).ok_or_else(|| {
        let message = "the item has no price of its own: one must be given";
        CommandError::new(Code::ChoiceNeeded, message).about(item.item_id.to_string())
    })?;
    check_price(unit_price)?;
    let whole = item.unit == Unit::Kilogram || line.quantity.raw() % Quantity::ONE.raw() == 0;
    if !line.quantity.is_positive() || !whole {
        return Err(CommandError::invalid("quantity", "a quantity must be above zero, and whole for pieces"));
    }
    let zero = Money::zero(outlet.currency);
    let refund_line = RefundLine {
        line_id,
        item_id: item.item_id,
        variant_id: line.variant_id,
        sku: variant.map_or(&item.sku, |variant| &variant.sku).as_str().to_owned(),
        name: variant.map_or_else(|| item.name.clone(), |variant| format!("{} {}", item.name, variant.name)),
        unit_price,
        quantity: line.quantity,
        amount: zero,
        tax: zero,
        restock: line.restock,
    };
    let price_line =
        PriceLine { line_id, unit_price, quantity: line.quantity, tax_ids: item.tax_ids, discount: None };
    Ok((refund_line, price_line))
}
