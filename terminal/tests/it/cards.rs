//! Card payments at a running till: taken once, counted once, and never forgotten, whatever breaks.

use hardware::emulator::counter::card_http::{self, CardHttpDevice};
use hardware::emulator::counter::zvt::{self, ZvtDevice};
use hardware::emulator::counter::{Fault, Wired};
use shared::Money;
use shared::ids::CartId;
use shared::order::{TenderGiven, TenderKind};
use terminal::engine::EngineOptions;
use terminal::views::*;

use crate::fake_server::FakeServer;
use crate::running_till::{Till, device};
use crate::shop;

pub(crate) struct Scene {
    pub(crate) till: Till,
    pub(crate) zvt: Wired<ZvtDevice>,
    pub(crate) server: FakeServer,
    pub(crate) dir: tempfile::TempDir,
}

pub(crate) fn idr(minor: i64) -> Money {
    Money::new(minor, "IDR".parse().unwrap())
}

pub(crate) fn given(kind: TenderKind, given: Money) -> TenderGiven {
    TenderGiven { kind, given }
}

/// A card reader as a manager sets it up.
pub(crate) fn setup(protocol: &str, target: &str) -> CounterDeviceInput {
    CounterDeviceInput { protocol: Some(protocol.to_owned()), ..device("card", target) }
}

/// A till with a ZVT terminal, its manager signed in.
pub(crate) fn scene() -> Scene {
    scene_with(|_| {})
}

pub(crate) fn scene_with(change: impl FnOnce(&mut EngineOptions)) -> Scene {
    let server = FakeServer::start();
    let dir = tempfile::tempdir().unwrap();
    let till = Till::selling(dir.path(), &server, change);
    let zvt = Wired::tcp(ZvtDevice::default(), 0).unwrap();
    // It has been used before: a terminal that repeats nothing leaves nothing to compare with.
    zvt.with(|device| device.taken.push(zvt::Taken { trace: 1, minor: 500, code: 0x05 }));
    till.sign_in_manager();
    let _: CounterView = till.call("counter.save", &setup("zvt", zvt.address()));
    Scene { till, zvt, server, dir }
}

impl Scene {
    pub(crate) fn cart(&self) -> (CartId, Money) {
        let cart: CartView = self.till.call("register.add_item", &self.till.coffee());
        (cart.cart_id.unwrap(), cart.total.unwrap())
    }

    pub(crate) fn list(&self) -> CardsView {
        self.till.call("card.list", &Nothing {})
    }

    pub(crate) fn begin(&self, cart_id: CartId, amount: Money) -> CardPaymentView {
        self.till.call("card.pay", &CardPayInput { cart_id, amount })
    }

    fn try_begin(&self, cart_id: CartId, amount: Money) -> Code {
        self.till
            .try_call::<_, CardPaymentView>("card.pay", &CardPayInput { cart_id, amount })
            .unwrap_err()
            .code
    }

    pub(crate) fn look(&self, payment: &CardPaymentView) -> CardPaymentView {
        let input = CardPaymentIdInput { card_payment_id: payment.card_payment_id };
        self.till.call("card.show", &input)
    }

    pub(crate) fn becomes(&self, payment: &CardPaymentView, state: &str) -> CardPaymentView {
        self.till.wait_until(state, |_| self.look(payment).state == state);
        self.look(payment)
    }

    pub(crate) fn pay(
        &self,
        (cart_id, total): (CartId, Money),
        tenders: Vec<TenderGiven>,
        cards: &[&CardPaymentView],
    ) -> Result<ReceiptView, CommandErrorView> {
        let card_payments = cards.iter().map(|payment| payment.card_payment_id).collect();
        self.till.try_call("checkout.pay", &PayInput { cart_id, total, tenders, card_payments })
    }

    /// A payment that the terminal approved while its wire broke: nobody here heard it.
    pub(crate) fn lose(&self, cart_id: CartId, amount: Money) -> CardPaymentView {
        self.verdict(zvt::Verdict::Wait);
        let payment = self.begin(cart_id, amount);
        self.till.wait_until("the card", |_| self.look(&payment).step.as_deref() == Some("present_card"));
        self.zvt.set_fault(Fault::CloseAfter { bytes: 0 });
        self.zvt.with(|device| device.decide(0));
        self.becomes(&payment, "unknown")
    }

    /// The payloads of a kind of event, once all are at the server.
    pub(crate) fn said(&self, kind: &str) -> Vec<serde_json::Value> {
        self.till.wait_until("everything is confirmed", |till| till.sync().waiting == 0);
        self.server.change(|kept| {
            let events = kept.events.iter().map(|chained| &chained.event);
            events.filter(|event| event.kind == kind).map(|event| event.payload.clone()).collect()
        })
    }

