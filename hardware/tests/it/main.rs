//! Devices as a whole, against their emulators and against independent software.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod barcodes;
mod cards;
mod corpus;
mod counter;
mod emulator;
mod escpos;
mod files;
mod independent;
mod oracle;
mod printing;
mod program;
mod proofs;
mod receipts;
mod templates;
