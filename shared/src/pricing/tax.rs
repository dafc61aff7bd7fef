//! Taxes as headquarters states them: of a percentage, per unit, of the price with tax, in groups and upon each other.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::sale::Channel;
use crate::ids::{OutletId, TaxId};
use crate::money::{Rate, UnitPrice};

/// How a tax is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TaxKind {
    /// A part of the base.
    Percent {
        /// The part.
        rate_ppm: Rate,
    },
    /// A part of the base that is withheld: it lowers what is due.
    Withheld {
        /// The part.
        rate_ppm: Rate,
    },
    /// An amount for every unit sold, such as a deposit or an excise.
    PerUnit {
        /// The amount.
        amount: UnitPrice,
    },
    /// A part of the price that the tax is in: 10 % of 100 is 10, on a base of 90.
    Division {
        /// The part, below the whole.
        rate_ppm: Rate,
    },
    /// Several taxes under one name.
    Group {
        /// They.
        tax_ids: Vec<TaxId>,
    },
}

/// Whether a tax is collected, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// It is.
    #[default]
    Collected,
    /// Taxed at nothing.
    ZeroRated,
    /// Outside the tax.
    Exempt,
    /// Owed by the customer.
    ReverseCharge,
}

impl Treatment {
    /// Whether the tax is collected.
    pub fn is_collected(&self) -> bool {
        *self == Self::Collected
    }
}

/// How an amount of tax was counted, as it stands on a sale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TaxForm {
    /// A part of the base.
    #[default]
    Percent,
    /// Withheld.
    Withheld,
    /// An amount for every unit.
    PerUnit(UnitPrice),
    /// A part of the price with the tax.
    Division,
}

impl TaxForm {
    /// Whether it is a plain percentage.
    pub fn is_percent(&self) -> bool {
        *self == Self::Percent
    }
}

/// A tax of a price book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TaxRule {
    /// The tax.
    pub tax_id: TaxId,
    /// Its name on the receipt.
    pub name: String,
    /// How it is counted.
    #[serde(flatten)]
    pub kind: TaxKind,
    /// Whether prices include it.
    #[serde(default)]
    pub included: bool,
    /// Whether it enters the base of the taxes after it.
    #[serde(default)]
    pub affects_next: bool,
    /// Whether taxes before it that enter bases enter this one's.
    #[serde(default = "yes")]
    pub affected_by_previous: bool,
    /// Taxes are counted by ascending sequence; among equals in the order of the book.
    #[serde(default)]
    pub sequence: i32,
    /// Whether it is collected.
    #[serde(default)]
    pub treatment: Treatment,
    /// The channels it applies to; none named is all.
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// The outlets it applies at; none named is all.
    #[serde(default)]
    pub outlet_ids: Vec<OutletId>,
}

fn yes() -> bool {
    true
}

impl TaxRule {
    /// A percentage like [`super::Tax`] states it.
    pub fn plain(tax: &super::Tax) -> Self {
        Self {
            tax_id: tax.tax_id,
            name: tax.name.clone(),
            kind: TaxKind::Percent { rate_ppm: tax.rate_ppm },
            included: tax.included,
            affects_next: false,
            affected_by_previous: true,
            sequence: 0,
            treatment: Treatment::Collected,
            channels: Vec::new(),
            outlet_ids: Vec::new(),
        }
    }

    /// Its rate, nothing for an amount per unit.
    pub(super) fn rate(&self) -> Rate {
        match self.kind {
            TaxKind::Percent { rate_ppm }
            | TaxKind::Withheld { rate_ppm }
            | TaxKind::Division { rate_ppm } => rate_ppm,
            TaxKind::PerUnit { .. } | TaxKind::Group { .. } => Rate(0),
        }
    }

    /// How it stands on a sale.
    pub(super) fn form(&self) -> TaxForm {
        match self.kind {
            TaxKind::Percent { .. } | TaxKind::Group { .. } => TaxForm::Percent,
            TaxKind::Withheld { .. } => TaxForm::Withheld,
            TaxKind::PerUnit { amount } => TaxForm::PerUnit(amount),
            TaxKind::Division { .. } => TaxForm::Division,
        }
    }
}
