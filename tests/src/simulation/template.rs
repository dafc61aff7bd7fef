//! The shop that every run begins with, made once: two businesses, enrolled terminals with their catalogue, nobody signed in.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use argon2::password_hash::{PasswordHasher as _, SaltString};
use axum::Router;
use futures_util::future::BoxFuture;
use hmac::{Hmac, Mac as _};
use shared::Clock;
use shared::catalogue::Item;
use shared::ids::{ItemId, OutletId, StaffId, TenantId, TerminalId};
use shared::staff::{Role, Staff};
use sync_server::app::AppState;
use sync_server::{catalog, identity};
use terminal::engine::{Engine, EngineOptions};
use terminal::sync::LinkError;
use terminal::sync::transport::{Transport, WireAnswer, WireRequest};
use terminal::views::{EnrolInput, Stage};

use super::chance::Chance;
use super::seams::{NodeClock, RoomyDisk};
use crate::shop::plain_outlet;
use crate::trade::currency;

/// The PIN of everybody.
pub const PIN: &str = "482913";

/// One business of the simulation.
#[derive(Debug, Clone)]
pub struct Business {
    /// The business.
    pub tenant: TenantId,
    /// What it sells, at every outlet.
    pub items: Vec<Item>,
    /// The manager who rings up.
    pub manager: StaffId,
}

/// What every run begins with.
#[derive(Debug)]
pub struct Template {
    folder: tempfile::TempDir,
    /// The businesses: all terminals but the last belong to the first.
    pub businesses: Vec<Business>,
    /// The business of each terminal.
    pub of_terminal: Vec<usize>,
}

/// A folder for simulated disks, in memory where the system has such a place.
///
/// # Errors
/// When no folder can be made.
pub fn fast_folder(prefix: &str) -> Result<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    let base = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
    Ok(tempfile::Builder::new().prefix(prefix).tempdir_in(base)?)
}

/// Copies the files of a folder (it has no folders in it).
///
/// # Errors
/// When a file cannot be read or written.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() && !entry.file_name().to_string_lossy().ends_with("-shm") {
            std::fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

impl Template {
    /// Makes the shop with so many terminals (at least two).
    ///
    /// # Errors
    /// When either side refuses.
    pub fn make(terminals: usize) -> Result<Self> {
        let folder = fast_folder("kedai-sim-")?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let clock: Arc<dyn Clock> = Arc::new(NodeClock::new(Arc::new(AtomicI64::new(0))));
        let mut template = Self { folder, businesses: Vec::new(), of_terminal: vec![0; terminals.max(2)] };
        if let Some(last) = template.of_terminal.last_mut() {
            *last = 1;
        }
        let server = template.server();
        std::fs::create_dir_all(&server)?;
        // The server's one secret is fixed, so that two runs of a seed have the same peppers.
        std::fs::write(server.join("server.key"), "5c".repeat(32))?;
        let config = sync_server::Config { snapshot_least_rows: 1, ..sync_server::Config::new(&server) };
        let (state, codes) = runtime.block_on(async {
            let state = sync_server::prepare(config, clock.clone()).await?;
            let codes = template.found(&state).await?;
            Ok::<_, anyhow::Error>((state, codes))
        })?;
        let router = sync_server::app::router(state.clone());
        for (at, code) in codes.iter().enumerate() {
            enrol(&template.terminal(at), at, code, clock.clone(), &router)?;
        }
        runtime.block_on(state.db.close());
        Ok(template)
    }

    /// The server's folder.
    pub fn server(&self) -> PathBuf {
        self.folder.path().join("server")
    }

    /// A terminal's folder.
    pub fn terminal(&self, at: usize) -> PathBuf {
        self.folder.path().join(format!("till-{at}"))
    }

