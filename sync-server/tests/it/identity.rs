//! Signing in, outlets, staff and terminals.

use reqwest::Method;
use serde_json::{Value, json};
use shared::ids::{StaffId, TenantId};
use shared::staff::pin::verify_pin;
use shared::staff::{Role, Staff};
use sync_server::identity::{self, founding, pin_pepper};

use crate::world::{World, both_databases};

const MINUTE: i64 = 60_000;

both_databases!(
    an_access_token_works_for_fifteen_minutes,
    a_wrong_password_and_an_unknown_address_are_answered_alike,
    guessing_is_delayed_ever_longer_also_after_a_restart,
    a_refresh_token_works_once_and_again_only_while_its_answer_may_be_lost,
    a_stolen_refresh_token_ends_the_whole_sign_in,
    signing_out_ends_the_sign_in,
    another_business_is_answered_like_nothing,
    a_role_may_do_only_what_it_may,
    an_outlet_is_opened_and_changed_and_travels_down,
    staff_is_taken_on_changed_and_sent_home,
    a_pairing_code_works_once_and_for_fifteen_minutes,
    a_revoked_terminal_cannot_be_paired,
    a_business_is_founded_and_paired_from_the_command_line,
    of_two_exchanges_at_once_one_line_goes_on,
);

async fn refresh(world: &World, token: &str, device: &str) -> crate::world::Answer {
    let body = json!({ "refresh_token": token, "device": device });
    world.send(Method::POST, "/api/v1/auth/refresh", None, body).await
}

async fn an_access_token_works_for_fifteen_minutes(world: World) {
    let shop = world.business("kopi").await;
    let me = world.get("/api/v1/auth/me", &shop.token).await.expect(200);
    assert_eq!((me["role"].as_str(), me["tenant_name"].as_str()), (Some("owner"), Some("kopi")));
    world.clock.forward(15 * MINUTE - 1_000);
    world.get("/api/v1/auth/me", &shop.token).await.expect(200);
    world.clock.forward(1_000);
    let answer = world.get("/api/v1/auth/me", &shop.token).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (401, "unauthorized"));
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    for token in ["", "nonsense", "a.b.c"] {
        assert_eq!(world.get("/api/v1/auth/me", token).await.status, 401, "{token}");
    }
}

async fn a_wrong_password_and_an_unknown_address_are_answered_alike(world: World) {
    let shop = world.business("kopi").await;
    let wrong = world.sign_in(&shop.email, "not the password").await;
    let unknown = world.sign_in("nobody@kopi.example", "not the password").await;
    let none = world.sign_in("no address", "").await;
    assert_eq!(wrong.status, 401);
    assert_eq!(wrong.body, unknown.body);
    assert_eq!(wrong.body, none.body);
    let upper = world.sign_in(&shop.email.to_uppercase(), crate::world::PASSWORD).await;
    assert_eq!(upper.headers["cache-control"], "no-store");
    upper.expect(200);
}

async fn guessing_is_delayed_ever_longer_also_after_a_restart(world: World) {
    let shop = world.business("kopi").await;
    for _ in 0..5 {
        assert_eq!(world.sign_in(&shop.email, "a wrong guess").await.status, 401);
    }
    let locked = world.sign_in(&shop.email, crate::world::PASSWORD).await;
    assert_eq!((locked.status.as_u16(), locked.code()), (429, "rate_limited"));
    assert_eq!(locked.headers["retry-after"], "31");
    let world = world.restart().await;
    assert_eq!(world.sign_in(&shop.email, crate::world::PASSWORD).await.status, 429);
    world.clock.forward(30_000);
    assert_eq!(world.sign_in(&shop.email, "a wrong guess").await.status, 401);
    let locked = world.sign_in(&shop.email, "a wrong guess").await;
    assert_eq!(locked.headers["retry-after"], "61", "the second wait is twice the first");
    world.clock.forward(60_000);
    world.sign_in(&shop.email, crate::world::PASSWORD).await.expect(200);
    assert_eq!(world.sign_in(&shop.email, "a wrong guess").await.status, 401, "a success forgives");
    // Another account is not held up by this one.
    assert_eq!(world.sign_in("nobody@kopi.example", "a wrong guess").await.status, 401);
}

