//! The life of a part, the same for every kind: drafted, activated, taken back.

use axum::Json;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::Timestamp;
use shared::ids::{OutletId, PricingPartId, TenantId};
use shared::staff::Permission;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::database::Tx;
use crate::error::ApiError;
use crate::extract::present;
use crate::identity::{Principal, repo::outlets};
use crate::pricing::part::{Content, Kind, Part, State};
use crate::pricing::{PricingError, books, repo};

/// The fields of a part as they are sent.
pub type Fields = Map<String, Value>;

/// All parts of a kind.
#[derive(Debug, Serialize, ToSchema)]
pub struct Parts {
    /// They, the newest first; at most 1,000.
    #[schema(value_type = Vec<Object>)]
    parts: Vec<Value>,
}

/// From when and until when.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// From here on, milliseconds UTC; null is at once. As it was when left out.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i64>)]
    pub(super) starts_at: Option<Option<Timestamp>>,
    /// Up to here, milliseconds UTC; null is for good. As it was when left out.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<i64>)]
    pub(super) ends_at: Option<Option<Timestamp>>,
}

/// Who writes, and for which outlet only.
#[derive(Debug, Clone, Copy)]
pub struct Author {
    /// The business.
    pub tenant: TenantId,
    /// The only outlet whose prices they may change; None is all.
    pub outlet: Option<OutletId>,
}

impl Author {
    /// Somebody of headquarters who may change the business.
    ///
    /// # Errors
    /// When they may not.
    pub fn of(principal: &Principal) -> Result<Self, ApiError> {
        principal.require(Permission::EditBusiness)?;
        Ok(Self { tenant: principal.tenant_id, outlet: None })
    }

    /// Somebody who only looks.
    pub fn reader(principal: &Principal) -> Self {
        Self { tenant: principal.tenant_id, outlet: None }
    }

    /// Whether they may write a part.
    fn check(self, part: &Part) -> Result<(), ApiError> {
        match self.outlet {
            Some(outlet) if part.outlet_ids != [outlet] => Err(ApiError::forbidden(
                "this is for more than your own outlet; somebody of headquarters must change it",
            )),
            _ => Ok(()),
        }
    }
}

fn missing(kind: Kind) -> ApiError {
    ApiError::not_found(kind.word())
}

fn refused(wrong: crate::pricing::part::Wrong) -> ApiError {
    PricingError::Part(wrong).into()
}

pub async fn list(state: &AppState, author: &Author, kind: Kind) -> Result<Json<Parts>, ApiError> {
    let mut tx = state.db.read(author.tenant).await?;
    let mut parts = repo::parts::of_kind(&mut tx, author.tenant, kind).await?;
    parts.retain(|part| author.outlet.is_none_or(|outlet| part.is_for(outlet)));
    let now = state.clock.now();
    Ok(Json(Parts { parts: parts.iter().map(|part| part.shown(now)).collect() }))
}

pub async fn read(
    state: &AppState,
    author: &Author,
    kind: Kind,
    id: PricingPartId,
) -> Result<Json<Value>, ApiError> {
    let mut tx = state.db.read(author.tenant).await?;
    let part = repo::parts::find(&mut tx, author.tenant, kind, id).await?;
    Ok(Json(part.ok_or_else(|| missing(kind))?.shown(state.clock.now())))
}

pub async fn create(
    state: &AppState,
    author: &Author,
    kind: Kind,
    mut fields: Fields,
) -> Result<Json<Value>, ApiError> {
    if let Some(outlet) = author.outlet {
        fields.entry("outlet_ids").or_insert_with(|| serde_json::json!([outlet]));
    }
    let part = Part::draft(kind, fields, &*state.clock, &mut state.rng()).map_err(refused)?;
    author.check(&part)?;
    let mut tx = state.db.write(author.tenant).await?;
    check_outlets(&mut tx, author, &part).await?;
    repo::parts::put(&mut tx, author.tenant, &part).await?;
    tx.commit().await?;
    Ok(Json(part.shown(state.clock.now())))
}

pub async fn update(
    state: &AppState,
    author: &Author,
    (kind, id): (Kind, PricingPartId),
    fields: Fields,
) -> Result<Json<Value>, ApiError> {
    let change = |part: &Part| part.changed(fields, &*state.clock, &mut state.rng()).map_err(refused);
    replace(state, author, (kind, id), change).await
}

pub async fn activate(
    state: &AppState,
    author: &Author,
    (kind, id): (Kind, PricingPartId),
    term: Term,
) -> Result<Json<Value>, ApiError> {
    let now = state.clock.now();
    replace(state, author, (kind, id), |part| {
        let mut part = part.clone();
        part.starts_at = term.starts_at.unwrap_or(part.starts_at);
        part.ends_at = term.ends_at.unwrap_or(part.ends_at);
        part.state = State::Active;
        part.updated_at = now;
        if part.ends_at.is_some_and(|until| until <= now) {
            return Err(ApiError::invalid("ends_at", format!("`{}` would have ended already", part.name)));
        }
        Ok(part)
    })
    .await
}

pub async fn deactivate(
    state: &AppState,
    author: &Author,
    (kind, id): (Kind, PricingPartId),
) -> Result<Json<Value>, ApiError> {
    let now = state.clock.now();
    replace(state, author, (kind, id), |part| {
        Ok(Part { state: State::Inactive, updated_at: now, ..part.clone() })
    })
    .await
}

pub async fn delete(
    state: &AppState,
    author: &Author,
    kind: Kind,
    id: PricingPartId,
) -> Result<StatusCode, ApiError> {
    let mut tx = state.db.write(author.tenant).await?;
    let part = repo::parts::lock(&mut tx, author.tenant, kind, id).await?;
    let part = part.ok_or_else(|| missing(kind))?;
    author.check(&part)?;
    if part.state != State::Draft {
        return Err(ApiError::conflict("it was in force: take it back instead, its sales name it"));
    }
    repo::parts::delete(&mut tx, author.tenant, id).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Puts another part in the place of one, and makes the price books of the outlets that either is for.
async fn replace(
    state: &AppState,
    author: &Author,
    (kind, id): (Kind, PricingPartId),
    change: impl FnOnce(&Part) -> Result<Part, ApiError>,
) -> Result<Json<Value>, ApiError> {
    let (tenant, now) = (author.tenant, state.clock.now());
    let mut tx = state.db.write(tenant).await?;
    let before = repo::parts::lock(&mut tx, tenant, kind, id).await?.ok_or_else(|| missing(kind))?;
    author.check(&before)?;
    let after = change(&before)?;
    author.check(&after)?;
    after.check().map_err(refused)?;
    check_outlets(&mut tx, author, &after).await?;
    repo::parts::put(&mut tx, tenant, &after).await?;
    if before.state == State::Active || after.state == State::Active {
        books::make_all(&mut tx, tenant, &[&before, &after], (now, &state.server_epoch)).await?;
    }
    tx.commit().await?;
    Ok(Json(after.shown(now)))
}

/// What a part names must be the business's own.
async fn check_outlets(tx: &mut Tx, author: &Author, part: &Part) -> Result<(), ApiError> {
    let of_promotions = match &part.content {
        Content::Campaign(promotions) => {
            promotions.iter().flat_map(|promotion| promotion.outlet_ids.clone()).collect()
        }
        _ => Vec::new(),
    };
    for outlet in part.outlet_ids.iter().chain(&of_promotions) {
        if outlets::find(tx, author.tenant, *outlet).await?.is_none() {
            return Err(ApiError::invalid("outlet_ids", "there is no such outlet"));
        }
    }
    Ok(())
}
