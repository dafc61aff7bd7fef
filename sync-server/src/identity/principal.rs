//! The administrator behind a request, from the access token of its `Authorization` header.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use shared::ids::{AdminId, TenantId};
use shared::staff::{Permission, Role};

use super::{rules, tokens};
use crate::app::AppState;
use crate::error::ApiError;

/// Who asks; every query goes by its tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The business.
    pub tenant_id: TenantId,
    /// The person.
    pub admin_id: AdminId,
    /// What they are.
    pub role: Role,
    /// The sign-in that the token follows from.
    pub family_id: String,
}

impl Principal {
    /// Goes on only when the role may do it.
    ///
    /// # Errors
    /// A problem with status 403 that names the permission.
    pub fn require(&self, permission: Permission) -> Result<(), ApiError> {
        if self.role.may(permission) {
            return Ok(());
        }
        let name = serde_json::to_value(permission).unwrap_or_default();
        let name = name.as_str().unwrap_or_default();
        Err(ApiError::forbidden(format!("this needs the permission `{name}`, which your role does not have"))
            .with_details(serde_json::json!({ "permission": name })))
    }
}

impl FromRequestParts<AppState> for Principal {
    type Rejection = ApiError;
    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, ApiError> {
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim())
            .ok_or_else(|| ApiError::unauthorized("an access token is expected: authorization: Bearer …"))?;
        let key = rules::access_token_key(&state.secrets);
        let claims = tokens::read(&key, token, state.clock.now())
            .ok_or_else(|| ApiError::unauthorized("the access token is not valid or out of date"))?;
        Ok(Self { tenant_id: claims.tenant, admin_id: claims.sub, role: claims.role, family_id: claims.sid })
    }
}
