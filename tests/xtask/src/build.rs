//! Builds the screens and the programs.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::Result;

use crate::process;

/// How the programs are built.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// As for tests.
    Dev,
    /// As shipped.
    Release,
}

/// Builds the screens when a source is newer than what was built.
pub fn screens(root: &Path) -> Result<()> {
    let built = newest(&root.join("ui/dist"), true);
    let sources = ["ui/src", "ui/index.html", "ui/package-lock.json", "ui/vite.config.ts", "shared/locales"];
    let changed = sources.iter().filter_map(|path| newest(&root.join(path), false)).max();
    if root.join("ui/dist/index.html").exists() && built.is_some() && changed <= built {
        return Ok(());
    }
    println!("Building the screens");
    process::run(process::command("npm", &root.join("ui")).args(["run", "--silent", "build"]))
}

/// The newest (or oldest) time of change below a path.
fn newest(path: &Path, oldest: bool) -> Option<SystemTime> {
    let meta = std::fs::metadata(path).ok()?;
    if meta.is_file() {
        return meta.modified().ok();
    }
    let times = std::fs::read_dir(path).ok()?.flatten().filter_map(|entry| newest(&entry.path(), oldest));
    if oldest { times.min() } else { times.max() }
}

/// Whether the terminal is built with its window.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// With it; what a test run builds, so that everything is built once.
    With,
    /// Without: no WebKit is needed.
    Without,
}

/// Builds every program.
pub fn programs(root: &Path, profile: Profile, window: Window) -> Result<PathBuf> {
    let mut command = process::command("cargo", root);
    command.args(["build", "--workspace", "--exclude", "xtask", "--bins"]);
    if window == Window::Without {
        command.arg("--no-default-features");
    }
    if profile == Profile::Release {
        command.arg("--release");
    }
    process::run(&mut command)?;
    Ok(folder(root, profile))
}

/// Builds one program of the tests, which needs neither screens nor window; gives the folder that it is in.
pub fn harness(root: &Path, profile: Profile, program: &str) -> Result<PathBuf> {
    let mut command = process::command("cargo", root);
    command.args(["build", "--package", "tests", "--no-default-features", "--bin", program]);
    if profile == Profile::Release {
        command.arg("--release");
    }
    process::run(&mut command)?;
    Ok(folder(root, profile))
}

fn folder(root: &Path, profile: Profile) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    target.join(if profile == Profile::Release { "release" } else { "debug" })
}
