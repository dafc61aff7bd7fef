//! What must hold for a sale or a refund, without looking at the database.

use shared::Money;
use shared::order::Order;
use shared::pricing::{Computed, PricingError, PromotionUse, ReadyBook, Sale, SaleLine};
use shared::refund::Refund;

/// What is wrong with the figures of a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Which figure, such as `total`.
    pub figure: &'static str,
    /// What the lines come to.
    pub expected: String,
    /// What the sale says.
    pub claimed: String,
}

/// Whether all amounts of a sale are of its one currency.
pub fn one_currency(order: &Order) -> bool {
    let lines = order.lines.iter().flat_map(|line| {
        let figures = &line.figures;
        [
            figures.gross,
            figures.line_discount,
            figures.order_discount,
            figures.net,
            figures.tax,
            figures.share,
            figures.tax_share,
        ]
    });
    let promotions =
        order.lines.iter().flat_map(|line| &line.figures.promotions).map(|applied| applied.amount);
    let tenders = order.tenders.iter().flat_map(|tender| [tender.amount, tender.given]);
    let taxes = order.taxes.iter().flat_map(|tax| [tax.base, tax.amount]);
    [
        order.subtotal,
        order.discount_total,
        order.service_charge,
        order.tax_total,
        order.total,
        order.cash_rounding,
        order.change_due,
    ]
    .into_iter()
    .chain(lines)
    .chain(promotions)
    .chain(tenders)
    .chain(taxes)
    .all(|amount| amount.currency() == order.currency)
}

/// Whether all amounts of a refund are of its one currency.
pub fn refund_has_one_currency(refund: &Refund) -> bool {
    let lines = refund.lines.iter().flat_map(|line| [line.amount, line.tax]);
    [refund.total, refund.tax_total, refund.cash_rounding, refund.amount]
        .into_iter()
        .chain(lines)
        .all(|amount| amount.currency() == refund.currency)
}

/// Computes a sale again from its lines and compares every figure; then whether its tenders pay it exactly.
pub fn check(order: &Order, book: Option<&ReadyBook>) -> Option<Mismatch> {
    if let Some(mismatch) = book.and_then(|book| differs(order, book)) {
        return Some(mismatch);
    }
    let sum = |amounts: &mut dyn Iterator<Item = Money>| Money::sum(order.currency, amounts);
    let paid = sum(&mut order.tenders.iter().map(|tender| tender.amount));
    let due = order.total.add(order.cash_rounding);
    if paid != due {
        return Some(mismatch("tenders", shown(&due), shown(&paid)));
    }
    let change = sum(&mut order.tenders.iter().map(|tender| tender.given)).and_then(|given| given.sub(paid?));
    if change != Ok(order.change_due) {
        return Some(mismatch("change_due", shown(&change), order.change_due.to_string()));
    }
    None
}

/// A sale computed by a book, its lines as `with` has them.
///
/// # Errors
/// See [`PricingError`].
pub fn compute(
    order: &Order,
    book: &ReadyBook,
    with: impl Fn(usize, &mut SaleLine),
) -> Result<Computed, PricingError> {
    let mut lines = Vec::with_capacity(order.lines.len());
    for (at, line) in order.lines.iter().enumerate() {
        let mut line = line.to_sale_line()?;
        with(at, &mut line);
        lines.push(line);
    }
    let terms = order.sale_terms();
    let sale = Sale { lines: &lines, order_discount: order.order_discount, terms: &terms };
    book.price(&sale)
}

fn differs(order: &Order, book: &ReadyBook) -> Option<Mismatch> {
    let computed = match compute(order, book, |_, _| {}) {
        Ok(computed) => computed,
        Err(error) => return Some(mismatch("lines", refusal(&error), order.total.to_string())),
    };
    let (priced, claimed) = (computed.order, order.figures());
    if priced == claimed {
        // What is not said to be used would not count against its limit.
        let said = computed.uses == order.promotion_uses;
        let shown = |uses: &[PromotionUse]| format!("{uses:?}");
        return (!said)
            .then(|| mismatch("promotion_uses", shown(&computed.uses), shown(&order.promotion_uses)));
    }
    let figures = [
        ("subtotal", priced.subtotal, claimed.subtotal),
        ("discount_total", priced.discount_total, claimed.discount_total),
        ("service_charge", priced.service_charge, claimed.service_charge),
        ("tax_total", priced.tax_total, claimed.tax_total),
        ("total", priced.total, claimed.total),
    ];
    let differing = figures.into_iter().find(|(_, expected, claimed)| expected != claimed);
    Some(match differing {
        Some((figure, expected, claimed)) => mismatch(figure, expected.to_string(), claimed.to_string()),
        None => {
            let pairs = priced.lines.iter().zip(&claimed.lines);
            let line = pairs.clone().find(|(expected, claimed)| expected != claimed);
            line.map_or_else(
                || mismatch("taxes", format!("{:?}", priced.taxes), format!("{:?}", claimed.taxes)),
                |(expected, claimed)| mismatch("line", format!("{expected:?}"), format!("{claimed:?}")),
            )
        }
    })
}

fn mismatch(figure: &'static str, expected: String, claimed: String) -> Mismatch {
    let short = |text: String| text.chars().take(500).collect();
    Mismatch { figure, expected: short(expected), claimed: short(claimed) }
}

fn refusal(error: &PricingError) -> String {
    format!("cannot be computed: {error}")
}

fn shown<E: std::fmt::Display>(amount: &Result<Money, E>) -> String {
    match amount {
        Ok(amount) => amount.to_string(),
        Err(error) => error.to_string(),
    }
}
