//! The server's one secret and what is derived from it.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The 32 bytes that peppers, token keys and code hashes are derived from; in a file beside the database, not in it, so
/// that a stolen database alone opens nothing.
#[derive(Clone)]
pub struct Secrets {
    /// The secret itself.
    pub master: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets(…)")
    }
}

impl Secrets {
    /// Reads the key file of the data folder, or makes it at the first start, readable by its owner only.
    ///
    /// # Errors
    /// The folder cannot be written, or the file is not 32 bytes in hexadecimal.
    pub fn load_or_create(data_dir: &Path) -> io::Result<Self> {
        let path = data_dir.join("server.key");
        match fs::read_to_string(&path) {
            Ok(text) => Self::from_hex(text.trim()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut master = Zeroizing::new([0_u8; 32]);
                getrandom::fill(master.as_mut_slice()).map_err(io::Error::other)?;
                let mut options = fs::OpenOptions::new();
                options.write(true).create_new(true);
                #[cfg(unix)]
                std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
                let mut file = options.open(&path)?;
                file.write_all(hex::encode(master.as_slice()).as_bytes())?;
                file.sync_all()?;
                Ok(Self { master })
            }
            Err(error) => Err(error),
        }
    }

    fn from_hex(text: &str) -> io::Result<Self> {
        let mut master = Zeroizing::new([0_u8; 32]);
        hex::decode_to_slice(text, master.as_mut_slice()).map_err(|_| {
            io::Error::new(io::ErrorKind::InvalidData, "server.key is not 32 bytes in hexadecimal")
        })?;
        Ok(Self { master })
    }

    /// A key for one purpose: `HMAC-SHA-256(master, label ‖ message)`.
    pub fn derive(&self, label: &str, message: &[u8]) -> [u8; 32] {
        // HMAC takes keys of any length, so a key of 32 bytes is never refused.
        let Ok(mut mac) = <Hmac<Sha256> as hmac::Mac>::new_from_slice(self.master.as_slice()) else {
            return [0; 32];
        };
        mac.update(label.as_bytes());
        mac.update(message);
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    #[test]
    fn the_key_is_made_once_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        let first = Secrets::load_or_create(dir.path()).unwrap();
        let second = Secrets::load_or_create(dir.path()).unwrap();
        assert_eq!(first.master, second.master);
        assert_ne!(first.derive("a", b"x"), first.derive("b", b"x"));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_the_key() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        Secrets::load_or_create(dir.path()).unwrap();
        let mode = fs::metadata(dir.path().join("server.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_broken_key_file_is_an_error_and_stays_as_it_is() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("server.key"), "nonsense").unwrap();
        assert!(Secrets::load_or_create(dir.path()).is_err());
        assert_eq!(fs::read_to_string(dir.path().join("server.key")).unwrap(), "nonsense");
    }
}
