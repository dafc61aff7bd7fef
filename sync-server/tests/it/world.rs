//! A running server on a database of its own, a clock that stands still, and requests to it.

use std::sync::Arc;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use shared::ids::{AdminId, OutletId, TenantId};
use shared::outlet::Outlet;
use shared::staff::Role;
use shared::{Clock, Timestamp};
use sync_server::identity::{self, NewAdmin};
use sync_server::{Config, RunningServer, start_with_clock};
use tempfile::TempDir;

use crate::support::{TestClock, postgres};

/// The moment at which every test begins: 2026-01-05 08:00 UTC.
pub const BEGIN: Timestamp = Timestamp::from_millis(1_767_600_000_000);
/// The password of every owner.
pub const PASSWORD: &str = "a long enough password";

/// Makes a test on each database of `async fn name(world: World)`.
macro_rules! both_databases {
    ($($name:ident),* $(,)?) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name($crate::world::World::sqlite().await).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(world) = $crate::world::World::postgres().await {
                    super::$name(world).await;
                }
            }
        }
    )*};
}
pub(crate) use both_databases;

/// A server with what it needs; gone when dropped.
pub struct World {
    pub server: RunningServer,
    pub clock: Arc<TestClock>,
    pub http: reqwest::Client,
    config: Config,
    _dir: TempDir,
}

/// A business with an owner who is signed in, and one outlet.
#[derive(Debug, Clone)]
pub struct Business {
    pub tenant_id: TenantId,
    pub outlet: Outlet,
    pub email: String,
    pub token: String,
    pub refresh_token: String,
}

/// An answer with its JSON, null when it has none.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
    pub headers: reqwest::header::HeaderMap,
}

impl Answer {
    /// The code of a problem.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
    /// The body, when the status is as expected.
    #[track_caller]
    pub fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }
}

impl World {
    /// On SQLite.
    pub async fn sqlite() -> Self {
        Self::open(None).await
    }

    /// On a PostgreSQL database of its own; None when no cluster is given and none is required.
    pub async fn postgres() -> Option<Self> {
        Some(Self::open(Some(postgres::fresh().await?.url)).await)
    }

    async fn open(database_url: Option<String>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = Config { database_url, ..Config::new(dir.path()) };
        let clock = Arc::new(TestClock::at(BEGIN));
        let server = start_with_clock(config.clone(), clock.clone()).await.unwrap();
        Self { server, clock, http: reqwest::Client::new(), config, _dir: dir }
    }

    /// Stops the server and starts it again on the same data.
    pub async fn restart(self) -> Self {
        let Self { server, clock, http, config, _dir } = self;
        server.shutdown().await;
        let server = start_with_clock(config.clone(), clock.clone()).await.unwrap();
        Self { server, clock, http, config, _dir }
    }

    /// A request with a JSON body, unless it is null.
    pub async fn send(&self, method: Method, path: &str, token: Option<&str>, body: Value) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.server.url()));
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if !body.is_null() {
            request = request.json(&body);
        }
        Self::answer(request).await
    }

    /// The answer to any request.
    pub async fn answer(request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, body, headers }
    }

    pub async fn get(&self, path: &str, token: &str) -> Answer {
        self.send(Method::GET, path, Some(token), Value::Null).await
    }

    pub async fn post(&self, path: &str, token: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(token), body).await
    }

    pub async fn patch(&self, path: &str, token: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(token), body).await
    }

    pub async fn delete(&self, path: &str, token: &str) -> Answer {
        self.send(Method::DELETE, path, Some(token), Value::Null).await
    }

    /// Makes a business with an owner `owner@<name>.example` and an outlet, and signs the owner in.
    pub async fn business(&self, name: &str) -> Business {
        let state = &self.server.state;
        let (now, mut rng) = (self.clock.now(), state.rng());
        let tenant_id = TenantId::new(&*self.clock, &mut rng);
        let outlet = outlet(OutletId::new(&*self.clock, &mut rng), name);
        let email = format!("owner@{name}.example");
        let mut tx = state.db.system_write().await.unwrap();
        identity::create_tenant(&mut tx, tenant_id, name, now).await.unwrap();
        identity::put_outlet(&mut tx, tenant_id, &outlet, now).await.unwrap();
        tx.commit().await.unwrap();
        self.admin(tenant_id, &email, Role::Owner).await;
        let tokens = self.sign_in(&email, PASSWORD).await.expect(200);
        let text = |key: &str| tokens[key].as_str().unwrap().to_owned();
        let (token, refresh_token) = (text("access_token"), text("refresh_token"));
        Business { tenant_id, outlet, email, token, refresh_token }
    }

    /// Gives somebody an account with the usual password.
    pub async fn admin(&self, tenant: TenantId, email: &str, role: Role) {
        let state = &self.server.state;
        let mut rng = state.rng();
        let password_hash = identity::hash_password(&state.secrets, tenant, PASSWORD, &mut rng).unwrap();
        let admin_id = AdminId::new(&*self.clock, &mut rng);
        let admin = NewAdmin { admin_id, email: email.into(), name: "Somebody".into(), role, password_hash };
        let mut tx = state.db.write(tenant).await.unwrap();
        identity::create_admin(&mut tx, tenant, &admin, self.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        let body = json!({ "email": email, "password": password, "device": "desk" });
        self.send(Method::POST, "/api/v1/auth/sign-in", None, body).await
    }

    /// The rows of the change feed of a business: entity, id and body.
    pub async fn feed(&self, tenant: TenantId) -> Vec<(String, String, Option<Value>)> {
        use sqlx::Row as _;
        let mut tx = self.server.state.db.read(tenant).await.unwrap();
        let sql = "SELECT entity, row_id, body FROM feed_rows WHERE tenant_id = $1 ORDER BY change_seq";
        let rows = sqlx::query(sql).bind(tenant.to_string()).fetch_all(&mut *tx).await.unwrap();
        rows.iter()
            .map(|row| {
                let body: Option<String> = row.try_get(2).unwrap();
                let body = body.map(|body| serde_json::from_str(&body).unwrap());
                (row.try_get(0).unwrap(), row.try_get(1).unwrap(), body)
            })
            .collect()
    }
}

/// An outlet with one tax, trading in IDR without decimals.
pub fn outlet(outlet_id: OutletId, name: &str) -> Outlet {
    serde_json::from_value(json!({
        "outlet_id": outlet_id, "code": "KOTA", "name": name, "tenant_name": name, "address": ["Jalan Merdeka 1"],
        "tax_number": null, "zone": "Asia/Jakarta", "day_cutoff_minutes": 180, "locale": "id", "currency": "IDR",
        "digits": 0, "price_book_version": 1, "notes": [10000, 20000, 50000, 100000], "receipt_footer": [],
        "receipt_qr": null, "tenders": ["cash"],
        "rules": { "currency": "IDR", "digits": 0, "taxes": [
            { "tax_id": "00000000-0000-7000-8000-000000000001", "name": "PB1", "rate_ppm": 100000, "included": false }
        ] }
    }))
    .unwrap()
}
