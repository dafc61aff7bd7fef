//! Processes of the product, started for a check and never left behind.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// Where the programs of this build stand: `KEDAI_PROGRAMS`, or beside the running test.
///
/// # Errors
/// When the place cannot be found.
pub fn programs_folder() -> Result<PathBuf> {
    if let Some(folder) = std::env::var_os("KEDAI_PROGRAMS") {
        return Ok(PathBuf::from(folder));
    }
    let here = std::env::current_exe()?;
    let folder = here.ancestors().skip(1).find(|folder| folder.join("kedai-server").exists());
    folder.map(Path::to_path_buf).context("the programs are not built: run `cargo xtask test`")
}

/// A port of the loopback address that nobody listens on now.
///
/// # Errors
/// When no port is free.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// What a process has resident now, in MiB.
///
/// # Errors
/// When it is gone, or the system does not say.
pub fn resident_mib(process: u32) -> Result<f64> {
    memory_mib(process, "VmRSS")
}

/// The most that a process had resident, in MiB.
///
/// # Errors
/// As [`resident_mib`].
pub fn peak_mib(process: u32) -> Result<f64> {
    memory_mib(process, "VmHWM")
}

fn memory_mib(process: u32, name: &str) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find(|line| line.starts_with(name)).context("the system does not say")?;
    let kib: f64 = line.split_whitespace().nth(1).context("no figure")?.parse()?;
    Ok(kib / 1_024.0)
}

/// The command that starts a program, behind `wrap` (such as `strace -o …`) when that is not empty.
pub fn wrapped(wrap: &[String], program: &Path) -> Command {
    match wrap.split_first() {
        Some((first, rest)) => {
            let mut command = Command::new(first);
            command.args(rest).arg(program);
            command
        }
        None => Command::new(program),
    }
}

/// A process that is killed when it is dropped.
pub struct Program {
    name: String,
    child: Child,
}

impl Program {
    /// Starts a program; what it says goes to `log` (appended).
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let name =
            Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
        let file = std::fs::File::options().create(true).append(true).open(log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        Ok(Self { name, child })
    }

    /// SIGKILL: no chance to say goodbye.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to stop and waits; an exit code other than 0 is an error.
    ///
    /// # Errors
    /// When it does not stop within 20 seconds or ends badly.
    pub fn stop(&mut self) -> Result<()> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        for _ in 0..400 {
            if let Some(status) = self.child.try_wait()? {
                if !status.success() {
                    bail!("{} ended with {status}", self.name);
                }
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("{} does not stop", self.name)
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// The process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
