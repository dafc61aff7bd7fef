//! Every device of the counter under every fault of its wire: what the cashier sees meanwhile and that it comes back by itself,
//! while the till sells on. Printers have their own table in `printers.rs`, the wires' drivers theirs in `hardware`.

use hardware::emulator::counter::display::DisplayDevice;
use hardware::emulator::counter::scale::ScaleDevice;
use hardware::emulator::counter::scanner::ScannerDevice;
use hardware::emulator::counter::zvt::ZvtDevice;
use hardware::emulator::counter::{Device, Fault, Wired};
use hardware::scale::{Protocol, Reading};
use terminal::views::*;

use crate::fake_server::FakeServer;
use crate::running_till::{Till, device};

/// What the cashier sees of a device while its wire is broken: `well` means that the fault is none to it. Of a card reader it is
/// how a payment ends that is asked for meanwhile.
const TABLE: &str = "
    fault           scale         scanner       display       card reader
    none            well          well          well          approved
    slow 300        well          well          well          approved
    silent          unreachable   well          well          refused
    partial 2       unreachable   well          well          refused
    wrong-checksum  unreachable   well          well          refused
    close-after 0   unreachable   well          well          refused
    hang            unreachable   well          well          refused
    late 900        unreachable   well          well          approved
    unplug 0        unreachable   unreachable   unreachable   refused
";

fn column(name: &str) -> Vec<(Fault, String)> {
    let mut rows = TABLE.lines().map(str::trim).filter(|line| !line.is_empty());
    let cells = |line: &str| -> Vec<String> {
        line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned).collect()
    };
    let at = cells(rows.next().unwrap()).iter().position(|head| head == name).unwrap();
    rows.map(|row| (cells(row)[0].parse().unwrap(), cells(row)[at].clone())).collect()
}

struct Scene {
    till: Till,
    _server: FakeServer,
    _dir: tempfile::TempDir,
}

fn scene<D: Device>(kind: &str, protocol: Option<&str>, wired: &Wired<D>) -> Scene {
    let server = FakeServer::start();
    let dir = tempfile::tempdir().unwrap();
    let till = Till::selling(dir.path(), &server, |_| {});
    till.sign_in_manager();
    let protocol = protocol.map(str::to_owned);
    let input = CounterDeviceInput { protocol, ..device(kind, wired.address()) };
    let _: CounterView = till.call("counter.save", &input);
    Scene { till, _server: server, _dir: dir }
}

impl Scene {
    fn is_well(&self) -> bool {
        let view: CounterView = self.till.call("counter.list", &Nothing {});
        view.devices[0].well == Some(true)
    }

    /// Breaks the wire in every way of the table; `look` keeps the till at the device.
    fn judge<D: Device>(&self, column: &[(Fault, String)], wired: &Wired<D>, look: impl Fn(&Till)) {
        for (fault, seen) in column {
            self.till.wait_until("a device that is well", |till| {
                look(till);
                self.is_well()
            });
            wired.set_fault(*fault);
            if seen == "unreachable" {
                self.till.wait_until(&format!("{fault:?} is seen"), |till| {
                    look(till);
                    !self.is_well()
                });
            }
            // Nothing of this is felt by who sells.
            let receipt = self.till.sell();
            assert!(!receipt.order.receipt_number.is_empty(), "{fault:?}");
            look(&self.till);
            assert_eq!(self.is_well(), seen == "well", "{fault:?}");
            wired.set_fault(Fault::None);
        }
    }
}

#[test]
fn a_scale() {
    let wired = Wired::tcp(ScaleDevice::new(Protocol::Nci), 0).unwrap();
    wired.with(|device| device.reading = Reading::Stable { grams: 500 });
    let scene = scene("scale", Some("nci"), &wired);
    let look = |till: &Till| drop(till.call::<_, ScaleView>("scale.weigh", &ScaleInput { tare_g: 0 }));
    scene.judge(&column("scale"), &wired, look);
}

#[test]
fn a_scanner() {
    let wired = Wired::tcp(ScannerDevice::default(), 0).unwrap();
    let scene = scene("scanner", None, &wired);
    scene.judge(&column("scanner"), &wired, |_| {});
}

#[test]
fn a_display() {
    let wired = Wired::tcp(DisplayDevice::default(), 0).unwrap();
    let scene = scene("display", None, &wired);
    scene.judge(&column("display"), &wired, |_| {});
}

#[test]
fn a_card_reader() {
    let wired = Wired::tcp(ZvtDevice::default(), 0).unwrap();
    let scene = scene("card", Some("zvt"), &wired);
    let till = &scene.till;
    for (fault, expected) in column("card reader") {
        let well = |till: &Till| till.call::<_, CardsView>("card.list", &Nothing {}).reader.unwrap().well;
        till.wait_until("a reader that is well", |till| well(till) == Some(true));
        let cart: CartView = till.call("register.add_item", &till.coffee());
        let (cart_id, total) = (cart.cart_id.unwrap(), cart.total.unwrap());
        let before = wired.with(|device| device.sum_minor());
        wired.set_fault(fault);
        let payment: CardPaymentView = till.call("card.pay", &CardPayInput { cart_id, amount: total });
        let id = CardPaymentIdInput { card_payment_id: payment.card_payment_id };
        let look = || till.call::<_, CardPaymentView>("card.show", &id);
        till.wait_until(&format!("{fault:?} ends a payment"), |_| look().state != "going");
        let ended = look();
        wired.set_fault(Fault::None);
        assert_eq!(ended.state, expected, "{fault:?}");
        let taken = wired.with(|device| device.sum_minor()) - before;
        assert_eq!(taken > 0, expected == "approved", "{fault:?}: money moved only when it says so");
        let (tenders, card_payments) = if expected == "approved" {
            let card = shared::order::TenderGiven { kind: shared::order::TenderKind::Card, given: total };
            (vec![card], vec![payment.card_payment_id])
        } else {
            let quote: QuoteView = till.call("checkout.quote", &QuoteInput { tenders: Vec::new() });
            let cash =
                shared::order::TenderGiven { kind: shared::order::TenderKind::Cash, given: quote.cash_due };
            (vec![cash], Vec::new())
        };
        let _: ReceiptView = till.call("checkout.pay", &PayInput { cart_id, total, tenders, card_payments });
        let list: CardsView = till.call("card.list", &Nothing {});
        assert!(list.payments.is_empty(), "{fault:?}");
        let device = CounterDeviceIdInput { counter_device_id: list.reader.unwrap().counter_device_id };
        let _: CounterView = till.call("counter.test", &device);
    }
}
