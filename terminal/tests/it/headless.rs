//! The engine over HTTP: who may talk to it, and what every answer carries.

use std::sync::Arc;

use reqwest::StatusCode;
use serde_json::{Value, json};
use terminal::engine::{Engine, EngineOptions};
use terminal::shell::headless::{Headless, HeadlessOptions};

struct Scene {
    server: Headless,
    http: reqwest::Client,
    engine: Arc<Engine>,
    _dir: tempfile::TempDir,
}

async fn scene() -> Scene {
    let dir = tempfile::tempdir().unwrap();
    let engine = Engine::start(EngineOptions::new(dir.path())).unwrap();
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let options = HeadlessOptions { listen, host_names: vec!["till.test".to_owned()] };
    let server = Headless::start(engine.clone(), options).await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    Scene { server, http, engine, _dir: dir }
}

impl Scene {
    fn rpc(&self, command: &str) -> reqwest::RequestBuilder {
        self.http.post(format!("{}rpc/{command}", self.server.url()))
    }
    async fn end(self) {
        self.server.stop().await.unwrap();
        let engine = self.engine;
        tokio::task::spawn_blocking(move || engine.stop()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_keeps_its_cookie_and_scripts_cannot_read_it() {
    let scene = scene().await;
    let answer = scene.rpc("app.state").json(&json!({})).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    for word in ["kedai_client=", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    let kept = cookie.split(';').next().unwrap();
    let answer = scene.rpc("app.state").header("cookie", kept).json(&json!({})).send().await.unwrap();
    assert!(answer.headers().get("set-cookie").is_none());
    let forged =
        scene.rpc("app.state").header("cookie", "kedai_client=window").json(&json!({})).send().await.unwrap();
    assert!(forged.headers().contains_key("set-cookie"), "a browser cannot be the till's own window");
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_sites_and_rebound_names_are_refused() {
    let scene = scene().await;
    let own = scene.server.url().trim_end_matches('/').to_owned();
    let ask = |headers: &[(&'static str, &str)]| {
        let mut request = scene.rpc("app.state").body("{}");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        async move { request.send().await.unwrap().status() }
    };
    let json = ("content-type", "application/json");
    assert_eq!(ask(&[json]).await, StatusCode::OK);
    assert_eq!(ask(&[json, ("origin", &own)]).await, StatusCode::OK);
    assert_eq!(ask(&[json, ("host", "till.test")]).await, StatusCode::OK);
    assert_eq!(ask(&[json, ("origin", "https://evil.example")]).await, StatusCode::FORBIDDEN);
    assert_eq!(ask(&[json, ("origin", "null")]).await, StatusCode::FORBIDDEN);
    assert_eq!(ask(&[json, ("host", "evil.example")]).await, StatusCode::FORBIDDEN);
    assert_eq!(ask(&[json, ("sec-fetch-site", "cross-site")]).await, StatusCode::FORBIDDEN);
    assert_eq!(ask(&[("content-type", "text/plain")]).await, StatusCode::FORBIDDEN);
    assert_eq!(ask(&[]).await, StatusCode::FORBIDDEN);
    let page = scene.http.get(scene.server.url()).header("host", "evil.example").send().await.unwrap();
    assert_eq!(page.status(), StatusCode::FORBIDDEN);
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_fail_with_their_code_and_a_fitting_status() {
    let scene = scene().await;
    for (command, body, status, code) in [
        ("till.explode", "{}", StatusCode::NOT_FOUND, "unknown_command"),
        ("staff.sign_in", "{", StatusCode::BAD_REQUEST, "invalid"),
        ("staff.list", "{}", StatusCode::CONFLICT, "not_enrolled"),
    ] {
        let request = scene.rpc(command).header("content-type", "application/json").body(body);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status, "{command}");
        let error: Value = answer.json().await.unwrap();
        assert_eq!(error["code"], code);
    }
    let long = "x".repeat(400_000);
    let request = scene.rpc("app.state").header("content-type", "application/json").body(long);
    assert_eq!(request.send().await.unwrap().status(), StatusCode::BAD_REQUEST);
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_sealed_and_nothing_else_is_served() {
    let scene = scene().await;
    let page = scene.http.get(scene.server.url()).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(page.headers()["x-content-type-options"], "nosniff");
    for path in ["kedai.db", "device.key", "..%2fCargo.toml", "assets/../../../Cargo.toml"] {
        let answer = scene.http.get(format!("{}{path}", scene.server.url())).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let answer = scene.http.get(format!("{}rpc/app.state", scene.server.url())).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "a link cannot command");
    scene.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_stream_to_every_browser_and_end_with_the_server() {
    let scene = scene().await;
    let mut stream = scene.http.get(format!("{}events", scene.server.url())).send().await.unwrap();
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let settings = json!({"locale": "vi", "theme": "night", "scale_percent": 100, "mirrored": false, "printer": null,
        "scan_gap_ms": 50});
    let answer = scene.rpc("app.settings").json(&settings).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let mut heard = String::new();
    // Other news may come before; a stream that ends without this one fails the test.
    while !heard.contains("event: changed\ndata: {\"what\":[\"app\",\"printing\"]}") {
        heard.push_str(&String::from_utf8_lossy(&stream.chunk().await.unwrap().unwrap()));
    }
    scene.end().await;
    while let Ok(Some(_)) = stream.chunk().await {}
}
