//! Printing one job and knowing what became of it.
//!
//! A TCP write that succeeds says nothing about paper: a printer that is out of paper, or a socket whose peer is
//! gone, takes a receipt without a word. So a job asks before (nothing is sent to a printer in trouble), sends, asks
//! in the printer's own turn after, and is `Printed` only when the printer answered that it is well.

mod target;

use std::collections::VecDeque;
use std::fmt;
use std::time::{Duration, Instant};

use crate::document::DrawerPulse;
use crate::escpos::{self, status};
use crate::profile::{Confirmation, PrinterProfile};
use crate::transport::{Answers, Transport, TransportError, TransportErrorKind};

pub use crate::escpos::status::{PrinterStatus, Trouble};
pub use target::{PrinterTarget, TargetError};

/// Bytes that are no answer (such as status a printer sends by itself) are skipped up to here.
const MOST_STRAY_BYTES: usize = 64;
/// How often a printer that has not printed yet is asked what keeps it.
const TURN_LOOK: Duration = Duration::from_secs(1);

/// Something that opens a new connection to one printer; [`PrinterTarget`] is the usual one.
pub trait Connect {
    /// Opens a new connection.
    fn connect(&self, timeout: Duration) -> Result<Box<dyn Transport>, TransportError>;
}

impl<F> Connect for F
where
    F: Fn(Duration) -> Result<Box<dyn Transport>, TransportError>,
{
    fn connect(&self, timeout: Duration) -> Result<Box<dyn Transport>, TransportError> {
        self(timeout)
    }
}

/// How long each step of a job may take, and how its end is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintOptions {
    /// To open the connection, name lookup included.
    pub connect_timeout: Duration,
    /// To answer a status request.
    pub answer_timeout: Duration,
    /// To take all bytes; a slow print head with a small buffer takes its time.
    pub send_timeout: Duration,
    /// To finish printing; 8 to 15 s are normal for long receipts.
    pub finish_timeout: Duration,
    /// How the printer says that it is done.
    pub confirmation: Confirmation,
}

impl Default for PrintOptions {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(3),
            answer_timeout: Duration::from_secs(2),
            send_timeout: Duration::from_secs(20),
            finish_timeout: Duration::from_secs(20),
            confirmation: Confirmation::InTurn,
        }
    }
}

impl PrintOptions {
    /// The usual times with the confirmation that this printer gives.
    pub fn for_profile(profile: &PrinterProfile) -> Self {
        Self { confirmation: profile.confirmation, ..Self::default() }
    }
}

/// What became of a job.
#[derive(Debug)]
pub enum PrintOutcome {
    /// The printer took everything and answered afterwards that it is well (or the file is on disk).
    Printed {
        /// The paper is about to end.
        paper_near_end: bool,
    },
    /// Some or all of it may be on paper. A reprint must be marked COPY.
    Unknown {
        /// Why nobody knows.
        reason: PrintProblem,
    },
    /// Nothing of it was sent: printing again is safe.
    NotPrinted {
        /// Why not.
        reason: PrintProblem,
    },
}

impl PrintOutcome {
    /// Whether the printer said that it is printed.
    pub fn is_printed(&self) -> bool {
        matches!(self, Self::Printed { .. })
    }
}

/// What the cashier is told, one for each thing to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrintProblemKind {
    /// Not plugged in, switched off or not at this address.
    NotReachable,
    /// Held by another program, or not permitted to us.
    NotPermitted,
    /// Put paper in.
    PaperOut,
    /// Close the cover.
    CoverOpen,
    /// The printer reports an error of its own.
    PrinterFault,
    /// Offline without saying why.
    Offline,
    /// Connected, but it does not answer in time.
    NoAnswer,
    /// The connection ended in the middle.
    ConnectionLost,
    /// A printer that never answers took all bytes; there is no more to know.
    Unconfirmed,
}

/// Why a job is not known to be printed.
#[derive(Debug, thiserror::Error)]
#[error("{}", words(.kind))]
pub struct PrintProblem {
    kind: PrintProblemKind,
    #[source]
    cause: Option<TransportError>,
}

impl PrintProblem {
    /// What to tell the cashier.
    pub fn kind(&self) -> PrintProblemKind {
        self.kind
    }
}

impl From<PrintProblemKind> for PrintProblem {
    fn from(kind: PrintProblemKind) -> Self {
        Self { kind, cause: None }
    }
}

impl From<TransportError> for PrintProblem {
    fn from(cause: TransportError) -> Self {
        let kind = match cause.kind() {
            TransportErrorKind::NotFound => PrintProblemKind::NotReachable,
            TransportErrorKind::Refused => PrintProblemKind::NotPermitted,
            TransportErrorKind::TimedOut => PrintProblemKind::NoAnswer,
            TransportErrorKind::Closed | TransportErrorKind::Other => PrintProblemKind::ConnectionLost,
        };
        Self { kind, cause: Some(cause) }
    }
}

