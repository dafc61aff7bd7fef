//! Exceptions as the API gives them.

use serde::Serialize;
use utoipa::ToSchema;

/// Something a person must look at.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Exception)]
pub struct ExceptionView {
    /// The exception.
    pub exception_id: String,
    /// A closed word, such as `computation_mismatch`.
    pub code: String,
    /// Where.
    pub outlet_id: Option<String>,
    /// On which terminal.
    pub terminal_id: Option<String>,
    /// What that terminal is called.
    pub terminal_name: Option<String>,
    /// The life of the journal of its event.
    pub epoch: Option<i64>,
    /// The place of its event.
    pub seq: Option<i64>,
    /// Receipt number or other name of what it is about.
    pub subject: String,
    /// More, by code.
    #[schema(value_type = Object)]
    pub details: serde_json::Value,
    /// When it happened, milliseconds since 1970 UTC.
    pub occurred_at: i64,
    /// When it was found.
    pub created_at: i64,
    /// When a person first looked at it.
    pub seen_at: Option<i64>,
    /// When it was settled.
    pub resolved_at: Option<i64>,
    /// Who settled it; null when it settled by itself.
    pub resolved_by: Option<String>,
}

/// A page of exceptions, newest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExceptionList {
    /// The page.
    pub exceptions: Vec<ExceptionView>,
    /// How many are not settled in all, whatever the filters.
    pub open: i64,
    /// Where to go on; null at the end.
    pub next_cursor: Option<String>,
}

/// What somebody did about an exception.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExceptionStep)]
pub struct StepView {
    /// `seen`, `reapplied`, `resolved`, or `applied` by the server itself.
    pub kind: String,
    /// Who; null is the server.
    pub person_name: Option<String>,
    /// At which terminal; null is headquarters.
    pub terminal_id: Option<String>,
    /// A word on it.
    pub note: String,
    /// When, milliseconds since 1970 UTC.
    pub done_at: i64,
}

/// An event as its terminal wrote it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RawEvent)]
pub struct RawEventView {
    /// Its life of the journal.
    pub epoch: i64,
    /// Its place there.
    pub seq: i64,
    /// `received`, `applied` or `parked`; `apart` for the other branch of a forked journal.
    pub state: String,
    /// Why it is set aside.
    pub reason: Option<String>,
    /// When it came in, milliseconds since 1970 UTC.
    pub received_at: i64,
    /// SHA-256 over the hash before and `raw`, hexadecimal.
    pub hash: String,
    /// The terminal's signature over the hash, hexadecimal.
    pub signature: String,
    /// The canonical bytes (RFC 8785) as text.
    pub raw: String,
}

/// An exception with all that is known about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExceptionDetail {
    /// The exception.
    pub exception: ExceptionView,
    /// Whether its event can be applied again.
    pub can_reapply: bool,
    /// The event it is about, as it is held.
    pub event: Option<RawEventView>,
    /// The other branch of a forked journal, at most 50 events of it.
    pub branch: Vec<RawEventView>,
    /// Who saw it and what was done, oldest first.
    pub steps: Vec<StepView>,
}
