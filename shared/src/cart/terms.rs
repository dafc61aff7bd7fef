//! What of a cart decides its prices beside its lines: through which door it goes, to whom, and with which codes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::CartError;
use crate::clock::Timestamp;
use crate::ids::CustomerId;
use crate::outlet::Outlet;
use crate::pricing::sale::{Allowance, Exemption};
use crate::pricing::{Channel, SaleTerms};
use crate::visible;

/// The most codes or segments of one cart; a bound, far above any real sale.
pub const MAX_TERMS: usize = 20;
/// The longest code or segment in characters.
const MAX_CHARS: usize = 100;

/// Through which door a cart goes, to whom, and with which codes; nothing said is the counter and everyone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CartTerms {
    /// Through which door.
    #[serde(default)]
    pub channel: Channel,
    /// To whom, when the business knows them.
    #[serde(default)]
    pub customer_id: Option<CustomerId>,
    /// The segments and tiers that the customer is in.
    #[serde(default)]
    pub segments: Vec<String>,
    /// Taxes that the customer does not pay.
    #[serde(default)]
    pub exemption: Option<Exemption>,
    /// Codes that were shown, each once, as they were typed or scanned.
    #[serde(default)]
    pub coupons: Vec<String>,
}

impl CartTerms {
    /// Whether nothing is said.
    pub fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// The same without spaces around and without repetitions.
    ///
    /// # Errors
    /// [`CartError::Terms`] for too many or too long texts, and for an exemption that gives no reason or exempts nothing.
    pub fn checked(mut self) -> Result<Self, CartError> {
        let texts = |all| visible::each_once(all, MAX_TERMS, MAX_CHARS).ok_or(CartError::Terms);
        self.segments = texts(self.segments)?;
        self.coupons = texts(self.coupons)?;
        if let Some(exemption) = self.exemption.take() {
            self.exemption = Some(exemption.checked().ok_or(CartError::Terms)?);
        }
        Ok(self)
    }

    /// The terms of a sale at a moment, with what this till may still spend of shared limits.
    pub fn at(&self, at: Timestamp, outlet: &Outlet, allowances: Vec<Allowance>) -> SaleTerms {
        SaleTerms {
            channel: self.channel,
            at,
            zone: outlet.zone.clone(),
            outlet_id: Some(outlet.outlet_id),
            customer_id: self.customer_id,
            segments: self.segments.clone(),
            exemption: self.exemption.clone(),
            coupons: self.coupons.clone(),
            allowances,
        }
    }
}
