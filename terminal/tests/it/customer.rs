//! What the customer sees of the sale on a screen of their own.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::json;
use shared::ids::PictureId;
use shared::money::Money;
use shared::order::TenderKind;
use shared::payment_code::PaymentCode;
use terminal::engine::ClientId;
use terminal::views::CustomerSumKind::{Service, Subtotal, Tax};
use terminal::views::*;

use crate::fake_server::FakeServer;
use crate::running_till::Till;

/// A shop's code as its bank prints it, without an amount.
const QRIS: &str = "00020101021126360014ID.CO.SHOP.WWW0214ID1020000000035204581253033605802ID5911WARUNG MAJU6007JAKARTA6304874A";
const UNKNOWN_PICTURE: PictureId = PictureId::from_bytes([9; 16]);
const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0rest";

struct Scene {
    till: Till,
    server: FakeServer,
    dir: tempfile::TempDir,
}

/// A till whose manager is signed in.
fn scene() -> Scene {
    let server = FakeServer::start();
    let dir = tempfile::tempdir().unwrap();
    let till = Till::selling(dir.path(), &server, |_| {});
    till.sign_in_manager();
    Scene { till, server, dir }
}

impl Scene {
    /// As a window asks that nobody signed in at.
    fn seen(&self) -> CustomerScreenView {
        let seen = self.till.engine.call(&ClientId::customer(), "customer_screen.show", json!({})).unwrap();
        serde_json::from_value(seen).unwrap()
    }

    fn setup(&self) -> CustomerScreenSetupView {
        self.till.call("customer_screen.setup", &Nothing {})
    }

    fn save(&self, change: impl FnOnce(&mut CustomerScreenInput)) -> Result<CustomerScreenSetupView, String> {
        let mut input = CustomerScreenInput { is_on: true, ..self.setup().setup };
        change(&mut input);
        let saved = self.till.try_call("customer_screen.save", &input);
        saved.map_err(|error| error.details.reason.unwrap_or_default())
    }

    fn add_picture(&self, bytes: &[u8]) -> Result<PictureId, String> {
        let input = AddCustomerPictureInput { data: BASE64.encode(bytes) };
        let added = self.till.try_call("customer_screen.add_picture", &input);
        added
            .map(|added: CustomerPictureAddedView| added.picture_id)
            .map_err(|error| error.details.reason.unwrap_or_default())
    }

    fn picture(&self, id: PictureId) -> Result<serde_json::Value, Code> {
        let input = json!({ "picture_id": id });
        let found = self.till.engine.call(&ClientId::customer(), "customer_screen.picture", input);
        found.map(|view| view["data_url"].clone()).map_err(|error| error.code)
    }

    fn ask_qr(&self, kind: TenderKind, amount: &str) -> Option<PaymentQrView> {
        let input = AskQrInput { kind, amount: amount.parse().unwrap() };
        let asked: AskedQrView = self.till.call("customer_screen.ask_qr", &input);
        let shown = self.setup();
        assert_eq!(asked.is_shown, asked.qr.is_some() && shown.setup.is_on && shown.is_shown);
        asked.qr
    }

    fn add_coffee(&self) -> CartView {
        self.till.call("register.add_item", &self.till.coffee())
    }
}