    pub(crate) fn sum(&self) -> i64 {
        self.zvt.with(|device| device.sum_minor())
    }

    pub(crate) fn verdict(&self, verdict: zvt::Verdict) {
        self.zvt.with(|device| device.verdict = verdict);
    }

    pub(crate) fn at(&self, payment: &CardPaymentView) -> CardPaymentIdInput {
        CardPaymentIdInput { card_payment_id: payment.card_payment_id }
    }
}

#[test]
fn what_the_reader_approves_is_counted_in_one_sale_and_stands_on_its_receipt() {
    let scene = scene();
    let (cart_id, total) = scene.cart();
    assert_eq!(total, idr(20_790));
    let invalid = scene.try_begin(cart_id, idr(20_791));
    assert_eq!(invalid, Code::Invalid, "more than what is due");
    let payment = scene.becomes(&scene.begin(cart_id, total), "approved");
    assert_eq!((payment.approved, payment.card.as_deref()), (Some(total), Some("VISA")));
    assert_eq!((payment.here, payment.booked, scene.sum()), (true, false, 2_079_000));

    let card = || vec![given(TenderKind::Card, total)];
    let cash = vec![given(TenderKind::Cash, idr(20_800))];
    let code = |answer: Result<ReceiptView, CommandErrorView>| answer.unwrap_err().code;
    assert_eq!(code(scene.pay((cart_id, total), cash.clone(), &[])), Code::CardUnsettled, "money was taken");
    assert_eq!(code(scene.pay((cart_id, total), card(), &[])), Code::CardUnsettled);
    assert_eq!(code(scene.pay((cart_id, total), cash, &[&payment])), Code::Invalid, "it has no tender");
    let receipt = scene.pay((cart_id, total), card(), &[&payment]).unwrap();
    let approval = receipt.order.tenders[0].card.as_ref().unwrap();
    assert_eq!(approval.card_payment_id, payment.card_payment_id);
    for line in ["  VISA A1B2C3D4", "  EMULATED TERMINAL", "  CARD ************1111"] {
        assert!(receipt.text.contains(line), "{line} is missing:\n{}", receipt.text);
    }
    assert!(scene.list().payments.is_empty());
    let booked = scene.look(&payment);
    assert_eq!((booked.booked, booked.order_id), (true, Some(receipt.order.order_id)));

    // The same payment in another sale.
    let next = scene.cart();
    assert_eq!(code(scene.pay(next, card(), &[&payment])), Code::Invalid);
    let by_hand = scene.pay(next, card(), &[]).unwrap();
    assert_eq!(by_hand.order.tenders[0].card, None, "at another reader");
}

#[test]
fn a_card_that_is_declined_called_off_or_short_leaves_the_rest_to_other_means() {
    let scene = scene();
    let (cart_id, total) = scene.cart();
    scene.verdict(zvt::Verdict::Decline { code: 0x05 });
    let declined = scene.becomes(&scene.begin(cart_id, total), "refused");
    assert_eq!((declined.why.as_deref(), declined.booked), (Some("declined"), true));

    scene.verdict(zvt::Verdict::Wait);
    let waiting = scene.begin(cart_id, total);
    scene.till.wait_until("the card", |_| scene.look(&waiting).step.as_deref() == Some("present_card"));
    assert_eq!(scene.try_begin(cart_id, total), Code::CardUnsettled);
    let paid = scene.pay((cart_id, total), vec![given(TenderKind::Card, total)], &[]);
    assert_eq!(paid.unwrap_err().code, Code::CardUnsettled, "it may be approved any moment");
    let _: CardPaymentView = scene.till.call("card.cancel", &scene.at(&waiting));
    assert_eq!(scene.becomes(&waiting, "refused").why.as_deref(), Some("cancelled"));
    assert_eq!(scene.sum(), 0);

    scene.verdict(zvt::Verdict::ApprovePart { minor: 1_000_000 });
    let part = scene.becomes(&scene.begin(cart_id, total), "approved");
    assert_eq!(part.approved, Some(idr(10_000)));
    let tenders = vec![given(TenderKind::Card, idr(10_000)), given(TenderKind::Cash, idr(11_000))];
    let receipt = scene.pay((cart_id, total), tenders, &[&part]).unwrap();
    assert_eq!(receipt.order.change_due, idr(200), "10,790 in cash are 10,800");
}

