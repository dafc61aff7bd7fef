//! The promotions of a basket.

use super::BasketError;
use super::names::Names;
use super::read::{Fields, Node, channels, moment, texts};
use crate::ids::PromotionId;
use crate::money::{Money, Rate};
use crate::pricing::Promotion;
use crate::pricing::promotion::{BundlePart, Coupon, Effect, Limits, Off, Target, Tier};
use crate::pricing::schedule::{Schedule, ScheduleError};

/// The fields of a schedule, which stand among those of what it is about.
pub(super) const SCHEDULE: [&str; 5] = ["from", "until", "weekdays", "hours", "season"];

const PROMOTION: &[&str] = &[
    "id",
    "name",
    "kind",
    "percent",
    "amount",
    "price",
    "cap",
    "buy",
    "get",
    "other",
    "parts",
    "tiers",
    "free",
    "quantity",
    "target",
    "min_spend",
    "coupons",
    "channels",
    "segments",
    "priority",
    "group",
    "exclusive",
    "limits",
    "from",
    "until",
    "weekdays",
    "hours",
    "season",
];

pub(super) fn promotions(fields: &Fields<'_>, names: &mut Names) -> Result<Vec<Promotion>, BasketError> {
    let nodes = fields.list("promotions")?;
    for (at, node) in nodes.iter().enumerate() {
        let id = node.fields(PROMOTION)?.need("id")?;
        let promotion_id = PromotionId::from_bytes((at as u128 + 1).to_be_bytes());
        if names.promotions.insert(id.text()?.to_owned(), promotion_id).is_some() {
            return Err(id.error("twice", "this promotion stands twice"));
        }
    }
    nodes.iter().enumerate().map(|(at, node)| promotion(node, at, names)).collect()
}

fn promotion(node: &Node<'_>, at: usize, names: &mut Names) -> Result<Promotion, BasketError> {
    let fields = node.fields(PROMOTION)?;
    let id = fields.need("id")?.text()?.to_owned();
    let (currency, digits) = (names.currency, names.digits);
    let money = |node: &Node<'_>| node.amount(currency, digits);
    let coupons: Result<Vec<Coupon>, BasketError> = fields.list("coupons")?.iter().map(coupon).collect();
    let limits = fields.or("limits", Limits::default(), |node| {
        let of = node.fields(&["per_order", "per_customer", "per_day", "in_all"])?;
        Ok(Limits {
            per_order: of.maybe("per_order", Node::count)?,
            per_customer: of.maybe("per_customer", Node::count)?,
            per_day: of.maybe("per_day", Node::count)?,
            in_all: of.maybe("in_all", Node::count)?,
        })
    })?;
    Ok(Promotion {
        promotion_id: PromotionId::from_bytes((at as u128 + 1).to_be_bytes()),
        name: fields.or("name", id, |node| node.text().map(str::to_owned))?,
        schedule: schedule(node, &fields)?,
        outlet_ids: Vec::new(),
        channels: channels(&fields)?,
        segments: texts(&fields, "segments")?,
        coupons: coupons?,
        target: target_of(&fields, "target", names)?,
        min_spend: fields.maybe("min_spend", money)?,
        effect: effect(&fields, names)?,
        priority: fields.or("priority", 0, Node::whole)?,
        group: fields.maybe("group", |node| node.text().map(str::to_owned))?,
        exclusive: fields.or("exclusive", false, Node::flag)?,
        limits,
    })
}

fn effect(fields: &Fields<'_>, names: &mut Names) -> Result<Effect, BasketError> {
    let (currency, digits) = (names.currency, names.digits);
    let money = |node: &Node<'_>| node.amount(currency, digits);
    let percent = || fields.need("percent")?.part();
    let kind = fields.need("kind")?;
    Ok(match kind.text()? {
        "percent" => Effect::Percent { rate_ppm: percent()? },
        "amount" => Effect::Amount { per_unit: money(&fields.need("amount")?)? },
        "fixed_price" => {
            let node = fields.need("price")?;
            let unit_price = node.unit_price()?;
            if unit_price.raw() < 0 {
                return Err(node.error("negative_price", "a price below zero is not allowed"));
            }
            Effect::FixedPrice { unit_price }
        }
        "buy_get" => Effect::BuyGet {
            buy: above_zero(&fields.need("buy")?)?,
            get: above_zero(&fields.need("get")?)?,
            rate_ppm: fields.or("percent", Rate::WHOLE, Node::part)?,
            other: fields.maybe("other", |node| target(node, names))?,
        },
        "bundle" => {
            let mut parts = Vec::new();
            for node in fields.need("parts")?.list()? {
                let of = node.fields(&["skus", "categories", "except_skus", "quantity", "bundle"])?;
                let bundle = of.maybe("bundle", |node| {
                    let unknown = || node.error("unknown_bundle", "there is no such bundle");
                    names.promotions.get(node.text()?).copied().ok_or_else(unknown)
                })?;
                let quantity = of.maybe("quantity", above_zero)?.unwrap_or(1);
                parts.push(BundlePart { target: goods(&of, names)?, quantity, bundle });
            }
            Effect::Bundle { parts, off: off(fields, &money)? }
        }
        "threshold" => {
            let mut tiers = Vec::new();
            for node in fields.need("tiers")?.list()? {
                let of = node.fields(&["spend", "percent", "amount", "cap"])?;
                tiers.push(Tier { spend: money(&of.need("spend")?)?, off: off(&of, &money)? });
            }
            Effect::Threshold { tiers }
        }
        "free_item" => Effect::FreeItem {
            free: target(&fields.need("free")?, names)?,
            quantity: fields.maybe("quantity", above_zero)?.unwrap_or(1),
        },
        "order_percent" => Effect::OrderPercent { rate_ppm: percent()?, cap: fields.maybe("cap", money)? },
        _ => {
            return Err(kind.wrong(
                "percent, amount, fixed_price, buy_get, bundle, threshold, free_item or order_percent",
            ));
        }
    })
}

