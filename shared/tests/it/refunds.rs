//! Partial refunds: together they give back the order, never more.

use std::collections::HashMap;

use proptest::prelude::*;
use shared::ids::LineId;
use shared::money::{Money, Quantity, Rate};
use shared::pricing::Discount;
use shared::refund::{AlreadyRefunded, RefundError, part_of, refund_lines};

use crate::made::{currency, id, idr, order};

fn never(_: LineId) -> AlreadyRefunded {
    AlreadyRefunded::default()
}

fn line(n: u128) -> LineId {
    LineId::from_bytes(id(100 + n))
}

#[test]
fn one_unit_of_three_gives_back_its_share_and_the_rest_the_rest() {
    let share = idr(100);
    let part = |before: i32, pieces: i32| {
        part_of(share, Quantity::pieces(3), Quantity::pieces(before), Quantity::pieces(pieces))
            .unwrap()
            .minor()
    };
    assert_eq!([part(0, 1), part(1, 1), part(2, 1)], [33, 34, 33]);
    assert_eq!([part(0, 2), part(2, 1)], [67, 33]);
    assert_eq!(part(0, 3), 100);
}

#[test]
fn a_refund_holds_service_and_taxes_and_no_discount() {
    let sale = order(&[(35_000, 2_000), (46_000, 3_000)], Some(Discount::Percent(Rate::percent(10))));
    let chosen = [(line(0), Quantity::ONE, true), (line(1), Quantity::pieces(3), false)];
    let lines = refund_lines(&sale, &chosen, never).unwrap();
    // Half of line 1: 31,500 and its service and PB1; all of line 2.
    assert_eq!(lines[0].amount, idr(36_729));
    assert_eq!(lines[1].amount, sale.lines[1].figures.share);
    assert_eq!((lines[0].restock, lines[1].restock), (true, false));
    let whole = [(line(0), Quantity::pieces(2), true), (line(1), Quantity::pieces(3), true)];
    let lines = refund_lines(&sale, &whole, never).unwrap();
    assert_eq!(Money::sum(currency("IDR"), lines.iter().map(|line| line.amount)), Ok(sale.total));
    assert_eq!(Money::sum(currency("IDR"), lines.iter().map(|line| line.tax)), Ok(sale.tax_total));
}

#[test]
fn refund_cannot_exceed_what_was_sold() {
    let sale = order(&[(35_000, 2_000), (46_000, 3_000)], None);
    let refuse = |chosen: &[(LineId, Quantity, bool)], before: i32| {
        refund_lines(&sale, chosen, |_| AlreadyRefunded { quantity: Quantity::pieces(before) }).unwrap_err()
    };
    let too_many = |left: i32| RefundError::TooMany { line_id: line(0), left: Quantity::pieces(left) };
    assert_eq!(refuse(&[(line(0), Quantity::pieces(3), true)], 0), too_many(2));
    assert_eq!(refuse(&[(line(0), Quantity::pieces(2), true)], 1), too_many(1));
    assert_eq!(refuse(&[(line(0), Quantity::ONE, true)], 2), too_many(0));
    assert_eq!(refuse(&[(line(0), Quantity::ZERO, true)], 0), too_many(2));
    assert_eq!(refuse(&[(line(0), Quantity::pieces(-1), true)], 0), too_many(2));
    assert_eq!(refuse(&[(line(9), Quantity::ONE, true)], 0), RefundError::UnknownLine(line(9)));
    let twice = [(line(0), Quantity::ONE, true), (line(0), Quantity::ONE, true)];
    assert_eq!(refuse(&twice, 0), RefundError::UnknownLine(line(0)), "a line chosen twice");
    assert_eq!(refuse(&[], 0), RefundError::Nothing);
}

proptest! {
    #[test]
    fn parts_give_back_exactly_the_whole_in_any_steps(
        share in 0_i64..1_000_000_000, steps in proptest::collection::vec(1_i64..5_000, 1..20),
    ) {
        let sold = Quantity::from_thousandths(steps.iter().sum());
        let (mut before, mut back) = (Quantity::ZERO, idr(0));
        for step in steps {
            let step = Quantity::from_thousandths(step);
            let part = part_of(idr(share), sold, before, step).unwrap();
            prop_assert!(!part.is_negative());
            before = before.add(step).unwrap();
            back = back.add(part).unwrap();
            prop_assert!(back.minor() <= share);
        }
        prop_assert_eq!(back, idr(share));
    }

    #[test]
    fn refunds_line_by_line_in_any_order_give_back_the_order(
        lines in proptest::collection::vec((1_i64..200_000, 1_i64..6), 1..6),
        percent in 0_u32..=100,
        picks in proptest::collection::vec(any::<prop::sample::Index>(), 40),
    ) {
        let sold: Vec<(i64, i64)> = lines.iter().map(|(price, pieces)| (*price, pieces * 1_000)).collect();
        let sale = order(&sold, Some(Discount::Percent(Rate::percent(percent))));
        let mut units: Vec<LineId> = (0_u128..)
            .zip(&lines)
            .flat_map(|(n, (_, pieces))| std::iter::repeat_n(line(n), usize::try_from(*pieces).unwrap()))
            .collect();
        let mut already: HashMap<LineId, Quantity> = HashMap::new();
        let (mut back, mut tax) = (idr(0), idr(0));
        for pick in picks.iter().cycle() {
            if units.is_empty() {
                break;
            }
            let line_id = units.remove(pick.index(units.len()));
            let before = already.entry(line_id).or_default();
            let refund = refund_lines(&sale, &[(line_id, Quantity::ONE, true)], |_| AlreadyRefunded { quantity: *before });
            let refund = refund.unwrap();
            *before = before.add(Quantity::ONE).unwrap();
            back = back.add(refund[0].amount).unwrap();
            tax = tax.add(refund[0].tax).unwrap();
        }
        prop_assert_eq!(back, sale.total);
        prop_assert_eq!(tax, sale.tax_total);
    }
}
