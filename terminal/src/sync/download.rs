//! The feed down: outlet, people, items and notices, page by page, each page one transaction.

use std::sync::Arc;
use std::time::Duration;

use shared::clock::Timestamp;
use shared::wire::{self, PullResponse};

use super::plan::{Refusal, read_problem};
use super::status::{LAST_OK_AT, PULLED_AT, Way, fault_of};
use super::{LinkError, Next, Pause, Signer, TICK, backoff, blocking, connected};
use crate::catalogue;
use crate::engine::Till;
use crate::store::{StoreError, edits, meta};

/// The downloader between its steps; its place in the feed stands in the store.
#[derive(Debug, Default)]
pub struct Downloader {
    failures: u32,
    /// Rows of this reading, for the progress of the first one.
    had: u64,
}

impl Downloader {
    /// Reads one page.
    pub(crate) async fn step(&mut self, till: &Arc<Till>) -> Pause {
        match pull(till, &mut self.had, self.failures > 0).await {
            Next::Again => {
                self.failures = 0;
                Pause::None
            }
            Next::Idle => {
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

/// Reads one page. `had` counts the rows of this reading, for the progress of the first one.
async fn pull(till: &Arc<Till>, had: &mut u64, after_failure: bool) -> Next {
    let (device, link) = match connected(till) {
        Ok(Some(connected)) => connected,
        Ok(None) => return Next::Idle,
        Err(error) => return failed(till, &error),
    };
    let before = blocking(till, |till| {
        till.read(|db| Ok((catalogue::cursor(db)?, catalogue::is_loaded(db)?, edits::are_pending(db)?)))
    })
    .await;
    let (cursor, was_loaded, edits_wait): (Option<String>, bool, bool) = match before {
        Ok(Ok(before)) => before,
        Ok(Err(error)) => return failed(till, &store_error(&error)),
        Err(error) => return failed(till, &error),
    };
    let page = match link.pull(&Signer::from(&*device), &*till.clock, cursor.as_deref()).await {
        Ok(page) => page,
        Err(error) => return refused(till, &link, &error),
    };
    if !(wire::OLDEST_PROTOCOL_VERSION..=wire::PROTOCOL_VERSION).contains(&page.protocol) {
        return failed(till, &LinkError::Garbled(format!("the feed is of version {}", page.protocol)));
    }
    if page.more && page.rows.is_empty() && cursor.as_deref() == Some(page.cursor.as_str()) {
        return failed(till, &LinkError::Garbled("the feed stands still".to_owned()));
    }
    if page.reset {
        *had = 0;
        // The server may have been put back from a backup: what it holds of the journal is asked for too.
        till.push_now.notify_one();
    }
    let more = page.more;
    let rows = u64::try_from(page.rows.len()).unwrap_or(u64::MAX);
    let total = had.saturating_add(page.remaining.max(rows));
    *had = had.saturating_add(rows);
    let same_place = cursor.as_deref() == Some(page.cursor.as_str());
    let unchanged = !more && !page.reset && rows == 0 && same_place && !edits_wait;
    let changed = if unchanged {
        Vec::new()
    } else {
        match blocking(till, move |till| apply(till, &page)).await {
            Ok(Ok(changed)) => changed,
            Ok(Err(error)) => return failed(till, &store_error(&error)),
            Err(error) => return failed(till, &error),
        }
    };
    let now = till.clock.now();
    let progress = Some((*had, total)).filter(|_| !was_loaded && more);
    let told_before = till.sync_status().loading.is_some();
    till.change_sync_status(|status| {
        status.went_well(Way::Down, now);
        status.loading = progress;
        if !more {
            status.pulled(now);
        }
    });
    tell(till, &changed, progress.is_some() || told_before || !was_loaded);
    if after_failure {
        // The network is back: what waits need not wait for its own turn.
        till.push_now.notify_one();
    }
    if more { Next::Again } else { Next::Idle }
}

/// Stores a page with its cursor; gives the kinds of rows that changed.
fn apply(till: &Till, page: &PullResponse) -> Result<Vec<String>, StoreError> {
    let now = till.clock.now();
    till.store().write(|tx| {
        let applied = catalogue::apply_page(tx, page)?;
        meta::set_json(tx, LAST_OK_AT, &now)?;
        if !page.more {
            meta::set_json(tx, PULLED_AT, &now)?;
        }
        Ok(applied.entities.into_iter().collect())
    })
}

fn tell(till: &Till, entities: &[String], loading: bool) {
    let mut what = vec!["sync"];
    if loading {
        what.extend(["loading", "app"]);
    }
    for entity in entities {
        what.push(match entity.as_str() {
            wire::entity::OUTLET | wire::entity::STAFF => "app",
            wire::entity::NOTICE => "sync",
            _ => "catalogue",
        });
    }
    what.sort_unstable();
    what.dedup();
    till.tell(&what);
}

fn refused(till: &Till, link: &super::Link, error: &LinkError) -> Next {
    if let LinkError::Refused { problem, retry_after_ms } = error {
        match read_problem(problem) {
            Refusal::Clock { server_time_ms } => {
                link.heard_time(Timestamp::from_millis(server_time_ms), &*till.clock);
            }
            Refusal::Busy => {
                let next = failed(till, error);
                return retry_after_ms
                    .map_or(next, |wait| Next::Wait(Duration::from_millis(wait.min(600_000))));
            }
            _ => {}
        }
    }
    failed(till, error)
}

fn failed(till: &Till, error: &LinkError) -> Next {
    tracing::info!(%error, "reading the server's feed failed");
    till.change_sync_status(|status| status.went_wrong(Way::Down, fault_of(error)));
    till.tell(&["sync"]);
    Next::Failed
}

fn store_error(error: &StoreError) -> LinkError {
    LinkError::Store(error.to_string())
}