async fn a_refresh_token_works_once_and_again_only_while_its_answer_may_be_lost(world: World) {
    let shop = world.business("kopi").await;
    let first = refresh(&world, &shop.refresh_token, "desk").await.expect(200);
    world.get("/api/v1/auth/me", first["access_token"].as_str().unwrap()).await.expect(200);
    // The answer was lost: the predecessor is accepted again and its unused successor put aside.
    let again = refresh(&world, &shop.refresh_token, "desk").await.expect(200);
    let newest = again["refresh_token"].as_str().unwrap();
    let next = refresh(&world, newest, "desk").await.expect(200);
    world.clock.forward(31 * 24 * 60 * MINUTE);
    let late = refresh(&world, next["refresh_token"].as_str().unwrap(), "desk").await;
    assert_eq!(late.status, 401, "out of date");
}

async fn a_stolen_refresh_token_ends_the_whole_sign_in(world: World) {
    let shop = world.business("kopi").await;
    let first = refresh(&world, &shop.refresh_token, "desk").await.expect(200);
    let second = refresh(&world, first["refresh_token"].as_str().unwrap(), "desk").await.expect(200);
    // The first token comes a second time although its successor was used: someone has a copy.
    assert_eq!(refresh(&world, &shop.refresh_token, "desk").await.status, 401);
    let newest = second["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(&world, newest, "desk").await.status, 401, "the owner signs in again");

    let other = world.sign_in(&shop.email, crate::world::PASSWORD).await.expect(200);
    let token = other["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(&world, token, "another device").await.status, 401);
    assert_eq!(refresh(&world, token, "desk").await.status, 401);

    let third = world.sign_in(&shop.email, crate::world::PASSWORD).await.expect(200);
    let token = third["refresh_token"].as_str().unwrap();
    let lost = refresh(&world, token, "desk").await.expect(200);
    let kept = refresh(&world, token, "desk").await.expect(200);
    let lost_token = lost["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(&world, lost_token, "desk").await.status, 401, "it was put aside");
    let kept_token = kept["refresh_token"].as_str().unwrap();
    assert_eq!(refresh(&world, kept_token, "desk").await.status, 401, "both holders sign in again");
}

async fn signing_out_ends_the_sign_in(world: World) {
    let shop = world.business("kopi").await;
    let body = json!({ "refresh_token": shop.refresh_token });
    world.send(Method::POST, "/api/v1/auth/sign-out", None, body.clone()).await.expect(204);
    assert_eq!(refresh(&world, &shop.refresh_token, "desk").await.status, 401);
    world.send(Method::POST, "/api/v1/auth/sign-out", None, body).await.expect(204);
    let nonsense = json!({ "refresh_token": "nonsense" });
    world.send(Method::POST, "/api/v1/auth/sign-out", None, nonsense.clone()).await.expect(204);
    assert_eq!(refresh(&world, "nonsense", "desk").await.status, 401);
    let extra = json!({ "refresh_token": "a", "more": 1 });
    let answer = world.send(Method::POST, "/api/v1/auth/refresh", None, extra).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (400, "malformed"));
}

async fn another_business_is_answered_like_nothing(world: World) {
    let (mine, theirs) = (world.business("kopi").await, world.business("teh").await);
    let staff = json!({ "name": "Sari", "role": "cashier", "pin": "2580" });
    let person = world.post("/api/v1/staff", &theirs.token, staff).await.expect(201);
    let pairing = json!({ "outlet_id": theirs.outlet.outlet_id, "name": "Counter 1" });
    let terminal = world.post("/api/v1/terminals", &theirs.token, pairing.clone()).await.expect(201);
    let category = json!({ "name": "Drinks", "color": "#1d6b52" });
    let category = world.post("/api/v1/categories", &theirs.token, category).await.expect(201);
    let product = json!({ "sku": "T1", "name": "Teh", "unit_price": "5000" });
    let product = world.post("/api/v1/products", &theirs.token, product).await.expect(201);
    let picture = format!("{}/api/v1/pictures/00000000-0000-7000-8000-00000000000a", world.server.url());
    let put = |token: &str| {
        let request = world.http.put(&picture).bearer_auth(token).header("content-type", "image/svg+xml");
        World::answer(request.body("<svg><path d=\"M0 0\"/></svg>"))
    };
    put(&theirs.token).await.expect(204);

    let id = |value: &Value, key: &str| value[key].as_str().unwrap().to_owned();
    let requests = [
        (Method::PATCH, format!("/api/v1/outlets/{}", theirs.outlet.outlet_id), json!({ "name": "x" })),
        (Method::PATCH, format!("/api/v1/staff/{}", id(&person, "staff_id")), json!({ "name": "x" })),
        (Method::DELETE, format!("/api/v1/terminals/{}", id(&terminal, "terminal_id")), Value::Null),
        (Method::POST, "/api/v1/terminals".into(), pairing),
        (Method::POST, "/api/v1/terminals".into(), json!({ "terminal_id": id(&terminal, "terminal_id") })),
        (
            Method::PATCH,
            format!("/api/v1/categories/{}", id(&category, "category_id")),
            json!({ "name": "x" }),
        ),
        (Method::DELETE, format!("/api/v1/categories/{}", id(&category, "category_id")), Value::Null),
        (Method::GET, format!("/api/v1/products/{}", id(&product, "item_id")), Value::Null),
        (Method::PATCH, format!("/api/v1/products/{}", id(&product, "item_id")), json!({ "name": "x" })),
        (Method::DELETE, format!("/api/v1/products/{}", id(&product, "item_id")), Value::Null),
        (Method::GET, "/api/v1/pictures/00000000-0000-7000-8000-00000000000a".into(), Value::Null),
        (
            Method::POST,
            "/api/v1/staff".into(),
            json!({ "name": "x", "role": "cashier", "pin": "2580", "outlet_ids": [theirs.outlet.outlet_id] }),
        ),
        (
            Method::POST,
            "/api/v1/products".into(),
            json!({ "sku": "X", "name": "x", "category_id": id(&category, "category_id") }),
        ),
        (
            Method::POST,
            "/api/v1/products".into(),
            json!({ "sku": "X", "name": "x", "outlet_id": theirs.outlet.outlet_id }),
        ),
        (
            Method::POST,
            "/api/v1/categories".into(),
            json!({ "name": "x", "color": "#000000", "outlet_id": theirs.outlet.outlet_id }),
        ),
    ];
    for (method, path, body) in requests {
        let answer = world.send(method.clone(), &path, Some(&mine.token), body).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (404, "not_found"), "{method} {path}");
        assert!(!answer.body.to_string().contains(&theirs.tenant_id.to_string()), "{path}");
    }
    let import =
        format!("{}/api/v1/products/import?outlet_id={}", world.server.url(), theirs.outlet.outlet_id);
    let import = world.http.post(import).bearer_auth(&mine.token).body("sku,name,price\nA,B,1\n");
    assert_eq!(World::answer(import).await.status, 404);
    for (path, key) in [
        ("staff", "staff"),
        ("terminals", "terminals"),
        ("products", "products"),
        ("categories", "categories"),
    ] {
        let list = world.get(&format!("/api/v1/{path}"), &mine.token).await.expect(200);
        assert_eq!(list[key], json!([]), "{path}");
    }
    // The same code and barcode may live in both businesses, and nothing of theirs has changed.
    world.post("/api/v1/products", &mine.token, json!({ "sku": "T1", "name": "Teh" })).await.expect(201);
    let path = format!("/api/v1/products/{}", id(&product, "item_id"));
    assert_eq!(world.get(&path, &theirs.token).await.expect(200)["name"], "Teh");
    // Without a token every one of them is closed.
    for path in ["outlets", "staff", "terminals", "products", "categories", "auth/me"] {
        let answer = world.send(Method::GET, &format!("/api/v1/{path}"), None, Value::Null).await;
        assert_eq!(answer.status, 401, "{path}");
    }
}

async fn a_role_may_do_only_what_it_may(world: World) {
    let shop = world.business("kopi").await;
    world.admin(shop.tenant_id, "manager@kopi.example", Role::Manager).await;
    let tokens = world.sign_in("manager@kopi.example", crate::world::PASSWORD).await.expect(200);
    let token = tokens["access_token"].as_str().unwrap();
    let outlet = format!("/api/v1/outlets/{}", shop.outlet.outlet_id);
    let answer = world.patch(&outlet, token, json!({ "name": "x" })).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (403, "forbidden"));
    assert_eq!(answer.body["details"]["permission"], "edit_business");
    let person = json!({ "name": "Sari", "role": "cashier", "pin": "2580" });
    assert_eq!(world.post("/api/v1/staff", token, person).await.status, 403);
    world.post("/api/v1/products", token, json!({ "sku": "A", "name": "Kopi" })).await.expect(201);

    world.admin(shop.tenant_id, "admin@kopi.example", Role::Admin).await;
    let tokens = world.sign_in("admin@kopi.example", crate::world::PASSWORD).await.expect(200);
    let token = tokens["access_token"].as_str().unwrap();
    let owner = json!({ "name": "Sari", "role": "owner", "pin": "2580" });
    assert_eq!(
        world.post("/api/v1/staff", token, owner.clone()).await.status,
        403,
        "nobody makes somebody above"
    );
    let owner = world.post("/api/v1/staff", &shop.token, owner).await.expect(201);
    let path = format!("/api/v1/staff/{}", owner["staff_id"].as_str().unwrap());
    assert_eq!(world.patch(&path, token, json!({ "pin": "1593" })).await.status, 403);
}

