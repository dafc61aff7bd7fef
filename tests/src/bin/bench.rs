//! Measures the till: the commit of a sale, and a catalogue of 100,000 items.
#![allow(clippy::print_stdout, reason = "a command-line tool speaks to its user")]

use std::path::PathBuf;

use clap::Parser;
use tests::bench::{catalogue, commit, table};

#[derive(Parser)]
struct Arguments {
    /// Only benches whose name holds this: `commit`, `catalogue`.
    filter: Option<String>,
    /// Where the programs stand.
    #[arg(long)]
    programs: PathBuf,
    /// Where to write the figures as JSON.
    #[arg(long)]
    out: PathBuf,
    /// Items of the catalogue.
    #[arg(long, default_value_t = 100_000)]
    items: usize,
    /// Sales measured.
    #[arg(long, default_value_t = 1_000)]
    sales: usize,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let wanted = |name: &str| arguments.filter.as_deref().is_none_or(|filter| name.contains(filter));
    let mut met = true;
    for name in ["commit", "catalogue"].into_iter().filter(|name| wanted(name)) {
        let folder = tempfile::Builder::new().prefix("kedai-bench-").tempdir()?;
        let figures = match name {
            "commit" => commit::run(&arguments.programs, folder.path(), arguments.sales).await?,
            _ => catalogue::run(&arguments.programs, folder.path(), arguments.items).await?,
        };
        println!("\n{}", table::publish(&arguments.out, name, &figures)?);
        met &= figures.iter().all(table::Figure::is_met);
    }
    println!("{}", if met { "every target is met" } else { "a target is missed" });
    Ok(())
}
