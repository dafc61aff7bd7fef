//! Laws of the computation, and what it refuses.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use proptest::prelude::*;

use super::*;
use crate::ids::{LineId, TaxId};
use crate::money::{CurrencyCode, Quantity, UnitPrice};
use crate::pricing::{CashRounding, ServiceCharge, Tax, TaxRounding};

fn idr() -> CurrencyCode {
    "IDR".parse().unwrap()
}

fn tax_id(n: u8) -> TaxId {
    TaxId::from_bytes([n; 16])
}

fn tax(n: u8, rate_ppm: u32, included: bool) -> Tax {
    Tax { tax_id: tax_id(n), name: format!("T{n}"), rate_ppm: Rate(rate_ppm), included }
}

fn rules(taxes: Vec<Tax>, charge: Option<(u32, Vec<u8>)>) -> PriceRules {
    let service_charge = charge.map(|(rate_ppm, taxes)| ServiceCharge {
        rate_ppm: Rate(rate_ppm),
        tax_ids: taxes.into_iter().map(tax_id).collect(),
    });
    PriceRules {
        currency: idr(),
        digits: 2,
        rounding: RoundingMode::HalfUp,
        tax_rounding: TaxRounding::Line,
        taxes,
        service_charge,
        cash_rounding: None,
    }
}

fn line(n: u8, price: i64, thousandths: i64, taxes: &[u8], discount: Option<Discount>) -> PriceLine {
    PriceLine {
        line_id: LineId::from_bytes([n; 16]),
        unit_price: UnitPrice::from_ten_thousandths(price),
        quantity: Quantity::from_thousandths(thousandths),
        tax_ids: taxes.iter().map(|n| tax_id(*n)).collect(),
        discount,
    }
}

fn amount(minor: i64) -> Option<Discount> {
    Some(Discount::Amount(Money::new(minor, idr())))
}

#[test]
fn what_cannot_be_computed_is_named() {
    let plain = rules(vec![tax(1, 100_000, false)], None);
    let one = |discount| [line(1, 10_000, 1_000, &[1], discount)];
    let id = LineId::from_bytes([1; 16]);
    let sek = Some(Discount::Amount(Money::new(1, "SEK".parse().unwrap())));
    let cases = [
        (price(&plain, &one(amount(101)), None), PricingError::Discount),
        (price(&plain, &one(amount(-1)), None), PricingError::Discount),
        (price(&plain, &one(None), amount(101)), PricingError::Discount),
        (price(&plain, &one(amount(60)), amount(41)), PricingError::Discount),
        (price(&plain, &one(Some(Discount::Percent(Rate(1_000_001)))), None), PricingError::Discount),
        (price(&plain, &[], amount(1)), PricingError::Discount),
        (
            price(&plain, &one(sek), None),
            PricingError::Money(MoneyError::CurrencyMismatch(idr(), "SEK".parse().unwrap())),
        ),
        (price(&plain, &[line(1, 10_000, 0, &[], None)], None), PricingError::Quantity(id)),
        (price(&plain, &[line(1, 10_000, -1_000, &[], None)], None), PricingError::Quantity(id)),
        (price(&plain, &[line(1, -1, 1_000, &[], None)], None), PricingError::NegativePrice(id)),
        (price(&plain, &[line(1, 1, 1_000, &[9], None)], None), PricingError::UnknownTax(tax_id(9))),
        (price(&rules(vec![], Some((1, vec![9]))), &[], None), PricingError::UnknownTax(tax_id(9))),
        (
            price(&plain, &[line(1, i64::MAX, i64::MAX, &[], None)], None),
            PricingError::Money(MoneyError::Overflow),
        ),
    ];
    for (result, error) in cases {
        assert_eq!(result, Err(error));
    }
}

#[test]
fn rules_that_cannot_be_followed_are_refused() {
    let digits = PriceRules { digits: 5, ..rules(vec![], None) };
    let step = CashRounding { increment: 0, mode: RoundingMode::HalfUp };
    let step = PriceRules { cash_rounding: Some(step), ..rules(vec![], None) };
    let twice = rules(vec![tax(1, 5, false), tax(1, 7, true)], None);
    for rules in [digits, step, twice] {
        assert!(matches!(price(&rules, &[], None), Err(PricingError::Rules(_))), "{rules:?}");
    }
}

#[test]
fn the_whole_may_be_given_away_but_not_more() {
    let rules = rules(vec![tax(1, 100_000, true)], Some((50_000, vec![1])));
    let lines = [line(1, 10_000, 3_000, &[1], amount(100)), line(2, 10_000, 1_000, &[1], None)];
    let order = price(&rules, &lines, amount(300)).unwrap();
    assert!(order.total.is_zero() && order.tax_total.is_zero() && order.service_charge.is_zero());
    assert_eq!(price(&rules, &lines, amount(301)), Err(PricingError::Discount));
}

#[test]
fn a_tax_named_twice_applies_once() {
    let rules = rules(vec![tax(1, 100_000, false)], None);
    let order = price(&rules, &[line(1, 10_000, 1_000, &[1, 1], None)], None).unwrap();
    assert_eq!(order.tax_total.minor(), 10);
}

#[test]
fn a_charge_of_nothing_leaves_no_tax_behind() {
    let rules = rules(vec![tax(1, 100_000, false)], Some((0, vec![1])));
    let order = price(&rules, &[line(1, 10_000, 1_000, &[], None)], None).unwrap();
    assert_eq!(order.taxes, []);
}

