//! The exceptions inbox: what a manager must look at, as the server tells it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use shared::clock::Timestamp;

use super::ApprovalInput;

view! {
    /// Which exceptions are asked for.
    ExceptionsInput {
        /// Only those that are not settled.
        open: bool,
        /// Where to go on; None begins with the newest.
        cursor: Option<String>,
    }

    /// A page of exceptions, newest first.
    ExceptionsView {
        /// The page.
        exceptions: Vec<ExceptionRow>,
        /// How many are not settled in all.
        #[ts(as = "f64")]
        open: u64,
        /// Where to go on; None at the end.
        next_cursor: Option<String>,
    }

    /// Something a person must look at.
    ExceptionRow {
        /// The exception.
        exception_id: String,
        /// A closed word (`exception-*` texts).
        code: String,
        /// Why, a closed word (`exception-reason-*` texts), when there is one.
        reason: Option<String>,
        /// What its terminal is called.
        terminal: Option<String>,
        /// Receipt number or other name of what it is about.
        subject: String,
        /// When it happened.
        occurred_at: Timestamp,
        /// Whether a person has looked at it.
        seen: bool,
        /// When it was settled.
        resolved_at: Option<Timestamp>,
        /// Who settled it; None when it settled by itself.
        resolved_by: Option<String>,
    }

    /// Naming an exception.
    ExceptionInput {
        /// The exception.
        exception_id: String,
    }

    /// Settling an exception, or having its event applied again.
    SettleExceptionInput {
        /// The exception.
        exception_id: String,
        /// `resolve` or `reapply`.
        act: String,
        /// A word on it, for `resolve`.
        note: String,
        /// A manager's leave.
        approval: Option<ApprovalInput>,
    }

    /// An exception with all that is known about it.
    ExceptionView {
        /// The exception.
        row: ExceptionRow,
        /// Whether its event can be applied again.
        can_reapply: bool,
        /// Figures and names, as (name, value), for who knows them.
        facts: Vec<(String, String)>,
        /// The event as its terminal wrote it, when it is held.
        raw: Option<String>,
        /// Events of another branch of the journal, stored apart.
        branch: Vec<String>,
        /// Who saw it and what was done, oldest first.
        steps: Vec<ExceptionStep>,
    }

    /// What somebody did about an exception.
    ExceptionStep {
        /// `seen`, `reapplied`, `resolved` or `applied` (`exception-step-*` texts).
        kind: String,
        /// Who; None is the server.
        person: Option<String>,
        /// A word on it.
        note: String,
        /// When.
        done_at: Timestamp,
    }
}
