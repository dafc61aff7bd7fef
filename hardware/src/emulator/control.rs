//! The control port: one command a line, one line for an answer.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::str::FromStr;
use std::time::Duration;

use super::{Emulator, Fault};

/// A quiet connection makes room for the next one after this.
const LONGEST_SILENCE: Duration = Duration::from_secs(600);
/// Longer lines are no command.
const MOST_LINE_BYTES: u64 = 200;

impl FromStr for Fault {
    type Err = String;

    /// Reads `none`, `paper-out`, `paper-near-end`, `cover-open`, `offline`, `silent`, `hang`, `partial-frames`, `late MILLISECONDS`,
    /// `close-after N`, `paper-out-after N` or `slow BYTES_PER_SECOND`.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        let name = words.next().unwrap_or("");
        let number = words.next().map(str::parse::<u32>);
        if words.next().is_some() {
            return Err("too many words".to_owned());
        }
        match (name, number) {
            ("none", None) => Ok(Self::None),
            ("paper-out", None) => Ok(Self::PaperOut),
            ("paper-near-end", None) => Ok(Self::PaperNearEnd),
            ("cover-open", None) => Ok(Self::CoverOpen),
            ("offline", None) => Ok(Self::Offline),
            ("silent", None) => Ok(Self::Silent),
            ("hang", None) => Ok(Self::Hang),
            ("partial-frames", None) => Ok(Self::PartialFrames),
            ("late", Some(Ok(millis))) => Ok(Self::LateAnswers { millis }),
            ("close-after", Some(Ok(bytes))) => Ok(Self::CloseAfter { bytes: bytes as usize }),
            ("paper-out-after", Some(Ok(bytes))) => Ok(Self::PaperOutAfter { bytes: bytes as usize }),
            ("slow", Some(Ok(bytes_per_second))) => Ok(Self::Slow { bytes_per_second }),
            _ => Err(format!("no fault {text:?}")),
        }
    }
}

/// Answers at the control port, one connection at a time, until `quit`.
pub fn serve(listener: &TcpListener, emulator: &Emulator) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept()?;
        // A broken control connection ends itself, not the emulator.
        if matches!(talk(&stream, emulator), Ok(Goes::Away)) {
            return Ok(());
        }
    }
}

enum Goes {
    On,
    Away,
}

fn talk(stream: &TcpStream, emulator: &Emulator) -> io::Result<Goes> {
    stream.set_read_timeout(Some(LONGEST_SILENCE))?;
    stream.set_write_timeout(Some(Duration::from_secs(5)))?;
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    loop {
        let mut line = String::new();
        let mut limited = io::Read::take(&mut reader, MOST_LINE_BYTES);
        if limited.read_line(&mut line)? == 0 {
            return Ok(Goes::On);
        }
        let (goes, answer) = answer(line.trim(), emulator);
        writer.write_all(format!("{answer}\n").as_bytes())?;
        if matches!(goes, Goes::Away) {
            return Ok(goes);
        }
    }
}

fn answer(line: &str, emulator: &Emulator) -> (Goes, String) {
    let (command, rest) = line.split_once(' ').unwrap_or((line, ""));
    let answer = match command {
        "fault" => match rest.parse() {
            Ok(fault) => {
                emulator.set_fault(fault);
                "ok".to_owned()
            }
            Err(reason) => format!("error {reason}"),
        },
        "jobs" => format!("ok {}", emulator.job_count()),
        "drawer" if rest == "shut" || rest == "open" => {
            emulator.set_drawer_open(rest == "open");
            "ok".to_owned()
        }
        "drawer" => format!("ok {}", emulator.drawer_pulses()),
        "cuts" => format!("ok {}", emulator.cuts()),
        "quit" => return (Goes::Away, "ok".to_owned()),
        _ => "error unknown command; known are fault, jobs, drawer, cuts, quit".to_owned(),
    };
    (Goes::On, answer)
}
