//! Applies received events to the projections; never blocked by one that cannot be applied.
//!
//! The worker is woken by every push, and by the clock in case a wake was lost; it looks at its table each time. A batch
//! is one transaction; one that holds an event that fails is done again with a savepoint for each event: the one that fails is
//! *parked* with a reason, an exception for headquarters and a notice for its terminal, and the next one goes on. Parked
//! events are tried again whenever a server starts, and when what they waited for may have come. Several servers on one
//! database take the businesses in turns, each under a lock.

mod dispatch;
mod parking;
mod reading;
mod upkeep;
mod worker;

pub use dispatch::{Applied, Context, ReadSale, RulesCache, says_the_same};
pub(in crate::sync) use parking::notice_id;
pub use parking::retry_all;
pub use worker::{Wake, apply_waiting, run};

/// Why an event is parked; the closed list of reasons.
pub mod reason {
    /// Its kind, or its payload's version, is not known to this build.
    pub const UNKNOWN_KIND: &str = "unknown_kind";
    /// Its kind is known, but its payload is not of that kind's form.
    pub const PAYLOAD_UNREADABLE: &str = "payload_unreadable";
    /// Its payload names another outlet or terminal than the event.
    pub const FOREIGN_PLACE: &str = "foreign_place";
    /// Its figures are of several currencies.
    pub const MIXED_CURRENCIES: &str = "mixed_currencies";
    /// Another fact has its id.
    pub const DUPLICATE_ID: &str = "duplicate_id";
    /// It is about an item that is not known here.
    pub const UNKNOWN_ITEM: &str = "unknown_item";
    /// It is about a category that is not known here.
    pub const UNKNOWN_CATEGORY: &str = "unknown_category";
    /// A value does not fit the tables.
    pub const VALUE_REFUSED: &str = "value_refused";
    /// Applying it failed inside the server, which is a bug.
    pub const FAILED: &str = "failed";
}
