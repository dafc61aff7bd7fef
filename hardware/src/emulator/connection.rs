//! One connection to the emulated printer.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use super::decoder::{Command, Step, next_command};
use super::{Fault, Shared};

/// How often a quiet connection looks whether the emulator is stopping.
const LOOK_UP: Duration = Duration::from_millis(100);
/// A receipt is some kilobytes, a long one with pictures some hundred; more is a mistake.
const MOST_JOB_BYTES: usize = 16 * 1024 * 1024;
/// A sender that is gone without a word is given up after this.
const LONGEST_SILENCE: Duration = Duration::from_secs(300);

pub(super) fn serve(mut stream: TcpStream, shared: &Shared) {
    let mut printer = Printer { shared, unread: Vec::new(), job: Vec::new(), out_of_paper: false };
    // However the connection ends, what was received counts.
    let complete = printer.run(&mut stream).is_ok();
    let whole = complete && printer.unread.is_empty();
    let rest = std::mem::take(&mut printer.unread);
    printer.take(&rest);
    printer.finish(whole);
    // The sender may be gone already.
    let _ = stream.shutdown(Shutdown::Both);
}

/// The answer to `GS I n`: nothing for what is not known.
fn name(n: u8) -> Vec<u8> {
    let name = match n {
        65 => env!("CARGO_PKG_VERSION"),
        66 => "Kedai",
        67 => "Emulator",
        _ => return Vec::new(),
    };
    [b"_", name.as_bytes(), b"\0"].concat()
}

