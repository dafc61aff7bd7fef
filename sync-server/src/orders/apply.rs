//! Sales, voids and refunds from the journal into their tables.
//!
//! Facts are a union: what a till did stands, whatever order the tills' journals arrive in. So a refund may come before the
//! sale that it belongs to, and the check of both runs when the second of them comes.

use crate::database::Tx;
use serde_json::json;
use shared::Money;
use shared::order::{Order, VoidedOrder};
use shared::refund::Refund;

use super::repo::{self, write};
use super::{Sale, rules, stale};
use crate::database::DatabaseError;
use crate::inventory::ledger::{self, Movement, Source};
use crate::pricing::allowances;
use crate::sync::apply::{Applied, Context, RulesCache, reason, says_the_same};
use crate::sync::exceptions::{self, Exception, code};

/// A completed sale.
///
/// # Errors
/// A failed statement.
pub async fn order(
    tx: &mut Tx,
    context: &Context<'_>,
    order: &Order,
    cache: &mut RulesCache,
) -> Result<Applied, DatabaseError> {
    let event = context.event;
    if order.outlet_id != event.outlet_id || order.terminal_id != event.terminal_id {
        return Ok(Applied::Parked(reason::FOREIGN_PLACE));
    }
    if !rules::one_currency(order) {
        return Ok(Applied::Parked(reason::MIXED_CURRENCIES));
    }
    let sale = Sale { context: *context, order };
    if !repo::orders::insert(tx, &context.tenant.to_string(), &[sale]).await? {
        let held = write::place_of_order(tx, context.tenant, &order.order_id.to_string()).await?;
        return settle_repeated(tx, context, held).await;
    }
    cache.prices.know(tx, &context.tenant.to_string(), std::iter::once(order)).await?;
    judge(tx, context, order, cache).await?;
    check_captured(tx, context, &order.order_id.to_string(), &order.receipt_number).await?;
    ledger::book(tx, &[sold(context, order)]).await?;
    Ok(Applied::Done)
}

/// Completed sales, all at once, as [`order`] does it one by one. False when one of them needs more than that, being parked,
/// repeated or given back already: then nothing of it may be committed.
///
/// # Errors
/// A failed statement.
pub async fn orders(tx: &mut Tx, sales: &[Sale<'_>], cache: &mut RulesCache) -> Result<bool, DatabaseError> {
    let Some(tenant) = sales.first().map(|sale| sale.context.tenant.to_string()) else { return Ok(true) };
    let plain = |sale: &Sale<'_>| {
        let (event, order) = (sale.context.event, sale.order);
        order.outlet_id == event.outlet_id
            && order.terminal_id == event.terminal_id
            && rules::one_currency(order)
    };
    if !sales.iter().all(plain) || repo::orders::any_refunded(tx, &tenant, sales).await? {
        return Ok(false);
    }
    if !repo::orders::insert(tx, &tenant, sales).await? {
        return Ok(false);
    }
    cache.prices.know(tx, &tenant, sales.iter().map(|sale| sale.order)).await?;
    for sale in sales {
        judge(tx, &sale.context, sale.order, cache).await?;
    }
    let sources: Vec<Source<'_>> = sales.iter().map(|sale| sold(&sale.context, sale.order)).collect();
    ledger::book(tx, &sources).await?;
    Ok(true)
}

/// Judges a sale by the prices that it names, by those that were in force, and by the limits that it spent of; what is out of
/// order is noted, the sale stands.
async fn judge(
    tx: &mut Tx,
    context: &Context<'_>,
    order: &Order,
    cache: &mut RulesCache,
) -> Result<(), DatabaseError> {
    let outlet = cache.outlet(tx, context.tenant, order.outlet_id).await?;
    // Only the very version that the till computed with can tell a bug from prices that changed.
    let book = match &outlet {
        Some(outlet) => cache.book(tx, context.tenant, outlet, order.price_book_version).await?,
        None => None,
    };
    if let Some(outlet) = &outlet
        && let Some(stale) = stale::check(tx, context.tenant, outlet, order, cache).await?
    {
        let details = json!({
            "order_id": order.order_id, "version": order.price_book_version, "in_force": stale.in_force,
            "expected": stale.expected, "claimed": order.total, "difference": stale.difference,
        });
        note(tx, context, code::STALE_PRICE, &order.receipt_number, details).await?;
    }
    if let Some(book) = book.as_deref().filter(|_| !order.promotion_uses.is_empty()) {
        for over in allowances::spend(tx, context.tenant, order, book).await? {
            let details = json!({
                "order_id": order.order_id, "promotion": over.name, "coupon": over.coupon, "customer_id": over.customer_id,
                "limit": over.limit, "spent": over.spent,
            });
            note(tx, context, code::PROMOTION_OVERSPENT, &order.receipt_number, details).await?;
        }
    }
    if let Some(mismatch) = rules::check(order, book.as_deref()) {
        let details = json!({
            "order_id": order.order_id, "figure": mismatch.figure,
            "expected": mismatch.expected, "claimed": mismatch.claimed,
        });
        note(tx, context, code::COMPUTATION_MISMATCH, &order.receipt_number, details).await?;
    }
    Ok(())
}

