//! Opening the file: what it must be, what SQLite must promise, and the marker of an enrolled terminal.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use shared::Clock;

use super::meta::{self, Identity};
use super::{Attempt, StoreError, catalogue_file};
use crate::durable;

/// The store's file in the data folder.
pub const FILE_NAME: &str = "kedai.db";
/// The marker that names an enrolled terminal.
pub const MARKER_NAME: &str = "enrolled.json";
/// The newest form of the tables that this build knows: the number of the last migration.
pub const SCHEMA_VERSION: i64 = 11;
/// The last form in which the catalogue stood among the books.
const LAST_WHOLE: i64 = 5;

/// "KEDA": marks the file as a terminal's store.
const APPLICATION_ID: i64 = 0x4B45_4441;
/// Before it, two connections on one log could lose a page (`faults.md`).
const OLDEST_SQLITE: i32 = 3_051_003;
const STATEMENTS_KEPT: usize = 128;

mod migrations {
    #![allow(missing_docs, reason = "made by a macro")]
    refinery::embed_migrations!("../migrations/terminal");
}

/// Opens the file in `dir` as the one connection that writes, making or migrating it where that is right.
pub(super) fn open(dir: &Path, clock: &dyn Clock) -> Result<Connection, StoreError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        let found = rusqlite::version();
        return Err(StoreError::Unsafe(format!("SQLite {found} is too old, 3.51.3 or later is needed")));
    }
    fs::create_dir_all(dir).map_err(|source| file_error("make the data folder", dir, source))?;
    let path = dir.join(FILE_NAME);
    let marker = read_marker(dir)?;
    let lost = |found| match &marker {
        Some(identity) => {
            let terminal = format!("T{} {}", identity.terminal_number, identity.terminal_id);
            Err(StoreError::Lost { path: path.clone(), terminal, found })
        }
        None => Ok(()),
    };
    match fs::metadata(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => lost("missing")?,
        Err(source) => return Err(file_error("look at", &path, source)),
        // An empty file is what a crash before the very first commit leaves, or a lost one.
        Ok(file) if file.len() == 0 => lost("empty")?,
        Ok(_) => check_kind(&path).or_else(|error| match error {
            // A file without a single table may still have its first commit in the log beside it.
            Kind::Empty => lost("empty"),
            Kind::Foreign => lost("not its own").and(Err(StoreError::Foreign { path: path.clone() })),
            Kind::Other(error) => Err(error),
        })?,
    }
    let mut connection = connect_books(dir)?;
    migrate(&mut connection, &path, clock)?;
    catalogue_file::sweep(&connection, dir);
    catalogue_file::attach(&connection, dir)?;
    if let Some(marked) = &marker {
        let own = meta::identity(&connection)?;
        match own {
            None => lost("empty")?,
            Some(own) if own.terminal_id != marked.terminal_id => lost("not its own")?,
            Some(_) => {}
        }
    }
    Ok(connection)
}

enum Kind {
    Empty,
    Foreign,
    Other(StoreError),
}

/// What an existing file is, without writing to it.
fn check_kind(path: &Path) -> Result<(), Kind> {
    let look = || -> rusqlite::Result<(i64, i64, i64)> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        let number = |sql: &str| connection.query_row(sql, [], |row| row.get(0));
        Ok((
            number("PRAGMA application_id")?,
            number("PRAGMA user_version")?,
            number("SELECT COUNT(*) FROM sqlite_schema")?,
        ))
    };
    match look() {
        Ok((APPLICATION_ID, found, _)) if found > SCHEMA_VERSION => {
            Err(Kind::Other(StoreError::Newer { path: path.to_owned(), found, known: SCHEMA_VERSION }))
        }
        Ok((APPLICATION_ID, _, _)) => Ok(()),
        Ok((0, 0, 0)) => Err(Kind::Empty),
        Ok(_) => Err(Kind::Foreign),
        Err(source) => Err(Kind::Other(open_error(path, source))),
    }
}

fn open_error(path: &Path, source: rusqlite::Error) -> StoreError {
    match source.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            StoreError::Damaged { path: path.to_owned(), source }
        }
        _ => StoreError::Sqlite { what: "open its file", source },
    }
}