async fn an_outlet_is_opened_and_changed_and_travels_down(world: World) {
    let shop = world.business("kopi").await;
    let new = json!({ "code": "BAR", "name": "Kopi Barat", "zone": "Asia/Jakarta", "currency": "IDR", "digits": 0 });
    let opened = world.post("/api/v1/outlets", &shop.token, new.clone()).await.expect(201);
    assert_eq!(
        (opened["tenant_name"].as_str(), opened["price_book_version"].as_i64()),
        (Some("kopi"), Some(1))
    );
    let twice = world.post("/api/v1/outlets", &shop.token, new).await;
    assert_eq!((twice.status.as_u16(), twice.code()), (409, "conflict"));
    for (change, field) in [
        (json!({ "zone": "Mars/Olympus" }), "zone"),
        (json!({ "day_cutoff_minutes": 721 }), "day_cutoff_minutes"),
        (json!({ "locale": "tlh" }), "locale"),
        (json!({ "notes": [5, 5] }), "notes"),
        (json!({ "tenders": [] }), "tenders"),
        (json!({ "name": "a\u{1b}b" }), "name"),
        (json!({ "rules": { "currency": "VND", "digits": 0 } }), "rules"),
    ] {
        let path = format!("/api/v1/outlets/{}", opened["outlet_id"].as_str().unwrap());
        let answer = world.patch(&path, &shop.token, change).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (422, "invalid"), "{field}");
        assert_eq!(answer.body["details"]["field"], field);
    }
    let path = format!("/api/v1/outlets/{}", opened["outlet_id"].as_str().unwrap());
    assert_eq!(
        world.patch(&path, &shop.token, json!({ "currency": "VND" })).await.status,
        400,
        "never changes"
    );
    let change = json!({ "tax_number": "01.234", "rules": { "currency": "IDR", "digits": 0, "taxes": [
        { "tax_id": "00000000-0000-7000-8000-000000000002", "name": "PB1", "rate_ppm": 100000, "included": false }
    ] } });
    let changed = world.patch(&path, &shop.token, change).await.expect(200);
    assert_eq!(
        (changed["price_book_version"].as_i64(), changed["tax_number"].as_str()),
        (Some(2), Some("01.234"))
    );
    let changed = world.patch(&path, &shop.token, json!({ "tax_number": null })).await.expect(200);
    assert_eq!((changed["price_book_version"].as_i64(), &changed["tax_number"]), (Some(2), &Value::Null));
    let feed = world.feed(shop.tenant_id).await;
    let (entity, _, body) = feed.last().unwrap();
    assert_eq!((entity.as_str(), body.as_ref()), ("outlet", Some(&changed)));
    let list = world.get("/api/v1/outlets", &shop.token).await.expect(200);
    assert_eq!(list["outlets"].as_array().unwrap().len(), 2);
}

