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

/// Where the programs of a profile stand.
pub fn programs(root: &Path, profile: Profile) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    target.join(if profile == Profile::Release { "release" } else { "debug" })
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

/// Builds packages without the window; `packages` are cargo arguments such as `-p tests`.
pub fn programs_without_window(root: &Path, profile: Profile, arguments: &[&str]) -> Result<()> {
    let mut command = process::command("cargo", root);
    command.args(["build", "--no-default-features"]).args(arguments);
    if profile == Profile::Release {
        command.arg("--release");
    }
    process::run(&mut command)
}

/// Builds the terminal with its window. It is another build of the same program, so it is kept under a name of its own.
pub fn window(root: &Path) -> Result<PathBuf> {
    process::run(process::command("cargo", root).args(["build", "-p", "terminal", "--bin", "kedai-terminal"]))?;
    let built = programs(root, Profile::Dev).join("kedai-terminal");
    let kept = programs(root, Profile::Dev).join("kedai-terminal-window");
    // A fresh file each time: the old one may be running.
    let _ = std::fs::remove_file(&kept);
    std::fs::copy(built, &kept)?;
    Ok(kept)
}
