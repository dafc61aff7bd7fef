//! One pure function computes an order from its lines and a price book; the terminal sells with it and the server judges
//! with it.
//!
//! Order of computation (`trade.md`): unit price → line → line discount → promotions → order discount → service charge
//! → tax → cash rounding → tenders. Every figure is an integer; every rounding names its mode; an order discount and
//! every share of a line are spread by largest remainder, so parts always sum to the whole.
//!
//! [`book`] is what headquarters states (a [`PriceBook`]), [`sale`] what the till knows of a sale, [`ReadyBook::price`]
//! the function; [`price`] is the same function for an outlet without a book of its own. [`basket`] is the same as JSON
//! that carries everything.
//!
//! To add a kind of promotion: a variant of [`promotion::Effect`], its arm in `promotion/evaluate.rs` that says what it
//! takes off which lines, its check in `book/check.rs`, its words in `basket/read.rs`, a table row with its figures
//! by hand, and the same in `tests/pricing_oracle/effects.py`.

mod allocate;
pub mod basket;
pub mod book;
mod compute;
pub mod promotion;
mod ratio;
mod rounding;
pub mod sale;
pub mod schedule;
pub mod tax;
mod taxes;

pub use allocate::allocate;
pub use book::{BookError, PriceBook, ReadyBook};
pub use compute::price;
pub use promotion::{AppliedPromotion, Promotion};
pub use rounding::{CashRounding, round_cash};
pub use sale::{Allowance, Channel, Computed, Exemption, PromotionUse, Sale, SaleLine, SaleTerms};
pub use tax::{TaxForm, TaxKind, TaxRule, Treatment};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{LineId, TaxId};
use crate::money::{CurrencyCode, Money, MoneyError, Quantity, Rate, RoundingMode, UnitPrice};

/// Where taxes are rounded to the minor unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TaxRounding {
    /// On every line (the default).
    #[default]
    Line,
    /// Once, on the whole order; lines get their share by largest remainder.
    Order,
}

/// A percent tax.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Tax {
    /// The tax.
    pub tax_id: TaxId,
    /// Its name on the receipt, such as `PB1` or `PPN 11 %`.
    pub name: String,
    /// Its rate; 0 is zero-rated, which is not exempt.
    pub rate_ppm: Rate,
    /// Whether prices include it.
    pub included: bool,
}

/// A charge for service on what is left after discounts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ServiceCharge {
    /// The rate of the net goods as shown to the guest: included taxes in them.
    pub rate_ppm: Rate,
    /// Taxes that apply to the charge (PB1 applies to goods and service).
    pub tax_ids: Vec<TaxId>,
}

/// How an outlet's orders are computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PriceRules {
    /// The currency.
    pub currency: CurrencyCode,
    /// Decimals of its minor unit in use (0–4).
    pub digits: u8,
    /// How amounts become minor units.
    #[serde(default)]
    pub rounding: RoundingMode,
    /// Where taxes are rounded.
    #[serde(default)]
    pub tax_rounding: TaxRounding,
    /// The taxes of the outlet.
    #[serde(default)]
    pub taxes: Vec<Tax>,
    /// The service charge, when there is one.
    #[serde(default)]
    pub service_charge: Option<ServiceCharge>,
    /// Rounding of what is paid in cash.
    #[serde(default)]
    pub cash_rounding: Option<CashRounding>,
}

/// A discount given by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Discount {
    /// A part of the amount, at most the whole.
    Percent(Rate),
    /// A fixed amount, not negative and at most the whole.
    Amount(Money),
}

/// A line to be priced: the unit price already holds the variant, its modifiers and any override.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceLine {
    /// The line.
    pub line_id: LineId,
    /// Price of one unit; not negative.
    pub unit_price: UnitPrice,
    /// How many; above zero.
    pub quantity: Quantity,
    /// The taxes that apply.
    pub tax_ids: Vec<TaxId>,
    /// The line's own discount.
    pub discount: Option<Discount>,
}

/// One tax of a line or an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TaxAmount {
    /// The tax.
    pub tax_id: TaxId,
    /// Its name at the time.
    pub name: String,
    /// Its rate at the time.
    pub rate_ppm: Rate,
    /// Whether it is inside the prices.
    pub included: bool,
    /// How it is counted, when it is no plain percentage.
    #[serde(default, skip_serializing_if = "TaxForm::is_percent")]
    #[ts(optional, as = "Option<TaxForm>")]
    pub form: TaxForm,
    /// Why nothing is collected, when nothing is.
    #[serde(default, skip_serializing_if = "Treatment::is_collected")]
    #[ts(optional, as = "Option<Treatment>")]
    pub treatment: Treatment,
    /// What it is computed on, without the tax.
    pub base: Money,
    /// The tax.
    pub amount: Money,
}

/// A line with every figure computed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PricedLine {
    /// The line.
    pub line_id: LineId,
    /// `round(unit price × quantity)`.
    pub gross: Money,
    /// The line's own discount (not negative).
    pub line_discount: Money,
    /// Its share of the order discount (not negative).
    pub order_discount: Money,
    /// What promotions took off, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<AppliedPromotion>>")]
    pub promotions: Vec<AppliedPromotion>,
    /// The price list that replaced the item's own price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub listed: Option<sale::ListedPrice>,
    /// Its share of a discount that comes off after tax (not negative); the taxes do not fall with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub after_tax_discount: Option<Money>,
    /// `gross − line_discount − promotions − order_discount`; holds included taxes.
    pub net: Money,
    /// Taxes of the line, without those on its share of the service charge.
    pub taxes: Vec<TaxAmount>,
    /// The sum of the line's taxes.
    pub tax: Money,
    /// The line's share of the order's total, service charge and its taxes in it: the shares of all lines sum to the
    /// total exactly, and refunds give back parts of it.
    pub share: Money,
    /// The line's share of all taxes of the order, those on the service charge in it.
    pub tax_share: Money,
}

impl PricedLine {
    /// What promotions took off the line, in sum.
    ///
    /// # Errors
    /// An overflow.
    pub fn promotion_discount(&self) -> Result<Money, MoneyError> {
        Money::sum(self.gross.currency(), self.promotions.iter().map(|applied| applied.amount))
    }
}

/// An order with every figure computed; the total is before cash rounding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PricedOrder {
    /// The lines, in their order.
    pub lines: Vec<PricedLine>,
    /// The sum of the lines' gross.
    pub subtotal: Money,
    /// All discounts: of lines, promotions and order (not negative).
    pub discount_total: Money,
    /// The service charge, without its tax unless that is included.
    pub service_charge: Money,
    /// The taxes by tax, in the order of the rules; they sum to `tax_total` exactly.
    pub taxes: Vec<TaxAmount>,
    /// All taxes, included ones too.
    pub tax_total: Money,
    /// What is due: `subtotal − discount_total + service_charge + taxes that are not included`.
    pub total: Money,
}

/// Why an order could not be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PricingError {
    /// A figure is beyond range or in another currency.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A line's quantity is not above zero.
    #[error("line {0} has a quantity that is not above zero")]
    Quantity(LineId),
    /// A line's price is negative.
    #[error("line {0} has a negative price")]
    NegativePrice(LineId),
    /// A discount is negative or above what it is given on.
    #[error("a discount must be between nothing and the whole amount")]
    Discount,
    /// A tax is named that the rules do not have.
    #[error("tax {0} is not among the outlet's taxes")]
    UnknownTax(TaxId),
    /// Rules with more than 4 digits or a rounding increment that is not positive.
    #[error("the outlet's price rules are not valid: {0}")]
    Rules(&'static str),
}
