//! What makes a price book wrong, each with its own name; a till goes on with its last good book.

use std::collections::{HashMap, HashSet};

use super::PriceBook;
use crate::ids::{PromotionId, TaxId};
use crate::money::{CurrencyCode, MoneyError, Rate};
use crate::pricing::promotion::{BundlePart, Effect, Off, Promotion};
use crate::pricing::schedule::{Schedule, ScheduleError};
use crate::pricing::{PricingError, TaxKind};

/// Why a price book cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BookError {
    /// A figure is beyond range or in another currency.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The decimals of the currency are not stated.
    #[error("the price book does not say how many decimals {0} has")]
    CurrencyWithoutDigits(CurrencyCode),
    /// More decimals than can be counted.
    #[error("a currency has at most 4 decimals")]
    TooManyDigits,
    /// The step of cash rounding is not above zero.
    #[error("the step of cash rounding must be above zero")]
    CashStep,
    /// A book, list or promotion ends before it begins.
    #[error("`{0}` ends before it starts")]
    EndsBeforeStart(String),
    /// A schedule names a time that there is not.
    #[error("`{0}` names a weekday, an hour or a day that there is not")]
    NoSuchTime(String),
    /// A tax is named that the book does not have.
    #[error("tax {0} is not in the price book")]
    UnknownTax(TaxId),
    /// A tax stands twice.
    #[error("tax {0} stands twice in the price book")]
    TaxTwice(TaxId),
    /// A group of taxes holds itself.
    #[error("tax {0} is a group that holds itself")]
    TaxCycle(TaxId),
    /// A percentage is above the whole.
    #[error("`{0}` takes more than 100 percent")]
    PercentAboveHundred(String),
    /// A price or amount is below zero.
    #[error("`{0}` has a price or an amount below zero")]
    NegativePrice(String),
    /// A quantity is below zero.
    #[error("`{0}` has a quantity below zero")]
    NegativeQuantity(String),
    /// A set of nothing.
    #[error("`{0}` is a set of nothing")]
    EmptySet(String),
    /// Tiers that do not rise.
    #[error("the tiers of `{0}` do not rise")]
    TiersDoNotRise(String),
    /// A promotion or list stands twice.
    #[error("`{0}` stands twice in the price book")]
    Twice(String),
    /// A bundle holds itself.
    #[error("`{0}` is a bundle that holds itself")]
    BundleCycle(String),
    /// A bundle holds one that the book does not have.
    #[error("`{0}` holds a bundle that is not in the price book")]
    UnknownBundle(String),
    /// A code without letters.
    #[error("`{0}` has a coupon without a code")]
    EmptyCoupon(String),
    /// Two books are in force at the same moment.
    #[error("the price books `{0}` and `{1}` are in force at once")]
    TwoAtOnce(String, String),
    /// No book is in force.
    #[error("no price book is in force")]
    NoneInForce,
}

impl From<BookError> for PricingError {
    fn from(error: BookError) -> Self {
        match error {
            BookError::Money(error) => Self::Money(error),
            BookError::UnknownTax(tax_id) => Self::UnknownTax(tax_id),
            BookError::TooManyDigits => Self::Rules("a currency has at most 4 decimals"),
            BookError::CashStep => Self::Rules("the step of cash rounding must be above zero"),
            BookError::TaxTwice(_) => Self::Rules("a tax stands twice"),
            _ => Self::Rules("the price book is wrong"),
        }
    }
}

/// The deepest that groups of taxes and bundles are nested.
const MAX_DEPTH: usize = 16;

impl PriceBook {
    /// Checks the whole book and gives the decimals of its currency.
    pub(super) fn check(&self) -> Result<u8, BookError> {
        let digits = self.digits.ok_or(BookError::CurrencyWithoutDigits(self.currency))?;
        if digits > 4 {
            return Err(BookError::TooManyDigits);
        }
        if self.cash_rounding.is_some_and(|rule| rule.increment <= 0) {
            return Err(BookError::CashStep);
        }
        if let (Some(from), Some(until)) = (self.valid_from, self.valid_until)
            && until <= from
        {
            return Err(BookError::EndsBeforeStart(self.name.clone()));
        }
        self.check_taxes()?;
        self.check_lists()?;
        let mut seen = HashSet::new();
        for promotion in &self.promotions {
            if !seen.insert(promotion.promotion_id) {
                return Err(BookError::Twice(promotion.name.clone()));
            }
            self.check_promotion(promotion)?;
        }
        Ok(digits)
    }

