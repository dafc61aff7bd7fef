//! Lets many tills trade with one server on PostgreSQL, then come back all at once.
#![allow(clippy::print_stdout, reason = "a command-line tool speaks to its user")]

use std::path::PathBuf;

use clap::Parser;
use tests::bench::table;
use tests::load::{self, Plan};

#[derive(Parser)]
struct Arguments {
    /// Where the programs stand.
    #[arg(long)]
    programs: PathBuf,
    /// Where to write the figures as JSON.
    #[arg(long)]
    out: PathBuf,
    /// The superuser's address of a PostgreSQL cluster.
    #[arg(long)]
    postgres_url: String,
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
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let folder = tempfile::Builder::new().prefix("kedai-load-").tempdir()?;
    let plan = Plan {
        terminals: arguments.terminals,
        rate: arguments.rate,
        seconds: arguments.seconds,
        storm: arguments.storm,
    };
    let figures = load::run(&arguments.programs, folder.path(), &arguments.postgres_url, &plan).await?;
    println!("\n{}", table::publish(&arguments.out, "load", &figures)?);
    let met = figures.iter().all(table::Figure::is_met);
    anyhow::ensure!(met, "a target is missed");
    println!("every target is met");
    Ok(())
}
