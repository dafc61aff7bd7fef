//! Whole-system checks: real processes of server, terminals and printers, driven as a person or an outage would.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "harnesses show how far they are")]

pub mod bench;
pub mod crash;
pub mod crowd;
pub mod figures;
pub mod invariants;
pub mod link;
pub mod load;
pub mod paper;
pub mod postgres;
pub mod program;
pub mod replay;
pub mod shop;
pub mod simulation;
pub mod till;
pub mod trade;
