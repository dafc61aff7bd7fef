//! Storing verified events: one transaction per push, nothing overwritten, acknowledged from what was read back.

use std::collections::HashMap;

use crate::database::Tx;
use serde_json::json;
use shared::Timestamp;
use shared::ids::TenantId;
use shared::journal::{GENESIS_HASH, Hash};
use sqlx::{AssertSqlSafe, Row as _};

use super::Verified;
use crate::app::AppState;
use crate::database::{DatabaseError, batches, placeholders};
use crate::sync::device::Device;
use crate::sync::exceptions::{self, Exception};

/// How far an epoch may jump ahead: a till that was restored several times while away must still get rid of its sales.
const MAX_EPOCH_JUMP: i64 = 1_000;

/// What became of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All of it is held durably.
    Held {
        /// How many were new.
        stored: u64,
        /// How many were held before.
        duplicates: u64,
    },
    /// The push begins beyond what is held.
    Gap {
        /// The first missing event.
        expected_seq: u64,
    },
    /// Another event is held at a place of this push; the second branch is stored apart.
    Fork {
        /// The place.
        seq: u64,
        /// The life under which the terminal must go on.
        new_epoch: u32,
    },
    /// The terminal names a life of its journal that cannot be.
    Epoch {
        /// The newest known.
        known: u32,
    },
}

/// Stores events of one push; all in one transaction, or nothing.
///
/// # Errors
/// A failed statement; whether the commit took place is then unknown, and the terminal asks again.
pub async fn store(
    state: &AppState,
    device: &Device,
    epoch: u32,
    events: &[Verified],
) -> Result<Outcome, DatabaseError> {
    let (Some(first), Some(last)) = (events.first(), events.last()) else {
        return Ok(Outcome::Held { stored: 0, duplicates: 0 });
    };
    let now = state.clock.now();
    let mut tx = state.db.write(device.tenant_id).await?;
    let known = lock_terminal(&mut tx, device, now).await?;
    if i64::from(epoch) > known + MAX_EPOCH_JUMP {
        return Ok(Outcome::Epoch { known: u32::try_from(known).unwrap_or(u32::MAX) });
    }
    let (head_seq, head_hash) =
        head_in(&mut tx, device.tenant_id, device, epoch).await?.unwrap_or((0, GENESIS_HASH));
    if first.event.seq > head_seq + 1 {
        return Ok(Outcome::Gap { expected_seq: head_seq + 1 });
    }
    let held = held_hashes(&mut tx, device, epoch, first.event.seq, last.event.seq.min(head_seq)).await?;
    let differs = |event: &&Verified| {
        let seq = event.event.seq;
        if seq <= head_seq { held.get(&seq) != Some(&event.hash) } else { event.prev_hash != head_hash }
    };
    // Of the new events only the first is compared with the head: the others follow it, as was verified.
    let compared = events.iter().filter(|event| event.event.seq <= head_seq + 1);
    if let Some(branch) = compared.clone().find(differs) {
        let at = branch.event.seq.min(head_seq.max(1));
        let new_epoch = u32::try_from(known.max(i64::from(epoch)) + 1).unwrap_or(u32::MAX);
        let from = usize::try_from(branch.event.seq - first.event.seq).unwrap_or(0);
        store_fork(&mut tx, device, epoch, events.get(from..).unwrap_or_default(), now).await?;
        let details = json!({ "epoch": epoch, "seq": at, "new_epoch": new_epoch });
        let exception = Exception {
            code: exceptions::code::JOURNAL_FORK,
            outlet_id: Some(device.outlet_id),
            terminal_id: Some(device.terminal_id),
            event: Some((epoch, at)),
            subject: device.terminal_id.to_string(),
            details,
            occurred_at: branch.event.occurred_at,
        };
        exceptions::note_and_tell(&mut tx, device.tenant_id, &exception, now).await?;
        tx.commit().await?;
        return Ok(Outcome::Fork { seq: at, new_epoch });
    }
    let fresh =
        usize::try_from((head_seq + 1).saturating_sub(first.event.seq)).unwrap_or(0).min(events.len());
    let (duplicates, fresh) = events.split_at(fresh);
    if let Some(newest) = fresh.last() {
        insert_events(&mut tx, device, epoch, fresh, now).await?;
        set_head(&mut tx, device, epoch, newest.event.seq, &newest.hash).await?;
        if i64::from(epoch) > known {
            begin_epoch(&mut tx, device, epoch).await?;
        }
        tx.commit().await?;
    }
    let count = |slice: &[Verified]| u64::try_from(slice.len()).unwrap_or(u64::MAX);
    Ok(Outcome::Held { stored: count(fresh), duplicates: count(duplicates) })
}

