//! Drawer sessions, drawer cash and activities from the journal into their tables.

use crate::database::Tx;
use serde_json::json;
use shared::drawer::{CashMovement, DrawerClosed, DrawerOpened};
use sqlx::Row as _;

use crate::database::{DatabaseError, word};
use crate::sync::apply::{Applied, Context, reason};
use crate::sync::exceptions::{self, Exception, code};

/// A drawer was opened.
///
/// # Errors
/// A failed statement.
pub async fn opened(
    tx: &mut Tx,
    context: &Context<'_>,
    opened: &DrawerOpened,
) -> Result<Applied, DatabaseError> {
    let event = context.event;
    if opened.outlet_id != event.outlet_id || opened.terminal_id != event.terminal_id {
        return Ok(Applied::Parked(reason::FOREIGN_PLACE));
    }
    insert_opened(tx, context, opened).await?;
    Ok(Applied::Done)
}

async fn insert_opened(
    tx: &mut Tx,
    context: &Context<'_>,
    opened: &DrawerOpened,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "INSERT INTO drawer_sessions (tenant_id, drawer_session_id, outlet_id, terminal_id, staff_name, opened_at, \
         business_date, currency, opening_float) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (tenant_id, drawer_session_id) DO NOTHING",
    )
    .bind(context.tenant.to_string())
    .bind(opened.drawer_session_id.to_string())
    .bind(opened.outlet_id.to_string())
    .bind(opened.terminal_id.to_string())
    .bind(opened.staff_name.as_str())
    .bind(opened.opened_at.as_millis())
    .bind(opened.business_date.to_string())
    .bind(opened.opening_float.currency().to_string())
    .bind(opened.opening_float.minor())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A drawer was counted; its report is compared with the sales that the server holds of it.
///
/// # Errors
/// A failed statement.
pub async fn closed(
    tx: &mut Tx,
    context: &Context<'_>,
    closed: &DrawerClosed,
) -> Result<Applied, DatabaseError> {
    let event = context.event;
    let opened = &closed.report.opened;
    if opened.outlet_id != event.outlet_id || opened.terminal_id != event.terminal_id {
        return Ok(Applied::Parked(reason::FOREIGN_PLACE));
    }
    insert_opened(tx, context, opened).await?;
    let body =
        serde_json::to_string(closed).map_err(|error| DatabaseError::corrupt("drawer_sessions", error))?;
    sqlx::query(
        "UPDATE drawer_sessions SET closed_at = $1, z_number = $2, expected_cash = $3, counted_cash = $4, \
         difference = $5, closed_body = $6 WHERE tenant_id = $7 AND drawer_session_id = $8 AND closed_at IS NULL",
    )
    .bind(closed.closed_at.as_millis())
    .bind(i64::from(closed.z_number))
    .bind(closed.report.expected_cash.minor())
    .bind(closed.counted_cash.minor())
    .bind(closed.difference.minor())
    .bind(body)
    .bind(context.tenant.to_string())
    .bind(opened.drawer_session_id.to_string())
    .execute(&mut **tx)
    .await?;
    check_report(tx, context, closed).await?;
    Ok(Applied::Done)
}

async fn check_report(
    tx: &mut Tx,
    context: &Context<'_>,
    closed: &DrawerClosed,
) -> Result<(), DatabaseError> {
    let session = closed.report.opened.drawer_session_id.to_string();
    let mut held = Vec::with_capacity(2);
    for sql in [
        "SELECT COUNT(*), CAST(COALESCE(SUM(total), 0) AS BIGINT) FROM orders WHERE tenant_id = $1 AND drawer_session_id = $2",
        "SELECT COUNT(*), CAST(COALESCE(SUM(total), 0) AS BIGINT) FROM refunds WHERE tenant_id = $1 AND drawer_session_id = $2",
    ] {
        let row = sqlx::query(sql)
            .bind(context.tenant.to_string())
            .bind(session.as_str())
            .fetch_one(&mut **tx)
            .await?;
        held.push((row.try_get::<i64, _>(0)?, row.try_get::<i64, _>(1)?));
    }
    let report = &closed.report;
    let claimed = [
        (i64::from(report.orders), report.sales_total.minor()),
        (i64::from(report.refunds), report.refund_total.minor()),
    ];
    if held != claimed {
        let event = context.event;
        let exception = Exception {
            code: code::DRAWER_MISMATCH,
            outlet_id: Some(event.outlet_id),
            terminal_id: Some(event.terminal_id),
            event: Some((event.epoch, event.seq)),
            subject: format!("Z {}", closed.z_number),
            details: json!({ "drawer_session_id": session, "held": held, "claimed": claimed }),
            occurred_at: event.occurred_at,
        };
        exceptions::note(tx, context.tenant, &exception, context.now).await?;
    }
    Ok(())
}

/// Drawer cash moved.
///
/// # Errors
/// A failed statement.
pub async fn cash_moved(
    tx: &mut Tx,
    context: &Context<'_>,
    moved: &CashMovement,
) -> Result<Applied, DatabaseError> {
    let event = context.event;
    sqlx::query(
        "INSERT INTO cash_movements (tenant_id, cash_movement_id, drawer_session_id, outlet_id, terminal_id, kind, \
         currency, amount, reason, staff_id, occurred_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (tenant_id, cash_movement_id) DO NOTHING",
    )
    .bind(context.tenant.to_string())
    .bind(moved.cash_movement_id.to_string())
    .bind(moved.drawer_session_id.to_string())
    .bind(event.outlet_id.to_string())
    .bind(event.terminal_id.to_string())
    .bind(word(moved.kind))
    .bind(moved.amount.currency().to_string())
    .bind(moved.amount.minor())
    .bind(moved.reason.as_str())
    .bind(moved.staff_id.to_string())
    .bind(moved.occurred_at.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(Applied::Done)
}

/// Something a person did that moves neither money nor goods, kept as it is.
///
/// # Errors
/// A failed statement.
pub async fn activity(tx: &mut Tx, context: &Context<'_>) -> Result<Applied, DatabaseError> {
    let event = context.event;
    let (epoch, seq) = context.place();
    sqlx::query(
        "INSERT INTO activities (tenant_id, terminal_id, epoch, seq, outlet_id, kind, staff_id, occurred_at, body) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (tenant_id, terminal_id, epoch, seq) DO NOTHING",
    )
    .bind(context.tenant.to_string())
    .bind(event.terminal_id.to_string())
    .bind(epoch)
    .bind(seq)
    .bind(event.outlet_id.to_string())
    .bind(event.kind.as_str())
    .bind(event.staff_id.map(|id| id.to_string()))
    .bind(event.occurred_at.as_millis())
    .bind(event.payload.to_string())
    .execute(&mut **tx)
    .await?;
    Ok(Applied::Done)
}
