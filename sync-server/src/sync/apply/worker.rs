//! The worker: takes received events in bounded batches, tenant by tenant.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use metrics::{counter, gauge};
use shared::Timestamp;
use shared::ids::{TenantId, TerminalId};
use shared::journal::Event;
use sqlx::Row as _;
use tokio::sync::{Notify, watch};

use super::dispatch::{Applied, Context, RulesCache, dispatch};
use super::reading::{Ahead, Batch, ReadEvent, Received};
use super::upkeep::Upkeep;
use super::{parking, reason};
use crate::app::AppState;
use crate::database::{DatabaseError, Engine, Tx};
use crate::orders::{self, Sale};

/// How often the table is looked at without a wake.
const TICK: Duration = Duration::from_secs(1);
/// How long pushes are let go first when they do not stop.
const PATIENCE: Duration = Duration::from_millis(400);
/// How long they are let go first before each batch after that.
const LEAST_PATIENCE: Duration = Duration::from_millis(15);
/// A batch takes no more events after this time, so that a push never waits long for the writer.
const BATCH_TIME: Duration = Duration::from_millis(200);

/// How long after the last push the server counts as quiet.
const QUIET: Duration = Duration::from_millis(10);

/// Wakes the worker that applies received events.
#[derive(Debug, Default)]
pub struct Wake {
    news: Notify,
    last: Mutex<Option<Instant>>,
    applying: AtomicBool,
}

impl Wake {
    /// There is something to apply.
    pub fn now(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        self.news.notify_one();
    }

    /// Whether events are being applied.
    pub fn is_applying(&self) -> bool {
        self.applying.load(Ordering::Relaxed)
    }

    /// Whether the last push is a moment ago.
    pub fn is_quiet(&self) -> bool {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_none_or(|last| last.elapsed() >= QUIET)
    }
}

/// Applies received events until asked to stop; an event being applied is finished.
pub async fn run(state: AppState, mut stopped: watch::Receiver<bool>) {
    let mut upkeep = Upkeep::default();
    while !*stopped.borrow() {
        state.wake.applying.store(true, Ordering::Relaxed);
        let applied = apply_all(&state, &stopped, Manners::PushesFirst).await;
        state.wake.applying.store(false, Ordering::Relaxed);
        let applied = match applied {
            Ok(applied) => applied,
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, "could not apply events; they are tried again");
                Done::Some
            }
        };
        if let Err(error) = upkeep.turn(&state).await {
            tracing::warn!(error = &error as &dyn std::error::Error, "could not look after the queue");
        }
        let wait = if applied == Done::TakenByAnother { TICK / 20 } else { TICK };
        tokio::select! {
            () = state.wake.news.notified() => {}
            () = tokio::time::sleep(wait) => {}
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
    apply_all(state, &stopped, Manners::AtOnce).await.map(drop)
}

/// Whether pushes are let go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manners {
    AtOnce,
    PushesFirst,
}

/// What became of a look at the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    /// What could be applied is.
    Some,
    /// Another server applies the events of a business: soon there may be more.
    TakenByAnother,
}

/// The businesses take turns, one batch each, so that a large one does not keep the others waiting.
async fn apply_all(
    state: &AppState,
    stopped: &watch::Receiver<bool>,
    manners: Manners,
) -> Result<Done, DatabaseError> {
    let mut tx = state.db.system_latest().await?;
    let rows = sqlx::query("SELECT DISTINCT tenant_id FROM journal_events WHERE state = 'received'")
        .fetch_all(&mut *tx)
        .await?;
    drop(tx);
    let mut waiting = VecDeque::with_capacity(rows.len());
    for row in rows {
        let tenant: Result<TenantId, _> = row.try_get::<&str, _>(0)?.parse();
        waiting.push_back(tenant.map_err(|error| DatabaseError::corrupt("journal_events", error))?);
    }
    let (begun, mut done, mut ahead) = (Instant::now(), Done::Some, Ahead::default());
    while let Some(tenant) = waiting.pop_front() {
        if *stopped.borrow() {
            break;
        }
        if manners == Manners::PushesFirst {
            give_way(state, begun).await;
        }
        // Nearly every batch is free of poison: it needs no savepoints. One that is not is rolled back and done again,
        // event by event.
        let mut turn = apply_batch(state, tenant, Care::Whole, &mut ahead).await?;
        if turn == Turn::NeedsCare {
            turn = apply_batch(state, tenant, Care::EachEvent, &mut ahead).await?;
        }
        match turn {
            Turn::Applied { more: true } | Turn::Overtaken => waiting.push_back(tenant),
            Turn::TakenByAnother => done = Done::TakenByAnother,
            Turn::Applied { more: false } | Turn::NeedsCare => {}
        }
    }
    Ok(done)
}

/// Lets pushes go first: a burst is taken in whole before it is applied, for a while; when pushes do not stop, both go on
/// in turns.
async fn give_way(state: &AppState, begun: Instant) {
    let until = Instant::now() + PATIENCE.saturating_sub(begun.elapsed()).max(LEAST_PATIENCE);
    while !state.is_quiet() && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// What is rolled back when an event cannot be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    /// The whole batch.
    Whole,
    /// That event.
    EachEvent,
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// It is applied.
    Applied {
        /// Whether there may be more of this business.
        more: bool,
    },
    /// One of it cannot be applied: nothing was done.
    NeedsCare,
    /// Another server is at it.
    TakenByAnother,
    /// Another server was, since what was to be applied was read: nothing was done.
    Overtaken,
}

