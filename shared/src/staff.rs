//! People, their roles and the closed list of what a role may do.

pub mod pin;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ids::{OutletId, StaffId};

/// What a person is at the business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Prepares what was ordered.
    Kitchen,
    /// Sells.
    Cashier,
    /// Runs an outlet.
    Manager,
    /// Runs the settings of the business.
    Admin,
    /// Owns the business.
    Owner,
}

/// One thing a person may or may not do; checked on the terminal (offline) and on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Ring up and take payment.
    Sell,
    /// A discount by hand on a line or an order.
    Discount,
    /// Replace a price at the till.
    PriceOverride,
    /// Void an open cart.
    VoidCart,
    /// Refund an order that is linked.
    Refund,
    /// Refund without a receipt.
    RefundWithoutReceipt,
    /// Open and close a drawer session.
    DrawerSession,
    /// Put cash in or take it out.
    CashMovement,
    /// Open the drawer without a sale.
    NoSale,
    /// Book a movement of goods.
    StockMovement,
    /// See the back office.
    BackOffice,
    /// Change items.
    EditItems,
    /// Change outlets, staff and terminals.
    EditBusiness,
}

impl Role {
    /// Whether this role may do it without asking.
    pub fn may(self, permission: Permission) -> bool {
        use Permission as P;
        let least = match permission {
            P::Sell | P::Discount | P::VoidCart | P::Refund | P::DrawerSession => Role::Cashier,
            P::PriceOverride
            | P::RefundWithoutReceipt
            | P::CashMovement
            | P::NoSale
            | P::StockMovement
            | P::BackOffice
            | P::EditItems => Role::Manager,
            P::EditBusiness => Role::Admin,
        };
        self >= least
    }

    /// All that this role may do.
    pub fn permissions(self) -> Vec<Permission> {
        use Permission as P;
        [
            P::Sell,
            P::Discount,
            P::PriceOverride,
            P::VoidCart,
            P::Refund,
            P::RefundWithoutReceipt,
            P::DrawerSession,
            P::CashMovement,
            P::NoSale,
            P::StockMovement,
            P::BackOffice,
            P::EditItems,
            P::EditBusiness,
        ]
        .into_iter()
        .filter(|p| self.may(*p))
        .collect()
    }
}

/// A person as a terminal holds them; travels down the change feed as one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staff {
    /// The person.
    pub staff_id: StaffId,
    /// The name on the sign-in screen and the receipt.
    pub name: String,
    /// What they are.
    pub role: Role,
    /// The PIN as an Argon2id PHC string over `HMAC-SHA-256(pepper, PIN)`; the pepper is not in any database.
    pub pin_hash: String,
    /// The outlets they work at; empty is all.
    #[serde(default)]
    pub outlet_ids: Vec<OutletId>,
    /// Whether they may sign in.
    pub active: bool,
}
