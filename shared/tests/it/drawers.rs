//! Closing a drawer.

use shared::drawer::{CashMovementKind, Count, DrawerError, DrawerSession};
use shared::ids::{DrawerSessionId, StaffId};
use shared::money::{Money, MoneyError};

use crate::made::{NOON, currency, date, drawer_opened, drawer_report, id, idr};

fn count(counted_cash: Money) -> Count {
    Count {
        staff_id: StaffId::from_bytes(id(8)),
        staff_name: "Manajer".into(),
        closed_at: NOON.plus_millis(3_600_000),
        business_date: date("2026-01-01"),
        counted_cash,
        denominations: vec![(100_000, 7), (500, 44)],
        note: None,
    }
}

#[test]
fn the_difference_is_what_was_counted_less_what_should_be_there() {
    for (counted, difference) in [(722_500, 0), (722_000, -500), (723_000, 500)] {
        let open = DrawerSession::Open(drawer_opened());
        let closed = open.close(4, drawer_report(), count(idr(counted))).unwrap();
        let DrawerSession::Closed(closed) = closed else { panic!("still open") };
        assert_eq!((closed.difference, closed.counted_cash), (idr(difference), idr(counted)));
        assert_eq!((closed.z_number, closed.staff_name.as_str()), (4, "Manajer"));
        assert_eq!(closed.report, drawer_report());
    }
}

#[test]
fn a_drawer_is_closed_once() {
    let open = DrawerSession::Open(drawer_opened());
    let closed = open.close(1, drawer_report(), count(idr(0))).unwrap();
    assert_eq!(closed.close(2, drawer_report(), count(idr(0))), Err(DrawerError::Closed));
}

#[test]
fn a_drawer_is_not_closed_with_the_figures_of_another() {
    let mut report = drawer_report();
    report.opened.drawer_session_id = DrawerSessionId::from_bytes(id(60));
    let open = DrawerSession::Open(drawer_opened());
    assert_eq!(open.close(1, report, count(idr(0))), Err(DrawerError::OtherSession));
}

#[test]
fn other_money_is_not_counted() {
    let open = DrawerSession::Open(drawer_opened());
    let closed = open.close(1, drawer_report(), count(Money::new(5, currency("SEK"))));
    assert!(matches!(closed, Err(DrawerError::Money(MoneyError::CurrencyMismatch(..)))));
}

#[test]
fn movements_add_or_take() {
    use CashMovementKind::{Loan, PaidIn, PaidOut, Pickup};
    assert_eq!([PaidIn, Loan, PaidOut, Pickup].map(CashMovementKind::adds), [true, true, false, false]);
}
