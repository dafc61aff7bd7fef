//! The terminal's own disk: the books in one SQLite file of the data folder, the catalogue in another beside it; one
//! connection that writes to both and cheap ones that read.
//!
//! What a use case changes, it changes in one [`Store::write`]; what it reads, it reads from any [`Connection`], so the
//! same functions serve readers, the writer and transactions. A file for each table stands under `store/`.

pub mod allowances;
pub mod card_payments;
pub mod carts;
pub mod catalogue_file;
pub mod counter_devices;
mod counters;
pub mod customer_pictures;
pub mod customers;
pub mod device_log;
pub mod disk;
pub mod drawer_sessions;
pub mod edits;
mod error;
pub mod items;
pub mod meta;
mod open;
pub mod orders;
pub mod people;
pub mod price_books;
pub mod print_jobs;
pub mod printers;
pub mod refunds;
pub mod row;
pub mod stock;

use std::ops::Deref;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use shared::Clock;

pub use counters::Counters;
pub(crate) use error::Attempt;
pub use error::StoreError;
pub use open::{FILE_NAME, MARKER_NAME, SCHEMA_VERSION};

use crate::register::OpenCarts;
use crate::store::meta::Identity;

/// An open transaction: everything a function does with it is committed together or not at all.
pub struct Tx<'c>(&'c Connection);

impl Deref for Tx<'_> {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        self.0
    }
}

/// How a transaction is committed; another one is given by tests that let a commit fail.
pub type Commit = Box<dyn FnMut(&Connection) -> rusqlite::Result<()> + Send>;

/// The terminal's store, with the one connection that writes.
pub struct Store {
    dir: PathBuf,
    writer: Connection,
    commit: Commit,
    pub(crate) open_carts: OpenCarts,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("dir", &self.dir).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the store in the data folder `dir`, made when it is not there yet; `clock` dates a new one.
    ///
    /// # Errors
    /// A file that is newer, foreign, damaged, or missing although the terminal is enrolled; each says what to do.
    pub fn open(dir: &Path, clock: &dyn Clock) -> Result<Self, StoreError> {
        let writer = open::open(dir, clock)?;
        Ok(Self {
            dir: dir.to_owned(),
            writer,
            commit: Box::new(plain_commit),
            open_carts: OpenCarts::default(),
        })
    }

    /// The data folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The connection that writes, to read from.
    pub fn db(&self) -> &Connection {
        &self.writer
    }

    /// Another connection, to read from any thread while this one writes.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn reader(&self) -> Result<Connection, StoreError> {
        open::reader(&self.dir)
    }

    /// Does `work` in one transaction and makes it durable; on an error nothing of it stays.
    ///
    /// # Errors
    /// What `work` returns, or the store's own. After [`StoreError::CommitUnconfirmed`] the store was opened again:
    /// look up by id whether it happened, never do it again under a new id.
    pub fn write<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        if !self.writer.is_autocommit() {
            // Something panicked inside an earlier transaction: it never happened.
            run(&self.writer, "ROLLBACK").attempt("take back an unfinished change")?;
        }
        run(&self.writer, "BEGIN IMMEDIATE").attempt("begin a change")?;
        let done = match work(&Tx(&self.writer)) {
            Ok(done) => done,
            Err(error) => {
                self.roll_back()?;
                return Err(error);
            }
        };
        match (self.commit)(&self.writer) {
            Ok(()) => Ok(done),
            Err(error) => {
                self.reopen()?;
                Err(StoreError::CommitUnconfirmed(error).into())
            }
        }
    }

    fn roll_back(&mut self) -> Result<(), StoreError> {
        // A full disk or a damaged page may have rolled back by itself.
        if self.writer.is_autocommit() {
            return Ok(());
        }
        run(&self.writer, "ROLLBACK").attempt("take back a change")
    }

    /// Drops the connection and opens the file again: what it then holds is what happened.
    fn reopen(&mut self) -> Result<(), StoreError> {
        self.open_carts = OpenCarts::default();
        self.writer = open::connect(&self.dir)?;
        Ok(())
    }

    /// Puts a finished catalogue file in the place of the present one: whoever reads has the old or the new one, whole.
    ///
    /// # Errors
    /// When it cannot be put in place; then the old one stays.
    pub fn take_catalogue(&mut self, incoming: &Path) -> Result<(), StoreError> {
        let dir = self.dir.clone();
        self.write(|tx| catalogue_file::place(tx, &dir, incoming))?;
        self.reopen()?;
        // What people here changed meanwhile is shown on, until the server has its say.
        self.write(edits::lay_all_over)?;
        catalogue_file::sweep(&self.writer, &self.dir);
        Ok(())
    }

    /// Forgets the catalogue, for a terminal that comes to belong to another outlet.
    ///
    /// # Errors
    /// When the files cannot be written.
    pub fn forget_catalogue(&mut self) -> Result<(), StoreError> {
        let empty = self.dir.join("catalogue.empty");
        catalogue_file::make(&empty)?;
        self.take_catalogue(&empty)
    }

    /// Lets tests decide how a transaction ends, such as durable but answered with an error.
    #[doc(hidden)]
    pub fn commit_by(&mut self, commit: Commit) {
        self.commit = commit;
    }

    /// Drops what settled carts leave behind and makes a [checkpoint](Self::checkpoint); for idle moments, so that no
    /// sale waits for it.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn keep_house(&mut self) -> Result<(), StoreError> {
        self.open_carts.sweep();
        let swept = self.write(carts::sweep);
        // Also when there is no room to sweep: it may make some.
        self.checkpoint().and(swept)
    }

    /// Moves what was committed from the log into the file, as far as no reader is in the way.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn checkpoint(&self) -> Result<(), StoreError> {
        let row = self.writer.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
        row.attempt("move the log into the file")
    }

    /// As [`Store::checkpoint`], all of it, leaving the log empty: for a store that is about to be moved.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn checkpoint_all(&self) -> Result<(), StoreError> {
        let row = self.writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        row.attempt("move the log into the file")
    }

    /// Who the terminal of a data folder is by the marker beside its store; None when it is not enrolled.
    ///
    /// # Errors
    /// When the marker cannot be read.
    pub fn marked(dir: &Path) -> Result<Option<Identity>, StoreError> {
        open::read_marker(dir)
    }

    /// Writes the marker beside the store that names the enrolled terminal, so that a lost store is never taken for a
    /// first start. Durable when it returns.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn mark_enrolled(&self, identity: &Identity) -> Result<(), StoreError> {
        open::write_marker(&self.dir, identity)
    }
}

/// Commits as SQLite does.
pub fn plain_commit(connection: &Connection) -> rusqlite::Result<()> {
    run(connection, "COMMIT")
}

fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(|_| ())
}
