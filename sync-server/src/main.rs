//! `kedai-server`: the command line of the sync server.
#![allow(clippy::print_stdout, reason = "the command line prints what it was asked for")]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use sync_server::seams::SystemClock;
use sync_server::{Config, demo, prepare, shutdown, start, telemetry};

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
    /// Put what is missing of the demo business into the database and print, as JSON, how to get in.
    Demo {
        /// Print a one-time code that enrols a terminal at this outlet, too.
        #[arg(long, value_name = "OUTLET", value_parser = ["KOPI", "CHO"])]
        pair: Option<String>,
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
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    telemetry::log_to_stderr();
    match cli.command {
        Command::Serve { listen, place } => {
            let server =
                start(Config { listen, ..place.config() }).await.context("the server did not start")?;
            println!("kedai-server listens on {}", server.url());
            shutdown::requested().await.context("cannot listen for signals")?;
            tracing::info!("asked to stop");
            server.shutdown().await;
        }
        Command::Demo { pair, place } => {
            let state = prepare(place.config(), Arc::new(SystemClock)).await.context("cannot seed")?;
            let business =
                demo::seed(&state, pair.as_deref()).await.context("cannot seed the demo business")?;
            state.db.close().await;
            println!("{}", serde_json::to_string_pretty(&business).context("cannot print the report")?);
        }
    }
    Ok(())
}
