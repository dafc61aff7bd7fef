//! The journal up: what the server has not confirmed is sent until it does.

use std::sync::Arc;
use std::time::Duration;

use shared::clock::Timestamp;
use shared::journal::payload::RestartReason;
use shared::wire::{self, PushRequest, PushResponse};

use super::plan::{Acknowledged, Refusal, Standing, judge_ack, read_problem};
use super::status::{LAST_OK_AT, SyncFault, Way, fault_of};
use super::{Link, LinkError, Next, Pause, Signer, TICK, backoff, blocking, connected};
use crate::engine::Till;
use crate::journal::{self, Restart, lives};
use crate::store::{StoreError, meta};
use crate::views::ChangedWord;

/// The longest a server may ask to be left in peace; more is taken as this much.
const LONGEST_WAIT: Duration = Duration::from_secs(10 * 60);

/// The uploader between its steps; what waits it reads anew from the journal each time.
#[derive(Debug)]
pub struct Uploader {
    failures: u32,
    /// The first exchange of a process asks what the server holds, though nothing may wait: it may have lost some.
    probe: bool,
}

impl Default for Uploader {
    fn default() -> Self {
        Self { failures: 0, probe: true }
    }
}

impl Uploader {
    /// One exchange with the server, or none when nothing waits.
    pub(crate) async fn step(&mut self, till: &Arc<Till>) -> Pause {
        match push(till, self.probe).await {
            Next::Again => {
                (self.probe, self.failures) = (false, 0);
                Pause::None
            }
            Next::Idle => {
                (self.probe, self.failures) = (false, 0);
                Pause::Idle(TICK)
            }
            Next::Failed => {
                self.failures = self.failures.saturating_add(1);
                Pause::Failed(backoff(till, self.failures))
            }
            Next::Wait(wait) => {
                self.failures = self.failures.saturating_add(1);
                // Many tills are told the same at once: they come again one after the other.
                let wait = wait.min(LONGEST_WAIT);
                Pause::Asked(wait + backoff(till, self.failures).min(wait))
            }
        }
    }

    /// A person or the other worker asks: what the server holds is asked for too.
    pub(crate) fn asked(&mut self) {
        self.probe = true;
    }
}

/// Pushes for as long as the engine runs.
pub(crate) async fn upload(till: Arc<Till>) {
    let mut uploader = Uploader::default();
    while !till.is_stopping() {
        let pause = tokio::select! {
            () = till.stopped() => break,
            pause = uploader.step(&till) => pause,
        };
        match pause {
            Pause::None => {}
            Pause::Idle(wait) => {
                tokio::select! {
                    () = till.stopped() => break,
                    () = till.committed.notified() => till.tell(&[ChangedWord::Sync]),
                    () = till.push_now.notified() => uploader.asked(),
                    () = tokio::time::sleep(wait) => {}
                }
            }
            Pause::Failed(wait) if !wait_out(&till, wait, true).await => break,
            Pause::Asked(wait) if !wait_out(&till, wait, false).await => break,
            Pause::Failed(_) | Pause::Asked(_) => {}
        }
    }
}

/// Waits; what is committed meanwhile is told to the screens, and does not hurry a server that failed. False when the
/// engine stops.
async fn wait_out(till: &Till, wait: Duration, hurry: bool) -> bool {
    let over = tokio::time::sleep(wait);
    tokio::pin!(over);
    loop {
        tokio::select! {
            () = till.stopped() => return false,
            () = &mut over => return true,
            () = till.push_now.notified(), if hurry => return true,
            () = till.committed.notified() => till.tell(&[ChangedWord::Sync]),
        }
    }
}

/// What waits now, and how the journal stands.
struct Waiting {
    request: PushRequest,
    standing: Standing,
    /// The life is the present one.
    present: bool,
    /// The server must be asked about this life, though nothing of it may wait.
    ask: bool,
}

async fn push(till: &Arc<Till>, probe: bool) -> Next {
    let (device, link) = match connected(till) {
        Ok(Some(connected)) => connected,
        Ok(None) => return Next::Idle,
        Err(error) => return failed(till, &error),
    };
    let epoch = device.epoch;
    let waiting = match blocking(till, move |till| till.read(|db| gather(db, epoch))).await {
        Ok(Ok(waiting)) => waiting,
        Ok(Err(error)) if error.is_damage() => {
            return mended(till, epoch)
                .await
                .unwrap_or_else(|| failed(till, &LinkError::Store(error.to_string())));
        }
        Ok(Err(error)) => return failed(till, &LinkError::Store(error.to_string())),
        Err(error) => return failed(till, &error),
    };
    if waiting.request.events.is_empty() && !probe && !waiting.ask {
        return Next::Idle;
    }
    let left = waiting.standing.last_seq.saturating_sub(waiting.standing.pushed_seq);
    match link.push(&Signer::from(&*device), &*till.clock, &waiting.request, left).await {
        Ok(answer) => confirmed(till, &waiting, answer).await,
        Err(LinkError::Refused { problem, retry_after_ms }) => {
            let refusal = read_problem(&problem);
            let error = LinkError::Refused { problem, retry_after_ms };
            refused(till, &link, &waiting, refusal, &error).await
        }
        Err(error) => failed(till, &error),
    }
}

