//! Selling by the price book in force: promotions, price lists, doors, codes, and books that come, begin and cannot be used.

use serde_json::{Value, json};
use shared::Timestamp;
use shared::cart::CartTerms;
use shared::journal::Fact;
use shared::order::Order;
use shared::pricing::sale::Withheld;
use shared::pricing::{Channel, Exemption, PriceBook, ReadyBook, Sale, Treatment};
use shared::wire::FeedRow;
use shared::wire::pricing::{Lent, SharedLimit};
use terminal::store::{StoreError, allowances, meta};
use terminal::views::*;
use terminal::{catalogue, journal, register};

use crate::till::*;

const HOUR: i64 = 3_600_000;

/// A version of the café's book as the server sends it: 5 % service, PB1 of 10 % on top.
fn book(version: u32, valid_from: Timestamp, more: Value) -> FeedRow {
    let tax = id!(TaxId, 1);
    let mut body = json!({
        "price_book_id": id!(PriceBookId, 1), "version": version, "name": "Kopi Kota",
        "outlet_ids": [id!(OutletId, 1)], "currency": "IDR", "digits": 0, "valid_from": valid_from,
        "taxes": [{ "tax_id": tax, "name": "PB1", "kind": "percent", "rate_ppm": 100_000 }],
        "service_charge": { "rate_ppm": 50_000, "tax_ids": [tax] },
        "cash_rounding": { "increment": 100, "mode": "half_up" },
    });
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    row("price_book", format!("{}:{version}", id!(OutletId, 1)), 100 + u64::from(version), body)
}

fn ten_percent(name: &str) -> Value {
    json!({ "promotion_id": id!(PromotionId, 1), "name": name, "effect": "percent", "rate_ppm": 100_000 })
}

fn hear(till: &mut Till, rows: Vec<FeedRow>) {
    let take = |tx: &terminal::store::Tx<'_>| -> Result<(), StoreError> {
        catalogue::apply_page(tx, &page(rows, false, false)).map(|_| ())
    };
    till.store.write(take).unwrap();
}

fn say(till: &mut Till, terms: CartTerms) -> Result<CartView, terminal::context::CommandError> {
    till.run(|store, ctx| register::set_terms(store, ctx, TermsInput { terms, approval: manager_leave() }))
}

/// The last sale as it stands in the journal, and as the server would compute it again.
fn judged(till: &Till, book: &FeedRow) -> Order {
    let events = journal::events_after(till.store.db(), till.device.epoch, 0, 1_000, usize::MAX).unwrap();
    let facts = events.into_iter().filter_map(|chained| Fact::of(&chained.event).unwrap());
    let mut sales =
        facts.filter_map(|fact| if let Fact::OrderCompleted(order) = fact { Some(*order) } else { None });
    let order = sales.next_back().unwrap();
    let book: PriceBook = serde_json::from_value(book.body.clone().unwrap()).unwrap();
    assert_eq!(order.price_book_version, book.version);
    let lines: Vec<_> = order.lines.iter().map(|line| line.to_sale_line().unwrap()).collect();
    let terms = order.sale_terms();
    let sale = Sale { lines: &lines, order_discount: order.order_discount, terms: &terms };
    let computed = ReadyBook::new(book).unwrap().price(&sale).unwrap();
    assert_eq!(computed.order, order.figures(), "till and server agree to a unit");
    assert_eq!(computed.uses, order.promotion_uses);
    order
}

