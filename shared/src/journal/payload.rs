//! Payloads of the journal that are not documents of their own.

mod cards;
mod devices;

pub use cards::{
    CardPaymentGivenBack, CardPaymentKind, CardPaymentRefunded, CardPaymentSettledByHand, CardPaymentUnsold,
};
pub use devices::{DeviceReported, MOST_DEVICE_CHARS, MOST_DEVICES, MOST_STATIONS, ReportedDevice};

use serde::{Deserialize, Deserializer, Serialize};

use super::Event;
use crate::ids::{
    ApprovalId, CategoryId, ItemId, OrderId, PictureId, RefundId, StaffId, StaffSessionId, StockMovementId,
    VariantId,
};
use crate::money::{Quantity, UnitPrice};
use crate::staff::{Permission, Role};
use crate::stamp::{Node, Stamp};

/// Why goods moved, other than by a sale or refund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum StockReason {
    /// Came in.
    Received,
    /// Was counted; the movement is the difference.
    Counted,
    /// Broke, spoiled or was lost.
    Wasted,
    /// Went to another outlet or came from one.
    Transferred,
}

/// A movement of goods of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct StockMovementLine {
    /// What moved.
    pub item_id: ItemId,
    /// Its variant.
    pub variant_id: Option<VariantId>,
    /// The business's code at the time.
    pub sku: String,
    /// How many; below zero left the shelf.
    pub quantity: Quantity,
}

/// Goods moved for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockMoved {
    /// The movement.
    pub stock_movement_id: StockMovementId,
    /// Why.
    pub reason: StockReason,
    /// A word on it.
    pub note: String,
    /// What moved.
    pub lines: Vec<StockMovementLine>,
    /// The leave of a manager, when one was needed.
    pub approval_id: Option<ApprovalId>,
}

/// A terminal asks that an item change. Of what describes it the last writer stands, field by field; a price is a request,
/// the server's version comes back down. What is left out stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemEdited {
    /// The item.
    pub item_id: ItemId,
    /// A new name.
    #[serde(default)]
    pub name: Option<String>,
    /// Whether it can be sold now.
    #[serde(default)]
    pub available: Option<bool>,
    /// A new price.
    #[serde(default)]
    pub unit_price: Option<UnitPrice>,
    /// Another shelf; null is none.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub category_id: Option<Option<CategoryId>>,
    /// Another place on its shelf.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<i32>,
    /// Another picture; null is none.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub picture_id: Option<Option<PictureId>>,
    /// When it was edited; terminals of before have none, see [`stamp_of`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<Stamp>,
}

impl ItemEdited {
    /// An edit that changes nothing yet.
    pub const fn of(item_id: ItemId) -> Self {
        Self {
            item_id,
            name: None,
            available: None,
            unit_price: None,
            category_id: None,
            position: None,
            picture_id: None,
            stamp: None,
        }
    }
}

/// A terminal edited a category; the last writer stands, field by field. What is left out stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryEdited {
    /// The category.
    pub category_id: CategoryId,
    /// A new name.
    #[serde(default)]
    pub name: Option<String>,
    /// Another place in the row of categories.
    #[serde(default)]
    pub position: Option<i32>,
    /// Another colour of its bar, as `#rrggbb`.
    #[serde(default)]
    pub color: Option<String>,
    /// When it was edited, see [`stamp_of`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stamp: Option<Stamp>,
}

/// When the edit of an event was made: as its terminal stamped it, or by the time on the event when it comes from before
/// there were stamps. Always the terminal's own: nobody stamps for another.
pub fn stamp_of<P>(event: &Event<P>, stamp: Option<Stamp>) -> Stamp {
    let node = Node::Terminal(event.terminal_id);
    stamp.map_or_else(|| Stamp::at(event.occurred_at, node), |stamp| stamp.by(node))
}

/// Tells null from a field that was left out.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// A person signed on or off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffSigned {
    /// The staff session.
    pub staff_session_id: StaffSessionId,
    /// The person.
    pub staff_id: StaffId,
}

/// A manager gave leave for a step above the cashier's role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalGranted {
    /// The leave.
    pub approval_id: ApprovalId,
    /// For what.
    pub permission: Permission,
    /// By whom.
    pub granted_by: StaffId,
    /// Their role at the time.
    pub role: Role,
    /// Who asked.
    pub asked_by: StaffId,
}

/// A receipt was printed again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptReprinted {
    /// The order, when it is one.
    pub order_id: Option<OrderId>,
    /// The refund, when it is one.
    pub refund_id: Option<RefundId>,
}

/// The drawer was opened without a sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawerKicked {
    /// Why.
    pub reason: String,
    /// The leave of a manager, when one was needed.
    pub approval_id: Option<ApprovalId>,
}

/// Why a terminal began a new life of its journal by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestartReason {
    /// The server holds more of the journal than the terminal: an older image of its disk was put back, or it is a copy.
    OlderImage,
    /// Events were changed on the disk after they were written.
    Damaged,
    /// The store was missing, empty, foreign or beyond reading, and a person let the terminal begin anew.
    Lost,
}

/// A terminal began a new life of its journal by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalRestarted {
    /// Why.
    pub reason: RestartReason,
    /// The life before.
    pub from_epoch: u32,
    /// The last event of that life that holds.
    pub from_seq: u64,
    /// Events that were written again under the new life.
    pub carried: u64,
    /// Events of the life before that do not hold, by their place.
    #[serde(default)]
    pub damaged: Vec<DamagedEvent>,
    /// The number from which receipts go on, when the last one is not known for sure.
    #[serde(default)]
    pub receipts_from: Option<u64>,
}

/// An event that does not hold any longer, with what is left of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DamagedEvent {
    /// Its place.
    pub seq: u64,
    /// What stands there now as text, cut short; empty when nothing could be read.
    #[serde(default)]
    pub left: String,
}
