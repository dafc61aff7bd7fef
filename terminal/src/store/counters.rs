//! The last receipt and Z numbers, also in a file beside the store: when the store is lost, no number is given out twice.
//!
//! The file is written at idle moments, so that no sale waits for it: it may lag behind by what is sold between two of
//! them, and whoever goes on from it leaves that many out.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::row::first;
use super::{StoreError, Tx, meta};
use crate::durable;

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

    /// Where a store goes on whose last numbers are known from the file at best: at the next thousand receipts and ten Z
    /// reports, half of that away at least, which is far more than the file can lag behind.
    #[must_use]
    pub fn well_after(self) -> Self {
        let after = |number: u64, step: u64| ((number + step / 2) / step + 1) * step;
        Self { receipts: after(self.receipts, 1_000), z: after(self.z, 10) }
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

    /// Writes the file when it says something else; durable, and never half.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(self, dir: &Path) -> Result<(), StoreError> {
        if Self::read(dir) == self {
            return Ok(());
        }
        let path = dir.join(FILE);
        let json = serde_json::to_vec(&self).map_err(|error| StoreError::contradiction("numbers", error))?;
        durable::replace(&path, &json).map_err(|source| StoreError::File { what: "write", path, source })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_lags_behind_gives_no_number_twice() {
        for known in 0..3_000 {
            let on = Counters { receipts: known, z: known }.well_after();
            assert!(on.receipts > known + 500 && on.receipts.is_multiple_of(1_000), "{known}: {on:?}");
            assert!(on.z > known + 5 && on.z.is_multiple_of(10), "{known}: {on:?}");
        }
        assert_eq!(Counters::default().well_after(), Counters { receipts: 1_000, z: 10 });
    }
}
