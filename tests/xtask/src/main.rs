//! `cargo xtask`: run, test, replay, simulate, crash, bench and screenshots, each with what it needs installed first.
//!
//! This crate depends on nothing that needs a system library, so it builds on a bare machine and can then install what
//! the others need.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks to its user")]

mod bench;
mod build;
mod crash;
mod emulate;
mod fuzz;
mod load;
mod mutants;
mod postgres;
mod process;
mod replay;
mod run;
mod screenshots;
mod setup;
mod simulate;
mod suites;
mod window;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Build, run, test and measure Kedai")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start a server, a printer emulator and a till with the demo business.
    Run(run::Options),
    /// Check everything: formatting, lints, tests of every kind.
    Test(suites::Options),
    /// Ring real trade through the real path and compare input, terminals, server and receipts.
    Replay(replay::Options),
    /// Run many simulated shops under every fault and check what must hold.
    Simulate(simulate::Options),
    /// Crash the real programs at their writes and fsyncs, and cut their power.
    Crash(crash::Options),
    /// Measure, each figure beside its floor.
    Bench(bench::Options),
    /// Start a counter of emulated devices with a page to scan, weigh and approve cards by hand.
    Emulate(emulate::Options),
    /// Feed the parsers of devices with garbage for a minute each; needs cargo-fuzz and a nightly toolchain.
    Fuzz(fuzz::Options),
    /// Let ten thousand tills trade with one server, then come back all at once.
    Load(load::Options),
    /// Change the code in small ways and look whether a test notices.
    Mutants(mutants::Options),
    /// Take a picture of every screen, theme and language.
    Screenshots(screenshots::Options),
}

fn main() -> anyhow::Result<()> {
    let root = root();
    match Arguments::parse().command {
        Command::Run(options) => run::run(&root, &options),
        Command::Test(options) => suites::run(&root, &options),
        Command::Replay(options) => replay::run(&root, &options),
        Command::Simulate(options) => simulate::run(&root, &options),
        Command::Crash(options) => crash::run(&root, &options),
        Command::Bench(options) => bench::run(&root, &options),
        Command::Emulate(options) => emulate::run(&root, &options),
        Command::Fuzz(options) => fuzz::run(&root, &options),
        Command::Load(options) => load::run(&root, &options),
        Command::Mutants(options) => mutants::run(&root, &options),
        Command::Screenshots(options) => screenshots::run(&root, &options),
    }
}

/// The folder of the workspace.
fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map_or_else(|| here.clone(), PathBuf::from)
}
