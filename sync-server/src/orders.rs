//! Completed sales, refunds and voided carts as headquarters reads them.

pub mod apply;
pub(crate) mod repo;
mod routes;
pub mod rules;
mod stale;

pub use repo::orders::Sale;
pub use routes::{Api, routes};
pub use stale::ItemPrices;
