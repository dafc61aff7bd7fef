//! Checks of the whole: the tree itself, and real processes under outages.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod catalogue;
mod enrolment;
mod mending;
mod outage;
mod prices;
mod tidy;
