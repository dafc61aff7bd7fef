//! A ready-made catalogue: fetched part by part, checked, unpacked beside the present one and put in its place, while the
//! till sells on from what it has. What was fetched outlives a cut: the next attempt goes on where it ended.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};
use shared::journal::Hash;
use shared::wire::SnapshotFile;

use super::{Link, LinkError, Signer, blocking};
use crate::engine::Till;
use crate::store::catalogue_file;

/// The most bytes that a catalogue may have on this disk; more is none of ours.
const MAX_PLAIN_BYTES: u64 = 4 * 1024 * 1024 * 1024;
/// What is read or written at once.
const BUFFER: usize = 256 * 1024;

/// A ready-made catalogue under way.
#[derive(Debug)]
pub(super) struct Fetch {
    file: SnapshotFile,
    got: u64,
}

/// What a step brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fetched {
    /// A part; about so many of its rows are here.
    Part { rows: u64, of: u64 },
    /// All of it, and it is in place.
    Whole,
}

impl Fetch {
    /// Begins to fetch a file, or goes on with what is here of it.
    pub(super) async fn begin(till: &Arc<Till>, file: SnapshotFile) -> Result<Self, LinkError> {
        let named_well = !file.id.is_empty() && file.id.len() <= 100;
        let named_well =
            named_well && file.id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !named_well || file.plain_bytes > MAX_PLAIN_BYTES || file.bytes > file.plain_bytes {
            return Err(LinkError::Garbled("the server offers a catalogue that cannot be one".to_owned()));
        }
        let part = part_of(till, &file.id);
        let got = blocking(till, move |till| {
            sweep(till.dir(), &part);
            fs::metadata(&part).map_or(0, |part| part.len())
        });
        let got = got.await?.min(file.bytes);
        Ok(Self { file, got })
    }

    /// Fetches one part; after the last one, puts the catalogue in place.
    pub(super) async fn step(
        &mut self,
        till: &Arc<Till>,
        link: &Link,
        signer: &Signer,
    ) -> Result<Fetched, LinkError> {
        if self.got < self.file.bytes {
            let bytes = link.snapshot_part(signer, &*till.clock, &self.file.id, self.got).await?;
            let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            if count == 0 || self.got.saturating_add(count) > self.file.bytes {
                return Err(LinkError::Garbled("a part of the catalogue has another length".to_owned()));
            }
            let (part, from) = (part_of(till, &self.file.id), self.got);
            blocking(till, move |_| append(&part, from, &bytes)).await?.map_err(disk)?;
            self.got += count;
        }
        if self.got < self.file.bytes {
            let rows = u128::from(self.file.rows) * u128::from(self.got) / u128::from(self.file.bytes.max(1));
            return Ok(Fetched::Part { rows: u64::try_from(rows).unwrap_or(0), of: self.file.rows });
        }
        let file = self.file.clone();
        let placed = blocking(till, move |till| place(till, &file)).await?;
        if placed.is_err() {
            self.got = 0;
        }
        placed.map(|()| Fetched::Whole)
    }
}

fn part_of(till: &Till, id: &str) -> PathBuf {
    till.dir().join(format!("catalogue.{id}.part"))
}

/// Removes what is left of other catalogues that were begun.
fn sweep(dir: &Path, keep: &Path) {
    let Ok(entries) = fs::read_dir(dir) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with("catalogue.") && path != keep {
            let _ = fs::remove_file(path);
        }
    }
}

fn append(part: &Path, from: u64, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).truncate(false).write(true).open(part)?;
    // What a cut left behind the known end is written over.
    file.set_len(from)?;
    io::Seek::seek(&mut file, io::SeekFrom::Start(from))?;
    file.write_all(bytes)
}

fn disk(error: io::Error) -> LinkError {
    LinkError::Store(format!("keeping the catalogue: {error}"))
}

/// Checks, unpacks and places the file; what is not what the server said is thrown away.
fn place(till: &Till, file: &SnapshotFile) -> Result<(), LinkError> {
    let part = part_of(till, &file.id);
    let incoming = till.dir().join("catalogue.incoming");
    let placed = unpack(&part, &incoming, file).and_then(|()| {
        let found =
            catalogue_file::look_at(&incoming).map_err(|error| LinkError::Garbled(error.to_string()))?;
        if (found.cursor.as_str(), found.rows) != (file.cursor.as_str(), file.rows) {
            return Err(LinkError::Garbled("the catalogue is not the one that was offered".to_owned()));
        }
        till.take_catalogue(&incoming).map_err(|error| LinkError::Store(error.to_string()))
    });
    let _ = fs::remove_file(&incoming);
    let _ = fs::remove_file(&part);
    placed
}

/// A reader that hashes what goes through it.
struct Hashing<R> {
    inner: R,
    hasher: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hasher.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

/// Unpacks the file; durable when it returns.
fn unpack(part: &Path, incoming: &Path, file: &SnapshotFile) -> Result<(), LinkError> {
    let garbled = |error: io::Error| LinkError::Garbled(format!("unpacking the catalogue: {error}"));
    let packed = File::open(part).map_err(disk)?;
    let hashing = Hashing { inner: packed, hasher: Sha256::new() };
    let buffered = BufReader::with_capacity(BUFFER, hashing);
    let mut plain = zstd::Decoder::with_buffer(buffered).map_err(garbled)?;
    let mut out = File::create(incoming).map_err(disk)?;
    let (mut buffer, mut written) = (vec![0; BUFFER], 0_u64);
    loop {
        let count = plain.read(&mut buffer).map_err(garbled)?;
        if count == 0 {
            break;
        }
        written += u64::try_from(count).unwrap_or(u64::MAX);
        if written > file.plain_bytes {
            return Err(LinkError::Garbled("the catalogue is longer than it was said to be".to_owned()));
        }
        out.write_all(buffer.get(..count).unwrap_or_default()).map_err(disk)?;
    }
    // Whatever stands behind the frame belongs to the hash, too.
    let mut rest = plain.finish();
    io::copy(&mut rest, &mut io::sink()).map_err(garbled)?;
    let digest: [u8; 32] = rest.into_inner().hasher.finalize().into();
    if written != file.plain_bytes || Hash::from_bytes(digest) != file.hash {
        return Err(LinkError::Garbled("the catalogue arrived changed".to_owned()));
    }
    out.sync_all().map_err(disk)
}
