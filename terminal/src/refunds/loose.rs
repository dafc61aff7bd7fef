//! Goods that come back without a receipt: a manager's leave, today's price unless another is given.

use shared::ids::LineId;
use shared::money::Money;
use shared::pricing::{PriceLine, PriceRules, price};
use shared::refund::RefundLine;
use shared::staff::Permission;

use super::write::{self, NewRefund};
use super::{MAX_LINES, amount};
use crate::context::{CommandError, Context, Done};
use crate::staff::leave;
use crate::store::{Store, items};
use crate::views::{LooseRefundInput, LooseRefundLine, RefundView};

/// Gives money back for goods without a receipt.
///
/// # Errors
/// `approval_needed`, `not_found`, `drawer_closed`, `out_of_range`.
pub fn loose(store: &mut Store, ctx: &mut Context<'_>, mut input: LooseRefundInput) -> Done<RefundView> {
    let leave = leave(store, ctx, Permission::RefundWithoutReceipt, input.approval.take())?;
    let outlet = ctx.outlet(store.db())?;
    if input.lines.is_empty() || input.lines.len() > MAX_LINES {
        return Err(CommandError::invalid("lines", "nothing was chosen to be given back"));
    }
    let mut lines = Vec::with_capacity(input.lines.len());
    let mut priced = Vec::with_capacity(input.lines.len());
    for line in &input.lines {
        let (refund_line, price_line) = line_of(store, ctx, line)?;
        lines.push(refund_line);
        priced.push(price_line);
    }
    // Service was for the sale, not for the goods.
    let rules = PriceRules { service_charge: None, ..outlet.rules.clone() };
    let figures = price(&rules, &priced, None)?;
    for (line, figures) in lines.iter_mut().zip(&figures.lines) {
        line.amount = figures.share;
        line.tax = figures.tax_share;
    }
    let due = amount::loose(figures.total, input.tender, outlet.rules.cash_rounding.as_ref())?;
    write::write(
        store,
        ctx,
        &leave,
        NewRefund { linked: None, lines, due, tender: input.tender, reason: &input.reason },
    )
}

fn line_of(store: &Store, ctx: &mut Context<'_>, line: &LooseRefundLine) -> Done<(RefundLine, PriceLine)> {
    let item = items::get(store.db(), line.item_id)?
        .ok_or_else(|| CommandError::not_found("there is no such item"))?
        .item;
    let variant = match line.variant_id {
        None => None,
        Some(id) => Some(
            item.variants
                .iter()
                .find(|variant| variant.variant_id == id)
                .ok_or_else(|| CommandError::not_found("the item has no such variant"))?,
        ),
    };
    let unit_price = line
        .unit_price
        .or(variant.map(|variant| variant.unit_price))
        .or(item.unit_price)
        .ok_or_else(|| CommandError::invalid("price", "the item has no price of its own: one must be given"))?;
    if !line.quantity.is_positive() {
        return Err(CommandError::invalid("quantity", "a quantity must be above zero"));
    }
    let line_id = LineId::new(ctx.clock, ctx.rng);
    let outlet = ctx.outlet(store.db())?;
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
