//! Slips of goods that were moved by hand.

use serde::{Deserialize, Serialize};

use hardware::{Align, Document, Rule, Width};
use shared::clock::Timestamp;
use shared::journal::payload::{StockMoved, StockReason};
use shared::locale::Texts;
use shared::outlet::Outlet;

use super::{finish, quantity_text, slip_head};

/// A movement of goods with what its event says about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockSlip {
    /// The movement.
    pub moved: StockMoved,
    /// When.
    pub occurred_at: Timestamp,
    /// By whom, when it is still known.
    pub staff_name: Option<String>,
    /// The names of the items, in the order of the lines.
    pub names: Vec<String>,
}

/// The slip of a movement of goods; `copy` marks it as printed before.
pub fn stock_moved(outlet: &Outlet, slip: &StockSlip, copy: bool) -> Document {
    let texts = Texts::of(&outlet.locale);
    let mut doc = slip_head(outlet, texts.get("stock-slip"), copy);
    doc.rule(Rule::Single);
    doc.text(slip.moved.stock_movement_id.to_string());
    doc.left_right(texts.get(reason_key(slip.moved.reason)), slip.occurred_at.to_local_text(&outlet.zone));
    if let Some(name) = &slip.staff_name {
        doc.text(texts.with("receipt-cashier", &[("name", name)]));
    }
    if !slip.moved.note.is_empty() {
        doc.text(format!("* {}", slip.moved.note));
    }
    doc.rule(Rule::Single);
    for (at, line) in slip.moved.lines.iter().enumerate() {
        doc.row(&[
            (line.sku.clone(), Align::Left, Width::Fit),
            (slip.names.get(at).cloned().unwrap_or_default(), Align::Left, Width::Rest),
            (quantity_text(&texts, line.quantity), Align::Right, Width::Fit),
        ]);
    }
    finish(&mut doc);
    doc
}

fn reason_key(reason: StockReason) -> &'static str {
    match reason {
        StockReason::Received => "stock-received",
        StockReason::Counted => "stock-counted",
        StockReason::Wasted => "stock-wasted",
        StockReason::Transferred => "stock-transferred",
    }
}
