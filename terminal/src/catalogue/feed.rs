//! Taking over pages of the change feed: rows, tombstones, a new reading of everything after a reset, and the sums that show
//! whether what is held is what the server holds.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};
use serde::Deserialize as _;
use serde_json::Value;
use shared::catalogue::{Category, Item, Picture};
use shared::customer::Customer;
use shared::ids::TerminalId;
use shared::outlet::Outlet;
use shared::pricing::PriceBook;
use shared::staff::Staff;
use shared::wire::feed::{Sum, Sums};
use shared::wire::{FeedRow, Notice, PullResponse, entity};

use crate::store::row::{all, first, json, run};
use crate::store::{StoreError, Tx, customers, edits, items, price_books};

/// What a page changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applied {
    /// How many rows.
    pub rows: usize,
    /// Of which kinds.
    pub entities: BTreeSet<String>,
    /// Whether something else is held afterwards than what the server says there should be: it must be fetched anew.
    pub differs: bool,
}

/// Takes a page over: its rows, where to go on, and the beginning or end of a new reading of everything.
///
/// # Errors
/// When the store cannot be written. A row that cannot be read is kept aside; it never stops the others.
pub fn apply_page(tx: &Tx<'_>, page: &PullResponse) -> Result<Applied, StoreError> {
    if page.reset {
        begin_reset(tx)?;
    }
    let mut applied = apply_rows(tx, &page.rows)?;
    set_state(tx, "cursor", &page.cursor)?;
    if !page.more {
        finish_reset(tx)?;
        set_state(tx, "loaded", "1")?;
        if let Some(said) = &page.sums {
            applied.differs = !sums(tx)?.are(said);
        }
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
    state(db, "cursor")
}

/// Whether the feed was read to its end once: there is something to sell.
///
/// # Errors
/// When the store cannot be read.
pub fn is_loaded(db: &Connection) -> Result<bool, StoreError> {
    Ok(state(db, "loaded")?.is_some())
}

fn state(db: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    first(db, "read where the feed stands", "SELECT value FROM feed_state WHERE key = ?1", [key], |row| {
        row.get(0)
    })
}

fn set_state(tx: &Tx<'_>, key: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO feed_state (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    run(tx, "note where the feed stands", sql, [key, value]).map(|_| ())
}

fn generation(db: &Connection) -> Result<i64, StoreError> {
    Ok(state(db, "generation")?.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// A new reading of everything begins: what it does not bring is dropped at its end, and sold on until then.
fn begin_reset(tx: &Tx<'_>) -> Result<(), StoreError> {
    set_state(tx, "generation", &(generation(tx)? + 1).to_string())?;
    set_state(tx, "resetting", "1")
}

/// Drops what a reading of everything did not bring; does nothing when none is under way.
fn finish_reset(tx: &Tx<'_>) -> Result<(), StoreError> {
    if state(tx, "resetting")?.is_none() {
        return Ok(());
    }
    let sql = "SELECT entity, row_id FROM feed_rows WHERE generation < ?1";
    let gone = all(tx, "find what is gone", sql, [generation(tx)?], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    let mut counted = Counted::default();
    for (entity, id) in gone {
        drop_row(tx, &entity, &id)?;
        counted.forget(tx, &entity, &id)?;
    }
    // By itself a tombstone never takes an outlet away from under its own terminal; a whole reading without it does.
    run(
        tx,
        "drop what is gone",
        "DELETE FROM outlets WHERE outlet_id NOT IN (SELECT row_id FROM feed_rows WHERE entity = ?1)",
        [entity::OUTLET],
    )?;
    counted.write(tx)?;
    run(tx, "end a reading of the feed", "DELETE FROM feed_state WHERE key = 'resetting'", []).map(|_| ())
}

/// Takes rows over.
fn apply_rows(tx: &Tx<'_>, rows: &[FeedRow]) -> Result<Applied, StoreError> {
    let generation = generation(tx)?;
    let mut applied = Applied { rows: rows.len(), ..Applied::default() };
    let mut counted = Counted::default();
    for row in rows {
        if !applied.entities.contains(&row.entity) {
            applied.entities.insert(row.entity.clone());
        }
        let seen = Seen { change_seq: i64::try_from(row.change_seq).unwrap_or(i64::MAX), generation };
        let standing = Standing::of(tx, &row.entity, &row.id)?;
        if standing.is_some_and(|standing| seen.is_stale(standing.seen)) {
            continue;
        }
        let Some(body) = &row.body else {
            drop_row(tx, &row.entity, &row.id)?;
            counted.forget(tx, &row.entity, &row.id)?;
            continue;
        };
        let laid = edits::laid_over(tx, &row.entity, &row.id, body)?;
        match apply_row(tx, row, &laid)? {
            Taken::Yes if standing.is_some() => drop_aside(tx, &row.entity, &row.id)?,
            Taken::Yes => {}
            Taken::No(reason) => keep_aside(tx, row, body, &reason)?,
        }
        let digest = Sum::of_row(&row.entity, &row.id, row.change_seq, body);
        counted.note(tx, row, standing, seen, digest)?;
    }
    counted.write(tx)?;
    Ok(applied)
}

/// Where a feed row stands: the number of its change, and the reading of the whole feed that sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    change_seq: i64,
    generation: i64,
}

impl Seen {
    /// Whether what stands here is newer than what comes: then it stays. A new reading of the whole feed always wins,
    /// because a restored server counts anew.
    fn is_stale(self, standing: Self) -> bool {
        self.generation <= standing.generation && self.change_seq < standing.change_seq
    }
}

/// A row as it was last brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    seen: Seen,
    digest: Sum,
}

impl Standing {
    fn of(db: &Connection, entity: &str, id: &str) -> Result<Option<Self>, StoreError> {
        let sql = "SELECT change_seq, generation, digest FROM feed_rows WHERE entity = ?1 AND row_id = ?2";
        first(db, "read a row of the feed", sql, [entity, id], |row| {
            let seen = Seen { change_seq: row.get(0)?, generation: row.get(1)? };
            Ok(Self { seen, digest: Sum::from_bytes(row.get(2)?) })
        })
    }
}

/// How the sums change by a page, by kind: rows and digests that came, and that went.
#[derive(Debug, Default)]
struct Counted(BTreeMap<String, (i64, Sum)>);

impl Counted {
    fn change(&mut self, entity: &str, rows: i64, change: impl FnOnce(Sum) -> Sum) {
        if !self.0.contains_key(entity) {
            self.0.insert(entity.to_owned(), (0, Sum::default()));
        }
        if let Some((known, sum)) = self.0.get_mut(entity) {
            *known += rows;
            *sum = change(*sum);
        }
    }

    /// Notes a row that came.
    fn note(
        &mut self,
        tx: &Tx<'_>,
        row: &FeedRow,
        standing: Option<Standing>,
        seen: Seen,
        digest: Sum,
    ) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO feed_rows (entity, row_id, change_seq, generation, digest) \
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let values = params![row.entity, row.id, seen.change_seq, seen.generation, digest.to_bytes()];
        run(tx, "note a row of the feed", sql, values)?;
        let before = standing.map_or_else(Sum::default, |standing| standing.digest);
        self.change(&row.entity, i64::from(standing.is_none()), |sum| sum.plus(digest).minus(before));
        Ok(())
    }

    /// Forgets a row that is gone, if it was there.
    fn forget(&mut self, tx: &Tx<'_>, entity: &str, id: &str) -> Result<(), StoreError> {
        let Some(standing) = Standing::of(tx, entity, id)? else { return Ok(()) };
        let sql = "DELETE FROM feed_rows WHERE entity = ?1 AND row_id = ?2";
        run(tx, "forget a row of the feed", sql, [entity, id])?;
        self.change(entity, -1, |sum| sum.minus(standing.digest));
        Ok(())
    }

    fn write(self, tx: &Tx<'_>) -> Result<(), StoreError> {
        for (entity, (rows, sum)) in self.0 {
            let read = "SELECT row_count, sum FROM feed_sums WHERE entity = ?1";
            let standing = first(tx, "read the sums of the feed", read, [&entity], |row| {
                Ok((row.get::<_, i64>(0)?, Sum::from_bytes(row.get(1)?)))
            })?;
            let (known, so_far) = standing.unwrap_or_default();
            let write = "INSERT OR REPLACE INTO feed_sums (entity, row_count, sum) VALUES (?1, ?2, ?3)";
            let values = params![entity, known + rows, so_far.plus(sum).to_bytes()];
            run(tx, "write the sums of the feed", write, values)?;
        }
        Ok(())
    }
}

/// What is held, by kind.
///
/// # Errors
/// When the store cannot be read.
pub fn sums(db: &Connection) -> Result<Sums, StoreError> {
    let sql = "SELECT entity, row_count, sum FROM feed_sums";
    let rows = all(db, "read the sums of the feed", sql, [], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, Sum::from_bytes(row.get(2)?)))
    })?;
    let mut sums = Sums::default();
    for (entity, rows, sum) in rows {
        sums.add_many(&entity, u64::try_from(rows).unwrap_or(0), sum);
    }
    Ok(sums)
}

