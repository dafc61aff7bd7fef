//! A catalogue of 100,000 items: start, memory, scan and search.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use rusqlite::Connection;
use serde_json::json;
use terminal::views::{AppState, Nothing, ScanInput};

use super::commit::Till as InProcess;
use super::table::{Figure, Samples};
use crate::invariants::read;
use crate::program::resident_mib;
use crate::shop::{self, Shop};
use crate::till::Till;

const FIRST: [&str; 24] = [
    "Kopi", "Teh", "Susu", "Roti", "Nasi", "Mie", "Ayam", "Ikan", "Sapi", "Jeruk", "Apel", "Mangga", "Bánh",
    "Phở", "Cà phê", "Trà", "Gạo", "Nước", "Bread", "Butter", "Cheese", "Apple", "Soap", "Candle",
];
const SECOND: [&str; 20] = [
    "manis",
    "pedas",
    "goreng",
    "bakar",
    "segar",
    "hitam",
    "putih",
    "sữa",
    "đá",
    "đường",
    "gừng",
    "xanh",
    "small",
    "large",
    "fresh",
    "organic",
    "smoked",
    "roasted",
    "salted",
    "sweet",
];

/// Measures with `items` items.
///
/// # Errors
/// When a step fails.
pub async fn run(programs: &Path, folder: &Path, items: usize) -> Result<Vec<Figure>> {
    let mut shop = Shop::open(programs, folder, None, 1).await?;
    let import = Instant::now();
    shop.import(catalogue(items)).await?;
    let import_seconds = import.elapsed().as_secs_f64();

    let data = folder.join("terminal");
    let mut till = Till::new(programs, &data, None)?;
    till.start(Some((&shop.url(), &shop.pairing_codes[0].clone()))).await?;
    let load = Instant::now();
    till.wait_until_loaded().await?;
    let load_seconds = load.elapsed().as_secs_f64();
    till.stop()?;

    let mut starts = Samples::default();
    let mut memory_mib = 0.0_f64;
    for _ in 0..5 {
        let start = Instant::now();
        till.start(None).await?;
        till.sign_in(shop::STAFF_NAME, shop::PIN).await?;
        let scan = ScanInput { code: barcode(items / 2), quantity: None };
        till.call::<_, serde_json::Value>("register.scan", &scan).await?;
        starts.push(start.elapsed());
        for number in 0..300 {
            let query = query(number);
            till.call::<_, serde_json::Value>("catalogue.search", &json!({ "query": query })).await?;
            let scan = ScanInput { code: barcode(number * 37 % items), quantity: None };
            till.call::<_, serde_json::Value>("register.scan", &scan).await?;
        }
        memory_mib = memory_mib.max(resident_mib(till.process_id().context("no process")?)?);
        till.call::<_, serde_json::Value>("register.void", &json!({ "reason": "bench", "approval": null }))
            .await?;
        let state: AppState = till.call("app.state", &Nothing {}).await?;
        ensure!(state.cart.lines.is_empty(), "the cart is not empty");
        till.stop()?;
    }
    let floors = folder.join("floor.db");
    let (mut scans, mut scan_floor, mut searches) =
        tokio::task::spawn_blocking(move || in_process(&data, &floors, items)).await??;
    shop.stop()?;

    let figure = |name: &str, value: f64, unit, target| Figure {
        name: name.to_owned(),
        value,
        unit,
        floor: None,
        floor_name: "",
        target,
        is_rate: false,
    };
    let mut scan = figure("barcode → line, durable: p99", scans.percentile_ms(99), "ms", Some(1.0));
    scan.floor = Some(scan_floor.percentile_ms(99));
    scan.floor_name = "indexed look-up and a bare durable transaction";
    let mut scan_half = figure("barcode → line, durable: p50", scans.percentile_ms(50), "ms", None);
    scan_half.floor = Some(scan_floor.percentile_ms(50));
    scan_half.floor_name = "the same";
    Ok(vec![
        figure(&format!("import of {items} items"), import_seconds, "s", None),
        figure(&format!("first loading of {items} items"), load_seconds, "s", None),
        scan_half,
        scan,
        figure("name search: p50", searches.percentile_ms(50), "ms", None),
        figure("name search: p95", searches.percentile_ms(95), "ms", Some(20.0)),
        figure("resident memory of the engine", memory_mib, "MiB", Some(150.0)),
        figure("start to first line (median of 5)", starts.percentile_ms(50) / 1_000.0, "s", Some(2.0)),
    ])
}

