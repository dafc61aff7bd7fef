//! Crashes the real programs at their writes and fsyncs, and cuts their power.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks to its user")]

use std::path::PathBuf;

use clap::Parser;
use tests::crash::{self, Plan};

#[derive(Parser)]
#[command(name = "cargo xtask crash")]
struct Arguments {
    /// Where the programs stand.
    #[arg(long, hide = true)]
    programs: PathBuf,
    /// Every how manieth write and fsync is hit.
    #[arg(long, default_value_t = 1)]
    stride: u32,
    /// The last write or fsync of each kind that is hit.
    #[arg(long, default_value_t = 60)]
    most: u32,
    /// How many power cuts of each program are replayed.
    #[arg(long, default_value_t = 200)]
    cuts: u32,
    /// Hit only some points of every kind.
    #[arg(long, conflicts_with_all = ["stride", "most", "cuts"])]
    short: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let folder = tempfile::Builder::new().prefix("kedai-crash-").tempdir()?;
    let programs = arguments.programs;
    let plan = if arguments.short {
        Plan { programs, stride: 7, most: 8, cuts: 30 }
    } else {
        Plan { programs, stride: arguments.stride.max(1), most: arguments.most, cuts: arguments.cuts }
    };
    match crash::run(&plan, folder.path()).await {
        Ok(tally) => {
            let points = tally.kills + tally.errors + tally.joins + tally.cuts;
            println!("{points} crashes passed, 0 failed");
            Ok(())
        }
        Err(error) => {
            let kept = folder.keep();
            eprintln!("the files are kept in {}", kept.display());
            Err(error)
        }
    }
}
