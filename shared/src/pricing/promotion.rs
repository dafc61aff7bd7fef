//! Promotions as data: what they take off, for whom, when, how often and beside which others.
//!
//! Promotions are taken by descending priority, then in the order of the book, each on what those before it left. Of
//! those in one stacking group only one applies: where the first that gives anything stands, the one of its priority that
//! gives most, among equals the first of the book. A
//! promotion that is exclusive stands alone: the customer gets it, or all that are not exclusive, whichever is more.
//!
//! What counts pieces (buy X get Y, bundles, free items) takes them: a piece belongs to one such set at most. Pieces of
//! one line share its amount evenly; `k` of `n` untouched pieces of an amount `a` are worth `round(a × k / n)`. Which piece
//! is the dearer is decided by `floor(a × 1,000 / n)`, among equals by the line's id.

mod evaluate;
mod resolve;

pub(super) use resolve::{Granted, resolve};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::sale::Channel;
use super::schedule::Schedule;
use crate::ids::{CategoryId, ItemId, OutletId, PromotionId};
use crate::money::{Money, Rate, UnitPrice};

/// The most sets of one promotion in one order; a bound, far above any real sale.
pub const MAX_SETS: u32 = 10_000;

/// Goods that something is about; nothing named is all goods.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Target {
    /// Items.
    #[serde(default)]
    pub item_ids: Vec<ItemId>,
    /// Shelves.
    #[serde(default)]
    pub category_ids: Vec<CategoryId>,
    /// Items that are not meant all the same.
    #[serde(default)]
    pub except_item_ids: Vec<ItemId>,
}

impl Target {
    /// Whether it names nothing and so means all goods (except those named).
    pub fn is_all(&self) -> bool {
        self.item_ids.is_empty() && self.category_ids.is_empty()
    }

    /// Whether it means these goods.
    pub fn fits(&self, item_id: Option<ItemId>, category_id: Option<CategoryId>) -> bool {
        let named = item_id.is_some_and(|id| self.item_ids.contains(&id))
            || category_id.is_some_and(|id| self.category_ids.contains(&id));
        (self.is_all() || named) && !item_id.is_some_and(|id| self.except_item_ids.contains(&id))
    }
}

/// What is taken off a sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Off {
    /// A part of it, at most the cap.
    Percent {
        /// The part.
        rate_ppm: Rate,
        /// The most.
        #[serde(default)]
        cap: Option<Money>,
    },
    /// An amount, at most all of it.
    Amount {
        /// The amount.
        amount: Money,
    },
    /// All above a price.
    Price {
        /// The price.
        price: Money,
    },
}

/// A step of a spend threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Tier {
    /// From this sum on.
    pub spend: Money,
    /// What comes off it.
    pub off: Off,
}

/// A part of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BundlePart {
    /// The goods, any of them.
    #[serde(default)]
    pub target: Target,
    /// How many pieces, or how many of the bundle.
    pub quantity: u32,
    /// Another bundle instead of goods.
    #[serde(default)]
    pub bundle: Option<PromotionId>,
}

/// What a promotion does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// A part off every line.
    Percent {
        /// The part.
        rate_ppm: Rate,
    },
    /// An amount off every unit.
    Amount {
        /// The amount.
        per_unit: Money,
    },
    /// Every unit at this price, when that is less.
    FixedPrice {
        /// The price.
        unit_price: UnitPrice,
    },
    /// Of every `buy + get` pieces, dearest first, the `get` cheapest at a part off (100 % is free). With `other`, that
    /// many of other goods, their cheapest, for every `buy` of the target. The n-th at a percentage is `buy = n − 1`.
    BuyGet {
        /// Pieces at the full price.
        buy: u32,
        /// Pieces at the lower price.
        get: u32,
        /// The part off.
        rate_ppm: Rate,
        /// The goods that are given, when they are others.
        #[serde(default)]
        other: Option<Target>,
    },
    /// Sets of goods together, dearest first, at a price or at a part off.
    Bundle {
        /// The parts; one part of several pieces is mix and match.
        parts: Vec<BundlePart>,
        /// What comes off every set.
        off: Off,
    },
    /// Off the sum of the target, by the highest tier reached.
    Threshold {
        /// The tiers, rising.
        tiers: Vec<Tier>,
    },
    /// The cheapest pieces of some goods for nothing.
    FreeItem {
        /// The goods.
        free: Target,
        /// The most pieces.
        quantity: u32,
    },
    /// A part off the sum of the target, rounded once, at most the cap.
    OrderPercent {
        /// The part.
        rate_ppm: Rate,
        /// The most.
        #[serde(default)]
        cap: Option<Money>,
    },
}

