//! `cargo xtask simulate`: see `tests/src/simulation.rs`. What the simulation can be told stands in `tests/src/bin/simulate.rs`.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::build::{self, Profile};
use crate::process;

#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub struct Options {
    /// Build as for tests, which is quicker to build and slower to run.
    #[arg(long)]
    dev: bool,
    /// For the simulation: `--seeds`, `--seed`, `--terminals`, `--hours` and more; `--help` tells all.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub fn run(root: &Path, options: &Options) -> Result<()> {
    let profile = if options.dev { Profile::Dev } else { Profile::Release };
    let programs = build::harness(root, profile, "kedai-simulate")?;
    process::run(program(root, &programs).args(&options.rest))
}

/// The simulation of the test run, as long as it is without being told: all faults, all injected bugs.
pub fn short(root: &Path, programs: &Path) -> Command {
    program(root, programs)
}

fn program(root: &Path, programs: &Path) -> Command {
    process::command(&programs.join("kedai-simulate").to_string_lossy(), root)
}
