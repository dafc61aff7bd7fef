//! Money at a card reader that is in no sale's or refund's own event. Nothing in it names a card.

use serde::{Deserialize, Serialize};

use crate::ids::{ApprovalId, CardPaymentId, OrderId, RefundId};
use crate::money::Money;

/// Which way the money goes at a card reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CardPaymentKind {
    /// From the customer.
    Payment,
    /// Back to the customer.
    Refund,
}

/// What the reader took was in no sale when its cart was voided or the drawer was closed: somebody must look. It is said again at
/// every closing for as long as it is so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardPaymentUnsold {
    /// The payment.
    pub card_payment_id: CardPaymentId,
    /// What was taken.
    pub amount: Money,
    /// What people there call the reader.
    pub reader: String,
}

/// The reader was asked to give a payment back that became no sale; once more for every try after it refused. What came of
/// it is a [`CardPaymentRefunded`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardPaymentGivenBack {
    /// The payment.
    pub card_payment_id: CardPaymentId,
    /// What gives it back at the reader.
    pub refund_card_payment_id: CardPaymentId,
    /// How much.
    pub amount: Money,
    /// What people there call the reader.
    pub reader: String,
    /// The leave of a manager, when one was needed; none to try again.
    pub approval_id: Option<ApprovalId>,
}

/// How giving back ended, of goods or of a payment that became no sale: as the reader said, or because it was called off before
/// the reader heard of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardPaymentRefunded {
    /// What gave it back at the reader.
    pub card_payment_id: CardPaymentId,
    /// The payment that became no sale; None of goods.
    pub reverses: Option<CardPaymentId>,
    /// The refund of goods.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refund_id: Option<RefundId>,
    /// What was asked for.
    pub amount: Money,
    /// What the customer got; None when the reader refused.
    pub approved: Option<Money>,
}

/// A manager said by the reader's own paper how a payment or refund ended that the reader did not tell of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardPaymentSettledByHand {
    /// The payment or refund at the reader.
    pub card_payment_id: CardPaymentId,
    /// Which way the money goes.
    pub kind: CardPaymentKind,
    /// What moved, or what would have.
    pub amount: Money,
    /// Whether it did.
    pub money_moved: bool,
    /// Why that is known.
    pub reason: String,
    /// What people there call the reader.
    pub reader: String,
    /// The leave of a manager.
    pub approval_id: Option<ApprovalId>,
    /// A refund: the order given back.
    #[serde(default)]
    pub order_id: Option<OrderId>,
    /// A refund: of goods.
    #[serde(default)]
    pub refund_id: Option<RefundId>,
    /// A refund: of a payment that became no sale.
    #[serde(default)]
    pub reverses: Option<CardPaymentId>,
}