#[test]
fn a_lost_answer_is_unknown_is_never_charged_again_and_is_given_back_when_it_became_no_sale() {
    let scene = scene();
    let (cart_id, total) = scene.cart();
    let lost = scene.lose(cart_id, total);
    assert_eq!(scene.try_begin(cart_id, total), Code::CardUnsettled);
    let removed = scene.list().reader.unwrap().counter_device_id;
    let removed = CounterDeviceIdInput { counter_device_id: removed };
    let kept = scene.till.try_call::<_, CounterView>("counter.remove", &removed).unwrap_err();
    assert_eq!(kept.code, Code::CardUnsettled, "who would be asked?");
    let other = CounterDeviceInput {
        counter_device_id: Some(removed.counter_device_id),
        ..setup("zvt", "tcp://127.0.0.1:9")
    };
    for other in [&other, &CounterDeviceInput { kind: "display".into(), ..other.clone() }] {
        let kept = scene.till.try_call::<_, CounterView>("counter.save", other).unwrap_err();
        assert_eq!(kept.code, Code::CardUnsettled, "another reader knows of another customer's payment");
    }
    // The customer pays in cash and goes.
    let cash = vec![given(TenderKind::Cash, idr(20_800))];
    scene.pay((cart_id, total), cash, &[]).unwrap();

    scene.zvt.set_fault(Fault::None);
    scene.verdict(zvt::Verdict::Approve);
    let _: CardPaymentView = scene.till.call("card.ask", &scene.at(&lost));
    let lost = scene.becomes(&lost, "approved");
    assert_eq!((lost.here, lost.booked, scene.zvt.with(|device| device.taken.len())), (false, false, 2));
    let back = CardGiveBackInput { card_payment_id: lost.card_payment_id, approval: None };
    let refund: CardPaymentView = scene.till.call("card.give_back", &back);
    let refund = scene.becomes(&refund, "approved");
    assert_eq!((refund.kind.as_str(), refund.approved, refund.booked), ("refund", Some(total), true));
    assert_eq!((scene.sum(), scene.list().payments.len()), (0, 0));
    let twice = scene.till.try_call::<_, CardPaymentView>("card.give_back", &back).unwrap_err();
    assert_eq!(twice.code, Code::Invalid, "given back once");
}

#[test]
fn a_payment_that_a_crash_interrupted_is_asked_after_at_the_next_start() {
    let scene = scene();
    let (cart_id, total) = scene.cart();
    scene.verdict(zvt::Verdict::Wait);
    let payment = scene.begin(cart_id, total);
    scene.till.wait_until("the card", |_| scene.look(&payment).step.as_deref() == Some("present_card"));
    // The wire breaks, the process ends, and the customer pays at the reader.
    scene.zvt.set_fault(Fault::Unplug { bytes: 0 });
    let Scene { till, zvt, server, dir } = scene;
    drop(till.engine);
    zvt.with(|device| device.decide(0));
    zvt.set_fault(Fault::None);
    let till = Till::open(dir.path(), &till.clock);
    till.sign_in();
    let scene = Scene { till, zvt, server, dir };
    let payment = scene.becomes(&payment, "approved");
    assert!(payment.here, "its cart is still in this window");
    assert_eq!(scene.zvt.with(|device| device.taken.len()), 2);
    let receipt = scene.pay((cart_id, total), vec![given(TenderKind::Card, total)], &[&payment]).unwrap();
    assert!(receipt.order.tenders[0].card.is_some());
}

#[test]
fn a_manager_says_how_it_stands_when_the_reader_cannot() {
    let scene = scene();
    let (cart_id, total) = scene.cart();
    for money_moved in [false, true] {
        let lost = scene.lose(cart_id, total);
        let card_payment_id = lost.card_payment_id;
        let reason = "The slip of the reader".to_owned();
        let mut said = CardSettleInput { card_payment_id, money_moved, amount: None, reason, approval: None };
        scene.till.sign_in();
        let refused = scene.till.try_call::<_, CardPaymentView>("card.settle", &said).unwrap_err();
        assert_eq!(refused.code, Code::ApprovalNeeded);
        said.approval = Some(ApprovalInput { staff_id: shop::MANAGER, pin: shop::MANAGER_PIN.to_owned() });
        let settled: CardPaymentView = scene.till.call("card.settle", &said);
        let expected = if money_moved { ("approved", None) } else { ("refused", Some("by_hand")) };
        assert_eq!((settled.state.as_str(), settled.why.as_deref()), expected);
        let again = scene.till.try_call::<_, CardPaymentView>("card.settle", &said).unwrap_err();
        assert_eq!(again.code, Code::Invalid);
        if money_moved {
            let card = vec![given(TenderKind::Card, total)];
            let receipt = scene.pay((cart_id, total), card, &[&settled]).unwrap();
            assert!(receipt.order.tenders[0].card.as_ref().unwrap().by_hand);
        }
        scene.zvt.set_fault(Fault::None);
    }
}

