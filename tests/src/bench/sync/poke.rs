//! A changed price on its way: from headquarters' request until the till reads it from its own store, the wire for news open.
//!
//! It counts as there when a till that was told of a change looks the item up and finds the new price: by then the page is
//! committed, and the next scan sells at it.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use shared::UnitPrice;
use terminal::views::{ChangedWord, ItemInput, ItemView};
use tokio::time::{sleep, timeout};

use super::Ground;
use crate::bench::table::{Figure, Samples};
use crate::shop::Shop;
use crate::till::{Changes, Till};

/// Changes measured, one after another.
const CHANGES: usize = 300;
/// Changes before them, for caches, files and statements.
const WARMING: usize = 20;
/// The longest that a change may take.
const DEADLINE: Duration = Duration::from_secs(20);
const CATALOGUE: &str = "sku,name,category,price,unit,barcodes,tax\n\
    B1,White bread,Bakery,1.80,piece,2000000000107,\n\
    B2,Butter 250 g,Dairy,3.25,piece,2000000000114,\n";

/// Measures on SQLite and on PostgreSQL.
///
/// # Errors
/// When a step fails, or a price does not arrive.
pub async fn run(ground: &Ground) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    if ground.wants("poke sqlite") {
        figures.extend(on(ground, "SQLite", None).await?);
    }
    if ground.wants("poke postgres")
        && let Some(url) = ground.database("kedai_poke").await?
    {
        figures.extend(on(ground, "PostgreSQL", Some(&url)).await?);
    }
    Ok(figures)
}

async fn on(ground: &Ground, engine: &str, url: Option<&str>) -> Result<Vec<Figure>> {
    let folder = ground.folder(&format!("poke-{}", engine.to_lowercase()))?;
    let mut shop = Shop::open(&ground.programs, &folder, url, 1).await?;
    shop.import(CATALOGUE.to_owned()).await?;
    let mut till = Till::new(&ground.programs, &folder.join("terminal"), None)?;
    let code = shop.pairing_codes.first().context("no pairing code")?.clone();
    till.start(Some((&shop.url(), &code))).await?;
    till.wait_until_loaded().await?;
    let start = Instant::now();
    while shop.metric("kedai_live_terminals").await? < 1.0 {
        ensure!(start.elapsed() < DEADLINE, "the till does not listen for news");
        sleep(Duration::from_millis(20)).await;
    }
    let products = shop.get("/products?limit=1").await?;
    let item_id = products["products"][0]["item_id"].as_str().context("no product")?;
    let item = ItemInput { item_id: item_id.parse()? };
    let mut changes = Changes::listen(&till.url()).await?;

    let http = reqwest::Client::new();
    let health = format!("{}/health", shop.url());
    let (mut whole, mut after, mut bare) = (Samples::default(), Samples::default(), Samples::default());
    for number in 0..WARMING + CHANGES {
        let price: UnitPrice = format!("{}.{:02}", 2 + number / 100, number % 100).parse()?;
        let asked = Instant::now();
        shop.patch(&format!("/products/{item_id}"), &json!({ "unit_price": price })).await?;
        let answered = Instant::now();
        let arrival = arrives(&mut till, &mut changes, &item, price);
        timeout(DEADLINE, arrival).await.with_context(|| format!("the price {price} does not arrive"))??;
        let (from_request, from_answer) = (asked.elapsed(), answered.elapsed());
        let sent = Instant::now();
        http.get(&health).send().await?.error_for_status()?.bytes().await?;
        if number >= WARMING {
            whole.push(from_request);
            after.push(from_answer);
            bare.push(sent.elapsed());
        }
        // At once and after any pause up to a twentieth of a second: whatever the network holds back, it holds back there.
        sleep(Duration::from_millis(u64::try_from(number * 7 % 51)?)).await;
    }
    till.stop()?;
    shop.stop()?;

    let name = |text: &str| format!("{engine}: {text}");
    let floor = "GET /health of the same server";
    Ok(vec![
        Figure::new(name("price asked for → in the till's store: p50"), whole.percentile_ms(50), "ms")
            .floor(bare.percentile_ms(50), floor)
            .at_most(15.0),
        Figure::new(name("price asked for → in the till's store: p99"), whole.percentile_ms(99), "ms")
            .floor(bare.percentile_ms(99), floor)
            .at_most(70.0),
        Figure::new(name("  of it after the server's answer: p50"), after.percentile_ms(50), "ms"),
        Figure::new(name("  of it after the server's answer: p99"), after.percentile_ms(99), "ms"),
    ])
}

/// Waits until the till, told of a change of its catalogue, reads the price.
async fn arrives(till: &mut Till, changes: &mut Changes, item: &ItemInput, price: UnitPrice) -> Result<()> {
    loop {
        let changed = changes.next().await?;
        if !changed.what.contains(&ChangedWord::Catalogue) {
            continue;
        }
        let seen: ItemView = till.call("catalogue.item", item).await?;
        if seen.item.unit_price == Some(price) {
            return Ok(());
        }
    }
}
