//! The journal, or what the server has not confirmed of it, as a signed file that `kedai-server import` takes.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use rusqlite::Connection;
use shared::Timestamp;
use shared::journal::Chained;
use shared::journal::bundle::{FORMAT, Header, Seal, VERSION};

use super::{acked_seq, key_of, lives, salvage};
use crate::context::Device;
use crate::store::StoreError;

/// Damaged places that the header names.
const NAMED: usize = 1_000;

/// Which part of the journal is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Everything that can be read and holds.
    Whole,
    /// What the server has not confirmed.
    Unsent,
}

/// What was exported.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Exported {
    /// Events in the file.
    pub events: u64,
    /// Events that could not be read or do not hold, and are not in it.
    pub damaged: usize,
}

/// Exports the journal of the store in `file` to `target`, durable when it returns; the store is only read, also while a
/// till runs on it. A target that is there already is never written over.
///
/// # Errors
/// When the store is no journal's, or the target cannot be written.
pub fn write_file(
    file: &Path,
    target: &Path,
    device: &Device,
    part: Part,
    now: Timestamp,
) -> Result<Exported, StoreError> {
    let Some(db) = salvage::open_read_only(file) else {
        return Err(StoreError::contradiction("no journal", "nothing of the file can be read"));
    };
    let failed = |source| StoreError::File { what: "write the export", path: target.to_owned(), source };
    let made = File::create_new(target).map_err(failed)?;
    let mut out = BufWriter::new(made);
    let done = write(&db, &mut out, device, part, now).and_then(|done| {
        out.flush()?;
        out.get_ref().sync_all()?;
        Ok(done)
    });
    done.map_err(|source| {
        // Half a file is no export; that it could not be removed changes nothing about the failure.
        let _ = fs::remove_file(target);
        failed(source)
    })
}

/// Writes the export to `out`.
///
/// # Errors
/// When `out` cannot be written.
pub fn write(
    db: &Connection,
    out: &mut impl Write,
    device: &Device,
    part: Part,
    now: Timestamp,
) -> io::Result<Exported> {
    let key = device.key.public_key();
    let ends = lives::ends(db).unwrap_or_default();
    let wanted = |chained: &Chained| {
        let (epoch, seq) = (chained.event.epoch, chained.event.seq);
        // What came after the end of an older life was written again under a later one.
        part == Part::Whole
            || (seq > acked_seq(db, epoch).unwrap_or(0) && ends.get(&epoch).is_none_or(|end| seq <= *end))
    };
    let after = match part {
        Part::Whole => i64::MIN,
        // Of the first life of which something waits, what is confirmed need not be read.
        Part::Unsent => {
            lives::next(db, device.epoch).map_or(i64::MIN, |life| key_of(life.epoch, life.acked_seq))
        }
    };
    let mut damaged = Vec::new();
    salvage::each_row(db, after, |row| -> io::Result<()> {
        let place = (row.epoch, row.seq);
        if row.sound(&key).is_none() {
            damaged.push(place);
        }
        Ok(())
    })?;
    let header = Header {
        format: FORMAT.to_owned(),
        version: VERSION,
        tenant_id: device.tenant_id,
        outlet_id: device.outlet_id,
        terminal_id: device.terminal_id,
        terminal_number: Some(device.terminal_number),
        public_key: key,
        made_at: now,
        whole: part == Part::Whole,
        damaged: damaged.iter().copied().take(NAMED).collect(),
    };
    let mut lines = Lines { out, seal: Seal::default() };
    lines.add(&header)?;
    let mut events = 0_u64;
    salvage::each_row(db, after, |row| match row.sound(&key) {
        Some(chained) if wanted(&chained) => {
            events += 1;
            lines.add(&chained)
        }
        _ => Ok(()),
    })?;
    let footer = lines.seal.clone().close(events, &device.key);
    lines.add(&footer)?;
    Ok(Exported { events, damaged: damaged.len() })
}

struct Lines<'a, W> {
    out: &'a mut W,
    seal: Seal,
}

impl<W: Write> Lines<'_, W> {
    fn add(&mut self, line: &impl serde::Serialize) -> io::Result<()> {
        let mut bytes = serde_json::to_vec(line).map_err(io::Error::other)?;
        bytes.push(b'\n');
        self.seal.add(&bytes);
        self.out.write_all(&bytes)
    }
}
