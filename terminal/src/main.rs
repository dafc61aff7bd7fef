//! The till as a program: in its own window, or headless for tablets, kitchen displays and browser tests.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program tells its caller where it listens and why it failed"
)]
// On Windows a till is no console program.
#![cfg_attr(all(windows, feature = "desktop", not(debug_assertions)), windows_subsystem = "windows")]

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail};
use clap::Parser;

use terminal::engine::{Engine, EngineOptions, seams};
use terminal::handover;
use terminal::shell::headless::{Headless, HeadlessOptions};
use terminal::views::{Code, EnrolInput, Stage};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The till: sells with or without a network.
#[derive(Debug, Parser)]
#[command(name = "kedai-terminal", version)]
#[command(args_conflicts_with_subcommands = true)]
struct Options {
    #[command(subcommand)]
    task: Option<Task>,
    /// Fill the whole screen and refuse to be closed, for kiosks.
    #[arg(long)]
    fullscreen: bool,
    /// The folder of this till's data.
    #[arg(long, env = "KEDAI_DATA_DIR", value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// The receipt printer, such as tcp://192.168.1.50:9100; kept in the settings.
    #[arg(long, value_name = "TARGET")]
    printer: Option<String>,
    /// No window: serve the screens over HTTP.
    #[arg(long)]
    headless: bool,
    /// Where to serve; port 0 takes any free one.
    #[arg(long, default_value = "127.0.0.1:8181", value_name = "ADDRESS", requires = "headless")]
    listen: std::net::SocketAddr,
    /// A name besides its addresses by which browsers may call this machine; can be given more than once.
    #[arg(long, value_name = "NAME", requires = "headless")]
    host_name: Vec<String>,
    /// Join an outlet with this one-time pairing code, trying until the server answers; nothing is done when this till
    /// belongs to one already.
    #[arg(long, value_name = "CODE", requires = "server")]
    enrol: Option<String>,
    /// The server's address, for --enrol.
    #[arg(long, value_name = "URL", requires = "enrol")]
    server: Option<String>,
    /// What this device is called, for --enrol.
    #[arg(long, default_value = "Terminal", value_name = "NAME")]
    device_name: String,
    /// Certificates (PEM) to trust beside the system's.
    #[arg(long, env = "KEDAI_CA_FILE", value_name = "FILE")]
    ca_file: Option<PathBuf>,
}

/// What is done with a till's data while it does not sell.
#[derive(Debug, clap::Subcommand)]
enum Task {
    /// Write what the server has not confirmed as a signed file, for `kedai-server import`; the store is only read, also a
    /// damaged one, and a till may run on it meanwhile.
    Export {
        /// The file, which must not be there yet.
        file: PathBuf,
        /// The whole journal instead.
        #[arg(long)]
        all: bool,
        /// The folder of this till's data.
        #[arg(long, env = "KEDAI_DATA_DIR", value_name = "DIR")]
        data_dir: Option<PathBuf>,
    },
    /// Put this till's data away, so that the device can be given on or joins another outlet. Refused while the server has
    /// not confirmed everything, unless that is exported in the same step.
    Wipe {
        /// Write what the server has not confirmed to this file first.
        #[arg(long, value_name = "FILE")]
        export: Option<PathBuf>,
        /// The folder of this till's data.
        #[arg(long, env = "KEDAI_DATA_DIR", value_name = "DIR")]
        data_dir: Option<PathBuf>,
    },
}

fn do_task(task: Task) -> anyhow::Result<()> {
    let folder = |given: Option<PathBuf>| {
        given.or_else(default_data_dir).context("no home folder is known: name a data folder with --data-dir")
    };
    match task {
        Task::Export { file, all, data_dir } => {
            let done = handover::export(&folder(data_dir)?, &file, all, &seams::SystemClock)?;
            println!("{}: {} events, {} damaged places left out", file.display(), done.events, done.damaged);
        }
        Task::Wipe { export, data_dir } => {
            let dir = folder(data_dir)?;
            let aside = handover::wipe(&dir, export.as_deref(), &seams::SystemClock)?;
            println!("this till belongs to no outlet any more; its data is kept in {}", aside.display());
        }
    }
    Ok(())
}

