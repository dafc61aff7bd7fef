//! Customers: kept at headquarters, found by card, telephone or name, sent down to tills, and forgotten when they ask for it.

use reqwest::Method;
use serde_json::{Value, json};
use shared::customer::Customer;
use shared::ids::CustomerId;
use shared::journal::Fact;
use shared::pricing::SaleTerms;
use shared::staff::Role;
use shared::wire::{FeedRow, entity};
use sync_server::upkeep::verify;

use crate::support::{Site, Till, item};
use crate::world::{PASSWORD, World, both_databases};

on_both_engines! {
    a_customer_is_made_read_changed_and_forgotten
    customers_are_found_by_code_telephone_number_and_name
    a_code_or_telephone_number_is_of_one_customer
    what_cannot_be_is_refused_by_its_field
    tills_are_told_of_a_customer_and_of_forgetting_them
    another_business_sees_and_changes_no_customer
    orders_are_listed_by_customer_and_verified
}

both_databases!(a_manager_reads_customers_and_changes_none);

const PATH: &str = "/api/v1/customers";

async fn made(site: &Site, body: Value) -> Value {
    let (status, customer) = site.post(PATH, body).await;
    assert_eq!(status, 201, "{customer}");
    customer
}

fn path(customer: &Value) -> String {
    format!("{PATH}/{}", customer["customer_id"].as_str().unwrap())
}

async fn names(site: &Site, query: &str) -> Vec<String> {
    let (status, list) = site.get(&format!("{PATH}?{query}")).await;
    assert_eq!(status, 200, "{query}: {list}");
    let customers = list["customers"].as_array().unwrap();
    customers.iter().map(|customer| customer["name"].as_str().unwrap().to_owned()).collect()
}

async fn a_customer_is_made_read_changed_and_forgotten(site: Site) {
    let exemption = json!({ "treatment": "exempt", "reason": " certificate 12 " });
    let new = json!({ "name": " Meja Bundar ", "phone": "+62 812-3456 (789)", "codes": ["1001", " A/7 ", "1001"],
        "segments": ["member"], "exemption": exemption });
    let customer = made(&site, new).await;
    assert_eq!(
        (&customer["name"], &customer["phone"], &customer["codes"]),
        (&json!("Meja Bundar"), &json!("+628123456789"), &json!(["1001", "A/7"]))
    );
    assert_eq!(
        customer["exemption"],
        json!({ "tax_ids": [], "treatment": "exempt", "reason": "certificate 12" })
    );
    let path = path(&customer);
    assert_eq!(site.get(&path).await.1, customer);

    site.clock.forward(1_000);
    let kept = json!({ "name": "Meja Panjang", "codes": ["1001"] });
    let (status, changed) = site.put(&path, kept.clone()).await;
    assert_eq!(status, 200, "{changed}");
    assert_eq!(
        (&changed["phone"], &changed["segments"], &changed["exemption"]),
        (&json!(null), &json!([]), &json!(null)),
        "what is left out is nothing"
    );
    assert_eq!(changed["updated_at"].as_i64().unwrap(), customer["updated_at"].as_i64().unwrap() + 1_000);
    assert_eq!(site.get(&path).await.1, changed);

    // What changes nothing goes down to nobody.
    let before = site.count("SELECT change_seq FROM tenants").await;
    site.clock.forward(1_000);
    assert_eq!(site.put(&path, kept.clone()).await.1, changed);
    assert_eq!(site.count("SELECT change_seq FROM tenants").await, before);

    assert_eq!(site.delete(&path).await.0, 204);
    assert_eq!(site.get(&path).await.0, 404);
    assert_eq!(site.put(&path, kept).await.0, 404);
    assert_eq!(site.delete(&path).await.0, 404);
    assert_eq!(site.get(&format!("{PATH}/nonsense")).await.0, 404);
    for gone in [
        "SELECT COUNT(*) FROM customers",
        "SELECT COUNT(*) FROM customer_codes",
        "SELECT COUNT(*) FROM customer_segments",
        "SELECT COUNT(*) FROM feed_rows WHERE body LIKE '%Meja%'",
    ] {
        assert_eq!(site.count(gone).await, 0, "{gone}");
    }
}

