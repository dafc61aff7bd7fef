//! Card payments within a sale: every one that was approved for its cart is counted in it, each once.

use rusqlite::Connection;
use shared::ids::{CardPaymentId, CartId, OrderId};
use shared::money::Money;
use shared::order::{CardApproval, Tender, TenderGiven, TenderKind};

use crate::context::{CommandError, Done};
use crate::store::card_payments::{self, CardPaymentKind, CardPaymentState as State};
use crate::store::{StoreError, Tx};
use crate::views::Code;

/// An approved payment that a sale counts.
#[derive(Debug, Clone)]
pub(crate) struct BookedCard {
    card_payment_id: CardPaymentId,
    amount: Money,
    approval: CardApproval,
}

impl BookedCard {
    /// What the reader said, for the tender of just this amount; each is given once.
    pub(crate) fn take(cards: &mut Vec<Self>, given: &TenderGiven) -> Option<Box<CardApproval>> {
        let at =
            cards.iter().position(|card| given.kind == TenderKind::Card && card.amount == given.given)?;
        Some(Box::new(cards.remove(at).approval))
    }
}

/// The approved payments of a sale's cart: all of them, and for each a tender.
///
/// # Errors
/// `card_unsettled` when one is under way, or approved and not named; `invalid` about `card_payments` when one is named that
/// is not of this cart, or has no tender.
pub(crate) fn of_sale(
    db: &Connection,
    cart_id: CartId,
    named: &[CardPaymentId],
    tenders: &[TenderGiven],
) -> Done<Vec<BookedCard>> {
    let mut cards = Vec::new();
    for payment in card_payments::open_of_cart(db, cart_id)? {
        match (payment.state, payment.approved, payment.approval) {
            (State::Asked | State::Told, ..) if payment.kind == CardPaymentKind::Payment => {
                let message = "a card payment of this cart is under way";
                return Err(CommandError::new(Code::CardUnsettled, message));
            }
            (State::Approved, Some(amount), Some(approval)) => {
                let card_payment_id = payment.card_payment_id;
                cards.push(BookedCard { card_payment_id, amount, approval });
            }
            _ => {}
        }
    }
    if cards.iter().any(|card| !named.contains(&card.card_payment_id)) {
        let message = "the card reader took a payment for this cart that is not among the tenders";
        return Err(CommandError::new(Code::CardUnsettled, message));
    }
    let wrong = || CommandError::invalid("card_payments", "a card payment does not belong to this sale");
    if named.len() != cards.len() {
        return Err(wrong());
    }
    let mut left = cards.clone();
    for given in tenders {
        let _ = BookedCard::take(&mut left, given);
    }
    if left.is_empty() { Ok(cards) } else { Err(wrong()) }
}

/// Counts them in the sale's own transaction.
///
/// # Errors
/// When one was counted or given back meanwhile, or the store cannot be written.
pub(crate) fn book(tx: &Tx<'_>, cards: &[BookedCard], order_id: OrderId) -> Result<(), StoreError> {
    for card in cards {
        if !card_payments::book(tx, card.card_payment_id, order_id)? {
            return Err(StoreError::contradiction("a card payment", "it was counted or given back before"));
        }
    }
    Ok(())
}

/// What the provider calls the payment that a refund of this amount is taken from: the one with the least left that still holds
/// it.
///
/// # Errors
/// When the store cannot be read.
pub(crate) fn reference_of(
    db: &Connection,
    tenders: &[Tender],
    amount: Money,
) -> Result<Option<String>, StoreError> {
    let mut best: Option<(i64, &str)> = None;
    for (paid, card) in tenders.iter().filter_map(|tender| Some((tender.amount, tender.card.as_ref()?))) {
        let reference = card.provider_reference.as_str();
        if reference.is_empty() {
            continue;
        }
        let left = paid.minor().saturating_sub(card_payments::given_back(db, reference)?);
        if left >= amount.minor() && best.is_none_or(|(least, _)| left < least) {
            best = Some((left, reference));
        }
    }
    Ok(best.map(|(_, reference)| reference.to_owned()))
}
