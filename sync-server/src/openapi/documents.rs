//! The forms of documents that come from `shared`, as the API description shows them; tests hold them to the real ones.

use serde::Serialize;
use utoipa::ToSchema;

/// A tax of an outlet.
#[derive(Serialize, ToSchema)]
#[schema(as = Tax)]
pub struct TaxDocument {
    /// The tax.
    #[schema(format = "uuid")]
    tax_id: String,
    /// Its name on the receipt.
    name: String,
    /// Its rate in parts per million: 10 % is 100000.
    rate_ppm: u32,
    /// Whether prices include it.
    included: bool,
}

/// A charge for service.
#[derive(Serialize, ToSchema)]
#[schema(as = ServiceCharge)]
pub struct ServiceChargeDocument {
    /// The rate of the net goods in parts per million.
    rate_ppm: u32,
    /// Taxes that apply to the charge.
    tax_ids: Vec<String>,
}

/// Rounding of what is paid in cash.
#[derive(Serialize, ToSchema)]
#[schema(as = CashRounding)]
pub struct CashRoundingDocument {
    /// The step in minor units.
    increment: i64,
    /// `half_up`, `half_even`, `up` or `down`.
    mode: String,
}

/// How an outlet's orders are computed.
#[derive(Serialize, ToSchema)]
#[schema(as = PriceRules)]
pub struct PriceRulesDocument {
    /// ISO 4217.
    currency: String,
    /// Decimals of the minor unit in use.
    digits: u8,
    /// `half_up` (the default), `half_even`, `up` or `down`.
    rounding: String,
    /// `line` (the default) or `order`.
    tax_rounding: String,
    /// The taxes.
    taxes: Vec<TaxDocument>,
    /// The service charge, when there is one.
    service_charge: Option<ServiceChargeDocument>,
    /// Rounding of what is paid in cash, when there is one.
    cash_rounding: Option<CashRoundingDocument>,
}

/// How receipts and tickets of an outlet look, where not as built in.
#[derive(Serialize, ToSchema)]
#[schema(as = Layouts)]
pub struct LayoutsDocument {
    /// The template of receipts, at most 16 KiB.
    receipt: Option<String>,
    /// The template of kitchen tickets, at most 16 KiB.
    ticket: Option<String>,
    /// Lines under the address.
    header: Vec<String>,
    /// Lines that the law asks for, on every receipt whatever its template says.
    legal: Vec<String>,
    /// A PNG of at most 32 KiB as Base64.
    logo: Option<String>,
}

/// An outlet and how it trades.
#[derive(Serialize, ToSchema)]
#[schema(as = Outlet)]
pub struct OutletDocument {
    /// The outlet.
    #[schema(format = "uuid")]
    outlet_id: String,
    /// Begins its receipt numbers.
    #[schema(example = "KOTA")]
    code: String,
    /// The name on the receipt.
    name: String,
    /// The business it belongs to.
    tenant_name: String,
    /// Address lines on the receipt.
    address: Vec<String>,
    /// The tax or business number printed on the receipt.
    tax_number: Option<String>,
    /// The IANA time zone.
    #[schema(example = "Asia/Jakarta")]
    zone: String,
    /// Minutes after midnight at which a business day ends.
    day_cutoff_minutes: u16,
    /// `en`, `id` or `vi`.
    locale: String,
    /// ISO 4217.
    #[schema(example = "IDR")]
    currency: String,
    /// Decimals of the minor unit in use here.
    digits: u8,
    /// Taxes, service charge and roundings.
    rules: PriceRulesDocument,
    /// The version of the price book in force.
    price_book_version: u32,
    /// Notes and coins that customers commonly hand over, in minor units.
    notes: Vec<i64>,
    /// Lines under the receipt.
    receipt_footer: Vec<String>,
    /// What the QR code on the receipt holds.
    receipt_qr: Option<String>,
    /// The means of payment, cash first.
    tenders: Vec<String>,
    /// How receipts and tickets look; left out as built in.
    layouts: Option<LayoutsDocument>,
}

/// A terminal.
#[derive(Serialize, ToSchema)]
#[schema(as = Terminal)]
pub struct TerminalDocument {
    /// The terminal.
    #[schema(format = "uuid")]
    terminal_id: String,
    /// Where it stands.
    #[schema(format = "uuid")]
    outlet_id: String,
    /// Its number in the outlet.
    number: u32,
    /// What the device is called.
    name: String,
    /// Whether it was revoked.
    revoked: bool,
    /// When its device was enrolled, in milliseconds since 1970 UTC; null while it waits for one.
    enrolled_at: Option<i64>,
    /// When it last pushed or pulled, in milliseconds since 1970 UTC.
    last_seen_at: Option<i64>,
}

