//! Stock: the ledger of movements and the levels that follow from it.

pub mod apply;
pub mod ledger;
mod routes;

pub use routes::{Api, routes};
