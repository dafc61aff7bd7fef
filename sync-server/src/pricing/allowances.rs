//! Limits that several tills share: each till is lent a part beforehand and spends it by itself, so that a limit holds also
//! while tills are cut off. What was sold is counted when it is applied; more than there was is told to headquarters.

use shared::BusinessDate;
use shared::ids::{PromotionId, TenantId, TerminalId};
use shared::order::Order;
use shared::pricing::{Promotion, PromotionUse, ReadyBook};
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
fn bounds(promotion: &Promotion, coupon: Option<&str>) -> Option<Bounds> {
    let bounds = match coupon {
        Some(code) => {
            let coupon = promotion.coupons.iter().find(|coupon| coupon.code == code)?;
            Bounds { in_all: coupon.uses, per_day: None }
        }
        None => Bounds { in_all: promotion.limits.in_all, per_day: promotion.limits.per_day },
    };
    (bounds != Bounds { in_all: None, per_day: None }).then_some(bounds)
}

fn corrupt(reason: impl std::fmt::Display) -> DatabaseError {
    DatabaseError::corrupt("promotion_allowances", reason)
}

/// What is spoken for of a limit: of each till what it was lent or what it spent, whichever is more.
async fn spoken_for(
    tx: &mut Tx,
    tenant: TenantId,
    limit: &SharedLimit,
    period: Option<&str>,
) -> Result<i64, DatabaseError> {
    let taken = "CASE WHEN spent > lent THEN spent ELSE lent END";
    let sql = format!(
        "SELECT CAST(COALESCE(SUM({taken}), 0) AS BIGINT) FROM promotion_allowances \
         WHERE tenant_id = $1 AND promotion_id = $2 AND coupon = $3 AND ($4 = '*' OR period = $4)"
    );
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(tenant.to_string());
    let query = query.bind(limit.promotion_id.to_string()).bind(limit.coupon.clone().unwrap_or_default());
    Ok(query.bind(period.unwrap_or("*").to_owned()).fetch_one(&mut **tx).await?.try_get(0)?)
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
    for LimitAsk { limit, spent: said } in asks {
        let found = parts.iter().find_map(|part| match &part.content {
            Content::Campaign(promotions) => {
                let promotion = promotions.iter().find(|of| of.promotion_id == limit.promotion_id)?;
                Some((part, promotion))
            }
            _ => None,
        });
        let Some((part, promotion)) = found else { continue };
        let Some(bounds) = bounds(promotion, limit.coupon.as_deref()) else { continue };
        // One till at a time: two that ask at once must not both be lent the last one.
        if repo::parts::lock(tx, tenant, Kind::Campaign, part.id).await?.is_none() {
            continue;
        }
        let day = bounds.per_day.is_some().then_some(date);
        let period = day.map(|day| day.to_string()).unwrap_or_default();
        let row = sqlx::query(
            "SELECT lent, spent FROM promotion_allowances WHERE tenant_id = $1 AND promotion_id = $2 \
             AND coupon = $3 AND period = $4 AND terminal_id = $5",
        )
        .bind(tenant.to_string())
        .bind(limit.promotion_id.to_string())
        .bind(limit.coupon.clone().unwrap_or_default())
        .bind(period.clone())
        .bind(terminal.to_string())
        .fetch_optional(&mut **tx)
        .await?;
        let (held, spent): (i64, i64) = match row {
            Some(row) => (row.try_get(0)?, row.try_get(1)?),
            None => (0, 0),
        };
        let mut left = i64::MAX;
        if let Some(in_all) = bounds.in_all {
            left = left.min(i64::from(in_all) - spoken_for(tx, tenant, limit, None).await?);
        }
        if let Some(per_day) = bounds.per_day {
            left = left.min(i64::from(per_day) - spoken_for(tx, tenant, limit, Some(&period)).await?);
        }
        // So much that every till can have some, less what it has in hand: of what it sold some may be on its way.
        let most = (left / (2 * tills.max(1))).clamp(1, MOST_AT_ONCE);
        let in_hand = (held - spent.max(i64::from(*said))).max(0);
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

async fn count(
    tx: &mut Tx,
    tenant: TenantId,
    (limit, period): (&SharedLimit, &str),
    terminal: TerminalId,
    (lent, spent): (i64, i64),
) -> Result<(), DatabaseError> {
    sqlx::query(
        "INSERT INTO promotion_allowances (tenant_id, promotion_id, coupon, period, terminal_id, lent, spent) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (tenant_id, promotion_id, coupon, period, terminal_id) DO UPDATE SET \
         lent = promotion_allowances.lent + excluded.lent, spent = promotion_allowances.spent + excluded.spent",
    )
    .bind(tenant.to_string())
    .bind(limit.promotion_id.to_string())
    .bind(limit.coupon.clone().unwrap_or_default())
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
    let mut overspent = Vec::new();
    for used in &order.promotion_uses {
        let Some(promotion) = find(book, used.promotion_id) else { continue };
        for coupon in limits_of(used) {
            let Some(bounds) = bounds(promotion, coupon.as_deref()) else { continue };
            let limit = SharedLimit { promotion_id: used.promotion_id, coupon };
            let period = bounds.per_day.map(|_| order.business_date.to_string()).unwrap_or_default();
            let times = i64::from(used.times);
            count(tx, tenant, (&limit, &period), order.terminal_id, (0, times)).await?;
            for (bound, period) in [(bounds.in_all, None), (bounds.per_day, Some(period.as_str()))] {
                let Some(bound) = bound else { continue };
                let spent = spent(tx, tenant, &limit, period).await?;
                if spent > i64::from(bound) {
                    let (name, coupon) = (promotion.name.clone(), limit.coupon.clone());
                    overspent.push(Overspent { name, coupon, limit: bound, spent });
                }
            }
        }
    }
    Ok(overspent)
}

/// What a use counts against: the promotion, and the coupon that unlocked it.
fn limits_of(used: &PromotionUse) -> impl Iterator<Item = Option<String>> {
    std::iter::once(None).chain(used.coupon.clone().map(Some))
}

fn find(book: &ReadyBook, id: PromotionId) -> Option<&Promotion> {
    book.book().promotions.iter().find(|promotion| promotion.promotion_id == id)
}

async fn spent(
    tx: &mut Tx,
    tenant: TenantId,
    limit: &SharedLimit,
    period: Option<&str>,
) -> Result<i64, DatabaseError> {
    let row = sqlx::query(
        "SELECT CAST(COALESCE(SUM(spent), 0) AS BIGINT) FROM promotion_allowances \
         WHERE tenant_id = $1 AND promotion_id = $2 AND coupon = $3 AND ($4 = '*' OR period = $4)",
    )
    .bind(tenant.to_string())
    .bind(limit.promotion_id.to_string())
    .bind(limit.coupon.clone().unwrap_or_default())
    .bind(period.unwrap_or("*").to_owned())
    .fetch_one(&mut **tx)
    .await?;
    Ok(row.try_get(0)?)
}
