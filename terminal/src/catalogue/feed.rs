//! Taking over pages of the change feed: rows, tombstones, and a new reading of everything after a reset.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use serde::Deserialize as _;
use serde_json::Value;
use shared::catalogue::{Category, Item, Picture};
use shared::ids::TerminalId;
use shared::outlet::Outlet;
use shared::staff::Staff;
use shared::wire::{FeedRow, Notice, PullResponse, entity};

use super::fold;
use crate::store::items::Seen;
use crate::store::row::{all, first, json, run};
use crate::store::{StoreError, Tx, edits, items, meta};

/// What a page changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// How many rows.
    pub rows: usize,
    /// Of which kinds.
    pub entities: BTreeSet<String>,
}

/// Takes a page over: its rows, where to go on, and the beginning or end of a new reading of everything.
///
/// # Errors
/// When the store cannot be written. A row that cannot be read is kept aside; it never stops the others.
pub fn apply_page(tx: &Tx<'_>, page: &PullResponse) -> Result<Applied, StoreError> {
    if page.reset {
        begin_reset(tx)?;
    }
    let mut applied = apply_feed(tx, &page.rows)?;
    meta::set(tx, "feed_cursor", &page.cursor)?;
    if !page.more {
        finish_reset(tx)?;
        meta::set(tx, "feed_loaded", "1")?;
    }
    if edits::heard(tx, page)? {
        applied.entities.insert(entity::ITEM.to_owned());
    }
    Ok(applied)
}

/// Where to go on in the feed; None before the first page.
///
/// # Errors
/// When the store cannot be read.
pub fn cursor(db: &Connection) -> Result<Option<String>, StoreError> {
    meta::get(db, "feed_cursor")
}

/// Whether the feed was read to its end once: there is something to sell.
///
/// # Errors
/// When the store cannot be read.
pub fn is_loaded(db: &Connection) -> Result<bool, StoreError> {
    Ok(meta::get(db, "feed_loaded")?.is_some())
}

