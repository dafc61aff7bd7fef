//! Finding items by how their name, one of its words, their code or a barcode begins.

use rusqlite::Connection;
use shared::catalogue::fold;

use super::{MAX_TILES, tile};
use crate::context::{Context, Done};
use crate::store::{StoreError, items};
use crate::views::{SearchInput, SearchView, Tile};

/// The longest query that is looked at, in characters; nobody types more.
const MAX_QUERY_CHARS: usize = 64;

/// Items by name, code or barcode, at most 200.
///
/// # Errors
/// When the outlet is not loaded or the store cannot be read.
pub fn search(db: &Connection, ctx: &Context<'_>, input: SearchInput) -> Done<SearchView> {
    let outlet = ctx.outlet(db)?;
    let categories = items::categories(db)?;
    let mut found = matching(db, &input.query, MAX_TILES + 1)?;
    let more = found.len() > MAX_TILES;
    found.truncate(MAX_TILES);
    let mut tiles: Vec<Tile> = Vec::with_capacity(found.len());
    for item_no in found {
        if let Some(stored) = items::by_no(db, item_no)? {
            tiles.push(tile(&outlet, &categories, stored.item)?);
        }
    }
    Ok(SearchView { tiles, more })
}

/// Numbers of the items that fit a query, at most `limit`: those whose code begins with it, then those whose name does,
/// then those with words that begin like its words.
///
/// # Errors
/// When the store cannot be read.
pub fn matching(db: &Connection, query: &str, limit: usize) -> Result<Vec<i64>, StoreError> {
    let query: String = query.trim().chars().filter(|c| !c.is_control()).take(MAX_QUERY_CHARS).collect();
    if query.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = if query.contains(' ') { Vec::new() } else { items::by_code_prefix(db, &query, limit)? };
    let folded = fold(&query);
    merge(&mut found, items::by_name_prefix(db, &folded, limit)?, limit);
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if !words.is_empty() && found.len() < limit {
        merge(&mut found, items::by_words(db, &words, limit)?, limit);
    }
    Ok(found)
}

/// Adds what is not there yet.
fn merge(found: &mut Vec<i64>, more: Vec<i64>, limit: usize) {
    let known: std::collections::HashSet<i64> = found.iter().copied().collect();
    found.extend(more.into_iter().filter(|item_no| !known.contains(item_no)));
    found.truncate(limit);
}
