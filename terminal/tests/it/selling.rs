//! Checkout: one transaction, once, whatever happens around it.

use std::sync::atomic::Ordering;

use shared::Money;
use shared::order::{TenderGiven, TenderKind};
use terminal::store::print_jobs::{self, PrintKind};
use terminal::store::printers::THE_PRINTER;
use terminal::store::{orders, plain_commit};
use terminal::views::*;
use terminal::{checkout, history};

use crate::till::*;

fn card(minor: i64) -> TenderGiven {
    TenderGiven { kind: TenderKind::Card, given: idr(minor) }
}

fn quote(till: &mut Till, tenders: Vec<TenderGiven>) -> Result<QuoteView, terminal::context::CommandError> {
    till.run(|store, ctx| checkout::quote(store, ctx, QuoteInput { tenders }))
}

#[test]
fn a_quote_says_what_is_due_in_cash_and_what_is_missing() {
    let mut till = Till::selling();
    assert_eq!(quote(&mut till, vec![]).unwrap_err().code, Code::CartEmpty);
    till.add(kopi(), 1);
    let plain = quote(&mut till, vec![]).unwrap();
    assert_eq!((plain.total, plain.cash_due, plain.cash_rounding), (idr(20_790), idr(20_800), idr(10)));
    assert_eq!((plain.missing, plain.settled), (idr(20_790), false));
    let notes: Vec<i64> = plain.quick_notes.iter().map(|money| money.minor()).collect();
    assert_eq!(notes, [25_000, 30_000, 40_000, 50_000, 100_000]);
    let less = quote(&mut till, vec![cash(20_000)]).unwrap();
    assert_eq!((less.missing, less.settled), (idr(800), false));
    let split = quote(&mut till, vec![card(10_000), cash(20_000)]).unwrap();
    assert_eq!((split.cash_due, split.change_due, split.settled), (idr(10_800), idr(9_200), true));
    assert_eq!(quote(&mut till, vec![card(20_791)]).unwrap_err().code, Code::TenderOverpaid);
}

#[test]
fn a_sale_leaves_everything_behind_in_one_step() {
    let mut till = Till::printing();
    let cart = till.add(kopi(), 2);
    till.add(roti(), 1);
    let receipt = till.pay(vec![cash(100_000)]).unwrap();
    let order = &receipt.order;
    assert_eq!(order.receipt_number, "KOTA-T3-000001");
    assert_eq!(Some(order.cart_id), cart.cart_id);
    assert_eq!(order.business_date.to_string(), "2026-03-14");
    assert_eq!((order.total, order.cash_rounding), (idr(54_768), idr(32)));
    assert_eq!(
        (order.tenders[0].amount, order.tenders[0].given, order.change_due),
        (idr(54_800), idr(100_000), idr(45_200))
    );
    let shares = Money::sum(order.currency, order.lines.iter().map(|line| line.figures.share)).unwrap();
    assert_eq!(shares, order.total);
    assert_eq!(order.price_book_version, 3);
    assert_eq!(orders::order(till.store.db(), order.order_id).unwrap().as_ref(), Some(order));
    assert_eq!(till.count("SELECT SUM(quantity) FROM stock_movements WHERE reason = 'sold'"), -3_000);
    let job = print_jobs::next_waiting(till.store.db(), THE_PRINTER, till.clock_now()).unwrap().unwrap();
    assert_eq!(
        (job.kind, job.subject_id, job.open_drawer, job.copy),
        (PrintKind::Order, Some(order.order_id.to_string()), true, false)
    );
    assert_eq!(receipt.print, Some(PrintState::Waiting));
    assert!(receipt.text.contains("KOTA-T3-000001"), "{}", receipt.text);
    assert_eq!(till.cart().cart_id, None);
    till.check_chain();
}

#[test]
fn paying_twice_gives_the_same_receipt_and_takes_nothing_twice() {
    let mut till = Till::selling();
    let cart = till.add(kopi(), 1);
    let input = PayInput {
        cart_id: cart.cart_id.unwrap(),
        total: cart.total.unwrap(),
        tenders: vec![cash(50_000)],
        card_payments: Vec::new(),
    };
    let first = till.run(|store, ctx| checkout::pay(store, ctx, input.clone())).unwrap();
    let again = till.run(|store, ctx| checkout::pay(store, ctx, input.clone())).unwrap();
    assert_eq!(first, again);
    let mut till = till.restart();
    let after = till.run(|store, ctx| checkout::pay(store, ctx, input)).unwrap();
    assert_eq!(first, after);
    assert_eq!(till.count("SELECT COUNT(*) FROM orders"), 1);
    assert_eq!(till.kinds().iter().filter(|kind| *kind == "order.completed").count(), 1);
}

