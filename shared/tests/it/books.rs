//! Wrong price books, each by its own name; which book is in force; baskets whose mistakes have a place.

use serde_json::{Value, json};
use shared::clock::Timestamp;
use shared::ids::{ItemId, OutletId, PriceBookId, PriceListId, PromotionId, TaxId};
use shared::money::{Quantity, Rate, UnitPrice};
use shared::pricing::basket::{price_text, price_value};
use shared::pricing::book::{ListPrice, PriceList, ServiceBase, ServiceRule, in_force};
use shared::pricing::promotion::{BundlePart, Coupon, Effect, Limits, Off, Target, Tier};
use shared::pricing::schedule::Schedule;
use shared::pricing::{
    BookError, CashRounding, Channel, PriceBook, PricingError, Promotion, ReadyBook, TaxKind, TaxRule, price,
};

use crate::made::{currency, id, idr, restaurant};

fn book() -> PriceBook {
    PriceBook { name: "book".into(), service_charge: None, ..PriceBook::plain(&restaurant(), 1) }
}

fn promotion(n: u128, effect: Effect) -> Promotion {
    Promotion {
        promotion_id: PromotionId::from_bytes(id(n)),
        name: format!("P{n}"),
        schedule: Schedule::default(),
        outlet_ids: vec![],
        channels: vec![],
        segments: vec![],
        coupons: vec![],
        target: Target::default(),
        min_spend: None,
        effect,
        priority: 0,
        group: None,
        exclusive: false,
        limits: Limits::default(),
    }
}

fn tax(n: u128, kind: TaxKind, included: bool) -> TaxRule {
    let plain = restaurant().taxes.remove(0);
    TaxRule {
        tax_id: TaxId::from_bytes(id(n)),
        name: format!("T{n}"),
        kind,
        included,
        ..TaxRule::plain(&plain)
    }
}

fn bundle(n: u128, inner: Option<u128>) -> Promotion {
    let bundle = inner.map(|n| PromotionId::from_bytes(id(n)));
    let parts = vec![BundlePart { target: Target::default(), quantity: 1, bundle }];
    promotion(n, Effect::Bundle { parts, off: Off::Price { price: idr(1) } })
}

fn refusal(book: PriceBook) -> BookError {
    ReadyBook::new(book).unwrap_err()
}

fn with(promotion: Promotion) -> BookError {
    refusal(PriceBook { promotions: vec![promotion], ..book() })
}

fn with_taxes(taxes: Vec<TaxRule>) -> BookError {
    refusal(PriceBook { taxes, ..book() })
}

