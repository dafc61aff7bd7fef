//! The faults of disks and backups, with a real server and real tills in one process: nothing is lost, nothing counts
//! twice, and a person sees what happened.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use shared::ids::TenantId;
use sync_server::upkeep::import::Stranger;
use sync_server::upkeep::{backup, import, restore, verify};
use sync_server::{Config, RunningServer};
use terminal::engine::{ClientId, Engine, EngineOptions, seams};
use terminal::handover;
use terminal::views::*;
use tests::shop;

const DEADLINE: Duration = Duration::from_secs(60);

/// A server, and a till of its own folder.
struct Site {
    dir: tempfile::TempDir,
    config: Config,
    server: Option<RunningServer>,
    codes: Vec<String>,
    tenant: TenantId,
}

impl Site {
    async fn open(tills: u16) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut config = Config::new(dir.path().join("server"));
        // The same address after every start: the tills keep calling it.
        config.listen = ([127, 0, 0, 1], tests::program::free_port().unwrap()).into();
        let state =
            sync_server::prepare(config.clone(), Arc::new(sync_server::seams::SystemClock)).await.unwrap();
        let (tenant, codes) = shop::found(&state, tills).await.unwrap();
        state.db.close().await;
        let mut site = Self { dir, config, server: None, codes, tenant };
        site.start().await;
        let items: Vec<shared::catalogue::Item> = vec![
            serde_json::from_value(json!({
                "item_id": shared::ids::ItemId::from_bytes([7; 16]), "sku": "MUG", "name": "Mug", "unit_price": "2.50",
            }))
            .unwrap(),
        ];
        let state = &site.server.as_ref().unwrap().state;
        let mut tx = state.db.write(tenant).await.unwrap();
        sync_server::catalog::put_items(&mut tx, tenant, None, &items, state.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        site
    }

    async fn start(&mut self) {
        self.server = Some(sync_server::start(self.config.clone()).await.unwrap());
    }

    async fn stop(&mut self) {
        if let Some(server) = self.server.take() {
            server.shutdown().await;
        }
    }

    fn url(&self) -> String {
        format!("http://{}", self.config.listen)
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Copies of a sale at the server, by receipt number, once everything is applied.
    async fn receipts(&self) -> Vec<String> {
        let state = &self.server.as_ref().unwrap().state;
        sync_server::sync::apply::apply_waiting(state).await.unwrap();
        self.column("SELECT receipt_number FROM orders ORDER BY receipt_number").await
    }

    async fn exceptions(&self) -> Vec<String> {
        self.column("SELECT code FROM exceptions ORDER BY code").await
    }

    async fn column(&self, sql: &'static str) -> Vec<String> {
        let state = &self.server.as_ref().unwrap().state;
        let mut tx = state.db.read(self.tenant).await.unwrap();
        let rows = sqlx::query(sql).fetch_all(&mut *tx).await.unwrap();
        rows.iter().map(|row| sqlx::Row::get(row, 0)).collect()
    }

    /// All chains, signatures and projections hold.
    async fn verified(&self) {
        let state = &self.server.as_ref().unwrap().state;
        sync_server::sync::apply::apply_waiting(state).await.unwrap();
        let done = verify::verify(state, None, &mut |_| {}).await.unwrap();
        assert_eq!(done.findings, Vec::<String>::new());
        assert!(done.events > 0);
    }
}

/// An engine and the manager at it.
struct Till {
    engine: Arc<Engine>,
    client: ClientId,
}

impl Till {
    async fn open(dir: &Path) -> Self {
        let options = EngineOptions::new(dir);
        let engine = tokio::task::spawn_blocking(|| Engine::start(options).unwrap()).await.unwrap();
        Self { engine, client: ClientId::window() }
    }

    async fn joined(dir: &Path, site: &Site, code: usize) -> Self {
        let till = Self::open(dir).await;
        let input = EnrolInput {
            server_url: site.url(),
            pairing_code: site.codes[code].clone(),
            device_name: "Till".to_owned(),
        };
        let _: AppState = till.call("enrol.start", &input).await;
        till.sign_in().await;
        let _: AppState = till.call("drawer.open", &json!({ "opening_float": "100000 GBP" })).await;
        till
    }

