//! The worker: takes received events in bounded batches, tenant by tenant.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use futures_util::{FutureExt as _, TryStreamExt as _};
use metrics::counter;
use shared::ids::{TenantId, TerminalId};
use shared::journal::Event;
use sqlx::Row as _;
use tokio::sync::{Notify, watch};

use super::dispatch::{Applied, Context, RulesCache, dispatch};
use super::{parking, reason};
use crate::app::AppState;
use crate::database::{DatabaseError, Tx};

/// How often the table is looked at without a wake.
const TICK: Duration = Duration::from_secs(1);
/// The most events of one transaction.
const BATCH_EVENTS: i64 = 200;
/// A batch takes no more events after this many bytes of them.
const BATCH_BYTES: usize = 8 * 1024 * 1024;
/// A batch takes no more events after this time, so that a push never waits long for the writer.
const BATCH_TIME: Duration = Duration::from_millis(200);

/// Wakes the worker that applies received events.
#[derive(Debug, Default)]
pub struct Wake(Notify);

impl Wake {
    /// There is something to apply.
    pub fn now(&self) {
        self.0.notify_one();
    }
}

/// Applies received events until asked to stop; an event being applied is finished.
pub async fn run(state: AppState, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        if let Err(error) = apply_all(&state, &stopped).await {
            let error: &dyn std::error::Error = &error;
            tracing::error!(error, "could not apply events; they are tried again");
        }
        tokio::select! {
            () = state.wake.0.notified() => {}
            () = tokio::time::sleep(TICK) => {}
            // An error means that the owner is gone; the loop ends with the next look.
            changed = stopped.changed() => if changed.is_err() { return },
        }
    }
}

/// Applies all that waits, then returns: for whoever drives a server step by step.
///
/// # Errors
/// A failed statement; what was not applied is tried again the next time.
pub async fn apply_waiting(state: &AppState) -> Result<(), DatabaseError> {
    let (_stop, stopped) = watch::channel(false);
    apply_all(state, &stopped).await
}

async fn apply_all(state: &AppState, stopped: &watch::Receiver<bool>) -> Result<(), DatabaseError> {
    let mut tx = state.db.system().await?;
    let rows = sqlx::query("SELECT DISTINCT tenant_id FROM journal_events WHERE state = 'received'")
        .fetch_all(&mut *tx)
        .await?;
    drop(tx);
    for row in rows {
        let tenant: TenantId = row
            .try_get::<&str, _>(0)?
            .parse()
            .map_err(|error| DatabaseError::corrupt("journal_events", error))?;
        loop {
            if *stopped.borrow() {
                return Ok(());
            }
            // Nearly every batch is free of poison: it needs no savepoints. One that is not is rolled back and done
            // again, event by event.
            let more = match apply_batch(state, tenant, Care::Whole).await? {
                Some(more) => more,
                None => apply_batch(state, tenant, Care::EachEvent).await?.unwrap_or(false),
            };
            if !more {
                break;
            }
        }
    }
    Ok(())
}

struct Received {
    terminal: String,
    epoch: i64,
    seq: i64,
    raw: Vec<u8>,
}

/// What is rolled back when an event cannot be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Care {
    /// The whole batch.
    Whole,
    /// That event.
    EachEvent,
}

/// Applies one batch of a business; whether there may be more, or None when the batch needs more care.
async fn apply_batch(state: &AppState, tenant: TenantId, care: Care) -> Result<Option<bool>, DatabaseError> {
    let mut tx = state.db.write(tenant).await?;
    // Two servers on one database take turns per business.
    sqlx::query("UPDATE tenants SET change_seq = change_seq WHERE tenant_id = $1")
        .bind(tenant.to_string())
        .execute(&mut *tx)
        .await?;
    let (batch, mut more) = received(&mut tx, tenant).await?;
    let begun = Instant::now();
    let mut rules = RulesCache::default();
    let (mut applied, mut parked) = (0_u64, 0_u64);
    let mut done: Vec<&Received> = Vec::with_capacity(batch.len());
    for (place, received) in batch.iter().enumerate() {
        if place > 0 && begun.elapsed() > BATCH_TIME {
            more = true;
            break;
        }
        let outcome = apply_one(state, &mut tx, tenant, received, &mut rules, care).await?;
        if outcome != Applied::Done && care == Care::Whole {
            return Ok(None);
        }
        let place = parking::Place { terminal: &received.terminal, epoch: received.epoch, seq: received.seq };
        let event = serde_json::from_slice::<Event>(&received.raw).ok().filter(|_| outcome != Applied::Done);
        match outcome {
            Applied::Done => {
                done.push(received);
                applied += 1;
            }
            Applied::Parked(why) => {
                parking::park(&mut tx, tenant, place, event.as_ref(), why, state.clock.now()).await?;
                parked += 1;
            }
        }
    }
    mark_applied(&mut tx, tenant, &done).await?;
    parking::settle(&mut tx, tenant, &done_places(&done), state.clock.now()).await?;
    tx.commit().await?;
    counter!("kedai_events_applied_total").increment(applied);
    counter!("kedai_events_parked_total").increment(parked);
    Ok(Some(more))
}

