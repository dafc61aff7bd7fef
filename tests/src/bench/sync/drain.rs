//! A till that sold while it was alone hands everything in, and sells on meanwhile.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use terminal::engine::EngineOptions;
use terminal::views::{Nothing, ScanInput, SyncDetailView};

use super::Ground;
use crate::bench::commit::Till as InProcess;
use crate::bench::table::{Figure, Samples, as_f64};
use crate::crowd::{Teller, Wire};
use crate::program::peak_mib;
use crate::shop::{self, Shop, plain_outlet};
use crate::till::Till;

/// What is sold.
const CATALOGUE: &str =
    "sku,name,category,price,unit,barcodes,tax\nB1,White bread,Bakery,1.80,piece,2000000000107,\n";
const BARCODE: &str = "2000000000107";
/// Its price in minor units.
const PRICE: i64 = 180;
/// Between two sales while it drains.
const EVERY: Duration = Duration::from_millis(50);
/// Sales between two looks at how far it is.
const LOOK: usize = 5;
/// Sales at rest, to compare with.
const AT_REST: usize = 200;
/// The longest that it may take.
const DEADLINE: Duration = Duration::from_secs(600);

/// Measures a till with as many orders as are asked for.
///
/// # Errors
/// When a step fails, or the server does not hold every order once.
pub async fn run(ground: &Ground) -> Result<Vec<Figure>> {
    let (folder, orders) = (ground.folder("drain")?, ground.orders);
    let mut shop = Shop::open(&ground.programs, &folder, None, 2).await?;
    shop.import(CATALOGUE.to_owned()).await?;
    let codes = shop.pairing_codes.clone();
    let (url, data) = (shop.url(), folder.join("terminal"));
    let (alone, teller) = (codes.first().context("no code")?, codes.get(1).context("no code")?);
    let mut teller =
        Teller::enrol(&url, teller, |id| plain_outlet(id, "CHK", crate::trade::currency())).await?;
    let floor = receive(&shop, &mut teller, orders / 10).await?;

    let filling = tokio::task::spawn_blocking({
        let (data, url, code) = (data.clone(), url.clone(), alone.clone());
        move || -> Result<InProcess> {
            let till = quick(&data)?;
            till.enrol(&url, &code)?;
            till.wait_until_loaded()?;
            Ok(till)
        }
    });
    let till = filling.await??;
    shop.stop()?;
    println!("selling {orders} orders without the server");
    let begun = Instant::now();
    tokio::task::spawn_blocking(move || fill(till, orders)).await??;
    println!("sold after {:.0} s", begun.elapsed().as_secs_f64());
    shop.start().await?;

    let mut seller = Seller { till: Till::new(&ground.programs, &data, None)?, sold: 0 };
    let start = Instant::now();
    seller.till.start(None).await?;
    let (drained, mut meanwhile) = seller.drain(start, orders).await?;
    let (again, last) = (Instant::now(), seller.sold);
    seller.till.wait_until_sent(DEADLINE).await?;
    let newest = again.elapsed();
    let mut at_rest = Samples::default();
    for _ in 0..AT_REST {
        seller.sell(&mut at_rest).await?;
        tokio::time::sleep(EVERY / 5).await;
    }
    seller.till.wait_until_sent(DEADLINE).await?;
    let memory = peak_mib(seller.till.process_id().context("no till")?)?;
    let server_memory = peak_mib(shop.process_id().context("no server")?)?;
    seller.till.stop()?;

    let sold = orders + seller.sold;
    let held = held(&shop.data(), sold + usize::try_from(teller.seq)?).await?;
    shop.stop()?;
    let takings = PRICE * i64::try_from(sold)? + teller.takings();
    ensure!(held == takings, "the server holds {held} of takings, the tills took {takings}");

    let seconds = drained.as_secs_f64();
    let rest = "the same till at rest";
    Ok(vec![
        Figure::new(format!("a till hands {orders} orders in, from its start"), seconds, "s")
            .floor(as_f64(orders) / floor, "the server's receiving from one till, ready made")
            .at_most(60.0 * as_f64(orders) / 100_000.0),
        Figure::new("  a sale meanwhile: p50", meanwhile.percentile_ms(50), "ms")
            .floor(at_rest.percentile_ms(50), rest),
        Figure::new(format!("  of {last} sales meanwhile: p99"), meanwhile.percentile_ms(99), "ms")
            .floor(at_rest.percentile_ms(99), rest)
            .at_most(50.0),
        Figure::new("  the newest of them handed in, after the old ones", newest.as_secs_f64(), "s"),
        Figure::new("  the till's peak memory", memory, "MiB").at_most(200.0),
        Figure::new("  the server's peak memory", server_memory, "MiB"),
    ])
}

