//! From the JSON of a basket to a price book and a sale.

use std::collections::HashMap;

use serde_json::Value;

use super::BasketError;
use super::read::{Fields, Node};
use crate::clock::Timestamp;
use crate::ids::{CategoryId, ItemId, LineId, PriceBookId, PriceListId, PromotionId, TaxId};
use crate::money::{CurrencyCode, Quantity, Rate};
use crate::pricing::book::{DiscountTiming, ListPrice, PriceList, ServiceBase, ServiceRule};
use crate::pricing::sale::{Allowance, Exemption};
use crate::pricing::{
    BookError, CashRounding, Channel, Computed, Discount, PriceBook, PriceLine, PricingError, ReadyBook,
    Sale, SaleLine, SaleTerms, TaxKind, TaxRounding, TaxRule, Treatment,
};

const BASKET: &[&str] = &[
    "currency",
    "digits",
    "tax_rounding",
    "rounding_mode",
    "cash_rounding",
    "taxes",
    "lines",
    "order_discount",
    "service_charge",
    "price_lists",
    "promotions",
    "coupons",
    "allowances",
    "customer",
    "channel",
    "at",
    "zone",
    "cash",
];
const TAX: &[&str] = &[
    "id",
    "name",
    "kind",
    "amount",
    "included",
    "affects_next",
    "affected_by_previous",
    "sequence",
    "members",
    "treatment",
    "channels",
];
const LINE: &[&str] = &[
    "id",
    "sku",
    "name",
    "category",
    "unit_price",
    "quantity",
    "taxes",
    "discount",
    "modifiers",
    "weighed",
    "price_fixed",
];

/// How much of the total is paid in cash.
pub(super) enum Cash {
    None,
    All,
    Part(crate::Money),
}

/// Texts of a basket and the ids that stand for them inside.
pub(super) struct Names {
    pub(super) currency: CurrencyCode,
    pub(super) digits: u8,
    items: HashMap<String, ItemId>,
    categories: HashMap<String, CategoryId>,
    pub(super) taxes: HashMap<String, TaxId>,
    pub(super) promotions: HashMap<String, PromotionId>,
}

/// Sixteen bytes that are `n`, as ids of one basket.
fn numbered(n: usize) -> [u8; 16] {
    (n as u128).to_be_bytes()
}

impl Names {
    pub(super) fn item(&mut self, sku: &str) -> ItemId {
        let next = ItemId::from_bytes(numbered(self.items.len() + 1));
        *self.items.entry(sku.to_owned()).or_insert(next)
    }

    pub(super) fn category(&mut self, name: &str) -> CategoryId {
        let next = CategoryId::from_bytes(numbered(self.categories.len() + 1));
        *self.categories.entry(name.to_owned()).or_insert(next)
    }

    fn tax(&self, node: &Node<'_>) -> Result<TaxId, BasketError> {
        let unknown = |id: &str| node.error("unknown_tax", format!("no tax is called `{id}`"));
        let id = node.text()?;
        self.taxes.get(id).copied().ok_or_else(|| unknown(id))
    }

