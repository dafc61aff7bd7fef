//! Products, categories, pictures and the import.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::world::{Answer, Business, World, both_databases};

both_databases!(
    a_product_is_made_changed_found_and_deleted,
    codes_are_once_in_a_business,
    products_are_paged_by_name_and_searched,
    what_a_till_could_not_sell_is_refused,
    a_category_with_items_stays,
    a_picture_is_kept_only_when_it_does_nothing,
    an_import_creates_updates_and_leaves_alone,
    an_import_with_one_wrong_row_changes_nothing_and_names_it,
    an_import_lists_at_most_a_hundred_problems,
    an_import_of_a_hundred_thousand_rows_is_whole,
    a_file_that_is_too_large_is_refused,
);

async fn import(world: &World, shop: &Business, csv: impl Into<reqwest::Body>) -> Answer {
    let url = format!("{}/api/v1/products/import", world.server.url());
    World::answer(world.http.post(url).bearer_auth(&shop.token).header("content-type", "text/csv").body(csv))
        .await
}

async fn names(world: &World, shop: &Business, query: &str) -> Vec<String> {
    let page = world.get(&format!("/api/v1/products?{query}"), &shop.token).await.expect(200);
    let products = page["products"].as_array().unwrap();
    products.iter().map(|product| product["name"].as_str().unwrap().to_owned()).collect()
}

async fn a_product_is_made_changed_found_and_deleted(world: World) {
    let shop = world.business("kopi").await;
    let new = json!({ "sku": "K1", "name": "Kopi Susu", "unit_price": "18000", "barcodes": ["4006381333931"],
        "tax_ids": ["00000000-0000-7000-8000-000000000001"] });
    let made = world.post("/api/v1/products", &shop.token, new).await;
    let location = made.headers["location"].to_str().unwrap().to_owned();
    let made = made.expect(201);
    assert_eq!((made["available"].as_bool(), made["unit"].as_str()), (Some(true), Some("piece")));
    assert_eq!(world.get(&location, &shop.token).await.expect(200), made);

    world.clock.forward(1_000);
    let change = json!({ "unit_price": "19500.5", "available": false });
    let changed = world.patch(&location, &shop.token, change).await.expect(200);
    assert_eq!(
        (changed["unit_price"].as_str(), changed["name"].as_str()),
        (Some("19500.5"), Some("Kopi Susu"))
    );
    assert_eq!(changed["barcodes"], json!(["4006381333931"]), "what is left out stays");
    let open = world.patch(&location, &shop.token, json!({ "unit_price": null })).await.expect(200);
    assert_eq!(open["unit_price"], Value::Null, "asked at the till");
    let feed = world.feed(shop.tenant_id).await;
    let (entity, id, body) = feed.last().unwrap();
    assert_eq!((entity.as_str(), id.as_str()), ("item", made["item_id"].as_str().unwrap()));
    assert_eq!(body.as_ref().unwrap()["unit_price"], Value::Null);
    assert_eq!(world.patch(&location, &shop.token, json!({ "unit_prise": "1" })).await.status, 400);

    // A change that changes nothing wakes no terminal.
    let before = world.feed(shop.tenant_id).await;
    world.patch(&location, &shop.token, json!({ "name": "Kopi Susu" })).await.expect(200);
    assert_eq!(world.feed(shop.tenant_id).await, before);

    world.delete(&location, &shop.token).await.expect(204);
    assert_eq!(world.get(&location, &shop.token).await.status, 404);
    assert_eq!(world.delete(&location, &shop.token).await.status, 404);
    assert_eq!(world.feed(shop.tenant_id).await.pop().unwrap().2, None, "a tombstone");
    // Its codes are free again.
    let again = json!({ "sku": "K1", "name": "Kopi", "barcodes": ["4006381333931"] });
    world.post("/api/v1/products", &shop.token, again).await.expect(201);
}

