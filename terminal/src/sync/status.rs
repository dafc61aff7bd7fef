//! How the exchange stands, in words for the screens.

use rusqlite::Connection;
use shared::Timestamp;

use super::LinkError;
use super::plan::{Refusal, read_problem};
use crate::context::Done;
use crate::engine::Till;
use crate::store::{StoreError, items, meta};
use crate::views::{Link, NoticeView, SyncDetailView, SyncView, WaitingEvent};
use crate::{catalogue, journal};

/// A clock that is off by less is not worth a word.
const CLOCK_OFF_MS: u64 = 2 * 60 * 1000;
/// Waiting events that the details page lists.
const LISTED: u32 = 50;

pub(super) const LAST_OK_AT: &str = "sync_last_ok_at";
pub(super) const PULLED_AT: &str = "sync_pulled_at";

/// An error in a closed word for translation, and in the system's words for the details page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyncFault {
    pub(super) word: &'static str,
    pub(super) detail: String,
}

/// Which worker an exchange was of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Up,
    Down,
}

/// How the exchange stands; kept in memory, its times also in the store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SyncStatus {
    up: Option<SyncFault>,
    down: Option<SyncFault>,
    /// The last exchange of any kind failed to reach the server.
    unreached: bool,
    /// There was an exchange since the start.
    tried: bool,
    last_ok_at: Option<Timestamp>,
    pulled_at: Option<Timestamp>,
    /// While the catalogue is read for the first time: rows had and in all.
    pub(crate) loading: Option<(u64, u64)>,
}

impl SyncStatus {
    pub(crate) fn load(db: &Connection) -> Result<Self, StoreError> {
        Ok(Self {
            last_ok_at: meta::get_json(db, LAST_OK_AT)?,
            pulled_at: meta::get_json(db, PULLED_AT)?,
            ..Self::default()
        })
    }

    /// Whether the last exchange reached the server.
    pub(crate) fn is_online(&self) -> bool {
        self.tried && !self.unreached
    }

    /// The journal on this disk does not hold from `seq` on.
    pub(crate) fn found_tampered(&mut self, seq: u64) {
        let detail = format!("event {seq} of the journal was changed on the disk");
        self.up = Some(SyncFault { word: "tampered", detail });
    }

    pub(super) fn went_well(&mut self, way: Way, now: Timestamp) {
        match way {
            Way::Up => self.up = None,
            Way::Down => self.down = None,
        }
        self.unreached = false;
        self.tried = true;
        self.last_ok_at = Some(now);
    }

    pub(super) fn pulled(&mut self, now: Timestamp) {
        self.pulled_at = Some(now);
    }

    pub(super) fn went_wrong(&mut self, way: Way, fault: SyncFault) {
        self.unreached = matches!(fault.word, "unreachable" | "untrusted" | "garbled");
        self.tried = true;
        match way {
            Way::Up => self.up = Some(fault),
            Way::Down => self.down = Some(fault),
        }
    }
}

/// The word for a failed exchange.
pub(super) fn fault_of(error: &LinkError) -> SyncFault {
    let word = match error {
        LinkError::Unreachable(_) => "unreachable",
        LinkError::Untrusted(_) => "untrusted",
        LinkError::Garbled(_) => "garbled",
        LinkError::Store(_) => "internal",
        LinkError::Refused { problem, .. } => match read_problem(problem) {
            Refusal::Busy => "busy",
            Refusal::Protocol => "protocol",
            Refusal::Tampered { .. } => "tampered",
            Refusal::UnknownTerminal => "unknown_terminal",
            Refusal::Revoked => "revoked",
            // A server in trouble (5xx) is busy with itself; anything else is a misunderstanding.
            _ if problem.status >= 500 => "busy",
            _ => "garbled",
        },
    };
    SyncFault { word, detail: error.to_string() }
}

/// How the exchange stands, for the chip on every screen.
pub(crate) fn view(till: &Till, db: &Connection) -> Result<SyncView, StoreError> {
    let status = till.sync_status();
    let mut view = SyncView {
        link: if status.is_online() { Link::Online } else { Link::Offline },
        waiting: 0,
        oldest_at: None,
        last_ok_at: status.last_ok_at,
        error: None,
        error_detail: None,
        last_seq: 0,
        acked_seq: 0,
        clock_off_ms: Some(till.clock_offset_ms()).filter(|off| off.unsigned_abs() > CLOCK_OFF_MS),
        notices: Vec::new(),
    };
    if let Some(fault) = status.up.or(status.down) {
        view.error = Some(fault.word.to_owned());
        view.error_detail = Some(fault.detail);
    }
    let Some(device) = till.device() else { return Ok(view) };
    (view.waiting, view.oldest_at) = journal::lives::waiting(db, device.epoch)?;
    view.last_seq = journal::head(db, device.epoch)?.0;
    view.acked_seq = journal::acked_seq(db, device.epoch)?;
    view.notices = catalogue::notices(db, device.terminal_id)?
        .into_iter()
        .map(|notice| NoticeView {
            code: notice.code,
            subject: notice.subject,
            occurred_at: notice.occurred_at,
        })
        .collect();
    Ok(view)
}

/// What waits and what the server last said.
pub(crate) fn detail(till: &Till, db: &Connection) -> Done<SyncDetailView> {
    let sync = view(till, db)?;
    let waiting = match till.device() {
        None => Vec::new(),
        Some(device) => journal::list_after(db, device.epoch, sync.acked_seq, LISTED)?,
    };
    let free_bytes = till.disk.free_bytes(till.dir()).unwrap_or(0);
    Ok(SyncDetailView {
        sync,
        waiting: waiting
            .into_iter()
            .map(|event| WaitingEvent {
                seq: event.seq,
                kind: event.kind,
                occurred_at: event.occurred_at,
                subject: event.subject,
            })
            .collect(),
        pulled_at: till.sync_status().pulled_at,
        items: items::count(db)?,
        free_mib: free_bytes / (1024 * 1024),
    })
}
