//! The report of what promotions took off.

use shared::Money;
use sync_server::upkeep::verify;

use super::*;
use crate::support::Site;

on_both_engines! {
    promotions_are_reported_by_what_they_took_off_with_and_without_a_code
}

async fn promotions_are_reported_by_what_they_took_off_with_and_without_a_code(site: Site) {
    let mut till = site.till().await;
    let campaign = json!({ "name": "Autumn", "promotions": [
        { "name": "Autumn", "effect": "percent", "rate_ppm": 100_000 },
        { "name": "Welcome", "effect": "order_percent", "rate_ppm": 50_000, "coupons": [{ "code": "HALO" }] },
    ] });
    let id = made(&site, "/api/v1/campaigns", campaign).await;
    let active = activated(&site, "/api/v1/campaigns", &id, json!({})).await;
    let promotion = |at: usize| active["promotions"][at]["promotion_id"].clone();
    let book = book(&site, "present").await;
    let plain = order_by(&mut till, &book);
    let order = order_by(&mut till, &book);
    let with_code =
        priced_by(&till, order, &book, SaleTerms { coupons: vec!["HALO".into()], ..SaleTerms::default() });
    let day = plain.business_date;
    let taken = |order: &Order, named: &str| {
        let all = order.lines.iter().flat_map(|line| &line.figures.promotions);
        let of_it = all.filter(|applied| applied.name == named).map(|applied| applied.amount);
        Money::sum(order.currency, of_it).unwrap()
    };
    let autumn = taken(&plain, "Autumn").add(taken(&with_code, "Autumn")).unwrap();
    let welcome = taken(&with_code, "Welcome");
    assert!(welcome.minor() > 0 && autumn.minor() > welcome.minor(), "{autumn} {welcome}");
    let both = plain.total.add(with_code.total).unwrap();
    let alone = with_code.total;
    for order in [plain, with_code] {
        sold(&site, &mut till, order).await;
    }
    assert_eq!(codes(&site).await, [""; 0]);

    let path = format!("/api/v1/reports/promotions?from={day}&to={day}");
    let (status, report) = site.get(&path).await;
    assert_eq!(status, StatusCode::OK, "{report}");
    let currency = both.currency();
    assert_eq!(
        report["rows"],
        json!([
            { "promotion_id": promotion(0), "name": "Autumn", "coupon": null, "currency": currency, "orders": 2,
              "times": 2, "taken_off": autumn, "sales": both },
            { "promotion_id": promotion(1), "name": "Welcome", "coupon": "HALO", "currency": currency, "orders": 1,
              "times": 1, "taken_off": welcome, "sales": alone },
        ])
    );

    assert_eq!(
        report["totals"],
        json!([{ "currency": currency, "orders": 2, "taken_off": autumn.add(welcome).unwrap(), "sales": both }]),
        "an order with two promotions is one order"
    );
    let sums = report["promotions"].as_array().unwrap();
    let said = sums.iter().map(|sum| (sum["name"].clone(), sum["orders"].clone(), sum["taken_off"].clone()));
    assert_eq!(
        said.collect::<Vec<_>>(),
        [(json!("Autumn"), json!(2), json!(autumn)), (json!("Welcome"), json!(1), json!(welcome))]
    );

    let (_, elsewhere) = site.get_as(&site.other_shop().await, &path).await;
    for part in ["rows", "promotions", "totals"] {
        assert_eq!(elsewhere[part], json!([]));
    }
    let (status, _) = site.get("/api/v1/reports/promotions?from=2026-03-02&to=2026-03-01").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = verify::verify(&site.server().state, None, &mut |_| {}).await.unwrap();
    assert_eq!(done.findings, [""; 0]);
}
