//! Prices asked of the server: baskets that carry everything.

pub mod command;
