//! Laws of what is given back, over any order, any split of tenders and any steps.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use proptest::prelude::*;
use shared::ids::TenderId;
use shared::order::{TenderGiven, settle};

use super::*;

fn vnd(minor: i64) -> Money {
    Money::new(minor, "VND".parse().unwrap())
}

fn tender(kind: TenderKind, minor: i64) -> Tender {
    Tender {
        tender_id: TenderId::from_bytes([1; 16]),
        kind,
        amount: vnd(minor),
        given: vnd(minor),
        card: None,
    }
}

const HUNDREDS: CashRounding = CashRounding { increment: 100, mode: RoundingMode::HalfUp };

/// Gives back in steps; `None` is a refused step.
fn steps(paid: &[(TenderKind, i64)], total: i64, steps: &[(i64, TenderKind)]) -> Vec<Option<i64>> {
    let tenders: Vec<Tender> = paid.iter().map(|(kind, minor)| tender(*kind, *minor)).collect();
    let paid = Paid { total: vnd(total), tenders: &tenders };
    let mut before = Vec::new();
    let mut amounts = Vec::new();
    for (total, by) in steps {
        let due = linked(paid, &before, vnd(*total), *by, Some(&HUNDREDS));
        if let Ok(due) = &due {
            before.push(Given { by: *by, total: due.total, amount: due.amount });
        }
        amounts.push(due.ok().map(|due| due.amount.minor()));
    }
    amounts
}

#[test]
fn cash_in_steps_sums_to_what_was_paid() {
    use TenderKind::{Card, Cash, Qris};
    /// What it shows, how the order was paid, its total, the steps (lines, means), what each gives back.
    type Row<'a> = (&'a str, &'a [(TenderKind, i64)], i64, &'a [(i64, TenderKind)], &'a [Option<i64>]);
    let table: &[Row<'_>] = &[
        (
            "rounded down",
            &[(Cash, 12_300)],
            12_345,
            &[(4_115, Cash), (4_115, Cash), (4_115, Cash)],
            &[Some(4_100), Some(4_100), Some(4_100)],
        ),
        (
            "halves go up, then down",
            &[(Cash, 300)],
            300,
            &[(150, Cash), (150, Cash)],
            &[Some(200), Some(100)],
        ),
        (
            "cash for a card keeps what may go back to the card",
            &[(Card, 300)],
            300,
            &[(150, Cash), (150, Card)],
            &[Some(100), Some(150)],
        ),
        (
            "cash for a card in steps",
            &[(Card, 300)],
            300,
            &[(150, Cash), (150, Cash)],
            &[Some(100), Some(200)],
        ),
        ("cash for a card, once", &[(Card, 150)], 150, &[(150, Cash)], &[Some(100)]),
        (
            "mixed, cash first",
            &[(Card, 150), (Cash, 200)],
            300,
            &[(150, Cash), (150, Card)],
            &[Some(200), Some(150)],
        ),
        (
            "mixed, card first",
            &[(Card, 150), (Cash, 200)],
            300,
            &[(150, Card), (150, Cash)],
            &[Some(150), Some(200)],
        ),
        (
            "one line over two means",
            &[(Card, 200), (Cash, 100)],
            300,
            &[(300, Card), (300, Cash)],
            &[None, Some(300)],
        ),
        (
            "by a means that took nothing",
            &[(Card, 300)],
            300,
            &[(300, Qris), (1, Qris), (300, Card)],
            &[None, None, Some(300)],
        ),
        (
            "cash took none of a card's money back",
            &[(Card, 300), (Cash, 300)],
            600,
            &[(400, Card), (300, Card), (300, Card)],
            &[None, Some(300), None],
        ),
        ("nothing was captured", &[(Cash, 0)], 40, &[(40, Cash)], &[Some(0)]),
    ];
    for (name, paid, total, given, expected) in table {
        assert_eq!(steps(paid, *total, given), *expected, "{name}");
    }
}

#[test]
fn a_rule_that_changed_since_never_gives_more_than_was_paid() {
    let tenders = [tender(TenderKind::Cash, 12_300)];
    let paid = Paid { total: vnd(12_345), tenders: &tenders };
    let due = linked(paid, &[], vnd(12_345), TenderKind::Cash, None).unwrap();
    assert_eq!((due.amount, due.cash_rounding), (vnd(12_300), vnd(-45)));
    let tenders = [tender(TenderKind::Cash, 12_345)];
    let paid = Paid { total: vnd(12_345), tenders: &tenders };
    let before = [Given { by: TenderKind::Cash, total: vnd(4_115), amount: vnd(4_115) }];
    let due = linked(paid, &before, vnd(4_115), TenderKind::Cash, Some(&HUNDREDS)).unwrap();
    assert_eq!(due.amount, vnd(4_100), "in coins of the new rule");
}

