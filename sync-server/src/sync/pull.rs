//! A page of the change feed, scoped to the terminal's outlet.
//!
//! A cursor names the life of the server's database, the last change given out and how many were left then, so that only
//! the first page has to count. One of another life, or from beyond the newest change (the server was restored from an older
//! backup), begins anew with `reset`.

use futures_util::TryStreamExt as _;
use serde::Serialize;
use serde_json::value::RawValue;
use shared::Timestamp;
use shared::ids::{OutletId, TenantId};
use shared::staff::Staff;
use shared::wire::{FeedSum, MAX_PULL_ROWS, PROTOCOL_VERSION, Worked, entity};
use sqlx::Row as _;

use crate::app::AppState;
use crate::database::{DatabaseError, Tx};
use crate::sync::device::Device;
use crate::sync::feed;

/// A page ends after this many bytes of rows, pictures being large.
const MAX_PAGE_BYTES: usize = 8 * 1024 * 1024;

/// A [`shared::wire::PullResponse`] whose rows keep the JSON they are stored as.
#[derive(Debug, Serialize)]
pub struct Page {
    protocol: u16,
    cursor: String,
    more: bool,
    reset: bool,
    remaining: u64,
    pub(super) rows: Vec<PageRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sums: Option<Vec<FeedSum>>,
    server_time: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    stamp: Option<String>,
    worked: Vec<Worked>,
    /// The change up to which who gets this page has read.
    #[serde(skip)]
    pub(super) read_to: i64,
}

/// A [`shared::wire::FeedRow`] with its JSON as stored.
#[derive(Debug, Serialize)]
pub struct PageRow {
    entity: String,
    id: String,
    change_seq: u64,
    body: Option<Box<RawValue>>,
}

struct Cursor {
    seq: i64,
    remaining: i64,
}

/// The cursor of who has read up to `seq` and has so many rows left.
pub(super) fn cursor(server_epoch: &str, seq: i64, remaining: i64) -> String {
    format!("{server_epoch}.{seq}.{remaining}")
}

fn parse(text: &str, server_epoch: &str) -> Option<Cursor> {
    let mut parts = text.split('.');
    let epoch = parts.next()?;
    let cursor = Cursor { seq: parts.next()?.parse().ok()?, remaining: parts.next()?.parse().ok()? };
    (epoch == server_epoch && parts.next().is_none() && cursor.seq >= 0 && cursor.remaining >= 0)
        .then_some(cursor)
}

/// The page after `cursor`, read in the transaction `tx` of [`Database::read`](crate::database::Database::read).
///
/// # Errors
/// A failed statement, or a stored row that is no JSON.
pub async fn page(
    state: &AppState,
    device: &Device,
    mut tx: Tx,
    cursor: Option<&str>,
) -> Result<Page, DatabaseError> {
    let known = cursor.and_then(|text| parse(text, &state.server_epoch));
    // Before anything else is read: whatever came of these events is then seen by what follows.
    let mut worked = worked(&mut tx, device).await?;
    let (mut newest, mut stamp) = newest(&mut tx, device.tenant_id).await?;
    if known.as_ref().is_some_and(|known| known.seq > newest) {
        // A replica that lags behind is no server that was put back.
        tx = state.db.read_first_hand(device.tenant_id).await?;
        worked = self::worked(&mut tx, device).await?;
        (newest, stamp) = self::newest(&mut tx, device.tenant_id).await?;
    }
    let known = known.filter(|known| known.seq <= newest);
    let reset = known.is_none();
    let from = known.as_ref().map_or(0, |known| known.seq);
    let (rows, remaining, read_to, more) = if !reset && from == newest {
        // As nearly always: who asks has everything.
        (Vec::new(), 0, newest, false)
    } else {
        let left = match known {
            Some(known) if known.remaining > 0 => known.remaining,
            _ => count(&mut tx, device, from, reset).await?,
        };
        let (rows, last, more) = rows(&mut tx, device, from, reset).await?;
        let given = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let remaining = left.max(given).max(given + i64::from(more));
        // What is not for this outlet has been read, too.
        (rows, remaining, if more { last.max(from) } else { newest }, more)
    };
    let has_news = reset || !rows.is_empty();
    let sums = if has_news && !more {
        Some(feed::sums_of_outlet(&mut tx, device.tenant_id, device.outlet_id).await?)
    } else {
        None
    };
    let given = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let after = if more { (remaining - given).max(1) } else { 0 };
    Ok(Page {
        protocol: PROTOCOL_VERSION,
        cursor: self::cursor(&state.server_epoch, read_to, after),
        more,
        reset,
        remaining: u64::try_from(remaining).unwrap_or(0),
        rows,
        sums,
        server_time: state.clock.now(),
        stamp,
        worked,
        read_to,
    })
}