async fn customers_are_found_by_code_telephone_number_and_name(site: Site) {
    let card = json!({ "name": "Meja Bundar", "phone": "+628123456789", "codes": ["1001", "A/7"], "segments": ["member"] });
    let card = made(&site, card).await;
    site.clock.forward(1_000);
    made(&site, json!({ "name": "Phở Hòa 100%", "segments": ["gold", "member"] })).await;
    site.clock.forward(1_000);
    made(&site, json!({ "name": "Table 1001" })).await;
    let cases: &[(&str, &[&str])] = &[
        ("", &["Table 1001", "Phở Hòa 100%", "Meja Bundar"]),
        ("query=", &["Table 1001", "Phở Hòa 100%", "Meja Bundar"]),
        ("query=1001", &["Meja Bundar"]),
        ("query=%20A%2F7", &["Meja Bundar"]),
        ("query=%2B62%20812%203456%20789", &["Meja Bundar"]),
        ("query=mEJa", &["Meja Bundar"]),
        ("query=100", &["Table 1001", "Phở Hòa 100%"]),
        ("query=pho%20hoa", &["Phở Hòa 100%"]),
        ("query=%25", &["Phở Hòa 100%"]),
        ("query=_", &[]),
        ("query=nobody", &[]),
        ("segment=gold", &["Phở Hòa 100%"]),
        ("segment=member", &["Phở Hòa 100%", "Meja Bundar"]),
        ("segment=member&query=meja", &["Meja Bundar"]),
        ("segment=gold&query=1001", &[]),
        ("segment=silver", &[]),
    ];
    for (query, found) in cases {
        assert_eq!(names(&site, query).await, *found, "{query}");
    }
    // Who is changed comes first.
    site.clock.forward(1_000);
    let (status, _) = site.put(&path(&card), json!({ "name": "Meja Bundar", "codes": ["1001"] })).await;
    assert_eq!(status, 200);
    assert_eq!(names(&site, "query=A%2F7").await, [""; 0]);
    assert_eq!(names(&site, "segment=member").await, ["Phở Hòa 100%"]);
    let (_, first) = site.get(&format!("{PATH}?limit=2")).await;
    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!(first["customers"][0]["name"], "Meja Bundar");
    assert_eq!(names(&site, &format!("limit=2&cursor={cursor}")).await, ["Phở Hòa 100%"]);
}

async fn a_code_or_telephone_number_is_of_one_customer(site: Site) {
    let one = made(&site, json!({ "name": "One", "phone": "0812 3456", "codes": ["1001"] })).await;
    let other = made(&site, json!({ "name": "Other", "codes": ["1002"] })).await;
    let code = json!({ "field": "codes", "value": "1001", "customer_id": one["customer_id"] });
    let phone = json!({ "field": "phone", "value": "08123456", "customer_id": one["customer_id"] });
    for (fields, details) in [
        (json!({ "name": "Third", "codes": ["9", "1001"] }), &code),
        (json!({ "name": "Third", "phone": "0812-3456" }), &phone),
    ] {
        let (status, refused) = site.post(PATH, fields.clone()).await;
        assert_eq!((status.as_u16(), &refused["code"]), (409, &json!("conflict")), "{refused}");
        assert_eq!(&refused["details"], details);
        let (status, refused) = site.put(&path(&other), fields).await;
        assert_eq!((status.as_u16(), &refused["details"]), (409, details), "{refused}");
    }
    assert_eq!(site.get(&path(&other)).await.1, other, "nothing was half done");
    assert_eq!(names(&site, "").await.len(), 2);
    // Their own are theirs, and a card and a number may change hands.
    let (status, _) =
        site.put(&path(&one), json!({ "name": "One", "phone": "0812 3456", "codes": ["1001"] })).await;
    assert_eq!(status, 200);
    assert_eq!(site.put(&path(&one), json!({ "name": "One" })).await.0, 200);
    let both = json!({ "name": "Other", "phone": "08123456", "codes": ["1001", "1002"] });
    assert_eq!(site.put(&path(&other), both.clone()).await.0, 200);
    // So may those of somebody forgotten.
    assert_eq!(site.delete(&path(&other)).await.0, 204);
    made(&site, both).await;
}

