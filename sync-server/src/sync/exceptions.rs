//! What a person must look at: every anomaly is noted once, under an id made of what it is about.

use std::collections::HashSet;

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use shared::Timestamp;
use shared::ids::{OutletId, TenantId, TerminalId};
use sqlx::{AssertSqlSafe, Row as _};

use super::routes::ExceptionView;
use crate::database::{DatabaseError, Filters, Tx};

/// The closed list of what can be wrong.
pub mod code {
    /// Two journals of one terminal: a cloned disk or a restored image.
    pub const JOURNAL_FORK: &str = "journal_fork";
    /// A push held an event that was changed or not signed by its terminal.
    pub const JOURNAL_TAMPERED: &str = "journal_tampered";
    /// An event could not be applied; its reason is in the details.
    pub const EVENT_PARKED: &str = "event_parked";
    /// The figures of a sale are not what its lines come to.
    pub const COMPUTATION_MISMATCH: &str = "computation_mismatch";
    /// More was given back than was paid.
    pub const REFUND_EXCEEDS_CAPTURED: &str = "refund_exceeds_captured";
    /// Money was given back without a receipt and without leave.
    pub const REFUND_UNAPPROVED: &str = "refund_unapproved";
    /// A Z report does not agree with the orders and refunds of its drawer session.
    pub const DRAWER_MISMATCH: &str = "drawer_mismatch";
    /// A price change was asked for by somebody who may not.
    pub const PRICE_REFUSED: &str = "price_refused";
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
    Ok(done.rows_affected() > 0)
}

/// Exceptions that pass the filters, newest first.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn list(tx: &mut Tx, filters: &Filters, limit: i64) -> Result<Vec<ExceptionView>, DatabaseError> {
    let sql = format!(
        "SELECT exception_id, code, outlet_id, terminal_id, epoch, seq, subject, details, occurred_at, created_at, \
         resolved_at FROM exceptions WHERE {} ORDER BY created_at DESC, exception_id DESC LIMIT {limit}",
        filters.sql()
    );
    let rows = filters.bind(sqlx::query(AssertSqlSafe(sql)).persistent(false)).fetch_all(&mut **tx).await?;
    rows.iter()
        .map(|row| {
            Ok(ExceptionView {
                exception_id: row.try_get(0)?,
                code: row.try_get(1)?,
                outlet_id: row.try_get(2)?,
                terminal_id: row.try_get(3)?,
                epoch: row.try_get(4)?,
                seq: row.try_get(5)?,
                subject: row.try_get(6)?,
                details: serde_json::from_str(row.try_get(7)?)
                    .map_err(|error| DatabaseError::corrupt("exceptions", error))?,
                occurred_at: row.try_get(8)?,
                created_at: row.try_get(9)?,
                resolved_at: row.try_get(10)?,
            })
        })
        .collect()
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
