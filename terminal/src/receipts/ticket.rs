//! Tickets for a station: what to make, in letters that are read from afar.

use hardware::{Align, Document, Rule, Width};
use shared::locale::Texts;
use shared::order::Order;
use shared::outlet::Outlet;

use super::{finish, quantity_text};

/// What concerns one station of an order: the lines at these places.
#[derive(Debug, Clone, Copy)]
pub struct Ticket<'a> {
    /// The station.
    pub station: &'a str,
    /// The lines, by their place in the order.
    pub lines: &'a [usize],
    /// The printer that it was meant for, when another one prints it.
    pub moved_from: Option<&'a str>,
}

/// The ticket of an order for one station as built in; `copy` marks it as perhaps printed before.
pub fn built_in_ticket(outlet: &Outlet, order: &Order, ticket: Ticket<'_>, copy: bool) -> Document {
    let texts = Texts::of(&outlet.locale);
    let mut doc = Document::new();
    doc.text(ticket.station).bold().double().center();
    if copy {
        doc.text(texts.get("receipt-copy")).inverse().center();
    }
    if let Some(printer) = ticket.moved_from {
        doc.text(texts.with("ticket-moved", &[("printer", printer)])).bold().center();
    }
    doc.rule(Rule::Double);
    doc.text(&order.receipt_number).bold();
    doc.left_right(
        texts.with("receipt-cashier", &[("name", &order.staff_name)]),
        order.occurred_at.to_local_text(&outlet.zone),
    );
    doc.rule(Rule::Double);
    for line in ticket.lines.iter().filter_map(|&at| order.lines.get(at)) {
        doc.row(&[
            (quantity_text(&texts, line.quantity), Align::Left, Width::Fit),
            (line.name.clone(), Align::Left, Width::Rest),
        ])
        .bold()
        .tall();
        for modifier in &line.modifiers {
            doc.text(format!("   + {}", modifier.name));
        }
        if let Some(note) = &line.note {
            doc.text(format!("   * {note}")).bold();
        }
    }
    if let Some(note) = &order.note {
        doc.rule(Rule::Single);
        doc.text(format!("* {note}")).bold();
    }
    finish(&mut doc);
    doc
}
