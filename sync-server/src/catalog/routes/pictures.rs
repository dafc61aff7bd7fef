//! The pictures of items.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;
use shared::ids::{OutletId, PictureId};
use shared::staff::Permission;
use utoipa::IntoParams;

use crate::app::AppState;
use crate::catalog::repo::pictures::PictureRow;
use crate::catalog::{put_picture, repo};
use crate::error::ApiError;
use crate::extract::{PathId, QueryOf};
use crate::identity::Principal;
use crate::openapi::Problems;

/// Where a picture is shown.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PictureQuery {
    /// The only outlet that shows it; all when left out. It never changes.
    #[param(value_type = Option<String>, format = "uuid")]
    outlet_id: Option<OutletId>,
}

/// Add a picture or replace it: at most 200 KB; an SVG may hold shapes, gradients and text, nothing that acts or
/// reaches out.
#[utoipa::path(
    put, path = "/api/v1/pictures/{id}", tag = "products",
    params(("id" = String, Path, description = "The picture, a UUIDv7 made by the caller", format = "uuid"), PictureQuery),
    request_body(content(("image/svg+xml"), ("image/png"), ("image/webp")), description = "The file"),
    responses((status = 204, description = "Kept"), Problems)
)]
pub async fn put(
    State(state): State<AppState>,
    principal: Principal,
    PathId(id): PathId<PictureId>,
    QueryOf(query): QueryOf<PictureQuery>,
    headers: HeaderMap,
    body: Result<Bytes, axum::extract::rejection::BytesRejection>,
) -> Result<StatusCode, ApiError> {
    principal.require(Permission::EditItems)?;
    let content = body.map_err(|_| ApiError::too_large("at most 200 KB are allowed"))?.to_vec();
    let media_type =
        headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let tenant = principal.tenant_id;
    let mut tx = state.db.write(tenant).await?;
    if let Some(outlet) = query.outlet_id
        && crate::identity::repo::outlets::find(&mut tx, tenant, outlet).await?.is_none()
    {
        return Err(ApiError::not_found("outlet"));
    }
    let row = PictureRow { media_type, content };
    put_picture(&mut tx, tenant, query.outlet_id, id, &row, state.clock.now()).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A picture.
#[utoipa::path(
    get, path = "/api/v1/pictures/{id}", tag = "products",
    params(("id" = String, Path, description = "The picture", format = "uuid")),
    responses(
        (status = 200, description = "The file", content((Vec<u8> = "image/svg+xml"), (Vec<u8> = "image/png"), (Vec<u8> = "image/webp"))),
        Problems
    )
)]
pub async fn read(
    State(state): State<AppState>,
    principal: Principal,
    PathId(id): PathId<PictureId>,
) -> Result<([(HeaderName, HeaderValue); 2], Vec<u8>), ApiError> {
    let mut tx = state.db.read(principal.tenant_id).await?;
    let row = repo::pictures::find(&mut tx, principal.tenant_id, id).await?;
    let row = row.ok_or_else(|| ApiError::not_found("picture"))?;
    let media_type = HeaderValue::from_str(&row.media_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    // Opened by itself a picture is a page; even so it may do nothing.
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; sandbox");
    Ok(([(header::CONTENT_TYPE, media_type), (header::CONTENT_SECURITY_POLICY, policy)], row.content))
}
