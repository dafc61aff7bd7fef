//! What stands on the counter: drawer sessions with their cash, and the activities of terminals.

pub mod apply;
pub mod restarts;
mod routes;

pub use routes::{Api, routes};
