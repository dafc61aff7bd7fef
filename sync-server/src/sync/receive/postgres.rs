//! Storing groups of pushes on PostgreSQL: one statement for all events of a business, by arrays, under its row security.

use std::collections::{BTreeMap, HashMap};

use shared::Timestamp;
use shared::ids::TenantId;
use shared::journal::{GENESIS_HASH, Hash};
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Row as _};

use super::group::{Fate, Job};
use super::sqlite::{SEEN_EVERY_MS, seq_to, signed_seq_after};
use crate::database::{CommitMoment, Database, DatabaseError};

/// Stores the pushes that go on where their journals ended, all in one transaction; acknowledged is what the database
/// returned of the rows it wrote, once the commit is done. Of each terminal there is one push at the most.
///
/// # Errors
/// A failed statement. Whether the commit took place is then unknown, and who asks again finds out.
pub(super) async fn commit(
    db: &Database,
    pool: &PgPool,
    jobs: &[&Job],
    now: Timestamp,
) -> Result<Vec<Fate>, DatabaseError> {
    db.lives(CommitMoment::Begin)?;
    // Businesses and terminals are locked in one order everywhere, so that two servers never wait for each other in a
    // circle.
    let mut tenants: BTreeMap<TenantId, Vec<usize>> = BTreeMap::new();
    for (place, job) in jobs.iter().enumerate() {
        tenants.entry(job.device.tenant_id).or_default().push(place);
    }
    let mut fates: Vec<Fate> = jobs.iter().map(|_| Fate::NeedsCare).collect();
    let mut tx = None;
    for (tenant, places) in tenants {
        let set = format!("SELECT set_config('kedai.tenant_id', '{tenant}', true)");
        let tx = match &mut tx {
            None => tx.insert(pool.begin_with(AssertSqlSafe(format!("BEGIN; {set}"))).await?),
            Some(tx) => {
                sqlx::raw_sql(AssertSqlSafe(set)).execute(&mut **tx).await?;
                tx
            }
        };
        let mut own = Vec::with_capacity(places.len());
        for place in places {
            own.extend(jobs.get(place).map(|job| (place, *job)));
        }
        for (place, fate) in put(tx, tenant, own, now).await? {
            if let Some(slot) = fates.get_mut(place) {
                *slot = fate;
            }
        }
    }
    if let Some(tx) = tx {
        db.lives(CommitMoment::Before)?;
        tx.commit().await?;
        db.lives(CommitMoment::After)?;
    }
    Ok(fates)
}

/// Where a journal ended when its terminal was locked.
struct End {
    outlet: String,
    key: Option<String>,
    epoch: i64,
    head: (i64, Hash),
    signed_seq: i64,
}

async fn put(
    tx: &mut PgConnection,
    tenant: TenantId,
    jobs: Vec<(usize, &Job)>,
    now: Timestamp,
) -> Result<Vec<(usize, Fate)>, DatabaseError> {
    let tenant = tenant.to_string();
    let ends = lock(tx, &tenant, &jobs, now).await?;
    let mut rows = Rows::default();
    let mut going_on = Vec::with_capacity(jobs.len());
    for (place, job) in jobs {
        let terminal = job.device.terminal_id.to_string();
        let (Some(end), Some(first), Some(last)) =
            (ends.get(&terminal), job.events.first(), job.events.last())
        else {
            continue;
        };
        let goes_on = end.outlet == job.device.outlet_id.to_string()
            && end.key.as_deref() == Some(job.device.public_key.to_string().as_str())
            && i64::from(job.epoch) <= end.epoch
            && seq_to(first.event.seq)? == end.head.0 + 1
            && first.prev_hash == end.head.1;
        if !goes_on {
            continue;
        }
        for verified in job.events.iter() {
            rows.push(&terminal, &end.outlet, i64::from(job.epoch), verified)?;
        }
        rows.heads.terminals.push(terminal);
        rows.heads.epochs.push(i64::from(job.epoch));
        rows.heads.seqs.push(seq_to(last.event.seq)?);
        rows.heads.hashes.push(last.hash.as_bytes());
        rows.heads.signed_seqs.push(signed_seq_after(end.signed_seq, job)?);
        going_on.push((place, job));
    }
    if going_on.is_empty() {
        return Ok(Vec::new());
    }
    let held = rows.insert(tx, &tenant, now).await?;
    let mut fates = Vec::with_capacity(going_on.len());
    for (place, job) in going_on {
        let terminal = job.device.terminal_id.to_string();
        for sent in job.events.iter() {
            let key = (terminal.clone(), seq_to(sent.event.seq)?);
            if held.get(&key) != Some(&sent.hash) {
                return Err(DatabaseError::corrupt("journal_events", "what is held is not what was sent"));
            }
        }
        if let Some(last) = job.events.last() {
            fates.push((place, Fate::Held(last.event.seq, last.hash)));
        }
    }
    Ok(fates)
}

