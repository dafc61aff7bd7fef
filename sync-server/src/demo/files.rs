//! The demo files as they are written.

use std::collections::BTreeMap;

use serde::Deserialize;
use shared::UnitPrice;
use shared::catalogue::{Barcode, Sku, Unit};
use shared::money::{CurrencyCode, Rate};
use shared::order::TenderKind;
use shared::pricing::CashRounding;
use shared::staff::Role;

/// `business.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BusinessFile {
    pub tenant: String,
    pub admin: AdminEntry,
    pub owner: OwnerEntry,
    pub customers: Vec<CustomerEntry>,
    pub outlets: Vec<OutletEntry>,
}

/// Who signs in at headquarters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdminEntry {
    pub email: String,
    pub name: String,
    pub password: String,
}

/// The owner, who works at all outlets.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnerEntry {
    pub name: String,
    pub pin: String,
}

/// A customer whom all outlets know.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CustomerEntry {
    pub name: String,
    pub codes: Vec<String>,
    pub segments: Vec<String>,
}

/// An outlet; taxes are named by their code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OutletEntry {
    pub code: String,
    pub name: String,
    pub terminal_name: String,
    pub address: Vec<String>,
    pub tax_number: Option<String>,
    pub zone: String,
    pub day_cutoff_minutes: u16,
    pub locale: String,
    pub currency: CurrencyCode,
    pub digits: u8,
    pub taxes: Vec<TaxEntry>,
    pub service_charge: Option<ServiceEntry>,
    pub cash_rounding: Option<CashRounding>,
    pub notes: Vec<i64>,
    pub tenders: Vec<TenderKind>,
    pub receipt_footer: Vec<String>,
    pub staff: Vec<StaffEntry>,
}

/// A tax.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TaxEntry {
    pub code: String,
    pub name: String,
    pub rate_ppm: Rate,
    pub included: bool,
}

/// The service charge.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceEntry {
    pub rate_ppm: Rate,
    pub taxes: Vec<String>,
}

/// Somebody who works at one outlet.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StaffEntry {
    pub role: Role,
    pub name: String,
    pub pin: String,
}

/// The catalogue of one outlet.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CatalogueFile {
    pub categories: Vec<CategoryEntry>,
    pub modifier_groups: BTreeMap<String, GroupEntry>,
    pub items: Vec<ItemEntry>,
}

/// A shelf: the tax of its items and the grounds of their pictures, in turn.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CategoryEntry {
    pub code: String,
    pub name: String,
    pub color: String,
    pub tax: String,
    pub grounds: Vec<String>,
}

/// A set of choices.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupEntry {
    pub name: String,
    pub min: u16,
    pub max: u16,
    #[serde(default)]
    pub included: u16,
    pub choices: Vec<ChoiceEntry>,
}

/// A choice; without a price it costs nothing more.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChoiceEntry {
    pub name: String,
    #[serde(default)]
    pub price: UnitPrice,
}

/// An item; `tax` replaces that of its category, `modifiers` names groups, `picture` is a line for `pictures::draw`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ItemEntry {
    pub category: String,
    pub sku: Sku,
    pub name: String,
    pub price: UnitPrice,
    pub tax: Option<String>,
    #[serde(default)]
    pub unit: Unit,
    #[serde(default)]
    pub barcodes: Vec<Barcode>,
    #[serde(default)]
    pub variants: Vec<VariantEntry>,
    #[serde(default)]
    pub modifiers: Vec<String>,
    pub picture: String,
}

/// A size or kind of an item.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VariantEntry {
    pub sku: Sku,
    pub name: String,
    pub price: UnitPrice,
    #[serde(default)]
    pub barcodes: Vec<Barcode>,
}

/// The business.
pub(super) fn business() -> Result<BusinessFile, serde_json::Error> {
    serde_json::from_str(include_str!("../../demo/business.json"))
}

/// The catalogue of the outlet with this code; None when there is no file for it.
pub(super) fn catalogue(outlet: &str) -> Option<Result<CatalogueFile, serde_json::Error>> {
    let text = match outlet {
        "KOPI" => include_str!("../../demo/kopi.json"),
        "CHO" => include_str!("../../demo/cho.json"),
        _ => return None,
    };
    Some(serde_json::from_str(text))
}