#[test]
fn a_promotion_is_on_the_line_the_receipt_and_in_the_journal() {
    let mut till = Till::selling();
    let autumn = book(4, till.clock_now(), json!({ "promotions": [ten_percent("Autumn")] }));
    till.add(kopi(), 1);
    assert_eq!(till.cart().total, Some(idr(20_790)), "the outlet's own rules");
    hear(&mut till, vec![autumn.clone()]);
    let cart = till.cart();
    // 18,000 − 10 % = 16,200; service 810; PB1 10 % of 17,010 = 1,701.
    assert_eq!(cart.total, Some(idr(18_711)));
    assert_eq!(cart.discount_total, Some(idr(1_800)));
    assert_eq!(cart.lines[0].promotions[0].name, "Autumn");
    assert_eq!((cart.lines[0].gross, cart.lines[0].amount), (idr(18_000), idr(16_200)));
    let receipt = till.pay(vec![cash(50_000)]).unwrap();
    assert!(receipt.text.contains("Autumn"), "{}", receipt.text);
    assert!(receipt.text.contains("1.800"), "{}", receipt.text);
    let order = judged(&till, &autumn);
    assert_eq!(order.promotion_uses[0].times, 1);
    assert_eq!((order.total, order.cash_rounding), (idr(18_711), idr(-11)));
}

#[test]
fn the_next_book_begins_by_itself_and_a_cart_is_priced_anew() {
    let mut till = Till::selling();
    let later = Timestamp::from_millis(till.clock_now().as_millis() + HOUR);
    let next = book(
        5,
        later,
        json!({ "taxes": [{ "tax_id": id!(TaxId, 1), "name": "PB1 12 %", "kind": "percent",
        "rate_ppm": 120_000 }], "promotions": [] }),
    );
    let now = book(4, till.clock_now(), json!({ "promotions": [ten_percent("Now")] }));
    hear(&mut till, vec![now, next.clone()]);
    till.add(kopi(), 1);
    let shown = till.cart();
    assert_eq!(shown.total, Some(idr(18_711)));
    till.clock.forward(HOUR);
    let input = PayInput {
        cart_id: shown.cart_id.unwrap(),
        total: shown.total.unwrap(),
        tenders: vec![cash(50_000)],
        card_payments: Vec::new(),
    };
    let refused = till.run(|store, ctx| terminal::checkout::pay(store, ctx, input)).unwrap_err();
    assert_eq!(refused.code, Code::CartChanged, "nobody pays another price than the one shown");
    // 18,000 + 5 % service 900; 12 % of 18,900 = 2,268.
    assert_eq!(till.cart().total, Some(idr(21_168)));
    till.pay(vec![cash(50_000)]).unwrap();
    assert_eq!(judged(&till, &next).taxes[0].name, "PB1 12 %");
}

#[test]
fn a_book_that_cannot_be_used_leaves_the_last_good_one_in_force() {
    let mut till = Till::selling();
    let now = till.clock_now();
    let good = book(4, now, json!({ "promotions": [ten_percent("Good")] }));
    let above = json!({ "promotion_id": id!(PromotionId, 2), "name": "Above", "effect": "percent", "rate_ppm": 1_000_001 });
    let odd = json!({ "promotion_id": id!(PromotionId, 3), "name": "Odd", "effect": "of_next_year" });
    hear(&mut till, vec![good.clone()]);
    hear(&mut till, vec![book(5, now, json!({ "promotions": [above] }))]);
    hear(&mut till, vec![book(6, now, json!({ "promotions": [odd] }))]);
    till.sell(kopi(), 1);
    judged(&till, &good);
    assert_eq!(
        till.count("SELECT COUNT(*) FROM feed_unknown WHERE entity = 'price_book'"),
        1,
        "kept for a newer build"
    );
    // Taken back: the outlet's own rules hold again.
    for version in [4, 5, 6] {
        hear(
            &mut till,
            vec![FeedRow {
                body: None,
                change_seq: 200 + version,
                ..book(u32::try_from(version).unwrap(), now, json!({}))
            }],
        );
    }
    assert_eq!(till.sell(kopi(), 1).order.price_book_version, 3);
}

