//! What the journal says of money at the reader that is in no event of a sale or a refund.

use shared::ids::ApprovalId;
use shared::journal::Fact;
use shared::journal::payload::{CardPaymentGivenBack, CardPaymentRefunded, CardPaymentSettledByHand};
use shared::money::Money;

use crate::store::card_payments::{Came, CardPayment};

/// That the reader is asked to give a payment back which became no sale; None of goods, whose refund has an event of its own.
pub(super) fn given_back(refund: &CardPayment, approval_id: Option<ApprovalId>) -> Option<Fact> {
    let given_back = CardPaymentGivenBack {
        card_payment_id: refund.reverses?,
        refund_card_payment_id: refund.card_payment_id,
        amount: refund.amount,
        reader: refund.reader_name.clone(),
        approval_id,
    };
    Some(Fact::CardPaymentGivenBack(Box::new(given_back)))
}

/// How that ended; None of anything else, and while it has not.
pub(super) fn refunded(payment: &CardPayment, came: &Came) -> Option<Fact> {
    let refunded = CardPaymentRefunded {
        card_payment_id: payment.card_payment_id,
        reverses: payment.reverses?,
        amount: payment.amount,
        approved: match came {
            Came::Approved(approved, _) => Some(*approved),
            Came::Refused(_) => None,
            Came::Unknown => return None,
        },
    };
    Some(Fact::CardPaymentRefunded(Box::new(refunded)))
}

/// That a manager said how a payment or refund ended.
pub(super) fn settled_by_hand(
    payment: &CardPayment,
    amount: Money,
    money_moved: bool,
    reason: &str,
    approval_id: Option<ApprovalId>,
) -> Fact {
    Fact::CardPaymentSettledByHand(Box::new(CardPaymentSettledByHand {
        card_payment_id: payment.card_payment_id,
        kind: payment.kind,
        amount,
        money_moved,
        reason: reason.to_owned(),
        reader: payment.reader_name.clone(),
        approval_id,
        order_id: payment.order_id,
        refund_id: payment.refund_id,
        reverses: payment.reverses,
    }))
}