    fn tax_list(&self, nodes: &[Node<'_>]) -> Result<Vec<TaxId>, BasketError> {
        nodes.iter().map(|node| self.tax(node)).collect()
    }

    /// `{percent}` or `{amount}`.
    fn discount(&self, fields: &Fields<'_>) -> Result<Discount, BasketError> {
        match (fields.get("percent"), fields.get("amount")) {
            (Some(percent), None) => Ok(Discount::Percent(percent.part()?)),
            (None, Some(amount)) => Ok(Discount::Amount(amount.amount(self.currency, self.digits)?)),
            _ => {
                Err(BasketError::new("malformed", fields.path(), "either percent or amount is expected here"))
            }
        }
    }
}

/// A basket that was read.
pub(super) struct Prepared {
    pub(super) ready: ReadyBook,
    pub(super) lines: Vec<SaleLine>,
    pub(super) line_names: Vec<String>,
    pub(super) order_discount: Option<Discount>,
    pub(super) terms: SaleTerms,
    pub(super) names: Names,
    pub(super) cash: Cash,
}

impl Prepared {
    pub(super) fn read(basket: &Value) -> Result<Self, BasketError> {
        let fields = Node::root(basket).fields(BASKET)?;
        let node = fields.need("currency")?;
        let currency: CurrencyCode =
            node.text()?.parse().map_err(|_| node.wrong("a currency code of three capital letters"))?;
        let digits = fields.maybe("digits", Node::count)?;
        let Some(digits) = digits else {
            let error = BookError::CurrencyWithoutDigits(currency);
            return Err(BasketError::new("currency_without_digits", "/digits", error.to_string()));
        };
        let digits = u8::try_from(digits).ok().filter(|digits| *digits <= 4);
        let digits = digits
            .ok_or_else(|| BasketError::new("malformed", "/digits", BookError::TooManyDigits.to_string()))?;
        let mut names = Names {
            currency,
            digits,
            items: HashMap::new(),
            categories: HashMap::new(),
            taxes: HashMap::new(),
            promotions: HashMap::new(),
        };
        let taxes = taxes(&fields, &mut names)?;
        let (lines, line_names) = lines(&fields, &mut names)?;
        let promotions = super::promotions::promotions(&fields, &mut names)?;
        let (order_discount, discount_timing) = order_discount(&fields, &names)?;
        let book = PriceBook {
            price_book_id: PriceBookId::from_bytes([0; 16]),
            version: 0,
            name: "basket".to_owned(),
            outlet_ids: Vec::new(),
            channels: Vec::new(),
            currency,
            digits: Some(digits),
            valid_from: None,
            valid_until: None,
            rounding: fields.or("rounding_mode", Default::default(), Node::mode)?,
            tax_rounding: fields.or("tax_rounding", TaxRounding::Line, tax_rounding)?,
            discount_timing,
            taxes,
            service_charge: fields.maybe("service_charge", |node| service_charge(node, &names))?,
            cash_rounding: fields.maybe("cash_rounding", |node| cash_rounding(node, &names))?,
            price_lists: price_lists(&fields, &mut names)?,
            promotions,
        };
        let cash = fields.or("cash", Cash::None, |node| match node.value {
            Value::Bool(true) => Ok(Cash::All),
            Value::Bool(false) => Ok(Cash::None),
            _ => node.amount(currency, digits).map(Cash::Part),
        })?;
        let ready = ReadyBook::new(book).map_err(|error| book_error(&error))?;
        let terms = terms(&fields, &names)?;
        Ok(Self { ready, lines, line_names, order_discount, terms, names, cash })
    }

    pub(super) fn compute(&self) -> Result<Computed, BasketError> {
        let sale = Sale { lines: &self.lines, order_discount: self.order_discount, terms: &self.terms };
        self.ready.price(&sale).map_err(|error| {
            let of_line = |line_id: &LineId| {
                self.lines.iter().position(|line| line.price.line_id == *line_id).unwrap_or_default()
            };
            let (code, path) = match &error {
                PricingError::Quantity(id) => {
                    ("negative_quantity", format!("/lines/{}/quantity", of_line(id)))
                }
                PricingError::NegativePrice(id) => {
                    ("negative_price", format!("/lines/{}/unit_price", of_line(id)))
                }
                PricingError::Discount => ("discount", self.place_of_discount()),
                PricingError::UnknownTax(_) => ("unknown_tax", "/taxes".to_owned()),
                PricingError::Money(_) => ("overflow", String::new()),
                PricingError::Rules(_) => ("malformed", String::new()),
            };
            BasketError::new(code, path, error.to_string())
        })
    }

