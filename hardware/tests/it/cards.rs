//! Card readers: paid once or not at all, whatever breaks, and never a card number.

use std::sync::Arc;
use std::time::{Duration, Instant};

use hardware::card::adyen::crypto::SharedKey;
use hardware::card::adyen::{AdyenOptions, AdyenReader, Route};
use hardware::card::http::PlainHttp;
use hardware::card::stripe::{StripeOptions, StripeReader};
use hardware::card::zvt::{ZvtOptions, ZvtReader};
use hardware::card::{CardReader, Outcome, Payment, Refund, Refusal, Step, Unwatched, Watch};
use hardware::emulator::counter::card_http::{self, CardHttpDevice};
use hardware::emulator::counter::zvt::{self, ZvtDevice};
use hardware::emulator::counter::{Fault, Wired};

pub(crate) fn payment(reference: &str, amount_minor: u64) -> Payment {
    Payment {
        reference: reference.to_owned(),
        amount_minor,
        currency: "EUR".to_owned(),
        currency_number: 978,
        at: "2026-11-20T03:00:00Z".to_owned(),
        memory: None,
    }
}

fn refund(reference: &str, amount_minor: u64, of: Option<&str>) -> Refund {
    Refund {
        reference: reference.to_owned(),
        amount_minor,
        currency: "EUR".to_owned(),
        currency_number: 978,
        at: "2026-11-20T03:00:00Z".to_owned(),
        of: of.map(str::to_owned),
        memory: None,
    }
}

const SOON: Duration = Duration::from_millis(400);

fn zvt_reader(emulator: &Wired<ZvtDevice>) -> ZvtReader<hardware::PrinterTarget> {
    let options = ZvtOptions { payment: SOON, acknowledge: SOON, ..ZvtOptions::default() };
    ZvtReader::new(emulator.target().unwrap(), options)
}

fn url(emulator: &Wired<CardHttpDevice>) -> String {
    emulator.address().replace("tcp://", "http://")
}

fn key() -> SharedKey {
    SharedKey::new("mypassphrase", "till", 1)
}

fn adyen_reader(emulator: &Wired<CardHttpDevice>) -> AdyenReader {
    let route = Route::Local { url: format!("{}/nexo", url(emulator)), key: key() };
    let options = AdyenOptions {
        route,
        poi_id: "V400m-1".to_owned(),
        sale_id: "T1".to_owned(),
        payment: SOON,
        answer: SOON,
    };
    let mut count = 0_u8;
    let nonce = move || {
        count = count.wrapping_add(1);
        [count; 16]
    };
    AdyenReader::new(Arc::new(PlainHttp), options, Box::new(nonce))
}

fn stripe_reader(emulator: &Wired<CardHttpDevice>) -> StripeReader {
    let options = StripeOptions {
        url: url(emulator),
        api_key: "sk_test".to_owned(),
        reader: "tmr_1".to_owned(),
        payment: SOON,
        answer: SOON,
        pause: Duration::from_millis(10),
    };
    StripeReader::new(Arc::new(PlainHttp), options)
}

fn adyen_emulator() -> Wired<CardHttpDevice> {
    let emulator = Wired::tcp(CardHttpDevice::default(), 0).unwrap();
    emulator.with(|device| device.key = Some(key()));
    emulator
}

fn stripe_emulator() -> Wired<CardHttpDevice> {
    Wired::tcp(CardHttpDevice::default(), 0).unwrap()
}

fn approved(outcome: &Outcome) -> u64 {
    match outcome {
        Outcome::Approved(approval) => {
            assert!(!format!("{approval:?}").contains("4111"), "a card number came through: {approval:?}");
            approval.amount_minor
        }
        other => panic!("not approved: {other:?}"),
    }
}

fn why(outcome: &Outcome) -> Refusal {
    match outcome {
        Outcome::Refused { why, .. } => *why,
        other => panic!("not refused: {other:?}"),
    }
}

/// Remembers as the till's store does.
#[derive(Default)]
struct Remembering {
    memory: std::sync::Mutex<Option<String>>,
}

