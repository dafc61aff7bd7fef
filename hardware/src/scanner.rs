//! Barcode scanners that are not keyboards: at a serial port, or as a USB HID point-of-sale device (usage page 0x8C).
//!
//! [`lines::Lines`] and [`hid_pos::Reports`] are pure; [`Scanner`] reads a wire and gives one text for each scan, its
//! symbology identifier before it when the scanner sends one.

pub mod hid_pos;
pub mod lines;

use std::time::{Duration, Instant};

use crate::printer::Connect;
use crate::transport::{Transport, TransportError, TransportErrorKind};

/// A scanner that sends text with an end of line, at a serial port or over TCP.
pub struct Scanner<C> {
    connect: C,
    wire: Option<Box<dyn Transport>>,
    lines: lines::Lines,
}

impl<C: Connect> Scanner<C> {
    /// A scanner that is not opened yet.
    pub fn new(connect: C) -> Self {
        Self { connect, wire: None, lines: lines::Lines::default() }
    }

    /// Whether its wire is open.
    pub fn is_open(&self) -> bool {
        self.wire.is_some()
    }

    /// Opens the wire unless it is open.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(&mut self, patience: Duration) -> Result<(), TransportError> {
        if self.wire.is_none() {
            self.wire = Some(self.connect.connect(patience)?);
            self.lines = lines::Lines::default();
        }
        Ok(())
    }

    /// The scans that come within `patience`; empty when none does.
    ///
    /// # Errors
    /// The wire failed; the next call opens it anew. What was read of a scan before is forgotten: half a code is none.
    pub fn scans(&mut self, patience: Duration) -> Result<Vec<String>, TransportError> {
        self.open(patience)?;
        let Some(wire) = &mut self.wire else { return Ok(Vec::new()) };
        let mut buffer = [0; 256];
        match wire.read(&mut buffer, Instant::now() + patience) {
            Ok(count) => Ok(self.lines.take(&buffer[..count])),
            Err(error) if error.kind() == TransportErrorKind::TimedOut => {
                Ok(self.lines.quiet().into_iter().collect())
            }
            Err(error) => {
                self.wire = None;
                Err(error)
            }
        }
    }
}
