//! The lives of the journal: the present one, and older ones that ended at a fork, a restore or damage.
//!
//! An older life ends at a place; what came after it was written again under a later life. The server should hold every
//! life up to its end: when it lost some (put back from a backup), older lives are sent before the present one.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::{acked_seq, head, list_after};
use crate::store::{StoreError, Tx, meta};
use shared::Timestamp;

/// Where older lives end, by epoch.
const ENDS: &str = "journal_ends";
/// Older lives whose state at the server must be asked.
const ASK: &str = "journal_ask";
/// The life of the server's database as last heard.
const SERVER_EPOCH: &str = "server_epoch";

/// A life of the journal and how far the server holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// The life.
    pub epoch: u32,
    /// Its last event.
    pub last_seq: u64,
    /// The last event that the server confirmed.
    pub acked_seq: u64,
    /// Whether it is the present one.
    pub present: bool,
    /// Whether the server must be asked what it holds of it.
    pub ask: bool,
}

/// Where older lives end.
///
/// # Errors
/// When the store cannot be read.
pub fn ends(db: &Connection) -> Result<BTreeMap<u32, u64>, StoreError> {
    Ok(meta::get_json(db, ENDS)?.unwrap_or_default())
}

/// Ends a life at a place.
///
/// # Errors
/// When the store cannot be written.
pub fn set_end(tx: &Tx<'_>, epoch: u32, last_seq: u64) -> Result<(), StoreError> {
    let mut ends = ends(tx)?;
    ends.insert(epoch, last_seq);
    meta::set_json(tx, ENDS, &ends)
}

fn asked(db: &Connection) -> Result<BTreeSet<u32>, StoreError> {
    Ok(meta::get_json(db, ASK)?.unwrap_or_default())
}

/// The life that is sent next: the first older one of which something waits or must be asked, else the present one.
///
/// # Errors
/// When the store cannot be read.
pub fn next(db: &Connection, present: u32) -> Result<Life, StoreError> {
    let ask = asked(db)?;
    for (epoch, last_seq) in ends(db)?.into_iter().filter(|(epoch, _)| *epoch < present) {
        let acked_seq = acked_seq(db, epoch)?.min(last_seq);
        let ask = ask.contains(&epoch);
        if ask || acked_seq < last_seq {
            return Ok(Life { epoch, last_seq, acked_seq, present: false, ask });
        }
    }
    let (last_seq, acked_seq) = (head(db, present)?.0, acked_seq(db, present)?);
    Ok(Life { epoch: present, last_seq, acked_seq, present: true, ask: ask.contains(&present) })
}

/// The server said what it holds of an older life.
///
/// # Errors
/// When the store cannot be written.
pub fn answered(tx: &Tx<'_>, epoch: u32) -> Result<(), StoreError> {
    let mut ask = asked(tx)?;
    if ask.remove(&epoch) { meta::set_json(tx, ASK, &ask) } else { Ok(()) }
}

/// The server may have lost history: all lives but `except` are asked about.
///
/// # Errors
/// When the store cannot be written.
pub fn ask_all(tx: &Tx<'_>, except: u32) -> Result<(), StoreError> {
    let present = meta::identity(tx)?.map(|identity| identity.epoch);
    let ask: BTreeSet<u32> = ends(tx)?.into_keys().chain(present).filter(|epoch| *epoch != except).collect();
    meta::set_json(tx, ASK, &ask)
}

/// Whether the server's database is of another life than when it last answered.
///
/// # Errors
/// When the store cannot be read.
pub fn is_another_server(db: &Connection, server_epoch: &str) -> Result<bool, StoreError> {
    Ok(meta::get(db, SERVER_EPOCH)?.as_deref() != Some(server_epoch))
}

/// Remembers the life of the server's database; when it is another one, the other lives are asked about.
///
/// # Errors
/// When the store cannot be written.
pub fn heard_server(tx: &Tx<'_>, server_epoch: &str, except: u32) -> Result<(), StoreError> {
    meta::set(tx, SERVER_EPOCH, server_epoch)?;
    ask_all(tx, except)
}

/// How many events of all lives the server does not hold, and when the oldest of them was made.
///
/// # Errors
/// When the store cannot be read.
pub fn waiting(db: &Connection, present: u32) -> Result<(u64, Option<Timestamp>), StoreError> {
    let (mut count, mut oldest) = (0_u64, None);
    for (epoch, last) in ends(db)?.into_iter().filter(|(epoch, _)| *epoch < present) {
        let acked = acked_seq(db, epoch)?;
        if last > acked {
            count += last - acked;
            oldest = oldest.or(list_after(db, epoch, acked, 1)?.pop().map(|event| event.occurred_at));
        }
    }
    let (own, own_oldest) = super::waiting(db, present)?;
    Ok((count + own, oldest.or(own_oldest)))
}
