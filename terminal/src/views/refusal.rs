//! Errors as the screens get them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use shared::clock::Timestamp;
use shared::staff::Permission;

/// The closed list of errors, one for each reaction of the screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The input could not be read or is out of bounds.
    Invalid,
    /// What was named is not there.
    NotFound,
    /// The scanned code belongs to no item.
    UnknownCode,
    /// The item needs a choice, a weight or a price first.
    ChoiceNeeded,
    /// Nobody is signed in here.
    NotSignedIn,
    /// The PIN is wrong.
    PinWrong,
    /// Too many wrong PINs; wait.
    PinLocked,
    /// The role may not do it, and a manager's leave is needed.
    ApprovalNeeded,
    /// The role may not do it.
    NotAllowed,
    /// No drawer is open.
    DrawerClosed,
    /// A drawer is open already.
    DrawerOpen,
    /// The cart is empty.
    CartEmpty,
    /// The cart or its total is not the one that was shown.
    CartChanged,
    /// The tenders do not settle the order.
    TenderMissing,
    /// Only cash gives change.
    TenderOverpaid,
    /// The card reader is at another payment.
    CardBusy,
    /// An earlier card payment of this cart is not settled: taking another could charge twice.
    CardUnsettled,
    /// More than what is left to be given back.
    RefundTooMuch,
    /// A figure is beyond range.
    OutOfRange,
    /// The disk is nearly full: refused before payment starts.
    DiskFull,
    /// The store failed; the outcome of a payment was looked up again before this was said.
    StoreFailed,
    /// No printer is set up.
    NoPrinter,
    /// The server could not be reached.
    ServerUnreachable,
    /// The server's certificate is not to be trusted.
    ServerUntrusted,
    /// The server answered something that is not its protocol.
    ServerGarbled,
    /// The pairing code is unknown, used or out of date.
    PairingInvalid,
    /// The server speaks another version of the protocol.
    ProtocolUnsupported,
    /// The terminal belongs to an outlet already.
    AlreadyEnrolled,
    /// The terminal belongs to no outlet yet.
    NotEnrolled,
    /// There is no such command.
    UnknownCommand,
    /// A fault of ours; it is in the log.
    Internal,
}

view! {
    /// An error as the screens get it: the code decides the reaction, the text is chosen by `error-<code>`.
    CommandErrorView {
        /// One of the closed codes.
        code: Code,
        /// For the log and for support, in English.
        message: String,
        /// More by code: `{"retry_at": …}` for `pin_locked`, `{"permission": …}` for `approval_needed`, `{"line_id": …}`, `{"total": …}`.
        details: ErrorDetails,
    }

    /// What an error says more; each only with its code.
    ErrorDetails {
        /// `pin_locked`: when to try again.
        retry_at: Option<Timestamp>,
        /// `approval_needed`, `not_allowed`: the permission.
        permission: Option<Permission>,
        /// What was wrong, for `invalid`.
        reason: Option<String>,
        /// The code that was scanned, for `unknown_code`; the item for `choice_needed`.
        subject: Option<String>,
    }
}
