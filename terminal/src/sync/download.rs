//! The feed down: outlet, people, items and notices, page by page, each page one transaction. A till that holds nothing, or
//! nothing that the server can go on from, takes a ready-made catalogue first where there is one (`snapshot`).

use std::sync::Arc;
use std::time::Duration;

use shared::clock::Timestamp;
use shared::wire::{self, PullResponse};

use super::plan::{Refusal, read_problem};
use super::snapshot::{Fetch, Fetched};
use super::status::{LAST_OK_AT, PULLED_AT, Way, fault_of};
use super::{LinkError, Next, Pause, Signer, TICK, allowances, backoff, blocking, connected};
use crate::catalogue::{self, Applied};
use crate::engine::Till;
use crate::store::{StoreError, edits, meta};
use crate::views::ChangedWord;

/// A catalogue that is not what the server holds is fetched anew, but not again before this is over.
const FETCH_ANEW_MS: i64 = 60 * 60 * 1000;

/// The downloader between its steps; its place in the feed stands in the store.
#[derive(Debug, Default)]
pub struct Downloader {
    failures: u32,
    /// Rows of this reading, for the progress of the first one.
    had: u64,
    reading: Reading,
    /// How often a ready-made catalogue was fetched, or given up, in this reading.
    ready_made: u32,
    /// What is held is not to be gone on from.
    anew: bool,
    /// When what is held was last found to be something else than the server holds.
    differed_at: Option<Timestamp>,
}

/// How the feed is read.
#[derive(Debug, Default)]
enum Reading {
    /// Not known yet: a till without a catalogue asks for a ready-made one.
    #[default]
    Undecided,
    /// Page by page.
    Pages,
    /// A ready-made catalogue is fetched.
    ReadyMade(Fetch),
}

impl Downloader {
    /// Reads one page, or one part of a ready-made catalogue.
    pub(crate) async fn step(&mut self, till: &Arc<Till>) -> Pause {
        let next = match self.read(till).await {
            Ok(next) => next,
            Err(Failed { error, retry_after_ms }) => {
                failed(till, &error);
                match retry_after_ms {
                    None => Next::Failed,
                    Some(wait) => Next::Wait(Duration::from_millis(wait.min(600_000))),
                }
            }
        };
        match next {
            Next::Again => {
                self.failures = 0;
                Pause::None
            }
            Next::Idle => {
                allowances::refill(till).await;
                (self.failures, self.had) = (0, 0);
                Pause::Idle(TICK)
            }
            Next::Failed => {
                self.failures = self.failures.saturating_add(1);
                Pause::Failed(backoff(till, self.failures))
            }
            Next::Wait(wait) => Pause::Asked(wait),
        }
    }
}

