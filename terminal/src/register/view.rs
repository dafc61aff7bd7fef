//! The cart as the screens show it.

use rusqlite::Connection;
use shared::cart::CartLine;
use shared::catalogue::Unit;
use shared::outlet::Outlet;
use shared::pricing::{PricedLine, PricedOrder};

use super::open_carts::OpenCart;
use crate::catalogue::one_unit;
use crate::context::Done;
use crate::store::carts;
use crate::views::{CartLineView, CartView};

/// No cart yet.
pub(super) fn empty(db: &Connection) -> Done<CartView> {
    Ok(CartView { held_count: carts::held_count(db)?, ..CartView::nothing() })
}

/// A cart with every figure; the figures are those of its lines, in their order.
pub(super) fn view(
    db: &Connection,
    outlet: &Outlet,
    open: &OpenCart,
    priced: &PricedOrder,
) -> Done<CartView> {
    let cart = &open.cart;
    let lines: Done<Vec<CartLineView>> =
        cart.lines().zip(&priced.lines).map(|(line, figures)| line_view(outlet, line, figures)).collect();
    Ok(CartView {
        cart_id: Some(cart.cart_id()),
        lines: lines?,
        last_line_id: open.last_line_id.filter(|id| cart.line(*id).is_some()),
        item_count: cart.item_count(),
        subtotal: Some(priced.subtotal),
        discount_total: Some(priced.discount_total),
        service_charge: Some(priced.service_charge),
        taxes: priced.taxes.clone(),
        total: Some(priced.total),
        order_discount: cart.order_discount(),
        note: cart.note().map(str::to_owned),
        can_undo: !open.undo.is_empty(),
        held_count: carts::held_count(db)?,
    })
}

fn line_view(outlet: &Outlet, line: &CartLine, figures: &PricedLine) -> Done<CartLineView> {
    Ok(CartLineView {
        line_id: line.line_id,
        item_id: line.item_id,
        name: line.name.clone(),
        modifiers: line.modifiers.clone(),
        quantity: line.quantity,
        unit: if line.weighed { Unit::Kilogram } else { Unit::Piece },
        unit_price: one_unit(outlet, line.unit_price()?)?,
        overridden: line.price_override.as_ref().is_some_and(|replaced| replaced.from.is_some()),
        gross: figures.gross,
        line_discount: figures.line_discount,
        amount: figures.gross.sub(figures.line_discount)?,
        discount: line.discount,
        note: line.note.clone(),
    })
}
