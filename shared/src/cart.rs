//! The cart: the editable document before completion, an automerge document that merges.
//!
//! Lines stand under their own ids (add wins), quantities are counters in thousandths (concurrent +1 and +1 is +2),
//! removal is an observed decrement, notes and discounts are last-writer (`sync.md`, *Across*). Beside the document stands
//! its plain state, so that reading a cart of hundreds of lines costs nothing; both change by the same operations.

mod document;
mod mirror;
mod operation;
mod stored;
mod terms;

pub use document::Cart;
pub use operation::{CartOperation, NewLine};
pub use terms::{CartTerms, MAX_TERMS};

use serde::{Deserialize, Serialize};

use crate::ids::{CategoryId, ItemId, LineId, TaxId, VariantId};
use crate::money::{MoneyError, Quantity, UnitPrice};
use crate::order::{LineModifier, PriceOverride};
use crate::pricing::{Discount, PriceLine, SaleLine};

/// The most lines a cart holds; a bound, far above any real sale.
pub const MAX_LINES: usize = 5_000;
/// The longest note in characters.
pub const MAX_NOTE_CHARS: usize = 200;

/// A line of a cart with everything that was known when it was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CartLine {
    /// The line.
    pub line_id: LineId,
    /// What is sold.
    pub item_id: ItemId,
    /// Its variant.
    pub variant_id: Option<VariantId>,
    /// The business's code.
    pub sku: String,
    /// The name, variant in it.
    pub name: String,
    /// The shelf.
    pub category_id: Option<CategoryId>,
    /// Price of one unit without modifiers, after an override.
    pub base_price: UnitPrice,
    /// The taxes that apply.
    pub tax_ids: Vec<TaxId>,
    /// The choices.
    pub modifiers: Vec<LineModifier>,
    /// How many; a line of zero or less is removed and not shown.
    pub quantity: Quantity,
    /// Whether quantities are weights.
    pub weighed: bool,
    /// A note.
    pub note: Option<String>,
    /// A discount by hand.
    pub discount: Option<Discount>,
    /// The replaced price.
    pub price_override: Option<PriceOverride>,
}

impl CartLine {
    /// Price of one unit with its modifiers.
    ///
    /// # Errors
    /// An overflow.
    pub fn unit_price(&self) -> Result<UnitPrice, MoneyError> {
        self.modifiers.iter().try_fold(self.base_price, |sum, modifier| sum.add(modifier.unit_price))
    }

    /// The line as the pricing function takes it.
    ///
    /// # Errors
    /// An overflow.
    pub fn to_price_line(&self) -> Result<PriceLine, MoneyError> {
        Ok(PriceLine {
            line_id: self.line_id,
            unit_price: self.unit_price()?,
            quantity: self.quantity,
            tax_ids: self.tax_ids.clone(),
            discount: self.discount,
        })
    }

    /// The line with what is sold on it. A price that was asked for or replaced at the till is no price of a list's to replace.
    ///
    /// # Errors
    /// An overflow.
    pub fn to_sale_line(&self) -> Result<SaleLine, MoneyError> {
        Ok(SaleLine {
            price: self.to_price_line()?,
            item_id: Some(self.item_id),
            variant_id: self.variant_id,
            category_id: self.category_id,
            weighed: self.weighed,
            own_price: self.price_override.is_none().then_some(self.base_price),
        })
    }
}

/// Why a change of a cart was refused; the cart is as before.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CartError {
    /// The line is not in the cart.
    #[error("line {0} is not in the cart")]
    UnknownLine(LineId),
    /// A line with this id was added before; ids are never used twice.
    #[error("line {0} is in the cart already")]
    DuplicateLine(LineId),
    /// Too many lines.
    #[error("a cart holds at most {MAX_LINES} lines")]
    Full,
    /// Pieces cannot be split, or a quantity is beyond range.
    #[error("the quantity {0} is not allowed for this line")]
    Quantity(Quantity),
    /// A note too long or with control characters.
    #[error("a note has at most {MAX_NOTE_CHARS} visible characters")]
    Note,
    /// A price below zero, modifiers in it.
    #[error("line {0} would have a price below zero")]
    NegativePrice(LineId),
    /// Too many codes or segments, too long ones, or an exemption that says nothing.
    #[error(
        "codes, segments and reasons have 1 to 100 visible characters, and there are at most {MAX_TERMS} of them"
    )]
    Terms,
    /// A discount above 100 % or below zero.
    #[error("a discount must be between nothing and the whole amount")]
    Discount,
    /// A figure beyond range.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The stored document cannot be read.
    #[error("the stored cart cannot be read: {0}")]
    Document(String),
}
