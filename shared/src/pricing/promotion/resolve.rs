//! Which promotions apply to a sale, and beside which others.

use super::evaluate::{Bench, Gain};
use super::{AppliedPromotion, Effect, MAX_SETS, Promotion};
use crate::clock::LocalTime;
use crate::money::{Money, MoneyError};
use crate::pricing::book::ReadyBook;
use crate::pricing::sale::{PromotionUse, SaleTerms, Withheld};
use crate::pricing::{SaleLine, sale};

pub(in crate::pricing) use super::evaluate::Work;

/// What promotions give a sale.
#[derive(Debug, Default)]
pub(in crate::pricing) struct Granted {
    /// By line.
    pub(in crate::pricing) applied: Vec<Vec<AppliedPromotion>>,
    /// By line, in sum.
    pub(in crate::pricing) amounts: Vec<i64>,
    pub(in crate::pricing) withheld: Vec<(crate::ids::PromotionId, Withheld)>,
    pub(in crate::pricing) uses: Vec<PromotionUse>,
    pub(in crate::pricing) idle_coupons: Vec<String>,
}

/// A promotion that fits the sale.
struct Candidate<'a> {
    at: usize,
    promotion: &'a Promotion,
    matched: Vec<usize>,
    /// How often it may be applied.
    most: u32,
    coupon: Option<&'a str>,
}

/// A way of giving: which candidates, in order.
struct Scenario {
    given: Vec<(usize, Gain)>,
    works: Vec<Work>,
    total: i64,
    outdone: Vec<usize>,
}

/// Decides what promotions take off `lines`, of which `left` is left after their own discounts.
pub(in crate::pricing) fn resolve(
    ready: &ReadyBook,
    lines: &[SaleLine],
    left: &[i64],
    terms: &SaleTerms,
    local: LocalTime,
) -> Result<Granted, MoneyError> {
    let mut granted = Granted {
        applied: vec![Vec::new(); lines.len()],
        amounts: vec![0; lines.len()],
        ..Granted::default()
    };
    let works: Vec<Work> = lines.iter().zip(left).map(|(line, left)| Work::new(line, *left)).collect();
    let candidates = candidates(ready, lines, terms, local, &mut granted.withheld);
    let chosen = choose(ready, lines, works, &candidates)?;
    for (at, gain) in &chosen.given {
        let Some(candidate) = candidates.get(*at) else { continue };
        grant(&mut granted, ready, candidate, gain);
    }
    for at in &chosen.outdone {
        if let Some(candidate) = candidates.get(*at) {
            granted.withheld.push((candidate.promotion.promotion_id, Withheld::Outdone));
        }
    }
    let used = |code: &&String| granted.uses.iter().any(|used| used.coupon.as_deref() == Some(code.as_str()));
    granted.idle_coupons = terms.coupons.iter().filter(|code| !used(code)).cloned().collect();
    Ok(granted)
}

fn grant(granted: &mut Granted, ready: &ReadyBook, candidate: &Candidate<'_>, gain: &Gain) {
    let promotion = candidate.promotion;
    let coupon = candidate.coupon.map(str::to_owned);
    for line in &gain.lines {
        let pieces = line.taken.and_then(|(pieces, _)| u32::try_from(pieces).ok());
        if let Some(amount) = granted.amounts.get_mut(line.at) {
            *amount += line.amount;
        }
        if line.amount > 0
            && let Some(applied) = granted.applied.get_mut(line.at)
        {
            applied.push(AppliedPromotion {
                promotion_id: promotion.promotion_id,
                name: promotion.name.clone(),
                why: promotion.effect.why(),
                amount: Money::new(line.amount, ready.book.currency),
                pieces,
                coupon: coupon.clone(),
            });
        }
    }
    granted.uses.push(PromotionUse { promotion_id: promotion.promotion_id, coupon, times: gain.times });
}

