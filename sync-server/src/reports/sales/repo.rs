//! Sums over orders and refunds; the same statements on both engines.

use std::collections::BTreeMap;

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

use super::GroupBy;
use crate::database::{DatabaseError, Filters, Tx};

/// The sums of one group in one currency, in minor units; None where a group cannot have the figure.
#[derive(Debug, Clone, Default)]
pub struct Sums {
    /// A name for people, such as the item's.
    pub label: Option<String>,
    /// Orders (of a tender: its uses).
    pub orders: i64,
    /// Refunds.
    pub refunds: i64,
    /// Units sold, in thousandths.
    pub sold_thousandths: Option<i64>,
    /// Units given back, in thousandths.
    pub returned_thousandths: Option<i64>,
    /// Unit prices by quantities.
    pub gross: Option<i64>,
    /// All discounts.
    pub discounts: Option<i64>,
    /// Service charges.
    pub service_charge: Option<i64>,
    /// Taxes of the sales.
    pub tax: Option<i64>,
    /// Totals of the sales (of a tender: what it settled).
    pub sales: i64,
    /// Totals of the refunds (of a tender: what was given back by it).
    pub refunded: i64,
    /// Taxes in the refunds.
    pub refund_tax: Option<i64>,
    /// Cash roundings, of sales plus of refunds' giving back.
    pub sales_rounding: Option<i64>,
    /// Cash roundings of refunds.
    pub refund_rounding: Option<i64>,
}

/// Sums by group and currency.
pub type Groups = BTreeMap<(String, String), Sums>;

/// The sums of what passes the filters (columns of the alias `d`: `tenant_id`, `outlet_id`, `business_date`).
///
/// # Errors
/// A failed statement, also when a sum is beyond 64 bits.
pub async fn sums(tx: &mut Tx, group_by: GroupBy, filters: &Filters) -> Result<Groups, DatabaseError> {
    let mut groups = Groups::new();
    let (sales, refunds) = match group_by {
        GroupBy::Day => {
            (documents_sql("orders", "d.business_date"), documents_sql("refunds", "d.business_date"))
        }
        GroupBy::Outlet => (documents_sql("orders", "d.outlet_id"), documents_sql("refunds", "d.outlet_id")),
        GroupBy::Item => (ITEM_SALES.to_owned(), ITEM_REFUNDS.to_owned()),
        GroupBy::Tender => (TENDER_SALES.to_owned(), TENDER_REFUNDS.to_owned()),
    };
    for row in fetch(tx, &sales, group_by, filters).await? {
        read_sales(&mut groups, group_by, &row)?;
    }
    for row in fetch(tx, &refunds, group_by, filters).await? {
        read_refunds(&mut groups, group_by, &row)?;
    }
    if group_by == GroupBy::Outlet {
        name_outlets(tx, &mut groups, filters).await?;
    }
    Ok(groups)
}

const ITEM_SALES: &str = "SELECT l.item_id, d.currency, COUNT(DISTINCT d.order_id), MAX(l.name), \
    CAST(SUM(l.quantity) AS BIGINT), CAST(SUM(l.gross) AS BIGINT), CAST(SUM(l.discount) AS BIGINT), \
    CAST(SUM(l.tax) AS BIGINT), CAST(SUM(l.share) AS BIGINT) FROM orders d \
    JOIN order_lines l ON l.tenant_id = d.tenant_id AND l.order_id = d.order_id WHERE";
const ITEM_REFUNDS: &str = "SELECT l.item_id, d.currency, COUNT(DISTINCT d.refund_id), MAX(l.name), \
    CAST(SUM(l.quantity) AS BIGINT), CAST(SUM(l.amount) AS BIGINT), CAST(SUM(l.tax) AS BIGINT) FROM refunds d \
    JOIN refund_lines l ON l.tenant_id = d.tenant_id AND l.refund_id = d.refund_id WHERE";
const TENDER_SALES: &str = "SELECT l.kind, d.currency, COUNT(*), CAST(SUM(l.amount) AS BIGINT) FROM orders d \
    JOIN order_tenders l ON l.tenant_id = d.tenant_id AND l.order_id = d.order_id WHERE";
