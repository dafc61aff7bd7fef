//! A journal, or a part of it, as a file that can travel on a stick: lines of JSON, sealed by the terminal's key.
//!
//! The first line is the [`Header`], then comes one [`super::Chained`] a line, by epoch and place, and last the
//! [`Footer`], whose hash covers every byte before it. Anyone can check such a file with public tools.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Hash, PublicKey, Signature, SigningKey};
use crate::clock::Timestamp;
use crate::ids::{OutletId, TenantId, TerminalId};

/// What the first line says it is.
pub const FORMAT: &str = "kedai-journal";
/// The form of the file that this build writes and reads.
pub const VERSION: u16 = 1;
/// The longest line that is read: an event of 4 MiB and what stands around it.
pub const MAX_LINE_BYTES: u64 = 4 * 1024 * 1024 + 64 * 1024;

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT`].
    pub format: String,
    /// [`VERSION`].
    pub version: u16,
    /// The business.
    pub tenant_id: TenantId,
    /// The outlet.
    pub outlet_id: OutletId,
    /// The terminal.
    pub terminal_id: TerminalId,
    /// Its number in the outlet; None in files made before it was told.
    #[serde(default)]
    pub terminal_number: Option<u32>,
    /// The key that signed everything; whoever imports it compares it with the one it knows.
    pub public_key: PublicKey,
    /// When the file was made.
    pub made_at: Timestamp,
    /// Whether it is the whole journal; false is what the server had not confirmed.
    pub whole: bool,
    /// Places that could not be read or do not hold any longer, as (epoch, seq); at most 1,000 are named.
    #[serde(default)]
    pub damaged: Vec<(u32, u64)>,
}

/// The last line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Footer {
    /// How many events there are.
    pub events: u64,
    /// SHA-256 over all bytes before this line.
    pub sha256: Hash,
    /// Ed25519 over the bytes of that hash; hexadecimal.
    pub signature: Signature,
}

/// Hashes the lines as they are written or read.
#[derive(Debug, Clone, Default)]
pub struct Seal(Sha256);

impl Seal {
    /// Bytes of the file, line ends too.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn hash(self) -> Hash {
        Hash::from_bytes(self.0.finalize().into())
    }

    /// The footer of a file with so many events.
    pub fn close(self, events: u64, key: &SigningKey) -> Footer {
        let sha256 = self.hash();
        Footer { events, sha256, signature: key.sign(sha256.as_bytes()) }
    }

    /// Whether the footer is of these bytes and of this key.
    pub fn fits(self, footer: &Footer, key: &PublicKey) -> bool {
        self.hash() == footer.sha256 && key.verify(footer.sha256.as_bytes(), &footer.signature).is_ok()
    }
}
