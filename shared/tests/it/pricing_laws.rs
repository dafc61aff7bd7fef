//! Laws of the engine over made-up price books and carts.

use proptest::prelude::*;
use serde_json::Value;
use shared::clock::Timestamp;
use shared::ids::{CategoryId, ItemId, LineId, PriceBookId, PriceListId, PromotionId, TaxId};
use shared::money::{Money, Quantity, Rate, RoundingMode, UnitPrice};
use shared::pricing::book::{DiscountTiming, ListPrice, PriceList, ServiceBase, ServiceRule};
use shared::pricing::promotion::{BundlePart, Effect, Limits, Off, Target, Tier};
use shared::pricing::sale::{Allowance, Exemption};
use shared::pricing::schedule::Schedule;
use shared::pricing::{
    Channel, Computed, Discount, PriceBook, PriceLine, PricingError, Promotion, ReadyBook, Sale, SaleLine,
    SaleTerms, TaxKind, TaxRounding, TaxRule, Treatment,
};
use shared::refund::part_of;

use crate::made::{currency, id};

fn usd(minor: i64) -> Money {
    Money::new(minor, currency("USD"))
}

fn item(n: u8) -> ItemId {
    ItemId::from_bytes(id(u128::from(n) + 1))
}

fn shelf(n: u8) -> CategoryId {
    CategoryId::from_bytes(id(u128::from(n) + 1))
}

fn tax_id(n: u8) -> TaxId {
    TaxId::from_bytes(id(u128::from(n) + 1))
}

fn mode() -> impl Strategy<Value = RoundingMode> {
    prop_oneof![
        Just(RoundingMode::HalfUp),
        Just(RoundingMode::HalfEven),
        Just(RoundingMode::Up),
        Just(RoundingMode::Down),
    ]
}

fn percent() -> impl Strategy<Value = Rate> {
    (0_u32..=1_000_000).prop_map(Rate)
}

fn target() -> impl Strategy<Value = Target> {
    (0_u8..8, 0_u8..6, 0_u8..4).prop_map(|(what, one, other)| Target {
        item_ids: if what & 1 == 1 { vec![item(one), item(other)] } else { vec![] },
        category_ids: if what & 2 == 2 { vec![shelf(one % 3)] } else { vec![] },
        except_item_ids: if what == 7 { vec![item(other)] } else { vec![] },
    })
}

fn off() -> impl Strategy<Value = Off> {
    prop_oneof![
        (percent(), proptest::option::of(0_i64..2_000))
            .prop_map(|(rate_ppm, cap)| Off::Percent { rate_ppm, cap: cap.map(usd) }),
        (0_i64..2_000).prop_map(|amount| Off::Amount { amount: usd(amount) }),
        (0_i64..3_000).prop_map(|price| Off::Price { price: usd(price) }),
    ]
}

fn effect() -> impl Strategy<Value = Effect> {
    let part =
        (target(), 1_u32..3).prop_map(|(target, quantity)| BundlePart { target, quantity, bundle: None });
    prop_oneof![
        percent().prop_map(|rate_ppm| Effect::Percent { rate_ppm }),
        (0_i64..500).prop_map(|amount| Effect::Amount { per_unit: usd(amount) }),
        (0_i64..100_000)
            .prop_map(|price| Effect::FixedPrice { unit_price: UnitPrice::from_ten_thousandths(price) }),
        (1_u32..4, 1_u32..3, percent(), proptest::option::of(target()))
            .prop_map(|(buy, get, rate_ppm, other)| Effect::BuyGet { buy, get, rate_ppm, other }),
        (proptest::collection::vec(part, 1..3), off()).prop_map(|(parts, off)| Effect::Bundle { parts, off }),
        (0_i64..2_000, 1_i64..3_000, off(), off()).prop_map(|(first, more, low, high)| Effect::Threshold {
            tiers: vec![Tier { spend: usd(first), off: low }, Tier { spend: usd(first + more), off: high }],
        }),
        (target(), 1_u32..3).prop_map(|(free, quantity)| Effect::FreeItem { free, quantity }),
        (percent(), proptest::option::of(0_i64..1_000))
            .prop_map(|(rate_ppm, cap)| Effect::OrderPercent { rate_ppm, cap: cap.map(usd) }),
    ]
}