impl Watch for Remembering {
    fn step(&self, _step: Step) {}
    fn remember(&self, memory: &str) {
        *self.memory.lock().unwrap() = Some(memory.to_owned());
    }
    fn cancelled(&self) -> bool {
        false
    }
}

#[test]
fn a_zvt_terminal_approves_declines_and_gives_back() {
    let emulator = Wired::tcp(ZvtDevice::default(), 0).unwrap();
    let mut reader = zvt_reader(&emulator);
    let paid = reader.start(&payment("a", 1234), &Unwatched::default());
    assert_eq!(approved(&paid), 1234);
    let Outcome::Approved(approval) = &paid else { panic!() };
    assert_eq!((approval.card.as_str(), approval.authorisation.as_str()), ("VISA", "A1B2C3D4"));
    assert_eq!(approval.receipt, ["EMULATED TERMINAL", "CARD ************1111"]);
    emulator.with(|device| device.verdict = zvt::Verdict::ApprovePart { minor: 1000 });
    assert_eq!(approved(&reader.start(&payment("b", 5000), &Unwatched::default())), 1000);
    for (code, expected) in [(0x05, Refusal::Declined), (0x6c, Refusal::Cancelled), (0x83, Refusal::Busy)] {
        emulator.with(|device| device.verdict = zvt::Verdict::Decline { code });
        assert_eq!(why(&reader.start(&payment("c", 700), &Unwatched::default())), expected);
    }
    emulator.with(|device| device.verdict = zvt::Verdict::Approve);
    assert_eq!(approved(&reader.refund(&refund("d", 234, None), &Unwatched::default())), 234);
    assert_eq!(emulator.with(|device| device.sum_minor()), 1234 + 1000 - 234);
    assert_eq!(reader.reconcile().unwrap().sum_minor, Some(2000));
}

#[test]
fn a_payment_is_called_off_at_the_reader() {
    let emulator = Wired::tcp(ZvtDevice::default(), 0).unwrap();
    emulator.with(|device| device.verdict = zvt::Verdict::Wait);
    let watch = Unwatched::default();
    watch.cancel();
    let options = ZvtOptions { payment: Duration::from_secs(20), ..ZvtOptions::default() };
    let mut reader = ZvtReader::new(emulator.target().unwrap(), options);
    assert_eq!(why(&reader.start(&payment("a", 100), &watch)), Refusal::Cancelled);
    let stripe = stripe_emulator();
    stripe.with(|device| device.verdict = card_http::Verdict::Wait);
    assert_eq!(why(&stripe_reader(&stripe).start(&payment("a", 100), &watch)), Refusal::Cancelled);
    assert_eq!(
        (emulator.with(|device| device.sum_minor()), stripe.with(|device| device.sum_minor())),
        (0, 0)
    );
}

#[test]
fn a_zvt_payment_whose_answer_is_lost_is_asked_after_and_never_taken_twice() {
    let emulator = Wired::tcp(ZvtDevice::default(), 0).unwrap();
    let mut reader = zvt_reader(&emulator);
    approved(&reader.start(&payment("first", 999), &Unwatched::default()));
    emulator.with(|device| device.verdict = zvt::Verdict::ApproveAndVanish);
    let watch = Remembering::default();
    let lost = reader.start(&payment("lost", 1234), &watch);
    assert!(matches!(lost, Outcome::Unknown { .. }), "{lost:?}");
    let memory = watch.memory.lock().unwrap().clone();
    assert_eq!(memory.as_deref(), Some("1"), "what came before is known after a restart too");
    let asked = Payment { memory, ..payment("lost", 1234) };
    // Another process asks.
    let mut later = zvt_reader(&emulator);
    assert_eq!(approved(&later.status(&asked)), 1234);
    assert_eq!(approved(&later.status(&asked)), 1234, "asking changes nothing");
    assert_eq!(emulator.with(|device| device.taken.len()), 2);
    // A payment that never reached the terminal: its last one is the one before.
    let never = Payment { memory: Some("2".to_owned()), ..payment("never", 1234) };
    assert_eq!(why(&later.status(&never)), Refusal::Declined);
    // Nothing to compare with: even the same amount may be another customer's.
    let nothing = later.status(&payment("nothing", 1234));
    assert_eq!(approved_or_unknown(&nothing), "unknown");
}