#[test]
fn every_mistake_of_a_book_has_its_own_name() {
    let over = Rate(1_000_001);
    let name = || "book".to_owned();
    let p = || "P1".to_owned();
    let at = Timestamp::from_millis;
    assert_eq!(
        refusal(PriceBook { digits: None, ..book() }),
        BookError::CurrencyWithoutDigits(currency("IDR"))
    );
    assert_eq!(refusal(PriceBook { digits: Some(5), ..book() }), BookError::TooManyDigits);
    let step = CashRounding { increment: 0, mode: Default::default() };
    assert_eq!(refusal(PriceBook { cash_rounding: Some(step), ..book() }), BookError::CashStep);
    let ended = PriceBook { valid_from: Some(at(2)), valid_until: Some(at(2)), ..book() };
    assert_eq!(refusal(ended), BookError::EndsBeforeStart(name()));

    let percent = |rate_ppm| Effect::Percent { rate_ppm };
    assert_eq!(with(promotion(1, percent(over))), BookError::PercentAboveHundred(p()));
    let schedule = Schedule { from: Some(at(2)), until: Some(at(1)), ..Schedule::default() };
    let campaign = Promotion { schedule, ..promotion(1, percent(Rate(1))) };
    assert_eq!(with(campaign), BookError::EndsBeforeStart(p()));
    let schedule = Schedule { weekdays: vec![9], ..Schedule::default() };
    assert_eq!(with(Promotion { schedule, ..promotion(1, percent(Rate(1))) }), BookError::NoSuchTime(p()));
    assert_eq!(with(promotion(1, Effect::Amount { per_unit: idr(-1) })), BookError::NegativePrice(p()));
    let below = UnitPrice::from_ten_thousandths(-1);
    assert_eq!(with(promotion(1, Effect::FixedPrice { unit_price: below })), BookError::NegativePrice(p()));
    let sek = shared::Money::new(1, currency("SEK"));
    assert!(matches!(with(promotion(1, Effect::Amount { per_unit: sek })), BookError::Money(_)));
    let buy_get = |buy, get, rate_ppm| Effect::BuyGet { buy, get, rate_ppm, other: None };
    assert_eq!(with(promotion(1, buy_get(0, 1, Rate(1)))), BookError::EmptySet(p()));
    assert_eq!(with(promotion(1, buy_get(1, 0, Rate(1)))), BookError::EmptySet(p()));
    assert_eq!(with(promotion(1, buy_get(1, 1, over))), BookError::PercentAboveHundred(p()));
    let free = Effect::FreeItem { free: Target::default(), quantity: 0 };
    assert_eq!(with(promotion(1, free)), BookError::EmptySet(p()));
    let capped = Effect::OrderPercent { rate_ppm: Rate(1), cap: Some(idr(-1)) };
    assert_eq!(with(promotion(1, capped)), BookError::NegativePrice(p()));
    assert_eq!(with(promotion(1, Effect::Threshold { tiers: vec![] })), BookError::EmptySet(p()));
    let tier = |spend: i64, off| Tier { spend: idr(spend), off };
    let tiers = vec![tier(5, Off::Amount { amount: idr(1) }), tier(5, Off::Amount { amount: idr(2) })];
    assert_eq!(with(promotion(1, Effect::Threshold { tiers })), BookError::TiersDoNotRise(p()));
    let tiers = vec![tier(5, Off::Percent { rate_ppm: over, cap: None })];
    assert_eq!(with(promotion(1, Effect::Threshold { tiers })), BookError::PercentAboveHundred(p()));
    let none = Effect::Bundle { parts: vec![], off: Off::Amount { amount: idr(1) } };
    assert_eq!(with(promotion(1, none)), BookError::EmptySet(p()));
    let code = Coupon { code: " ".into(), uses: None, per_customer: None };
    assert_eq!(
        with(Promotion { coupons: vec![code], ..promotion(1, percent(Rate(1))) }),
        BookError::EmptyCoupon(p())
    );
    let spend = Promotion { min_spend: Some(idr(-1)), ..promotion(1, percent(Rate(1))) };
    assert_eq!(with(spend), BookError::NegativePrice(p()));
    let twice = vec![promotion(1, percent(Rate(1))), promotion(1, percent(Rate(2)))];
    assert_eq!(refusal(PriceBook { promotions: twice, ..book() }), BookError::Twice(p()));

    let cycle = vec![bundle(1, Some(2)), bundle(2, Some(3)), bundle(3, Some(1))];
    assert!(matches!(refusal(PriceBook { promotions: cycle, ..book() }), BookError::BundleCycle(_)));
    assert_eq!(with(bundle(1, Some(1))), BookError::BundleCycle(p()));
    assert_eq!(with(bundle(1, Some(7))), BookError::UnknownBundle(p()));
    let odd = vec![bundle(1, Some(2)), promotion(2, percent(Rate(1)))];
    assert_eq!(refusal(PriceBook { promotions: odd, ..book() }), BookError::UnknownBundle("P2".into()));
    let nested = vec![bundle(1, Some(2)), bundle(2, Some(3)), bundle(3, None)];
    assert!(ReadyBook::new(PriceBook { promotions: nested, ..book() }).is_ok());

    let list = |from: i64, price: i64| PriceList {
        price_list_id: PriceListId::from_bytes(id(1)),
        name: "list".into(),
        segments: vec![],
        channels: vec![],
        schedule: Schedule::default(),
        priority: 0,
        prices: vec![ListPrice {
            item_id: ItemId::from_bytes(id(1)),
            variant_id: None,
            from_quantity: Quantity::from_thousandths(from),
            unit_price: UnitPrice::from_ten_thousandths(price),
        }],
    };
    let with_lists = |price_lists| refusal(PriceBook { price_lists, ..book() });
    assert_eq!(with_lists(vec![list(-1, 1)]), BookError::NegativeQuantity("list".into()));
    assert_eq!(with_lists(vec![list(1, -1)]), BookError::NegativePrice("list".into()));
    assert_eq!(with_lists(vec![list(1, 1), list(1, 1)]), BookError::Twice("list".into()));
}