fn promotion() -> impl Strategy<Value = Promotion> {
    let rest = (
        -2_i32..3,
        proptest::option::of(0_u8..2),
        proptest::bool::weighted(0.15),
        proptest::option::of(0_i64..2_000),
        0_u8..10,
    );
    (effect(), target(), rest).prop_map(|(effect, target, (priority, group, exclusive, min_spend, limit))| {
        Promotion {
            promotion_id: PromotionId::from_bytes(id(0)),
            name: "promotion".into(),
            schedule: Schedule::default(),
            outlet_ids: vec![],
            channels: vec![],
            segments: vec![],
            coupons: vec![],
            target,
            min_spend: min_spend.map(usd),
            effect,
            priority,
            group: group.map(|n| format!("g{n}")),
            exclusive,
            limits: match limit {
                0 => Limits { per_order: Some(1), ..Limits::default() },
                1 => Limits { per_day: Some(9), ..Limits::default() },
                _ => Limits::default(),
            },
        }
    })
}

fn tax() -> impl Strategy<Value = TaxRule> {
    let kind = prop_oneof![
        4 => (0_u32..400_000).prop_map(|ppm| TaxKind::Percent { rate_ppm: Rate(ppm) }),
        1 => (0_u32..300_000).prop_map(|ppm| TaxKind::Withheld { rate_ppm: Rate(ppm) }),
        1 => (0_i64..5_000).prop_map(|amount| TaxKind::PerUnit { amount: UnitPrice::from_ten_thousandths(amount) }),
        1 => (0_u32..400_000).prop_map(|ppm| TaxKind::Division { rate_ppm: Rate(ppm) }),
    ];
    (kind, any::<bool>(), any::<bool>(), any::<bool>(), 0_i32..3).prop_map(
        |(kind, included, affects_next, affected_by_previous, sequence)| TaxRule {
            tax_id: tax_id(0),
            name: "tax".into(),
            // A withheld part of a price that holds it is refused from 100 % on; four of 30 % would be more.
            included: included && !matches!(kind, TaxKind::Withheld { .. }),
            kind,
            affects_next,
            affected_by_previous,
            sequence,
            treatment: Treatment::Collected,
            channels: vec![],
            outlet_ids: vec![],
        },
    )
}

fn book() -> impl Strategy<Value = PriceBook> {
    let charge = (0_u32..250_000, any::<u8>(), any::<bool>());
    let list = proptest::collection::vec((0_u8..6, 0_i64..5, 0_i64..200_000), 0..5);
    (
        (mode(), any::<bool>(), any::<bool>(), 0_u8..=3),
        proptest::collection::vec(tax(), 0..4),
        proptest::option::of(charge),
        list,
        proptest::collection::vec(promotion(), 0..6),
    )
        .prop_map(|((rounding, per_order, after_tax, digits), taxes, charge, list, promotions)| {
            PriceBook {
                price_book_id: PriceBookId::from_bytes(id(1)),
                version: 1,
                name: "book".into(),
                outlet_ids: vec![],
                channels: vec![],
                currency: currency("USD"),
                digits: Some(digits),
                valid_from: None,
                valid_until: None,
                rounding,
                tax_rounding: if per_order { TaxRounding::Order } else { TaxRounding::Line },
                discount_timing: if after_tax { DiscountTiming::AfterTax } else { DiscountTiming::BeforeTax },
                service_charge: charge.map(|(ppm, mask, before)| ServiceRule {
                    rate_ppm: Rate(ppm),
                    tax_ids: (0..taxes.len() as u8).filter(|n| mask & (1 << n) != 0).map(tax_id).collect(),
                    base: if before { ServiceBase::BeforeDiscount } else { ServiceBase::AfterDiscount },
                    channels: vec![],
                }),
                taxes: (0..).zip(taxes).map(|(n, tax)| TaxRule { tax_id: tax_id(n), ..tax }).collect(),
                cash_rounding: None,
                price_lists: vec![PriceList {
                    price_list_id: PriceListId::from_bytes(id(1)),
                    name: "list".into(),
                    segments: vec![],
                    channels: vec![],
                    schedule: Schedule::default(),
                    priority: 0,
                    prices: list
                        .into_iter()
                        .map(|(n, from, price)| ListPrice {
                            item_id: item(n),
                            variant_id: None,
                            from_quantity: Quantity::from_thousandths(from * 1_000),
                            unit_price: UnitPrice::from_ten_thousandths(price),
                        })
                        .collect(),
                }],
                promotions: (0..)
                    .zip(promotions)
                    .map(|(n, rule)| Promotion { promotion_id: PromotionId::from_bytes(id(n)), ..rule })
                    .collect(),
            }
        })
}

