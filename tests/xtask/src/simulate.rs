//! `cargo xtask simulate`: see `tests/src/simulation.rs`.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::build::{self, Profile};
use crate::process;

#[derive(clap::Args)]
pub struct Options {
    /// How many seeds.
    #[arg(long, default_value_t = 500)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How many terminals: two or more.
    #[arg(long, default_value_t = 3)]
    terminals: usize,
    /// How many hours the shops trade in each run.
    #[arg(long, default_value_t = 1)]
    hours: u32,
    /// Leave out the injected bugs that must be caught.
    #[arg(long)]
    no_canaries: bool,
}

pub fn run(root: &Path, options: &Options) -> Result<()> {
    let programs = build::harness(root, Profile::Release, "kedai-simulate")?;
    process::run(&mut command(root, &programs, options))
}

fn command(root: &Path, programs: &Path, options: &Options) -> std::process::Command {
    let program: PathBuf = programs.join("kedai-simulate");
    let mut command = process::command(&program.to_string_lossy(), root);
    command.args(["--seeds", &options.seeds.to_string(), "--seed", &options.seed.to_string()]);
    command.args(["--terminals", &options.terminals.to_string(), "--hours", &options.hours.to_string()]);
    if options.no_canaries {
        command.arg("--no-canaries");
    }
    command
}
