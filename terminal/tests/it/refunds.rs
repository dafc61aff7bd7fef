//! Money back: never more than was taken.

use shared::Money;
use shared::ids::RefundId;
use shared::order::{Order, TenderGiven, TenderKind};
use shared::refund::Refund;
use shared::staff::Permission;
use terminal::context::CommandError;
use terminal::views::*;
use terminal::{history, refunds};

use crate::till::*;

fn input(order: &Order, chosen: &[(usize, i32)], tender: TenderKind) -> RefundInput {
    let lines = chosen
        .iter()
        .map(|(at, n)| RefundChoice {
            line_id: order.lines[*at].figures.line_id,
            quantity: pieces(*n),
            restock: true,
        })
        .collect();
    RefundInput {
        refund_id: RefundId::from_bytes(fresh_id()),
        order_id: order.order_id,
        lines,
        tender,
        reason: "cold".into(),
        approval: None,
    }
}

fn refund(till: &mut Till, input: RefundInput) -> Result<RefundView, CommandError> {
    till.run(|store, ctx| refunds::complete(store, ctx, input))
}

#[test]
fn all_parts_of_a_cash_order_give_back_exactly_what_was_taken() {
    let mut till = Till::selling();
    till.add(kopi(), 7);
    till.add(roti(), 3);
    let order = till.pay(vec![cash(1_000_000)]).unwrap().order;
    let taken = order.tenders[0].amount;
    let mut given = Vec::new();
    for _ in 0..7 {
        let quoted =
            till.read(|db, ctx| refunds::quote(db, ctx, input(&order, &[(0, 1)], TenderKind::Cash))).unwrap();
        let view = refund(&mut till, input(&order, &[(0, 1)], TenderKind::Cash)).unwrap();
        assert_eq!(view.refund.amount, quoted.amount);
        assert_eq!(view.refund.amount.minor() % 100, 0, "coins are rounded");
        assert_eq!(view.refund.amount, view.refund.total.add(view.refund.cash_rounding).unwrap());
        given.push(view.refund.amount);
    }
    given.push(refund(&mut till, input(&order, &[(1, 3)], TenderKind::Cash)).unwrap().refund.amount);
    assert_eq!(Money::sum(order.currency, given).unwrap(), taken);
    for at in [0, 1] {
        let error = refund(&mut till, input(&order, &[(at, 1)], TenderKind::Cash)).unwrap_err();
        assert_eq!(error.code, Code::RefundTooMuch);
    }
    assert_eq!(till.count("SELECT SUM(quantity) FROM stock_movements"), 0, "all goods are back");
    let shown = till.read(|db, ctx| history::get(db, ctx, OrderInput { order_id: order.order_id })).unwrap();
    let back = |at: usize| {
        let line_id = order.lines[at].figures.line_id;
        shown.refunded.iter().find(|line| line.line_id == line_id).map(|line| line.quantity)
    };
    assert_eq!((shown.refunds.len(), back(0), back(1)), (8, Some(pieces(7)), Some(pieces(3))));
    till.check_chain();
}

#[test]
fn refunds_and_sales_share_one_gapless_row_of_receipts() {
    let mut till = Till::selling();
    let order = till.sell(kopi(), 2).order;
    let one = refund(&mut till, input(&order, &[(0, 1)], TenderKind::Cash)).unwrap().refund;
    assert_eq!(one.receipt_number, "KOTA-T3-000002");
    assert_eq!(one.order_receipt_number.as_deref(), Some("KOTA-T3-000001"));
    let mut till = till.restart();
    assert_eq!(till.sell(kopi(), 1).order.receipt_number, "KOTA-T3-000003");
    let two = refund(&mut till, input(&order, &[(0, 1)], TenderKind::Cash)).unwrap();
    assert_eq!(two.refund.receipt_number, "KOTA-T3-000004");
    assert!(two.text.contains("KOTA-T3-000004"), "{}", two.text);
}

