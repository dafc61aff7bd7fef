//! The cart.

use crate::context::Done;
use crate::engine::Call;
use crate::register::Scanned;
use crate::sync::allowances;
use crate::views::*;
use crate::{counter, customer, register};

/// The cart after a step at it, for the customer to see too.
fn shown(call: &Call<'_>, cart: Done<CartView>) -> Done<CartView> {
    cart.inspect(|cart| customer::show_cart(call, cart))
}

pub(super) fn cart(call: &Call<'_>, _: Nothing) -> Done<CartView> {
    call.write(register::cart)
}

pub(super) fn scan(call: &Call<'_>, input: ScanInput) -> Done<CartView> {
    let (cart, what) = call.write(|store, ctx| register::scanned(store, ctx, input))?;
    shown(
        call,
        match what {
            Scanned::Goods => Ok(cart),
            Scanned::Coupon => with_limits(call, cart, true),
            Scanned::Card => with_limits(call, cart, false),
        },
    )
}

/// The cart with what the server lets this till give for its codes and to its customer, when it was not lent that before; also
/// before anything is rung up that they count for. Without a server it is only tried for a code that was `shown` just now.
fn with_limits(call: &Call<'_>, cart: CartView, shown: bool) -> Done<CartView> {
    if allowances::for_terms(call, &cart.terms, shown) { call.write(register::cart) } else { Ok(cart) }
}

pub(super) fn add_item(call: &Call<'_>, input: AddItemInput) -> Done<CartView> {
    if let Some(tare_g) = input.scale_tare_g {
        counter::check_weighed(call.till, input.quantity, tare_g)?;
    }
    shown(call, call.write(|store, ctx| register::add_item(store, ctx, input)))
}

pub(super) fn set_quantity(call: &Call<'_>, input: QuantityInput) -> Done<CartView> {
    shown(call, call.write(|store, ctx| register::set_quantity(store, ctx, input)))
}

pub(super) fn remove_line(call: &Call<'_>, input: LineInput) -> Done<CartView> {
    shown(call, call.write(|store, ctx| register::remove_line(store, ctx, input)))
}

pub(super) fn set_note(call: &Call<'_>, input: NoteInput) -> Done<CartView> {
    call.write(|store, ctx| register::set_note(store, ctx, input))
}

pub(super) fn set_discount(call: &Call<'_>, input: DiscountInput) -> Done<CartView> {
    shown(call, call.write(|store, ctx| register::set_discount(store, ctx, input)))
}

pub(super) fn set_price(call: &Call<'_>, input: PriceInput) -> Done<CartView> {
    shown(call, call.write(|store, ctx| register::set_price(store, ctx, input)))
}

pub(super) fn set_terms(call: &Call<'_>, input: TermsInput) -> Done<CartView> {
    let cart = call.write(|store, ctx| register::set_terms(store, ctx, input))?;
    shown(call, with_limits(call, cart, false))
}

pub(super) fn set_customer(call: &Call<'_>, input: CustomerInput) -> Done<CartView> {
    let cart = call.write(|store, ctx| register::set_customer(store, ctx, input))?;
    // Who was here before may go to another till.
    call.till.pull_now.notify_one();
    shown(call, with_limits(call, cart, false))
}

pub(super) fn find_customers(call: &Call<'_>, input: CustomersInput) -> Done<CustomersView> {
    call.read(|db, ctx| register::find_customers(db, ctx, input))
}

pub(super) fn undo(call: &Call<'_>, _: Nothing) -> Done<CartView> {
    let cart = call.write(register::undo)?;
    shown(call, with_limits(call, cart, false))
}

pub(super) fn void(call: &Call<'_>, input: VoidInput) -> Done<CartView> {
    shown(call, call.write(|store, ctx| register::void(store, ctx, input)))
}

pub(super) fn hold(call: &Call<'_>, input: HoldInput) -> Done<CartView> {
    shown(call, call.write(|store, ctx| register::hold(store, ctx, input)))
}

pub(super) fn held(call: &Call<'_>, _: Nothing) -> Done<HeldView> {
    call.write(register::held)
}

pub(super) fn recall(call: &Call<'_>, input: RecallInput) -> Done<CartView> {
    let cart = call.write(|store, ctx| register::recall(store, ctx, input))?;
    shown(call, with_limits(call, cart, false))
}