#[test]
fn an_older_unknown_payment_is_not_settled_by_another_customers_of_the_same_amount() {
    let scene = scene();
    let (cart_id, total) = scene.cart();
    scene.verdict(zvt::Verdict::Approve);
    let first = scene.becomes(&scene.begin(cart_id, total), "approved");
    scene.pay((cart_id, total), vec![given(TenderKind::Card, total)], &[&first]).unwrap();
    // The line breaks before the terminal books anything, and the customer pays in cash.
    let (cart_id, total) = scene.cart();
    scene.verdict(zvt::Verdict::Wait);
    let lost = scene.begin(cart_id, total);
    scene.till.wait_until("the card", |_| scene.look(&lost).step.as_deref() == Some("present_card"));
    scene.zvt.set_fault(Fault::CloseAfter { bytes: 0 });
    let taken = scene.zvt.with(|device| device.taken.len());
    scene.zvt.with(|device| device.decide(0x05));
    let lost = scene.becomes(&lost, "unknown");
    scene.pay((cart_id, total), vec![given(TenderKind::Cash, idr(20_800))], &[]).unwrap();
    // Nobody could ask meanwhile; then somebody else pays as much.
    scene.zvt.with(|device| device.taken.truncate(taken));
    scene.zvt.set_fault(Fault::None);
    scene.verdict(zvt::Verdict::Approve);
    let (cart_id, total) = scene.cart();
    let second = scene.becomes(&scene.begin(cart_id, total), "approved");
    scene.pay((cart_id, total), vec![given(TenderKind::Card, total)], &[&second]).unwrap();
    let settled = scene.look(&lost);
    assert_ne!(settled.state, "approved", "that was the other customer's card");
    assert_eq!(scene.sum(), 2 * 2_079_000);
}

#[test]
fn goods_that_come_back_are_paid_back_at_the_reader() {
    let scene = scene();
    let cart = scene.cart();
    let payment = scene.becomes(&scene.begin(cart.0, cart.1), "approved");
    let order = scene.pay(cart, vec![given(TenderKind::Card, cart.1)], &[&payment]).unwrap().order;
    scene.verdict(zvt::Verdict::Decline { code: 0x05 });
    let line = RefundChoice {
        line_id: order.lines[0].figures.line_id,
        quantity: "1".parse().unwrap(),
        restock: true,
    };
    let input = RefundInput {
        refund_id: shared::ids::RefundId::from_bytes([7; 16]),
        order_id: order.order_id,
        lines: vec![line],
        tender: TenderKind::Card,
        reason: "Cold".to_owned(),
        approval: None,
    };
    let refund: RefundView = scene.till.call("refund.complete", &input);
    assert_eq!(refund.refund.amount, cart.1);
    let of = |state: &str| scene.list().payments.first().is_some_and(|payment| payment.state == state);
    scene.till.wait_until("the reader's no", |_| of("refused"));
    let refused = scene.list().payments.remove(0);
    assert_eq!((refused.kind.as_str(), refused.order_id), ("refund", Some(order.order_id)));
    assert_eq!(scene.sum(), 2_079_000);
    scene.verdict(zvt::Verdict::Approve);
    assert_eq!(refund.card_payment_id, Some(refused.card_payment_id));
    let again: CardPaymentView = scene.till.call("card.again", &scene.at(&refused));
    scene.becomes(&again, "approved");
    assert_eq!((scene.sum(), scene.list().payments.len()), (0, 0));
    let twice = scene.till.try_call::<_, CardPaymentView>("card.again", &scene.at(&refused)).unwrap_err();
    assert_eq!(twice.code, Code::Invalid);
    // Asking for the same refund again asks the reader for nothing.
    let same: RefundView = scene.till.call("refund.complete", &input);
    assert_eq!(same.card_payment_id, Some(again.card_payment_id));
    assert_eq!(scene.list().payments.len(), 0);
    // The refund is told once, and what came of it at the reader each time.
    assert_eq!(scene.said("refund.completed").len(), 1);
    assert_eq!(scene.said("card_payment.given_back").len(), 0);
    let ended: Vec<_> = scene.said("card_payment.refunded");
    let approved: Vec<_> = ended.iter().map(|fact| fact["approved"].as_str()).collect();
    assert_eq!(approved, [None, Some("20790 IDR")]);
    assert!(ended.iter().all(|fact| fact["refund_id"] == serde_json::json!(input.refund_id)));
}