fn any_discount() -> impl Strategy<Value = Option<Discount>> {
    prop_oneof![
        3 => Just(None),
        1 => (0_u32..=1_000_000).prop_map(|ppm| Some(Discount::Percent(Rate(ppm)))),
        1 => (0_i64..300).prop_map(amount),
    ]
}

fn any_rules() -> impl Strategy<Value = PriceRules> {
    let mode = prop_oneof![
        Just(RoundingMode::HalfUp),
        Just(RoundingMode::HalfEven),
        Just(RoundingMode::Up),
        Just(RoundingMode::Down)
    ];
    let taxes = proptest::collection::vec((0_u32..400_000, any::<bool>()), 0..4);
    let charge = proptest::option::of((0_u32..300_000, any::<u8>()));
    (mode, any::<bool>(), taxes, charge, 0_u8..=4).prop_map(|(rounding, per_order, taxes, charge, digits)| {
        let count = taxes.len() as u8;
        let numbered = taxes.into_iter().zip(0_u8..).map(|((ppm, included), n)| tax(n, ppm, included));
        let charge = charge.map(|(ppm, mask)| (ppm, (0..count).filter(|n| mask & (1 << n) != 0).collect()));
        PriceRules {
            digits,
            rounding,
            tax_rounding: if per_order { TaxRounding::Order } else { TaxRounding::Line },
            ..rules(numbered.collect(), charge)
        }
    })
}

/// Lines with taxes by mask: bits beyond the rules' taxes name none.
fn any_lines() -> impl Strategy<Value = Vec<(i64, i64, u8, Option<Discount>)>> {
    proptest::collection::vec((0_i64..3_000_000, 1_i64..20_000, any::<u8>(), any_discount()), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn parts_sum_to_the_whole(rules in any_rules(), lines in any_lines(), order_discount in any_discount()) {
        let count = rules.taxes.len() as u8;
        let lines: Vec<PriceLine> = lines.into_iter().zip(0_u8..).map(|((price, quantity, mask, discount), n)| {
            let taxes: Vec<u8> = (0..count).filter(|n| mask & (1 << n) != 0).collect();
            line(n, price, quantity, &taxes, discount)
        }).collect();
        let order = match price(&rules, &lines, order_discount) {
            Ok(order) => order,
            Err(PricingError::Discount) => return Ok(()),
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        };
        let sum = |figure: &dyn Fn(&PricedLine) -> Money| -> Money {
            Money::sum(idr(), order.lines.iter().map(figure)).unwrap()
        };
        prop_assert_eq!(sum(&|line| line.gross), order.subtotal);
        let discounts = sum(&|line| line.line_discount).add(sum(&|line| line.order_discount)).unwrap();
        prop_assert_eq!(discounts, order.discount_total);
        if !lines.is_empty() {
            prop_assert_eq!(sum(&|line| line.share), order.total);
            prop_assert_eq!(sum(&|line| line.tax_share), order.tax_total);
        }
        let amounts = order.taxes.iter().map(|tax| tax.amount);
        prop_assert_eq!(Money::sum(idr(), amounts).unwrap(), order.tax_total);
        let exclusive = Money::sum(idr(), order.taxes.iter().filter(|t| !t.included).map(|t| t.amount)).unwrap();
        let whole = order.subtotal.sub(order.discount_total).unwrap().add(order.service_charge).unwrap();
        prop_assert_eq!(whole.add(exclusive).unwrap(), order.total);

        for line in &order.lines {
            let left = line.gross.sub(line.line_discount).unwrap().sub(line.order_discount).unwrap();
            prop_assert_eq!(left, line.net);
            prop_assert!(!line.net.is_negative() && !line.order_discount.is_negative());
            prop_assert_eq!(Money::sum(idr(), line.taxes.iter().map(|tax| tax.amount)).unwrap(), line.tax);
            prop_assert!(line.taxes.iter().all(|tax| !tax.amount.is_negative() && !tax.base.is_negative()));
            let inside = Money::sum(idr(), line.taxes.iter().filter(|t| t.included).map(|t| t.amount)).unwrap();
            if let Some(tax) = line.taxes.iter().find(|tax| tax.included) {
                prop_assert_eq!(tax.base.add(inside).unwrap(), line.net, "base and taxes are the net");
            }
        }
    }

    #[test]
    fn every_input_gives_a_result_or_a_named_error(
        rules in any_rules(),
        lines in proptest::collection::vec((any::<i64>(), any::<i64>(), any::<u8>(), proptest::option::of(any::<i64>())), 0..4),
        off in proptest::option::of(any::<i64>()),
    ) {
        let lines: Vec<PriceLine> = lines.into_iter().zip(0_u8..).map(|((price, quantity, tax, off), n)| {
            line(n, price, quantity, &[tax % 4], off.and_then(amount))
        }).collect();
        if let Ok(order) = price(&rules, &lines, off.and_then(amount)) {
            prop_assert!(!order.total.is_negative());
        }
    }

    #[test]
    fn rounding_per_order_and_per_line_differ_by_less_than_one_unit_a_line(
        lines in proptest::collection::vec(1_i64..1_000_000, 1..30), ppm in 1_u32..300_000, included in any::<bool>(),
    ) {
        let per_line = rules(vec![tax(1, ppm, included)], None);
        let per_order = PriceRules { tax_rounding: TaxRounding::Order, ..per_line.clone() };
        let lines: Vec<PriceLine> = lines.into_iter().zip(0_u8..).map(|(p, n)| line(n, p, 1_000, &[1], None)).collect();
        let taxes = |rules| price(rules, &lines, None).unwrap().tax_total.minor();
        prop_assert!((taxes(&per_line) - taxes(&per_order)).unsigned_abs() <= lines.len() as u64 / 2 + 1);
    }
}
