//! Rings real trade through the real path and compares what was put in with what terminals, server and paper hold.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks to its user")]

use std::path::PathBuf;

use clap::Parser;
use tests::replay::{self, Plan};

#[derive(Parser)]
struct Arguments {
    /// The trade: a CSV file, may be compressed by gzip.
    file: PathBuf,
    /// How many terminals ring up.
    #[arg(long, default_value_t = 2)]
    terminals: u16,
    /// How many seconds the link to the server is cut on the way.
    #[arg(long, default_value_t = 10)]
    cut: u64,
    /// Only the first invoices.
    #[arg(long)]
    invoices: Option<usize>,
    /// The server's PostgreSQL; its own SQLite unless given.
    #[arg(long)]
    database_url: Option<String>,
    /// Where the programs stand.
    #[arg(long)]
    programs: PathBuf,
    /// Where to write the figures as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let folder = tempfile::Builder::new().prefix("kedai-replay-").tempdir()?;
    let plan = Plan {
        file: arguments.file,
        terminals: arguments.terminals.max(1),
        cut_seconds: arguments.cut,
        most_invoices: arguments.invoices.unwrap_or(usize::MAX),
        database_url: arguments.database_url,
        programs: arguments.programs,
    };
    let outcome = match replay::run(&plan, folder.path()).await {
        Ok(outcome) => outcome,
        Err(error) => {
            let kept = folder.keep();
            eprintln!("the replay stopped; its files are kept in {}", kept.display());
            return Err(error);
        }
    };
    println!("{}", outcome.comparison.to_table());
    if let Some(path) = arguments.json {
        std::fs::write(path, serde_json::to_vec_pretty(&outcome)?)?;
    }
    println!("{}", outcome.closing_line());
    if !outcome.is_equal() {
        let kept = folder.keep();
        eprintln!("{}\nthe files are kept in {}", outcome.first_differences(), kept.display());
        std::process::exit(1);
    }
    Ok(())
}
