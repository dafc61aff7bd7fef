//! Tables and laws of the trade over the public types.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod made;
mod pricing_tables;
