//! The wires to a printer: each driver is one file here, named in the table `DRIVERS`.

pub mod file;
pub mod mdns;
pub mod memory;
pub mod serial;
pub mod spooler;
pub mod tcp;
pub mod usb;

use std::io;
use std::time::{Duration, Instant};

/// The drivers whose scheme a [`crate::PrinterTarget`] may name.
pub(crate) static DRIVERS: &[&dyn Driver] =
    &[&tcp::TcpDriver, &file::FileDriver, &usb::UsbDriver, &serial::SerialDriver, &spooler::SpoolerDriver];

/// A kind of wire.
pub trait Driver: Sync {
    /// What stands before `://` in a target.
    fn scheme(&self) -> &'static str;

    /// Whether an address (what stands after `://`) can be one of this driver; says what is wrong otherwise.
    fn check(&self, address: &str) -> Result<(), &'static str>;

    /// Opens a new connection; a job never reuses one, because a dead connection swallows the first job silently.
    fn connect(&self, address: &str, timeout: Duration) -> Result<Box<dyn Transport>, TransportError>;
}

/// An open connection to one printer, for one job.
pub trait Transport: Send {
    /// Hands over every byte before the deadline. The error says how many may have left.
    fn write_all(&mut self, bytes: &[u8], deadline: Instant) -> Result<(), TransportError>;

    /// Reads what is there, at least one byte, before the deadline.
    fn read(&mut self, buffer: &mut [u8], deadline: Instant) -> Result<usize, TransportError>;

    /// What this wire can tell of the printer at its other end.
    fn answers(&self) -> Answers;

    /// Ends the connection after everything was handed over.
    fn close(self: Box<Self>) -> Result<(), TransportError>;
}

/// What a wire can tell of the printer at its other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answers {
    /// The printer's own words.
    Printer,
    /// Nothing from a printer, but a close that succeeds means that the bytes are kept (a file on disk).
    Keeping,
    /// Nothing.
    Nothing,
}

/// What went wrong on the wire, as far as a caller may care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportErrorKind {
    /// No such device or host, or nobody listens there.
    NotFound,
    /// The system does not let us, or another program holds the device.
    Refused,
    /// Too slow.
    TimedOut,
    /// The other side ended the connection.
    Closed,
    /// Anything else.
    Other,
}

/// A failed step on the wire.
#[derive(Debug, thiserror::Error)]
#[error("cannot {attempted}")]
pub struct TransportError {
    attempted: String,
    kind: TransportErrorKind,
    sent: usize,
    #[source]
    cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl TransportError {
    /// An error of that kind; `attempted` completes "cannot …".
    pub fn new(kind: TransportErrorKind, attempted: impl Into<String>) -> Self {
        Self { attempted: attempted.into(), kind, sent: 0, cause: None }
    }

    /// The same, with what caused it.
    pub fn caused(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// The same, after so many bytes of the call may have reached the printer.
    pub fn after(mut self, sent: usize) -> Self {
        self.sent = sent;
        self
    }

    /// From an input/output error.
    pub fn io(error: io::Error, attempted: impl Into<String>) -> Self {
        let kind = match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused | io::ErrorKind::HostUnreachable => {
                TransportErrorKind::NotFound
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ResourceBusy => TransportErrorKind::Refused,
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => TransportErrorKind::TimedOut,
            io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::UnexpectedEof => TransportErrorKind::Closed,
            _ => TransportErrorKind::Other,
        };
        Self::new(kind, attempted).caused(error)
    }

    /// What went wrong, as far as a caller may care.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// How many bytes of the failed call may have reached the printer.
    pub fn sent(&self) -> usize {
        self.sent
    }
}

/// The time left, never zero (sockets take zero for "forever"); an error when there is none.
pub(crate) fn time_left(deadline: Instant, attempted: &str) -> Result<Duration, TransportError> {
    deadline
        .checked_duration_since(Instant::now())
        .filter(|left| !left.is_zero())
        .ok_or_else(|| TransportError::new(TransportErrorKind::TimedOut, attempted))
}

/// Writes piece by piece until all is gone or the deadline passed; `write` gets the time left.
pub(crate) fn write_until(
    bytes: &[u8],
    deadline: Instant,
    attempted: &str,
    mut write: impl FnMut(&[u8], Duration) -> io::Result<usize>,
) -> Result<(), TransportError> {
    let mut sent = 0;
    while sent < bytes.len() {
        let left = time_left(deadline, attempted).map_err(|error| error.after(sent))?;
        match write(&bytes[sent..], left) {
            Ok(0) => return Err(TransportError::new(TransportErrorKind::Closed, attempted).after(sent)),
            Ok(count) => sent += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(TransportError::io(error, attempted).after(sent)),
        }
    }
    Ok(())
}
