//! Parts of shared limits, asked for beforehand while the server is there, and for a code when it is shown.

use std::sync::Arc;
use std::time::Duration;

use shared::BusinessDate;
use shared::cart::CartTerms;
use shared::wire::pricing::{AllowanceRequest, LimitAsk, MAX_ALLOWANCES};

use super::{LinkError, Signer, blocking, connected};
use crate::context::Done;
use crate::engine::{Call, Till};
use crate::store::allowances;
use crate::views::ChangedWord;

/// How long a person with a code in hand waits for the server; then it is said not to count for now.
const PATIENCE: Duration = Duration::from_secs(2);
/// A step that takes longer is noticed as a wait.
const NOTICED: Duration = Duration::from_millis(150);

/// Asks for more of what there is little of. That it cannot be asked is no fault of the feed: it is asked again.
pub(super) async fn refill(till: &Arc<Till>) {
    if let Err(error) = try_refill(till).await {
        tracing::debug!(%error, "no more of shared limits could be asked for");
    }
}

async fn try_refill(till: &Arc<Till>) -> Result<(), LinkError> {
    let _turn = till.asking.lock().await;
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
        Some((wanted, date)) if !wanted.is_empty() => {
            if ask(till, wanted, date).await? {
                // Somebody stands here who may have more than their cart says.
                till.tell(&[ChangedWord::Cart]);
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn store(error: impl std::fmt::Display) -> LinkError {
    LinkError::Store(error.to_string())
}

/// Asks and takes over the answer; gives whether anything was lent for a customer. One at a time: what goes back must not
/// overtake what is asked for anew.
async fn ask(till: &Arc<Till>, mut limits: Vec<LimitAsk>, date: BusinessDate) -> Result<bool, LinkError> {
    let Some((device, link)) = connected(till).map_err(store)? else { return Ok(false) };
    limits.truncate(MAX_ALLOWANCES);
    let request = AllowanceRequest { limits };
    let asked = request.limits.clone();
    let let_go = blocking(till, move |till| till.store().write(|tx| allowances::let_go(tx, &asked)));
    let_go.await.map_err(store)?.map_err(store)?;
    let answer = link.allowances(&Signer::from(&*device), &*till.clock, &request).await?;
    let for_customer =
        answer.lent.iter().any(|lent| lent.limit.customer_id.is_some() && lent.times > lent.spent);
    let taken = blocking(till, move |till| {
        till.store().write(|tx| allowances::take(tx, date, &request.limits, answer.lent))
    });
    taken.await.map_err(store)?.map_err(store)?;
    Ok(for_customer)
}

/// Asks for what a customer may have, and for the right to take codes; gives whether the server answered in time. A code that was
/// `shown` just now is waited for a little; for a customer nobody waits longer than is noticed: what comes later the windows are
/// told of.
pub(crate) fn for_terms(call: &Call<'_>, terms: &CartTerms, shown: bool) -> bool {
    if terms.coupons.is_empty() && terms.customer_id.is_none() {
        return false;
    }
    if !shown && !call.till.sync_status().is_online() {
        return false;
    }
    let wanted = call.read(|db, ctx| {
        let outlet = ctx.outlet(db)?;
        let book = ctx.book(db, &outlet, ctx.clock.now())?;
        let date = ctx.moment(&outlet, None).business_date;
        Ok((allowances::of_terms(db, book.book(), date, terms)?, date))
    });
    let Ok((limits, date)) = wanted else { return false };
    if limits.is_empty() {
        return false;
    }
    let till = call.engine.till().clone();
    let asking = async move {
        let _turn = if shown {
            till.asking.lock().await
        } else {
            match till.asking.try_lock() {
                Ok(turn) => turn,
                // Whoever asks now hangs; for those who stand here it is asked again.
                Err(_) => return false,
            }
        };
        let asked = limits.clone();
        match ask(&till, limits, date).await {
            Ok(for_customer) => {
                if for_customer {
                    till.tell(&[ChangedWord::Cart]);
                }
                true
            }
            Err(error) => {
                tracing::info!(%error, "limits could not be asked about");
                let noted =
                    blocking(&till, move |till| till.store().write(|tx| allowances::doubt(tx, date, &asked)));
                if let Err(error) = noted.await.map_err(store).and_then(|noted| noted.map_err(store)) {
                    tracing::warn!(%error, "that limits may be lent could not be written down");
                }
                false
            }
        }
    };
    call.engine.wait_at_most(if shown { PATIENCE } else { NOTICED }, asking) == Some(true)
}