impl From<Trouble> for PrintProblem {
    fn from(trouble: Trouble) -> Self {
        Self::from(problem_of(trouble))
    }
}

/// What to tell the cashier of a printer in that state.
pub fn problem_of(trouble: Trouble) -> PrintProblemKind {
    match trouble {
        Trouble::PaperOut => PrintProblemKind::PaperOut,
        Trouble::CoverOpen => PrintProblemKind::CoverOpen,
        Trouble::Fault => PrintProblemKind::PrinterFault,
        Trouble::Offline => PrintProblemKind::Offline,
    }
}

fn words(kind: &PrintProblemKind) -> &'static str {
    match kind {
        PrintProblemKind::NotReachable => "the printer cannot be reached",
        PrintProblemKind::NotPermitted => "the printer cannot be opened, another program may hold it",
        PrintProblemKind::PaperOut => "the printer is out of paper",
        PrintProblemKind::CoverOpen => "the printer's cover is open",
        PrintProblemKind::PrinterFault => "the printer reports a fault",
        PrintProblemKind::Offline => "the printer is offline",
        PrintProblemKind::NoAnswer => "the printer does not answer",
        PrintProblemKind::ConnectionLost => "the connection to the printer was lost",
        PrintProblemKind::Unconfirmed => "this printer cannot say whether it printed",
    }
}

impl fmt::Display for PrintOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Printed { paper_near_end: false } => f.write_str("printed"),
            Self::Printed { paper_near_end: true } => f.write_str("printed, the paper is about to end"),
            Self::Unknown { reason } => write!(f, "perhaps printed: {reason}"),
            Self::NotPrinted { reason } => write!(f, "not printed: {reason}"),
        }
    }
}

/// Sends one job over a new connection and finds out what became of it. Blocks up to the sum of the timeouts.
pub fn print_job(printer: &dyn Connect, bytes: &[u8], options: &PrintOptions) -> PrintOutcome {
    let mut wire = match open_well(printer, options) {
        Ok(wire) => wire,
        Err(reason) => return PrintOutcome::NotPrinted { reason },
    };
    if let Err(error) = wire.write_all(bytes, Instant::now() + options.send_timeout) {
        return match error.sent() {
            0 => PrintOutcome::NotPrinted { reason: error.into() },
            _ => PrintOutcome::Unknown { reason: explain(wire.as_mut(), options, error.into()) },
        };
    }
    let outcome = match wire.answers() {
        Answers::Printer => confirm(wire.as_mut(), options),
        Answers::Keeping => Ok(false),
        Answers::Nothing => Err(PrintProblemKind::Unconfirmed.into()),
    };
    let keeping = wire.answers() == Answers::Keeping;
    match (outcome, wire.close()) {
        (Ok(_), Err(error)) if keeping => PrintOutcome::Unknown { reason: error.into() },
        // The printer's own word counts; how the connection ended after it does not.
        (Ok(paper_near_end), _) => PrintOutcome::Printed { paper_near_end },
        (Err(reason), _) => PrintOutcome::Unknown { reason },
    }
}

/// Opens a drawer by itself: a printer in trouble is told by the command that works at once, because a customer
/// waits for change whether or not there is paper.
pub fn open_drawer(printer: &dyn Connect, pulse: DrawerPulse, options: &PrintOptions) -> PrintOutcome {
    let outcome = print_job(printer, &escpos::drawer_pulse(pulse), options);
    let PrintOutcome::NotPrinted { reason } = &outcome else { return outcome };
    let in_trouble = matches!(
        reason.kind(),
        PrintProblemKind::PaperOut
            | PrintProblemKind::CoverOpen
            | PrintProblemKind::PrinterFault
            | PrintProblemKind::Offline
    );
    if !in_trouble {
        return outcome;
    }
    let sent = printer.connect(options.connect_timeout).and_then(|mut wire| {
        wire.write_all(&escpos::drawer_pulse_at_once(pulse), Instant::now() + options.answer_timeout)?;
        // Any answer shows that the request before it was taken.
        let answered = ask_at_once(wire.as_mut(), status::ASK_PRINTER, options);
        Ok((answered, wire.close()))
    });
    match sent {
        Ok((Ok(_), _)) => PrintOutcome::Printed { paper_near_end: false },
        Ok((Err(reason), _)) => PrintOutcome::Unknown { reason },
        Err(error) if error.sent() == 0 => PrintOutcome::NotPrinted { reason: error.into() },
        Err(error) => PrintOutcome::Unknown { reason: error.into() },
    }
}

