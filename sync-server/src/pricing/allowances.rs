//! Limits that several tills share: each till is lent a part beforehand and spends it by itself, so that a limit holds also
//! while tills are cut off. What was sold is counted when it is applied; more than there was is told to headquarters.

use shared::BusinessDate;
use shared::ids::{CustomerId, PromotionId, TenantId, TerminalId};
use shared::order::Order;
use shared::pricing::{Promotion, ReadyBook};
use shared::wire::pricing::{Lent, LimitAsk, SharedLimit};
use sqlx::Row as _;

use super::part::{Content, Kind};
use super::repo;
use crate::database::{DatabaseError, Tx};

/// The most of a promotion's limit that a till is lent at once.
const MOST_AT_ONCE: i64 = 20;

/// How often a limit may be spent in all, and on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bounds {
    in_all: Option<u32>,
    per_day: Option<u32>,
}

/// The bounds of a limit that is counted across tills; None when it is not.
fn bounds(promotion: &Promotion, limit: &SharedLimit) -> Option<Bounds> {
    let coupon = match &limit.coupon {
        Some(code) => Some(promotion.coupons.iter().find(|coupon| coupon.code == *code)?),
        None => None,
    };
    let limits = promotion.limits;
    let bounds = match (coupon, limit.customer_id) {
        (Some(coupon), Some(_)) => Bounds { in_all: coupon.per_customer, per_day: None },
        (Some(coupon), None) => Bounds { in_all: coupon.uses, per_day: None },
        (None, Some(_)) => Bounds { in_all: limits.per_customer, per_day: None },
        (None, None) => Bounds { in_all: limits.in_all, per_day: limits.per_day },
    };
    (bounds != Bounds { in_all: None, per_day: None }).then_some(bounds)
}

fn corrupt(reason: impl std::fmt::Display) -> DatabaseError {
    DatabaseError::corrupt("promotion_allowances", reason)
}

/// What of that which was lent and is not spent counts beside what was spent.
#[derive(Debug, Clone, Copy)]
enum Unspent<'a> {
    /// All of it.
    Lent,
    /// What was lent for one day: a customer's limit is, and on other days what they did not spend is nobody's.
    LentOn(&'a str),
    /// Nothing.
    Nothing,
}

/// What is taken of a limit by all tills, in a period or in all: of each till what it spent, or what it was lent when that is
/// more and counts.
async fn taken(
    tx: &mut Tx,
    tenant: TenantId,
    limit: &SharedLimit,
    period: Option<&str>,
    unspent: Unspent<'_>,
) -> Result<i64, DatabaseError> {
    let lent_on = match unspent {
        Unspent::Lent => "*",
        Unspent::LentOn(day) => day,
        Unspent::Nothing => "-",
    };
    let (promotion, coupon, customer) = names(limit);
    let row = sqlx::query(
        "SELECT CAST(COALESCE(SUM(CASE WHEN lent > spent AND ($6 = '*' OR period = $6) THEN lent ELSE spent END), 0) \
         AS BIGINT) FROM promotion_allowances WHERE tenant_id = $1 AND promotion_id = $2 AND coupon = $3 \
         AND customer_id = $4 AND ($5 = '*' OR period = $5)",
    )
    .bind(tenant.to_string())
    .bind(promotion)
    .bind(coupon)
    .bind(customer)
    .bind(period.unwrap_or("*").to_owned())
    .bind(lent_on.to_owned())
    .fetch_one(&mut **tx)
    .await?;
    Ok(row.try_get(0)?)
}

