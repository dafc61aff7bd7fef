//! The journal on disk: every fact of this terminal, hash-chained, signed and gapless; it is the outbox too.
//!
//! An event and all its local effects commit in one transaction: [`append`] takes the transaction of the use case.

mod commit;
pub mod export;
pub mod lives;
mod rebase;
pub mod salvage;

use rusqlite::{Connection, Row, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use shared::Timestamp;
use shared::journal::{
    Chained, Event, Fact, GENESIS_HASH, Hash, PublicKey, Signature, canonical_bytes, verify,
};

pub(crate) use commit::commit;
pub use rebase::{Carried, Restart, carry_older, is_sound, rebase, restart, sound};

use crate::context::{Device, Moment};
use crate::store::row::{all, first, run};
use crate::store::{StoreError, Tx};

/// The bits of a key below the epoch.
const SEQ_BITS: u32 = 40;

/// The key of an event in the store: `epoch × 2^40 + seq`, so that keys grow over all lives of the journal.
pub fn key_of(epoch: u32, seq: u64) -> i64 {
    let seq = i64::try_from(seq).unwrap_or(i64::MAX) & ((1 << SEQ_BITS) - 1);
    (i64::from(epoch) << SEQ_BITS) | seq
}

/// The epoch and place of a key.
pub fn place_of(key: i64) -> (u32, u64) {
    let seq = key & ((1 << SEQ_BITS) - 1);
    (u32::try_from(key >> SEQ_BITS).unwrap_or(0), u64::try_from(seq).unwrap_or(0))
}

/// The last event of an epoch: its place and hash; place 0 and the hash of nothing when there is none.
///
/// # Errors
/// When the store cannot be read.
pub fn head(db: &Connection, epoch: u32) -> Result<(u64, Hash), StoreError> {
    let sql = "SELECT journal_key, hash FROM journal WHERE journal_key BETWEEN ?1 AND ?2 \
               ORDER BY journal_key DESC LIMIT 1";
    let span = [key_of(epoch, 0), key_of(epoch + 1, 0) - 1];
    let last = first(db, "read the end of the journal", sql, span, |row| {
        Ok((place_of(row.get(0)?).1, Hash::from_bytes(row.get(1)?)))
    })?;
    Ok(last.unwrap_or((0, GENESIS_HASH)))
}

/// Writes a fact as the next event of the present epoch; gives its key in the store.
///
/// # Errors
/// When it has no canonical form or the store cannot be written.
pub fn append(tx: &Tx<'_>, device: &Device, moment: &Moment, fact: &Fact) -> Result<i64, StoreError> {
    let (last, prev_hash) = head(tx, device.epoch)?;
    let event = Event {
        tenant_id: device.tenant_id,
        outlet_id: device.outlet_id,
        terminal_id: device.terminal_id,
        epoch: device.epoch,
        seq: last + 1,
        kind: fact.kind().to_owned(),
        version: Fact::VERSION,
        occurred_at: moment.at,
        business_date: moment.business_date,
        staff_id: moment.staff_id,
        payload: fact,
    };
    write(tx, device, &event, prev_hash, &subject_of(fact)).map(|(key, _)| key)
}

/// Chains, signs and stores an event.
fn write<P: Serialize>(
    tx: &Tx<'_>,
    device: &Device,
    event: &Event<P>,
    prev_hash: Hash,
    subject: &str,
) -> Result<(i64, Hash), StoreError> {
    let bytes = canonical_bytes(event).map_err(|error| StoreError::contradiction("a fact", error))?;
    // The same as `shared::journal::chain`, with the canonical bytes made once for hash and store.
    let hash = Hash::chained(&prev_hash, &bytes);
    let signature = device.key.sign(hash.as_bytes()).to_bytes();
    let key = key_of(event.epoch, event.seq);
    run(
        tx,
        "write the journal",
        "INSERT INTO journal (journal_key, kind, subject, occurred_at, prev_hash, hash, signature, event) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            key,
            event.kind,
            subject,
            event.occurred_at.as_millis(),
            prev_hash.as_bytes(),
            hash.as_bytes(),
            signature,
            bytes
        ],
    )?;
    Ok((key, hash))
}

