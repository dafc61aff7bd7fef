//! The queue of pushes and its group commit: several terminals' events in one transaction, one wait for the disk.

use std::collections::{HashSet, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use metrics::counter;
use shared::Timestamp;
use shared::ids::TerminalId;
use shared::journal::Hash;
use sqlx::PgPool;
use tokio::sync::{Notify, Semaphore, oneshot};

use super::sqlite::Embedded;
use super::store::{Outcome, head, store};
use super::{Verified, postgres};
use crate::app::AppState;
use crate::database::{Database, DatabaseError};
use crate::sync::device::Device;

/// A transaction takes no more pushes after so many events…
const GROUP_EVENTS: usize = 2_000;
/// … or so many bytes of them.
const GROUP_BYTES: usize = 8 * 1024 * 1024;
/// Transactions at once on PostgreSQL: while one waits for the disk, the next is prepared.
const POSTGRES_TURNS: usize = 2;

/// What became of a push, and the last event held of its journal.
#[derive(Debug)]
pub struct Received {
    /// What became of it.
    pub outcome: Outcome,
    /// The last event held, read after the commit; None when nothing is held or it does not matter.
    pub head: Option<(u64, Hash)>,
}

/// Pushes that wait to be stored, and the way to store them.
#[derive(Debug)]
pub struct Receiving {
    waiting: Mutex<VecDeque<Job>>,
    turns: Semaphore,
    writer: Writer,
    /// Wakes the check of the signatures that were not looked at yet.
    pub(super) unchecked: Notify,
}

#[derive(Debug)]
enum Writer {
    Sqlite(Arc<Mutex<Embedded>>),
    Postgres(PgPool),
}

/// A push in the queue.
#[derive(Debug)]
pub(super) struct Job {
    pub device: Device,
    pub epoch: u32,
    pub events: Arc<Vec<Verified>>,
    done: oneshot::Sender<Result<Fate, DatabaseError>>,
}

/// What became of a push in a group.
#[derive(Debug)]
pub(super) enum Fate {
    /// It is committed; the last event held, as read back.
    Held(u64, Hash),
    /// It does not simply go on where the journal ended: nothing was done.
    NeedsCare,
}

impl Receiving {
    /// For the embedded database in a file.
    pub fn embedded(file: PathBuf) -> Self {
        Self::with(Writer::Sqlite(Arc::new(Mutex::new(Embedded::new(file)))), 1)
    }

    /// For PostgreSQL.
    pub fn postgres(pool: PgPool) -> Self {
        Self::with(Writer::Postgres(pool), POSTGRES_TURNS)
    }

    fn with(writer: Writer, turns: usize) -> Self {
        let (waiting, turns) = (Mutex::default(), Semaphore::new(turns));
        Self { waiting, turns, writer, unchecked: Notify::new() }
    }

    /// Gives the connections of its own back; nothing is stored any more.
    pub async fn close(&self) {
        if let Writer::Postgres(pool) = &self.writer {
            pool.close().await;
        }
    }

    fn queue(&self) -> std::sync::MutexGuard<'_, VecDeque<Job>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The pushes of the next transaction, oldest first; of each terminal only one, since the next one follows it.
    fn next_group(&self) -> Vec<Job> {
        let mut queue = self.queue();
        let (mut group, mut events, mut bytes) = (Vec::new(), 0, 0);
        let mut terminals: HashSet<TerminalId> = HashSet::new();
        let mut place = 0;
        while place < queue.len() && events < GROUP_EVENTS && bytes < GROUP_BYTES {
            if queue.get(place).is_some_and(|job| !terminals.insert(job.device.terminal_id)) {
                place += 1;
                continue;
            }
            let Some(job) = queue.remove(place) else { break };
            events += job.events.len();
            bytes += job.events.iter().map(|event| event.raw.len()).sum::<usize>();
            group.push(job);
        }
        group
    }
}

/// Stores the events of a push, together with what others push at the same time, and reads back what is held.
///
/// # Errors
/// A failed statement; whether the commit took place is then unknown, and the terminal asks again.
pub async fn receive(
    state: &AppState,
    device: &Device,
    epoch: u32,
    events: Vec<Verified>,
) -> Result<Received, DatabaseError> {
    let mut outcome = Outcome::Held { stored: 0, duplicates: 0 };
    if !events.is_empty() {
        let stored = u64::try_from(events.len()).unwrap_or(u64::MAX);
        let (done, fate) = oneshot::channel();
        let events = Arc::new(events);
        let job = Job { device: device.clone(), epoch, events: events.clone(), done };
        state.receiving.queue().push_back(job);
        // A task of its own: the others in the group must not lose their commit when this client hangs up.
        tokio::spawn(lead(state.clone()));
        match fate.await.unwrap_or(Err(DatabaseError::Busy))? {
            Fate::Held(seq, hash) => {
                if stored > 1 {
                    state.receiving.unchecked.notify_one();
                }
                let outcome = Outcome::Held { stored, duplicates: 0 };
                return Ok(Received { outcome, head: Some((seq, hash)) });
            }
            Fate::NeedsCare => outcome = store(state, device, epoch, &events).await?,
        }
        if matches!(outcome, Outcome::Held { .. }) {
            state.receiving.unchecked.notify_one();
        }
    }
    let head = match outcome {
        Outcome::Held { .. } => head(state, device, epoch).await?,
        _ => None,
    };
    Ok(Received { outcome, head })
}

/// Waits for the right to write, then commits whatever waits by then; nothing when another has done so.
async fn lead(state: AppState) {
    let receiving = &state.receiving;
    let Ok(_turn) = receiving.turns.acquire().await else { return };
    if receiving.queue().is_empty() {
        return;
    }
    let now = state.clock.now();
    match &receiving.writer {
        Writer::Sqlite(embedded) => {
            // The only connection of the writers' pool is the right to write: whoever holds it meets no other writer
            // of this process.
            let right = match state.db.right_to_write().await {
                Ok(right) => right,
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "pushes wait too long to be stored"
                    );
                    // Each is told to come again.
                    receiving.queue().clear();
                    return;
                }
            };
            let (jobs, embedded, db) = (receiving.next_group(), embedded.clone(), state.db.clone());
            let committed = tokio::task::spawn_blocking(move || {
                let mut embedded = embedded.lock().unwrap_or_else(PoisonError::into_inner);
                commit_embedded(&db, &mut embedded, jobs, now);
            });
            if let Err(error) = committed.await {
                tracing::error!(%error, "storing pushes ended in a panic");
            }
            drop(right);
        }
        Writer::Postgres(pool) => {
            let jobs = receiving.next_group();
            let fates = postgres::commit(&state.db, pool, &jobs.iter().collect::<Vec<_>>(), now).await;
            match fates {
                Ok(fates) => answer(jobs, fates),
                // One push that the database refuses must not fail the others.
                Err(_) if jobs.len() > 1 => {
                    for job in jobs {
                        let fate = postgres::commit(&state.db, pool, &[&job], now).await;
                        answer_one(job, fate);
                    }
                }
                Err(error) => {
                    if let Some(job) = jobs.into_iter().next() {
                        answer_error(job, error);
                    }
                }
            }
        }
    }
}