async fn what_cannot_be_is_refused_by_its_field(site: Site) {
    let many: Vec<String> = (0..25).map(|n| n.to_string()).collect();
    for (fields, field) in [
        (json!({ "name": " " }), "name"),
        (json!({ "name": "a\u{7}b" }), "name"),
        (json!({ "name": "x".repeat(81) }), "name"),
        (json!({ "name": "A", "phone": "0812 x" }), "phone"),
        (json!({ "name": "A", "phone": "1234" }), "phone"),
        (json!({ "name": "A", "codes": many }), "codes"),
        (json!({ "name": "A", "codes": [""] }), "codes"),
        (json!({ "name": "A", "segments": many }), "segments"),
        (json!({ "name": "A", "exemption": { "treatment": "exempt", "reason": "" } }), "exemption"),
        (json!({ "name": "A", "exemption": { "treatment": "collected", "reason": "x" } }), "exemption"),
    ] {
        let (status, refused) = site.post(PATH, fields.clone()).await;
        assert_eq!((status.as_u16(), &refused["code"]), (422, &json!("invalid")), "{fields}: {refused}");
        assert_eq!(refused["details"], json!({ "field": field }), "{fields}");
    }
    for fields in [json!({}), json!({ "name": "A", "code": "1001" }), json!({ "name": "A", "codes": "1001" })]
    {
        assert_eq!(site.post(PATH, fields.clone()).await.0, 400, "{fields}");
    }
    let (status, refused) = site.post(PATH, json!({ "name": "x".repeat(70_000) })).await;
    assert_eq!((status.as_u16(), &refused["code"]), (413, &json!("too_large")));
    let long = format!("query={}", "x".repeat(101));
    for query in ["limit=0", "limit=201", "cursor=forged", "query=%00", "segment=%00", &long] {
        assert_eq!(site.get(&format!("{PATH}?{query}")).await.0, 422, "{query}");
    }
    assert_eq!(names(&site, "").await, [""; 0]);
}

/// The customers of a page as the feed has them.
async fn pulled(till: &Till, cursor: Option<&str>) -> (Vec<FeedRow>, String) {
    let page = till.pull(cursor).await;
    let rows = page.rows.into_iter().filter(|row| row.entity == entity::CUSTOMER);
    (rows.collect(), page.cursor)
}

async fn tills_are_told_of_a_customer_and_of_forgetting_them(site: Site) {
    let (here, elsewhere) = (site.till().await, site.till_at(&site.shop, site.other_outlet().await).await);
    let new = json!({ "name": "Meja Bundar", "codes": ["1001"], "segments": ["member", "gold"] });
    let customer = made(&site, new).await;
    let id = customer["customer_id"].as_str().unwrap();
    let (rows, cursor) = pulled(&here, None).await;
    assert_eq!((rows.len(), rows[0].id.as_str()), (1, id));
    let known: Customer = serde_json::from_value(rows[0].body.clone().unwrap()).unwrap();
    assert_eq!((known.customer_id.to_string().as_str(), known.name.as_str()), (id, "Meja Bundar"));
    assert_eq!(
        (known.codes, known.segments),
        (vec!["1001".to_owned()], vec!["member".to_owned(), "gold".to_owned()])
    );
    assert_eq!(pulled(&elsewhere, None).await.0, rows, "all outlets know them");

    assert_eq!(site.delete(&path(&customer)).await.0, 204);
    let (rows, _) = pulled(&here, Some(&cursor)).await;
    assert_eq!((rows.len(), rows[0].id.as_str(), &rows[0].body), (1, id, &None));
    assert!(pulled(&here, None).await.0.is_empty(), "who never knew them hears nothing");
}

async fn another_business_sees_and_changes_no_customer(site: Site) {
    let card =
        json!({ "name": "Meja Bundar", "phone": "0812 3456", "codes": ["1001"], "segments": ["member"] });
    let customer = made(&site, card.clone()).await;
    let (stranger, path) = (site.other_shop().await, path(&customer));
    for query in ["", "query=1001", "query=08123456", "query=meja", "segment=member"] {
        let (status, list) = site.get_as(&stranger, &format!("{PATH}?{query}")).await;
        assert_eq!((status.as_u16(), &list["customers"]), (200, &json!([])), "{query}");
    }
    let nowhere = format!("{PATH}/{}", CustomerId::from_bytes([9; 16]));
    let unknown = site.get(&nowhere).await;
    assert_eq!(unknown.0, 404);
    assert_eq!(site.get_as(&stranger, &path).await, unknown, "in the same words as for what does not exist");
    assert_eq!(site.ask(&stranger, Method::PUT, &path, Some(card.clone())).await.0, 404);
    assert_eq!(site.ask(&stranger, Method::DELETE, &path, None).await.0, 404);
    // The same card and number at another business are somebody else's.
    assert_eq!(site.ask(&stranger, Method::POST, PATH, Some(card)).await.0, 201);
    assert_eq!(site.get(&path).await.1, customer);
    assert_eq!(names(&site, "").await, ["Meja Bundar"]);
}