#[test]
fn every_mistake_of_taxes_has_its_own_name() {
    let id_of = |n| TaxId::from_bytes(id(n));
    let percent = |ppm| TaxKind::Percent { rate_ppm: Rate(ppm) };
    let group = |n, members: &[u128]| {
        tax(n, TaxKind::Group { tax_ids: members.iter().map(|n| id_of(*n)).collect() }, false)
    };
    assert_eq!(
        with_taxes(vec![tax(1, percent(1), false), tax(1, percent(2), true)]),
        BookError::TaxTwice(id_of(1))
    );
    assert_eq!(with_taxes(vec![group(1, &[9])]), BookError::UnknownTax(id_of(9)));
    assert!(matches!(with_taxes(vec![group(1, &[2]), group(2, &[1])]), BookError::TaxCycle(_)));
    let division = TaxKind::Division { rate_ppm: Rate::WHOLE };
    assert_eq!(with_taxes(vec![tax(1, division, false)]), BookError::PercentAboveHundred("T1".into()));
    let withheld = |ppm| TaxKind::Withheld { rate_ppm: Rate(ppm) };
    assert_eq!(
        with_taxes(vec![tax(1, withheld(1_000_001), false)]),
        BookError::PercentAboveHundred("T1".into())
    );
    let all = vec![tax(1, withheld(500_000), true), tax(2, withheld(500_000), true)];
    assert!(matches!(with_taxes(all), BookError::PercentAboveHundred(_)));
    let per_unit = TaxKind::PerUnit { amount: UnitPrice::from_ten_thousandths(-1) };
    assert_eq!(with_taxes(vec![tax(1, per_unit, false)]), BookError::NegativePrice("T1".into()));
    let charge = ServiceRule {
        rate_ppm: Rate(1),
        tax_ids: vec![id_of(9)],
        base: ServiceBase::AfterDiscount,
        channels: vec![],
    };
    assert_eq!(
        refusal(PriceBook { service_charge: Some(charge), ..book() }),
        BookError::UnknownTax(id_of(9))
    );
}

#[test]
fn outlets_of_a_tax_are_told_apart() {
    let here = OutletId::from_bytes(id(9));
    let rules = restaurant();
    let rule = TaxRule { outlet_ids: vec![here], ..TaxRule::plain(&rules.taxes[0]) };
    let ready = ReadyBook::new(PriceBook { taxes: vec![rule], ..book() }).unwrap();
    let line = shared::pricing::PriceLine {
        line_id: shared::ids::LineId::from_bytes(id(1)),
        unit_price: UnitPrice::from_ten_thousandths(10_000),
        quantity: Quantity::ONE,
        tax_ids: vec![rules.taxes[0].tax_id],
        discount: None,
    };
    let lines = [shared::pricing::SaleLine::plain(line)];
    for (outlet_id, taxes) in [(Some(here), 1), (None, 0), (Some(OutletId::from_bytes(id(8))), 0)] {
        let terms = shared::pricing::SaleTerms { outlet_id, ..Default::default() };
        let sale = shared::pricing::Sale { lines: &lines, order_discount: None, terms: &terms };
        assert_eq!(ready.price(&sale).unwrap().order.taxes.len(), taxes);
    }
}

