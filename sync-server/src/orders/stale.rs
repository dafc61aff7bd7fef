//! Whether a sale was made at prices that were no longer in force: the price book's, or those of the items themselves.
//!
//! A paid sale stands; the difference is told to headquarters (`sync.md`, *Pricing authority in full*).

use std::collections::{HashMap, HashSet};

use shared::ids::{ItemId, TenantId, VariantId};
use shared::order::{Order, OrderLine};
use shared::outlet::Outlet;
use shared::{Money, Timestamp, UnitPrice};
use sqlx::Row as _;

use super::rules;
use crate::catalog::repo::items;
use crate::database::{DatabaseError, Tx, batches, placeholders};
use crate::sync::apply::RulesCache;

/// How long after a change a till may still sell at the old price without a word: a change is no sooner there than it
/// arrives, and clocks differ.
const GRACE_MILLIS: i64 = 2 * 60 * 1000;

/// What a sale would have come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// The version in force.
    pub in_force: u32,
    /// The total by it.
    pub expected: Money,
    /// What was taken above it; below zero is too little.
    pub difference: Money,
}

/// What is sold and has a price.
type Goods = (ItemId, Option<VariantId>);

/// A price that was replaced.
#[derive(Debug, Clone, Copy)]
struct Before {
    until: i64,
    unit_price: Option<UnitPrice>,
    /// From when on a till that had asked for the one after it sold at that.
    asked_at: Option<i64>,
}

/// What items cost at a moment, read once per batch.
#[derive(Debug, Default)]
pub struct ItemPrices {
    /// What they cost now; None is asked at the till.
    present: HashMap<Goods, Option<UnitPrice>>,
    /// What they cost before, rising.
    before: HashMap<Goods, Vec<Before>>,
    known: HashSet<ItemId>,
    since: i64,
}

impl ItemPrices {
    /// Reads what is not known yet of the items of some sales.
    ///
    /// # Errors
    /// A failed statement, or a row that cannot be read.
    pub async fn know(
        &mut self,
        tx: &mut Tx,
        tenant: &str,
        orders: impl Iterator<Item = &Order>,
    ) -> Result<(), DatabaseError> {
        let (mut since, mut wanted) = (i64::MAX, HashSet::new());
        for order in orders {
            since = since.min(order.occurred_at.as_millis().saturating_sub(GRACE_MILLIS));
            wanted.extend(order.lines.iter().filter(|line| has_own_price(line)).map(|line| line.item_id));
        }
        if since < self.since {
            self.known.clear();
            self.before.clear();
            self.since = since;
        }
        let ids: Vec<ItemId> = wanted.into_iter().filter(|id| self.known.insert(*id)).collect();
        if ids.is_empty() {
            return Ok(());
        }
        self.read_present(tx, tenant, &ids).await?;
        self.read_before(tx, tenant, &ids).await
    }

    async fn read_present(&mut self, tx: &mut Tx, tenant: &str, ids: &[ItemId]) -> Result<(), DatabaseError> {
        let parsed: TenantId = tenant.parse().map_err(|error| DatabaseError::corrupt("tenants", error))?;
        for (item_id, unit_price) in items::unit_prices(tx, parsed, ids).await? {
            self.present.insert((item_id, None), unit_price);
        }
        // Only what has no price of its own, or more than one, is looked at whole.
        let without = |id: &&ItemId| self.present.get(&(**id, None)).copied().flatten().is_none();
        let whole: Vec<ItemId> = ids.iter().filter(without).copied().collect();
        for item in items::by_ids(tx, parsed, &whole).await? {
            for variant in &item.variants {
                self.present.insert((item.item_id, Some(variant.variant_id)), Some(variant.unit_price));
            }
        }
        Ok(())
    }

