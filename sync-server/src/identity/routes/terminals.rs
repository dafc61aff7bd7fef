//! The terminals of a business: made with a one-time pairing code, revoked when lost.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};
use shared::Timestamp;
use shared::ids::{OutletId, TerminalId};
use shared::staff::Permission;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::error::ApiError;
use crate::extract::{JsonBody, PathId};
use crate::identity::{Principal, Terminal, create_pairing_code, create_terminal, repo, rules};
use crate::openapi::{Problems, TerminalDocument};
use crate::sync::Snapshots;

/// All terminals.
#[derive(Serialize, ToSchema)]
pub struct TerminalList {
    /// The terminals, by outlet and number.
    #[schema(value_type = Vec<TerminalDocument>)]
    terminals: Vec<Terminal>,
}

/// A terminal to be paired: a new one of an outlet, or one that waits for its device.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTerminal {
    /// Where a new terminal stands.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    outlet_id: Option<OutletId>,
    /// What a new terminal is called.
    #[serde(default)]
    #[schema(example = "Counter 1")]
    name: Option<String>,
    /// A terminal that waits for its device; then neither outlet nor name is given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    terminal_id: Option<TerminalId>,
}

/// A code to type into the device; it is shown only here.
#[derive(Serialize, ToSchema)]
pub struct PairingResponse {
    /// The terminal.
    #[schema(value_type = String, format = "uuid")]
    terminal_id: TerminalId,
    /// Where it stands.
    #[schema(value_type = String, format = "uuid")]
    outlet_id: OutletId,
    /// Its number in the outlet.
    number: u32,
    /// Works once.
    #[schema(example = "7K3M-Q9XA")]
    pairing_code: String,
    /// When the code stops working, in milliseconds since 1970 UTC.
    #[schema(value_type = i64)]
    expires_at: Timestamp,
}

/// All terminals of the business.
#[utoipa::path(
    get, path = "/api/v1/terminals", tag = "terminals",
    responses((status = 200, description = "The terminals", body = TerminalList), Problems)
)]
pub async fn list(
    State(state): State<AppState>,
    principal: Principal,
) -> Result<Json<TerminalList>, ApiError> {
    principal.require(Permission::BackOffice)?;
    let mut tx = state.db.read(principal.tenant_id).await?;
    let terminals = repo::terminals::all(&mut tx, principal.tenant_id).await?;
    Ok(Json(TerminalList { terminals }))
}

/// Make a one-time pairing code, good for 15 minutes, for a new terminal or for one that waits for its device.
#[utoipa::path(
    post, path = "/api/v1/terminals", tag = "terminals", request_body = NewTerminal,
    responses((status = 201, description = "The code, shown only here", body = PairingResponse), Problems)
)]
pub async fn create(
    State(state): State<AppState>,
    principal: Principal,
    JsonBody(new): JsonBody<NewTerminal>,
) -> Result<(StatusCode, [(HeaderName, HeaderValue); 1], Json<PairingResponse>), ApiError> {
    principal.require(Permission::EditBusiness)?;
    let (tenant, now) = (principal.tenant_id, state.clock.now());
    let mut tx = state.db.write(tenant).await?;
    let terminal_id = match (new.terminal_id, new.outlet_id, new.name) {
        (Some(terminal_id), None, None) => terminal_id,
        (None, Some(outlet), Some(name)) => {
            let terminal_id = TerminalId::new(&*state.clock, &mut state.rng());
            create_terminal(&mut tx, tenant, outlet, &name, terminal_id, now).await?;
            terminal_id
        }
        _ => {
            let expected = "either outlet_id and name, or terminal_id alone, is expected";
            return Err(ApiError::invalid("outlet_id", expected));
        }
    };
    let pairing_code =
        create_pairing_code(&mut tx, &state.secrets, tenant, terminal_id, now, &mut state.rng()).await?;
    let terminal = repo::terminals::find(&mut tx, tenant, terminal_id).await?;
    let Terminal { outlet_id, number, .. } = terminal.ok_or_else(|| ApiError::not_found("terminal"))?;
    tx.commit().await?;
    Snapshots::prepare(&state, tenant, outlet_id);
    let expires_at = now.plus_millis(rules::PAIRING_CODE_MS);
    let response = PairingResponse { terminal_id, outlet_id, number, pairing_code, expires_at };
    let uncached = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((StatusCode::CREATED, uncached, Json(response)))
}

/// Revoke a terminal: it may still hand in what it sold, and gets no more data.
#[utoipa::path(
    delete, path = "/api/v1/terminals/{id}", tag = "terminals",
    params(("id" = String, Path, description = "The terminal", format = "uuid")),
    responses((status = 204, description = "Revoked; also when it was before"), Problems)
)]
pub async fn revoke(
    State(state): State<AppState>,
    principal: Principal,
    PathId(id): PathId<TerminalId>,
) -> Result<StatusCode, ApiError> {
    principal.require(Permission::EditBusiness)?;
    let mut tx = state.db.write(principal.tenant_id).await?;
    let found = repo::terminals::revoke(&mut tx, principal.tenant_id, id, state.clock.now()).await?;
    if !found {
        return Err(ApiError::not_found("terminal"));
    }
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
