//! From the JSON of a basket to a price book and a sale.

use serde_json::Value;

use super::BasketError;
use super::lines::{lines, price_lists};
use super::names::Names;
use super::promotions::promotions;
use super::read::{Fields, Node, channel, moment, texts};
use super::taxes::{cash_rounding, service_charge, tax_rounding, taxes, treatment};
use crate::clock::Timestamp;
use crate::ids::{CustomerId, LineId, PriceBookId};
use crate::money::CurrencyCode;
use crate::pricing::book::DiscountTiming;
use crate::pricing::sale::{Allowance, Exemption};
use crate::pricing::{
    BookError, Channel, Computed, Discount, PriceBook, PricingError, ReadyBook, Sale, SaleLine, SaleTerms,
    TaxRounding, Treatment,
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
/// How much of the total is paid in cash.
pub(super) enum Cash {
    None,
    All,
    Part(crate::Money),
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
        let mut names = Names::new(currency, digits);
        let taxes = taxes(&fields, &mut names)?;
        let (lines, line_names) = lines(&fields, &mut names)?;
        let promotions = promotions(&fields, &mut names)?;
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

fn terms(fields: &Fields<'_>, names: &Names) -> Result<SaleTerms, BasketError> {
    let (mut customer_id, mut segments, mut exemption) = (None, Vec::new(), None);
    if let Some(node) = fields.get("customer") {
        let of = node.fields(&["id", "name", "segments", "exempt"])?;
        // Whoever it is, they are known by this name to the basket only.
        customer_id = of.get("id").map(|_| CustomerId::from_bytes([0; 16]));
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
        customer_id,
        segments,
        exemption,
        coupons: texts(fields, "coupons")?,
        allowances,
    })
}
