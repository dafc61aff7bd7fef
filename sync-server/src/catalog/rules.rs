//! Pure rules of the catalogue: what an item must look like, and cursors through the list.

use std::collections::HashSet;
use std::hash::Hash;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use shared::UnitPrice;
use shared::catalogue::{Barcode, Category, Item, ModifierGroup, Variant};
use shared::ids::ItemId;

/// The highest price of one unit: 10¹² of the major unit, so that no sum of an order comes near the range of 64 bits.
pub const MAX_UNIT_PRICE: UnitPrice = UnitPrice::from_ten_thousandths(10_000_000_000_000_000);

/// Why a value was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {expected}")]
pub struct Refusal {
    /// The field.
    pub field: &'static str,
    /// What is expected there.
    pub expected: String,
}

fn refuse<T>(field: &'static str, expected: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { field, expected: expected.into() })
}

/// The text as it is searched: in lower case, without blanks around it.
pub fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Checks a name: 1 to 120 visible characters, nothing around them.
///
/// # Errors
/// A [`Refusal`] of `field`.
pub fn check_name(field: &'static str, name: &str) -> Result<(), Refusal> {
    let fits = !name.is_empty() && name.trim() == name && name.chars().count() <= 120;
    if fits && !name.chars().any(char::is_control) {
        Ok(())
    } else {
        refuse(field, "1 to 120 visible characters are expected")
    }
}

/// Checks a price of one unit: not negative and not beyond what can be summed.
///
/// # Errors
/// A [`Refusal`] of `field`.
pub fn check_price(field: &'static str, price: UnitPrice) -> Result<(), Refusal> {
    if price < UnitPrice::ZERO || price > MAX_UNIT_PRICE {
        return refuse(field, format!("a price from 0 to {MAX_UNIT_PRICE} is expected"));
    }
    Ok(())
}

fn distinct<T: Hash + Eq>(values: impl Iterator<Item = T>) -> bool {
    let mut seen = HashSet::new();
    values.into_iter().all(|value| seen.insert(value))
}

/// Checks that an item can be sold: what a till would stumble over is refused here.
///
/// # Errors
/// The first [`Refusal`].
pub fn check_item(item: &Item) -> Result<(), Refusal> {
    check_name("name", &item.name)?;
    if let Some(price) = item.unit_price {
        check_price("unit_price", price)?;
    }
    if item.tax_ids.len() > 10 || !distinct(item.tax_ids.iter()) {
        return refuse("tax_ids", "at most 10 taxes, none twice, are expected");
    }
    if item.variants.len() > 100 || item.modifier_groups.len() > 30 {
        return refuse("variants", "at most 100 variants and 30 modifier groups are expected");
    }
    let codes = barcodes(item).map(|(barcode, _)| barcode);
    if barcodes(item).count() > 200 || !distinct(codes) {
        return refuse("barcodes", "at most 200 barcodes, none twice, are expected");
    }
    if !distinct(item.variants.iter().map(|variant| &variant.sku))
        || !distinct(item.variants.iter().map(|variant| variant.variant_id))
    {
        return refuse("variants", "variants with codes of their own are expected");
    }
    item.variants.iter().try_for_each(check_variant)?;
    item.modifier_groups.iter().try_for_each(check_group)
}

fn check_variant(variant: &Variant) -> Result<(), Refusal> {
    check_name("variants.name", &variant.name)?;
    check_price("variants.unit_price", variant.unit_price)
}

fn check_group(group: &ModifierGroup) -> Result<(), Refusal> {
    check_name("modifier_groups.name", &group.name)?;
    let choices = group.modifiers.len();
    if group.max == 0
        || group.min > group.max
        || choices == 0
        || choices > 100
        || usize::from(group.min) > choices
    {
        return refuse(
            "modifier_groups",
            "1 to 100 modifiers with min at most max, and max above zero, are expected",
        );
    }
    if group.included > group.max {
        return refuse("modifier_groups.included", "no more than max can be included");
    }
    if !distinct(group.modifiers.iter().map(|modifier| modifier.modifier_id)) {
        return refuse("modifier_groups.modifiers", "modifiers with ids of their own are expected");
    }
    for modifier in &group.modifiers {
        check_name("modifier_groups.modifiers.name", &modifier.name)?;
        if modifier.unit_price.raw().unsigned_abs() > MAX_UNIT_PRICE.raw().unsigned_abs() {
            return refuse("modifier_groups.modifiers.unit_price", "a smaller price is expected");
        }
    }
    Ok(())
}