/// A size or kind of an item.
#[derive(Serialize, ToSchema)]
#[schema(as = Variant)]
pub struct VariantDocument {
    /// The variant.
    #[schema(format = "uuid")]
    variant_id: String,
    /// The business's code.
    sku: String,
    /// What is added to the item's name.
    name: String,
    /// Price of one unit.
    unit_price: String,
    /// Printed codes.
    barcodes: Vec<String>,
}

/// One choice of a set.
#[derive(Serialize, ToSchema)]
#[schema(as = Modifier)]
pub struct ModifierDocument {
    /// The choice.
    #[schema(format = "uuid")]
    modifier_id: String,
    /// Its name.
    name: String,
    /// What it adds to the price of one unit; may be below zero.
    unit_price: String,
}

/// A set of choices, such as milk or sugar.
#[derive(Serialize, ToSchema)]
#[schema(as = ModifierGroup)]
pub struct ModifierGroupDocument {
    /// The group.
    #[schema(format = "uuid")]
    modifier_group_id: String,
    /// What is asked.
    name: String,
    /// The fewest choices.
    min: u16,
    /// The most choices.
    max: u16,
    /// How many of the choices made cost nothing more, the dearest first; left out is none.
    included: Option<u16>,
    /// The choices, in order.
    modifiers: Vec<ModifierDocument>,
}

/// An item.
#[derive(Serialize, ToSchema)]
#[schema(as = Product)]
pub struct ProductDocument {
    /// The item.
    #[schema(format = "uuid")]
    item_id: String,
    /// The only outlet that sells it; null is all.
    #[schema(format = "uuid")]
    outlet_id: Option<String>,
    /// The business's code.
    sku: String,
    /// The name on screen and receipt.
    name: String,
    /// Its category.
    #[schema(format = "uuid")]
    category_id: Option<String>,
    /// Price of one unit in the major unit; null is asked at the till.
    #[schema(example = "18000")]
    unit_price: Option<String>,
    /// `piece` or `kilogram`.
    unit: String,
    /// Taxes that apply.
    tax_ids: Vec<String>,
    /// Printed codes.
    barcodes: Vec<String>,
    /// Sizes or kinds.
    variants: Vec<VariantDocument>,
    /// Sets of choices.
    modifier_groups: Vec<ModifierGroupDocument>,
    /// Its picture.
    #[schema(format = "uuid")]
    picture_id: Option<String>,
    /// The place among the items of its category.
    position: i32,
    /// Whether it can be sold now.
    available: bool,
    /// When it was last changed, in milliseconds since 1970 UTC.
    updated_at: i64,
}

/// Taxes that a customer does not pay.
#[derive(Serialize, ToSchema)]
#[schema(as = Exemption)]
pub struct ExemptionDocument {
    /// Which; none named is all.
    tax_ids: Vec<String>,
    /// `exempt`, `reverse_charge` or `zero_rated`.
    #[schema(example = "exempt")]
    treatment: String,
    /// Why: the certificate or number shown.
    reason: String,
}

/// A customer whom the business knows.
#[derive(Serialize, ToSchema)]
#[schema(as = Customer)]
pub struct CustomerDocument {
    /// The customer.
    #[schema(format = "uuid")]
    customer_id: String,
    /// What they are called.
    name: String,
    /// Their telephone number: digits, with a `+` before them when the country is among them.
    #[schema(example = "+628123456789")]
    phone: Option<String>,
    /// What their cards say when they are scanned.
    codes: Vec<String>,
    /// The segments and tiers that they are in.
    segments: Vec<String>,
    /// Taxes that they do not pay.
    exemption: Option<ExemptionDocument>,
    /// When they were last changed, in milliseconds since 1970 UTC.
    updated_at: i64,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use std::collections::BTreeSet;

    use shared::catalogue::{Item, Modifier, ModifierGroup, Unit, Variant};
    use shared::customer::Customer;
    use shared::ids::*;
    use shared::outlet::{Layouts, Outlet};
    use shared::pricing::{CashRounding, Exemption, PriceRules, ServiceCharge, Tax, TaxRounding, Treatment};
    use shared::{Rate, RoundingMode, UnitPrice};
    use utoipa::PartialSchema;
    use utoipa::openapi::{RefOr, Schema};

    use super::*;

    fn described<T: PartialSchema>() -> BTreeSet<String> {
        let RefOr::T(Schema::Object(object)) = T::schema() else { panic!("an object is expected") };
        object.properties.keys().cloned().collect()
    }

