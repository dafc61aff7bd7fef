//! The customer's own screen.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use shared::catalogue::Unit;
use shared::clock::Timestamp;
use shared::ids::{LineId, PictureId};
use shared::money::{Money, Quantity};
use shared::order::TenderKind;

/// How far the sale is that the customer sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CustomerStage {
    /// Between two sales.
    Idle,
    /// Goods are rung up.
    Cart,
    /// The customer is to pay by the code shown.
    Paying,
    /// It is paid.
    Paid,
}

/// What stands between the lines and the total.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CustomerSumKind {
    /// All lines before discounts.
    Subtotal,
    /// All discounts, below zero.
    Discount,
    /// The service charge.
    Service,
    /// A tax on top.
    Tax,
}

view! {
    /// What the customer sees now.
    CustomerScreenView {
        /// Whether a manager switched the screen on; else nothing of a sale is in it.
        is_on: bool,
        /// How far the sale is.
        stage: CustomerStage,
        /// The shop.
        outlet_name: String,
        /// Its own words between two sales.
        greeting: String,
        /// The language of the shop's customers.
        locale: String,
        /// Decimals of the amounts.
        digits: u8,
        /// The look, as in the settings.
        theme: String,
        /// The lines, oldest first.
        lines: Vec<CustomerLineView>,
        /// The line that was added or changed last.
        last_line_id: Option<LineId>,
        /// Pieces in all.
        item_count: u32,
        /// What stands between the lines and the total.
        sums: Vec<CustomerSumView>,
        /// What is due.
        total: Option<Money>,
        /// The code to pay by.
        qr: Option<PaymentQrView>,
        /// What was paid.
        paid: Option<CustomerPaidView>,
        /// What to show between two sales.
        pictures: Vec<PictureId>,
        /// How long each picture stands, in seconds.
        seconds: u16,
    }

    /// A line as the customer sees it.
    CustomerLineView {
        /// The line.
        line_id: LineId,
        /// What it is.
        name: String,
        /// Choices, and promotions that were given.
        details: Vec<String>,
        /// How many.
        quantity: Quantity,
        /// How it is counted.
        unit: Unit,
        /// Price of one, choices in it.
        unit_price: Money,
        /// Before discounts, which stand among the sums.
        amount: Money,
    }

    /// A sum above the total.
    CustomerSumView {
        /// What it is.
        kind: CustomerSumKind,
        /// The name of a tax; else empty.
        name: String,
        /// How much; below zero takes off.
        amount: Money,
    }

    /// What was paid.
    CustomerPaidView {
        /// What was due, with cash rounding.
        due: Money,
        /// What was handed over.
        given: Money,
        /// What was given back.
        change_due: Money,
    }

    /// A code that the customer pays by.
    PaymentQrView {
        /// By which scheme.
        kind: TenderKind,
        /// The amount in it.
        amount: Money,
        /// Modules on a side, with the quiet zone.
        size: u32,
        /// The dark modules as an SVG path, one unit each.
        path: String,
    }

    /// A code to pay by, when the shop has one of the kind that can hold the amount.
    AskedQrView {
        /// The code.
        qr: Option<PaymentQrView>,
        /// Whether a customer's screen shows it.
        is_shown: bool,
    }

    /// Asking for a code to pay by.
    AskQrInput {
        /// By which scheme.
        kind: TenderKind,
        /// The amount.
        amount: Money,
    }

    /// Naming a picture of the customer's screen.
    CustomerPictureInput {
        /// The picture.
        picture_id: PictureId,
    }

    /// A picture for the customer's screen.
    AddCustomerPictureInput {
        /// A JPEG or PNG as Base64.
        data: String,
    }

    /// A picture that waits to be saved with the rest.
    CustomerPictureAddedView {
        /// The picture.
        picture_id: PictureId,
    }

    /// The customer's screen as it is set up.
    CustomerScreenInput {
        /// Whether it is shown.
        is_on: bool,
        /// The shop's own words between two sales.
        greeting: String,
        /// How long each picture stands, in seconds.
        seconds: u16,
        /// The pictures in their order.
        pictures: Vec<PictureId>,
        /// The text of the shop's printed QRIS code; empty is none.
        qris: String,
        /// The text of the shop's printed VietQR code; empty is none.
        viet_qr: String,
    }

    /// The customer's screen, and whether anybody shows it.
    CustomerScreenSetupView {
        /// As it is set up.
        setup: CustomerScreenInput,
        /// How many pictures there may be.
        most_pictures: u32,
        /// How many bytes a picture may have.
        most_picture_bytes: u32,
        /// How long the greeting may be.
        most_greeting_chars: u32,
        /// How long a picture stands at least, in seconds.
        least_seconds: u16,
        /// How long it stands at most.
        most_seconds: u16,
        /// When a screen last asked what to show.
        asked_at: Option<Timestamp>,
        /// Whether one shows it now.
        is_shown: bool,
        /// Whether the till's own window has a second monitor beside it; None without a window.
        has_monitor: Option<bool>,
    }
}
