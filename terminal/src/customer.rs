//! What the customer sees of the sale: on a display of two lines, and on a screen of their own.
//!
//! Both show the cart that was changed last at this till, what was paid for it, and the shop between two sales; never who
//! sells or who buys. No sale waits for either.

mod code;
mod display;
mod screen;
mod setup;

use crate::engine::Call;
use crate::views::{CartView, ReceiptView};

pub(crate) use code::{ask_qr, drop_qr};
pub(crate) use screen::{Screen, picture, show};
pub(crate) use setup::{add_picture, look, save};

/// Shows a cart after a step at it. Where several windows sell, the one with the last step is seen; whoever ends a sale or leaves
/// takes only their own away.
pub(crate) fn show_cart(call: &Call<'_>, cart: &CartView) {
    if !call.till.change_screen(|screen| screen.takes(call.client, cart.lines.is_empty())) {
        return;
    }
    display::show_cart(call, cart);
    screen::show_cart(call.till, cart);
}

/// Shows what was paid and the change.
pub(crate) fn show_paid(call: &Call<'_>, receipt: &ReceiptView) {
    call.till.change_screen(|screen| screen.takes(call.client, false));
    display::show_paid(call, receipt);
    screen::show_paid(call.till, receipt);
}