impl Effect {
    /// Its kind as it stands on a sale.
    pub fn why(&self) -> Why {
        match self {
            Self::Percent { .. } => Why::Percent,
            Self::Amount { .. } => Why::Amount,
            Self::FixedPrice { .. } => Why::FixedPrice,
            Self::BuyGet { .. } => Why::BuyGet,
            Self::Bundle { .. } => Why::Bundle,
            Self::Threshold { .. } => Why::Threshold,
            Self::FreeItem { .. } => Why::FreeItem,
            Self::OrderPercent { .. } => Why::OrderPercent,
        }
    }
}

/// A code that unlocks a promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Coupon {
    /// The code as printed.
    pub code: String,
    /// How often it can be used; 1 is single use, None is without a limit.
    #[serde(default)]
    pub uses: Option<u32>,
    /// How often one customer can use it.
    #[serde(default)]
    pub per_customer: Option<u32>,
}

/// How often a promotion is given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Limits {
    /// Sets in one order.
    #[serde(default)]
    pub per_order: Option<u32>,
    /// By one customer.
    #[serde(default)]
    pub per_customer: Option<u32>,
    /// On one day of business.
    #[serde(default)]
    pub per_day: Option<u32>,
    /// In all.
    #[serde(default)]
    pub in_all: Option<u32>,
}

impl Limits {
    /// Whether it needs a counter that several tills share; a till spends what it was lent of it.
    pub fn is_shared(&self) -> bool {
        self.per_customer.is_some() || self.is_of_all()
    }

    /// Whether what is given to all customers together is counted.
    pub fn is_of_all(&self) -> bool {
        self.per_day.is_some() || self.in_all.is_some()
    }
}

/// A rule that takes something off by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Promotion {
    /// The promotion.
    pub promotion_id: PromotionId,
    /// Its name on the receipt.
    pub name: String,
    /// When it holds.
    #[serde(default)]
    pub schedule: Schedule,
    /// The outlets; none named is all.
    #[serde(default)]
    pub outlet_ids: Vec<OutletId>,
    /// The channels; none named is all.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// The segments and tiers of customers; none named is everyone.
    #[serde(default)]
    pub segments: Vec<String>,
    /// The codes of which one must be shown; none named needs none.
    #[serde(default)]
    pub coupons: Vec<Coupon>,
    /// What it is about.
    #[serde(default)]
    pub target: Target,
    /// The least that must be left of the target's lines (without what is given free).
    #[serde(default)]
    pub min_spend: Option<Money>,
    /// What it does.
    #[serde(flatten)]
    pub effect: Effect,
    /// The higher ones come first.
    #[serde(default)]
    pub priority: i32,
    /// Of those in one group only one applies.
    #[serde(default)]
    pub group: Option<String>,
    /// Whether it stands alone.
    #[serde(default)]
    pub exclusive: bool,
    /// How often it is given.
    #[serde(default)]
    pub limits: Limits,
}

impl Promotion {
    /// Whether what one customer gets of it is counted, by itself or by one of its codes.
    pub fn is_counted_by_customer(&self) -> bool {
        self.limits.per_customer.is_some() || self.coupons.iter().any(|coupon| coupon.per_customer.is_some())
    }
}

/// What kind of promotion took something off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// A part off the line.
    Percent,
    /// An amount off every unit.
    Amount,
    /// A fixed price.
    FixedPrice,
    /// So many bought, so many given.
    BuyGet,
    /// Goods together.
    Bundle,
    /// So much spent.
    Threshold,
    /// Goods for nothing.
    FreeItem,
    /// A part off the sum.
    OrderPercent,
}

/// What a promotion took off a line, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AppliedPromotion {
    /// The promotion.
    pub promotion_id: PromotionId,
    /// Its name at the time.
    pub name: String,
    /// What kind it is.
    pub why: Why,
    /// What it took off (above zero).
    pub amount: Money,
    /// The pieces of the line that it counted, when it counts pieces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub pieces: Option<u32>,
    /// The code that unlocked it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub coupon: Option<String>,
}
