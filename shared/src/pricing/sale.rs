//! What the till knows of a sale beside the figures of its lines: what is sold, where, when and to whom.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Discount, PriceLine, PricedOrder, Treatment};
use crate::clock::Timestamp;
use crate::ids::{
    CategoryId, CustomerId, ItemId, LineId, OutletId, PriceListId, PromotionId, TaxId, VariantId,
};
use crate::money::UnitPrice;
use crate::visible;

/// Through which door a sale came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// At the counter, eaten or used here.
    #[default]
    Counter,
    /// At a table.
    Table,
    /// Taken away.
    TakeAway,
    /// Ordered by the guests themselves.
    SelfOrder,
    /// Brought to them.
    Delivery,
}

/// A line with what is sold on it, for price lists and promotions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaleLine {
    /// Its figures; the unit price holds the item's own price, the choices and any override.
    pub price: PriceLine,
    /// What is sold; None takes part in what is for all goods only.
    pub item_id: Option<ItemId>,
    /// Its variant.
    pub variant_id: Option<VariantId>,
    /// Its shelf.
    pub category_id: Option<CategoryId>,
    /// Whether its quantity is a weight: such a line has no pieces to be counted.
    pub weighed: bool,
    /// The item's own price inside the unit price, which a price list may replace; None when it was asked for or
    /// replaced at the till.
    pub own_price: Option<UnitPrice>,
}

impl SaleLine {
    /// A line of which no more is known.
    pub fn plain(price: PriceLine) -> Self {
        Self { price, item_id: None, variant_id: None, category_id: None, weighed: false, own_price: None }
    }
}

/// Taxes that a customer does not pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Exemption {
    /// Which; none named is all.
    #[serde(default)]
    pub tax_ids: Vec<TaxId>,
    /// `exempt` or `reverse_charge` (or `zero_rated`).
    pub treatment: Treatment,
    /// Why: the certificate or number shown.
    pub reason: String,
}

impl Exemption {
    /// The most taxes that are named.
    const MOST_TAXES: usize = 100;
    /// The longest reason, in characters.
    const MOST_CHARS: usize = 100;

    /// The same without spaces around its reason; None when it gives no reason, or exempts nothing.
    pub fn checked(mut self) -> Option<Self> {
        self.reason = visible::text(&self.reason, Self::MOST_CHARS)?;
        let exempts = self.treatment != Treatment::Collected && self.tax_ids.len() <= Self::MOST_TAXES;
        exempts.then_some(self)
    }
}

/// What is left of a limit that is shared with other tills: what this one may still spend by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Allowance {
    /// Of which promotion.
    pub promotion_id: PromotionId,
    /// Of which of its coupons; None is the promotion as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub coupon: Option<String>,
    /// How often it may still be applied.
    pub left: u32,
}

/// Where, when and to whom; kept with the sale, so that it can be computed again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SaleTerms {
    /// Through which door.
    #[serde(default)]
    pub channel: Channel,
    /// When the prices were taken; the sale keeps them.
    #[serde(default)]
    pub at: Timestamp,
    /// The outlet's IANA time zone.
    #[serde(default)]
    pub zone: String,
    /// Where; None is in what is for all outlets only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub outlet_id: Option<OutletId>,
    /// To whom, when the business knows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub customer_id: Option<CustomerId>,
    /// The segments and tiers that the customer is in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub segments: Vec<String>,
    /// Taxes that the customer does not pay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub exemption: Option<Exemption>,
    /// Codes that were shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub coupons: Vec<String>,
    /// What is left of limits shared with others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<Allowance>>")]
    pub allowances: Vec<Allowance>,
}

/// A sale to be computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale<'a> {
    /// Its lines.
    pub lines: &'a [SaleLine],
    /// The discount by hand on the order.
    pub order_discount: Option<Discount>,
    /// Where, when and to whom.
    pub terms: &'a SaleTerms,
}

/// A price list that replaced an item's own price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ListedPrice {
    /// The list.
    pub price_list_id: PriceListId,
    /// Its name at the time.
    pub name: String,
    /// Price of one unit by it, with the line's choices.
    pub unit_price: UnitPrice,
}

/// Why a promotion that fits was not applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Withheld {
    /// What this till may spend of its limit is used up.
    UsedUp,
    /// It is counted by customer, and it is not said who this one is.
    NeedsCustomer,
    /// Another one that does not go with it was better for the customer.
    Outdone,
}

/// The figures and what could not be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Computed {
    /// The figures.
    pub order: PricedOrder,
    /// Promotions that fit and were not applied.
    pub withheld: Vec<(PromotionId, Withheld)>,
    /// Codes that unlocked nothing.
    pub idle_coupons: Vec<String>,
    /// How often each promotion was applied, to be counted against its limits.
    pub uses: Vec<PromotionUse>,
}

/// How often a promotion was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PromotionUse {
    /// The promotion.
    pub promotion_id: PromotionId,
    /// The code that unlocked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub coupon: Option<String>,
    /// How often.
    pub times: u32,
}

/// The place of a line in the order in which parts are spread: by id, so that it does not matter which was rung up first.
pub(super) fn by_line_id(lines: &[SaleLine]) -> Vec<usize> {
    let key = |at: &usize| lines.get(*at).map(|line: &SaleLine| -> LineId { line.price.line_id });
    let mut order: Vec<usize> = (0..lines.len()).collect();
    order.sort_by_key(key);
    order
}