/// What an event is about, for lists.
fn subject_of(fact: &Fact) -> String {
    match fact {
        Fact::OrderCompleted(order) => order.receipt_number.clone(),
        Fact::RefundCompleted(refund) => refund.receipt_number.clone(),
        Fact::DrawerClosed(closed) => format!("Z {}", closed.z_number),
        Fact::DrawerOpened(opened) => opened.staff_name.clone(),
        Fact::ItemEdited(edited) => edited.name.clone().unwrap_or_default(),
        Fact::CategoryEdited(edited) => edited.name.clone().unwrap_or_default(),
        Fact::StockMoved(moved) => moved.lines.first().map(|line| line.sku.clone()).unwrap_or_default(),
        _ => String::new(),
    }
}

const COLUMNS: &str = "prev_hash, hash, signature, event";

fn read(row: &Row<'_>) -> rusqlite::Result<Chained> {
    let event = serde_json::from_slice(row.get_ref(3)?.as_blob()?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(3, rusqlite::types::Type::Blob, error.into())
    })?;
    Ok(Chained {
        event,
        prev_hash: Hash::from_bytes(row.get(0)?),
        hash: Hash::from_bytes(row.get(1)?),
        signature: Signature::from_bytes(&row.get(2)?),
    })
}

/// Consecutive events of an epoch after `after_seq`: at most `max_events`, and not more than `max_bytes` together (but
/// always at least one, so that a large one cannot stop the row).
///
/// # Errors
/// When the store cannot be read.
pub fn events_after(
    db: &Connection,
    epoch: u32,
    after_seq: u64,
    max_events: usize,
    max_bytes: usize,
) -> Result<Vec<Chained>, StoreError> {
    /// What chain and signature add to an event on the wire.
    const FRAME_BYTES: usize = 420;
    let sql = format!(
        "SELECT {COLUMNS} FROM journal WHERE journal_key > ?1 AND journal_key < ?2 ORDER BY journal_key LIMIT ?3"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let limit = i64::try_from(max_events).unwrap_or(i64::MAX);
    let mut rows = statement.query(params![key_of(epoch, after_seq), key_of(epoch + 1, 0), limit])?;
    let (mut events, mut bytes) = (Vec::new(), 0_usize);
    while let Some(row) = rows.next()? {
        bytes = bytes.saturating_add(row.get_ref(3)?.as_blob().map_or(0, <[u8]>::len) + FRAME_BYTES);
        if bytes > max_bytes && !events.is_empty() {
            break;
        }
        events.push(read(row)?);
    }
    Ok(events)
}

/// The event at a place; None when there is none.
///
/// # Errors
/// When the store cannot be read, or what stands there is no event.
pub fn read_at(db: &Connection, epoch: u32, seq: u64) -> Result<Option<Chained>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM journal WHERE journal_key = ?1");
    first(db, "read the journal", &sql, [key_of(epoch, seq)], read)
}

/// The hash of an event; None when there is no such event. The hash of place 0 is that of nothing.
///
/// # Errors
/// When the store cannot be read.
pub fn hash_at(db: &Connection, epoch: u32, seq: u64) -> Result<Option<Hash>, StoreError> {
    if seq == 0 {
        return Ok(Some(GENESIS_HASH));
    }
    let sql = "SELECT hash FROM journal WHERE journal_key = ?1";
    first(db, "read the journal", sql, [key_of(epoch, seq)], |row| Ok(Hash::from_bytes(row.get(0)?)))
}

/// An event in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its place.
    pub seq: u64,
    /// Its kind.
    pub kind: String,
    /// When.
    pub occurred_at: Timestamp,
    /// What it is about.
    pub subject: String,
}

