//! A running server with two businesses on it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use reqwest::{Method, Response, StatusCode};
use serde_json::Value;
use shared::ids::{AdminId, OutletId, StaffId, TaxId, TenantId, TerminalId};
use shared::money::Rate;
use shared::order::TenderKind;
use shared::outlet::Outlet;
use shared::pricing::{CashRounding, PriceRules, ServiceCharge, Tax, TaxRounding};
use shared::staff::pin::Pin;
use shared::staff::{Role, Staff};
use shared::wire::{EnrolRequest, EnrolResponse, PROTOCOL_VERSION, path};
use shared::{Clock, RoundingMode, Timestamp};
use sync_server::identity::{self, NewAdmin};
use sync_server::{Config, RunningServer, start_with_clock};
use tempfile::TempDir;

use super::postgres;
use super::till::Till;

/// A clock that stands still until it is moved.
pub struct TestClock(AtomicI64);

impl TestClock {
    pub fn at(begin: Timestamp) -> Self {
        Self(AtomicI64::new(begin.as_millis()))
    }

    pub fn forward(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// One business with one outlet.
#[derive(Clone)]
pub struct Shop {
    pub tenant_id: TenantId,
    pub outlet: Outlet,
    pub staff_id: StaffId,
    pub admin_id: AdminId,
}

/// A running server.
pub struct Site {
    pub server: Option<RunningServer>,
    pub clock: Arc<TestClock>,
    pub http: reqwest::Client,
    pub shop: Shop,
    pub config: Config,
    _dir: TempDir,
}

/// 2026-03-14 09:00 UTC.
const START: i64 = 1_773_478_800_000;

impl Site {
    pub async fn on_sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::new(dir.path());
        Self::start(dir, config).await
    }

    /// On SQLite, with other settings.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::new(dir.path());
        change(&mut config);
        Self::start(dir, config).await
    }

    pub async fn on_postgres() -> Option<Self> {
        let fresh = postgres::fresh().await?;
        let dir = tempfile::tempdir().unwrap();
        let config = Config { database_url: Some(fresh.url), ..Config::new(dir.path()) };
        Some(Self::start(dir, config).await)
    }

    async fn start(dir: TempDir, config: Config) -> Self {
        let clock = Arc::new(TestClock(AtomicI64::new(START)));
        let server = start_with_clock(config.clone(), clock.clone()).await.unwrap();
        let shop = make_shop(&server, "Kopi Kita", "KOTA").await;
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { server: Some(server), clock, http, shop, config, _dir: dir }
    }

