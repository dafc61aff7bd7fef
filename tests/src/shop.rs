//! A business made for a check: one outlet, one manager, terminals waiting to be paired, and the server that holds it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use shared::CurrencyCode;
use shared::ids::{OutletId, StaffId, TenantId, TerminalId};
use shared::outlet::Outlet;
use shared::pricing::PriceRules;
use shared::staff::{Role, Staff};
use sync_server::app::AppState;
use sync_server::config::Config;
use sync_server::identity::{self, NewAdmin};
use sync_server::seams::SystemClock;
use sync_server::upkeep::{backup, restore};

use crate::program::{self, Program};

/// The manager who rings up.
pub const STAFF_NAME: &str = "Manager";
/// The manager's PIN.
pub const PIN: &str = "482913";
const EMAIL: &str = "check@kedai.example";
const PASSWORD: &str = "a-password-for-checks";

/// A server's process with its business.
pub struct Shop {
    programs: PathBuf,
    folder: PathBuf,
    database_url: Option<String>,
    port: u16,
    server: Option<Program>,
    http: reqwest::Client,
    token: Option<String>,
    /// Stands before the program at its next start.
    pub wrap: Vec<String>,
    /// One-time codes, one for each terminal.
    pub pairing_codes: Vec<String>,
}

/// An outlet that trades in `currency` without taxes or roundings.
pub fn plain_outlet(outlet_id: OutletId, code: &str, currency: CurrencyCode) -> Outlet {
    let digits = currency.iso_digits();
    Outlet {
        outlet_id,
        code: code.to_owned(),
        name: "Check outlet".to_owned(),
        tenant_name: "Checks".to_owned(),
        address: Vec::new(),
        tax_number: None,
        zone: "Europe/London".to_owned(),
        day_cutoff_minutes: 0,
        locale: "en".to_owned(),
        currency,
        digits,
        rules: PriceRules {
            currency,
            digits,
            rounding: shared::RoundingMode::HalfUp,
            tax_rounding: shared::pricing::TaxRounding::Line,
            taxes: Vec::new(),
            service_charge: None,
            cash_rounding: None,
        },
        price_book_version: 1,
        notes: vec![500, 1_000, 2_000, 5_000],
        receipt_footer: Vec::new(),
        receipt_qr: None,
        layouts: None,
        tenders: vec![shared::order::TenderKind::Cash, shared::order::TenderKind::Card],
    }
}

/// Makes a business with one outlet and its manager, and so many terminals; gives the one-time codes that enrol them.
///
/// # Errors
/// When a statement fails.
pub async fn found(state: &AppState, terminals: u16) -> Result<(TenantId, Vec<String>)> {
    let now = state.clock.now();
    let mut rng = state.rng();
    let tenant = TenantId::new(&*state.clock, &mut rng);
    let outlet_id = OutletId::new(&*state.clock, &mut rng);
    let mut tx = state.db.system_write().await?;
    identity::create_tenant(&mut tx, tenant, "Checks", now).await?;
    let password_hash = identity::hash_password(&state.secrets, tenant, PASSWORD, &mut rng)?;
    let admin_id = StaffId::new(&*state.clock, &mut rng).to_string().parse()?;
    let admin = NewAdmin {
        admin_id,
        email: EMAIL.to_owned(),
        name: "Headquarters".to_owned(),
        role: Role::Owner,
        password_hash,
    };
    identity::create_admin(&mut tx, tenant, &admin, now).await?;
    identity::put_outlet(&mut tx, tenant, &plain_outlet(outlet_id, "CHK", crate::trade::currency()), now)
        .await?;
    let manager = Staff {
        staff_id: StaffId::new(&*state.clock, &mut rng),
        name: STAFF_NAME.to_owned(),
        role: Role::Manager,
        pin_hash: identity::hash_staff_pin(&state.secrets, tenant, &PIN.parse()?, &mut rng)?,
        outlet_ids: Vec::new(),
        active: true,
    };
    identity::put_staff(&mut tx, tenant, &manager, now).await?;
    let mut pairing_codes = Vec::new();
    for number in 1..=terminals {
        let terminal = TerminalId::new(&*state.clock, &mut rng);
        let name = format!("Till {number}");
        identity::create_terminal(&mut tx, tenant, outlet_id, &name, terminal, now).await?;
        let code =
            identity::create_pairing_code(&mut tx, &state.secrets, tenant, terminal, now, &mut rng).await?;
        pairing_codes.push(code);
    }
    tx.commit().await?;
    Ok((tenant, pairing_codes))
}

impl Shop {
    /// Makes the business in a new database and starts the server on it.
    ///
    /// # Errors
    /// When any of that fails.
    pub async fn open(
        programs: &Path,
        folder: &Path,
        database_url: Option<&str>,
        terminals: u16,
    ) -> Result<Self> {
        std::fs::create_dir_all(folder)?;
        let mut shop = Self {
            programs: programs.to_path_buf(),
            folder: folder.to_path_buf(),
            database_url: database_url.map(str::to_owned),
            port: program::free_port()?,
            server: None,
            http: reqwest::Client::builder().timeout(Duration::from_secs(120)).build()?,
            token: None,
            wrap: Vec::new(),
            pairing_codes: Vec::new(),
        };
        let state = sync_server::prepare(shop.config(), Arc::new(SystemClock)).await?;
        (_, shop.pairing_codes) = found(&state, terminals).await?;
        drop(state);
        shop.start().await?;
        Ok(shop)
    }

