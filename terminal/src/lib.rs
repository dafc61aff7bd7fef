//! The till: an engine of use cases over a local store, under two shells.

pub mod commands;
pub mod views;
