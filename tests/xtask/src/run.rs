//! `cargo xtask run`: a shop on this machine, from nothing to a till one can sell on.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::build::{self, Profile, Window};
use crate::process::{self, Running};
use crate::setup::{self, Needs};

#[derive(clap::Args)]
pub struct Options {
    /// Begin anew: forget what was sold before.
    #[arg(long)]
    fresh: bool,
    /// The demo outlet the till stands in: `KOPI` (café, IDR) or `CHO` (mini-market, VND).
    #[arg(long, default_value = "KOPI")]
    outlet: String,
    /// Open no window; the till is used in a browser.
    #[arg(long)]
    headless: bool,
}

pub fn run(root: &Path, options: &Options) -> Result<()> {
    let window = !options.headless && has_display();
    if !window && !options.headless {
        println!("There is no display here, so the till runs without a window; use it in a browser.");
    }
    setup::install(root, Needs::Run)?;
    build::screens(root)?;
    println!("Building the server, the printer emulator and the till");
    let kind = if window { Window::With } else { Window::Without };
    let programs = build::programs(root, Profile::Dev, kind)?;

    let folder = programs.with_file_name("run").join(options.outlet.to_lowercase());
    if options.fresh && folder.exists() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    std::fs::create_dir_all(&folder)?;
    let stop = stop_on_ctrl_c()?;
    let mut shop = Shop::open(&programs, &folder, options, window)?;
    shop.introduce();
    while !stop.load(Ordering::Relaxed) && !shop.till.has_ended() {
        shop.server.check()?;
        shop.printer.check()?;
        std::thread::sleep(Duration::from_millis(200));
    }
    println!("\nStopping; what was sold is kept. `cargo xtask run --fresh` begins anew.");
    shop.till.stop();
    shop.server.stop();
    shop.printer.stop();
    Ok(())
}

fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|v| !v.is_empty()))
}

fn stop_on_ctrl_c() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed)).context("cannot listen for Ctrl-C")?;
    Ok(stop)
}

struct Shop {
    till: Running,
    server: Running,
    printer: Running,
    demo: Value,
    server_port: u16,
    till_port: Option<u16>,
    paper: PathBuf,
}

/// The wanted port, or any other when somebody listens there already.
fn port(wanted: u16) -> Result<u16> {
    if std::net::TcpListener::bind(("127.0.0.1", wanted)).is_ok() { Ok(wanted) } else { process::free_port() }
}

impl Shop {
    fn open(programs: &Path, folder: &Path, options: &Options, window: bool) -> Result<Self> {
        let log = |name: &str| std::fs::File::create(folder.join(name)).map(Stdio::from);
        // The till remembers the server's address, so the port is kept over starts.
        let ports = folder.join("ports.json");
        let kept: Option<(u16, u16)> =
            std::fs::read(&ports).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let (server_port, printer_port) = match kept {
            Some(kept) => kept,
            None => (port(8080)?, port(9100)?),
        };
        std::fs::write(&ports, serde_json::to_vec(&(server_port, printer_port))?)?;

        let data = folder.join("server");
        let mut serve = Command::new(programs.join("kedai-server"));
        serve.args(["serve", "--listen", &format!("127.0.0.1:{server_port}"), "--data-dir"]).arg(&data);
        serve.env_remove("KEDAI_DATABASE_URL").stdout(log("server.log")?).stderr(log("server.err")?);
        let mut server = Running::start("the server", &mut serve)?;
        process::wait_until_ready(server_port, "/ready", &mut server)?;

        let paper = folder.join("paper");
        let mut print = Command::new(programs.join("kedai-printer-emulator"));
        print.args(["--listen", &format!("127.0.0.1:{printer_port}"), "--dir"]).arg(&paper);
        print.stdout(log("printer.log")?).stderr(log("printer.err")?);
        let mut printer = Running::start("the printer emulator", &mut print)?;
        process::wait_for_port(printer_port, &mut printer)?;

        let till_data = folder.join("terminal");
        let enrolled = till_data.join("enrolled.json").exists();
        let mut seed = Command::new(programs.join("kedai-server"));
        seed.args(["demo", "--data-dir"]).arg(&data).env_remove("KEDAI_DATABASE_URL");
        if !enrolled {
            seed.args(["--pair", &options.outlet]);
        }
        let demo: Value =
            serde_json::from_str(&process::output(&mut seed).context("cannot seed the demo business")?)?;

        let mut open = Command::new(programs.join("kedai-terminal"));
        open.arg("--data-dir")
            .arg(&till_data)
            .args(["--printer", &format!("tcp://127.0.0.1:{printer_port}")]);
        if let (false, Some(code)) = (enrolled, demo["pairing_code"].as_str()) {
            open.args(["--server", &format!("http://127.0.0.1:{server_port}"), "--enrol", code]);
        }
        let mut till_port = None;
        if !window {
            let listen = port(8181)?;
            till_port = Some(listen);
            open.args(["--headless", "--listen", &format!("127.0.0.1:{listen}")]);
        }
        open.stdout(log("terminal.log")?).stderr(log("terminal.err")?);
        let mut till = Running::start("the till", &mut open)?;
        if let Some(listen) = till_port {
            process::wait_for_port(listen, &mut till)?;
        }
        Ok(Self { till, server, printer, demo, server_port, till_port, paper })
    }

    fn introduce(&self) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        println!("\nKedai is open.");
        match self.till_port {
            Some(port) => println!("  Till          http://127.0.0.1:{port}"),
            None => println!("  Till          in its window"),
        }
        println!("  Server API    http://127.0.0.1:{}/api/v1/docs", self.server_port);
        println!("  Receipts      {}", self.paper.display());
        println!(
            "  Headquarters  {} / {}",
            text(&self.demo["admin"]["email"]),
            text(&self.demo["admin"]["password"])
        );
        println!("  PINs");
        for outlet in self.demo["outlets"].as_array().into_iter().flatten() {
            println!("    {}", text(&outlet["name"]));
            for person in outlet["staff"].as_array().into_iter().flatten() {
                println!(
                    "      {:<10} {:<22} {}",
                    text(&person["role"]),
                    text(&person["name"]),
                    text(&person["pin"])
                );
            }
        }
        println!("\nCtrl-C stops everything.");
    }
}
