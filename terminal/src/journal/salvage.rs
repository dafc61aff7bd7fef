//! What can still be read of a broken store: the journal above all, tolerating places that cannot be read.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, params};
use shared::journal::{Chained, PublicKey};

use super::{COLUMNS, is_sound, key_of, lives, place_of, read, set_acked};
use crate::context::Device;
use crate::store::row::run;
use crate::store::{Counters, StoreError, Tx, card_payments, counter_devices, meta};
use shared::Timestamp;

/// Rows read at a time while nothing fails.
const CHUNK: i64 = 200;
/// How far a place that cannot be read is stepped over in the end.
const LONGEST_STEP: i64 = 1 << 41;

/// A row of the journal as it stands on the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRow {
    /// Its life.
    pub epoch: u32,
    /// Its place.
    pub seq: u64,
    /// Its kind.
    pub kind: String,
    /// What it is about.
    pub subject: String,
    /// The event with chain and signature; None when its bytes are no event.
    pub chained: Option<Chained>,
}

/// Opens a file to read it and nothing else; None when it is not there or no database.
pub fn open_read_only(path: &Path) -> Option<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).ok()?;
    connection.busy_timeout(Duration::from_secs(5)).ok()?;
    let there: i64 = connection
        .query_row("SELECT COUNT(*) FROM sqlite_schema WHERE name = 'journal'", [], |row| row.get(0))
        .unwrap_or(0);
    (there > 0).then_some(connection)
}

/// Gives every row of the journal after `after_key` that can be read to `give`, by key; false when some could not be read.
///
/// # Errors
/// What `give` returns.
pub fn each_row<E>(
    db: &Connection,
    after_key: i64,
    mut give: impl FnMut(RawRow) -> Result<(), E>,
) -> Result<bool, E> {
    let (mut after, mut step, mut chunk, mut all) = (after_key, 1_i64, CHUNK, true);
    loop {
        match rows(db, after, chunk) {
            Ok(found) if found.is_empty() => return Ok(all),
            Ok(found) => {
                for (key, row) in found {
                    after = key;
                    give(row)?;
                }
                (step, chunk) = (1, CHUNK);
            }
            // First one by one, then over the place that cannot be read, in growing steps.
            Err(_) if chunk > 1 => (chunk, all) = (1, false),
            Err(_) => {
                all = false;
                after = after.saturating_add(step);
                step = step.saturating_mul(2);
                if step > LONGEST_STEP {
                    return Ok(false);
                }
            }
        }
    }
}

fn rows(db: &Connection, after: i64, limit: i64) -> rusqlite::Result<Vec<(i64, RawRow)>> {
    let sql = format!(
        "SELECT {COLUMNS}, journal_key, kind, subject FROM journal WHERE journal_key > ?1 ORDER BY journal_key LIMIT ?2"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let found = statement.query_map(params![after, limit], |row| {
        let key = row.get(4)?;
        let (epoch, seq) = place_of(key);
        let kind = row.get(5).unwrap_or_default();
        let subject = row.get(6).unwrap_or_default();
        Ok((key, RawRow { epoch, seq, kind, subject, chained: read(row).ok() }))
    })?;
    found.collect()
}

impl RawRow {
    /// The event when it holds by itself and stands where it says.
    pub fn sound(self, key: &PublicKey) -> Option<Chained> {
        let (epoch, seq) = (self.epoch, self.seq);
        self.chained.filter(|chained| {
            (chained.event.epoch, chained.event.seq) == (epoch, seq) && is_sound(chained, key)
        })
    }
}

/// What was saved of a broken store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Salvaged {
    /// The newest life found; 0 for none.
    pub epoch: u32,
    /// The first place of that life that could not be saved, or the one after its last.
    pub from_seq: u64,
    /// The last numbers given out, as far as they can be read.
    pub counters: Counters,
    /// Whether every row could be read and holds.
    pub complete: bool,
}

