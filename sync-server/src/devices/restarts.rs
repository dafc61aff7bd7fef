//! A terminal that began a new life of its journal by itself: kept as an activity, and told to people.

use serde_json::json;
use shared::journal::payload::JournalRestarted;

use super::apply::activity;
use crate::database::{DatabaseError, Tx};
use crate::sync::apply::{Applied, Context};
use crate::sync::exceptions::{self, Exception, code};

/// A terminal began anew: nothing is lost by it, but somebody must know why.
///
/// # Errors
/// A failed statement.
pub async fn restarted(
    tx: &mut Tx,
    context: &Context<'_>,
    restarted: &JournalRestarted,
) -> Result<Applied, DatabaseError> {
    let applied = activity(tx, context).await?;
    let event = context.event;
    let exception = Exception {
        code: code::JOURNAL_RESTARTED,
        outlet_id: Some(event.outlet_id),
        terminal_id: Some(event.terminal_id),
        event: Some((event.epoch, event.seq)),
        subject: event.terminal_id.to_string(),
        details: json!(restarted),
        occurred_at: event.occurred_at,
    };
    exceptions::note_and_tell(tx, context.tenant, &exception, context.now).await?;
    Ok(applied)
}
