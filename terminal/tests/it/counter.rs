//! The scale, the scanner and the customer's display at a running till, each on a wire of its own that can break.

use std::time::{Duration, Instant};

use hardware::emulator::counter::display::DisplayDevice;
use hardware::emulator::counter::scale::ScaleDevice;
use hardware::emulator::counter::scanner::ScannerDevice;
use hardware::emulator::counter::{Device, Fault, Wired};
use hardware::scale::{Protocol, Reading};
use terminal::views::*;

use crate::fake_server::FakeServer;
use crate::running_till::{Till, device};
use crate::shop;

struct Scene {
    till: Till,
    _server: FakeServer,
    _dir: tempfile::TempDir,
}

/// A till whose manager is signed in, before any device is set up. Bread is sold by weight here.
fn scene() -> Scene {
    let server = FakeServer::start();
    server.change(|kept| {
        let bread = kept.feed.iter_mut().find(|row| row.id == shop::BREAD.to_string());
        bread.unwrap().body.as_mut().unwrap()["unit"] = "kilogram".into();
    });
    let dir = tempfile::tempdir().unwrap();
    let till = Till::selling(dir.path(), &server, |_| {});
    till.sign_in_manager();
    Scene { till, _server: server, _dir: dir }
}

fn setup<D: Device>(kind: &str, wired: &Wired<D>) -> CounterDeviceInput {
    let is_scale = kind == "scale";
    CounterDeviceInput {
        protocol: is_scale.then(|| "nci".to_owned()),
        capacity_g: is_scale.then_some(6_000),
        ..device(kind, wired.address())
    }
}

impl Scene {
    fn add(&self, input: &CounterDeviceInput) -> CounterView {
        self.till.call("counter.save", input)
    }

    fn is_well(&self) -> Option<bool> {
        let view: CounterView = self.till.call("counter.list", &Nothing {});
        view.devices[0].well
    }

    fn weigh(&self, tare_g: u32) -> ScaleView {
        self.till.call("scale.weigh", &ScaleInput { tare_g })
    }

    /// Puts something on the scale and waits until the till knows.
    fn put(&self, scale: &Wired<ScaleDevice>, reading: Reading, state: &str) {
        scale.with(|device| device.reading = reading);
        self.till.wait_until(state, |_| self.weigh(0).state == state);
    }

    fn add_bread(&self, quantity: &str, tare_g: u32) -> Result<CartView, CommandErrorView> {
        let input = AddItemInput {
            item_id: shop::BREAD,
            quantity: Some(quantity.parse().unwrap()),
            scale_tare_g: Some(tare_g),
            ..self.till.coffee()
        };
        self.till.try_call("register.add_item", &input)
    }

    fn refused(&self, quantity: &str, tare_g: u32) -> String {
        self.add_bread(quantity, tare_g).unwrap_err().details.reason.unwrap()
    }
}

