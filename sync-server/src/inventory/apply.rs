//! Movements of goods that are no sale or refund, and edits of items asked for at a till.

use crate::database::Tx;
use serde_json::json;
use shared::journal::payload::{ItemEdited, StockMoved};
use shared::staff::{Permission, Role};
use sqlx::Row as _;

use super::ledger::{self, Movement, Source};
use crate::catalog::{self, CatalogError};
use crate::database::DatabaseError;
use crate::orders::word;
use crate::sync::apply::{Applied, Context, reason, says_the_same};
use crate::sync::exceptions::{self, Exception, code};

/// Goods moved for one reason.
///
/// # Errors
/// A failed statement.
pub async fn moved(tx: &mut Tx, context: &Context<'_>, moved: &StockMoved) -> Result<Applied, DatabaseError> {
    let event = context.event;
    let id = moved.stock_movement_id.to_string();
    let (epoch, seq) = context.place();
    let reason = word(moved.reason);
    let inserted = sqlx::query(
        "INSERT INTO stock_documents (tenant_id, stock_movement_id, outlet_id, terminal_id, epoch, seq, reason, note, \
         staff_id, occurred_at, business_date) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (tenant_id, stock_movement_id) DO NOTHING",
    )
    .bind(context.tenant.to_string())
    .bind(id.as_str())
    .bind(event.outlet_id.to_string())
    .bind(event.terminal_id.to_string())
    .bind(epoch)
    .bind(seq)
    .bind(reason.as_str())
    .bind(moved.note.as_str())
    .bind(event.staff_id.map(|id| id.to_string()))
    .bind(event.occurred_at.as_millis())
    .bind(event.business_date.to_string())
    .execute(&mut **tx)
    .await?;
    if inserted.rows_affected() == 0 {
        return repeated(tx, context, &id).await;
    }
    let movements: Vec<Movement> = moved
        .lines
        .iter()
        .map(|line| Movement {
            item_id: line.item_id,
            variant_id: line.variant_id,
            sku: &line.sku,
            thousandths: line.quantity.raw(),
        })
        .collect();
    let source = Source { context: *context, id, reason: &reason, date: event.business_date, movements };
    ledger::book(tx, &[source]).await?;
    Ok(Applied::Done)
}

async fn repeated(tx: &mut Tx, context: &Context<'_>, id: &str) -> Result<Applied, DatabaseError> {
    let row = sqlx::query(
        "SELECT terminal_id, epoch, seq FROM stock_documents WHERE tenant_id = $1 AND stock_movement_id = $2",
    )
    .bind(context.tenant.to_string())
    .bind(id)
    .fetch_one(&mut **tx)
    .await?;
    let (terminal, place): (String, _) = (row.try_get(0)?, (row.try_get(1)?, row.try_get(2)?));
    let own = terminal == context.event.terminal_id.to_string() && place == context.place();
    if own || says_the_same(tx, context, &terminal, place).await? {
        Ok(Applied::Done)
    } else {
        Ok(Applied::Parked(reason::DUPLICATE_ID))
    }
}

/// An edit of an item: descriptive fields are taken over, a price only from somebody who may edit items; either way the
/// server's version goes back down.
///
/// # Errors
/// A failed statement.
pub async fn item_edited(
    tx: &mut Tx,
    context: &Context<'_>,
    edited: &ItemEdited,
) -> Result<Applied, DatabaseError> {
    let mut edited = edited.clone();
    if edited.unit_price.is_some() && !may_edit(tx, context).await? {
        let event = context.event;
        let exception = Exception {
            code: code::PRICE_REFUSED,
            outlet_id: Some(event.outlet_id),
            terminal_id: Some(event.terminal_id),
            event: Some((event.epoch, event.seq)),
            subject: edited.item_id.to_string(),
            details: json!({ "item_id": edited.item_id, "unit_price": edited.unit_price, "staff_id": event.staff_id }),
            occurred_at: event.occurred_at,
        };
        exceptions::note(tx, context.tenant, &exception, context.now).await?;
        edited.unit_price = None;
    }
    match catalog::edit_item(tx, context.tenant, &edited, context.now).await {
        Ok(true) => Ok(Applied::Done),
        Ok(false) => Ok(Applied::Parked(reason::UNKNOWN_ITEM)),
        Err(CatalogError::Database(error)) => Err(error),
        Err(_) => Ok(Applied::Parked(reason::VALUE_REFUSED)),
    }
}

/// Whether the person of the event may change prices, by what the server knows of them.
async fn may_edit(tx: &mut Tx, context: &Context<'_>) -> Result<bool, DatabaseError> {
    let Some(staff_id) = context.event.staff_id else { return Ok(false) };
    let row = sqlx::query("SELECT role FROM staff WHERE tenant_id = $1 AND staff_id = $2")
        .bind(context.tenant.to_string())
        .bind(staff_id.to_string())
        .fetch_optional(&mut **tx)
        .await?;
    let Some(row) = row else { return Ok(false) };
    let role = serde_json::from_value::<Role>(json!(row.try_get::<String, _>(0)?));
    Ok(role.is_ok_and(|role| role.may(Permission::EditItems)))
}