/// What a till was lent of a limit for a period, and spent of it.
async fn of_till(
    tx: &mut Tx,
    tenant: TenantId,
    (limit, period): (&SharedLimit, &str),
    terminal: TerminalId,
) -> Result<(i64, i64), DatabaseError> {
    let (promotion, coupon, customer) = names(limit);
    let row = sqlx::query(
        "SELECT lent, spent FROM promotion_allowances WHERE tenant_id = $1 AND promotion_id = $2 \
         AND coupon = $3 AND customer_id = $4 AND period = $5 AND terminal_id = $6",
    )
    .bind(tenant.to_string())
    .bind(promotion)
    .bind(coupon)
    .bind(customer)
    .bind(period.to_owned())
    .bind(terminal.to_string())
    .fetch_optional(&mut **tx)
    .await?;
    Ok(match row {
        Some(row) => (row.try_get(0)?, row.try_get(1)?),
        None => (0, 0),
    })
}

/// A limit as the table names it: promotion, coupon and customer, empty where there is none.
fn names(limit: &SharedLimit) -> (String, String, String) {
    let customer = limit.customer_id.map(|id| id.to_string()).unwrap_or_default();
    (limit.promotion_id.to_string(), limit.coupon.clone().unwrap_or_default(), customer)
}

/// Lends a till more of the limits that it asks about, as far as there is any; what it was lent of each in all.
///
/// # Errors
/// A failed statement.
pub async fn lend(
    tx: &mut Tx,
    tenant: TenantId,
    terminal: TerminalId,
    date: BusinessDate,
    asks: &[LimitAsk],
) -> Result<Vec<Lent>, DatabaseError> {
    let tills: i64 =
        sqlx::query("SELECT COUNT(*) FROM terminals WHERE tenant_id = $1 AND public_key IS NOT NULL")
            .bind(tenant.to_string())
            .fetch_one(&mut **tx)
            .await?
            .try_get(0)?;
    let parts = repo::parts::active(tx, tenant).await?;
    let mut lent = Vec::new();
    let today = date.to_string();
    let found = asks.iter().filter_map(|ask| {
        parts.iter().find_map(|part| match &part.content {
            Content::Campaign(promotions) => {
                let promotion = promotions.iter().find(|of| of.promotion_id == ask.limit.promotion_id)?;
                Some((part.id, promotion, ask))
            }
            _ => None,
        })
    });
    let mut found: Vec<_> = found.collect();
    // Always in one order: two tills would wait for each other otherwise.
    found.sort_by_key(|(part, _, _)| *part);
    for (part, promotion, LimitAsk { limit, spent: said, gives_back }) in found {
        let Some(bounds) = bounds(promotion, limit) else { continue };
        // One till at a time: two that ask at once must not both be lent the last one.
        if repo::parts::lock(tx, tenant, Kind::Campaign, part).await?.is_none() {
            continue;
        }
        // A customer goes to another till tomorrow: what they may have is lent for the day.
        let is_of_day = bounds.per_day.is_some() || limit.customer_id.is_some();
        let day = is_of_day.then_some(date);
        let period = day.map(|day| day.to_string()).unwrap_or_default();
        let (held, spent) = of_till(tx, tenant, (limit, &period), terminal).await?;
        let said = i64::from(*said);
        if *gives_back {
            let unspent = held - spent.max(said).min(held);
            if unspent > 0 {
                count(tx, tenant, (limit, &period), terminal, (-unspent, 0)).await?;
            }
            continue;
        }
        // So much that every till can have some; a customer stands at this one.
        let (unspent, shares) = match limit.customer_id {
            Some(_) => (Unspent::LentOn(&today), 1),
            None => (Unspent::Lent, 2 * tills.max(1)),
        };
        if limit.customer_id.is_some() {
            forget_idle(tx, tenant, limit, &today).await?;
        }
        let mut left = i64::MAX;
        if let Some(in_all) = bounds.in_all {
            left = left.min(i64::from(in_all) - taken(tx, tenant, limit, None, unspent).await?);
        }
        if let Some(per_day) = bounds.per_day {
            left = left.min(i64::from(per_day) - taken(tx, tenant, limit, Some(&period), unspent).await?);
        }
        // Less what it has in hand: of what it sold some may be on its way.
        let most = (left / shares).clamp(1, MOST_AT_ONCE);
        let in_hand = (held - spent.max(said)).max(0);
        let more = (most - in_hand).min(left).max(0);
        if more > 0 {
            count(tx, tenant, (limit, &period), terminal, (more, 0)).await?;
        }
        let times = u32::try_from(held + more).map_err(corrupt)?;
        let spent = u32::try_from(spent).map_err(corrupt)?;
        lent.push(Lent { limit: limit.clone(), date: day, times, spent });
    }
    Ok(lent)
}

