//! Canonical bytes, hash chain and signatures.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::Signer as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};

use super::{Event, canonical};

/// A SHA-256 hash; lower-case hexadecimal in JSON.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash([u8; 32]);

/// The `prev_hash` of the first event of an epoch.
pub const GENESIS_HASH: Hash = Hash([0; 32]);

/// An event with its place in the chain and the terminal's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chained {
    /// The event.
    pub event: Event,
    /// The hash of the event before it.
    pub prev_hash: Hash,
    /// `SHA-256(prev_hash ‖ canonical bytes of the event)`.
    pub hash: Hash,
    /// Ed25519 over the bytes of `hash`; hexadecimal.
    pub signature: Signature,
}

/// Why an event does not belong where it claims to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// It does not follow the event before it.
    #[error("the event does not follow the one before it in the journal")]
    PrevHash,
    /// Its content is not what was hashed.
    #[error("the event was changed after it was written")]
    Hash,
    /// It was not signed by this terminal.
    #[error("the event was not signed by this terminal")]
    Signature,
    /// It has no canonical form.
    #[error("the event has no canonical form")]
    Canonical,
}

/// The RFC 8785 bytes of an event.
///
/// # Errors
/// [`ChainError::Canonical`] for numbers that JSON cannot carry.
pub fn canonical_bytes<P: Serialize>(event: &Event<P>) -> Result<Vec<u8>, ChainError> {
    canonical::of(event).map_err(|_| ChainError::Canonical)
}

fn hash_of(prev_hash: &Hash, event: &Event) -> Result<Hash, ChainError> {
    Ok(Hash::chained(prev_hash, &canonical_bytes(event)?))
}

/// Hashes and signs `event` as the one after `prev_hash`.
///
/// # Errors
/// [`ChainError::Canonical`].
pub fn chain(event: Event, prev_hash: Hash, key: &SigningKey) -> Result<Chained, ChainError> {
    let hash = hash_of(&prev_hash, &event)?;
    let signature = Signature(key.0.sign(&hash.0));
    Ok(Chained { event, prev_hash, hash, signature })
}

/// Checks that `chained` follows `prev_hash`, is unchanged and was signed with `key`.
///
/// # Errors
/// What does not hold.
pub fn verify(chained: &Chained, prev_hash: &Hash, key: &PublicKey) -> Result<(), ChainError> {
    if chained.prev_hash != *prev_hash {
        return Err(ChainError::PrevHash);
    }
    if hash_of(prev_hash, &chained.event)? != chained.hash {
        return Err(ChainError::Hash);
    }
    key.verify(&chained.hash.0, &chained.signature)
}

/// A terminal's private key.
#[derive(Clone)]
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// The key of these 32 secret bytes.
    pub fn from_bytes(secret: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(secret))
    }
    /// The secret bytes, to be stored readable by their owner only.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }
    /// The public half.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(self.0.verifying_key())
    }
    /// Signs any message, such as a request.
    pub fn sign(&self, message: &[u8]) -> Signature {
        Signature(self.0.sign(message))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

/// A terminal's public key; hexadecimal in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(ed25519_dalek::VerifyingKey);

impl PublicKey {
    /// Checks a signature over any message (strictly, as RFC 8032 demands).
    ///
    /// # Errors
    /// [`ChainError::Signature`].
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), ChainError> {
        self.0.verify_strict(message, &signature.0).map_err(|_| ChainError::Signature)
    }

    /// Whether all of these messages were signed by this key, in less than half the time that it takes one by one. When not,
    /// [`Self::verify`] says which was not.
    pub fn verify_all(&self, messages: &[&[u8]], signatures: &[Signature]) -> bool {
        let signatures: Vec<ed25519_dalek::Signature> = signatures.iter().map(|of| of.0).collect();
        let keys = vec![self.0; signatures.len()];
        // A key of small order would vouch for anything; one by one such a key is refused.
        !self.0.is_weak() && ed25519_dalek::verify_batch(messages, &signatures, &keys).is_ok()
    }
}

/// An Ed25519 signature; hexadecimal in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature(ed25519_dalek::Signature);

impl Signature {
    /// The 64 bytes.
    pub fn to_bytes(&self) -> [u8; 64] {
        self.0.to_bytes()
    }
    /// From 64 bytes; whether it signs anything is found out by verifying it.
    pub fn from_bytes(bytes: &[u8; 64]) -> Self {
        Self(ed25519_dalek::Signature::from_bytes(bytes))
    }
}

impl Hash {
    /// The 32 bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
    /// From 32 bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
    /// The hash of an event whose canonical bytes these are, after the event of `prev_hash`.
    pub fn chained(prev_hash: &Self, canonical: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(prev_hash.0);
        hasher.update(canonical);
        Self(hasher.finalize().into())
    }
    /// SHA-256 of any bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is no key, hash or signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a {0} in hexadecimal")]
pub struct HexError(&'static str);

fn bytes<const N: usize>(text: &str, what: &'static str) -> Result<[u8; N], HexError> {
    let mut out = [0; N];
    hex::decode_to_slice(text, &mut out).map_err(|_| HexError(what))?;
    Ok(out)
}

macro_rules! hex_text {
    ($name:ident, $what:literal, $write:expr, $read:expr) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let write: fn(&Self) -> String = $write;
                f.write_str(&write(self))
            }
        }
        impl FromStr for $name {
            type Err = HexError;
            fn from_str(text: &str) -> Result<Self, HexError> {
                let read: fn(&str) -> Result<Self, HexError> = $read;
                read(text)
            }
        }
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }
    };
}

hex_text!(Hash, "hash", |h| hex::encode(h.0), |t| bytes(t, "hash").map(Hash));
hex_text!(Signature, "signature", |s| hex::encode(s.0.to_bytes()), |t| bytes::<64>(t, "signature")
    .map(|b| Signature(ed25519_dalek::Signature::from_bytes(&b))));
hex_text!(PublicKey, "public key", |k| hex::encode(k.0.to_bytes()), |t| bytes::<32>(t, "public key")
    .and_then(|b| ed25519_dalek::VerifyingKey::from_bytes(&b)
        .map(PublicKey)
        .map_err(|_| HexError("public key"))));
