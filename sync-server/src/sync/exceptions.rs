//! What a person must look at: every anomaly is noted once, under an id made of what it is about.
//!
//! Here it is noted and settled by the server; `inbox` reads it for people and keeps what they did about it, `routes` are
//! headquarters' requests and `till` those of a manager at a terminal.

mod inbox;
mod routes;
mod till;
mod views;

use std::collections::HashSet;

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use shared::Timestamp;
use shared::ids::{OutletId, TenantId, TerminalId};
use shared::wire::{Notice, entity};
use sqlx::Row as _;

pub use routes::{Api, routes};
pub use views::{ExceptionList, ExceptionView};

use super::feed::record_change;
use crate::database::{DatabaseError, Tx};

/// The closed list of what can be wrong.
pub mod code {
    /// Two journals of one terminal: a cloned disk or a restored image.
    pub const JOURNAL_FORK: &str = "journal_fork";
    /// A terminal began a new life of its journal by itself: an older image, damage on its disk, or a lost store.
    pub const JOURNAL_RESTARTED: &str = "journal_restarted";
    /// A push held an event that was changed or not signed by its terminal.
    pub const JOURNAL_TAMPERED: &str = "journal_tampered";
    /// An event could not be applied; its reason is in the details.
    pub const EVENT_PARKED: &str = "event_parked";
    /// The figures of a sale are not what its lines come to.
    pub const COMPUTATION_MISMATCH: &str = "computation_mismatch";
    /// A sale was made at prices that were no longer in force; it stands, the difference is told.
    pub const STALE_PRICE: &str = "stale_price";
    /// More was given of a promotion or a coupon than there was; the sales stand.
    pub const PROMOTION_OVERSPENT: &str = "promotion_overspent";
    /// More was given back than was paid.
    pub const REFUND_EXCEEDS_CAPTURED: &str = "refund_exceeds_captured";
    /// Money was given back without a receipt and without leave.
    pub const REFUND_UNAPPROVED: &str = "refund_unapproved";
    /// A Z report does not agree with the orders and refunds of its drawer session.
    pub const DRAWER_MISMATCH: &str = "drawer_mismatch";
    /// A price change was asked for by somebody who may not.
    pub const PRICE_REFUSED: &str = "price_refused";
    /// A price change came in after a newer one, which stands.
    pub const PRICE_OUTDATED: &str = "price_outdated";
}

/// An anomaly.
#[derive(Debug, Clone)]
pub struct Exception {
    /// What is wrong, see [`code`].
    pub code: &'static str,
    /// Where.
    pub outlet_id: Option<OutletId>,
    /// On which terminal.
    pub terminal_id: Option<TerminalId>,
    /// Epoch and seq of its event.
    pub event: Option<(u32, u64)>,
    /// Receipt number or other name of what it is about.
    pub subject: String,
    /// More, by code.
    pub details: Value,
    /// When it happened.
    pub occurred_at: Timestamp,
}

impl Exception {
    fn id(&self) -> String {
        let text = format!(
            "{}\n{}\n{:?}\n{}",
            self.code,
            self.terminal_id.map(|id| id.to_string()).unwrap_or_default(),
            self.event,
            self.subject
        );
        hex::encode(&Sha256::digest(text.as_bytes())[..16])
    }
}

