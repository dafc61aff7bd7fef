//! Parked events: set aside with a reason that people see, and taken up again at every start.

use serde_json::json;
use shared::Timestamp;
use shared::ids::{OutletId, TenantId, TerminalId};
use shared::journal::Event;
use shared::wire::{Notice, entity};

use crate::app::AppState;
use crate::database::{DatabaseError, Tx};
use crate::sync::exceptions::{self, Exception, code};
use crate::sync::feed::record_change;

/// Where an event stands.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The terminal.
    pub terminal: &'a str,
    /// The life of its journal.
    pub epoch: i64,
    /// The place in it.
    pub seq: i64,
}

/// The notice at the terminal that stands for a parked event.
pub(in crate::sync) fn notice_id(terminal: &str, epoch: i64, seq: i64) -> String {
    format!("parked-{terminal}-{epoch}-{seq}")
}

/// Lets every parked event be tried once more.
///
/// # Errors
/// A failed statement.
pub async fn retry_all(state: &AppState) -> Result<(), DatabaseError> {
    let mut tx = state.db.system_write().await?;
    sqlx::query("UPDATE journal_events SET state = 'received' WHERE state = 'parked'")
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Sets an event aside; the first time, headquarters and its terminal are told.
///
/// # Errors
/// A failed statement.
pub async fn park(
    tx: &mut Tx,
    tenant: TenantId,
    place: Place<'_>,
    event: Option<&Event>,
    reason: &'static str,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "UPDATE journal_events SET state = 'parked', reason = $1 \
         WHERE tenant_id = $2 AND terminal_id = $3 AND epoch = $4 AND seq = $5",
    )
    .bind(reason)
    .bind(tenant.to_string())
    .bind(place.terminal)
    .bind(place.epoch)
    .bind(place.seq)
    .execute(&mut **tx)
    .await?;
    let kind = event.map(|event| event.kind.clone()).unwrap_or_default();
    let subject = event.map_or_else(|| place.seq.to_string(), subject_of);
    let occurred_at = event.map_or(now, |event| event.occurred_at);
    let terminal_id: Option<TerminalId> = place.terminal.parse().ok();
    let outlet_id: Option<OutletId> = event.map(|event| event.outlet_id);
    let exception = Exception {
        code: code::EVENT_PARKED,
        outlet_id,
        terminal_id,
        event: u32::try_from(place.epoch).ok().zip(u64::try_from(place.seq).ok()),
        subject: subject.clone(),
        details: json!({ "reason": reason, "kind": kind }),
        occurred_at,
    };
    if exceptions::note(tx, tenant, &exception, now).await? {
        tracing::warn!(terminal = place.terminal, seq = place.seq, kind, reason, "an event was parked");
        let notice = Notice { terminal_id, code: code::EVENT_PARKED.to_owned(), subject, occurred_at };
        let body =
            serde_json::to_value(&notice).map_err(|error| DatabaseError::corrupt("feed_rows", error))?;
        let id = notice_id(place.terminal, place.epoch, place.seq);
        record_change(tx, tenant, entity::NOTICE, &id, outlet_id, Some(&body)).await?;
    } else {
        exceptions::note_again(tx, tenant, &exception).await?;
    }
    Ok(())
}

/// The receipt number of what the event is about, when there is one, or its kind and place.
fn subject_of(event: &Event) -> String {
    let receipt = event.payload.get("receipt_number").and_then(|number| number.as_str());
    receipt
        .map_or_else(|| format!("{} {}", event.kind, event.seq), |number| number.chars().take(60).collect())
}

/// Settles the exceptions and takes back the notices of events that were parked and are applied now.
///
/// # Errors
/// A failed statement.
pub async fn settle(
    tx: &mut Tx,
    tenant: TenantId,
    applied: &[(TerminalId, i64, i64)],
    now: Timestamp,
) -> Result<(), DatabaseError> {
    let open = exceptions::open_parked(tx, tenant).await?;
    if open.is_empty() {
        return Ok(());
    }
    for (terminal, epoch, seq) in applied {
        let place = (terminal.to_string(), *epoch, *seq);
        if open.contains(&place)
            && exceptions::settle_parked(tx, tenant, *terminal, (*epoch, *seq), now).await?
        {
            let id = notice_id(&place.0, *epoch, *seq);
            record_change(tx, tenant, entity::NOTICE, &id, None, None).await?;
        }
    }
    Ok(())
}
