//! `kedai-server`: the command line of the sync server.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the command line prints what it was asked for"
)]

use std::io::{BufRead as _, IsTerminal as _, Read as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use shared::ids::TenantId;
use sync_server::identity::founding;
use sync_server::seams::{SystemClock, SystemRandom};
use sync_server::upkeep::import::Stranger;
use sync_server::{Config, demo, prepare, pricing, shutdown, start, telemetry, upkeep};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The Kedai sync server.
#[derive(Parser)]
#[command(name = "kedai-server", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve terminals and headquarters until SIGTERM or Ctrl-C.
    Serve {
        /// Where to listen.
        #[arg(long, env = "KEDAI_LISTEN", default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        #[command(flatten)]
        place: Place,
    },
    /// Make a business with its owner's account, or look after one.
    Tenant {
        #[command(subcommand)]
        command: TenantCommand,
    },
    /// Make a terminal at an outlet and print the one-time code that enrols its device, good for 15 minutes.
    Pair {
        /// The business, by its name or id.
        #[arg(long)]
        tenant: String,
        /// The outlet, by the code that begins its receipt numbers.
        #[arg(long)]
        outlet: String,
        /// What the terminal is called.
        #[arg(long, default_value = "Till")]
        name: String,
        #[command(flatten)]
        place: Place,
    },
    /// Compute the orders of baskets and print them as JSON: of one, or of many that stand one a line. Needs no database.
    Price {
        /// The file, `-` for standard input.
        basket: PathBuf,
    },
    /// Take in a journal that a terminal exported to a file, such as that of a till that died; twice is as once. A running
    /// server applies it by itself.
    Import {
        /// The file.
        file: PathBuf,
        /// Take its terminal up again when it is not known here, such as after a backup that is older than its enrolment was
        /// put in place; from then on it syncs by itself. Only for a file that is known to come from that till.
        #[arg(long)]
        adopt: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Back the database up while the server runs. The key in the data folder is not in a backup: keep it elsewhere.
    Backup {
        /// A file that is not there yet, or a folder to make one in.
        target: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Put a backup in the place of the database, while no server runs. Terminals then send what it lacks by themselves.
    Restore {
        /// The backup.
        file: PathBuf,
        #[command(flatten)]
        place: Place,
    },
    /// Check every chain and signature, make every projection anew beside the live one, and name what differs.
    Verify {
        /// Only this business, by its id.
        #[arg(long, value_name = "ID")]
        tenant: Option<TenantId>,
        #[command(flatten)]
        place: Place,
    },
    /// Businesses, terminals, when each was last seen, what waits and what people must see.
    Status {
        /// As JSON.
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        place: Place,
    },
    /// Put what is missing of the demo business into the database and print, as JSON, how to get in.
    Demo {
        /// Print a one-time code that enrols a terminal at this outlet, too.
        #[arg(long, value_name = "OUTLET", value_parser = ["KOPI", "CHO"])]
        pair: Option<String>,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Subcommand)]
enum TenantCommand {
    /// Make a business. The owner's password is read from standard input; typed at a terminal or left empty, one is made
    /// and printed once.
    Create {
        /// Its name as shown.
        #[arg(long)]
        name: String,
        /// The sign-in name of its owner.
        #[arg(long)]
        admin_email: String,
        #[command(flatten)]
        place: Place,
    },
}

/// Where the server keeps what it has.
#[derive(Args)]
struct Place {
    /// The folder of the server's key and embedded database.
    #[arg(long, env = "KEDAI_DATA_DIR", default_value = "kedai-server-data")]
    data_dir: PathBuf,
    /// `sqlite:…` or `postgres://…`; a SQLite file in the data folder when not given.
    #[arg(long, env = "KEDAI_DATABASE_URL", hide_env_values = true)]
    database_url: Option<String>,
    /// A PostgreSQL replica for reading.
    #[arg(long, env = "KEDAI_DATABASE_READ_URL", hide_env_values = true)]
    database_read_url: Option<String>,
}

impl Place {
    fn config(self) -> Config {
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        Config {
            database_url: given(self.database_url),
            database_read_url: given(self.database_read_url),
            ..Config::new(self.data_dir)
        }
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let cli = Cli::parse();
    telemetry::log_to_stderr();
    match cli.command {
        Command::Serve { listen, place } => {
            let _serving = upkeep::restore::lock_to_serve(&place.data_dir)?;
            let server =
                start(Config { listen, ..place.config() }).await.context("the server did not start")?;
            println!("kedai-server listens on {}", server.url());
            shutdown::requested().await.context("cannot listen for signals")?;
            tracing::info!("asked to stop");
            server.shutdown().await;
        }
        Command::Tenant { command: TenantCommand::Create { name, admin_email, place } } => {
            let given = given_password().context("cannot read the password")?;
            let password = given.clone().unwrap_or_else(|| founding::random_password(&mut SystemRandom));
            let state = prepare(place.config(), Arc::new(SystemClock)).await.context("cannot open")?;
            let tenant = founding::found(&state, &name, &admin_email, &password).await;
            state.db.close().await;
            println!("tenant {}", tenant.context("the business was not made")?);
            if given.is_none() {
                println!("password {password}");
            }
        }
        Command::Pair { tenant, outlet, name, place } => {
            let state = prepare(place.config(), Arc::new(SystemClock)).await.context("cannot open")?;
            let code = founding::pair(&state, &tenant, &outlet, &name).await;
            state.db.close().await;
            println!("{}", code.context("no pairing code was made")?);
        }
        Command::Price { basket } => {
            let input: Box<dyn std::io::Read> = if basket.as_os_str() == "-" {
                Box::new(std::io::stdin().lock())
            } else {
                Box::new(
                    std::fs::File::open(&basket)
                        .with_context(|| format!("cannot open {}", basket.display()))?,
                )
            };
            let output = std::io::BufWriter::new(std::io::stdout().lock());
            let refused = pricing::command::price(std::io::BufReader::new(input), output)?;
            anyhow::ensure!(refused == 0, "{refused} baskets were refused");
        }
        Command::Import { file, adopt, place } => {
            let state = prepare(place.config(), Arc::new(SystemClock)).await.context("cannot open")?;
            let stranger = if adopt { Stranger::Adopted } else { Stranger::Refused };
            let done = upkeep::import::import(&state, &file, stranger, &mut tell).await;
            state.db.close().await;
            let done = done.context("nothing was imported")?;
            println!("{} new, {} held before, {} stored apart", done.stored, done.duplicates, done.apart);
            for left in &done.left {
                println!("not taken: {left}");
            }
            if !done.left.is_empty() || done.apart > 0 {
                return Ok(ExitCode::from(2));
            }
        }
        Command::Backup { target, place } => {
            let state = prepare(place.config(), Arc::new(SystemClock)).await.context("cannot open")?;
            let done = upkeep::backup::backup(&state, &target).await;
            state.db.close().await;
            let done = done.context("no backup was made")?;
            println!("{}: {} bytes, {} journal events", done.file.display(), done.bytes, done.events);
        }
        Command::Restore { file, place } => {
            let done = upkeep::restore::restore(place.config(), &file, Arc::new(SystemClock)).await;
            let done = done.context("nothing was put in place")?;
            if let Some(aside) = done.aside {
                println!("the database before is kept as {}", aside.display());
            }
            println!("restored; the life of the database is now {}", done.server_epoch);
        }
        Command::Verify { tenant, place } => {
            let state = prepare(place.config(), Arc::new(SystemClock)).await.context("cannot open")?;
            let done = upkeep::verify::verify(&state, tenant, &mut tell).await;
            state.db.close().await;
            let done = done.context("could not verify")?;
            for finding in &done.findings {
                println!("DIFFERENT {finding}");
            }
            println!(
                "{} businesses, {} journals, {} events checked, {} signatures checked ({} by former keys), {} rows compared, \
                 {} differ",
                done.tenants,
                done.journals,
                done.events,
                done.signatures,
                done.former_keys,
                done.rows,
                done.findings.len()
            );
            if !done.findings.is_empty() {
                return Ok(ExitCode::FAILURE);
            }
        }
        Command::Status { json, place } => {
            let state = prepare(place.config(), Arc::new(SystemClock)).await.context("cannot open")?;
            let status = upkeep::status::status(&state).await;
            state.db.close().await;
            let status = status.context("cannot look")?;
            if json {
                println!("{}", serde_json::to_string_pretty(&status).context("cannot print")?);
            } else {
                print!("{}", status.text());
            }
        }
        Command::Demo { pair, place } => {
            let state = prepare(place.config(), Arc::new(SystemClock)).await.context("cannot seed")?;
            let business =
                demo::seed(&state, pair.as_deref()).await.context("cannot seed the demo business")?;
            state.db.close().await;
            println!("{}", serde_json::to_string_pretty(&business).context("cannot print the report")?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// How far a long step is.
fn tell(progress: &str) {
    eprintln!("{progress}");
}

/// The first line of standard input, unless a person sits there or it is empty.
fn given_password() -> std::io::Result<Option<String>> {
    let input = std::io::stdin();
    if input.is_terminal() {
        return Ok(None);
    }
    let mut line = String::new();
    input.lock().take(1_000).read_line(&mut line)?;
    let line = line.trim_end_matches(['\r', '\n']);
    Ok((!line.is_empty()).then(|| line.to_owned()))
}