/// The last event held of a journal, read in a transaction of its own, after any commit.
///
/// # Errors
/// A failed statement.
pub async fn head(
    state: &AppState,
    device: &Device,
    epoch: u32,
) -> Result<Option<(u64, Hash)>, DatabaseError> {
    // From the writer's side: a replica for reading may lag behind the commit that is to be acknowledged.
    let mut tx = state.db.read_latest(device.tenant_id).await?;
    head_in(&mut tx, device.tenant_id, device, epoch).await
}

/// Locks the terminal's row, so that two pushes of one terminal come one after the other, and gives its newest epoch.
async fn lock_terminal(tx: &mut Tx, device: &Device, now: Timestamp) -> Result<i64, DatabaseError> {
    let row = sqlx::query(
        "UPDATE terminals SET last_seen_at = $1 WHERE tenant_id = $2 AND terminal_id = $3 RETURNING epoch",
    )
    .bind(now.as_millis())
    .bind(device.tenant_id.to_string())
    .bind(device.terminal_id.to_string())
    .fetch_one(&mut **tx)
    .await?;
    Ok(row.try_get(0)?)
}

async fn begin_epoch(tx: &mut Tx, device: &Device, epoch: u32) -> Result<(), DatabaseError> {
    sqlx::query("UPDATE terminals SET epoch = $1 WHERE tenant_id = $2 AND terminal_id = $3")
        .bind(i64::from(epoch))
        .bind(device.tenant_id.to_string())
        .bind(device.terminal_id.to_string())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn head_in(
    tx: &mut Tx,
    tenant_id: TenantId,
    device: &Device,
    epoch: u32,
) -> Result<Option<(u64, Hash)>, DatabaseError> {
    let row = sqlx::query(
        "SELECT seq, hash FROM journal_heads WHERE tenant_id = $1 AND terminal_id = $2 AND epoch = $3",
    )
    .bind(tenant_id.to_string())
    .bind(device.terminal_id.to_string())
    .bind(i64::from(epoch))
    .fetch_optional(&mut **tx)
    .await?;
    row.map(|row| Ok((seq_of(row.try_get(0)?)?, hash_of(row.try_get(1)?)?))).transpose()
}

async fn set_head(
    tx: &mut Tx,
    device: &Device,
    epoch: u32,
    seq: u64,
    hash: &Hash,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "INSERT INTO journal_heads (tenant_id, terminal_id, epoch, seq, hash) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (tenant_id, terminal_id, epoch) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
    )
    .bind(device.tenant_id.to_string())
    .bind(device.terminal_id.to_string())
    .bind(i64::from(epoch))
    .bind(seq_to(seq)?)
    .bind(hash.as_bytes().to_vec())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn held_hashes(
    tx: &mut Tx,
    device: &Device,
    epoch: u32,
    first: u64,
    last: u64,
) -> Result<HashMap<u64, Hash>, DatabaseError> {
    if last < first {
        return Ok(HashMap::new());
    }
    let rows = sqlx::query(
        "SELECT seq, hash FROM journal_events \
         WHERE tenant_id = $1 AND terminal_id = $2 AND epoch = $3 AND seq BETWEEN $4 AND $5",
    )
    .bind(device.tenant_id.to_string())
    .bind(device.terminal_id.to_string())
    .bind(i64::from(epoch))
    .bind(seq_to(first)?)
    .bind(seq_to(last)?)
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(|row| Ok((seq_of(row.try_get(0)?)?, hash_of(row.try_get(1)?)?))).collect()
}

/// Inserts events that are new and compares what the database says it holds now with what was sent.
async fn insert_events(
    tx: &mut Tx,
    device: &Device,
    epoch: u32,
    events: &[Verified],
    now: Timestamp,
) -> Result<(), DatabaseError> {
    const COLUMNS: usize = 15;
    let (tenant, terminal) = (device.tenant_id.to_string(), device.terminal_id.to_string());
    let outlet = device.outlet_id.to_string();
    for chunk in batches(events, COLUMNS) {
        let sql = format!(
            "INSERT INTO journal_events (tenant_id, terminal_id, epoch, seq, outlet_id, kind, version, occurred_at, \
             business_date, prev_hash, hash, signature, raw, state, received_at) VALUES {} RETURNING seq, hash",
            placeholders(1, chunk.len(), COLUMNS)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for verified in chunk {
            let event = &verified.event;
            query = query
                .bind(tenant.as_str())
                .bind(terminal.as_str())
                .bind(i64::from(epoch))
                .bind(seq_to(event.seq)?)
                .bind(outlet.as_str())
                .bind(event.kind.as_str())
                .bind(i64::from(event.version))
                .bind(event.occurred_at.as_millis())
                .bind(event.business_date.to_string())
                .bind(verified.prev_hash.as_bytes().to_vec())
                .bind(verified.hash.as_bytes().to_vec())
                .bind(verified.signature.as_slice())
                .bind(verified.raw.as_slice())
                .bind("received")
                .bind(now.as_millis());
        }
        let rows = query.fetch_all(&mut **tx).await?;
        let mut held = HashMap::with_capacity(rows.len());
        for row in &rows {
            held.insert(seq_of(row.try_get(0)?)?, hash_of(row.try_get(1)?)?);
        }
        if held.len() != chunk.len() || chunk.iter().any(|v| held.get(&v.event.seq) != Some(&v.hash)) {
            return Err(DatabaseError::corrupt("journal_events", "what was stored is not what was sent"));
        }
    }
    Ok(())
}

/// Stores the second branch of a journal apart; the first stays as it is.
async fn store_fork(
    tx: &mut Tx,
    device: &Device,
    epoch: u32,
    branch: &[Verified],
    now: Timestamp,
) -> Result<(), DatabaseError> {
    const COLUMNS: usize = 9;
    let (tenant, terminal) = (device.tenant_id.to_string(), device.terminal_id.to_string());
    for chunk in batches(branch, COLUMNS) {
        let sql = format!(
            "INSERT INTO journal_forks (tenant_id, terminal_id, epoch, seq, hash, prev_hash, signature, raw, received_at) \
             VALUES {} ON CONFLICT (tenant_id, terminal_id, epoch, seq, hash) DO NOTHING",
            placeholders(1, chunk.len(), COLUMNS)
        );
        let mut query = sqlx::query(AssertSqlSafe(sql)).persistent(false);
        for verified in chunk {
            query = query
                .bind(tenant.as_str())
                .bind(terminal.as_str())
                .bind(i64::from(epoch))
                .bind(seq_to(verified.event.seq)?)
                .bind(verified.hash.as_bytes().to_vec())
                .bind(verified.prev_hash.as_bytes().to_vec())
                .bind(verified.signature.as_slice())
                .bind(verified.raw.as_slice())
                .bind(now.as_millis());
        }
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

fn seq_to(seq: u64) -> Result<i64, DatabaseError> {
    i64::try_from(seq).map_err(|error| DatabaseError::corrupt("journal_events", error))
}

fn seq_of(seq: i64) -> Result<u64, DatabaseError> {
    u64::try_from(seq).map_err(|error| DatabaseError::corrupt("journal_events", error))
}

fn hash_of(bytes: Vec<u8>) -> Result<Hash, DatabaseError> {
    let bytes: [u8; 32] =
        bytes.try_into().map_err(|_| DatabaseError::corrupt("journal_events", "a hash is not 32 bytes"))?;
    Ok(Hash::from_bytes(bytes))
}
