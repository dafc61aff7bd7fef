//! How an outlet's receipts look, changed at one of its terminals.

use serde::{Deserialize, Serialize};

use crate::ids::StaffId;
use crate::outlet::Layouts;

/// A person at a terminal changes how the receipts of its outlet look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayoutsRequest {
    /// The person, whose role the server looks up itself.
    pub staff_id: StaffId,
    /// The layouts from now on, all of them.
    pub layouts: Layouts,
    /// Lines under the receipt from now on.
    pub receipt_footer: Vec<String>,
}

/// What the server keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayoutsAnswer {
    /// The layouts.
    pub layouts: Layouts,
    /// Lines under the receipt.
    pub receipt_footer: Vec<String>,
}