#[test]
fn a_sale_is_refused_before_anything_happens() {
    let mut till = Till::new();
    till.sign_in(cashier(), CASHIER_PIN).unwrap();
    let cart = till.add(kopi(), 1);
    let good = PayInput {
        cart_id: cart.cart_id.unwrap(),
        total: cart.total.unwrap(),
        tenders: vec![cash(50_000)],
        card_payments: Vec::new(),
    };
    let refused = |till: &mut Till, input: PayInput, code: Code| {
        let error = till.run(|store, ctx| checkout::pay(store, ctx, input)).unwrap_err();
        assert_eq!(error.code, code, "{error}");
        assert_eq!(till.count("SELECT COUNT(*) FROM orders"), 0);
        assert_eq!(till.cart().lines.len(), 1, "the cart stays");
    };
    refused(&mut till, good.clone(), Code::DrawerClosed);
    till.open_drawer(0);
    refused(&mut till, PayInput { total: idr(20_000), ..good.clone() }, Code::CartChanged);
    refused(&mut till, PayInput { cart_id: id!(CartId, 9), ..good.clone() }, Code::CartChanged);
    refused(&mut till, PayInput { tenders: vec![], ..good.clone() }, Code::TenderMissing);
    refused(&mut till, PayInput { tenders: vec![cash(20_799)], ..good.clone() }, Code::TenderMissing);
    refused(&mut till, PayInput { tenders: vec![card(30_000)], ..good.clone() }, Code::TenderOverpaid);
    refused(&mut till, PayInput { tenders: vec![cash(-5)], ..good.clone() }, Code::Invalid);
    till.disk.0.store(1_000_000, Ordering::SeqCst);
    refused(&mut till, good.clone(), Code::DiskFull);
    till.disk.0.store(u64::MAX, Ordering::SeqCst);
    let receipt = till.run(|store, ctx| checkout::pay(store, ctx, good)).unwrap();
    assert_eq!(receipt.order.receipt_number, "KOTA-T3-000001", "refusals leave no gap");
}

#[test]
fn a_commit_answered_with_an_error_is_resolved_by_looking_the_order_up() {
    let mut till = Till::selling();
    till.add(kopi(), 1);
    till.store.commit_by(Box::new(|connection| {
        plain_commit(connection)?;
        Err(rusqlite::Error::InvalidQuery)
    }));
    let receipt = till.pay(vec![cash(50_000)]).unwrap();
    assert_eq!(receipt.order.receipt_number, "KOTA-T3-000001");

    till.store.commit_by(Box::new(plain_commit));
    let cart = till.add(roti(), 1);
    till.store.commit_by(Box::new(|_| Err(rusqlite::Error::InvalidQuery)));
    assert_eq!(till.pay(vec![cash(50_000)]).unwrap_err().code, Code::StoreFailed);
    till.store.commit_by(Box::new(plain_commit));
    assert_eq!(till.cart().lines, cart.lines, "it did not happen: the cart is there to be paid");
    assert_eq!(till.pay(vec![cash(50_000)]).unwrap().order.receipt_number, "KOTA-T3-000002");
    till.check_chain();
}

#[test]
fn receipt_numbers_are_gapless_over_restarts_and_failures() {
    let mut till = Till::selling();
    for n in 1..=12_i64 {
        if n % 3 == 0 {
            till.add(kopi(), 1);
            till.store.commit_by(Box::new(|_| Err(rusqlite::Error::InvalidQuery)));
            assert!(till.pay(vec![cash(100_000)]).is_err());
            till = till.restart();
            let line = till.cart().lines[0].line_id;
            till.run(|store, ctx| terminal::register::remove_line(store, ctx, LineInput { line_id: line }))
                .unwrap();
        }
        assert_eq!(till.sell(kopi(), 1).order.receipt_number, format!("KOTA-T3-{n:06}"));
    }
    assert_eq!(
        till.count("SELECT COUNT(*) FROM orders"),
        till.count("SELECT MAX(receipt_counter) FROM orders")
    );
    till.check_chain();
}

