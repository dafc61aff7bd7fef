//! Past sales: found by what stands on the receipt, shown with what became of them, printed again as copies.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shared::ids::RefundId;
use shared::order::TenderKind;
use terminal::context::CommandError;
use terminal::store::{StoreError, print_jobs};
use terminal::views::*;
use terminal::{history, journal, refunds};

use crate::till::*;

fn list(
    till: &mut Till,
    query: &str,
    before: Option<shared::ids::OrderId>,
) -> Result<OrdersView, CommandError> {
    let input = OrdersInput { query: query.into(), before };
    till.read(|db, ctx| history::list(db, ctx, input))
}

fn numbers(till: &mut Till, query: &str) -> Vec<String> {
    let found = list(till, query, None).unwrap();
    found.orders.into_iter().map(|order| order.receipt_number[8..].to_owned()).collect()
}

#[test]
fn orders_are_found_by_number_amount_and_name() {
    let mut till = Till::selling();
    till.sell(kopi(), 1);
    till.sell(roti(), 2);
    till.add(apple(), 2);
    till.add(roti(), 1);
    till.pay(vec![cash(1_000_000)]).unwrap();
    let table: &[(&str, &[&str])] = &[
        ("", &["000003", "000002", "000001"]),
        ("000002", &["000002"]),
        ("kota-t3-000001", &["000001"]),
        ("T3-0000", &["000003", "000002", "000001"]),
        ("roti", &["000003", "000002"]),
        ("ROTI BAKAR", &["000003", "000002"]),
        ("sùsú", &["000001"]),
        ("20790", &["000001"]),
        ("20.790", &["000001"]),
        ("Rp 20.790", &["000001"]),
        ("20791", &[]),
        ("kota", &[]),
        ("%", &[]),
        ("' OR 1=1 --", &[]),
    ];
    for (query, expected) in table {
        assert_eq!(numbers(&mut till, query), *expected, "{query:?}");
    }
}

#[test]
fn pages_follow_each_other_without_gap_or_double() {
    let mut till = Till::selling();
    for _ in 0..107 {
        till.sell(roti(), 1);
    }
    for query in ["", "roti"] {
        let mut seen = Vec::new();
        let mut before = None;
        let mut pages = Vec::new();
        loop {
            let page = list(&mut till, query, before).unwrap();
            pages.push(page.orders.len());
            before = page.orders.last().map(|order| order.order_id);
            seen.extend(page.orders.into_iter().map(|order| order.receipt_number));
            if !page.more {
                break;
            }
        }
        let expected: Vec<String> = (1..=107).rev().map(|n| format!("KOTA-T3-{n:06}")).collect();
        assert_eq!((pages, seen), (vec![50, 50, 7], expected));
    }
    assert_eq!(list(&mut till, "", Some(id!(OrderId, 1))).unwrap_err().code, Code::NotFound);
}

#[test]
fn a_row_says_what_was_given_back_and_whether_the_server_holds_it() {
    let mut till = Till::selling();
    let order = till.sell(kopi(), 2).order;
    till.sell(roti(), 1);
    let input = RefundInput {
        refund_id: RefundId::from_bytes(fresh_id()),
        order_id: order.order_id,
        lines: vec![RefundChoice {
            line_id: order.lines[0].figures.line_id,
            quantity: pieces(1),
            restock: true,
        }],
        tender: TenderKind::Cash,
        reason: "cold".into(),
        approval: None,
    };
    till.run(|store, ctx| refunds::complete(store, ctx, input)).unwrap();
    // The server holds the journal up to the first sale: sign-in, drawer, sale.
    let now = till.clock_now();
    till.store.write(|tx| -> Result<(), StoreError> { journal::set_acked(tx, 1, 3, None, now) }).unwrap();
    let rows = list(&mut till, "", None).unwrap().orders;
    let seen: Vec<_> = rows.iter().map(|row| (row.refunded, row.synced, row.print)).collect();
    assert_eq!(seen, [(idr(0), false, None), (idr(20_790), true, None)]);
    assert_eq!((rows[1].item_count, &rows[1].tenders[..]), (2, &[TenderKind::Cash][..]));
}

