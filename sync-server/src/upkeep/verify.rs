//! Checks what the server holds against itself: every chain and signature, and every projection against one that is made
//! anew from the journal beside it.

use shared::Timestamp;
use shared::ids::TenantId;
use shared::journal::{Event, GENESIS_HASH, Hash, canonical_bytes};
use sqlx::{AssertSqlSafe, Row as _};

use futures_util::TryStreamExt as _;

use super::rebuild::{Column, Scratch, Value, columns, select, value};
use super::{Progress, UpkeepError};
use crate::app::AppState;
use crate::database::{DatabaseError, Engine, Tx};
use crate::identity::repo::terminal_keys::{self, SignedBy, SignedEvent, TerminalKeys};
use crate::sync::apply;

/// What is made of the journal alone, and therefore can be compared row by row.
const PROJECTIONS: &[&str] = &[
    "orders",
    "order_lines",
    "order_tenders",
    "order_taxes",
    "order_promotions",
    "voided_carts",
    "refunds",
    "refund_lines",
    "drawer_sessions",
    "cash_movements",
    "stock_documents",
    "stock_movements",
    "stock_levels",
    "activities",
    "device_reports",
    "terminal_devices",
    "card_payments",
];
/// Progress is told after so many events.
const TOLD_EVERY: u64 = 10_000;

/// What was looked at and found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// Businesses.
    pub tenants: u64,
    /// Lives of journals.
    pub journals: u64,
    /// Events whose chain was checked.
    pub events: u64,
    /// Those of them whose signature was checked, each by the key that its terminal had at the time.
    pub signatures: u64,
    /// Those of these that a former key of their terminal signed.
    pub former_keys: u64,
    /// Rows of projections that were compared.
    pub rows: u64,
    /// What does not hold, the first of each journal and table.
    pub findings: Vec<String>,
}

/// Verifies one business, or all.
///
/// # Errors
/// When it cannot be done; what does not hold is in the findings.
pub async fn verify(
    state: &AppState,
    only: Option<TenantId>,
    progress: Progress<'_>,
) -> Result<Verified, UpkeepError> {
    let mut tx = state.db.system().await?;
    let rows = sqlx::query("SELECT tenant_id, name FROM tenants ORDER BY name, tenant_id")
        .fetch_all(&mut *tx)
        .await?;
    drop(tx);
    let mut done = Verified::default();
    for row in rows {
        let (id, name): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        let tenant: TenantId = id.parse().map_err(|error| DatabaseError::corrupt("tenants", error))?;
        if only.is_some_and(|only| only != tenant) {
            continue;
        }
        done.tenants += 1;
        progress(&format!("{name}: chains and signatures"));
        // One moment for all of it: what comes in meanwhile is not looked at.
        let mut live = state.db.read(tenant).await?;
        chains(&mut live, &id, &mut done, progress).await?;
        progress(&format!("{name}: making the projections anew"));
        projections(state, &mut live, &id, &mut done, progress).await?;
    }
    if done.tenants == 0 {
        return Err(UpkeepError::Refused("there is no such business".to_owned()));
    }
    Ok(done)
}

struct Journal {
    terminal: String,
    epoch: i64,
    head: (i64, Vec<u8>),
    keys: TerminalKeys,
}

async fn chains(
    tx: &mut Tx,
    tenant: &str,
    done: &mut Verified,
    progress: Progress<'_>,
) -> Result<(), UpkeepError> {
    let rows = sqlx::query(
        "SELECT terminal_id, epoch, seq, hash FROM journal_heads WHERE tenant_id = $1 ORDER BY terminal_id, epoch",
    )
    .bind(tenant)
    .fetch_all(&mut **tx)
    .await?;
    for row in rows {
        let terminal: String = row.try_get(0)?;
        let keys = terminal_keys::of(tx, tenant, &terminal).await?;
        let (epoch, head) = (row.try_get(1)?, (row.try_get(2)?, row.try_get(3)?));
        let journal = Journal { terminal, epoch, head, keys };
        done.journals += 1;
        if let Some(finding) = chain(tx, tenant, &journal, done, progress).await? {
            let place = format!("terminal {} epoch {}", journal.terminal, journal.epoch);
            done.findings.push(format!("{place}: {finding}"));
        }
    }
    let orphans = sqlx::query(
        "SELECT COUNT(*) FROM journal_events e WHERE e.tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM journal_heads h \
         WHERE h.tenant_id = e.tenant_id AND h.terminal_id = e.terminal_id AND h.epoch = e.epoch AND h.seq >= e.seq)",
    )
    .bind(tenant)
    .fetch_one(&mut **tx)
    .await?
    .try_get::<i64, _>(0)?;
    if orphans > 0 {
        done.findings.push(format!("{orphans} events stand beyond the end of their journal"));
    }
    Ok(())
}