/// Notes an anomaly; false when it was noted before.
///
/// # Errors
/// A failed statement.
pub async fn note(
    tx: &mut Tx,
    tenant: TenantId,
    exception: &Exception,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query(
        "INSERT INTO exceptions (tenant_id, exception_id, code, outlet_id, terminal_id, epoch, seq, subject, details, \
         occurred_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (tenant_id, exception_id) DO NOTHING",
    )
    .bind(tenant.to_string())
    .bind(exception.id())
    .bind(exception.code)
    .bind(exception.outlet_id.map(|id| id.to_string()))
    .bind(exception.terminal_id.map(|id| id.to_string()))
    .bind(exception.event.map(|(epoch, _)| i64::from(epoch)))
    .bind(exception.event.and_then(|(_, seq)| i64::try_from(seq).ok()))
    .bind(exception.subject.as_str())
    .bind(exception.details.to_string())
    .bind(exception.occurred_at.as_millis())
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Notes an anomaly of a terminal's journal and tells the people at that terminal, until somebody settles it; false when it
/// was noted before.
///
/// # Errors
/// A failed statement.
pub async fn note_and_tell(
    tx: &mut Tx,
    tenant: TenantId,
    exception: &Exception,
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let new = note(tx, tenant, exception, now).await?;
    if new {
        let notice = Notice {
            terminal_id: exception.terminal_id,
            code: exception.code.to_owned(),
            subject: exception.event.map_or_else(|| exception.subject.clone(), |(_, seq)| seq.to_string()),
            occurred_at: exception.occurred_at,
        };
        let body =
            serde_json::to_value(&notice).map_err(|error| DatabaseError::corrupt("feed_rows", error))?;
        let id = notice_id(&exception.id());
        record_change(tx, tenant, entity::NOTICE, &id, exception.outlet_id, Some(&body)).await?;
    }
    Ok(new)
}

/// The notice at the terminal that stands for an exception.
fn notice_id(exception_id: &str) -> String {
    format!("exception-{exception_id}")
}

/// Brings the reason of a parked event up to date: it was tried again and failed for another one.
///
/// # Errors
/// A failed statement.
pub async fn note_again(tx: &mut Tx, tenant: TenantId, exception: &Exception) -> Result<(), DatabaseError> {
    sqlx::query("UPDATE exceptions SET details = $1 WHERE tenant_id = $2 AND exception_id = $3")
        .bind(exception.details.to_string())
        .bind(tenant.to_string())
        .bind(exception.id())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Marks the parking of an event as settled; false when there was none.
///
/// # Errors
/// A failed statement.
pub async fn settle_parked(
    tx: &mut Tx,
    tenant: TenantId,
    terminal: TerminalId,
    (epoch, seq): (i64, i64),
    now: Timestamp,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query(
        "UPDATE exceptions SET resolved_at = $1 WHERE tenant_id = $2 AND code = $3 AND terminal_id = $4 AND epoch = $5 \
         AND seq = $6 AND resolved_at IS NULL",
    )
    .bind(now.as_millis())
    .bind(tenant.to_string())
    .bind(code::EVENT_PARKED)
    .bind(terminal.to_string())
    .bind(epoch)
    .bind(seq)
    .execute(&mut **tx)
    .await?;
    let settled = done.rows_affected() > 0;
    if settled {
        let ids = sqlx::query(
            "SELECT exception_id FROM exceptions WHERE tenant_id = $1 AND code = $2 AND terminal_id = $3 AND epoch = $4 \
             AND seq = $5 AND resolved_at = $6",
        )
        .bind(tenant.to_string())
        .bind(code::EVENT_PARKED)
        .bind(terminal.to_string())
        .bind(epoch)
        .bind(seq)
        .bind(now.as_millis())
        .fetch_all(&mut **tx)
        .await?;
        for row in ids {
            let id: String = row.try_get(0)?;
            inbox::add_step(tx, tenant, &id, inbox::Step::of_server(inbox::kind::APPLIED), now).await?;
        }
    }
    Ok(settled)
}

/// The places of events that are noted as parked and not settled; at most 10,000, which is far more than a person reads.
///
/// # Errors
/// A failed statement.
pub async fn open_parked(
    tx: &mut Tx,
    tenant: TenantId,
) -> Result<HashSet<(String, i64, i64)>, DatabaseError> {
    let rows = sqlx::query(
        "SELECT terminal_id, epoch, seq FROM exceptions WHERE tenant_id = $1 AND code = 'event_parked' \
         AND resolved_at IS NULL AND terminal_id IS NOT NULL AND epoch IS NOT NULL AND seq IS NOT NULL LIMIT 10000",
    )
    .bind(tenant.to_string())
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
}
