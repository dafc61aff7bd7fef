//! Trying prices: a basket at an outlet, drafts in it; and what a campaign would have cost on past sales.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::catalogue::{Item, Unit};
use shared::ids::{ItemId, LineId, ModifierId, OutletId, PricingPartId, PromotionId, TenantId, VariantId};
use shared::money::{CurrencyCode, Money, Quantity, UnitPrice};
use shared::outlet::Outlet;
use shared::pricing::sale::Withheld;
use shared::pricing::{
    Allowance, Channel, Discount, Exemption, PriceBook, PriceLine, PricedOrder, Promotion, ReadyBook, Sale,
    SaleLine, SaleTerms,
};
use shared::{BusinessDate, Timestamp};
use utoipa::ToSchema;

use crate::app::AppState;
use crate::catalog::repo::items;
use crate::error::ApiError;
use crate::extract::{JsonBody, PathId};
use crate::identity::Principal;
use crate::identity::repo::outlets;
use crate::openapi::Problems;
use crate::orders;
use crate::pricing::part::{Content, Kind, State as Life};
use crate::pricing::{PricingError, books, repo};

/// The most lines of a basket.
const MOST_LINES: usize = 500;
/// The most drafts in a basket.
const MOST_DRAFTS: usize = 50;
/// The most past sales that a campaign is tried on.
const MOST_SALES: usize = 50_000;

/// A line of a basket.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BasketLine {
    /// What is sold.
    #[schema(value_type = String, format = "uuid")]
    item_id: ItemId,
    /// Its variant.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    variant_id: Option<VariantId>,
    /// Its choices.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    modifiers: Vec<ModifierId>,
    /// How many.
    #[schema(value_type = String, example = "2")]
    quantity: Quantity,
    /// A price given at the till.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    unit_price: Option<UnitPrice>,
    /// A discount by hand.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    discount: Option<Discount>,
}

/// A basket to be tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Basket {
    /// Where.
    #[schema(value_type = String, format = "uuid")]
    outlet_id: OutletId,
    /// When, milliseconds UTC; now when left out.
    #[serde(default)]
    #[schema(value_type = Option<i64>)]
    at: Option<Timestamp>,
    /// Through which door.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "counter")]
    channel: Channel,
    /// The segments and tiers of the customer.
    #[serde(default)]
    segments: Vec<String>,
    /// Codes that are shown.
    #[serde(default)]
    coupons: Vec<String>,
    /// Taxes that the customer does not pay.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    exemption: Option<Exemption>,
    /// What is bought.
    lines: Vec<BasketLine>,
    /// A discount by hand on the order.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    order_discount: Option<Discount>,
    /// Drafts that count as if they were in force.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    with: Vec<PricingPartId>,
}

/// What a basket comes to.
#[derive(Debug, Serialize, ToSchema)]
pub struct Priced {
    /// The names of its lines, in their order.
    names: Vec<String>,
    /// Every figure.
    #[schema(value_type = Object)]
    order: PricedOrder,
    /// Promotions that fit and are not given, with the reason.
    withheld: Vec<NotGiven>,
    /// Codes that unlock nothing.
    idle_coupons: Vec<String>,
}

/// A promotion that fits and is not given.
#[derive(Debug, Serialize, ToSchema)]
pub struct NotGiven {
    /// Its name.
    name: String,
    /// `used_up` or `outdone`.
    #[schema(value_type = String)]
    why: Withheld,
}

/// Try a basket, with drafts as if they were in force.
#[utoipa::path(
    post, path = "/api/v1/price-books/preview", tag = "pricing", request_body = Basket,
    responses((status = 200, description = "What it comes to", body = Priced), Problems)
)]
pub async fn preview(
    State(state): State<AppState>,
    principal: Principal,
    JsonBody(basket): JsonBody<Basket>,
) -> Result<Json<Priced>, ApiError> {
    try_basket(&state, principal.tenant_id, basket).await.map(Json)
}