/// Locks the terminals, in the order of their ids, and reads where their journals end.
async fn lock(
    tx: &mut PgConnection,
    tenant: &str,
    jobs: &[(usize, &Job)],
    now: Timestamp,
) -> Result<HashMap<String, End>, DatabaseError> {
    let terminals: Vec<String> = jobs.iter().map(|(_, job)| job.device.terminal_id.to_string()).collect();
    let epochs: Vec<i64> = jobs.iter().map(|(_, job)| i64::from(job.epoch)).collect();
    let locked = sqlx::query(
        "SELECT t.terminal_id, t.outlet_id, t.public_key, t.epoch, COALESCE(t.last_seen_at, 0), h.seq, h.hash, \
         h.signed_seq FROM UNNEST($2::TEXT[], $3::BIGINT[]) AS j (terminal_id, epoch) \
         JOIN terminals t ON t.tenant_id = $1 AND t.terminal_id = j.terminal_id \
         LEFT JOIN journal_heads h ON h.tenant_id = $1 AND h.terminal_id = j.terminal_id AND h.epoch = j.epoch \
         ORDER BY t.terminal_id FOR NO KEY UPDATE OF t",
    )
    .bind(tenant)
    .bind(&terminals)
    .bind(&epochs)
    .fetch_all(&mut *tx)
    .await?;
    let mut ends = HashMap::with_capacity(locked.len());
    let mut unseen: Vec<String> = Vec::new();
    for row in &locked {
        let terminal: String = row.try_get(0)?;
        if now.as_millis() - row.try_get::<i64, _>(4)? >= SEEN_EVERY_MS {
            unseen.push(terminal.clone());
        }
        let hash = match row.try_get::<Option<&[u8]>, _>(6)? {
            Some(bytes) => hash_of(bytes)?,
            None => GENESIS_HASH,
        };
        let head = (row.try_get::<Option<i64>, _>(5)?.unwrap_or(0), hash);
        let (outlet, key, epoch) = (row.try_get(1)?, row.try_get(2)?, row.try_get(3)?);
        let signed_seq = row.try_get::<Option<i64>, _>(7)?.unwrap_or(0);
        ends.insert(terminal, End { outlet, key, epoch, head, signed_seq });
    }
    // A journal that another server went on with between the two reads of this statement is seen as it was; its head
    // is compared again by the keys of the rows, which cannot be written twice.
    if !unseen.is_empty() {
        sqlx::query("UPDATE terminals SET last_seen_at = $3 WHERE tenant_id = $1 AND terminal_id = ANY($2)")
            .bind(tenant)
            .bind(&unseen)
            .bind(now.as_millis())
            .execute(&mut *tx)
            .await?;
    }
    Ok(ends)
}

/// The columns of the ends of their journals.
#[derive(Default)]
struct Heads<'a> {
    terminals: Vec<String>,
    epochs: Vec<i64>,
    seqs: Vec<i64>,
    hashes: Vec<&'a [u8]>,
    signed_seqs: Vec<i64>,
}