    async fn found(&mut self, state: &AppState) -> Result<Vec<String>> {
        let mut chance = Chance::of(1, 99);
        let now = state.clock.now();
        let mut outlets = Vec::new();
        let mut tx = state.db.system_write().await?;
        for (at, code) in ["ONE", "TWO"].into_iter().enumerate() {
            let tenant = TenantId::new(&*state.clock, &mut chance);
            let outlet = OutletId::new(&*state.clock, &mut chance);
            identity::create_tenant(&mut tx, tenant, &format!("Business {code}"), now).await?;
            identity::put_outlet(&mut tx, tenant, &plain_outlet(outlet, code, currency()), now).await?;
            let manager = StaffId::new(&*state.clock, &mut chance);
            let staff = Staff {
                staff_id: manager,
                name: format!("Manager {code}"),
                role: Role::Manager,
                pin_hash: cheap_hash(&identity::pin_pepper(&state.secrets, tenant), PIN)?,
                outlet_ids: Vec::new(),
                active: true,
            };
            identity::put_staff(&mut tx, tenant, &staff, now).await?;
            let mut items = Vec::new();
            for number in 1..=8 {
                let item = serde_json::json!({
                    "item_id": ItemId::new(&*state.clock, &mut chance),
                    "sku": format!("{code}-{number}"), "name": format!("Thing {number} of {}", at + 1),
                    "category_id": null, "unit_price": format!("{number}.{number}5"),
                });
                items.push(serde_json::from_value(item)?);
            }
            catalog::put_items(&mut tx, tenant, None, &items, now).await?;
            outlets.push(outlet);
            self.businesses.push(Business { tenant, items, manager });
        }
        let mut codes = Vec::new();
        for (number, business) in self.of_terminal.iter().enumerate() {
            let tenant = self.businesses[*business].tenant;
            let terminal = TerminalId::new(&*state.clock, &mut chance);
            let name = format!("Till {}", number + 1);
            identity::create_terminal(&mut tx, tenant, outlets[*business], &name, terminal, now).await?;
            let code =
                identity::create_pairing_code(&mut tx, &state.secrets, tenant, terminal, now, &mut chance);
            codes.push(code.await?);
        }
        tx.commit().await?;
        Ok(codes)
    }
}

/// The hash of a PIN that is quick to check: the cost stands in the hash, so the terminal needs no seam for it.
fn cheap_hash(pepper: &[u8], pin: &str) -> Result<String> {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(pepper).context("a pepper of no length")?;
    mac.update(pin.as_bytes());
    let keyed = mac.finalize().into_bytes();
    let text = |error: &dyn std::fmt::Display| anyhow::anyhow!("hashing a PIN: {error}");
    let params = argon2::Params::new(8, 1, 1, None).map_err(|error| text(&error))?;
    let salt = SaltString::encode_b64(&[7; 16]).map_err(|error| text(&error))?;
    let hasher = argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    Ok(hasher.hash_password(&keyed, &salt).map_err(|error| text(&error))?.to_string())
}

/// Joins a terminal by the real engine over a wire that goes straight to the router.
fn enrol(folder: &Path, at: usize, code: &str, clock: Arc<dyn Clock>, router: &Router) -> Result<()> {
    let mut options = EngineOptions::new(folder);
    options.clock = clock;
    options.rng = Box::new(Chance::of(at as u64, 98));
    options.disk = Arc::new(RoomyDisk::default());
    options.transport = Some(Arc::new(Straight(Mutex::new(router.clone()))));
    let engine = Engine::start(options)?;
    let input = EnrolInput {
        server_url: "http://server.local".to_owned(),
        pairing_code: code.to_owned(),
        device_name: format!("Till {}", at + 1),
    };
    engine.enrol(&input).map_err(|error| anyhow::anyhow!("enrolling: {}", error.message))?;
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let state = engine.state().map_err(|error| anyhow::anyhow!("loading: {}", error.message))?;
        if state.stage == Stage::SignedOut {
            break;
        }
        ensure!(Instant::now() < deadline, "a terminal does not get its catalogue");
        std::thread::sleep(Duration::from_millis(2));
    }
    engine.stop();
    Ok(())
}

struct Straight(Mutex<Router>);

impl std::fmt::Debug for Straight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Straight")
    }
}

impl Transport for Straight {
    fn exchange<'a>(
        &'a self,
        _base: &'a str,
        request: WireRequest,
    ) -> BoxFuture<'a, Result<WireAnswer, LinkError>> {
        let router = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        Box::pin(async move {
            super::server::exchange(router, &request)
                .await
                .map_err(|error| LinkError::Unreachable(error.to_string()))
        })
    }
}
