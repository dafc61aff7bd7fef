//! The display of two lines: what was rung up last, and what all of it comes to.

use hardware::display::{Lines, row};
use shared::locale::Texts;
use shared::outlet::Outlet;

use crate::counter::Counter;
use crate::engine::Call;
use crate::views::{CartView, ReceiptView};

fn show(call: &Call<'_>, lines: impl FnOnce(&Outlet, &Texts) -> Lines) {
    if !call.till.counter(Counter::has_display) {
        return;
    }
    let outlet = call.read(|db, ctx| ctx.outlet(db));
    if let Ok(outlet) = outlet {
        let lines = lines(&outlet, &Texts::of(&outlet.locale));
        call.till.change_counter(|counter| counter.show(lines));
    }
}

/// Shows the line that was changed last, as the cashier's screen does, and the total.
pub(super) fn show_cart(call: &Call<'_>, cart: &CartView) {
    show(call, |outlet, texts| {
        let last = cart.last_line_id.and_then(|id| cart.lines.iter().find(|line| line.line_id == id));
        let last = last.or(cart.lines.last());
        match (last, cart.total) {
            (Some(line), Some(total)) => Lines::new(
                row(&line.name, &texts.amount(line.amount, outlet.digits)),
                row(&texts.get("receipt-total"), &texts.amount(total, outlet.digits)),
            ),
            // Between two customers the shop's own name stands there.
            _ => Lines::new(outlet.name.clone(), ""),
        }
    });
}

/// Shows what was paid and the change.
pub(super) fn show_paid(call: &Call<'_>, receipt: &ReceiptView) {
    show(call, |outlet, texts| {
        let order = &receipt.order;
        let amount = |money| texts.amount(money, outlet.digits);
        let change = match order.change_due.is_zero() {
            true => String::new(),
            false => row(&texts.get("receipt-change"), &amount(order.change_due)),
        };
        Lines::new(row(&texts.get("receipt-total"), &amount(order.due())), change)
    });
}
