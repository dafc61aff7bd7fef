//! Reports are the exact sums of the orders and refunds behind them.

use serde_json::Value;
use shared::Money;
use shared::journal::Fact;
use shared::order::{Order, TenderKind};
use shared::refund::Refund;

use crate::support::{Site, item};

on_both_engines! {
    reports_sum_to_the_orders_exactly
    a_report_is_of_its_days_and_its_outlet
    another_business_has_a_report_of_its_own
    a_report_refuses_days_in_the_wrong_order
}

fn minor(amount: &Value) -> i64 {
    amount.as_str().unwrap().strip_suffix(" IDR").unwrap().parse().unwrap()
}

fn sum(rows: &Value, figure: &str) -> i64 {
    rows.as_array().unwrap().iter().filter(|row| !row[figure].is_null()).map(|row| minor(&row[figure])).sum()
}

/// Sixty sales over three days on two outlets with odd prices and quantities, and a refund of every fifth.
async fn trade(site: &Site) -> (Vec<Order>, Vec<Refund>) {
    let outlet = site.other_outlet().await;
    let mut tills = [site.till().await, site.till_at(&site.shop, outlet).await];
    let (mut orders, mut refunds) = (Vec::new(), Vec::new());
    for n in 0..60_u8 {
        let till = &mut tills[usize::from(n % 2)];
        let price = format!("{}.{:04}", 997 + 131 * u32::from(n), 37 * u32::from(n) % 10_000);
        let goods =
            [(item(n % 7), price.as_str(), 333 + i64::from(n) * 77), (item(50 + n % 3), "12345.5", 1_000)];
        let kind = if n % 3 == 0 { TenderKind::Card } else { TenderKind::Cash };
        let order = till.order_paid(&goods, kind);
        let mut events = vec![till.record(&Fact::OrderCompleted(Box::new(order.clone())))];
        if n % 5 == 0 {
            let refund = till.refund(&order, 100 + i64::from(n));
            events.push(till.record(&Fact::RefundCompleted(Box::new(refund.clone()))));
            refunds.push(refund);
        }
        till.push_held(&events).await;
        orders.push(order);
        site.clock.forward(60 * 60 * 1000);
    }
    site.applied().await;
    (orders, refunds)
}

fn total(amounts: impl Iterator<Item = Money>) -> i64 {
    amounts.map(Money::minor).sum()
}

async fn reports_sum_to_the_orders_exactly(site: Site) {
    let (orders, refunds) = trade(&site).await;
    let sales = total(orders.iter().map(|order| order.total));
    let refunded = total(refunds.iter().map(|refund| refund.total));
    for group_by in ["day", "outlet", "item", "tender"] {
        let (status, report) = site
            .get(&format!("/api/v1/reports/sales?from=2026-03-01&to=2026-04-01&group_by={group_by}"))
            .await;
        assert_eq!(status, 200, "{report}");
        let rows = &report["rows"];
        assert!(rows.as_array().unwrap().len() > 1, "{group_by}");
        let rounding =
            if group_by == "tender" { total(orders.iter().map(|order| order.cash_rounding)) } else { 0 };
        assert_eq!(sum(rows, "sales"), sales + rounding, "{group_by}");
        assert_eq!(sum(rows, "refunded"), refunded, "{group_by}");
        assert_eq!(sum(rows, "net"), sales + rounding - refunded, "{group_by}");
        assert_eq!(minor(&report["totals"][0]["net"]), sales + rounding - refunded, "{group_by}");
        if group_by != "tender" {
            assert_eq!(sum(rows, "gross"), total(orders.iter().map(|order| order.subtotal)), "{group_by}");
            assert_eq!(sum(rows, "tax"), total(orders.iter().map(|order| order.tax_total)), "{group_by}");
            assert_eq!(
                sum(rows, "refund_tax"),
                total(refunds.iter().map(|refund| refund.tax_total)),
                "{group_by}"
            );
        }
    }
    let (_, days) = site.get("/api/v1/reports/sales?from=2026-03-01&to=2026-04-01&group_by=day").await;
    assert_eq!(sum(&days["rows"], "rounding"), total(orders.iter().map(|order| order.cash_rounding)));
    assert_eq!(sum(&days["rows"], "service_charge"), total(orders.iter().map(|order| order.service_charge)));
    let (_, items) = site.get("/api/v1/reports/sales?from=2026-03-01&to=2026-04-01&group_by=item").await;
    let sold: f64 = items["rows"].as_array().unwrap().iter().map(thousandths).sum();
    let expected: i64 = orders.iter().flat_map(|order| &order.lines).map(|line| line.quantity.raw()).sum();
    assert_eq!(sold as i64, expected);
}

fn thousandths(row: &Value) -> f64 {
    let quantity: shared::Quantity = row["quantity_sold"].as_str().unwrap().parse().unwrap();
    quantity.raw() as f64
}

async fn a_report_is_of_its_days_and_its_outlet(site: Site) {
    let (orders, _) = trade(&site).await;
    let (day, outlet) = (orders[20].business_date, orders[20].outlet_id);
    let (_, report) =
        site.get(&format!("/api/v1/reports/sales?from={day}&to={day}&group_by=day&outlet_id={outlet}")).await;
    let of_day = orders.iter().filter(|order| order.business_date == day && order.outlet_id == outlet);
    assert_eq!(report["rows"].as_array().unwrap().len(), 1, "{report}");
    assert_eq!(minor(&report["rows"][0]["sales"]), total(of_day.clone().map(|order| order.total)));
    assert_eq!(report["rows"][0]["orders"], of_day.count());
    let (_, outlets) = site.get(&format!("/api/v1/reports/sales?from={day}&to={day}&group_by=outlet")).await;
    assert!(
        outlets["rows"].as_array().unwrap().iter().any(|row| row["label"] == "Kopi Kita KOTA"),
        "{outlets}"
    );
}

async fn another_business_has_a_report_of_its_own(site: Site) {
    trade(&site).await;
    let stranger = site.other_shop().await;
    for group_by in ["day", "outlet", "item", "tender"] {
        let path = format!("/api/v1/reports/sales?from=2026-03-01&to=2026-04-01&group_by={group_by}");
        let (_, report) = site.get_as(&stranger, &path).await;
        assert_eq!(report["rows"], serde_json::json!([]), "{group_by}");
    }
}

async fn a_report_refuses_days_in_the_wrong_order(site: Site) {
    let (status, problem) =
        site.get("/api/v1/reports/sales?from=2026-03-02&to=2026-03-01&group_by=day").await;
    assert_eq!((status.as_u16(), &problem["details"]["field"]), (422, &serde_json::json!("to")));
    let (status, _) = site.get("/api/v1/reports/sales?from=2026-03-02&to=2026-03-01&group_by=weather").await;
    assert_eq!(status, 400);
}