/// A connection that writes, with what it must promise switched on and read back, and the catalogue beside it.
pub(super) fn connect(dir: &Path) -> Result<Connection, StoreError> {
    let connection = connect_books(dir)?;
    catalogue_file::attach(&connection, dir)?;
    Ok(connection)
}

fn connect_books(dir: &Path) -> Result<Connection, StoreError> {
    let path = dir.join(FILE_NAME);
    let connection = Connection::open(&path).map_err(|source| open_error(&path, source))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    connection.busy_timeout(Duration::from_secs(5)).attempt("set how long it waits")?;
    let mode: String = connection
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .map_err(|source| open_error(&path, source))?;
    connection
        .execute_batch("PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -8000;")
        .attempt("set how it writes")?;
    let number =
        |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).attempt("read how it writes");
    let (synchronous, foreign_keys) = (number("PRAGMA synchronous")?, number("PRAGMA foreign_keys")?);
    if mode != "wal" || synchronous != 2 || foreign_keys != 1 {
        return Err(StoreError::Unsafe(format!(
            "journal_mode is {mode}, synchronous {synchronous}, foreign_keys {foreign_keys}; wal, 2 and 1 are needed"
        )));
    }
    Ok(connection)
}

/// A connection that only reads.
pub(super) fn reader(dir: &Path) -> Result<Connection, StoreError> {
    let path = dir.join(FILE_NAME);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(&path, flags).map_err(|source| open_error(&path, source))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    connection.busy_timeout(Duration::from_secs(5)).attempt("set how long it waits")?;
    catalogue_file::attach_to_read(&connection, dir)?;
    connection
        .execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -4000;")
        .attempt("set how it reads")?;
    Ok(connection)
}

fn migrate(connection: &mut Connection, path: &Path, clock: &dyn Clock) -> Result<(), StoreError> {
    let version = |connection: &Connection| {
        connection
            .query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0))
            .map_err(|source| open_error(path, source))
    };
    let found = version(connection)?;
    if found == SCHEMA_VERSION {
        return Ok(());
    }
    if (1..=LAST_WHOLE).contains(&found) {
        catalogue_file::carry_over(connection, path.parent().unwrap_or_else(|| Path::new(".")))?;
    }
    // Named first: a file that is killed half-way is still known as ours and goes on at the next start.
    let named = format!("PRAGMA application_id = {APPLICATION_ID}");
    connection.execute_batch(&named).attempt("name its file")?;
    // In one transaction: ungrouped, a migration's tables are committed before the note that it was applied, and a till
    // killed between the two would make them once more at every start, and never open.
    migrations::migrations::runner()
        .set_grouped(true)
        .run(connection)
        .map_err(|source| StoreError::Migration { path: path.to_owned(), source: Box::new(source) })?;
    let begun = clock.now().as_millis();
    connection
        .execute(
            "INSERT INTO meta (key, value) VALUES ('created_at', ?1) ON CONFLICT DO NOTHING",
            [begun.to_string()],
        )
        .attempt("date its file")?;
    let dated = format!("PRAGMA user_version = {SCHEMA_VERSION}");
    connection.execute_batch(&dated).attempt("number its form")
}

fn file_error(what: &'static str, path: &Path, source: std::io::Error) -> StoreError {
    StoreError::File { what, path: path.to_owned(), source }
}

pub(super) fn read_marker(dir: &Path) -> Result<Option<Identity>, StoreError> {
    let path = dir.join(MARKER_NAME);
    match fs::read(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(file_error("read", &path, source)),
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| file_error("understand", &path, std::io::Error::other(error))),
    }
}