fn above_zero(node: &Node<'_>) -> Result<u32, BasketError> {
    match node.count()? {
        0 => Err(node.error("empty_set", "a number above zero is expected here")),
        count => Ok(count),
    }
}

fn off(
    fields: &Fields<'_>,
    money: &dyn Fn(&Node<'_>) -> Result<Money, BasketError>,
) -> Result<Off, BasketError> {
    match (fields.get("percent"), fields.get("amount"), fields.get("price")) {
        (Some(percent), None, None) => {
            Ok(Off::Percent { rate_ppm: percent.part()?, cap: fields.maybe("cap", money)? })
        }
        (None, Some(amount), None) => Ok(Off::Amount { amount: money(&amount)? }),
        (None, None, Some(price)) => Ok(Off::Price { price: money(&price)? }),
        _ => Err(BasketError::new(
            "malformed",
            fields.path(),
            "one of percent, amount or price is expected here",
        )),
    }
}

fn target_of(fields: &Fields<'_>, name: &str, names: &mut Names) -> Result<Target, BasketError> {
    fields.or(name, Target::default(), |node| target(node, names))
}

fn target(node: &Node<'_>, names: &mut Names) -> Result<Target, BasketError> {
    goods(&node.fields(&["skus", "categories", "except_skus"])?, names)
}

fn goods(fields: &Fields<'_>, names: &mut Names) -> Result<Target, BasketError> {
    Ok(Target {
        item_ids: texts(fields, "skus")?.iter().map(|sku| names.item(sku)).collect(),
        category_ids: texts(fields, "categories")?.iter().map(|name| names.category(name)).collect(),
        except_item_ids: texts(fields, "except_skus")?.iter().map(|sku| names.item(sku)).collect(),
    })
}

fn coupon(node: &Node<'_>) -> Result<Coupon, BasketError> {
    if let Some(code) = node.value.as_str() {
        return Ok(Coupon { code: code.to_owned(), uses: None, per_customer: None });
    }
    let of = node.fields(&["code", "uses", "per_customer"])?;
    Ok(Coupon {
        code: of.need("code")?.text()?.to_owned(),
        uses: of.maybe("uses", Node::count)?,
        per_customer: of.maybe("per_customer", Node::count)?,
    })
}

/// The schedule among the fields of what it is about.
pub(super) fn schedule(node: &Node<'_>, fields: &Fields<'_>) -> Result<Schedule, BasketError> {
    let weekdays: Result<Vec<u8>, BasketError> = fields
        .list("weekdays")?
        .iter()
        .map(|node| u8::try_from(node.count()?).map_err(|_| node.wrong("a weekday from 1 (Monday) to 7")))
        .collect();
    let schedule = Schedule {
        from: fields.maybe("from", moment)?,
        until: fields.maybe("until", moment)?,
        weekdays: weekdays?,
        minutes: fields
            .maybe("hours", |node| two(node, |text| pair(text, ':', 60), "[\"16:00\", \"18:00\"]"))?,
        season: fields
            .maybe("season", |node| two(node, |text| pair(text, '-', 100), "[\"12-01\", \"01-15\"]"))?,
    };
    schedule.check().map_err(|error| match error {
        ScheduleError::EndsBeforeStart => {
            BasketError::new("ends_before_start", format!("{}/until", node.path), error.to_string())
        }
        ScheduleError::NoSuchTime => node.error("no_such_time", error.to_string()),
    })?;
    Ok(schedule)
}

fn two(
    node: &Node<'_>,
    read: impl Fn(&str) -> Option<u16>,
    example: &str,
) -> Result<(u16, u16), BasketError> {
    let texts = node.texts()?;
    match texts.as_slice() {
        [from, until] => read(from).zip(read(until)).ok_or_else(|| node.wrong(example)),
        _ => Err(node.wrong(example)),
    }
}

/// `16:30` is `16 × 60 + 30`, `12-01` is `12 × 100 + 1`.
fn pair(text: &str, between: char, factor: u16) -> Option<u16> {
    let (first, second) = text.split_once(between)?;
    let (first, second): (u16, u16) = (first.parse().ok()?, second.parse().ok()?);
    (second < factor).then(|| first.checked_mul(factor)?.checked_add(second)).flatten()
}