#[test]
fn a_zvt_booking_of_the_same_amount_is_never_taken_for_another() {
    let emulator = Wired::tcp(ZvtDevice::default(), 0).unwrap();
    let lose = |emulator: &Wired<ZvtDevice>| {
        emulator.with(|device| device.verdict = zvt::Verdict::ApproveAndVanish);
        let watch = Remembering::default();
        let lost = zvt_reader(emulator).start(&payment("lost", 1234), &watch);
        assert!(matches!(lost, Outcome::Unknown { .. }), "{lost:?}");
        let memory = watch.memory.lock().unwrap().clone();
        Payment { memory, ..payment("lost", 1234) }
    };
    // The very first one: nothing to compare with, so nobody says yes or no.
    let first = lose(&emulator);
    assert_eq!(approved_or_unknown(&zvt_reader(&emulator).status(&first)), "unknown");
    // The next one of the same amount knows of it, also with a reader that did not hear its end.
    let second = lose(&emulator);
    assert_eq!(second.memory.as_deref(), Some("1"));
    let never = Payment { memory: Some("2".to_owned()), ..payment("never", 1234) };
    assert_eq!(why(&zvt_reader(&emulator).status(&never)), Refusal::Declined);
    assert_eq!(approved(&zvt_reader(&emulator).status(&second)), 1234);
}

#[test]
fn a_question_that_fails_says_nothing_of_a_refund() {
    let emulator = stripe_emulator();
    let mut reader = stripe_reader(&emulator);
    let paid = reader.start(&payment("paid-00001", 1234), &Unwatched::default());
    let Outcome::Approved(approval) = paid else { panic!("{paid:?}") };
    emulator.with(|device| device.verdict = card_http::Verdict::ApproveAndVanish);
    let back = refund("back-00001", 234, Some(approval.provider_reference.as_str()));
    assert!(matches!(reader.refund(&back, &Unwatched::default()), Outcome::Unknown { .. }));
    emulator.with(|device| device.verdict = card_http::Verdict::Approve);
    for fault in [Fault::Unplug { bytes: 0 }, Fault::Silent] {
        emulator.set_fault(fault);
        assert_eq!(approved_or_unknown(&reader.refund_status(&back)), "unknown", "{fault:?}");
    }
    emulator.set_fault(Fault::None);
    assert_eq!(approved(&reader.refund_status(&back)), 234);
    let never = refund("back-00002", 234, Some(approval.provider_reference.as_str()));
    assert_eq!(approved_or_unknown(&reader.refund_status(&never)), "unknown");
    assert_eq!(emulator.with(|device| device.given_back.len()), 1, "asking gives nothing back");
}

#[test]
fn a_refund_whose_answer_is_lost_is_asked_after_and_never_given_twice() {
    for kind in ["zvt", "adyen", "stripe"] {
        let zvt_device = Wired::tcp(ZvtDevice::default(), 0).unwrap();
        let http_device = if kind == "adyen" { adyen_emulator() } else { stripe_emulator() };
        let mut reader: Box<dyn CardReader> = match kind {
            "zvt" => Box::new(zvt_reader(&zvt_device)),
            "adyen" => Box::new(adyen_reader(&http_device)),
            _ => Box::new(stripe_reader(&http_device)),
        };
        reader.probe().unwrap();
        let paid = reader.start(&payment("paid-00001", 1234), &Unwatched::default());
        let Outcome::Approved(approval) = paid else { panic!("{kind}: {paid:?}") };
        zvt_device.with(|device| device.verdict = zvt::Verdict::ApproveAndVanish);
        http_device.with(|device| device.verdict = card_http::Verdict::ApproveAndVanish);
        let watch = Remembering::default();
        let mut back = refund("back-00001", 234, Some(approval.provider_reference.as_str()));
        let lost = reader.refund(&back, &watch);
        assert!(matches!(lost, Outcome::Unknown { .. }), "{kind}: {lost:?}");
        back.memory = watch.memory.lock().unwrap().clone();
        for _ in 0..2 {
            assert_eq!(approved(&reader.refund_status(&back)), 234, "{kind}");
        }
        let left = match kind {
            "zvt" => zvt_device.with(|device| device.sum_minor()),
            _ => http_device.with(|device| {
                device.taken.values().map(|taken| i64::try_from(taken.minor - taken.refunded).unwrap()).sum()
            }),
        };
        assert_eq!(left, 1000, "{kind}");
    }
}

