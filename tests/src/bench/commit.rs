//! The commit of a sale beside one bare durable SQLite transaction of the same bytes.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use rusqlite::Connection;
use serde_json::{Value, json};
use terminal::engine::{ClientId, Engine, EngineOptions};
use terminal::views::{CartView, ReceiptView};

use super::table::{Figure, Samples};
use crate::shop::{self, Shop};

const CATALOGUE: &str = "sku,name,category,price,unit,barcodes,tax\n\
    B1,White bread,Bakery,1.80,piece,2000000000107,\n\
    B2,Butter 250 g,Dairy,3.25,piece,2000000000114,\n\
    B3,Eggs (10),Dairy,2.95,piece,2000000000121,\n\
    B4,Coffee 500 g,Drinks,7.40,piece,2000000000138,\n";

/// Measures `sales` sales of four lines in cash, each followed by its floor.
///
/// # Errors
/// When a step fails.
pub async fn run(programs: &Path, folder: &Path, sales: usize) -> Result<Vec<Figure>> {
    let mut shop = Shop::open(programs, folder, None, 1).await?;
    shop.import(CATALOGUE.to_owned()).await?;
    let (url, code) = (shop.url(), shop.pairing_codes[0].clone());
    let folder = folder.to_path_buf();
    let figures = tokio::task::spawn_blocking(move || measure(&folder, &url, &code, sales)).await??;
    shop.stop()?;
    Ok(figures)
}

fn measure(folder: &Path, url: &str, code: &str, sales: usize) -> Result<Vec<Figure>> {
    let till = Till::enrolled(&folder.join("terminal"), url, code)?;
    till.open_shift()?;
    // Twice through the first tenth: the caches of both are warm before it counts.
    let mut sizes = Vec::new();
    for _ in 0..sales / 10 {
        sizes.push(till.sale(&mut Samples::default())?);
    }
    let bytes = sizes.iter().sum::<usize>() / sizes.len().max(1);
    let floor = Floor::open(&folder.join("floor.db"), bytes)?;
    for _ in 0..sales / 10 {
        floor.commit(&mut Samples::default())?;
    }
    let (mut paid, mut bare) = (Samples::default(), Samples::default());
    for _ in 0..sales {
        till.sale(&mut paid)?;
        floor.commit(&mut bare)?;
    }
    till.stop();
    let figure = |name: &str, percent: usize, target, paid: &mut Samples, bare: &mut Samples| Figure {
        name: name.to_owned(),
        value: paid.percentile_ms(percent),
        unit: "ms",
        floor: Some(bare.percentile_ms(percent)),
        floor_name: "bare durable transaction of the same bytes",
        target,
        is_rate: false,
    };
    let half = figure("commit of a sale, 4 lines, cash: p50", 50, None, &mut paid, &mut bare);
    let ratio = Figure {
        name: format!("  ratio of the medians ({bytes} bytes a sale)"),
        value: half.value / half.floor.unwrap_or(half.value),
        unit: "×",
        floor: None,
        floor_name: "",
        target: Some(2.0),
        is_rate: false,
    };
    let late = figure("commit of a sale, 4 lines, cash: p99", 99, Some(20.0), &mut paid, &mut bare);
    Ok(vec![half, ratio, late])
}

/// A till in this process, used by the same commands as the screens.
pub struct Till {
    engine: std::sync::Arc<Engine>,
    client: ClientId,
}

impl Till {
    /// A new till of a shop.
    ///
    /// # Errors
    /// When it cannot be enrolled.
    pub fn enrolled(folder: &Path, url: &str, code: &str) -> Result<Self> {
        let till = Self::start(folder)?;
        till.enrol(url, code)?;
        till.wait_until_loaded()?;
        till.sign_in()?;
        Ok(till)
    }

