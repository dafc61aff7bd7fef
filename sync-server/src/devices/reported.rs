//! How the devices at a terminal are, from the journal into their tables: its newest report stands for all before it.

use shared::journal::payload::{DeviceReported, ReportedDevice};

use crate::database::{DatabaseError, Tx};
use crate::sync::apply::{Applied, Context};

/// A terminal told of its devices. A report that stands earlier in its journal than one that was applied, in the same life or
/// in one before, changes nothing.
///
/// # Errors
/// A failed statement.
pub async fn reported(
    tx: &mut Tx,
    context: &Context<'_>,
    reported: &DeviceReported,
) -> Result<Applied, DatabaseError> {
    let event = context.event;
    let (epoch, seq) = context.place();
    let newest = sqlx::query(
        "INSERT INTO device_reports (tenant_id, terminal_id, outlet_id, epoch, seq, reported_at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant_id, terminal_id) DO UPDATE SET \
         outlet_id = excluded.outlet_id, epoch = excluded.epoch, seq = excluded.seq, reported_at = excluded.reported_at \
         WHERE device_reports.epoch < excluded.epoch \
         OR (device_reports.epoch = excluded.epoch AND device_reports.seq < excluded.seq)",
    )
    .bind(context.tenant.to_string())
    .bind(event.terminal_id.to_string())
    .bind(event.outlet_id.to_string())
    .bind(epoch)
    .bind(seq)
    .bind(event.occurred_at.as_millis())
    .execute(&mut **tx)
    .await?;
    if newest.rows_affected() == 0 {
        return Ok(Applied::Done);
    }
    sqlx::query("DELETE FROM terminal_devices WHERE tenant_id = $1 AND terminal_id = $2")
        .bind(context.tenant.to_string())
        .bind(event.terminal_id.to_string())
        .execute(&mut **tx)
        .await?;
    for (position, device) in (0_i64..).zip(reported.clone().bounded().devices) {
        insert(tx, context, position, &device).await?;
    }
    Ok(Applied::Done)
}

async fn insert(
    tx: &mut Tx,
    context: &Context<'_>,
    position: i64,
    device: &ReportedDevice,
) -> Result<(), DatabaseError> {
    let event = context.event;
    let list = |texts: &[String]| {
        serde_json::to_string(texts).map_err(|error| DatabaseError::corrupt("terminal_devices", error))
    };
    sqlx::query(
        "INSERT INTO terminal_devices (tenant_id, terminal_id, device_id, outlet_id, position, kind, name, roles, stations, \
         well, since, problem, waiting, reported_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(context.tenant.to_string())
    .bind(event.terminal_id.to_string())
    .bind(device.device_id.to_string())
    .bind(event.outlet_id.to_string())
    .bind(position)
    .bind(device.kind.as_str())
    .bind(device.name.as_str())
    .bind(list(&device.roles)?)
    .bind(list(&device.stations)?)
    .bind(device.well.map(i64::from))
    .bind(device.since.as_millis())
    .bind(device.problem.as_deref())
    .bind(i64::from(device.waiting))
    .bind(event.occurred_at.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}
