//! The data folder beside the store: the lock that keeps a second engine out, and the secrets that no database carries.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use rand_core::RngCore;
use shared::journal::SigningKey;
use zeroize::Zeroizing;

use crate::context::Device;
use crate::durable;
use crate::store::meta::Identity;

const LOCK_NAME: &str = "engine.lock";
const KEY_NAME: &str = "device.key";
const PEPPER_NAME: &str = "pepper";
/// More is no secret of ours.
const MAX_SECRET_BYTES: u64 = 4096;

/// What is wrong with the data folder.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Another engine has it.
    #[error(
        "another kedai-terminal is using {0}: close it first, or give this one a data folder of its own (--data-dir)"
    )]
    InUse(PathBuf),
    /// A file could not be read or written.
    #[error("could not {what} {path}: {source}")]
    File {
        /// What was attempted.
        what: &'static str,
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// A secret is not what this program wrote.
    #[error("{0} does not hold what this program wrote there: put it back from a backup, or enrol anew")]
    Malformed(PathBuf),
    /// The terminal is enrolled, but one of its secrets is not there.
    #[error("this terminal is enrolled, but {0} is missing: put it back from a backup, or enrol anew")]
    Missing(PathBuf),
}

/// Held while an engine runs; another one on the same folder is refused. The system drops it with the process.
#[derive(Debug)]
pub struct FolderLock(#[expect(dead_code, reason = "the lock lives as long as the open file")] File);

/// Makes the data folder, readable by its owner only, and takes its lock.
///
/// # Errors
/// [`FolderError::InUse`], or a folder that cannot be written.
pub fn lock(dir: &Path) -> Result<FolderLock, FolderError> {
    let path = dir.join(LOCK_NAME);
    make_private_folder(dir).map_err(|source| failed("make the data folder", dir, source))?;
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|source| failed("open", &path, source))?;
    match file.try_lock() {
        Ok(()) => Ok(FolderLock(file)),
        Err(TryLockError::WouldBlock) => Err(FolderError::InUse(dir.to_owned())),
        Err(TryLockError::Error(source)) => Err(failed("lock", &path, source)),
    }
}

/// The device's key; None before there is one.
///
/// # Errors
/// When the file cannot be read or holds something else.
pub fn read_key(dir: &Path) -> Result<Option<SigningKey>, FolderError> {
    Ok(read_secret::<32>(&dir.join(KEY_NAME))?.map(|bytes| SigningKey::from_bytes(&bytes)))
}

/// The device's key, made now when there is none: an enrolment that is tried again keeps it.
///
/// # Errors
/// When the file cannot be read or written.
pub fn read_or_make_key(dir: &Path, rng: &mut dyn RngCore) -> Result<SigningKey, FolderError> {
    if let Some(key) = read_key(dir)? {
        return Ok(key);
    }
    let mut bytes = Zeroizing::new([0_u8; 32]);
    rng.fill_bytes(&mut *bytes);
    write_secret(&dir.join(KEY_NAME), &*bytes)?;
    Ok(SigningKey::from_bytes(&bytes))
}

/// The PIN pepper; None before enrolment.
///
/// # Errors
/// When the file cannot be read or holds something else.
pub fn read_pepper(dir: &Path) -> Result<Option<Zeroizing<Vec<u8>>>, FolderError> {
    let path = dir.join(PEPPER_NAME);
    let Some(text) = read_text(&path)? else { return Ok(None) };
    let bytes = hex::decode(text.trim()).map_err(|_| FolderError::Malformed(path))?;
    Ok(Some(Zeroizing::new(bytes)))
}

/// Keeps the PIN pepper.
///
/// # Errors
/// When the file cannot be written.
pub fn write_pepper(dir: &Path, pepper: &[u8]) -> Result<(), FolderError> {
    write_secret(&dir.join(PEPPER_NAME), pepper)
}

/// The error for an enrolled terminal without its key or pepper.
pub fn missing_secret(dir: &Path, key_is_there: bool) -> FolderError {
    FolderError::Missing(dir.join(if key_is_there { PEPPER_NAME } else { KEY_NAME }))
}

/// The files of the secrets.
pub fn secrets(dir: &Path) -> [PathBuf; 2] {
    [dir.join(KEY_NAME), dir.join(PEPPER_NAME)]
}

/// The terminal of an identity, with its secrets.
///
/// # Errors
/// When one of them is not there or cannot be read.
pub fn device_of(dir: &Path, identity: &Identity) -> Result<Device, FolderError> {
    let key = read_key(dir)?;
    let pepper = read_pepper(dir)?;
    match (key, pepper) {
        (Some(key), Some(pin_pepper)) => Ok(Device {
            tenant_id: identity.tenant_id,
            outlet_id: identity.outlet_id,
            terminal_id: identity.terminal_id,
            terminal_number: identity.terminal_number,
            epoch: identity.epoch,
            key,
            pin_pepper,
        }),
        (key, _) => Err(missing_secret(dir, key.is_some())),
    }
}

fn failed(what: &'static str, path: &Path, source: io::Error) -> FolderError {
    FolderError::File { what, path: path.to_owned(), source }
}

fn read_secret<const N: usize>(path: &Path) -> Result<Option<Zeroizing<[u8; N]>>, FolderError> {
    let Some(text) = read_text(path)? else { return Ok(None) };
    let mut bytes = Zeroizing::new([0_u8; N]);
    hex::decode_to_slice(text.trim(), &mut *bytes).map_err(|_| FolderError::Malformed(path.to_owned()))?;
    Ok(Some(bytes))
}

fn read_text(path: &Path) -> Result<Option<Zeroizing<String>>, FolderError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(failed("read", path, source)),
    };
    let mut text = Zeroizing::new(String::new());
    file.take(MAX_SECRET_BYTES).read_to_string(&mut text).map_err(|source| failed("read", path, source))?;
    Ok(Some(text))
}

/// Writes a secret as hexadecimal into a file that only its owner can read, durable and never half.
fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    durable::replace(path, Zeroizing::new(hex::encode(bytes)).as_bytes())
        .map_err(|source| failed("write", path, source))
}

#[cfg(unix)]
fn make_private_folder(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

#[cfg(not(unix))]
fn make_private_folder(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;
    use crate::engine::seams::SystemRandom;

    #[test]
    fn a_key_is_made_once_and_only_its_owner_reads_it() {
        let dir = tempfile::tempdir().unwrap();
        assert!(read_key(dir.path()).unwrap().is_none());
        let key = read_or_make_key(dir.path(), &mut SystemRandom).unwrap();
        let again = read_or_make_key(dir.path(), &mut SystemRandom).unwrap();
        assert_eq!(key.public_key(), again.public_key());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(dir.path().join(KEY_NAME)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_secret_that_was_damaged_is_named_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(KEY_NAME), "not a key").unwrap();
        let error = read_or_make_key(dir.path(), &mut SystemRandom).unwrap_err();
        assert!(error.to_string().contains(KEY_NAME), "{error}");
        assert_eq!(fs::read_to_string(dir.path().join(KEY_NAME)).unwrap(), "not a key");
    }

    #[test]
    fn a_second_engine_on_one_folder_is_refused_readably() {
        let dir = tempfile::tempdir().unwrap();
        let first = lock(dir.path()).unwrap();
        let error = lock(dir.path()).unwrap_err();
        assert!(matches!(error, FolderError::InUse(_)), "{error}");
        drop(first);
        lock(dir.path()).unwrap();
    }
}
