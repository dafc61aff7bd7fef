//! `cargo xtask load`: see `tests/src/load.rs`.

use std::path::Path;

use anyhow::Result;

use crate::build::{self, Profile, Window};
use crate::postgres::Cluster;
use crate::process;
use crate::setup::{self, Needs};

#[derive(clap::Args)]
pub struct Options {
    /// How many tills are enrolled.
    #[arg(long, default_value_t = 10_000)]
    terminals: u32,
    /// Orders a second of all tills together, in the steady part.
    #[arg(long, default_value_t = 333)]
    rate: u32,
    /// How long the steady part is, in seconds.
    #[arg(long, default_value_t = 300)]
    seconds: u32,
    /// Orders that every till sells while it is alone, before all come back.
    #[arg(long, default_value_t = 24)]
    storm: usize,
    /// Build as for tests.
    #[arg(long)]
    dev: bool,
}

pub fn run(root: &Path, options: &Options) -> Result<()> {
    setup::install(root, Needs::Test)?;
    build::screens(root)?;
    let profile = if options.dev { Profile::Dev } else { Profile::Release };
    let bin = build::programs(root, profile, if options.dev { Window::With } else { Window::Without })?;
    let cluster = Cluster::start(root)?;
    // As many open files as the system allows: every till keeps a connection.
    let mut load = process::command("sh", root);
    load.args(["-c", "ulimit -n \"$(ulimit -Hn)\"; exec \"$0\" \"$@\""]).arg(bin.join("kedai-load"));
    load.arg("--programs").arg(&bin).arg("--out").arg(root.join("target/bench"));
    load.args(["--postgres-url", &cluster.admin_url()]);
    load.args(["--terminals", &options.terminals.to_string(), "--rate", &options.rate.to_string()]);
    load.args(["--seconds", &options.seconds.to_string(), "--storm", &options.storm.to_string()]);
    process::run(&mut load)
}
