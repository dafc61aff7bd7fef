//! What a template knows of a sale: everything that the built-in receipt shows, in the outlet's language, amounts as texts.

use hardware::template::Filling;
use serde::Serialize;
use shared::order::{Order, OrderLine};
use shared::outlet::Outlet;
use shared::pricing::{Discount, TaxAmount};

use super::sale::{card_lines, door_key, receipt_qr, sums};
use super::{Ticket, Writer, quantity_text};

/// A name and an amount beside it.
#[derive(Debug, Serialize)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) amount: String,
}

/// A means of payment.
#[derive(Serialize)]
struct Paid {
    name: String,
    amount: String,
    /// What the card reader wants on the receipt.
    card: Vec<String>,
}

/// The shop at the head and foot of its receipts.
#[derive(Serialize)]
struct Shop<'a> {
    name: &'a str,
    business: Option<&'a str>,
    address: &'a [String],
    tax_number: Option<String>,
    header: &'a [String],
    footer: &'a [String],
    legal: &'a [String],
}

#[derive(Serialize)]
struct Choice {
    name: String,
    /// None when it costs nothing.
    price: Option<String>,
    /// The name, and the price in parentheses.
    label: String,
}

#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    sku: &'a str,
    quantity: String,
    unit_price: String,
    /// How many at which price.
    count: String,
    amount: String,
    choices: Vec<Choice>,
    note: Option<&'a str>,
    discounts: Vec<Named>,
}

#[derive(Serialize)]
struct TaxRow<'a> {
    name: &'a str,
    base: String,
    amount: String,
    included: bool,
}

#[derive(Serialize)]
struct Sale<'a> {
    shop: Shop<'a>,
    copy: Option<String>,
    number: &'a str,
    order_id: String,
    cashier: String,
    staff: &'a str,
    time: String,
    date: String,
    lines: Vec<Line<'a>>,
    note: Option<&'a str>,
    door: Option<String>,
    exemption: Option<String>,
    sums: Vec<Named>,
    subtotal: String,
    discount_total: Option<String>,
    service_charge: Option<String>,
    taxes: Vec<TaxRow<'a>>,
    tax_total: String,
    total: String,
    rounding: Option<String>,
    to_pay: Option<String>,
    tenders: Vec<Paid>,
    change: Option<String>,
    qr: Option<String>,
}

#[derive(Serialize)]
struct Station<'a> {
    station: &'a str,
    copy: Option<String>,
    moved: Option<String>,
    number: &'a str,
    cashier: String,
    staff: &'a str,
    time: String,
    door: Option<String>,
    lines: Vec<Line<'a>>,
    note: Option<&'a str>,
}

/// What the template of receipts knows.
pub(super) fn sale(writer: &Writer<'_>, order: &Order, copy: bool) -> Filling {
    let (texts, outlet) = (&writer.texts, writer.outlet);
    let some = |amount| (!shared::Money::is_zero(amount)).then(|| writer.amount(amount));
    let due = (!order.cash_rounding.is_zero()).then(|| order.due());
    Filling::new(&Sale {
        shop: shop(writer, outlet),
        copy: copy.then(|| texts.get("receipt-copy")),
        number: &order.receipt_number,
        order_id: order.order_id.to_string(),
        cashier: texts.with("receipt-cashier", &[("name", &order.staff_name)]),
        staff: &order.staff_name,
        time: writer.local(order.occurred_at),
        date: order.business_date.to_string(),
        lines: order.lines.iter().map(|each| line(writer, each)).collect(),
        note: order.note.as_deref(),
        door: door(writer, order),
        exemption: order.terms.as_ref().and_then(|terms| {
            let reason = &terms.exemption.as_ref()?.reason;
            Some(texts.with("receipt-exempt", &[("reason", reason)]))
        }),
        sums: sums(writer, order),
        subtotal: writer.amount(order.subtotal),
        discount_total: some(order.discount_total),
        service_charge: some(order.service_charge),
        taxes: order.taxes.iter().map(|tax| tax_row(writer, tax)).collect(),
        tax_total: writer.amount(order.tax_total),
        total: writer.money(order.total),
        rounding: some(order.cash_rounding),
        to_pay: due.map(|due| writer.money(due)),
        tenders: order
            .tenders
            .iter()
            .map(|tender| Paid {
                name: writer.tender(tender.kind),
                amount: writer.amount(tender.given),
                card: card_lines(tender),
            })
            .collect(),
        change: some(order.change_due),
        qr: receipt_qr(outlet, order),
    })
}

