//! The engine as a whole: starting, stopping, commands, joining an outlet, selling on without a server.

use serde_json::json;
use terminal::commands;
use terminal::engine::{ClientId, Engine, EngineOptions, FolderError, StartError};
use terminal::views::*;

use crate::fake_server::{FakeServer, Fault};
use crate::running_till::Till;
use crate::shop::{self, HandClock};

/// The contract with the screens.
const COMMANDS: &[&str] = &[
    "app.state",
    "app.settings",
    "enrol.start",
    "rescue.export",
    "rescue.begin",
    "staff.list",
    "staff.sign_in",
    "staff.sign_out",
    "catalogue.grid",
    "catalogue.search",
    "catalogue.item",
    "picture.get",
    "register.cart",
    "register.scan",
    "register.add_item",
    "register.set_quantity",
    "register.remove_line",
    "register.set_note",
    "register.set_discount",
    "register.set_price",
    "register.set_terms",
    "register.set_customer",
    "customers.find",
    "register.undo",
    "register.void",
    "register.hold",
    "register.held",
    "register.recall",
    "checkout.quote",
    "checkout.pay",
    "orders.list",
    "orders.get",
    "exceptions.list",
    "exceptions.look",
    "exceptions.settle",
    "orders.find",
    "orders.receipt_file",
    "orders.reprint",
    "refund.quote",
    "refund.complete",
    "refund.loose",
    "refund.loose_quote",
    "refund.reprint",
    "drawer.open",
    "drawer.report",
    "drawer.print_report",
    "drawer.move_cash",
    "drawer.kick",
    "drawer.close",
    "sync.detail",
    "sync.now",
    "pricing.ask",
    "printing.jobs",
    "printing.retry",
    "printers.find",
    "printers.list",
    "printers.remove",
    "printers.save",
    "printers.test",
    "printing.drop",
    "printing.test",
    "card.again",
    "card.ask",
    "card.cancel",
    "card.give_back",
    "card.list",
    "card.pay",
    "card.reconcile",
    "card.settle",
    "card.show",
    "counter.find",
    "counter.list",
    "counter.remove",
    "counter.save",
    "counter.test",
    "devices.log",
    "scale.weigh",
    "scanner.take",
    "customer_screen.add_picture",
    "customer_screen.ask_qr",
    "customer_screen.drop_qr",
    "customer_screen.picture",
    "customer_screen.save",
    "customer_screen.setup",
    "customer_screen.show",
    "layouts.preview",
    "layouts.save",
    "layouts.show",
    "backoffice.items",
    "backoffice.edit_item",
    "stockroom.move",
];

fn refused(till: &Till, command: &str, input: serde_json::Value) -> CommandErrorView {
    till.try_call::<_, serde_json::Value>(command, &input).unwrap_err()
}

#[test]
fn the_commands_are_those_of_the_contract() {
    let mut ours = commands::NAMES.to_vec();
    let mut agreed = COMMANDS.to_vec();
    ours.sort_unstable();
    agreed.sort_unstable();
    assert_eq!(ours, agreed);
}

#[test]
fn a_second_engine_on_one_folder_is_refused_until_the_first_is_gone() {
    let dir = tempfile::tempdir().unwrap();
    let first = Engine::start(EngineOptions::new(dir.path())).unwrap();
    let error = Engine::start(EngineOptions::new(dir.path())).unwrap_err();
    assert!(matches!(error, StartError::Folder(FolderError::InUse(_))), "{error}");
    assert!(error.to_string().contains("--data-dir"), "{error}");
    first.stop();
    drop(first);
    Engine::start(EngineOptions::new(dir.path())).unwrap();
}

#[test]
fn several_engines_run_in_one_process() {
    let dirs: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let tills: Vec<_> = dirs.iter().map(|dir| Till::open(dir.path(), &HandClock::new())).collect();
    for till in &tills {
        assert_eq!(till.state().stage, Stage::NeedsEnrolment);
    }
}

