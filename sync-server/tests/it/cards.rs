//! What happened to money at card readers beside sales and refunds, as headquarters sees it.

use serde_json::{Value, json};
use shared::Money;
use shared::ids::{ApprovalId, CardPaymentId, RefundId};
use shared::journal::Fact;
use shared::journal::payload::{
    CardPaymentGivenBack, CardPaymentKind, CardPaymentRefunded, CardPaymentSettledByHand, CardPaymentUnsold,
};
use sync_server::upkeep::verify;

use crate::support::{Site, Till};

on_both_engines! {
    each_fact_stands_once_and_is_listed_newest_first
    card_payments_are_verified_and_mixed_currencies_are_parked
}

fn id(n: u8) -> CardPaymentId {
    CardPaymentId::from_bytes([n; 16])
}

fn amount(till: &Till, minor: i64) -> Money {
    Money::new(minor, till.outlet.currency)
}

/// A payment in no sale, given back, refused, tried again and done; goods given back; another payment settled by hand.
fn facts(till: &Till) -> Vec<Fact> {
    let sum = amount(till, 38_500);
    let approval = Some(ApprovalId::from_bytes([9; 16]));
    let given_back = |refund: u8, approval_id| {
        Fact::CardPaymentGivenBack(Box::new(CardPaymentGivenBack {
            card_payment_id: id(1),
            refund_card_payment_id: id(refund),
            amount: sum,
            reader: "Kartu".to_owned(),
            approval_id,
        }))
    };
    let refunded = |refund: u8, approved| {
        Fact::CardPaymentRefunded(Box::new(CardPaymentRefunded {
            card_payment_id: id(refund),
            reverses: Some(id(1)),
            refund_id: None,
            amount: sum,
            approved,
        }))
    };
    let unsold = CardPaymentUnsold { card_payment_id: id(1), amount: sum, reader: "Kartu".to_owned() };
    let goods = CardPaymentRefunded {
        card_payment_id: id(5),
        reverses: None,
        refund_id: Some(RefundId::from_bytes([8; 16])),
        amount: sum,
        approved: Some(sum),
    };
    let settled = CardPaymentSettledByHand {
        card_payment_id: id(4),
        kind: CardPaymentKind::Payment,
        amount: amount(till, 12_000),
        money_moved: true,
        reason: "the slip".to_owned(),
        reader: "Kartu".to_owned(),
        approval_id: approval,
        order_id: None,
        refund_id: None,
        reverses: None,
    };
    vec![
        Fact::CardPaymentUnsold(Box::new(unsold)),
        given_back(2, approval),
        refunded(2, None),
        given_back(3, None),
        refunded(3, Some(sum)),
        Fact::CardPaymentRefunded(Box::new(goods)),
        Fact::CardPaymentSettledByHand(Box::new(settled)),
    ]
}

async fn rows(site: &Site, query: &str) -> Vec<Value> {
    let (status, body) = site.get(&format!("/api/v1/card-payments{query}")).await;
    assert_eq!(status, 200, "{body}");
    body["card_payments"].as_array().unwrap().clone()
}

async fn each_fact_stands_once_and_is_listed_newest_first(site: Site) {
    let mut till = site.till().await;
    let mut events = Vec::new();
    for fact in facts(&till) {
        site.clock.forward(1_000);
        events.push(till.record(&fact));
    }
    till.push_held(&events).await;
    site.applied().await;
    let all = rows(&site, "").await;
    let said = |row: &Value| (row["fact"].clone(), row["card_payment_id"].clone(), row["moved"].clone());
    assert_eq!(
        all.iter().map(said).collect::<Vec<_>>(),
        [
            (json!("settled_by_hand"), json!(id(4)), json!("12000 IDR")),
            (json!("refunded"), json!(id(5)), json!("38500 IDR")),
            (json!("refunded"), json!(id(3)), json!("38500 IDR")),
            (json!("given_back"), json!(id(3)), json!(null)),
            (json!("refunded"), json!(id(2)), json!("0 IDR")),
            (json!("given_back"), json!(id(2)), json!(null)),
            (json!("unsold"), json!(id(1)), json!("38500 IDR")),
        ]
    );
    assert_eq!(
        (&all[1]["refund_id"], &all[1]["reverses"]),
        (&json!(RefundId::from_bytes([8; 16])), &json!(null))
    );
    let first = &all[5];
    assert_eq!((&first["reverses"], &first["kind"]), (&json!(id(1)), &json!("refund")));
    assert_eq!((&first["amount"], &first["reader"]), (&json!("38500 IDR"), &json!("Kartu")));
    assert!(first["approval_id"].is_string() && first["staff_id"].is_string(), "{first}");
    assert_eq!((&all[0]["reason"], &all[0]["kind"]), (&json!("the slip"), &json!("payment")));

    let date = all[0]["business_date"].as_str().unwrap();
    let outlet = till.outlet.outlet_id;
    assert_eq!(rows(&site, &format!("?outlet_id={outlet}&from={date}&to={date}")).await.len(), 7);
    assert_eq!(rows(&site, "?from=2030-01-01").await.len(), 0);
    assert_eq!(rows(&site, "?to=2020-01-01").await.len(), 0);
    let second = site.other_outlet().await;
    assert_eq!(rows(&site, &format!("?outlet_id={}", second.outlet_id)).await.len(), 0);
    let (_, page) = site.get("/api/v1/card-payments?limit=2").await;
    let cursor = page["next_cursor"].as_str().unwrap();
    assert_eq!(rows(&site, &format!("?cursor={cursor}")).await, all[2..]);

    // A till that took a new epoch says once more what it had not got rid of.
    till.begin_epoch(2);
    let again: Vec<_> = events
        .iter()
        .map(|chained| till.write(&chained.event.kind, chained.event.version, chained.event.payload.clone()))
        .collect();
    till.push_held(&again).await;
    site.applied().await;
    assert_eq!(rows(&site, "").await, all);
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events WHERE state <> 'applied'").await, 0);
    let stranger = site.other_shop().await;
    assert_eq!(site.get_as(&stranger, "/api/v1/card-payments").await.1["card_payments"], json!([]));
}

async fn card_payments_are_verified_and_mixed_currencies_are_parked(site: Site) {
    let mut till = site.till().await;
    let mut events: Vec<_> = facts(&till).iter().map(|fact| till.record(fact)).collect();
    let mixed = CardPaymentRefunded {
        card_payment_id: id(7),
        reverses: Some(id(6)),
        refund_id: None,
        amount: amount(&till, 5),
        approved: Some(Money::new(5, "SEK".parse().unwrap())),
    };
    events.push(till.record(&Fact::CardPaymentRefunded(Box::new(mixed))));
    till.push_held(&events).await;
    site.applied().await;
    assert_eq!(site.count("SELECT COUNT(*) FROM journal_events WHERE reason = 'mixed_currencies'").await, 1);
    let state = &site.server().state;
    let done = verify::verify(state, None, &mut |_| {}).await.unwrap();
    assert_eq!(done.findings, Vec::<String>::new());
    site.execute("UPDATE card_payments SET moved = 1 WHERE fact = 'given_back' AND approval_id IS NULL")
        .await;
    let done = verify::verify(state, None, &mut |_| {}).await.unwrap();
    assert_eq!(done.findings.len(), 1, "{:?}", done.findings);
    assert!(done.findings[0].contains("card_payments: ") && done.findings[0].contains("moved is 1"));
}