/// Whether the sender has ended its side with nothing unread before it.
fn is_gone(stream: &TcpStream) -> io::Result<bool> {
    match stream.peek(&mut [0]) {
        Ok(count) => Ok(count == 0),
        Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

struct Printer<'a> {
    shared: &'a Shared,
    /// Bytes that are not yet a whole command.
    unread: Vec<u8>,
    /// The job so far, without status requests.
    job: Vec<u8>,
    /// The paper ended in this connection (a fault that comes with a number of bytes).
    out_of_paper: bool,
}

impl Printer<'_> {
    /// Reads until the sender is done; an error means that the job was cut short.
    fn run(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(LOOK_UP))?;
        stream.set_write_timeout(Some(Duration::from_secs(5)))?;
        let mut buffer = [0; 4096];
        let mut last_heard = Instant::now();
        loop {
            let fault = self.shared.fault();
            if fault == (Fault::CloseAfter { bytes: 0 }) {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            if fault == Fault::Hang {
                // Nothing is taken any more, until the fault or the sender is gone.
                if self.shared.stopping() || last_heard.elapsed() > LONGEST_SILENCE || is_gone(stream)? {
                    return Err(io::ErrorKind::TimedOut.into());
                }
                std::thread::sleep(LOOK_UP);
                continue;
            }
            let room = match fault {
                Fault::Slow { .. } => 64,
                _ => buffer.len(),
            };
            let count = match stream.read(&mut buffer[..room]) {
                Ok(0) => return Ok(()),
                Ok(count) => count,
                Err(error) if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) => {
                    if self.shared.stopping() || last_heard.elapsed() > LONGEST_SILENCE {
                        return Err(error);
                    }
                    continue;
                }
                Err(error) => return Err(error),
            };
            last_heard = Instant::now();
            if let Fault::Slow { bytes_per_second } = fault {
                let seconds = count as f64 / f64::from(bytes_per_second.max(1));
                std::thread::sleep(Duration::from_secs_f64(seconds.min(5.0)));
            }
            self.unread.extend_from_slice(&buffer[..count]);
            if self.job.len() + self.unread.len() > MOST_JOB_BYTES {
                return Err(io::ErrorKind::FileTooLarge.into());
            }
            self.work(stream)?;
        }
    }

    /// Takes the whole commands out of what was read.
    fn work(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        let unread = std::mem::take(&mut self.unread);
        let mut from = 0;
        while let Step::Done(command, length) = next_command(&unread[from..]) {
            let bytes = &unread[from..from + length];
            from += length;
            match command {
                Command::AskAtOnce(n) => self.answer(stream, Some(self.answer_at_once(n)))?,
                Command::AskInTurn(n) => {
                    if !self.stopped() {
                        self.finish(true);
                    }
                    let answer = self.answer_in_turn(n);
                    self.answer(stream, answer)?;
                }
                Command::AskName(n) => self.tell(stream, &name(n))?,
                Command::TellStatus(true) => self.tell(stream, &self.automatic_status())?,
                Command::TellStatus(false) => {}
                _ => self.take(bytes),
            }
            self.check_close(&[])?;
        }
        self.unread = unread[from..].to_vec();
        let rest = self.unread.clone();
        self.check_close(&rest)
    }

    fn take(&mut self, bytes: &[u8]) {
        if self.stopped() {
            // Only what works at once still works; the rest never reaches paper.
            if matches!(next_command(bytes), Step::Done(Command::DrawerAtOnce { .. }, _)) {
                self.job.extend_from_slice(bytes);
                self.finish(true);
            }
            return;
        }
        self.job.extend_from_slice(bytes);
        if let Fault::PaperOutAfter { bytes } = self.shared.fault()
            && self.job.len() > bytes
        {
            self.job.truncate(bytes);
            self.out_of_paper = true;
            self.finish(false);
        }
    }

    /// Ends the connection when the fault says so, keeping exactly so many bytes. `coming` is the start of a command
    /// that has not fully arrived.
    fn check_close(&mut self, coming: &[u8]) -> io::Result<()> {
        let Fault::CloseAfter { bytes } = self.shared.fault() else { return Ok(()) };
        // The start of a status request is no part of the job.
        let coming = if matches!(coming.first(), Some(0x10)) { &[] } else { coming };
        if self.job.len() + coming.len() < bytes {
            return Ok(());
        }
        self.job.extend_from_slice(coming);
        self.job.truncate(bytes);
        self.unread.clear();
        Err(io::ErrorKind::ConnectionAborted.into())
    }

    fn stopped(&self) -> bool {
        self.out_of_paper || self.shared.fault().stops_printing()
    }

    fn finish(&mut self, complete: bool) {
        if !self.job.is_empty() {
            self.shared.finish_job(std::mem::take(&mut self.job), complete);
        }
    }

    fn answer(&self, stream: &mut TcpStream, answer: Option<u8>) -> io::Result<()> {
        let Some(byte) = answer else { return Ok(()) };
        match self.shared.fault() {
            Fault::Silent | Fault::Hang => Ok(()),
            Fault::LateAnswers { millis } => {
                std::thread::sleep(Duration::from_millis(u64::from(millis.min(60_000))));
                stream.write_all(&[byte])
            }
            // The first half of four bytes of automatic status.
            Fault::PartialFrames => stream.write_all(&[0x14, 0x0f | 0x80, byte]),
            _ => stream.write_all(&[byte]),
        }
    }

    /// More than one byte of an answer.
    fn tell(&self, stream: &mut TcpStream, bytes: &[u8]) -> io::Result<()> {
        match self.shared.fault() {
            Fault::Silent | Fault::Hang => Ok(()),
            _ => stream.write_all(bytes),
        }
    }

    /// The four bytes that `GS a` asks for.
    fn automatic_status(&self) -> [u8; 4] {
        let fault = self.shared.fault();
        let flag = |on: bool, bits: u8| if on { bits } else { 0 };
        // By itself: the state is held only for as long as it is read, and what follows holds it again.
        let drawer_open = self.shared.state().drawer_open;
        let first =
            flag(drawer_open, 0x04) | flag(self.stopped(), 0x08) | flag(fault == Fault::CoverOpen, 0x20);
        let no_paper = self.out_of_paper || fault == Fault::PaperOut;
        let paper = flag(no_paper, 0x0c) | flag(no_paper || fault == Fault::PaperNearEnd, 0x03);
        [0x10 | first, 0, paper, 0x0f]
    }

    /// The answer to `DLE EOT n`.
    fn answer_at_once(&self, n: u8) -> u8 {
        let fault = self.shared.fault();
        let no_paper = self.out_of_paper || fault == Fault::PaperOut;
        let drawer = if n == 1 && self.shared.state().drawer_open { 0x04 } else { 0 };
        let flags = drawer
            | match n {
                1 if self.stopped() => 0x08,
                2 if no_paper => 0x20,
                2 if fault == Fault::CoverOpen => 0x04,
                4 if no_paper => 0x6c,
                4 if fault == Fault::PaperNearEnd => 0x0c,
                _ => 0,
            };
        0x12 | flags
    }

    /// The answer to `GS r n`; none while the printer stands still, because its turn does not come.
    fn answer_in_turn(&self, n: u8) -> Option<u8> {
        if self.stopped() {
            return None;
        }
        match (n, self.shared.fault()) {
            (1 | 49, Fault::PaperNearEnd) => Some(0x03),
            _ => Some(0),
        }
    }
}
