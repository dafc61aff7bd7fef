//! The drawer: its report sums to the sales exactly, its numbers have no gaps.

use shared::Money;
use shared::drawer::CashMovementKind;
use shared::ids::{CashMovementId, RefundId};
use shared::order::{TenderGiven, TenderKind};
use terminal::context::CommandError;
use terminal::views::*;
use terminal::{drawer, refunds, register};

use crate::till::*;

fn close(till: &mut Till, counted: i64) -> Result<ClosedView, CommandError> {
    let input = CloseDrawerInput { counted_cash: idr(counted), denominations: vec![], note: None };
    till.run(|store, ctx| drawer::close(store, ctx, input))
}

fn move_cash(till: &mut Till, kind: CashMovementKind, amount: i64) -> Result<ReportView, CommandError> {
    let input = MoveCashInput {
        cash_movement_id: CashMovementId::from_bytes(fresh_id()),
        kind,
        amount: idr(amount),
        reason: "ice".into(),
        approval: manager_leave(),
    };
    till.run(|store, ctx| drawer::move_cash(store, ctx, input))
}

#[test]
fn the_report_sums_to_orders_refunds_and_movements_exactly() {
    let mut till = Till::selling();
    let mut orders = Vec::new();
    for n in 1..=5 {
        till.add(kopi(), n);
        till.add(roti(), 1);
        let tenders = match n {
            2 => vec![TenderGiven { kind: TenderKind::Card, given: till.cart().total.unwrap() }],
            3 => vec![TenderGiven { kind: TenderKind::Qris, given: idr(30_000) }, cash(1_000_000)],
            _ => vec![cash(1_000_000)],
        };
        orders.push(till.pay(tenders).unwrap().order);
    }
    let choice =
        RefundChoice { line_id: orders[4].lines[0].figures.line_id, quantity: pieces(2), restock: false };
    let input = RefundInput {
        refund_id: RefundId::from_bytes(fresh_id()),
        order_id: orders[4].order_id,
        lines: vec![choice],
        tender: TenderKind::Cash,
        reason: "cold".into(),
        approval: None,
    };
    let refund = till.run(|store, ctx| refunds::complete(store, ctx, input)).unwrap().refund;
    till.add(kopi(), 1);
    let void = VoidInput { reason: "left".into(), approval: None };
    till.run(|store, ctx| register::void(store, ctx, void)).unwrap();
    move_cash(&mut till, CashMovementKind::PaidOut, 15_000).unwrap();
    let view = move_cash(&mut till, CashMovementKind::Loan, 50_000).unwrap();

    let report = &view.report;
    let sum = |figure: fn(&shared::order::Order) -> Money| {
        Money::sum(orders[0].currency, orders.iter().map(figure)).unwrap()
    };
    assert_eq!((report.orders, report.refunds, report.voids), (5, 1, 1));
    assert_eq!(report.sales_total, sum(|order| order.total));
    assert_eq!(report.service_charge_total, sum(|order| order.service_charge));
    assert_eq!(report.taxes[0].amount, sum(|order| order.tax_total));
    assert_eq!(report.refund_total, refund.total);
    assert_eq!(report.refund_tax_total, refund.tax_total);
    assert_eq!(
        report.cash_rounding_total,
        sum(|order| order.cash_rounding).sub(refund.cash_rounding).unwrap()
    );
    let by = |kind| report.tenders.iter().find(|total| total.kind == kind).unwrap();
    let taken = Money::sum(orders[0].currency, report.tenders.iter().map(|total| total.sales)).unwrap();
    assert_eq!(taken, report.sales_total.add(sum(|order| order.cash_rounding)).unwrap());
    assert_eq!(
        (by(TenderKind::Cash).count, by(TenderKind::Card).count, by(TenderKind::Qris).count),
        (4, 1, 1)
    );
    assert_eq!((report.cash_in, report.cash_out), (idr(50_000), idr(15_000)));
    assert_eq!(by(TenderKind::Cash).refunds, refund.amount);
    let expected = 200_000 + by(TenderKind::Cash).sales.minor() - refund.amount.minor() + 35_000;
    assert_eq!(report.expected_cash, idr(expected));

    let mut till = till.restart();
    let again = till.read(drawer::report).unwrap();
    assert_eq!(&again.report, report);
    let closed = close(&mut till, expected - 500).unwrap().closed;
    assert_eq!((closed.z_number, closed.difference, &closed.report), (1, idr(-500), report));
    till.check_chain();
}