#[test]
fn what_is_no_command_or_does_not_fit_it_gets_a_closed_code() {
    let dir = tempfile::tempdir().unwrap();
    let till = Till::open(dir.path(), &HandClock::new());
    assert_eq!(refused(&till, "till.explode", json!({})).code, Code::UnknownCommand);
    assert_eq!(refused(&till, "staff.sign_in", json!({"staff_id": 5})).code, Code::Invalid);
    let error = till.engine.call_bytes(&ClientId::window(), "app.state", b"{not json").unwrap_err();
    assert_eq!(error.code, Code::Invalid);
    assert!(till.engine.call_bytes(&ClientId::window(), "app.state", b"").is_ok());
    assert_eq!(refused(&till, "staff.list", json!({})).code, Code::NotEnrolled);
}

#[test]
fn a_pin_never_comes_back_in_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let till = Till::open(dir.path(), &HandClock::new());
    for input in [
        json!({"staff_id": shop::CASHIER, "pin": 73_519}),
        json!({"staff_id": "73519", "pin": "73519"}),
        json!({"staff_id": shop::CASHIER, "pin": ["73519"]}),
    ] {
        let error = refused(&till, "staff.sign_in", input);
        assert!(!format!("{error:?}").contains("73519"), "{error:?}");
    }
}

#[test]
fn joining_says_what_is_wrong_and_can_be_tried_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = FakeServer::start();
    let till = Till::open(dir.path(), &HandClock::new());
    let join = |url: String, code: &str| {
        let input = json!({"server_url": url, "pairing_code": code, "device_name": "Kasir"});
        refused(&till, "enrol.start", input).code
    };
    assert_eq!(join("not an address".to_owned(), "x"), Code::Invalid);
    assert_eq!(join("http://kedai.example".to_owned(), "x"), Code::ServerUntrusted);
    assert_eq!(join(server.url(), "WRONG"), Code::PairingInvalid);
    assert_eq!(join(format!("{}/elsewhere", server.url()), "x"), Code::ServerGarbled);
    server.go_away();
    assert_eq!(join(server.url(), "x"), Code::ServerUnreachable);
    assert_eq!(till.state().stage, Stage::NeedsEnrolment);
    server.come_back();
    till.join(&server);
    assert_eq!(join(server.url(), "again"), Code::AlreadyEnrolled);
}

#[test]
fn a_till_that_joined_sells_prints_figures_and_hands_them_in() {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start();
    server.change(|kept| kept.page_rows = 2);
    let till = Till::selling(dir.path(), &server, |_| {});
    let receipt = till.sell();
    // 18,000 + 5 % service = 18,900; PB1 10 % of both = 1,890; paid in cash in steps of 100.
    assert_eq!(receipt.order.total.to_string(), "20790 IDR");
    assert_eq!(receipt.order.receipt_number, "KOTA-T3-000001");
    assert!(receipt.text.contains("KOTA-T3-000001"), "{}", receipt.text);
    assert_eq!(receipt.print, None);
    server.wait_for("the sale at the server", |kept| kept.kinds().contains(&"order.completed"));
    till.wait_until("nothing waits", |till| till.sync().waiting == 0);
    let state = till.state();
    assert_eq!(state.sync.link, Link::Online);
    assert_eq!(state.outlet.unwrap().notes.len(), 6);
}

