//! Installs what is missing: Debian packages, the test runner, the packages of the screens.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process;

/// To build and open the window.
const WINDOW: &[&str] = &[
    "pkg-config",
    "libwebkit2gtk-4.1-dev",
    "librsvg2-dev",
    "libayatana-appindicator3-dev",
    "libudev-dev",
    "libusb-1.0-0-dev",
];

/// To test in browsers, in the window, on PostgreSQL and under crashes, and to read codes from pictures and
/// what a PDF says.
const CHECKS: &[&str] = &[
    "webkit2gtk-driver",
    "xvfb",
    "dbus",
    "dbus-x11",
    "chromium",
    "imagemagick",
    "zbar-tools",
    "poppler-utils",
    "qpdf",
    "postgresql",
    "fonts-noto-core",
    "x11-apps",
    "x11-xserver-utils",
    "xserver-xorg-core",
    "xserver-xorg-video-dummy",
    "procps",
    "python3",
    "python3-venv",
    "tshark",
    "strace",
];

/// Independent software that devices and journals are checked against, in a Python of its own under `target/venv`.
const PYTHON: &[&str] = &["biip==5.2.0", "cryptography==50.0.2", "rfc8785==0.1.4"];

/// The same from npm, in `target/oracles`.
const NPM: &[&str] = &["@adyen/api-library@32.1.0"];

/// What a command needs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Only to build and run.
    Run,
    /// Everything.
    Test,
}

/// Installs what is missing and says what.
pub fn install(root: &Path, needs: Needs) -> Result<()> {
    let mut packages = WINDOW.to_vec();
    if needs == Needs::Test {
        packages.extend(CHECKS);
    }
    debian(&packages)?;
    if needs == Needs::Test {
        nextest(root)?;
        python_packages(root)?;
        npm_oracles(root)?;
        promtool(root)?;
        node_packages(&root.join("tests/e2e"))?;
    }
    node_packages(&root.join("ui"))
}

fn has(program: &str) -> bool {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    found.is_ok_and(|status| status.success())
}

fn debian(packages: &[&str]) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    if !has("dpkg-query") || !has("apt-get") {
        println!(
            "This is no Debian: these packages (or their like) are expected to be installed: {}",
            packages.join(" ")
        );
        return Ok(());
    }
    let missing: Vec<&str> = packages.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Installing {} Debian packages: {}", missing.len(), missing.join(" "));
    apt(&["update", "-qq"])?;
    let mut arguments = vec!["install", "-y", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0", "-qq"];
    arguments.extend(&missing);
    apt(&arguments).context("the Debian packages named above could not be installed")
}

fn is_installed(package: &str) -> bool {
    let query = Command::new("dpkg-query").args(["-W", "-f", "${Status}", package]).output();
    query.is_ok_and(|out| String::from_utf8_lossy(&out.stdout).contains("ok installed"))
}

fn apt(arguments: &[&str]) -> Result<()> {
    let root = process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let mut command = Command::new(if root { "apt-get" } else { "sudo" });
    if !root {
        command.arg("apt-get");
    }
    process::run(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
}

/// Installs the tool that changes code to see whether tests notice.
pub fn mutants(root: &Path) -> Result<()> {
    nextest(root)?;
    let mut found = process::command("cargo", root);
    found.args(["mutants", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    if found.status().is_ok_and(|status| status.success()) {
        return Ok(());
    }
    println!("Installing cargo-mutants (a few minutes, once)");
    process::run(process::command("cargo", root).args(["install", "--locked", "cargo-mutants"]))
}

fn nextest(root: &Path) -> Result<()> {
    if has("cargo-nextest") {
        return Ok(());
    }
    println!("Installing the test runner cargo-nextest (a few minutes, once)");
    process::run(process::command("cargo", root).args(["install", "--locked", "cargo-nextest"]))
}

/// Installs the Python packages that the tests compare with, once for each list of them.
fn python_packages(root: &Path) -> Result<()> {
    let folder = root.join("target/venv");
    let stamp = folder.join("installed-packages");
    let wanted = PYTHON.join("\n");
    if std::fs::read_to_string(&stamp).is_ok_and(|had| had == wanted) {
        return Ok(());
    }
    println!("Installing {} Python packages", PYTHON.len());
    process::run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let mut pip = Command::new(folder.join("bin/pip"));
    process::run(pip.args(["install", "--quiet", "--disable-pip-version-check"]).args(PYTHON))?;
    Ok(std::fs::write(stamp, wanted)?)
}

/// Puts the program that checks alert rules into `target/promtool`: of the Debian package `prometheus` only that, since the
/// package itself would start a service.
fn promtool(root: &Path) -> Result<()> {
    let folder = root.join("target/promtool");
    if folder.join("usr/bin/promtool").exists() || !cfg!(target_os = "linux") || !has("dpkg-deb") {
        return Ok(());
    }
    println!("Fetching promtool");
    std::fs::create_dir_all(&folder)?;
    // Packages are fetched by a user of their own where there is one, who may not write here.
    let arguments = ["download", "-qq", "-o", "APT::Sandbox::User=root", "prometheus"];
    let mut fetch = Command::new("apt-get");
    if process::run(fetch.args(arguments).current_dir(&folder)).is_err() {
        apt(&["update", "-qq"])?;
        process::run(Command::new("apt-get").args(arguments).current_dir(&folder))?;
    }
    let unpack =
        "dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/promtool && rm prometheus_*.deb";
    process::run(Command::new("sh").args(["-c", unpack]).current_dir(&folder))?;
    Ok(())
}

/// Installs the packages of npm that the tests compare with, once for each list of them.
fn npm_oracles(root: &Path) -> Result<()> {
    let folder = root.join("target/oracles");
    let stamp = folder.join("installed-packages");
    let wanted = NPM.join("\n");
    if std::fs::read_to_string(&stamp).is_ok_and(|had| had == wanted) {
        return Ok(());
    }
    println!("Installing {} packages of npm to compare with", NPM.len());
    std::fs::create_dir_all(&folder)?;
    // Without a manifest of its own npm would look for one above, and find none of ours.
    std::fs::write(folder.join("package.json"), "{ \"private\": true }\n")?;
    let arguments = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
    process::run(process::command("npm", &folder).args(arguments).args(NPM))?;
    Ok(std::fs::write(stamp, wanted)?)
}

/// Installs the packages of a folder when they are not those of its lock file.
fn node_packages(folder: &Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    if !lock.exists() {
        bail!("{} is missing", lock.display());
    }
    let stamp = folder.join("node_modules/.installed-lock");
    let wanted = std::fs::read(&lock)?;
    if std::fs::read(&stamp).is_ok_and(|had| had == wanted) {
        return Ok(());
    }
    if !has("node") || !has("npm") {
        bail!("Node.js 20 or later with npm is needed to build the screens: install it, then start again");
    }
    println!("Installing the packages of {}", folder.display());
    // Not `npm ci`: it refuses a lock file made where a registry lacks the builds for other systems, which no one here
    // needs. `install` takes the versions of the lock file all the same, and `--no-save` leaves that file alone.
    let arguments = ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"];
    process::run(process::command("npm", folder).args(arguments))?;
    Ok(std::fs::write(stamp, wanted)?)
}
