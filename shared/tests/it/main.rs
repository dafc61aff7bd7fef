//! Tables and laws of the trade over the public types.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod codes;
mod dates;
mod drawers;
mod facts;
mod journal;
mod locales;
mod made;
mod money;
mod orders;
mod pricing_tables;
mod refunds;
mod staff;
mod typescript;
