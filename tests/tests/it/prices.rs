//! Prices from headquarters to real tills: a campaign arrives by itself, a limit holds across tills with and without the
//! server, and every sale is computed the same on both sides.

use std::time::Duration;

use serde_json::{Value, json};
use shared::Money;
use shared::order::{TenderGiven, TenderKind};
use shared::pricing::sale::Withheld;
use terminal::views::{AppState, CartView, Nothing, OpenDrawerInput, PayInput, ReceiptView, ScanInput};
use tests::program::programs_folder;
use tests::shop::{self, Shop};
use tests::till::Till;
use tests::trade::currency;

const CATALOGUE: &str =
    "sku,name,category,price,unit,barcodes,tax\nTEA,Tea,Drinks,2.50,piece,2000000000015,\n";
const TEA: &str = "2000000000015";

async fn till(shop: &Shop, at: usize, folder: &std::path::Path) -> Till {
    let mut till = Till::new(&programs_folder().unwrap(), &folder.join(format!("till-{at}")), None).unwrap();
    till.start(Some((&shop.url(), &shop.pairing_codes[at]))).await.unwrap();
    till.wait_until_loaded().await.unwrap();
    till.sign_in(shop::STAFF_NAME, shop::PIN).await.unwrap();
    let float = OpenDrawerInput { opening_float: Money::new(10_000, currency()) };
    till.call::<_, AppState>("drawer.open", &float).await.unwrap();
    till
}

async fn scan(till: &mut Till, code: &str) -> CartView {
    till.call("register.scan", &ScanInput { code: code.to_owned(), quantity: None }).await.unwrap()
}

async fn pay(till: &mut Till) -> ReceiptView {
    let cart: CartView = till.call("register.cart", &Nothing {}).await.unwrap();
    let total = cart.total.unwrap();
    let tenders = vec![TenderGiven { kind: TenderKind::Card, given: total }];
    let input = PayInput { cart_id: cart.cart_id.unwrap(), total, tenders, card_payments: Vec::new() };
    till.call("checkout.pay", &input).await.unwrap()
}

async fn void(till: &mut Till) {
    let input = json!({ "reason": "test", "approval": null });
    till.call::<_, CartView>("register.void", &input).await.unwrap();
}

/// Waits until something is so; the till and the server tell each other in their own time.
async fn until<F: AsyncFnMut() -> bool>(what: &str, mut holds: F) {
    for _ in 0..600 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("not in half a minute: {what}");
}

async fn campaign(shop: &mut Shop, body: Value) -> String {
    let made = shop.post("/campaigns", &body).await.unwrap();
    let id = made["id"].as_str().unwrap().to_owned();
    shop.post(&format!("/campaigns/{id}/activate"), &json!({})).await.unwrap();
    id
}

#[tokio::test]
async fn a_campaign_comes_to_a_selling_till_and_its_sales_are_judged_right() {
    let folder = tempfile::tempdir().unwrap();
    let mut shop = Shop::open(&programs_folder().unwrap(), folder.path(), None, 1).await.unwrap();
    shop.import(CATALOGUE.to_owned()).await.unwrap();
    let mut till = till(&shop, 0, folder.path()).await;
    scan(&mut till, TEA).await;
    let autumn = json!({ "name": "Autumn", "promotions": [
        { "name": "Autumn", "effect": "buy_get", "buy": 1, "get": 1, "rate_ppm": 1_000_000 }] });
    let id = campaign(&mut shop, autumn).await;
    until("the campaign is in the open cart", async || {
        let cart = scan(&mut till, TEA).await;
        !cart.discount_total.unwrap().is_zero()
    })
    .await;
    let cart: CartView = till.call("register.cart", &Nothing {}).await.unwrap();
    let (pairs, line) = (cart.item_count / 2, &cart.lines[0]);
    assert_eq!(line.promotions[0].amount, Money::new(250 * i64::from(pairs), currency()));
    assert!(pay(&mut till).await.text.contains("Autumn"));

    // Cut off, the till goes on with what it has.
    shop.stop().unwrap();
    scan(&mut till, TEA).await;
    scan(&mut till, TEA).await;
    assert_eq!(pay(&mut till).await.order.total, Money::new(250, currency()));
    shop.start().await.unwrap();
    till.wait_until_sent(Duration::from_secs(60)).await.unwrap();
    until("both sales are applied", async || {
        shop.get("/orders").await.unwrap()["orders"].as_array().unwrap().len() == 2
    })
    .await;
    assert_eq!(shop.get("/exceptions").await.unwrap()["exceptions"], json!([]));
    shop.post(&format!("/campaigns/{id}/deactivate"), &json!({})).await.unwrap();
    until("the campaign is gone", async || scan(&mut till, TEA).await.discount_total.unwrap().is_zero())
        .await;
    till.stop().unwrap();
    shop.stop().unwrap();
}

#[tokio::test]
async fn a_coupon_of_one_use_is_used_once_whoever_shows_it_and_never_without_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let mut shop = Shop::open(&programs_folder().unwrap(), folder.path(), None, 2).await.unwrap();
    shop.import(CATALOGUE.to_owned()).await.unwrap();
    let (mut one, mut other) = (till(&shop, 0, folder.path()).await, till(&shop, 1, folder.path()).await);
    let promotion = |name: &str, code: &str| {
        json!({ "name": name, "effect": "order_percent", "rate_ppm": 500_000,
            "coupons": [{ "code": code, "uses": 1 }] })
    };
    let welcome = json!({ "name": "Welcome", "promotions": [promotion("Welcome", "HALO-1"), promotion("Again", "HALO-2")] });
    campaign(&mut shop, welcome).await;
    for till in [&mut one, &mut other] {
        until("the codes are known", async || {
            till.call::<_, CartView>("register.cart", &Nothing {}).await.unwrap().offers.coupons
        })
        .await;
        scan(till, TEA).await;
    }
    // Without the server nobody can tell whether it was used elsewhere: it does not count, in words, and nothing waits.
    shop.stop().unwrap();
    let cart = scan(&mut one, "HALO-1").await;
    assert_eq!(cart.discount_total, Some(Money::zero(currency())));
    assert!(
        cart.withheld.iter().any(|withheld| withheld.name == "Welcome" && withheld.why == Withheld::UsedUp),
        "{cart:?}"
    );
    void(&mut one).await;
    shop.start().await.unwrap();

    scan(&mut one, TEA).await;
    until("the code counts", async || {
        let cart = scan(&mut one, "HALO-2").await;
        !cart.discount_total.unwrap().is_zero()
    })
    .await;
    // It is the first till's now, and stays so when the server is gone again.
    let cart = scan(&mut other, "HALO-2").await;
    assert!(cart.discount_total.unwrap().is_zero(), "{cart:?}");
    shop.stop().unwrap();
    assert_eq!(pay(&mut one).await.order.discount_total, Money::new(125, currency()));
    scan(&mut one, TEA).await;
    assert!(scan(&mut one, "HALO-2").await.discount_total.unwrap().is_zero(), "used is used");
    shop.start().await.unwrap();
    one.wait_until_sent(Duration::from_secs(60)).await.unwrap();
    until("the sale is applied", async || {
        shop.get("/orders").await.unwrap()["orders"].as_array().unwrap().len() == 1
    })
    .await;
    assert_eq!(shop.get("/exceptions").await.unwrap()["exceptions"], json!([]));
    for mut program in [one, other] {
        program.stop().unwrap();
    }
    shop.stop().unwrap();
}
