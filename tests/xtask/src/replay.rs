//! `cargo xtask replay`: see `tests/src/replay.rs`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::build::{self, Profile, Window};
use crate::postgres::Cluster;
use crate::process;
use crate::setup::{self, Needs};

#[derive(clap::Args)]
pub struct Options {
    /// The trade to replay: a CSV file, may be compressed by gzip.
    file: PathBuf,
    /// The server's database.
    #[arg(long, default_value = "sqlite", value_parser = ["sqlite", "postgres"])]
    database: String,
    /// How many terminals ring up.
    #[arg(long, default_value_t = 2)]
    terminals: u16,
    /// How many seconds the link to the server is cut on the way.
    #[arg(long, default_value_t = 10)]
    cut: u32,
    /// Where to write the figures as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Only the first invoices.
    #[arg(long)]
    invoices: Option<usize>,
}

pub fn run(root: &Path, options: &Options) -> Result<()> {
    setup::install(root, if options.database == "postgres" { Needs::Test } else { Needs::Run })?;
    build::screens(root)?;
    let programs = build::programs(root, Profile::Dev, Window::With)?;
    let cluster = if options.database == "postgres" { Some(Cluster::start(root)?) } else { None };
    let url = cluster.as_ref().map(|cluster| cluster.database("kedai_replay")).transpose()?;
    process::run(&mut command(root, &programs, &options.file, options, url.as_deref())?)
}

/// A replay of part of a file on a database, for the test run.
pub fn short(
    root: &Path,
    programs: &Path,
    file: &Path,
    database_url: Option<&str>,
) -> Result<std::process::Command> {
    let options = Options {
        file: file.to_path_buf(),
        database: String::new(),
        terminals: 2,
        cut: 3,
        json: None,
        invoices: Some(150),
    };
    command(root, programs, file, &options, database_url)
}

fn command(
    root: &Path,
    programs: &Path,
    file: &Path,
    options: &Options,
    url: Option<&str>,
) -> Result<std::process::Command> {
    let here = std::env::current_dir()?;
    let file = here.join(file);
    let file = file.canonicalize().with_context(|| format!("cannot read {}", file.display()))?;
    let mut command = process::command(&programs.join("kedai-replay").to_string_lossy(), root);
    command.arg(file).args([
        "--terminals",
        &options.terminals.to_string(),
        "--cut",
        &options.cut.to_string(),
    ]);
    command.arg("--programs").arg(programs);
    if let Some(count) = options.invoices {
        command.args(["--invoices", &count.to_string()]);
    }
    if let Some(json) = &options.json {
        command.arg("--json").arg(here.join(json));
    }
    if let Some(url) = url {
        command.args(["--database-url", url]);
    }
    Ok(command)
}
