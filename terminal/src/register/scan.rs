//! From a scanned code to a line: the goods behind it, and the weight, price, count, lot and day that it carries.

use hardware::barcode::{Figure, InStore, Layout, Measure, Message, Reading, in_store};
use rusqlite::Connection;
use shared::cart::CartOperation as Op;
use shared::catalogue::{Item, Unit};
use shared::ids::VariantId;
use shared::locale::Texts;
use shared::money::{Money, Quantity, UnitPrice, divide_rounded};
use shared::outlet::Outlet;

use super::change::{Step, change};
use super::customer::sell_to;
use super::prices::Prices;
use super::{line, own_leave};
use crate::catalogue;
use crate::context::{CommandError, Context, Done};
use crate::store::{Store, StoreError, customers, meta};
use crate::views::{AddItemInput, CartView, Code, ScanInput};

/// Where a till's own layouts of in-store codes stand; without it those usual in the outlet's country count.
const LAYOUTS_KEY: &str = "in_store_layouts";

/// Adds what a scanned or typed code stands for; a coupon is shown to the cart, and a customer's card says whom it is for.
///
/// # Errors
/// `unknown_code`, or `choice_needed` with the item when it cannot be added without asking.
pub fn scan(store: &mut Store, ctx: &mut Context<'_>, input: ScanInput) -> Done<CartView> {
    scanned(store, ctx, input).map(|(cart, _)| cart)
}

/// What a code stood for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scanned {
    /// Goods.
    Goods,
    /// A coupon.
    Coupon,
    /// A customer's card.
    Card,
}

/// As [`scan`], and says what it was.
pub(crate) fn scanned(
    store: &mut Store,
    ctx: &mut Context<'_>,
    input: ScanInput,
) -> Done<(CartView, Scanned)> {
    let leave = own_leave(store.db(), ctx)?;
    let outlet = ctx.outlet(store.db())?;
    let reading = Reading::of(&input.code, &layouts(store.db(), &outlet)?);
    let Some((item, variant_id, found_by)) = find(store.db(), &reading)? else {
        if let Some(code) = Prices::now(store.db(), ctx)?.coupon(&reading.text) {
            let cart = change(store, ctx, &leave, |cart| {
                let mut terms = cart.terms().clone();
                terms.coupons.push(code);
                let line = cart.lines().last().map(|line| line.line_id);
                Ok(Step::one(Op::SetTerms(Box::new(terms)), line))
            })?;
            return Ok((cart, Scanned::Coupon));
        }
        if let Some(customer) = customers::by_code(store.db(), &reading.text)? {
            return Ok((sell_to(store, ctx, &leave, Some(customer))?, Scanned::Card));
        }
        let shown: String = reading.text.chars().filter(|c| !c.is_control()).take(64).collect();
        return Err(CommandError::new(Code::UnknownCode, "no item carries this code").about(shown));
    };
    // A code that is listed as it stands is an item like any other, whatever its digits could mean.
    let in_store = reading.in_store.as_ref().filter(|in_store| in_store.value.value > 0);
    let measured = if found_by == reading.text { None } else { in_store };
    let carried = Carried::of(&outlet, &item, variant_id, measured, reading.gs1.as_ref())?;
    let add = AddItemInput {
        item_id: item.item_id,
        variant_id,
        modifiers: Vec::new(),
        quantity: carried.quantity.or(input.quantity),
        price: carried.price,
        price_reason: carried.price.map(|_| Texts::of(&outlet.locale).get("line-label-price")),
        separate: false,
        scale_tare_g: None,
        approval: None,
    };
    let (mut line, _) = line::new_line(ctx, &item, &add)?;
    let year = ctx.moment(&outlet, None).business_date.to_string();
    let year = year.get(..4).and_then(|year| year.parse().ok()).unwrap_or(2000);
    line.note = reading.gs1.as_ref().and_then(|message| note(&outlet, message, year));
    let separate = line.note.is_some();
    let cart = change(store, ctx, &leave, |cart| Ok(Step::add(cart, line, separate)))?;
    Ok((cart, Scanned::Goods))
}

/// The layouts of in-store codes at this till.
fn layouts(db: &Connection, outlet: &Outlet) -> Result<Vec<Layout>, StoreError> {
    if let Some(own) = meta::get_json::<Vec<String>>(db, LAYOUTS_KEY)? {
        return Ok(own.iter().filter_map(|layout| layout.parse().ok()).collect());
    }
    // The first two letters of a currency are its country's; those shared by several countries have no usual layout.
    let country = outlet.currency.as_str().get(..2).unwrap_or_default();
    Ok(in_store::usual_in(country).unwrap_or_default())
}

/// The goods and the code under which they are listed.
fn find(db: &Connection, reading: &Reading) -> Result<Option<(Item, Option<VariantId>, String)>, StoreError> {
    for code in reading.candidates() {
        if let Some((item, variant_id)) = catalogue::by_code(db, &code)? {
            return Ok(Some((item, variant_id, code)));
        }
    }
    Ok(None)
}

