//! A real till and a real server, and the outages of a real day.

use std::time::Duration;

use shared::Money;
use shared::order::{TenderGiven, TenderKind};
use terminal::views::{
    AddItemInput, AppState, CartView, Code, ItemsInput, ItemsView, Link, Nothing, OpenDrawerInput, PayInput,
    PrintState, ReceiptView, ScanInput, SignInInput, StaffListView,
};
use tests::program::programs_folder;
use tests::shop::{self, Shop};
use tests::till::{Refused, Till};
use tests::trade::currency;

const CATALOGUE: &str = "sku,name,category,price,unit,barcodes,tax\n\
    TEA,Tea,Drinks,2.50,piece,2000000000015,\n\
    MUG,Mug,Gifts,12.99,piece,2000000000022,\n";

struct Counter {
    shop: Shop,
    till: Till,
    _folder: tempfile::TempDir,
}

async fn counter(printer: Option<String>) -> Counter {
    let folder = tempfile::tempdir().unwrap();
    let programs = programs_folder().unwrap();
    let mut shop = Shop::open(&programs, folder.path(), None, 1).await.unwrap();
    shop.import(CATALOGUE.to_owned()).await.unwrap();
    let mut till = Till::new(&programs, &folder.path().join("terminal"), printer).unwrap();
    till.start(Some((&shop.url(), &shop.pairing_codes[0]))).await.unwrap();
    till.wait_until_loaded().await.unwrap();
    till.sign_in(shop::STAFF_NAME, shop::PIN).await.unwrap();
    let float = OpenDrawerInput { opening_float: Money::new(10_000, currency()) };
    till.call::<_, AppState>("drawer.open", &float).await.unwrap();
    Counter { shop, till, _folder: folder }
}

async fn scan(till: &mut Till, code: &str) -> CartView {
    till.call("register.scan", &ScanInput { code: code.to_owned(), quantity: None }).await.unwrap()
}

async fn sell(till: &mut Till) -> ReceiptView {
    scan(till, "2000000000015").await;
    let cart = scan(till, "2000000000022").await;
    let total = cart.total.unwrap();
    let input = PayInput {
        cart_id: cart.cart_id.unwrap(),
        total,
        tenders: vec![TenderGiven { kind: TenderKind::Cash, given: total }],
        card_payments: Vec::new(),
    };
    till.call("checkout.pay", &input).await.unwrap()
}

fn code_of(error: &anyhow::Error) -> Code {
    error.downcast_ref::<Refused>().unwrap_or_else(|| panic!("no refusal: {error:#}")).0.code
}

#[tokio::test]
async fn a_killed_till_starts_signs_in_and_sells_without_the_server_and_nothing_is_lost_or_doubled() {
    let mut at = counter(None).await;
    let mut numbers = vec![sell(&mut at.till).await.order.receipt_number];
    at.shop.kill().unwrap();
    scan(&mut at.till, "2000000000022").await;
    at.till.kill().unwrap();

    at.till.start(None).await.unwrap();
    let state = at.till.sign_in(shop::STAFF_NAME, shop::PIN).await.unwrap();
    assert_eq!(state.cart.lines.len(), 1, "the open cart is back");
    assert!(state.drawer.is_some(), "the shift goes on");
    for _ in 0..5 {
        numbers.push(sell(&mut at.till).await.order.receipt_number);
        at.till.kill().unwrap();
        at.till.start(None).await.unwrap();
        at.till.sign_in(shop::STAFF_NAME, shop::PIN).await.unwrap();
    }
    let state: AppState = at.till.call("app.state", &Nothing {}).await.unwrap();
    assert!(state.sync.waiting >= 5, "{} wait", state.sync.waiting);

    at.shop.start().await.unwrap();
    at.till.wait_until_sent(Duration::from_secs(90)).await.unwrap();
    let wanted: Vec<String> = (1..=6).map(|n| format!("CHK-T1-{n:06}")).collect();
    assert_eq!(numbers, wanted, "receipt numbers are gapless");
    assert_eq!(at_the_server(&mut at.shop, wanted.len()).await, wanted);
}