#[test]
fn a_receipt_is_found_by_whatever_was_scanned_or_typed_of_it() {
    let mut till = Till::selling();
    till.sell(roti(), 1);
    let order = till.sell(kopi(), 1).order;
    let id = order.order_id;
    let qr = format!("https://example.test/r/{id}?n=KOTA-T3-000002");
    for code in [
        "KOTA-T3-000002",
        "  kota-t3-000002\r\n",
        "KOTA - T3 - 000002",
        "000002",
        "2",
        &qr,
        &qr.to_uppercase(),
        &id.to_string(),
        &format!("kedai:{id}"),
        "nr.KOTA-T3-000002!",
        "order-KOTA-T3-000002",
    ] {
        let input = FindOrderInput { code: code.into() };
        let found = till.read(|db, ctx| history::find(db, ctx, input)).unwrap();
        assert_eq!(found.order.order_id, id, "{code:?}");
    }
    let long = "9".repeat(5_000);
    for code in
        ["", " ", "3", "KOTA-T4-000002", "XKOTA-T3-000002", "https://example.test/r/2", "-", "-2", &long]
    {
        let input = FindOrderInput { code: code.into() };
        let error = till.read(|db, ctx| history::find(db, ctx, input)).unwrap_err();
        assert_eq!(error.code, Code::NotFound, "{code:?}");
    }
}

#[test]
fn a_reprint_is_a_copy_and_the_journal_says_so() {
    let mut till = Till::printing();
    let sold = till.sell(kopi(), 1);
    let input = OrderInput { order_id: sold.order.order_id };
    let again = till.run(|store, ctx| history::reprint(store, ctx, input.clone())).unwrap();
    assert_eq!((&again.order, again.print), (&sold.order, Some(PrintState::Waiting)));
    assert_ne!(again.text, sold.text, "marked as a copy");
    let shown = till.read(|db, ctx| history::get(db, ctx, input)).unwrap();
    assert_eq!(shown.text, sold.text);
    let jobs = print_jobs::newest(till.store.db(), 10).unwrap();
    let seen: Vec<_> = jobs.iter().map(|job| (job.copy, job.open_drawer, job.title.as_str())).collect();
    assert_eq!(seen, [(true, false, "KOTA-T3-000001"), (false, true, "KOTA-T3-000001")]);
    assert_eq!(till.kinds().last().unwrap(), "receipt.reprinted");
    let unknown = OrderInput { order_id: id!(OrderId, 1) };
    assert_eq!(
        till.run(|store, ctx| history::reprint(store, ctx, unknown)).unwrap_err().code,
        Code::NotFound
    );

    let mut till = Till::selling();
    let input = OrderInput { order_id: till.sell(kopi(), 1).order.order_id };
    assert_eq!(till.run(|store, ctx| history::reprint(store, ctx, input)).unwrap_err().code, Code::NoPrinter);
    assert_eq!(till.kinds().last().unwrap(), "order.completed", "nothing was printed, so nothing says so");
}

#[test]
fn receipts_are_shown_to_people_at_the_till_only() {
    let mut till = Till::selling();
    let input = OrderInput { order_id: till.sell(kopi(), 1).order.order_id };
    till.run(terminal::staff::sign_out).unwrap();
    assert_eq!(till.read(|db, ctx| history::get(db, ctx, input)).unwrap_err().code, Code::NotSignedIn);
    assert_eq!(list(&mut till, "", None).unwrap_err().code, Code::NotSignedIn);
}

#[test]
fn a_receipt_is_kept_as_a_file_and_marked_once_it_is_on_paper() {
    let kept = |till: &mut Till, order_id, format| {
        let file = till.read(|db, ctx| history::receipt_file(db, ctx, ReceiptFileInput { order_id, format }));
        let file = file.unwrap();
        (file.name, STANDARD.decode(file.base64).unwrap())
    };
    let mut paperless = Till::selling();
    let sold = paperless.sell(kopi(), 1);
    let (name, text) = kept(&mut paperless, sold.order.order_id, FileFormat::Text);
    assert_eq!((name.as_str(), String::from_utf8(text).unwrap()), ("KOTA-T3-000001.txt", sold.text));
    let (name, pdf) = kept(&mut paperless, sold.order.order_id, FileFormat::Pdf);
    assert!(name == "KOTA-T3-000001.pdf" && pdf.starts_with(b"%PDF-1.7"));
    let mut printing = Till::printing();
    let order_id = printing.sell(kopi(), 1).order.order_id;
    let (name, page) = kept(&mut printing, order_id, FileFormat::Html);
    let page = String::from_utf8(page).unwrap();
    assert!(name == "KOTA-T3-000001.html" && page.contains("<mark>SALINAN</mark>"), "{page}");
    let unknown =
        ReceiptFileInput { order_id: shared::ids::OrderId::from_bytes([9; 16]), format: FileFormat::Pdf };
    let refused = printing.read(|db, ctx| history::receipt_file(db, ctx, unknown)).unwrap_err();
    assert_eq!(refused.code, Code::NotFound);
}