    pub fn server(&self) -> &RunningServer {
        self.server.as_ref().unwrap()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server().url())
    }

    /// Stops the server in order and starts it again on the same database.
    pub async fn restart(&mut self) {
        if let Some(server) = self.server.take() {
            server.shutdown().await;
        }
        self.server = Some(start_with_clock(self.config.clone(), self.clock.clone()).await.unwrap());
    }

    /// Another business on the same server.
    pub async fn other_shop(&self) -> Shop {
        make_shop(self.server(), "Toko Lain", "LAIN").await
    }

    /// Another outlet of the same business.
    pub async fn other_outlet(&self) -> Outlet {
        let state = &self.server().state;
        let outlet = outlet(OutletId::new(&*state.clock, &mut state.rng()), "DUA", "Kopi Kita");
        let mut tx = state.db.write(self.shop.tenant_id).await.unwrap();
        identity::put_outlet(&mut tx, self.shop.tenant_id, &outlet, state.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        outlet
    }

    /// A pairing code for a new terminal.
    pub async fn pairing_code(&self, shop: &Shop, outlet: OutletId) -> String {
        let state = &self.server().state;
        let now = state.clock.now();
        let terminal = TerminalId::new(&*state.clock, &mut state.rng());
        let mut tx = state.db.write(shop.tenant_id).await.unwrap();
        identity::create_terminal(&mut tx, shop.tenant_id, outlet, "till", terminal, now).await.unwrap();
        let code = identity::create_pairing_code(
            &mut tx,
            &state.secrets,
            shop.tenant_id,
            terminal,
            now,
            &mut state.rng(),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        code
    }

    pub async fn enrol(&self, code: &str, key: &shared::journal::SigningKey) -> Response {
        let request = EnrolRequest {
            protocol: PROTOCOL_VERSION,
            pairing_code: code.to_owned(),
            public_key: key.public_key(),
            device_name: "Till by the door".to_owned(),
        };
        self.http.post(self.url(path::ENROL)).json(&request).send().await.unwrap()
    }

    /// A till of the first business, enrolled over HTTP.
    pub async fn till(&self) -> Till {
        self.till_at(&self.shop, self.shop.outlet.clone()).await
    }

    pub async fn till_at(&self, shop: &Shop, outlet: Outlet) -> Till {
        let key = Till::new_key();
        let code = self.pairing_code(shop, outlet.outlet_id).await;
        let response = self.enrol(&code, &key).await;
        assert_eq!(response.status(), StatusCode::OK);
        let enrolled: EnrolResponse = response.json().await.unwrap();
        Till::new(self, shop, outlet, &enrolled, key)
    }

    /// A request of headquarters.
    pub async fn get(&self, path: &str) -> (StatusCode, Value) {
        self.get_as(&self.shop, path).await
    }

    pub async fn get_as(&self, shop: &Shop, path: &str) -> (StatusCode, Value) {
        self.ask(shop, Method::GET, path, None).await
    }

    /// A change by headquarters.
    pub async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.ask(&self.shop, Method::POST, path, Some(body)).await
    }

    /// A change of something by headquarters.
    pub async fn patch(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.ask(&self.shop, Method::PATCH, path, Some(body)).await
    }

    /// Something put in the place of another by headquarters.
    pub async fn put(&self, path: &str, body: Value) -> (StatusCode, Value) {
        self.ask(&self.shop, Method::PUT, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> (StatusCode, Value) {
        self.ask(&self.shop, Method::DELETE, path, None).await
    }

    /// Any request of a headquarters.
    pub async fn ask(
        &self,
        shop: &Shop,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let state = &self.server().state;
        let key = identity::rules::access_token_key(&state.secrets);
        let now = state.clock.now();
        let token =
            identity::tokens::issue(&key, shop.tenant_id, shop.admin_id, Role::Owner, "test", now).unwrap();
        let mut request = self.http.request(method, self.url(path)).bearer_auth(token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.unwrap();
        let status = response.status();
        let body = response.text().await.unwrap();
        let body = if body.is_empty() { Value::Null } else { serde_json::from_str(&body).unwrap() };
        (status, body)
    }

    /// Waits until every received event was applied or parked.
    pub async fn applied(&self) {
        let state = &self.server().state;
        for _ in 0..600 {
            let mut tx = state.db.system().await.unwrap();
            let row = sqlx::query("SELECT COUNT(*) FROM journal_events WHERE state = 'received'")
                .fetch_one(&mut *tx)
                .await
                .unwrap();
            if sqlx::Row::get::<i64, _>(&row, 0) == 0 {
                return;
            }
            drop(tx);
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("events were still waiting to be applied after 30 s");
    }

    /// One number from the database, seen as the business.
    pub async fn count(&self, sql: &'static str) -> i64 {
        let mut tx = self.server().state.db.read(self.shop.tenant_id).await.unwrap();
        sqlx::Row::get(&sqlx::query(sql).fetch_one(&mut *tx).await.unwrap(), 0)
    }

    /// Does something to the rows of the first business.
    pub async fn execute(&self, sql: &'static str) {
        let mut tx = self.server().state.db.write(self.shop.tenant_id).await.unwrap();
        sqlx::query(sql).execute(&mut *tx).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The bytes that a query gives.
    pub async fn bytes(&self, sql: &'static str) -> Vec<u8> {
        let mut tx = self.server().state.db.read(self.shop.tenant_id).await.unwrap();
        sqlx::Row::get(&sqlx::query(sql).fetch_one(&mut *tx).await.unwrap(), 0)
    }
}

/// The closed code of a problem.
pub async fn problem_code(response: Response) -> (StatusCode, String, Value) {
    let status = response.status();
    let kind = response.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
    let body: Value = response.json().await.unwrap();
    assert_eq!(kind.as_deref(), Some("application/problem+json"), "{body}");
    (status, body["code"].as_str().unwrap().to_owned(), body["details"].clone())
}

async fn make_shop(server: &RunningServer, name: &str, code: &str) -> Shop {
    let state = &server.state;
    let (now, mut rng) = (state.clock.now(), state.rng());
    let tenant_id = TenantId::new(&*state.clock, &mut rng);
    let outlet = outlet(OutletId::new(&*state.clock, &mut rng), code, name);
    let staff_id = StaffId::new(&*state.clock, &mut rng);
    let pin: Pin = "4831".parse().unwrap();
    let staff = Staff {
        staff_id,
        name: "Sari".to_owned(),
        role: Role::Manager,
        pin_hash: identity::hash_staff_pin(&state.secrets, tenant_id, &pin, &mut rng).unwrap(),
        outlet_ids: vec![outlet.outlet_id],
        active: true,
    };
    let admin = NewAdmin {
        admin_id: AdminId::new(&*state.clock, &mut rng),
        email: format!("{}@example.com", code.to_lowercase()),
        name: "Owner".to_owned(),
        role: Role::Owner,
        password_hash: String::from("-"),
    };
    let mut tx = state.db.system_write().await.unwrap();
    identity::create_tenant(&mut tx, tenant_id, name, now).await.unwrap();
    identity::create_admin(&mut tx, tenant_id, &admin, now).await.unwrap();
    identity::put_outlet(&mut tx, tenant_id, &outlet, now).await.unwrap();
    identity::put_staff(&mut tx, tenant_id, &staff, now).await.unwrap();
    tx.commit().await.unwrap();
    Shop { tenant_id, outlet, staff_id, admin_id: admin.admin_id }
}

fn outlet(outlet_id: OutletId, code: &str, tenant_name: &str) -> Outlet {
    let tax_id = TaxId::from_bytes([7; 16]);
    let currency = "IDR".parse().unwrap();
    Outlet {
        outlet_id,
        code: code.to_owned(),
        name: format!("{tenant_name} {code}"),
        tenant_name: tenant_name.to_owned(),
        address: vec!["Jl. Melati 1".to_owned()],
        tax_number: None,
        zone: "Asia/Jakarta".to_owned(),
        day_cutoff_minutes: 180,
        locale: "id".to_owned(),
        currency,
        digits: 0,
        rules: PriceRules {
            currency,
            digits: 0,
            rounding: RoundingMode::HalfUp,
            tax_rounding: TaxRounding::Line,
            taxes: vec![Tax { tax_id, name: "PB1".to_owned(), rate_ppm: Rate::percent(10), included: false }],
            service_charge: Some(ServiceCharge { rate_ppm: Rate::percent(5), tax_ids: vec![tax_id] }),
            cash_rounding: Some(CashRounding { increment: 100, mode: RoundingMode::HalfUp }),
        },
        price_book_version: 1,
        notes: vec![20_000, 50_000, 100_000],
        receipt_footer: vec![],
        receipt_qr: None,
        layouts: None,
        tenders: vec![TenderKind::Cash, TenderKind::Card],
    }
}
