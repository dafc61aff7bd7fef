//! The cart.

use crate::context::Done;
use crate::engine::Call;
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
    let code = input.code.trim().to_owned();
    let cart = call.write(|store, ctx| register::scan(store, ctx, input))?;
    let is_coupon = cart.terms.coupons.iter().any(|coupon| coupon.eq_ignore_ascii_case(&code));
    shown(call, if is_coupon { with_codes(call, cart) } else { Ok(cart) })
}

/// The cart with the codes that the server lets this till take, when it was not lent them before.
fn with_codes(call: &Call<'_>, cart: CartView) -> Done<CartView> {
    if cart.terms.coupons.is_empty() || !cart.withheld.iter().any(|withheld| withheld.used_up) {
        return Ok(cart);
    }
    allowances::for_codes(call, &cart.terms.coupons);
    call.write(register::cart)
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
    shown(call, with_codes(call, cart))
}

pub(super) fn undo(call: &Call<'_>, _: Nothing) -> Done<CartView> {
    shown(call, call.write(register::undo))
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
    shown(call, call.write(|store, ctx| register::recall(store, ctx, input)))
}
