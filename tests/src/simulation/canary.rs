//! Injected bugs, one for each invariant: the simulation must catch every one of them, or it proves nothing.

use super::plan::{Fault, Step, What};
use crate::invariants::Invariant;

/// A bug put in on purpose, named by the invariant that it breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Canary(pub Invariant);

impl Canary {
    /// What the bug is, in words.
    pub fn what(self) -> &'static str {
        match self.0 {
            Invariant::I1 => "the till prints the receipt of a sale that it did not commit",
            Invariant::I2 => "the server lets the second branch of a fork overwrite the first",
            Invariant::I3 => "the server loses an event in the middle of a journal",
            Invariant::I4 => "the server acknowledges what it was sent in place of what it holds",
            Invariant::I5 => "the server books one minor unit too much",
            Invariant::I6 => "the server gives one business the feed of another",
            Invariant::I7 => "a failed upload is never tried again",
            Invariant::I8 => "the server refuses the repetition of a push that it took before",
            Invariant::I9 => "the till does not sell while the server is out of reach",
            Invariant::I10 => "the server forgets what a person should see",
        }
    }

    /// Steps that give the bug its occasion.
    pub fn steps(self) -> Vec<Step> {
        let fault = |at: i64, fault: Fault, lasts: i64| Step {
            at,
            terminal: 0,
            what: What::Fault(fault),
            lasts,
            detail: 5,
        };
        match self.0 {
            Invariant::I2 => vec![fault(600_000, Fault::Clone, 0)],
            Invariant::I7 | Invariant::I9 => vec![fault(300_000, Fault::Partition, 1_500_000)],
            Invariant::I8 => vec![fault(60_000, Fault::Duplicate, 3_000_000)],
            Invariant::I10 => vec![fault(600_000, Fault::PoisonKind, 0)],
            _ => Vec::new(),
        }
    }

    /// What is done to the server's database before the run.
    pub fn trigger(self) -> Option<&'static str> {
        match self.0 {
            Invariant::I3 => Some(
                "CREATE TRIGGER canary AFTER INSERT ON journal_events WHEN NEW.seq = 9 BEGIN \
                 DELETE FROM journal_events WHERE tenant_id = NEW.tenant_id AND \
                 terminal_id = NEW.terminal_id AND epoch = NEW.epoch AND seq = NEW.seq; END",
            ),
            Invariant::I5 => Some(
                "CREATE TRIGGER canary AFTER INSERT ON order_tenders BEGIN \
                 UPDATE order_tenders SET amount = amount + 1 WHERE tenant_id = NEW.tenant_id AND \
                 order_id = NEW.order_id AND tender_number = NEW.tender_number; END",
            ),
            Invariant::I10 => Some(
                "CREATE TRIGGER canary AFTER INSERT ON exceptions BEGIN \
                 DELETE FROM exceptions WHERE exception_id = NEW.exception_id; END",
            ),
            _ => None,
        }
    }
}
