//! A printer in memory, for tests that need no socket: it answers as a healthy printer, or as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::{Answers, Transport, TransportError, TransportErrorKind};
use crate::printer::Connect;

/// A printer in memory; clones are the same printer.
#[derive(Debug, Clone, Default)]
pub struct MemoryPrinter {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    received: Vec<u8>,
    connections: usize,
    fails_after: Option<usize>,
    answers: VecDeque<u8>,
    scripted: bool,
}

impl MemoryPrinter {
    /// A printer that answers every status request well.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets every write fail once so many bytes were taken.
    pub fn fail_after(&self, bytes: usize) {
        self.state().fails_after = Some(bytes);
    }

    /// Answers with these bytes, one for each status request, and then with silence.
    pub fn answer_with(&self, answers: impl IntoIterator<Item = u8>) {
        let mut state = self.state();
        state.answers = answers.into_iter().collect();
        state.scripted = true;
    }

    /// Everything received, status requests included.
    pub fn received(&self) -> Vec<u8> {
        self.state().received.clone()
    }

    /// How many connections were opened.
    pub fn connections(&self) -> usize {
        self.state().connections
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connect for MemoryPrinter {
    fn connect(&self, _timeout: Duration) -> Result<Box<dyn Transport>, TransportError> {
        self.state().connections += 1;
        Ok(Box::new(self.clone()))
    }
}

impl Transport for MemoryPrinter {
    fn write_all(&mut self, bytes: &[u8], _deadline: Instant) -> Result<(), TransportError> {
        let mut state = self.state();
        let room = state.fails_after.map_or(bytes.len(), |most| most.saturating_sub(state.received.len()));
        let taken = room.min(bytes.len());
        state.received.extend_from_slice(&bytes[..taken]);
        if taken < bytes.len() {
            return Err(TransportError::new(TransportErrorKind::Closed, "send to the printer").after(taken));
        }
        if !state.scripted {
            match bytes {
                [0x10, 0x04, _] => state.answers.push_back(0x12),
                [.., 0x1d, b'r', 1] => state.answers.push_back(0),
                _ => {}
            }
        }
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8], _deadline: Instant) -> Result<usize, TransportError> {
        match (self.state().answers.pop_front(), buffer.first_mut()) {
            (Some(answer), Some(first)) => {
                *first = answer;
                Ok(1)
            }
            _ => Err(TransportError::new(TransportErrorKind::TimedOut, "read the printer's answer")),
        }
    }

    fn answers(&self) -> Answers {
        Answers::Printer
    }

    fn close(self: Box<Self>) -> Result<(), TransportError> {
        Ok(())
    }
}