fn generation(db: &Connection) -> Result<i64, StoreError> {
    Ok(meta::get(db, "feed_generation")?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// A new reading of everything begins: what it does not bring is dropped at its end, and sold on until then.
///
/// # Errors
/// When the store cannot be written.
pub fn begin_reset(tx: &Tx<'_>) -> Result<(), StoreError> {
    meta::set(tx, "feed_generation", &(generation(tx)? + 1).to_string())?;
    meta::set(tx, "feed_resetting", "1")
}

/// Drops what a reading of everything did not bring; does nothing when none is under way.
///
/// # Errors
/// When the store cannot be written.
pub fn finish_reset(tx: &Tx<'_>) -> Result<(), StoreError> {
    if meta::get(tx, "feed_resetting")?.is_none() {
        return Ok(());
    }
    let present = generation(tx)?;
    let sql = "SELECT item_no FROM items WHERE generation < ?1";
    for item_no in all(tx, "find dropped items", sql, [present], |row| row.get::<_, i64>(0))? {
        items::delete(tx, item_no)?;
    }
    for sql in [
        "DELETE FROM outlets WHERE generation < ?1",
        "DELETE FROM staff WHERE generation < ?1",
        "DELETE FROM categories WHERE generation < ?1",
        "DELETE FROM pictures WHERE generation < ?1",
        "DELETE FROM notices WHERE generation < ?1",
        "DELETE FROM feed_unknown WHERE generation < ?1",
    ] {
        run(tx, "drop what is gone", sql, [present])?;
    }
    meta::unset(tx, "feed_resetting")
}

/// Takes rows over.
///
/// # Errors
/// When the store cannot be written.
pub fn apply_feed(tx: &Tx<'_>, rows: &[FeedRow]) -> Result<Applied, StoreError> {
    let generation = generation(tx)?;
    let mut applied = Applied { rows: rows.len(), entities: BTreeSet::new() };
    for row in rows {
        if !applied.entities.contains(&row.entity) {
            applied.entities.insert(row.entity.clone());
        }
        let seen = Seen { change_seq: i64::try_from(row.change_seq).unwrap_or(i64::MAX), generation };
        match &row.body {
            None => drop_row(tx, row)?,
            Some(body) => {
                let laid = edits::laid_over(tx, &row.entity, &row.id, body)?;
                match apply_row(tx, row, &laid, seen)? {
                    Taken::Yes => {}
                    Taken::No(reason) => keep_aside(tx, row, body, &reason, seen)?,
                }
            }
        }
    }
    Ok(applied)
}

enum Taken {
    Yes,
    No(String),
}

fn apply_row(tx: &Tx<'_>, row: &FeedRow, body: &Value, seen: Seen) -> Result<Taken, StoreError> {
    macro_rules! read {
        ($type:ty) => {
            match <$type>::deserialize(body) {
                Ok(value) => value,
                Err(error) => return Ok(Taken::No(error.to_string())),
            }
        };
    }
    let text = body.to_string();
    match row.entity.as_str() {
        entity::ITEM => {
            let item = read!(Item);
            items::upsert(tx, &item, &text, &fold(&item.name), seen)?;
        }
        entity::OUTLET => {
            let outlet = read!(Outlet);
            let sql = "INSERT INTO outlets (outlet_id, body, change_seq, generation) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (outlet_id) DO UPDATE SET body = excluded.body, change_seq = excluded.change_seq, \
                 generation = excluded.generation \
                 WHERE excluded.generation > generation OR excluded.change_seq >= change_seq";
            let id = outlet.outlet_id.to_string();
            run(tx, "write the outlet", sql, params![id, text, seen.change_seq, seen.generation])?;
        }
        entity::CATEGORY => {
            let category = read!(Category);
            let sql = "INSERT INTO categories (category_id, position, name, body, change_seq, generation) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (category_id) DO UPDATE SET position = excluded.position, \
                 name = excluded.name, body = excluded.body, change_seq = excluded.change_seq, \
                 generation = excluded.generation \
                 WHERE excluded.generation > generation OR excluded.change_seq >= change_seq";
            let id = category.category_id.to_string();
            let values =
                params![id, category.position, category.name, text, seen.change_seq, seen.generation];
            run(tx, "write a category", sql, values)?;
        }
        entity::STAFF => {
            let staff = read!(Staff);
            let sql = "INSERT INTO staff (staff_id, name, active, body, change_seq, generation) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (staff_id) DO UPDATE SET name = excluded.name, \
                 active = excluded.active, body = excluded.body, change_seq = excluded.change_seq, \
                 generation = excluded.generation \
                 WHERE excluded.generation > generation OR excluded.change_seq >= change_seq";
            let id = staff.staff_id.to_string();
            let values = params![id, staff.name, staff.active, text, seen.change_seq, seen.generation];
            run(tx, "write a person", sql, values)?;
        }
        entity::PICTURE => {
            let picture = read!(Picture);
            let sql = "INSERT INTO pictures (picture_id, media_type, base64, change_seq, generation) \
                 VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (picture_id) DO UPDATE SET media_type = excluded.media_type, \
                 base64 = excluded.base64, change_seq = excluded.change_seq, generation = excluded.generation \
                 WHERE excluded.generation > generation OR excluded.change_seq >= change_seq";
            let id = picture.picture_id.to_string();
            let values = params![id, picture.media_type, picture.base64, seen.change_seq, seen.generation];
            run(tx, "write a picture", sql, values)?;
        }
        entity::NOTICE => {
            let _: Notice = read!(Notice);
            let sql = "INSERT INTO notices (notice_id, body, change_seq, generation) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT (notice_id) DO UPDATE SET body = excluded.body, change_seq = excluded.change_seq, \
                 generation = excluded.generation";
            run(tx, "write a notice", sql, params![row.id, text, seen.change_seq, seen.generation])?;
        }
        other => return Ok(Taken::No(format!("`{other}` is not known to this build"))),
    }
    Ok(Taken::Yes)
}

fn drop_row(tx: &Tx<'_>, row: &FeedRow) -> Result<(), StoreError> {
    let sql = match row.entity.as_str() {
        entity::ITEM => {
            let sql = "SELECT item_no FROM items WHERE item_id = ?1";
            let item_no: Option<i64> = first(tx, "find a dropped item", sql, [&row.id], |row| row.get(0))?;
            return item_no.map_or(Ok(()), |item_no| items::delete(tx, item_no));
        }
        // An outlet is never dropped from under its own terminal.
        entity::OUTLET => return Ok(()),
        entity::CATEGORY => "DELETE FROM categories WHERE category_id = ?1",
        entity::STAFF => "DELETE FROM staff WHERE staff_id = ?1",
        entity::PICTURE => "DELETE FROM pictures WHERE picture_id = ?1",
        entity::NOTICE => "DELETE FROM notices WHERE notice_id = ?1",
        _ => {
            let sql = "DELETE FROM feed_unknown WHERE entity = ?1 AND row_id = ?2";
            return run(tx, "drop a row", sql, [&row.entity, &row.id]).map(|_| ());
        }
    };
    run(tx, "drop a row", sql, [&row.id]).map(|_| ())
}

fn keep_aside(tx: &Tx<'_>, row: &FeedRow, body: &Value, reason: &str, seen: Seen) -> Result<(), StoreError> {
    let sql = "INSERT INTO feed_unknown (entity, row_id, body, reason, change_seq, generation) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (entity, row_id) DO UPDATE SET body = excluded.body, \
         reason = excluded.reason, change_seq = excluded.change_seq, generation = excluded.generation";
    let values = params![row.entity, row.id, body.to_string(), reason, seen.change_seq, seen.generation];
    run(tx, "keep a row aside", sql, values).map(|_| ())
}

/// What the server wants a person at this terminal to see, newest first, at most 50.
///
/// # Errors
/// When the store cannot be read.
pub fn notices(db: &Connection, terminal_id: TerminalId) -> Result<Vec<Notice>, StoreError> {
    let sql = "SELECT body FROM notices ORDER BY change_seq DESC LIMIT 200";
    let mut notices: Vec<Notice> = all(db, "read the notices", sql, [], |row| json(row, 0))?;
    notices.retain(|notice| notice.terminal_id.is_none_or(|id| id == terminal_id));
    notices.truncate(50);
    Ok(notices)
}
