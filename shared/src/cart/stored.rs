//! How a cart stands in its automerge document, and how its plain state is read back from it.
//!
//! Root: `cart` (the cart's id), `lines` (a map by line id), `order_discount` and `terms` (JSON text or null), `note`. A line:
//! `facts` (JSON text, never changed), `ordering` (its place), `quantity` (a counter in thousandths), `price` (JSON text), `note`
//! and `discount` (JSON text or null). The first change of every replica of a cart is the very same bytes, so
//! replicas made apart still share one `lines` map.

use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, ScalarValueRef, ValueRef};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::mirror::{Entry, MAX_QUANTITY, Mirror};
use super::{CartError, CartLine};
use crate::ids::{CartId, CategoryId, ItemId, LineId, TaxId, VariantId};
use crate::money::{Quantity, UnitPrice};
use crate::order::{LineModifier, PriceOverride};

/// What never changes about a line.
#[derive(Serialize, Deserialize)]
struct Facts {
    item_id: ItemId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    variant_id: Option<VariantId>,
    sku: String,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    category_id: Option<CategoryId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tax_ids: Vec<TaxId>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    modifiers: Vec<LineModifier>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    weighed: bool,
}

/// A line's price; one field, so that a price and what it replaces are never of two writers.
#[derive(Serialize, Deserialize)]
struct Price {
    base_price: UnitPrice,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    price_override: Option<PriceOverride>,
}

/// The places of ordering numbers; far above any count of lines, far below where adding one could overflow.
const MAX_ORDERING: i64 = 1 << 40;

pub(super) fn unreadable(cause: impl std::fmt::Display) -> CartError {
    CartError::Document(cause.to_string())
}

