//! The envelope of messages to a terminal on the shop's own network: keys from a passphrase, AES-256-CBC, HMAC-SHA-256.

use aes::Aes256;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockDecryptMut as _, BlockEncryptMut as _, KeyIvInit as _};
use hmac::{Hmac, Mac as _};
use serde_json::{Value, json};
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

const SALT: &[u8] = b"AdyenNexoV1Salt";
const ROUNDS: u32 = 4000;
const KEY_BYTES: usize = 80;

/// Why an envelope could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// It is not of the form of an envelope.
    #[error("the message is no envelope")]
    Form,
    /// It was closed with another key, or changed on its way.
    #[error("the message was not closed with our key")]
    Key,
}

/// The shared key of a terminal.
#[derive(Clone)]
pub struct SharedKey {
    derived: Zeroizing<[u8; KEY_BYTES]>,
    identifier: String,
    version: u32,
}

impl std::fmt::Debug for SharedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedKey").field("identifier", &self.identifier).finish_non_exhaustive()
    }
}

impl SharedKey {
    /// The key of a passphrase; identifier and version are those entered beside it.
    pub fn new(passphrase: &str, identifier: &str, version: u32) -> Self {
        let mut derived = Zeroizing::new([0; KEY_BYTES]);
        pbkdf2_sha1(passphrase.as_bytes(), SALT, ROUNDS, &mut *derived);
        Self { derived, identifier: identifier.to_owned(), version }
    }

    /// HMAC key, cipher key and initialisation vector, one after the other.
    pub fn derived(&self) -> &[u8; KEY_BYTES] {
        &self.derived
    }

    fn mac(&self, message: &[u8]) -> [u8; 32] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.derived[..32]) else { return [0; 32] };
        mac.update(message);
        mac.finalize().into_bytes().into()
    }

    /// The initialisation vector of a nonce.
    fn iv(&self, nonce: &[u8; 16]) -> [u8; 16] {
        let mut iv = *nonce;
        for (byte, own) in iv.iter_mut().zip(&self.derived[64..]) {
            *byte ^= own;
        }
        iv
    }

    /// Puts a message into an envelope of that name (`SaleToPOIRequest`); a nonce is used once.
    pub fn close(&self, name: &str, header: &Value, message: &str, nonce: [u8; 16]) -> Value {
        let mut key = Zeroizing::new([0; 32]);
        key.copy_from_slice(&self.derived[32..64]);
        let cipher = cbc::Encryptor::<Aes256>::new((&*key).into(), (&self.iv(&nonce)).into());
        let blob = cipher.encrypt_padded_vec_mut::<Pkcs7>(message.as_bytes());
        json!({ name: {
            "MessageHeader": header,
            "NexoBlob": STANDARD.encode(blob),
            "SecurityTrailer": {
                "AdyenCryptoVersion": 1,
                "Hmac": STANDARD.encode(self.mac(message.as_bytes())),
                "KeyIdentifier": self.identifier,
                "KeyVersion": self.version,
                "Nonce": STANDARD.encode(nonce),
            },
        }})
    }

    /// Takes a message out of its envelope.
    ///
    /// # Errors
    /// When it is none or not of our key.
    pub fn open(&self, envelope: &Value) -> Result<String, EnvelopeError> {
        let inner = envelope
            .get("SaleToPOIResponse")
            .or_else(|| envelope.get("SaleToPOIRequest"))
            .unwrap_or(envelope);
        let bytes = |value: Option<&Value>| {
            value
                .and_then(Value::as_str)
                .and_then(|text| STANDARD.decode(text).ok())
                .ok_or(EnvelopeError::Form)
        };
        let trailer = inner.get("SecurityTrailer").ok_or(EnvelopeError::Form)?;
        let blob = bytes(inner.get("NexoBlob"))?;
        let mac = bytes(trailer.get("Hmac"))?;
        let nonce: [u8; 16] = bytes(trailer.get("Nonce"))?.try_into().map_err(|_| EnvelopeError::Form)?;
        let mut key = Zeroizing::new([0; 32]);
        key.copy_from_slice(&self.derived[32..64]);
        let cipher = cbc::Decryptor::<Aes256>::new((&*key).into(), (&self.iv(&nonce)).into());
        let message = cipher.decrypt_padded_vec_mut::<Pkcs7>(&blob).map_err(|_| EnvelopeError::Key)?;
        if !bool::from(self.mac(&message).as_slice().ct_eq(&mac)) {
            return Err(EnvelopeError::Key);
        }
        String::from_utf8(message).map_err(|_| EnvelopeError::Form)
    }
}

/// PBKDF2 (RFC 8018) over HMAC-SHA-1.
fn pbkdf2_sha1(password: &[u8], salt: &[u8], rounds: u32, out: &mut [u8]) {
    for (index, block) in (1_u32..).zip(out.chunks_mut(20)) {
        let first = [salt, &index.to_be_bytes()].concat();
        let mut last = hmac_sha1(password, &first);
        let mut sum = last;
        for _ in 1..rounds {
            last = hmac_sha1(password, &last);
            sum.iter_mut().zip(last).for_each(|(sum, byte)| *sum ^= byte);
        }
        block.copy_from_slice(&sum[..block.len()]);
    }
}

/// HMAC-SHA-1; an HMAC takes a key of any length, so that nothing can fail.
fn hmac_sha1(key: &[u8], message: &[u8]) -> [u8; 20] {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(key) else { return [0; 20] };
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn the_key_of_a_known_passphrase_is_the_known_key() {
        let key = SharedKey::new("mypassphrase", "id", 1);
        assert_eq!(
            hex(key.derived()),
            "cf7e99cf1feb743037cf74b5926d7f1860f45fb5f18d6603a4abb4137188143d382da4f7c408f511c509e04d2e8f38ce\
             df4641e132dce8e07350bd33ba0ccd8412ecd9de01f69868b3e99e62fda5bf96"
        );
        // RFC 6070, two rounds.
        let mut out = [0; 20];
        pbkdf2_sha1(b"password", b"salt", 2, &mut out);
        assert_eq!(hex(&out), "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
    }

    #[test]
    fn an_envelope_opens_with_its_key_only() {
        let key = SharedKey::new("mypassphrase", "id", 1);
        let message = r#"{"SaleToPOIRequest":{"PaymentRequest":{}}}"#;
        let envelope = key.close("SaleToPOIRequest", &json!({ "SaleID": "T1" }), message, [7; 16]);
        assert_eq!(key.open(&envelope).as_deref(), Ok(message));
        assert_eq!(SharedKey::new("other", "id", 1).open(&envelope), Err(EnvelopeError::Key));
        let mut changed = envelope.clone();
        changed["SaleToPOIRequest"]["SecurityTrailer"]["Hmac"] = json!(STANDARD.encode([0; 32]));
        assert_eq!(key.open(&changed), Err(EnvelopeError::Key));
        for form in [json!({}), json!({ "SaleToPOIResponse": { "NexoBlob": "?" } }), json!([1])] {
            assert_eq!(key.open(&form), Err(EnvelopeError::Form));
        }
        assert!(!format!("{key:?}").contains("mypassphrase"));
    }
}