/// Copies the journal that holds into a new store, with what the server confirmed of it, and the settings.
///
/// # Errors
/// A new store that cannot be written.
pub fn copy(tx: &Tx<'_>, broken: &Connection, device: &Device) -> Result<Salvaged, StoreError> {
    let key = device.key.public_key();
    let mut saved = Salvaged { complete: true, ..Salvaged::default() };
    // The first place after what is contiguous, by life.
    let mut ends: std::collections::BTreeMap<u32, u64> = std::collections::BTreeMap::new();
    let all = each_row(broken, i64::MIN, |row| -> Result<(), StoreError> {
        let (epoch, seq) = (row.epoch, row.seq);
        let (kind, subject) = (row.kind.clone(), row.subject.clone());
        let Some(chained) = row.sound(&key) else {
            saved.complete = false;
            return Ok(());
        };
        saved.epoch = saved.epoch.max(epoch);
        let next = ends.entry(epoch).or_insert(1);
        if seq == *next {
            *next += 1;
        }
        if matches!(kind.as_str(), "order.completed" | "refund.completed") {
            saved.counters.receipts = saved.counters.receipts.max(trailing_number(&subject));
        }
        if kind == "drawer.closed" {
            saved.counters.z = saved.counters.z.max(trailing_number(&subject));
        }
        insert(tx, &chained, &kind, &subject)
    })?;
    saved.complete &= all && ends.contains_key(&device.epoch.max(1));
    copy_acks(tx, broken)?;
    // Money that may have moved, and the devices that know of it. What cannot be read of that keeps nothing else from being saved.
    for device in counter_devices::list(broken).unwrap_or_default() {
        counter_devices::put(tx, &device)?;
    }
    for payment in card_payments::open(broken).unwrap_or_default().iter().rev() {
        card_payments::insert(tx, payment)?;
    }
    let known_ends = lives::ends(broken).unwrap_or_default();
    for (epoch, next) in &ends {
        if *epoch < saved.epoch {
            let end = known_ends.get(epoch).copied().unwrap_or(next - 1);
            lives::set_end(tx, *epoch, end)?;
        }
    }
    saved.from_seq = ends.get(&saved.epoch).copied().unwrap_or(1);
    if let Ok(settings) = meta::settings(broken) {
        meta::set_settings(tx, &settings)?;
    }
    Ok(saved)
}

fn insert(tx: &Tx<'_>, chained: &Chained, kind: &str, subject: &str) -> Result<(), StoreError> {
    let bytes = shared::journal::canonical_bytes(&chained.event)
        .map_err(|error| StoreError::contradiction("an event", error))?;
    run(
        tx,
        "save the journal",
        "INSERT OR IGNORE INTO journal (journal_key, kind, subject, occurred_at, prev_hash, hash, signature, event) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            key_of(chained.event.epoch, chained.event.seq),
            kind,
            subject,
            chained.event.occurred_at.as_millis(),
            chained.prev_hash.as_bytes(),
            chained.hash.as_bytes(),
            chained.signature.to_bytes(),
            bytes
        ],
    )
    .map(|_| ())
}

/// What the server confirmed, where that can be read; it is asked again in any case.
fn copy_acks(tx: &Tx<'_>, broken: &Connection) -> Result<(), StoreError> {
    let read = || -> rusqlite::Result<Vec<(u32, i64, i64)>> {
        let mut statement = broken.prepare("SELECT epoch, acked_seq, acked_at FROM journal_acks")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        rows.collect()
    };
    for (epoch, seq, at) in read().unwrap_or_default() {
        set_acked(tx, epoch, u64::try_from(seq).unwrap_or(0), None, Timestamp::from_millis(at))?;
    }
    Ok(())
}

/// The number at the end of `KOTA-T3-000123` or `Z 12`; 0 when there is none.
fn trailing_number(text: &str) -> u64 {
    let digits = text.len() - text.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    text.get(text.len() - digits..).and_then(|number| number.parse().ok()).unwrap_or(0)
}
