//! Paying, receipts, orders and refunds.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use shared::clock::Timestamp;
use shared::ids::{CardPaymentId, CartId, ItemId, LineId, OrderId, RefundId, VariantId};
use shared::money::{Money, Quantity, UnitPrice};
use shared::order::{Order, TenderGiven, TenderKind};
use shared::refund::Refund;

use super::ApprovalInput;

/// How a print job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PrintState {
    /// Waits in the queue.
    Waiting,
    /// Is being sent.
    Printing,
    /// The printer said that it is printed.
    Printed,
    /// The printer stopped answering on the way: it may be on paper; printing again is marked COPY.
    Unknown,
    /// Too old to print by itself.
    Expired,
    /// Given up by a person.
    Dropped,
}

/// What a receipt is kept as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FileFormat {
    /// A web page that needs nothing beside itself.
    Html,
    /// A page as long as the paper.
    Pdf,
    /// Lines as wide as the paper.
    Text,
}

view! {
    /// What a tender would come to.
    QuoteInput {
        /// The tenders so far; empty asks for what is due.
        tenders: Vec<TenderGiven>,
    }

    /// What is due and what the tenders come to.
    QuoteView {
        /// What is due before cash rounding.
        total: Money,
        /// What would be paid in cash for what is left after the other tenders.
        cash_due: Money,
        /// The rounding in it.
        cash_rounding: Money,
        /// What is still to be paid (zero when settled).
        missing: Money,
        /// What is given back.
        change_due: Money,
        /// Whether the tenders settle the order.
        settled: bool,
        /// Notes that make sense for what is due in cash, ascending, the exact amount not among them.
        quick_notes: Vec<Money>,
    }

    /// Paying.
    PayInput {
        /// The cart that is shown, so that a second tap cannot pay another one.
        cart_id: CartId,
        /// The total that is shown: refused when it is another one.
        total: Money,
        /// The tenders.
        tenders: Vec<TenderGiven>,
        /// Payments that the card reader approved for this cart: for each the tenders hold one by card of just its amount.
        #[serde(default)]
        card_payments: Vec<CardPaymentId>,
    }

    /// A completed sale as shown.
    ReceiptView {
        /// The order.
        order: Order,
        /// The receipt as text, as wide as the printer.
        text: String,
        /// How printing stands; None without a printer.
        print: Option<PrintState>,
        /// Units given back so far, by line.
        refunded: Vec<RefundedLine>,
        /// Refunds of it.
        refunds: Vec<Refund>,
    }

    /// Units given back so far of a line.
    RefundedLine {
        /// The line.
        line_id: LineId,
        /// How many.
        quantity: Quantity,
    }

    /// Looking for orders of this terminal.
    OrdersInput {
        /// Part of a receipt number, an amount or an item's name; empty is all.
        query: String,
        /// Before this order, for the next page.
        before: Option<OrderId>,
    }

    /// Orders, newest first, at most 50.
    OrdersView {
        /// The orders.
        orders: Vec<OrderSummary>,
        /// Whether there are more.
        more: bool,
    }

    /// An order in a list.
    OrderSummary {
        /// The order.
        order_id: OrderId,
        /// Its number.
        receipt_number: String,
        /// When.
        occurred_at: Timestamp,
        /// By whom.
        staff_name: String,
        /// Pieces in it.
        item_count: u32,
        /// What was due.
        total: Money,
        /// How it was paid.
        tenders: Vec<TenderKind>,
        /// What was given back so far.
        refunded: Money,
        /// Whether the server holds it.
        synced: bool,
        /// How printing stands; None without a printer.
        print: Option<PrintState>,
    }

    /// Naming an order.
    OrderInput {
        /// The order.
        order_id: OrderId,
    }

    /// A receipt to be kept as a file.
    ReceiptFileInput {
        /// The order.
        order_id: OrderId,
        /// As what.
        format: FileFormat,
    }

    /// A file to be kept.
    FileView {
        /// What it is called.
        name: String,
        /// Its media type.
        mime: String,
        /// Its bytes.
        base64: String,
    }

    /// Naming an order by its receipt number or the code on it.
    FindOrderInput {
        /// A receipt number or the text of the receipt's QR code.
        code: String,
    }

    /// Units chosen to be given back.
    RefundChoice {
        /// The line.
        line_id: LineId,
        /// How many.
        quantity: Quantity,
        /// Whether the goods go back on the shelf.
        restock: bool,
    }

    /// Giving money back for an order.
    RefundInput {
        /// The refund it becomes: made by the screen, so that the same one asked for again is not given twice.
        refund_id: RefundId,
        /// The order.
        order_id: OrderId,
        /// What comes back.
        lines: Vec<RefundChoice>,
        /// By which means.
        tender: TenderKind,
        /// Why.
        reason: String,
        /// A manager's leave.
        approval: Option<ApprovalInput>,
    }

    /// What giving back would come to.
    RefundQuoteView {
        /// The sum of the lines.
        total: Money,
        /// Rounding of cash.
        cash_rounding: Money,
        /// What is given back.
        amount: Money,
    }

    /// An item given back without a receipt.
    LooseRefundLine {
        /// The item.
        item_id: ItemId,
        /// Its variant.
        variant_id: Option<VariantId>,
        /// How many.
        quantity: Quantity,
        /// Price of one unit; its present price unless given.
        unit_price: Option<UnitPrice>,
        /// Whether the goods go back on the shelf.
        restock: bool,
    }

    /// Giving money back without a receipt.
    LooseRefundInput {
        /// The refund it becomes: made by the screen, so that the same one asked for again is not given twice.
        refund_id: RefundId,
        /// What comes back.
        lines: Vec<LooseRefundLine>,
        /// By which means.
        tender: TenderKind,
        /// Why.
        reason: String,
        /// A manager's leave.
        approval: Option<ApprovalInput>,
    }

    /// A refund as shown.
    RefundView {
        /// The refund.
        refund: Refund,
        /// Its receipt as text.
        text: String,
        /// How printing stands.
        print: Option<PrintState>,
        /// The payment back at the till's card reader, when there is one.
        card_payment_id: Option<CardPaymentId>,
    }

    /// Asking for a refund by id.
    RefundIdInput {
        /// The refund.
        refund_id: RefundId,
    }
}
