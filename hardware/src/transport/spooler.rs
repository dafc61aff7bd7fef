//! `lp://queue`: printers of the system's spooler (CUPS), given the bytes as they are.
//!
//! Through `lp` and `lpstat`, which every system with CUPS has. The spooler keeps what it takes, and a job counts as printed
//! once it has left the queue: what the printer itself did, only the spooler knows.

use std::io::{ErrorKind, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{Answers, Driver, Transport, TransportError, TransportErrorKind, time_left};

/// How often the queue is looked at.
const LOOK: Duration = Duration::from_millis(200);
/// How long a job may take from the spooler's queue into the printer.
const LONGEST_IN_QUEUE: Duration = Duration::from_secs(20);
/// Queues have short names.
const MOST_NAME_BYTES: usize = 127;

pub(crate) struct SpoolerDriver;

impl Driver for SpoolerDriver {
    fn scheme(&self) -> &'static str {
        "lp"
    }

    fn check(&self, address: &str) -> Result<(), &'static str> {
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        // A name that begins like an option would be one.
        let is_name = !address.is_empty()
            && address.len() <= MOST_NAME_BYTES
            && address.chars().all(known)
            && !address.starts_with('-');
        if is_name { Ok(()) } else { Err("what follows is not the name of a queue, as in lp://Kitchen_1") }
    }

    fn connect(&self, address: &str, timeout: Duration) -> Result<Box<dyn Transport>, TransportError> {
        Spooler::open(Programs::default(), address, timeout)
            .map(|spooler| Box::new(spooler) as Box<dyn Transport>)
    }
}

/// The spooler's two programs.
#[derive(Debug, Clone)]
struct Programs {
    lp: std::path::PathBuf,
    lpstat: std::path::PathBuf,
}

impl Default for Programs {
    fn default() -> Self {
        Self { lp: "lp".into(), lpstat: "lpstat".into() }
    }
}

/// The queues of the system's spooler, to offer them in settings; empty without one.
pub fn list() -> Vec<String> {
    queues(&Programs::default()).unwrap_or_default()
}

fn queues(programs: &Programs) -> Result<Vec<String>, TransportError> {
    let deadline = Instant::now() + Duration::from_secs(3);
    let (_, out) = run(Command::new(&programs.lpstat).arg("-e"), deadline)?;
    Ok(out
        .lines()
        .map(str::trim)
        .filter(|name| SpoolerDriver.check(name).is_ok())
        .map(str::to_owned)
        .collect())
}

struct Spooler {
    programs: Programs,
    queue: String,
    /// What was handed over.
    jobs: Vec<String>,
}

impl Spooler {
    /// Looks whether the queue exists and takes jobs.
    fn open(programs: Programs, queue: &str, timeout: Duration) -> Result<Self, TransportError> {
        let attempted = || format!("print at the system's queue {queue}");
        let deadline = Instant::now() + timeout;
        let (known, _) = run(Command::new(&programs.lpstat).args(["-p", queue]), deadline)?;
        if !known {
            return Err(TransportError::new(TransportErrorKind::NotFound, attempted()));
        }
        let (_, accepting) = run(Command::new(&programs.lpstat).args(["-a", queue]), deadline)?;
        if accepting.contains("not accepting") {
            return Err(TransportError::new(TransportErrorKind::Refused, attempted()));
        }
        Ok(Self { programs, queue: queue.to_owned(), jobs: Vec::new() })
    }

    /// Hands the job over; gives its id, such as `Kitchen_1-17`.
    fn hand_over(&self, bytes: &[u8], deadline: Instant) -> Result<String, TransportError> {
        const ATTEMPTED: &str = "hand a print to the system's spooler";
        let failed = |error| TransportError::io(error, ATTEMPTED).after(1);
        let mut child = command(&self.programs.lp)
            .args(["-d", &self.queue, "-o", "raw", "-t", "Kedai", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| TransportError::io(error, ATTEMPTED))?;
        if let Some(mut input) = child.stdin.take() {
            match input.write_all(bytes) {
                // It says so itself when it takes none.
                Err(error) if error.kind() == ErrorKind::BrokenPipe => {}
                written => written.map_err(failed)?,
            }
        }
        let (good, out) = finish(child, deadline).map_err(|error| error.after(1))?;
        if !good {
            // It is taken whole or not at all.
            return Err(TransportError::new(TransportErrorKind::Refused, ATTEMPTED));
        }
        // "request id is Kitchen_1-17 (0 file(s))"
        let prefix = format!("{}-", self.queue);
        let id = out.split_whitespace().find(|word| word.starts_with(&prefix));
        id.map(str::to_owned)
            .ok_or_else(|| TransportError::new(TransportErrorKind::Other, ATTEMPTED).after(1))
    }

    fn is_waiting(&self, id: &str, deadline: Instant) -> Result<bool, TransportError> {
        let mut ask = Command::new(&self.programs.lpstat);
        let (_, out) = run(ask.args(["-W", "not-completed", "-o", &self.queue]), deadline)?;
        Ok(out.lines().any(|line| line.split_whitespace().next() == Some(id)))
    }
}

impl Transport for Spooler {
    /// Hands the bytes over as a job of their own.
    fn write_all(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), TransportError> {
        self.jobs.push(self.hand_over(bytes, deadline)?);
        Ok(())
    }

