//! Signing in at headquarters: password for tokens, refresh token for the next pair, signing out.

use std::net::SocketAddr;

use axum::Json;
use axum::extract::{ConnectInfo, FromRequestParts, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand_core::RngCore as _;
use serde::{Deserialize, Serialize};
use shared::Timestamp;
use shared::ids::{AdminId, TenantId};
use shared::staff::pin::{hash_secret, verify_secret};
use shared::staff::{Permission, Role};
use tokio::sync::Semaphore;
use utoipa::ToSchema;
use zeroize::Zeroizing;

use crate::app::AppState;
use crate::database::Tx;
use crate::error::ApiError;
use crate::extract::JsonBody;
use crate::identity::repo::admins::{self, Account};
use crate::identity::repo::refresh_tokens::{self, NewToken};
use crate::identity::repo::{guesses, tenants};
use crate::identity::rules::{self, Exchange};
use crate::identity::{IdentityError, Principal, tokens};
use crate::openapi::Problems;

/// Wrong passwords for one account from one address before it has to wait.
const FREE_GUESSES: i64 = 5;
/// Wrong passwords from one address, whatever the account, before it has to wait.
const FREE_GUESSES_PER_ADDRESS: i64 = 50;
/// Password checks at a time: each takes 19 MiB and a core for some 25 ms, and sales come first.
static CHECKS: Semaphore = Semaphore::const_new(1);
/// Sign-ins in work or waiting; more are told to come again before they cost anything, so that a flood of them takes
/// neither the database's writer nor the cores from the tills' pushes.
static SIGN_INS: Semaphore = Semaphore::const_new(32);

/// A password and who it belongs to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// The sign-in name.
    #[schema(example = "owner@example.com")]
    email: String,
    /// The password.
    #[schema(format = Password)]
    password: String,
    /// A name that stays the same for this device; the refresh token works only together with it.
    #[serde(default)]
    device: Option<String>,
}

/// A refresh token and the device it was given to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshRequest {
    /// The newest refresh token.
    refresh_token: String,
    /// The device named at sign-in.
    #[serde(default)]
    device: Option<String>,
}

/// Tokens for the next requests.
#[derive(Serialize, ToSchema)]
pub struct TokenResponse {
    /// For the header `authorization: Bearer …`; good for 15 minutes.
    access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds until the access token is out of date.
    #[schema(example = 900)]
    expires_in: i64,
    /// For the next pair, once; good for 30 days.
    refresh_token: String,
}

/// Who is signed in.
#[derive(Serialize, ToSchema)]
pub struct MeResponse {
    /// The business.
    #[schema(value_type = String, format = "uuid")]
    tenant_id: TenantId,
    /// Its name.
    tenant_name: String,
    /// The person.
    #[schema(value_type = String, format = "uuid")]
    admin_id: AdminId,
    /// Their name.
    name: String,
    /// What they are.
    #[schema(value_type = String, example = "owner")]
    role: Role,
    /// What they may do.
    #[schema(value_type = Vec<String>)]
    permissions: Vec<Permission>,
}

/// The address a request came from; empty when it did not come over a socket.
pub struct ClientAddress(String);

impl FromRequestParts<AppState> for ClientAddress {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Self::Rejection> {
        let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(info.map(|ConnectInfo(address)| address.ip().to_string()).unwrap_or_default()))
    }
}

type Uncached<T> = ([(HeaderName, HeaderValue); 1], T);