/// The first events after a place, for lists.
///
/// # Errors
/// When the store cannot be read.
pub fn list_after(
    db: &Connection,
    epoch: u32,
    after_seq: u64,
    limit: u32,
) -> Result<Vec<Listed>, StoreError> {
    let sql = "SELECT journal_key, kind, occurred_at, subject FROM journal \
               WHERE journal_key > ?1 AND journal_key < ?2 ORDER BY journal_key LIMIT ?3";
    let span = params![key_of(epoch, after_seq), key_of(epoch + 1, 0), limit];
    all(db, "read the journal", sql, span, |row| {
        Ok(Listed {
            seq: place_of(row.get(0)?).1,
            kind: row.get(1)?,
            occurred_at: Timestamp::from_millis(row.get(2)?),
            subject: row.get(3)?,
        })
    })
}

/// How far the server holds an epoch: 0 when it has said nothing yet.
///
/// # Errors
/// When the store cannot be read.
pub fn acked_seq(db: &Connection, epoch: u32) -> Result<u64, StoreError> {
    let sql = "SELECT acked_seq FROM journal_acks WHERE epoch = ?1";
    let acked: Option<i64> = first(db, "read what the server holds", sql, [epoch], |row| row.get(0))?;
    Ok(acked.and_then(|seq| u64::try_from(seq).ok()).unwrap_or(0))
}

/// Notes how far the server holds an epoch; lower than before when the server lost history.
///
/// # Errors
/// When the store cannot be written.
pub fn set_acked(
    tx: &Tx<'_>,
    epoch: u32,
    seq: u64,
    hash: Option<Hash>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let hash = hash.as_ref().map(|hash| hash.as_bytes().as_slice());
    run(
        tx,
        "note what the server holds",
        "INSERT INTO journal_acks (epoch, acked_seq, acked_hash, acked_at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (epoch) \
         DO UPDATE SET acked_seq = excluded.acked_seq, acked_hash = excluded.acked_hash, acked_at = excluded.acked_at",
        params![epoch, i64::try_from(seq).unwrap_or(i64::MAX), hash, now.as_millis()],
    )
    .map(|_| ())
}

/// How many events of an epoch the server does not hold, and when the oldest of them was made.
///
/// # Errors
/// When the store cannot be read.
pub fn waiting(db: &Connection, epoch: u32) -> Result<(u64, Option<Timestamp>), StoreError> {
    let (last, acked) = (head(db, epoch)?.0, acked_seq(db, epoch)?);
    let oldest = if last > acked { list_after(db, epoch, acked, 1)?.pop() } else { None };
    Ok((last.saturating_sub(acked), oldest.map(|event| event.occurred_at)))
}

/// Checks the last `most` events of an epoch against chain and key; gives the first place that does not hold.
///
/// # Errors
/// When the store cannot be read.
pub fn first_bad(db: &Connection, epoch: u32, key: &PublicKey, most: u64) -> Result<Option<u64>, StoreError> {
    let (last, _) = head(db, epoch)?;
    let mut at = last.saturating_sub(most);
    let Some(mut prev_hash) = hash_at(db, epoch, at)? else { return Ok(Some(at)) };
    let sql = format!("SELECT {COLUMNS} FROM journal WHERE journal_key = ?1");
    while at < last {
        at += 1;
        let chained = match first(db, "read the journal", &sql, [key_of(epoch, at)], read) {
            Ok(Some(chained)) => chained,
            // Bytes that are no event, or a place without one, do not hold either.
            Ok(None) | Err(_) => return Ok(Some(at)),
        };
        if chained.event.seq != at || verify(&chained, &prev_hash, key).is_err() {
            return Ok(Some(at));
        }
        prev_hash = chained.hash;
    }
    Ok(None)
}

/// The payload of an event by its key in the store.
///
/// # Errors
/// When it is not there or is something else.
pub fn payload<T: DeserializeOwned>(db: &Connection, key: i64) -> Result<T, StoreError> {
    #[derive(Deserialize)]
    struct Body<T> {
        payload: T,
    }
    let sql = "SELECT event FROM journal WHERE journal_key = ?1";
    let bytes: Option<Vec<u8>> = first(db, "read the journal", sql, [key], |row| row.get(0))?;
    let bytes = bytes.ok_or_else(|| StoreError::contradiction("a row", "its event is not in the journal"))?;
    let body: Body<T> =
        serde_json::from_slice(&bytes).map_err(|error| StoreError::contradiction("an event", error))?;
    Ok(body.payload)
}
