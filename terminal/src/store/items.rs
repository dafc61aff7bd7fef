//! Items with their codes and the words of their names, categories and pictures.

use rusqlite::{Connection, Row, params};
use shared::catalogue::{Category, Item, fold};
use shared::ids::{CategoryId, ItemId, PictureId, VariantId};

use super::row::{all, first, json, parsed, run, to_json};
use super::{StoreError, Tx};

/// An item and its number in this store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredItem {
    /// Its number, for the search.
    pub item_no: i64,
    /// The item.
    pub item: Item,
}

fn read(row: &Row<'_>) -> rusqlite::Result<StoredItem> {
    Ok(StoredItem { item_no: row.get(0)?, item: json(row, 1)? })
}

/// Stores an item as the feed says; `body` is the row as it came, so that fields this build does not know are kept.
///
/// # Errors
/// When the store cannot be written.
pub fn upsert(tx: &Tx<'_>, item: &Item, body: &str) -> Result<(), StoreError> {
    let folded_name = fold(&item.name);
    let id = item.item_id.to_string();
    let sql = "SELECT item_no, folded_name FROM items WHERE item_id = ?1";
    let standing = first(tx, "read an item", sql, [&id], |row| {
        Ok((row.get::<_, i64>(0)?, row.get_ref(1)?.as_str()? == folded_name))
    })?;
    let category_id = item.category_id.map(|id| id.to_string());
    let item_no = match standing {
        Some((item_no, _)) => {
            run(
                tx,
                "write an item",
                "UPDATE items SET category_id = ?2, position = ?3, folded_name = ?4, body = ?5 WHERE item_no = ?1",
                params![item_no, category_id, item.position, folded_name, body],
            )?;
            run(tx, "write an item", "DELETE FROM item_codes WHERE item_no = ?1", [item_no])?;
            item_no
        }
        None => {
            run(
                tx,
                "write an item",
                "INSERT INTO items (item_id, category_id, position, folded_name, body) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id, category_id, item.position, folded_name, body],
            )?;
            tx.last_insert_rowid()
        }
    };
    let sql = "INSERT OR IGNORE INTO item_codes (code, item_no, variant_id, printed) VALUES (?1, ?2, ?3, ?4)";
    for (code, variant, printed) in item.codes() {
        let variant = variant.map(|id| id.to_string()).unwrap_or_default();
        run(tx, "write the codes of an item", sql, params![code, item_no, variant, printed])?;
    }
    if standing.is_none_or(|(_, same_name)| !same_name) {
        let sql = "INSERT OR REPLACE INTO item_words (rowid, folded_name) VALUES (?1, ?2)";
        run(tx, "write the words of a name", sql, params![item_no, folded_name])?;
    }
    Ok(())
}

/// Changes an item here until the feed brings the server's word on it.
///
/// # Errors
/// When the store cannot be written.
pub fn edit(tx: &Tx<'_>, item_no: i64, item: &Item) -> Result<(), StoreError> {
    let folded_name = fold(&item.name);
    let sql = "UPDATE items SET body = ?2, folded_name = ?3 WHERE item_no = ?1";
    run(tx, "write an item", sql, params![item_no, to_json(item)?, folded_name])?;
    let sql = "INSERT OR REPLACE INTO item_words (rowid, folded_name) VALUES (?1, ?2)";
    run(tx, "write the words of a name", sql, params![item_no, folded_name]).map(|_| ())
}

/// Forgets an item and what it is found by.
///
/// # Errors
/// When the store cannot be written.
pub fn delete(tx: &Tx<'_>, item_no: i64) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM item_words WHERE rowid = ?1",
        "DELETE FROM item_codes WHERE item_no = ?1",
        "DELETE FROM items WHERE item_no = ?1",
    ] {
        run(tx, "forget an item", sql, [item_no])?;
    }
    Ok(())
}

/// An item by its id.
///
/// # Errors
/// When the store cannot be read.
pub fn get(db: &Connection, id: ItemId) -> Result<Option<StoredItem>, StoreError> {
    first(db, "read an item", "SELECT item_no, body FROM items WHERE item_id = ?1", [id.to_string()], read)
}

/// An item by its number in this store.
///
/// # Errors
/// When the store cannot be read.
pub fn by_no(db: &Connection, item_no: i64) -> Result<Option<StoredItem>, StoreError> {
    first(db, "read an item", "SELECT item_no, body FROM items WHERE item_no = ?1", [item_no], read)
}

