//! Customers whom the business knows: found, named by card, with what goes with them; and limits that are counted by customer.

use serde_json::{Value, json};
use shared::cart::CartTerms;
use shared::ids::CustomerId;
use shared::pricing::Treatment;
use shared::pricing::sale::Withheld;
use shared::wire::FeedRow;
use shared::wire::pricing::{Lent, LimitAsk, SharedLimit};
use terminal::store::{StoreError, allowances};
use terminal::views::*;
use terminal::{catalogue, register};

use crate::till::*;

fn customer(n: u8, name: &str, more: Value) -> FeedRow {
    let mut body = json!({ "customer_id": id!(CustomerId, n), "name": name });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row("customer", id!(CustomerId, n).to_string(), 50 + u64::from(n), body)
}

fn hear(till: &mut Till, rows: Vec<FeedRow>) {
    let take = |tx: &terminal::store::Tx<'_>| -> Result<(), StoreError> {
        catalogue::apply_page(tx, &page(rows, false, false)).map(|_| ())
    };
    till.store.write(take).unwrap();
}

fn set(till: &mut Till, id: Option<CustomerId>) -> Result<CartView, terminal::context::CommandError> {
    till.run(|store, ctx| {
        register::set_customer(store, ctx, CustomerInput { customer_id: id, approval: None })
    })
}

fn scan(till: &mut Till, code: &str) -> Result<CartView, terminal::context::CommandError> {
    till.run(|store, ctx| register::scan(store, ctx, ScanInput { code: code.to_owned(), quantity: None }))
}

fn found(till: &mut Till, query: &str) -> Vec<String> {
    let input = CustomersInput { query: query.to_owned() };
    let view = till.run(|store, ctx| register::find_customers(store.db(), ctx, input)).unwrap();
    view.customers.into_iter().map(|customer| customer.name).collect()
}

fn known(till: &mut Till) {
    hear(
        till,
        vec![
            customer(
                1,
                "Đặng Gold",
                json!({ "phone": "+62812345678", "codes": ["9001", "9002"], "segments": ["gold"] }),
            ),
            customer(2, "Dang Plain", json!({ "phone": "0855501234" })),
            customer(
                3,
                "Embassy 100%",
                json!({ "codes": ["E1"], "exemption": { "treatment": "exempt", "reason": "Embassy 12/2026" } }),
            ),
        ],
    );
}

/// The café's book with 5 % service and PB1, and more.
fn book(till: &Till, promotion: Value) -> FeedRow {
    let tax = id!(TaxId, 1);
    let body = json!({
        "price_book_id": id!(PriceBookId, 1), "version": 4, "name": "Kopi Kota",
        "outlet_ids": [id!(OutletId, 1)], "currency": "IDR", "digits": 0, "valid_from": till.clock_now(),
        "taxes": [{ "tax_id": tax, "name": "PB1", "kind": "percent", "rate_ppm": 100_000 }],
        "service_charge": { "rate_ppm": 50_000, "tax_ids": [tax] },
        "cash_rounding": { "increment": 100, "mode": "half_up" },
        "promotions": [promotion],
    });
    row("price_book", format!("{}:4", id!(OutletId, 1)), 104, body)
}

fn ten_percent(more: Value) -> Value {
    let mut promotion = json!({ "promotion_id": id!(PromotionId, 1), "name": "Ten", "effect": "percent", "rate_ppm": 100_000 });
    promotion.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    promotion
}

