//! The catalogue beside the books: all that the feed brings, in a SQLite file of its own that every connection attaches.
//!
//! Apart, because a whole new catalogue then comes as one finished file and takes the old one's place at once, while sales go
//! on in the books; and because nothing in it is lost for good: the server has it all. A catalogue that is missing or damaged
//! is made anew, empty, and fetched again; it never keeps the books from opening.
//!
//! Which file is the present one stands in the books (`meta`), so that changing over is one commit there. A transaction over
//! both files is committed in the books first: an event is never missing for a change of the catalogue that is there.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use shared::catalogue::fold;
use shared::wire::feed::{CATALOGUE_FORM, CATALOGUE_STEPS};

use super::row::{self, first};
use super::{Attempt, StoreError, Tx, meta};
use crate::durable;

/// "KEDC": marks a file as a catalogue.
pub(crate) const APPLICATION_ID: i64 = 0x4B45_4443;
/// Where the present file's number stands in the books.
const POINTER: &str = "catalogue_file";
const FIRST: u64 = 1;

/// What an upgraded till carries over from its books, where the catalogue stood before: it must sell on without a network.
/// The digests are not known; the first news from the server will not fit them, and the catalogue is fetched anew.
const CARRY_OVER: &str = "
INSERT INTO catalogue.outlets SELECT outlet_id, body FROM main.outlets;
INSERT INTO catalogue.staff SELECT staff_id, name, active, body FROM main.staff;
INSERT INTO catalogue.categories SELECT category_id, position, name, body FROM main.categories;
INSERT INTO catalogue.items SELECT item_no, item_id, category_id, position, folded_name, body FROM main.items;
INSERT INTO catalogue.item_codes SELECT code, item_no, variant_id, printed FROM main.item_codes;
INSERT INTO catalogue.item_words (rowid, folded_name) SELECT item_no, folded_name FROM main.items;
INSERT INTO catalogue.pictures SELECT picture_id, media_type, base64 FROM main.pictures;
INSERT INTO catalogue.notices SELECT notice_id, body, change_seq FROM main.notices;
INSERT INTO catalogue.feed_unknown SELECT entity, row_id, body, reason FROM main.feed_unknown;
INSERT INTO catalogue.feed_rows
    SELECT 'outlet', outlet_id, change_seq, generation, zeroblob(16) FROM main.outlets
    UNION ALL SELECT 'staff', staff_id, change_seq, generation, zeroblob(16) FROM main.staff
    UNION ALL SELECT 'category', category_id, change_seq, generation, zeroblob(16) FROM main.categories
    UNION ALL SELECT 'item', item_id, change_seq, generation, zeroblob(16) FROM main.items
    UNION ALL SELECT 'picture', picture_id, change_seq, generation, zeroblob(16) FROM main.pictures
    UNION ALL SELECT 'notice', notice_id, change_seq, generation, zeroblob(16) FROM main.notices;
INSERT OR IGNORE INTO catalogue.feed_rows
    SELECT entity, row_id, change_seq, generation, zeroblob(16) FROM main.feed_unknown;
INSERT INTO catalogue.feed_state SELECT substr(key, 6), value FROM main.meta
    WHERE key IN ('feed_cursor', 'feed_generation', 'feed_resetting', 'feed_loaded');
";

fn path_of(dir: &Path, number: u64) -> PathBuf {
    dir.join(format!("catalogue-{number}.db"))
}

/// The file and what SQLite keeps beside it.
fn with_companions(path: &Path) -> [PathBuf; 3] {
    let beside = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    [path.to_owned(), beside("-wal"), beside("-shm")]
}

/// Whether a file in the data folder is a catalogue, whole or not, or stands beside one.
pub(crate) fn is_named_so(name: &str) -> bool {
    name.starts_with("catalogue-") || name.starts_with("catalogue.")
}

fn remove(path: &Path) -> Result<(), StoreError> {
    for path in with_companions(path) {
        match fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::File { what: "remove", path, source });
            }
            _ => {}
        }
    }
    Ok(())
}

/// The number of the present file. Books that began anew name none: then the newest that is there goes on.
fn number(books: &Connection, dir: &Path) -> Result<u64, StoreError> {
    let named = meta::get(books, POINTER)?.and_then(|text| text.parse().ok());
    Ok(named.or_else(|| newest(dir)).unwrap_or(FIRST))
}

fn newest(dir: &Path) -> Option<u64> {
    let names = fs::read_dir(dir).ok()?.flatten().map(|entry| entry.file_name());
    let number = |name: &str| name.strip_prefix("catalogue-")?.strip_suffix(".db")?.parse().ok();
    names.filter_map(|name| number(name.to_str()?)).max()
}

