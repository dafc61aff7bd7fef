//! The last receipt and Z numbers, also in a file beside the store: when the store is lost, no number is given out twice.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::row::first;
use super::{StoreError, Tx, meta};

/// The file beside the store.
const FILE: &str = "counters.json";
/// Below these no number is given out, in a store that began anew.
const RECEIPTS: &str = "receipts_given";
const Z: &str = "z_given";

/// The last numbers given out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counters {
    /// The last receipt.
    pub receipts: u64,
    /// The last Z report.
    pub z: u64,
}

impl Counters {
    /// The last numbers of a store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn of(db: &Connection) -> Result<Self, StoreError> {
        let receipts = super::orders::next_receipt_counter(db)? - 1;
        let z = super::drawer_sessions::next_z_number(db)? - 1;
        Ok(Self { receipts: u64::try_from(receipts).unwrap_or(0), z: u64::from(z) })
    }

    /// The larger of each.
    #[must_use]
    pub fn newest(self, other: Self) -> Self {
        Self { receipts: self.receipts.max(other.receipts), z: self.z.max(other.z) }
    }

    /// What the file in `dir` says; zeros when it says nothing.
    pub fn read(dir: &Path) -> Self {
        fs::read(dir.join(FILE))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Writes the file when it says something else; never half.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(self, dir: &Path) -> Result<(), StoreError> {
        if Self::read(dir) == self {
            return Ok(());
        }
        let path = dir.join(FILE);
        let part = dir.join("counters.json.part");
        let json = serde_json::to_vec(&self).map_err(|error| StoreError::contradiction("numbers", error))?;
        fs::write(&part, json).and_then(|()| fs::rename(&part, &path)).map_err(|source| StoreError::File {
            what: "write",
            path,
            source,
        })
    }

    /// Makes a new store go on after these numbers.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn keep(self, tx: &Tx<'_>) -> Result<(), StoreError> {
        meta::set(tx, RECEIPTS, &self.receipts.to_string())?;
        meta::set(tx, Z, &self.z.to_string())
    }
}

/// The last receipt given out before this store began; 0 for none.
pub(super) fn receipts_before(db: &Connection) -> Result<i64, StoreError> {
    before(db, RECEIPTS)
}

/// The last Z report given out before this store began; 0 for none.
pub(super) fn z_before(db: &Connection) -> Result<i64, StoreError> {
    before(db, Z)
}

fn before(db: &Connection, key: &str) -> Result<i64, StoreError> {
    let sql = "SELECT CAST(value AS INTEGER) FROM meta WHERE key = ?1";
    Ok(first(db, "read the numbers given out", sql, [key], |row| row.get(0))?.unwrap_or(0))
}
