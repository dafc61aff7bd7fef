//! What this till may still spend of limits that it shares with others: what it was lent, less what it sold.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use shared::BusinessDate;
use shared::pricing::{Allowance, PriceBook, PromotionUse};
use shared::wire::pricing::{Lent, SharedLimit};

use super::{StoreError, Tx, meta};

/// Where they stand.
const KEY: &str = "allowances";
/// At so little of a promotion's limit more is asked for.
const LITTLE: u32 = 3;

/// A limit with what was lent and spent of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    #[serde(flatten)]
    lent: Lent,
    /// How often it was applied here, on that day or in all.
    spent: u32,
}

impl Held {
    fn left(&self) -> u32 {
        self.lent.times.saturating_sub(self.spent)
    }

    fn is_of(&self, limit: &SharedLimit, date: BusinessDate) -> bool {
        self.lent.limit == *limit && self.lent.date.is_none_or(|of| of == date)
    }
}

fn all(db: &Connection) -> Result<Vec<Held>, StoreError> {
    Ok(meta::get_json(db, KEY)?.unwrap_or_default())
}

/// Whether a book has limits that are shared at all.
pub fn are_needed(book: &PriceBook) -> bool {
    book.promotions.iter().any(|promotion| {
        promotion.limits.is_shared() || promotion.coupons.iter().any(|coupon| coupon.uses.is_some())
    })
}

/// What is left on a day, as the pricing function takes it.
///
/// # Errors
/// When the store cannot be read.
pub fn left(db: &Connection, date: BusinessDate) -> Result<Vec<Allowance>, StoreError> {
    let held = all(db)?.into_iter().filter(|held| held.lent.date.is_none_or(|of| of == date));
    let left = held.map(|held| Allowance {
        left: held.left(),
        promotion_id: held.lent.limit.promotion_id,
        coupon: held.lent.limit.coupon,
    });
    Ok(left.collect())
}

/// Notes what a sale spent, in its transaction.
///
/// # Errors
/// When the store cannot be written.
pub fn spend(tx: &Tx<'_>, date: BusinessDate, uses: &[PromotionUse]) -> Result<(), StoreError> {
    if uses.is_empty() {
        return Ok(());
    }
    let mut held = all(tx)?;
    let before = held.clone();
    for used in uses {
        for coupon in std::iter::once(None).chain(used.coupon.clone().map(Some)) {
            let limit = SharedLimit { promotion_id: used.promotion_id, coupon };
            if let Some(held) = held.iter_mut().find(|held| held.is_of(&limit, date)) {
                held.spent = held.spent.saturating_add(used.times);
            }
        }
    }
    if held == before { Ok(()) } else { meta::set_json(tx, KEY, &held) }
}

/// Takes over what the server lent; what is of an earlier day goes.
///
/// # Errors
/// When the store cannot be written.
pub fn take(tx: &Tx<'_>, date: BusinessDate, lent: Vec<Lent>) -> Result<(), StoreError> {
    let mut held = all(tx)?;
    held.retain(|held| held.lent.date.is_none_or(|of| of >= date));
    for lent in lent {
        match held.iter_mut().find(|held| held.lent.limit == lent.limit && held.lent.date == lent.date) {
            Some(held) => held.lent = lent,
            None => held.push(Held { lent, spent: 0 }),
        }
    }
    meta::set_json(tx, KEY, &held)
}

/// The limits of a book's promotions of which there is little left here.
///
/// # Errors
/// When the store cannot be read.
pub fn wanted(db: &Connection, book: &PriceBook, date: BusinessDate) -> Result<Vec<SharedLimit>, StoreError> {
    let shared = book.promotions.iter().filter(|promotion| promotion.limits.is_shared());
    let limits = shared.map(|promotion| SharedLimit { promotion_id: promotion.promotion_id, coupon: None });
    let held = all(db)?;
    let little =
        |limit: &SharedLimit| !held.iter().any(|held| held.is_of(limit, date) && held.left() > LITTLE);
    Ok(limits.filter(little).collect())
}

/// The limits of shown codes that were not lent yet.
///
/// # Errors
/// When the store cannot be read.
pub fn of_codes(db: &Connection, book: &PriceBook, codes: &[String]) -> Result<Vec<SharedLimit>, StoreError> {
    let held = all(db)?;
    let mut limits = Vec::new();
    for promotion in &book.promotions {
        for coupon in promotion.coupons.iter().filter(|coupon| coupon.uses.is_some()) {
            if !codes.contains(&coupon.code) {
                continue;
            }
            let limit =
                SharedLimit { promotion_id: promotion.promotion_id, coupon: Some(coupon.code.clone()) };
            if !held.iter().any(|held| held.lent.limit == limit && held.left() > 0) {
                limits.push(limit);
            }
        }
    }
    Ok(limits)
}
