//! Receipts of sales and refunds.

use hardware::{Document, Rule};
use shared::money::{Money, MoneyError, Quantity, UnitPrice};
use shared::order::{Order, OrderLine, Tender, TenderKind};
use shared::outlet::Outlet;
use shared::pricing::{Channel, Discount, SaleTerms};
use shared::refund::Refund;

use super::filling::Named;
use super::layout::logo;
use super::{Facts, Writer, finish};

/// The receipt of a completed sale as built in; `copy` marks it as printed before.
pub fn built_in_order(outlet: &Outlet, order: &Order, copy: bool) -> Document {
    let writer = Writer::new(outlet, order.currency, order.digits);
    let mut doc = Document::new();
    let facts = Facts {
        number: &order.receipt_number,
        at: order.occurred_at,
        staff_name: &order.staff_name,
        header: writer.own_header(),
    };
    writer.logo(&mut doc);
    writer.header(&mut doc, None, copy, facts);
    for line in &order.lines {
        writer.order_line(&mut doc, line);
    }
    if let Some(note) = &order.note {
        doc.text(format!("* {note}"));
    }
    if let Some(terms) = &order.terms {
        writer.terms(&mut doc, terms);
    }
    doc.rule(Rule::Single);
    writer.totals(&mut doc, order);
    writer.tenders(&mut doc, order);
    for tax in order.taxes.iter().filter(|tax| tax.included) {
        let name = writer.texts.with("receipt-tax-included", &[("name", &tax.name)]);
        doc.left_right(name, writer.amount(tax.amount));
    }
    if let Some(code) = receipt_qr(outlet, order) {
        doc.feed(1);
        doc.qr(code);
    }
    writer.footer(&mut doc);
    finish(&mut doc);
    doc
}

/// The receipt of a refund, linked to its order when there is one; `copy` marks it as printed before.
pub fn refund(outlet: &Outlet, refund: &Refund, copy: bool) -> Document {
    let writer = Writer::new(outlet, refund.currency, refund.digits);
    let texts = &writer.texts;
    let mut doc = Document::new();
    let facts = Facts {
        number: &refund.receipt_number,
        at: refund.occurred_at,
        staff_name: &refund.staff_name,
        header: writer.own_header(),
    };
    writer.logo(&mut doc);
    writer.header(&mut doc, Some(texts.get("receipt-refund")), copy, facts);
    match &refund.order_receipt_number {
        Some(number) => doc.text(texts.with("receipt-refund-of", &[("number", number)])),
        None => doc.text(texts.get("receipt-refund-loose")),
    };
    if !refund.reason.is_empty() {
        doc.text(texts.with("receipt-reason", &[("reason", &refund.reason)]));
    }
    doc.rule(Rule::Single);
    for line in &refund.lines {
        writer.line(&mut doc, &line.name, line.quantity, line.unit_price, line.amount);
    }
    doc.rule(Rule::Single);
    doc.left_right(texts.get("receipt-refund-total"), writer.money(refund.total)).bold().tall();
    if !refund.cash_rounding.is_zero() {
        doc.left_right(texts.get("receipt-rounding"), writer.amount(refund.cash_rounding));
    }
    doc.left_right(writer.tender(refund.tender), writer.amount(refund.amount));
    if !refund.tax_total.is_zero() {
        let name = texts.with("receipt-tax-included", &[("name", &texts.get("receipt-taxes"))]);
        doc.left_right(name, writer.amount(refund.tax_total));
    }
    doc.feed(2);
    doc.text(texts.get("receipt-signature"));
    writer.footer(&mut doc);
    finish(&mut doc);
    doc
}

/// What the code on a receipt says, where the outlet prints one.
pub(super) fn receipt_qr(outlet: &Outlet, order: &Order) -> Option<String> {
    let template = outlet.receipt_qr.as_ref()?;
    let with_id = template.replace("{order_id}", &order.order_id.to_string());
    Some(with_id.replace("{receipt_number}", &order.receipt_number))
}

/// The text that says through which door a sale went; none for the usual one.
pub(super) fn door_key(channel: Channel) -> Option<&'static str> {
    match channel {
        Channel::Counter => None,
        Channel::Table => Some("receipt-channel-table"),
        Channel::TakeAway => Some("receipt-channel-take-away"),
        Channel::SelfOrder => Some("receipt-channel-self-order"),
        Channel::Delivery => Some("receipt-channel-delivery"),
    }
}

/// What stands between the lines and the total, so that a reader can add it up.
pub(super) fn sums(writer: &Writer<'_>, order: &Order) -> Vec<Named> {
    let texts = &writer.texts;
    let off =
        |amount| Named { name: writer.discount(order.order_discount.as_ref()), amount: writer.less(amount) };
    let (goods, before_tax, after_tax) =
        discounts(order).unwrap_or((order.subtotal, order.discount_total, Money::zero(order.currency)));
    let mut sums = Vec::new();
    if goods != order.total {
        sums.push(Named { name: texts.get("receipt-subtotal"), amount: writer.amount(goods) });
    }
    sums.extend((!before_tax.is_zero()).then(|| off(before_tax)));
    if !order.service_charge.is_zero() {
        let amount = writer.amount(order.service_charge);
        sums.push(Named { name: texts.get("receipt-service-charge"), amount });
    }
    for tax in order.taxes.iter().filter(|tax| !tax.included && !tax.amount.is_zero()) {
        sums.push(Named { name: tax.name.clone(), amount: writer.amount(tax.amount) });
    }
    sums.extend((!after_tax.is_zero()).then(|| off(after_tax)));
    sums
}

