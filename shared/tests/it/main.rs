//! Tables and laws of the trade over the public types.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod basket_tables;
mod books;
mod codes;
mod dates;
mod drawers;
mod facts;
mod goldens;
mod journal;
mod locales;
mod made;
mod money;
mod oracle;
mod orders;
mod pricing_laws;
mod pricing_tables;
mod refunds;
mod staff;
mod stamps;
mod typescript;
