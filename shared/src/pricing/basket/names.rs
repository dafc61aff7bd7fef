//! Texts of a basket and the ids that stand for them inside.

use std::collections::HashMap;

use super::BasketError;
use super::read::{Fields, Node};
use crate::ids::{CategoryId, ItemId, PromotionId, TaxId};
use crate::money::CurrencyCode;
use crate::pricing::Discount;

/// Texts of a basket and the ids that stand for them inside.
pub(super) struct Names {
    pub(super) currency: CurrencyCode,
    pub(super) digits: u8,
    items: HashMap<String, ItemId>,
    categories: HashMap<String, CategoryId>,
    pub(super) taxes: HashMap<String, TaxId>,
    pub(super) promotions: HashMap<String, PromotionId>,
}

/// Sixteen bytes that are `n`, as ids of one basket.
pub(super) fn numbered(n: usize) -> [u8; 16] {
    (n as u128).to_be_bytes()
}

impl Names {
    pub(super) fn new(currency: CurrencyCode, digits: u8) -> Self {
        Self {
            currency,
            digits,
            items: HashMap::new(),
            categories: HashMap::new(),
            taxes: HashMap::new(),
            promotions: HashMap::new(),
        }
    }

    pub(super) fn item(&mut self, sku: &str) -> ItemId {
        let next = ItemId::from_bytes(numbered(self.items.len() + 1));
        *self.items.entry(sku.to_owned()).or_insert(next)
    }

    pub(super) fn category(&mut self, name: &str) -> CategoryId {
        let next = CategoryId::from_bytes(numbered(self.categories.len() + 1));
        *self.categories.entry(name.to_owned()).or_insert(next)
    }

    pub(super) fn tax(&self, node: &Node<'_>) -> Result<TaxId, BasketError> {
        let unknown = |id: &str| node.error("unknown_tax", format!("no tax is called `{id}`"));
        let id = node.text()?;
        self.taxes.get(id).copied().ok_or_else(|| unknown(id))
    }

    pub(super) fn tax_list(&self, nodes: &[Node<'_>]) -> Result<Vec<TaxId>, BasketError> {
        nodes.iter().map(|node| self.tax(node)).collect()
    }

    /// `{percent}` or `{amount}`.
    pub(super) fn discount(&self, fields: &Fields<'_>) -> Result<Discount, BasketError> {
        match (fields.get("percent"), fields.get("amount")) {
            (Some(percent), None) => Ok(Discount::Percent(percent.part()?)),
            (None, Some(amount)) => Ok(Discount::Amount(amount.amount(self.currency, self.digits)?)),
            _ => {
                Err(BasketError::new("malformed", fields.path(), "either percent or amount is expected here"))
            }
        }
    }
}
