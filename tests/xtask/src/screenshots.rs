//! `cargo xtask screenshots`: every screen, theme and language as PNG under `target/screenshots/`.

use std::path::Path;

use anyhow::Result;

use crate::build::{self, Profile, Window};
use crate::process;
use crate::setup::{self, Needs};

#[derive(clap::Args)]
pub struct Options {
    /// Only screens whose name holds this.
    filter: Option<String>,
}

pub fn run(root: &Path, options: &Options) -> Result<()> {
    setup::install(root, Needs::Test)?;
    build::screens(root)?;
    let programs = build::programs(root, Profile::Dev, Window::With)?;
    let mut command = process::command("npm", &root.join("tests/e2e"));
    command.args(["run", "--silent", "screenshots"]).env("KEDAI_PROGRAMS", programs);
    command.env("KEDAI_ROOT", root).env("KEDAI_SCREEN", options.filter.as_deref().unwrap_or_default());
    process::run(&mut command)?;
    println!("The pictures are in {}", root.join("target/screenshots").display());
    Ok(())
}
