//! How the devices at a terminal are, from the journal into their tables: its newest report stands for all before it.

use shared::journal::payload::DeviceReported;

use crate::database::{Bulk, DatabaseError, Kind, Tx};
use crate::sync::apply::{Applied, Context};

/// Where devices are read: with their terminals, of those at work. What stands at another troubles nobody any more.
pub const AT_WORK: &str = "terminal_devices d JOIN terminals t ON t.tenant_id = d.tenant_id \
                           AND t.terminal_id = d.terminal_id AND t.public_key IS NOT NULL AND t.revoked = 0";

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
        "INSERT INTO device_reports (tenant_id, terminal_id, epoch, seq) \
         VALUES ($1, $2, $3, $4) ON CONFLICT (tenant_id, terminal_id) DO UPDATE SET \
         epoch = excluded.epoch, seq = excluded.seq \
         WHERE device_reports.epoch < excluded.epoch \
         OR (device_reports.epoch = excluded.epoch AND device_reports.seq < excluded.seq)",
    )
    .bind(context.tenant.to_string())
    .bind(event.terminal_id.to_string())
    .bind(epoch)
    .bind(seq)
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
    let mut rows = Vec::new();
    for (position, device) in (0_i64..).zip(reported.clone().bounded().devices) {
        let (roles, stations) = (list(&device.roles)?, list(&device.stations)?);
        rows.push((position, device, roles, stations));
    }
    let tenant = context.tenant.to_string();
    let written = DEVICES.insert(tx, &tenant, &rows, |(position, device, roles, stations), cells| {
        cells.text(event.terminal_id);
        cells.text(device.device_id);
        cells.text(event.outlet_id);
        cells.number(*position);
        cells.text(&device.kind);
        cells.text(&device.name);
        cells.text(roles);
        cells.text(stations);
        cells.number_or_null(device.well.map(i64::from));
        cells.number(device.since.as_millis());
        cells.text_or_null(device.problem.as_deref());
        cells.number(i64::from(device.waiting));
        cells.number(event.occurred_at.as_millis());
    });
    written.await?;
    Ok(Applied::Done)
}

const DEVICES: Bulk = Bulk {
    table: "terminal_devices",
    columns: &[
        ("terminal_id", Kind::Text),
        ("device_id", Kind::Text),
        ("outlet_id", Kind::Text),
        ("position", Kind::Number),
        ("kind", Kind::Text),
        ("name", Kind::Text),
        ("roles", Kind::Text),
        ("stations", Kind::Text),
        ("well", Kind::Number),
        ("since", Kind::Number),
        ("problem", Kind::Text),
        ("waiting", Kind::Number),
        ("reported_at", Kind::Number),
    ],
    conflict: "",
};

fn list(texts: &[String]) -> Result<String, DatabaseError> {
    serde_json::to_string(texts).map_err(|error| DatabaseError::corrupt("terminal_devices", error))
}
