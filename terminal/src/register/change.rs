//! One change of a cart: checked, priced, written, remembered for undo.

use shared::cart::{Cart, CartLine, CartOperation as Op};
use shared::ids::{CartId, LineId};
use shared::pricing::{Computed, Discount, PricingError};

use super::open_carts::{OpenCart, Undo};
use super::prices::Prices;
use super::view;
use crate::context::{CommandError, Context, Done};
use crate::staff::Leave;
use crate::store::{Store, StoreError, carts};
use crate::views::CartView;

/// Pieces of a document after which it is written anew as one.
const MAX_PIECES: usize = 200;

/// The cart of a window.
pub(crate) struct Active {
    pub(crate) open: OpenCart,
}

/// The cart of this window, taken out of memory or read from the disk; who takes it puts it back.
pub(crate) fn active(store: &mut Store, ctx: &mut Context<'_>) -> Done<Option<Active>> {
    let Some(row) = carts::open_of(store.db(), ctx.client)? else { return Ok(None) };
    let open = take(store, ctx, row.cart_id, row.last_line_id)?;
    Ok(Some(Active { open }))
}

pub(super) fn take(
    store: &mut Store,
    ctx: &mut Context<'_>,
    id: CartId,
    last_line_id: Option<LineId>,
) -> Done<OpenCart> {
    if let Some(open) = store.open_carts.take(id) {
        return Ok(open);
    }
    let pieces = carts::changes(store.db(), id)?;
    let (cart, read) = load(id, actor(ctx), &pieces);
    let replace = read < pieces.len();
    Ok(OpenCart { cart, undo: Vec::new(), pieces: pieces.len(), replace, last_line_id })
}

/// Fresh for every document that is opened: a reused one would make two histories collide.
fn actor(ctx: &mut Context<'_>) -> [u8; 16] {
    let mut actor = [0; 16];
    ctx.rng.fill_bytes(&mut actor);
    actor
}

/// The cart of as many pieces as can be read, and how many those were: a damaged document never blocks a sale.
fn load(id: CartId, actor: [u8; 16], pieces: &[Vec<u8>]) -> (Cart, usize) {
    for readable in (0..=pieces.len()).rev() {
        match Cart::load(id, actor, pieces.get(..readable).unwrap_or_default()) {
            Ok(cart) => return (cart, readable),
            Err(error) => tracing::error!(%id, readable, %error, "a stored cart cannot be read to its end"),
        }
    }
    (Cart::new(id, actor), 0)
}

/// What a cashier does in one go.
pub(super) struct Step {
    operations: Vec<Op>,
    last_line_id: Option<LineId>,
    /// Whether a discount is what is being set: then one that is too large is refused, not cleared.
    pub(super) sets_discount: bool,
}

impl Step {
    pub(super) fn one(operation: Op, last_line_id: Option<LineId>) -> Self {
        Self { operations: vec![operation], last_line_id, sets_discount: false }
    }

    /// Adds a line, or to the quantity of an equal one.
    pub(super) fn add(cart: &Cart, line: CartLine, separate: bool) -> Self {
        let equal =
            if separate || line.weighed { None } else { cart.lines().find(|there| is_equal(there, &line)) };
        match equal {
            Some(there) => {
                let line_id = there.line_id;
                Self::one(Op::ChangeQuantity { line_id, delta: line.quantity }, Some(line_id))
            }
            None => {
                let line_id = line.line_id;
                Self::one(Op::AddLine(Box::new(line)), Some(line_id))
            }
        }
    }
}

/// Whether two lines differ in nothing but their quantity.
fn is_equal(there: &CartLine, new: &CartLine) -> bool {
    there.item_id == new.item_id
        && there.variant_id == new.variant_id
        && there.base_price == new.base_price
        && there.modifiers == new.modifiers
        && there.name == new.name
        && there.tax_ids == new.tax_ids
        && there.note.is_none()
        && there.discount.is_none()
        && there.price_override == new.price_override
}

/// Does a step on this window's cart, which begins with it when there is none.
pub(super) fn change(
    store: &mut Store,
    ctx: &mut Context<'_>,
    leave: &Leave,
    step: impl FnOnce(&Cart) -> Done<Step>,
) -> Done<CartView> {
    let prices = Prices::now(store.db(), ctx)?;
    let row = carts::open_of(store.db(), ctx.client)?;
    let begins = row.is_none();
    let mut open = match row {
        Some(row) => take(store, ctx, row.cart_id, row.last_line_id)?,
        None => {
            let cart = Cart::new(CartId::new(ctx.clock, ctx.rng), actor(ctx));
            OpenCart { cart, undo: Vec::new(), pieces: 0, replace: false, last_line_id: None }
        }
    };
    let step = match step(&open.cart) {
        Ok(step) => step,
        Err(error) => {
            if !begins {
                store.open_carts.put(open);
            }
            return Err(error);
        }
    };
    let before = open.last_line_id;
    // When anything below fails, the cart in memory is dropped and read again from the disk.
    let (inverse, priced) = apply(&prices, &mut open.cart, step.operations, step.sets_discount)?;
    if step.last_line_id.is_some() {
        open.last_line_id = step.last_line_id;
    }
    persist(store, ctx, &prices, leave, &mut open, begins)?;
    open.remember(Undo { operations: inverse, last_line_id: before });
    finish(store, &prices, open, &priced)
}