/// Walks one life of a journal; the first thing that does not hold.
async fn chain(
    tx: &mut Tx,
    tenant: &str,
    journal: &Journal,
    done: &mut Verified,
    progress: Progress<'_>,
) -> Result<Option<String>, UpkeepError> {
    let mut rows = sqlx::query(
        "SELECT seq, prev_hash, hash, signature, raw, received_at, kind, occurred_at, business_date, outlet_id \
         FROM journal_events WHERE tenant_id = $1 AND terminal_id = $2 AND epoch = $3 ORDER BY seq",
    )
    .bind(tenant.to_owned())
    .bind(journal.terminal.clone())
    .bind(journal.epoch)
    .fetch(&mut **tx);
    let (mut before, mut expected) = (GENESIS_HASH, 1_i64);
    while let Some(row) = rows.try_next().await? {
        let seq: i64 = row.try_get(0)?;
        if seq != expected {
            return Ok(Some(format!("event {expected} is missing")));
        }
        let (prev, hash): (Vec<u8>, Vec<u8>) = (row.try_get(1)?, row.try_get(2)?);
        let (signature, raw): (Vec<u8>, Vec<u8>) = (row.try_get(3)?, row.try_get(4)?);
        let mut hashed = prev.clone();
        hashed.extend_from_slice(&raw);
        let own = Hash::of(&hashed);
        if prev != before.as_bytes() || hash != own.as_bytes() {
            return Ok(Some(format!("event {seq} does not follow the one before, or was changed")));
        }
        let event = SignedEvent {
            epoch: journal.epoch,
            received_at: row.try_get(5)?,
            hash: own.as_bytes(),
            signature: &signature,
        };
        match journal.keys.signer(&event) {
            SignedBy::Present => done.signatures += 1,
            SignedBy::Former => {
                done.signatures += 1;
                done.former_keys += 1;
            }
            SignedBy::Unknown => {}
            SignedBy::Nobody => return Ok(Some(format!("event {seq} is not signed by its terminal"))),
        }
        let says = (row.try_get(6)?, row.try_get(7)?, row.try_get(8)?, row.try_get(9)?);
        if let Some(why) = columns_differ(&raw, tenant, journal, seq, &says) {
            return Ok(Some(format!("event {seq}: {why}")));
        }
        (before, expected) = (own, expected + 1);
        done.events += 1;
        if done.events.is_multiple_of(TOLD_EVERY) {
            progress(&format!("{} events checked", done.events));
        }
    }
    let (head_seq, head_hash) = &journal.head;
    let holds = expected - 1 == *head_seq && (*head_seq == 0 || head_hash == before.as_bytes());
    Ok((!holds).then(|| format!("it ends at {}, but its end is noted as {head_seq}", expected - 1)))
}

/// Whether the columns beside an event say what its bytes say.
fn columns_differ(
    raw: &[u8],
    tenant: &str,
    journal: &Journal,
    seq: i64,
    (kind, occurred_at, date, outlet): &(String, i64, String, String),
) -> Option<String> {
    let Ok(event) = serde_json::from_slice::<Event>(raw) else {
        return Some("its bytes are no event".to_owned());
    };
    let canonical = canonical_bytes(&event).is_ok_and(|bytes| bytes == raw);
    let same = event.tenant_id.to_string() == tenant
        && event.terminal_id.to_string() == journal.terminal
        && i64::from(event.epoch) == journal.epoch
        && i64::try_from(event.seq) == Ok(seq)
        && event.kind == *kind
        && event.occurred_at == Timestamp::from_millis(*occurred_at)
        && event.business_date.to_string() == *date
        && event.outlet_id.to_string() == *outlet;
    match (canonical, same) {
        (false, _) => Some("its bytes are not in canonical form".to_owned()),
        (_, false) => Some("the columns beside it say something else than its bytes".to_owned()),
        _ => None,
    }
}

