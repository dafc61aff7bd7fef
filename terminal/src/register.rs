//! Ringing up: one cart for each window, every change durable before the screen shows it.
//!
//! A change is one or more cart operations, written in one transaction with what else it leaves behind (a manager's
//! approval); its inverse goes on the undo stack. Pull the plug and the cart is back as it was last shown.

mod change;
mod customer;
mod line;
mod open_carts;
mod prices;
mod scan;
mod settle_cart;
mod view;

use rusqlite::Connection;
use shared::cart::{CartOperation as Op, CartTerms};
use shared::money::Quantity;
use shared::order::PriceOverride;
use shared::pricing::Discount;
use shared::staff::Permission;

pub(crate) use change::active;
pub use customer::{find as find_customers, set_customer};
pub(crate) use line::{check_price, checked_reason};
pub(crate) use open_carts::OpenCarts;
pub(crate) use prices::Prices;
pub use scan::scan;
pub(crate) use scan::{Scanned, scanned};
pub use settle_cart::{held, hold, recall, void};

use crate::context::{CommandError, Context, Done};
use crate::staff::{Leave, leave, require};
use crate::store::{Store, items};
use crate::views::{
    AddItemInput, CartView, DiscountInput, LineInput, NoteInput, PriceInput, QuantityInput, TermsInput,
};
use change::{Step, change};

/// The cart of this window with every figure.
///
/// # Errors
/// When the outlet is not loaded or the store cannot be read.
pub fn cart(store: &mut Store, ctx: &mut Context<'_>) -> Done<CartView> {
    let prices = Prices::now(store.db(), ctx)?;
    match active(store, ctx)? {
        None => view::empty(store.db(), &prices),
        Some(active) => {
            let priced = prices.of(&active.open.cart)?;
            let shown = view::view(store.db(), &prices, &active.open, &priced)?;
            store.open_carts.put(active.open);
            Ok(shown)
        }
    }
}

/// Leave of one's own role to sell.
fn own_leave(db: &Connection, ctx: &Context<'_>) -> Done<Leave> {
    Ok(Leave::own(require(db, ctx, Permission::Sell)?))
}

/// Adds an item with its choices.
///
/// # Errors
/// `choice_needed`, `approval_needed` for a replaced price, `out_of_range`.
pub fn add_item(store: &mut Store, ctx: &mut Context<'_>, mut input: AddItemInput) -> Done<CartView> {
    let mut leave = own_leave(store.db(), ctx)?;
    let item = items::get(store.db(), input.item_id)?
        .ok_or_else(|| CommandError::not_found("there is no such item"))?
        .item;
    let approval = input.approval.take();
    let (line, replaces_price) = line::new_line(ctx, &item, &input)?;
    if replaces_price {
        leave = self::leave(store, ctx, Permission::PriceOverride, approval)?;
    }
    change(store, ctx, &leave, |cart| Ok(Step::add(cart, line, input.separate)))
}

/// Sets a line's quantity; zero removes the line.
///
/// # Errors
/// `not_found`, `out_of_range`.
pub fn set_quantity(store: &mut Store, ctx: &mut Context<'_>, input: QuantityInput) -> Done<CartView> {
    let leave = own_leave(store.db(), ctx)?;
    if input.quantity < Quantity::ZERO {
        return Err(CommandError::invalid("quantity", "a quantity cannot be below zero"));
    }
    change(store, ctx, &leave, |cart| {
        let line = line::in_cart(cart, input.line_id)?;
        let delta = input.quantity.sub(line.quantity)?;
        Ok(Step::one(Op::ChangeQuantity { line_id: line.line_id, delta }, Some(line.line_id)))
    })
}

/// Removes a line.
///
/// # Errors
/// `not_found`.
pub fn remove_line(store: &mut Store, ctx: &mut Context<'_>, input: LineInput) -> Done<CartView> {
    set_quantity(store, ctx, QuantityInput { line_id: input.line_id, quantity: Quantity::ZERO })
}

