//! What stands on the counter: drawer sessions with their cash, how the devices are, and the activities of terminals.

pub mod apply;
pub mod reported;
pub mod restarts;
mod routes;

pub use routes::{Api, routes};
