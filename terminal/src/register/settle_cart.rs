//! Carts that leave the window without a sale: held, taken up again, given up.

use shared::ids::CartId;
use shared::journal::Fact;
use shared::order::{OrderState, VoidedOrder};
use shared::staff::Permission;

use super::change::active;
use super::line;
use super::open_carts::OpenCart;
use super::prices::Prices;
use crate::context::{CommandError, Context, Done, Moment};
use crate::staff::{leave, require};
use crate::store::{Store, StoreError, Tx, carts, drawer_sessions};
use crate::views::{CartView, Code, HeldCart, HeldView, HoldInput, RecallInput, VoidInput};
use crate::{cards, journal};

/// The longest name of a held cart in characters.
const MAX_LABEL_CHARS: usize = 40;

/// Gives this window's cart up: nothing was sold, and the journal says so.
///
/// # Errors
/// `approval_needed`, `cart_empty`.
pub fn void(store: &mut Store, ctx: &mut Context<'_>, input: VoidInput) -> Done<CartView> {
    let leave = leave(store, ctx, Permission::VoidCart, input.approval)?;
    let prices = Prices::now(store.db(), ctx)?;
    let reason = line::checked_reason(&input.reason)?;
    let Some(active) = active(store, ctx)? else { return Err(empty()) };
    let cart_id = active.open.cart.cart_id();
    if active.open.cart.is_empty() {
        // Nothing was rung up: there is nothing to tell anyone.
        store.write(|tx| carts::discard(tx, cart_id))?;
        return super::cart(store, ctx);
    }
    let moment = ctx.moment(&prices.outlet, Some(leave.who.staff_id));
    let voided = VoidedOrder {
        cart_id,
        staff_id: leave.who.staff_id,
        occurred_at: moment.at,
        reason,
        total: prices.of(&active.open.cart)?.order.total,
        approval_id: leave.approval_id(),
    };
    let OrderState::Voided(voided) = (OrderState::Open { cart_id }).void(voided)? else {
        return Err(empty());
    };
    let session = drawer_sessions::current(store.db())?.map(|opened| opened.drawer_session_id);
    store.write(|tx| -> Result<(), StoreError> {
        leave.record(tx, ctx, &moment)?;
        carts::void(tx, cart_id, session)?;
        journal::append(tx, ctx.device, &moment, &Fact::OrderVoided(voided))?;
        cards::unsold(tx, ctx.device, &moment, Some(cart_id))
    })?;
    super::cart(store, ctx)
}

fn empty() -> CommandError {
    CommandError::new(Code::CartEmpty, "the cart is empty")
}

/// Suspends this window's cart.
///
/// # Errors
/// `cart_empty`, `invalid` for a name too long.
pub fn hold(store: &mut Store, ctx: &mut Context<'_>, input: HoldInput) -> Done<CartView> {
    require(store.db(), ctx, Permission::Sell)?;
    let prices = Prices::now(store.db(), ctx)?;
    let label = input.label.as_deref().map(str::trim).filter(|label| !label.is_empty());
    if label
        .is_some_and(|label| label.chars().count() > MAX_LABEL_CHARS || label.chars().any(char::is_control))
    {
        return Err(CommandError::invalid(
            "label",
            "the name of a held cart has at most 40 visible characters",
        ));
    }
    let Some(active) = active(store, ctx)? else { return Err(empty()) };
    if active.open.cart.is_empty() {
        store.open_carts.put(active.open);
        return Err(empty());
    }
    let moment = ctx.moment(&prices.outlet, None);
    store.write(|tx| suspend(tx, &prices, &active.open, label, &moment))?;
    store.open_carts.put(active.open);
    super::cart(store, ctx)
}

/// Writes a cart onto the shelf of held ones.
fn suspend(tx: &Tx<'_>, prices: &Prices, open: &OpenCart, label: Option<&str>, moment: &Moment) -> Done<()> {
    let cart_id = open.cart.cart_id();
    let local = moment.at.to_local_text(&prices.outlet.zone);
    let time = local.split(' ').next_back().unwrap_or(&local).to_owned();
    let label = label.map_or(time, str::to_owned);
    let held = (OrderState::Open { cart_id }).hold(label, moment.at)?;
    if let OrderState::Held { label, held_at, .. } = held {
        let total = prices.of(&open.cart)?.order.total;
        carts::hold(tx, cart_id, &label, total, open.cart.item_count(), held_at)?;
    }
    Ok(())
}

/// The held carts, oldest first.
///
/// # Errors
/// When the store cannot be read.
pub fn held(store: &mut Store, _: &mut Context<'_>) -> Done<HeldView> {
    let carts = carts::all_held(store.db())?
        .into_iter()
        .map(|row| HeldCart {
            cart_id: row.cart_id,
            label: row.label,
            held_at: row.held_at,
            item_count: row.item_count,
            total: row.total,
            staff_name: row.staff_name,
        })
        .collect();
    Ok(HeldView { carts })
}

/// Takes a held cart up again; what is in the window is held first.
///
/// # Errors
/// `not_found` when it is not held any more.
pub fn recall(store: &mut Store, ctx: &mut Context<'_>, input: RecallInput) -> Done<CartView> {
    require(store.db(), ctx, Permission::Sell)?;
    let prices = Prices::now(store.db(), ctx)?;
    let cart_id: CartId = input.cart_id;
    let row =
        carts::held(store.db(), cart_id)?.ok_or_else(|| CommandError::not_found("this cart is not held"))?;
    (OrderState::Held { cart_id, label: row.label, held_at: row.held_at }).recall()?;
    let before = active(store, ctx)?;
    let moment = ctx.moment(&prices.outlet, None);
    store.write(|tx| -> Done<()> {
        match &before {
            Some(before) if before.open.cart.is_empty() => carts::discard(tx, before.open.cart.cart_id())?,
            Some(before) => suspend(tx, &prices, &before.open, None, &moment)?,
            None => {}
        }
        Ok(carts::recall(tx, cart_id, ctx.client)?)
    })?;
    if let Some(before) = before {
        store.open_carts.put(before.open);
    }
    super::cart(store, ctx)
}