    async fn sign_in(&self) {
        self.until("the catalogue", async |till: &Self| till.state().await.stage == Stage::SignedOut).await;
        let list: StaffListView = self.call("staff.list", &Nothing {}).await;
        let input = SignInInput { staff_id: list.staff[0].staff_id, pin: shop::PIN.to_owned() };
        let _: AppState = self.call("staff.sign_in", &input).await;
    }

    async fn call<I: Serialize, O: DeserializeOwned>(&self, command: &str, input: &I) -> O {
        let (engine, client, name) = (self.engine.clone(), self.client.clone(), command.to_owned());
        let input = serde_json::to_value(input).unwrap();
        let output = tokio::task::spawn_blocking(move || engine.call(&client, &name, input)).await.unwrap();
        serde_json::from_value(output.unwrap_or_else(|error| panic!("{command}: {error:?}"))).unwrap()
    }

    async fn state(&self) -> AppState {
        self.call("app.state", &Nothing {}).await
    }

    async fn until(&self, what: &str, wanted: impl AsyncFn(&Self) -> bool) {
        let end = Instant::now() + DEADLINE;
        while !wanted(self).await {
            assert!(Instant::now() < end, "{what} did not come about: {:?}", self.state().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn sell(&self) -> String {
        let cart: CartView = self.call("register.scan", &json!({ "code": "MUG", "quantity": null })).await;
        let total = cart.total.unwrap();
        let input = json!({ "cart_id": cart.cart_id, "total": total, "tenders": [{ "kind": "cash", "given": total }] });
        let receipt: ReceiptView = self.call("checkout.pay", &input).await;
        receipt.order.receipt_number
    }

    /// Asks for an exchange until nothing waits.
    async fn sent(&self) {
        let _: SyncView = self.call("sync.now", &Nothing {}).await;
        self.until("an empty outbox", async |till: &Self| {
            let sync = till.state().await.sync;
            if sync.waiting > 0 {
                let _: SyncView = till.call("sync.now", &Nothing {}).await;
            }
            sync.waiting == 0 && sync.error.is_none()
        })
        .await;
    }

    async fn close(self) {
        tokio::task::spawn_blocking(move || drop(self)).await.unwrap();
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_file() && entry.file_name() != "engine.lock" {
            std::fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

fn numbers(till: u16, count: usize) -> Vec<String> {
    (1..=count).map(|n| format!("CHK-T{till}-{n:06}")).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cloned_till_forks_and_after_the_server_is_put_back_every_life_arrives_again() {
    let mut site = Site::open(1).await;
    let (first, clone) = (site.folder("first"), site.folder("clone"));
    let till = Till::joined(&first, &site, 0).await;
    till.sell().await;
    till.sent().await;
    let state = &site.server.as_ref().unwrap().state;
    let old = backup::backup(state, &site.folder("old")).await.unwrap();
    till.close().await;
    copy_folder(&first, &clone);

    // Two machines with one enrolment: both sell, both numbers are the same, both sales are kept.
    let (till, twin) = (Till::open(&first).await, Till::open(&clone).await);
    till.sign_in().await;
    twin.sign_in().await;
    till.sell().await;
    till.sent().await;
    twin.sell().await;
    twin.sell().await;
    twin.sent().await;
    assert_eq!(site.receipts().await, ["CHK-T1-000001", "CHK-T1-000002", "CHK-T1-000002", "CHK-T1-000003"]);
    let exceptions = site.exceptions().await;
    assert!(
        exceptions.iter().any(|code| code == "journal_fork" || code == "journal_restarted"),
        "the owner is told: {exceptions:?}"
    );
    twin.until("the word at the till", async |till: &Till| !till.state().await.sync.notices.is_empty()).await;
    let exceptions: ExceptionsView =
        twin.call("exceptions.list", &json!({ "open": true, "cursor": null })).await;
    let id = exceptions.exceptions[0].exception_id.clone();
    let seen: ExceptionView = twin.call("exceptions.look", &json!({ "exception_id": id })).await;
    assert_eq!(seen.steps[0].kind, "seen");
    for row in &exceptions.exceptions {
        let settle = json!({
            "exception_id": row.exception_id, "act": "resolve", "note": "a copy of the disk", "approval": null,
        });
        let settled: ExceptionView = twin.call("exceptions.settle", &settle).await;
        assert_eq!(settled.row.resolved_by.as_deref(), Some(shop::STAFF_NAME));
    }
    let _: SyncView = twin.call("sync.now", &Nothing {}).await;
    twin.until("nothing to look at", async |till: &Till| till.state().await.sync.notices.is_empty()).await;

    // The server is put back from before all that; every till sends what it lacks, older lives too.
    site.verified().await;
    site.stop().await;
    restore::restore(site.config.clone(), &old.file, Arc::new(sync_server::seams::SystemClock))
        .await
        .unwrap();
    site.start().await;
    assert_eq!(site.receipts().await, ["CHK-T1-000001"], "the fault fired");
    till.sent().await;
    twin.sent().await;
    till.sent().await;
    let end = Instant::now() + DEADLINE;
    while site.receipts().await.len() < 4 {
        assert!(Instant::now() < end, "{:?}", site.receipts().await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(site.receipts().await, ["CHK-T1-000001", "CHK-T1-000002", "CHK-T1-000002", "CHK-T1-000003"]);
    site.verified().await;
    till.close().await;
    twin.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_unsent_sales_of_a_dead_till_arrive_by_file() {
    let mut site = Site::open(1).await;
    let folder = site.folder("till");
    let till = Till::joined(&folder, &site, 0).await;
    till.sell().await;
    till.sent().await;
    site.stop().await;
    till.sell().await;
    till.sell().await;
    till.close().await;
    site.start().await;

    let refused = handover::wipe(&folder, None, &seams::SystemClock).unwrap_err();
    assert!(refused.to_string().contains("not at the server yet"), "{refused}");
    let file = site.folder("tail.kedai-journal");
    let aside = handover::wipe(&folder, Some(&file), &seams::SystemClock).unwrap();
    assert!(aside.join("kedai.db").exists() && !folder.join("device.key").exists());

    let state = &site.server.as_ref().unwrap().state;
    for round in 0..2 {
        let done = import::import(state, &file, Stranger::Refused, &mut |_| {}).await.unwrap();
        assert_eq!((done.stored > 0, done.left.len()), (round == 0, 0), "{done:?}");
    }
    assert_eq!(site.receipts().await, numbers(1, 3));
    site.verified().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_image_and_a_lost_store_sell_on_under_new_lives_and_people_see_it() {
    let site = Site::open(1).await;
    let (folder, image) = (site.folder("till"), site.folder("image"));
    let till = Till::joined(&folder, &site, 0).await;
    till.sell().await;
    till.sent().await;
    till.close().await;
    copy_folder(&folder, &image);
    let till = Till::open(&folder).await;
    till.sign_in().await;
    till.sell().await;
    till.sent().await;
    till.close().await;

    // The image is put back: it has no unsent sale, and still finds that the server knows more.
    let till = Till::open(&image).await;
    till.sign_in().await;
    till.sent().await;
    till.sell().await;
    till.sent().await;
    assert_eq!(site.receipts().await.len(), 3, "{:?}", site.receipts().await);
    let exceptions = site.exceptions().await;
    assert!(
        exceptions.iter().any(|code| code == "journal_fork" || code == "journal_restarted"),
        "the owner is told: {exceptions:?}"
    );
    till.close().await;

    // And then its store is gone altogether.
    std::fs::remove_file(image.join("kedai.db")).unwrap();
    let till = Till::open(&image).await;
    let state = till.state().await;
    assert_eq!((state.stage, state.rescue.unwrap().found.as_str()), (Stage::NeedsRescue, "missing"));
    let _: AppState = till.call("rescue.begin", &Nothing {}).await;
    till.sign_in().await;
    let _: AppState = till.call("drawer.open", &json!({ "opening_float": "100000 GBP" })).await;
    let number = till.sell().await;
    assert!(number.as_str() > "CHK-T1-000999", "{number} could have been given out before");
    till.sent().await;
    assert_eq!(site.receipts().await.len(), 4);
    let lost: Vec<Value> = site
        .column("SELECT details FROM exceptions WHERE code = 'journal_restarted' ORDER BY created_at, epoch")
        .await
        .iter()
        .map(|text| serde_json::from_str(text).unwrap())
        .collect();
    let reasons: Vec<&str> = lost.iter().map(|details| details["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons.last(), Some(&"lost"), "{reasons:?}");
    site.verified().await;
    till.close().await;
}