fn json(value: &impl Serialize) -> Result<ScalarValue, CartError> {
    serde_json::to_string(value).map(|text| ScalarValue::Str(text.into())).map_err(unreadable)
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, CartError> {
    serde_json::from_str(text).map_err(unreadable)
}

/// Commits what was written; without a time, because the document needs none and facts have clocks of their own.
pub(super) fn commit(document: &mut AutoCommit) {
    if document.pending_ops() > 0 {
        document.commit_with(CommitOptions::default().with_time(0));
    }
}

/// The document of a new cart, the same bytes on every replica, and its `lines`.
pub(super) fn new_document(cart_id: CartId) -> Result<(AutoCommit, ObjId), CartError> {
    // The first change is by an actor named after the cart, not by this process: equal changes merge into one.
    let mut document = AutoCommit::new().with_actor(ActorId::from(cart_id.to_string().as_bytes()));
    document.put(ROOT, "cart", cart_id.to_string()).map_err(unreadable)?;
    let lines = document.put_object(ROOT, "lines", ObjType::Map).map_err(unreadable)?;
    commit(&mut document);
    Ok((document, lines))
}

/// Writes a new line and gives its object.
pub(super) fn write_line(
    document: &mut AutoCommit,
    lines: &ObjId,
    line: &CartLine,
    ordering: i64,
) -> Result<ObjId, CartError> {
    let facts = Facts {
        item_id: line.item_id,
        variant_id: line.variant_id,
        sku: line.sku.clone(),
        name: line.name.clone(),
        category_id: line.category_id,
        tax_ids: line.tax_ids.clone(),
        modifiers: line.modifiers.clone(),
        weighed: line.weighed,
    };
    let object = document.put_object(lines, line.line_id.to_string(), ObjType::Map).map_err(unreadable)?;
    document.put(&object, "facts", json(&facts)?).map_err(unreadable)?;
    document.put(&object, "ordering", ordering).map_err(unreadable)?;
    let quantity = ScalarValue::counter(line.quantity.raw());
    document.put(&object, "quantity", quantity).map_err(unreadable)?;
    write_price(document, &object, line.base_price, line.price_override.as_ref())?;
    if let Some(note) = &line.note {
        document.put(&object, "note", note.as_str()).map_err(unreadable)?;
    }
    if line.discount.is_some() {
        write_json(document, &object, "discount", line.discount.as_ref())?;
    }
    Ok(object)
}

pub(super) fn write_price(
    document: &mut AutoCommit,
    object: &ObjId,
    base_price: UnitPrice,
    price_override: Option<&PriceOverride>,
) -> Result<(), CartError> {
    let price = Price { base_price, price_override: price_override.cloned() };
    document.put(object, "price", json(&price)?).map_err(unreadable)
}

/// Writes a text, or null: a deleted key would lose against a concurrent writer, null is a value of its own.
pub(super) fn write_text(
    document: &mut AutoCommit,
    object: &ObjId,
    key: &str,
    text: Option<&str>,
) -> Result<(), CartError> {
    let value = text.map_or(ScalarValue::Null, |text| ScalarValue::Str(text.into()));
    document.put(object, key, value).map_err(unreadable)
}

/// Writes a value as JSON text, or null.
pub(super) fn write_json(
    document: &mut AutoCommit,
    object: &ObjId,
    key: &str,
    value: Option<&impl Serialize>,
) -> Result<(), CartError> {
    let value = value.map_or(Ok(ScalarValue::Null), json)?;
    document.put(object, key, value).map_err(unreadable)
}

/// The `lines` map of a stored document, when it is one of `cart_id`.
pub(super) fn lines_of(document: &AutoCommit, cart_id: CartId) -> Result<ObjId, CartError> {
    match document.get(ROOT, "cart").map_err(unreadable)? {
        Some((value, _)) if value.as_str() == Some(cart_id.to_string().as_str()) => {}
        _ => return Err(unreadable("it is of another cart")),
    }
    match document.get(ROOT, "lines").map_err(unreadable)? {
        Some((value, lines)) if value.is_object() => Ok(lines),
        _ => Err(unreadable("it has no lines")),
    }
}

/// Reads the plain state back from the document.
///
/// # Errors
/// [`CartError::Document`] for a document that is none of a cart. Figures beyond range are brought within it, so
/// that one odd replica cannot stop a sale.
pub(super) fn hydrate(document: &AutoCommit, lines: &ObjId) -> Result<Mirror, CartError> {
    let mut mirror = Mirror::default();
    for field in document.map_range(ROOT, ..) {
        match (&*field.key, &field.value) {
            ("order_discount", value) => mirror.order_discount = text(value).map(parse).transpose()?,
            ("note", value) => mirror.note = text(value).map(str::to_owned),
            ("terms", value) => mirror.terms = text(value).map(parse).transpose()?.unwrap_or_default(),
            _ => {}
        }
    }
    let mut entries = Vec::with_capacity(document.length(lines));
    for line in document.map_range(lines, ..) {
        let line_id: LineId = line.key.parse().map_err(unreadable)?;
        entries.push(entry(document, line_id, line.id())?);
    }
    mirror.fill(entries)?;
    Ok(mirror)
}

fn entry(document: &AutoCommit, line_id: LineId, object: ObjId) -> Result<Entry, CartError> {
    let (mut facts, mut price) = (None::<Facts>, None::<Price>);
    let (mut ordering, mut quantity, mut note, mut discount) = (0, 0, None, None);
    for field in document.map_range(&object, ..) {
        match (&*field.key, &field.value) {
            ("facts", value) => facts = text(value).map(parse).transpose()?,
            ("price", value) => price = text(value).map(parse).transpose()?,
            ("ordering", ValueRef::Scalar(value)) => ordering = value.as_i64().clamp(0, MAX_ORDERING),
            ("quantity", ValueRef::Scalar(value)) => {
                quantity = value.as_i64().clamp(-MAX_QUANTITY, MAX_QUANTITY);
            }
            ("note", value) => note = text(value).map(str::to_owned),
            ("discount", value) => discount = text(value).map(parse).transpose()?,
            _ => {}
        }
    }
    let (Some(facts), Some(price)) = (facts, price) else {
        return Err(unreadable(format!("line {line_id} is not complete")));
    };
    let line = CartLine {
        line_id,
        item_id: facts.item_id,
        variant_id: facts.variant_id,
        sku: facts.sku,
        name: facts.name,
        category_id: facts.category_id,
        base_price: price.base_price,
        tax_ids: facts.tax_ids,
        modifiers: facts.modifiers,
        quantity: Quantity::from_thousandths(quantity),
        weighed: facts.weighed,
        note,
        discount,
        price_override: price.price_override,
    };
    Ok(Entry { line, ordering, object })
}

fn text<'v>(value: &'v ValueRef<'_>) -> Option<&'v str> {
    match value {
        ValueRef::Scalar(ScalarValueRef::Str(text)) => Some(text),
        _ => None,
    }
}