/// Asks a printer how it is, for settings and the status line.
pub fn printer_status(printer: &dyn Connect, options: &PrintOptions) -> Result<PrinterStatus, PrintProblem> {
    let mut wire = printer.connect(options.connect_timeout)?;
    if wire.answers() != Answers::Printer || options.confirmation == Confirmation::Never {
        return Err(PrintProblemKind::Unconfirmed.into());
    }
    let status = ask_status(wire.as_mut(), options)?;
    // The answer is here; how the connection ends does not change it.
    let _ = wire.close();
    Ok(status)
}

fn open_well(printer: &dyn Connect, options: &PrintOptions) -> Result<Box<dyn Transport>, PrintProblem> {
    let mut wire = printer.connect(options.connect_timeout)?;
    if wire.answers() == Answers::Printer && options.confirmation != Confirmation::Never {
        let status = ask_status(wire.as_mut(), options)?;
        if let Some(trouble) = status.trouble {
            return Err(trouble.into());
        }
    }
    Ok(wire)
}

/// Waits for the printer to say that it is done and well; gives back whether the paper is about to end.
fn confirm(wire: &mut dyn Transport, options: &PrintOptions) -> Result<bool, PrintProblem> {
    let mut near_end = false;
    match options.confirmation {
        Confirmation::Never => return Err(PrintProblemKind::Unconfirmed.into()),
        Confirmation::AtOnce => {}
        Confirmation::InTurn => {
            let byte = wait_for_turn(wire, options)?;
            if byte & 0x0c != 0 {
                return Err(PrintProblemKind::PaperOut.into());
            }
            near_end = byte & 0x03 != 0;
        }
    }
    let status = ask_status(wire, options)?;
    match status.trouble {
        Some(trouble) => Err(trouble.into()),
        None => Ok(near_end || status.paper_near_end),
    }
}

/// Waits for the answer to `GS r`. A printer that stands still never gives it, but says at once why: it is asked every
/// while, so that nobody waits for paper longer than needed.
fn wait_for_turn(wire: &mut dyn Transport, options: &PrintOptions) -> Result<u8, PrintProblem> {
    let deadline = Instant::now() + options.finish_timeout;
    wire.write_all(&status::ASK_PAPER_IN_TURN, deadline)?;
    // The questions that are still to be answered, in their order; what answers them is told from the one awaited.
    let mut asked: VecDeque<[u8; 3]> = VecDeque::new();
    let mut printer_said = PrinterAnswers::default();
    let mut look = Instant::now() + TURN_LOOK;
    let mut strays = 0;
    let mut byte = [0];
    loop {
        match wire.read(&mut byte, look.min(deadline)) {
            Ok(_) if status::is_answer_in_turn(byte[0]) => return Ok(byte[0]),
            Ok(_) if status::is_answer_at_once(byte[0]) => {
                if let Some(question) = asked.pop_front()
                    && let Some(trouble) = printer_said.hear(question, byte[0])
                {
                    return Err(trouble.into());
                }
            }
            Ok(_) if strays < MOST_STRAY_BYTES => strays += 1,
            Ok(_) => return Err(PrintProblemKind::NoAnswer.into()),
            Err(error) if error.kind() != TransportErrorKind::TimedOut => return Err(error.into()),
            Err(error) if Instant::now() >= deadline => return Err(explain(wire, options, error.into())),
            Err(_) => {
                look = Instant::now() + TURN_LOOK;
                if asked.is_empty() {
                    for question in [status::ASK_PRINTER, status::ASK_OFFLINE, status::ASK_PAPER] {
                        wire.write_all(&question, deadline)?;
                        asked.push_back(question);
                    }
                }
            }
        }
    }
}

/// The three answers that say how a printer is, as they come.
#[derive(Default)]
struct PrinterAnswers {
    printer: u8,
    offline: u8,
}

impl PrinterAnswers {
    /// Takes the answer to a question; the last one says whether something is wrong.
    fn hear(&mut self, question: [u8; 3], answer: u8) -> Option<Trouble> {
        match question {
            status::ASK_PRINTER => self.printer = answer,
            status::ASK_OFFLINE => self.offline = answer,
            _ => return PrinterStatus::read(self.printer, self.offline, answer).trouble,
        }
        None
    }
}

/// A printer that went quiet may still say why, at once.
fn explain(wire: &mut dyn Transport, options: &PrintOptions, reason: PrintProblem) -> PrintProblem {
    if reason.kind() != PrintProblemKind::NoAnswer || options.confirmation == Confirmation::Never {
        return reason;
    }
    match ask_status(wire, options) {
        Ok(PrinterStatus { trouble: Some(trouble), .. }) => trouble.into(),
        _ => reason,
    }
}