#[test]
fn a_door_a_segment_and_a_code_change_prices_and_are_kept_with_the_sale() {
    let mut till = Till::selling();
    let take_away = json!({ "promotion_id": id!(PromotionId, 1), "name": "Bring your cup", "effect": "amount",
        "per_unit": "1000 IDR", "channels": ["take_away"] });
    let coupon = json!({ "promotion_id": id!(PromotionId, 2), "name": "Welcome", "effect": "order_percent",
        "rate_ppm": 200_000, "coupons": [{ "code": "HALO20", "uses": null, "per_customer": null }] });
    let members = json!([{ "price_list_id": id!(PriceListId, 1), "name": "Members", "segments": ["member"],
        "prices": [{ "item_id": kopi(), "unit_price": "15000" }] }]);
    let all = book(4, till.clock_now(), json!({ "promotions": [take_away, coupon], "price_lists": members }));
    hear(&mut till, vec![all.clone()]);
    till.add(kopi(), 2);
    let cart = till.cart();
    assert_eq!(cart.offers.channels, [Channel::Counter, Channel::TakeAway]);
    assert_eq!(
        (cart.offers.segments.as_slice(), cart.offers.coupons),
        (["member".to_owned()].as_slice(), true)
    );
    let terms = |channel, segments: &[&str]| CartTerms {
        channel,
        segments: segments.iter().map(|text| (*text).to_owned()).collect(),
        ..CartTerms::default()
    };
    let cart = say(&mut till, terms(Channel::TakeAway, &[])).unwrap();
    assert_eq!(cart.discount_total, Some(idr(2_000)));
    let cart = say(&mut till, terms(Channel::TakeAway, &["member"])).unwrap();
    assert_eq!((cart.lines[0].unit_price, cart.lines[0].listed.as_deref()), (idr(15_000), Some("Members")));
    // A scanned code is no item: it unlocks its promotion, however it is written.
    let scan = ScanInput { code: "halo20".to_owned(), quantity: None };
    let cart = till.run(|store, ctx| register::scan(store, ctx, scan)).unwrap();
    assert_eq!(cart.terms.coupons, ["HALO20"]);
    // 30,000 − 2,000 = 28,000; 20 % of it 5,600.
    assert_eq!(cart.discount_total, Some(idr(7_600)));
    let mut more = cart.terms.clone();
    more.coupons.push("NOPE".to_owned());
    assert_eq!(say(&mut till, more).unwrap().idle_coupons, ["NOPE"]);
    till.run(register::undo).unwrap();
    assert_eq!(till.cart().terms.coupons, ["HALO20"]);

    // It is all there after a cut of power, and on the receipt.
    let mut till = till.restart();
    assert_eq!(till.cart().terms.channel, Channel::TakeAway);
    let receipt = till.pay(vec![cash(100_000)]).unwrap();
    assert!(receipt.text.contains("Bawa pulang"), "{}", receipt.text);
    let order = judged(&till, &all);
    assert_eq!(order.terms.unwrap().segments, ["member"]);
}

#[test]
fn an_exemption_needs_a_manager_and_stands_on_the_receipt_with_its_reason() {
    let mut till = Till::selling();
    let plain = book(4, till.clock_now(), json!({ "promotions": [ten_percent("Autumn")] }));
    hear(&mut till, vec![plain.clone()]);
    till.add(kopi(), 1);
    let exempt = CartTerms {
        exemption: Some(Exemption {
            tax_ids: Vec::new(),
            treatment: Treatment::Exempt,
            reason: "Kedubes 12/2026".into(),
        }),
        ..CartTerms::default()
    };
    let input = TermsInput { terms: exempt.clone(), approval: None };
    let refused = till.run(|store, ctx| register::set_terms(store, ctx, input)).unwrap_err();
    assert_eq!(refused.code, Code::ApprovalNeeded);
    let cart = say(&mut till, exempt).unwrap();
    assert_eq!(cart.total, Some(idr(17_010)));
    let mut wordless = cart.terms.clone();
    wordless.exemption.as_mut().unwrap().reason = " ".into();
    assert!(say(&mut till, wordless).is_err(), "a reason is needed");
    let receipt = till.pay(vec![cash(20_000)]).unwrap();
    assert!(receipt.text.contains("Kedubes 12/2026"), "{}", receipt.text);
    judged(&till, &plain);
    assert!(till.kinds().contains(&"approval.granted".to_owned()));
}

