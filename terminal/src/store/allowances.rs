//! What this till may still spend of limits that it shares with others: what it was lent, less what it sold.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use shared::BusinessDate;
use shared::pricing::{Allowance, PriceBook, Promotion, PromotionUse};
use shared::wire::pricing::{Lent, LimitAsk, SharedLimit};

use super::{StoreError, Tx, meta};

/// Where they stand.
const KEY: &str = "allowances";
/// At so little of a promotion's limit more is asked for.
const LITTLE: u32 = 3;
/// The most limits that are kept in mind; a till that forgets one goes on with what the server knows of it.
const MOST_HELD: usize = 2_000;

/// A limit with what was lent and spent of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    #[serde(flatten)]
    lent: Lent,
    /// How often it was applied here, on that day or in all.
    sold: u32,
}

impl Held {
    fn left(&self) -> u32 {
        self.lent.times.saturating_sub(self.sold)
    }

    fn is_of(&self, limit: &SharedLimit, date: BusinessDate) -> bool {
        self.lent.limit == *limit && self.lent.date.is_none_or(|of| of == date)
    }
}

/// What is held; nothing when it cannot be read: no sale waits for that, and the server knows what was spent.
fn all(db: &Connection) -> Result<Vec<Held>, StoreError> {
    match meta::get_json(db, KEY) {
        Err(StoreError::Contradiction { reason, .. }) => {
            tracing::error!(reason, "what is left of shared limits cannot be read: it is asked for anew");
            Ok(Vec::new())
        }
        held => Ok(held?.unwrap_or_default()),
    }
}

/// What is left on a day of the limits of a book, as the pricing function takes it.
///
/// # Errors
/// When the store cannot be read.
pub fn left(db: &Connection, book: &PriceBook, date: BusinessDate) -> Result<Vec<Allowance>, StoreError> {
    let of_book =
        |held: &Held| book.promotions.iter().any(|of| of.promotion_id == held.lent.limit.promotion_id);
    let of_day = |held: &Held| held.lent.date.is_none_or(|of| of == date);
    let held = all(db)?.into_iter().filter(|held| of_day(held) && of_book(held));
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
                held.sold = held.sold.saturating_add(used.times);
            }
        }
    }
    if held == before { Ok(()) } else { meta::set_json(tx, KEY, &held) }
}

/// Takes over what the server lent; what is of an earlier day goes, and the oldest where there are too many.
///
/// # Errors
/// When the store cannot be written.
pub fn take(tx: &Tx<'_>, date: BusinessDate, lent: Vec<Lent>) -> Result<(), StoreError> {
    let mut held = all(tx)?;
    held.retain(|held| held.lent.date.is_none_or(|of| of >= date));
    for lent in lent {
        match held.iter_mut().find(|held| held.lent.limit == lent.limit && held.lent.date == lent.date) {
            // What was sold here counts, whether the server knows of it or not.
            Some(held) => *held = Held { sold: held.sold.max(lent.spent), lent },
            None => held.push(Held { sold: lent.spent, lent }),
        }
    }
    let too_many = held.len().saturating_sub(MOST_HELD);
    held.drain(..too_many);
    meta::set_json(tx, KEY, &held)
}

/// The limits of a book's promotions of which there is little left here.
///
/// # Errors
/// When the store cannot be read.
pub fn wanted(db: &Connection, book: &PriceBook, date: BusinessDate) -> Result<Vec<LimitAsk>, StoreError> {
    let shared = book.promotions.iter().filter(|promotion| promotion.limits.is_shared());
    let limits = shared.map(|promotion| SharedLimit { promotion_id: promotion.promotion_id, coupon: None });
    asks(db, date, LITTLE, limits)
}

/// The limits of shown codes of which there is nothing left here.
///
/// # Errors
/// When the store cannot be read.
pub fn of_codes(
    db: &Connection,
    book: &PriceBook,
    date: BusinessDate,
    codes: &[String],
) -> Result<Vec<LimitAsk>, StoreError> {
    let of = |promotion: &'_ Promotion| {
        let limited =
            promotion.coupons.iter().filter(|coupon| coupon.uses.is_some() && codes.contains(&coupon.code));
        let limit =
            |code: &String| SharedLimit { promotion_id: promotion.promotion_id, coupon: Some(code.clone()) };
        limited.map(|coupon| limit(&coupon.code)).collect::<Vec<_>>()
    };
    asks(db, date, 0, book.promotions.iter().flat_map(of))
}

/// What is asked of limits of which there is no more than `little` here.
fn asks(
    db: &Connection,
    date: BusinessDate,
    little: u32,
    limits: impl Iterator<Item = SharedLimit>,
) -> Result<Vec<LimitAsk>, StoreError> {
    let held = all(db)?;
    let ask = |limit: SharedLimit| {
        let of = held.iter().find(|held| held.is_of(&limit, date));
        let enough = of.is_some_and(|held| held.left() > little);
        (!enough).then(|| LimitAsk { spent: of.map_or(0, |held| held.sold), limit })
    };
    Ok(limits.filter_map(ask).collect())
}
