//! The exceptions inbox as a terminal reads it from the server for a manager; fields that it does not show are left out.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::ids::StaffId;

/// Something a person must look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxException {
    /// The exception.
    pub exception_id: String,
    /// A closed word, such as `computation_mismatch`; unknown ones are shown as they are.
    pub code: String,
    /// What its terminal is called.
    #[serde(default)]
    pub terminal_name: Option<String>,
    /// The life of the journal of its event.
    #[serde(default)]
    pub epoch: Option<u32>,
    /// The place of its event.
    #[serde(default)]
    pub seq: Option<u64>,
    /// Receipt number or other name of what it is about.
    pub subject: String,
    /// More, by code.
    #[serde(default)]
    pub details: serde_json::Value,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// When it was found.
    pub created_at: Timestamp,
    /// When a person first looked at it.
    #[serde(default)]
    pub seen_at: Option<Timestamp>,
    /// When it was settled.
    #[serde(default)]
    pub resolved_at: Option<Timestamp>,
    /// Who settled it; None when it settled by itself.
    #[serde(default)]
    pub resolved_by: Option<String>,
}

/// A page of exceptions, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxPage {
    /// The page.
    pub exceptions: Vec<InboxException>,
    /// How many are not settled in all.
    #[serde(default)]
    pub open: u64,
    /// Where to go on; None at the end.
    #[serde(default)]
    pub next_cursor: Option<String>,
}

/// What somebody did about an exception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxStep {
    /// `seen`, `reapplied`, `resolved`, or `applied` by the server itself.
    pub kind: String,
    /// Who; None is the server.
    #[serde(default)]
    pub person_name: Option<String>,
    /// A word on it.
    #[serde(default)]
    pub note: String,
    /// When.
    pub done_at: Timestamp,
}

/// An event as its terminal wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxEvent {
    /// Its life of the journal.
    pub epoch: u32,
    /// Its place there.
    pub seq: u64,
    /// `received`, `applied`, `parked`, or `apart` for another branch of a forked journal.
    pub state: String,
    /// The canonical bytes as text.
    pub raw: String,
}

/// An exception with all that is known about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxDetail {
    /// The exception.
    pub exception: InboxException,
    /// Whether its event can be applied again.
    pub can_reapply: bool,
    /// The event it is about, as the server holds it.
    #[serde(default)]
    pub event: Option<InboxEvent>,
    /// Events of another branch of a forked journal.
    #[serde(default)]
    pub branch: Vec<InboxEvent>,
    /// Who saw it and what was done, oldest first.
    #[serde(default)]
    pub steps: Vec<InboxStep>,
}

/// What a person at a terminal does about an exception.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxAct {
    /// The person.
    pub staff_id: StaffId,
    /// `see`, `resolve` or `reapply`.
    pub act: String,
    /// A word on it, for `resolve`.
    #[serde(default)]
    pub note: String,
}
