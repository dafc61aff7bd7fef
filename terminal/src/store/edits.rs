//! Edits made here that the server has not worked through yet, and the clock that stamps them.
//!
//! An edit is shown at once and stays: rows of the feed that know nothing of it yet are laid beneath it, so that nothing
//! flickers back. What the server says of the field meanwhile is kept. The rule for letting go needs no comparing of
//! stamps: every page of the feed says, read before its rows, how far the server has worked through this terminal's
//! journal. When a reading ends whose page names the edit's event or a later one, whatever came of it (it won, it lost, it
//! was refused or set aside) has been read, and the server's word stands from then on.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rusqlite::{Connection, params};
use serde_json::Value;
use shared::Timestamp;
use shared::catalogue::Item;
use shared::ids::TerminalId;
use shared::stamp::{Node, Stamp};
use shared::wire::{PullResponse, entity};

use super::row::{all, first, json, run, to_json};
use super::{StoreError, Tx, items, meta};
use crate::journal;

/// Where the last stamp stands in `meta`.
const STAMP: &str = "edit_stamp";
/// The most fields that wait. Of more the oldest are shown as the feed says, which the server decides in any case.
const MAX_PENDING: i64 = 2_000;

fn last_stamp(db: &Connection, terminal: TerminalId) -> Result<Stamp, StoreError> {
    let node = Node::Terminal(terminal);
    Ok(meta::get_json::<Stamp>(db, STAMP)?.map_or_else(|| Stamp::zero(node), |last| last.by(node)))
}

/// The stamp of an edit made now: later than every one made or heard of here, in the transaction that writes its event.
///
/// # Errors
/// When the store cannot be written.
pub fn next_stamp(tx: &Tx<'_>, terminal: TerminalId, now: Timestamp) -> Result<Stamp, StoreError> {
    let stamp = last_stamp(tx, terminal)?.tick(now);
    meta::set_json(tx, STAMP, &stamp)?;
    Ok(stamp)
}

/// Notes that fields of a row, which said `before`, were edited by the event with this key.
///
/// # Errors
/// When the store cannot be written.
pub fn note(
    tx: &Tx<'_>,
    entity: &str,
    row_id: &str,
    before: &Value,
    edited: &[(&'static str, Value)],
    journal_key: i64,
) -> Result<(), StoreError> {
    for (field, value) in edited {
        // What the server says of a field that waits already stays what it was.
        let sql = "INSERT INTO pending_edits (entity, row_id, field, value, beneath, journal_key) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (entity, row_id, field) \
                   DO UPDATE SET value = excluded.value, journal_key = excluded.journal_key";
        let beneath = before.get(*field).unwrap_or(&Value::Null);
        let values = params![entity, row_id, field, to_json(value)?, to_json(beneath)?, journal_key];
        run(tx, "note an edit", sql, values)?;
    }
    let sql = "DELETE FROM pending_edits WHERE (entity, row_id, field) IN (SELECT entity, row_id, field \
               FROM pending_edits ORDER BY journal_key DESC LIMIT -1 OFFSET ?1)";
    run(tx, "let go of old edits", sql, [MAX_PENDING]).map(|_| ())
}

/// Whether edits wait for the server.
///
/// # Errors
/// When the store cannot be read.
pub fn are_pending(db: &Connection) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM pending_edits LIMIT 1";
    Ok(first(db, "look for edits", sql, [], |_| Ok(()))?.is_some())
}

/// A row of the feed, which is not stale, as it is to be shown: with the edits that wait laid over it.
///
/// # Errors
/// When the store cannot be written.
pub fn laid_over<'a>(
    tx: &Tx<'_>,
    entity: &str,
    row_id: &str,
    body: &'a Value,
) -> Result<Cow<'a, Value>, StoreError> {
    let sql = "SELECT field, value FROM pending_edits WHERE entity = ?1 AND row_id = ?2";
    let pending = all(tx, "look for edits", sql, [entity, row_id], |row| {
        Ok((row.get::<_, String>(0)?, json::<Value>(row, 1)?))
    })?;
    if pending.is_empty() {
        return Ok(Cow::Borrowed(body));
    }
    let mut laid = body.clone();
    for (field, value) in pending {
        let beneath = to_json(body.get(&field).unwrap_or(&Value::Null))?;
        let sql = "UPDATE pending_edits SET beneath = ?4 WHERE entity = ?1 AND row_id = ?2 AND field = ?3";
        run(tx, "note what lies beneath an edit", sql, [entity, row_id, &field, &beneath])?;
        if let Some(fields) = laid.as_object_mut() {
            fields.insert(field, value);
        }
    }
    Ok(Cow::Owned(laid))
}