#[test]
fn z_numbers_are_gapless_and_each_session_counts_its_own() {
    let mut till = Till::selling();
    till.sell(kopi(), 1);
    assert_eq!(close(&mut till, 220_800).unwrap().closed.difference, idr(0));
    assert_eq!(close(&mut till, 0).unwrap_err().code, Code::DrawerClosed);
    till.open_drawer(1_000);
    assert_eq!(till.read(drawer::report).unwrap().report.orders, 0);
    till.sell(kopi(), 1);
    let mut till = till.restart();
    let closed = close(&mut till, 0).unwrap().closed;
    assert_eq!((closed.z_number, closed.report.orders, closed.report.expected_cash), (2, 1, idr(21_800)));
    let view = till.read(|db, _| drawer::current(db)).unwrap();
    assert_eq!(view, None);
}

#[test]
fn one_drawer_at_a_time_and_only_sensible_figures() {
    let mut till = Till::selling();
    let again = OpenDrawerInput { opening_float: idr(5) };
    assert_eq!(till.run(|store, ctx| drawer::open(store, ctx, again)).unwrap_err().code, Code::DrawerOpen);
    let wrong = CloseDrawerInput {
        counted_cash: idr(10_000),
        denominations: vec![(5_000, 1), (1_000, 4)],
        note: None,
    };
    assert_eq!(till.run(|store, ctx| drawer::close(store, ctx, wrong)).unwrap_err().code, Code::Invalid);
    assert_eq!(close(&mut till, -1).unwrap_err().code, Code::Invalid);
    assert_eq!(move_cash(&mut till, CashMovementKind::PaidIn, 0).unwrap_err().code, Code::Invalid);
    assert_eq!(move_cash(&mut till, CashMovementKind::PaidIn, i64::MAX).unwrap_err().code, Code::OutOfRange);
    assert_eq!(
        till.read(drawer::report).unwrap().report.cash_in,
        idr(0),
        "what cannot be counted did not happen"
    );
    let right = CloseDrawerInput {
        counted_cash: idr(200_000),
        denominations: vec![(100_000, 1), (50_000, 2)],
        note: Some("fine".into()),
    };
    let closed = till.run(|store, ctx| drawer::close(store, ctx, right)).unwrap().closed;
    assert_eq!((closed.difference, closed.note.as_deref()), (idr(0), Some("fine")));
}

#[test]
fn the_same_movement_of_cash_asked_for_twice_moves_once() {
    let mut till = Till::selling();
    let input = MoveCashInput {
        cash_movement_id: CashMovementId::from_bytes(fresh_id()),
        kind: CashMovementKind::PaidOut,
        amount: idr(1_000),
        reason: "ice".into(),
        approval: manager_leave(),
    };
    let first = till.run(|store, ctx| drawer::move_cash(store, ctx, input.clone())).unwrap();
    let again = till.run(|store, ctx| drawer::move_cash(store, ctx, input)).unwrap();
    assert_eq!(first.report, again.report);
    assert_eq!(till.count("SELECT COUNT(*) FROM cash_movements"), 1);
    assert_eq!(till.kinds().iter().filter(|kind| *kind == "drawer.cash_moved").count(), 1);
}