fn gather(db: &rusqlite::Connection, epoch: u32) -> Result<Waiting, StoreError> {
    let life = lives::next(db, epoch)?;
    let (epoch, acked_seq) = (life.epoch, life.acked_seq);
    let mut events =
        journal::events_after(db, epoch, acked_seq, wire::MAX_PUSH_EVENTS, wire::MAX_PUSH_BYTES)?;
    events.retain(|chained| chained.event.seq <= life.last_seq);
    // A place without its event is damage: what comes before it can still go.
    let together = events.iter().zip(acked_seq + 1..).take_while(|(chained, seq)| chained.event.seq == *seq);
    events.truncate(together.count());
    if events.is_empty() && life.last_seq > acked_seq {
        return Err(StoreError::from(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT),
            Some(format!("event {} of the journal is missing", acked_seq + 1)),
        )));
    }
    let pushed_seq = events.last().map_or(acked_seq, |chained| chained.event.seq);
    Ok(Waiting {
        standing: Standing { epoch, last_seq: life.last_seq, acked_seq, pushed_seq },
        request: PushRequest { protocol: wire::PROTOCOL_VERSION, epoch, events },
        present: life.present,
        ask: life.ask,
    })
}

/// The server holds something: believed only when it names the hash that stands in this journal.
async fn confirmed(till: &Arc<Till>, waiting: &Waiting, answer: PushResponse) -> Next {
    let (standing, present, ask) = (waiting.standing, waiting.present, waiting.ask);
    let stored = blocking(till, move |till| -> Result<Acknowledged, StoreError> {
        let at = answer.acked_seq;
        let (own, another) = till.read(|db| -> Result<_, StoreError> {
            let own = journal::hash_at(db, standing.epoch, at)?;
            Ok((own, lives::is_another_server(db, &answer.server_epoch)?))
        })?;
        let mut judged = judge_ack(&answer, &standing, |seq| own.filter(|_| seq == at));
        if judged == Acknowledged::ServerAhead && !present {
            // The other branch of an older life: up to its end both are one.
            judged = Acknowledged::Advance { seq: standing.pushed_seq };
        }
        let (Acknowledged::Advance { seq } | Acknowledged::Rewind { seq }) = judged else {
            return Ok(judged);
        };
        let rewound = matches!(judged, Acknowledged::Rewind { .. });
        if seq != standing.acked_seq || another || ask || rewound {
            let hash = answer.acked_hash.filter(|_| seq == at);
            let now = till.clock.now();
            till.store().write(|tx| -> Result<(), StoreError> {
                journal::set_acked(tx, standing.epoch, seq, hash, now)?;
                if another {
                    lives::heard_server(tx, &answer.server_epoch, standing.epoch)?;
                } else if rewound {
                    lives::ask_all(tx, standing.epoch)?;
                }
                lives::answered(tx, standing.epoch)?;
                meta::set_json(tx, LAST_OK_AT, &now)
            })?;
        }
        Ok(judged)
    })
    .await;
    let now = till.clock.now();
    match stored {
        Ok(Ok(Acknowledged::Advance { seq })) => {
            went_well(till, now);
            if seq < standing.last_seq {
                // A server that confirms nothing of a push is not asked again at once.
                return if seq > standing.acked_seq { Next::Again } else { Next::Failed };
            }
            if !present {
                return Next::Again;
            }
            till.pull_now.notify_one();
            older_waits(till, standing.epoch).await
        }
        Ok(Ok(Acknowledged::Rewind { seq })) => {
            tracing::warn!(
                epoch = standing.epoch,
                from = standing.acked_seq,
                to = seq,
                "the server lost history: sending it again"
            );
            went_well(till, now);
            Next::Again
        }
        Ok(Ok(Acknowledged::ServerAhead)) => {
            went_well(till, now);
            tracing::warn!(
                "the server holds more of this journal than this disk: going on under a new epoch"
            );
            let step = Restart {
                from_seq: standing.pushed_seq + 1,
                new_epoch: standing.epoch.saturating_add(1),
                reason: Some(RestartReason::OlderImage),
                receipts_from: None,
            };
            restarted(till, standing, step).await
        }
        Ok(Ok(Acknowledged::Distrust)) => {
            let detail = "the server confirmed events that are not those of this journal".to_owned();
            failed(till, &LinkError::Garbled(detail))
        }
        Ok(Err(error)) => failed(till, &LinkError::Store(error.to_string())),
        Err(error) => failed(till, &error),
    }
}

/// The present life is held; older ones may have been found missing by the same answer.
async fn older_waits(till: &Arc<Till>, present: u32) -> Next {
    let next = blocking(till, move |till| till.read(|db| lives::next(db, present))).await;
    match next {
        Ok(Ok(life)) if !life.present => Next::Again,
        _ => Next::Idle,
    }
}