#[test]
fn a_card_gives_back_at_most_what_it_took_and_cash_stands_in_by_a_managers_leave() {
    let mut till = Till::selling();
    till.add(kopi(), 2);
    let card = TenderGiven { kind: TenderKind::Card, given: idr(21_000) };
    let order = till.pay(vec![card, cash(50_000)]).unwrap().order;
    assert_eq!((order.total, order.tenders[1].amount), (idr(41_580), idr(20_600)));
    let mut tried = |n, tender| refund(&mut till, input(&order, &[(0, n)], tender));
    assert_eq!(tried(2, TenderKind::Card).unwrap_err().code, Code::RefundTooMuch);
    assert_eq!(tried(1, TenderKind::Qris).unwrap_err().code, Code::RefundTooMuch);
    let by_card = tried(1, TenderKind::Card).unwrap().refund;
    assert_eq!((by_card.amount, by_card.cash_rounding), (idr(20_790), idr(0)));
    assert_eq!(tried(1, TenderKind::Card).unwrap_err().code, Code::RefundTooMuch);
    // 20,800 in coins are left of 41,600, but only 20,600 of them were taken in coins.
    let asked = tried(1, TenderKind::Cash).unwrap_err();
    assert_eq!(
        (asked.code, asked.details.permission),
        (Code::ApprovalNeeded, Some(Permission::RefundWithoutReceipt))
    );
    let allowed = RefundInput { approval: manager_leave(), ..input(&order, &[(0, 1)], TenderKind::Cash) };
    let by_cash = refund(&mut till, allowed).unwrap().refund;
    assert_eq!(
        (by_cash.amount, by_cash.cash_rounding, by_cash.approval_id.is_some()),
        (idr(20_800), idr(10), true)
    );
    assert_eq!(by_card.amount.add(by_cash.amount).unwrap(), idr(41_590), "of 41,600 that were captured");
}

#[test]
fn a_piece_paid_by_two_means_can_still_come_back() {
    let mut till = Till::selling();
    till.add(kopi(), 1);
    let card = TenderGiven { kind: TenderKind::Card, given: idr(20_750) };
    // 40 are left for cash: rounded to nothing.
    let order = till.pay(vec![card, TenderGiven { kind: TenderKind::Cash, given: idr(100) }]).unwrap().order;
    assert_eq!(order.tenders[1].amount, idr(0));
    assert_eq!(
        refund(&mut till, input(&order, &[(0, 1)], TenderKind::Card)).unwrap_err().code,
        Code::RefundTooMuch
    );
    let allowed = RefundInput { approval: manager_leave(), ..input(&order, &[(0, 1)], TenderKind::Cash) };
    let given = refund(&mut till, allowed).unwrap().refund;
    assert_eq!(
        (given.total, given.amount),
        (idr(20_790), idr(20_700)),
        "rounding up would be more than was captured"
    );
}

#[test]
fn what_makes_no_sense_is_refused_and_leaves_nothing() {
    let mut till = Till::selling();
    let order = till.sell(kopi(), 2).order;
    let good = input(&order, &[(0, 1)], TenderKind::Cash);
    let line = |quantity: &str| {
        vec![RefundChoice {
            line_id: order.lines[0].figures.line_id,
            quantity: quantity.parse().unwrap(),
            restock: false,
        }]
    };
    for (bad, code) in [
        (RefundInput { lines: vec![], ..good.clone() }, Code::Invalid),
        (RefundInput { lines: line("3"), ..good.clone() }, Code::RefundTooMuch),
        (RefundInput { lines: line("0"), ..good.clone() }, Code::RefundTooMuch),
        (RefundInput { lines: line("-1"), ..good.clone() }, Code::RefundTooMuch),
        (RefundInput { lines: [line("1"), line("1")].concat(), ..good.clone() }, Code::NotFound),
        (RefundInput { order_id: id!(OrderId, 9), ..good.clone() }, Code::NotFound),
        (RefundInput { reason: "x".repeat(300), ..good.clone() }, Code::Invalid),
    ] {
        assert_eq!(refund(&mut till, bad).unwrap_err().code, code);
    }
    assert_eq!(till.count("SELECT COUNT(*) FROM refunds"), 0);
    let close = CloseDrawerInput { counted_cash: idr(0), denominations: vec![], note: None };
    till.run(|store, ctx| terminal::drawer::close(store, ctx, close)).unwrap();
    assert_eq!(refund(&mut till, good).unwrap_err().code, Code::DrawerClosed);
}

#[test]
fn without_a_receipt_a_manager_decides() {
    let mut till = Till::selling();
    let line = |item_id, price: Option<&str>| LooseRefundLine {
        item_id,
        variant_id: None,
        quantity: pieces(2),
        unit_price: price.map(|price| price.parse().unwrap()),
        restock: true,
    };
    let loose = |lines, approval| LooseRefundInput {
        refund_id: RefundId::from_bytes(fresh_id()),
        lines,
        tender: TenderKind::Cash,
        reason: "gift".into(),
        approval,
    };
    let mut tried = |input| till.run(|store, ctx| refunds::loose(store, ctx, input));
    assert_eq!(tried(loose(vec![line(kopi(), None)], None)).unwrap_err().code, Code::ApprovalNeeded);
    assert_eq!(
        tried(loose(vec![line(donation(), None)], manager_leave())).unwrap_err().code,
        Code::ChoiceNeeded
    );
    assert_eq!(
        tried(loose(vec![line(latte(), None)], manager_leave())).unwrap_err().code,
        Code::ChoiceNeeded
    );
    assert_eq!(tried(loose(vec![], manager_leave())).unwrap_err().code, Code::Invalid);
    let refund = tried(loose(vec![line(kopi(), None), line(roti(), Some("1000.55"))], manager_leave()))
        .unwrap()
        .refund;
    // 36,000 with 10 % tax and 2,001 without; no service for goods that come back.
    assert_eq!((refund.total, refund.tax_total, refund.amount), (idr(41_601), idr(3_600), idr(41_600)));
    assert_eq!((refund.order_id, refund.approval_id.is_some()), (None, true));
    assert_eq!(till.kinds()[2..], ["approval.granted", "refund.completed"]);
    assert_eq!(till.count("SELECT SUM(quantity) FROM stock_movements WHERE reason = 'returned'"), 4_000);
}