#[test]
fn the_book_in_force_is_the_one_that_began_last() {
    let of = |n: u128, version: u32, from: Option<i64>| PriceBook {
        price_book_id: PriceBookId::from_bytes(id(n)),
        version,
        name: format!("B{n}.{version}"),
        valid_from: from.map(Timestamp::from_millis),
        ..book()
    };
    let find = |books: &[PriceBook], at: i64| {
        let found = in_force(books, Timestamp::from_millis(at), None, Channel::Counter);
        found.map(|book| book.name.clone())
    };
    let midnight = [of(1, 1, None), of(1, 2, Some(100)), of(1, 3, Some(200))];
    assert_eq!(find(&midnight, 99), Ok("B1.1".into()));
    assert_eq!(find(&midnight, 100), Ok("B1.2".into()), "the price changes at midnight, without a network");
    assert_eq!(find(&midnight, 5_000), Ok("B1.3".into()));
    assert_eq!(find(&[of(1, 1, Some(5)), of(1, 2, Some(5))], 5), Ok("B1.2".into()), "the later version");
    assert_eq!(find(&[of(1, 2, Some(5)), of(1, 1, Some(5))], 5), Ok("B1.2".into()), "in whatever order");
    let two = [of(1, 1, Some(5)), of(2, 1, Some(5))];
    assert_eq!(find(&two, 5), Err(BookError::TwoAtOnce("B1.1".into(), "B2.1".into())));
    assert_eq!(find(&two, 4), Err(BookError::NoneInForce));
    let replaced = [of(1, 1, Some(5)), of(2, 1, Some(5)), of(1, 2, Some(6))];
    assert_eq!(find(&replaced, 6), Ok("B1.2".into()));
    let over = [PriceBook { valid_until: Some(Timestamp::from_millis(9)), ..of(1, 1, None) }];
    assert_eq!((find(&over, 8), find(&over, 9)), (Ok("B1.1".into()), Err(BookError::NoneInForce)));

    let outlet = OutletId::from_bytes(id(4));
    let of_outlet = PriceBook { outlet_ids: vec![outlet], ..of(1, 1, None) };
    let by_door = PriceBook { channels: vec![Channel::Delivery], ..of(2, 1, Some(1)) };
    let books = [of_outlet, by_door];
    let find = |outlet_id, channel| {
        in_force(&books, Timestamp::from_millis(5), outlet_id, channel).map(|b| b.name.as_str())
    };
    assert_eq!(find(Some(outlet), Channel::Counter), Ok("B1.1"));
    assert_eq!(find(None, Channel::Delivery), Ok("B2.1"));
    assert_eq!(find(None, Channel::Counter), Err(BookError::NoneInForce));
}

#[test]
fn the_till_goes_on_with_its_last_good_book() {
    let good = ReadyBook::new(book()).unwrap();
    let arrived = ReadyBook::new(PriceBook { digits: None, version: 2, ..book() });
    let in_use = arrived.unwrap_or_else(|_| good.clone());
    assert_eq!(in_use.book().version, 1);
    assert_eq!(PricingError::from(BookError::NoneInForce), PricingError::Rules("the price book is wrong"));
    assert!(price(&restaurant(), &[], None).is_ok());
}

fn good() -> Value {
    json!({
        "currency": "USD", "digits": 2,
        "taxes": [{ "id": "t", "amount": "10" }],
        "lines": [{ "id": "1", "unit_price": "9.99", "quantity": "3", "taxes": ["t"] }],
        "promotions": [{ "id": "p", "kind": "percent", "percent": "10" }],
    })
}

