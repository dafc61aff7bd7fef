//! A line made of an item and what was chosen; the rules of its choices and prices.

use std::collections::HashMap;

use shared::cart::{Cart, CartLine};
use shared::catalogue::{Item, Modifier, Unit};
use shared::ids::{LineId, ModifierId};
use shared::money::{Quantity, UnitPrice};
use shared::order::{LineModifier, PriceOverride};

use crate::context::{CommandError, Context, Done};
use crate::views::{AddItemInput, Code};

/// The highest price of one unit that is taken at the till, in the major unit; above it a slip of the finger is all it is.
const MAX_PRICE: i64 = 1_000_000_000_000;
/// The longest reason in characters.
pub(crate) const MAX_REASON_CHARS: usize = 200;
/// The most choices of one line.
const MAX_CHOICES: usize = 100;

/// The item cannot be added before something is chosen, weighed or priced.
pub(super) fn choice_needed(item: &Item) -> CommandError {
    CommandError::new(Code::ChoiceNeeded, "a choice, a weight or a price must be given first")
        .about(item.item_id.to_string())
}

/// A line that is in the cart.
pub(super) fn in_cart(cart: &Cart, id: LineId) -> Done<CartLine> {
    cart.line(id).cloned().ok_or_else(|| CommandError::not_found(format!("line {id} is not in the cart")))
}

/// Refuses a price that cannot be meant.
pub(crate) fn check_price(price: UnitPrice) -> Done<()> {
    if (0..=MAX_PRICE * 10_000).contains(&price.raw()) {
        Ok(())
    } else {
        Err(CommandError::new(Code::OutOfRange, format!("{price} is no price of one unit")))
    }
}

/// A reason without spaces around; refused when it is too long or not printable.
pub(crate) fn checked_reason(reason: &str) -> Done<String> {
    let reason = reason.trim();
    if reason.chars().count() > MAX_REASON_CHARS || reason.chars().any(char::is_control) {
        return Err(CommandError::invalid("reason", "a reason has at most 200 visible characters"));
    }
    Ok(reason.to_owned())
}

/// The line for an item with its choices, and whether it replaces the item's own price.
pub(super) fn new_line(ctx: &mut Context<'_>, item: &Item, input: &AddItemInput) -> Done<(CartLine, bool)> {
    if !item.available {
        return Err(CommandError::invalid("unavailable", "the item cannot be sold now")
            .about(item.item_id.to_string()));
    }
    let variant = match input.variant_id {
        Some(id) => Some(
            item.variants
                .iter()
                .find(|variant| variant.variant_id == id)
                .ok_or_else(|| CommandError::not_found("the item has no such variant"))?,
        ),
        None if !item.variants.is_empty() => return Err(choice_needed(item)),
        None => None,
    };
    let weighed = item.unit == Unit::Kilogram;
    let quantity = match input.quantity {
        Some(quantity) if quantity.is_positive() => quantity,
        Some(_) => return Err(CommandError::invalid("quantity", "a quantity must be above zero")),
        None if weighed => return Err(choice_needed(item)),
        None => Quantity::ONE,
    };
    let own_price = variant.map(|variant| variant.unit_price).or(item.unit_price);
    let (base_price, price_override) = price_of(item, own_price, input)?;
    let replaces_price = price_override.as_ref().is_some_and(|replaced| replaced.from.is_some());
    let line = CartLine {
        line_id: LineId::new(ctx.clock, ctx.rng),
        item_id: item.item_id,
        variant_id: input.variant_id,
        sku: variant.map_or(&item.sku, |variant| &variant.sku).as_str().to_owned(),
        name: variant.map_or_else(|| item.name.clone(), |variant| format!("{} {}", item.name, variant.name)),
        category_id: item.category_id,
        base_price,
        tax_ids: item.tax_ids.clone(),
        modifiers: choices(item, &input.modifiers)?,
        quantity,
        weighed,
        note: None,
        discount: None,
        price_override,
    };
    Ok((line, replaces_price))
}

/// The price of one unit and what it replaces. A price asked at the till replaces nothing, but is told apart.
fn price_of(
    item: &Item,
    own: Option<UnitPrice>,
    input: &AddItemInput,
) -> Done<(UnitPrice, Option<PriceOverride>)> {
    let price = match (own, input.price) {
        (None, None) => return Err(choice_needed(item)),
        (Some(own), None) => return Ok((own, None)),
        (Some(own), Some(price)) if own == price => return Ok((own, None)),
        (_, Some(price)) => price,
    };
    check_price(price)?;
    let reason = checked_reason(input.price_reason.as_deref().unwrap_or_default())?;
    Ok((price, Some(PriceOverride { from: own, reason })))
}

/// The choices in the order of the item's groups, each group with as many as it asks for.
fn choices(item: &Item, chosen: &[ModifierId]) -> Done<Vec<LineModifier>> {
    if chosen.len() > MAX_CHOICES {
        return Err(CommandError::invalid("modifiers", "too many choices were given"));
    }
    let mut left: HashMap<ModifierId, usize> = HashMap::new();
    for id in chosen {
        *left.entry(*id).or_default() += 1;
    }
    let mut lines = Vec::with_capacity(chosen.len());
    for group in &item.modifier_groups {
        let before = lines.len();
        for modifier in &group.modifiers {
            let times = left.remove(&modifier.modifier_id).unwrap_or(0);
            lines.extend(std::iter::repeat_with(|| sold(modifier)).take(times));
        }
        let taken = lines.len() - before;
        if taken < usize::from(group.min) {
            return Err(choice_needed(item));
        }
        if taken > usize::from(group.max) {
            let message = format!("at most {} of `{}` can be chosen", group.max, group.name);
            return Err(CommandError::invalid("modifiers", message));
        }
        let full: Vec<UnitPrice> = lines.iter().skip(before).map(|line| line.unit_price).collect();
        for (line, price) in lines.iter_mut().skip(before).zip(group.prices_of(&full)) {
            line.unit_price = price;
        }
    }
    match left.is_empty() {
        true => Ok(lines),
        false => Err(CommandError::not_found("the item has no such choice")),
    }
}

fn sold(modifier: &Modifier) -> LineModifier {
    LineModifier {
        modifier_id: modifier.modifier_id,
        name: modifier.name.clone(),
        unit_price: modifier.unit_price,
    }
}
