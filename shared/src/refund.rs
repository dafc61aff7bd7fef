//! Money back: a refund links to its order and can never exceed what was captured; without a receipt a manager approves.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::clock::{BusinessDate, Timestamp};
use crate::ids::{
    ApprovalId, DrawerSessionId, ItemId, LineId, OrderId, OutletId, RefundId, StaffId, TerminalId, VariantId,
};
use crate::money::{CurrencyCode, Money, MoneyError, Quantity, RoundingMode, UnitPrice, divide_rounded};
use crate::order::{Order, TenderKind};

/// Units of one line given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RefundLine {
    /// The line of the order; a line of its own for a refund without a receipt.
    pub line_id: LineId,
    /// What came back.
    pub item_id: ItemId,
    /// Its variant.
    pub variant_id: Option<VariantId>,
    /// The business's code at the time.
    pub sku: String,
    /// The name at the time.
    pub name: String,
    /// Price of one unit at the sale.
    pub unit_price: UnitPrice,
    /// How many come back.
    pub quantity: Quantity,
    /// The money given back for them: their share of the order, discounts, service and taxes in it.
    pub amount: Money,
    /// The taxes in that amount.
    pub tax: Money,
    /// Whether the goods go back on the shelf.
    pub restock: bool,
}

/// Money given back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Refund {
    /// The refund.
    pub refund_id: RefundId,
    /// The order it belongs to; None without a receipt.
    pub order_id: Option<OrderId>,
    /// That order's receipt number.
    pub order_receipt_number: Option<String>,
    /// Its own number in the terminal's gapless row of receipts.
    pub receipt_number: String,
    /// Where.
    pub outlet_id: OutletId,
    /// On which till.
    pub terminal_id: TerminalId,
    /// In which drawer session.
    pub drawer_session_id: DrawerSessionId,
    /// By whom.
    pub staff_id: StaffId,
    /// Their name at the time.
    pub staff_name: String,
    /// When (UTC).
    pub occurred_at: Timestamp,
    /// The day of business.
    pub business_date: BusinessDate,
    /// The currency.
    pub currency: CurrencyCode,
    /// Decimals of its minor unit.
    pub digits: u8,
    /// What came back.
    pub lines: Vec<RefundLine>,
    /// The sum of the lines.
    pub total: Money,
    /// The taxes in it.
    pub tax_total: Money,
    /// Rounding of what is given back in cash.
    pub cash_rounding: Money,
    /// By which means it is given back.
    pub tender: TenderKind,
    /// What is given back: `total + cash_rounding`.
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// The leave of a manager, when one was needed.
    pub approval_id: Option<ApprovalId>,
}

/// How much of a line was given back before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AlreadyRefunded {
    /// Units given back before.
    pub quantity: Quantity,
}

/// Why units cannot be given back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefundError {
    /// A figure is beyond range.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The order has no such line.
    #[error("line {0} is not of this order")]
    UnknownLine(LineId),
    /// More units than are left.
    #[error("only {left} of line {line_id} can still be given back")]
    TooMany {
        /// The line.
        line_id: LineId,
        /// Units left.
        left: Quantity,
    },
    /// Nothing to give back.
    #[error("nothing was chosen to be given back")]
    Nothing,
}

/// The money for giving back units `before..before + quantity` of a line whose whole is `share` over `sold` units.
///
/// Cumulative: `round(share × after / sold) − round(share × before / sold)`, so all parts together give back exactly
/// the whole, in whatever steps (`trade.md`, refunds).
///
/// # Errors
/// An overflow.
pub fn part_of(
    share: Money,
    sold: Quantity,
    before: Quantity,
    quantity: Quantity,
) -> Result<Money, MoneyError> {
    let upto = |units: Quantity| {
        let product = i128::from(share.minor()) * i128::from(units.raw());
        divide_rounded(product, i128::from(sold.raw()), RoundingMode::HalfUp)
    };
    let after = before.add(quantity)?;
    Ok(Money::new(upto(after)?.checked_sub(upto(before)?).ok_or(MoneyError::Overflow)?, share.currency()))
}

/// The lines of a refund of `chosen` units of `order`, when `already` says what was given back before.
///
/// # Errors
/// A line that is not of the order, or more units than are left.
pub fn refund_lines(
    order: &Order,
    chosen: &[(LineId, Quantity, bool)],
    already: impl Fn(LineId) -> AlreadyRefunded,
) -> Result<Vec<RefundLine>, RefundError> {
    if chosen.is_empty() {
        return Err(RefundError::Nothing);
    }
    let mut taken: Vec<LineId> = Vec::new();
    let mut lines = Vec::with_capacity(chosen.len());
    for (line_id, quantity, restock) in chosen {
        let line = order.lines.iter().find(|line| line.figures.line_id == *line_id);
        let line = line.filter(|_| !taken.contains(line_id)).ok_or(RefundError::UnknownLine(*line_id))?;
        taken.push(*line_id);
        let before = already(*line_id).quantity;
        let left = line.quantity.sub(before)?;
        if !quantity.is_positive() || *quantity > left {
            return Err(RefundError::TooMany { line_id: *line_id, left });
        }
        lines.push(RefundLine {
            line_id: *line_id,
            item_id: line.item_id,
            variant_id: line.variant_id,
            sku: line.sku.clone(),
            name: line.name.clone(),
            unit_price: line.unit_price,
            quantity: *quantity,
            amount: part_of(line.figures.share, line.quantity, before, *quantity)?,
            tax: part_of(line.figures.tax_share, line.quantity, before, *quantity)?,
            restock: *restock,
        });
    }
    Ok(lines)
}