#[test]
fn every_mistake_of_a_basket_has_its_place() {
    let cases: &[(&str, Value, &str, &str)] = &[
        ("/currency", json!("usd"), "malformed", "/currency"),
        ("/currency", json!(null), "missing", "/currency"),
        ("/digits", json!(null), "currency_without_digits", "/digits"),
        ("/digits", json!(7), "malformed", "/digits"),
        ("/lines", json!(null), "missing", "/lines"),
        ("/lines", json!({}), "malformed", "/lines"),
        ("/lines/0/quantity", json!("-1"), "negative_quantity", "/lines/0/quantity"),
        ("/lines/0/quantity", json!("0"), "negative_quantity", "/lines/0/quantity"),
        ("/lines/0/quantity", json!("1.2345"), "malformed", "/lines/0/quantity"),
        ("/lines/0/quantity", json!(1.5), "malformed", "/lines/0/quantity"),
        ("/lines/0/quantity", json!("99999999999999999999"), "overflow", "/lines/0/quantity"),
        (
            "/lines/1",
            json!({ "id": "2", "unit_price": "900000000000", "quantity": "900000000000" }),
            "overflow",
            "",
        ),
        ("/lines/0/unit_price", json!("-1"), "negative_price", "/lines/0/unit_price"),
        ("/lines/0/unit_price", json!(true), "malformed", "/lines/0/unit_price"),
        ("/lines/0/taxes", json!(["x"]), "unknown_tax", "/lines/0/taxes/0"),
        ("/lines/0/discount", json!({ "percent": "101" }), "percent_above_100", "/lines/0/discount/percent"),
        ("/lines/0/discount", json!({ "amount": "30" }), "discount", "/lines/0/discount"),
        ("/lines/0/discount", json!({ "amount": "-1" }), "negative_amount", "/lines/0/discount/amount"),
        ("/lines/0/discount", json!({}), "malformed", "/lines/0/discount"),
        ("/lines/0/colour", json!("red"), "unknown_field", "/lines/0/colour"),
        ("/lines/1", json!({ "id": "1", "unit_price": "1", "quantity": "1" }), "twice", "/lines/1/id"),
        ("/order_discount", json!({ "amount": "30" }), "discount", "/order_discount"),
        ("/order_discount", json!({ "amount": "0.001" }), "malformed", "/order_discount/amount"),
        ("/tax_rounding", json!("day"), "malformed", "/tax_rounding"),
        ("/rounding_mode", json!("odd"), "malformed", "/rounding_mode"),
        ("/cash_rounding", json!({ "increment": "0" }), "cash_step", "/cash_rounding/increment"),
        ("/channel", json!("moon"), "malformed", "/channel"),
        ("/at", json!("tomorrow"), "malformed", "/at"),
        ("/taxes/0/kind", json!("vat"), "malformed", "/taxes/0/kind"),
        ("/taxes/0/amount", json!("-101"), "percent_above_100", "/taxes/0/amount"),
        ("/taxes/1", json!({ "id": "t", "amount": "1" }), "tax_twice", "/taxes/1/id"),
        ("/taxes/1", json!({ "id": "g", "kind": "group", "members": ["g"] }), "tax_cycle", "/taxes"),
        (
            "/taxes/1",
            json!({ "id": "d", "kind": "division", "amount": "100" }),
            "percent_above_100",
            "/taxes/1/amount",
        ),
        (
            "/service_charge",
            json!({ "percent": "5", "taxes": ["x"] }),
            "unknown_tax",
            "/service_charge/taxes/0",
        ),
        ("/promotions/0/percent", json!("100.01"), "percent_above_100", "/promotions/0/percent"),
        ("/promotions/0/kind", json!("magic"), "malformed", "/promotions/0/kind"),
        ("/promotions/0/until", json!(-1), "ends_before_start", "/promotions/0/until"),
        ("/promotions/0/hours", json!(["25:00", "26:00"]), "no_such_time", "/promotions/0"),
        ("/promotions/0/hours", json!("noon"), "malformed", "/promotions/0/hours"),
        (
            "/promotions/1",
            json!({ "id": "p", "kind": "percent", "percent": "1" }),
            "twice",
            "/promotions/1/id",
        ),
        (
            "/promotions/1",
            json!({ "id": "b", "kind": "buy_get", "buy": 0, "get": 1 }),
            "empty_set",
            "/promotions/1/buy",
        ),
        (
            "/promotions/1",
            json!({ "id": "b", "kind": "bundle", "price": "1", "parts": [{ "bundle": "b" }] }),
            "bundle_cycle",
            "/promotions",
        ),
        (
            "/promotions/1",
            json!({ "id": "b", "kind": "bundle", "price": "1", "parts": [{ "bundle": "z" }] }),
            "unknown_bundle",
            "/promotions/1/parts/0/bundle",
        ),
        (
            "/promotions/1",
            json!({ "id": "b", "kind": "bundle", "price": "1", "parts": [{ "quantity": -1 }] }),
            "negative_quantity",
            "/promotions/1/parts/0/quantity",
        ),
        (
            "/promotions/1",
            json!({ "id": "s", "kind": "threshold", "tiers": [{ "spend": "5", "amount": "1" }, { "spend": "4", "amount": "1" }] }),
            "tiers_do_not_rise",
            "/promotions",
        ),
        (
            "/allowances",
            json!([{ "promotion": "z", "left": 1 }]),
            "unknown_promotion",
            "/allowances/0/promotion",
        ),
        ("/cash", json!("100"), "cash", "/cash"),
    ];
    for (place, value, code, path) in cases {
        let mut basket = good();
        if *place == "/promotions/0/until" {
            basket["promotions"][0]["from"] = json!(5);
        }
        let (parent, last) = place.rsplit_once('/').unwrap();
        match basket.pointer_mut(parent).unwrap() {
            Value::Array(list) => list.push(value.clone()),
            parent => parent[last] = value.clone(),
        }
        let error = price_value(&basket).unwrap_err();
        assert_eq!((error.code, error.path.as_str()), (*code, *path), "{place} {value}: {error}");
    }
    assert_eq!(price_text("{").unwrap_err().code, "no_json");
    assert_eq!(price_text("[]").unwrap_err().code, "malformed");
}

