//! A drawer from opening float to count, and the X and Z reports.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::clock::{BusinessDate, Timestamp};
use crate::ids::{ApprovalId, CashMovementId, DrawerSessionId, OutletId, StaffId, TerminalId};
use crate::money::{CurrencyCode, Money, MoneyError};
use crate::order::TenderKind;

/// Drawer cash that is no sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CashMovementKind {
    /// Cash put in from outside, such as change from the bank.
    PaidIn,
    /// Cash paid out, such as for ice.
    PaidOut,
    /// Cash taken to the safe.
    Pickup,
    /// Cash lent by the safe.
    Loan,
}

impl CashMovementKind {
    /// Whether it adds to the drawer.
    pub const fn adds(self) -> bool {
        matches!(self, Self::PaidIn | Self::Loan)
    }
}

/// A movement of drawer cash that is no sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CashMovement {
    /// The movement.
    pub cash_movement_id: CashMovementId,
    /// The drawer session.
    pub drawer_session_id: DrawerSessionId,
    /// What it is.
    pub kind: CashMovementKind,
    /// How much (above zero).
    pub amount: Money,
    /// Why.
    pub reason: String,
    /// By whom.
    pub staff_id: StaffId,
    /// When.
    pub occurred_at: Timestamp,
    /// The leave of a manager, when one was needed.
    pub approval_id: Option<ApprovalId>,
}

/// The opening of a drawer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DrawerOpened {
    /// The drawer session.
    pub drawer_session_id: DrawerSessionId,
    /// Where.
    pub outlet_id: OutletId,
    /// On which till.
    pub terminal_id: TerminalId,
    /// By whom.
    pub staff_id: StaffId,
    /// Their name.
    pub staff_name: String,
    /// When.
    pub opened_at: Timestamp,
    /// The day of business.
    pub business_date: BusinessDate,
    /// What was in it.
    pub opening_float: Money,
}

/// What was taken by one means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TenderTotal {
    /// The means.
    pub kind: TenderKind,
    /// Taken by sales.
    pub sales: Money,
    /// Given back by refunds (not negative).
    pub refunds: Money,
    /// How many tenders.
    pub count: u32,
}

/// What a tax came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TaxTotal {
    /// Its name at the time.
    pub name: String,
    /// What it is computed on.
    pub base: Money,
    /// The tax.
    pub amount: Money,
}

/// The figures of a drawer session: an X report without closing, a Z report with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DrawerReport {
    /// The opening.
    pub opened: DrawerOpened,
    /// The currency.
    pub currency: CurrencyCode,
    /// Decimals of its minor unit.
    pub digits: u8,
    /// Completed orders.
    pub orders: u32,
    /// Refunds.
    pub refunds: u32,
    /// Voided carts.
    pub voids: u32,
    /// The sum of the orders' totals, without cash rounding.
    pub sales_total: Money,
    /// The sum of the refunds' totals, without cash rounding (not negative).
    pub refund_total: Money,
    /// All discounts given.
    pub discount_total: Money,
    /// All service charges.
    pub service_charge_total: Money,
    /// Taxes of the orders by name.
    pub taxes: Vec<TaxTotal>,
    /// Taxes given back with refunds.
    pub refund_tax_total: Money,
    /// Cash roundings, of sales less of refunds.
    pub cash_rounding_total: Money,
    /// By means of payment.
    pub tenders: Vec<TenderTotal>,
    /// Cash put in and lent.
    pub cash_in: Money,
    /// Cash paid out and picked up (not negative).
    pub cash_out: Money,
    /// What should be in the drawer.
    pub expected_cash: Money,
}

/// The closing of a drawer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DrawerClosed {
    /// Gapless per terminal.
    pub z_number: u32,
    /// The figures.
    pub report: DrawerReport,
    /// By whom.
    pub staff_id: StaffId,
    /// Their name.
    pub staff_name: String,
    /// When.
    pub closed_at: Timestamp,
    /// The day of business.
    pub business_date: BusinessDate,
    /// What was counted.
    pub counted_cash: Money,
    /// `counted − expected`.
    pub difference: Money,
    /// How the count came about: (value of one piece in minor units, pieces).
    #[serde(default)]
    #[ts(as = "Vec<(f64, u32)>")]
    pub denominations: Vec<(i64, u32)>,
    /// A word on the difference.
    #[serde(default)]
    pub note: Option<String>,
}

/// A drawer session: open with its opening, or closed with its count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DrawerSession {
    /// In use.
    Open(DrawerOpened),
    /// Counted.
    Closed(Box<DrawerClosed>),
}

/// Why a drawer cannot be closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrawerError {
    /// It is closed already.
    #[error("this shift is closed already")]
    Closed,
    /// The report is of another session.
    #[error("the report is of another shift")]
    OtherSession,
    /// A figure is beyond range or in another currency.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Who counted what, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// By whom.
    pub staff_id: StaffId,
    /// Their name.
    pub staff_name: String,
    /// When.
    pub closed_at: Timestamp,
    /// The day of business.
    pub business_date: BusinessDate,
    /// What was counted.
    pub counted_cash: Money,
    /// (value of one piece in minor units, pieces).
    pub denominations: Vec<(i64, u32)>,
    /// A word on the difference.
    pub note: Option<String>,
}

impl DrawerSession {
    /// Closes an open session with its figures and count.
    ///
    /// # Errors
    /// When it is closed, or the report is of another session.
    pub fn close(self, z_number: u32, report: DrawerReport, count: Count) -> Result<Self, DrawerError> {
        let Self::Open(opened) = self else { return Err(DrawerError::Closed) };
        if opened != report.opened {
            return Err(DrawerError::OtherSession);
        }
        let difference = count.counted_cash.sub(report.expected_cash)?;
        Ok(Self::Closed(Box::new(DrawerClosed {
            z_number,
            report,
            staff_id: count.staff_id,
            staff_name: count.staff_name,
            closed_at: count.closed_at,
            business_date: count.business_date,
            counted_cash: count.counted_cash,
            difference,
            denominations: count.denominations,
            note: count.note,
        })))
    }
}
