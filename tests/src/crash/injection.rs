//! A harm done to one system call of a process, by `strace`, and the look into its record whether it was done.

use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

/// What is done to a system call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Harm {
    /// The process is killed in it.
    Kill,
    /// It fails with this error.
    Error(&'static str),
}

impl fmt::Display for Harm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kill => f.write_str("SIGKILL"),
            Self::Error(name) => f.write_str(name),
        }
    }
}

/// Which call is harmed, and how.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    /// The calls, as strace names them, parted by commas.
    pub(super) call: &'static str,
    /// The how manieth of a thread.
    pub(super) nth: u32,
    /// What is done to it.
    pub(super) harm: Harm,
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {} {}", self.harm, self.call, self.nth)
    }
}

impl Point {
    /// The words before a program that harm it here. Without `--seccomp-bpf`: with it strace injects nothing and does not say so.
    pub(super) fn before(self, record: &Path) -> Vec<String> {
        let Self { call, nth, harm } = self;
        let what = match harm {
            Harm::Kill => "signal=SIGKILL".to_owned(),
            Harm::Error(name) => format!("error={name}"),
        };
        // What an earlier point left must not be taken for this one's.
        let _ = std::fs::remove_file(record);
        let mut words: Vec<String> =
            ["strace", "-D", "-f", "-qq", "-e", "signal=none", "-o"].map(str::to_owned).to_vec();
        words.push(record.display().to_string());
        words.extend(["-e".to_owned(), format!("trace={call}")]);
        words.extend(["-e".to_owned(), format!("inject={call}:{what}:when={nth}"), "--".to_owned()]);
        words
    }

    /// Whether strace's record says that it was done; `died` is whether the process ended by itself.
    ///
    /// # Errors
    /// When it ended though nothing was done to it.
    pub(super) async fn happened(self, record: &Path, died: bool) -> Result<bool> {
        // strace may write of an end a moment after everybody else has seen it.
        let deadline = Instant::now() + Duration::from_secs(5);
        loop {
            let text = std::fs::read_to_string(record).unwrap_or_default();
            let seen = match self.harm {
                Harm::Kill => died && killed_at(&text, self.nth),
                Harm::Error(_) => text.contains("(INJECTED)"),
            };
            if seen || !died {
                return Ok(seen);
            }
            ensure!(Instant::now() < deadline, "the process ended though nothing was done to it");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Whether a thread of the record began so many calls and never came back from the last.
fn killed_at(record: &str, nth: u32) -> bool {
    let mut begun = std::collections::BTreeMap::<&str, u32>::new();
    record.lines().filter_map(|line| line.split_once(' ')).any(|(thread, rest)| {
        let rest = rest.trim_start();
        if rest.starts_with('<') {
            return false;
        }
        let calls = begun.entry(thread).or_default();
        *calls += 1;
        *calls == nth && (rest.ends_with("= ?") || rest.ends_with("<unfinished ...>"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kill_is_known_by_the_call_that_never_returned() {
        let record =
            "7 fsync(9)  = 0\n8 fsync(9 <unfinished ...>\n8 <... fsync resumed>) = 0\n7 fsync(4)   = ?\n";
        assert!(killed_at(record, 2));
        assert!(!killed_at(record, 3));
        assert!(!killed_at("7 fsync(9)  = 0\n7 fsync(9)  = 0\n", 2));
    }
}
