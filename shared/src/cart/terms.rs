//! What of a cart decides its prices beside its lines: through which door it goes, to whom, and with which codes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::CartError;
use crate::clock::Timestamp;
use crate::ids::CustomerId;
use crate::outlet::Outlet;
use crate::pricing::sale::{Allowance, Exemption};
use crate::pricing::{Channel, SaleTerms, Treatment};

/// The most codes or segments of one cart; a bound, far above any real sale.
pub const MAX_TERMS: usize = 20;
/// The longest code, segment or reason in characters.
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
        self.segments = texts(self.segments)?;
        self.coupons = texts(self.coupons)?;
        if let Some(exemption) = &mut self.exemption {
            exemption.reason = text(&exemption.reason)?;
            if exemption.treatment == Treatment::Collected {
                return Err(CartError::Terms);
            }
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

fn text(text: &str) -> Result<String, CartError> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= MAX_CHARS && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(CartError::Terms) }
}

fn texts(all: Vec<String>) -> Result<Vec<String>, CartError> {
    let mut once = Vec::with_capacity(all.len().min(MAX_TERMS));
    for one in all {
        let one = text(&one)?;
        if once.contains(&one) {
            continue;
        }
        if once.len() == MAX_TERMS {
            return Err(CartError::Terms);
        }
        once.push(one);
    }
    Ok(once)
}
