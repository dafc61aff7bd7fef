//! How everything stands, in one look: businesses, terminals, what waits and what people must see.

use std::fmt::Write as _;

use serde::Serialize;
use sqlx::{AssertSqlSafe, Row as _};

use super::UpkeepError;
use crate::app::AppState;
use crate::database::Tx;
use crate::devices::reported::AT_WORK;

/// A server's businesses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The life of the database.
    pub server_epoch: String,
    /// The server's time, milliseconds since 1970 UTC.
    pub now: i64,
    /// By name.
    pub tenants: Vec<TenantStatus>,
}

/// One business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TenantStatus {
    /// The business.
    pub tenant_id: String,
    /// Its name.
    pub name: String,
    /// Events received and not applied yet.
    pub backlog: i64,
    /// How long the oldest of them has waited, in seconds.
    pub applied_lag_s: i64,
    /// Events set aside.
    pub parked: i64,
    /// Exceptions that nobody has settled.
    pub open_exceptions: i64,
    /// Devices that terminals told of.
    pub devices: i64,
    /// Those of them that did not do as they were asked.
    pub devices_unwell: i64,
    /// The newest 50 of those.
    pub unwell: Vec<DeviceStatus>,
    /// By outlet and number.
    pub terminals: Vec<TerminalStatus>,
}

/// One device that is not well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceStatus {
    /// Its terminal as on receipts: `KOTA-T3`.
    pub terminal: String,
    /// What people there call it.
    pub name: String,
    /// Such as `printer`.
    pub kind: String,
    /// What is wrong, such as `paper_out`.
    pub problem: String,
    /// Since when, by the terminal's clock.
    pub since: i64,
}

/// One terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TerminalStatus {
    /// The terminal.
    pub terminal_id: String,
    /// As on receipts: `KOTA-T3`.
    pub number: String,
    /// What it is called.
    pub name: String,
    /// `waiting` to be enrolled, `enrolled` or `revoked`.
    pub state: &'static str,
    /// When it last pushed or pulled.
    pub last_seen_at: Option<i64>,
    /// The newest life of its journal.
    pub epoch: i64,
    /// The last event held of that life.
    pub held_seq: i64,
    /// Events held of all lives.
    pub held: i64,
}

/// Looks everything up.
///
/// # Errors
/// A failed statement.
pub async fn status(state: &AppState) -> Result<Status, UpkeepError> {
    let now = state.clock.now().as_millis();
    let mut tx = state.db.system().await?;
    let rows = sqlx::query("SELECT tenant_id, name FROM tenants ORDER BY name, tenant_id")
        .fetch_all(&mut *tx)
        .await?;
    let mut tenants = Vec::with_capacity(rows.len());
    for row in rows {
        let (tenant_id, name): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let row = sqlx::query(
            "SELECT COUNT(*), MIN(received_at) FROM journal_events WHERE tenant_id = $1 AND state = 'received'",
        )
        .bind(tenant_id.as_str())
        .fetch_one(&mut *tx)
        .await?;
        let oldest: Option<i64> = row.try_get(1)?;
        let of = |sql: &'static str| sqlx::query(sql).bind(tenant_id.clone());
        let parked = of("SELECT COUNT(*) FROM journal_events WHERE tenant_id = $1 AND state = 'parked'");
        let open = of("SELECT COUNT(*) FROM exceptions WHERE tenant_id = $1 AND resolved_at IS NULL");
        let devices = sqlx::query(AssertSqlSafe(format!(
            "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN d.well = 0 THEN 1 ELSE 0 END), 0) AS BIGINT) FROM {AT_WORK} \
             WHERE d.tenant_id = $1"
        )));
        let devices = devices.bind(tenant_id.as_str()).fetch_one(&mut *tx).await?;
        tenants.push(TenantStatus {
            backlog: row.try_get(0)?,
            applied_lag_s: oldest.map_or(0, |at| (now - at).max(0) / 1000),
            parked: parked.fetch_one(&mut *tx).await?.try_get(0)?,
            open_exceptions: open.fetch_one(&mut *tx).await?.try_get(0)?,
            devices: devices.try_get(0)?,
            devices_unwell: devices.try_get(1)?,
            unwell: unwell(&mut tx, &tenant_id).await?,
            terminals: terminals(&mut tx, &tenant_id).await?,
            tenant_id,
            name,
        });
    }
    Ok(Status { server_epoch: state.server_epoch.to_string(), now, tenants })
}

