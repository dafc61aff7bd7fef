//! Receiving a push: verify without the database, then store in one transaction, then say what is held.
//!
//! Pushes that come at once are committed together: whoever gets the right to write takes all that wait with it. Only a
//! push that simply goes on where the journal ended is stored that way; one that repeats, forks or begins a new life is
//! stored with more care by itself ([`store`]).

mod group;
mod postgres;
mod signatures;
mod sqlite;
mod store;
mod verify;

pub use group::{Received, Receiving, receive};
pub use signatures::run as check_signatures;
pub use store::{Outcome, head, store};
pub use verify::{Envelope, RawPush, Refused, Verified, is_signed, verify, verify_raw};