/// The promotions that fit, by descending priority.
fn candidates<'a>(
    ready: &'a ReadyBook,
    lines: &[SaleLine],
    terms: &'a SaleTerms,
    local: LocalTime,
    withheld: &mut Vec<(crate::ids::PromotionId, Withheld)>,
) -> Vec<Candidate<'a>> {
    // For each promotion the lines that its goods can be among, so that not every line is compared with every promotion.
    let mut near: Vec<Vec<usize>> = vec![Vec::new(); ready.book.promotions.len()];
    for at in &ready.for_all {
        if let Some(near) = near.get_mut(*at) {
            near.extend(0..lines.len());
        }
    }
    for (number, line) in lines.iter().enumerate() {
        let by_item = line.item_id.and_then(|id| ready.by_item.get(&id));
        let by_category = line.category_id.and_then(|id| ready.by_category.get(&id));
        for at in by_item.into_iter().chain(by_category).flatten() {
            if let Some(near) = near.get_mut(*at).filter(|near| near.last() != Some(&number)) {
                near.push(number);
            }
        }
    }
    let mut found = Vec::new();
    for ((at, promotion), near) in ready.book.promotions.iter().enumerate().zip(near) {
        if near.is_empty() || !fits(promotion, terms, local) {
            continue;
        }
        let (coupon, most) = match allowed(promotion, terms) {
            Some(allowed) => allowed,
            None => continue,
        };
        if most == 0 {
            let shown = |of: &&super::Coupon| terms.coupons.contains(&of.code);
            let by_customer = promotion.limits.per_customer.is_some()
                || promotion.coupons.iter().filter(shown).any(|coupon| coupon.per_customer.is_some());
            let is_unknown = by_customer && terms.customer_id.is_none();
            let why = if is_unknown { Withheld::NeedsCustomer } else { Withheld::UsedUp };
            withheld.push((promotion.promotion_id, why));
            continue;
        }
        let is_meant = |at: &usize| {
            lines.get(*at).is_some_and(|line| promotion.target.fits(line.item_id, line.category_id))
        };
        // The goods of a bundle stand in its parts; what must be spent is spent on its target.
        let matched = match promotion.effect {
            Effect::Bundle { .. } => (0..lines.len()).filter(is_meant).collect(),
            _ => near.into_iter().filter(is_meant).collect(),
        };
        found.push(Candidate { at, promotion, matched, most, coupon });
    }
    found.sort_by_key(|candidate| std::cmp::Reverse(candidate.promotion.priority));
    found
}

fn fits(promotion: &Promotion, terms: &SaleTerms, local: LocalTime) -> bool {
    let here = promotion.outlet_ids.is_empty()
        || terms.outlet_id.is_some_and(|outlet_id| promotion.outlet_ids.contains(&outlet_id));
    here && crate::pricing::book::is_for(&promotion.channels, &promotion.segments, terms)
        && promotion.schedule.holds(terms.at, local)
}

/// The code that unlocks it and how often it may be applied; None when no code that it needs was shown.
fn allowed<'a>(promotion: &'a Promotion, terms: &SaleTerms) -> Option<(Option<&'a str>, u32)> {
    let left = |coupon: Option<&str>| {
        let allowance = terms.allowances.iter().find(|allowance: &&sale::Allowance| {
            allowance.promotion_id == promotion.promotion_id && allowance.coupon.as_deref() == coupon
        });
        allowance.map_or(0, |allowance| allowance.left)
    };
    let mut most = promotion.limits.per_order.unwrap_or(MAX_SETS).min(MAX_SETS);
    if promotion.limits.is_shared() {
        most = most.min(left(None));
    }
    if promotion.coupons.is_empty() {
        return Some((None, most));
    }
    let mut shown = promotion.coupons.iter().filter(|coupon| terms.coupons.contains(&coupon.code)).peekable();
    shown.peek()?;
    // The first code that is not used up; one code is spent once in an order.
    let limited = |coupon: &&super::Coupon| coupon.uses.is_some() || coupon.per_customer.is_some();
    let good = shown.find(|coupon| !limited(coupon) || left(Some(&coupon.code)) > 0);
    Some(good.map_or((None, 0), |coupon| (Some(coupon.code.as_str()), most)))
}

