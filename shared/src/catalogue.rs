//! What is sold: items with variants, modifiers, categories and barcodes.

mod fold;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{CategoryId, ItemId, ModifierGroupId, ModifierId, PictureId, TaxId, VariantId};
use crate::money::UnitPrice;

pub use fold::{fold, like_pattern};

/// Why a code of the trade was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Empty, too long, or with control characters.
    #[error("`{0}` is no code: 1 to 64 visible characters are expected")]
    Malformed(String),
    /// A GTIN whose last digit does not fit the others.
    #[error("the check digit of `{0}` is wrong")]
    CheckDigit(String),
}

fn visible(text: &str) -> Result<(), CodeError> {
    let fits = !text.is_empty() && text.chars().count() <= 64 && text.trim() == text;
    if fits && !text.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(CodeError::Malformed(text.chars().filter(|c| !c.is_control()).take(64).collect()))
    }
}

macro_rules! code {
    ($(#[$doc:meta])* $name:ident, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
        #[serde(try_from = "String", into = "String")]
        #[ts(as = "String")]
        pub struct $name(String);

        impl $name {
            /// The code as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $name {
            type Err = CodeError;
            fn from_str(text: &str) -> Result<Self, CodeError> {
                visible(text)?;
                let check: fn(&str) -> Result<(), CodeError> = $check;
                check(text)?;
                Ok(Self(text.to_owned()))
            }
        }
        impl TryFrom<String> for $name {
            type Error = CodeError;
            fn try_from(text: String) -> Result<Self, CodeError> {
                text.parse()
            }
        }
        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

code!(
    /// The business's own code of an item.
    Sku, |_| Ok(())
);
code!(
    /// A printed code: a GTIN (8, 12, 13 or 14 digits, check digit by GS1 General Specifications 7.9) or any in-store code.
    Barcode, check_gtin
);

/// Digits of the lengths of a GTIN must carry its check digit; in-store codes (leading 2 of 13 digits) too.
fn check_gtin(text: &str) -> Result<(), CodeError> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    if !digits || !matches!(text.len(), 8 | 12 | 13 | 14) {
        return Ok(());
    }
    let sum: u32 = text
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| u32::from(b - b'0') * if i % 2 == 1 { 3 } else { 1 })
        .sum();
    if sum.is_multiple_of(10) { Ok(()) } else { Err(CodeError::CheckDigit(text.to_owned())) }
}

/// How an item is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// By the piece; whole quantities.
    #[default]
    Piece,
    /// By weight in kilograms; three decimals.
    Kilogram,
}

/// A shelf of items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Category {
    /// The category.
    pub category_id: CategoryId,
    /// Its name.
    pub name: String,
    /// The place in the row of categories.
    pub position: i32,
    /// The colour of its bar as `#rrggbb`.
    pub color: String,
}

/// What is sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Item {
    /// The item.
    pub item_id: ItemId,
    /// The business's code.
    pub sku: Sku,
    /// The name on screen and receipt.
    pub name: String,
    /// Its shelf.
    pub category_id: Option<CategoryId>,
    /// Price of one unit; None is asked at the till (open price).
    pub unit_price: Option<UnitPrice>,
    /// How it is counted.
    #[serde(default)]
    pub unit: Unit,
    /// Taxes that apply; empty is untaxed.
    #[serde(default)]
    pub tax_ids: Vec<TaxId>,
    /// Printed codes of the item itself.
    #[serde(default)]
    pub barcodes: Vec<Barcode>,
    /// Sizes or kinds; when there are any, one must be chosen.
    #[serde(default)]
    pub variants: Vec<Variant>,
    /// Sets of choices, in order.
    #[serde(default)]
    pub modifier_groups: Vec<ModifierGroup>,
    /// Its picture.
    #[serde(default)]
    pub picture_id: Option<PictureId>,
    /// The place among the items of its category.
    #[serde(default)]
    pub position: i32,
    /// Whether it can be sold now; false dims the tile in place.
    #[serde(default = "yes")]
    pub available: bool,
}

impl Item {
    /// Everything by which the item is found when it is scanned or typed: the code, the variant that it names if it is one's,
    /// and whether it is printed on the goods.
    pub fn codes(&self) -> impl Iterator<Item = (&str, Option<VariantId>, bool)> {
        fn printed(
            barcodes: &[Barcode],
            of: Option<VariantId>,
        ) -> impl Iterator<Item = (&str, Option<VariantId>, bool)> {
            barcodes.iter().map(move |code| (code.as_str(), of, true))
        }
        let own = std::iter::once((self.sku.as_str(), None, false)).chain(printed(&self.barcodes, None));
        own.chain(self.variants.iter().flat_map(|variant| {
            let of = Some(variant.variant_id);
            std::iter::once((variant.sku.as_str(), of, false)).chain(printed(&variant.barcodes, of))
        }))
    }
}

fn yes() -> bool {
    true
}

/// A size or kind of an item with its own price and codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Variant {
    /// The variant.
    pub variant_id: VariantId,
    /// The business's code.
    pub sku: Sku,
    /// What is added to the item's name.
    pub name: String,
    /// Price of one unit.
    pub unit_price: UnitPrice,
    /// Printed codes.
    #[serde(default)]
    pub barcodes: Vec<Barcode>,
}

/// A set of choices for an item, such as milk or sugar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ModifierGroup {
    /// The group.
    pub modifier_group_id: ModifierGroupId,
    /// What is asked.
    pub name: String,
    /// The fewest choices; 1 or more makes it required.
    pub min: u16,
    /// The most choices.
    pub max: u16,
    /// How many of the choices made cost nothing more: the dearest of them, whatever was tapped first.
    #[serde(default, skip_serializing_if = "is_none_included")]
    #[ts(optional, as = "Option<u16>")]
    pub included: u16,
    /// The choices, in order.
    pub modifiers: Vec<Modifier>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives it so")]
fn is_none_included(included: &u16) -> bool {
    *included == 0
}

impl ModifierGroup {
    /// What choices that were made of this group add to the price of one unit, each in the place of its full price.
    pub fn prices_of(&self, made: &[UnitPrice]) -> Vec<UnitPrice> {
        let mut prices = made.to_vec();
        let mut places: Vec<usize> = (0..made.len()).filter(|at| made[*at] > UnitPrice::ZERO).collect();
        places.sort_by_key(|at| std::cmp::Reverse(made[*at]));
        for at in places.into_iter().take(usize::from(self.included)) {
            prices[at] = UnitPrice::ZERO;
        }
        prices
    }
}

/// One choice, with what it adds to the unit price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Modifier {
    /// The choice.
    pub modifier_id: ModifierId,
    /// Its name.
    pub name: String,
    /// What it adds to the price of one unit (may be below zero).
    pub unit_price: UnitPrice,
}

/// A picture of an item, apart from the item because it changes seldom and is large.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Picture {
    /// The picture.
    pub picture_id: PictureId,
    /// `image/svg+xml`, `image/png` or `image/webp`.
    pub media_type: String,
    /// The file, as base64.
    pub base64: String,
}
