//! An outlet as the terminal needs it: its place, currency, taxes and what stands on its receipts.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::OutletId;
use crate::money::CurrencyCode;
use crate::pricing::PriceRules;

/// What an outlet is and how it trades; travels down the change feed as one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Outlet {
    /// The outlet.
    pub outlet_id: OutletId,
    /// The short code that begins its receipt numbers, such as `KOTA`: 1–8 capital letters and digits.
    pub code: String,
    /// The name on the receipt.
    pub name: String,
    /// The business it belongs to, as shown.
    pub tenant_name: String,
    /// Address lines on the receipt.
    pub address: Vec<String>,
    /// The tax or business number printed on the receipt, when there is one.
    pub tax_number: Option<String>,
    /// The IANA time zone, such as `Asia/Jakarta`.
    pub zone: String,
    /// Minutes after midnight at which a business day ends (0–720).
    pub day_cutoff_minutes: u16,
    /// Language of receipts and the default of screens: `en`, `id` or `vi`.
    pub locale: String,
    /// The outlet's currency.
    pub currency: CurrencyCode,
    /// Decimals of the minor unit in use here (IDR 0 or 2).
    pub digits: u8,
    /// Taxes, service charge and roundings.
    pub rules: PriceRules,
    /// The version of the price book in force.
    pub price_book_version: u32,
    /// Notes and coins that customers commonly hand over, in minor units, ascending.
    #[ts(as = "Vec<f64>")]
    pub notes: Vec<i64>,
    /// Lines under the receipt.
    pub receipt_footer: Vec<String>,
    /// What the QR code on the receipt holds; `{order_id}` and `{receipt_number}` are replaced. None prints no code.
    pub receipt_qr: Option<String>,
    /// The means of payment taken here, cash first.
    pub tenders: Vec<crate::order::TenderKind>,
    /// How its receipts and tickets look; None is as built in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layouts: Option<Layouts>,
}

/// How receipts and tickets of an outlet look, where not as built in. All of it together is small: it travels with the outlet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Layouts {
    /// The template of receipts; None is the built-in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
    /// The template of kitchen tickets; None is the built-in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// Lines under the address on receipts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub header: Vec<String>,
    /// Lines that the law asks for: on every receipt, whatever its template says.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legal: Vec<String>,
    /// The logo over receipts: a PNG of at most [`MOST_LOGO_BYTES`], as Base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo: Option<String>,
}

/// The longest template of an outlet.
pub const MOST_TEMPLATE_BYTES: usize = 16 * 1024;
/// The largest logo.
pub const MOST_LOGO_BYTES: usize = 32 * 1024;
