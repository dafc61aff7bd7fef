//! Crashes of a terminal while it joins its outlet: its keys and its marker are files beside its store, written and renamed.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};

use super::injection::{Harm, Point};
use super::scene::Scene;
use super::{Plan, Tally, hold};
use crate::shop::Shop;
use crate::till::Till;

/// The calls by which a terminal comes to be.
const CALLS: [&str; 3] = ["rename,renameat,renameat2", "fsync,fdatasync", "pwrite64"];

/// How long a terminal is given to join before it counts as stuck in its fault.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) async fn run(plan: &Plan, folder: &Path, tally: &mut Tally) -> Result<()> {
    // A terminal for each point, and one code more for each whose first was used up by a join that was never heard of.
    let mut shop = Shop::open(&plan.programs, folder, None, 400).await?;
    Scene::stock(&mut shop).await?;
    let mut codes = std::mem::take(&mut shop.pairing_codes).into_iter();
    let (mut again, mut tills) = (0, 0);
    for harm in [Harm::Kill, Harm::Error("EIO")] {
        for call in CALLS {
            let mut hits = 0;
            // There are few renames, and each is hit.
            let stride = if call.starts_with("rename") { 1 } else { plan.stride };
            for nth in (1..=plan.most).step_by(usize::try_from(stride)?) {
                let point = Point { call, nth, harm };
                tills += 1;
                let own = folder.join(format!("till-{tills}"));
                let code = codes.next().context("no pairing code is left")?;
                let mut till = Till::new(&plan.programs, &own, None)?;
                let hit = join(&mut till, &shop.url(), &code, point).await?;
                *(if hit { &mut tally.joins } else { &mut tally.beyond }) += 1;
                let begun = Instant::now();
                till.start(Some((&shop.url(), &code))).await.with_context(|| format!("after {point}"))?;
                tally.slowest_start = tally.slowest_start.max(begun.elapsed());
                if tokio::time::timeout(PATIENCE, till.wait_until_loaded()).await.is_err() {
                    // The server knows the first code as used: a person makes another.
                    till.kill()?;
                    again += 1;
                    let code = codes.next().context("no pairing code is left")?;
                    till.start(Some((&shop.url(), &code))).await?;
                    till.wait_until_loaded().await.context("it does not join with another code")?;
                }
                let mut scene = Scene::at(folder, shop, till).await?;
                scene.trade(1).await;
                ensure!(scene.witness.receipts.len() == 1, "{point}: it joined and does not sell");
                scene.settle().await?;
                hold(&scene.books()?, &format!("after joining, {point}"))?;
                scene.till.stop()?;
                shop = scene.shop;
                if !hit {
                    break;
                }
                hits += 1;
            }
            println!("  {harm} at {call} while joining: {hits} times");
            ensure!(hits > 0, "{harm} at {call} never happened while joining, so nothing was proven");
        }
    }
    println!("  {} crashes while joining, {again} of them needed another pairing code", tally.joins);
    shop.stop()
}

/// Lets a terminal join under a harm, and ends it: true when it was hit.
async fn join(till: &mut Till, server: &str, code: &str, point: Point) -> Result<bool> {
    let record = till.folder().with_extension("strace");
    till.wrap = point.before(&record);
    if till.start(Some((server, code))).await.is_ok() {
        // Dead, stuck in its fault, or none the worse for it: either will do.
        let _ = tokio::time::timeout(PATIENCE, till.wait_until_loaded()).await;
    }
    let hit = point.happened(&record, till.has_ended()).await?;
    till.kill()?;
    till.wrap = Vec::new();
    Ok(hit)
}