    /// Where a discount is above what it is given on: the first line on which it is by itself, or the order's.
    fn place_of_discount(&self) -> String {
        let fails = |line: &SaleLine| {
            let alone = std::slice::from_ref(line);
            let sale = Sale { lines: alone, order_discount: None, terms: &self.terms };
            matches!(self.ready.price(&sale), Err(PricingError::Discount))
        };
        match self.lines.iter().position(fails) {
            Some(at) => format!("/lines/{at}/discount"),
            None => "/order_discount".to_owned(),
        }
    }
}

fn book_error(error: &BookError) -> BasketError {
    let (code, path) = match error {
        BookError::Money(_) => ("overflow", ""),
        BookError::CurrencyWithoutDigits(_) => ("currency_without_digits", "/digits"),
        BookError::TooManyDigits => ("malformed", "/digits"),
        BookError::CashStep => ("cash_step", "/cash_rounding/increment"),
        BookError::EndsBeforeStart(_) => ("ends_before_start", "/promotions"),
        BookError::NoSuchTime(_) => ("no_such_time", "/promotions"),
        BookError::UnknownTax(_) => ("unknown_tax", "/taxes"),
        BookError::TaxTwice(_) => ("tax_twice", "/taxes"),
        BookError::TaxCycle(_) => ("tax_cycle", "/taxes"),
        BookError::PercentAboveHundred(_) => ("percent_above_100", "/taxes"),
        BookError::NegativePrice(_) => ("negative_price", ""),
        BookError::NegativeQuantity(_) => ("negative_quantity", ""),
        BookError::EmptySet(_) => ("empty_set", "/promotions"),
        BookError::TiersDoNotRise(_) => ("tiers_do_not_rise", "/promotions"),
        BookError::Twice(_) => ("twice", "/promotions"),
        BookError::BundleCycle(_) => ("bundle_cycle", "/promotions"),
        BookError::UnknownBundle(_) => ("unknown_bundle", "/promotions"),
        BookError::EmptyCoupon(_) => ("empty_coupon", "/promotions"),
        BookError::TwoAtOnce(..) | BookError::NoneInForce => ("price_books", ""),
    };
    BasketError::new(code, path, error.to_string())
}

fn taxes(fields: &Fields<'_>, names: &mut Names) -> Result<Vec<TaxRule>, BasketError> {
    let nodes = fields.list("taxes")?;
    for (at, node) in nodes.iter().enumerate() {
        let id = node.fields(TAX)?.need("id")?;
        if names.taxes.insert(id.text()?.to_owned(), TaxId::from_bytes(numbered(at + 1))).is_some() {
            return Err(id.error("tax_twice", "this tax stands twice"));
        }
    }
    nodes.iter().map(|node| tax(node, names)).collect()
}

fn tax(node: &Node<'_>, names: &Names) -> Result<TaxRule, BasketError> {
    let fields = node.fields(TAX)?;
    let id = fields.need("id")?;
    let kind_node = fields.get("kind");
    let kind_text = kind_node.as_ref().map_or(Ok("percent"), Node::text)?;
    let amount = || fields.need("amount");
    let kind = match kind_text {
        "percent" => {
            let node = amount()?;
            let ppm = node.signed_ppm()?;
            let overflow = || node.error("overflow", "the percentage is beyond range");
            let rate_ppm = Rate(u32::try_from(ppm.unsigned_abs()).map_err(|_| overflow())?);
            if ppm < -i64::from(Rate::WHOLE.0) {
                return Err(node.error("percent_above_100", "more than all cannot be withheld"));
            }
            if ppm < 0 { TaxKind::Withheld { rate_ppm } } else { TaxKind::Percent { rate_ppm } }
        }
        "fixed" => {
            let node = amount()?;
            let amount = node.unit_price()?;
            if amount.raw() < 0 {
                return Err(node.error("negative_amount", "an amount below zero is not allowed here"));
            }
            TaxKind::PerUnit { amount }
        }
        "division" => {
            let node = amount()?;
            let rate_ppm = node.rate()?;
            if rate_ppm >= Rate::WHOLE {
                return Err(node.error("percent_above_100", "a part of the price must be below the whole"));
            }
            TaxKind::Division { rate_ppm }
        }
        "group" => TaxKind::Group { tax_ids: names.tax_list(&fields.list("members")?)? },
        _ => {
            return Err(kind_node
                .unwrap_or_else(|| Node { value: node.value, path: node.path.clone() })
                .wrong("percent, fixed, division or group"));
        }
    };
    Ok(TaxRule {
        tax_id: names.tax(&id)?,
        name: fields.or("name", id.text()?.to_owned(), |node| node.text().map(str::to_owned))?,
        kind,
        included: fields.or("included", false, Node::flag)?,
        affects_next: fields.or("affects_next", false, Node::flag)?,
        affected_by_previous: fields.or("affected_by_previous", true, Node::flag)?,
        sequence: fields.or("sequence", 0, Node::whole)?,
        treatment: fields.or("treatment", Treatment::Collected, treatment)?,
        channels: channels(&fields)?,
        outlet_ids: Vec::new(),
    })
}

fn treatment(node: &Node<'_>) -> Result<Treatment, BasketError> {
    match node.text()? {
        "collected" => Ok(Treatment::Collected),
        "zero_rated" => Ok(Treatment::ZeroRated),
        "exempt" => Ok(Treatment::Exempt),
        "reverse_charge" => Ok(Treatment::ReverseCharge),
        _ => Err(node.wrong("collected, zero_rated, exempt or reverse_charge")),
    }
}

fn channel(node: &Node<'_>) -> Result<Channel, BasketError> {
    match node.text()? {
        "counter" => Ok(Channel::Counter),
        "table" | "eat_in" => Ok(Channel::Table),
        "take_away" => Ok(Channel::TakeAway),
        "self_order" => Ok(Channel::SelfOrder),
        "delivery" => Ok(Channel::Delivery),
        _ => Err(node.wrong("counter, table (or eat_in), take_away, self_order or delivery")),
    }
}

pub(super) fn channels(fields: &Fields<'_>) -> Result<Vec<Channel>, BasketError> {
    fields.list("channels")?.iter().map(channel).collect()
}

pub(super) fn texts(fields: &Fields<'_>, name: &str) -> Result<Vec<String>, BasketError> {
    fields.or(name, Vec::new(), Node::texts)
}

/// A moment as RFC 3339 text or milliseconds since 1970.
pub(super) fn moment(node: &Node<'_>) -> Result<Timestamp, BasketError> {
    if let Some(millis) = node.value.as_i64() {
        return Ok(Timestamp::from_millis(millis));
    }
    let moment: Result<jiff::Timestamp, _> = node.text()?.parse();
    let moment = moment.map_err(|_| node.wrong("a moment such as 2026-03-01T12:00:00Z"))?;
    Ok(Timestamp::from_millis(moment.as_millisecond()))
}

fn tax_rounding(node: &Node<'_>) -> Result<TaxRounding, BasketError> {
    match node.text()? {
        "line" => Ok(TaxRounding::Line),
        "order" => Ok(TaxRounding::Order),
        _ => Err(node.wrong("line or order")),
    }
}

fn cash_rounding(node: &Node<'_>, names: &Names) -> Result<CashRounding, BasketError> {
    let fields = node.fields(&["increment", "mode"])?;
    let increment = fields.need("increment")?.amount(names.currency, names.digits)?;
    Ok(CashRounding {
        increment: increment.minor(),
        mode: fields.or("mode", Default::default(), Node::mode)?,
    })
}

fn service_charge(node: &Node<'_>, names: &Names) -> Result<ServiceRule, BasketError> {
    let fields = node.fields(&["percent", "taxes", "before_discount", "channels"])?;
    let before = fields.or("before_discount", false, Node::flag)?;
    Ok(ServiceRule {
        rate_ppm: fields.need("percent")?.rate()?,
        tax_ids: names.tax_list(&fields.list("taxes")?)?,
        base: if before { ServiceBase::BeforeDiscount } else { ServiceBase::AfterDiscount },
        channels: channels(&fields)?,
    })
}

fn order_discount(
    fields: &Fields<'_>,
    names: &Names,
) -> Result<(Option<Discount>, DiscountTiming), BasketError> {
    let Some(node) = fields.get("order_discount") else { return Ok((None, DiscountTiming::BeforeTax)) };
    let fields = node.fields(&["percent", "amount", "before_tax"])?;
    let before = fields.or("before_tax", true, Node::flag)?;
    let timing = if before { DiscountTiming::BeforeTax } else { DiscountTiming::AfterTax };
    Ok((Some(names.discount(&fields)?), timing))
}

fn lines(fields: &Fields<'_>, names: &mut Names) -> Result<(Vec<SaleLine>, Vec<String>), BasketError> {
    let nodes = fields.need("lines")?.list()?;
    if nodes.len() > crate::cart::MAX_LINES {
        return Err(BasketError::new("too_many", "/lines", "a basket holds at most 5,000 lines"));
    }
    let mut ids = Vec::with_capacity(nodes.len());
    for (at, node) in nodes.iter().enumerate() {
        let id = node.fields(LINE)?.get("id");
        ids.push(id.map_or_else(|| Ok((at + 1).to_string()), |id| id.figure())?);
    }
    // Numbers by size, other texts by letters.
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.sort_by_key(|at| ids.get(*at).map(|id| (id.len(), id.clone())));
    let mut ranks = vec![0; ids.len()];
    for (rank, at) in order.iter().enumerate() {
        if let Some(place) = ranks.get_mut(*at) {
            *place = rank + 1;
        }
    }
    if let Some(two) = order.windows(2).find(|two| matches!(two, [a, b] if ids.get(*a) == ids.get(*b))) {
        let at = two.last().copied().unwrap_or_default();
        return Err(BasketError::new("twice", format!("/lines/{at}/id"), "this line stands twice"));
    }
    let mut lines = Vec::with_capacity(nodes.len());
    for (node, rank) in nodes.iter().zip(ranks) {
        lines.push(line(node, rank, names)?);
    }
    Ok((lines, ids))
}

fn line(node: &Node<'_>, rank: usize, names: &mut Names) -> Result<SaleLine, BasketError> {
    let fields = node.fields(LINE)?;
    let price_node = fields.need("unit_price")?;
    let own = price_node.unit_price()?;
    let mut unit_price = own;
    for modifier in fields.list("modifiers")? {
        let of = modifier.fields(&["id", "name", "unit_price", "quantity"])?;
        let times = of.or("quantity", 1, Node::count)?;
        let price = of.need("unit_price")?.unit_price()?;
        let overflow = || modifier.error("overflow", "the price is beyond range");
        let all = price.raw().checked_mul(i64::from(times)).ok_or_else(overflow)?;
        unit_price = unit_price
            .add(crate::UnitPrice::from_ten_thousandths(all))
            .map_err(|_| modifier.error("overflow", "the price is beyond range"))?;
    }
    if own.raw() < 0 || unit_price.raw() < 0 {
        return Err(price_node.error("negative_price", "a price below zero is not allowed"));
    }
    let quantity_node = fields.need("quantity")?;
    let quantity = quantity_node.quantity()?;
    if !quantity.is_positive() {
        return Err(quantity_node.error("negative_quantity", "a quantity must be above zero"));
    }
    let discount = fields.maybe("discount", |node| names.discount(&node.fields(&["percent", "amount"])?))?;
    let sku = fields.maybe("sku", |node| node.text())?;
    let category = fields.maybe("category", |node| node.text())?;
    let fixed = fields.or("price_fixed", false, Node::flag)?;
    Ok(SaleLine {
        price: PriceLine {
            line_id: LineId::from_bytes(numbered(rank)),
            unit_price,
            quantity,
            tax_ids: names.tax_list(&fields.list("taxes")?)?,
            discount,
        },
        item_id: sku.map(|sku| names.item(sku)),
        variant_id: None,
        category_id: category.map(|category| names.category(category)),
        weighed: fields.or("weighed", false, Node::flag)?,
        own_price: (!fixed).then_some(own),
    })
}

fn price_lists(fields: &Fields<'_>, names: &mut Names) -> Result<Vec<PriceList>, BasketError> {
    let mut lists = Vec::new();
    for (at, node) in fields.list("price_lists")?.iter().enumerate() {
        let mut allowed = vec!["id", "name", "segments", "channels", "priority", "prices"];
        allowed.extend(super::promotions::SCHEDULE);
        let of = node.fields(&allowed)?;
        let mut prices = Vec::new();
        for price in of.need("prices")?.list()? {
            let of = price.fields(&["sku", "from_quantity", "unit_price"])?;
            let price_node = of.need("unit_price")?;
            let unit_price = price_node.unit_price()?;
            if unit_price.raw() < 0 {
                return Err(price_node.error("negative_price", "a price below zero is not allowed"));
            }
            prices.push(ListPrice {
                item_id: names.item(of.need("sku")?.text()?),
                variant_id: None,
                from_quantity: of.or("from_quantity", Quantity::ZERO, Node::quantity)?,
                unit_price,
            });
        }
        let id = of.need("id")?.text()?.to_owned();
        lists.push(PriceList {
            price_list_id: PriceListId::from_bytes(numbered(at + 1)),
            name: of.or("name", id, |node| node.text().map(str::to_owned))?,
            segments: texts(&of, "segments")?,
            channels: channels(&of)?,
            schedule: super::promotions::schedule(node, &of)?,
            priority: of.or("priority", 0, Node::whole)?,
            prices,
        });
    }
    Ok(lists)
}

fn terms(fields: &Fields<'_>, names: &Names) -> Result<SaleTerms, BasketError> {
    let (mut segments, mut exemption) = (Vec::new(), None);
    if let Some(node) = fields.get("customer") {
        let of = node.fields(&["id", "name", "segments", "exempt"])?;
        segments = texts(&of, "segments")?;
        exemption = of.maybe("exempt", |node| {
            let of = node.fields(&["taxes", "treatment", "reason"])?;
            Ok(Exemption {
                tax_ids: names.tax_list(&of.list("taxes")?)?,
                treatment: of.or("treatment", Treatment::Exempt, treatment)?,
                reason: of.or("reason", String::new(), |node| node.text().map(str::to_owned))?,
            })
        })?;
    }
    let mut allowances = Vec::new();
    for node in fields.list("allowances")? {
        let of = node.fields(&["promotion", "coupon", "left"])?;
        let id = of.need("promotion")?;
        let promotion_id = names.promotions.get(id.text()?).copied();
        allowances.push(Allowance {
            promotion_id: promotion_id
                .ok_or_else(|| id.error("unknown_promotion", "there is no such promotion"))?,
            coupon: of.maybe("coupon", |node| node.text().map(str::to_owned))?,
            left: of.need("left")?.count()?,
        });
    }
    Ok(SaleTerms {
        channel: fields.or("channel", Channel::Counter, channel)?,
        at: fields.or("at", Timestamp::default(), moment)?,
        zone: fields.or("zone", "UTC".to_owned(), |node| node.text().map(str::to_owned))?,
        outlet_id: None,
        segments,
        exemption,
        coupons: texts(fields, "coupons")?,
        allowances,
    })
}