fn main() -> ExitCode {
    let mut options = Options::parse();
    let told = std::env::var("RUST_LOG").unwrap_or_else(|_| "info".to_owned());
    tracing_subscriber::fmt()
        .with_env_filter(told)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    let task = options.task.take();
    match task.map_or_else(|| run(options), do_task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kedai-terminal: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: Options) -> anyhow::Result<()> {
    if !options.headless {
        #[cfg(feature = "desktop")]
        terminal::shell::desktop::prepare_environment()?;
        #[cfg(not(feature = "desktop"))]
        bail!("this build has no window: start it with --headless");
    }
    let engine = Engine::start(engine_options(&options)?)?;
    let done = if options.headless { headless(&engine, &options) } else { window(&engine, &options) };
    engine.stop();
    done
}

fn engine_options(options: &Options) -> anyhow::Result<EngineOptions> {
    let data_dir = match &options.data_dir {
        Some(dir) => dir.clone(),
        None => default_data_dir().context("no home folder is known: name a data folder with --data-dir")?,
    };
    let mut engine = EngineOptions::new(data_dir);
    engine.printer.clone_from(&options.printer);
    engine.extra_roots = options.ca_file.as_deref().map(read_roots).transpose()?;
    Ok(engine)
}

fn read_roots(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("reading the certificates in {}", path.display()))
}

/// Where this system keeps a user's data.
fn default_data_dir() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = if cfg!(windows) {
        folder("LOCALAPPDATA")?
    } else if cfg!(target_os = "macos") {
        folder("HOME")?.join("Library/Application Support")
    } else {
        folder("XDG_DATA_HOME").or_else(|| Some(folder("HOME")?.join(".local/share")))?
    };
    Some(base.join("kedai"))
}

fn headless(engine: &Arc<Engine>, options: &Options) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let served = runtime.block_on(async {
        let listen = HeadlessOptions { listen: options.listen, host_names: options.host_name.clone() };
        let server = Headless::start(engine.clone(), listen)
            .await
            .with_context(|| format!("listening on {}", options.listen))?;
        println!("kedai-terminal: listening on {}", server.url());
        let stopping = Arc::new(AtomicBool::new(false));
        let (ended, enrolled) = tokio::sync::oneshot::channel();
        let joining = joining(engine, options, &stopping, move |done| {
            let _ = ended.send(done);
        });
        let failed = async {
            match enrolled.await {
                Ok(Err(error)) => error,
                // Enrolled, or nothing to do: serve on.
                _ => std::future::pending().await,
            }
        };
        let done = tokio::select! {
            () = told_to_stop() => Ok(()),
            error = failed => Err(error),
        };
        stopping.store(true, Ordering::Relaxed);
        server.stop().await?;
        drop(joining);
        done
    });
    runtime.shutdown_timeout(Duration::from_secs(2));
    served
}

#[cfg(feature = "desktop")]
fn window(engine: &Arc<Engine>, options: &Options) -> anyhow::Result<()> {
    let stopping = Arc::new(AtomicBool::new(false));
    // A code that does not work is shown by the log; the window asks for another one.
    let joining = joining(engine, options, &stopping, |done| {
        if let Err(error) = done {
            tracing::error!("{error:#}");
        }
    });
    let shown = terminal::shell::desktop::run(engine.clone(), options.fullscreen, told_to_stop());
    stopping.store(true, Ordering::Relaxed);
    drop(joining);
    shown.context("opening the window")
}

#[cfg(not(feature = "desktop"))]
fn window(_: &Arc<Engine>, options: &Options) -> anyhow::Result<()> {
    bail!("this build has no window (fullscreen: {}): start it with --headless", options.fullscreen)
}

/// Joins the outlet of `--enrol` on a thread of its own, trying on while the server does not answer.
fn joining(
    engine: &Arc<Engine>,
    options: &Options,
    stopping: &Arc<AtomicBool>,
    ended: impl FnOnce(anyhow::Result<()>) + Send + 'static,
) -> Option<std::thread::JoinHandle<()>> {
    let input = EnrolInput {
        server_url: options.server.clone()?,
        pairing_code: options.enrol.clone()?,
        device_name: options.device_name.clone(),
    };
    let (engine, stopping) = (engine.clone(), stopping.clone());
    Some(std::thread::spawn(move || ended(join(&engine, &input, &stopping))))
}

fn join(engine: &Engine, input: &EnrolInput, stopping: &AtomicBool) -> anyhow::Result<()> {
    let mut wait_ms = 500_u64;
    while !stopping.load(Ordering::Relaxed) {
        match engine.enrol(input) {
            Ok(()) => return Ok(()),
            Err(error) if error.code == Code::AlreadyEnrolled => {
                tracing::info!("this till belongs to an outlet already: --enrol is left aside");
                return Ok(());
            }
            Err(error) if error.code == Code::ServerUnreachable => {
                tracing::info!(reason = %error.message, wait_ms, "the server does not answer yet");
                std::thread::sleep(Duration::from_millis(wait_ms));
                wait_ms = (wait_ms * 2).min(5_000);
            }
            Err(error) => {
                let stage = engine.state().map(|state| state.stage);
                if stage.is_ok_and(|stage| stage != Stage::NeedsEnrolment) {
                    return Ok(());
                }
                bail!("the outlet could not be joined: {}", error.message);
            }
        }
    }
    Ok(())
}

/// Ends with Ctrl-C, and where there is such a thing, with SIGTERM.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