/// Price, thousandths (whole or not), item, taxes by mask, percent off.
type Drawn = (i64, i64, bool, u8, u8, Option<u32>);

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let percent = proptest::option::weighted(0.2, 0_u32..=1_000_000);
    proptest::collection::vec((0_i64..200_000, 1_i64..6, any::<bool>(), 0_u8..7, any::<u8>(), percent), 1..9)
}

fn lines(drawn: &[Drawn], taxes: usize) -> Vec<SaleLine> {
    let line = |(n, (price, quantity, whole, goods, mask, off)): (u128, &Drawn)| SaleLine {
        price: PriceLine {
            line_id: LineId::from_bytes(id(n + 1)),
            unit_price: UnitPrice::from_ten_thousandths(*price),
            quantity: Quantity::from_thousandths(if *whole { quantity * 1_000 } else { quantity * 333 }),
            tax_ids: (0..taxes as u8).filter(|n| mask & (1 << n) != 0).map(tax_id).collect(),
            discount: off.map(|ppm| Discount::Percent(Rate(ppm))),
        },
        item_id: (*goods < 6).then(|| item(*goods)),
        variant_id: None,
        category_id: (*goods < 6).then(|| shelf(goods % 3)),
        weighed: !whole,
        own_price: Some(UnitPrice::from_ten_thousandths(*price)),
    };
    (0..).zip(drawn).map(line).collect()
}

fn terms(exempt: bool, promotions: usize) -> SaleTerms {
    SaleTerms {
        exemption: exempt.then(|| Exemption {
            tax_ids: vec![tax_id(0)],
            treatment: Treatment::Exempt,
            reason: "certificate".into(),
        }),
        allowances: (0..promotions)
            .map(|n| Allowance {
                promotion_id: PromotionId::from_bytes(id(n as u128)),
                coupon: None,
                left: 2,
            })
            .collect(),
        ..SaleTerms::default()
    }
}