async fn codes_are_once_in_a_business(world: World) {
    let shop = world.business("kopi").await;
    let id = "01890000-0000-7000-8000-000000000001";
    let first = json!({ "item_id": id, "sku": "K1", "name": "Kopi", "barcodes": ["X-1"] });
    world.post("/api/v1/products", &shop.token, first.clone()).await.expect(201);
    // The same request again is answered again and makes nothing.
    world.post("/api/v1/products", &shop.token, first).await.expect(201);
    assert_eq!(names(&world, &shop, "").await, ["Kopi"]);
    let other = json!({ "item_id": id, "sku": "K9", "name": "Other" });
    assert_eq!(world.post("/api/v1/products", &shop.token, other).await.status, 409);

    let sku = world.post("/api/v1/products", &shop.token, json!({ "sku": "K1", "name": "Teh" })).await;
    assert_eq!((sku.status.as_u16(), sku.code()), (409, "conflict"));
    assert_eq!(sku.body["details"], json!({ "field": "sku", "value": "K1", "sku": "K1" }));
    let teh = json!({ "sku": "T1", "name": "Teh", "barcodes": ["X-1"] });
    let barcode = world.post("/api/v1/products", &shop.token, teh).await;
    assert_eq!(barcode.body["details"], json!({ "field": "barcode", "value": "X-1", "sku": "K1" }));
    let teh =
        world.post("/api/v1/products", &shop.token, json!({ "sku": "T1", "name": "Teh" })).await.expect(201);
    let path = format!("/api/v1/products/{}", teh["item_id"].as_str().unwrap());
    assert_eq!(world.patch(&path, &shop.token, json!({ "barcodes": ["X-1"] })).await.status, 409);
    assert_eq!(world.patch(&path, &shop.token, json!({ "sku": "K1" })).await.status, 409);
    world.patch(&path, &shop.token, json!({ "barcodes": ["X-2"], "sku": "T2" })).await.expect(200);
}

