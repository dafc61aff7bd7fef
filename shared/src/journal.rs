//! The journal: a terminal's append-only log of facts, hash-chained and signed.
//!
//! `(tenant, terminal, epoch, seq)` is gapless from 1. `hash = SHA-256(prev_hash ‖ canonical bytes)`, canonical =
//! RFC 8785 JSON of the event; the signature is Ed25519 (RFC 8032) over the 32 bytes of the hash. The first event of an
//! epoch has 32 zero bytes as its `prev_hash`.

pub mod bundle;
pub(crate) mod canonical;
mod chain;
pub mod payload;

pub use canonical::is_surely_canonical;
pub use chain::{
    ChainError, Chained, GENESIS_HASH, Hash, HexError, PublicKey, Signature, SigningKey, canonical_bytes,
    chain, verify,
};

use serde::{Deserialize, Serialize};

use crate::clock::{BusinessDate, Timestamp};
use crate::drawer::{CashMovement, DrawerClosed, DrawerOpened};
use crate::ids::{OutletId, StaffId, TenantId, TerminalId};
use crate::order::{Order, VoidedOrder};
use crate::refund::Refund;

/// An event as it is hashed, signed, stored and sent. Unknown kinds and payload fields are kept as they came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event<P = serde_json::Value> {
    /// The day of business.
    pub business_date: BusinessDate,
    /// The life of the terminal's journal, from 1.
    pub epoch: u32,
    /// The kind, such as `order.completed`.
    pub kind: String,
    /// When (UTC).
    pub occurred_at: Timestamp,
    /// The outlet.
    pub outlet_id: OutletId,
    /// The fact.
    pub payload: P,
    /// The place in that life, gapless from 1.
    pub seq: u64,
    /// By whom, when a person did it.
    pub staff_id: Option<StaffId>,
    /// The business.
    pub tenant_id: TenantId,
    /// The terminal.
    pub terminal_id: TerminalId,
    /// The version of the payload's form.
    pub version: u16,
}

/// What an event says, when this build knows its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A sale was completed.
    OrderCompleted(Box<Order>),
    /// A cart was given up.
    OrderVoided(Box<VoidedOrder>),
    /// Money was given back.
    RefundCompleted(Box<Refund>),
    /// A drawer was opened.
    DrawerOpened(Box<DrawerOpened>),
    /// A drawer was counted.
    DrawerClosed(Box<DrawerClosed>),
    /// Drawer cash moved.
    CashMoved(Box<CashMovement>),
    /// Goods moved.
    StockMoved(Box<payload::StockMoved>),
    /// A descriptive field or a price of an item was asked to change.
    ItemEdited(Box<payload::ItemEdited>),
    /// A descriptive field of a category was changed.
    CategoryEdited(Box<payload::CategoryEdited>),
    /// A person signed on.
    StaffSignedIn(Box<payload::StaffSigned>),
    /// A person signed off.
    StaffSignedOut(Box<payload::StaffSigned>),
    /// A manager gave leave.
    ApprovalGranted(Box<payload::ApprovalGranted>),
    /// A receipt was printed again, marked COPY.
    ReceiptReprinted(Box<payload::ReceiptReprinted>),
    /// The drawer was opened without a sale.
    DrawerKicked(Box<payload::DrawerKicked>),
    /// The terminal began a new life of its journal by itself.
    JournalRestarted(Box<payload::JournalRestarted>),
    /// How the devices at the terminal are.
    DeviceReported(Box<payload::DeviceReported>),
    /// What a card reader took is in no sale.
    CardPaymentUnsold(Box<payload::CardPaymentUnsold>),
    /// The card reader was asked to give a payment back that became no sale.
    CardPaymentGivenBack(Box<payload::CardPaymentGivenBack>),
    /// How that ended.
    CardPaymentRefunded(Box<payload::CardPaymentRefunded>),
    /// A manager said how a payment at the card reader ended.
    CardPaymentSettledByHand(Box<payload::CardPaymentSettledByHand>),
}

/// An event whose kind is known but whose payload does not fit it.
#[derive(Debug, thiserror::Error)]
#[error("the payload of `{kind}` version {version} could not be read")]
pub struct PayloadError {
    /// The kind.
    pub kind: String,
    /// The version.
    pub version: u16,
    /// What did not fit.
    #[source]
    pub source: serde_json::Error,
}

macro_rules! facts {
    ($($variant:ident => $kind:literal, $payload:ty;)*) => {
        /// As the payload of its event.
        impl Serialize for Fact {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self { $(Self::$variant(payload) => payload.serialize(serializer),)* }
            }
        }
        impl Fact {
            /// The kind as it stands in the event.
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => $kind,)* }
            }
            /// The payload as JSON.
            ///
            /// # Errors
            /// Never for these types; kept as an error so that no input can panic.
            pub fn to_payload(&self) -> Result<serde_json::Value, serde_json::Error> {
                serde_json::to_value(self)
            }
            /// What an event says; None when this build does not know its kind or the payload is of a newer version.
            ///
            /// # Errors
            /// A known kind with a payload that does not fit.
            pub fn of(event: &Event) -> Result<Option<Self>, PayloadError> {
                if event.version > Self::VERSION {
                    return Ok(None);
                }
                match event.kind.as_str() {
                    $($kind => {
                        let payload = <$payload>::deserialize(&event.payload).map_err(|source| PayloadError {
                            kind: event.kind.clone(),
                            version: event.version,
                            source,
                        })?;
                        Ok(Some(Self::$variant(Box::new(payload))))
                    })*
                    _ => Ok(None),
                }
            }
        }
    };
}

facts! {
    OrderCompleted => "order.completed", Order;
    OrderVoided => "order.voided", VoidedOrder;
    RefundCompleted => "refund.completed", Refund;
    DrawerOpened => "drawer.opened", DrawerOpened;
    DrawerClosed => "drawer.closed", DrawerClosed;
    CashMoved => "drawer.cash_moved", CashMovement;
    StockMoved => "stock.moved", payload::StockMoved;
    ItemEdited => "item.edited", payload::ItemEdited;
    CategoryEdited => "category.edited", payload::CategoryEdited;
    StaffSignedIn => "staff.signed_in", payload::StaffSigned;
    StaffSignedOut => "staff.signed_out", payload::StaffSigned;
    ApprovalGranted => "approval.granted", payload::ApprovalGranted;
    ReceiptReprinted => "receipt.reprinted", payload::ReceiptReprinted;
    DrawerKicked => "drawer.kicked", payload::DrawerKicked;
    JournalRestarted => "journal.restarted", payload::JournalRestarted;
    DeviceReported => "device.reported", payload::DeviceReported;
    CardPaymentUnsold => "card_payment.unsold", payload::CardPaymentUnsold;
    CardPaymentGivenBack => "card_payment.given_back", payload::CardPaymentGivenBack;
    CardPaymentRefunded => "card_payment.refunded", payload::CardPaymentRefunded;
    CardPaymentSettledByHand => "card_payment.settled_by_hand", payload::CardPaymentSettledByHand;
}

impl Fact {
    /// The newest form of payloads that this build writes and reads.
    pub const VERSION: u16 = 1;
}
