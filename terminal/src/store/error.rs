//! Why the store could not do what was asked.

use std::path::PathBuf;

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused.
    #[error("the store could not {what}: {source}")]
    Sqlite {
        /// What was attempted.
        what: &'static str,
        /// Why not.
        #[source]
        source: rusqlite::Error,
    },
    /// The commit was answered with an error: it may or may not have happened. The store was opened again since.
    #[error("the store could not confirm the last change: {0}")]
    CommitUnconfirmed(#[source] rusqlite::Error),
    /// The tables could not be brought up to date.
    #[error("the tables of {path} could not be brought up to date: {source}")]
    Migration {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: Box<refinery::Error>,
    },
    /// The file was written by a newer build.
    #[error(
        "{path} was written by a newer version of the program (form {found}, this one knows up to {known}): \
         install that version again, nothing was changed"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The form it has.
        found: i64,
        /// The newest form this build knows.
        known: i64,
    },
    /// This terminal is enrolled, but its store is not there.
    #[error(
        "this terminal is enrolled ({terminal}), but its store {path} is {found}: put the file back from a backup, or move \
         `enrolled.json` away and enrol the terminal anew"
    )]
    Lost {
        /// The file.
        path: PathBuf,
        /// The terminal.
        terminal: String,
        /// `missing`, `empty` or `not its own`.
        found: &'static str,
    },
    /// The file is a database of something else.
    #[error(
        "{path} is not a store of a terminal: move it away or choose another data folder, nothing was changed"
    )]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error(
        "{path} is damaged: keep it for rescue and put a backup in its place, nothing was changed ({source})"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
    /// SQLite does not hold what a terminal must rely on.
    #[error("the store cannot be relied on: {0}")]
    Unsafe(String),
    /// A file beside the store could not be read or written.
    #[error("could not {what} {path}: {source}")]
    File {
        /// What was attempted.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
    /// A stored row contradicts the trade.
    #[error("the store holds {what} that cannot be read: {reason}")]
    Contradiction {
        /// What.
        what: &'static str,
        /// Why not.
        reason: String,
    },
}

impl From<rusqlite::Error> for StoreError {
    fn from(source: rusqlite::Error) -> Self {
        Self::Sqlite { what: "read or write", source }
    }
}

impl StoreError {
    /// Whether there was no room on the disk: making room helps.
    pub fn is_full_disk(&self) -> bool {
        match self {
            Self::Sqlite { source, .. } | Self::CommitUnconfirmed(source) => {
                source.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull)
            }
            _ => false,
        }
    }

    /// Whether bytes on the disk are not what was written there; trying again will not help.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Damaged { .. } => true,
            Self::Sqlite { source, .. } => match source {
                rusqlite::Error::FromSqlConversionFailure(..)
                | rusqlite::Error::InvalidColumnType(..)
                | rusqlite::Error::IntegralValueOutOfRange(..)
                | rusqlite::Error::Utf8Error(..) => true,
                source => matches!(
                    source.sqlite_error_code(),
                    Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt)
                ),
            },
            _ => false,
        }
    }

    /// A stored row that cannot be read.
    pub fn contradiction(what: &'static str, reason: impl std::fmt::Display) -> Self {
        Self::Contradiction { what, reason: reason.to_string() }
    }
}

/// Says what was attempted when SQLite refuses.
pub(crate) trait Attempt<T> {
    /// Names what was attempted.
    fn attempt(self, what: &'static str) -> Result<T, StoreError>;
}

impl<T> Attempt<T> for Result<T, rusqlite::Error> {
    fn attempt(self, what: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::Sqlite { what, source })
    }
}
