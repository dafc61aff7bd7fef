//! What a campaign would have cost on past sales, as if every customer had bought the same.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::BusinessDate;
use shared::ids::{OutletId, PricingPartId, PromotionId, TenantId};
use shared::money::{CurrencyCode, Money};
use shared::outlet::Outlet;
use shared::pricing::{PriceBook, Promotion, ReadyBook, Sale, SaleLine};
use utoipa::ToSchema;

use super::basket::plenty;
use crate::app::AppState;
use crate::error::ApiError;
use crate::extract::{JsonBody, PathId};
use crate::identity::Principal;
use crate::identity::repo::outlets;
use crate::openapi::Problems;
use crate::orders;
use crate::pricing::part::{Content, Kind};
use crate::pricing::{books, repo};

/// The most past sales that a campaign is tried on.
const MOST_SALES: u64 = 50_000;

/// The past sales that a campaign is tried on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Past {
    /// The first day of business.
    #[schema(value_type = String, format = "date", example = "2026-11-23")]
    pub(super) from: BusinessDate,
    /// The last day of business.
    #[schema(value_type = String, format = "date", example = "2026-11-29")]
    pub(super) until: BusinessDate,
    /// One outlet only.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub(super) outlet_id: Option<OutletId>,
}

/// What a campaign would have cost.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Cost {
    /// Sales looked at, of the outlets that the campaign is for.
    orders: u64,
    /// Sales on which it would have taken something off.
    touched: u64,
    /// Sales that could not be computed again, since their price book is not known.
    unknown: u64,
    /// Whether there were more sales than are looked at.
    cut: bool,
    /// What they came to.
    #[schema(value_type = Vec<String>)]
    takings: Vec<Money>,
    /// What they would have come to less.
    #[schema(value_type = Vec<String>)]
    cost: Vec<Money>,
    /// By promotion.
    promotions: Vec<PromotionCost>,
    /// By day of business.
    days: Vec<DayCost>,
}

/// What a promotion would have cost.
#[derive(Debug, Serialize, ToSchema)]
pub struct PromotionCost {
    /// Its name.
    name: String,
    /// How often it would have been applied.
    times: u64,
    /// What it would have taken off, before taxes on top.
    #[schema(value_type = Vec<String>)]
    amount: Vec<Money>,
}

/// What a campaign would have cost on a day.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayCost {
    /// The day of business.
    #[schema(value_type = String, format = "date")]
    date: BusinessDate,
    /// Sales looked at.
    orders: u64,
    /// What they would have come to less.
    #[schema(value_type = Vec<String>)]
    cost: Vec<Money>,
}

/// What a campaign would have cost on past sales, as if every customer had bought the same.
#[utoipa::path(
    post, path = "/api/v1/campaigns/{id}/simulate", tag = "pricing", request_body = Past,
    params(("id" = String, Path, description = "The campaign", format = "uuid")),
    responses((status = 200, description = "What it would have cost", body = Cost), Problems)
)]
pub async fn simulate(
    State(state): State<AppState>,
    principal: Principal,
    PathId(id): PathId<PricingPartId>,
    JsonBody(past): JsonBody<Past>,
) -> Result<Json<Cost>, ApiError> {
    cost(&state, principal.tenant_id, id, past).await.map(Json)
}

/// What a campaign would have cost.
///
/// # Errors
/// A campaign that is not there, or a failed statement.
pub async fn cost(
    state: &AppState,
    tenant: TenantId,
    id: PricingPartId,
    past: Past,
) -> Result<Cost, ApiError> {
    let mut tx = state.db.read(tenant).await?;
    let part = repo::parts::find(&mut tx, tenant, Kind::Campaign, id).await?;
    let part = part.ok_or_else(|| ApiError::not_found("campaign"))?;
    let Content::Campaign(promotions) = part.content.clone() else {
        return Err(ApiError::not_found("campaign"));
    };
    let known: HashMap<OutletId, Outlet> =
        outlets::all(&mut tx, tenant).await?.into_iter().map(|outlet| (outlet.outlet_id, outlet)).collect();
    let mut books: HashMap<(OutletId, u32), Option<ReadyBook>> = HashMap::new();
    let mut sum = Sum::default();
    let mut after = None;
    while sum.cost.orders < MOST_SALES {
        let days = (past.from, past.until);
        let page = orders::repo::past::page(&mut tx, tenant, days, past.outlet_id, after).await?;
        let Some(last) = page.last() else { break };
        after = Some((last.occurred_at, last.order_id));
        for order in &page {
            let key = (order.outlet_id, order.price_book_version);
            let Some(outlet) = known.get(&order.outlet_id).filter(|of| part.is_for(of.outlet_id)) else {
                continue;
            };
            if let Entry::Vacant(place) = books.entry(key) {
                let book = books::version(&mut tx, tenant, outlet, key.1).await?;
                place.insert(book.and_then(|book| with(book, &promotions)));
            }
            sum.add(order, books.get(&key).and_then(Option::as_ref), &promotions);
        }
    }
    sum.told(after.is_some())
}