#[test]
fn it_starts_signs_in_and_sells_on_without_its_server() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = FakeServer::start();
    let till = Till::selling(dir.path(), &server, |_| {});
    till.sell();
    server.wait_for("the first sale", |kept| kept.kinds().contains(&"order.completed"));
    server.go_away();
    let clock = till.clock.clone();
    drop(till);

    let till = Till::open(dir.path(), &clock);
    assert_eq!(till.state().stage, Stage::SignedOut, "nobody is signed in after a restart");
    till.sign_in();
    for _ in 0..5 {
        till.sell();
    }
    till.wait_until("the fault", |till| till.sync().error.as_deref() == Some("unreachable"));
    let sync = till.sync();
    assert_eq!(sync.link, Link::Offline);
    assert!(sync.waiting >= 5 && sync.oldest_at.is_some(), "{sync:?}");

    server.come_back();
    let _: SyncView = till.call("sync.now", &Nothing {});
    server.wait_for("all six sales, each once", |kept| {
        kept.kinds().iter().filter(|kind| **kind == "order.completed").count() == 6
    });
    let numbers = server.change(|kept| {
        let orders = kept.events.iter().filter(|chained| chained.event.kind == "order.completed");
        orders.map(|chained| chained.event.payload["receipt_number"].to_string()).collect::<Vec<_>>()
    });
    let expected: Vec<String> = (1..=6).map(|n| format!("\"KOTA-T3-{n:06}\"")).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn each_window_has_its_own_person_and_cart() {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start();
    let mut till = Till::selling(dir.path(), &server, |_| {});
    let _: CartView = till.call("register.add_item", &till.coffee());
    till.client = ClientId::of_bytes([7; 16]);
    assert_eq!(till.state().stage, Stage::SignedOut);
    let error = till.try_call::<_, CartView>("register.add_item", &till.coffee()).unwrap_err();
    assert_eq!(error.code, Code::NotSignedIn);
    till.client = ClientId::window();
    assert_eq!(till.state().cart.lines.len(), 1);
}

#[test]
fn settings_out_of_bounds_change_nothing_and_the_printer_is_the_managers() {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start();
    let till = Till::selling(dir.path(), &server, |_| {});
    let mut settings = till.state().settings;
    settings.theme = "night".to_owned();
    settings.locale = Some("vi".to_owned());
    let state: AppState = till.call("app.settings", &settings);
    assert_eq!(state.settings, settings);
    for (field, value) in
        [("theme", json!("pink")), ("scale_percent", json!(900)), ("printer", json!("lpt1"))]
    {
        let mut wrong = serde_json::to_value(&settings).unwrap();
        wrong[field] = value;
        let error = refused(&till, "app.settings", wrong);
        assert_eq!((error.code, error.details.reason.as_deref()), (Code::Invalid, Some(field)));
    }
    settings.printer = Some("tcp://127.0.0.1:9".to_owned());
    let error = refused(&till, "app.settings", serde_json::to_value(&settings).unwrap());
    assert_eq!(error.code, Code::NotAllowed);
    assert_eq!(till.state().settings.printer, None);
}

#[test]
fn a_terminal_without_its_secrets_says_which_file_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start();
    let till = Till::open(dir.path(), &HandClock::new());
    till.join(&server);
    drop(till);
    std::fs::remove_file(dir.path().join("pepper")).unwrap();
    let error = Engine::start(EngineOptions::new(dir.path())).unwrap_err();
    assert!(error.to_string().contains("pepper"), "{error}");
}

#[test]
fn an_answer_that_breaks_off_while_joining_leaves_the_till_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start();
    let till = Till::open(dir.path(), &HandClock::new());
    till.join(&server);
    server.fail_next(Fault::AnswerLost);
    till.sign_in();
    server.wait_for("the event once", |kept| kept.failed == 1 && kept.kinds().contains(&"staff.signed_in"));
    till.wait_until("it is confirmed", |till| till.sync().waiting == 0);
    assert_eq!(server.change(|kept| kept.events.len()), 1);
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused_until_it_is_trusted_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let server = FakeServer::start_with_own_certificate();
    let till = Till::open(dir.path(), &HandClock::new());
    let input = json!({"server_url": server.url(), "pairing_code": "x", "device_name": "Kasir"});
    let error = refused(&till, "enrol.start", input);
    assert_eq!(error.code, Code::ServerUntrusted, "{error:?}");
    let clock = till.clock.clone();
    drop(till);
    let till = Till::open_with(dir.path(), &clock, |options| {
        options.extra_roots = server.certificate.clone().map(String::into_bytes);
    });
    till.join(&server);
}

#[test]
fn certificates_that_cannot_be_read_are_named_at_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let mut options = EngineOptions::new(dir.path());
    options.extra_roots = Some(b"-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n".to_vec());
    assert!(matches!(Engine::start(options), Err(StartError::Link(_))));
}
