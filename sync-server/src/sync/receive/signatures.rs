//! The signatures that a push's last one vouched for, checked after the acknowledgement, loudly.
//!
//! How far the check has come stands in `journal_heads.signed_seq`, so nothing is forgotten when a server stops.

use std::time::Duration;

use metrics::counter;
use serde_json::json;
use shared::Timestamp;
use shared::ids::{OutletId, TenantId, TerminalId};
use sqlx::Row as _;
use tokio::sync::watch;

use crate::app::AppState;
use crate::database::{DatabaseError, Tx};
use crate::identity::repo::terminal_keys::{self, SignedEvent};
use crate::sync::exceptions::{self, Exception, code};

/// How often the table is looked at without a wake.
const TICK: Duration = Duration::from_secs(5);
/// Journals looked at in one turn.
const JOURNALS: i64 = 4;
/// Events of a journal checked in one turn.
const EVENTS: i64 = 1_000;
/// How long a turn waits while there are pushes to answer or events to apply, in steps; then it is taken all the same.
const GIVE_WAY: (Duration, u32) = (Duration::from_millis(20), 100);

/// Checks signatures until asked to stop.
pub async fn run(state: AppState, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        match turn(&state).await {
            Ok(true) => {
                give_way(&state).await;
                continue;
            }
            Ok(false) => {}
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, "could not check signatures; they are checked again");
            }
        }
        tokio::select! {
            () = state.receiving.unchecked.notified() => {}
            () = tokio::time::sleep(TICK) => {}
            changed = stopped.changed() => if changed.is_err() { return },
        }
        give_way(&state).await;
    }
}

/// Lets pushes and the applying of what they brought go first, for a while.
async fn give_way(state: &AppState) {
    for _ in 0..GIVE_WAY.1 {
        tokio::time::sleep(GIVE_WAY.0).await;
        if state.is_quiet() && !state.wake.is_applying() {
            return;
        }
    }
}

struct Journal {
    tenant: TenantId,
    terminal: TerminalId,
    outlet: OutletId,
    epoch: i64,
    signed_seq: i64,
}