/// Pulls for as long as the engine runs.
pub(crate) async fn download(till: Arc<Till>) {
    let mut downloader = Downloader::default();
    while !till.is_stopping() {
        let pause = tokio::select! {
            () = till.stopped() => break,
            pause = downloader.step(&till) => pause,
        };
        let (wait, hurry) = match pause {
            Pause::None => continue,
            Pause::Idle(wait) | Pause::Failed(wait) => (wait, true),
            Pause::Asked(wait) => (wait, false),
        };
        tokio::select! {
            () = till.stopped() => break,
            () = till.pull_now.notified(), if hurry => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// Why a step failed, and how long the server asks to be left in peace.
struct Failed {
    error: LinkError,
    retry_after_ms: Option<u64>,
}

impl Failed {
    /// Whether going on with a file will not help.
    fn spoils(&self) -> bool {
        match &self.error {
            LinkError::Unreachable(_) | LinkError::Untrusted(_) => false,
            LinkError::Refused { problem, .. } => problem.status == 404,
            LinkError::Garbled(_) | LinkError::Store(_) => true,
        }
    }
}

impl From<LinkError> for Failed {
    fn from(error: LinkError) -> Self {
        Self { error, retry_after_ms: None }
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        LinkError::Store(error.to_string()).into()
    }
}

impl Downloader {
    async fn read(&mut self, till: &Arc<Till>) -> Result<Next, Failed> {
        let Some((device, link)) = connected(till)? else { return Ok(Next::Idle) };
        let signer = Signer::from(&*device);
        let before = blocking(till, |till| {
            till.read(|db| {
                let held = (catalogue::cursor(db)?, catalogue::is_loaded(db)?, edits::are_pending(db)?);
                Ok::<_, StoreError>(held)
            })
        });
        let (cursor, was_loaded, edits_wait) = before.await??;
        let cursor = cursor.filter(|_| !self.anew);
        if let (Reading::Undecided, None) = (&self.reading, &cursor) {
            let offer = link.snapshot(&signer, &*till.clock).await;
            self.reading = match offer.map_err(|error| refused(till, &link, error))? {
                Some(file) => Reading::ReadyMade(Fetch::begin(till, file).await?),
                None => Reading::Pages,
            };
        }
        if let Reading::ReadyMade(fetch) = &mut self.reading {
            return match fetch.step(till, &link, &signer).await {
                Ok(Fetched::Part { rows, of }) => {
                    let now = till.clock.now();
                    self.progress(till, now, (!was_loaded).then_some((rows, of)), false);
                    tell(till, &[], !was_loaded);
                    Ok(Next::Again)
                }
                Ok(Fetched::Whole) => {
                    (self.reading, self.anew) = (Reading::Pages, false);
                    self.ready_made += 1;
                    // Everything may be another: the windows look at all of it.
                    tell(till, &[wire::entity::OUTLET.to_owned(), wire::entity::ITEM.to_owned()], true);
                    Ok(Next::Again)
                }
                Err(error) => {
                    let refused = refused(till, &link, error);
                    if refused.spoils() {
                        // The file is gone from the server, or no good: asked for once more, then page by page.
                        self.ready_made += 1;
                        self.reading = self.undecided();
                    }
                    Err(refused)
                }
            };
        }
        let page = link.pull(&signer, &*till.clock, cursor.as_deref()).await;
        let page = page.map_err(|error| refused(till, &link, error))?;
        let unchanged = !edits_wait
            && !page.more
            && !page.reset
            && page.rows.is_empty()
            && cursor.as_deref() == Some(page.cursor.as_str());
        self.take(till, page, cursor.as_deref(), was_loaded, unchanged).await
    }

    /// Asks for a ready-made catalogue next, unless that came to nothing twice in this reading.
    fn undecided(&self) -> Reading {
        if self.ready_made < 2 { Reading::Undecided } else { Reading::Pages }
    }

    /// Takes a page over.
    async fn take(
        &mut self,
        till: &Arc<Till>,
        page: PullResponse,
        cursor: Option<&str>,
        was_loaded: bool,
        unchanged: bool,
    ) -> Result<Next, Failed> {
        if !(wire::OLDEST_PROTOCOL_VERSION..=wire::PROTOCOL_VERSION).contains(&page.protocol) {
            return Err(LinkError::Garbled(format!("the feed is of version {}", page.protocol)).into());
        }
        if page.more && page.rows.is_empty() && cursor == Some(page.cursor.as_str()) {
            return Err(LinkError::Garbled("the feed stands still".to_owned()).into());
        }
        if page.reset {
            self.had = 0;
            // The server may have been put back from a backup: what it holds of the journal is asked for too.
            till.push_now.notify_one();
            if cursor.is_some() {
                // Everything is to be read anew: in one piece, if the server has one.
                (self.reading, self.anew) = (self.undecided(), true);
                return Ok(Next::Again);
            }
        }
        let more = page.more;
        let rows = u64::try_from(page.rows.len()).unwrap_or(u64::MAX);
        let total = self.had.saturating_add(page.remaining.max(rows));
        self.had = self.had.saturating_add(rows);
        let applied = if unchanged {
            Applied::default()
        } else {
            blocking(till, move |till| apply(till, &page)).await??
        };
        self.anew = false;
        let now = till.clock.now();
        let progress = Some((self.had, total)).filter(|_| !was_loaded && more);
        let told_before = till.sync_status().loading.is_some();
        self.progress(till, now, progress, !more);
        let changed: Vec<String> = applied.entities.into_iter().collect();
        tell(till, &changed, progress.is_some() || told_before || !was_loaded);
        if self.failures > 0 {
            // The network is back: what waits need not wait for its own turn.
            till.push_now.notify_one();
        }
        if applied.differs && self.is_worth_fetching_anew(now) {
            tracing::error!("the catalogue is not what the server holds: it is fetched anew");
            (self.reading, self.anew) = (Reading::Undecided, true);
            return Ok(Next::Again);
        }
        if more {
            return Ok(Next::Again);
        }
        self.ready_made = 0;
        Ok(Next::Idle)
    }

    /// Whether a catalogue that differs is fetched anew now; one that differs again at once would be so for ever.
    fn is_worth_fetching_anew(&mut self, now: Timestamp) -> bool {
        let again = self.differed_at.replace(now);
        again.is_none_or(|at| now.as_millis().saturating_sub(at.as_millis()) >= FETCH_ANEW_MS)
    }

    fn progress(&self, till: &Till, now: Timestamp, progress: Option<(u64, u64)>, ended: bool) {
        till.change_sync_status(|status| {
            status.went_well(Way::Down, now);
            status.loading = progress;
            if ended {
                status.pulled(now);
            }
        });
    }
}

/// Stores a page with its cursor.
fn apply(till: &Till, page: &PullResponse) -> Result<Applied, StoreError> {
    let now = till.clock.now();
    till.store().write(|tx| {
        let applied = catalogue::apply_page(tx, page)?;
        meta::set_json(tx, LAST_OK_AT, &now)?;
        if !page.more {
            meta::set_json(tx, PULLED_AT, &now)?;
        }
        Ok(applied)
    })
}

fn tell(till: &Till, entities: &[String], loading: bool) {
    let mut what = vec![ChangedWord::Sync];
    if loading {
        what.extend([ChangedWord::Loading, ChangedWord::App]);
    }
    for entity in entities {
        what.push(match entity.as_str() {
            wire::entity::OUTLET | wire::entity::STAFF => ChangedWord::App,
            wire::entity::NOTICE => ChangedWord::Sync,
            _ => ChangedWord::Catalogue,
        });
    }
    what.sort_unstable();
    what.dedup();
    till.tell(&what);
}

/// What a refusal says beside its words: the server's time, or how long to wait.
fn refused(till: &Till, link: &super::Link, error: LinkError) -> Failed {
    let mut wait = None;
    if let LinkError::Refused { problem, retry_after_ms } = &error {
        match read_problem(problem) {
            Refusal::Clock { server_time_ms } => {
                link.heard_time(Timestamp::from_millis(server_time_ms), &*till.clock);
            }
            Refusal::Busy => wait = *retry_after_ms,
            _ => {}
        }
    }
    Failed { error, retry_after_ms: wait }
}

fn failed(till: &Till, error: &LinkError) {
    tracing::info!(%error, "reading the server's feed failed");
    till.change_sync_status(|status| status.went_wrong(Way::Down, fault_of(error)));
    till.tell(&[ChangedWord::Sync]);
}