async fn orders_are_listed_by_customer_and_verified(site: Site) {
    let mut till = site.till().await;
    let customer = made(&site, json!({ "name": "Meja Bundar", "codes": ["1001"] })).await;
    let customer_id: CustomerId = customer["customer_id"].as_str().unwrap().parse().unwrap();
    let mut known = till.order(&[(item(1), "18000", 1_000)]);
    known.terms = Some(SaleTerms {
        at: known.occurred_at,
        zone: till.outlet.zone.clone(),
        outlet_id: Some(till.outlet.outlet_id),
        customer_id: Some(customer_id),
        ..SaleTerms::default()
    });
    let unknown = till.order(&[(item(2), "12500", 1_000)]);
    let events = [&known, &unknown].map(|order| till.record(&Fact::OrderCompleted(Box::new(order.clone()))));
    till.push_held(&events).await;
    site.applied().await;

    let listed = async |query: String| {
        let (status, list) = site.get(&format!("/api/v1/orders{query}")).await;
        assert_eq!(status, 200, "{query}: {list}");
        let orders = list["orders"].as_array().unwrap().iter();
        let mut listed: Vec<(Value, Value)> =
            orders.map(|order| (order["order_id"].clone(), order["customer_id"].clone())).collect();
        listed.sort_by_key(|(order, _)| order.to_string());
        listed
    };
    let mut both = vec![(json!(known.order_id), json!(customer_id)), (json!(unknown.order_id), json!(null))];
    let one = vec![both[0].clone()];
    both.sort_by_key(|(order, _)| order.to_string());
    assert_eq!(listed(String::new()).await, both);
    assert_eq!(listed(format!("?customer_id={customer_id}")).await, one);
    assert!(listed(format!("?customer_id={}", CustomerId::from_bytes([9; 16]))).await.is_empty());
    assert_eq!(site.get("/api/v1/orders?customer_id=nobody").await.0, 400);
    let (status, refused) = site.get(&format!("/api/v1/refunds?customer_id={customer_id}")).await;
    assert_eq!((status.as_u16(), &refused["details"]["field"]), (422, &json!("customer_id")));

    // Who is forgotten leaves the id alone.
    assert_eq!(site.delete(&path(&customer)).await.0, 204);
    assert_eq!(listed(format!("?customer_id={customer_id}")).await, one);
    let state = &site.server().state;
    let done = verify::verify(state, None, &mut |_| {}).await.unwrap();
    assert_eq!(done.findings, Vec::<String>::new());
    site.execute("UPDATE orders SET customer_id = NULL").await;
    let done = verify::verify(state, None, &mut |_| {}).await.unwrap();
    assert_eq!(done.findings.len(), 1, "{:?}", done.findings);
    assert!(done.findings[0].contains("customer_id is nothing"), "{:?}", done.findings);
}

async fn a_manager_reads_customers_and_changes_none(world: World) {
    let shop = world.business("kopi").await;
    let customer = world.post(PATH, &shop.token, json!({ "name": "Meja Bundar" })).await.expect(201);
    world.admin(shop.tenant_id, "manager@kopi.example", Role::Manager).await;
    let tokens = world.sign_in("manager@kopi.example", PASSWORD).await.expect(200);
    let token = tokens["access_token"].as_str().unwrap();
    let path = path(&customer);
    assert_eq!(world.get(&path, token).await.expect(200), customer);
    assert_eq!(world.get(PATH, token).await.expect(200)["customers"], json!([customer]));
    let fields = json!({ "name": "Meja Panjang" });
    assert_eq!(world.post(PATH, token, fields.clone()).await.status, 403);
    assert_eq!(world.send(Method::PUT, &path, Some(token), fields).await.status, 403);
    assert_eq!(world.delete(&path, token).await.status, 403);
    assert_eq!(world.get(&path, &shop.token).await.expect(200), customer);
}