fn ask_status(wire: &mut dyn Transport, options: &PrintOptions) -> Result<PrinterStatus, PrintProblem> {
    let printer = ask_at_once(wire, status::ASK_PRINTER, options)?;
    let offline = ask_at_once(wire, status::ASK_OFFLINE, options)?;
    let paper = ask_at_once(wire, status::ASK_PAPER, options)?;
    Ok(PrinterStatus::read(printer, offline, paper))
}

fn ask_at_once(
    wire: &mut dyn Transport,
    question: [u8; 3],
    options: &PrintOptions,
) -> Result<u8, PrintProblem> {
    let deadline = Instant::now() + options.answer_timeout;
    wire.write_all(&question, deadline)?;
    read_answer(wire, deadline, status::is_answer_at_once)
}

fn read_answer(
    wire: &mut dyn Transport,
    deadline: Instant,
    is_answer: impl Fn(u8) -> bool,
) -> Result<u8, PrintProblem> {
    let mut byte = [0];
    for _ in 0..MOST_STRAY_BYTES {
        wire.read(&mut byte, deadline)?;
        if is_answer(byte[0]) {
            return Ok(byte[0]);
        }
    }
    Err(PrintProblemKind::NoAnswer.into())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;
    use crate::transport::memory::MemoryPrinter;

    fn kind(outcome: PrintOutcome) -> PrintProblemKind {
        match outcome {
            PrintOutcome::Printed { .. } => panic!("printed"),
            PrintOutcome::Unknown { reason } | PrintOutcome::NotPrinted { reason } => reason.kind(),
        }
    }

    #[test]
    fn a_job_is_asked_for_before_and_after() {
        let printer = MemoryPrinter::new();
        let outcome = print_job(&printer, b"receipt\n", &PrintOptions::default());
        assert!(outcome.is_printed());
        let ask = b"\x10\x04\x01\x10\x04\x02\x10\x04\x04";
        assert_eq!(printer.received(), [ask.as_slice(), b"receipt\n", b"\x1dr\x01", ask].concat());
    }

    #[test]
    fn nothing_is_sent_to_a_printer_in_trouble() {
        for (answers, expected) in [
            ([0x1a, 0x32, 0x72], PrintProblemKind::PaperOut),
            ([0x1a, 0x16, 0x12], PrintProblemKind::CoverOpen),
            ([0x1a, 0x12, 0x12], PrintProblemKind::Offline),
        ] {
            let printer = MemoryPrinter::new();
            printer.answer_with(answers);
            let outcome = print_job(&printer, b"receipt\n", &PrintOptions::default());
            assert!(matches!(outcome, PrintOutcome::NotPrinted { .. }));
            assert_eq!(kind(outcome), expected);
            assert_eq!(printer.received().len(), 9);
        }
    }

    #[test]
    fn paper_that_ends_in_the_middle_is_unknown() {
        let printer = MemoryPrinter::new();
        printer.answer_with([0x12, 0x12, 0x12, 0x0c]);
        let outcome = print_job(&printer, b"receipt\n", &PrintOptions::default());
        assert!(matches!(outcome, PrintOutcome::Unknown { .. }));
        assert_eq!(kind(outcome), PrintProblemKind::PaperOut);
    }

    #[test]
    fn stray_status_bytes_are_no_answer() {
        let printer = MemoryPrinter::new();
        // Four bytes of automatic status, then the real answers.
        printer.answer_with([0x14, 0x00, 0x00, 0x0f, 0x12, 0x12, 0x1e, 0x03, 0x12, 0x12, 0x1e]);
        let outcome = print_job(&printer, b"receipt\n", &PrintOptions::default());
        assert!(matches!(outcome, PrintOutcome::Printed { paper_near_end: true }));
    }

    #[test]
    fn a_wire_that_fails_before_the_first_byte_makes_a_retry_safe() {
        let printer = MemoryPrinter::new();
        printer.fail_after(9);
        let outcome = print_job(&printer, b"receipt\n", &PrintOptions::default());
        assert!(matches!(outcome, PrintOutcome::NotPrinted { .. }));
        printer.fail_after(10 + 9);
        let outcome = print_job(&printer, b"receipt\n", &PrintOptions::default());
        assert!(matches!(outcome, PrintOutcome::Unknown { .. }));
    }

    #[test]
    fn a_printer_that_never_answers_is_never_called_printed() {
        let printer = MemoryPrinter::new();
        let options = PrintOptions { confirmation: Confirmation::Never, ..PrintOptions::default() };
        let outcome = print_job(&printer, b"receipt\n", &options);
        assert!(matches!(outcome, PrintOutcome::Unknown { .. }));
        assert_eq!(kind(outcome), PrintProblemKind::Unconfirmed);
        assert_eq!(printer.received(), b"receipt\n");
    }
}
