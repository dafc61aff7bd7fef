//! Looking after a server: taking in exported journals, backups and restores, verifying, and how everything stands.

pub mod backup;
pub mod gauges;
pub mod import;
mod rebuild;
pub mod restore;
pub mod status;
pub mod verify;

/// How far a long step is, for whoever watches.
pub type Progress<'a> = &'a mut (dyn FnMut(&str) + Send);

/// Why something of this was not done.
#[derive(Debug, thiserror::Error)]
pub enum UpkeepError {
    /// A failed statement.
    #[error(transparent)]
    Database(#[from] crate::database::DatabaseError),
    /// The database or a scratch one cannot be opened.
    #[error(transparent)]
    Start(#[from] crate::server::StartError),
    /// A file or folder cannot be read or written.
    #[error("could not {what} `{path}`")]
    File {
        /// What was attempted.
        what: &'static str,
        /// The file.
        path: String,
        /// What failed.
        #[source]
        source: std::io::Error,
    },
    /// It contradicts what is there.
    #[error("{0}")]
    Refused(String),
}

impl UpkeepError {
    /// A file or folder that cannot be read or written.
    pub fn file(what: &'static str, path: &std::path::Path, source: std::io::Error) -> Self {
        Self::File { what, path: path.display().to_string(), source }
    }
}

impl From<sqlx::Error> for UpkeepError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}