/// The item and variant that carry a code; a printed code goes before the business's own.
///
/// # Errors
/// When the store cannot be read.
pub fn by_code(db: &Connection, code: &str) -> Result<Option<(Item, Option<VariantId>)>, StoreError> {
    let sql = "SELECT i.body, c.variant_id FROM item_codes c JOIN items i ON i.item_no = c.item_no WHERE c.code = ?1 \
               ORDER BY c.printed DESC, c.item_no LIMIT 1";
    first(db, "look a code up", sql, [code], |row| {
        let variant = if row.get_ref(1)?.as_str()?.is_empty() { None } else { Some(parsed(row, 1)?) };
        Ok((json(row, 0)?, variant))
    })
}

/// The end of the range of texts that begin with `prefix`.
fn beyond(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

/// Numbers of items with a code that begins with `prefix`.
///
/// # Errors
/// When the store cannot be read.
pub fn by_code_prefix(db: &Connection, prefix: &str, limit: usize) -> Result<Vec<i64>, StoreError> {
    let sql = "SELECT DISTINCT item_no FROM item_codes WHERE code >= ?1 AND code < ?2 LIMIT ?3";
    all(db, "search by code", sql, params![prefix, beyond(prefix), bound(limit)], |row| row.get(0))
}

/// Numbers of items whose folded name begins with `prefix`, by name.
///
/// # Errors
/// When the store cannot be read.
pub fn by_name_prefix(db: &Connection, prefix: &str, limit: usize) -> Result<Vec<i64>, StoreError> {
    let sql = "SELECT item_no FROM items WHERE folded_name >= ?1 AND folded_name < ?2 ORDER BY folded_name LIMIT ?3";
    all(db, "search by name", sql, params![prefix, beyond(prefix), bound(limit)], |row| row.get(0))
}

/// Numbers of items whose names hold words that begin with each of `words` (folded, letters and digits only).
///
/// # Errors
/// When the store cannot be read.
pub fn by_words(db: &Connection, words: &[&str], limit: usize) -> Result<Vec<i64>, StoreError> {
    let query: Vec<String> = words.iter().map(|word| format!("\"{word}\"*")).collect();
    let sql = "SELECT rowid FROM item_words WHERE item_words MATCH ?1 LIMIT ?2";
    all(db, "search by name", sql, params![query.join(" "), bound(limit)], |row| row.get(0))
}

fn bound(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

/// The items on a shelf, in order.
///
/// # Errors
/// When the store cannot be read.
pub fn on_shelf(
    db: &Connection,
    category: Option<CategoryId>,
    limit: usize,
) -> Result<Vec<StoredItem>, StoreError> {
    let sql =
        "SELECT item_no, body FROM items WHERE category_id IS ?1 ORDER BY position, folded_name LIMIT ?2";
    let category = category.map(|id| id.to_string());
    all(db, "read a shelf", sql, params![category, bound(limit)], read)
}

/// Items by name, after `offset` of them.
///
/// # Errors
/// When the store cannot be read.
pub fn by_name(db: &Connection, offset: u32, limit: usize) -> Result<Vec<StoredItem>, StoreError> {
    let sql = "SELECT item_no, body FROM items WHERE item_no IN \
               (SELECT item_no FROM items ORDER BY folded_name, item_no LIMIT ?2 OFFSET ?1) ORDER BY folded_name, item_no";
    all(db, "list the items", sql, params![offset, bound(limit)], read)
}

/// How many items there are.
///
/// # Errors
/// When the store cannot be read.
pub fn count(db: &Connection) -> Result<u32, StoreError> {
    Ok(first(db, "count the items", "SELECT COUNT(*) FROM items", [], |row| row.get(0))?.unwrap_or(0))
}

/// The categories, in order.
///
/// # Errors
/// When the store cannot be read.
pub fn categories(db: &Connection) -> Result<Vec<Category>, StoreError> {
    let sql = "SELECT body FROM categories ORDER BY position, name, category_id LIMIT 1000";
    all(db, "read the categories", sql, [], |row| json(row, 0))
}

/// A picture: its media type and base64.
///
/// # Errors
/// When the store cannot be read.
pub fn picture(db: &Connection, id: PictureId) -> Result<Option<(String, String)>, StoreError> {
    let sql = "SELECT media_type, base64 FROM pictures WHERE picture_id = ?1";
    first(db, "read a picture", sql, [id.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
}