#[test]
fn a_reader_that_is_not_there_says_so() {
    let gone = |address: &str| address.parse::<hardware::PrinterTarget>().unwrap();
    let options = ZvtOptions { acknowledge: SOON, ..ZvtOptions::default() };
    assert!(ZvtReader::new(gone("tcp://127.0.0.1:9"), options).probe().is_err());
    for emulator in [adyen_emulator(), stripe_emulator()] {
        emulator.set_fault(Fault::Silent);
        assert!(adyen_reader(&emulator).probe().is_err());
        assert!(stripe_reader(&emulator).probe().is_err());
    }
}

fn approved_or_unknown(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Approved(_) => "approved",
        Outcome::Unknown { .. } => "unknown",
        Outcome::Refused { .. } => "refused",
        Outcome::Pending => "pending",
    }
}

#[test]
fn http_readers_approve_decline_and_give_back() {
    let (adyen, stripe) = (adyen_emulator(), stripe_emulator());
    let mut readers: [(&str, &Wired<CardHttpDevice>, Box<dyn CardReader>); 2] = [
        ("adyen", &adyen, Box::new(adyen_reader(&adyen))),
        ("stripe", &stripe, Box::new(stripe_reader(&stripe))),
    ];
    for (name, emulator, reader) in &mut readers {
        let paid = reader.start(&payment("ref-0000000001", 1234), &Unwatched::default());
        assert_eq!(approved(&paid), 1234, "{name}");
        let Outcome::Approved(approval) = paid else { panic!() };
        assert_eq!((approval.card.as_str(), approval.authorisation.as_str()), ("visa", "123456"), "{name}");
        emulator.with(|device| device.verdict = card_http::Verdict::ApprovePart(1000));
        let part = reader.start(&payment("ref-0000000002", 5000), &Unwatched::default());
        assert_eq!(approved(&part), 1000, "{name}");
        emulator.with(|device| device.verdict = card_http::Verdict::Decline);
        let declined = reader.start(&payment("ref-0000000003", 700), &Unwatched::default());
        assert_eq!(why(&declined), Refusal::Declined, "{name}");
        emulator.with(|device| device.verdict = card_http::Verdict::Busy);
        let busy = reader.start(&payment("ref-0000000004", 700), &Unwatched::default());
        assert_eq!(why(&busy), Refusal::Busy, "{name}");
        let of = Some(approval.provider_reference.as_str());
        let given = reader.refund(&refund("back-000000001", 234, of), &Unwatched::default());
        assert_eq!(approved(&given), 234, "{name}");
        let too_much = reader.refund(&refund("back-000000002", 2000, of), &Unwatched::default());
        assert_eq!(why(&too_much), Refusal::Declined, "{name}");
        assert!(reader.reconcile().is_err(), "{name} settles by itself");
    }
}

#[test]
fn the_same_reference_is_never_charged_twice_over_http() {
    for duplicate in [false, true] {
        let stripe = stripe_emulator();
        let mut reader = stripe_reader(&stripe);
        approved(&reader.start(&payment("same", 1234), &Unwatched::default()));
        if duplicate {
            approved(&reader.start(&payment("same", 1234), &Unwatched::default()));
            assert!(stripe.with(|device| device.repeated) > 0, "the duplicate was seen as one");
        }
        assert_eq!(stripe.with(|device| device.sum_minor()), 1234);
        let adyen = adyen_emulator();
        let mut reader = adyen_reader(&adyen);
        for _ in 0..=usize::from(duplicate) {
            approved(&reader.start(&payment("same-00001", 1234), &Unwatched::default()));
        }
        assert_eq!(adyen.with(|device| (device.sum_minor(), device.repeated > 0)), (1234, duplicate));
    }
}