/// A book with promotions beside its own.
fn with(mut book: PriceBook, promotions: &[Promotion]) -> Option<ReadyBook> {
    let own = |of: &Promotion| promotions.iter().any(|new| new.promotion_id == of.promotion_id);
    book.promotions.retain(|of| !own(of));
    book.promotions.extend(promotions.iter().cloned());
    ReadyBook::new(book).ok()
}

#[derive(Debug, Default)]
struct Sum {
    cost: Cost,
    takings: BTreeMap<CurrencyCode, i64>,
    less: BTreeMap<CurrencyCode, i64>,
    promotions: BTreeMap<PromotionId, (String, u64, BTreeMap<CurrencyCode, i64>)>,
    days: BTreeMap<BusinessDate, (u64, BTreeMap<CurrencyCode, i64>)>,
}

impl Sum {
    /// Computes a past sale with the campaign.
    fn add(&mut self, order: &shared::order::Order, book: Option<&ReadyBook>, promotions: &[Promotion]) {
        self.cost.orders += 1;
        let day = self.days.entry(order.business_date).or_default();
        day.0 += 1;
        add(&mut self.takings, order.total);
        let lines: Result<Vec<SaleLine>, _> =
            order.lines.iter().map(shared::order::OrderLine::to_sale_line).collect();
        let (Some(book), Ok(lines)) = (book, lines) else {
            self.cost.unknown += 1;
            return;
        };
        let mut terms = order.sale_terms();
        terms.allowances.extend(plenty(book.book()));
        if terms.zone.is_empty() {
            terms.zone = "UTC".to_owned();
        }
        let sale = Sale { lines: &lines, order_discount: order.order_discount, terms: &terms };
        let Ok(computed) = book.price(&sale) else {
            self.cost.unknown += 1;
            return;
        };
        let Ok(less) = order.total.sub(computed.order.total) else { return };
        let applied = computed.order.lines.iter().flat_map(|line| &line.promotions);
        let new = |id: PromotionId| promotions.iter().find(|of| of.promotion_id == id);
        let mut touched = false;
        for applied in applied {
            let Some(promotion) = new(applied.promotion_id) else { continue };
            touched = true;
            let of = self.promotions.entry(applied.promotion_id).or_default();
            of.0.clone_from(&promotion.name);
            add(&mut of.2, applied.amount);
        }
        for uses in &computed.uses {
            if let Some(of) = self.promotions.get_mut(&uses.promotion_id) {
                of.1 += u64::from(uses.times);
            }
        }
        self.cost.touched += u64::from(touched);
        add(&mut self.less, less);
        add(&mut day.1, less);
    }

    fn told(self, more: bool) -> Result<Cost, ApiError> {
        let mut cost = self.cost;
        cost.cut = more && cost.orders >= MOST_SALES;
        cost.takings = amounts(&self.takings);
        cost.cost = amounts(&self.less);
        cost.promotions = self
            .promotions
            .into_values()
            .map(|(name, times, amount)| PromotionCost { name, times, amount: amounts(&amount) })
            .collect();
        cost.days = self
            .days
            .into_iter()
            .map(|(date, (orders, cost))| DayCost { date, orders, cost: amounts(&cost) })
            .collect();
        Ok(cost)
    }
}

fn add(sums: &mut BTreeMap<CurrencyCode, i64>, amount: Money) {
    let sum = sums.entry(amount.currency()).or_default();
    *sum = sum.saturating_add(amount.minor());
}

fn amounts(sums: &BTreeMap<CurrencyCode, i64>) -> Vec<Money> {
    sums.iter().map(|(currency, minor)| Money::new(*minor, *currency)).collect()
}