/// The number of the newest change of a business, and the newest stamp of an edit.
pub(super) async fn newest(tx: &mut Tx, tenant: TenantId) -> Result<(i64, Option<String>), DatabaseError> {
    let newest = sqlx::query("SELECT change_seq, stamp FROM tenants WHERE tenant_id = $1")
        .bind(tenant.to_string())
        .fetch_one(&mut **tx)
        .await?;
    Ok((newest.try_get(0)?, newest.try_get(1)?))
}

/// How far the terminal's own journal is worked through, by its lives.
async fn worked(tx: &mut Tx, device: &Device) -> Result<Vec<Worked>, DatabaseError> {
    let rows = sqlx::query(
        "SELECT h.epoch, COALESCE((SELECT MIN(e.seq) - 1 FROM journal_events e WHERE e.tenant_id = h.tenant_id \
         AND e.terminal_id = h.terminal_id AND e.epoch = h.epoch AND e.state = 'received'), h.seq) \
         FROM journal_heads h WHERE h.tenant_id = $1 AND h.terminal_id = $2 ORDER BY h.epoch",
    )
    .bind(device.tenant_id.to_string())
    .bind(device.terminal_id.to_string())
    .fetch_all(&mut **tx)
    .await?;
    let corrupt = |error| DatabaseError::corrupt("journal_heads", error);
    let read = |row: &sqlx::any::AnyRow| -> Result<Worked, DatabaseError> {
        let (epoch, seq): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        Ok(Worked {
            epoch: u32::try_from(epoch).map_err(corrupt)?,
            seq: u64::try_from(seq).map_err(corrupt)?,
        })
    };
    rows.iter().map(read).collect()
}

/// The rows that terminals of an outlet hold: business, number after which, outlet.
pub(super) const SCOPE: &str = "tenant_id = $1 AND change_seq > $2 AND (outlet_id IS NULL OR outlet_id = $3)";

async fn count(tx: &mut Tx, device: &Device, from: i64, reset: bool) -> Result<i64, DatabaseError> {
    let present = if reset { " AND body IS NOT NULL" } else { "" };
    let sql = format!("SELECT COUNT(*) FROM feed_rows WHERE {SCOPE}{present}");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(device.tenant_id.to_string())
        .bind(from)
        .bind(device.outlet_id.to_string())
        .fetch_one(&mut **tx)
        .await?;
    Ok(row.try_get(0)?)
}

/// The rows, the number of the last one looked at, and whether there are more.
async fn rows(
    tx: &mut Tx,
    device: &Device,
    from: i64,
    reset: bool,
) -> Result<(Vec<PageRow>, i64, bool), DatabaseError> {
    // Who holds nothing needs no tombstones.
    let present = if reset { " AND body IS NOT NULL" } else { "" };
    let sql = format!(
        "SELECT entity, row_id, change_seq, body FROM feed_rows WHERE {SCOPE}{present} ORDER BY change_seq LIMIT {}",
        MAX_PULL_ROWS + 1
    );
    let mut stream = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(device.tenant_id.to_string())
        .bind(from)
        .bind(device.outlet_id.to_string())
        .fetch(&mut **tx);
    let (mut rows, mut last, mut bytes) = (Vec::new(), from, 0_usize);
    while let Some(row) = stream.try_next().await? {
        if rows.len() >= MAX_PULL_ROWS || bytes >= MAX_PAGE_BYTES {
            return Ok((rows, last, true));
        }
        let entity: String = row.try_get(0)?;
        let change_seq: i64 = row.try_get(2)?;
        let body: Option<String> = row.try_get(3)?;
        let body = body.filter(|body| entity != entity::STAFF || works_at(body, device.outlet_id));
        bytes += body.as_ref().map_or(0, String::len);
        let corrupt = |error| DatabaseError::corrupt("feed_rows", error);
        rows.push(PageRow {
            entity,
            id: row.try_get(1)?,
            change_seq: u64::try_from(change_seq)
                .map_err(|error| DatabaseError::corrupt("feed_rows", error))?,
            body: body.map(RawValue::from_string).transpose().map_err(corrupt)?,
        });
        last = change_seq;
    }
    Ok((rows, last, false))
}

/// Whether a person belongs to the outlet; who does not is given as a tombstone, since they may have moved away.
pub(super) fn works_at(body: &str, outlet: OutletId) -> bool {
    serde_json::from_str::<Staff>(body)
        .is_ok_and(|staff| staff.outlet_ids.is_empty() || staff.outlet_ids.contains(&outlet))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_cursor_of_this_life_of_the_database_is_taken() {
        assert!(parse("e1.17.3", "e1").is_some_and(|cursor| cursor.seq == 17 && cursor.remaining == 3));
        for other in ["e2.17.3", "e1.-1.3", "e1.17", "e1.17.3.4", "", "e1.x.y"] {
            assert!(parse(other, "e1").is_none(), "{other}");
        }
    }
}
