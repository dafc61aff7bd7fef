//! The cart as the screens show it.

use rusqlite::Connection;
use shared::cart::CartLine;
use shared::catalogue::Unit;
use shared::pricing::book::Offers;
use shared::pricing::{Computed, PricedLine};

use super::customer;
use super::open_carts::OpenCart;
use super::prices::Prices;
use crate::catalogue::one_unit;
use crate::context::Done;
use crate::store::{carts, customers};
use crate::views::{CartLineView, CartOffers, CartView, WithheldView};

/// No cart yet.
pub(super) fn empty(db: &Connection, prices: &Prices) -> Done<CartView> {
    Ok(CartView { held_count: carts::held_count(db)?, offers: offers(db, prices)?, ..CartView::nothing() })
}

/// A cart with every figure; the figures are those of its lines, in their order.
pub(super) fn view(db: &Connection, prices: &Prices, open: &OpenCart, computed: &Computed) -> Done<CartView> {
    let (cart, priced) = (&open.cart, &computed.order);
    let lines: Done<Vec<CartLineView>> =
        cart.lines().zip(&priced.lines).map(|(line, figures)| line_view(prices, line, figures)).collect();
    let promotion = |id| prices.book.book().promotions.iter().find(|promotion| promotion.promotion_id == id);
    let withheld = computed.withheld.iter().filter_map(|(id, why)| {
        let name = promotion(*id)?.name.clone();
        Some(WithheldView { name, why: *why })
    });
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
        terms: cart.terms().clone(),
        customer: customer::shown(db, cart.terms())?,
        offers: offers(db, prices)?,
        withheld: withheld.collect(),
        idle_coupons: computed.idle_coupons.clone(),
        can_undo: !open.undo.is_empty(),
        held_count: carts::held_count(db)?,
    })
}

/// What prices depend on here now.
fn offers(db: &Connection, prices: &Prices) -> Done<CartOffers> {
    let Offers { channels, segments, coupons, .. } = prices.book.offers().clone();
    Ok(CartOffers { channels, segments, coupons, customers: customers::is_any(db)? })
}

fn line_view(prices: &Prices, line: &CartLine, figures: &PricedLine) -> Done<CartLineView> {
    let own_price = line.unit_price()?;
    let unit_price = figures.listed.as_ref().map_or(own_price, |listed| listed.unit_price);
    let promotion_discount = figures.promotion_discount()?;
    Ok(CartLineView {
        line_id: line.line_id,
        item_id: line.item_id,
        name: line.name.clone(),
        modifiers: line.modifiers.clone(),
        quantity: line.quantity,
        unit: if line.weighed { Unit::Kilogram } else { Unit::Piece },
        unit_price: one_unit(&prices.outlet, unit_price)?,
        listed: figures.listed.as_ref().map(|listed| listed.name.clone()),
        overridden: line.price_override.as_ref().is_some_and(|replaced| replaced.from.is_some()),
        gross: figures.gross,
        line_discount: figures.line_discount,
        promotions: figures.promotions.clone(),
        amount: figures.gross.sub(figures.line_discount)?.sub(promotion_discount)?,
        discount: line.discount,
        note: line.note.clone(),
    })
}
