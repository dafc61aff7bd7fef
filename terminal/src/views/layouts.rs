//! How receipts and tickets look.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a layout is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LayoutKind {
    /// Of a sale, for the customer.
    Receipt,
    /// Of what a station makes.
    Ticket,
}

view! {
    /// How this outlet's receipts and tickets look, to be seen or saved.
    LayoutsInput {
        /// The template of receipts; None is the built-in one.
        receipt: Option<String>,
        /// The template of tickets; None is the built-in one.
        ticket: Option<String>,
        /// Lines under the address.
        header: Vec<String>,
        /// Lines under the receipt.
        footer: Vec<String>,
        /// Lines that the law asks for.
        legal: Vec<String>,
        /// The logo: a PNG as Base64.
        logo: Option<String>,
    }

    /// How this outlet's receipts and tickets look, and what to begin from.
    LayoutsView {
        /// As saved.
        layouts: LayoutsInput,
        /// The built-in receipt as a template.
        built_in_receipt: String,
        /// The built-in ticket as a template.
        built_in_ticket: String,
        /// Whether this till has an order to preview.
        has_order: bool,
    }

    /// A layout to be looked at before it is saved.
    LayoutsPreviewInput {
        /// As written so far.
        layouts: LayoutsInput,
        /// Of what.
        kind: LayoutKind,
        /// The last order of this till; else a sample.
        last: bool,
        /// As a copy.
        copy: bool,
    }

    /// A layout as it would be printed.
    LayoutsPreviewView {
        /// Its text.
        text: String,
        /// The paper as a picture, for `<img src>`.
        picture: String,
        /// What is wrong: then this is the built-in layout, which would be printed instead.
        problems: Vec<TemplateProblemView>,
    }

    /// What is wrong with a template.
    TemplateProblemView {
        /// At which of its lines, from 1; 0 when it is none in particular.
        line: u32,
        /// What is wrong.
        message: String,
    }
}
