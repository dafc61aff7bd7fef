//! Money at the card reader that became no sale is in the journal, each fact once, whatever breaks in between.

use std::sync::{Arc, Mutex};

use hardware::emulator::counter::{Fault, zvt};
use rusqlite::{Connection, ffi};
use serde_json::{Value, json};
use shared::order::TenderKind;
use terminal::store::{Commit, plain_commit};
use terminal::views::*;

use crate::cards::{Scene, given, idr, scene, scene_with};
use crate::running_till::Till;

const GIVEN_BACK: &str = "card_payment.given_back";
const UNSOLD: &str = "card_payment.unsold";
const REFUNDED: &str = "card_payment.refunded";
const BY_HAND: &str = "card_payment.settled_by_hand";

/// A payment that the reader took for a cart whose customer then went.
fn taken(scene: &Scene) -> CardPaymentView {
    let (cart_id, total) = scene.cart();
    scene.verdict(zvt::Verdict::Approve);
    scene.becomes(&scene.begin(cart_id, total), "approved")
}

fn give_back(payment: &CardPaymentView) -> CardGiveBackInput {
    CardGiveBackInput { card_payment_id: payment.card_payment_id, approval: None }
}

/// Waits until the reader asks for the card of what is under way.
fn at_reader(scene: &Scene, of: impl Fn() -> Option<CardPaymentView>) {
    let asks = |payment: CardPaymentView| payment.step.as_deref() == Some("present_card");
    scene.till.wait_until("the card", |_| of().is_some_and(asks));
}

#[test]
fn what_is_given_back_is_told_with_every_try_and_how_it_ended() {
    let scene = scene();
    let payment = taken(&scene);
    scene.till.sign_in();
    scene.verdict(zvt::Verdict::Decline { code: 0x05 });
    let first: CardPaymentView = scene.till.call("card.give_back", &give_back(&payment));
    scene.becomes(&first, "refused");
    scene.verdict(zvt::Verdict::Approve);
    let second: CardPaymentView = scene.till.call("card.again", &scene.at(&first));
    scene.becomes(&second, "approved");

    let told = |refund: &CardPaymentView| {
        json!({
            "card_payment_id": payment.card_payment_id, "refund_card_payment_id": refund.card_payment_id,
            "amount": "20790 IDR", "reader": "The card", "approval_id": null,
        })
    };
    assert_eq!(scene.said(GIVEN_BACK), [told(&first), told(&second)]);
    let ended = |refund: &CardPaymentView, approved: Value| {
        json!({
            "card_payment_id": refund.card_payment_id, "reverses": payment.card_payment_id,
            "amount": "20790 IDR", "approved": approved,
        })
    };
    assert_eq!(scene.said(REFUNDED), [ended(&first, Value::Null), ended(&second, json!("20790 IDR"))]);
    assert_eq!(scene.said(BY_HAND), Vec::<Value>::new());
}

#[test]
fn what_was_taken_for_no_sale_is_told_with_the_voided_cart_and_at_every_closing_until_it_is_given_back() {
    let scene = scene();
    let payment = taken(&scene);
    let void = json!({ "reason": "The customer went", "approval": null });
    let _: CartView = scene.till.call("register.void", &void);
    let close = |float: &str| {
        let count = json!({ "counted_cash": "100000 IDR", "denominations": [], "note": null });
        let _: ClosedView = scene.till.call("drawer.close", &count);
        let _: AppState = scene.till.call("drawer.open", &json!({ "opening_float": float }));
    };
    close("100000 IDR");
    let unsold = json!({
        "card_payment_id": payment.card_payment_id, "amount": "20790 IDR", "reader": "The card",
    });
    assert_eq!(scene.said(UNSOLD), [unsold.clone(), unsold]);
    let refund: CardPaymentView = scene.till.call("card.give_back", &give_back(&payment));
    scene.becomes(&refund, "approved");
    close("100000 IDR");
    assert_eq!(scene.said(UNSOLD).len(), 2);
}