    /// Starts the server's process and waits until it is ready.
    ///
    /// # Errors
    /// When it is not ready within a minute.
    pub async fn start(&mut self) -> Result<()> {
        let mut command = program::wrapped(&self.wrap, &self.programs.join("kedai-server"));
        command.args(["serve", "--listen", &format!("127.0.0.1:{}", self.port), "--data-dir"]);
        command.arg(self.data()).env_remove("KEDAI_DATABASE_URL");
        if let Some(url) = &self.database_url {
            command.env("KEDAI_DATABASE_URL", url);
        }
        self.server = Some(Program::start(&mut command, &self.folder.join("server.log"))?);
        let deadline = Instant::now() + Duration::from_secs(60);
        while !self.ready().await {
            ensure!(!self.server.as_mut().is_none_or(Program::has_ended), "the server ended: see server.log");
            ensure!(Instant::now() < deadline, "the server is not ready");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    async fn ready(&self) -> bool {
        let answer = self.http.get(format!("{}/ready", self.url())).send().await;
        answer.is_ok_and(|response| response.status().is_success())
    }

    /// Stops the server in order.
    ///
    /// # Errors
    /// When it does not end well.
    pub fn stop(&mut self) -> Result<()> {
        self.server.take().map_or(Ok(()), |mut server| server.stop())
    }

    /// Pulls the server's plug.
    ///
    /// # Errors
    /// When the process cannot be killed.
    pub fn kill(&mut self) -> Result<()> {
        self.server.take().map_or(Ok(()), |mut server| server.kill())
    }

    /// Puts a backup of the database in its place, as after a loss: it begins a new life, and every till reads everything
    /// anew. The server is stopped for it and not started again.
    ///
    /// # Errors
    /// When it does not stop, or any step fails.
    pub async fn put_back(&mut self) -> Result<()> {
        self.stop()?;
        let file = self.folder.join("backup");
        if file.exists() {
            std::fs::remove_file(&file)?;
        }
        let state = sync_server::prepare(self.config(), Arc::new(SystemClock)).await?;
        backup::backup(&state, &file).await?;
        state.db.close().await;
        restore::restore(self.config(), &file, Arc::new(SystemClock)).await?;
        Ok(())
    }

    fn config(&self) -> Config {
        let database_url = self.database_url.clone();
        Config { database_url, ..Config::new(self.data()) }
    }

    /// The folder of the server's key and embedded database.
    pub fn data(&self) -> PathBuf {
        self.folder.join("server")
    }

    /// The server's process id, while it runs.
    pub fn process_id(&self) -> Option<u32> {
        self.server.as_ref().map(Program::id)
    }

    /// One of the server's own figures; 0 before it is first told.
    ///
    /// # Errors
    /// When the server does not answer, or with something else than figures.
    pub async fn metric(&self, name: &str) -> Result<f64> {
        let text = self.http.get(format!("{}/metrics", self.url())).send().await?.text().await?;
        let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        Ok(value.map(str::parse).transpose()?.unwrap_or(0.0))
    }

    /// Whether the server's process is gone.
    pub fn has_ended(&mut self) -> bool {
        self.server.as_mut().is_none_or(Program::has_ended)
    }

    /// The server's port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The server's address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The folder of everything of this shop.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Asks the API as headquarters: `GET /api/v1<path>`.
    ///
    /// # Errors
    /// When the answer is no success.
    pub async fn get(&mut self, path: &str) -> Result<Value> {
        self.ask(Method::GET, path, None).await
    }

    /// Makes or does something as headquarters: `POST /api/v1<path>`.
    ///
    /// # Errors
    /// When the answer is no success.
    pub async fn post(&mut self, path: &str, content: &Value) -> Result<Value> {
        self.ask(Method::POST, path, Some(content)).await
    }

    /// Changes something as headquarters: `PATCH /api/v1<path>`.
    ///
    /// # Errors
    /// When the answer is no success.
    pub async fn patch(&mut self, path: &str, change: &Value) -> Result<Value> {
        self.ask(Method::PATCH, path, Some(change)).await
    }

    async fn ask(&mut self, method: Method, path: &str, content: Option<&Value>) -> Result<Value> {
        for _ in 0..2 {
            let token = self.token().await?;
            let url = format!("{}/api/v1{path}", self.url());
            let mut request = self.http.request(method.clone(), url).bearer_auth(token);
            if let Some(content) = content {
                request = request.json(content);
            }
            let response = request.send().await?;
            // The token is short-lived; a new sign-in is all it takes.
            if response.status() == reqwest::StatusCode::UNAUTHORIZED {
                self.token = None;
                continue;
            }
            let status = response.status();
            let body = response.text().await?;
            ensure!(status.is_success(), "{path}: {status} {body}");
            return Ok(serde_json::from_str(&body)?);
        }
        anyhow::bail!("{path}: the sign-in is refused")
    }

    /// Imports a catalogue as CSV.
    ///
    /// # Errors
    /// When a row is refused.
    pub async fn import(&mut self, csv: String) -> Result<Value> {
        let token = self.token().await?;
        let request = self.http.post(format!("{}/api/v1/products/import", self.url())).bearer_auth(token);
        let response = request.header("content-type", "text/csv").body(csv).send().await?;
        let status = response.status();
        let body = response.text().await?;
        ensure!(status.is_success(), "import: {status} {body}");
        Ok(serde_json::from_str(&body)?)
    }

    async fn token(&mut self) -> Result<String> {
        if let Some(token) = &self.token {
            return Ok(token.clone());
        }
        let request = self.http.post(format!("{}/api/v1/auth/sign-in", self.url()));
        let answer = request.json(&json!({ "email": EMAIL, "password": PASSWORD })).send().await?;
        let body: Value = answer.error_for_status()?.json().await?;
        let token = body["access_token"].as_str().context("no access token in the answer")?.to_owned();
        self.token = Some(token.clone());
        Ok(token)
    }
}
