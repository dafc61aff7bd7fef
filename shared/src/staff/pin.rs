//! PINs: parsed once, hashed with a pepper that no database holds, verified alike on terminal and server.
//!
//! All 4-digit PINs fall to a stolen database in minutes, so what is hashed is `HMAC-SHA-256(pepper, PIN)`: without the
//! tenant's pepper (a file beside the database, never in it) the hash tells nothing. Argon2id follows RFC 9106 with the
//! parameters OWASP gives for 19 MiB, so that a till checks a PIN in well under a tenth of a second.

use std::fmt;
use std::str::FromStr;

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use hmac::{Hmac, Mac};
use serde::Deserialize;
use sha2::Sha256;
use zeroize::Zeroize;

/// Memory of one hash in KiB.
const MEMORY_KIB: u32 = 19_456;
/// Passes over that memory.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;

/// The text is no PIN.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a PIN has 4 to 8 digits")]
pub struct PinError;

/// A hash could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("could not hash the secret: {0}")]
pub struct HashError(String);

/// A PIN of 4 to 8 digits. It never shows in logs and is wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Pin(String);

impl Pin {
    /// Whether guessing would begin with this one: one digit repeated, or a run such as `1234` or `8765`.
    pub fn is_easily_guessed(&self) -> bool {
        let steps: Vec<i16> =
            self.0.as_bytes().windows(2).map(|pair| i16::from(pair[1]) - i16::from(pair[0])).collect();
        [0, 1, -1].into_iter().any(|step| steps.iter().all(|s| *s == step))
    }
}

impl FromStr for Pin {
    type Err = PinError;
    fn from_str(text: &str) -> Result<Self, PinError> {
        let fits = (4..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if fits { Ok(Self(text.to_owned())) } else { Err(PinError) }
    }
}

impl TryFrom<String> for Pin {
    type Error = PinError;
    fn try_from(mut text: String) -> Result<Self, PinError> {
        let parsed = text.parse();
        text.zeroize();
        parsed
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(..)")
    }
}

/// Argon2id with the parameters of this build; older hashes carry their own.
fn argon2() -> Result<Argon2<'static>, HashError> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| HashError(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// `HMAC-SHA-256(pepper, secret)`: what is hashed in place of the secret itself.
fn peppered(pepper: &[u8], secret: &[u8]) -> Result<[u8; 32], HashError> {
    let mut mac = Hmac::<Sha256>::new_from_slice(pepper).map_err(|error| HashError(error.to_string()))?;
    mac.update(secret);
    Ok(mac.finalize().into_bytes().into())
}

/// The Argon2id PHC string of any secret under a pepper; `salt` must be fresh for every call.
///
/// # Errors
/// [`HashError`] when memory for the hash is missing.
pub fn hash_secret(pepper: &[u8], secret: &[u8], salt: &[u8; 16]) -> Result<String, HashError> {
    let mut keyed = peppered(pepper, secret)?;
    let salt = SaltString::encode_b64(salt).map_err(|error| HashError(error.to_string()))?;
    let hash = argon2()?.hash_password(&keyed, &salt).map_err(|error| HashError(error.to_string()));
    keyed.zeroize();
    Ok(hash?.to_string())
}

/// Whether a secret is the one that was hashed; false when the hash cannot be read. Takes the same time either way.
pub fn verify_secret(pepper: &[u8], secret: &[u8], phc: &str) -> bool {
    let (Ok(mut keyed), Ok(hash), Ok(argon2)) = (peppered(pepper, secret), PasswordHash::new(phc), argon2())
    else {
        return false;
    };
    let fits = argon2.verify_password(&keyed, &hash).is_ok();
    keyed.zeroize();
    fits
}

/// The hash of a PIN as it stands in [`super::Staff::pin_hash`]; `salt` must be fresh for every call.
///
/// # Errors
/// [`HashError`] when memory for the hash is missing.
pub fn hash_pin(pepper: &[u8], pin: &Pin, salt: &[u8; 16]) -> Result<String, HashError> {
    hash_secret(pepper, pin.0.as_bytes(), salt)
}

/// Whether a PIN is the one that was hashed; false when the hash cannot be read.
pub fn verify_pin(pepper: &[u8], pin: &Pin, phc: &str) -> bool {
    verify_secret(pepper, pin.0.as_bytes(), phc)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn pin(text: &str) -> Pin {
        text.parse().unwrap()
    }

    #[test]
    fn only_four_to_eight_digits_are_a_pin() {
        for good in ["0000", "12345678"] {
            assert!(good.parse::<Pin>().is_ok(), "{good}");
        }
        for bad in ["", "123", "123456789", "12a4", " 1234", "١٢٣٤"] {
            assert_eq!(bad.parse::<Pin>(), Err(PinError), "{bad}");
        }
    }

    #[test]
    fn a_pin_verifies_only_under_its_own_pepper() {
        let hash = hash_pin(b"pepper", &pin("2580"), &[7; 16]).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify_pin(b"pepper", &pin("2580"), &hash));
        assert!(!verify_pin(b"pepper", &pin("2581"), &hash));
        assert!(!verify_pin(b"another", &pin("2580"), &hash));
        assert!(!verify_pin(b"pepper", &pin("2580"), "no hash at all"));
    }

    #[test]
    fn the_same_pin_hashes_otherwise_under_another_salt() {
        let one = hash_pin(b"pepper", &pin("2580"), &[1; 16]).unwrap();
        let two = hash_pin(b"pepper", &pin("2580"), &[2; 16]).unwrap();
        assert_ne!(one, two);
    }

    #[test]
    fn a_pin_never_shows_in_a_log() {
        assert_eq!(format!("{:?}", pin("2580")), "Pin(..)");
    }

    #[test]
    fn runs_and_repeats_are_easily_guessed() {
        assert!(pin("1111").is_easily_guessed());
        assert!(pin("1234").is_easily_guessed());
        assert!(pin("9876").is_easily_guessed());
        assert!(!pin("2580").is_easily_guessed());
    }
}
