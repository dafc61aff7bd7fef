//! Child processes that never outlive their parent's work.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// A command with the workspace as its folder, without what `cargo run` told this program about itself: some build
/// scripts look at it, and a build by hand and one from here would each undo the other's.
pub fn command(program: &str, folder: &Path) -> Command {
    const ABOUT_THIS_PROGRAM: [&str; 4] =
        ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_NAME", "CARGO_PRIMARY_PACKAGE"];
    let mut command = Command::new(program);
    command.current_dir(folder);
    for (name, _) in std::env::vars_os() {
        if ABOUT_THIS_PROGRAM.iter().any(|start| name.to_string_lossy().starts_with(start)) {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command, its output shown; an exit code other than 0 is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {command:?}"))?;
    if !status.success() {
        bail!("{} ended with {status}", name(command));
    }
    Ok(())
}

/// Runs a command and gives its standard output; an exit code other than 0 is an error with what it said.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start {command:?}"))?;
    if !output.status.success() {
        bail!("{} ended with {}: {}", name(command), output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command, shows its output as it comes, and gives it back with whether it went well.
pub fn run_and_read(command: &mut Command) -> Result<(bool, String)> {
    let (reader, writer) = std::io::pipe().context("cannot make a pipe")?;
    command.stdout(writer.try_clone()?).stderr(writer).stdin(Stdio::null());
    let mut child = command.spawn().with_context(|| format!("cannot start {command:?}"))?;
    // The command keeps its copies of the pipe's end; they must go for the reading to end with the child.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut text = String::new();
    for line in BufReader::new(reader).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        println!("{line}");
        text.push_str(&line);
        text.push('\n');
    }
    Ok((child.wait()?.success(), text))
}

fn name(command: &Command) -> String {
    let arguments: Vec<_> = command.get_args().take(3).map(|a| a.to_string_lossy()).collect();
    format!("{} {}", command.get_program().to_string_lossy(), arguments.join(" "))
}

/// A child that is told to stop, then killed, when it is dropped.
pub struct Running {
    name: &'static str,
    child: Child,
}

impl Running {
    /// Starts a command in the background.
    pub fn start(name: &'static str, command: &mut Command) -> Result<Self> {
        let child = command.spawn().with_context(|| format!("cannot start {command:?}"))?;
        Ok(Self { name, child })
    }

    /// An error when it has ended.
    pub fn check(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            Some(status) => bail!("{} ended by itself with {status}", self.name),
            None => Ok(()),
        }
    }

    /// Whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks it to stop and waits up to ten seconds before it is killed.
    pub fn stop(&mut self) {
        if self.has_ended() {
            return;
        }
        #[cfg(unix)]
        {
            let pid = self.child.id().to_string();
            let _ = Command::new("kill").args(["-TERM", &pid]).status();
            let deadline = Instant::now() + Duration::from_secs(10);
            while Instant::now() < deadline {
                if self.has_ended() {
                    return;
                }
                std::thread::sleep(Duration::from_millis(20));
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A port of the loopback address that nobody listens on now.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Waits until somebody listens on a loopback port, or the child that should has ended.
pub fn wait_for_port(port: u16, child: &mut Running) -> Result<()> {
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    let deadline = Instant::now() + Duration::from_secs(60);
    while TcpStream::connect_timeout(&address, Duration::from_millis(500)).is_err() {
        child.check()?;
        if Instant::now() > deadline {
            bail!("{} does not listen on port {port} after a minute", child.name);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// The status of `GET http://127.0.0.1:<port><path>`.
pub fn http_status(port: u16, path: &str) -> Result<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")?;
    let mut head = [0; 12];
    stream.read_exact(&mut head)?;
    let text = String::from_utf8_lossy(&head);
    text.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no HTTP status in the answer")
}

/// Waits until `GET path` answers 200.
pub fn wait_until_ready(port: u16, path: &str, child: &mut Running) -> Result<()> {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        if http_status(port, path).is_ok_and(|status| status == 200) {
            return Ok(());
        }
        child.check()?;
        if Instant::now() > deadline {
            bail!("{} is not ready after a minute", child.name);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
