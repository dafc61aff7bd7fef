//! Measures the till: the commit of a sale, a catalogue of 100,000 items, prices, devices and the exchange with the server.
#![allow(clippy::print_stdout, reason = "a command-line tool speaks to its user")]

use std::path::PathBuf;

use clap::Parser;
use tests::bench::{catalogue, commit, devices, pricing, sync, table};

// As the programs have it that are measured in this process.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
struct Arguments {
    /// Only benches whose name holds this: `commit`, `catalogue`, `pricing`, `devices`, `sync`.
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
    /// The superuser's address of a PostgreSQL cluster; without it nothing is measured on PostgreSQL.
    #[arg(long)]
    postgres_url: Option<String>,
    /// Of `sync`, only subjects whose name holds this: `push sqlite`, `push postgres`, `poke sqlite`, `poke postgres`,
    /// `drain`, `snapshot`.
    #[arg(long)]
    only: Option<String>,
    /// Orders that wait at the till that drains them.
    #[arg(long, default_value_t = 100_000)]
    orders: usize,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let wanted = |name: &str| arguments.filter.as_deref().is_none_or(|filter| name.contains(filter));
    let mut met = true;
    for name in ["commit", "catalogue", "pricing", "devices", "sync"].into_iter().filter(|name| wanted(name))
    {
        let folder = tempfile::Builder::new().prefix("kedai-bench-").tempdir()?;
        let figures = match name {
            "pricing" => pricing::run()?,
            "devices" => devices::run(&arguments.programs, folder.path(), arguments.sales).await?,
            "commit" => commit::run(&arguments.programs, folder.path(), arguments.sales).await?,
            "sync" => {
                let ground = sync::Ground {
                    programs: arguments.programs.clone(),
                    folder: folder.path().to_path_buf(),
                    postgres: arguments.postgres_url.clone(),
                    only: arguments.only.clone(),
                    orders: arguments.orders,
                    items: arguments.items,
                };
                sync::run(&ground).await?
            }
            _ => catalogue::run(&arguments.programs, folder.path(), arguments.items).await?,
        };
        println!("\n{}", table::publish(&arguments.out, name, &figures)?);
        met &= figures.iter().all(table::Figure::is_met);
    }
    println!("{}", if met { "every target is met" } else { "a target is missed" });
    Ok(())
}