async fn terminals(tx: &mut Tx, tenant: &str) -> Result<Vec<TerminalStatus>, UpkeepError> {
    let rows = sqlx::query(
        "SELECT t.terminal_id, o.code, t.number, t.name, t.public_key IS NOT NULL AND t.revoked = 0, t.revoked <> 0, \
         t.last_seen_at, t.epoch, \
         COALESCE((SELECT h.seq FROM journal_heads h WHERE h.tenant_id = t.tenant_id AND h.terminal_id = t.terminal_id \
          AND h.epoch = t.epoch), 0), \
         CAST(COALESCE((SELECT SUM(h.seq) FROM journal_heads h WHERE h.tenant_id = t.tenant_id \
          AND h.terminal_id = t.terminal_id), 0) AS BIGINT) \
         FROM terminals t JOIN outlets o ON o.tenant_id = t.tenant_id AND o.outlet_id = t.outlet_id \
         WHERE t.tenant_id = $1 ORDER BY o.code, t.number",
    )
    .bind(tenant)
    .fetch_all(&mut **tx)
    .await?;
    rows.iter()
        .map(|row| {
            let (code, number): (String, i64) = (row.try_get(1)?, row.try_get(2)?);
            let (enrolled, revoked) = (flag(row, 4)?, flag(row, 5)?);
            Ok(TerminalStatus {
                terminal_id: row.try_get(0)?,
                number: format!("{code}-T{number}"),
                name: row.try_get(3)?,
                state: if revoked {
                    "revoked"
                } else if enrolled {
                    "enrolled"
                } else {
                    "waiting"
                },
                last_seen_at: row.try_get(6)?,
                epoch: row.try_get(7)?,
                held_seq: row.try_get(8)?,
                held: row.try_get(9)?,
            })
        })
        .collect()
}

async fn unwell(tx: &mut Tx, tenant: &str) -> Result<Vec<DeviceStatus>, UpkeepError> {
    let rows = sqlx::query(AssertSqlSafe(format!(
        "SELECT o.code, t.number, d.name, d.kind, d.problem, d.since FROM {AT_WORK} \
         JOIN outlets o ON o.tenant_id = t.tenant_id AND o.outlet_id = t.outlet_id \
         WHERE d.tenant_id = $1 AND d.well = 0 ORDER BY d.since DESC, o.code, t.number, d.position LIMIT 50"
    )))
    .bind(tenant)
    .fetch_all(&mut **tx)
    .await?;
    rows.iter()
        .map(|row| {
            let (code, number): (String, i64) = (row.try_get(0)?, row.try_get(1)?);
            Ok(DeviceStatus {
                terminal: format!("{code}-T{number}"),
                name: row.try_get(2)?,
                kind: row.try_get(3)?,
                problem: row.try_get::<Option<String>, _>(4)?.unwrap_or_default(),
                since: row.try_get(5)?,
            })
        })
        .collect()
}

/// A condition: PostgreSQL gives a truth value, SQLite a number.
fn flag(row: &sqlx::any::AnyRow, column: usize) -> Result<bool, sqlx::Error> {
    row.try_get::<bool, _>(column).or_else(|_| Ok(row.try_get::<i64, _>(column)? != 0))
}

impl Status {
    /// As text for a person.
    pub fn text(&self) -> String {
        let mut out = String::new();
        for tenant in &self.tenants {
            let _ = writeln!(
                out,
                "{}  ({})\n  to apply {} (oldest {} s)   set aside {}   exceptions open {}",
                tenant.name,
                tenant.tenant_id,
                tenant.backlog,
                tenant.applied_lag_s,
                tenant.parked,
                tenant.open_exceptions
            );
            if tenant.devices > 0 {
                let _ = writeln!(out, "  devices {}   not well {}", tenant.devices, tenant.devices_unwell);
            }
            for device in &tenant.unwell {
                let since = age((self.now - device.since).max(0) / 1000);
                let what = format!("{} {}", device.kind, device.problem);
                let _ = writeln!(out, "  {:<14} {:<20} {what}, for {since}", device.terminal, device.name);
            }
            for terminal in &tenant.terminals {
                let seen = terminal.last_seen_at.map_or_else(
                    || "never seen".to_owned(),
                    |at| format!("seen {} ago", age((self.now - at).max(0) / 1000)),
                );
                let _ = writeln!(
                    out,
                    "  {:<14} {:<20} {:<9} {:<18} epoch {} up to {}, {} events in all",
                    terminal.number,
                    terminal.name,
                    terminal.state,
                    seen,
                    terminal.epoch,
                    terminal.held_seq,
                    terminal.held
                );
            }
        }
        let sum = |read: fn(&TenantStatus) -> i64| self.tenants.iter().map(read).sum::<i64>();
        let terminals: usize = self.tenants.iter().map(|tenant| tenant.terminals.len()).sum();
        let _ = writeln!(
            out,
            "{} businesses, {terminals} terminals, {} events to apply, {} set aside, {} exceptions open",
            self.tenants.len(),
            sum(|tenant| tenant.backlog),
            sum(|tenant| tenant.parked),
            sum(|tenant| tenant.open_exceptions)
        );
        out
    }
}

fn age(seconds: i64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        7_200..=172_799 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}
