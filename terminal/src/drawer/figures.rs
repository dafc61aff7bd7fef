//! The figures of a drawer session, from the stored facts alone: they sum to the orders exactly.

use std::collections::BTreeMap;

use rusqlite::Connection;
use shared::drawer::{DrawerReport, TaxTotal, TenderTotal};
use shared::money::{CurrencyCode, Money, MoneyError};
use shared::order::TenderKind;
use shared::outlet::Outlet;

use crate::context::Done;
use crate::store::orders::OrderRow;
use crate::store::refunds::RefundRow;
use crate::store::{drawer_sessions, orders, refunds};

/// The figures of the open drawer session; None when none is open.
pub(super) fn report(db: &Connection, outlet: &Outlet) -> Done<Option<DrawerReport>> {
    let Some((opened, first_receipt)) = drawer_sessions::current_with_receipt(db)? else { return Ok(None) };
    let id = opened.drawer_session_id;
    let currency = opened.opening_float.currency();
    let orders = orders::of_session(db, id, first_receipt)?;
    let refunds = refunds::of_session(db, id, first_receipt)?;
    let movements = drawer_sessions::movements(db, id)?;
    let moved = |adds: bool| {
        let amounts = movements.iter().filter(|(kind, _)| kind.adds() == adds);
        Money::sum(currency, amounts.map(|(_, minor)| Money::new(*minor, currency)))
    };
    let (cash_in, cash_out) = (moved(true)?, moved(false)?);
    let tenders = tenders(currency, &orders, &refunds)?;
    let cash = tenders.iter().find(|total| total.kind == TenderKind::Cash);
    let taken = cash.map_or(Ok(Money::zero(currency)), |cash| cash.sales.sub(cash.refunds))?;
    let expected_cash = opened.opening_float.add(taken)?.add(cash_in)?.sub(cash_out)?;
    let of_orders = |figure: fn(&OrderRow) -> Money| Money::sum(currency, orders.iter().map(figure));
    let of_refunds = |figure: fn(&RefundRow) -> Money| Money::sum(currency, refunds.iter().map(figure));
    Ok(Some(DrawerReport {
        currency,
        digits: outlet.digits,
        orders: count(orders.len()),
        refunds: count(refunds.len()),
        voids: drawer_sessions::voids(db, id)?,
        sales_total: of_orders(|order| order.total)?,
        refund_total: of_refunds(|refund| refund.total)?,
        discount_total: of_orders(|order| order.discount_total)?,
        service_charge_total: of_orders(|order| order.service_charge)?,
        taxes: taxes(&orders)?,
        refund_tax_total: of_refunds(|refund| refund.tax_total)?,
        cash_rounding_total: of_orders(|order| order.cash_rounding)?
            .sub(of_refunds(|refund| refund.cash_rounding)?)?,
        tenders,
        cash_in,
        cash_out,
        expected_cash,
        opened,
    }))
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Taxes of the orders by name, in the order in which they first appear.
fn taxes(orders: &[OrderRow]) -> Result<Vec<TaxTotal>, MoneyError> {
    let mut totals: Vec<TaxTotal> = Vec::new();
    for tax in orders.iter().flat_map(|order| &order.taxes) {
        match totals.iter_mut().find(|total| total.name == tax.name) {
            Some(total) => {
                total.base = total.base.add(tax.base)?;
                total.amount = total.amount.add(tax.amount)?;
            }
            None => totals.push(TaxTotal { name: tax.name.clone(), base: tax.base, amount: tax.amount }),
        }
    }
    Ok(totals)
}

/// What was taken and given back by each means.
fn tenders(
    currency: CurrencyCode,
    orders: &[OrderRow],
    refunds: &[RefundRow],
) -> Result<Vec<TenderTotal>, MoneyError> {
    let zero = Money::zero(currency);
    let mut totals: BTreeMap<TenderKind, TenderTotal> = BTreeMap::new();
    let none = |kind| TenderTotal { kind, sales: zero, refunds: zero, count: 0 };
    for (kind, minor) in orders.iter().flat_map(|order| &order.tenders) {
        let total = totals.entry(*kind).or_insert_with(|| none(*kind));
        total.sales = total.sales.add(Money::new(*minor, currency))?;
        total.count = total.count.saturating_add(1);
    }
    for refund in refunds {
        let total = totals.entry(refund.tender).or_insert_with(|| none(refund.tender));
        total.refunds = total.refunds.add(refund.amount)?;
    }
    Ok(totals.into_values().collect())
}
