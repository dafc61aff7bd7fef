//! `cargo xtask test`: every suite in order, one line each with its counts at the end.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::build::{self, Profile, Window};
use crate::postgres::Cluster;
use crate::process;
use crate::setup::{self, Needs};
use crate::{crash, replay, simulate, window};

#[derive(clap::Args)]
pub struct Options {
    /// Only suites whose name holds this.
    filter: Option<String>,
}

/// How a suite ended.
struct Ended {
    name: &'static str,
    passed: bool,
    counts: String,
    took: Duration,
}

/// A step of a suite: a command, its result read from its own closing words.
struct Suites<'a> {
    root: &'a Path,
    filter: Option<&'a str>,
    ended: Vec<Ended>,
}

impl Suites<'_> {
    fn wanted(&self, name: &str) -> bool {
        self.filter.is_none_or(|filter| name.contains(filter))
    }

    /// Runs a suite; its counts are the last line of its output that `pick` finds.
    fn run(
        &mut self,
        name: &'static str,
        command: &mut std::process::Command,
        pick: fn(&str) -> Option<String>,
    ) -> Result<()> {
        if !self.wanted(name) {
            return Ok(());
        }
        println!("\n── {name}");
        let start = Instant::now();
        let (passed, output) = process::run_and_read(command)?;
        let counts = output.lines().rev().find_map(pick).unwrap_or_default();
        self.ended.push(Ended { name, passed, counts, took: start.elapsed() });
        Ok(())
    }

    fn cargo(
        &mut self,
        name: &'static str,
        arguments: &[&str],
        pick: fn(&str) -> Option<String>,
    ) -> Result<()> {
        let mut command = process::command("cargo", self.root);
        self.run(name, command.args(arguments), pick)
    }

    fn npm(&mut self, name: &'static str, script: &str, pick: fn(&str) -> Option<String>) -> Result<()> {
        let mut command = process::command("npm", &self.root.join("ui"));
        self.run(name, command.args(["run", "--silent", script]).env("NO_COLOR", "1"), pick)
    }
}

fn clean(_: &str) -> Option<String> {
    Some("clean".to_owned())
}

/// `Summary [ 12.3s] 345 tests run: 345 passed, 0 skipped`.
fn nextest(line: &str) -> Option<String> {
    line.trim_start()
        .strip_prefix("Summary")
        .and_then(|rest| rest.split_once(']'))
        .map(|(_, counts)| counts.trim().to_owned())
}

/// `test result: ok. 3 passed; 0 failed; …`.
fn doc_tests(line: &str) -> Option<String> {
    line.strip_prefix("test result: ").map(|rest| rest.split("; finished").next().unwrap_or(rest).to_owned())
}

/// `Tests  34 passed (34)`.
fn vitest(line: &str) -> Option<String> {
    line.trim_start().strip_prefix("Tests").map(|counts| counts.trim().to_owned())
}

/// `12 passed, 0 failed`, or the closing line of a replay.
fn plain(line: &str) -> Option<String> {
    (line.contains(" passed, ") || line.starts_with("equal:") || line.starts_with("DIFFERENT"))
        .then(|| line.trim().to_owned())
}

pub fn run(root: &Path, options: &Options) -> Result<()> {
    setup::install(root, Needs::Test)?;
    build::screens(root)?;
    let mut suites = Suites { root, filter: options.filter.as_deref(), ended: Vec::new() };

    suites.cargo("format", &["fmt", "--all", "--check"], clean)?;
    suites.cargo(
        "clippy",
        &["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"],
        clean,
    )?;
    suites
        .npm("svelte-check", "check", |line| line.contains("svelte-check found").then(|| line.to_owned()))?;
    suites.npm("eslint", "lint", clean)?;
    suites.npm("prettier", "format:check", clean)?;
    suites.npm("vitest", "test", vitest)?;
    let mut types = process::command("npm", &root.join("tests/e2e"));
    suites.run("e2e types", types.args(["run", "--silent", "check"]), clean)?;

    let users = [
        "nextest",
        "doc tests",
        "replay-postgres",
        "replay-sqlite",
        "simulate",
        "crash",
        "browser",
        "window",
    ];
    if users.iter().any(|name| suites.wanted(name)) {
        let programs = build::programs(root, Profile::Dev, Window::With)?;
        whole(&mut suites, root, &programs)?;
    }
    close(&suites.ended)
}

/// The suites that run the programs.
fn whole(suites: &mut Suites<'_>, root: &Path, programs: &Path) -> Result<()> {
    if ["nextest", "replay-postgres"].iter().any(|name| suites.wanted(name)) {
        let cluster = Cluster::start(root)?;
        let mut command = process::command("cargo", root);
        command.args(["nextest", "run", "--workspace"]).env("KEDAI_PROGRAMS", programs);
        command.env("KEDAI_TEST_POSTGRES_URL", cluster.admin_url()).env("KEDAI_TEST_REQUIRE_POSTGRES", "1");
        command.env("KEDAI_TEST_REQUIRE_TOOLS", "1");
        suites.run("nextest", &mut command, nextest)?;
        let url = cluster.database("kedai_replay")?;
        let mut replay = replay::short(root, programs, &root.join(SAMPLE), Some(&url))?;
        suites.run("replay-postgres", &mut replay, plain)?;
    }
    suites.run("replay-sqlite", &mut replay::short(root, programs, &root.join(SAMPLE), None)?, plain)?;
    suites.run("simulate", &mut simulate::short(root, programs), plain)?;
    suites.run("crash", &mut crash::short(root, programs), plain)?;
    suites.cargo("doc tests", &["test", "--quiet", "--workspace", "--doc"], doc_tests)?;
    let mut browser = process::command("npm", &root.join("tests/e2e"));
    browser.args(["run", "--silent", "test"]).env("NO_COLOR", "1");
    suites.run("browser", browser.env("KEDAI_ROOT", root).env("KEDAI_PROGRAMS", programs), vitest)?;
    suites.run("window", &mut window::smoke(root, programs), vitest)
}

/// Trade made for the test run; the replay of real trade is a command of its own.
const SAMPLE: &str = "tests/replay/sample.csv";

fn close(ended: &[Ended]) -> Result<()> {
    println!("\n{:<16} {:<8} {:>7}  counts", "suite", "result", "seconds");
    for suite in ended {
        let result = if suite.passed { "passed" } else { "FAILED" };
        println!("{:<16} {result:<8} {:>7}  {}", suite.name, suite.took.as_secs(), suite.counts);
    }
    let failed = ended.iter().filter(|suite| !suite.passed).count();
    println!("{} passed, {failed} failed", ended.len() - failed);
    if failed > 0 {
        bail!("{failed} of {} suites failed", ended.len());
    }
    Ok(())
}
