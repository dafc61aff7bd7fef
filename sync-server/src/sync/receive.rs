//! Receiving a push: verify without the database, then store in one transaction, then say what is held.

mod store;
mod verify;

pub use store::{Outcome, head, store};
pub use verify::{Refused, Verified, verify};
