//! What a card reader wants on paper when its day is closed.

use serde::{Deserialize, Serialize};

use hardware::{Document, Rule};
use shared::clock::Timestamp;
use shared::locale::Texts;
use shared::outlet::Outlet;

use super::{finish, slip_head};

/// The lines of a reader's day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardDaySlip {
    /// What people call the reader.
    pub reader: String,
    /// When its day was closed.
    pub closed_at: Timestamp,
    /// The reader's own lines.
    pub lines: Vec<String>,
}

/// The slip of a reader's day; `copy` marks it as printed before.
pub fn card_day(outlet: &Outlet, slip: &CardDaySlip, copy: bool) -> Document {
    let mut doc = slip_head(outlet, Texts::of(&outlet.locale).get("receipt-card-day"), copy);
    doc.left_right(&slip.reader, slip.closed_at.to_local_text(&outlet.zone));
    doc.rule(Rule::Single);
    for line in &slip.lines {
        doc.text(line);
    }
    finish(&mut doc);
    doc
}