#[test]
fn the_customer_follows_the_sale_from_the_first_line_to_the_change() {
    let scene = scene();
    scene.add_coffee();
    let seen = scene.seen();
    assert_eq!(
        (seen.is_on, seen.stage, seen.lines.len()),
        (false, CustomerStage::Idle, 0),
        "not switched on"
    );

    scene.save(|_| ()).unwrap();
    let cart = scene.add_coffee();
    let seen = scene.seen();
    assert_eq!((seen.is_on, seen.stage, seen.item_count), (true, CustomerStage::Cart, 2));
    assert_eq!((seen.total, seen.last_line_id), (cart.total, cart.last_line_id));
    let sums: Vec<_> = seen.sums.iter().map(|sum| (sum.kind, sum.amount.to_string())).collect();
    let expected = [(Subtotal, "36000 IDR"), (Service, "1800 IDR"), (Tax, "3780 IDR")];
    assert_eq!(sums, expected.map(|(kind, amount)| (kind, amount.to_owned())));

    let discount = Some(shared::pricing::Discount::Amount("6000 IDR".parse().unwrap()));
    let input = DiscountInput { line_id: cart.last_line_id, discount, approval: None };
    let _: CartView = scene.till.call("register.set_discount", &input);
    let seen = scene.seen();
    let lines = Money::sum("IDR".parse().unwrap(), seen.lines.iter().map(|line| line.amount)).unwrap();
    assert_eq!((seen.sums[0].kind, seen.sums[0].amount), (Subtotal, lines));
    assert_eq!(
        (seen.sums[1].kind, seen.sums[1].amount.to_string()),
        (CustomerSumKind::Discount, "-6000 IDR".into())
    );
    let _: CartView = scene.till.call("register.undo", &Nothing {});

    let receipt = scene.till.sell();
    let seen = scene.seen();
    let paid = seen.paid.unwrap();
    assert_eq!((seen.stage, seen.lines.len()), (CustomerStage::Paid, 0));
    assert_eq!(paid.change_due, receipt.order.change_due);
    assert_eq!(paid.given, paid.due.add(paid.change_due).unwrap());
    scene.till.clock.advance_ms(30_001);
    assert_eq!(scene.seen().stage, CustomerStage::Idle, "whoever comes next is no part of it");

    // Whoever leaves the till takes the cart with them; it is back when they are.
    scene.add_coffee();
    let _: AppState = scene.till.call("staff.sign_out", &Nothing {});
    assert_eq!(scene.seen().stage, CustomerStage::Idle);
    scene.till.sign_in_manager();
    assert_eq!(scene.seen().stage, CustomerStage::Cart);
    scene.save(|input| input.is_on = false).unwrap();
    assert_eq!(scene.seen().total, None, "switched off, nothing of the sale is told");
}

#[test]
fn the_customer_is_told_nothing_of_people_and_notes() {
    let scene = scene();
    scene.save(|_| ()).unwrap();
    let cart = scene.add_coffee();
    let input = json!({ "line_id": cart.lines[0].line_id, "note": "for Mrs Hidden" });
    let _: CartView = scene.till.call("register.set_note", &input);
    scene.add_coffee();
    let text = serde_json::to_string(&scene.seen()).unwrap();
    let people: StaffListView = scene.till.call("staff.list", &Nothing {});
    let names = people.staff.iter().map(|person| person.name.as_str());
    for private in names.chain(["Hidden"]) {
        assert!(!text.contains(private), "{private} in {text}");
    }
}

#[test]
fn only_a_manager_sets_it_up_and_what_does_not_fit_is_said_at_its_field() {
    let scene = scene();
    for (field, change) in [
        ("greeting", (|input| input.greeting = "x".repeat(201)) as fn(&mut CustomerScreenInput)),
        ("greeting", |input| input.greeting = "a\u{1b}b".to_owned()),
        ("seconds", |input| input.seconds = 2),
        ("seconds", |input| input.seconds = 61),
        ("pictures", |input| input.pictures = vec![UNKNOWN_PICTURE]),
        ("qris", |input| input.qris = "https://pay.example".to_owned()),
        ("qris", |input| input.qris = QRIS.replace("MAJU", "MAJA")),
        ("viet_qr", |input| input.viet_qr = QRIS.replace("5303360", "5303704")),
    ] {
        assert_eq!(scene.save(change).unwrap_err(), field);
    }
    let saved = scene.save(|input| (input.greeting, input.seconds) = (" Selamat datang ".to_owned(), 60));
    assert_eq!(saved.unwrap().setup.greeting, "Selamat datang");

    scene.till.sign_in();
    for (command, input) in [
        ("customer_screen.setup", json!({})),
        ("customer_screen.save", json!(CustomerScreenInput { is_on: true, ..scene_input() })),
        ("customer_screen.add_picture", json!({ "data": BASE64.encode(PNG) })),
    ] {
        let refused = scene.till.try_call::<_, serde_json::Value>(command, &input).unwrap_err();
        assert_eq!(refused.code, Code::NotAllowed, "{command}");
    }
    for (command, input) in [
        ("customer_screen.ask_qr", json!({ "kind": "qris", "amount": "1 IDR" })),
        ("customer_screen.drop_qr", json!({})),
        ("customer_screen.setup", json!({})),
    ] {
        let refused = scene.till.engine.call(&ClientId::customer(), command, input).unwrap_err();
        assert_eq!(refused.code, Code::NotSignedIn, "{command}");
    }
}