fn compute(
    ready: &ReadyBook,
    lines: &[SaleLine],
    order_discount: Option<Discount>,
    terms: &SaleTerms,
) -> Result<Computed, PricingError> {
    ready.price(&Sale { lines, order_discount, terms })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn laws_of_every_order(
        book in book(), drawn in drawn(), off in proptest::option::weighted(0.3, 0_u32..=1_000_000),
        exempt in proptest::bool::weighted(0.2), turn in 0_usize..8, steps in proptest::collection::vec(1_i64..3, 0..6),
    ) {
        let (taxes, promotions) = (book.taxes.len(), book.promotions.len());
        let withheld = book.taxes.iter().filter(|tax| matches!(tax.kind, TaxKind::Withheld { .. })).count();
        let lines = lines(&drawn, taxes);
        let terms = terms(exempt, promotions);
        let off = off.map(|ppm| Discount::Percent(Rate(ppm)));
        let without = ReadyBook::new(PriceBook { promotions: vec![], ..book.clone() }).unwrap();
        // A server reads the book as it was sent, and computes the same.
        let sent: PriceBook = serde_json::from_str(&serde_json::to_string(&book).unwrap()).unwrap();
        prop_assert_eq!(&sent, &book);
        let (till, server) = (ReadyBook::new(book).unwrap(), ReadyBook::new(sent).unwrap());
        let computed = compute(&till, &lines, off, &terms).unwrap();
        prop_assert_eq!(&compute(&server, &lines, off, &terms).unwrap(), &computed);
        let order = &computed.order;
        let sum = |figure: &dyn Fn(&shared::pricing::PricedLine) -> i64| -> i64 { order.lines.iter().map(figure).sum() };

        // Parts sum to the whole.
        prop_assert_eq!(sum(&|line| line.gross.minor()), order.subtotal.minor());
        prop_assert_eq!(sum(&|line| line.share.minor()), order.total.minor());
        prop_assert_eq!(sum(&|line| line.tax_share.minor()), order.tax_total.minor());
        let taxes: i64 = order.taxes.iter().map(|tax| tax.amount.minor()).sum();
        prop_assert_eq!(taxes, order.tax_total.minor());
        let after_tax = sum(&|line| line.after_tax_discount.map_or(0, Money::minor));
        let nets = sum(&|line| line.net.minor());
        prop_assert_eq!(order.subtotal.minor() - nets + after_tax, order.discount_total.minor());
        let on_top: i64 = order.taxes.iter().filter(|tax| !tax.included).map(|tax| tax.amount.minor()).sum();
        prop_assert_eq!(nets + order.service_charge.minor() + on_top - after_tax, order.total.minor());

        // No discount or promotion takes more than there is, and none raises the total.
        for line in &order.lines {
            prop_assert!(line.net.minor() >= 0);
            prop_assert!(line.promotions.iter().all(|applied| applied.amount.minor() > 0));
            let promoted = line.promotion_discount().unwrap().minor();
            let left = line.gross.minor() - line.line_discount.minor() - promoted - line.order_discount.minor();
            prop_assert_eq!(left, line.net.minor());
            // What is included and what it is counted on are the price.
            let inside: i64 = line.taxes.iter().filter(|tax| tax.included).map(|tax| tax.amount.minor()).sum();
            let base = line.taxes.iter().find(|tax| tax.included && tax.treatment.is_collected());
            if let Some(first) = base {
                prop_assert!(first.base.minor() >= line.net.minor() - inside);
            }
        }
        if off.is_none() {
            let dearer = compute(&without, &lines, off, &terms).unwrap();
            // Each withheld tax is rounded by itself: less to withhold from may round to nothing withheld.
            let rounded = withheld * (lines.len() + 1);
            let most = dearer.order.total.minor() + i64::try_from(rounded).unwrap();
            prop_assert!(order.total.minor() <= most, "a promotion raised the total");
        }

        // It does not matter which line was rung up first.
        let mut turned = lines.clone();
        turned.rotate_left(turn % lines.len());
        let other = compute(&till, &turned, off, &terms).unwrap();
        prop_assert_eq!(other.order.total, order.total);
        prop_assert_eq!(&other.order.taxes, &order.taxes);
        let mut back = other.order.lines;
        back.rotate_right(turn % lines.len());
        prop_assert_eq!(&back, &order.lines);

        // Refunds in whatever steps give back exactly the order.
        let (mut given, mut tax) = (0, 0);
        for (line, sold) in order.lines.iter().zip(&lines) {
            let sold = sold.price.quantity;
            let mut before = Quantity::ZERO;
            for step in steps.iter().map(|step| Quantity::from_thousandths(step * 500)) {
                let step = if before.add(step).unwrap() > sold { sold.sub(before).unwrap() } else { step };
                given += part_of(line.share, sold, before, step).unwrap().minor();
                tax += part_of(line.tax_share, sold, before, step).unwrap().minor();
                before = before.add(step).unwrap();
            }
            let rest = sold.sub(before).unwrap();
            given += part_of(line.share, sold, before, rest).unwrap().minor();
            tax += part_of(line.tax_share, sold, before, rest).unwrap().minor();
        }
        prop_assert_eq!((given, tax), (order.total.minor(), order.tax_total.minor()));
    }

    #[test]
    fn a_price_with_tax_in_it_and_one_with_tax_on_top_agree(base in 1_i64..100_000, rate in 0_u32..=5_000) {
        // A net price whose tax comes out even, once on top and once in the price.
        let (base, ppm) = (base * 10_000, rate * 100);
        let gross = base + i64::try_from(i128::from(base) * i128::from(ppm) / 1_000_000).unwrap();
        let rules = |included| TaxRule {
            tax_id: tax_id(0), name: "VAT".into(), kind: TaxKind::Percent { rate_ppm: Rate(ppm) }, included,
            affects_next: false, affected_by_previous: true, sequence: 0, treatment: Treatment::Collected,
            channels: vec![], outlet_ids: vec![],
        };
        let order = |included: bool, price: i64| {
            let plain = shared::pricing::PriceRules {
                currency: currency("USD"), digits: 2, rounding: RoundingMode::HalfUp, tax_rounding: TaxRounding::Line,
                taxes: vec![], service_charge: None, cash_rounding: None,
            };
            let book = PriceBook { taxes: vec![rules(included)], ..PriceBook::plain(&plain, 1) };
            let line = PriceLine {
                line_id: LineId::from_bytes(id(1)), unit_price: UnitPrice::from_money(usd(price), 2).unwrap(),
                quantity: Quantity::ONE, tax_ids: vec![tax_id(0)], discount: None,
            };
            let lines = [SaleLine::plain(line)];
            compute(&ReadyBook::new(book).unwrap(), &lines, None, &SaleTerms::default()).unwrap().order
        };
        let (inside, on_top) = (order(true, gross), order(false, base));
        prop_assert_eq!(inside.total, on_top.total);
        prop_assert_eq!(inside.tax_total, on_top.tax_total);
        prop_assert_eq!(inside.taxes[0].base, on_top.taxes[0].base);
    }

    #[test]
    fn every_figure_there_is_gives_a_result_or_a_named_error(
        book in book(), prices in proptest::collection::vec((any::<i64>(), any::<i64>(), 0_u8..7, any::<u8>()), 0..4),
        off in proptest::option::of(any::<i64>()), at in any::<i64>(),
    ) {
        let taxes = book.taxes.len();
        let lines: Vec<SaleLine> = (0..).zip(&prices).map(|(n, (price, quantity, goods, mask))| {
            let mut line = lines(&[(0, 1, true, *goods, *mask, None)], taxes).remove(0);
            line.price.line_id = LineId::from_bytes(id(n));
            line.price.unit_price = UnitPrice::from_ten_thousandths(*price);
            line.price.quantity = Quantity::from_thousandths(*quantity);
            line.own_price = Some(UnitPrice::from_ten_thousandths(price / 2));
            line
        }).collect();
        let terms = SaleTerms { at: Timestamp::from_millis(at), channel: Channel::Delivery, ..terms(false, 3) };
        let off = off.map(|minor| Discount::Amount(usd(minor)));
        let ready = ReadyBook::new(book).unwrap();
        if let Ok(computed) = compute(&ready, &lines, off, &terms) {
            prop_assert!(computed.order.lines.iter().all(|line| line.net.minor() >= 0));
        }
    }

    #[test]
    fn whatever_stands_in_a_basket_is_priced_or_refused_by_name(text in "[\\{\\}\\[\\]\",:a-z0-9\\.\\-]{0,60}", at in 0_usize..400, odd in any::<i64>()) {
        let _ = shared::pricing::basket::price_text(&text);
        // A good basket with one odd value in it.
        let good = r#"{"currency":"USD","digits":2,"taxes":[{"id":"t","amount":"10"}],"lines":[{"id":"1","unit_price":"9.99","quantity":"3","taxes":["t"],"discount":{"percent":"5"}}],"order_discount":{"amount":"1"},"promotions":[{"id":"p","kind":"percent","percent":"10"}],"service_charge":{"percent":"6"}}"#;
        let odd = odd.to_string();
        let broken: String = good.chars().take(at).chain(odd.chars()).chain(good.chars().skip(at + 1)).collect();
        if let Err(error) = shared::pricing::basket::price_text(&broken) {
            prop_assert!(!error.code.is_empty() && !error.message.is_empty());
        }
        let value: Value = serde_json::from_str(good).unwrap();
        prop_assert!(shared::pricing::basket::price_value(&value).is_ok());
    }
}
