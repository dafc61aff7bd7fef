//! Many tills and one server on PostgreSQL, all on one machine: a steady trade, then every till back at once with what it
//! sold while it was alone. At the end the tables hold every sale once, to the last minor unit.

mod business;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use rand_core::RngCore as _;
use sqlx::{Connection as _, PgConnection, Row as _};
use sync_server::seams::SystemRandom;
use tokio::task::JoinSet;

use crate::bench::table::{Figure, Samples};
use crate::crowd::{Parcel, Teller, Wire};
use crate::program::{self, Program};

/// What to do.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How many tills are enrolled.
    pub terminals: u32,
    /// Orders a second of all tills together, in the steady part.
    pub rate: u32,
    /// How long the steady part is, in seconds.
    pub seconds: u32,
    /// Orders that every till sells while it is alone.
    pub storm: usize,
}

/// All tills come back within so long after the link is there again, each at a time of its own.
const RETURN: Duration = Duration::from_secs(10);
/// Lines of an order.
const LINES: usize = 1;

#[derive(Debug, Default)]
struct Counts {
    sold: AtomicU64,
    errors: AtomicU64,
    told_to_wait: AtomicU64,
}

/// Does it; an error when a sale is lost or doubled.
///
/// # Errors
/// When a step fails or the tables hold something else than what was sold.
pub async fn run(programs: &Path, folder: &Path, admin_url: &str, plan: &Plan) -> Result<Vec<Figure>> {
    let url = crate::postgres::database(admin_url, "kedai_load").await?;
    println!("enrolling {} tills", plan.terminals);
    let data = folder.join("server");
    let mut tellers = business::make(&url, &data, plan.terminals).await?;
    let port = program::free_port()?;
    let mut server = serve(programs, folder, &url, port).await?;
    let counts = Arc::new(Counts::default());

    println!("{} orders a second for {} s", plan.rate, plan.seconds);
    let mut waits = Samples::default();
    let steady = Instant::now();
    let mut trading = JoinSet::new();
    let every = Duration::from_secs_f64(f64::from(plan.terminals) / f64::from(plan.rate));
    let until = steady + Duration::from_secs(u64::from(plan.seconds));
    for teller in tellers.drain(..) {
        trading.spawn(trade(teller, port, every, until, counts.clone()));
    }
    while let Some(traded) = trading.join_next().await {
        let (teller, mut own) = traded??;
        waits.append(&mut own);
        tellers.push(teller);
    }
    let steady_took = steady.elapsed().as_secs_f64();
    let steady_orders = counts.sold.load(Ordering::Relaxed);

    println!("the tills sell {} orders each while they are alone", plan.storm);
    let takings_and_parcels = tokio::task::spawn_blocking({
        let storm = plan.storm;
        move || -> Result<(i64, Vec<Parcel>)> {
            let (mut takings, mut parcels) = (0, Vec::with_capacity(tellers.len()));
            for mut teller in tellers {
                parcels.extend(teller.parcels(storm, 500, LINES)?);
                takings += teller.takings();
            }
            Ok((takings, parcels))
        }
    });
    let (takings, parcels) = takings_and_parcels.await??;
    let stormed: usize = parcels.iter().map(|parcel| parcel.events).sum();
    println!("all {} tills come back with {stormed} orders", plan.terminals);
    let storm = Instant::now();
    let mut coming = JoinSet::new();
    for parcel in parcels {
        let counts = counts.clone();
        coming.spawn(async move {
            tokio::time::sleep(chance(RETURN)).await;
            let mut wire = None;
            hand_in(&mut wire, port, &parcel, &counts).await
        });
    }
    let mut storm_waits = Samples::default();
    while let Some(came) = coming.join_next().await {
        storm_waits.push(came??);
    }
    let drained = storm.elapsed();
    let sold = steady_orders + u64::try_from(stormed)?;
    println!("handed in after {:.1} s; waiting until it is applied", drained.as_secs_f64());
    let held = held(admin_url, &url, sold).await?;
    let applied = storm.elapsed();
    let memory = peak_mib(server.id())?;
    server.stop()?;
    let wrong = held.difference(sold, takings);
    println!("{held:?}");

    let errors = counts.errors.load(Ordering::Relaxed);
    let told = counts.told_to_wait.load(Ordering::Relaxed);
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    Ok(vec![
        Figure::new(
            format!("{} tills: orders/s, steady", plan.terminals),
            steady_orders as f64 / steady_took,
            "/s",
        ),
        Figure::new("wait for an acknowledgement, steady: p50", waits.percentile_ms(50), "ms"),
        Figure::new("wait for an acknowledgement, steady: p99", waits.percentile_ms(99), "ms").at_most(150.0),
        Figure::new(format!("storm of {stormed} orders handed in"), drained.as_secs_f64(), "s")
            .at_most(300.0),
        Figure::new("wait of a till in the storm: p99", storm_waits.percentile_ms(99), "ms"),
        Figure::new("storm applied to the tables", applied.as_secs_f64(), "s"),
        Figure::new("server's peak memory", memory, "MiB").at_most(500.0),
        Figure::new("errors", errors as f64, "").at_most(0.0),
        Figure::new("orders lost, doubled or changed", wrong as f64, "").at_most(0.0),
        Figure::new("times a till was told to come again", told as f64, ""),
    ])
}

