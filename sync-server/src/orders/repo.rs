//! SQL of orders and refunds.

pub mod read;
pub mod write;
