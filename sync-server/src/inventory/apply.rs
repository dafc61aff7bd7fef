//! Movements of goods that are no sale or refund.

use crate::database::Tx;
use shared::journal::payload::StockMoved;
use sqlx::Row as _;

use super::ledger::{self, Movement, Source};
use crate::database::{DatabaseError, word};
use crate::sync::apply::{Applied, Context, reason, says_the_same};

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