/// Forgets what a customer was lent on other days and did not spend: it counts for nothing any more.
async fn forget_idle(
    tx: &mut Tx,
    tenant: TenantId,
    limit: &SharedLimit,
    today: &str,
) -> Result<(), DatabaseError> {
    let (promotion, coupon, customer) = names(limit);
    sqlx::query(
        "DELETE FROM promotion_allowances WHERE tenant_id = $1 AND promotion_id = $2 AND coupon = $3 \
         AND customer_id = $4 AND period < $5 AND spent = 0",
    )
    .bind(tenant.to_string())
    .bind(promotion)
    .bind(coupon)
    .bind(customer)
    .bind(today.to_owned())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn count(
    tx: &mut Tx,
    tenant: TenantId,
    (limit, period): (&SharedLimit, &str),
    terminal: TerminalId,
    (lent, spent): (i64, i64),
) -> Result<(), DatabaseError> {
    let (promotion, coupon, customer) = names(limit);
    sqlx::query(
        "INSERT INTO promotion_allowances (tenant_id, promotion_id, coupon, customer_id, period, terminal_id, lent, spent) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (tenant_id, promotion_id, coupon, customer_id, period, terminal_id) DO UPDATE SET \
         lent = promotion_allowances.lent + excluded.lent, spent = promotion_allowances.spent + excluded.spent",
    )
    .bind(tenant.to_string())
    .bind(promotion)
    .bind(coupon)
    .bind(customer)
    .bind(period.to_owned())
    .bind(terminal.to_string())
    .bind(lent)
    .bind(spent)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A limit of which more was spent than there was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overspent {
    /// The promotion's name.
    pub name: String,
    /// The coupon, when it is one's.
    pub coupon: Option<String>,
    /// The customer, when it is one of each.
    pub customer_id: Option<CustomerId>,
    /// How often it may be applied.
    pub limit: u32,
    /// How often it was.
    pub spent: i64,
}

/// Counts what a sale spent of shared limits; those of which more was spent than there was.
///
/// # Errors
/// A failed statement.
pub async fn spend(
    tx: &mut Tx,
    tenant: TenantId,
    order: &Order,
    book: &ReadyBook,
) -> Result<Vec<Overspent>, DatabaseError> {
    let customer_id = order.terms.as_ref().and_then(|terms| terms.customer_id);
    let mut overspent = Vec::new();
    for used in &order.promotion_uses {
        let Some(promotion) = find(book, used.promotion_id) else { continue };
        for limit in SharedLimit::of(used, customer_id) {
            let Some(bounds) = bounds(promotion, &limit) else { continue };
            let is_of_day = bounds.per_day.is_some() || limit.customer_id.is_some();
            let period = if is_of_day { order.business_date.to_string() } else { String::new() };
            let times = i64::from(used.times);
            count(tx, tenant, (&limit, &period), order.terminal_id, (0, times)).await?;
            for (bound, period) in [(bounds.in_all, None), (bounds.per_day, Some(period.as_str()))] {
                let Some(bound) = bound else { continue };
                let spent = taken(tx, tenant, &limit, period, Unspent::Nothing).await?;
                if spent > i64::from(bound) {
                    let (name, coupon) = (promotion.name.clone(), limit.coupon.clone());
                    let customer_id = limit.customer_id;
                    overspent.push(Overspent { name, coupon, customer_id, limit: bound, spent });
                }
            }
        }
    }
    Ok(overspent)
}

fn find(book: &ReadyBook, id: PromotionId) -> Option<&Promotion> {
    book.book().promotions.iter().find(|promotion| promotion.promotion_id == id)
}
