//! Simulates shops under every fault and checks what must hold.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool speaks to its user")]

use clap::Parser;
use tests::simulation::{self, Fault, Setting};

// As the programs have it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "cargo xtask simulate")]
struct Arguments {
    /// How many seeds.
    #[arg(long, default_value_t = 500)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// How many terminals: two or more.
    #[arg(long, default_value_t = 3)]
    terminals: usize,
    /// How many hours the shops trade in each run.
    #[arg(long, default_value_t = 1)]
    hours: u32,
    /// How many runs at once; twice the cores if not said.
    #[arg(long)]
    threads: Option<usize>,
    /// Leave out the injected bugs that must be caught.
    #[arg(long)]
    no_canaries: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let setting = Setting { terminals: arguments.terminals.max(2), hours: arguments.hours.max(1) };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    // Twice the cores: a run often waits for its own database's thread.
    let threads = arguments.threads.unwrap_or(cores * 2);
    let tally = simulation::run_many(arguments.seed, arguments.seeds, setting, threads)?;
    println!("{:<20} {:>8}", "fault", "fired");
    for fault in Fault::ALL {
        println!("{:<20} {:>8}", format!("{fault:?}"), tally.fired.get(&fault).copied().unwrap_or(0));
    }
    println!(
        "{} seeds hold: {} terminal-hours, {} sales, {} answers in {} s",
        tally.seeds,
        tally.terminal_hours(),
        tally.sales,
        tally.answers,
        tally.took.as_secs()
    );
    simulation::check_fired(&tally)?;
    if !arguments.no_canaries {
        simulation::run_canaries(setting)?;
    }
    println!("{} seeds passed, 0 failed; {} terminal-hours/s", tally.seeds, tally.rate());
    Ok(())
}
