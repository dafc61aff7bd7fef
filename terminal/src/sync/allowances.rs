//! Parts of shared limits, asked for beforehand while the server is there, and for a code when it is shown.

use std::sync::Arc;
use std::time::Duration;

use shared::BusinessDate;
use shared::wire::pricing::{AllowanceRequest, LimitAsk, MAX_ALLOWANCES};

use super::{LinkError, Signer, blocking, connected};
use crate::context::Done;
use crate::engine::{Call, Till};
use crate::register::Prices;
use crate::store::allowances;

/// How long a person with a code in hand waits for the server; then the code is said not to count for now.
const PATIENCE: Duration = Duration::from_secs(2);

/// Asks for more of what there is little of. That it cannot be asked is no fault of the feed: it is asked again.
pub(super) async fn refill(till: &Arc<Till>) {
    if let Err(error) = try_refill(till).await {
        tracing::debug!(%error, "no more of shared limits could be asked for");
    }
}

async fn try_refill(till: &Arc<Till>) -> Result<(), LinkError> {
    let Some((device, _)) = connected(till).map_err(store)? else { return Ok(()) };
    let wanted = blocking(till, move |till| {
        till.read(|db| -> Done<_> {
            let Some((outlet, book)) = till.prices(db, device.outlet_id)? else { return Ok(None) };
            if !book.offers().shared_limits {
                return Ok(None);
            }
            let date = BusinessDate::of(till.clock.now(), &outlet.zone, outlet.day_cutoff_minutes);
            Ok(Some((allowances::wanted(db, book.book(), date)?, date)))
        })
    });
    match wanted.await.map_err(store)?.map_err(store)? {
        Some((wanted, date)) if !wanted.is_empty() => ask(till, wanted, date).await,
        _ => Ok(()),
    }
}

fn store(error: impl std::fmt::Display) -> LinkError {
    LinkError::Store(error.to_string())
}

async fn ask(till: &Arc<Till>, mut limits: Vec<LimitAsk>, date: BusinessDate) -> Result<(), LinkError> {
    let Some((device, link)) = connected(till).map_err(store)? else { return Ok(()) };
    limits.truncate(MAX_ALLOWANCES);
    let request = AllowanceRequest { limits };
    let answer = link.allowances(&Signer::from(&*device), &*till.clock, &request).await?;
    let taken = blocking(till, move |till| till.store().write(|tx| allowances::take(tx, date, answer.lent)));
    taken.await.map_err(store)?.map_err(store)
}

/// Asks for the right to take codes that were shown just now, for as long as a person may be kept waiting.
pub(crate) fn for_codes(call: &Call<'_>, codes: &[String]) {
    let wanted = call.read(|db, ctx| {
        let prices = Prices::now(db, ctx)?;
        let date = ctx.moment(&prices.outlet, None).business_date;
        Ok((allowances::of_codes(db, prices.book.book(), date, codes)?, date))
    });
    let Ok((limits, date)) = wanted else { return };
    if limits.is_empty() {
        return;
    }
    let till = call.engine.till().clone();
    let asked = async move { tokio::time::timeout(PATIENCE, ask(&till, limits, date)).await };
    match call.engine.wait_for(asked) {
        Some(Ok(Ok(()))) => {}
        Some(Ok(Err(error))) => tracing::info!(%error, "a code could not be asked about"),
        Some(Err(_)) | None => tracing::info!("a code could not be asked about in time"),
    }
}
