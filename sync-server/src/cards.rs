//! Money at card readers that became no sale: given back, or settled by a manager's word.

pub mod apply;
mod routes;

pub use routes::{Api, routes};