/// The goods that a sale took from the shelf.
fn sold<'a>(context: &Context<'a>, order: &'a Order) -> Source<'a> {
    let movements = order.lines.iter().map(|line| Movement {
        item_id: line.item_id,
        variant_id: line.variant_id,
        sku: &line.sku,
        thousandths: line.quantity.raw().checked_neg().unwrap_or(i64::MAX),
    });
    Source {
        context: *context,
        id: order.order_id.to_string(),
        reason: "sold",
        date: order.business_date,
        movements: movements.collect(),
    }
}

/// A cart that was given up.
///
/// # Errors
/// A failed statement.
pub async fn voided(
    tx: &mut Tx,
    context: &Context<'_>,
    voided: &VoidedOrder,
) -> Result<Applied, DatabaseError> {
    write::insert_voided(tx, context, voided).await?;
    Ok(Applied::Done)
}

/// Money given back.
///
/// # Errors
/// A failed statement.
pub async fn refund(tx: &mut Tx, context: &Context<'_>, refund: &Refund) -> Result<Applied, DatabaseError> {
    let event = context.event;
    if refund.outlet_id != event.outlet_id || refund.terminal_id != event.terminal_id {
        return Ok(Applied::Parked(reason::FOREIGN_PLACE));
    }
    if !rules::refund_has_one_currency(refund) {
        return Ok(Applied::Parked(reason::MIXED_CURRENCIES));
    }
    if !write::insert_refund(tx, context, refund).await? {
        let held = write::place_of_refund(tx, context.tenant, &refund.refund_id.to_string()).await?;
        return settle_repeated(tx, context, held).await;
    }
    let lines = Money::sum(refund.currency, refund.lines.iter().map(|line| line.amount));
    if lines != Ok(refund.total) || refund.total.add(refund.cash_rounding) != Ok(refund.amount) {
        let details = json!({
            "refund_id": refund.refund_id, "figure": "total",
            "expected": lines.map(|sum| sum.to_string()).unwrap_or_default(), "claimed": refund.total.to_string(),
        });
        note(tx, context, code::COMPUTATION_MISMATCH, &refund.receipt_number, details).await?;
    }
    match refund.order_id {
        Some(order_id) => {
            let receipt = refund.order_receipt_number.as_deref().unwrap_or(&refund.receipt_number);
            check_captured(tx, context, &order_id.to_string(), receipt).await?;
        }
        None if refund.approval_id.is_none() => {
            let details = json!({ "refund_id": refund.refund_id, "amount": refund.amount });
            note(tx, context, code::REFUND_UNAPPROVED, &refund.receipt_number, details).await?;
        }
        None => {}
    }
    let movements: Vec<Movement> = refund
        .lines
        .iter()
        .filter(|line| line.restock)
        .map(|line| Movement {
            item_id: line.item_id,
            variant_id: line.variant_id,
            sku: &line.sku,
            thousandths: line.quantity.raw(),
        })
        .collect();
    let source = Source {
        context: *context,
        id: refund.refund_id.to_string(),
        reason: "returned",
        date: refund.business_date,
        movements,
    };
    ledger::book(tx, &[source]).await?;
    Ok(Applied::Done)
}

/// A fact whose id is in the tables already: the same fact, which is done, or another one, which is parked.
async fn settle_repeated(
    tx: &mut Tx,
    context: &Context<'_>,
    held: Option<(String, i64, i64)>,
) -> Result<Applied, DatabaseError> {
    let Some((terminal, epoch, seq)) = held else { return Ok(Applied::Parked(reason::DUPLICATE_ID)) };
    let own = terminal == context.event.terminal_id.to_string() && (epoch, seq) == context.place();
    if own || says_the_same(tx, context, &terminal, (epoch, seq)).await? {
        Ok(Applied::Done)
    } else {
        Ok(Applied::Parked(reason::DUPLICATE_ID))
    }
}

/// Whether all refunds of an order together stay within what was paid, once both are known.
async fn check_captured(
    tx: &mut Tx,
    context: &Context<'_>,
    order_id: &str,
    receipt_number: &str,
) -> Result<(), DatabaseError> {
    let Some((captured, given_back)) = write::captured(tx, context.tenant, order_id).await? else {
        return Ok(());
    };
    if given_back > captured {
        let details = json!({ "order_id": order_id, "captured": captured, "given_back": given_back });
        note(tx, context, code::REFUND_EXCEEDS_CAPTURED, receipt_number, details).await?;
    }
    Ok(())
}

async fn note(
    tx: &mut Tx,
    context: &Context<'_>,
    code: &'static str,
    subject: &str,
    details: serde_json::Value,
) -> Result<(), DatabaseError> {
    let event = context.event;
    let exception = Exception {
        code,
        outlet_id: Some(event.outlet_id),
        terminal_id: Some(event.terminal_id),
        event: Some((event.epoch, event.seq)),
        subject: subject.to_owned(),
        details,
        occurred_at: event.occurred_at,
    };
    exceptions::note(tx, context.tenant, &exception, context.now).await?;
    Ok(())
}
