//! A new life of the journal: what the server does not hold is written again under a new epoch.

use rusqlite::params;
use shared::journal::payload::{DamagedEvent, JournalRestarted, RestartReason};
use shared::journal::{Chained, Fact, Hash, PublicKey, canonical_bytes};

use super::{append, head, key_of, list_after, lives, read_at, write};
use crate::context::{Device, Moment};
use crate::devices;
use crate::store::row::{first, run};
use crate::store::{StoreError, Tx, meta};

/// Damaged events that are described; more are only counted.
const DESCRIBED: usize = 20;
/// Characters of a damaged event that are kept.
const LEFT_CHARS: usize = 2_000;

/// What became of the events after a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Carried {
    /// Written again.
    pub count: u64,
    /// Those that do not hold and stay behind, at most 20.
    pub damaged: Vec<DamagedEvent>,
}

/// How a new life begins.
#[derive(Debug, Clone, Copy)]
pub struct Restart {
    /// The first event of the present life that is written again.
    pub from_seq: u64,
    /// The new life.
    pub new_epoch: u32,
    /// Why; None after a fork, which the server notes by itself.
    pub reason: Option<RestartReason>,
    /// The number from which receipts go on, when it is not known for sure.
    pub receipts_from: Option<u64>,
}

/// Writes the events of `device.epoch` from `from_seq` on again as the first of `new_epoch`, chained and signed anew, and
/// makes that the present epoch. The old ones stay as they are; receipt numbers do not change. Gives how many there were.
///
/// # Errors
/// A new epoch that is not above the present one, or a store that cannot be written.
pub fn rebase(tx: &Tx<'_>, device: &Device, from_seq: u64, new_epoch: u32) -> Result<u64, StoreError> {
    begin(tx, device, from_seq, new_epoch).map(|carried| carried.count)
}

/// As [`rebase`], and writes down why as the last event when a person must know: for any reason of the terminal's own, and
/// when events do not hold any longer.
///
/// # Errors
/// As [`rebase`].
pub fn restart(tx: &Tx<'_>, device: &Device, step: Restart, moment: &Moment) -> Result<Carried, StoreError> {
    let carried = begin(tx, device, step.from_seq, step.new_epoch)?;
    let reason = step.reason.or((!carried.damaged.is_empty()).then_some(RestartReason::Damaged));
    if let Some(reason) = reason {
        let present = Device { epoch: step.new_epoch, ..device.clone() };
        let place = (device.epoch, step.from_seq.max(1) - 1);
        note(tx, &present, place, reason, &carried, step.receipts_from, moment)?;
    }
    Ok(carried)
}

/// Writes what waits of an older life from `from_seq` on again at the end of the present one, because the server cannot
/// take it as it stands.
///
/// # Errors
/// A store that cannot be written.
pub fn carry_older(
    tx: &Tx<'_>,
    device: &Device,
    epoch: u32,
    from_seq: u64,
    moment: &Moment,
) -> Result<Carried, StoreError> {
    let carried = carry(tx, device, epoch, from_seq, device.epoch)?;
    // A report of the older life now stands behind those of this one.
    devices::tell_anew(tx)?;
    if !carried.damaged.is_empty() {
        note(tx, device, (epoch, from_seq.max(1) - 1), RestartReason::Damaged, &carried, None, moment)?;
    }
    Ok(carried)
}

fn note(
    tx: &Tx<'_>,
    device: &Device,
    (from_epoch, from_seq): (u32, u64),
    reason: RestartReason,
    carried: &Carried,
    receipts_from: Option<u64>,
    moment: &Moment,
) -> Result<(), StoreError> {
    let fact = JournalRestarted {
        reason,
        from_epoch,
        from_seq,
        carried: carried.count,
        damaged: carried.damaged.clone(),
        receipts_from,
    };
    append(tx, device, moment, &Fact::JournalRestarted(Box::new(fact))).map(|_| ())
}