#[test]
fn what_a_manager_settles_is_told_with_its_true_amount_and_leave() {
    let scene = scene();
    let (cart_id, total) = scene.cart();
    let settle = |payment: &CardPaymentView, money_moved, amount| CardSettleInput {
        card_payment_id: payment.card_payment_id,
        money_moved,
        amount,
        reason: "The slip of the reader".to_owned(),
        approval: None,
    };
    let lost = scene.lose(cart_id, total);
    for (money_moved, amount) in [
        (true, idr(0)),
        (true, idr(-1)),
        (true, idr(20_791)),
        (true, shared::Money::new(10, "SEK".parse().unwrap())),
        (false, total),
    ] {
        let input = settle(&lost, money_moved, Some(amount));
        let refused = scene.till.try_call::<_, CardPaymentView>("card.settle", &input).unwrap_err();
        assert_eq!((refused.code, refused.details.reason.as_deref()), (Code::Invalid, Some("amount")));
    }
    let _: CardPaymentView = scene.till.call("card.settle", &settle(&lost, false, None));
    scene.zvt.set_fault(Fault::None);

    // The card had not enough, which nobody heard: the rest is paid in cash.
    let part = scene.lose(cart_id, total);
    let part: CardPaymentView = scene.till.call("card.settle", &settle(&part, true, Some(idr(10_000))));
    assert_eq!((part.state.as_str(), part.approved), ("approved", Some(idr(10_000))));
    let tenders = vec![given(TenderKind::Card, idr(10_000)), given(TenderKind::Cash, idr(11_000))];
    scene.pay((cart_id, total), tenders, &[&part]).unwrap();

    let told = scene.said(BY_HAND);
    let leaves = scene.said("approval.granted");
    assert_eq!(told.len(), 2);
    for (told, (payment, moved, amount)) in
        told.iter().zip([(&lost, false, "20790 IDR"), (&part, true, "10000 IDR")])
    {
        assert_eq!(told["card_payment_id"], json!(payment.card_payment_id));
        assert_eq!((&told["money_moved"], &told["amount"]), (&json!(moved), &json!(amount)));
        assert_eq!((&told["kind"], &told["reason"]), (&json!("payment"), &json!("The slip of the reader")));
        assert!(leaves.iter().any(|leave| leave["approval_id"] == told["approval_id"]), "{told}");
    }
}

#[test]
fn of_a_refund_all_is_settled_or_nothing() {
    let scene = scene();
    let payment = taken(&scene);
    scene.verdict(zvt::Verdict::Decline { code: 0x05 });
    let refund: CardPaymentView = scene.till.call("card.give_back", &give_back(&payment));
    scene.becomes(&refund, "refused");
    let mut said = CardSettleInput {
        card_payment_id: refund.card_payment_id,
        money_moved: true,
        amount: Some(idr(10_000)),
        reason: "In cash".to_owned(),
        approval: None,
    };
    let refused = scene.till.try_call::<_, CardPaymentView>("card.settle", &said).unwrap_err();
    assert_eq!(refused.details.reason.as_deref(), Some("amount"), "the rest would be forgotten");
    said.amount = Some(idr(20_790));
    let settled: CardPaymentView = scene.till.call("card.settle", &said);
    assert!(settled.booked);
    let told = scene.said(BY_HAND).remove(0);
    assert_eq!((&told["kind"], &told["reverses"]), (&json!("refund"), &json!(payment.card_payment_id)));
}

#[test]
fn each_fact_is_there_once_when_the_process_ends_in_between() {
    let scene = scene();
    let payment = taken(&scene);
    scene.verdict(zvt::Verdict::Wait);
    let refund: CardPaymentView = scene.till.call("card.give_back", &give_back(&payment));
    at_reader(&scene, || Some(scene.look(&refund)));
    // The wire breaks, the process ends, and the terminal gives the money back.
    scene.zvt.set_fault(Fault::Unplug { bytes: 0 });
    let Scene { till, zvt, server, dir } = scene;
    drop(till.engine);
    zvt.with(|device| device.decide(0));
    zvt.set_fault(Fault::None);
    let till = Till::open(dir.path(), &till.clock);
    till.sign_in();
    let scene = Scene { till, zvt, server, dir };
    scene.becomes(&refund, "approved");
    assert_eq!((scene.said(GIVEN_BACK).len(), scene.said(REFUNDED).len(), scene.sum()), (1, 1, 0));
}

