//! SQL of orders and refunds.

pub mod many;
pub mod read;
pub mod write;
