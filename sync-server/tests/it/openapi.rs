//! The description of the API, its page, and the headers around both.

use serde_json::Value;

use crate::world::{World, both_databases};

both_databases!(every_described_route_answers, the_page_needs_nothing_from_elsewhere);

async fn every_described_route_answers(world: World) {
    let description = world.get("/api/v1/openapi.json", "").await.expect(200);
    assert_eq!(description["openapi"], "3.1.0");
    assert_eq!(description["components"]["securitySchemes"]["access_token"]["scheme"], "bearer");
    let mut asked = 0;
    for (path, item) in description["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let real: Vec<&str> = path
                .split('/')
                .map(|part| if part.starts_with('{') { "00000000-0000-7000-8000-0000000000ff" } else { part })
                .collect();
            let real = real.join("/");
            let method = method.to_uppercase().parse().unwrap();
            let answer = world.send(method, &real, None, Value::Null).await;
            // A route that is there asks who it is or what is wanted; 404 and 405 would mean that there is none.
            let status = answer.status.as_u16();
            assert!(
                [400, 401, 403, 422, 426].contains(&status),
                "{path} {}: {status}",
                operation["operationId"]
            );
            assert!(!answer.code().is_empty(), "{path}: a problem is expected");
            asked += 1;
        }
    }
    assert!(asked >= 30, "{asked} routes");
}

async fn the_page_needs_nothing_from_elsewhere(world: World) {
    let url = format!("{}/api/v1/docs/", world.server.url());
    let page = world.http.get(&url).send().await.unwrap();
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("http"), "{policy}");
    assert_eq!(page.headers()["x-content-type-options"], "nosniff");
    let text = page.text().await.unwrap();
    let mut files = 0;
    for part in text.split(['"', '\'']).filter(|part| part.ends_with(".js") || part.ends_with(".css")) {
        assert!(!part.contains("//"), "{part}");
        let file = world.http.get(format!("{url}{}", part.trim_start_matches("./"))).send().await.unwrap();
        assert_eq!(file.status(), 200, "{part}");
        files += 1;
    }
    assert!(files >= 3, "{files}");
    let answer = world.get("/api/v1/outlets", "").await;
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert!(answer.headers["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
}
