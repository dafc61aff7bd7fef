//! The states of an order, and how it is settled.

use proptest::prelude::*;
use shared::ids::{CartId, StaffId};
use shared::money::{Money, MoneyError, RoundingMode};
use shared::order::{OrderState, TenderError, TenderGiven, TenderKind, TransitionError, VoidedOrder, settle};
use shared::pricing::{CashRounding, PriceLine, price};

use crate::made::{NOON, currency, id, idr, order, restaurant};

fn voided(cart_id: CartId) -> VoidedOrder {
    VoidedOrder {
        cart_id,
        staff_id: StaffId::from_bytes(id(7)),
        occurred_at: NOON,
        reason: "guest left".into(),
        total: idr(0),
        approval_id: None,
    }
}

fn state(name: &str) -> OrderState {
    let sale = order(&[(35_000, 1_000)], None);
    let cart_id = sale.cart_id;
    let open = OrderState::Open { cart_id };
    match name {
        "held" => open.hold("table 4".into(), NOON).unwrap(),
        "completed" => open.complete(sale).unwrap(),
        "voided" => open.void(voided(cart_id)).unwrap(),
        _ => open,
    }
}

fn step(from: OrderState, step: &str) -> Result<OrderState, TransitionError> {
    let sale = order(&[(35_000, 1_000)], None);
    match step {
        "hold" => from.hold("bar".into(), NOON),
        "recall" => from.recall(),
        "complete" => from.complete(sale),
        _ => from.void(voided(sale.cart_id)),
    }
}

#[test]
fn an_order_takes_only_the_steps_of_the_table() {
    let table = [
        ("open", ["held", "", "completed", "voided"]),
        ("held", ["", "open", "", "voided"]),
        ("completed", ["", "", "", ""]),
        ("voided", ["", "", "", ""]),
    ];
    for (from, expected) in table {
        for (name, expected) in ["hold", "recall", "complete", "void"].into_iter().zip(expected) {
            assert_eq!(state(from).name(), from);
            match step(state(from), name) {
                Ok(next) => assert_eq!(next.name(), expected, "{from}, {name}"),
                Err(error) => {
                    assert_eq!(expected, "", "{from}, {name}");
                    assert_eq!(error.from, from);
                }
            }
        }
    }
}

#[test]
fn holding_and_recalling_keeps_the_cart() {
    let OrderState::Open { cart_id } = state("open") else { panic!("not open") };
    assert_eq!(state("held").recall(), Ok(OrderState::Open { cart_id }));
}

#[test]
fn an_order_is_never_completed_or_voided_with_another_cart() {
    let other = OrderState::Open { cart_id: CartId::from_bytes(id(99)) };
    assert!(other.clone().complete(order(&[(1, 1_000)], None)).is_err());
    assert!(other.void(voided(CartId::from_bytes(id(98)))).is_err());
}

#[test]
fn an_order_gives_back_the_figures_it_was_computed_with() {
    let sale = order(&[(35_000, 2_000), (46_000, 3_000)], None);
    let lines: Vec<PriceLine> = sale
        .lines
        .iter()
        .map(|line| PriceLine {
            line_id: line.figures.line_id,
            unit_price: line.unit_price,
            quantity: line.quantity,
            tax_ids: line.figures.taxes.iter().map(|tax| tax.tax_id).collect(),
            discount: line.discount,
        })
        .collect();
    assert_eq!(price(&restaurant(), &lines, sale.order_discount), Ok(sale.figures()));
    assert_eq!((sale.total, sale.cash_rounding, sale.change_due), (idr(242_528), idr(-28), idr(57_500)));
}

fn given(kind: TenderKind, minor: i64) -> TenderGiven {
    TenderGiven { kind, given: idr(minor) }
}