async fn received(tx: &mut Tx, tenant: TenantId) -> Result<(Vec<Received>, bool), DatabaseError> {
    let mut rows = sqlx::query(
        "SELECT terminal_id, epoch, seq, raw FROM journal_events WHERE tenant_id = $1 AND state = 'received' \
         ORDER BY terminal_id, epoch, seq LIMIT $2",
    )
    .bind(tenant.to_string())
    .bind(BATCH_EVENTS)
    .fetch(&mut **tx);
    let (mut batch, mut bytes) = (Vec::new(), 0_usize);
    while let Some(row) = rows.try_next().await? {
        let raw: Vec<u8> = row.try_get(3)?;
        bytes += raw.len();
        batch.push(Received { terminal: row.try_get(0)?, epoch: row.try_get(1)?, seq: row.try_get(2)?, raw });
        if bytes >= BATCH_BYTES {
            return Ok((batch, true));
        }
    }
    let full = i64::try_from(batch.len()).is_ok_and(|rows| rows == BATCH_EVENTS);
    Ok((batch, full))
}

/// Applies one event, under its own savepoint when care is needed.
///
/// # Errors
/// Only what may go away by itself, such as a lost connection; the batch is then rolled back and tried again.
async fn apply_one(
    state: &AppState,
    tx: &mut Tx,
    tenant: TenantId,
    received: &Received,
    rules: &mut RulesCache,
    care: Care,
) -> Result<Applied, DatabaseError> {
    let Ok(event) = serde_json::from_slice::<Event>(&received.raw) else {
        return Ok(Applied::Parked(reason::PAYLOAD_UNREADABLE));
    };
    if care == Care::EachEvent {
        sqlx::query("SAVEPOINT event").execute(&mut **tx).await?;
    }
    let context = Context { tenant, event: &event, now: state.clock.now() };
    // A bug in one arm must not stop a till's queue: a panic parks its event like any other failure.
    let outcome = AssertUnwindSafe(dispatch(tx, &context, rules)).catch_unwind().await;
    let applied = match outcome {
        Ok(Ok(applied)) => applied,
        Ok(Err(error)) => match verdict(&error) {
            Some(why) => {
                if care == Care::EachEvent {
                    log_parked(received, &error);
                }
                Applied::Parked(why)
            }
            None => return Err(error),
        },
        Err(_) => {
            tracing::error!(terminal = received.terminal, seq = received.seq, "applying an event panicked");
            Applied::Parked(reason::FAILED)
        }
    };
    if care == Care::Whole {
        return Ok(applied);
    }
    if applied != Applied::Done {
        sqlx::query("ROLLBACK TO SAVEPOINT event").execute(&mut **tx).await?;
    }
    sqlx::query("RELEASE SAVEPOINT event").execute(&mut **tx).await?;
    Ok(applied)
}

/// Whether a failure is the event's own, and then which; None when it may go away by itself.
fn verdict(error: &DatabaseError) -> Option<&'static str> {
    match error {
        DatabaseError::Statement(sqlx::Error::Database(cause)) => {
            // SQLite: BUSY, LOCKED, NOMEM, IOERR, FULL, CANTOPEN. PostgreSQL: connection, resources, operator,
            // serialisation and deadlock.
            let code = cause.code().unwrap_or_default();
            let sqlite =
                code.parse::<i64>().is_ok_and(|code| matches!(code & 0xff, 5 | 6 | 7 | 10 | 13 | 14));
            let postgres =
                code.len() == 5 && ["08", "40", "53", "57", "58"].iter().any(|class| code.starts_with(class));
            (!sqlite && !postgres).then_some(reason::VALUE_REFUSED)
        }
        DatabaseError::Statement(
            sqlx::Error::Encode(_) | sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. },
        ) => Some(reason::FAILED),
        DatabaseError::Corrupt { .. } => Some(reason::FAILED),
        _ => None,
    }
}

fn log_parked(received: &Received, error: &DatabaseError) {
    let (terminal, seq) = (&received.terminal, received.seq);
    tracing::error!(terminal, seq, error = error as &dyn std::error::Error, "an event could not be applied");
}

/// Marks events as applied, one statement per run of consecutive ones.
async fn mark_applied(tx: &mut Tx, tenant: TenantId, done: &[&Received]) -> Result<(), DatabaseError> {
    let follows =
        |a: &&Received, b: &&Received| a.terminal == b.terminal && a.epoch == b.epoch && b.seq == a.seq + 1;
    for run in done.chunk_by(follows) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        sqlx::query(
            "UPDATE journal_events SET state = 'applied', reason = NULL \
             WHERE tenant_id = $1 AND terminal_id = $2 AND epoch = $3 AND seq BETWEEN $4 AND $5",
        )
        .bind(tenant.to_string())
        .bind(first.terminal.as_str())
        .bind(first.epoch)
        .bind(first.seq)
        .bind(last.seq)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

fn done_places(done: &[&Received]) -> Vec<(TerminalId, i64, i64)> {
    done.iter().filter_map(|event| Some((event.terminal.parse().ok()?, event.epoch, event.seq))).collect()
}
