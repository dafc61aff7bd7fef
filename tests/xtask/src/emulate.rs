//! `cargo xtask emulate`: a whole counter of devices that are none, with a page to work them by hand.

use std::path::Path;

use anyhow::Result;

use crate::process;

#[derive(clap::Args)]
pub struct Options {
    /// The port of the page; printer, scale, scanner, display and card readers take those after it.
    #[arg(long, default_value_t = 9090)]
    port: u16,
    /// What the scale speaks: `mettler`, `nci`, `cas` or `adam`.
    #[arg(long, default_value = "mettler")]
    scale: String,
}

pub fn run(root: &Path, options: &Options) -> Result<()> {
    println!("Building the counter; its page and the addresses of its devices follow. Ctrl-C ends it.");
    let mut cargo = process::command("cargo", root);
    cargo.args(["run", "--quiet", "-p", "hardware", "--bin", "kedai-counter-emulator", "--"]);
    process::run(cargo.arg("--scale").arg(&options.scale).arg("--port").arg(options.port.to_string()))
}