/// Scans beside their floor, and searches, by the commands of the screens.
fn in_process(data: &Path, floors: &Path, items: usize) -> Result<(Samples, Samples, Samples)> {
    let till = InProcess::start(data)?;
    till.sign_in()?;
    let floor = Connection::open(floors)?;
    floor.pragma_update(None, "journal_mode", "WAL")?;
    floor.pragma_update(None, "synchronous", "FULL")?;
    floor.execute_batch("CREATE TABLE bare (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);")?;
    let catalogue = read::catalogue_file(data, &read::open(&data.join(read::TERMINAL_FILE))?)?;
    let reader = Connection::open_with_flags(catalogue, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let blob = vec![b'x'; 400];
    let (mut scans, mut floor_samples, mut searches) =
        (Samples::default(), Samples::default(), Samples::default());
    for number in 0..2_000 {
        let code = barcode(number * 7_919 % items);
        let input = json!({ "code": code, "quantity": null });
        let mut warming = Samples::default();
        till.timed("register.scan", &input, if number >= 100 { &mut scans } else { &mut warming })?;
        let start = Instant::now();
        let _: i64 = reader
            .prepare_cached("SELECT item_no FROM item_codes WHERE code = ?1")?
            .query_row([&code], |row| row.get(0))?;
        floor.prepare_cached("INSERT INTO bare (bytes) VALUES (?1)")?.execute([&blob])?;
        if number >= 100 {
            floor_samples.push(start.elapsed());
        }
        // Carts are those of a shop: forty lines at the most.
        if number % 40 == 39 {
            till.call("register.void", json!({ "reason": "bench", "approval": null }))?;
        }
    }
    for number in 0..1_000 {
        let input = json!({ "query": query(number) });
        let found: serde_json::Value =
            serde_json::from_slice(&till.timed("catalogue.search", &input, &mut searches)?)?;
        ensure!(
            found["tiles"].as_array().is_some_and(|tiles| !tiles.is_empty()),
            "nothing found for {}",
            query(number)
        );
    }
    till.stop();
    Ok((scans, floor_samples, searches))
}

/// What a cashier types: two to six letters of a word, or parts of two words.
fn query(number: usize) -> String {
    let first = FIRST[number % FIRST.len()];
    let length = 2 + number % 4;
    let start: String = first.chars().take(length).collect();
    if number.is_multiple_of(3) { format!("{start} {}", SECOND[number % SECOND.len()]) } else { start }
}

/// A file of so many items to import.
pub fn catalogue(items: usize) -> String {
    let mut csv = String::from("sku,name,category,price,unit,barcodes,tax\n");
    for number in 0..items {
        // Steps without a common factor, so that every first word meets every second one.
        let name = format!(
            "{} {} {number}",
            FIRST[number % FIRST.len()],
            SECOND[number / FIRST.len() % SECOND.len()]
        );
        let price = format!("{}.{:02}", 1 + number % 90, number % 100);
        let _ = writeln!(csv, "S{number:06},{name},Shelf {},{price},piece,{},", number % 40, barcode(number));
    }
    csv
}

/// The barcode of an item of [`catalogue`]: an in-store code of 13 digits with its check digit.
pub fn barcode(number: usize) -> String {
    let body = format!("21{number:010}");
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| u32::from(b - b'0') * if i % 2 == 0 { 3 } else { 1 })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}