fn kinds() -> impl Strategy<Value = TenderKind> {
    prop::sample::select(vec![TenderKind::Cash, TenderKind::Card, TenderKind::Qris])
}

proptest! {
    #[test]
    fn no_steps_give_back_more_than_was_captured(
        lines in prop::collection::vec((0_i64..5_000, kinds()), 1..12),
        card in 0_i64..30_000,
        qris in 0_i64..30_000,
        increment in prop::sample::select(vec![1_i64, 5, 50, 100, 1_000]),
        mode in prop::sample::select(vec![RoundingMode::HalfUp, RoundingMode::HalfEven, RoundingMode::Up, RoundingMode::Down]),
    ) {
        let rule = CashRounding { increment, mode };
        let total: i64 = lines.iter().map(|(amount, _)| amount).sum();
        let card = card.min(total);
        let qris = qris.min(total - card);
        let mut given = Vec::new();
        for (kind, minor) in [(TenderKind::Card, card), (TenderKind::Qris, qris)] {
            if minor > 0 {
                given.push(TenderGiven { kind, given: vnd(minor) });
            }
        }
        if card + qris < total {
            given.push(TenderGiven { kind: TenderKind::Cash, given: round_cash(vnd(total - card - qris), Some(&rule)).unwrap() });
        }
        let settlement = settle(vnd(total), &given, Some(&rule)).unwrap();
        let tenders: Vec<Tender> = settlement.amounts.iter().map(|(given, amount)| tender(given.kind, amount.minor())).collect();
        let captured: i64 = tenders.iter().map(|tender| tender.amount.minor()).sum();
        let paid = Paid { total: vnd(total), tenders: &tenders };
        let mut before: Vec<Given> = Vec::new();
        let mut refused = 0;
        for (total, by) in &lines {
            match linked(paid, &before, vnd(*total), *by, Some(&rule)) {
                Ok(due) => {
                    prop_assert!(!due.amount.is_negative());
                    prop_assert_eq!(due.total.add(due.cash_rounding).unwrap(), due.amount);
                    if *by == TenderKind::Cash {
                        prop_assert_eq!(due.amount.minor() % increment, 0);
                    } else {
                        prop_assert!(due.cash_rounding.is_zero());
                    }
                    before.push(Given { by: *by, total: due.total, amount: due.amount });
                }
                Err(_) => {
                    refused += 1;
                    // Only the means itself is a bound: what it took can always go back to it.
                    let left = left_by(paid, &before, *by).unwrap();
                    prop_assert!(*by != TenderKind::Cash && *total > left.minor(), "{total} by {by:?}, {left} left");
                }
            }
            for kind in [TenderKind::Card, TenderKind::Qris] {
                let back: i64 = before.iter().filter(|given| given.by == kind).map(|given| given.amount.minor()).sum();
                let taken = if kind == TenderKind::Card { card } else { qris };
                prop_assert!(back <= taken);
            }
            let back: i64 = before.iter().map(|given| given.amount.minor()).sum();
            prop_assert!(back <= captured, "{back} given back of {captured}");
        }
        let all_cash = card + qris == 0 && lines.iter().all(|(_, by)| *by == TenderKind::Cash);
        if all_cash {
            let back: i64 = before.iter().map(|given| given.amount.minor()).sum();
            prop_assert_eq!((refused, back), (0, captured));
        }
    }

    #[test]
    fn cash_in_any_steps_is_the_rounded_whole(
        lines in prop::collection::vec(0_i64..5_000, 1..12),
        increment in prop::sample::select(vec![1_i64, 5, 100, 1_000]),
        mode in prop::sample::select(vec![RoundingMode::HalfUp, RoundingMode::HalfEven, RoundingMode::Up, RoundingMode::Down]),
    ) {
        let rule = CashRounding { increment, mode };
        let total: i64 = lines.iter().sum();
        let captured = round_cash(vnd(total), Some(&rule)).unwrap();
        let tenders = [tender(TenderKind::Cash, captured.minor())];
        let paid = Paid { total: vnd(total), tenders: &tenders };
        let mut before: Vec<Given> = Vec::new();
        for line in &lines {
            let due = linked(paid, &before, vnd(*line), TenderKind::Cash, Some(&rule)).unwrap();
            before.push(Given { by: TenderKind::Cash, total: due.total, amount: due.amount });
        }
        let back: i64 = before.iter().map(|given| given.amount.minor()).sum();
        prop_assert_eq!(back, captured.minor());
    }
}
