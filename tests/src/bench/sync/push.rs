//! The journal up: received durably, and applied to the tables.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use super::{Ground, floor};
use crate::bench::table::{Figure, Samples, as_f64, median};
use crate::crowd::{Parcel, Teller, Wire};
use crate::shop::{Shop, plain_outlet};

/// Orders of each measurement.
const ORDERS: usize = 5_000;
/// Orders of one push.
const BATCH: usize = 100;
/// Tills that push at once.
const TILLS: usize = 16;
/// Lines of an order, which come to some 1.4 KB.
const LINES: usize = 1;
/// How often each measurement is done; the median counts.
const ROUNDS: usize = 5;

/// Measures pushing to a server on SQLite and on PostgreSQL.
///
/// # Errors
/// When a step fails, or an order is not acknowledged.
pub async fn run(ground: &Ground) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    if ground.wants("push sqlite") {
        figures.extend(on(ground, "SQLite", None).await?);
    }
    if ground.wants("push postgres")
        && let Some(url) = ground.database("kedai_push").await?
    {
        figures.extend(on(ground, "PostgreSQL", Some(&url)).await?);
    }
    Ok(figures)
}

async fn on(ground: &Ground, engine: &str, url: Option<&str>) -> Result<Vec<Figure>> {
    let folder = ground.folder(&format!("push-{}", engine.to_lowercase()))?;
    let tills = u16::try_from(TILLS + 1)?;
    let mut shop = Shop::open(&ground.programs, &folder, url, tills).await?;
    let mut tellers = Vec::new();
    for code in &shop.pairing_codes {
        let outlet = |id| plain_outlet(id, "CHK", crate::trade::currency());
        tellers.push(Teller::enrol(&shop.url(), code, outlet).await?);
    }
    let mut alone = tellers.pop().context("no till")?;
    let bench = Bench { shop: &shop };

    // Once through, unmeasured: caches, files and statements are there afterwards.
    bench.push(vec![alone.parcels(ORDERS / 5, BATCH, LINES)?]).await?;
    bench.applied_after(Instant::now()).await?;
    let (mut one, mut many, mut applied) = (Vec::new(), Vec::new(), Vec::new());
    let (mut late, mut lags, mut bytes, mut floors) = (Samples::default(), Vec::new(), 0, Vec::new());
    for _ in 0..ROUNDS {
        let parcels = alone.parcels(ORDERS, BATCH, LINES)?;
        bytes = parcels.iter().map(|parcel| parcel.bytes).sum::<usize>() / ORDERS;
        let burst = bench.push(vec![parcels]).await?;
        one.push(burst.rate(ORDERS));
        let behind = bench.applied_after(burst.ended).await?;
        lags.push(behind.as_secs_f64());
        applied.push(per_second(ORDERS, behind));

        let share = ORDERS / TILLS / BATCH * BATCH + BATCH;
        let loads = tellers
            .iter_mut()
            .map(|teller| teller.parcels(share, BATCH, LINES))
            .collect::<Result<Vec<_>>>()?;
        let mut crowd = bench.push(loads).await?;
        many.push(crowd.rate(share * TILLS));
        late.append(&mut crowd.waits);
        bench.applied_after(crowd.ended).await?;
        floors.push(match url {
            None => floor::sqlite(&folder, ORDERS, BATCH, bytes)?,
            Some(url) => floor::postgres(url, ORDERS, BATCH, bytes).await?,
        });
    }
    let commits = shop.metric("kedai_receive_commits_total").await?;
    let pushes = shop.metric("kedai_pushes_total{outcome=\"held\"}").await?;
    shop.stop()?;

    let bare = median(&mut floors);
    let bare_name = if url.is_some() {
        "multi-row inserts, 100 a commit"
    } else {
        "bare inserts, 100 a commit, WAL FULL"
    };
    let target = if url.is_some() { 18_000.0 } else { 25_000.0 };
    let name = |text: &str| format!("{engine}: {text}");
    Ok(vec![
        Figure::new(name(&format!("orders/s received, 1 till ({bytes} B)")), median(&mut one), "/s")
            .floor(bare, bare_name)
            .at_least(target),
        Figure::new(name("orders/s received, 16 tills at once"), median(&mut many), "/s")
            .floor(bare, bare_name)
            .at_least(target),
        Figure::new(name("wait for an acknowledgement, 16 tills: p99"), late.percentile_ms(99), "ms")
            .at_most(150.0),
        Figure::new(name("commits per push, all of the run"), commits / pushes.max(1.0), "").at_most(1.0),
        Figure::new(name("orders/s applied after that burst, repriced"), median(&mut applied), "/s")
            .at_least(15_000.0),
        Figure::new(name("all applied after a burst of 5,000 was received"), median(&mut lags), "s")
            .at_most(2.0),
    ])
}

struct Bench<'a> {
    shop: &'a Shop,
}

struct Burst {
    took: Duration,
    ended: Instant,
    waits: Samples,
}

impl Burst {
    fn rate(&self, orders: usize) -> f64 {
        per_second(orders, self.took)
    }
}

impl Bench<'_> {
    /// Every load over a connection of its own, all at once; each push is sent when the one before is acknowledged.
    async fn push(&self, loads: Vec<Vec<Parcel>>) -> Result<Burst> {
        let mut wires = Vec::new();
        for _ in &loads {
            wires.push(Wire::connect(self.shop.port()).await?);
        }
        let start = Instant::now();
        let mut sending = tokio::task::JoinSet::new();
        for (mut wire, load) in wires.into_iter().zip(loads) {
            sending.spawn(async move {
                let mut waits = Samples::default();
                for parcel in &load {
                    let sent = Instant::now();
                    let answer = wire.send(&parcel.request).await?;
                    waits.push(sent.elapsed());
                    parcel.check(&answer)?;
                }
                anyhow::Ok(waits)
            });
        }
        let mut waits = Samples::default();
        while let Some(sent) = sending.join_next().await {
            waits.append(&mut sent??);
        }
        Ok(Burst { took: start.elapsed(), ended: Instant::now(), waits })
    }

    /// Waits until everything that was received is applied; how long after `since`.
    async fn applied_after(&self, since: Instant) -> Result<Duration> {
        loop {
            let received = self.shop.metric("kedai_events_received_total").await?;
            let applied = self.shop.metric("kedai_events_applied_total").await?;
            ensure!(self.shop.metric("kedai_events_parked_total").await? == 0.0, "an order was parked");
            if applied >= received {
                return Ok(since.elapsed());
            }
            ensure!(
                since.elapsed() < Duration::from_secs(120),
                "{applied} of {received} applied after 2 minutes"
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

fn per_second(count: usize, took: Duration) -> f64 {
    as_f64(count) / took.as_secs_f64()
}
