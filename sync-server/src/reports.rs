//! What was sold and given back, summed: every figure is the exact sum of the orders and refunds behind it.

mod repo;
mod routes;

pub use routes::{Api, routes};
