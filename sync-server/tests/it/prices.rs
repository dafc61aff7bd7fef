//! Prices of headquarters: parts drafted, activated and taken back, the versions made of them, what goes down to tills, and how
//! sales are judged by them.

use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::journal::Fact;
use shared::order::{Order, Tender, TenderKind};
use shared::pricing::{PriceBook, ReadyBook, Sale, SaleTerms};
use shared::{Clock, Money};
use sync_server::catalog;

use crate::support::{Site, Till, item};

mod judged;
mod limits;
pub(crate) mod parts;
mod report;

const MINUTE: i64 = 60_000;

fn ten_percent(name: &str) -> Value {
    json!({
        "name": name,
        "promotions": [{ "name": name, "effect": "percent", "rate_ppm": 100_000 }],
    })
}

async fn made(site: &Site, path: &str, body: Value) -> String {
    let (status, answer) = site.post(path, body).await;
    assert_eq!(status, StatusCode::CREATED, "{answer}");
    assert_eq!(answer["state"], "draft");
    answer["id"].as_str().unwrap().to_owned()
}

async fn activated(site: &Site, path: &str, id: &str, term: Value) -> Value {
    let (status, answer) = site.post(&format!("{path}/{id}/activate"), term).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer
}

async fn versions(site: &Site) -> Vec<Value> {
    let path = format!("/api/v1/outlets/{}/price-books", site.shop.outlet.outlet_id);
    let (status, answer) = site.get(&path).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    answer["versions"].as_array().unwrap().clone()
}

/// The version of a state, such as `present`.
async fn version(site: &Site, state: &str) -> Option<Value> {
    versions(site).await.into_iter().find(|version| version["state"] == state)
}

async fn book(site: &Site, state: &str) -> PriceBook {
    serde_json::from_value(version(site, state).await.unwrap()["book"].clone()).unwrap()
}

/// The versions that a fresh till is sent.
async fn sent_down(till: &Till) -> Vec<u64> {
    let mut versions = Vec::new();
    let mut cursor = None;
    loop {
        let page = till.pull(cursor.as_deref()).await;
        for row in &page.rows {
            if row.entity == "price_book"
                && let Some(body) = &row.body
            {
                versions.push(body["version"].as_u64().unwrap());
            }
        }
        if !page.more {
            return versions;
        }
        cursor = Some(page.cursor);
    }
}

/// A sale as a till with a price book makes it, paid by card.
fn order_by(till: &mut Till, book: &PriceBook) -> Order {
    let order = till.order(&[(item(1), "18000", 1_000), (item(2), "12500", 2_000)]);
    priced_by(till, order, book, SaleTerms::default())
}

fn priced_by(till: &Till, mut order: Order, book: &PriceBook, said: SaleTerms) -> Order {
    let terms = SaleTerms {
        at: order.occurred_at,
        zone: till.outlet.zone.clone(),
        outlet_id: Some(till.outlet.outlet_id),
        ..said
    };
    let lines: Vec<_> = order.lines.iter().map(|line| line.to_sale_line().unwrap()).collect();
    let ready = ReadyBook::new(book.clone()).unwrap();
    let computed = ready.price(&Sale { lines: &lines, order_discount: None, terms: &terms }).unwrap();
    let figures = computed.order;
    for (line, figures) in order.lines.iter_mut().zip(figures.lines) {
        line.figures = figures;
    }
    order.subtotal = figures.subtotal;
    order.discount_total = figures.discount_total;
    order.service_charge = figures.service_charge;
    order.taxes = figures.taxes;
    order.tax_total = figures.tax_total;
    order.total = figures.total;
    order.terms = Some(terms);
    order.promotion_uses = computed.uses;
    order.price_book_version = book.version;
    order.cash_rounding = Money::zero(order.currency);
    order.change_due = Money::zero(order.currency);
    let tender_id = order.tenders[0].tender_id;
    order.tenders = vec![Tender {
        tender_id,
        kind: TenderKind::Card,
        amount: figures.total,
        given: figures.total,
        card: None,
    }];
    order
}

async fn sold(site: &Site, till: &mut Till, order: Order) {
    let event = till.record(&Fact::OrderCompleted(Box::new(order)));
    till.push_held(&[event]).await;
    site.applied().await;
}

async fn exceptions(site: &Site) -> Vec<Value> {
    let (_, list) = site.get("/api/v1/exceptions?limit=200").await;
    list["exceptions"].as_array().unwrap().clone()
}

async fn codes(site: &Site) -> Vec<String> {
    exceptions(site).await.iter().map(|row| row["code"].as_str().unwrap().to_owned()).collect()
}

async fn put_item(site: &Site, price: &str) {
    let body = json!({ "item_id": item(1), "sku": "K1", "name": "Kopi", "unit_price": price });
    let items = [serde_json::from_value(body).unwrap()];
    let state = &site.server().state;
    let mut tx = state.db.write(site.shop.tenant_id).await.unwrap();
    catalog::put_items(&mut tx, site.shop.tenant_id, None, &items, site.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}
