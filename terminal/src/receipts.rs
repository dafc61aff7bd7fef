//! What is printed: receipts, refund receipts, X and Z reports and the test page, in the outlet's language.
//!
//! Pure: a completed fact and its outlet in, a printer-neutral document out. Nothing is computed here but the two sums that a
//! reader of the paper would make; every other figure is the fact's own.

mod card;
mod file;
mod filling;
mod layout;
mod report;
mod sale;
mod sample;
mod stock;
mod ticket;

use hardware::{Cut, Document, Rule};
use shared::clock::Timestamp;
use shared::locale::Texts;
use shared::money::{CurrencyCode, Money, Quantity, RoundingMode, UnitPrice};
use shared::outlet::Outlet;

pub use card::{CardDaySlip, card_day};
pub use file::file;
pub use layout::{RECEIPT_TEMPLATE, TICKET_TEMPLATE, order, order_by, read_logo, ticket, ticket_by};
pub use report::{x_report, z_report};
pub use sale::{built_in_order, refund};
pub use sample::sample;
pub use stock::{StockSlip, stock_moved};
pub use ticket::{Ticket, built_in_ticket};

/// Columns of the text form that the screens show: those of 80 mm paper.
pub const TEXT_COLUMNS: usize = 48;

/// The text form of a document, as wide as 80 mm paper.
pub fn text(document: &Document) -> String {
    document.to_plain_text(TEXT_COLUMNS)
}

/// A page that shows whether a printer is set up well: umlauts, accents of Vietnamese, the width and the cut.
pub fn test_page(outlet: Option<&Outlet>, printed_at: Timestamp) -> Document {
    let texts = Texts::of(outlet.map_or("en", |o| o.locale.as_str()));
    let mut doc = Document::new();
    doc.text(texts.get("receipt-test-title")).double().center();
    if let Some(outlet) = outlet {
        doc.text(&outlet.name).center();
    }
    doc.rule(Rule::Single);
    doc.text(printed_at.to_local_text(outlet.map_or("UTC", |o| o.zone.as_str()))).center();
    doc.text(texts.get("receipt-test-hint")).center();
    doc.left_right("ABCDEFGHIJKLM äöüßéñ", "1.234.567,89");
    doc.left_right("Cà phê sữa đá", "₫ 29.000");
    doc.rule(Rule::Double);
    finish(&mut doc);
    doc
}

/// Amounts and texts of one fact: its language, currency and digits.
struct Writer<'a> {
    texts: Texts,
    outlet: &'a Outlet,
    currency: CurrencyCode,
    digits: u8,
}

impl<'a> Writer<'a> {
    fn new(outlet: &'a Outlet, currency: CurrencyCode, digits: u8) -> Self {
        Self { texts: Texts::of(&outlet.locale), outlet, currency, digits }
    }

    /// An amount without the currency's sign.
    fn amount(&self, amount: Money) -> String {
        self.texts.amount(amount, self.digits)
    }

    /// An amount that is taken off, with a minus before it.
    fn less(&self, amount: Money) -> String {
        amount.neg().map_or_else(|_| self.amount(amount), |negative| self.amount(negative))
    }

    /// An amount with the currency's sign.
    fn money(&self, amount: Money) -> String {
        self.texts.money(amount, self.digits)
    }

    /// A price of one unit with as many decimals as it needs, at least those of the currency.
    fn unit_price(&self, price: UnitPrice) -> String {
        let exact = (self.digits..=4).find_map(|digits| {
            let money = price.times(Quantity::ONE, self.currency, digits, RoundingMode::Down).ok()?;
            (UnitPrice::from_money(money, digits).ok()? == price).then(|| self.texts.amount(money, digits))
        });
        exact.unwrap_or_else(|| price.to_string())
    }

    /// `2` for pieces, `0,125 kg` for a weight: only weighed goods have parts of a unit.
    fn quantity(&self, quantity: Quantity) -> String {
        quantity_text(&self.texts, quantity)
    }

    fn local(&self, at: Timestamp) -> String {
        at.to_local_text(&self.outlet.zone)
    }

    /// The shop's name and address, the mark of a copy, then number and time, and who stood at the till.
    fn header(&self, doc: &mut Document, title: Option<String>, copy: bool, facts: Facts<'_>) {
        doc.text(&self.outlet.name).bold().double().center();
        if self.outlet.tenant_name != self.outlet.name {
            doc.text(&self.outlet.tenant_name).center();
        }
        for line in &self.outlet.address {
            doc.text(line).center();
        }
        if let Some(number) = &self.outlet.tax_number {
            doc.text(self.texts.with("receipt-tax-number", &[("number", number)])).center();
        }
        for line in facts.header {
            doc.text(line).center();
        }
        if copy {
            doc.text(self.texts.get("receipt-copy")).inverse().center();
        }
        if let Some(title) = title {
            doc.text(title).bold().center();
        }
        doc.rule(Rule::Single);
        // On a line of its own, so that eyes and machines find it.
        doc.text(facts.number);
        doc.left_right(
            self.texts.with("receipt-cashier", &[("name", facts.staff_name)]),
            self.local(facts.at),
        );
        doc.rule(Rule::Single);
    }
}

fn quantity_text(texts: &Texts, quantity: Quantity) -> String {
    let text = texts.quantity(quantity);
    if quantity.raw() % 1_000 == 0 { text } else { format!("{text} kg") }
}

/// What stands under the shop's name on every receipt.
struct Facts<'a> {
    number: &'a str,
    at: Timestamp,
    staff_name: &'a str,
    /// The outlet's own lines under its address.
    header: &'a [String],
}

/// The head of a slip that is no receipt: the shop, the mark of a copy, and what it is.
fn slip_head(outlet: &Outlet, title: String, copy: bool) -> Document {
    let mut doc = Document::new();
    doc.text(&outlet.name).bold().double().center();
    if copy {
        doc.text(Texts::of(&outlet.locale).get("receipt-copy")).inverse().center();
    }
    doc.text(title).bold().center();
    doc
}

/// Feeds the paper past the blade and cuts it.
fn finish(doc: &mut Document) {
    doc.feed(1);
    doc.cut(Cut::Partial);
}