fn uncached<T>(body: T) -> Uncached<T> {
    ([(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], body)
}

/// Exchange a password for tokens.
#[utoipa::path(
    post, path = "/api/v1/auth/sign-in", tag = "auth", security(()), request_body = SignInRequest,
    responses((status = 200, description = "Signed in", body = TokenResponse), Problems)
)]
pub async fn sign_in(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    JsonBody(request): JsonBody<SignInRequest>,
) -> Result<Uncached<Json<TokenResponse>>, ApiError> {
    let _place = SIGN_INS.try_acquire().map_err(|_| ApiError::rate_limited(1))?;
    let now = state.clock.now();
    let password = Zeroizing::new(request.password);
    let device = device_of(request.device.as_deref())?;
    let email = request.email.trim().to_lowercase();
    let account_key = rules::guess_key(&state.secrets, &format!("password of {email}"), &address);
    let address_key = rules::guess_key(&state.secrets, "any password", &address);
    let mut tx = state.db.system_write().await?;
    guesses::forget_old(&mut tx, now).await?;
    let mut wait_ms = guesses::begin(&mut tx, &account_key, FREE_GUESSES, now).await?;
    if wait_ms.is_none() {
        wait_ms = guesses::begin(&mut tx, &address_key, FREE_GUESSES_PER_ADDRESS, now).await?;
    }
    tx.commit().await?;
    if let Some(wait_ms) = wait_ms {
        return Err(ApiError::rate_limited(u32::try_from(wait_ms / 1000 + 1).unwrap_or(u32::MAX)));
    }
    let mut tx = state.db.system().await?;
    let accounts = admins::by_email(&mut tx, &email).await?;
    drop(tx);
    let account = check_password(&state, accounts, password).await?;
    let Some(account) = account else {
        return Err(ApiError::unauthorized("the e-mail address or the password is wrong"));
    };
    let mut tx = state.db.system_write().await?;
    guesses::clear(&mut tx, &account_key).await?;
    guesses::give_back(&mut tx, &address_key).await?;
    refresh_tokens::forget_expired(&mut tx, account.tenant_id, account.admin_id, now).await?;
    let family = random_text(&state);
    let (response, _) = give_tokens(&state, &mut tx, &account, &family, &device, now).await?;
    tx.commit().await?;
    tracing::info!(tenant = %account.tenant_id, admin = %account.admin_id, "an administrator signed in");
    Ok(uncached(Json(response)))
}

/// Exchange a refresh token for the next pair of tokens.
#[utoipa::path(
    post, path = "/api/v1/auth/refresh", tag = "auth", security(()), request_body = RefreshRequest,
    responses((status = 200, description = "The next pair", body = TokenResponse), Problems)
)]
pub async fn refresh(
    State(state): State<AppState>,
    JsonBody(request): JsonBody<RefreshRequest>,
) -> Result<Uncached<Json<TokenResponse>>, ApiError> {
    let refused = || ApiError::unauthorized("the refresh token is not valid any more; sign in again");
    let now = state.clock.now();
    let device = device_of(request.device.as_deref())?;
    let (tenant, hash) = parse_refresh_token(&request.refresh_token).ok_or_else(refused)?;
    let mut tx = state.db.write(tenant).await?;
    let token = refresh_tokens::take(&mut tx, tenant, &hash).await?.ok_or_else(refused)?;
    let successor = match &token.successor_hash {
        Some(successor) => refresh_tokens::take(&mut tx, tenant, successor).await?,
        None => None,
    };
    let exchange =
        rules::judge_refresh(&token.stored, successor.as_ref().map(|next| &next.stored), &device, now);
    let account = match exchange {
        Exchange::Rotate | Exchange::Repeat => admins::find_active(&mut tx, tenant, token.admin_id).await?,
        Exchange::RevokeFamily | Exchange::Refuse => None,
    };
    let Some(account) = account else {
        if exchange != Exchange::Refuse {
            refresh_tokens::revoke_family(&mut tx, tenant, &token.family_id, now).await?;
            tx.commit().await?;
            tracing::warn!(%tenant, admin = %token.admin_id, "a sign-in was revoked: its refresh token came twice");
        }
        return Err(refused());
    };
    if let Some(unused) = &token.successor_hash {
        refresh_tokens::mark_used(&mut tx, tenant, unused, None, now).await?;
    }
    let (response, next) = give_tokens(&state, &mut tx, &account, &token.family_id, &device, now).await?;
    refresh_tokens::mark_used(&mut tx, tenant, &hash, Some(&next), now).await?;
    tx.commit().await?;
    Ok(uncached(Json(response)))
}