    fn read(&mut self, _buffer: &mut [u8], _deadline: Instant) -> Result<usize, TransportError> {
        Err(TransportError::new(TransportErrorKind::Other, "read an answer from the system's spooler"))
    }

    fn answers(&self) -> Answers {
        Answers::Keeping
    }

    /// Waits until everything has left the queue.
    fn close(self: Box<Self>) -> Result<(), TransportError> {
        let deadline = Instant::now() + LONGEST_IN_QUEUE;
        for id in &self.jobs {
            while self.is_waiting(id, deadline)? {
                let left = time_left(deadline, "wait for the system's spooler")?;
                std::thread::sleep(left.min(LOOK));
            }
        }
        Ok(())
    }
}

/// A program that answers in the language its answers are read in.
fn command(program: &std::path::Path) -> Command {
    let mut command = Command::new(program);
    command.env("LC_ALL", "C");
    command
}

/// Runs a program that only tells; gives whether it went well and what it said.
fn run(command: &mut Command, deadline: Instant) -> Result<(bool, String), TransportError> {
    const ATTEMPTED: &str = "ask the system's spooler";
    let child = command
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| TransportError::io(error, ATTEMPTED))?;
    finish(child, deadline)
}

/// Waits for a program, which is ended when it takes too long.
fn finish(mut child: Child, deadline: Instant) -> Result<(bool, String), TransportError> {
    const ATTEMPTED: &str = "hear from the system's spooler";
    loop {
        match child.try_wait() {
            Ok(Some(status)) => {
                let mut out = String::new();
                if let Some(mut stdout) = child.stdout.take() {
                    // What is no text is no answer that is known.
                    let _ = stdout.read_to_string(&mut out);
                }
                return Ok((status.success(), out));
            }
            Ok(None) => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(TransportError::io(error, ATTEMPTED)),
        }
        if let Err(late) = time_left(deadline, ATTEMPTED) {
            // It may have ended by itself meanwhile.
            let _ = child.kill();
            let _ = child.wait();
            return Err(late);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use crate::{PrintOptions, PrintOutcome, print_job};
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    /// Programs that play the spooler: a job stays in the queue until it was looked at twice.
    fn programs(folder: &Path) -> Programs {
        let write = |name: &str, body: &str| {
            let path = folder.join(name);
            std::fs::write(&path, format!("#!/bin/sh\ncd '{}'\n{body}", folder.display())).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
            path
        };
        Programs {
            lp: write(
                "lp",
                "[ -e refuse ] && exit 1\ncat > job; echo 2 > looks\necho \"request id is Till-17 (0 file(s))\"\n",
            ),
            lpstat: write(
                "lpstat",
                "case $1 in\n-e) echo Till; echo Kitchen_1;;\n-p) [ \"$2\" = Till ];;\n\
                 -a) [ -e closed ] && echo 'Till not accepting requests since' || echo 'Till accepting requests since';;\n\
                 -W) n=$(cat looks); if [ \"$n\" -gt 0 ]; then echo \"Till-17 root 9 now\"; echo $((n-1)) > looks; fi;;\nesac\n",
            ),
        }
    }

    fn print(programs: &Programs, queue: &str, bytes: &[u8]) -> PrintOutcome {
        let connect = |timeout| {
            Spooler::open(programs.clone(), queue, timeout).map(|s| Box::new(s) as Box<dyn Transport>)
        };
        print_job(&connect, bytes, &PrintOptions::default())
    }

    #[test]
    fn a_job_is_printed_once_it_has_left_the_queue() {
        let folder = tempfile::tempdir().unwrap();
        let programs = programs(folder.path());
        assert_eq!(queues(&programs).unwrap(), ["Till", "Kitchen_1"]);
        assert!(print(&programs, "Till", b"receipt\n").is_printed());
        assert_eq!(std::fs::read(folder.path().join("job")).unwrap(), b"receipt\n");
        assert_eq!(std::fs::read_to_string(folder.path().join("looks")).unwrap().trim(), "0");
    }

    #[test]
    fn a_queue_that_is_missing_closed_or_refuses_is_not_printed() {
        let folder = tempfile::tempdir().unwrap();
        let programs = programs(folder.path());
        assert!(matches!(print(&programs, "Bar", b"x"), PrintOutcome::NotPrinted { .. }));
        std::fs::write(folder.path().join("refuse"), "").unwrap();
        assert!(matches!(print(&programs, "Till", b"x"), PrintOutcome::NotPrinted { .. }));
        std::fs::write(folder.path().join("closed"), "").unwrap();
        assert!(matches!(print(&programs, "Till", b"x"), PrintOutcome::NotPrinted { .. }));
        let nowhere = Programs { lp: "/no/lp".into(), lpstat: "/no/lpstat".into() };
        assert!(matches!(print(&nowhere, "Till", b"x"), PrintOutcome::NotPrinted { .. }));
    }
}
