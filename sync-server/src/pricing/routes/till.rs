//! Prices for a manager at a terminal: the terminal proves itself with its key and names the person, whose role the server
//! looks up itself. A manager changes what is for their own outlet only.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Request, State};
use serde::Serialize;
use serde_json::{Value, json};
use shared::BusinessDate;
use shared::ids::{OutletId, PricingPartId, StaffId};
use shared::staff::Permission;
use shared::wire::pricing::{AllowanceAnswer, AllowanceRequest, MAX_ALLOWANCES, PricingAsk, PricingRequest};

use super::lives::{self, Author, Term};
use super::{basket, books, past_sales};
use crate::app::AppState;
use crate::error::ApiError;
use crate::identity;
use crate::pricing::allowances;
use crate::pricing::part::Kind;
use crate::reports::{Span, promotions};
use crate::sync::device::{Device, Purpose, authenticate};
use crate::sync::{ProblemView, body};

/// A manager at a terminal asks about prices, or changes them.
#[utoipa::path(
    post, path = "/api/v1/sync/pricing", tag = "pricing", request_body = Object,
    responses(
        (status = 200, description = "What the route of the same name answers", body = Object),
        (status = 403, description = "the person may not", body = ProblemView),
        (status = 404, body = ProblemView),
        (status = 409, body = ProblemView),
        (status = 422, body = ProblemView)
    )
)]
pub async fn ask(State(state): State<AppState>, request: Request) -> Result<Json<Value>, ApiError> {
    let (device, content) = device_of(&state, request).await?;
    let PricingRequest { staff_id, ask } = serde_json::from_slice(&content)
        .map_err(|error| ApiError::malformed(format!("the body is no such message: {error}")))?;
    let author = author(&state, &device, staff_id).await?;
    answer(&state, device.outlet_id, &author, ask).await.map(Json)
}

/// A terminal asks for a part of limits that it shares with others, to spend by itself.
#[utoipa::path(
    post, path = "/api/v1/sync/allowances", tag = "pricing", request_body = Object,
    responses(
        (status = 200, description = "What it was lent of each limit in all", body = Object),
        (status = 404, description = "unknown_terminal", body = ProblemView),
        (status = 422, body = ProblemView)
    )
)]
pub async fn lend(
    State(state): State<AppState>,
    request: Request,
) -> Result<Json<AllowanceAnswer>, ApiError> {
    let (device, content) = device_of(&state, request).await?;
    let AllowanceRequest { limits } = serde_json::from_slice(&content)
        .map_err(|error| ApiError::malformed(format!("the body is no such message: {error}")))?;
    if limits.len() > MAX_ALLOWANCES {
        return Err(ApiError::invalid("limits", "at most 200 limits are asked about at once"));
    }
    let tenant = device.tenant_id;
    let mut tx = state.db.write(tenant).await?;
    let outlet = identity::repo::outlets::find(&mut tx, tenant, device.outlet_id).await?;
    let outlet = outlet.ok_or_else(|| ApiError::not_found("outlet"))?;
    let date = BusinessDate::of(state.clock.now(), &outlet.zone, outlet.day_cutoff_minutes);
    let lent = allowances::lend(&mut tx, tenant, device.terminal_id, date, &limits).await?;
    tx.commit().await?;
    Ok(Json(AllowanceAnswer { lent }))
}

/// The terminal that asks, and what it says.
async fn device_of(state: &AppState, request: Request) -> Result<(Device, Bytes), ApiError> {
    let (parts, content) = request.into_parts();
    let content = body::read(content).await?;
    let claim = (&parts.method, &parts.uri, &parts.headers);
    let device = authenticate(state, Purpose::Read, claim, &content).await?;
    Ok((device, body::decode(&parts.headers, content)?))
}

/// What the person may change, as the server knows them: a terminal's word alone gives nobody a role.
async fn author(state: &AppState, device: &Device, staff_id: StaffId) -> Result<Author, ApiError> {
    let mut tx = state.db.read(device.tenant_id).await?;
    let staff = identity::repo::staff::find(&mut tx, device.tenant_id, staff_id).await?;
    let staff = staff
        .filter(|staff| staff.active && staff.role.may(Permission::EditItems))
        .filter(|staff| staff.outlet_ids.is_empty() || staff.outlet_ids.contains(&device.outlet_id));
    let staff =
        staff.ok_or_else(|| ApiError::forbidden("this person may not change prices at this outlet"))?;
    let everywhere = staff.role.may(Permission::EditBusiness) && staff.outlet_ids.is_empty();
    Ok(Author { tenant: device.tenant_id, outlet: (!everywhere).then_some(device.outlet_id) })
}

fn kind_of(kind: &str) -> Result<Kind, ApiError> {
    match kind {
        "campaigns" => Ok(Kind::Campaign),
        "taxes" => Ok(Kind::Tax),
        "pricing-rules" => Ok(Kind::PricingRule),
        "price-books" => Ok(Kind::PriceBook),
        _ => Err(ApiError::invalid("kind", "campaigns, taxes, pricing-rules or price-books is expected")),
    }
}

fn id_of(id: &str) -> Result<PricingPartId, ApiError> {
    id.parse().map_err(|_| ApiError::not_found("part"))
}

fn told(answer: &impl Serialize) -> Result<Value, ApiError> {
    serde_json::to_value(answer).map_err(|error| ApiError::internal(&error))
}

async fn answer(
    state: &AppState,
    outlet: OutletId,
    author: &Author,
    ask: PricingAsk,
) -> Result<Value, ApiError> {
    match ask {
        PricingAsk::List { kind } => {
            // What is for all outlets is shown here too; only what is for others is not.
            let reader = Author { outlet: Some(outlet), ..*author };
            told(&lives::list(state, &reader, kind_of(&kind)?).await?.0)
        }
        PricingAsk::Save { kind, id: None, fields } => {
            Ok(lives::create(state, author, kind_of(&kind)?, fields).await?.0)
        }
        PricingAsk::Save { kind, id: Some(id), fields } => {
            Ok(lives::update(state, author, (kind_of(&kind)?, id_of(&id)?), fields).await?.0)
        }
        PricingAsk::Activate { kind, id, starts_at, ends_at } => {
            let term = Term { starts_at: Some(starts_at), ends_at: Some(ends_at) };
            Ok(lives::activate(state, author, (kind_of(&kind)?, id_of(&id)?), term).await?.0)
        }
        PricingAsk::Deactivate { kind, id } => {
            Ok(lives::deactivate(state, author, (kind_of(&kind)?, id_of(&id)?)).await?.0)
        }
        PricingAsk::Delete { kind, id } => {
            lives::delete(state, author, kind_of(&kind)?, id_of(&id)?).await?;
            Ok(Value::Null)
        }
        PricingAsk::Preview { basket: mut fields } => {
            fields.insert("outlet_id".to_owned(), json!(outlet));
            let tried = serde_json::from_value(Value::Object(fields))
                .map_err(|error| ApiError::malformed(format!("the basket is no such message: {error}")))?;
            told(&basket::compute(state, author.tenant, tried).await?)
        }
        PricingAsk::Simulate { id, from, until } => {
            let past = past_sales::Past { from, until, outlet_id: Some(outlet) };
            told(&past_sales::cost(state, author.tenant, id_of(&id)?, past).await?)
        }
        PricingAsk::Given { from, until } => {
            let span = Span { from, to: until, outlet_id: Some(outlet) };
            told(&promotions::report(state, author.tenant, &span).await?)
        }
        PricingAsk::Versions => told(&books::versions(state, author.tenant, outlet).await?),
    }
}
