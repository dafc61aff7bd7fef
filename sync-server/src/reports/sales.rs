//! `GET /api/v1/reports/sales`.

mod repo;

use std::collections::BTreeMap;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use shared::Quantity;
use shared::staff::Permission;
use utoipa::ToSchema;

use self::repo::{Groups, Sums};
use super::Span;
use crate::app::AppState;
use crate::database::DatabaseError;
use crate::error::ApiError;
use crate::extract::QueryOf;
use crate::identity::Principal;
use crate::sync::ProblemView;

/// The routes of this domain.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/reports/sales", get(sales))
}

/// The part of the API description that belongs to this report.
#[derive(utoipa::OpenApi)]
#[openapi(paths(sales))]
pub struct Api;

/// What the sums are split by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupBy {
    /// By day of business.
    Day,
    /// By outlet.
    Outlet,
    /// By item.
    Item,
    /// By means of payment.
    Tender,
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct Split {
    /// What the sums are split by.
    group_by: GroupBy,
}

/// The sums of one group in one currency; amounts are texts such as `242528 IDR`, in minor units.
#[derive(Debug, Serialize, ToSchema)]
pub struct SalesRow {
    /// The day, outlet, item or means of payment; null in the totals.
    pub key: Option<String>,
    /// A name for people.
    pub label: Option<String>,
    /// ISO 4217 code.
    pub currency: String,
    /// Orders; of a means of payment its uses.
    pub orders: i64,
    /// Refunds.
    pub refunds: i64,
    /// Units sold (by item).
    pub quantity_sold: Option<String>,
    /// Units given back (by item).
    pub quantity_returned: Option<String>,
    /// Unit prices by quantities.
    pub gross: Option<String>,
    /// All discounts.
    pub discounts: Option<String>,
    /// Service charges.
    pub service_charge: Option<String>,
    /// All taxes of the sales, included ones too.
    pub tax: Option<String>,
    /// Totals of the sales without cash rounding; of a means of payment what it settled, rounding in it.
    pub sales: String,
    /// Totals of the refunds without cash rounding; of a means of payment what was given back by it.
    pub refunded: String,
    /// Taxes in the refunds.
    pub refund_tax: Option<String>,
    /// Cash roundings of the sales less those of the refunds.
    pub rounding: Option<String>,
    /// Sales less refunds.
    pub net: String,
}

/// What was sold and given back.
#[derive(Debug, Serialize, ToSchema)]
pub struct SalesReport {
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// What the rows are split by.
    pub group_by: GroupBy,
    /// By key, then currency.
    pub rows: Vec<SalesRow>,
    /// Over all rows, by currency.
    pub totals: Vec<SalesRow>,
}

/// What was sold and given back, by day, outlet, item or means of payment; sums per currency, exact.
#[utoipa::path(
    get, path = "/api/v1/reports/sales", tag = "reports", params(Span, Split),
    responses((status = 200, body = SalesReport), (status = 401, body = ProblemView), (status = 400, body = ProblemView))
)]
async fn sales(
    State(state): State<AppState>,
    principal: Principal,
    QueryOf(span): QueryOf<Span>,
    QueryOf(split): QueryOf<Split>,
) -> Result<Json<SalesReport>, ApiError> {
    principal.require(Permission::BackOffice)?;
    let filters = span.filters(principal.tenant_id)?;
    let mut tx = state.db.read(principal.tenant_id).await?;
    let groups = repo::sums(&mut tx, split.group_by, &filters).await?;
    let totals = totals(&groups)?;
    let row = |((key, currency), sums): ((String, String), Sums)| row(Some(key), &currency, sums);
    Ok(Json(SalesReport {
        from: span.from.to_string(),
        to: span.to.to_string(),
        group_by: split.group_by,
        rows: groups.into_iter().map(row).collect::<Result<_, _>>()?,
        totals: totals
            .into_iter()
            .map(|(currency, sums)| self::row(None, &currency, sums))
            .collect::<Result<_, _>>()?,
    }))
}

fn beyond() -> DatabaseError {
    DatabaseError::corrupt("orders", "a sum is beyond range")
}

fn totals(groups: &Groups) -> Result<BTreeMap<String, Sums>, DatabaseError> {
    let mut totals: BTreeMap<String, Sums> = BTreeMap::new();
    let add = |a: i64, b: i64| a.checked_add(b).ok_or_else(beyond);
    let add_some = |a: Option<i64>, b: Option<i64>| match (a, b) {
        (Some(a), Some(b)) => add(a, b).map(Some),
        (a, b) => Ok(a.or(b)),
    };
    for ((_, currency), sums) in groups {
        let total = totals.entry(currency.clone()).or_default();
        *total = Sums {
            label: None,
            orders: add(total.orders, sums.orders)?,
            refunds: add(total.refunds, sums.refunds)?,
            sold_thousandths: add_some(total.sold_thousandths, sums.sold_thousandths)?,
            returned_thousandths: add_some(total.returned_thousandths, sums.returned_thousandths)?,
            gross: add_some(total.gross, sums.gross)?,
            discounts: add_some(total.discounts, sums.discounts)?,
            service_charge: add_some(total.service_charge, sums.service_charge)?,
            tax: add_some(total.tax, sums.tax)?,
            sales: add(total.sales, sums.sales)?,
            refunded: add(total.refunded, sums.refunded)?,
            refund_tax: add_some(total.refund_tax, sums.refund_tax)?,
            sales_rounding: add_some(total.sales_rounding, sums.sales_rounding)?,
            refund_rounding: add_some(total.refund_rounding, sums.refund_rounding)?,
        };
    }
    Ok(totals)
}

fn row(key: Option<String>, currency: &str, sums: Sums) -> Result<SalesRow, DatabaseError> {
    let money = |minor: i64| format!("{minor} {currency}");
    let units = |thousandths: i64| Quantity::from_thousandths(thousandths).to_string();
    let rounding = match (sums.sales_rounding, sums.refund_rounding) {
        (None, None) => None,
        (sales, refunds) => Some(sales.unwrap_or(0).checked_sub(refunds.unwrap_or(0)).ok_or_else(beyond)?),
    };
    Ok(SalesRow {
        key,
        label: sums.label,
        currency: currency.to_owned(),
        orders: sums.orders,
        refunds: sums.refunds,
        quantity_sold: sums.sold_thousandths.map(units),
        quantity_returned: sums.returned_thousandths.map(units),
        gross: sums.gross.map(money),
        discounts: sums.discounts.map(money),
        service_charge: sums.service_charge.map(money),
        tax: sums.tax.map(money),
        sales: money(sums.sales),
        refunded: money(sums.refunded),
        refund_tax: sums.refund_tax.map(money),
        rounding: rounding.map(money),
        net: money(sums.sales.checked_sub(sums.refunded).ok_or_else(beyond)?),
    })
}