/// Applies one batch of a business.
async fn apply_batch(
    state: &AppState,
    tenant: TenantId,
    care: Care,
    ahead: &mut Ahead,
) -> Result<Turn, DatabaseError> {
    // On SQLite there is one worker and one writer, which is not kept waiting while events are read. On PostgreSQL another
    // server may be at it: what is to be applied is read under the lock of the business, or was read ahead, and then
    // marking it shows whether anyone came between.
    let (mut tx, Batch { events: batch, mut more }) = match state.db.engine() {
        Engine::Sqlite => {
            let batch = ahead.next(state, tenant, care).await?;
            (state.db.write(tenant).await?, batch)
        }
        Engine::Postgres => {
            let mut tx = state.db.write(tenant).await?;
            if !claim(&mut tx, tenant).await? {
                ahead.forget(tenant);
                return Ok(Turn::TakenByAnother);
            }
            (tx, ahead.next(state, tenant, care).await?)
        }
    };
    if let Some(oldest) = batch.iter().map(|(received, _)| received.received_at).min() {
        let lag = Timestamp::from_millis(oldest);
        #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
        gauge!("kedai_apply_lag_seconds").set(state.clock.now().since(lag).max(0) as f64 / 1_000.0);
    }
    let begun = Instant::now();
    let mut rules = RulesCache::default();
    let (mut applied, mut parked) = (0_u64, 0_u64);
    let mut done: Vec<&Received> = Vec::with_capacity(batch.len());
    let mut rest = batch.as_slice();
    while let Some((received, sale)) = rest.first() {
        if applied + parked > 0 && care == Care::EachEvent && begun.elapsed() > BATCH_TIME {
            more = true;
            break;
        }
        if sale.is_some() {
            let run = rest.split_at(rest.iter().position(|(_, sale)| sale.is_none()).unwrap_or(rest.len()));
            if !apply_sales(state, &mut tx, tenant, run.0, &mut rules).await? {
                return Ok(Turn::NeedsCare);
            }
            applied += u64::try_from(run.0.len()).unwrap_or(0);
            done.extend(run.0.iter().map(|(received, _)| received));
            rest = run.1;
            continue;
        }
        rest = rest.get(1..).unwrap_or_default();
        let outcome = apply_one(state, &mut tx, tenant, received, &mut rules, care).await?;
        if outcome != Applied::Done && care == Care::Whole {
            return Ok(Turn::NeedsCare);
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
    if !mark_applied(&mut tx, tenant, &done).await? {
        ahead.forget(tenant);
        return Ok(Turn::Overtaken);
    }
    parking::settle(&mut tx, tenant, &done_places(&done), state.clock.now()).await?;
    // That these events are applied stands in the same transaction as what was made of them.
    tx.commit_repeatable().await?;
    counter!("kedai_events_applied_total").increment(applied);
    counter!("kedai_events_parked_total").increment(parked);
    Ok(Turn::Applied { more })
}

/// Takes the right to apply the events of a business, held until the transaction ends; false while another server has it.
async fn claim(tx: &mut Tx, tenant: TenantId) -> Result<bool, DatabaseError> {
    let sql = "SELECT CAST(CAST(pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS INT) AS BIGINT)";
    let row = sqlx::query(sql).bind(format!("kedai apply {tenant}")).fetch_one(&mut **tx).await?;
    Ok(row.try_get::<i64, _>(0)? != 0)
}

/// Applies consecutive sales; false when one of them needs more care.
async fn apply_sales(
    state: &AppState,
    tx: &mut Tx,
    tenant: TenantId,
    run: &[ReadEvent],
    rules: &mut RulesCache,
) -> Result<bool, DatabaseError> {
    let now = state.clock.now();
    let sales: Vec<Sale<'_>> = run
        .iter()
        .filter_map(|(_, sale)| sale.as_ref())
        .map(|sale| Sale { context: Context { tenant, event: &sale.event, now }, order: &sale.order })
        .collect();
    match AssertUnwindSafe(orders::apply::orders(tx, &sales, rules)).catch_unwind().await {
        Ok(Ok(plain)) => Ok(plain),
        Ok(Err(error)) if verdict(&error).is_some() => Ok(false),
        Ok(Err(error)) => Err(error),
        // Which of them it was is found out one by one.
        Err(_) => Ok(false),
    }
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

/// Marks events as applied, one statement per run of consecutive ones; false when one of them no longer waits for it, and
/// then nothing may be committed.
async fn mark_applied(tx: &mut Tx, tenant: TenantId, done: &[&Received]) -> Result<bool, DatabaseError> {
    let follows =
        |a: &&Received, b: &&Received| a.terminal == b.terminal && a.epoch == b.epoch && b.seq == a.seq + 1;
    for run in done.chunk_by(follows) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { continue };
        let marked = sqlx::query(
            "UPDATE journal_events SET state = 'applied', reason = NULL \
             WHERE tenant_id = $1 AND terminal_id = $2 AND epoch = $3 AND seq BETWEEN $4 AND $5 AND state = 'received'",
        )
        .bind(tenant.to_string())
        .bind(first.terminal.as_str())
        .bind(first.epoch)
        .bind(first.seq)
        .bind(last.seq)
        .execute(&mut **tx)
        .await?;
        if usize::try_from(marked.rows_affected()) != Ok(run.len()) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn done_places(done: &[&Received]) -> Vec<(TerminalId, i64, i64)> {
    done.iter().filter_map(|event| Some((event.terminal.parse().ok()?, event.epoch, event.seq))).collect()
}
