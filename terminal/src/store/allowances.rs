//! What this till may still spend of limits that it shares with others: what it was lent, less what it sold.

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use shared::BusinessDate;
use shared::cart::CartTerms;
use shared::ids::CustomerId;
use shared::pricing::promotion::Coupon;
use shared::pricing::{Allowance, PriceBook, Promotion, PromotionUse};
use shared::wire::pricing::{Lent, LimitAsk, SharedLimit};

use super::{StoreError, Tx, carts, meta};

/// Where they stand.
const KEY: &str = "allowances";
/// At so little of a promotion's limit more is asked for.
const LITTLE: u32 = 3;
/// The most limits that are kept in mind; a till that forgets one goes on with what the server knows of it.
const MOST_HELD: usize = 500;

/// A limit with what was lent and spent of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    #[serde(flatten)]
    lent: Lent,
    /// How often it was applied here, on that day or in all.
    sold: u32,
    /// Whether the server is still to be told that the rest goes back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    goes_back: bool,
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

/// What is left on a day of a book's limits.
#[derive(Debug, Clone, Default)]
pub struct Left(Vec<Held>);

impl Left {
    /// What is left on a day of the limits of a book.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn on(db: &Connection, book: &PriceBook, date: BusinessDate) -> Result<Self, StoreError> {
        let of_book =
            |held: &Held| book.promotions.iter().any(|of| of.promotion_id == held.lent.limit.promotion_id);
        let of_day = |held: &Held| held.lent.date.is_none_or(|of| of == date);
        let mut held = all(db)?;
        held.retain(|held| of_day(held) && of_book(held));
        Ok(Self(held))
    }

    fn of(&self, limit: &SharedLimit) -> u32 {
        self.0.iter().find(|held| held.lent.limit == *limit).map_or(0, Held::left)
    }

    /// The same as the pricing function takes it, for a sale to a customer or to nobody known: of each limit the least that is
    /// left to all together and to this one. It goes by what is held, which is little, and not by a book's thousands of codes.
    pub fn allowances(&self, book: &PriceBook, customer_id: Option<CustomerId>) -> Vec<Allowance> {
        let mut allowances: Vec<Allowance> = Vec::new();
        for Held { lent: Lent { limit, .. }, .. } in &self.0 {
            let is_there =
                |of: &Allowance| of.promotion_id == limit.promotion_id && of.coupon == limit.coupon;
            let Some((of_all, of_one)) = counted(book, limit).filter(|_| !allowances.iter().any(is_there))
            else {
                continue;
            };
            let all = of_all.then(|| self.of(&SharedLimit { customer_id: None, ..limit.clone() }));
            // Of somebody who is not known nothing can be counted.
            let own = |id| self.of(&SharedLimit { customer_id: Some(id), ..limit.clone() });
            let one = of_one.then(|| customer_id.map_or(0, own));
            if let Some(left) = all.into_iter().chain(one).min().filter(|left| *left > 0) {
                let (promotion_id, coupon) = (limit.promotion_id, limit.coupon.clone());
                allowances.push(Allowance { promotion_id, coupon, left });
            }
        }
        allowances
    }
}

/// Whether a promotion, or one of its codes, is counted of all together, and of each customer; None when it is none of the book.
fn counted(book: &PriceBook, limit: &SharedLimit) -> Option<(bool, bool)> {
    let promotion = book.promotions.iter().find(|of| of.promotion_id == limit.promotion_id)?;
    Some(match &limit.coupon {
        Some(code) => {
            let coupon = promotion.coupons.iter().find(|of| of.code == *code)?;
            (coupon.uses.is_some(), coupon.per_customer.is_some())
        }
        None => (promotion.limits.is_of_all(), promotion.limits.per_customer.is_some()),
    })
}

/// Notes what a sale spent, in its transaction.
///
/// # Errors
/// When the store cannot be written.
pub fn spend(
    tx: &Tx<'_>,
    date: BusinessDate,
    uses: &[PromotionUse],
    customer_id: Option<CustomerId>,
) -> Result<(), StoreError> {
    if uses.is_empty() {
        return Ok(());
    }
    let mut held = all(tx)?;
    let before = held.clone();
    for used in uses {
        for limit in SharedLimit::of(used, customer_id) {
            if let Some(held) = held.iter_mut().find(|held| held.is_of(&limit, date)) {
                held.sold = held.sold.saturating_add(used.times);
            }
        }
    }
    if held == before { Ok(()) } else { meta::set_json(tx, KEY, &held) }
}

/// Takes over what the server lent when it was asked; what is of an earlier day goes, and the oldest where there are too many.
///
/// # Errors
/// When the store cannot be written.
pub fn take(tx: &Tx<'_>, date: BusinessDate, asked: &[LimitAsk], lent: Vec<Lent>) -> Result<(), StoreError> {
    let mut held = all(tx)?;
    for ask in asked.iter().filter(|ask| ask.gives_back) {
        held.iter_mut().filter(|held| held.lent.limit == ask.limit).for_each(|held| held.goes_back = false);
    }
    // What went back and was never spent here says nothing any more.
    let says = |held: &Held| held.lent.limit.customer_id.is_none() || held.goes_back || held.lent.times > 0;
    held.retain(|held| held.lent.date.is_none_or(|of| of >= date) && says(held));
    for lent in lent {
        match held.iter_mut().find(|held| held.lent.limit == lent.limit && held.lent.date == lent.date) {
            // What was sold here counts, whether the server knows of it or not.
            Some(held) => *held = Held { sold: held.sold.max(lent.spent), lent, goes_back: false },
            None => held.push(Held { sold: lent.spent, lent, goes_back: false }),
        }
    }
    // The oldest of customers: what all share is counted for longer than any of them stands here.
    let mut too_many = held.len().saturating_sub(MOST_HELD);
    held.retain(|held| {
        let goes = too_many > 0 && held.lent.limit.customer_id.is_some() && !held.goes_back;
        too_many -= usize::from(goes);
        !goes
    });
    let too_many = held.len().saturating_sub(2 * MOST_HELD);
    held.drain(..too_many);
    meta::set_json(tx, KEY, &held)
}