enum Taken {
    Yes,
    No(String),
}

fn apply_row(tx: &Tx<'_>, row: &FeedRow, body: &Value) -> Result<Taken, StoreError> {
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
        entity::ITEM => items::upsert(tx, &read!(Item), &text)?,
        entity::OUTLET => {
            let id = read!(Outlet).outlet_id.to_string();
            let sql = "INSERT OR REPLACE INTO outlets (outlet_id, body) VALUES (?1, ?2)";
            run(tx, "write the outlet", sql, params![id, text])?;
        }
        entity::CATEGORY => {
            let category = read!(Category);
            let sql = "INSERT OR REPLACE INTO categories (category_id, position, name, body) VALUES (?1, ?2, ?3, ?4)";
            let id = category.category_id.to_string();
            run(tx, "write a category", sql, params![id, category.position, category.name, text])?;
        }
        entity::STAFF => {
            let staff = read!(Staff);
            let sql = "INSERT OR REPLACE INTO staff (staff_id, name, active, body) VALUES (?1, ?2, ?3, ?4)";
            let id = staff.staff_id.to_string();
            run(tx, "write a person", sql, params![id, staff.name, staff.active, text])?;
        }
        entity::PICTURE => {
            let picture = read!(Picture);
            let sql = "INSERT OR REPLACE INTO pictures (picture_id, media_type, base64) VALUES (?1, ?2, ?3)";
            let id = picture.picture_id.to_string();
            run(tx, "write a picture", sql, params![id, picture.media_type, picture.base64])?;
        }
        entity::NOTICE => {
            let _: Notice = read!(Notice);
            let sql = "INSERT OR REPLACE INTO notices (notice_id, body, change_seq) VALUES (?1, ?2, ?3)";
            let change_seq = i64::try_from(row.change_seq).unwrap_or(i64::MAX);
            run(tx, "write a notice", sql, params![row.id, text, change_seq])?;
        }
        entity::PRICE_BOOK => {
            let book = read!(PriceBook);
            let Some(outlet_id) = book.outlet_ids.first() else {
                return Ok(Taken::No("it names no outlet".to_owned()));
            };
            price_books::put(tx, &row.id, *outlet_id, &book, &text)?;
        }
        entity::CUSTOMER => customers::put(tx, &read!(Customer), &text)?,
        other => return Ok(Taken::No(format!("`{other}` is not known to this build"))),
    }
    Ok(Taken::Yes)
}

