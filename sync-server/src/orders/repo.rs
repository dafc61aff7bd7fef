//! SQL of orders and refunds.

pub mod orders;
pub mod past;
pub mod read;
pub mod write;