/// All printed codes of an item, with the place of the variant they name.
pub fn barcodes(item: &Item) -> impl Iterator<Item = (&Barcode, Option<&Variant>)> {
    let own = item.barcodes.iter().map(|barcode| (barcode, None));
    own.chain(
        item.variants
            .iter()
            .flat_map(|variant| variant.barcodes.iter().map(move |barcode| (barcode, Some(variant)))),
    )
}

/// Checks a category.
///
/// # Errors
/// The first [`Refusal`].
pub fn check_category(category: &Category) -> Result<(), Refusal> {
    check_name("name", &category.name)?;
    let digits = category.color.strip_prefix('#').unwrap_or_default();
    if digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        Ok(())
    } else {
        refuse("color", "a colour such as #1d6b52 is expected")
    }
}

/// Where a page of the list ended: the folded name and id of its last item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The folded name.
    pub name: String,
    /// The item.
    pub item_id: ItemId,
}

impl Cursor {
    /// The opaque text for the next request.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(format!("{}\n{}", self.item_id, self.name))
    }
    /// Reads what [`Cursor::to_text`] wrote.
    pub fn of_text(text: &str) -> Option<Self> {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let (id, name) = text.split_once('\n')?;
        Some(Self { name: name.to_owned(), item_id: id.parse().ok()? })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn item(json: serde_json::Value) -> Item {
        let mut whole = serde_json::json!({
            "item_id": ItemId::from_bytes([1; 16]), "sku": "A", "name": "Kopi", "category_id": null, "unit_price": "1"
        });
        whole.as_object_mut().unwrap().extend(json.as_object().unwrap().clone());
        serde_json::from_value(whole).unwrap()
    }

    #[test]
    fn an_item_that_a_till_could_not_sell_is_refused() {
        let cases = [
            (serde_json::json!({ "name": " Kopi" }), "name"),
            (serde_json::json!({ "name": "" }), "name"),
            (serde_json::json!({ "unit_price": "-1" }), "unit_price"),
            (serde_json::json!({ "unit_price": "1000000000001" }), "unit_price"),
            (serde_json::json!({ "barcodes": ["X1", "X1"] }), "barcodes"),
        ];
        assert_eq!(check_item(&item(serde_json::json!({}))), Ok(()));
        for (change, field) in cases {
            assert_eq!(check_item(&item(change)).unwrap_err().field, field);
        }
    }

    #[test]
    fn a_group_that_asks_for_more_than_it_offers_is_refused() {
        let group = |min: u16, max: u16| {
            serde_json::json!({ "modifier_groups": [{
                "modifier_group_id": ItemId::from_bytes([2; 16]), "name": "Milk", "min": min, "max": max,
                "modifiers": [{ "modifier_id": ItemId::from_bytes([3; 16]), "name": "Oat", "unit_price": "-0.5" }]
            }]})
        };
        assert_eq!(check_item(&item(group(0, 1))), Ok(()));
        assert!(check_item(&item(group(2, 2))).is_err());
        assert!(check_item(&item(group(1, 0))).is_err());
        let mut generous = group(0, 1);
        generous["modifier_groups"][0]["included"] = serde_json::json!(2);
        assert_eq!(check_item(&item(generous)).unwrap_err().field, "modifier_groups.included");
    }

    #[test]
    fn a_cursor_comes_back_as_it_went_and_nonsense_is_none() {
        let cursor = Cursor { name: "kopi\nsusu ☕".into(), item_id: ItemId::from_bytes([9; 16]) };
        assert_eq!(Cursor::of_text(&cursor.to_text()), Some(cursor));
        assert_eq!(Cursor::of_text("nonsense"), None);
        assert_eq!(Cursor::of_text("ä"), None);
    }
}