/// Checks a part of some journals; whether it came on.
async fn turn(state: &AppState) -> Result<bool, DatabaseError> {
    let journals = unchecked(state).await?;
    let mut came_on = false;
    for own in journals.chunk_by(|a, b| a.tenant == b.tenant) {
        let Some(tenant) = own.first().map(|journal| journal.tenant) else { continue };
        let mut checked = Vec::with_capacity(own.len());
        for journal in own {
            checked.push(check(state, journal).await?);
            came_on |= checked.last().is_some_and(|(last, _)| *last > journal.signed_seq);
        }
        let now = state.clock.now();
        let mut tx = state.db.write(tenant).await?;
        for (journal, (last, wrong)) in own.iter().zip(&checked) {
            for (seq, occurred_at) in wrong {
                note(&mut tx, journal, *seq, *occurred_at, now).await?;
            }
            sqlx::query(
                "UPDATE journal_heads SET signed_seq = $1 \
                 WHERE tenant_id = $2 AND terminal_id = $3 AND epoch = $4 AND signed_seq = $5",
            )
            .bind(*last)
            .bind(tenant.to_string())
            .bind(journal.terminal.to_string())
            .bind(journal.epoch)
            .bind(journal.signed_seq)
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
    }
    Ok(came_on)
}

async fn unchecked(state: &AppState) -> Result<Vec<Journal>, DatabaseError> {
    let mut tx = state.db.system_latest().await?;
    let rows = sqlx::query(
        "SELECT h.tenant_id, h.terminal_id, h.epoch, h.signed_seq, t.outlet_id FROM journal_heads h \
         JOIN terminals t ON t.tenant_id = h.tenant_id AND t.terminal_id = h.terminal_id \
         WHERE h.signed_seq < h.seq AND t.public_key IS NOT NULL ORDER BY h.tenant_id, h.terminal_id LIMIT $1",
    )
    .bind(JOURNALS)
    .fetch_all(&mut *tx)
    .await?;
    let corrupt = |error: &dyn std::fmt::Display| DatabaseError::corrupt("journal_heads", error);
    rows.iter()
        .map(|row| {
            Ok(Journal {
                tenant: row.try_get::<&str, _>(0)?.parse().map_err(|error| corrupt(&error))?,
                terminal: row.try_get::<&str, _>(1)?.parse().map_err(|error| corrupt(&error))?,
                epoch: row.try_get(2)?,
                signed_seq: row.try_get(3)?,
                outlet: row.try_get::<&str, _>(4)?.parse().map_err(|error| corrupt(&error))?,
            })
        })
        .collect()
}

struct Unchecked {
    seq: i64,
    hash: Vec<u8>,
    signature: Vec<u8>,
    occurred_at: i64,
    received_at: i64,
}

/// Checks the next events of a journal; the last of them, and those whose signature is wrong with their times.
async fn check(state: &AppState, journal: &Journal) -> Result<(i64, Vec<(i64, i64)>), DatabaseError> {
    let mut tx = state.db.read_latest(journal.tenant).await?;
    let keys = terminal_keys::of(&mut tx, &journal.tenant.to_string(), &journal.terminal.to_string()).await?;
    let rows = sqlx::query(
        "SELECT seq, hash, signature, occurred_at, received_at FROM journal_events \
         WHERE tenant_id = $1 AND terminal_id = $2 AND epoch = $3 AND seq > $4 ORDER BY seq LIMIT $5",
    )
    .bind(journal.tenant.to_string())
    .bind(journal.terminal.to_string())
    .bind(journal.epoch)
    .bind(journal.signed_seq)
    .bind(EVENTS)
    .fetch_all(&mut *tx)
    .await?;
    drop(tx);
    let mut events: Vec<Unchecked> = Vec::with_capacity(rows.len());
    for row in &rows {
        events.push(Unchecked {
            seq: row.try_get(0)?,
            hash: row.try_get(1)?,
            signature: row.try_get(2)?,
            occurred_at: row.try_get(3)?,
            received_at: row.try_get(4)?,
        });
    }
    let last = events.last().map_or(journal.signed_seq, |event| event.seq);
    counter!("kedai_signatures_checked_total").increment(u64::try_from(events.len()).unwrap_or(0));
    let epoch = journal.epoch;
    let checking = tokio::task::spawn_blocking(move || {
        let signed = events.iter().map(|event| {
            let Unchecked { hash, signature, received_at, .. } = event;
            SignedEvent { epoch, received_at: *received_at, hash, signature }
        });
        let wrong = keys.unsigned_of(&signed.collect::<Vec<_>>());
        let wrong = wrong.into_iter().filter_map(|at| events.get(at));
        wrong.map(|event| (event.seq, event.occurred_at)).collect()
    });
    // Fails only when the process ends or runs out of threads: the journal is then looked at again.
    let wrong = checking.await.map_err(|_| DatabaseError::Busy)?;
    Ok((last, wrong))
}

async fn note(
    tx: &mut Tx,
    journal: &Journal,
    seq: i64,
    occurred_at: i64,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    let (terminal, epoch) = (journal.terminal, journal.epoch);
    tracing::error!(%terminal, epoch, seq, "the signature of a held event is not its terminal's");
    counter!("kedai_signatures_wrong_total").increment(1);
    let exception = Exception {
        code: code::JOURNAL_TAMPERED,
        outlet_id: Some(journal.outlet),
        terminal_id: Some(terminal),
        event: u32::try_from(epoch).ok().zip(u64::try_from(seq).ok()),
        subject: terminal.to_string(),
        details: json!({ "epoch": epoch, "seq": seq, "what": "signature" }),
        occurred_at: Timestamp::from_millis(occurred_at),
    };
    exceptions::note(tx, journal.tenant, &exception, now).await?;
    Ok(())
}
