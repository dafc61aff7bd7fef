//! Card readers and what they take.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use shared::clock::Timestamp;
use shared::ids::{CardPaymentId, CartId, CounterDeviceId, OrderId};
use shared::money::Money;

use super::ApprovalInput;

view! {
    /// A payment or refund at the card reader.
    CardPaymentView {
        /// The payment.
        card_payment_id: CardPaymentId,
        /// `payment` or `refund`.
        kind: String,
        /// `going`, `approved`, `refused` or `unknown`.
        state: String,
        /// While it goes: `connecting`, `present_card`, `at_reader`, `authorising` or `cancelling`; None before the reader was told.
        step: Option<String>,
        /// What was asked for.
        amount: Money,
        /// What was approved; less than asked when the card had no more.
        approved: Option<Money>,
        /// Refused: `declined`, `cancelled`, `card_timeout`, `busy`, `not_reached`, `not_set_up` or `by_hand`.
        why: Option<String>,
        /// The kind of card, such as `Visa`.
        card: Option<String>,
        /// The bank's code.
        authorisation: Option<String>,
        /// The reader's name.
        reader: String,
        /// A payment: the cart it was taken for.
        cart_id: Option<CartId>,
        /// A payment: the sale it is counted in; a refund: the order given back.
        order_id: Option<OrderId>,
        /// Whether it belongs to this window's cart.
        here: bool,
        /// Whether nothing is left to do: counted in a sale, given back, or a refund that was done.
        booked: bool,
        /// When it was asked for.
        started_at: Timestamp,
        /// Who asked for it.
        staff_name: String,
    }

    /// How closing the reader's day goes.
    CardDayView {
        /// `going`, `done` or `failed`.
        state: String,
        /// What the reader counted, where it says so.
        sum: Option<Money>,
        /// Lines that the reader wants on paper.
        lines: Vec<String>,
        /// Since when it stands so.
        at: Timestamp,
    }

    /// The till's card reader.
    CardReaderView {
        /// The device.
        counter_device_id: CounterDeviceId,
        /// What people here call it.
        name: String,
        /// Whether it answered when it was last spoken to; None before that.
        well: Option<bool>,
        /// The last time its day was closed, since the till was started.
        day: Option<CardDayView>,
    }

    /// The reader, and what still needs somebody.
    CardsView {
        /// The reader; None when none is set up.
        reader: Option<CardReaderView>,
        /// What is not settled, or not counted in a sale; newest first, at most 100.
        payments: Vec<CardPaymentView>,
    }

    /// Beginning a payment at the reader.
    CardPayInput {
        /// The cart that is shown.
        cart_id: CartId,
        /// How much of it is to be paid by card.
        amount: Money,
    }

    /// Naming a payment at the reader.
    CardPaymentIdInput {
        /// The payment.
        card_payment_id: CardPaymentId,
    }

    /// Saying how a payment stands that the reader does not tell of.
    CardSettleInput {
        /// The payment.
        card_payment_id: CardPaymentId,
        /// Whether money moved, by the reader's own paper.
        money_moved: bool,
        /// How much of a payment moved, when it was less than was asked for; None is all.
        amount: Option<Money>,
        /// Why that is known.
        reason: String,
        /// A manager's leave, when the role needs one.
        approval: Option<ApprovalInput>,
    }

    /// Giving back a payment that became no sale.
    CardGiveBackInput {
        /// The payment.
        card_payment_id: CardPaymentId,
        /// A manager's leave, when the role needs one.
        approval: Option<ApprovalInput>,
    }
}