/// How many orders a second the server takes from one till that has its pushes ready.
async fn receive(shop: &Shop, teller: &mut Teller, orders: usize) -> Result<f64> {
    let parcels = teller.parcels(orders, 500, 1)?;
    let mut wire = Wire::connect(shop.port()).await?;
    let start = Instant::now();
    for parcel in &parcels {
        parcel.check(&wire.send(&parcel.request).await?)?;
    }
    Ok(as_f64(orders) / start.elapsed().as_secs_f64())
}

/// A till whose commits do not wait for the disk: its store holds the same as any other's, only sooner.
fn quick(folder: &Path) -> Result<InProcess> {
    let mut options = EngineOptions::new(folder);
    options.commit = Some(Box::new(|db| db.execute_batch("COMMIT; PRAGMA synchronous = OFF")));
    InProcess::start_with(options)
}

fn fill(till: InProcess, orders: usize) -> Result<()> {
    till.sign_in()?;
    till.open_shift()?;
    let mut samples = Samples::default();
    for _ in 0..orders {
        till.sell(BARCODE, &mut samples)?;
    }
    till.stop();
    Ok(())
}

/// The till's process and the person who sells at it.
struct Seller {
    till: Till,
    sold: usize,
}

impl Seller {
    /// Sells until the server holds everything that waited at the start.
    async fn drain(&mut self, start: Instant, orders: usize) -> Result<(Duration, Samples)> {
        self.till.sign_in(shop::STAFF_NAME, shop::PIN).await?;
        let begun = self.detail().await?;
        ensure!(begun.sync.last_seq >= u64::try_from(orders)?, "the till does not hold what it sold");
        let mut samples = Samples::default();
        let mut next = tokio::time::Instant::now();
        loop {
            for _ in 0..LOOK {
                next += EVERY;
                tokio::time::sleep_until(next).await;
                self.sell(&mut samples).await?;
            }
            let now = self.detail().await?;
            if now.sync.acked_seq >= begun.sync.last_seq {
                return Ok((start.elapsed(), samples));
            }
            ensure!(start.elapsed() < DEADLINE, "{} orders still wait", now.sync.waiting);
        }
    }

    async fn detail(&mut self) -> Result<SyncDetailView> {
        self.till.call("sync.detail", &Nothing {}).await
    }

    /// One sale as the screens do it, timed from the scan to the receipt.
    async fn sell(&mut self, samples: &mut Samples) -> Result<()> {
        let start = Instant::now();
        let scan = ScanInput { code: BARCODE.to_owned(), quantity: None };
        let cart: Value = self.till.call("register.scan", &scan).await?;
        let total = &cart["total"];
        let tenders = json!([{ "kind": "cash", "given": total }]);
        let pay = json!({ "cart_id": cart["cart_id"], "total": total, "tenders": tenders });
        self.till.call::<_, Value>("checkout.pay", &pay).await?;
        samples.push(start.elapsed());
        self.sold += 1;
        Ok(())
    }
}

/// Waits until the server has `orders` orders in its tables, no more and no less; what they come to in minor units.
async fn held(data: &Path, orders: usize) -> Result<i64> {
    let file = data.join("kedai-server.db");
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let (start, count) = (Instant::now(), i64::try_from(orders)?);
    let number = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0));
    while number("SELECT COUNT(*) FROM journal_events WHERE state = 'received'")? > 0 {
        ensure!(start.elapsed() < DEADLINE, "not everything is applied");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let held = number("SELECT COUNT(*) FROM orders")?;
    ensure!(held == count, "the server holds {held} orders, {count} were sold");
    ensure!(
        number("SELECT COUNT(*) FROM journal_events WHERE state = 'parked'")? == 0,
        "an order was parked"
    );
    Ok(number("SELECT SUM(total) FROM orders")?)
}