async fn projections(
    state: &AppState,
    live: &mut Tx,
    tenant: &str,
    done: &mut Verified,
    progress: Progress<'_>,
) -> Result<(), UpkeepError> {
    let engine = state.db.engine();
    let scratch = Scratch::new(state).await?;
    let events = scratch.fill(engine, live, tenant).await?;
    progress(&format!("{events} events are applied anew"));
    apply::apply_waiting(&scratch.state).await?;
    // Journals are applied one after the other: what waited for an event of another one gets its second try.
    apply::retry_all(&scratch.state).await?;
    apply::apply_waiting(&scratch.state).await?;
    let mut anew = scratch.state.db.system().await?;
    // An edit of an item or category is judged by the rows of its day, which may be gone.
    let parked =
        ("journal_events", " AND kind NOT IN ('item.edited', 'category.edited') AND state <> 'received'");
    let all = PROJECTIONS.iter().map(|table| (*table, "")).chain([parked]);
    for (table, condition) in all {
        let mut columns = columns(&mut anew, table).await?;
        if table == "journal_events" {
            columns.retain(|column| column.key > 0 || column.name == "state" || column.name == "reason");
        }
        progress(&format!("{table}: {} rows compared so far", done.rows));
        if let Some(finding) =
            compare(engine, live, &mut anew, table, &columns, condition, tenant, done).await?
        {
            done.findings.push(format!("{table}: {finding}"));
        }
    }
    drop(anew);
    scratch.state.db.close().await;
    Ok(())
}

/// Compares two tables row by row; the first difference.
#[expect(clippy::too_many_arguments, reason = "both sides and what is compared of them")]
async fn compare(
    engine: Engine,
    live: &mut Tx,
    anew: &mut Tx,
    table: &str,
    columns: &[Column],
    condition: &str,
    tenant: &str,
    done: &mut Verified,
) -> Result<Option<String>, UpkeepError> {
    let live_sql = select(engine, table, columns, condition);
    let anew_sql = select(Engine::Sqlite, table, columns, condition);
    let mut live_rows =
        sqlx::query(AssertSqlSafe(live_sql)).persistent(false).bind(tenant.to_owned()).fetch(&mut **live);
    let mut anew_rows =
        sqlx::query(AssertSqlSafe(anew_sql)).persistent(false).bind(tenant.to_owned()).fetch(&mut **anew);
    loop {
        let (left, right) = (live_rows.try_next().await?, anew_rows.try_next().await?);
        let read = |row: Option<sqlx::any::AnyRow>| -> Result<Option<Vec<Value>>, sqlx::Error> {
            let Some(row) = row else { return Ok(None) };
            columns
                .iter()
                .enumerate()
                .map(|(at, column)| value(&row, at, column))
                .collect::<Result<_, _>>()
                .map(Some)
        };
        match (read(left)?, read(right)?) {
            (None, None) => return Ok(None),
            (Some(left), Some(right)) if left == right => done.rows += 1,
            (Some(left), None) => return Ok(Some(format!("{} is not in the journal", name(columns, &left)))),
            (None, Some(right)) => return Ok(Some(format!("{} is missing", name(columns, &right)))),
            (Some(left), Some(right)) => return Ok(Some(difference(columns, &left, &right))),
        }
    }
}

/// A row by its key.
fn name(columns: &[Column], row: &[Value]) -> String {
    let keys: Vec<String> = columns
        .iter()
        .zip(row)
        .filter(|(column, _)| column.key > 0 && column.name != "tenant_id")
        .map(|(column, value)| format!("{} {value}", column.name))
        .collect();
    keys.join(", ")
}

fn difference(columns: &[Column], live: &[Value], anew: &[Value]) -> String {
    let other_key =
        columns.iter().zip(live.iter().zip(anew)).any(|(column, (a, b))| column.key > 0 && a != b);
    if other_key {
        return format!("{} stands where the journal gives {}", name(columns, live), name(columns, anew));
    }
    let first = columns.iter().zip(live.iter().zip(anew)).find(|(_, (a, b))| a != b);
    first.map_or_else(String::new, |(column, (a, b))| {
        format!("{}: {} is {a}, the journal gives {b}", name(columns, live), column.name)
    })
}
