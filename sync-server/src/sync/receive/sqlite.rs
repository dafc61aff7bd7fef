//! Storing groups of pushes in the embedded database, row by row with prepared statements: the quickest way it has.

use std::path::PathBuf;

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, Transaction, TransactionBehavior, params};
use shared::Timestamp;
use shared::journal::{GENESIS_HASH, Hash};

use super::group::{Fate, Job};
use crate::database::{CommitMoment, Database, DatabaseError};

/// A terminal's last-seen time is written anew after so long, not with every push.
pub(super) const SEEN_EVERY_MS: i64 = 10_000;

/// The connection that groups are stored over; opened when it is first needed.
#[derive(Debug)]
pub(super) struct Embedded {
    file: PathBuf,
    connection: Option<Connection>,
}

impl Embedded {
    pub fn new(file: PathBuf) -> Self {
        Self { file, connection: None }
    }

    /// Stores the pushes that go on where their journals ended, all in one transaction, and reads them back after the
    /// commit. The caller holds the right to write.
    ///
    /// # Errors
    /// A failed statement. Whether the commit took place is then unknown: the connection is given up, and who asks again
    /// finds out.
    pub fn commit(
        &mut self,
        db: &Database,
        jobs: &[&Job],
        now: Timestamp,
    ) -> Result<Vec<Fate>, DatabaseError> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.open()?,
        };
        let fates = commit(db, &mut connection, jobs, now)?;
        self.connection = Some(connection);
        Ok(fates)
    }

    fn open(&self) -> Result<Connection, DatabaseError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        connection.busy_timeout(std::time::Duration::from_secs(10))?;
        connection.set_prepared_statement_cache_capacity(16);
        for (pragma, value) in
            [("synchronous", 2), ("foreign_keys", 1), ("cache_size", -32_768), ("wal_autocheckpoint", 4_000)]
        {
            connection.pragma_update(None, pragma, value)?;
        }
        let synchronous: i64 = connection.pragma_query_value(None, "synchronous", |row| row.get(0))?;
        let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
        if synchronous != 2 || mode != "wal" {
            let found = format!("synchronous={synchronous}, journal_mode={mode}; expected 2 (FULL) and wal");
            return Err(DatabaseError::Unfit(found));
        }
        Ok(connection)
    }
}

fn commit(
    db: &Database,
    connection: &mut Connection,
    jobs: &[&Job],
    now: Timestamp,
) -> Result<Vec<Fate>, DatabaseError> {
    db.lives(CommitMoment::Begin)?;
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut stored = Vec::with_capacity(jobs.len());
    for job in jobs {
        stored.push(put(&tx, job, now)?);
    }
    db.lives(CommitMoment::Before)?;
    tx.commit()?;
    db.lives(CommitMoment::After)?;
    let fates = jobs.iter().zip(stored).map(|(job, stored)| match stored {
        true => read_back(connection, job),
        false => Ok(Fate::NeedsCare),
    });
    fates.collect()
}