async fn refused(
    till: &Arc<Till>,
    link: &Link,
    waiting: &Waiting,
    refusal: Refusal,
    error: &LinkError,
) -> Next {
    let standing = waiting.standing;
    match refusal {
        Refusal::Rewind { from_seq } if from_seq <= standing.acked_seq => {
            tracing::warn!(from_seq, "the server misses events: sending them again");
            rewind(till, standing.epoch, from_seq - 1).await
        }
        // It does not hold what it once confirmed: it finds the first that differs when it gets all of them.
        Refusal::Fork { seq, .. } if seq <= standing.acked_seq => rewind(till, standing.epoch, 0).await,
        Refusal::Fork { seq, new_epoch } => fork(till, waiting, seq, new_epoch).await,
        Refusal::Tampered { seq } => {
            if let Some(next) = mended(till, standing.epoch).await {
                return next;
            }
            let epoch = standing.epoch;
            let named = blocking(till, move |till| {
                till.read(|db| journal::list_after(db, epoch, seq.saturating_sub(1), 1))
            })
            .await;
            let named = named.ok().and_then(Result::ok).and_then(|mut events| events.pop());
            let what = named.map(|event| format!(" ({} {})", event.kind, event.subject)).unwrap_or_default();
            let detail =
                format!("event {seq}{what} was changed after it was written, or not signed by this terminal");
            tracing::error!(seq, "the server refuses an event that was changed after it was written");
            faulted(till, SyncFault { word: "tampered", detail });
            Next::Failed
        }
        Refusal::Clock { server_time_ms } => {
            link.heard_time(Timestamp::from_millis(server_time_ms), &*till.clock);
            failed(till, error)
        }
        Refusal::Busy => {
            let next = failed(till, error);
            match error {
                LinkError::Refused { retry_after_ms: Some(wait), .. } => {
                    Next::Wait(Duration::from_millis(*wait))
                }
                _ => next,
            }
        }
        _ => failed(till, error),
    }
}

/// Takes back what the server confirmed of a life, so that it is sent again; older lives are asked about, too.
async fn rewind(till: &Arc<Till>, epoch: u32, to: u64) -> Next {
    let rewound = blocking(till, move |till| -> Result<(), StoreError> {
        let hash = till.read(|db| journal::hash_at(db, epoch, to))?.filter(|_| to > 0);
        let now = till.clock.now();
        till.store().write(|tx| {
            journal::set_acked(tx, epoch, to, hash, now)?;
            lives::ask_all(tx, epoch)
        })
    })
    .await;
    again(till, rewound)
}

fn again<T>(till: &Till, done: Result<Result<T, StoreError>, LinkError>) -> Next {
    match done {
        Ok(Ok(_)) => Next::Again,
        Ok(Err(error)) => failed(till, &LinkError::Store(error.to_string())),
        Err(error) => failed(till, &error),
    }
}

/// The server holds other events under these numbers (this disk is a copy, or an image was put back): what it does not
/// hold is written again under the epoch it names, with the same ids and receipt numbers.
async fn fork(till: &Arc<Till>, waiting: &Waiting, seq: u64, new_epoch: u32) -> Next {
    let standing = waiting.standing;
    tracing::warn!(epoch = standing.epoch, seq, new_epoch, "the journal forked: going on under a new epoch");
    if !waiting.present {
        let carried = blocking(till, move |till| -> Result<(), StoreError> {
            let mut store = till.store();
            let Some(device) = till.device() else { return Ok(()) };
            let moment = till.moment(store.db(), &device);
            store.write(|tx| journal::carry_older(tx, &device, standing.epoch, seq, &moment)).map(|_| ())
        })
        .await;
        return again(till, carried);
    }
    let step = Restart { from_seq: seq, new_epoch, reason: None, receipts_from: None };
    restarted(till, standing, step).await
}

/// Begins a new life of the journal, unless another one has begun since the answer was asked for.
async fn restarted(till: &Arc<Till>, standing: Standing, step: Restart) -> Next {
    let begun = blocking(till, move |till| till.restart_journal(standing.epoch, step)).await;
    till.tell(&[ChangedWord::Sync]);
    again(till, begun)
}

/// Looks for events that were changed on the disk and leaves them behind: what holds goes on under another life. None
/// when all that waits holds.
async fn mended(till: &Arc<Till>, epoch: u32) -> Option<Next> {
    let mended = blocking(till, move |till| till.mend_journal(epoch)).await;
    till.tell(&[ChangedWord::Sync]);
    match mended {
        Ok(Ok(false)) => None,
        other => Some(again(till, other)),
    }
}

fn went_well(till: &Till, now: Timestamp) {
    till.change_sync_status(|status| status.went_well(Way::Up, now));
    till.tell(&[ChangedWord::Sync]);
    // What the other way could not reach may be reachable now; its own tick does the rest.
}

fn failed(till: &Till, error: &LinkError) -> Next {
    tracing::info!(%error, "pushing to the server failed");
    faulted(till, fault_of(error));
    Next::Failed
}

fn faulted(till: &Till, fault: SyncFault) {
    till.change_sync_status(|status| status.went_wrong(Way::Up, fault));
    till.tell(&[ChangedWord::Sync]);
}