    pub(super) fn check_taxes(&self) -> Result<(), BookError> {
        for (at, tax) in self.taxes.iter().enumerate() {
            if self.taxes.iter().take(at).any(|before| before.tax_id == tax.tax_id) {
                return Err(BookError::TaxTwice(tax.tax_id));
            }
            match &tax.kind {
                TaxKind::Withheld { rate_ppm } if *rate_ppm > Rate::WHOLE => {
                    return Err(BookError::PercentAboveHundred(tax.name.clone()));
                }
                TaxKind::Division { rate_ppm } if *rate_ppm >= Rate::WHOLE => {
                    return Err(BookError::PercentAboveHundred(tax.name.clone()));
                }
                TaxKind::PerUnit { amount } if amount.raw() < 0 => {
                    return Err(BookError::NegativePrice(tax.name.clone()));
                }
                TaxKind::Group { .. } => {
                    self.members(tax.tax_id, &mut Vec::new(), 0)?;
                }
                _ => {}
            }
        }
        let withheld: u64 = self.taxes.iter().filter(|tax| tax.included).map(withheld_ppm).sum();
        if withheld >= 1_000_000 {
            return Err(BookError::PercentAboveHundred("included taxes that are withheld".to_owned()));
        }
        let charged = self.service_charge.iter().flat_map(|charge| &charge.tax_ids);
        for tax_id in charged {
            if !self.taxes.iter().any(|tax| tax.tax_id == *tax_id) {
                return Err(BookError::UnknownTax(*tax_id));
            }
        }
        Ok(())
    }

    /// The taxes that a tax or group stands for.
    pub(super) fn members(
        &self,
        tax_id: TaxId,
        found: &mut Vec<TaxId>,
        depth: usize,
    ) -> Result<(), BookError> {
        let tax = self.taxes.iter().find(|tax| tax.tax_id == tax_id).ok_or(BookError::UnknownTax(tax_id))?;
        match &tax.kind {
            TaxKind::Group { tax_ids } if depth < MAX_DEPTH => {
                tax_ids.iter().try_for_each(|member| self.members(*member, found, depth + 1))
            }
            TaxKind::Group { .. } => Err(BookError::TaxCycle(tax_id)),
            _ => {
                found.push(tax_id);
                Ok(())
            }
        }
    }

    fn check_lists(&self) -> Result<(), BookError> {
        let mut seen = HashSet::new();
        for list in &self.price_lists {
            if !seen.insert(list.price_list_id) {
                return Err(BookError::Twice(list.name.clone()));
            }
            check_schedule(&list.schedule, &list.name)?;
            if list.prices.iter().any(|price| price.unit_price.raw() < 0) {
                return Err(BookError::NegativePrice(list.name.clone()));
            }
            if list.prices.iter().any(|price| price.from_quantity.raw() < 0) {
                return Err(BookError::NegativeQuantity(list.name.clone()));
            }
        }
        Ok(())
    }