#[test]
fn the_readers_day_is_closed_and_its_lines_are_printed() {
    let scene = scene();
    let cart = scene.cart();
    let payment = scene.becomes(&scene.begin(cart.0, cart.1), "approved");
    scene.pay(cart, vec![given(TenderKind::Card, cart.1)], &[&payment]).unwrap();
    let id = scene.list().reader.unwrap().counter_device_id;
    let _: CardsView = scene.till.call("card.reconcile", &CounterDeviceIdInput { counter_device_id: id });
    let day = || scene.list().reader.unwrap().day.unwrap();
    scene.till.wait_until("the end of its day", |_| day().state == "done");
    assert_eq!((day().sum, day().lines), (Some(cart.1), vec!["END OF DAY".to_owned()]));
}

#[test]
fn a_reader_of_a_provider_is_reached_over_http_and_its_key_is_never_shown() {
    let scene = scene();
    let stripe = Wired::tcp(CardHttpDevice::default(), 0).unwrap();
    let web = stripe.address().replace("tcp://", "http://");
    let refused = |input: &CounterDeviceInput| {
        let answer = scene.till.try_call::<_, CounterView>("counter.save", input);
        answer.unwrap_err().details.reason.unwrap()
    };
    let known: CounterView = scene.till.call("counter.list", &Nothing {});
    let whole = CounterDeviceInput {
        counter_device_id: Some(known.devices[0].counter_device_id),
        reader: Some("tmr_1".to_owned()),
        secret: Some("sk_test_1".to_owned()),
        ..setup("stripe", &web)
    };
    let change = |change: fn(&mut CounterDeviceInput)| {
        let mut input = whole.clone();
        change(&mut input);
        input
    };
    for (input, field) in [
        (change(|input| input.protocol = Some("ec".into())), "protocol"),
        (change(|input| input.target = "http://api.example.com".into()), "target"),
        (change(|input| input.target = "tcp://127.0.0.1:1".into()), "target"),
        (change(|input| input.reader = None), "reader"),
        (change(|input| input.secret = None), "secret"),
        (change(|input| input.protocol = Some("adyen_local".into())), "key_name"),
        (
            change(|input| {
                input.protocol = Some("adyen_local".into());
                input.key_name = Some("till".into());
            }),
            "key_version",
        ),
    ] {
        assert_eq!(refused(&input), field, "{input:?}");
    }
    let view: CounterView = scene.till.call("counter.save", &whole);
    assert!(view.devices[0].has_secret);
    assert!(!serde_json::to_string(&view).unwrap().contains("sk_test_1"));
    // Its name alone is changed: the key stays. Another address must be told its own.
    let renamed = change(|input| (input.name, input.secret) = ("Counter".into(), None));
    let _: CounterView = scene.till.call("counter.save", &renamed);
    let elsewhere = CounterDeviceInput { target: "https://api.example.com".into(), ..renamed };
    assert_eq!(refused(&elsewhere), "secret");

    let cart = scene.cart();
    let payment = scene.becomes(&scene.begin(cart.0, cart.1), "approved");
    let order = scene.pay(cart, vec![given(TenderKind::Card, cart.1)], &[&payment]).unwrap().order;
    let approval = order.tenders[0].card.as_ref().unwrap();
    assert_eq!(approval.provider_reference, format!("pi_{}", payment.card_payment_id));
    stripe.with(|device| device.verdict = card_http::Verdict::Decline);
    let cart = scene.cart();
    assert_eq!(scene.becomes(&scene.begin(cart.0, cart.1), "refused").why.as_deref(), Some("declined"));
}

#[test]
fn a_reader_that_is_not_there_refuses_before_any_money_moves_and_comes_back_by_itself() {
    let scene = scene();
    let well = || scene.list().reader.unwrap().well;
    scene.till.wait_until("the reader", |_| well() == Some(true));
    scene.zvt.set_fault(Fault::Unplug { bytes: 0 });
    let (cart_id, total) = scene.cart();
    let refused = scene.becomes(&scene.begin(cart_id, total), "refused");
    assert_eq!(refused.why.as_deref(), Some("not_reached"));
    let device = CounterDeviceIdInput { counter_device_id: scene.list().reader.unwrap().counter_device_id };
    let _: CounterView = scene.till.call("counter.test", &device);
    scene.till.wait_until("its end", |_| well() == Some(false));
    scene.zvt.set_fault(Fault::None);
    scene.till.wait_until("its return", |_| well() == Some(true));
    scene.becomes(&scene.begin(cart_id, total), "approved");
}