fn commit_embedded(db: &Database, embedded: &mut Embedded, jobs: Vec<Job>, now: Timestamp) {
    match embedded.commit(db, &jobs.iter().collect::<Vec<_>>(), now) {
        Ok(fates) => answer(jobs, fates),
        Err(_) if jobs.len() > 1 => {
            for job in jobs {
                let fate = embedded.commit(db, &[&job], now);
                answer_one(job, fate);
            }
        }
        Err(error) => {
            if let Some(job) = jobs.into_iter().next() {
                answer_error(job, error);
            }
        }
    }
}

fn answer(jobs: Vec<Job>, fates: Vec<Fate>) {
    counter!("kedai_receive_commits_total").increment(1);
    for (job, fate) in jobs.into_iter().zip(fates) {
        // Fails only when the request is gone; its events are held all the same.
        let _ = job.done.send(Ok(fate));
    }
}

fn answer_one(job: Job, fates: Result<Vec<Fate>, DatabaseError>) {
    match fates {
        Ok(fates) => answer(vec![job], fates),
        Err(error) => answer_error(job, error),
    }
}

fn answer_error(job: Job, error: DatabaseError) {
    // Another server stored events of this journal after its end was read here: what is held is found out with care.
    let fate = if error.is_unique_violation() { Ok(Fate::NeedsCare) } else { Err(error) };
    // As above.
    let _ = job.done.send(fate);
}