impl Writer<'_> {
    fn own_header(&self) -> &[String] {
        self.outlet.layouts.as_ref().map_or(&[], |layouts| &layouts.header)
    }

    fn logo(&self, doc: &mut Document) {
        if let Some(logo) = logo(self.outlet) {
            doc.picture(logo);
        }
    }

    /// The price that the line shows: of the price list that replaced the item's own, where one did.
    pub(super) fn listed_price(&self, line: &OrderLine) -> UnitPrice {
        line.figures.listed.as_ref().map_or(line.unit_price, |listed| listed.unit_price)
    }

    fn order_line(&self, doc: &mut Document, line: &OrderLine) {
        self.line(doc, &line.name, line.quantity, self.listed_price(line), line.figures.gross);
        for modifier in &line.modifiers {
            let text = if modifier.unit_price == UnitPrice::ZERO {
                format!("  + {}", modifier.name)
            } else {
                format!("  + {} ({})", modifier.name, self.unit_price(modifier.unit_price))
            };
            doc.text(text);
        }
        if let Some(note) = &line.note {
            doc.text(format!("  * {note}"));
        }
        if !line.figures.line_discount.is_zero() {
            let name = format!("  {}", self.discount(line.discount.as_ref()));
            doc.left_right(name, self.less(line.figures.line_discount));
        }
        for applied in &line.figures.promotions {
            doc.left_right(format!("  {}", applied.name), self.less(applied.amount));
        }
    }

    /// Through which door, and why no tax is collected.
    fn terms(&self, doc: &mut Document, terms: &SaleTerms) {
        if let Some(door) = door_key(terms.channel) {
            doc.text(self.texts.get(door));
        }
        if let Some(exemption) = &terms.exemption {
            doc.text(self.texts.with("receipt-exempt", &[("reason", &exemption.reason)]));
        }
    }

    /// The name, and under it how many at which price: the paper alone says how every amount came about.
    fn line(&self, doc: &mut Document, name: &str, quantity: Quantity, price: UnitPrice, amount: Money) {
        doc.text(name);
        let count = format!("  {} x {}", self.quantity(quantity), self.unit_price(price));
        doc.left_right(count, self.amount(amount));
    }

    pub(super) fn discount(&self, discount: Option<&Discount>) -> String {
        match discount {
            Some(Discount::Percent(rate)) => {
                let percent = self.texts.quantity(Quantity::from_thousandths(i64::from(rate.0) / 10));
                self.texts.with("receipt-discount-percent", &[("percent", &percent)])
            }
            _ => self.texts.get("receipt-discount"),
        }
    }

    fn totals(&self, doc: &mut Document, order: &Order) {
        let texts = &self.texts;
        for sum in sums(self, order) {
            doc.left_right(sum.name, sum.amount);
        }
        doc.left_right(texts.get("receipt-total"), self.money(order.total)).bold().tall();
        if !order.cash_rounding.is_zero() {
            doc.left_right(texts.get("receipt-rounding"), self.amount(order.cash_rounding));
            doc.left_right(texts.get("receipt-to-pay"), self.money(order.due())).bold();
        }
    }

    fn tenders(&self, doc: &mut Document, order: &Order) {
        for tender in &order.tenders {
            doc.left_right(self.tender(tender.kind), self.amount(tender.given));
            for line in card_lines(tender) {
                doc.text(format!("  {line}"));
            }
        }
        if !order.change_due.is_zero() {
            doc.left_right(self.texts.get("receipt-change"), self.amount(order.change_due)).bold();
        }
    }

    pub(super) fn tender(&self, kind: TenderKind) -> String {
        self.texts.get(match kind {
            TenderKind::Cash => "tender-cash",
            TenderKind::Card => "tender-card",
            TenderKind::Qris => "tender-qris",
            TenderKind::VietQr => "tender-viet_qr",
        })
    }

    fn footer(&self, doc: &mut Document) {
        if !self.outlet.receipt_footer.is_empty() {
            doc.feed(1);
        }
        let legal = self.outlet.layouts.iter().flat_map(|layouts| &layouts.legal);
        for line in self.outlet.receipt_footer.iter().chain(legal) {
            doc.text(line).center();
        }
    }
}

/// What the till's card reader wants on the receipt: card and bank's code, then its own lines.
pub(super) fn card_lines(tender: &Tender) -> Vec<String> {
    let Some(card) = &tender.card else { return Vec::new() };
    let bank = [card.card.as_str(), card.authorisation.as_str()];
    let bank: Vec<&str> = bank.into_iter().filter(|text| !text.is_empty()).collect();
    let bank = (!bank.is_empty()).then(|| bank.join(" "));
    bank.into_iter().chain(card.receipt.iter().cloned()).collect()
}

/// The lines after their own discounts and promotions, and what the discount on the order takes off before and after tax.
fn discounts(order: &Order) -> Result<(Money, Money, Money), MoneyError> {
    let figures = || order.lines.iter().map(|line| &line.figures);
    let sum = |amounts: &mut dyn Iterator<Item = Money>| Money::sum(order.currency, amounts);
    let own = sum(&mut figures().map(|line| line.line_discount))?;
    let promotions = figures().flat_map(|line| &line.promotions);
    let promoted = sum(&mut promotions.map(|applied| applied.amount))?;
    let shared = sum(&mut figures().map(|line| line.order_discount))?;
    let after_tax = sum(&mut figures().filter_map(|line| line.after_tax_discount))?;
    Ok((order.subtotal.sub(own)?.sub(promoted)?, shared, after_tax))
}
