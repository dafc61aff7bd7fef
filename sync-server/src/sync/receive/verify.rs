//! Whether events are what their terminal wrote: chain, hashes and signatures, without looking at the database.

use shared::journal::{Event, GENESIS_HASH, Hash, canonical_bytes};
use shared::wire::{MAX_PUSH_EVENTS, PushRequest};

use crate::sync::device::Device;

/// An event whose hash and signature are right, with the bytes that were hashed.
#[derive(Debug)]
pub struct Verified {
    /// The event.
    pub event: Event,
    /// The hash of the event before it.
    pub prev_hash: Hash,
    /// Its hash.
    pub hash: Hash,
    /// The signature over its hash, hexadecimal in JSON and 64 bytes here.
    pub signature: Vec<u8>,
    /// Its canonical bytes.
    pub raw: Vec<u8>,
}

/// Where a push stops being right; what comes before may still be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// This event was changed, belongs elsewhere or was not signed by this terminal.
    Tampered {
        /// Its place.
        seq: u64,
    },
    /// An event is missing inside the push.
    Gap {
        /// The missing one.
        expected_seq: u64,
    },
    /// More events than a push may hold.
    TooMany,
}

/// Verifies the events of a push, in their order, up to the first that is not right.
pub fn verify(device: &Device, push: PushRequest) -> (Vec<Verified>, Option<Refused>) {
    if push.events.len() > MAX_PUSH_EVENTS {
        return (Vec::new(), Some(Refused::TooMany));
    }
    let mut verified: Vec<Verified> = Vec::with_capacity(push.events.len());
    let mut hashed = Vec::new();
    for chained in push.events {
        let event = chained.event;
        let seq = event.seq;
        let tampered = Some(Refused::Tampered { seq });
        let own = event.tenant_id == device.tenant_id
            && event.terminal_id == device.terminal_id
            && event.outlet_id == device.outlet_id
            && event.epoch == push.epoch
            && event.epoch > 0
            && (1..=MAX_SEQ).contains(&seq)
            && (seq != 1 || chained.prev_hash == GENESIS_HASH);
        if !own {
            return (verified, tampered);
        }
        if let Some(before) = verified.last() {
            let expected_seq = before.event.seq + 1;
            if seq > expected_seq {
                return (verified, Some(Refused::Gap { expected_seq }));
            }
            if seq < expected_seq || chained.prev_hash != before.hash {
                return (verified, tampered);
            }
        }
        let Ok(raw) = canonical_bytes(&event) else { return (verified, tampered) };
        hashed.clear();
        hashed.extend_from_slice(chained.prev_hash.as_bytes());
        hashed.extend_from_slice(&raw);
        let hash = Hash::of(&hashed);
        if hash != chained.hash || device.public_key.verify(hash.as_bytes(), &chained.signature).is_err() {
            return (verified, tampered);
        }
        // Its text is hexadecimal by its type, so this never falls back.
        let signature = hex::decode(chained.signature.to_string()).unwrap_or_default();
        verified.push(Verified { event, prev_hash: chained.prev_hash, hash, signature, raw });
    }
    (verified, None)
}

/// The largest place in a journal: what the database's integers hold, far beyond any till's life.
const MAX_SEQ: u64 = i64::MAX as u64 - 1;
