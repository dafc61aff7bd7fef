//! X and Z reports.

use hardware::{Document, Rule};
use shared::clock::Timestamp;
use shared::drawer::{DrawerClosed, DrawerReport};
use shared::money::Money;
use shared::outlet::Outlet;

use super::{Facts, Writer, finish};

/// An X report: the figures so far, nothing is closed.
pub fn x_report(outlet: &Outlet, report: &DrawerReport, printed_at: Timestamp) -> Document {
    let writer = Writer::new(outlet, report.currency, report.digits);
    let mut doc = Document::new();
    let title = writer.texts.get("report-x");
    let date = report.opened.business_date.to_string();
    let facts = Facts { number: &date, at: printed_at, staff_name: &report.opened.staff_name, header: &[] };
    writer.header(&mut doc, Some(title), false, facts);
    writer.figures(&mut doc, report);
    finish(&mut doc);
    doc
}

/// A Z report: the figures of a closed drawer session, its count and the difference.
pub fn z_report(outlet: &Outlet, closed: &DrawerClosed, copy: bool) -> Document {
    let report = &closed.report;
    let writer = Writer::new(outlet, report.currency, report.digits);
    let mut doc = Document::new();
    let title = writer.texts.with("report-z", &[("number", &closed.z_number.to_string())]);
    let date = closed.business_date.to_string();
    let facts = Facts { number: &date, at: closed.closed_at, staff_name: &closed.staff_name, header: &[] };
    writer.header(&mut doc, Some(title), copy, facts);
    writer.figures(&mut doc, report);
    writer.row(&mut doc, "report-counted", closed.counted_cash);
    for (value, pieces) in &closed.denominations {
        let value = Money::new(*value, report.currency);
        doc.text(format!("  {pieces} x {}", writer.amount(value)));
    }
    doc.left_right(writer.texts.get("report-difference"), writer.money(closed.difference)).bold();
    if let Some(note) = &closed.note {
        doc.text(format!("* {note}"));
    }
    doc.feed(2);
    doc.text(writer.texts.get("receipt-signature"));
    finish(&mut doc);
    doc
}

impl Writer<'_> {
    fn row(&self, doc: &mut Document, key: &str, amount: Money) {
        doc.left_right(self.texts.get(key), self.amount(amount));
    }

    fn taken_off(&self, doc: &mut Document, key: &str, amount: Money) {
        doc.left_right(self.texts.get(key), self.less(amount));
    }

    fn figures(&self, doc: &mut Document, report: &DrawerReport) {
        let texts = &self.texts;
        doc.left_right(texts.get("report-opened"), self.local(report.opened.opened_at));
        doc.left_right(texts.get("report-orders"), report.orders.to_string());
        doc.left_right(texts.get("report-refunds"), report.refunds.to_string());
        doc.left_right(texts.get("report-voids"), report.voids.to_string());
        doc.rule(Rule::Single);
        self.row(doc, "report-sales-total", report.sales_total);
        self.taken_off(doc, "report-refund-total", report.refund_total);
        if let Ok(net) = report.sales_total.sub(report.refund_total) {
            doc.left_right(texts.get("report-net"), self.money(net)).bold();
        }
        self.row(doc, "report-discounts", report.discount_total);
        self.row(doc, "report-service-charge", report.service_charge_total);
        self.row(doc, "report-rounding", report.cash_rounding_total);
        if !report.taxes.is_empty() {
            doc.rule(Rule::Single);
            for tax in &report.taxes {
                let base = self.amount(tax.base);
                doc.left_right(
                    format!("{} ({})", tax.name, texts.with("report-tax-base", &[("amount", &base)])),
                    self.amount(tax.amount),
                );
            }
            self.taken_off(doc, "report-refund-taxes", report.refund_tax_total);
        }
        doc.rule(Rule::Single);
        for tender in &report.tenders {
            doc.left_right(
                format!("{} ({})", self.tender(tender.kind), tender.count),
                self.amount(tender.sales),
            );
            if !tender.refunds.is_zero() {
                doc.left_right(format!("  {}", texts.get("report-refunds")), self.less(tender.refunds));
            }
        }
        doc.rule(Rule::Single);
        self.row(doc, "report-opening-float", report.opened.opening_float);
        self.row(doc, "report-cash-in", report.cash_in);
        self.taken_off(doc, "report-cash-out", report.cash_out);
        doc.left_right(texts.get("report-expected"), self.money(report.expected_cash)).bold();
    }
}
