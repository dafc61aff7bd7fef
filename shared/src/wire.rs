//! Messages between terminal and server, with their version. Unknown fields are ignored; a change of meaning is a new version.
//!
//! Every sync request but enrolment is signed by the device: header [`header::SIGNATURE`] is Ed25519 over
//! [`request_bytes`]; a user's token is never needed to hand in a paid order.

pub mod feed;
pub mod inbox;
pub mod layouts;
pub mod pricing;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::ids::{OutletId, TenantId, TerminalId};
use crate::journal::{Chained, Hash, PublicKey};

pub use feed::{FeedRow, FeedSum, Notice, PullResponse, SnapshotFile, SnapshotOffer, Worked, entity};

/// The version this build speaks.
pub const PROTOCOL_VERSION: u16 = 1;
/// The oldest version this build accepts: one before its own, once there is one.
pub const OLDEST_PROTOCOL_VERSION: u16 = 1;
/// The most events in one push.
pub const MAX_PUSH_EVENTS: usize = 500;
/// The most bytes of one push before compression.
pub const MAX_PUSH_BYTES: usize = 1024 * 1024;
/// The most rows in one page of the feed.
pub const MAX_PULL_ROWS: usize = 1_000;
/// How far a signed read request's time may be off the server's, in milliseconds. Pushes are idempotent and have no limit:
/// a till with a wrong clock must be able to hand in its sales.
pub const MAX_READ_SKEW_MS: i64 = 15 * 60 * 1000;

/// How often the server shows on [`path::LIVE`] that it is there, in milliseconds; a terminal that hears nothing for three of
/// these connects anew.
pub const LIVE_HEARTBEAT_MS: u64 = 15_000;

/// Paths of the sync API.
pub mod path {
    /// Enrolment of a terminal, `POST`.
    pub const ENROL: &str = "/api/v1/sync/enrol";
    /// The journal up, `POST`.
    pub const PUSH: &str = "/api/v1/sync/push";
    /// The feed down, `GET ?cursor=`.
    pub const PULL: &str = "/api/v1/sync/pull";
    /// A ready-made catalogue, `GET ?form=`: [`super::SnapshotOffer`]; its bytes below it, `GET /{id}?from=`.
    pub const SNAPSHOT: &str = "/api/v1/sync/snapshot";
    /// The exceptions of the terminal's outlet, `GET`; one of them and what is done about it below it.
    pub const EXCEPTIONS: &str = "/api/v1/sync/exceptions";
    /// A part of shared limits, `POST` of [`super::pricing::AllowanceRequest`].
    pub const ALLOWANCES: &str = "/api/v1/sync/allowances";
    /// Prices for a manager at a terminal, `POST` of [`super::pricing::PricingRequest`].
    pub const PRICING: &str = "/api/v1/sync/pricing";
    /// How the receipts of the terminal's outlet look, `POST` of [`super::layouts::LayoutsRequest`].
    pub const LAYOUTS: &str = "/api/v1/sync/layouts";
    /// News at once, `GET`, a WebSocket of [`super::Live`].
    pub const LIVE: &str = "/api/v1/sync/live";
}

/// Headers of a signed request.
pub mod header {
    /// The tenant's id.
    pub const TENANT: &str = "kedai-tenant";
    /// The terminal's id.
    pub const TERMINAL: &str = "kedai-terminal";
    /// The time of signing, in milliseconds since 1970 UTC, by the server's clock as last heard.
    pub const TIME: &str = "kedai-time";
    /// The signature, hexadecimal.
    pub const SIGNATURE: &str = "kedai-signature";
    /// The protocol version.
    pub const PROTOCOL: &str = "kedai-protocol";
    /// How many events still wait at the terminal after this push; for the server's figures, not signed.
    pub const WAITING: &str = "kedai-waiting";
    /// Beside it: when the last event of this push was made, milliseconds UTC; those that wait are no older.
    pub const WAITING_SINCE: &str = "kedai-waiting-since";
}

