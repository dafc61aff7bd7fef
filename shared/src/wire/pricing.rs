//! Prices as a manager at a terminal sees and changes them: asked of the server, which answers with what its own routes
//! answer.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::clock::{BusinessDate, Timestamp};
use crate::ids::{CustomerId, PromotionId, StaffId};
use crate::pricing::PromotionUse;

/// What a person at a terminal asks about prices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PricingRequest {
    /// The person, whose role the server looks up itself.
    pub staff_id: StaffId,
    /// What they ask.
    pub ask: PricingAsk,
}

/// What is asked. A `kind` is `campaigns`, `taxes`, `pricing-rules` or `price-books`, as in the paths of the API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum PricingAsk {
    /// All of a kind that are for this outlet: `{ parts }`.
    List {
        /// The kind.
        kind: String,
    },
    /// A draft made or a part changed: the part.
    Save {
        /// The kind.
        kind: String,
        /// Which; None makes a draft.
        id: Option<String>,
        /// Its fields as in the API; those left out stay.
        #[ts(type = "Record<string, unknown>")]
        fields: serde_json::Map<String, serde_json::Value>,
    },
    /// In force, at once or from a moment on: the part.
    Activate {
        /// The kind.
        kind: String,
        /// Which.
        id: String,
        /// From here on; None is at once.
        starts_at: Option<Timestamp>,
        /// Up to here; None is for good.
        ends_at: Option<Timestamp>,
    },
    /// Taken back: the part.
    Deactivate {
        /// The kind.
        kind: String,
        /// Which.
        id: String,
    },
    /// A draft thrown away: null.
    Delete {
        /// The kind.
        kind: String,
        /// Which.
        id: String,
    },
    /// A basket tried at this outlet, as in `POST /api/v1/price-books/preview`; its `outlet_id` is put in.
    Preview {
        /// The basket.
        #[ts(type = "Record<string, unknown>")]
        basket: serde_json::Map<String, serde_json::Value>,
    },
    /// What a campaign would have cost at this outlet, as in `POST /api/v1/campaigns/{id}/simulate`.
    Simulate {
        /// The campaign.
        id: String,
        /// The first day of business.
        from: BusinessDate,
        /// The last day of business.
        until: BusinessDate,
    },
    /// What promotions took off at this outlet, as in `GET /api/v1/reports/promotions`.
    Given {
        /// The first day of business.
        from: BusinessDate,
        /// The last day of business.
        until: BusinessDate,
    },
    /// The versions of this outlet's price book, as in `GET /api/v1/outlets/{id}/price-books`.
    Versions,
}

/// The most limits that are asked about at once.
pub const MAX_ALLOWANCES: usize = 200;

/// A limit that several tills share: a promotion's, or that of one of its coupons; of everybody together or of one customer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SharedLimit {
    /// The promotion.
    pub promotion_id: PromotionId,
    /// The coupon; None is the promotion as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coupon: Option<String>,
    /// The customer; None is everybody together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<CustomerId>,
}

impl SharedLimit {
    /// All that a use of a promotion counts against: the promotion and the code that unlocked it, of everybody together and of
    /// the customer.
    pub fn of(used: &PromotionUse, customer_id: Option<CustomerId>) -> Vec<Self> {
        let mut limits = Vec::with_capacity(4);
        for coupon in std::iter::once(None).chain(used.coupon.clone().map(Some)) {
            for customer_id in std::iter::once(None).chain(customer_id.map(Some)) {
                limits.push(Self { promotion_id: used.promotion_id, coupon: coupon.clone(), customer_id });
            }
        }
        limits
    }
}

/// A limit of which a terminal would like more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitAsk {
    /// Which.
    #[serde(flatten)]
    pub limit: SharedLimit,
    /// How often it has applied it: some of that may not have come to the server yet.
    #[serde(default)]
    pub spent: u32,
    /// Whether it wants nothing more and gives back what it has not applied.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gives_back: bool,
}

/// A terminal asks for a part of shared limits, to spend by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowanceRequest {
    /// Of which limits, at most [`MAX_ALLOWANCES`].
    pub limits: Vec<LimitAsk>,
}

/// What was lent to a terminal of a limit, in all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lent {
    /// Of which limit.
    #[serde(flatten)]
    pub limit: SharedLimit,
    /// The day of business that it is for, when the limit is one of a day, and always of a customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<BusinessDate>,
    /// How often it may be applied, counted from the first time that any was lent.
    pub times: u32,
    /// How often it was applied as far as the server knows: where a terminal that lost its own count goes on.
    pub spent: u32,
}

/// What a terminal was lent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowanceAnswer {
    /// Of every limit asked about that there is.
    pub lent: Vec<Lent>,
}