/// The receipt numbers at the server, once `count` are applied.
async fn at_the_server(shop: &mut Shop, count: usize) -> Vec<String> {
    for _ in 0..600 {
        let orders = shop.get("/orders?limit=100").await.unwrap();
        let list = orders["orders"].as_array().unwrap();
        if list.len() >= count {
            let mut numbers: Vec<String> =
                list.iter().map(|order| order["receipt_number"].as_str().unwrap().to_owned()).collect();
            numbers.sort();
            return numbers;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the server does not apply {count} orders: {}", shop.get("/exceptions").await.unwrap());
}

#[tokio::test]
async fn paying_twice_for_one_cart_is_one_sale() {
    let mut at = counter(None).await;
    let cart = scan(&mut at.till, "2000000000015").await;
    let total = cart.total.unwrap();
    let input = PayInput {
        cart_id: cart.cart_id.unwrap(),
        total,
        tenders: vec![TenderGiven { kind: TenderKind::Cash, given: total }],
        card_payments: Vec::new(),
    };
    let first: ReceiptView = at.till.call("checkout.pay", &input).await.unwrap();
    let again: ReceiptView = at.till.call("checkout.pay", &input).await.unwrap();
    assert_eq!(first.order, again.order);
    at.till.wait_until_sent(Duration::from_secs(60)).await.unwrap();
    assert_eq!(at_the_server(&mut at.shop, 1).await, ["CHK-T1-000001"]);
}

#[tokio::test]
async fn a_printer_that_is_off_leaves_the_sale_standing_and_prints_when_it_is_back() {
    let paper = hardware::emulator::Emulator::start(hardware::emulator::EmulatorOptions::default()).unwrap();
    let target = paper.target().to_string();
    paper.set_fault(hardware::emulator::Fault::Offline);
    let mut at = counter(Some(target)).await;
    let receipt = sell(&mut at.till).await;
    assert!(matches!(receipt.print, Some(PrintState::Waiting | PrintState::Printing)), "{:?}", receipt.print);
    // The next customer is served meanwhile.
    let second = sell(&mut at.till).await;
    assert_eq!(second.order.receipt_number, "CHK-T1-000002");
    paper.set_fault(hardware::emulator::Fault::None);
    // A drawer's pulse is a job of its own, so it is the receipts that are waited for.
    let both = move || {
        for count in 2..20 {
            let jobs = paper.wait_for_jobs(count, Duration::from_secs(60)).unwrap();
            if jobs.iter().any(|job| job.text().contains("CHK-T1-000002")) {
                return jobs;
            }
        }
        panic!("the second receipt does not come");
    };
    let jobs = tokio::task::spawn_blocking(both).await.unwrap();
    let count = |number: &str| jobs.iter().filter(|job| job.text().contains(number)).count();
    assert_eq!((count("CHK-T1-000001"), count("CHK-T1-000002")), (1, 1));
}

#[tokio::test]
async fn wrong_input_is_refused_by_name_and_the_cart_stays() {
    let mut at = counter(None).await;
    scan(&mut at.till, "2000000000015").await;
    let unknown = ScanInput { code: "9999999999994".to_owned(), quantity: None };
    let error = at.till.call::<_, CartView>("register.scan", &unknown).await.unwrap_err();
    assert_eq!(code_of(&error), Code::UnknownCode);

    let items: ItemsView =
        at.till.call("backoffice.items", &ItemsInput { query: "Mug".to_owned(), offset: 0 }).await.unwrap();
    let dear = AddItemInput {
        item_id: items.items[0].item_id,
        variant_id: None,
        modifiers: Vec::new(),
        quantity: Some("999999.999".parse().unwrap()),
        price: Some("900000000000000".parse().unwrap()),
        price_reason: Some("typed wrong".to_owned()),
        separate: true,
        scale_tare_g: None,
        approval: None,
    };
    let error = at.till.call::<_, CartView>("register.add_item", &dear).await.unwrap_err();
    assert!(matches!(code_of(&error), Code::OutOfRange | Code::Invalid), "{error:#}");

    let cart: CartView = at.till.call("register.cart", &Nothing {}).await.unwrap();
    assert_eq!(cart.lines.len(), 1);
    let error = at.till.call::<_, CartView>("register.fly", &Nothing {}).await.unwrap_err();
    assert_eq!(code_of(&error), Code::UnknownCommand);
    let error =
        at.till.call::<_, CartView>("register.scan", &serde_json::json!({ "cod": 1 })).await.unwrap_err();
    assert_eq!(code_of(&error), Code::Invalid);
}

#[tokio::test]
async fn a_guessed_pin_is_locked_and_a_restart_does_not_open_it() {
    let mut at = counter(None).await;
    at.till.call::<_, AppState>("staff.sign_out", &Nothing {}).await.unwrap();
    let list: StaffListView = at.till.call("staff.list", &Nothing {}).await.unwrap();
    let guess = SignInInput { staff_id: list.staff[0].staff_id, pin: "111111".to_owned() };
    let mut codes = Vec::new();
    for _ in 0..6 {
        codes.push(code_of(&at.till.call::<_, AppState>("staff.sign_in", &guess).await.unwrap_err()));
    }
    assert_eq!(codes.last(), Some(&Code::PinLocked), "{codes:?}");
    at.till.kill().unwrap();
    at.till.start(None).await.unwrap();
    let right = SignInInput { pin: shop::PIN.to_owned(), ..guess };
    let error = at.till.call::<_, AppState>("staff.sign_in", &right).await.unwrap_err();
    assert_eq!(code_of(&error), Code::PinLocked, "locked, though the PIN is right now");
}

#[tokio::test]
async fn a_second_till_in_one_folder_is_refused() {
    let mut at = counter(None).await;
    let mut second = Till::new(&programs_folder().unwrap(), at.till.folder(), None).unwrap();
    let error = second.start(None).await.unwrap_err();
    assert!(error.to_string().contains("ended"), "{error:#}");
    let state: AppState = at.till.call("app.state", &Nothing {}).await.unwrap();
    assert_eq!(state.sync.link, Link::Online);
}
