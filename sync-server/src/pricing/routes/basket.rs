//! A basket tried at an outlet, with drafts as if they were in force.

use std::collections::HashMap;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shared::Timestamp;
use shared::catalogue::{Item, Unit};
use shared::ids::{ItemId, LineId, ModifierId, OutletId, PricingPartId, PromotionId, TenantId, VariantId};
use shared::money::{Quantity, UnitPrice};
use shared::pricing::sale::Withheld;
use shared::pricing::{
    Allowance, Channel, Discount, Exemption, PriceBook, PriceLine, PricedOrder, ReadyBook, Sale, SaleLine,
    SaleTerms,
};
use utoipa::ToSchema;

use crate::app::AppState;
use crate::catalog::repo::items;
use crate::error::ApiError;
use crate::extract::JsonBody;
use crate::identity::Principal;
use crate::identity::repo::outlets;
use crate::openapi::Problems;
use crate::pricing::part::{Kind, State as Life};
use crate::pricing::{PricingError, books, repo};

/// The most lines of a basket.
const MOST_LINES: usize = 500;
/// The most drafts in a basket.
const MOST_DRAFTS: usize = 50;

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
    /// `used_up`, `needs_customer` or `outdone`.
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
    compute(&state, principal.tenant_id, basket).await.map(Json)
}

/// What a basket comes to.
///
/// # Errors
/// An outlet, item or draft that is not there, or a basket that cannot be computed.
pub async fn compute(state: &AppState, tenant: TenantId, basket: Basket) -> Result<Priced, ApiError> {
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
    for (number, line) in (1_u64..).zip(&basket.lines) {
        let item = held.get(&line.item_id).ok_or_else(|| ApiError::not_found("product"))?;
        let mut id = [0; 16];
        id[8..].copy_from_slice(&number.to_be_bytes());
        let (name, line) = sale_line(item, line, LineId::from_bytes(id))?;
        names.push(name);
        lines.push(line);
    }
    let terms = SaleTerms {
        channel: basket.channel,
        at,
        zone: outlet.zone.clone(),
        outlet_id: Some(outlet.outlet_id),
        // Of limits there is plenty, of a customer too.
        customer_id: None,
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
pub(super) fn plenty(book: &PriceBook) -> Vec<Allowance> {
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