/// All that are not exclusive together, or the exclusive one that gives more than they.
fn choose(
    ready: &ReadyBook,
    lines: &[SaleLine],
    works: Vec<Work>,
    candidates: &[Candidate<'_>],
) -> Result<Scenario, MoneyError> {
    let mut best = stack(ready, lines, works.clone(), candidates)?;
    let mut exclusives = Vec::new();
    for (at, candidate) in candidates.iter().enumerate().filter(|(_, found)| found.promotion.exclusive) {
        let Some(gain) = evaluate(ready, lines, &works, candidate)? else { continue };
        exclusives.push(at);
        if gain.total > best.total {
            let outdone = best.given.iter().map(|(at, _)| *at).chain(best.outdone.iter().copied()).collect();
            best = Scenario { total: gain.total, given: vec![(at, gain)], works: Vec::new(), outdone };
        } else {
            best.outdone.push(at);
        }
    }
    best.outdone.sort_unstable();
    best.outdone.dedup();
    Ok(best)
}

fn evaluate(
    ready: &ReadyBook,
    lines: &[SaleLine],
    works: &[Work],
    candidate: &Candidate<'_>,
) -> Result<Option<Gain>, MoneyError> {
    let book = &ready.book;
    let bench = Bench { lines, works, currency: book.currency, digits: ready.digits, mode: book.rounding };
    let parts = ready.parts.get(&candidate.at).map(Vec::as_slice);
    bench.evaluate(candidate.promotion, parts, &candidate.matched, candidate.most)
}

/// All that are not exclusive, one after the other. Where the first of a group that gives anything stands, the one of its
/// priority that gives most is taken, and the group is done.
fn stack(
    ready: &ReadyBook,
    lines: &[SaleLine],
    works: Vec<Work>,
    candidates: &[Candidate<'_>],
) -> Result<Scenario, MoneyError> {
    let mut scenario = Scenario { given: Vec::new(), works, total: 0, outdone: Vec::new() };
    let mut taken_groups: Vec<&str> = Vec::new();
    for (at, candidate) in candidates.iter().enumerate().filter(|(_, found)| !found.promotion.exclusive) {
        let Some(gain) = evaluate(ready, lines, &scenario.works, candidate)? else { continue };
        let Some(group) = candidate.promotion.group.as_deref() else {
            give(&mut scenario, at, gain)?;
            continue;
        };
        if taken_groups.contains(&group) {
            // Also reached again by the one that was taken out of turn; it is taken from this list at the end.
            scenario.outdone.push(at);
            continue;
        }
        let rivals = candidates.iter().enumerate().skip(at + 1).filter(|(_, rival)| {
            !rival.promotion.exclusive
                && rival.promotion.group.as_deref() == Some(group)
                && rival.promotion.priority == candidate.promotion.priority
        });
        let mut best = (at, gain);
        for (rival_at, rival) in rivals {
            let Some(gain) = evaluate(ready, lines, &scenario.works, rival)? else { continue };
            if gain.total > best.1.total {
                scenario.outdone.push(best.0);
                best = (rival_at, gain);
            } else {
                scenario.outdone.push(rival_at);
            }
        }
        taken_groups.push(group);
        give(&mut scenario, best.0, best.1)?;
    }
    let given: Vec<usize> = scenario.given.iter().map(|(at, _)| *at).collect();
    scenario.outdone.retain(|at| !given.contains(at));
    Ok(scenario)
}

fn give(scenario: &mut Scenario, at: usize, gain: Gain) -> Result<(), MoneyError> {
    for off in &gain.lines {
        if let Some(work) = scenario.works.get_mut(off.at) {
            work.take(off)?;
        }
    }
    scenario.total = scenario.total.checked_add(gain.total).ok_or(MoneyError::Overflow)?;
    scenario.given.push((at, gain));
    Ok(())
}