fn scene_input() -> CustomerScreenInput {
    CustomerScreenInput {
        is_on: true,
        greeting: String::new(),
        seconds: 8,
        pictures: Vec::new(),
        qris: String::new(),
        viet_qr: String::new(),
    }
}

#[test]
fn pictures_stand_in_their_order_and_outlive_the_process() {
    let scene = scene();
    let (png, jpeg) = (scene.add_picture(PNG).unwrap(), scene.add_picture(JPEG).unwrap());
    scene.save(|input| input.pictures = vec![jpeg, png]).unwrap();
    assert_eq!(scene.seen().pictures, [jpeg, png]);
    assert_eq!(scene.picture(jpeg).unwrap(), format!("data:image/jpeg;base64,{}", BASE64.encode(JPEG)));
    assert_eq!(scene.picture(UNKNOWN_PICTURE), Err(Code::NotFound));

    assert_eq!(scene.save(|input| input.pictures = vec![png; 2]).unwrap_err(), "pictures", "one twice");
    scene.save(|input| input.pictures = vec![png]).unwrap();
    assert_eq!(scene.picture(jpeg), Err(Code::NotFound), "what is left out is forgotten");
    assert_eq!(scene.add_picture(b"GIF89a").unwrap_err(), "picture");
    assert_eq!(scene.add_picture(&[PNG, &[0; 150_000]].concat()).unwrap_err(), "picture");
    let mut all = vec![png];
    all.extend((1..10).map(|_| scene.add_picture(PNG).unwrap()));
    scene.save(|input| input.pictures.clone_from(&all)).unwrap();
    let eleventh = scene.add_picture(PNG).unwrap();
    assert_eq!(scene.save(|input| input.pictures.push(eleventh)).unwrap_err(), "pictures", "too many");

    let Scene { till, server: _server, dir } = scene;
    let (engine, clock) = (till.engine, till.clock);
    engine.stop();
    drop(engine);
    let till = Till::open(dir.path(), &clock);
    till.sign_in_manager();
    let setup: CustomerScreenSetupView = till.call("customer_screen.setup", &Nothing {});
    assert!(setup.setup.is_on);
    assert_eq!(setup.setup.pictures, all);
}

#[test]
fn a_picture_is_shown_to_nobody_before_it_is_saved() {
    let scene = scene();
    scene.save(|_| ()).unwrap();
    let first = scene.add_picture(PNG).unwrap();
    assert_eq!(scene.seen().pictures, []);
    assert_eq!(scene.setup().setup.pictures, []);
    // Those that nobody saved do not pile up.
    let newest: Vec<PictureId> = (0..10).map(|_| scene.add_picture(PNG).unwrap()).collect();
    assert_eq!(scene.save(|input| input.pictures = vec![first]).unwrap_err(), "pictures");
    scene.save(|input| input.pictures.clone_from(&newest)).unwrap();
    assert_eq!(scene.seen().pictures, newest);
}

#[test]
fn what_another_window_does_takes_no_sale_and_no_code_away() {
    let scene = scene();
    scene.save(|input| input.qris = QRIS.to_owned()).unwrap();
    scene.add_coffee();
    scene.ask_qr(TenderKind::Qris, "20790 IDR").unwrap();
    let other = Till {
        engine: scene.till.engine.clone(),
        clock: scene.till.clock.clone(),
        client: ClientId::of_bytes([7; 16]),
    };
    other.sign_in();
    let _: Nothing = other.call("customer_screen.drop_qr", &Nothing {});
    let asked: AskedQrView =
        other.call("customer_screen.ask_qr", &json!({ "kind": "qris", "amount": "5 IDR" }));
    assert_eq!(
        (asked.qr.is_some(), asked.is_shown),
        (true, false),
        "its own sale is not the one that is shown"
    );
    let _: AppState = other.call("staff.sign_out", &Nothing {});
    let seen = scene.seen();
    assert_eq!(seen.stage, CustomerStage::Paying);
    assert_eq!(seen.qr.unwrap().amount.to_string(), "20790 IDR");

    // The last step at a cart is what is seen, whichever window it is.
    other.sign_in();
    let _: CartView = other.call("register.add_item", &other.coffee());
    assert_eq!((scene.seen().stage, scene.seen().item_count), (CustomerStage::Cart, 1));
}

