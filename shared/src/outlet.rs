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
}
