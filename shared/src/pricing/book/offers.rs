//! What the prices of a book depend on beside the goods, so that a till asks for just that.

use super::PriceBook;
use crate::pricing::Channel;

/// What the prices of a book depend on beside the goods.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offers {
    /// The doors that make a difference, the counter and taking away always among them; none when no door does.
    pub channels: Vec<Channel>,
    /// Segments and tiers of customers that have prices or promotions of their own.
    pub segments: Vec<String>,
    /// Whether there are codes to show.
    pub coupons: bool,
    /// Whether there are limits that tills share.
    pub shared_limits: bool,
}

impl Offers {
    /// Those of a book.
    pub(super) fn of(book: &PriceBook) -> Self {
        let of_taxes = book.taxes.iter().flat_map(|tax| &tax.channels);
        let of_service = book.service_charge.iter().flat_map(|charge| &charge.channels);
        let of_lists = book.price_lists.iter().flat_map(|list| &list.channels);
        let of_promotions = book.promotions.iter().flat_map(|promotion| &promotion.channels);
        let named = of_taxes.chain(of_service).chain(of_lists).chain(of_promotions);
        let mut channels: Vec<Channel> = named.copied().collect();
        if !channels.is_empty() {
            channels.extend([Channel::Counter, Channel::TakeAway]);
        }
        let of_lists = book.price_lists.iter().flat_map(|list| &list.segments);
        let of_promotions = book.promotions.iter().flat_map(|promotion| &promotion.segments);
        Self {
            channels: once_each(channels),
            segments: once_each(of_lists.chain(of_promotions).cloned().collect()),
            coupons: book.promotions.iter().any(|promotion| !promotion.coupons.is_empty()),
            shared_limits: book.promotions.iter().any(|promotion| {
                let limited = promotion.coupons.iter().any(|coupon| coupon.uses.is_some());
                promotion.limits.is_of_all() || promotion.is_counted_by_customer() || limited
            }),
        }
    }
}

fn once_each<T: Ord>(mut all: Vec<T>) -> Vec<T> {
    all.sort_unstable();
    all.dedup();
    all
}