/// What a basket comes to.
///
/// # Errors
/// An outlet, item or draft that is not there, or a basket that cannot be computed.
pub async fn try_basket(state: &AppState, tenant: TenantId, basket: Basket) -> Result<Priced, ApiError> {
    if basket.lines.len() > MOST_LINES || basket.with.len() > MOST_DRAFTS {
        return Err(ApiError::invalid("lines", "a basket has at most 500 lines and 50 drafts"));
    }
    let at = basket.at.unwrap_or_else(|| state.clock.now());
    let mut tx = state.db.read(tenant).await?;
    let outlet = outlets::find(&mut tx, tenant, basket.outlet_id).await?;
    let outlet = outlet.ok_or_else(|| ApiError::not_found("outlet"))?;
    let mut parts = repo::parts::active(&mut tx, tenant).await?;
    for id in &basket.with {
        let mut found = None;
        for kind in [Kind::Campaign, Kind::Tax, Kind::PricingRule, Kind::PriceBook] {
            if found.is_none() {
                found = repo::parts::find(&mut tx, tenant, kind, *id).await?;
            }
        }
        let mut draft = found.ok_or_else(|| ApiError::not_found("draft"))?;
        draft.state = Life::Active;
        parts.retain(|part| part.id != draft.id);
        parts.push(draft);
    }
    let wrong = |error| PricingError::Book { outlet: outlet.code.clone(), error };
    let book = books::assemble(&outlet, &parts, at).map_err(wrong)?;
    let ready = ReadyBook::new(book).map_err(wrong)?;
    let ids: Vec<ItemId> = basket.lines.iter().map(|line| line.item_id).collect();
    let held: HashMap<ItemId, Item> =
        items::by_ids(&mut tx, tenant, &ids).await?.into_iter().map(|item| (item.item_id, item)).collect();
    drop(tx);
    let (mut lines, mut names) = (Vec::new(), Vec::new());
    for (number, line) in (1_u8..=u8::MAX).cycle().zip(&basket.lines) {
        let item = held.get(&line.item_id).ok_or_else(|| ApiError::not_found("product"))?;
        let mut id = [number; 16];
        id[..8].copy_from_slice(&(lines.len() as u64).to_be_bytes());
        let (name, line) = sale_line(item, line, LineId::from_bytes(id))?;
        names.push(name);
        lines.push(line);
    }
    let terms = SaleTerms {
        channel: basket.channel,
        at,
        zone: outlet.zone.clone(),
        outlet_id: Some(outlet.outlet_id),
        segments: basket.segments,
        exemption: basket.exemption,
        coupons: basket.coupons,
        allowances: plenty(ready.book()),
    };
    let sale = Sale { lines: &lines, order_discount: basket.order_discount, terms: &terms };
    let computed = ready.price(&sale).map_err(|error| ApiError::invalid("lines", error.to_string()))?;
    let named = |id: PromotionId| ready.book().promotions.iter().find(|of| of.promotion_id == id);
    let withheld = computed.withheld.iter();
    let withheld =
        withheld.filter_map(|(id, why)| Some(NotGiven { name: named(*id)?.name.clone(), why: *why }));
    Ok(Priced {
        names,
        withheld: withheld.collect(),
        order: computed.order,
        idle_coupons: computed.idle_coupons,
    })
}

/// As much as anyone could spend of every shared limit: a trial takes nothing away.
fn plenty(book: &PriceBook) -> Vec<Allowance> {
    let mut allowances = Vec::new();
    for promotion in &book.promotions {
        let mut lend = |coupon| {
            let promotion_id = promotion.promotion_id;
            allowances.push(Allowance { promotion_id, coupon, left: u32::MAX });
        };
        if promotion.limits.is_shared() {
            lend(None);
        }
        for coupon in &promotion.coupons {
            lend(Some(coupon.code.clone()));
        }
    }
    allowances
}

fn sale_line(item: &Item, line: &BasketLine, line_id: LineId) -> Result<(String, SaleLine), ApiError> {
    let variant = match line.variant_id {
        Some(id) => {
            let found = item.variants.iter().find(|variant| variant.variant_id == id);
            Some(found.ok_or_else(|| ApiError::not_found("variant"))?)
        }
        None => None,
    };
    let own = variant.map(|variant| variant.unit_price).or(item.unit_price);
    let base = line.unit_price.or(own);
    let base = base.ok_or_else(|| ApiError::invalid("unit_price", "the item has no price of its own"))?;
    let beyond = |error: shared::money::MoneyError| ApiError::invalid("unit_price", error.to_string());
    let mut unit_price = base;
    for id in &line.modifiers {
        let mut all = item.modifier_groups.iter().flat_map(|group| &group.modifiers);
        let modifier = all.find(|modifier| modifier.modifier_id == *id);
        let modifier = modifier.ok_or_else(|| ApiError::not_found("choice"))?;
        unit_price = unit_price.add(modifier.unit_price).map_err(beyond)?;
    }
    let name = match variant {
        Some(variant) => format!("{} {}", item.name, variant.name),
        None => item.name.clone(),
    };
    let sold = SaleLine {
        price: PriceLine {
            line_id,
            unit_price,
            quantity: line.quantity,
            tax_ids: item.tax_ids.clone(),
            discount: line.discount,
        },
        item_id: Some(item.item_id),
        variant_id: line.variant_id,
        category_id: item.category_id,
        weighed: item.unit == Unit::Kilogram,
        own_price: line.unit_price.is_none().then_some(base),
    };
    Ok((name, sold))
}

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
    try_campaign(&state, principal.tenant_id, id, past).await.map(Json)
}

/// What a campaign would have cost.
///
/// # Errors
/// A campaign that is not there, or a failed statement.
pub async fn try_campaign(
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
    while sum.cost.orders < MOST_SALES as u64 {
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
        cost.cut = more && cost.orders >= MOST_SALES as u64;
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