/// What a code says of quantity and price.
#[derive(Debug, Default, PartialEq, Eq)]
struct Carried {
    quantity: Option<Quantity>,
    price: Option<UnitPrice>,
}

impl Carried {
    fn of(
        outlet: &Outlet,
        item: &Item,
        variant_id: Option<VariantId>,
        in_store: Option<&InStore>,
        gs1: Option<&Message>,
    ) -> Done<Self> {
        let weight = match in_store {
            Some(InStore { measure: Measure::Weight, value, .. }) => Some(*value),
            _ => gs1.and_then(Message::net_weight_kg),
        };
        let price = match in_store {
            Some(InStore { measure: Measure::Price, value, .. }) => Some(*value),
            _ => gs1
                .and_then(Message::price)
                .filter(|(currency, _)| currency.is_none())
                .map(|(_, price)| price),
        };
        let count = match in_store {
            Some(InStore { measure: Measure::Count, value, .. }) => Some(value.value),
            _ => gs1.and_then(Message::count).map(u64::from),
        };
        let weighed = item.unit == Unit::Kilogram;
        let weight = weight.filter(|_| weighed).and_then(thousandths).filter(|weight| weight.is_positive());
        let own = item
            .variants
            .iter()
            .find(|variant| Some(variant.variant_id) == variant_id)
            .map(|variant| variant.unit_price)
            .or(item.unit_price);
        let amount = price.and_then(|price| amount(outlet, price)).filter(|amount| !amount.is_zero());
        if let Some(amount) = amount {
            return if weighed { by_weight(outlet, own, weight, amount) } else { by_piece(outlet, amount) };
        }
        if weighed {
            return Ok(Self { quantity: weight, price: None });
        }
        let count = count.filter(|count| *count > 0).and_then(|count| i32::try_from(count).ok());
        Ok(Self { quantity: count.map(Quantity::pieces), price: None })
    }
}

fn thousandths(figure: Figure) -> Option<Quantity> {
    // Finer than grams no shop's scale weighs: what is finer is cut off.
    let exact = figure.scaled(3).or_else(|| {
        let finer = u32::from(figure.decimals).checked_sub(3)?;
        Some(figure.value / 10_u64.checked_pow(finer)?)
    });
    exact.and_then(|value| i64::try_from(value).ok()).map(Quantity::from_thousandths)
}

fn amount(outlet: &Outlet, figure: Figure) -> Option<Money> {
    let minor = figure.scaled(outlet.digits)?;
    Some(Money::new(i64::try_from(minor).ok()?, outlet.currency))
}

/// A piece at the price on its label.
fn by_piece(outlet: &Outlet, amount: Money) -> Done<Carried> {
    let price = UnitPrice::from_money(amount, outlet.digits)?;
    Ok(Carried { quantity: Some(Quantity::ONE), price: Some(price) })
}

/// A weight that comes to the price on the label: the label's own when it says one, else what the price buys.
fn by_weight(
    outlet: &Outlet,
    own: Option<UnitPrice>,
    weight: Option<Quantity>,
    amount: Money,
) -> Done<Carried> {
    let whole = i128::from(UnitPrice::from_money(amount, outlet.digits)?.raw()) * 1_000;
    let rounding = outlet.rules.rounding;
    let bought = own
        .filter(|own| own.raw() > 0)
        .and_then(|own| divide_rounded(whole, i128::from(own.raw()), rounding).ok())
        .map(Quantity::from_thousandths);
    let quantity = weight.or(bought).filter(|weight| weight.is_positive()).unwrap_or(Quantity::ONE);
    let comes_to = |price: UnitPrice| {
        price.times(quantity, outlet.currency, outlet.digits, rounding).ok() == Some(amount)
    };
    if own.is_some_and(comes_to) {
        return Ok(Carried { quantity: Some(quantity), price: None });
    }
    let price = divide_rounded(whole, i128::from(quantity.raw()), rounding)?;
    let price = UnitPrice::from_ten_thousandths(price);
    // So heavy a pack that four decimals of a price cannot say its label: one piece at that price can.
    if comes_to(price) {
        Ok(Carried { quantity: Some(quantity), price: Some(price) })
    } else {
        by_piece(outlet, amount)
    }
}

/// Lot, last day and serial number, as they stand under the line.
fn note(outlet: &Outlet, message: &Message, year: u16) -> Option<String> {
    let texts = Texts::of(&outlet.locale);
    let day = message.expiry(year).map(|day| day.to_string());
    let parts: Vec<String> = [
        ("line-lot", "lot", message.lot()),
        ("line-expiry", "date", day.as_deref()),
        ("line-serial", "serial", message.serial()),
    ]
    .into_iter()
    .filter_map(|(key, name, value)| Some(texts.with(key, &[(name, value?)])))
    .collect();
    if parts.is_empty() { None } else { Some(parts.join(" · ")) }
}
