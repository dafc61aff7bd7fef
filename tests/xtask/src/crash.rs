//! `cargo xtask crash`: see `tests/src/crash.rs`. What the sweep can be told stands in `tests/src/bin/crash.rs`.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::build::{self, Profile, Window};
use crate::process;
use crate::setup::{self, Needs};

#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub struct Options {
    /// For the sweep: `--stride`, `--most`, `--cuts` and more; `--help` tells all.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub fn run(root: &Path, options: &Options) -> Result<()> {
    setup::install(root, Needs::Test)?;
    build::screens(root)?;
    let programs = build::programs(root, Profile::Dev, Window::With)?;
    process::run(program(root, &programs).args(&options.rest))
}

/// A sweep that hits some points of every kind, for the test run.
pub fn short(root: &Path, programs: &Path) -> Command {
    let mut command = program(root, programs);
    command.arg("--short");
    command
}

fn program(root: &Path, programs: &Path) -> Command {
    let mut command = process::command(&programs.join("kedai-crash").to_string_lossy(), root);
    command.arg("--programs").arg(programs);
    command
}