/// What the template of tickets knows.
pub(super) fn station(writer: &Writer<'_>, order: &Order, ticket: Ticket<'_>, copy: bool) -> Filling {
    let texts = &writer.texts;
    Filling::new(&Station {
        station: ticket.station,
        copy: copy.then(|| texts.get("receipt-copy")),
        moved: ticket.moved_from.map(|printer| texts.with("ticket-moved", &[("printer", printer)])),
        number: &order.receipt_number,
        cashier: texts.with("receipt-cashier", &[("name", &order.staff_name)]),
        staff: &order.staff_name,
        time: writer.local(order.occurred_at),
        door: door(writer, order),
        lines: ticket
            .lines
            .iter()
            .filter_map(|&at| order.lines.get(at))
            .map(|each| line(writer, each))
            .collect(),
        note: order.note.as_deref(),
    })
}

fn shop<'a>(writer: &Writer<'_>, outlet: &'a Outlet) -> Shop<'a> {
    let layouts = outlet.layouts.as_ref();
    let number = outlet.tax_number.as_ref();
    Shop {
        name: &outlet.name,
        business: (outlet.tenant_name != outlet.name).then_some(outlet.tenant_name.as_str()),
        address: &outlet.address,
        tax_number: number.map(|number| writer.texts.with("receipt-tax-number", &[("number", number)])),
        header: layouts.map_or(&[], |layouts| &layouts.header),
        footer: &outlet.receipt_footer,
        legal: layouts.map_or(&[], |layouts| &layouts.legal),
    }
}

fn door(writer: &Writer<'_>, order: &Order) -> Option<String> {
    order.terms.as_ref().and_then(|terms| door_key(terms.channel)).map(|key| writer.texts.get(key))
}

fn line<'a>(writer: &Writer<'_>, line: &'a OrderLine) -> Line<'a> {
    let unit_price = writer.unit_price(writer.listed_price(line));
    let quantity = quantity_text(&writer.texts, line.quantity);
    let choices = line.modifiers.iter().map(|modifier| {
        let price =
            (modifier.unit_price != shared::UnitPrice::ZERO).then(|| writer.unit_price(modifier.unit_price));
        let label = match &price {
            Some(price) => format!("{} ({price})", modifier.name),
            None => modifier.name.clone(),
        };
        Choice { name: modifier.name.clone(), price, label }
    });
    Line {
        name: &line.name,
        sku: &line.sku,
        count: format!("{quantity} x {unit_price}"),
        quantity,
        unit_price,
        amount: writer.amount(line.figures.gross),
        choices: choices.collect(),
        note: line.note.as_deref(),
        discounts: discounts(writer, line, line.discount.as_ref()),
    }
}

fn discounts(writer: &Writer<'_>, line: &OrderLine, own: Option<&Discount>) -> Vec<Named> {
    let off = line.figures.line_discount;
    let by_hand = (!off.is_zero()).then(|| Named { name: writer.discount(own), amount: writer.less(off) });
    let promoted = line
        .figures
        .promotions
        .iter()
        .map(|applied| Named { name: applied.name.clone(), amount: writer.less(applied.amount) });
    by_hand.into_iter().chain(promoted).collect()
}

fn tax_row<'a>(writer: &Writer<'_>, tax: &'a TaxAmount) -> TaxRow<'a> {
    TaxRow {
        name: &tax.name,
        base: writer.amount(tax.base),
        amount: writer.amount(tax.amount),
        included: tax.included,
    }
}