    fn check_promotion(&self, promotion: &Promotion) -> Result<(), BookError> {
        let name = || promotion.name.clone();
        check_schedule(&promotion.schedule, &promotion.name)?;
        if promotion.coupons.iter().any(|coupon| coupon.code.trim().is_empty()) {
            return Err(BookError::EmptyCoupon(name()));
        }
        let rate = |rate: Rate| {
            if rate > Rate::WHOLE { Err(BookError::PercentAboveHundred(name())) } else { Ok(()) }
        };
        let amount = |money: crate::Money| {
            if money.currency() != self.currency {
                Err(BookError::Money(MoneyError::CurrencyMismatch(self.currency, money.currency())))
            } else if money.is_negative() {
                Err(BookError::NegativePrice(name()))
            } else {
                Ok(())
            }
        };
        let off = |off: &Off| match off {
            Off::Percent { rate_ppm, cap } => rate(*rate_ppm).and_then(|()| cap.map_or(Ok(()), amount)),
            Off::Amount { amount: money } | Off::Price { price: money } => amount(*money),
        };
        promotion.min_spend.map_or(Ok(()), amount)?;
        match &promotion.effect {
            Effect::Percent { rate_ppm } => rate(*rate_ppm),
            Effect::OrderPercent { rate_ppm, cap } => {
                rate(*rate_ppm).and_then(|()| cap.map_or(Ok(()), amount))
            }
            Effect::Amount { per_unit } => amount(*per_unit),
            Effect::FixedPrice { unit_price } if unit_price.raw() < 0 => {
                Err(BookError::NegativePrice(name()))
            }
            Effect::FixedPrice { .. } => Ok(()),
            Effect::BuyGet { buy, get, rate_ppm, .. } => {
                if *buy == 0 || *get == 0 {
                    return Err(BookError::EmptySet(name()));
                }
                rate(*rate_ppm)
            }
            Effect::Bundle { parts, off: given } => {
                if parts.is_empty() {
                    return Err(BookError::EmptySet(name()));
                }
                self.flat_parts(promotion).map(|_| ())?;
                off(given)
            }
            Effect::Threshold { tiers } => {
                if tiers.is_empty() {
                    return Err(BookError::EmptySet(name()));
                }
                if tiers.windows(2).any(|two| matches!(two, [a, b] if a.spend.minor() >= b.spend.minor())) {
                    return Err(BookError::TiersDoNotRise(name()));
                }
                tiers.iter().try_for_each(|tier| amount(tier.spend).and_then(|()| off(&tier.off)))
            }
            Effect::FreeItem { quantity: 0, .. } => Err(BookError::EmptySet(name())),
            Effect::FreeItem { .. } => Ok(()),
        }
    }

    /// The parts of a bundle with those of the bundles in it.
    pub(super) fn flat_parts(&self, promotion: &Promotion) -> Result<Vec<BundlePart>, BookError> {
        let by_id: HashMap<PromotionId, &Promotion> =
            self.promotions.iter().map(|promotion| (promotion.promotion_id, promotion)).collect();
        let mut parts = Vec::new();
        flatten(promotion, 1, &by_id, &mut vec![promotion.promotion_id], &mut parts)?;
        Ok(parts)
    }
}

/// The most parts a bundle comes to with those in it; a bound far above any real one.
const MAX_PARTS: usize = 200;

fn flatten(
    promotion: &Promotion,
    times: u32,
    by_id: &HashMap<PromotionId, &Promotion>,
    path: &mut Vec<PromotionId>,
    found: &mut Vec<BundlePart>,
) -> Result<(), BookError> {
    let Effect::Bundle { parts, .. } = &promotion.effect else {
        return Err(BookError::UnknownBundle(promotion.name.clone()));
    };
    for part in parts {
        let quantity = part.quantity.checked_mul(times).ok_or(MoneyError::Overflow)?;
        if part.quantity == 0 || found.len() >= MAX_PARTS {
            return Err(BookError::EmptySet(promotion.name.clone()));
        }
        let Some(inner) = part.bundle else {
            found.push(BundlePart { quantity, ..part.clone() });
            continue;
        };
        if path.contains(&inner) {
            return Err(BookError::BundleCycle(promotion.name.clone()));
        }
        let bundle = by_id.get(&inner).ok_or_else(|| BookError::UnknownBundle(promotion.name.clone()))?;
        path.push(inner);
        flatten(bundle, quantity, by_id, path, found)?;
        path.pop();
    }
    Ok(())
}

fn withheld_ppm(tax: &crate::pricing::TaxRule) -> u64 {
    match tax.kind {
        TaxKind::Withheld { rate_ppm } => u64::from(rate_ppm.0),
        _ => 0,
    }
}

fn check_schedule(schedule: &Schedule, name: &str) -> Result<(), BookError> {
    schedule.check().map_err(|error| match error {
        ScheduleError::EndsBeforeStart => BookError::EndsBeforeStart(name.to_owned()),
        ScheduleError::NoSuchTime => BookError::NoSuchTime(name.to_owned()),
    })
}
