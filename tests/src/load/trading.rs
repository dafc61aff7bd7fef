//! Tills that trade, and that come back with what they sold.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;
use rand_core::RngCore as _;
use sync_server::seams::SystemRandom;
use tokio::task::JoinSet;

use crate::bench::table::Samples;
use crate::crowd::{Parcel, Teller, Wire};

/// A till tries for so long; a real one never gives up.
const PATIENCE: Duration = Duration::from_secs(600);
/// Lines of an order.
const LINES: usize = 1;

/// What happened, over all tills.
#[derive(Debug, Default)]
pub struct Counts {
    /// Orders sold in the steady part.
    pub sold: AtomicU64,
    /// Exchanges that failed.
    pub errors: AtomicU64,
    /// How often a till was told to come again.
    pub told_to_wait: AtomicU64,
}

/// Sells an order every so often and hands it in at once, over one connection that stays open.
///
/// # Errors
/// When an order is not taken.
pub async fn trade(
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

/// Every till sells `sales` orders and packs them; what all sales of all tills came to, and what is to be handed in.
///
/// # Errors
/// Never for these prices.
pub async fn sell_alone(mut tellers: Vec<Teller>, sales: usize) -> Result<(i64, Vec<Parcel>)> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let share = tellers.len().div_ceil(cores).max(1);
    let mut selling = JoinSet::new();
    while !tellers.is_empty() {
        let own = tellers.split_off(tellers.len().saturating_sub(share));
        selling.spawn_blocking(move || -> Result<(i64, Vec<Parcel>)> {
            let (mut takings, mut parcels) = (0, Vec::with_capacity(own.len()));
            for mut teller in own {
                parcels.extend(teller.parcels(sales, 500, LINES)?);
                takings += teller.takings();
            }
            Ok((takings, parcels))
        });
    }
    let (mut takings, mut parcels) = (0, Vec::new());
    while let Some(sold) = selling.join_next().await {
        let (own, packed) = sold??;
        takings += own;
        parcels.extend(packed);
    }
    Ok((takings, parcels))
}

/// Hands a parcel in as a till does: again after a random wait, later when the server asks for it.
///
/// # Errors
/// When it is not taken, or the answer says something else.
pub async fn hand_in(
    wire: &mut Option<Wire>,
    port: u16,
    parcel: &Parcel,
    counts: &Counts,
) -> Result<Duration> {
    let start = Instant::now();
    let mut failures = 0_u32;
    while start.elapsed() < PATIENCE {
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
                // A server that turns a request away need not read it to its end, and then hangs up.
                *wire = None;
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
                tokio::time::sleep(chance(Duration::from_secs(1 << failures.min(5)))).await;
                failures += 1;
            }
        }
    }
    anyhow::bail!("a parcel was not taken in ten minutes")
}

/// Anything from nothing to `most`.
pub fn chance(most: Duration) -> Duration {
    most.mul_f64(f64::from(SystemRandom.next_u32()) / f64::from(u32::MAX))
}