/// The columns of the events of one business.
#[derive(Default)]
struct Rows<'a> {
    terminals: Vec<String>,
    epochs: Vec<i64>,
    seqs: Vec<i64>,
    outlets: Vec<String>,
    kinds: Vec<&'a str>,
    versions: Vec<i64>,
    occurred: Vec<i64>,
    dates: Vec<String>,
    prev_hashes: Vec<&'a [u8]>,
    hashes: Vec<&'a [u8]>,
    signatures: Vec<&'a [u8]>,
    raws: Vec<&'a [u8]>,
    heads: Heads<'a>,
}

impl<'a> Rows<'a> {
    fn push(
        &mut self,
        terminal: &str,
        outlet: &str,
        epoch: i64,
        verified: &'a super::Verified,
    ) -> Result<(), DatabaseError> {
        let event = &verified.event;
        self.terminals.push(terminal.to_owned());
        self.outlets.push(outlet.to_owned());
        self.epochs.push(epoch);
        self.seqs.push(seq_to(event.seq)?);
        self.kinds.push(event.kind.as_str());
        self.versions.push(i64::from(event.version));
        self.occurred.push(event.occurred_at.as_millis());
        self.dates.push(event.business_date.to_string());
        self.prev_hashes.push(verified.prev_hash.as_bytes());
        self.hashes.push(verified.hash.as_bytes());
        self.signatures.push(&verified.signature);
        self.raws.push(&verified.raw);
        Ok(())
    }

    /// Inserts the events and sets the ends of their journals; gives what was written, by terminal and place.
    async fn insert(
        self,
        tx: &mut PgConnection,
        tenant: &str,
        now: Timestamp,
    ) -> Result<HashMap<(String, i64), Hash>, DatabaseError> {
        let written = sqlx::query(
            "WITH heads AS (INSERT INTO journal_heads (tenant_id, terminal_id, epoch, seq, hash, signed_seq) \
             SELECT $1, h.* FROM UNNEST($15::TEXT[], $16::BIGINT[], $17::BIGINT[], $18::BYTEA[], $19::BIGINT[]) AS h \
             ON CONFLICT (tenant_id, terminal_id, epoch) \
             DO UPDATE SET seq = excluded.seq, hash = excluded.hash, \
             signed_seq = GREATEST(journal_heads.signed_seq, excluded.signed_seq)) \
             INSERT INTO journal_events (tenant_id, terminal_id, epoch, seq, outlet_id, kind, version, occurred_at, \
             business_date, prev_hash, hash, signature, raw, state, received_at) \
             SELECT $1, e.*, 'received', $2 FROM UNNEST($3::TEXT[], $4::BIGINT[], $5::BIGINT[], $6::TEXT[], $7::TEXT[], \
             $8::BIGINT[], $9::BIGINT[], $10::TEXT[], $11::BYTEA[], $12::BYTEA[], $13::BYTEA[], $14::BYTEA[]) AS e \
             RETURNING terminal_id, seq, hash",
        )
        .bind(tenant)
        .bind(now.as_millis())
        .bind(&self.terminals)
        .bind(&self.epochs)
        .bind(&self.seqs)
        .bind(&self.outlets)
        .bind(&self.kinds)
        .bind(&self.versions)
        .bind(&self.occurred)
        .bind(&self.dates)
        .bind(&self.prev_hashes)
        .bind(&self.hashes)
        .bind(&self.signatures)
        .bind(&self.raws)
        .bind(&self.heads.terminals)
        .bind(&self.heads.epochs)
        .bind(&self.heads.seqs)
        .bind(&self.heads.hashes)
        .bind(&self.heads.signed_seqs)
        .fetch_all(&mut *tx)
        .await?;
        let mut held = HashMap::with_capacity(written.len());
        for row in &written {
            held.insert((row.try_get(0)?, row.try_get(1)?), hash_of(row.try_get(2)?)?);
        }
        Ok(held)
    }
}

fn hash_of(bytes: &[u8]) -> Result<Hash, DatabaseError> {
    let bytes: [u8; 32] =
        bytes.try_into().map_err(|_| DatabaseError::corrupt("journal_heads", "a hash is not 32 bytes"))?;
    Ok(Hash::from_bytes(bytes))
}