#[test]
fn an_adyen_payment_whose_answer_is_lost_is_unknown_until_the_terminal_says() {
    let emulator = adyen_emulator();
    let mut reader = adyen_reader(&emulator);
    emulator.with(|device| device.verdict = card_http::Verdict::ApproveAndVanish);
    let lost = payment("lost-00001", 1234);
    assert!(matches!(reader.start(&lost, &Unwatched::default()), Outcome::Unknown { .. }));
    assert_eq!(approved(&reader.status(&lost)), 1234);
    emulator.with(|device| device.verdict = card_http::Verdict::Wait);
    let open = payment("open-00001", 500);
    assert!(matches!(reader.start(&open, &Unwatched::default()), Outcome::Unknown { .. }));
    assert_eq!(reader.status(&open), Outcome::Pending);
    reader.cancel(&open).unwrap();
    assert_eq!(why(&reader.status(&open)), Refusal::Cancelled);
    let never = reader.status(&payment("never-0001", 5));
    assert_eq!(approved_or_unknown(&never), "unknown", "a request may still be on its way");
    assert_eq!(emulator.with(|device| device.sum_minor()), 1234);
}

/// What a fault leads to: the reader's word when it comes back, and whether money moved.
#[test]
fn no_fault_of_the_wire_makes_a_payment_declined_or_doubled() {
    let faults = [
        Fault::Silent,
        Fault::Partial { bytes: 2 },
        Fault::WrongChecksum,
        Fault::CloseAfter { bytes: 0 },
        Fault::CloseAfter { bytes: 12 },
        Fault::CloseAfter { bytes: 40 },
        Fault::Hang,
        Fault::Late { millis: 900 },
        Fault::Slow { bytes_per_second: 40 },
        Fault::Unplug { bytes: 0 },
        Fault::Unplug { bytes: 15 },
    ];
    for fault in faults {
        for kind in ["zvt", "adyen", "stripe"] {
            let (settled, charged, fired) = one_broken_payment(kind, fault);
            assert!(fired > 0, "{kind}: {fault:?} did not happen");
            let expected = match approved_or_unknown(&settled) {
                "approved" => Some(1234),
                "refused" => Some(0),
                _ => None,
            };
            assert!(charged == 0 || charged == 1234, "{kind} with {fault:?} charged {charged}");
            if let Some(expected) = expected {
                assert_eq!(charged, expected, "{kind} with {fault:?}: {settled:?}");
            }
        }
    }
}

/// One payment under a fault; once the wire is mended it is asked after until its word is final or asking cannot help.
fn one_broken_payment(kind: &str, fault: Fault) -> (Outcome, i64, u64) {
    let watch = Remembering::default();
    let of = payment("ref-000001", 1234);
    match kind {
        "zvt" => {
            let emulator = Wired::tcp(ZvtDevice::default(), 0).unwrap();
            let mut reader = zvt_reader(&emulator);
            approved(&reader.start(&payment("before", 1), &Unwatched::default()));
            emulator.set_fault(fault);
            let first = reader.start(&of, &watch);
            let fired = emulator.fired();
            emulator.set_fault(Fault::None);
            let memory = watch.memory.lock().unwrap().clone();
            let settled = ask(&mut reader, first, &Payment { memory, ..of });
            (settled, emulator.with(|device| device.sum_minor()) - 1, fired)
        }
        _ => {
            let emulator = if kind == "adyen" { adyen_emulator() } else { stripe_emulator() };
            let mut reader: Box<dyn CardReader> = match kind {
                "adyen" => Box::new(adyen_reader(&emulator)),
                _ => Box::new(stripe_reader(&emulator)),
            };
            emulator.set_fault(fault);
            let first = reader.start(&of, &watch);
            let fired = emulator.fired();
            emulator.set_fault(Fault::None);
            let memory = watch.memory.lock().unwrap().clone();
            let settled = ask(&mut *reader, first, &Payment { memory, ..of });
            let charged = i64::try_from(emulator.with(|device| device.sum_minor())).unwrap();
            (settled, charged, fired)
        }
    }
}

fn ask(reader: &mut dyn CardReader, first: Outcome, payment: &Payment) -> Outcome {
    let deadline = Instant::now() + Duration::from_secs(5);
    let mut seen = first;
    while !seen.is_settled() && Instant::now() < deadline {
        seen = reader.status(payment);
    }
    seen
}