/// Sets or clears the note of a line or of the order.
///
/// # Errors
/// `not_found`, `invalid` for a note too long.
pub fn set_note(store: &mut Store, ctx: &mut Context<'_>, input: NoteInput) -> Done<CartView> {
    let leave = own_leave(store.db(), ctx)?;
    change(store, ctx, &leave, |_| {
        Ok(match input.line_id {
            Some(line_id) => Step::one(Op::SetLineNote { line_id, note: input.note }, Some(line_id)),
            None => Step::one(Op::SetNote(input.note), None),
        })
    })
}

/// Sets or clears the discount by hand of a line or of the order.
///
/// # Errors
/// `approval_needed`, `not_found`, `invalid` for more than the whole.
pub fn set_discount(store: &mut Store, ctx: &mut Context<'_>, input: DiscountInput) -> Done<CartView> {
    require(store.db(), ctx, Permission::Sell)?;
    let leave = leave(store, ctx, Permission::Discount, input.approval)?;
    let discount = input.discount.filter(|discount| match discount {
        Discount::Percent(rate) => rate.0 > 0,
        Discount::Amount(amount) => !amount.is_zero(),
    });
    change(store, ctx, &leave, |_| {
        let mut step = match input.line_id {
            Some(line_id) => Step::one(Op::SetLineDiscount { line_id, discount }, Some(line_id)),
            None => Step::one(Op::SetOrderDiscount(discount), None),
        };
        step.sets_discount = discount.is_some();
        Ok(step)
    })
}

/// Replaces a line's price.
///
/// # Errors
/// `approval_needed`, `not_found`, `out_of_range`.
pub fn set_price(store: &mut Store, ctx: &mut Context<'_>, input: PriceInput) -> Done<CartView> {
    require(store.db(), ctx, Permission::Sell)?;
    let leave = leave(store, ctx, Permission::PriceOverride, input.approval)?;
    line::check_price(input.price)?;
    let reason = line::checked_reason(&input.reason)?;
    change(store, ctx, &leave, |cart| {
        let line = line::in_cart(cart, input.line_id)?;
        // What stood before the first replacement stays known, whatever is replaced after.
        let from = line.price_override.as_ref().map_or(Some(line.base_price), |before| before.from);
        let price_override = Some(PriceOverride { from, reason });
        let op = Op::SetPrice { line_id: line.line_id, base_price: input.price, price_override };
        Ok(Step::one(op, Some(line.line_id)))
    })
}

/// Says through which door the cart goes, to whom, and with which codes.
///
/// # Errors
/// `approval_needed` for a customer of a segment or one who pays no tax, `invalid` for too many or too long texts.
pub fn set_terms(store: &mut Store, ctx: &mut Context<'_>, input: TermsInput) -> Done<CartView> {
    require(store.db(), ctx, Permission::Sell)?;
    let prices = Prices::now(store.db(), ctx)?;
    let now = match active(store, ctx)? {
        Some(active) => {
            let terms = active.open.cart.terms().clone();
            store.open_carts.put(active.open);
            terms
        }
        None => CartTerms::default(),
    };
    let leave = if input.terms.exemption != now.exemption {
        leave(store, ctx, Permission::PriceOverride, input.approval)?
    } else if input.terms.segments != now.segments {
        leave(store, ctx, Permission::Discount, input.approval)?
    } else {
        own_leave(store.db(), ctx)?
    };
    change(store, ctx, &leave, |cart| {
        let line = cart.lines().last().map(|line| line.line_id);
        // Whom it is for is said by `set_customer` alone.
        let mut terms = CartTerms { customer_id: now.customer_id, ..input.terms };
        for code in &mut terms.coupons {
            *code = prices.coupon(code).unwrap_or_else(|| std::mem::take(code));
        }
        Ok(Step::one(Op::SetTerms(Box::new(terms)), line))
    })
}

/// Takes the last step back; steps from before the process started stay.
///
/// # Errors
/// `invalid` when there is nothing to take back.
pub fn undo(store: &mut Store, ctx: &mut Context<'_>) -> Done<CartView> {
    let leave = own_leave(store.db(), ctx)?;
    change::undo(store, ctx, &leave)
}
