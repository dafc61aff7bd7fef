//! Goods moved by hand: by leave, by name, with a slip.

use shared::ids::{ItemId, StockMovementId};
use shared::journal::payload::StockReason;
use terminal::context::CommandError;
use terminal::receipts::StockSlip;
use terminal::stockroom;
use terminal::store::print_jobs::{self, PrintKind};
use terminal::store::stock::moved_after;
use terminal::views::*;

use crate::till::*;

fn line(item_id: ItemId, n: i32) -> MoveStockLine {
    MoveStockLine { item_id, variant_id: None, quantity: pieces(n) }
}

fn input(lines: Vec<MoveStockLine>, approval: Option<ApprovalInput>) -> MoveStockInput {
    MoveStockInput {
        stock_movement_id: StockMovementId::from_bytes(fresh_id()),
        reason: StockReason::Wasted,
        note: " fell down ".into(),
        lines,
        approval,
    }
}

fn moved(till: &mut Till, input: MoveStockInput) -> Result<(), CommandError> {
    till.run(|store, ctx| stockroom::move_stock(store, ctx, input))
}

#[test]
fn goods_move_by_leave_and_by_name() {
    let mut till = Till::selling();
    let long = MoveStockInput { note: "x".repeat(201), ..input(vec![line(kopi(), 5)], manager_leave()) };
    let foreign = MoveStockLine { variant_id: Some(id!(VariantId, 99)), ..line(latte(), 1) };
    for (bad, code) in [
        (input(vec![line(kopi(), 5)], None), Code::ApprovalNeeded),
        (input(vec![], manager_leave()), Code::Invalid),
        (input(vec![line(kopi(), 0)], manager_leave()), Code::Invalid),
        (input(vec![line(id!(ItemId, 99), 1)], manager_leave()), Code::NotFound),
        (input(vec![foreign], manager_leave()), Code::NotFound),
        (long, Code::Invalid),
    ] {
        assert_eq!(moved(&mut till, bad).unwrap_err().code, code);
    }
    let large = MoveStockLine { variant_id: Some(large()), ..line(latte(), 4) };
    moved(&mut till, input(vec![line(kopi(), 5), line(roti(), -2), large], manager_leave())).unwrap();
    assert_eq!(till.kinds()[2..], ["approval.granted", "stock.moved"]);
    let level = |item_id| moved_after(till.store.db(), item_id, terminal::journal::key_of(1, 0)).unwrap();
    assert_eq!((level(kopi()), level(roti()), level(latte())), (pieces(5), pieces(-2), pieces(4)));
    assert_eq!(till.count("SELECT COUNT(*) FROM stock_movements WHERE reason = 'wasted'"), 3);
    assert_eq!(till.count("SELECT COUNT(*) FROM print_jobs"), 0, "no printer, no slip");
    till.check_chain();
}

#[test]
fn a_slip_says_what_moved() {
    let mut till = Till::printing();
    moved(&mut till, input(vec![line(kopi(), 5), line(roti(), -2)], manager_leave())).unwrap();
    let job = print_jobs::newest(till.store.db(), 1).unwrap().remove(0);
    assert_eq!(job.kind, PrintKind::Stock);
    let slip: StockSlip = serde_json::from_str(job.body.as_deref().unwrap()).unwrap();
    assert_eq!(job.subject_id, Some(slip.moved.stock_movement_id.to_string()));
    assert_eq!((slip.moved.note.as_str(), slip.staff_name.as_deref()), ("fell down", Some("Ayu")));
    assert_eq!(slip.names, ["Kopi Susu", "Roti Bakar"]);
    let lines: Vec<_> = slip.moved.lines.iter().map(|line| (line.sku.as_str(), line.quantity)).collect();
    assert_eq!(lines, [("KOPI", pieces(5)), ("ROTI", pieces(-2))]);
}

#[test]
fn a_movement_whose_commit_was_answered_with_an_error_happens_once() {
    let mut till = Till::selling();
    till.sign_in(manager(), MANAGER_PIN).unwrap();
    till.store.commit_by(Box::new(|connection| {
        terminal::store::plain_commit(connection)?;
        Err(rusqlite::Error::InvalidQuery)
    }));
    moved(&mut till, input(vec![line(kopi(), 5)], None)).unwrap();
    assert_eq!(till.count("SELECT COUNT(*) FROM stock_movements"), 1);
    till.store.commit_by(Box::new(|_| Err(rusqlite::Error::InvalidQuery)));
    assert_eq!(moved(&mut till, input(vec![line(kopi(), 5)], None)).unwrap_err().code, Code::StoreFailed);
    till.store.commit_by(Box::new(terminal::store::plain_commit));
    assert_eq!(till.count("SELECT COUNT(*) FROM stock_movements"), 1);
    till.check_chain();
}

#[test]
fn the_same_movement_asked_for_twice_is_booked_once() {
    let mut till = Till::selling();
    let once = input(vec![line(kopi(), 5), line(roti(), 1)], manager_leave());
    moved(&mut till, once.clone()).unwrap();
    moved(&mut till, once).unwrap();
    assert_eq!(till.count("SELECT COUNT(*) FROM stock_movements"), 2);
    assert_eq!(till.kinds().iter().filter(|kind| *kind == "stock.moved").count(), 1);
}