#[test]
fn mixed_tenders_conserve_money_and_a_free_order_needs_none() {
    let mut till = Till::selling();
    till.add(kopi(), 1);
    let order = till.pay(vec![card(10_000), cash(20_000)]).unwrap().order;
    let amounts = Money::sum(order.currency, order.tenders.iter().map(|tender| tender.amount)).unwrap();
    assert_eq!(amounts, order.total.add(order.cash_rounding).unwrap());
    assert_eq!((order.cash_rounding, order.change_due), (idr(10), idr(9_200)));
    let free = AddItemInput { price: Some("0".parse().unwrap()), ..adding(donation()) };
    till.try_add(free).unwrap();
    assert_eq!(till.pay(vec![]).unwrap().order.total, idr(0));
}

#[test]
fn without_a_printer_nothing_is_queued() {
    let mut till = Till::selling();
    assert_eq!(till.sell(kopi(), 1).print, None);
    assert_eq!(till.count("SELECT COUNT(*) FROM print_jobs"), 0);
}

fn listed(till: &mut Till, query: &str) -> Vec<String> {
    let input = OrdersInput { query: query.to_owned(), before: None };
    let view = till.read(|db, ctx| history::list(db, ctx, input)).unwrap();
    view.orders.into_iter().map(|order| order.receipt_number).collect()
}

#[test]
fn past_sales_are_found_by_number_code_amount_and_item() {
    let mut till = Till::selling();
    let one = till.sell(kopi(), 1).order;
    let input = AddItemInput { variant_id: Some(large()), modifiers: vec![oat_milk()], ..adding(latte()) };
    till.try_add(input).unwrap();
    let two = till.pay(vec![cash(100_000)]).unwrap().order;
    assert_eq!(listed(&mut till, ""), ["KOTA-T3-000002", "KOTA-T3-000001"]);
    assert_eq!(listed(&mut till, "t3-000001"), ["KOTA-T3-000001"]);
    assert_eq!(listed(&mut till, "ca phe"), ["KOTA-T3-000002"]);
    assert_eq!(listed(&mut till, "20.790"), ["KOTA-T3-000001"]);
    assert_eq!(listed(&mut till, "%"), Vec::<String>::new());
    let qr = format!("https://example.test/r/{}?n={}", two.order_id, two.receipt_number);
    for (code, expected) in [
        ("KOTA-T3-000001".to_owned(), Some(&one)),
        ("kota-t3-000001".to_owned(), Some(&one)),
        ("1".to_owned(), Some(&one)),
        ("000002".to_owned(), Some(&two)),
        (qr, Some(&two)),
        ("https://example.test/?n=KOTA-T3-000001".to_owned(), Some(&one)),
        ("OTHER-T3-000001".to_owned(), None),
        ("3".to_owned(), None),
        ("nonsense".to_owned(), None),
    ] {
        let input = FindOrderInput { code: code.clone() };
        let found = till.read(|db, ctx| history::find(db, ctx, input)).ok();
        assert_eq!(found.as_ref().map(|found| &found.order), expected, "{code}");
    }
}

#[test]
fn past_sales_come_in_pages() {
    let mut till = Till::selling();
    for _ in 0..53 {
        till.sell(roti(), 1);
    }
    let list = |till: &mut Till, before| {
        till.read(|db, ctx| history::list(db, ctx, OrdersInput { query: String::new(), before })).unwrap()
    };
    let first = list(&mut till, None);
    assert_eq!((first.orders.len(), first.more), (50, true));
    assert!(first.orders.iter().all(|order| !order.synced));
    let second = list(&mut till, first.orders.last().map(|order| order.order_id));
    assert_eq!((second.orders.len(), second.more), (3, false));
    let now = till.clock_now();
    till.store.write(|tx| terminal::journal::set_acked(tx, 1, 4, None, now)).unwrap();
    let synced = list(&mut till, None).orders.iter().filter(|order| order.synced).count()
        + list(&mut till, first.orders.last().map(|order| order.order_id))
            .orders
            .iter()
            .filter(|order| order.synced)
            .count();
    assert_eq!(synced, 2, "sign-in and opening are the first two events");
}