const TENDER_REFUNDS: &str =
    "SELECT d.tender, d.currency, COUNT(*), CAST(SUM(d.amount) AS BIGINT) FROM refunds d WHERE";

fn documents_sql(table: &'static str, key: &'static str) -> String {
    let figures = match table {
        "orders" => {
            ["subtotal", "discount_total", "service_charge", "tax_total", "total", "cash_rounding"].as_slice()
        }
        _ => &["total", "tax_total", "cash_rounding"],
    };
    let sums: Vec<String> = figures.iter().map(|figure| format!("CAST(SUM(d.{figure}) AS BIGINT)")).collect();
    format!("SELECT {key}, d.currency, COUNT(*), {} FROM {table} d WHERE", sums.join(", "))
}

async fn fetch(
    tx: &mut Tx,
    select: &str,
    group_by: GroupBy,
    filters: &Filters,
) -> Result<Vec<AnyRow>, DatabaseError> {
    let key = match (group_by, select) {
        (GroupBy::Day, _) => "d.business_date",
        (GroupBy::Outlet, _) => "d.outlet_id",
        (GroupBy::Tender, TENDER_REFUNDS) => "d.tender",
        (GroupBy::Tender, _) => "l.kind",
        (GroupBy::Item, _) => "l.item_id",
    };
    let sql = format!("{select} {} GROUP BY {key}, d.currency", filters.sql());
    Ok(filters.bind(sqlx::query(AssertSqlSafe(sql)).persistent(false)).fetch_all(&mut **tx).await?)
}

fn read_sales(groups: &mut Groups, group_by: GroupBy, row: &AnyRow) -> Result<(), DatabaseError> {
    let sums = groups.entry((row.try_get(0)?, row.try_get(1)?)).or_default();
    sums.orders = row.try_get(2)?;
    match group_by {
        GroupBy::Day | GroupBy::Outlet => {
            sums.gross = Some(row.try_get(3)?);
            sums.discounts = Some(row.try_get(4)?);
            sums.service_charge = Some(row.try_get(5)?);
            sums.tax = Some(row.try_get(6)?);
            sums.sales = row.try_get(7)?;
            sums.sales_rounding = Some(row.try_get(8)?);
        }
        GroupBy::Item => {
            sums.label = row.try_get(3)?;
            sums.sold_thousandths = Some(row.try_get(4)?);
            sums.gross = Some(row.try_get(5)?);
            sums.discounts = Some(row.try_get(6)?);
            sums.tax = Some(row.try_get(7)?);
            sums.sales = row.try_get(8)?;
        }
        GroupBy::Tender => sums.sales = row.try_get(3)?,
    }
    Ok(())
}

fn read_refunds(groups: &mut Groups, group_by: GroupBy, row: &AnyRow) -> Result<(), DatabaseError> {
    let sums = groups.entry((row.try_get(0)?, row.try_get(1)?)).or_default();
    sums.refunds = row.try_get(2)?;
    match group_by {
        GroupBy::Day | GroupBy::Outlet => {
            sums.refunded = row.try_get(3)?;
            sums.refund_tax = Some(row.try_get(4)?);
            sums.refund_rounding = Some(row.try_get(5)?);
        }
        GroupBy::Item => {
            if sums.label.is_none() {
                sums.label = row.try_get(3)?;
            }
            sums.returned_thousandths = Some(row.try_get(4)?);
            sums.refunded = row.try_get(5)?;
            sums.refund_tax = Some(row.try_get(6)?);
        }
        GroupBy::Tender => sums.refunded = row.try_get(3)?,
    }
    Ok(())
}

async fn name_outlets(tx: &mut Tx, groups: &mut Groups, filters: &Filters) -> Result<(), DatabaseError> {
    let rows = sqlx::query("SELECT outlet_id, name FROM outlets WHERE tenant_id = $1")
        .bind(filters.first_text().to_owned())
        .fetch_all(&mut **tx)
        .await?;
    for row in &rows {
        let (outlet, name): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        for (_, sums) in groups.iter_mut().filter(|((key, _), _)| *key == outlet) {
            sums.label = Some(name.clone());
        }
    }
    Ok(())
}
