//! Reading what is to be applied: events out of the table, and the sales among them out of their bytes.

use std::collections::HashMap;

use futures_util::TryStreamExt as _;
use shared::ids::TenantId;
use sqlx::Row as _;
use tokio::task::JoinHandle;

use super::dispatch::ReadSale;
use super::worker::Care;
use crate::app::AppState;
use crate::database::{DatabaseError, Tx};

/// The most events of one transaction.
const BATCH_EVENTS: i64 = 500;
/// A batch takes no more events after this many bytes of them.
const BATCH_BYTES: usize = 8 * 1024 * 1024;

/// An event as it was received.
pub(super) struct Received {
    pub(super) terminal: String,
    pub(super) epoch: i64,
    pub(super) seq: i64,
    pub(super) raw: Vec<u8>,
    pub(super) received_at: i64,
}

/// An event, with the sale when it is one like all others.
pub(super) type ReadEvent = (Received, Option<ReadSale>);

/// What is applied in one transaction.
pub(super) struct Batch<E = ReadEvent> {
    pub(super) events: Vec<E>,
    /// Whether there may be more of this business.
    pub(super) more: bool,
}

/// The place of an event among those of a business: terminal, epoch, seq.
type Place = (String, i64, i64);

/// The first events of a business that wait, or those behind a place.
///
/// # Errors
/// A failed statement.
async fn received(
    tx: &mut Tx,
    tenant: TenantId,
    behind: Option<Place>,
) -> Result<Batch<Received>, DatabaseError> {
    let (terminal, epoch, seq) = behind.unwrap_or_default();
    let mut rows = sqlx::query(
        "SELECT terminal_id, epoch, seq, raw, received_at FROM journal_events \
         WHERE tenant_id = $1 AND state = 'received' AND (terminal_id, epoch, seq) > ($2, $3, $4) \
         ORDER BY terminal_id, epoch, seq LIMIT $5",
    )
    .bind(tenant.to_string())
    .bind(terminal)
    .bind(epoch)
    .bind(seq)
    .bind(BATCH_EVENTS)
    .fetch(&mut **tx);
    let (mut events, mut bytes) = (Vec::new(), 0_usize);
    while let Some(row) = rows.try_next().await? {
        let raw: Vec<u8> = row.try_get(3)?;
        bytes += raw.len();
        let (terminal, epoch, seq) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        events.push(Received { terminal, epoch, seq, raw, received_at: row.try_get(4)? });
        if bytes >= BATCH_BYTES {
            return Ok(Batch { events, more: true });
        }
    }
    let more = i64::try_from(events.len()).is_ok_and(|rows| rows == BATCH_EVENTS);
    Ok(Batch { events, more })
}

impl Batch<Received> {
    /// The same with its sales read, away from the threads that serve requests. Where care is needed each event is read
    /// when its turn comes.
    ///
    /// # Errors
    /// When the process ends, or a bug panics.
    async fn with_sales(self, care: Care) -> Result<Batch, DatabaseError> {
        let Self { events, more } = self;
        let events = match care {
            Care::EachEvent => events.into_iter().map(|received| (received, None)).collect(),
            Care::Whole => {
                let read = |received: Received| {
                    let sale = ReadSale::of(&received.raw);
                    (received, sale)
                };
                tokio::task::spawn_blocking(move || events.into_iter().map(read).collect())
                    .await
                    .map_err(panicked)?
            }
        };
        Ok(Batch { events, more })
    }
}

fn panicked(error: tokio::task::JoinError) -> DatabaseError {
    DatabaseError::corrupt("journal_events", error)
}

/// The next batch of each business, read while the one before it is written: reading is half of the work, and it can be done
/// on another core. Where another server may come between, whoever applies it finds out before the commit.
#[derive(Default)]
pub(super) struct Ahead(HashMap<TenantId, JoinHandle<Result<Batch, DatabaseError>>>);

impl Ahead {
    /// The batch whose turn it is; the one behind it begins to be read.
    ///
    /// # Errors
    /// A failed statement.
    pub(super) async fn next(
        &mut self,
        state: &AppState,
        tenant: TenantId,
        care: Care,
    ) -> Result<Batch, DatabaseError> {
        if care == Care::EachEvent {
            // It begins at the first event that waits, and may end anywhere: what was read ahead is not what follows it.
            self.forget(tenant);
            return read(state, tenant, None, care).await;
        }
        let batch = match self.0.remove(&tenant) {
            Some(ready) => ready.await.map_err(panicked)??,
            None => read(state, tenant, None, care).await?,
        };
        if let Some((last, _)) = batch.events.last().filter(|_| batch.more) {
            let behind = (last.terminal.clone(), last.epoch, last.seq);
            let state = state.clone();
            let reading = async move { read(&state, tenant, Some(behind), Care::Whole).await };
            self.0.insert(tenant, tokio::spawn(reading));
        }
        Ok(batch)
    }

    /// Drops what was read ahead of a business: somebody else is at it.
    pub(super) fn forget(&mut self, tenant: TenantId) {
        if let Some(ready) = self.0.remove(&tenant) {
            ready.abort();
        }
    }
}

async fn read(
    state: &AppState,
    tenant: TenantId,
    behind: Option<Place>,
    care: Care,
) -> Result<Batch, DatabaseError> {
    let mut tx = state.db.read_latest(tenant).await?;
    let batch = received(&mut tx, tenant, behind).await?;
    drop(tx);
    batch.with_sales(care).await
}