/// Takes the last step back.
pub(super) fn undo(store: &mut Store, ctx: &mut Context<'_>, leave: &Leave) -> Done<CartView> {
    let prices = Prices::now(store.db(), ctx)?;
    let nothing = || CommandError::invalid("nothing_to_undo", "there is no step to take back");
    let Some(Active { mut open }) = active(store, ctx)? else { return Err(nothing()) };
    let Some(undo) = open.undo.pop() else {
        store.open_carts.put(open);
        return Err(nothing());
    };
    let (_, priced) = apply(&prices, &mut open.cart, undo.operations, false)?;
    open.last_line_id = undo.last_line_id;
    persist(store, ctx, &prices, leave, &mut open, false)?;
    finish(store, &prices, open, &priced)
}

fn finish(store: &mut Store, prices: &Prices, open: OpenCart, priced: &Computed) -> Done<CartView> {
    let shown = view::view(store.db(), prices, &open, priced);
    store.open_carts.put(open);
    shown
}

/// Applies operations and prices the cart; gives the inverse. A discount by amount that a smaller cart can no longer carry
/// is cleared in the same step, so that removing a line is never refused for it.
fn apply(
    prices: &Prices,
    cart: &mut Cart,
    operations: Vec<Op>,
    sets_discount: bool,
) -> Done<(Vec<Op>, Computed)> {
    let mut inverse = Vec::with_capacity(operations.len());
    for operation in operations {
        inverse.push(cart.apply(operation)?);
    }
    let mut priced = prices.of(cart);
    if matches!(priced, Err(PricingError::Discount)) && !sets_discount {
        for operation in clearing(prices, cart) {
            inverse.push(cart.apply(operation)?);
        }
        priced = prices.of(cart);
    }
    let priced = priced.map_err(|error| match error {
        PricingError::Discount => CommandError::invalid("discount", error.to_string()),
        other => other.into(),
    })?;
    inverse.reverse();
    Ok((inverse, priced))
}

/// Operations that clear the discounts by amount which are above what they are given on.
fn clearing(prices: &Prices, cart: &Cart) -> Vec<Op> {
    let too_large = |line: &&CartLine| {
        matches!(line.discount, Some(Discount::Amount(_)))
            && matches!(prices.of_line(cart, line), Err(PricingError::Discount))
    };
    let mut clearing: Vec<Op> = cart
        .lines()
        .filter(too_large)
        .map(|line| Op::SetLineDiscount { line_id: line.line_id, discount: None })
        .collect();
    if clearing.is_empty() && matches!(cart.order_discount(), Some(Discount::Amount(_))) {
        clearing.push(Op::SetOrderDiscount(None));
    }
    clearing
}

/// Writes what changed, in one transaction with the approval it needed.
fn persist(
    store: &mut Store,
    ctx: &Context<'_>,
    prices: &Prices,
    leave: &Leave,
    open: &mut OpenCart,
    begins: bool,
) -> Done<()> {
    let id = open.cart.cart_id();
    let replace = open.replace || open.pieces >= MAX_PIECES;
    let bytes = if replace { open.cart.save() } else { open.cart.save_increment() };
    let moment = ctx.moment(&prices.outlet, Some(leave.who.staff_id));
    store.write(|tx| -> Result<(), StoreError> {
        if begins {
            let staff_id = leave.who.staff_id.to_string();
            carts::insert(tx, id, ctx.client, (&staff_id, &leave.who.name), moment.at)?;
        }
        match (replace, bytes.is_empty()) {
            (true, _) => carts::replace_changes(tx, id, &bytes)?,
            (false, false) => carts::add_change(tx, id, &bytes)?,
            (false, true) => {}
        }
        carts::set_head(tx, id, open.last_line_id, open.cart.terms().customer_id)?;
        leave.record(tx, ctx, &moment)
    })?;
    open.pieces = if replace { 1 } else { open.pieces + usize::from(!bytes.is_empty()) };
    open.replace = false;
    Ok(())
}