/// Lays all edits that wait over the rows as they stand, when these were exchanged as a whole.
///
/// # Errors
/// When the store cannot be written.
pub fn lay_all_over(tx: &Tx<'_>) -> Result<(), StoreError> {
    let sql = "SELECT DISTINCT row_id FROM pending_edits WHERE entity = ?1";
    for row_id in all(tx, "look for edits", sql, [entity::ITEM], |row| row.get::<_, String>(0))? {
        let Some((_, body)) = standing(tx, &row_id)? else { continue };
        let laid = laid_over(tx, entity::ITEM, &row_id, &body)?.into_owned();
        show(tx, &row_id, |shown| *shown = laid)?;
    }
    Ok(())
}

/// Takes in what a page says beside its rows, after them: the newest stamp, and which edits need not wait any longer. True
/// when a row is shown otherwise now.
///
/// # Errors
/// When the store cannot be written.
pub fn heard(tx: &Tx<'_>, page: &PullResponse) -> Result<bool, StoreError> {
    let Some(identity) = meta::identity(tx)? else { return Ok(false) };
    let last = last_stamp(tx, identity.terminal_id)?;
    // The server's own time is the measure: this clock may be the one that was never set.
    let mut seen = page.stamp.map_or(last, |stamp| last.observe(stamp, page.server_time));
    let mut changed = false;
    if !page.more {
        changed = settle(tx, page)?;
        let (written, _) = journal::head(tx, identity.epoch)?;
        if seen.is_ahead_of(page.server_time)
            && !are_pending(tx)?
            && worked_to(page, identity.epoch).is_some_and(|seq| seq >= written)
        {
            // This clock was set back: everything it stamped is at the server, which cut it down. Time goes on from there.
            let zero = Stamp::zero(last.node());
            seen = page.stamp.map_or(zero, |stamp| zero.observe(stamp, page.server_time));
        }
    }
    if seen != last {
        meta::set_json(tx, STAMP, &seen)?;
    }
    Ok(changed)
}

/// How far the server has worked through a life of the journal; None when it does not say.
fn worked_to(page: &PullResponse, epoch: u32) -> Option<u64> {
    let lives = page.worked.as_ref()?;
    Some(lives.iter().find(|life| life.epoch == epoch).map_or(0, |life| life.seq))
}

/// Lets go of the edits that the server has worked through; what it said of the field stands.
fn settle(tx: &Tx<'_>, page: &PullResponse) -> Result<bool, StoreError> {
    let sql = "SELECT row_id, field, beneath, journal_key, entity FROM pending_edits";
    let pending = all(tx, "look for edits", sql, [], |row| {
        let field: (String, Value) = (row.get(1)?, json(row, 2)?);
        Ok((row.get::<_, String>(0)?, field, row.get::<_, i64>(3)?, row.get::<_, String>(4)?))
    })?;
    let mut settled: BTreeMap<String, Vec<(String, Value)>> = BTreeMap::new();
    for (row_id, (field, beneath), journal_key, kind) in pending {
        let (epoch, seq) = journal::place_of(journal_key);
        // A server of before does not say how far it has worked: what it holds must do.
        let worked = worked_to(page, epoch).map_or_else(|| journal::acked_seq(tx, epoch), Ok)?;
        if seq > worked {
            continue;
        }
        let sql = "DELETE FROM pending_edits WHERE entity = ?1 AND row_id = ?2 AND field = ?3";
        run(tx, "let go of an edit", sql, [&kind, &row_id, &field])?;
        if kind == entity::ITEM {
            settled.entry(row_id).or_default().push((field, beneath));
        }
    }
    let mut changed = false;
    for (row_id, fields) in settled {
        changed |= show(tx, &row_id, |shown| {
            if let Some(shown) = shown.as_object_mut() {
                shown.extend(fields);
            }
        })?;
    }
    Ok(changed)
}

/// An item as it is shown.
fn standing(db: &Connection, row_id: &str) -> Result<Option<(i64, Value)>, StoreError> {
    let sql = "SELECT item_no, body FROM items WHERE item_id = ?1";
    first(db, "read an item", sql, [row_id], |row| Ok((row.get(0)?, json(row, 1)?)))
}

/// Shows an item otherwise; false when that is no change, or when it is gone.
fn show(tx: &Tx<'_>, row_id: &str, change: impl FnOnce(&mut Value)) -> Result<bool, StoreError> {
    let Some((item_no, before)) = standing(tx, row_id)? else { return Ok(false) };
    let mut shown = before.clone();
    change(&mut shown);
    if shown == before {
        return Ok(false);
    }
    // What the feed brought could be read as an item, with and without the edit.
    let item: Item =
        serde_json::from_value(shown).map_err(|error| StoreError::contradiction("an item", error))?;
    items::edit(tx, item_no, &item)?;
    Ok(true)
}