fn begin(tx: &Tx<'_>, device: &Device, from_seq: u64, new_epoch: u32) -> Result<Carried, StoreError> {
    if new_epoch <= device.epoch || head(tx, new_epoch)?.0 > 0 {
        return Err(StoreError::contradiction("a journal", "a new epoch must be above the present one"));
    }
    let carried = carry(tx, device, device.epoch, from_seq, new_epoch)?;
    if let Some(mut identity) = meta::identity(tx)? {
        identity.epoch = new_epoch;
        meta::set_identity(tx, &identity)?;
    }
    Ok(carried)
}

/// Writes events of one life again at the end of another.
fn carry(
    tx: &Tx<'_>,
    device: &Device,
    epoch: u32,
    from_seq: u64,
    target: u32,
) -> Result<Carried, StoreError> {
    let key = device.key.public_key();
    let from_seq = from_seq.max(1);
    let last = match lives::ends(tx)?.get(&epoch) {
        Some(end) => *end,
        None => head(tx, epoch)?.0,
    };
    let (mut seq, mut prev_hash) = head(tx, target)?;
    let mut carried = Carried::default();
    for old in from_seq..=last {
        let Some(chained) = sound(tx, &key, epoch, old)? else {
            if carried.damaged.len() < DESCRIBED {
                carried.damaged.push(DamagedEvent { seq: old, left: what_is_left(tx, epoch, old) });
            }
            continue;
        };
        let subject = list_after(tx, epoch, old - 1, 1)?.pop().map(|event| event.subject);
        seq += 1;
        let mut event = chained.event;
        event.epoch = target;
        event.seq = seq;
        let (key, hash) = write(tx, device, &event, prev_hash, &subject.unwrap_or_default())?;
        prev_hash = hash;
        repoint(tx, key_of(epoch, old), key)?;
        carried.count += 1;
    }
    lives::set_end(tx, epoch, from_seq - 1)?;
    Ok(carried)
}

/// An event when its own bytes are what was signed, whatever became of the one before it; None when they are not.
///
/// # Errors
/// When the store cannot be read for another reason than damage.
pub fn sound(
    db: &rusqlite::Connection,
    key: &PublicKey,
    epoch: u32,
    seq: u64,
) -> Result<Option<Chained>, StoreError> {
    let chained = match read_at(db, epoch, seq) {
        Ok(chained) => chained,
        Err(error) if error.is_damage() => None,
        Err(error) => return Err(error),
    };
    Ok(chained
        .filter(|chained| is_sound(chained, key) && (chained.event.epoch, chained.event.seq) == (epoch, seq)))
}

/// Whether the bytes of an event are what was hashed and signed.
pub fn is_sound(chained: &Chained, key: &PublicKey) -> bool {
    let Ok(bytes) = canonical_bytes(&chained.event) else { return false };
    Hash::chained(&chained.prev_hash, &bytes) == chained.hash
        && key.verify(chained.hash.as_bytes(), &chained.signature).is_ok()
}

/// The text that stands in a damaged event's place.
fn what_is_left(db: &rusqlite::Connection, epoch: u32, seq: u64) -> String {
    let sql = "SELECT event FROM journal WHERE journal_key = ?1";
    let bytes: Option<Vec<u8>> =
        first(db, "read the journal", sql, [key_of(epoch, seq)], |row| row.get(0)).ok().flatten();
    String::from_utf8_lossy(&bytes.unwrap_or_default()).chars().take(LEFT_CHARS).collect()
}

/// Rows that read from the old event now read from the new one.
fn repoint(tx: &Tx<'_>, old: i64, new: i64) -> Result<(), StoreError> {
    for sql in [
        "UPDATE orders SET journal_key = ?2 WHERE journal_key = ?1",
        "UPDATE refunds SET journal_key = ?2 WHERE journal_key = ?1",
        "UPDATE stock_movements SET journal_key = ?2 WHERE journal_key = ?1",
        "UPDATE pending_edits SET journal_key = ?2 WHERE journal_key = ?1",
    ] {
        run(tx, "carry the journal over", sql, params![old, new])?;
    }
    Ok(())
}
