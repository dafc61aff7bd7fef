//! What a server needs to know before it starts; from the command line and the environment (`KEDAI_…`).

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Settings of one server.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where it listens; port 0 takes any free one.
    pub listen: SocketAddr,
    /// The folder of its key and, unless another is named, its database.
    pub data_dir: PathBuf,
    /// `KEDAI_DATABASE_URL`: `sqlite:…` or `postgres://…`; None is a SQLite file in the data folder.
    pub database_url: Option<String>,
    /// `KEDAI_DATABASE_READ_URL`: a PostgreSQL replica for reading.
    pub database_read_url: Option<String>,
    /// How long running requests are waited for when the server stops.
    pub drain_timeout: Duration,
    /// How many pushes may be in work or wait at once; more are told to come again.
    pub max_pushes: usize,
    /// How many terminals may listen for news at once; more ask every half minute.
    pub max_listeners: usize,
    /// How many pushes a second one terminal may send in the long run; twice as many at once.
    pub terminal_pushes_per_s: u32,
    /// How many pushes a second all terminals of one business may send in the long run; twice as many at once.
    pub tenant_pushes_per_s: u32,
    /// From so many rows on a terminal that holds nothing gets its catalogue ready-made, in one piece.
    pub snapshot_least_rows: u64,
}

impl Config {
    /// Settings with everything but the folder at its default; listens on any free port of this machine.
    pub fn new(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            data_dir: data_dir.into(),
            database_url: None,
            database_read_url: None,
            drain_timeout: Duration::from_secs(10),
            max_listeners: 20_000,
            max_pushes: 256,
            terminal_pushes_per_s: 500,
            tenant_pushes_per_s: 3_000,
            snapshot_least_rows: 2_000,
        }
    }

    /// The address of the database.
    pub fn database_url(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| sqlite_url(&self.data_dir.join("kedai-server.db")))
    }
}

/// The address of a SQLite file that is made when missing.
pub(crate) fn sqlite_url(path: &Path) -> String {
    let mut escaped = String::new();
    for c in path.to_string_lossy().chars() {
        match c {
            '%' | '?' | '#' | ' ' => escaped.push_str(&format!("%{:02X}", u32::from(c))),
            '\\' => escaped.push('/'),
            _ => escaped.push(c),
        }
    }
    let separator = if escaped.starts_with('/') { "//" } else { "" };
    format!("sqlite:{separator}{escaped}?mode=rwc")
}

/// The file of a SQLite address; None when it names none.
pub(crate) fn sqlite_path(url: &str) -> Option<PathBuf> {
    let text = url.strip_prefix("sqlite:")?;
    let text = text.split('?').next().unwrap_or_default();
    let text = text.strip_prefix("//").unwrap_or(text);
    let path = percent_decoded(text);
    (!path.is_empty() && path != ":memory:").then(|| PathBuf::from(path))
}

/// Text of an address without its escapes; a byte that is no text is replaced.
pub(crate) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let escaped = (*first == b'%').then(|| after.get(..2)).flatten();
        let byte = escaped.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_blanks_and_signs_is_still_a_database_address() {
        let config = Config::new("/srv/toko ibu #1");
        assert_eq!(config.database_url(), "sqlite:///srv/toko%20ibu%20%231/kedai-server.db?mode=rwc");
    }

    #[test]
    fn the_file_of_an_address_is_found_again() {
        let config = Config::new("/srv/toko ibu #1");
        let path = PathBuf::from("/srv/toko ibu #1/kedai-server.db");
        assert_eq!(sqlite_path(&config.database_url()), Some(path));
        assert_eq!(sqlite_path("sqlite::memory:"), None);
    }
}