#[test]
fn customers_are_found_by_card_phone_and_name_however_it_is_written() {
    let mut till = Till::selling();
    assert!(!till.cart().offers.customers);
    known(&mut till);
    assert!(till.cart().offers.customers);
    assert_eq!(found(&mut till, "dang"), ["Đặng Gold", "Dang Plain"]);
    assert_eq!(found(&mut till, "9002"), ["Đặng Gold"]);
    assert_eq!(found(&mut till, "0812 345 678"), ["Đặng Gold"], "without the country");
    assert_eq!(found(&mut till, "1234"), ["Dang Plain"]);
    assert_eq!(found(&mut till, "100%"), ["Embassy 100%"]);
    assert_eq!(found(&mut till, "%%"), Vec::<String>::new());
    assert_eq!(found(&mut till, "d"), Vec::<String>::new(), "nobody reads the whole list");
    let input = CustomersInput { query: "gold".to_owned() };
    let view = till.run(|store, ctx| register::find_customers(store.db(), ctx, input)).unwrap();
    assert_eq!(view.customers[0].phone_end.as_deref(), Some("5678"));

    // Changed, and forgotten.
    let changed = FeedRow { change_seq: 90, ..customer(1, "Renamed", json!({ "codes": ["9003"] })) };
    let gone = FeedRow { change_seq: 91, body: None, ..customer(2, "Dang Plain", json!({})) };
    hear(&mut till, vec![changed, gone]);
    assert_eq!(found(&mut till, "dang"), Vec::<String>::new());
    assert_eq!(found(&mut till, "9003"), ["Renamed"]);
    assert!(scan(&mut till, "9001").is_err(), "the old card is no one's");
}

#[test]
fn a_card_brings_segments_and_taxes_and_takes_them_away_again() {
    let mut till = Till::selling();
    known(&mut till);
    let gold = book(&till, ten_percent(json!({ "segments": ["gold"] })));
    hear(&mut till, vec![gold]);
    till.add(kopi(), 1);
    assert_eq!(till.cart().discount_total, Some(idr(0)));
    let cart = scan(&mut till, "9001").unwrap();
    assert_eq!(cart.customer.as_ref().and_then(|who| who.name.as_deref()), Some("Đặng Gold"));
    assert_eq!((cart.lines.len(), cart.discount_total), (1, Some(idr(1_800))));
    let cart = scan(&mut till, "E1").unwrap();
    assert_eq!((cart.discount_total, cart.terms.segments.len()), (Some(idr(0)), 0), "it was the other one's");
    assert_eq!(cart.terms.exemption.unwrap().treatment, Treatment::Exempt);
    let cart = set(&mut till, None).unwrap();
    assert_eq!((cart.customer, cart.terms), (None, CartTerms::default()));
    set(&mut till, Some(id!(CustomerId, 1))).unwrap();

    // Whom it is for is not said by the terms, which may say other things.
    let terms = CartTerms { segments: vec!["gold".to_owned()], ..CartTerms::default() };
    let cart =
        till.run(|store, ctx| register::set_terms(store, ctx, TermsInput { terms, approval: None })).unwrap();
    assert_eq!(cart.customer.map(|who| who.customer_id), Some(id!(CustomerId, 1)));
    let order = till.pay(vec![cash(50_000)]).unwrap().order;
    let kept = order.terms.unwrap();
    assert_eq!((kept.customer_id, order.discount_total), (Some(id!(CustomerId, 1)), idr(1_800)));
    assert_eq!(till.cart().customer, None, "the next cart is nobody's");
    assert!(set(&mut till, Some(id!(CustomerId, 9))).is_err());

    // Without the card a manager says that it is they who pay no tax.
    let refused = set(&mut till, Some(id!(CustomerId, 3))).unwrap_err();
    assert_eq!(refused.code, Code::ApprovalNeeded);
    let input = CustomerInput { customer_id: Some(id!(CustomerId, 3)), approval: manager_leave() };
    let cart = till.run(|store, ctx| register::set_customer(store, ctx, input)).unwrap();
    assert!(cart.terms.exemption.is_some());
}

