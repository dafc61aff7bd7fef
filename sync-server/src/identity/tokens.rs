//! Access tokens: JWT (RFC 7519) by HS256 only, every claim required, 15 minutes, judged by the server's own clock.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use shared::Timestamp;
use shared::ids::{AdminId, TenantId};
use shared::staff::Role;

use super::rules::ACCESS_TOKEN_MS;

const ISSUER: &str = "kedai-server";
const AUDIENCE: &str = "kedai-api";

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    iss: String,
    aud: String,
    /// When it was given out, in seconds since 1970 UTC.
    iat: i64,
    /// When it stops working, in seconds since 1970 UTC.
    exp: i64,
    /// The administrator.
    pub sub: AdminId,
    /// The business.
    pub tenant: TenantId,
    /// What they are.
    pub role: Role,
    /// The family of refresh tokens it was given out with, ended by signing out.
    pub sid: String,
}

/// Makes an access token that is good for 15 minutes from `now`.
///
/// # Errors
/// Claims that cannot be written as JSON, which these always can.
pub fn issue(
    key: &[u8; 32],
    tenant: TenantId,
    admin: AdminId,
    role: Role,
    family: &str,
    now: Timestamp,
) -> Result<String, jsonwebtoken::errors::Error> {
    let claims = Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        iat: now.as_millis().div_euclid(1000),
        exp: now.plus_millis(ACCESS_TOKEN_MS).as_millis().div_euclid(1000),
        sub: admin,
        tenant,
        role,
        sid: family.to_owned(),
    };
    let signing = EncodingKey::from_secret(key);
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &signing)
}

/// Reads an access token; None when anything about it is not as it must be.
pub fn read(key: &[u8; 32], token: &str, now: Timestamp) -> Option<Claims> {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    // The library would ask the machine's clock; expiry is judged below by the clock that was given.
    validation.validate_exp = false;
    let verifying = DecodingKey::from_secret(key);
    let claims = jsonwebtoken::decode::<Claims>(token, &verifying, &validation).ok()?.claims;
    let seconds = now.as_millis().div_euclid(1000);
    // A token from the future was given out under another clock; a minute of difference between servers is forgiven.
    let in_time = seconds < claims.exp && claims.iat <= seconds.saturating_add(60);
    in_time.then_some(claims)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    const KEY: [u8; 32] = [9; 32];

    fn issued(now: i64) -> String {
        let (tenant, admin) = (TenantId::from_bytes([1; 16]), AdminId::from_bytes([2; 16]));
        issue(&KEY, tenant, admin, Role::Owner, "family", Timestamp::from_millis(now)).unwrap()
    }

    #[test]
    fn a_token_works_for_fifteen_minutes_and_no_longer() {
        let token = issued(1_000_000);
        let read_at = |millis| read(&KEY, &token, Timestamp::from_millis(millis));
        assert_eq!(read_at(1_000_000).unwrap().role, Role::Owner);
        assert!(read_at(1_000_000 + ACCESS_TOKEN_MS - 1).is_some());
        assert!(read_at(1_000_000 + ACCESS_TOKEN_MS).is_none());
        assert!(read_at(0).is_none(), "from the future");
    }

    #[test]
    fn another_key_another_algorithm_or_a_changed_claim_is_refused() {
        let token = issued(0);
        let now = Timestamp::from_millis(0);
        assert!(read(&[8; 32], &token, now).is_none());
        let parts: Vec<&str> = token.split('.').collect();
        let encode = |text: &str| {
            use base64::Engine as _;
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
        };
        let unsigned = format!("{}.{}.", encode(r#"{"alg":"none","typ":"JWT"}"#), parts[1]);
        assert!(read(&KEY, &unsigned, now).is_none());
        let changed = format!("{}.{}.{}", parts[0], encode(r#"{"sub":"x"}"#), parts[2]);
        assert!(read(&KEY, &changed, now).is_none());
    }

    #[test]
    fn a_token_without_issuer_or_audience_is_refused() {
        let signing = EncodingKey::from_secret(&KEY);
        let claims = serde_json::json!({
            "exp": 4_000_000_000_i64, "iat": 0, "sub": AdminId::from_bytes([2; 16]),
            "tenant": TenantId::from_bytes([1; 16]), "role": "owner", "sid": "family",
            "iss": "someone", "aud": "kedai-api",
        });
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &signing).unwrap();
        assert!(read(&KEY, &token, Timestamp::from_millis(0)).is_none());
    }
}