/// The person as terminals got them last.
async fn last_staff(world: &World, tenant: TenantId) -> Staff {
    serde_json::from_value(world.feed(tenant).await.pop().unwrap().2.unwrap()).unwrap()
}

async fn staff_is_taken_on_changed_and_sent_home(world: World) {
    let shop = world.business("kopi").await;
    for pin in ["123", "123456789", "12a4", "1111", "1234", ""] {
        let body = json!({ "name": "Sari", "role": "cashier", "pin": pin });
        let answer = world.post("/api/v1/staff", &shop.token, body).await;
        assert!([400, 422].contains(&answer.status.as_u16()), "{pin}");
        assert!(pin.is_empty() || !answer.body.to_string().contains(pin), "the PIN is not repeated: {pin}");
    }
    let body =
        json!({ "name": "Sari", "role": "cashier", "pin": "2580", "outlet_ids": [shop.outlet.outlet_id] });
    let person = world.post("/api/v1/staff", &shop.token, body).await.expect(201);
    assert!(person.get("pin_hash").is_none());
    let pepper = pin_pepper(&world.server.state.secrets, shop.tenant_id);
    let row = last_staff(&world, shop.tenant_id).await;
    assert_eq!((row.name.as_str(), row.role, row.active), ("Sari", Role::Cashier, true));
    assert!(verify_pin(&pepper, &"2580".parse().unwrap(), &row.pin_hash));

    let path = format!("/api/v1/staff/{}", person["staff_id"].as_str().unwrap());
    let change = json!({ "pin": "1593", "role": "manager", "active": false });
    let changed = world.patch(&path, &shop.token, change).await.expect(200);
    assert_eq!((changed["role"].as_str(), changed["active"].as_bool()), (Some("manager"), Some(false)));
    let row = last_staff(&world, shop.tenant_id).await;
    assert!(!row.active && row.role == Role::Manager && row.name == "Sari");
    assert!(verify_pin(&pepper, &"1593".parse().unwrap(), &row.pin_hash));
    assert!(!verify_pin(&pepper, &"2580".parse().unwrap(), &row.pin_hash));
    let unknown = StaffId::from_bytes([7; 16]);
    assert_eq!(world.patch(&format!("/api/v1/staff/{unknown}"), &shop.token, json!({})).await.status, 404);
    assert_eq!(world.patch("/api/v1/staff/no-id", &shop.token, json!({})).await.status, 404);
}