/// Looks again until it is so; a device tells nobody that it has shown something.
fn until(what: &str, wanted: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !wanted() {
        assert!(Instant::now() < end, "{what} did not come about");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_weight_reaches_a_line_only_at_rest_and_as_it_was_shown() {
    let scene = scene();
    let scale = Wired::tcp(ScaleDevice::new(Protocol::Nci), 0).unwrap();
    assert_eq!(scene.weigh(0).state, "none");
    assert_eq!(scene.refused("0.5", 0), "scale", "no scale is set up");
    scene.add(&setup("scale", &scale));

    let stable = |grams| Reading::Stable { grams };
    for (reading, state) in [
        (stable(0), "nothing"),
        (Reading::Moving, "moving"),
        (Reading::BelowZero, "nothing"),
        (Reading::TooHeavy, "too_heavy"),
        (Reading::Fault, "fault"),
        (stable(6_001), "too_heavy"),
    ] {
        scene.put(&scale, reading, state);
        assert_eq!(scene.weigh(0).quantity, None, "{reading:?}");
        assert_eq!(scene.refused("0.5", 0), "scale", "{reading:?}");
    }
    scene.put(&scale, stable(500), "stable");
    let shown = scene.weigh(20);
    assert_eq!((shown.grams, shown.quantity.unwrap().to_string()), (Some(500), "0.48".to_owned()));
    assert_eq!(scene.refused("0.5", 20), "weight_changed");
    assert_eq!(scene.refused("0.48", 500), "scale", "nothing is left after the packaging");
    let cart = scene.add_bread("0.48", 20).unwrap();
    assert_eq!(cart.lines[0].gross.to_string(), "10560 IDR", "22,000 a kilogram");

    // Unplugged: nothing is sold by what it said last, everything else is; and it comes back by itself.
    scale.set_fault(Fault::Unplug { bytes: 0 });
    scene.till.wait_until("its end", |_| scene.weigh(0).state == "unreachable");
    assert_eq!(scene.refused("0.48", 20), "scale");
    let _: CartView = scene.till.call("register.add_item", &scene.till.coffee());
    assert_eq!(scene.is_well(), Some(false));
    scale.set_fault(Fault::None);
    scene.till.wait_until("its return", |_| scene.weigh(0).state == "stable");
}

#[test]
fn a_damaged_answer_of_a_scale_is_no_weight() {
    let scene = scene();
    let scale = Wired::tcp(ScaleDevice::new(Protocol::Nci), 0).unwrap();
    scale.with(|device| device.reading = Reading::Stable { grams: 500 });
    scene.add(&setup("scale", &scale));
    scene.till.wait_until("a weight", |_| scene.weigh(0).state == "stable");
    for fault in [Fault::WrongChecksum, Fault::Partial { bytes: 3 }, Fault::Silent] {
        scale.set_fault(fault);
        scene.till.wait_until("its silence", |_| scene.weigh(0).state == "unreachable");
        scale.set_fault(Fault::None);
        scene.till.wait_until("its return", |_| scene.weigh(0).quantity == Some("0.5".parse().unwrap()));
    }
}

#[test]
fn a_code_from_a_scanner_is_given_once_and_forgotten_when_nobody_takes_it() {
    let scene = scene();
    let scanner = Wired::tcp(ScannerDevice::default(), 0).unwrap();
    scene.add(&setup("scanner", &scanner));
    until("the scanner's wire", || scanner.connections() > 0);
    let mut changes = scene.till.engine.subscribe();
    let scanned = |codes: &[&str]| codes.iter().for_each(|code| scanner.with(|device| device.scan(code)));
    let mut wait = || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        while !runtime.block_on(changes.recv()).unwrap().what.contains(&ChangedWord::Scan) {}
    };
    let take = || scene.till.call::<_, ScansView>("scanner.take", &Nothing {}).codes;
    scanned(&["8992761111113"]);
    wait();
    assert_eq!(take(), ["8992761111113"]);
    assert!(take().is_empty());

    scanned(&["96385074"]);
    wait();
    scene.till.clock.advance_ms(4_000);
    assert!(take().is_empty(), "whoever scanned has gone on");

    scanner.set_fault(Fault::Unplug { bytes: 0 });
    scene.till.wait_until("its end", |_| scene.is_well() == Some(false));
    scanner.set_fault(Fault::None);
    scene.till.wait_until("its return", |_| scene.is_well() == Some(true));
    scanned(&["96385074"]);
    wait();
    assert_eq!(take(), ["96385074"]);
}

#[test]
fn the_customer_sees_the_last_line_the_total_and_the_change() {
    let scene = scene();
    let display = Wired::tcp(DisplayDevice::default(), 0).unwrap();
    scene.add(&setup("display", &display));
    let shows = |upper: &str, lower: &str| {
        until(lower, || display.with(|device| device.lines()) == (upper.to_owned(), lower.to_owned()));
    };
    until("the display's wire", || display.connections() > 0);
    let cart: CartView = scene.till.call("register.add_item", &scene.till.coffee());
    shows("Kopi Susu     18.000", "Total         20.790");
    // What was taken off it is taken off here too, as on the cashier's screen.
    let discount = Some(shared::pricing::Discount::Amount("3000 IDR".parse().unwrap()));
    let input = DiscountInput { line_id: Some(cart.lines[0].line_id), discount, approval: None };
    let _: CartView = scene.till.call("register.set_discount", &input);
    shows("Kopi Susu     15.000", "Total         17.325");
    let _: CartView = scene.till.call("register.undo", &Nothing {});
    shows("Kopi Susu     18.000", "Total         20.790");
    // Its power was gone for a moment: it is written anew without anybody asking.
    display.with(DisplayDevice::forget);
    shows("Kopi Susu     18.000", "Total         20.790");
    let cart: CartView = scene.till.call("register.cart", &Nothing {});
    let cash = shared::order::TenderGiven {
        kind: shared::order::TenderKind::Cash,
        given: "50000 IDR".parse().unwrap(),
    };
    let (cart_id, total) = (cart.cart_id.unwrap(), cart.total.unwrap());
    let _: ReceiptView = scene
        .till
        .call("checkout.pay", &PayInput { cart_id, total, tenders: vec![cash], card_payments: Vec::new() });
    // 20,790 is rounded to 20,800 in cash.
    shows("Total         20.800", "Kembalian     29.200");
    let view: CounterView = scene.till.call("counter.list", &Nothing {});
    let input = CounterDeviceIdInput { counter_device_id: view.devices[0].counter_device_id };
    let _: CounterView = scene.till.call("counter.test", &input);
    shows("The display", "0123456789.,+-  ABCD");
}

#[test]
fn a_device_is_set_up_by_a_manager_and_only_as_one_can_be() {
    let scene = scene();
    let scale = Wired::tcp(ScaleDevice::new(Protocol::Nci), 0).unwrap();
    let good = setup("scale", &scale);
    let change = |change: fn(&mut CounterDeviceInput)| {
        let mut input = good.clone();
        change(&mut input);
        input
    };
    let refused = |input: &CounterDeviceInput| {
        let answer = scene.till.try_call::<_, CounterView>("counter.save", input);
        answer.unwrap_err().details.reason.unwrap()
    };
    for (input, field) in [
        (change(|input| input.kind = "toaster".into()), "kind"),
        (change(|input| input.name = " ".into()), "name"),
        (change(|input| input.target = "COM3".into()), "target"),
        (change(|input| input.target = "file:///etc/hosts".into()), "target"),
        (change(|input| input.protocol = None), "protocol"),
        (change(|input| input.unit = Some("stone".into())), "unit"),
        (change(|input| input.capacity_g = Some(0)), "capacity_g"),
    ] {
        assert_eq!(refused(&input), field);
    }
    let view = scene.add(&good);
    assert_eq!((view.devices.len(), view.protocols.len()), (1, 4));
    let second = change(|input| {
        input.name = "Another".into();
        input.target = "serial:///dev/ttyS9".into();
    });
    assert_eq!(refused(&second), "kind", "nobody would know which scale is meant");

    let input = CounterDeviceIdInput { counter_device_id: view.devices[0].counter_device_id };
    scene.till.wait_until("the scale", |_| scene.is_well() == Some(true));
    let at_bus = |kind: &str, target: &str| CounterDeviceInput {
        target: target.to_owned(),
        capacity_g: None,
        ..setup(kind, &scale)
    };
    assert_eq!(refused(&at_bus("display", "hid://0c2e:0b6a")), "target", "only scanners report so");
    assert_eq!(refused(&at_bus("scanner", "hid://0c2e")), "target");
    let view = scene.add(&at_bus("scanner", "hid://ffff:ffff"));
    let scanner = view.devices[1].counter_device_id;
    let well = || {
        let view: CounterView = scene.till.call("counter.list", &Nothing {});
        view.devices.iter().find(|device| device.counter_device_id == scanner).unwrap().well
    };
    scene.till.wait_until("the missing scanner", |_| well() == Some(false));
    let _: CounterView =
        scene.till.call("counter.remove", &CounterDeviceIdInput { counter_device_id: scanner });
    let mut printer = setup("scanner", &scale);
    printer.target = format!("{}?baud=9600", second.target);
    scene.add(&printer);
    let mut same_wire = printer.clone();
    (same_wire.name, same_wire.target) = ("Twice".into(), format!(" {}", second.target));
    assert_eq!(refused(&same_wire), "target", "one port, however it is set");
    // Nor does a printer go there, whichever page sets it.
    let target = format!("{}?baud=19200", second.target);
    let settings = Settings { printer: Some(target.clone()), ..scene.till.state().settings };
    let denied = scene.till.try_call::<_, AppState>("app.settings", &settings).unwrap_err();
    assert_eq!(denied.details.reason.unwrap(), "printer");
    let at_wire = crate::printers::setup("Kitchen", &target);
    let denied = scene.till.try_call::<_, PrintersView>("printers.save", &at_wire).unwrap_err();
    assert_eq!(denied.details.reason.unwrap(), "target");
    scene.till.sign_in();
    let denied = scene.till.try_call::<_, CounterView>("counter.remove", &input).unwrap_err();
    assert_eq!(denied.code, Code::NotAllowed);
    scene.till.sign_in_manager();
    let view: CounterView = scene.till.call("counter.remove", &input);
    assert_eq!(view.devices.len(), 1);
    scene.till.wait_until("no scale", |_| scene.weigh(0).state == "none");
    let gone = scene.till.try_call::<_, CounterView>("counter.remove", &input).unwrap_err();
    assert_eq!(gone.code, Code::NotFound);
}
