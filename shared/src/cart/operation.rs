//! One step of a cashier's work on a cart; every step has an inverse, which is what undo applies.

use crate::cart::{CartLine, CartTerms};
use crate::ids::LineId;
use crate::money::{Quantity, UnitPrice};
use crate::order::PriceOverride;
use crate::pricing::Discount;

/// A line to be added.
pub type NewLine = CartLine;

/// A change of a cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CartOperation {
    /// Add a line.
    AddLine(Box<NewLine>),
    /// Add to a line's quantity, or take from it; at zero or less the line is gone (and undo brings it back).
    ChangeQuantity {
        /// The line.
        line_id: LineId,
        /// How much.
        delta: Quantity,
    },
    /// Set or clear a line's note.
    SetLineNote {
        /// The line.
        line_id: LineId,
        /// The note.
        note: Option<String>,
    },
    /// Set or clear a line's discount.
    SetLineDiscount {
        /// The line.
        line_id: LineId,
        /// The discount.
        discount: Option<Discount>,
    },
    /// Replace a line's price.
    SetPrice {
        /// The line.
        line_id: LineId,
        /// The price of one unit without modifiers.
        base_price: UnitPrice,
        /// What it replaces and why.
        price_override: Option<PriceOverride>,
    },
    /// Set or clear the discount on the order.
    SetOrderDiscount(Option<Discount>),
    /// Set or clear the note on the order.
    SetNote(Option<String>),
    /// Set through which door the sale goes, to whom, and with which codes.
    SetTerms(Box<CartTerms>),
}
