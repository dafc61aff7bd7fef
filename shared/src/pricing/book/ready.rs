//! A checked book, indexed so that thousands of prices and hundreds of promotions cost nothing where they do not apply.

use std::collections::HashMap;

use super::{BookError, ListPrice, Offers, PriceBook, PriceList};
use crate::clock::LocalTime;
use crate::ids::{CategoryId, ItemId, TaxId, VariantId};
use crate::money::Quantity;
use crate::pricing::promotion::{BundlePart, Effect, Target};
use crate::pricing::sale::{Channel, ListedPrice, SaleTerms};
use crate::pricing::{PriceRules, TaxKind, TaxRule};

/// What a list has a price for.
type Goods = (ItemId, Option<VariantId>);

/// A price book that was checked and can compute.
#[derive(Debug, Clone)]
pub struct ReadyBook {
    pub(in crate::pricing) book: PriceBook,
    pub(in crate::pricing) digits: u8,
    /// The taxes by sequence, without groups.
    pub(in crate::pricing) taxes: Vec<TaxRule>,
    groups: Vec<(TaxId, Vec<usize>)>,
    offers: Offers,
    /// `(list, price)` by item and variant.
    prices: HashMap<Goods, Vec<(usize, usize)>>,
    /// Promotions by what their target names; those without names are for all goods.
    pub(in crate::pricing) by_item: HashMap<ItemId, Vec<usize>>,
    pub(in crate::pricing) by_category: HashMap<CategoryId, Vec<usize>>,
    pub(in crate::pricing) for_all: Vec<usize>,
    /// The parts of every bundle, those of bundles in it too.
    pub(in crate::pricing) parts: HashMap<usize, Vec<BundlePart>>,
}

impl ReadyBook {
    /// Checks a book.
    ///
    /// # Errors
    /// See [`BookError`].
    pub fn new(book: PriceBook) -> Result<Self, BookError> {
        let digits = book.check()?;
        let mut ready = Self::bare(book, digits)?;
        for (list_at, list) in ready.book.price_lists.iter().enumerate() {
            for (at, price) in list.prices.iter().enumerate() {
                ready.prices.entry((price.item_id, price.variant_id)).or_default().push((list_at, at));
            }
        }
        for (at, promotion) in ready.book.promotions.iter().enumerate() {
            if matches!(promotion.effect, Effect::Bundle { .. }) {
                ready.parts.insert(at, ready.book.flat_parts(promotion)?);
            }
            let mut targets: Vec<&Target> = vec![&promotion.target];
            match &promotion.effect {
                // What is bought for one another is in the parts; the target of the whole says nothing.
                Effect::Bundle { .. } => {
                    targets = ready.parts.get(&at).into_iter().flatten().map(|part| &part.target).collect();
                }
                Effect::FreeItem { free, .. } => targets.push(free),
                Effect::BuyGet { other: Some(other), .. } => targets.push(other),
                _ => {}
            }
            if targets.iter().any(|target| target.is_all()) {
                ready.for_all.push(at);
                continue;
            }
            for target in targets {
                for item_id in &target.item_ids {
                    push_once(ready.by_item.entry(*item_id).or_default(), at);
                }
                for category_id in &target.category_ids {
                    push_once(ready.by_category.entry(*category_id).or_default(), at);
                }
            }
        }
        Ok(ready)
    }

    /// The book of an outlet that has only its rules.
    ///
    /// # Errors
    /// See [`BookError`].
    pub fn plain(rules: &PriceRules, version: u32) -> Result<Self, BookError> {
        let book = PriceBook::plain(rules, version);
        let digits = book.check()?;
        Self::bare(book, digits)
    }

    fn bare(book: PriceBook, digits: u8) -> Result<Self, BookError> {
        let mut taxes: Vec<TaxRule> =
            book.taxes.iter().filter(|tax| !matches!(tax.kind, TaxKind::Group { .. })).cloned().collect();
        taxes.sort_by_key(|tax| tax.sequence);
        let mut groups = Vec::new();
        for tax in book.taxes.iter().filter(|tax| matches!(tax.kind, TaxKind::Group { .. })) {
            let mut members = Vec::new();
            book.members(tax.tax_id, &mut members, 0)?;
            let place = |tax_id: &TaxId| taxes.iter().position(|tax| tax.tax_id == *tax_id);
            groups.push((tax.tax_id, members.iter().filter_map(place).collect()));
        }
        let offers = Offers::of(&book);
        Ok(Self {
            book,
            digits,
            taxes,
            groups,
            offers,
            prices: HashMap::new(),
            by_item: HashMap::new(),
            by_category: HashMap::new(),
            for_all: Vec::new(),
            parts: HashMap::new(),
        })
    }

    /// The book as stated.
    pub fn book(&self) -> &PriceBook {
        &self.book
    }

    /// What its prices depend on beside the goods.
    pub fn offers(&self) -> &Offers {
        &self.offers
    }

    /// Adds the places of a tax, or of all taxes of a group; None when there is no such tax.
    pub(in crate::pricing) fn places_of(&self, tax_id: TaxId, places: &mut Vec<usize>) -> Option<()> {
        if let Some(place) = self.taxes.iter().position(|tax| tax.tax_id == tax_id) {
            places.push(place);
            return Some(());
        }
        let (_, members) = self.groups.iter().find(|(group, _)| *group == tax_id)?;
        places.extend(members);
        Some(())
    }

    /// The price list's price of an item of which `quantity` are in the order: of the list with the highest priority, among
    /// equals the lowest; inside a list that of the largest quantity reached.
    pub fn listed(
        &self,
        goods: Goods,
        quantity: Quantity,
        terms: &SaleTerms,
        local: LocalTime,
    ) -> Option<ListedPrice> {
        let candidates = self.prices.get(&goods)?;
        // Of every list the price of the largest quantity reached; then the best list.
        let mut best: Option<(&PriceList, &ListPrice)> = None;
        for of_list in candidates.chunk_by(|a, b| a.0 == b.0) {
            let Some(list) = of_list.first().and_then(|(list_at, _)| self.book.price_lists.get(*list_at))
            else {
                continue;
            };
            if !is_for(&list.channels, &list.segments, terms) || !list.schedule.holds(terms.at, local) {
                continue;
            }
            let reached = of_list.iter().filter_map(|(_, at)| list.prices.get(*at));
            let reached = reached.filter(|price| price.from_quantity <= quantity);
            let mut price: Option<&ListPrice> = None;
            for step in reached {
                if price.is_none_or(|so_far| step.from_quantity > so_far.from_quantity) {
                    price = Some(step);
                }
            }
            let Some(price) = price else { continue };
            let better = best.is_none_or(|(best_list, best_price)| {
                list.priority > best_list.priority
                    || (list.priority == best_list.priority && price.unit_price < best_price.unit_price)
            });
            if better {
                best = Some((list, price));
            }
        }
        let (list, price) = best?;
        Some(ListedPrice {
            price_list_id: list.price_list_id,
            name: list.name.clone(),
            unit_price: price.unit_price,
        })
    }
}

/// Whether what is for some channels and segments is for this sale.
pub(in crate::pricing) fn is_for(channels: &[Channel], segments: &[String], terms: &SaleTerms) -> bool {
    let channel = channels.is_empty() || channels.contains(&terms.channel);
    channel && (segments.is_empty() || segments.iter().any(|segment| terms.segments.contains(segment)))
}

fn push_once(places: &mut Vec<usize>, at: usize) {
    if places.last() != Some(&at) {
        places.push(at);
    }
}
