//! A throw-away PostgreSQL cluster on a random port, gone when dropped.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process::{self, Running};

/// A running cluster.
pub struct Cluster {
    folder: PathBuf,
    port: u16,
    server: Option<Running>,
}

impl Cluster {
    /// Makes and starts a cluster below `target`.
    pub fn start(root: &Path) -> Result<Self> {
        let bin = binaries()?;
        let port = process::free_port()?;
        // Not below the workspace: the cluster's own user must be able to reach it.
        let folder = std::env::temp_dir().join(format!("kedai-postgres-{port}"));
        std::fs::create_dir_all(&folder)?;
        let mut cluster = Self { folder, port, server: None };
        let user = user();
        if let Some(user) = user {
            process::run(Command::new("chown").arg(user).arg(&cluster.folder))?;
        }
        let data = cluster.folder.join("data");
        let mut init = as_user(user, &bin.join("initdb"));
        init.arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]);
        process::output(init.current_dir(&cluster.folder)).context("cannot make a PostgreSQL cluster")?;
        let mut serve = as_user(user, &bin.join("postgres"));
        serve.arg("-D").arg(&data).args(["-p", &port.to_string(), "-k"]).arg(&cluster.folder);
        serve.args([
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "max_connections=200",
            "-c",
            "shared_buffers=128MB",
        ]);
        let log = std::fs::File::create(root.join("target").join(format!("postgres-{port}.log")))?;
        serve.current_dir(&cluster.folder).stdout(Stdio::null()).stderr(log);
        let mut server = Running::start("PostgreSQL", &mut serve)?;
        process::wait_for_port(port, &mut server)?;
        cluster.server = Some(server);
        for _ in 0..100 {
            if cluster.execute("SELECT 1").is_ok() {
                return Ok(cluster);
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        bail!("the PostgreSQL cluster does not answer")
    }

    /// The address for its superuser.
    pub fn admin_url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// A new database owned by a role of its own that is no superuser.
    pub fn database(&self, name: &str) -> Result<String> {
        self.execute(&format!("CREATE ROLE {name} LOGIN NOSUPERUSER NOBYPASSRLS"))?;
        self.execute(&format!("CREATE DATABASE {name} OWNER {name}"))?;
        Ok(format!("postgres://{name}@127.0.0.1:{}/{name}", self.port))
    }

    fn execute(&self, sql: &str) -> Result<()> {
        process::output(Command::new(binaries()?.join("psql")).args([&self.admin_url(), "-qc", sql]))
            .map(drop)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // Stopped before its files go.
        self.server = None;
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The folder of the server's programs, newest version first.
fn binaries() -> Result<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    folders.sort();
    folders.pop().context("PostgreSQL's server is not installed (Debian package `postgresql`)")
}

/// PostgreSQL refuses to run as root: then it runs as the user that its package makes.
fn user() -> Option<&'static str> {
    let root = process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    root.then_some("postgres")
}

fn as_user(user: Option<&str>, program: &Path) -> Command {
    let Some(user) = user else { return Command::new(program) };
    let mut command = Command::new("setpriv");
    command.args(["--reuid", user, "--regid", user, "--clear-groups", "--"]).arg(program);
    command
}