#[test]
fn terms_of_a_cart_are_bounded() {
    let mut till = Till::selling();
    till.add(kopi(), 1);
    let coupons =
        |n: usize| CartTerms { coupons: (0..n).map(|i| format!("C{i}")).collect(), ..CartTerms::default() };
    assert_eq!(say(&mut till, coupons(20)).unwrap().idle_coupons.len(), 20);
    assert!(say(&mut till, coupons(21)).is_err());
    let long = CartTerms { coupons: vec!["x".repeat(101)], ..CartTerms::default() };
    assert!(say(&mut till, long).is_err());
    let twice = CartTerms { coupons: vec![" A ".into(), "A".into()], ..CartTerms::default() };
    assert_eq!(say(&mut till, twice).unwrap().terms.coupons, ["A"]);
}

#[test]
fn an_updated_till_sells_on_with_the_catalogue_and_the_book_that_an_older_build_left() {
    let mut till = Till::selling();
    let now = till.clock_now();
    let autumn = book(4, now, json!({ "promotions": [ten_percent("Autumn")] }));
    // As an older build leaves it: without a table for books, which it kept aside.
    let body = autumn.body.clone().unwrap().to_string();
    let older = |tx: &terminal::store::Tx<'_>| -> Result<(), StoreError> {
        tx.execute(
            "INSERT INTO feed_unknown VALUES ('price_book', ?1, ?2, 'not known')",
            [&autumn.id, &body],
        )
        .unwrap();
        tx.execute_batch("DROP TABLE price_books; DROP TABLE customers; DROP TABLE customer_codes; PRAGMA catalogue.user_version = 1;").unwrap();
        Ok(())
    };
    till.store.write(older).unwrap();
    let mut till = till.restart();
    assert_eq!(till.count("SELECT COUNT(*) FROM catalogue.price_books"), 1);
    assert_eq!(till.count("SELECT COUNT(*) FROM feed_unknown"), 0);
    till.sell(kopi(), 1);
    judged(&till, &autumn);
}

#[test]
fn a_shared_limit_is_spent_here_as_far_as_it_was_lent_and_never_stops_a_sale() {
    let mut till = Till::selling();
    let mut capped = ten_percent("Opening");
    capped["limits"] = json!({ "in_all": 10 });
    let opening = book(4, till.clock_now(), json!({ "promotions": [capped] }));
    hear(&mut till, vec![opening.clone()]);
    let today = till.run(|store, ctx| Ok(ctx.moment(&*ctx.outlet(store.db())?, None).business_date)).unwrap();
    let limit = SharedLimit { promotion_id: id!(PromotionId, 1), coupon: None, customer_id: None };
    let lend = |till: &mut Till, times: u32, spent: u32| {
        let lent = vec![Lent { limit: limit.clone(), date: None, times, spent }];
        let taken: Result<(), StoreError> = till.store.write(|tx| allowances::take(tx, today, &[], lent));
        taken.unwrap();
    };
    let given = |till: &mut Till| !till.sell(kopi(), 1).order.discount_total.is_zero();
    assert!(!given(&mut till), "nothing was lent yet");
    lend(&mut till, 2, 0);
    assert!(given(&mut till) && given(&mut till));
    let cart = till.add(kopi(), 1);
    assert!(
        cart.withheld[0].why == Withheld::UsedUp && cart.withheld[0].name == "Opening",
        "{:?}",
        cart.withheld
    );
    till.pay(vec![cash(50_000)]).unwrap();
    judged(&till, &opening);

    // More is asked for with what was sold, which the server does not know of yet.
    let parsed = serde_json::from_value(opening.body.clone().unwrap()).unwrap();
    let wanted = allowances::wanted(till.store.db(), &parsed, today).unwrap();
    assert_eq!((wanted.len(), wanted[0].spent), (1, 2));
    lend(&mut till, 3, 0);
    assert!(given(&mut till) && !given(&mut till), "it counts on from what was sold here");

    // A count that cannot be read, or was lost, stops nothing: it goes on with what the server knows.
    till.store.write(|tx| meta::set(tx, "allowances", "[{")).unwrap();
    assert!(!given(&mut till));
    lend(&mut till, 4, 3);
    assert!(given(&mut till) && !given(&mut till));
}