/// Sells an order every so often and hands it in at once, over one connection that stays open.
async fn trade(
    mut teller: Teller,
    port: u16,
    every: Duration,
    until: Instant,
    counts: Arc<Counts>,
) -> Result<(Teller, Samples)> {
    let (mut wire, mut waits) = (None, Samples::default());
    let mut next = Instant::now() + chance(every);
    while next < until {
        tokio::time::sleep_until(next.into()).await;
        let order = teller.sell(LINES)?;
        counts.sold.fetch_add(1, Ordering::Relaxed);
        let parcel = teller.parcel(vec![order])?;
        waits.push(hand_in(&mut wire, port, &parcel, &counts).await?);
        next += every;
    }
    Ok((teller, waits))
}

/// Hands a parcel in as a till does: again after a random wait, later when the server asks for it.
async fn hand_in(wire: &mut Option<Wire>, port: u16, parcel: &Parcel, counts: &Counts) -> Result<Duration> {
    let start = Instant::now();
    for attempt in 0..30_u32 {
        let open = match wire {
            Some(open) => Ok(open),
            None => Wire::connect(port).await.map(|opened| wire.insert(opened)),
        };
        let answer = match open {
            Ok(open) => open.send(&parcel.request).await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(answer) if matches!(answer.status, 429 | 503) => {
                counts.told_to_wait.fetch_add(1, Ordering::Relaxed);
                let asked = Duration::from_secs(answer.retry_after.unwrap_or(1));
                tokio::time::sleep(asked + chance(asked)).await;
            }
            Ok(answer) => {
                parcel.check(&answer)?;
                return Ok(start.elapsed());
            }
            Err(_) => {
                counts.errors.fetch_add(1, Ordering::Relaxed);
                *wire = None;
                tokio::time::sleep(chance(Duration::from_secs(1 << attempt.min(5)))).await;
            }
        }
    }
    anyhow::bail!("a parcel was not taken after 30 attempts")
}

/// Anything from nothing to `most`.
fn chance(most: Duration) -> Duration {
    most.mul_f64(f64::from(SystemRandom.next_u32()) / f64::from(u32::MAX))
}

async fn serve(programs: &Path, folder: &Path, url: &str, port: u16) -> Result<Program> {
    let mut command = Command::new(programs.join("kedai-server"));
    command.args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data-dir"]);
    command.arg(folder.join("server")).env("KEDAI_DATABASE_URL", url).env("RUST_LOG", "warn");
    let mut server = Program::start(&mut command, &folder.join("server.log"))?;
    let deadline = Instant::now() + Duration::from_secs(60);
    while Wire::connect(port).await.is_err() {
        ensure!(!server.has_ended(), "the server ended");
        ensure!(Instant::now() < deadline, "the server does not listen");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(server)
}

/// What the tables hold.
#[derive(Debug)]
struct Held {
    events: i64,
    orders: i64,
    total: i64,
    exceptions: i64,
}

impl Held {
    /// How many sales are not there exactly once; at least 1 when their sum is another.
    fn difference(&self, sold: u64, takings: i64) -> u64 {
        let sold = i64::try_from(sold).unwrap_or(i64::MAX);
        let apart = self.events.abs_diff(sold) + self.orders.abs_diff(sold) + self.exceptions.unsigned_abs();
        apart.max(u64::from(self.total != takings))
    }
}

/// Waits until everything is applied, and counts as the cluster's superuser, past all row security.
async fn held(admin_url: &str, url: &str, sold: u64) -> Result<Held> {
    let mut address = reqwest::Url::parse(admin_url)?;
    address.set_path(reqwest::Url::parse(url)?.path());
    let mut db = PgConnection::connect(address.as_str()).await?;
    let deadline = Instant::now() + Duration::from_secs(600);
    loop {
        let waiting: i64 = sqlx::query("SELECT COUNT(*) FROM journal_events WHERE state = 'received'")
            .fetch_one(&mut db)
            .await?
            .try_get(0)?;
        if waiting == 0 {
            break;
        }
        ensure!(Instant::now() < deadline, "{waiting} of {sold} are not applied after ten minutes");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let row = sqlx::query(
        "SELECT (SELECT COUNT(*) FROM journal_events), (SELECT COUNT(*) FROM orders), \
         (SELECT CAST(COALESCE(SUM(total), 0) AS BIGINT) FROM orders), (SELECT COUNT(*) FROM exceptions)",
    )
    .fetch_one(&mut db)
    .await?;
    Ok(Held {
        events: row.try_get(0)?,
        orders: row.try_get(1)?,
        total: row.try_get(2)?,
        exceptions: row.try_get(3)?,
    })
}

/// The most memory that a process had resident.
fn peak_mib(process: u32) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find(|line| line.starts_with("VmHWM")).context("no VmHWM")?;
    let kib: f64 = line.split_whitespace().nth(1).context("no figure")?.parse()?;
    Ok(kib / 1_024.0)
}
