//! Tables and laws of the trade over the public types.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod locales;
mod made;
mod pricing_tables;