fn drop_row(tx: &Tx<'_>, entity: &str, id: &str) -> Result<(), StoreError> {
    drop_aside(tx, entity, id)?;
    let sql = match entity {
        entity::ITEM => {
            let sql = "SELECT item_no FROM items WHERE item_id = ?1";
            let item_no: Option<i64> = first(tx, "find a dropped item", sql, [id], |row| row.get(0))?;
            return item_no.map_or(Ok(()), |item_no| items::delete(tx, item_no));
        }
        entity::CUSTOMER => return customers::remove(tx, id),
        entity::CATEGORY => "DELETE FROM categories WHERE category_id = ?1",
        entity::STAFF => "DELETE FROM staff WHERE staff_id = ?1",
        entity::PICTURE => "DELETE FROM pictures WHERE picture_id = ?1",
        entity::PRICE_BOOK => "DELETE FROM price_books WHERE row_id = ?1",
        entity::NOTICE => "DELETE FROM notices WHERE notice_id = ?1",
        // An outlet is never dropped from under its own terminal.
        _ => return Ok(()),
    };
    run(tx, "drop a row", sql, [id]).map(|_| ())
}

fn keep_aside(tx: &Tx<'_>, row: &FeedRow, body: &Value, reason: &str) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO feed_unknown (entity, row_id, body, reason) VALUES (?1, ?2, ?3, ?4)";
    run(tx, "keep a row aside", sql, params![row.entity, row.id, body.to_string(), reason]).map(|_| ())
}

fn drop_aside(tx: &Tx<'_>, entity: &str, id: &str) -> Result<(), StoreError> {
    let sql = "DELETE FROM feed_unknown WHERE entity = ?1 AND row_id = ?2";
    run(tx, "drop a row", sql, [entity, id]).map(|_| ())
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
