//! What must hold whatever happened: the invariants I1 to I10, checked on what terminals and server hold in the end and on
//! what was seen on the way. Simulation, crash sweep and tests use this one checker; its own tests break each invariant.

pub mod books;
mod journals;
mod money;
pub mod read;
mod sight;

use std::fmt;

pub use books::{
    Anomaly, Books, Entry, ExceptionRow, Held, OrderRow, Receipt, RefundRow, ServerBooks, TerminalBooks,
    Witness,
};

/// An invariant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Invariant {
    /// What was acknowledged to a person is in the journal, and in the end on the server exactly once.
    I1,
    /// The same place with another payload is a conflict record, never an overwrite.
    I2,
    /// Chains are contiguous and hold, receipt numbers are gapless.
    I3,
    /// The server acknowledges only what is durable.
    I4,
    /// Money and stock: the terminals together are the server.
    I5,
    /// No row is visible across businesses.
    I6,
    /// With a fair network the outbox empties and both sides hold the same.
    I7,
    /// A repeated request gives the same answer.
    I8,
    /// A sale is never blocked by network, server or printer.
    I9,
    /// Every anomaly leaves something that a person sees.
    I10,
}

impl Invariant {
    /// All of them.
    pub const ALL: [Self; 10] =
        [Self::I1, Self::I2, Self::I3, Self::I4, Self::I5, Self::I6, Self::I7, Self::I8, Self::I9, Self::I10];
}

impl fmt::Display for Invariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Something that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which invariant.
    pub invariant: Invariant,
    /// What was found.
    pub found: String,
}

impl Violation {
    /// Something that does not hold.
    pub fn new(invariant: Invariant, found: impl Into<String>) -> Self {
        Self { invariant, found: found.into() }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.invariant, self.found)
    }
}

/// Everything that does not hold; empty is well.
pub fn check(books: &Books) -> Vec<Violation> {
    let mut found = books.witness.seen.clone();
    journals::check(books, &mut found);
    money::check(books, &mut found);
    sight::check(books, &mut found);
    found.sort_by_key(|violation| violation.invariant);
    found
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests;