#[test]
fn the_schema_names_the_fields_that_are_read() {
    let schema: Value = serde_json::from_str(include_str!("../../../tests/schemas/basket.json")).unwrap();
    // Whatever the schema names is read, and what it does not name is refused.
    let named = |place: &str| -> Vec<String> {
        schema.pointer(place).unwrap().as_object().unwrap().keys().cloned().collect()
    };
    for (place, into) in [
        ("/properties", ""),
        ("/$defs/tax/properties", "/taxes/0"),
        ("/$defs/line/properties", "/lines/0"),
        ("/$defs/promotion/properties", "/promotions/0"),
    ] {
        let names = named(place);
        assert!(names.len() >= 8, "{place}");
        let mut basket = good();
        basket.pointer_mut(into).unwrap()["no_such_field"] = json!(1);
        let refusal = price_value(&basket).unwrap_err();
        let mut known: Vec<&str> = refusal
            .message
            .trim_start_matches("only ")
            .trim_end_matches(" are known here")
            .split(", ")
            .collect();
        known.sort_unstable();
        let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(known, names, "{place}");
    }
}

#[test]
fn what_was_applied_and_what_was_not_is_said() {
    let mut basket = good();
    basket["lines"][0]["sku"] = json!("tea");
    basket["coupons"] = json!(["GIFT", "WRONG"]);
    basket["promotions"] = json!([
        { "id": "p", "name": "Tea week", "kind": "percent", "percent": "10", "target": { "skus": ["tea"] } },
        { "id": "g", "kind": "amount", "amount": "1", "coupons": [{ "code": "GIFT", "uses": 1 }] },
        { "id": "c", "kind": "percent", "percent": "1", "limits": { "in_all": 5 } },
        { "id": "x", "kind": "percent", "percent": "5", "exclusive": true },
    ]);
    basket["allowances"] = json!([{ "promotion": "g", "coupon": "GIFT", "left": 1 }]);
    let answer = price_value(&basket).unwrap();
    let applied = &answer["lines"][0]["promotions"];
    assert_eq!(
        applied[0],
        json!({ "id": "p", "name": "Tea week", "why": "percent", "amount": "3.00", "pieces": null, "coupon": null })
    );
    assert_eq!((&applied[1]["amount"], &applied[1]["coupon"]), (&json!("3.00"), &json!("GIFT")));
    assert_eq!(answer["withheld"], json!([{ "id": "c", "why": "used_up" }, { "id": "x", "why": "outdone" }]));
    assert_eq!(answer["idle_coupons"], json!(["WRONG"]));
    assert_eq!(answer["promotions"][1], json!({ "id": "g", "coupon": "GIFT", "times": 1 }));
    assert_eq!(answer["total"], "26.37", "29.97 less 3.00 less 3.00, and 10 % on it");
}
