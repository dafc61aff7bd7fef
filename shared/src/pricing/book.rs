//! A price book: what headquarters states for some outlets from some moment on.

mod check;
mod offers;
mod ready;

pub use check::BookError;
pub use offers::Offers;
pub use ready::ReadyBook;
pub(in crate::pricing) use ready::is_for;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::promotion::Promotion;
use super::sale::Channel;
use super::schedule::Schedule;
use super::{CashRounding, PriceRules, TaxRounding, TaxRule};
use crate::clock::Timestamp;
use crate::ids::{ItemId, OutletId, PriceBookId, PriceListId, TaxId, VariantId};
use crate::money::{CurrencyCode, Quantity, Rate, RoundingMode, UnitPrice};

/// What a service charge is counted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ServiceBase {
    /// What is left after all discounts (the default).
    #[default]
    AfterDiscount,
    /// The sum of the lines before any discount.
    BeforeDiscount,
}

/// A charge for service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ServiceRule {
    /// Its part of what it is counted on, included taxes in it.
    pub rate_ppm: Rate,
    /// Taxes that apply to the charge itself.
    #[serde(default)]
    pub tax_ids: Vec<TaxId>,
    /// What it is counted on.
    #[serde(default)]
    pub base: ServiceBase,
    /// The channels it applies to; none named is all.
    #[serde(default)]
    pub channels: Vec<Channel>,
}

/// When a discount by hand on the order comes off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DiscountTiming {
    /// Before tax: the tax falls with it (the default).
    #[default]
    BeforeTax,
    /// After tax and service: the tax stays.
    AfterTax,
}

/// A price of an item by a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ListPrice {
    /// The item.
    pub item_id: ItemId,
    /// Its variant, when it has any.
    #[serde(default)]
    pub variant_id: Option<VariantId>,
    /// From this quantity in the order on.
    #[serde(default)]
    pub from_quantity: Quantity,
    /// Price of one unit without choices.
    pub unit_price: UnitPrice,
}

/// Prices that replace the items' own, for some customers, channels or hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PriceList {
    /// The list.
    pub price_list_id: PriceListId,
    /// Its name.
    pub name: String,
    /// The segments of customers it is for; none named is everyone.
    #[serde(default)]
    pub segments: Vec<String>,
    /// The channels it is for; none named is all.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// When it holds.
    #[serde(default)]
    pub schedule: Schedule,
    /// The higher one wins; among equals the lower price.
    #[serde(default)]
    pub priority: i32,
    /// Its prices.
    pub prices: Vec<ListPrice>,
}

/// Versioned prices, taxes and promotions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PriceBook {
    /// The book; its versions share the id.
    pub price_book_id: PriceBookId,
    /// Counted up by the server with every version.
    pub version: u32,
    /// Its name.
    pub name: String,
    /// The outlets it is for; none named is all.
    #[serde(default)]
    pub outlet_ids: Vec<OutletId>,
    /// The channels it is for; none named is all.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// The currency.
    pub currency: CurrencyCode,
    /// Decimals of its minor unit in use; must be stated.
    #[serde(default)]
    pub digits: Option<u8>,
    /// In force from this moment on.
    #[serde(default)]
    pub valid_from: Option<Timestamp>,
    /// In force up to this moment.
    #[serde(default)]
    pub valid_until: Option<Timestamp>,
    /// How amounts become minor units.
    #[serde(default)]
    pub rounding: RoundingMode,
    /// Where taxes are rounded.
    #[serde(default)]
    pub tax_rounding: TaxRounding,
    /// When a discount by hand on the order comes off.
    #[serde(default)]
    pub discount_timing: DiscountTiming,
    /// The taxes.
    #[serde(default)]
    pub taxes: Vec<TaxRule>,
    /// The service charge.
    #[serde(default)]
    pub service_charge: Option<ServiceRule>,
    /// Rounding of what is paid in cash.
    #[serde(default)]
    pub cash_rounding: Option<CashRounding>,
    /// The price lists.
    #[serde(default)]
    pub price_lists: Vec<PriceList>,
    /// The promotions; among equals of priority the first counts first.
    #[serde(default)]
    pub promotions: Vec<Promotion>,
}

impl PriceBook {
    /// The book of an outlet that has only its rules.
    pub fn plain(rules: &PriceRules, version: u32) -> Self {
        let charge = rules.service_charge.as_ref().map(|charge| ServiceRule {
            rate_ppm: charge.rate_ppm,
            tax_ids: charge.tax_ids.clone(),
            base: ServiceBase::AfterDiscount,
            channels: Vec::new(),
        });
        Self {
            price_book_id: PriceBookId::from_bytes([0; 16]),
            version,
            name: String::new(),
            outlet_ids: Vec::new(),
            channels: Vec::new(),
            currency: rules.currency,
            digits: Some(rules.digits),
            valid_from: None,
            valid_until: None,
            rounding: rules.rounding,
            tax_rounding: rules.tax_rounding,
            discount_timing: DiscountTiming::BeforeTax,
            taxes: rules.taxes.iter().map(TaxRule::plain).collect(),
            service_charge: charge,
            cash_rounding: rules.cash_rounding,
            price_lists: Vec::new(),
            promotions: Vec::new(),
        }
    }

    /// Whether prices depend on when and to whom something is sold.
    pub fn is_timed(&self) -> bool {
        !self.price_lists.is_empty() || !self.promotions.is_empty()
    }

    fn is_for(&self, outlet_id: Option<OutletId>, channel: Channel) -> bool {
        let here = self.outlet_ids.is_empty() || outlet_id.is_some_and(|id| self.outlet_ids.contains(&id));
        here && (self.channels.is_empty() || self.channels.contains(&channel))
    }

    fn holds(&self, at: Timestamp) -> bool {
        self.valid_from.is_none_or(|from| from <= at) && self.valid_until.is_none_or(|until| at < until)
    }
}

/// The book in force at a moment: the one that began last; a later version of a book replaces the earlier at once when both
/// begin together.
///
/// # Errors
/// [`BookError::TwoAtOnce`] when two different books began at the same moment, [`BookError::NoneInForce`] without any.
pub fn in_force<'a>(
    books: impl IntoIterator<Item = &'a PriceBook>,
    at: Timestamp,
    outlet_id: Option<OutletId>,
    channel: Channel,
) -> Result<&'a PriceBook, BookError> {
    let mut best: Option<&PriceBook> = None;
    let mut other: Option<&PriceBook> = None;
    for book in books.into_iter().filter(|book| book.is_for(outlet_id, channel) && book.holds(at)) {
        let Some(so_far) = best else {
            best = Some(book);
            continue;
        };
        if book.valid_from > so_far.valid_from {
            (best, other) = (Some(book), None);
        } else if book.valid_from == so_far.valid_from {
            let same = book.price_book_id == so_far.price_book_id && book.version != so_far.version;
            match (same, book.version > so_far.version) {
                (true, true) => best = Some(book),
                (true, false) => {}
                (false, _) => other = Some(book),
            }
        }
    }
    match (best, other) {
        (Some(best), Some(other)) => Err(BookError::TwoAtOnce(best.name.clone(), other.name.clone())),
        (Some(best), None) => Ok(best),
        (None, _) => Err(BookError::NoneInForce),
    }
}
