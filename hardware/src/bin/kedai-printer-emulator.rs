//! A receipt printer without paper, as a program: point a terminal at it and look at what it prints.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program says where it listens, and what failed"
)]

use std::error::Error;
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use hardware::PrinterProfile;
use hardware::emulator::{Emulator, EmulatorOptions, Keep, control};

/// Emulates an ESC/POS receipt printer on the network and keeps every job as bytes, text and picture.
#[derive(Debug, Parser)]
#[command(name = "kedai-printer-emulator", version)]
struct Options {
    /// Where to listen for print jobs; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:9100")]
    listen: SocketAddr,
    /// The folder that gets 000001.bin, 000001.txt and 000001.png for every job.
    #[arg(long)]
    dir: PathBuf,
    /// Where to listen for commands, one a line: fault NAME, jobs, drawer [open|shut], cuts, quit.
    #[arg(long)]
    control: Option<SocketAddr>,
    /// Do not draw pictures: for thousands of receipts.
    #[arg(long)]
    no_png: bool,
    /// The printer to play.
    #[arg(long, default_value = "generic-80")]
    profile: String,
}

fn main() -> ExitCode {
    let Err(error) = run(Options::parse()) else { return ExitCode::SUCCESS };
    eprint!("kedai-printer-emulator: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprint!(": {error}");
        cause = error.source();
    }
    eprintln!();
    ExitCode::FAILURE
}

fn run(options: Options) -> Result<(), Box<dyn Error>> {
    let profile = PrinterProfile::by_id(&options.profile).ok_or_else(|| {
        let known: Vec<&str> = PrinterProfile::all().iter().map(|profile| &*profile.id).collect();
        format!("there is no printer profile {:?}; known are {}", options.profile, known.join(", "))
    })?;
    let emulator = Emulator::start(EmulatorOptions {
        listen: options.listen,
        profile: profile.clone(),
        dir: Some(options.dir),
        png: !options.no_png,
        // Everything is on disk already.
        keep: Keep::Counts,
        most_kept: 0,
    })?;
    println!("listening on {}", emulator.addr());
    let control = options.control.map(TcpListener::bind).transpose()?;
    if let Some(control) = &control {
        println!("control on {}", control.local_addr()?);
    }
    std::io::stdout().flush()?;
    match &control {
        Some(control) => control::serve(control, &emulator)?,
        // Nothing more to do here but stay; the emulator has its own threads.
        None => loop {
            std::thread::park();
        },
    }
    Ok(())
}