#[test]
fn cash_and_the_drawer_move_only_by_leave() {
    let mut till = Till::selling();
    let input = MoveCashInput {
        cash_movement_id: CashMovementId::from_bytes(fresh_id()),
        kind: CashMovementKind::PaidOut,
        amount: idr(1_000),
        reason: "ice".into(),
        approval: None,
    };
    assert_eq!(
        till.run(|store, ctx| drawer::move_cash(store, ctx, input)).unwrap_err().code,
        Code::ApprovalNeeded
    );
    let kick = |approval| KickInput { reason: "change".into(), approval };
    assert_eq!(
        till.run(|store, ctx| drawer::kick(store, ctx, kick(None))).unwrap_err().code,
        Code::ApprovalNeeded
    );
    till.run(|store, ctx| drawer::kick(store, ctx, kick(manager_leave()))).unwrap();
    assert_eq!(till.kinds()[2..], ["approval.granted", "drawer.kicked"]);
}

#[test]
fn an_x_report_is_printed_as_it_was_and_closes_nothing() {
    let mut till = Till::printing();
    till.sell(kopi(), 1);
    let view = till.run(drawer::print_report).unwrap();
    let jobs = terminal::store::print_jobs::newest(till.store.db(), 1).unwrap();
    let printed: shared::drawer::DrawerReport =
        serde_json::from_str(jobs[0].body.as_deref().unwrap()).unwrap();
    assert_eq!(printed, view.report);
    assert!(till.read(|db, _| drawer::current(db)).unwrap().is_some());
    let closed = close(&mut till, 1).unwrap();
    assert_eq!(closed.print, Some(PrintState::Waiting));
    assert!(Till::selling().run(drawer::print_report).is_err_and(|error| error.code == Code::NoPrinter));
}

#[test]
fn a_count_whose_commit_was_answered_with_an_error_is_looked_up() {
    let mut till = Till::selling();
    till.sign_in(manager(), MANAGER_PIN).unwrap();
    till.store.commit_by(Box::new(|connection| {
        terminal::store::plain_commit(connection)?;
        Err(rusqlite::Error::InvalidQuery)
    }));
    let movement = move_cash_as_manager(&mut till, 7_000).unwrap();
    assert_eq!(movement.report.cash_in, idr(7_000));
    assert_eq!(close(&mut till, 207_000).unwrap().closed.difference, idr(0));
    till.store.commit_by(Box::new(terminal::store::plain_commit));
    assert_eq!(till.count("SELECT COUNT(*) FROM cash_movements"), 1, "moved once");
    till.open_drawer(0);
    till.store.commit_by(Box::new(|_| Err(rusqlite::Error::InvalidQuery)));
    assert_eq!(move_cash_as_manager(&mut till, 1).unwrap_err().code, Code::StoreFailed);
    till.store.commit_by(Box::new(terminal::store::plain_commit));
    assert_eq!(till.count("SELECT COUNT(*) FROM cash_movements"), 1, "the other one never happened");
    assert_eq!(close(&mut till, 0).unwrap().closed.z_number, 2);
    till.check_chain();
}

fn move_cash_as_manager(till: &mut Till, amount: i64) -> Result<ReportView, CommandError> {
    let input = MoveCashInput {
        cash_movement_id: CashMovementId::from_bytes(fresh_id()),
        kind: CashMovementKind::PaidIn,
        amount: idr(amount),
        reason: "change".into(),
        approval: None,
    };
    till.run(|store, ctx| drawer::move_cash(store, ctx, input))
}

#[test]
fn a_report_needs_an_open_drawer_and_someone_at_the_till() {
    let mut till = Till::new();
    assert_eq!(till.read(drawer::report).unwrap_err().code, Code::NotSignedIn);
    till.sign_in(cashier(), CASHIER_PIN).unwrap();
    assert_eq!(till.read(drawer::report).unwrap_err().code, Code::DrawerClosed);
    assert_eq!(till.run(drawer::print_report).unwrap_err().code, Code::DrawerClosed);
    assert_eq!(move_cash(&mut till, CashMovementKind::PaidIn, 1).unwrap_err().code, Code::DrawerClosed);
    let foreign = OpenDrawerInput { opening_float: "5 VND".parse().unwrap() };
    assert_eq!(till.run(|store, ctx| drawer::open(store, ctx, foreign)).unwrap_err().code, Code::Invalid);
    assert_eq!(till.kinds(), ["staff.signed_in"], "a refused step leaves nothing, not even an approval");
}
