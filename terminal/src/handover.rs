//! Getting a till's sales out without its screens: a signed export, and putting its data away when it changes hands.

use std::fs;
use std::path::{Path, PathBuf};

use shared::Clock;

use crate::engine::{FolderError, folder};
use crate::journal::export::{self, Exported, Part};
use crate::journal::{lives, salvage};
use crate::store::{FILE_NAME, MARKER_NAME, Store, StoreError, catalogue_file};

/// Why nothing was exported or put away.
#[derive(Debug, thiserror::Error)]
pub enum HandoverError {
    /// The folder is in use, or its secrets cannot be read.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The store cannot be read, or the export not written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no enrolled till in the folder.
    #[error("no till is enrolled in {0}")]
    NotEnrolled(PathBuf),
    /// The server has not confirmed everything.
    #[error(
        "{0} events are not at the server yet: let the till send them, or write them to a file with --export FILE and take \
         that in with `kedai-server import FILE`"
    )]
    Unsent(u64),
    /// A file could not be moved.
    #[error("could not put {path} away: {source}")]
    PutAway {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: std::io::Error,
    },
}

/// Exports what the server has not confirmed, or all of the journal, as a signed file.
///
/// # Errors
/// See [`HandoverError`].
pub fn export(dir: &Path, file: &Path, all: bool, clock: &dyn Clock) -> Result<Exported, HandoverError> {
    let identity = Store::marked(dir)?.ok_or_else(|| HandoverError::NotEnrolled(dir.to_owned()))?;
    let mut device = folder::device_of(dir, &identity)?;
    // The marker may be of an older life than the store.
    let db = salvage::open_read_only(&dir.join(FILE_NAME));
    if let Some(Ok(Some(own))) = db.map(|db| crate::store::meta::identity(&db)) {
        device.epoch = device.epoch.max(own.epoch);
    }
    let part = if all { Part::Whole } else { Part::Unsent };
    Ok(export::write_file(&dir.join(FILE_NAME), file, &device, part, clock.now())?)
}

/// Puts the data of a till away into a folder of its own inside `dir`: the device then belongs to no outlet. What the server
/// has not confirmed must be exported in the same step. Nothing is deleted but the secrets, without which the data that is
/// kept gives nobody a PIN or a signature.
///
/// # Errors
/// See [`HandoverError`]; [`HandoverError::Unsent`] when something waits and no export is asked for.
pub fn wipe(dir: &Path, export_to: Option<&Path>, clock: &dyn Clock) -> Result<PathBuf, HandoverError> {
    let _lock = folder::lock(dir)?;
    let identity = Store::marked(dir)?.ok_or_else(|| HandoverError::NotEnrolled(dir.to_owned()))?;
    let unsent = unsent(dir, identity.epoch);
    match (unsent, export_to) {
        (Some(0), None) => {}
        (_, Some(file)) => {
            export(dir, file, false, clock)?;
        }
        (unsent, None) => return Err(HandoverError::Unsent(unsent.unwrap_or(0))),
    }
    let aside = dir.join(format!("put-away-{}", clock.now().as_millis()));
    let failed = |path: &Path, source| HandoverError::PutAway { path: path.to_owned(), source };
    fs::create_dir(&aside).map_err(|source| failed(&aside, source))?;
    // The marker last: until then this folder is still that of an enrolled till.
    let wal = format!("{FILE_NAME}-wal");
    let shm = format!("{FILE_NAME}-shm");
    let listed = fs::read_dir(dir).map_err(|source| failed(dir, source))?;
    let mut names: Vec<_> = listed.flatten().map(|entry| entry.file_name()).collect();
    names.retain(|name| name.to_str().is_some_and(catalogue_file::is_named_so));
    names.extend([FILE_NAME, wal.as_str(), shm.as_str(), "counters.json", MARKER_NAME].map(Into::into));
    for name in names {
        let from = dir.join(&name);
        if from.exists() {
            fs::rename(&from, aside.join(&name)).map_err(|source| failed(&from, source))?;
        }
    }
    for secret in folder::secrets(dir) {
        if secret.exists() {
            fs::remove_file(&secret).map_err(|source| failed(&secret, source))?;
        }
    }
    Ok(aside)
}

/// How many events the server has not confirmed; None when that cannot be read.
fn unsent(dir: &Path, epoch: u32) -> Option<u64> {
    let db = salvage::open_read_only(&dir.join(FILE_NAME))?;
    let epoch = crate::store::meta::identity(&db).ok().flatten().map_or(epoch, |identity| identity.epoch);
    lives::waiting(&db, epoch).ok().map(|(count, _)| count)
}