pub(super) fn write_marker(dir: &Path, identity: &Identity) -> Result<(), StoreError> {
    let path = dir.join(MARKER_NAME);
    let json = serde_json::to_vec_pretty(identity).map_err(std::io::Error::other);
    json.and_then(|json| durable::replace(&path, &json)).map_err(|source| file_error("write", &path, source))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use shared::Timestamp;

    use super::*;

    struct StillClock;

    impl Clock for StillClock {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(0)
        }
    }

    #[test]
    fn books_of_the_form_before_keep_their_catalogue_and_sell_on() {
        let dir = tempfile::tempdir().unwrap();
        let mut old = connect_books(dir.path()).unwrap();
        let target = refinery::Target::Version(i32::try_from(LAST_WHOLE).unwrap());
        migrations::migrations::runner().set_target(target).run(&mut old).unwrap();
        old.execute_batch(&format!(
            "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {LAST_WHOLE}; \
             INSERT INTO meta VALUES ('feed_cursor', 'e.7.0'), ('feed_loaded', '1'); \
             INSERT INTO outlets VALUES ('o', '{{}}', 1, 0); INSERT INTO staff VALUES ('s', 'Sari', 1, '{{}}', 2, 0); \
             INSERT INTO categories VALUES ('c', 1, 'Minuman', '{{}}', 3, 0); \
             INSERT INTO items VALUES (9, 'i', 'c', 0, 'kopi susu', '{{}}', 4, 0); \
             INSERT INTO item_codes VALUES ('KOPI', 9, '', 0); INSERT INTO item_words (rowid, folded_name) VALUES (9, 'kopi susu'); \
             INSERT INTO pictures VALUES ('p', 'image/png', 'AA', 5, 0); INSERT INTO notices VALUES ('n', '{{}}', 6, 0); \
             INSERT INTO feed_unknown VALUES ('hologram', 'h', '{{}}', 'unknown', 7, 0);"
        ))
        .unwrap();
        drop(old);
        let now = open(dir.path(), &StillClock).unwrap();
        let number = |sql: &str| now.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
        for table in ["outlets", "staff", "categories", "pictures", "notices", "feed_unknown"] {
            assert_eq!(number(&format!("SELECT COUNT(*) FROM catalogue.{table}")), 1, "{table}");
        }
        assert_eq!(number("SELECT item_no FROM item_codes WHERE code = 'kopi'"), 9);
        assert_eq!(number("SELECT rowid FROM item_words WHERE item_words MATCH '\"sus\"*'"), 9);
        assert_eq!(number("SELECT COUNT(*) FROM feed_rows"), 7);
        assert_eq!(number("SELECT COUNT(*) FROM main.sqlite_schema WHERE name IN ('items', 'staff')"), 0);
        assert_eq!(
            number(
                "SELECT COUNT(*) FROM feed_state WHERE (key, value) IN (('cursor', 'e.7.0'), ('loaded', '1'))"
            ),
            2
        );
        assert_eq!(number("PRAGMA main.user_version"), SCHEMA_VERSION);
    }

    #[test]
    fn sqlite_is_compiled_without_locks_of_the_whole_process() {
        let db = Connection::open_in_memory().unwrap();
        let mut statement = db.prepare("PRAGMA compile_options").unwrap();
        let options: Vec<String> =
            statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        for left_out in ["ENABLE_MEMORY_MANAGEMENT", "ENABLE_STAT4"] {
            assert!(!options.iter().any(|option| option == left_out), "{left_out}: see .cargo/config.toml");
        }
        assert!(options.iter().any(|option| option == "DEFAULT_MEMSTATUS=0"), "{options:?}");
    }

    #[test]
    fn a_catalogue_that_cannot_be_looked_at_just_now_is_not_thrown_away() {
        let dir = tempfile::tempdir().unwrap();
        drop(open(dir.path(), &StillClock).unwrap());
        // What stands there cannot be opened at all, as without a free file handle.
        let path = dir.path().join("catalogue-1.db");
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(open(dir.path(), &StillClock).is_err());
        assert!(path.is_dir());
    }

    #[test]
    fn a_store_whose_making_was_cut_off_at_any_commit_is_made_at_the_next_start() {
        let mut cut_off = 0_u32;
        loop {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join(FILE_NAME);
            let mut connection = connect_books(dir.path()).unwrap();
            let mut left = cut_off;
            let refuses = move || {
                let dead = left == 0;
                left = left.saturating_sub(1);
                dead
            };
            connection.commit_hook(Some(refuses)).unwrap();
            let made = migrate(&mut connection, &path, &StillClock);
            drop(connection);
            open(dir.path(), &StillClock).unwrap();
            if made.is_ok() {
                break;
            }
            cut_off += 1;
        }
        assert!(cut_off > 2, "cut off at {cut_off} commits only");
    }
}