#[test]
fn a_refund_whose_commit_was_answered_with_an_error_is_looked_up() {
    let mut till = Till::selling();
    let order = till.sell(kopi(), 2).order;
    till.store.commit_by(Box::new(|connection| {
        terminal::store::plain_commit(connection)?;
        Err(rusqlite::Error::InvalidQuery)
    }));
    let view = refund(&mut till, input(&order, &[(0, 1)], TenderKind::Cash)).unwrap();
    assert_eq!(till.count("SELECT COUNT(*) FROM refunds"), 1);
    till.store.commit_by(Box::new(|_| Err(rusqlite::Error::InvalidQuery)));
    assert_eq!(
        refund(&mut till, input(&order, &[(0, 1)], TenderKind::Cash)).unwrap_err().code,
        Code::StoreFailed
    );
    till.store.commit_by(Box::new(terminal::store::plain_commit));
    assert_eq!(till.count("SELECT COUNT(*) FROM refunds"), 1);
    let mut till = Till { ..till };
    let again = till
        .run(|store, ctx| refunds::reprint(store, ctx, RefundIdInput { refund_id: view.refund.refund_id }));
    assert_eq!(again.unwrap_err().code, Code::NoPrinter);
}

#[test]
fn the_same_refund_asked_for_twice_is_given_once() {
    let mut till = Till::selling();
    let order = till.sell(kopi(), 3).order;
    let once = input(&order, &[(0, 1)], TenderKind::Cash);
    let first = refund(&mut till, once.clone()).unwrap();
    let again = refund(&mut till, once).unwrap();
    assert_eq!(first.refund, again.refund);
    let loose = loose_kopi(manager_leave());
    let loose = LooseRefundInput { reason: "gift".into(), ..loose };
    let first = till.run(|store, ctx| refunds::loose(store, ctx, loose.clone())).unwrap();
    let again = till.run(|store, ctx| refunds::loose(store, ctx, loose)).unwrap();
    assert_eq!(first.refund, again.refund);
    assert_eq!(till.count("SELECT COUNT(*) FROM refunds"), 2);
    assert_eq!(till.kinds().iter().filter(|kind| *kind == "refund.completed").count(), 2);
    // Under another id the same is another refund.
    refund(&mut till, input(&order, &[(0, 1)], TenderKind::Cash)).unwrap();
    assert_eq!(till.count("SELECT COUNT(*) FROM refunds"), 3);
}

fn loose_kopi(approval: Option<ApprovalInput>) -> LooseRefundInput {
    let line = LooseRefundLine {
        item_id: kopi(),
        variant_id: None,
        quantity: pieces(1),
        unit_price: None,
        restock: false,
    };
    LooseRefundInput {
        refund_id: RefundId::from_bytes(fresh_id()),
        lines: vec![line],
        tender: TenderKind::Cash,
        reason: String::new(),
        approval,
    }
}

#[test]
fn a_wrong_pin_gives_no_leave_and_every_loose_refund_names_a_manager() {
    let mut till = Till::selling();
    let tried = |till: &mut Till, input| {
        till.run(|store, ctx| refunds::loose(store, ctx, input)).map(|view| view.refund)
    };
    let wrong = Some(ApprovalInput { staff_id: manager(), pin: "0000".into() });
    assert_eq!(tried(&mut till, loose_kopi(wrong)).unwrap_err().code, Code::PinWrong);
    let own = Some(ApprovalInput { staff_id: cashier(), pin: CASHIER_PIN.into() });
    assert_eq!(tried(&mut till, loose_kopi(own)).unwrap_err().code, Code::NotAllowed);
    assert_eq!(till.kinds(), ["staff.signed_in", "drawer.opened"]);
    let by_leave = tried(&mut till, loose_kopi(manager_leave())).unwrap();
    till.sign_in(manager(), MANAGER_PIN).unwrap();
    let by_manager = tried(&mut till, loose_kopi(None)).unwrap();
    for (refund, asked_by) in [(by_leave, cashier()), (by_manager, manager())] {
        let approval = approval_of(&till, &refund);
        assert_eq!((approval.granted_by, approval.asked_by), (manager(), asked_by));
        assert_eq!(approval.permission, Permission::RefundWithoutReceipt);
        assert_eq!(refund.staff_id, asked_by);
    }
    assert_eq!(till.count("SELECT COUNT(*) FROM stock_movements"), 0, "nothing went back on the shelf");
}

