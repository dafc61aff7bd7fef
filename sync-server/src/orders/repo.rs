//! SQL of orders and refunds.

pub mod orders;
pub mod read;
pub mod write;