#[test]
fn what_is_counted_by_customer_needs_one_and_goes_back_when_they_have_gone() {
    let mut till = Till::selling();
    known(&mut till);
    let once = book(&till, ten_percent(json!({ "limits": { "per_customer": 1 } })));
    hear(&mut till, vec![once.clone()]);
    let today = till.run(|store, ctx| Ok(ctx.moment(&*ctx.outlet(store.db())?, None).business_date)).unwrap();
    let limit = |n: u8| SharedLimit {
        promotion_id: id!(PromotionId, 1),
        coupon: None,
        customer_id: Some(id!(CustomerId, n)),
    };
    let parsed = serde_json::from_value(once.body.clone().unwrap()).unwrap();
    let wanted = |till: &Till| allowances::wanted(till.store.db(), &parsed, today).unwrap();
    let asked = |till: &Till, n: u8| {
        let terms = CartTerms { customer_id: Some(id!(CustomerId, n)), ..CartTerms::default() };
        allowances::of_terms(till.store.db(), &parsed, today, &terms).unwrap()
    };
    let lend = |till: &mut Till, asked: &[LimitAsk], n: u8, times: u32| {
        let lent = Lent { limit: limit(n), date: Some(today), times, spent: 0 };
        till.store.write(|tx| allowances::take(tx, today, asked, vec![lent])).unwrap();
    };

    till.add(kopi(), 1);
    let why = |cart: &CartView| cart.withheld.iter().map(|withheld| withheld.why).collect::<Vec<_>>();
    assert_eq!(why(&till.cart()), [Withheld::NeedsCustomer]);
    let cart = set(&mut till, Some(id!(CustomerId, 2))).unwrap();
    assert_eq!(why(&cart), [Withheld::UsedUp], "nothing was lent");
    let ask = asked(&till, 2);
    assert_eq!(ask, [LimitAsk { limit: limit(2), spent: 0, gives_back: false }]);
    lend(&mut till, &ask, 2, 1);
    assert_eq!((why(&till.cart()), till.cart().discount_total), (Vec::new(), Some(idr(1_800))));

    // They go without buying: it goes back, and is not spent here meanwhile. Whoever is here now is asked for.
    set(&mut till, Some(id!(CustomerId, 1))).unwrap();
    let back = wanted(&till);
    let of = |n: u8, gives_back: bool| LimitAsk { limit: limit(n), spent: 0, gives_back };
    assert_eq!(back, [of(1, false), of(2, true)]);
    till.store.write(|tx| allowances::let_go(tx, &back)).unwrap();
    assert_eq!(why(&set(&mut till, Some(id!(CustomerId, 2))).unwrap()), [Withheld::UsedUp]);
    till.store.write(|tx| allowances::take(tx, today, &back, Vec::new())).unwrap();
    assert_eq!(wanted(&till), [of(2, false)]);

    // A question whose answer nobody heard: what may be lent goes back once they have gone, and is asked for while they are here.
    till.store.write(|tx| allowances::doubt(tx, today, &[of(2, false)])).unwrap();
    assert_eq!(wanted(&till), [of(2, false)]);
    set(&mut till, None).unwrap();
    assert_eq!(wanted(&till), [of(2, true)]);
    set(&mut till, Some(id!(CustomerId, 2))).unwrap();

    // On the shelf of held orders they are still here.
    till.run(|store, ctx| register::hold(store, ctx, HoldInput { label: None })).unwrap();
    assert_eq!(wanted(&till), [of(2, false)]);
    let held = till.run(register::held).unwrap().carts[0].cart_id;
    till.run(|store, ctx| register::recall(store, ctx, RecallInput { cart_id: held })).unwrap();

    // They buy: it is used up, here too, and what was sold is told when it is asked again.
    let ask = asked(&till, 2);
    lend(&mut till, &ask, 2, 1);
    let order = till.pay(vec![cash(50_000)]).unwrap().order;
    assert_eq!(order.discount_total, idr(1_800));
    assert_eq!(wanted(&till), [], "there is nothing left that could go back");
    till.add(kopi(), 1);
    assert_eq!(why(&set(&mut till, Some(id!(CustomerId, 2))).unwrap()), [Withheld::UsedUp]);
    assert_eq!(asked(&till, 2)[0].spent, 1);
}
