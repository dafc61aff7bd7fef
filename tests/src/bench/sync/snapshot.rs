//! A whole catalogue on its way down: into a fresh till, and into one that sells meanwhile.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};

use super::{Ground, floor};
use crate::bench::catalogue::{barcode, catalogue};
use crate::bench::commit::Till;
use crate::bench::table::{Figure, Samples, as_f64, median};
use crate::shop::Shop;

/// Fresh tills, and readings anew of one that sells.
const ROUNDS: u16 = 3;
/// What a fresh till may take for each item, in seconds.
const SECONDS_PER_ITEM: f64 = 0.35 / 50_000.0;
/// Sales at rest, to compare with.
const AT_REST: usize = 200;
/// Between two sales: quicker than any person, slow enough to leave the machine to what is measured.
const PAUSE: Duration = Duration::from_millis(5);
/// The longest that anything may take.
const DEADLINE: Duration = Duration::from_secs(300);

/// Measures a catalogue and one of half the size.
///
/// # Errors
/// When a step fails, or a till holds something else than the server.
pub async fn run(ground: &Ground) -> Result<Vec<Figure>> {
    let mut figures = of(ground, ground.items / 2).await?;
    figures.extend(of(ground, ground.items).await?);
    Ok(figures)
}

async fn of(ground: &Ground, items: usize) -> Result<Vec<Figure>> {
    let folder = ground.folder(&format!("snapshot-{items}"))?;
    let mut shop = Shop::open(&ground.programs, &folder, None, ROUNDS).await?;
    shop.import(catalogue(items)).await?;
    let bytes = bytes_of_an_item(&shop.data())?;

    let (mut loads, mut floors, mut last) = (Vec::new(), Vec::new(), None);
    for (round, code) in shop.pairing_codes.clone().into_iter().enumerate() {
        let rate = floor::sqlite(&folder, items, items, bytes)?;
        floors.push(as_f64(items) / rate);
        let (place, url) = (folder.join(format!("terminal-{round}")), shop.url());
        let loading = tokio::task::spawn_blocking(move || load(&place, &url, &code, items));
        let (till, took) = loading.await??;
        loads.push(took);
        if let Some(before) = last.replace(till) {
            end(before).await?;
        }
    }
    let first = loads.first().copied().unwrap_or(0.0);

    let mut seller = Seller::new(last.context("no till")?, items);
    seller = tokio::task::spawn_blocking(move || seller.at_rest()).await??;
    let mut anew = Vec::new();
    for _ in 0..ROUNDS {
        shop.put_back().await?;
        let before = seller.pulled_at()?;
        shop.start().await?;
        let (back, took) = tokio::task::spawn_blocking(move || seller.read_anew(&before)).await??;
        seller = back;
        anew.push(took);
    }
    let Seller { till, mut at_rest, mut meanwhile, .. } = seller;
    end(till).await?;
    shop.stop()?;

    let name = |text: &str| format!("{items} items of {bytes} B: {text}");
    let bare = median(&mut floors);
    let bare_name = "the same bytes into one bare table, one commit";
    Ok(vec![
        Figure::new(name("fresh till, enrolled → sells"), median(&mut loads), "s")
            .floor(bare, bare_name)
            .at_most(SECONDS_PER_ITEM * as_f64(items)),
        Figure::new(name("  the very first of them"), first, "s").floor(bare, bare_name),
        Figure::new(name("a till that sells reads all anew"), median(&mut anew), "s").floor(bare, bare_name),
        Figure::new(name("  a sale meanwhile: p50"), meanwhile.percentile_ms(50), "ms")
            .floor(at_rest.percentile_ms(50), "the same till at rest"),
        Figure::new(
            format!("  of {} sales meanwhile: p99", meanwhile.len()),
            meanwhile.percentile_ms(99),
            "ms",
        )
        .floor(at_rest.percentile_ms(99), "the same till at rest")
        .at_most(20.0),
    ])
}

/// How large an item is on its way, in the mean.
fn bytes_of_an_item(data: &Path) -> Result<usize> {
    let file = data.join("kedai-server.db");
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let sql = "SELECT CAST(AVG(LENGTH(body)) AS INTEGER) FROM feed_rows WHERE entity = 'item'";
    Ok(usize::try_from(db.query_row(sql, [], |row| row.get::<_, i64>(0))?)?)
}

/// Enrols a fresh till; how many seconds later it sells what the server sells.
fn load(folder: &Path, url: &str, code: &str, items: usize) -> Result<(Till, f64)> {
    let till = Till::start(folder)?;
    till.enrol(url, code)?;
    let enrolled = Instant::now();
    till.wait_until_loaded()?;
    let took = enrolled.elapsed().as_secs_f64();
    till.sign_in()?;
    till.open_shift()?;
    check(&till, items)?;
    Ok((till, took))
}

/// Whether a till holds every item and finds the last one by its barcode.
fn check(till: &Till, items: usize) -> Result<()> {
    let held = till.call("sync.detail", json!({}))?;
    ensure!(held["items"] == json!(items), "the till holds {} items of {items}", held["items"]);
    let cart = till.call("register.scan", json!({ "code": barcode(items - 1), "quantity": null }))?;
    ensure!(cart["lines"].as_array().is_some_and(|lines| lines.len() == 1), "the last item is not found");
    till.call("register.void", json!({ "reason": "bench", "approval": null }))?;
    Ok(())
}

/// A person who sells on, whatever the till reads meanwhile.
struct Seller {
    till: Till,
    items: usize,
    sold: usize,
    at_rest: Samples,
    meanwhile: Samples,
}

impl Seller {
    fn new(till: Till, items: usize) -> Self {
        Self { till, items, sold: 0, at_rest: Samples::default(), meanwhile: Samples::default() }
    }

    /// The next item of the shelf.
    fn next(&mut self) -> String {
        self.sold += 1;
        barcode(self.sold * 7_919 % self.items)
    }

    fn at_rest(mut self) -> Result<Self> {
        for _ in 0..AT_REST {
            let code = self.next();
            self.till.sell(&code, &mut self.at_rest)?;
            std::thread::sleep(PAUSE);
        }
        Ok(self)
    }

    /// Sells until everything was read anew; how many seconds that took.
    fn read_anew(mut self, before: &Value) -> Result<(Self, f64)> {
        let start = Instant::now();
        // Not at a time that chance gives the till after failures.
        self.till.call("sync.now", json!({}))?;
        while self.pulled_at()? == *before {
            ensure!(start.elapsed() < DEADLINE, "the catalogue is not read anew");
            let code = self.next();
            self.till.sell(&code, &mut self.meanwhile)?;
            std::thread::sleep(PAUSE);
        }
        let took = start.elapsed().as_secs_f64();
        check(&self.till, self.items)?;
        Ok((self, took))
    }

    /// When the till last had everything.
    fn pulled_at(&self) -> Result<Value> {
        Ok(self.till.call("sync.detail", json!({}))?["pulled_at"].take())
    }
}

async fn end(till: Till) -> Result<()> {
    Ok(tokio::task::spawn_blocking(move || till.stop()).await?)
}