#[test]
fn tenders_come_to_the_figures_of_the_table() {
    use TenderKind::{Card, Cash, Qris};
    let hundred = CashRounding { increment: 100, mode: RoundingMode::HalfUp };
    let total = idr(242_528);
    let missing = |minor| Err(TenderError::Missing { missing: idr(minor) });
    /// What was given, and the rounding and change it comes to.
    type Case<'a> = (&'a [TenderGiven], Result<(i64, i64), TenderError>);
    let cases: [Case<'_>; 15] = [
        (&[given(Cash, 250_000)], Ok((-28, 7_500))),
        (&[given(Cash, 242_500)], Ok((-28, 0))),
        (&[given(Cash, 242_499)], missing(1)),
        (&[given(Card, 242_528)], Ok((0, 0))),
        (&[given(Card, 242_529)], Err(TenderError::Overpaid)),
        (&[given(Card, 242_500)], missing(28)),
        (&[given(Card, 100_000), given(Qris, 142_528)], Ok((0, 0))),
        (&[given(Card, 100_000), given(Cash, 150_000)], Ok((-28, 7_500))),
        (&[given(Cash, 150_000), given(Card, 100_000)], Ok((-28, 7_500))),
        (&[given(Card, 242_528), given(Cash, 1_000)], Err(TenderError::Overpaid)),
        (&[given(Card, 242_500), given(Cash, 0)], Ok((-28, 0))),
        (&[given(Cash, 200_000), given(Cash, 50_000)], Err(TenderError::CashTwice)),
        (&[given(Cash, 0)], Err(TenderError::NotPositive)),
        (&[given(Card, -1), given(Cash, 250_000)], Err(TenderError::NotPositive)),
        (&[], missing(242_528)),
    ];
    for (tenders, expected) in cases {
        let settled = settle(total, tenders, Some(&hundred));
        let figures = settled.map(|s| (s.cash_rounding.minor(), s.change_due.minor()));
        assert_eq!(figures, expected, "{tenders:?}");
    }
}

#[test]
fn an_order_of_nothing_is_settled_by_nothing() {
    let zero = idr(0);
    for tenders in [&[][..], &[given(TenderKind::Cash, 0)], &[given(TenderKind::Card, 0)]] {
        let settled = settle(zero, tenders, None).unwrap();
        assert_eq!((settled.change_due, settled.cash_rounding), (zero, zero));
    }
    let refused = settle(zero, &[given(TenderKind::Card, -5), given(TenderKind::Cash, 5)], None);
    assert_eq!(refused, Err(TenderError::NotPositive), "a means that gives money back");
}

#[test]
fn other_money_settles_nothing() {
    let sek = TenderGiven { kind: TenderKind::Cash, given: Money::new(100, currency("SEK")) };
    assert!(matches!(
        settle(idr(100), &[sek], None),
        Err(TenderError::Money(MoneyError::CurrencyMismatch(..)))
    ));
}

proptest! {
    #[test]
    fn settling_conserves_money(
        total in 0_i64..10_000_000,
        others in proptest::collection::vec((1_i64..3_000_000, 1_usize..4), 0..4),
        cash in proptest::option::of(0_i64..20_000_000),
        step in proptest::option::of((1_i64..2_000, 0_usize..4)),
    ) {
        let kinds = [TenderKind::Cash, TenderKind::Card, TenderKind::Qris, TenderKind::VietQr];
        let modes = [RoundingMode::HalfUp, RoundingMode::HalfEven, RoundingMode::Up, RoundingMode::Down];
        let rule = step.map(|(increment, mode)| CashRounding { increment, mode: modes[mode] });
        let mut tenders: Vec<TenderGiven> = others.iter().map(|(minor, kind)| given(kinds[*kind], *minor)).collect();
        tenders.extend(cash.map(|minor| given(TenderKind::Cash, minor)));
        let Ok(settled) = settle(idr(total), &tenders, rule.as_ref()) else { return Ok(()) };

        let sum = |figures: &mut dyn Iterator<Item = Money>| Money::sum(currency("IDR"), figures).unwrap();
        let amounts = sum(&mut settled.amounts.iter().map(|(_, amount)| *amount));
        let handed_over = sum(&mut tenders.iter().map(|tender| tender.given));
        prop_assert_eq!(amounts, idr(total).add(settled.cash_rounding).unwrap());
        prop_assert_eq!(handed_over.sub(amounts).unwrap(), settled.change_due);
        prop_assert!(!settled.change_due.is_negative());
        for (tender, amount) in &settled.amounts {
            prop_assert!(tender.kind == TenderKind::Cash || tender.given == *amount, "change from other than cash");
        }
        let bound = rule.map_or(0, |rule| rule.increment - 1);
        prop_assert!(settled.cash_rounding.minor().abs() <= bound);
        if cash.is_none() {
            prop_assert!(settled.cash_rounding.is_zero());
        }
    }

    #[test]
    fn paying_what_is_missing_settles(total in 1_i64..10_000_000, first in 1_i64..10_000_000) {
        let card = given(TenderKind::Card, first.min(total));
        match settle(idr(total), &[card], None) {
            Ok(_) => prop_assert_eq!(card.given, idr(total)),
            Err(TenderError::Missing { missing }) => {
                let cash = TenderGiven { kind: TenderKind::Cash, given: missing };
                prop_assert_eq!(settle(idr(total), &[card, cash], None).unwrap().change_due, idr(0));
            }
            Err(error) => return Err(TestCaseError::fail(error.to_string())),
        }
    }
}