/// Commits that are answered with an error: those that write an event of a kind. The first leaves nothing behind, the next
/// leaves all of it.
#[derive(Clone, Default)]
struct Doubt(Arc<Mutex<Doubted>>);

#[derive(Default)]
struct Doubted {
    kind: &'static str,
    left: u32,
    known: i64,
}

impl Doubt {
    fn about(&self, kind: &'static str) {
        let mut doubted = self.0.lock().unwrap();
        (doubted.kind, doubted.left) = (kind, 2);
    }

    fn is_over(&self) -> bool {
        self.0.lock().unwrap().left == 0
    }

    fn commit(self) -> Commit {
        Box::new(move |db: &Connection| {
            let mut doubted = self.0.lock().unwrap();
            let sql = "SELECT kind, journal_key FROM journal ORDER BY journal_key DESC LIMIT 1";
            let last = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?));
            let (kind, key) = db.query_row(sql, [], last).unwrap_or_default();
            let is_it = doubted.left > 0 && kind == doubted.kind && key > doubted.known;
            if is_it {
                doubted.left -= 1;
            }
            if !is_it || doubted.left == 0 {
                plain_commit(db)?;
                doubted.known = key;
            }
            let failed = rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_IOERR), None);
            if is_it { Err(failed) } else { Ok(()) }
        })
    }
}

#[test]
fn each_fact_is_there_once_when_its_commit_is_in_doubt() {
    let doubt = Doubt::default();
    let scene = scene_with(|options| options.commit = Some(doubt.clone().commit()));
    let payment = taken(&scene);
    scene.verdict(zvt::Verdict::Wait);
    let known = CardPaymentIdInput { card_payment_id: payment.card_payment_id };
    doubt.about(GIVEN_BACK);
    for done in [false, true] {
        let failed = scene.till.try_call::<_, CardPaymentView>("card.give_back", &give_back(&payment));
        assert_eq!(failed.unwrap_err().code, Code::StoreFailed);
        let payment: CardPaymentView = scene.till.call("card.show", &known);
        assert_eq!(payment.booked, done);
    }
    assert!(doubt.is_over());
    let again = scene.till.try_call::<_, CardPaymentView>("card.give_back", &give_back(&payment));
    assert_eq!(again.unwrap_err().code, Code::Invalid, "it is under way");

    let refund = || scene.list().payments.into_iter().find(|payment| payment.kind == "refund");
    at_reader(&scene, refund);
    let refund = refund().unwrap();
    doubt.about(REFUNDED);
    scene.zvt.with(|device| device.decide(0));
    scene.becomes(&refund, "approved");
    assert!(doubt.is_over());
    assert_eq!((scene.said(GIVEN_BACK).len(), scene.said(REFUNDED).len(), scene.sum()), (1, 1, 0));
}

#[test]
fn giving_back_that_is_called_off_before_the_reader_heard_of_it_is_told_too() {
    let scene = scene();
    let (cart_id, _) = scene.cart();
    scene.verdict(zvt::Verdict::Approve);
    let part = scene.becomes(&scene.begin(cart_id, idr(10_000)), "approved");
    scene.verdict(zvt::Verdict::Wait);
    let rest = scene.begin(cart_id, idr(10_790));
    at_reader(&scene, || Some(scene.look(&rest)));
    let refund: CardPaymentView = scene.till.call("card.give_back", &give_back(&part));
    let refund: CardPaymentView = scene.till.call("card.cancel", &scene.at(&refund));
    assert_eq!((refund.state.as_str(), refund.why.as_deref()), ("refused", Some("cancelled")));
    let _: CardPaymentView = scene.till.call("card.cancel", &scene.at(&rest));
    scene.becomes(&rest, "refused");
    scene.verdict(zvt::Verdict::Approve);
    let again: CardPaymentView = scene.till.call("card.again", &scene.at(&refund));
    scene.becomes(&again, "approved");
    let told = scene.said(REFUNDED);
    let approved: Vec<&Value> = told.iter().map(|told| &told["approved"]).collect();
    assert_eq!(approved, [&Value::Null, &json!("10000 IDR")]);
    assert_eq!((scene.said(GIVEN_BACK).len(), scene.sum()), (2, 0));
}