/// The limits of a book's promotions of which there is little left here, those of the customers who stand here of which there is
/// nothing, and what goes back of those who have gone.
///
/// # Errors
/// When the store cannot be read.
pub fn wanted(db: &Connection, book: &PriceBook, date: BusinessDate) -> Result<Vec<LimitAsk>, StoreError> {
    let (held, at_hand) = (all(db)?, carts::customers(db)?);
    let limit = |promotion: &Promotion, customer_id| SharedLimit {
        promotion_id: promotion.promotion_id,
        coupon: None,
        customer_id,
    };
    let of_all = book.promotions.iter().filter(|promotion| promotion.limits.is_of_all());
    let mut wanted = asks(&held, date, LITTLE, of_all.map(|promotion| limit(promotion, None)));
    let by_customer = book.promotions.iter().filter(|promotion| promotion.limits.per_customer.is_some());
    let of_those = by_customer.flat_map(|promotion| at_hand.iter().map(|id| limit(promotion, Some(*id))));
    wanted.extend(asks(&held, date, 0, of_those));
    let is_gone = |held: &Held| held.lent.limit.customer_id.is_some_and(|id| !at_hand.contains(&id));
    let back = held.into_iter().filter(|held| {
        is_gone(held) && held.is_of(&held.lent.limit, date) && (held.goes_back || held.left() > 0)
    });
    wanted.extend(back.map(|held| LimitAsk { limit: held.lent.limit, spent: held.sold, gives_back: true }));
    Ok(wanted)
}

/// The limits of a customer and of shown codes of which there is nothing left here.
///
/// # Errors
/// When the store cannot be read.
pub fn of_terms(
    db: &Connection,
    book: &PriceBook,
    date: BusinessDate,
    terms: &CartTerms,
) -> Result<Vec<LimitAsk>, StoreError> {
    let mut limits = Vec::new();
    for Promotion { promotion_id, limits: of, coupons, .. } in &book.promotions {
        let limit = |coupon: Option<&String>, customer_id| SharedLimit {
            promotion_id: *promotion_id,
            coupon: coupon.cloned(),
            customer_id,
        };
        if of.per_customer.is_some() && terms.customer_id.is_some() {
            limits.push(limit(None, terms.customer_id));
        }
        for Coupon { code, uses, per_customer } in
            coupons.iter().filter(|of| terms.coupons.contains(&of.code))
        {
            if uses.is_some() {
                limits.push(limit(Some(code), None));
            }
            if per_customer.is_some() && terms.customer_id.is_some() {
                limits.push(limit(Some(code), terms.customer_id));
            }
        }
    }
    Ok(asks(&all(db)?, date, 0, limits.into_iter()))
}

/// What goes back is not spent here from now on, whether the server hears of it or not.
///
/// # Errors
/// When the store cannot be written.
pub fn let_go(tx: &Tx<'_>, asks: &[LimitAsk]) -> Result<(), StoreError> {
    if !asks.iter().any(|ask| ask.gives_back) {
        return Ok(());
    }
    let mut held = all(tx)?;
    for ask in asks.iter().filter(|ask| ask.gives_back) {
        for held in held.iter_mut().filter(|held| held.lent.limit == ask.limit) {
            held.lent.times = held.lent.times.min(held.sold);
            held.goes_back = true;
        }
    }
    meta::set_json(tx, KEY, &held)
}

/// The server was asked and nobody heard its answer: what it may have lent for customers goes back once they have gone.
///
/// # Errors
/// When the store cannot be written.
pub fn doubt(tx: &Tx<'_>, date: BusinessDate, asked: &[LimitAsk]) -> Result<(), StoreError> {
    let mut held = all(tx)?;
    for ask in asked.iter().filter(|ask| ask.limit.customer_id.is_some()) {
        match held.iter_mut().find(|held| held.is_of(&ask.limit, date)) {
            Some(held) => held.goes_back = true,
            None => {
                let lent =
                    Lent { limit: ask.limit.clone(), date: Some(date), times: ask.spent, spent: ask.spent };
                held.push(Held { lent, sold: ask.spent, goes_back: true });
            }
        }
    }
    meta::set_json(tx, KEY, &held)
}

/// What is asked of limits of which there is no more than `little` here.
fn asks(
    held: &[Held],
    date: BusinessDate,
    little: u32,
    limits: impl Iterator<Item = SharedLimit>,
) -> Vec<LimitAsk> {
    let ask = |limit: SharedLimit| {
        let of = held.iter().find(|held| held.is_of(&limit, date));
        let enough = of.is_some_and(|held| held.left() > little);
        (!enough).then(|| LimitAsk { spent: of.map_or(0, |held| held.sold), limit, gives_back: false })
    };
    limits.filter_map(ask).collect()
}