fn approval_of(till: &Till, refund: &Refund) -> shared::journal::payload::ApprovalGranted {
    let events = terminal::journal::events_after(till.store.db(), 1, 0, 1_000, usize::MAX).unwrap();
    let granted =
        events.iter().filter_map(|chained| match shared::journal::Fact::of(&chained.event).unwrap() {
            Some(shared::journal::Fact::ApprovalGranted(granted)) => Some(*granted),
            _ => None,
        });
    granted.into_iter().find(|granted| Some(granted.approval_id) == refund.approval_id).unwrap()
}

#[test]
fn a_quote_asks_for_no_reason_and_no_manager() {
    let mut till = Till::selling();
    let quoted = till.read(|db, ctx| refunds::loose_quote(db, ctx, loose_kopi(None))).unwrap();
    assert_eq!((quoted.total, quoted.cash_rounding, quoted.amount), (idr(19_800), idr(0), idr(19_800)));
    let given =
        till.run(|store, ctx| refunds::loose(store, ctx, loose_kopi(manager_leave()))).unwrap().refund;
    assert_eq!(
        (given.total, given.cash_rounding, given.amount),
        (quoted.total, quoted.cash_rounding, quoted.amount)
    );
    let order = till.sell(kopi(), 2).order;
    let plain = RefundInput { reason: String::new(), ..input(&order, &[(0, 1)], TenderKind::Cash) };
    let before = till.kinds().len();
    let quoted = till.read(|db, ctx| refunds::quote(db, ctx, plain)).unwrap();
    assert_eq!(quoted.amount, idr(20_800));
    assert_eq!(till.kinds().len(), before, "a quote leaves nothing");
    let mut foreign = loose_kopi(None);
    foreign.tender = TenderKind::VietQr;
    assert_eq!(till.read(|db, ctx| refunds::loose_quote(db, ctx, foreign)).unwrap_err().code, Code::Invalid);
    let mut half = loose_kopi(None);
    half.lines[0].quantity = "0.5".parse().unwrap();
    assert_eq!(till.read(|db, ctx| refunds::loose_quote(db, ctx, half)).unwrap_err().code, Code::Invalid);
    let mut dear = loose_kopi(None);
    dear.lines[0].unit_price = Some("9000000000000".parse().unwrap());
    assert_eq!(till.read(|db, ctx| refunds::loose_quote(db, ctx, dear)).unwrap_err().code, Code::OutOfRange);
}

#[test]
fn a_refund_prints_opens_the_drawer_for_cash_and_prints_again_as_a_copy() {
    let mut till = Till::printing();
    let order = till.sell(kopi(), 2).order;
    let view = refund(&mut till, input(&order, &[(0, 1)], TenderKind::Cash)).unwrap();
    assert_eq!(view.print, Some(PrintState::Waiting));
    let id = view.refund.refund_id;
    let again = till.run(|store, ctx| refunds::reprint(store, ctx, RefundIdInput { refund_id: id })).unwrap();
    assert_eq!(again.refund, view.refund);
    assert_ne!(again.text, view.text, "marked as a copy");
    let jobs = terminal::store::print_jobs::newest(till.store.db(), 2).unwrap();
    let seen: Vec<_> = jobs.iter().map(|job| (job.title.as_str(), job.copy, job.open_drawer)).collect();
    assert_eq!(seen, [("KOTA-T3-000002", true, false), ("KOTA-T3-000002", false, true)]);
    assert_eq!(till.kinds().last().unwrap(), "receipt.reprinted");
    let unknown = RefundIdInput { refund_id: id!(RefundId, 1) };
    assert_eq!(
        till.run(|store, ctx| refunds::reprint(store, ctx, unknown)).unwrap_err().code,
        Code::NotFound
    );
}

#[test]
fn a_full_disk_refuses_a_refund_before_money_is_given_back() {
    let mut till = Till::selling();
    let order = till.sell(kopi(), 1).order;
    till.disk.0.store(1_000, std::sync::atomic::Ordering::SeqCst);
    let refused = refund(&mut till, input(&order, &[(0, 1)], TenderKind::Cash)).unwrap_err();
    assert_eq!(refused.code, Code::DiskFull);
    assert_eq!(till.count("SELECT COUNT(*) FROM refunds"), 0);
}