/// Inserts the events of a push that goes on where its journal ended; false when it does not.
fn put(tx: &Transaction<'_>, job: &Job, now: Timestamp) -> Result<bool, DatabaseError> {
    let (Some(first), Some(last)) = (job.events.first(), job.events.last()) else { return Ok(false) };
    let device = &job.device;
    let (tenant, terminal) = (device.tenant_id.to_string(), device.terminal_id.to_string());
    let outlet = device.outlet_id.to_string();
    let row = tx
        .prepare_cached(
            "SELECT t.outlet_id, t.public_key, t.epoch, COALESCE(t.last_seen_at, 0), h.seq, h.hash, h.signed_seq \
             FROM terminals t LEFT JOIN journal_heads h \
             ON h.tenant_id = t.tenant_id AND h.terminal_id = t.terminal_id AND h.epoch = ?3 \
             WHERE t.tenant_id = ?1 AND t.terminal_id = ?2",
        )?
        .query_row(params![tenant, terminal, job.epoch], |row| {
            let owner: (String, Option<String>) = (row.get(0)?, row.get(1)?);
            let head: (Option<i64>, Option<[u8; 32]>, Option<i64>) = (row.get(4)?, row.get(5)?, row.get(6)?);
            Ok((owner, row.get::<_, i64>(2)?, row.get::<_, i64>(3)?, head))
        })
        .optional()?;
    let Some(((at, key), epoch, seen_at, (head_seq, head_hash, signed_seq))) = row else { return Ok(false) };
    let goes_on = at == outlet
        && key.as_deref() == Some(device.public_key.to_string().as_str())
        && i64::from(job.epoch) <= epoch
        && seq_to(first.event.seq)? == head_seq.unwrap_or(0) + 1
        && first.prev_hash == head_hash.map_or(GENESIS_HASH, Hash::from_bytes);
    if !goes_on {
        return Ok(false);
    }
    let mut insert = tx.prepare_cached(
        "INSERT INTO journal_events (tenant_id, terminal_id, epoch, seq, outlet_id, kind, version, occurred_at, \
         business_date, prev_hash, hash, signature, raw, state, received_at) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 'received', ?14)",
    )?;
    for verified in job.events.iter() {
        let event = &verified.event;
        insert.execute(params![
            tenant,
            terminal,
            job.epoch,
            seq_to(event.seq)?,
            outlet,
            event.kind,
            event.version,
            event.occurred_at.as_millis(),
            event.business_date.to_string(),
            verified.prev_hash.as_bytes(),
            verified.hash.as_bytes(),
            verified.signature,
            verified.raw,
            now.as_millis(),
        ])?;
    }
    let signed_seq = signed_seq_after(signed_seq.unwrap_or(0), job)?;
    tx.prepare_cached(
        "INSERT INTO journal_heads (tenant_id, terminal_id, epoch, seq, hash, signed_seq) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (tenant_id, terminal_id, epoch) \
         DO UPDATE SET seq = excluded.seq, hash = excluded.hash, signed_seq = excluded.signed_seq",
    )?
    .execute(params![
        tenant,
        terminal,
        job.epoch,
        seq_to(last.event.seq)?,
        last.hash.as_bytes(),
        signed_seq
    ])?;
    if now.as_millis() - seen_at >= SEEN_EVERY_MS {
        tx.prepare_cached(
            "UPDATE terminals SET last_seen_at = ?3 WHERE tenant_id = ?1 AND terminal_id = ?2",
        )?
        .execute(params![tenant, terminal, now.as_millis()])?;
    }
    Ok(true)
}

/// How far signatures are checked after a push: of each push the last one is before it is stored.
pub(super) fn signed_seq_after(signed_seq: i64, job: &Job) -> Result<i64, DatabaseError> {
    match job.events.as_slice() {
        [only] if seq_to(only.event.seq)? == signed_seq + 1 => Ok(signed_seq + 1),
        _ => Ok(signed_seq),
    }
}

/// Reads the events of a push again and compares the hash of each.
fn read_back(connection: &Connection, job: &Job) -> Result<Fate, DatabaseError> {
    let other = || DatabaseError::corrupt("journal_events", "what is held is not what was sent");
    let (first, last) = (job.events.first().ok_or_else(other)?, job.events.last().ok_or_else(other)?);
    let (tenant, terminal) = (job.device.tenant_id.to_string(), job.device.terminal_id.to_string());
    let mut held = connection.prepare_cached(
        "SELECT hash FROM journal_events WHERE tenant_id = ?1 AND terminal_id = ?2 AND epoch = ?3 \
         AND seq BETWEEN ?4 AND ?5 ORDER BY seq",
    )?;
    let span = params![tenant, terminal, job.epoch, seq_to(first.event.seq)?, seq_to(last.event.seq)?];
    let mut held = held.query(span)?;
    for sent in job.events.iter() {
        let row = held.next()?.ok_or_else(other)?;
        if row.get::<_, [u8; 32]>(0)? != *sent.hash.as_bytes() {
            return Err(other());
        }
    }
    let head = connection
        .prepare_cached(
            "SELECT seq, hash FROM journal_heads WHERE tenant_id = ?1 AND terminal_id = ?2 AND epoch = ?3",
        )?
        .query_row(params![tenant, terminal, job.epoch], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, [u8; 32]>(1)?))
        })?;
    let seq = u64::try_from(head.0).map_err(|error| DatabaseError::corrupt("journal_heads", error))?;
    Ok(Fate::Held(seq, Hash::from_bytes(head.1)))
}

pub(super) fn seq_to(seq: u64) -> Result<i64, DatabaseError> {
    i64::try_from(seq).map_err(|error| DatabaseError::corrupt("journal_events", error))
}
