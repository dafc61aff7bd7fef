//! `cargo xtask mutants`: changes the code in small ways and looks whether a test notices.

use std::path::Path;

use anyhow::Result;

use crate::process;
use crate::setup;

/// What is looked at when nothing else is asked for: everything that figures of money go through.
const FIGURES: &[&str] =
    &["shared/src/money.rs", "shared/src/pricing.rs", "shared/src/pricing/**/*.rs", "shared/src/refund.rs"];

#[derive(clap::Args)]
pub struct Options {
    /// The crate whose code is changed.
    #[arg(long, default_value = "shared")]
    package: String,
    /// Only these files; money, pricing and refunds when none is given.
    #[arg(long)]
    file: Vec<String>,
    /// Only a part of all changes, such as `1/20`.
    #[arg(long)]
    shard: Option<String>,
}

pub fn run(root: &Path, options: &Options) -> Result<()> {
    setup::mutants(root)?;
    let mut command = process::command("cargo", root);
    command.args(["mutants", "--package", &options.package, "--test-tool", "nextest", "--no-shuffle"]);
    command.args(["--output", "target/mutants"]);
    let asked = options.file.iter().map(String::as_str);
    let files: Vec<&str> = if options.file.is_empty() { FIGURES.to_vec() } else { asked.collect() };
    for file in files {
        command.args(["--file", file]);
    }
    if let Some(shard) = &options.shard {
        command.args(["--shard", shard]);
    }
    process::run(&mut command)
}
