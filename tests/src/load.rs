//! Many tills and one server on PostgreSQL, all on one machine: a steady trade, then every till back at once with what it
//! sold while it was alone. At the end the tables hold every sale once, to the last minor unit.

mod business;
mod held;
mod trading;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use tokio::task::JoinSet;

use crate::bench::table::{Figure, Samples};
use crate::crowd::Wire;
use crate::program::{self, Program};
use held::held;
use trading::{Counts, chance, hand_in, sell_alone, trade};

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
/// Does it; an error when a sale is lost or doubled.
///
/// # Errors
/// When a step fails or the tables hold something else than what was sold.
pub async fn run(programs: &Path, folder: &Path, admin_url: &str, plan: &Plan) -> Result<Vec<Figure>> {
    check_open_files(plan.terminals)?;
    let url = crate::postgres::database(admin_url, "kedai_load").await?;
    println!("enrolling {} tills", plan.terminals);
    let begun = Instant::now();
    let data = folder.join("server");
    let mut tellers = business::make(&url, &data, plan.terminals).await?;
    println!("enrolled after {:.1} s", begun.elapsed().as_secs_f64());
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
    let begun = Instant::now();
    let (takings, parcels) = sell_alone(tellers, plan.storm).await?;
    println!("sold after {:.1} s", begun.elapsed().as_secs_f64());
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
    let memory = program::peak_mib(server.id())?;
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

/// Each till keeps a connection open; this process and the server, which inherits its bounds, must be allowed to.
fn check_open_files(tills: u32) -> Result<()> {
    const BESIDES: u32 = 500;
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let allowed = line.and_then(|line| line.split_whitespace().next()?.parse::<u32>().ok());
    ensure!(
        allowed.is_none_or(|allowed| allowed >= tills + BESIDES),
        "{tills} tills need more open files than the {} allowed: `ulimit -n {}` first",
        allowed.unwrap_or(0),
        tills + BESIDES
    );
    Ok(())
}
