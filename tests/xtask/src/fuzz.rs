//! `cargo xtask fuzz`: every fuzz target for a minute, from seeds that are frames of real devices.

use std::path::Path;

use anyhow::{Result, bail};

use crate::process;

#[derive(clap::Args)]
pub struct Options {
    /// Only this target.
    target: Option<String>,
    /// How long each runs.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

/// The targets of `hardware/fuzz`.
const TARGETS: &[&str] = &["gs1", "scale", "zvt", "scanner", "printer", "template"];

pub fn run(root: &Path, options: &Options) -> Result<()> {
    let folder = root.join("hardware");
    let found = process::output(process::command("cargo", &folder).args(["fuzz", "--version"]));
    if found.is_err() {
        bail!(
            "cargo-fuzz is needed, with a nightly toolchain: cargo install cargo-fuzz && rustup toolchain install nightly"
        );
    }
    let wanted = |target: &&&str| options.target.as_deref().is_none_or(|only| only == **target);
    for target in TARGETS.iter().filter(wanted) {
        println!("{target}: {} seconds", options.seconds);
        let mut fuzz = process::command("cargo", &folder);
        // What is found goes to the first folder; the seeds stay as they are.
        let found = root.join("target/fuzz").join(target);
        std::fs::create_dir_all(&found)?;
        let seeds = folder.join("fuzz/corpus").join(target);
        fuzz.args(["+nightly", "fuzz", "run"]).arg(target).arg(found).arg(seeds).arg("--");
        process::run(fuzz.arg(format!("-max_total_time={}", options.seconds)))?;
    }
    Ok(())
}
