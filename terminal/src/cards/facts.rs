//! What the journal says of money at the reader beside the events of sales and refunds.

use shared::ids::{ApprovalId, CartId};
use shared::journal::Fact;
use shared::journal::payload::{
    CardPaymentGivenBack, CardPaymentKind, CardPaymentRefunded, CardPaymentSettledByHand, CardPaymentUnsold,
};
use shared::money::Money;

use crate::context::{Device, Moment};
use crate::journal;
use crate::store::card_payments::{self, Came, CardPayment};
use crate::store::{StoreError, Tx};

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

/// Notes how a payment ended at the reader, in the journal too when it gives back; gives whether it had not ended before.
///
/// # Errors
/// When the store cannot be written.
pub(super) fn settle(
    tx: &Tx<'_>,
    device: &Device,
    moment: &Moment,
    payment: &CardPayment,
    came: &Came,
    detail: &str,
) -> Result<bool, StoreError> {
    let settled = card_payments::settle(tx, payment, came, detail, None, moment.at)?;
    if let Some(fact) = refunded(payment, came).filter(|_| settled) {
        journal::append(tx, device, moment, &fact)?;
    }
    Ok(settled)
}

/// Says of every payment that the reader approved and that is in no sale, of one cart or of all, that somebody must look.
///
/// # Errors
/// When the store cannot be read or written.
pub(crate) fn unsold(
    tx: &Tx<'_>,
    device: &Device,
    moment: &Moment,
    cart: Option<CartId>,
) -> Result<(), StoreError> {
    for payment in card_payments::open(tx)? {
        let is_meant =
            payment.kind == CardPaymentKind::Payment && (cart.is_none() || payment.cart_id == cart);
        if let Some(amount) = payment.approved.filter(|_| is_meant) {
            let (card_payment_id, reader) = (payment.card_payment_id, payment.reader_name);
            let unsold = CardPaymentUnsold { card_payment_id, amount, reader };
            journal::append(tx, device, moment, &Fact::CardPaymentUnsold(Box::new(unsold)))?;
        }
    }
    Ok(())
}

/// How giving back ended; None of what the customer pays, and while it has not ended.
fn refunded(payment: &CardPayment, came: &Came) -> Option<Fact> {
    let approved = match came {
        Came::Approved(approved, _) => Some(*approved),
        Came::Refused(_) => None,
        Came::Unknown => return None,
    };
    (payment.kind == CardPaymentKind::Refund).then(|| {
        Fact::CardPaymentRefunded(Box::new(CardPaymentRefunded {
            card_payment_id: payment.card_payment_id,
            reverses: payment.reverses,
            refund_id: payment.refund_id,
            amount: payment.amount,
            approved,
        }))
    })
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