fn attach_file(books: &Connection, path: &Path) -> Result<(), StoreError> {
    let path = path.to_string_lossy();
    books
        .execute("ATTACH DATABASE ?1 AS catalogue", [path.as_ref()])
        .map(|_| ())
        .attempt("open the catalogue")
}

fn set_up(books: &Connection) -> Result<(), StoreError> {
    let mode: String = books
        .query_row("PRAGMA catalogue.journal_mode = WAL", [], |row| row.get(0))
        .attempt("open the catalogue")?;
    books
        .execute_batch("PRAGMA catalogue.synchronous = FULL; PRAGMA catalogue.cache_size = -8000;")
        .attempt("open the catalogue")?;
    if mode == "wal" {
        Ok(())
    } else {
        Err(StoreError::Unsafe(format!("the catalogue's journal_mode is {mode}")))
    }
}

/// Makes an empty catalogue.
///
/// # Errors
/// When the file cannot be written.
pub(super) fn make(path: &Path) -> Result<(), StoreError> {
    remove(path)?;
    let db = Connection::open(path).attempt("make the catalogue")?;
    step_up(&db, 0)
}

/// Brings a catalogue from the form it has to this build's, in one transaction.
fn step_up(db: &Connection, form: usize) -> Result<(), StoreError> {
    let steps = CATALOGUE_STEPS.get(form..).unwrap_or_default().concat();
    let attempted = "make the catalogue";
    db.execute_batch(&format!("BEGIN IMMEDIATE;{steps}")).attempt(attempted)?;
    fold_names(db)?;
    db.execute_batch(&format!(
        "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {CATALOGUE_FORM}; COMMIT;"
    ))
    .attempt(attempted)
}

/// Folds the names of customers whom an older build kept aside: SQLite cannot.
fn fold_names(db: &Connection) -> Result<(), StoreError> {
    let attempted = "fold the names of customers";
    let sql = "SELECT customer_id, json_extract(body, '$.name') FROM customers";
    let names =
        row::all(db, attempted, sql, [], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    let sql = "UPDATE customers SET folded_name = ?2 WHERE customer_id = ?1";
    for (id, name) in names {
        db.execute(sql, [id, fold(&name)]).attempt(attempted)?;
    }
    Ok(())
}

/// Attaches a file; false when it is no catalogue, or damaged. One that an older build left is brought to this build's form: a
/// till that was updated sells on without a network.
///
/// # Errors
/// When it could not be looked at, as with a full disk or without a free file handle: that says nothing about the file.
fn attach_sound(books: &Connection, path: &Path) -> Result<bool, StoreError> {
    let look = || -> Result<bool, StoreError> {
        attach_file(books, path)?;
        let number =
            |sql: &str| books.query_row(sql, [], |row| row.get::<_, i64>(0)).attempt("look at the catalogue");
        if number("PRAGMA catalogue.application_id")? != APPLICATION_ID {
            return Ok(false);
        }
        let form = number("PRAGMA catalogue.user_version")?;
        match usize::try_from(form) {
            Ok(form) if form == CATALOGUE_STEPS.len() => {}
            Ok(form) if (1..CATALOGUE_STEPS.len()).contains(&form) => {
                books.execute_batch("DETACH DATABASE catalogue").attempt("put the catalogue down")?;
                step_up(&Connection::open(path).attempt("open the catalogue")?, form)?;
                attach_file(books, path)?;
            }
            _ => return Ok(false),
        }
        set_up(books)?;
        number("SELECT COUNT(*) FROM catalogue.feed_state")?;
        number("SELECT COUNT(*) FROM catalogue.outlets")?;
        Ok(true)
    };
    match look() {
        Err(StoreError::Sqlite { source, .. })
            if matches!(
                source.sqlite_error_code(),
                Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
            ) =>
        {
            Ok(false)
        }
        looked => looked,
    }
}

/// Attaches the present catalogue to the connection that writes; one that is missing or damaged is made anew, empty.
///
/// # Errors
/// When the files cannot be written.
pub(super) fn attach(books: &Connection, dir: &Path) -> Result<(), StoreError> {
    let path = path_of(dir, number(books, dir)?);
    if path.exists() {
        if attach_sound(books, &path)? {
            return Ok(());
        }
        tracing::error!("the catalogue is damaged or of another form: it is fetched anew");
        // Fails when it was not attached at all.
        let _ = books.execute_batch("DETACH DATABASE catalogue");
    }
    make(&path)?;
    attach_file(books, &path)?;
    set_up(books)
}

/// Attaches the present catalogue to a connection that only reads.
///
/// # Errors
/// When it cannot be opened.
pub(super) fn attach_to_read(books: &Connection, dir: &Path) -> Result<(), StoreError> {
    attach_file(books, &path_of(dir, number(books, dir)?))?;
    books.execute_batch("PRAGMA catalogue.cache_size = -4000").attempt("open the catalogue")
}

/// Puts what books of an older form hold of the catalogue into a file of its own, before those tables go.
///
/// # Errors
/// When the file cannot be written; done again at the next start.
pub(super) fn carry_over(books: &Connection, dir: &Path) -> Result<(), StoreError> {
    let path = path_of(dir, FIRST);
    make(&path)?;
    attach_file(books, &path)?;
    set_up(books)?;
    let sql = format!("BEGIN IMMEDIATE;{CARRY_OVER}COMMIT;");
    books.execute_batch(&sql).attempt("carry the catalogue over")?;
    books.execute_batch("DETACH DATABASE catalogue").attempt("carry the catalogue over")
}

/// Makes a finished catalogue file, `incoming`, the one that is attached from the next opening on.
///
/// # Errors
/// When it cannot be renamed or the books not be written; then the old one stays.
pub(super) fn place(tx: &Tx<'_>, dir: &Path, incoming: &Path) -> Result<(), StoreError> {
    let next = number(tx, dir)?.saturating_add(1);
    let path = path_of(dir, next);
    remove(&path)?;
    fs::rename(incoming, &path)
        .and_then(|()| durable::sync_folder_of(&path))
        .map_err(|source| StoreError::File { what: "put in place", path, source })?;
    meta::set(tx, POINTER, &next.to_string())
}

/// Removes catalogues that are no longer, or not yet, in use; what is half fetched stays.
pub(super) fn sweep(books: &Connection, dir: &Path) {
    let Ok(present) = number(books, dir) else { return };
    let keep = with_companions(&path_of(dir, present));
    let Ok(entries) = fs::read_dir(dir) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with("catalogue-") && !keep.contains(&path) {
            // Where a file in use cannot be removed, the next start does it.
            let _ = fs::remove_file(path);
        }
    }
}