    /// A till in a folder.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start(folder: &Path) -> Result<Self> {
        Self::start_with(EngineOptions::new(folder))
    }

    /// A till with other options.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_with(options: EngineOptions) -> Result<Self> {
        Ok(Self { engine: Engine::start(options)?, client: ClientId::window() })
    }

    /// Joins the outlet of a pairing code; the catalogue is then loaded in the background.
    ///
    /// # Errors
    /// When the server refuses.
    pub fn enrol(&self, url: &str, code: &str) -> Result<()> {
        let input = json!({ "server_url": url, "pairing_code": code, "device_name": "Bench" });
        self.call("enrol.start", input).map(drop)
    }

    /// Waits for the catalogue.
    ///
    /// # Errors
    /// When it does not come within two minutes.
    pub fn wait_until_loaded(&self) -> Result<()> {
        let start = Instant::now();
        while self.call("app.state", json!({}))?["stage"] != "signed_out" {
            anyhow::ensure!(start.elapsed().as_secs() < 120, "the catalogue does not come");
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        Ok(())
    }

    /// Signs the manager in.
    ///
    /// # Errors
    /// When there is none.
    pub fn sign_in(&self) -> Result<()> {
        let list = self.call("staff.list", json!({}))?;
        let staff = list["staff"].as_array().context("no staff")?;
        let person = staff.iter().find(|person| person["name"] == shop::STAFF_NAME).context("no manager")?;
        self.call("staff.sign_in", json!({ "staff_id": person["staff_id"], "pin": shop::PIN }))?;
        Ok(())
    }

    /// Opens the drawer.
    ///
    /// # Errors
    /// When it is open.
    pub fn open_shift(&self) -> Result<()> {
        self.call("drawer.open", json!({ "opening_float": "10000 GBP" })).map(drop)
    }

    /// Sends a command.
    ///
    /// # Errors
    /// When the till refuses it.
    pub fn call(&self, command: &str, input: Value) -> Result<Value> {
        self.engine
            .call(&self.client, command, input)
            .map_err(|error| anyhow::anyhow!("{command}: {:?} {}", error.code, error.message))
    }

    /// Sends a command as the screens do, JSON in and JSON out, and notes how long the till took.
    ///
    /// # Errors
    /// When the till refuses it.
    pub fn timed(&self, command: &str, input: &Value, samples: &mut Samples) -> Result<Vec<u8>> {
        let input = serde_json::to_vec(input)?;
        let start = Instant::now();
        let output = self.engine.call_bytes(&self.client, command, &input);
        samples.push(start.elapsed());
        output.map_err(|error| anyhow::anyhow!("{command}: {:?} {}", error.code, error.message))
    }

    /// Sells one thing by its barcode, in cash, and notes how long it took from the scan to the receipt.
    ///
    /// # Errors
    /// When the till refuses it.
    pub fn sell(&self, barcode: &str, samples: &mut Samples) -> Result<()> {
        let start = Instant::now();
        let cart = self.call("register.scan", json!({ "code": barcode, "quantity": null }))?;
        let total = &cart["total"];
        let tenders = json!([{ "kind": "cash", "given": total }]);
        self.call("checkout.pay", json!({ "cart_id": cart["cart_id"], "total": total, "tenders": tenders }))?;
        samples.push(start.elapsed());
        Ok(())
    }

    /// Four scans and the payment; only the payment is timed. Gives the bytes that the sale stored.
    fn sale(&self, samples: &mut Samples) -> Result<usize> {
        let mut cart = Value::Null;
        for barcode in ["2000000000107", "2000000000114", "2000000000121", "2000000000138"] {
            cart = self.call("register.scan", json!({ "code": barcode, "quantity": null }))?;
        }
        let cart: CartView = serde_json::from_value(cart)?;
        let total = cart.total.context("no total")?;
        let tenders = json!([{ "kind": "cash", "given": total }]);
        let input = json!({ "cart_id": cart.cart_id, "total": total, "tenders": tenders });
        let receipt: ReceiptView = serde_json::from_slice(&self.timed("checkout.pay", &input, samples)?)?;
        // The order's own row and its event in the journal: the least that must be on the disk.
        Ok(2 * serde_json::to_vec(&receipt.order)?.len())
    }

    /// Ends it.
    pub fn stop(self) {
        self.engine.stop();
    }
}

/// The floor: one durable transaction of as many bytes, with nothing computed.
struct Floor {
    db: Connection,
    blob: Vec<u8>,
}

impl Floor {
    fn open(path: &Path, bytes: usize) -> Result<Self> {
        let db = Connection::open(path)?;
        db.pragma_update(None, "journal_mode", "WAL")?;
        db.pragma_update(None, "synchronous", "FULL")?;
        db.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)", [])?;
        Ok(Self { db, blob: vec![b'x'; bytes] })
    }

    fn commit(&self, samples: &mut Samples) -> Result<()> {
        let start = Instant::now();
        self.db.execute_batch("BEGIN IMMEDIATE")?;
        self.db.prepare_cached("INSERT INTO bare (bytes) VALUES (?1)")?.execute([&self.blob])?;
        self.db.execute_batch("COMMIT")?;
        samples.push(start.elapsed());
        Ok(())
    }
}
