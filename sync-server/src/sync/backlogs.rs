//! How far behind terminals are, as each last told or asked; in memory, since the next exchange tells again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::HeaderMap;
use shared::Timestamp;
use shared::ids::{TenantId, TerminalId};
use shared::wire::header;

/// Terminals that are remembered; more are left out of the figures.
const MOST: usize = 50_000;
/// A terminal that was not heard of for so long is left out: others say that it is silent.
const FORGOTTEN_MS: i64 = 24 * 60 * 60 * 1000;

/// What waits at the terminals, and how far they have read.
#[derive(Debug, Default)]
pub struct Backlogs(Mutex<HashMap<TerminalId, Backlog>>);

#[derive(Debug, Clone, Copy)]
struct Backlog {
    tenant: TenantId,
    heard_at: Timestamp,
    /// Events that are not handed in yet.
    waiting: u64,
    /// The oldest of them is no older than this.
    since: Option<Timestamp>,
    /// The last change of the feed that it read.
    read_to: Option<i64>,
}

/// The figures of all terminals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Events that wait at terminals.
    pub waiting: u64,
    /// The most at one.
    pub most_waiting: u64,
    /// How long the oldest has waited, in milliseconds.
    pub oldest_ms: i64,
    /// How many changes of its business the terminal that is furthest behind has not read.
    pub most_unread: i64,
}

impl Backlogs {
    /// A terminal told, beside its push, how many events it still has.
    pub fn heard(&self, tenant: TenantId, terminal: TerminalId, headers: &HeaderMap, now: Timestamp) {
        fn told<T: std::str::FromStr>(headers: &HeaderMap, name: &str) -> Option<T> {
            headers.get(name)?.to_str().ok()?.parse().ok()
        }
        let Some(waiting) = told::<u64>(headers, header::WAITING) else { return };
        let since = told(headers, header::WAITING_SINCE).map(Timestamp::from_millis);
        self.change(tenant, terminal, now, |known| {
            known.waiting = waiting;
            known.since = since.filter(|_| waiting > 0);
        });
    }

    /// A terminal read the feed up to this change.
    pub fn read(&self, tenant: TenantId, terminal: TerminalId, to: i64, now: Timestamp) {
        self.change(tenant, terminal, now, |known| known.read_to = Some(to));
    }

    fn change(
        &self,
        tenant: TenantId,
        terminal: TerminalId,
        now: Timestamp,
        change: impl FnOnce(&mut Backlog),
    ) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST && !known.contains_key(&terminal) {
            return;
        }
        let fresh = Backlog { tenant, heard_at: now, waiting: 0, since: None, read_to: None };
        let backlog = known.entry(terminal).or_insert(fresh);
        backlog.heard_at = now;
        change(backlog);
    }

    /// The figures, given the newest change of each business.
    pub fn figures(&self, newest: &HashMap<TenantId, i64>, now: Timestamp) -> Figures {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, backlog| now.since(backlog.heard_at) <= FORGOTTEN_MS);
        let mut figures = Figures::default();
        for backlog in known.values() {
            figures.waiting = figures.waiting.saturating_add(backlog.waiting);
            figures.most_waiting = figures.most_waiting.max(backlog.waiting);
            figures.oldest_ms = figures.oldest_ms.max(backlog.since.map_or(0, |since| now.since(since)));
            let newest = newest.get(&backlog.tenant).copied();
            let unread = newest.zip(backlog.read_to).map_or(0, |(newest, read)| newest - read);
            figures.most_unread = figures.most_unread.max(unread);
        }
        figures
    }
}