/// The bytes a device signs for a request: method, path with query, time and body hash, one a line.
pub fn request_bytes(method: &str, path_and_query: &str, time: Timestamp, body: &[u8]) -> Vec<u8> {
    format!("kedai-request\n{method}\n{path_and_query}\n{}\n{}", time.as_millis(), Hash::of(body))
        .into_bytes()
}

/// A terminal asks to belong to an outlet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The protocol version.
    pub protocol: u16,
    /// The one-time pairing code from the back office.
    pub pairing_code: String,
    /// The device's public key.
    pub public_key: PublicKey,
    /// What the device is called.
    pub device_name: String,
}

/// The terminal belongs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolResponse {
    /// The protocol version.
    pub protocol: u16,
    /// The business.
    pub tenant_id: TenantId,
    /// The outlet.
    pub outlet_id: OutletId,
    /// The terminal.
    pub terminal_id: TerminalId,
    /// The terminal's number in its outlet, as in `OUT-T3-000123`.
    pub terminal_number: u32,
    /// The epoch its journal begins with.
    pub epoch: u32,
    /// The tenant's PIN pepper, hexadecimal; kept in a file of its own, never in a database.
    pub pin_pepper: String,
    /// The server's time.
    pub server_time: Timestamp,
}

/// Consecutive events of one journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushRequest {
    /// The protocol version.
    pub protocol: u16,
    /// The life of the journal.
    pub epoch: u32,
    /// The events, by `seq`, without a gap. Empty asks only for the server's high-water mark.
    pub events: Vec<Chained>,
}

/// What the server holds durably.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushResponse {
    /// The protocol version.
    pub protocol: u16,
    /// The life of the journal.
    pub epoch: u32,
    /// All events up to here are durable (0 for none), read again after the commit.
    pub acked_seq: u64,
    /// The hash of that event as the server holds it; None when there is none.
    pub acked_hash: Option<Hash>,
    /// The life of the server's database.
    pub server_epoch: String,
    /// The server's time.
    pub server_time: Timestamp,
}

/// Said on [`path::LIVE`]: there is news up to a number. A hint to pull, nothing more; what is lost is asked for by the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Live {
    /// The protocol version.
    pub protocol: u16,
    /// The number of the newest change of the business.
    pub newest: u64,
}

/// A problem by RFC 9457, with a closed code for the reader's reaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A URI of the kind of problem: `urn:kedai:problem:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// A short summary.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened and what to do, for a person.
    #[serde(default)]
    pub detail: String,
    /// The closed code; for sync see [`problem`].
    pub code: String,
    /// More, by code.
    #[serde(default)]
    pub details: serde_json::Value,
}

/// Codes of problems that a terminal reacts to.
pub mod problem {
    /// `details.expected_seq`: push from there.
    pub const GAP: &str = "journal_gap";
    /// `details.seq`, `details.new_epoch`: the server holds another event there; go on under the new epoch.
    pub const FORK: &str = "journal_fork";
    /// `details.seq`: the event was tampered with or not signed by this terminal.
    pub const TAMPERED: &str = "journal_tampered";
    /// `details.oldest`, `details.newest`: the protocol versions the server speaks.
    pub const PROTOCOL: &str = "protocol_unsupported";
    /// The terminal is not enrolled here, or its key is wrong.
    pub const UNKNOWN_TERMINAL: &str = "unknown_terminal";
    /// The terminal was revoked: it may hand in, but gets no more data.
    pub const REVOKED: &str = "terminal_revoked";
    /// `details.server_time`: the request's time is too far off; sign again with the server's time.
    pub const CLOCK: &str = "clock_skew";
    /// The pairing code is unknown, used or out of date.
    pub const PAIRING: &str = "pairing_code_invalid";
    /// Try again later; header `Retry-After`.
    pub const BUSY: &str = "busy";
    /// This terminal or its business asks too often; header `Retry-After`.
    pub const RATE_LIMITED: &str = "rate_limited";
    /// The request could not be read.
    pub const MALFORMED: &str = "malformed";
}