async fn redeem(world: &World, code: &str) -> Option<identity::Pairing> {
    let state = &world.server.state;
    let mut tx = state.db.system_write().await.unwrap();
    let found =
        identity::redeem_pairing_code(&mut tx, &state.secrets, code, state.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    found
}

async fn a_pairing_code_works_once_and_for_fifteen_minutes(world: World) {
    let shop = world.business("kopi").await;
    let new = json!({ "outlet_id": shop.outlet.outlet_id, "name": "Counter 1" });
    let first = world.post("/api/v1/terminals", &shop.token, new.clone()).await.expect(201);
    let second = world.post("/api/v1/terminals", &shop.token, new).await.expect(201);
    assert_eq!((first["number"].as_i64(), second["number"].as_i64()), (Some(1), Some(2)));
    let code = first["pairing_code"].as_str().unwrap();
    assert_eq!((code.len(), code.as_bytes()[4]), (9, b'-'));
    assert_eq!(redeem(&world, "0000-0000").await, None);
    let pairing = redeem(&world, &code.to_lowercase().replace('-', " ")).await.unwrap();
    assert_eq!((pairing.tenant_id, pairing.outlet_id), (shop.tenant_id, shop.outlet.outlet_id));
    assert_eq!(pairing.terminal_id.to_string(), first["terminal_id"].as_str().unwrap());
    assert_eq!(redeem(&world, code).await, None, "once");

    // A new code for the same terminal puts the one before out of use.
    let again = json!({ "terminal_id": second["terminal_id"] });
    let newer = world.post("/api/v1/terminals", &shop.token, again).await.expect(201);
    assert_eq!(newer["number"], second["number"]);
    assert_eq!(redeem(&world, second["pairing_code"].as_str().unwrap()).await, None);
    world.clock.forward(15 * MINUTE);
    assert_eq!(redeem(&world, newer["pairing_code"].as_str().unwrap()).await, None, "out of date");
    let both = json!({ "outlet_id": shop.outlet.outlet_id, "terminal_id": second["terminal_id"] });
    let shop = world.sign_in(&shop.email, crate::world::PASSWORD).await.expect(200);
    let token = shop["access_token"].as_str().unwrap();
    assert_eq!(world.post("/api/v1/terminals", token, both).await.status, 422);
}

async fn a_revoked_terminal_cannot_be_paired(world: World) {
    let shop = world.business("kopi").await;
    let new = json!({ "outlet_id": shop.outlet.outlet_id, "name": "Counter 1" });
    let made = world.post("/api/v1/terminals", &shop.token, new).await.expect(201);
    let id = made["terminal_id"].as_str().unwrap();
    world.delete(&format!("/api/v1/terminals/{id}"), &shop.token).await.expect(204);
    world.delete(&format!("/api/v1/terminals/{id}"), &shop.token).await.expect(204);
    assert_eq!(redeem(&world, made["pairing_code"].as_str().unwrap()).await, None);
    let again = world.post("/api/v1/terminals", &shop.token, json!({ "terminal_id": id })).await;
    assert_eq!(again.status, 404);
    let list = world.get("/api/v1/terminals", &shop.token).await.expect(200);
    assert_eq!(list["terminals"][0]["revoked"], true);
}

async fn a_business_is_founded_and_paired_from_the_command_line(world: World) {
    let state = &world.server.state;
    let password = founding::random_password(&mut state.rng());
    let tenant = founding::found(state, "Kopi Kita", "Owner@Example.com", &password).await.unwrap();
    let again = founding::found(state, "Teh", "owner@example.com", &password).await.unwrap_err();
    assert_eq!(again.to_string(), "an account with this e-mail address is there already");
    assert!(founding::found(state, "Teh", "teh@example.com", "short").await.is_err());
    let tokens = world.sign_in("owner@example.com", &password).await.expect(200);
    let token = tokens["access_token"].as_str().unwrap();
    let outlet = json!({ "code": "KOTA", "name": "Kota", "zone": "Asia/Jakarta", "currency": "IDR" });
    world.post("/api/v1/outlets", token, outlet).await.expect(201);
    for tenant in ["Kopi Kita".to_owned(), tenant.to_string()] {
        let code = founding::pair(state, &tenant, "KOTA", "Till").await.unwrap();
        assert_eq!(
            redeem(&world, &code).await.unwrap().tenant_id.to_string(),
            me_tenant(&world, token).await
        );
    }
    assert!(founding::pair(state, "Teh", "KOTA", "Till").await.is_err());
    assert!(founding::pair(state, "Kopi Kita", "BAR", "Till").await.is_err());
}

async fn me_tenant(world: &World, token: &str) -> String {
    world.get("/api/v1/auth/me", token).await.expect(200)["tenant_id"].as_str().unwrap().to_owned()
}

async fn of_two_exchanges_at_once_one_line_goes_on(world: World) {
    let shop = world.business("kopi").await;
    let exchange = || refresh(&world, &shop.refresh_token, "desk");
    let (one, two) = tokio::join!(exchange(), exchange());
    let tokens =
        [one.expect(200), two.expect(200)].map(|body| body["refresh_token"].as_str().unwrap().to_owned());
    assert_ne!(tokens[0], tokens[1]);
    let (one, two) = tokio::join!(refresh(&world, &tokens[0], "desk"), refresh(&world, &tokens[1], "desk"));
    let going_on = [&one, &two].into_iter().filter(|answer| answer.status == 200).count();
    assert!(going_on <= 1, "two lines from one token: {} and {}", one.status, two.status);
}