    fn real(value: &impl Serialize, also: &[&str]) -> BTreeSet<String> {
        let value = serde_json::to_value(value).unwrap();
        let keys = value.as_object().unwrap().keys().cloned();
        keys.chain(also.iter().map(|key| (*key).to_owned())).collect()
    }

    #[test]
    fn the_described_outlet_has_the_fields_of_the_real_one() {
        let rate_ppm = Rate::percent(10);
        let tax = Tax { tax_id: TaxId::from_bytes([1; 16]), name: "PB1".into(), rate_ppm, included: false };
        let service = ServiceCharge { rate_ppm, tax_ids: vec![] };
        let cash = CashRounding { increment: 100, mode: RoundingMode::HalfUp };
        let currency = "IDR".parse().unwrap();
        let rules = PriceRules {
            currency,
            digits: 0,
            rounding: RoundingMode::HalfUp,
            tax_rounding: TaxRounding::Line,
            taxes: vec![tax.clone()],
            service_charge: Some(service.clone()),
            cash_rounding: Some(cash),
        };
        let outlet = Outlet {
            outlet_id: OutletId::from_bytes([1; 16]),
            code: "KOTA".into(),
            name: "Kedai Kota".into(),
            tenant_name: "Kedai".into(),
            address: vec![],
            tax_number: None,
            zone: "Asia/Jakarta".into(),
            day_cutoff_minutes: 0,
            locale: "id".into(),
            currency,
            digits: 0,
            rules: rules.clone(),
            price_book_version: 1,
            notes: vec![],
            receipt_footer: vec![],
            receipt_qr: None,
            tenders: vec![],
            layouts: Some(Layouts {
                receipt: Some("x".into()),
                ticket: Some("x".into()),
                header: vec!["x".into()],
                legal: vec!["x".into()],
                logo: Some("x".into()),
            }),
        };
        assert_eq!(described::<TaxDocument>(), real(&tax, &[]));
        assert_eq!(described::<ServiceChargeDocument>(), real(&service, &[]));
        assert_eq!(described::<CashRoundingDocument>(), real(&cash, &[]));
        assert_eq!(described::<PriceRulesDocument>(), real(&rules, &[]));
        assert_eq!(described::<OutletDocument>(), real(&outlet, &[]));
        assert_eq!(described::<LayoutsDocument>(), real(&outlet.layouts, &[]));
    }

    #[test]
    fn the_described_product_has_the_fields_of_the_real_one() {
        let price = UnitPrice::from_ten_thousandths(10_000);
        let sku: shared::catalogue::Sku = "A".parse().unwrap();
        let variant = Variant {
            variant_id: VariantId::from_bytes([1; 16]),
            sku: sku.clone(),
            name: "L".into(),
            unit_price: price,
            barcodes: vec![],
        };
        let modifier =
            Modifier { modifier_id: ModifierId::from_bytes([1; 16]), name: "Oat".into(), unit_price: price };
        let group = ModifierGroup {
            modifier_group_id: ModifierGroupId::from_bytes([1; 16]),
            name: "Milk".into(),
            min: 0,
            max: 1,
            included: 1,
            modifiers: vec![modifier.clone()],
        };
        let item = Item {
            item_id: ItemId::from_bytes([1; 16]),
            sku,
            name: "Kopi".into(),
            category_id: None,
            unit_price: Some(price),
            unit: Unit::Piece,
            tax_ids: vec![],
            barcodes: vec![],
            variants: vec![variant.clone()],
            modifier_groups: vec![group.clone()],
            picture_id: None,
            position: 0,
            available: true,
        };
        assert_eq!(described::<VariantDocument>(), real(&variant, &[]));
        assert_eq!(described::<ModifierDocument>(), real(&modifier, &[]));
        assert_eq!(described::<ModifierGroupDocument>(), real(&group, &[]));
        assert_eq!(described::<ProductDocument>(), real(&item, &["outlet_id", "updated_at"]));
    }

    #[test]
    fn the_described_customer_has_the_fields_of_the_real_one() {
        let exemption =
            Exemption { tax_ids: vec![], treatment: Treatment::Exempt, reason: "certificate 1".into() };
        let customer = Customer {
            customer_id: CustomerId::from_bytes([1; 16]),
            name: "Member 1".into(),
            phone: None,
            codes: vec![],
            segments: vec![],
            exemption: Some(exemption.clone()),
        };
        assert_eq!(described::<ExemptionDocument>(), real(&exemption, &[]));
        assert_eq!(described::<CustomerDocument>(), real(&customer, &["updated_at"]));
    }
}