/// End a sign-in: all refresh tokens that follow from it stop working.
#[utoipa::path(
    post, path = "/api/v1/auth/sign-out", tag = "auth", security(()), request_body = RefreshRequest,
    responses((status = 204, description = "Signed out; also when the token was unknown"), Problems)
)]
pub async fn sign_out(
    State(state): State<AppState>,
    JsonBody(request): JsonBody<RefreshRequest>,
) -> Result<StatusCode, ApiError> {
    if let Some((tenant, hash)) = parse_refresh_token(&request.refresh_token) {
        let mut tx = state.db.write(tenant).await?;
        if let Some(token) = refresh_tokens::take(&mut tx, tenant, &hash).await? {
            refresh_tokens::revoke_family(&mut tx, tenant, &token.family_id, state.clock.now()).await?;
        }
        tx.commit().await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Who is signed in and what they may do.
#[utoipa::path(
    get, path = "/api/v1/auth/me", tag = "auth",
    responses((status = 200, description = "The administrator", body = MeResponse), Problems)
)]
pub async fn me(State(state): State<AppState>, principal: Principal) -> Result<Json<MeResponse>, ApiError> {
    let mut tx = state.db.read(principal.tenant_id).await?;
    let account = admins::find_active(&mut tx, principal.tenant_id, principal.admin_id).await?;
    let account = account.ok_or_else(|| ApiError::unauthorized("the account is closed"))?;
    let tenant_name = tenants::name(&mut tx, principal.tenant_id).await?.unwrap_or_default();
    Ok(Json(MeResponse {
        tenant_id: account.tenant_id,
        tenant_name,
        admin_id: account.admin_id,
        name: account.name,
        role: account.role,
        permissions: account.role.permissions(),
    }))
}

fn device_of(device: Option<&str>) -> Result<String, ApiError> {
    let device = device.unwrap_or("browser");
    rules::visible_name("device", device, 100).map_err(|refusal| IdentityError::from(refusal).into())
}

/// The account whose password it is. An address without an account costs the same time as a wrong password.
async fn check_password(
    state: &AppState,
    accounts: Vec<Account>,
    password: Zeroizing<String>,
) -> Result<Option<Account>, ApiError> {
    let permit = CHECKS.acquire().await.map_err(|_| ApiError::busy())?;
    let secrets = state.secrets.clone();
    let checked = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        if accounts.is_empty() {
            // The result does not matter, only the time it takes.
            let _ = hash_secret(&[0; 32], password.as_bytes(), &[0; 16]);
        }
        accounts.into_iter().find(|account| {
            let pepper = rules::password_pepper(&secrets, account.tenant_id);
            verify_secret(&pepper, password.as_bytes(), &account.password_hash)
        })
    });
    checked.await.map_err(|error| ApiError::internal(&error))
}

fn random_text(state: &AppState) -> String {
    let mut random = [0_u8; 32];
    state.rng().fill_bytes(&mut random);
    URL_SAFE_NO_PAD.encode(random)
}

/// `<tenant>.<256 random bits>`: the tenant in front opens the right rows, the rest is what counts.
fn parse_refresh_token(token: &str) -> Option<(TenantId, String)> {
    let (tenant, random) = token.split_once('.')?;
    (token.len() <= 120 && random.len() == 43).then_some(())?;
    Some((tenant.parse().ok()?, rules::sha256_hex(token.as_bytes())))
}

/// Makes a pair of tokens; gives the hash of the refresh token as it was stored, too.
async fn give_tokens(
    state: &AppState,
    tx: &mut Tx,
    account: &Account,
    family_id: &str,
    device: &str,
    now: Timestamp,
) -> Result<(TokenResponse, String), ApiError> {
    let (tenant, admin_id) = (account.tenant_id, account.admin_id);
    let refresh_token = format!("{tenant}.{}", random_text(state));
    let hash = rules::sha256_hex(refresh_token.as_bytes());
    let expires_at = now.plus_millis(rules::REFRESH_TOKEN_MS);
    let new = NewToken { hash: &hash, admin_id, family_id, device, expires_at };
    refresh_tokens::insert(tx, tenant, &new, now).await?;
    let key = rules::access_token_key(&state.secrets);
    let access_token = tokens::issue(&key, tenant, admin_id, account.role, family_id, now)
        .map_err(|error| ApiError::internal(&error))?;
    let expires_in = rules::ACCESS_TOKEN_MS / 1000;
    Ok((TokenResponse { access_token, token_type: "Bearer", expires_in, refresh_token }, hash))
}
