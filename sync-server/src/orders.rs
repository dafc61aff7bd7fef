//! Completed sales, refunds and voided carts as headquarters reads them.

pub mod apply;
mod repo;
mod routes;
pub mod rules;

pub use repo::orders::Sale;
pub use repo::write::word;
pub use routes::{Api, routes};