/// What a finished catalogue says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    /// Where the feed goes on after it.
    pub cursor: String,
    /// How many rows the feed has brought into it.
    pub rows: u64,
}

/// Looks at a finished catalogue before it is put in place: it must be one, of this build's form, with exactly this build's
/// tables, since what else stands in a database file can act when it is opened.
///
/// # Errors
/// When it is something else.
pub fn look_at(path: &Path) -> Result<Incoming, StoreError> {
    let wrong = |reason: &str| StoreError::contradiction("a catalogue", reason.to_owned());
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).attempt("open the new catalogue")?;
    db.execute_batch("PRAGMA trusted_schema = OFF").attempt("open the new catalogue")?;
    let number =
        |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).attempt("read the new catalogue");
    if number("PRAGMA application_id")? != APPLICATION_ID
        || number("PRAGMA user_version")? != i64::from(CATALOGUE_FORM)
    {
        return Err(wrong("it is none of this form"));
    }
    if tables_of(&db)? != *own_tables()? {
        return Err(wrong("its tables are others"));
    }
    let state = |key: &str| -> Result<Option<String>, StoreError> {
        first(&db, "read the new catalogue", "SELECT value FROM feed_state WHERE key = ?1", [key], |row| {
            row.get(0)
        })
    };
    let cursor = state("cursor")?.ok_or_else(|| wrong("it does not say where the feed goes on"))?;
    if state("loaded")?.is_none() {
        return Err(wrong("it is not whole"));
    }
    let rows = number("SELECT COALESCE(SUM(row_count), 0) FROM feed_sums")?;
    Ok(Incoming { cursor, rows: u64::try_from(rows).unwrap_or(0) })
}

/// What databases define, in their own words.
type Tables = Vec<(String, Option<String>)>;

/// The tables of this build's catalogues, as SQLite names them; made once.
fn own_tables() -> Result<&'static Tables, StoreError> {
    static OWN: OnceLock<Tables> = OnceLock::new();
    if let Some(known) = OWN.get() {
        return Ok(known);
    }
    let db = Connection::open_in_memory().attempt("make a catalogue")?;
    db.execute_batch(&CATALOGUE_STEPS.concat()).attempt("make a catalogue")?;
    let made = tables_of(&db)?;
    Ok(OWN.get_or_init(|| made))
}

fn tables_of(db: &Connection) -> Result<Tables, StoreError> {
    let sql = "SELECT type || ' ' || name, sql FROM sqlite_schema ORDER BY 1";
    super::row::all(db, "read the new catalogue", sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
}