#[test]
fn the_shops_own_code_is_shown_with_the_amount_until_the_sale_goes_on() {
    let scene = scene();
    scene.save(|_| ()).unwrap();
    scene.add_coffee();
    assert_eq!(scene.ask_qr(TenderKind::Qris, "20790 IDR"), None, "the shop has set none");
    assert_eq!(scene.seen().stage, CustomerStage::Cart);
    scene.save(|input| input.qris = format!("  {QRIS}\n")).unwrap();

    let shown = scene.ask_qr(TenderKind::Qris, "20790 IDR").unwrap();
    let seen = scene.seen();
    assert_eq!((seen.stage, seen.qr.as_ref()), (CustomerStage::Paying, Some(&shown)));
    let expected = QRIS.parse::<PaymentCode>().unwrap();
    let expected = expected.with_amount("20790 IDR".parse().unwrap(), 0, 360).unwrap();
    assert_eq!(read(&shown), expected);

    for (kind, amount) in
        [(TenderKind::VietQr, "20790 IDR"), (TenderKind::Qris, "0 IDR"), (TenderKind::Qris, "5 EUR")]
    {
        assert_eq!(scene.ask_qr(kind, amount), None, "{amount}");
        assert_eq!(scene.seen().stage, CustomerStage::Cart, "no code of before is left standing");
    }
    scene.ask_qr(TenderKind::Qris, "20790 IDR").unwrap();
    let _: Nothing = scene.till.call("customer_screen.drop_qr", &Nothing {});
    assert_eq!(scene.seen().qr, None);
    scene.ask_qr(TenderKind::Qris, "20790 IDR").unwrap();
    scene.add_coffee();
    assert_eq!(scene.seen().qr, None, "of another total");
}

/// What a phone reads of a code: drawn with eight dots a module, and given to a reader that is not ours.
fn read(code: &PaymentQrView) -> String {
    const DOTS: usize = 8;
    let size = code.size as usize;
    let mut dark = vec![false; size * size];
    for run in code.path.split('M').filter(|run| !run.is_empty()) {
        let (at, run) = run.split_once('h').unwrap();
        let (x, y) = at.split_once(' ').unwrap();
        let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
        let width: usize = run.split('v').next().unwrap().parse().unwrap();
        dark[y * size + x..][..width].fill(true);
    }
    let mut picture = format!("P1\n{} {}\n", size * DOTS, size * DOTS);
    for row in dark.chunks(size) {
        let dots: String = row.iter().map(|dark| if *dark { "1 " } else { "0 " }.repeat(DOTS)).collect();
        picture.push_str(&format!("{dots}\n").repeat(DOTS));
    }
    let file = tempfile::Builder::new().suffix(".pbm").tempfile().unwrap();
    std::fs::write(file.path(), picture).unwrap();
    let read = std::process::Command::new("zbarimg").args(["--quiet", "--raw"]).arg(file.path()).output();
    String::from_utf8(read.expect("zbarimg reads the picture: install zbar-tools").stdout)
        .unwrap()
        .trim()
        .to_owned()
}

#[test]
fn the_manager_is_told_whether_anybody_shows_it() {
    let scene = scene();
    let setup = scene.setup();
    assert_eq!((setup.asked_at, setup.is_shown, setup.has_monitor), (None, false, None));
    scene.seen();
    assert!(scene.setup().is_shown);
    scene.till.clock.advance_ms(41_000);
    assert!(!scene.setup().is_shown);
    scene.till.engine.found_customer_monitor(true);
    assert_eq!(scene.setup().has_monitor, Some(true));
}
