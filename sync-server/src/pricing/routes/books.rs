//! The versions of an outlet's price book.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;
use shared::Timestamp;
use shared::ids::{OutletId, TenantId};
use utoipa::ToSchema;

use crate::app::AppState;
use crate::error::ApiError;
use crate::extract::PathId;
use crate::identity::Principal;
use crate::identity::repo::outlets;
use crate::openapi::Problems;
use crate::pricing::{books, repo};

/// The most versions that are answered.
const MOST: i64 = 20;

/// A version of an outlet's price book.
#[derive(Debug, Serialize, ToSchema)]
pub struct Version {
    /// Counted up with every version; sales name it.
    version: u32,
    /// `present`, `next`, `past` or `withdrawn`.
    state: &'static str,
    /// In force from here on, milliseconds UTC.
    #[schema(value_type = i64)]
    valid_from: Timestamp,
    /// When it was made, milliseconds UTC.
    #[schema(value_type = i64)]
    created_at: Timestamp,
    /// The book as terminals get it.
    #[schema(value_type = Object)]
    book: Value,
}

/// The versions of an outlet's price book.
#[derive(Debug, Serialize, ToSchema)]
pub struct Versions {
    /// The last ones, the newest first.
    versions: Vec<Version>,
}

/// The versions of an outlet's price book, at most 20; before the first change its own rules.
#[utoipa::path(
    get, path = "/api/v1/outlets/{id}/price-books", tag = "pricing",
    params(("id" = String, Path, description = "The outlet", format = "uuid")),
    responses((status = 200, description = "The versions, the newest first", body = Versions), Problems)
)]
pub async fn of_outlet(
    State(state): State<AppState>,
    principal: Principal,
    PathId(id): PathId<OutletId>,
) -> Result<Json<Versions>, ApiError> {
    versions(&state, principal.tenant_id, id).await.map(Json)
}

/// The versions of an outlet's price book.
///
/// # Errors
/// An outlet that is not there, or a failed statement.
pub async fn versions(state: &AppState, tenant: TenantId, id: OutletId) -> Result<Versions, ApiError> {
    let now = state.clock.now();
    let mut tx = state.db.read(tenant).await?;
    let outlet = outlets::find(&mut tx, tenant, id).await?.ok_or_else(|| ApiError::not_found("outlet"))?;
    let mut rows = repo::books::last(&mut tx, tenant, id, MOST).await?;
    if rows.is_empty() {
        rows.push(books::first(&outlet, now, &state.server_epoch)?);
    }
    let begun = rows.iter().filter(|row| !row.withdrawn && row.valid_from <= now);
    let present = begun.max_by_key(|row| (row.valid_from, row.version)).map(|row| row.version);
    let mut versions = Vec::with_capacity(rows.len());
    for row in &rows {
        versions.push(Version {
            version: row.version,
            state: match row {
                row if row.withdrawn => "withdrawn",
                row if Some(row.version) == present => "present",
                row if row.valid_from > now => "next",
                _ => "past",
            },
            valid_from: row.valid_from,
            created_at: row.created_at,
            book: serde_json::to_value(&row.book).map_err(|error| ApiError::internal(&error))?,
        });
    }
    Ok(Versions { versions })
}
