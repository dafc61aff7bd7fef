//! Printing from the document to the paper.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod emulator;
mod escpos;
mod independent;
mod printing;
mod program;
mod receipts;
