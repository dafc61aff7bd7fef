//! `cargo xtask bench`: builds as shipped and measures.

use std::path::Path;

use anyhow::Result;

use crate::build::{self, Profile, Window};
use crate::postgres::Cluster;
use crate::process;
use crate::setup::{self, Needs};

#[derive(clap::Args)]
pub struct Options {
    /// Only benches whose name holds this: `commit`, `catalogue`, `pricing`, `devices`, `sync`, `tap`.
    filter: Option<String>,
    /// Of `sync`, only subjects whose name holds this: `push sqlite`, `push postgres`, `poke sqlite`, `poke postgres`,
    /// `drain`, `snapshot`.
    #[arg(long)]
    only: Option<String>,
    /// Build as for tests, which is quicker to build and slower to run.
    #[arg(long)]
    dev: bool,
}

pub fn run(root: &Path, options: &Options) -> Result<()> {
    setup::install(root, Needs::Test)?;
    build::screens(root)?;
    let profile = if options.dev { Profile::Dev } else { Profile::Release };
    let bin = build::programs(root, profile, if options.dev { Window::With } else { Window::Without })?;
    let wanted = |name: &str| options.filter.as_deref().is_none_or(|filter| name.contains(filter));
    let cluster = if wanted("sync") { Some(Cluster::start(root)?) } else { None };
    let mut bench = process::command(&bin.join("kedai-bench").to_string_lossy(), root);
    bench.arg("--programs").arg(&bin).arg("--out").arg(root.join("target/bench"));
    if let Some(cluster) = &cluster {
        bench.args(["--postgres-url", &cluster.admin_url()]);
    }
    if let Some(only) = &options.only {
        bench.args(["--only", only]);
    }
    if let Some(filter) = &options.filter {
        bench.arg(filter);
    }
    process::run(&mut bench)?;
    if wanted("tap") {
        let mut tap = process::command("npm", &root.join("tests/e2e"));
        process::run(
            tap.args(["run", "--silent", "bench"]).env("KEDAI_PROGRAMS", &bin).env("KEDAI_ROOT", root),
        )?;
    }
    Ok(())
}