#[test]
fn a_reprint_is_marked_and_journaled_and_needs_a_printer() {
    let mut till = Till::selling();
    let order = till.sell(kopi(), 1).order;
    let input = OrderInput { order_id: order.order_id };
    let error = till.run(|store, ctx| history::reprint(store, ctx, input.clone())).unwrap_err();
    assert_eq!(error.code, Code::NoPrinter);
    assert!(!till.kinds().contains(&"receipt.reprinted".to_owned()));
    let mut till = Till::printing();
    let order = till.sell(kopi(), 1).order;
    let input = OrderInput { order_id: order.order_id };
    let shown = till.run(|store, ctx| history::reprint(store, ctx, input)).unwrap();
    assert_eq!(shown.print, Some(PrintState::Waiting));
    let jobs = print_jobs::newest(till.store.db(), 10).unwrap();
    assert_eq!(
        jobs.iter().map(|job| (job.copy, job.open_drawer)).collect::<Vec<_>>(),
        [(true, false), (false, true)]
    );
    assert_eq!(till.kinds().last().unwrap(), "receipt.reprinted");
}

#[test]
fn a_print_in_doubt_stays_in_the_list_however_much_was_printed_since() {
    let mut till = Till::printing();
    let now = till.clock_now();
    let settle = |till: &mut Till, state| {
        let job = print_jobs::newest(till.store.db(), 1).unwrap().remove(0);
        let outcome = print_jobs::Outcome { state, error: None, not_before: now };
        assert!(till.store.write(|tx| print_jobs::set_state(tx, job.print_job_id, outcome, now)).unwrap());
        job.print_job_id
    };
    till.sell(kopi(), 1);
    let doubt = settle(&mut till, PrintState::Unknown);
    for _ in 0..12 {
        till.sell(kopi(), 1);
        settle(&mut till, PrintState::Printed);
    }
    let listed = print_jobs::listed(till.store.db(), 10).unwrap();
    assert_eq!((listed.len(), listed[0].print_job_id), (10, doubt));
    assert!(listed[1..].iter().all(|job| job.state == PrintState::Printed));
}

#[test]
fn a_job_given_up_after_it_was_read_is_not_taken_for_printing() {
    let mut till = Till::printing();
    till.sell(kopi(), 1);
    let now = till.clock_now();
    let job = print_jobs::next_waiting(till.store.db(), THE_PRINTER, now).unwrap().unwrap();
    let dropped = print_jobs::Outcome { state: PrintState::Dropped, error: None, not_before: now };
    assert!(till.store.write(|tx| print_jobs::set_state(tx, job.print_job_id, dropped, now)).unwrap());
    assert!(!till.store.write(|tx| print_jobs::take(tx, job.print_job_id, now)).unwrap());
    assert_eq!(
        print_jobs::state(till.store.db(), Some(job.print_job_id)).unwrap(),
        Some(PrintState::Dropped)
    );
}

#[test]
fn what_was_printing_when_the_process_ended_is_unknown() {
    let mut till = Till::printing();
    till.sell(kopi(), 1);
    let now = till.clock_now();
    let job = print_jobs::next_waiting(till.store.db(), THE_PRINTER, now).unwrap().unwrap();
    assert!(till.store.write(|tx| print_jobs::take(tx, job.print_job_id, now)).unwrap());
    assert_eq!(print_jobs::next_waiting(till.store.db(), THE_PRINTER, now).unwrap(), None);
    let mut till = till.restart();
    assert_eq!(till.store.write(|tx| print_jobs::mark_interrupted(tx, now)).unwrap(), 1);
    assert_eq!(print_jobs::counts(till.store.db()).unwrap(), (0, 1));
    let job = print_jobs::get(till.store.db(), job.print_job_id).unwrap().unwrap();
    assert_eq!(
        (job.state, job.attempts, job.error.as_deref()),
        (PrintState::Unknown, 1, Some("interrupted"))
    );
    let later = now.plus_millis(1);
    assert_eq!(till.store.write(|tx| print_jobs::prune(tx, later)).unwrap(), 0, "what is not settled stays");
}