    async fn read_before(&mut self, tx: &mut Tx, tenant: &str, ids: &[ItemId]) -> Result<(), DatabaseError> {
        // Nearly always nothing changed since: one look at an index says so.
        let any = sqlx::query("SELECT 1 FROM item_prices WHERE tenant_id = $1 AND held_until > $2 LIMIT 1")
            .bind(tenant)
            .bind(self.since)
            .fetch_optional(&mut **tx)
            .await?;
        if any.is_none() {
            return Ok(());
        }
        let corrupt = |error: &dyn std::fmt::Display| DatabaseError::corrupt("item_prices", error);
        for chunk in batches(ids, 1) {
            let sql = format!(
                "SELECT p.item_id, p.variant_id, p.held_until, p.unit_price, p.asked_at FROM (VALUES {}) AS w \
                 JOIN item_prices p ON p.tenant_id = $1 AND p.item_id = w.column1 AND p.held_until > $2 \
                 ORDER BY p.held_until",
                placeholders(3, chunk.len(), 1)
            );
            let mut query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(tenant).bind(self.since);
            for id in chunk {
                query = query.bind(id.to_string());
            }
            for row in query.fetch_all(&mut **tx).await? {
                let item: ItemId = row.try_get::<&str, _>(0)?.parse().map_err(|error| corrupt(&error))?;
                let variant = match row.try_get::<&str, _>(1)? {
                    "" => None,
                    text => Some(text.parse().map_err(|error| corrupt(&error))?),
                };
                let unit_price = row.try_get::<Option<i64>, _>(3)?.map(UnitPrice::from_ten_thousandths);
                let before = Before { until: row.try_get(2)?, unit_price, asked_at: row.try_get(4)? };
                self.before.entry((item, variant)).or_default().push(before);
            }
        }
        Ok(())
    }

    /// What goods cost at a moment, and what a till may have sold them at that had asked for the price after that; nothing when
    /// nobody knows or it was asked at the till.
    fn at(&self, goods: Goods, moment: Timestamp) -> Vec<UnitPrice> {
        let moment = moment.as_millis();
        let mut held = Vec::new();
        for before in self.before.get(&goods).into_iter().flatten().filter(|before| before.until > moment) {
            held.extend(before.unit_price);
            if before.asked_at.is_none_or(|asked| asked > moment) {
                return held;
            }
        }
        held.extend(self.present.get(&goods).copied().flatten());
        held
    }
}

/// Whether a line was sold at the item's own price, neither replaced nor asked at the till.
fn has_own_price(line: &OrderLine) -> bool {
    line.price_override.is_none()
}

/// How much more one unit of each line cost at a moment than was taken for it; only those that differ.
fn differing(order: &Order, prices: &ItemPrices, at: Timestamp) -> HashMap<usize, (UnitPrice, UnitPrice)> {
    let lines = order.lines.iter().enumerate().filter(|(_, line)| has_own_price(line));
    let differing = lines.filter_map(|(place, line)| {
        let own = line.own_price().ok()?;
        let held = prices.at((line.item_id, line.variant_id), at);
        let in_force = *held.first()?;
        (!held.contains(&own)).then_some((place, (own, in_force)))
    });
    differing.collect()
}

/// Whether a sale was made at prices no longer in force, and what it would have come to.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn check(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: &Outlet,
    order: &Order,
    cache: &mut RulesCache,
) -> Result<Option<Stale>, DatabaseError> {
    let sold = order.occurred_at;
    for at in [sold, sold.plus_millis(-GRACE_MILLIS)] {
        let in_force = cache.in_force(tx, tenant, outlet, at).await?;
        if in_force == order.price_book_version && differing(order, &cache.prices, at).is_empty() {
            return Ok(None);
        }
    }
    let in_force = cache.in_force(tx, tenant, outlet, sold).await?;
    let Some(book) = cache.book(tx, tenant, outlet, in_force).await? else { return Ok(None) };
    let differing = differing(order, &cache.prices, sold);
    let computed = rules::compute(order, &book, |place, line| {
        if let Some((own, held)) = differing.get(&place)
            && let Ok(choices) = line.price.unit_price.sub(*own)
            && let Ok(unit_price) = held.add(choices)
        {
            line.price.unit_price = unit_price;
            line.own_price = Some(*held);
        }
    });
    // What cannot be computed by the book in force, such as a tax that it no longer has, has no other total.
    let Ok(expected) = computed.map(|computed| computed.order.total) else { return Ok(None) };
    let Ok(difference) = order.total.sub(expected) else { return Ok(None) };
    Ok((!difference.is_zero()).then_some(Stale { in_force, expected, difference }))
}
