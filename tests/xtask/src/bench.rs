//! `cargo xtask bench`: builds as for tests, or as shipped, and measures.

use std::path::Path;

use anyhow::Result;

use crate::build::{self, Profile, Window};
use crate::process;
use crate::setup::{self, Needs};

#[derive(clap::Args)]
pub struct Options {
    /// Only benches whose name holds this: `commit`, `catalogue`, `tap`.
    filter: Option<String>,
    /// Build as shipped, which takes longer.
    #[arg(long)]
    release: bool,
}

pub fn run(root: &Path, options: &Options) -> Result<()> {
    setup::install(root, Needs::Test)?;
    build::screens(root)?;
    let profile = if options.release { Profile::Release } else { Profile::Dev };
    let bin = build::programs(root, profile, if options.release { Window::Without } else { Window::With })?;
    let mut bench = process::command(&bin.join("kedai-bench").to_string_lossy(), root);
    bench.arg("--programs").arg(&bin).arg("--out").arg(root.join("target/bench"));
    if let Some(filter) = &options.filter {
        bench.arg(filter);
    }
    process::run(&mut bench)?;
    if options.filter.as_deref().is_none_or(|filter| "tap".contains(filter)) {
        let mut tap = process::command("npm", &root.join("tests/e2e"));
        process::run(
            tap.args(["run", "--silent", "bench"]).env("KEDAI_PROGRAMS", &bin).env("KEDAI_ROOT", root),
        )?;
    }
    Ok(())
}
