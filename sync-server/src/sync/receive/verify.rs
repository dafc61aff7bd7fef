//! Whether events are what their terminal wrote: chain, hashes and signatures, without looking at the database.
//!
//! Each event names the hash of the one before, so the signature of the last event of a push vouches for all of them: that
//! one is checked before anything is acknowledged, the others afterwards, see [`super::signatures`].

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;
use shared::ids::{OutletId, TenantId, TerminalId};
use shared::journal::{Event, GENESIS_HASH, Hash, Signature, canonical_bytes, is_surely_canonical};
use shared::wire::{MAX_PUSH_EVENTS, PushRequest};
use shared::{BusinessDate, Timestamp};

use crate::sync::device::Device;

/// What of an event is looked at when it is received; its payload is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The place in the journal.
    pub seq: u64,
    /// The kind.
    pub kind: String,
    /// The version of the payload's form.
    pub version: u16,
    /// When.
    pub occurred_at: Timestamp,
    /// The day of business.
    pub business_date: BusinessDate,
}

/// An event whose hash is right, with the bytes that were hashed.
#[derive(Debug, Clone)]
pub struct Verified {
    /// What the tables hold of it beside its bytes.
    pub event: Envelope,
    /// The hash of the event before it.
    pub prev_hash: Hash,
    /// Its hash.
    pub hash: Hash,
    /// The signature over its hash.
    pub signature: [u8; 64],
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

/// A push with its events as the bytes they came in.
#[derive(Debug, Deserialize)]
pub struct RawPush<'a> {
    /// The protocol version.
    pub protocol: u16,
    /// The life of the journal.
    pub epoch: u32,
    /// The events.
    #[serde(borrow)]
    pub events: Vec<RawChained<'a>>,
}

/// An event as it came in.
#[derive(Debug, Deserialize)]
pub struct RawChained<'a> {
    #[serde(borrow)]
    event: &'a RawValue,
    prev_hash: Hash,
    hash: Hash,
    signature: Signature,
}

/// The members of an event beside its payload.
#[derive(Deserialize)]
struct Head<'a> {
    business_date: BusinessDate,
    epoch: u32,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    occurred_at: Timestamp,
    outlet_id: OutletId,
    #[serde(borrow, rename = "payload")]
    _payload: &'a RawValue,
    seq: u64,
    tenant_id: TenantId,
    terminal_id: TerminalId,
    version: u16,
}

/// Verifies the events of a push, in their order, up to the first that is not right.
pub fn verify(device: &Device, push: PushRequest) -> (Vec<Verified>, Option<Refused>) {
    let epoch = push.epoch;
    let events = push.events.into_iter().map(|chained| {
        let raw = canonical_bytes(&chained.event).ok();
        let event = Envelope {
            seq: chained.event.seq,
            kind: chained.event.kind,
            version: chained.event.version,
            occurred_at: chained.event.occurred_at,
            business_date: chained.event.business_date,
        };
        let owners = (chained.event.tenant_id, chained.event.outlet_id, chained.event.terminal_id);
        let place = Place { owners, epoch: chained.event.epoch };
        Candidate {
            event,
            place,
            prev_hash: chained.prev_hash,
            hash: chained.hash,
            signature: chained.signature,
            raw,
        }
    });
    verify_each(device, epoch, events)
}

/// As [`verify`], for events as they travelled. Bytes that are canonical and have the hash that the event names are taken as
/// they are; others are read and written anew, which only a till that writes its JSON in another order needs.
///
/// # Errors
/// An event that is no event at all.
pub fn verify_raw(
    device: &Device,
    push: &RawPush<'_>,
) -> Result<(Vec<Verified>, Option<Refused>), serde_json::Error> {
    if push.events.len() > MAX_PUSH_EVENTS {
        return Ok((Vec::new(), Some(Refused::TooMany)));
    }
    let mut candidates = Vec::with_capacity(push.events.len());
    for chained in &push.events {
        let text = chained.event.get();
        let head: Head<'_> = serde_json::from_str(text)?;
        let own_form = is_surely_canonical(text.as_bytes());
        let raw = if own_form {
            Some(text.as_bytes().to_vec())
        } else {
            canonical_bytes(&serde_json::from_str::<Event>(text)?).ok()
        };
        let event = Envelope {
            seq: head.seq,
            kind: head.kind.into_owned(),
            version: head.version,
            occurred_at: head.occurred_at,
            business_date: head.business_date,
        };
        let place = Place { owners: (head.tenant_id, head.outlet_id, head.terminal_id), epoch: head.epoch };
        let (prev_hash, hash, signature) = (chained.prev_hash, chained.hash, chained.signature);
        candidates.push(Candidate { event, place, prev_hash, hash, signature, raw });
    }
    Ok(verify_each(device, push.epoch, candidates.into_iter()))
}

/// Whose an event says it is.
struct Place {
    owners: (TenantId, OutletId, TerminalId),
    epoch: u32,
}

struct Candidate {
    event: Envelope,
    place: Place,
    prev_hash: Hash,
    hash: Hash,
    signature: Signature,
    /// Its canonical bytes, when it has such.
    raw: Option<Vec<u8>>,
}

fn verify_each(
    device: &Device,
    epoch: u32,
    events: impl ExactSizeIterator<Item = Candidate>,
) -> (Vec<Verified>, Option<Refused>) {
    if events.len() > MAX_PUSH_EVENTS {
        return (Vec::new(), Some(Refused::TooMany));
    }
    let owners = (device.tenant_id, device.outlet_id, device.terminal_id);
    let mut verified: Vec<Verified> = Vec::with_capacity(events.len());
    let mut refused = None;
    for candidate in events {
        let Candidate { event, place, prev_hash, hash, signature, raw } = candidate;
        let seq = event.seq;
        let own = place.owners == owners
            && place.epoch == epoch
            && epoch > 0
            && (1..=MAX_SEQ).contains(&seq)
            && (seq != 1 || prev_hash == GENESIS_HASH);
        let expected = verified.last().map(|before| (before.event.seq + 1, before.hash));
        let follows =
            expected.is_none_or(|(expected_seq, before)| seq == expected_seq && prev_hash == before);
        if own && let Some((expected_seq, _)) = expected.filter(|(expected_seq, _)| seq > *expected_seq) {
            refused = Some(Refused::Gap { expected_seq });
            break;
        }
        let raw = raw.filter(|raw| own && follows && Hash::chained(&prev_hash, raw) == hash);
        let Some(raw) = raw else {
            refused = Some(Refused::Tampered { seq });
            break;
        };
        verified.push(Verified { event, prev_hash, hash, signature: signature.to_bytes(), raw });
    }
    // The last signature vouches for the chain before it. When it is wrong, each is looked at to name the first wrong one.
    if verified.last().is_some_and(|last| !is_signed(device, last)) {
        let wrong = verified.iter().position(|event| !is_signed(device, event)).unwrap_or(0);
        refused = verified.get(wrong).map(|event| Refused::Tampered { seq: event.event.seq });
        verified.truncate(wrong);
    }
    (verified, refused)
}

/// Whether the terminal signed an event.
pub fn is_signed(device: &Device, event: &Verified) -> bool {
    device.public_key.verify(event.hash.as_bytes(), &Signature::from_bytes(&event.signature)).is_ok()
}

/// The largest place in a journal: what the database's integers hold, far beyond any till's life.
const MAX_SEQ: u64 = i64::MAX as u64 - 1;