async fn products_are_paged_by_name_and_searched(world: World) {
    let shop = world.business("kopi").await;
    let mut csv = String::from("sku,name,price,barcodes,category\n");
    for n in 0..25 {
        let _ = writeln!(csv, "S{n},Item {n:02},1000,X-{n},{}", if n % 2 == 0 { "Even" } else { "Odd" });
    }
    csv.push_str("P,100% Kopi_Susu,1,,\nQ,1000 Kopi,1,,\nL,ÉCLAIR,1,,\n");
    import(&world, &shop, csv).await.expect(200);
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    for _ in 0..10 {
        let page = world.get(&format!("/api/v1/products?limit=10{cursor}"), &shop.token).await.expect(200);
        seen.extend(
            page["products"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["next_cursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen.len(), 28);
    let items: Vec<&String> = seen.iter().filter(|name| name.starts_with("Item")).collect();
    assert!(items.is_sorted() && items.len() == 25);
    assert_eq!(names(&world, &shop, "search=item%2007").await, ["Item 07"]);
    assert_eq!(names(&world, &shop, "search=S7").await, ["Item 07"]);
    assert_eq!(names(&world, &shop, "search=X-7").await, ["Item 07"]);
    assert_eq!(names(&world, &shop, "search=100%25").await, ["100% Kopi_Susu"]);
    assert_eq!(names(&world, &shop, "search=i_s").await, ["100% Kopi_Susu"]);
    assert_eq!(names(&world, &shop, "search=%C3%A9clair").await, ["ÉCLAIR"]);
    let list = world.get("/api/v1/categories", &shop.token).await.expect(200);
    let even = list["categories"].as_array().unwrap().iter().find(|c| c["name"] == "Even").unwrap();
    let query = format!("category_id={}&limit=500", even["category_id"].as_str().unwrap());
    assert_eq!(names(&world, &shop, &query).await.len(), 13);
    for query in ["limit=0", "limit=501", "cursor=nonsense", "search=%00"] {
        assert_eq!(world.get(&format!("/api/v1/products?{query}"), &shop.token).await.status, 422, "{query}");
    }
    for query in ["limit=x", "category_id=x", "unknown=1"] {
        assert_eq!(world.get(&format!("/api/v1/products?{query}"), &shop.token).await.status, 400, "{query}");
    }
}

async fn what_a_till_could_not_sell_is_refused(world: World) {
    let shop = world.business("kopi").await;
    let cases = [
        (json!({ "sku": "A", "name": "" }), 422),
        (json!({ "sku": "A", "name": "a\u{1b}@b" }), 422),
        (json!({ "sku": "A", "name": "x", "unit_price": "-1" }), 422),
        (json!({ "sku": "A", "name": "x", "unit_price": "1000000000001" }), 422),
        (json!({ "sku": "A", "name": "x", "unit_price": 1.5 }), 400),
        (json!({ "sku": "A", "name": "x", "unit_price": "1.23456" }), 400),
        (json!({ "sku": "", "name": "x" }), 400),
        (json!({ "sku": "A", "name": "x", "barcodes": ["4006381333930"] }), 400),
        (json!({ "sku": "A", "name": "x", "barcodes": ["X", "X"] }), 422),
        (json!({ "name": "x" }), 400),
        (json!([]), 400),
    ];
    for (body, status) in cases {
        let answer = world.post("/api/v1/products", &shop.token, body.clone()).await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.body);
        assert_eq!(answer.headers["content-type"], "application/problem+json", "{body}");
    }
    assert_eq!(names(&world, &shop, "").await, Vec::<String>::new());
}

async fn a_category_with_items_stays(world: World) {
    let shop = world.business("kopi").await;
    let new = json!({ "name": "Drinks", "color": "#1d6b52", "position": 3 });
    let made = world.post("/api/v1/categories", &shop.token, new.clone()).await.expect(201);
    assert_eq!(world.post("/api/v1/categories", &shop.token, new).await.status, 409, "a name is there once");
    let bad = json!({ "name": "Food", "color": "red" });
    assert_eq!(world.post("/api/v1/categories", &shop.token, bad).await.status, 422);
    let path = format!("/api/v1/categories/{}", made["category_id"].as_str().unwrap());
    let item = json!({ "sku": "A", "name": "Kopi", "category_id": made["category_id"] });
    let item = world.post("/api/v1/products", &shop.token, item).await.expect(201);
    assert_eq!(world.delete(&path, &shop.token).await.status, 409);
    let changed = world.patch(&path, &shop.token, json!({ "name": "Minuman" })).await.expect(200);
    assert_eq!((changed["name"].as_str(), changed["position"].as_i64()), (Some("Minuman"), Some(3)));
    let product = format!("/api/v1/products/{}", item["item_id"].as_str().unwrap());
    world.patch(&product, &shop.token, json!({ "category_id": null })).await.expect(200);
    world.delete(&path, &shop.token).await.expect(204);
    assert_eq!(world.feed(shop.tenant_id).await.pop().unwrap().2, None, "a tombstone");
}

async fn a_picture_is_kept_only_when_it_does_nothing(world: World) {
    let shop = world.business("kopi").await;
    let url = format!("{}/api/v1/pictures/01890000-0000-7000-8000-000000000002", world.server.url());
    let put = |media_type: &str, content: Vec<u8>| {
        let request = world.http.put(&url).bearer_auth(&shop.token).header("content-type", media_type);
        World::answer(request.body(content))
    };
    let good = br##"<svg xmlns="http://www.w3.org/2000/svg"><circle r="4" fill="#1d6b52"/></svg>"##;
    for (media_type, content, status) in [
        ("image/svg+xml", &b"<svg><script>alert(1)</script></svg>"[..], 422),
        ("image/svg+xml", &b"<svg onload='x()'/>"[..], 422),
        ("image/svg+xml", &b"<svg><foreignObject/></svg>"[..], 422),
        ("image/svg+xml", &b"<svg><use href='https://example.com/x#y'/></svg>"[..], 422),
        ("image/png", &good[..], 422),
        ("text/html", &good[..], 422),
        ("image/png", &[0_u8; 300_000][..], 413),
    ] {
        assert_eq!(put(media_type, content.to_vec()).await.status.as_u16(), status, "{media_type}");
    }
    assert_eq!(world.http.get(&url).bearer_auth(&shop.token).send().await.unwrap().status(), 404);
    put("image/svg+xml; charset=utf-8", good.to_vec()).await.expect(204);
    let kept = world.http.get(&url).bearer_auth(&shop.token).send().await.unwrap();
    assert_eq!(kept.headers()["content-type"], "image/svg+xml");
    assert!(kept.headers()["content-security-policy"].to_str().unwrap().contains("sandbox"));
    assert_eq!(kept.bytes().await.unwrap().as_ref(), good);
    let (entity, _, body) = world.feed(shop.tenant_id).await.pop().unwrap();
    assert_eq!((entity.as_str(), &body.unwrap()["media_type"]), ("picture", &json!("image/svg+xml")));
}

async fn an_import_creates_updates_and_leaves_alone(world: World) {
    let shop = world.business("kopi").await;
    let first = "\u{feff}sku,name,category,price,unit,barcodes,tax\r\n\
        K1,\"Kopi, susu\",Drinks,18000,piece,4006381333931|X-1,PB1\r\n\
        K2,Gula,,12000.5,kg,,\r\n\
        K3,Pulsa,Lain,,,,\r\n";
    let report = import(&world, &shop, first).await.expect(200);
    let expected = json!({ "rows": 3, "created": 3, "updated": 0, "unchanged": 0, "categories_created": 2 });
    assert_eq!(report, expected);
    let page = world.get("/api/v1/products?search=K1", &shop.token).await.expect(200);
    let item = &page["products"][0];
    assert_eq!(item["name"], "Kopi, susu");
    assert_eq!(item["barcodes"], json!(["4006381333931", "X-1"]));
    assert_eq!(item["tax_ids"], json!(["00000000-0000-7000-8000-000000000001"]));
    assert_eq!(
        world.get("/api/v1/products?search=K3", &shop.token).await.body["products"][0]["unit_price"],
        Value::Null
    );

    let before = world.feed(shop.tenant_id).await;
    let report = import(&world, &shop, first).await.expect(200);
    assert_eq!((report["unchanged"].as_i64(), report["categories_created"].as_i64()), (Some(3), Some(0)));
    assert_eq!(world.feed(shop.tenant_id).await, before, "nothing travels down");

    // A column that is not there leaves its field as it is; a barcode moves within the file.
    let second = "sku,price,name\nK1,19000,\"Kopi, susu\"\nK4,1,Baru\n";
    let report = import(&world, &shop, second).await.expect(200);
    assert_eq!((report["created"].as_i64(), report["updated"].as_i64()), (Some(1), Some(1)));
    let page = world.get("/api/v1/products?search=X-1", &shop.token).await.expect(200);
    assert_eq!(page["products"][0]["unit_price"], "19000");
    assert_eq!(page["products"][0]["item_id"], item["item_id"]);
}

async fn an_import_with_one_wrong_row_changes_nothing_and_names_it(world: World) {
    let shop = world.business("kopi").await;
    let owner = json!({ "sku": "OLD", "name": "Old", "barcodes": ["X-9"] });
    world.post("/api/v1/products", &shop.token, owner).await.expect(201);
    let before = world.feed(shop.tenant_id).await;
    let cases = [
        ("sku,name,price\nA,Kopi,1\nB,Teh,satu\n", 3, "price"),
        ("sku,name,price\nA,Kopi,1\nA,Teh,1\n", 3, "sku"),
        ("sku,name,price\nA,Kopi,1\n,Teh,1\n", 3, "sku"),
        ("sku,name,price,barcodes\nA,Kopi,1,X-1\nB,Teh,1,X-1\n", 3, "barcodes"),
        ("sku,name,price,barcodes\nA,Kopi,1,\nB,Teh,1,X-9\n", 3, "barcodes"),
        ("sku,name,price,barcodes\nA,Kopi,1,4006381333930\n", 2, "barcodes"),
        ("sku,name,price,tax\nA,Kopi,1,PPN\n", 2, "tax"),
        ("sku,name,price,unit\nA,Kopi,1,litre\n", 2, "unit"),
        ("sku,name,price\nA,Kopi\n", 2, ""),
        ("sku,name\nA,Kopi\n", 1, "price"),
        ("sku,name,price,colour\nA,Kopi,1,red\n", 1, "colour"),
        ("", 1, "sku"),
    ];
    for (csv, row, column) in cases {
        let answer = import(&world, &shop, csv).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (422, "import_refused"), "{csv}");
        let error = &answer.body["details"]["errors"][0];
        assert_eq!(
            (error["row"].as_i64(), error["column"].as_str()),
            (Some(row), Some(column)),
            "{csv}: {error}"
        );
        assert!(error["expected"].as_str().unwrap().contains("expected"), "{error}");
    }
    assert_eq!(world.feed(shop.tenant_id).await, before);
    assert_eq!(names(&world, &shop, "").await, ["Old"]);
    // A wrong row far behind undoes the batches before it, too.
    let mut long = String::from("sku,name,price,barcodes\n");
    for n in 0..1_700 {
        let _ = writeln!(long, "L{n},Item {n},1,{}", if n == 1_650 { "X-9" } else { "" });
    }
    let answer = import(&world, &shop, long).await;
    assert_eq!(answer.body["details"]["errors"][0]["row"], 1_652);
    assert_eq!(world.feed(shop.tenant_id).await, before);
}

async fn an_import_lists_at_most_a_hundred_problems(world: World) {
    let shop = world.business("kopi").await;
    let csv = format!("sku,name,price\n{}", "A,Kopi,satu\n".repeat(250));
    let answer = import(&world, &shop, csv).await;
    assert_eq!(answer.body["details"]["error_count"], 250);
    assert_eq!(answer.body["details"]["errors"].as_array().unwrap().len(), 100);
}

async fn an_import_of_a_hundred_thousand_rows_is_whole(world: World) {
    let shop = world.business("kopi").await;
    let mut csv = String::from("sku,name,category,price,unit,barcodes,tax\n");
    for n in 0..100_000 {
        let _ = writeln!(csv, "S{n:06},Item number {n},Shelf {},{}.50,piece,B-{n:07},PB1", n % 40, n + 100);
    }
    let report = import(&world, &shop, csv).await.expect(200);
    let expected = json!({ "rows": 100_000, "created": 100_000, "updated": 0, "unchanged": 0, "categories_created": 40 });
    assert_eq!(report, expected);
    let page = world.get("/api/v1/products?search=B-0099999", &shop.token).await.expect(200);
    assert_eq!(page["products"][0]["sku"], "S099999");
    let feed = world.feed(shop.tenant_id).await;
    assert_eq!(feed.iter().filter(|(entity, _, _)| entity == "item").count(), 100_000);
    assert_eq!(feed.len(), 100_000 + 40 + 1);
}

async fn a_file_that_is_too_large_is_refused(world: World) {
    let shop = world.business("kopi").await;
    let line = format!("sku,name,price\n{}", "x".repeat(1_000_000));
    let answer = import(&world, &shop, line.repeat(70)).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (413, "too_large"));
}
