//! Card payments within a sale: every one that was approved for its cart is counted in it, each once.

use rusqlite::Connection;
use shared::ids::CardPaymentId;
use shared::order::{Order, TenderKind};

use crate::context::{CommandError, Done};
use crate::store::card_payments::{self, CardPaymentKind, CardPaymentState as State};
use crate::store::{StoreError, Tx};
use crate::views::Code;

/// Says on the order's tenders what the reader approved for its cart: all that was approved is named, and each has a tender of
/// just its amount.
///
/// # Errors
/// `card_unsettled` when a payment is under way, or approved and not named; `invalid` about `card_payments` when one is named
/// that is not of this cart, or has no tender.
pub(crate) fn count(db: &Connection, order: &mut Order, named: &[CardPaymentId]) -> Done<()> {
    let wrong = || CommandError::invalid("card_payments", "a card payment does not belong to this sale");
    let mut counted = 0;
    for payment in card_payments::open_of_cart(db, order.cart_id)? {
        match (payment.state, payment.approved, payment.approval) {
            (State::Asked | State::Told, ..) if payment.kind == CardPaymentKind::Payment => {
                let message = "a card payment of this cart is under way";
                return Err(CommandError::new(Code::CardUnsettled, message));
            }
            (State::Approved, Some(approved), Some(approval)) => {
                if !named.contains(&payment.card_payment_id) {
                    let message =
                        "the card reader took a payment for this cart that is not among the tenders";
                    return Err(CommandError::new(Code::CardUnsettled, message));
                }
                let tender = order.tenders.iter_mut().find(|tender| {
                    tender.kind == TenderKind::Card && tender.card.is_none() && tender.given == approved
                });
                tender.ok_or_else(wrong)?.card = Some(Box::new(approval));
                counted += 1;
            }
            _ => {}
        }
    }
    if counted == named.len() { Ok(()) } else { Err(wrong()) }
}

/// Takes what the order counts off the list of what is still open, in the sale's own transaction.
///
/// # Errors
/// When a payment was counted or given back meanwhile, or the store cannot be written.
pub(crate) fn book(tx: &Tx<'_>, order: &Order) -> Result<(), StoreError> {
    for card in order.tenders.iter().filter_map(|tender| tender.card.as_ref()) {
        if !card_payments::book(tx, card.card_payment_id, order.order_id)? {
            return Err(StoreError::contradiction("a card payment", "it was counted or given back before"));
        }
    }
    Ok(())
}
