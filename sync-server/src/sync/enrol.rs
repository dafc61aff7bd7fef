//! A device becomes a terminal: a one-time pairing code, once, and the key that it will sign with.

use shared::Timestamp;
use shared::wire::{EnrolRequest, EnrolResponse, PROTOCOL_VERSION, problem};
use sqlx::Row as _;

use axum::http::StatusCode;

use crate::app::AppState;
use crate::database::{DatabaseError, Tx};
use crate::error::ApiError;
use crate::identity::repo::terminal_keys;
use crate::identity::{self, Pairing, rules};

/// The longest name of a device.
const MAX_NAME_CHARS: usize = 60;

/// The one answer for codes that do not work, whatever the cause.
fn invalid_code() -> ApiError {
    ApiError::new(
        StatusCode::FORBIDDEN,
        problem::PAIRING,
        "the pairing code does not work",
        "the pairing code is unknown, used or out of date; make a new one in the back office",
    )
}

/// Enrols a device; the same request again is answered again, since an answer may be lost on its way.
///
/// # Errors
/// A code that does not work, or a failed statement.
pub async fn enrol(state: &AppState, request: &EnrolRequest) -> Result<EnrolResponse, ApiError> {
    let name = request.device_name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        let detail = format!("a device has a name of 1 to {MAX_NAME_CHARS} visible characters");
        return Err(ApiError::invalid("device_name", detail));
    }
    let now = state.clock.now();
    let key = request.public_key.to_string();
    let mut tx = state.db.system_write().await?;
    let redeemed = identity::redeem_pairing_code(&mut tx, &state.secrets, &request.pairing_code, now).await?;
    let (pairing, epoch) = match redeemed {
        Some(pairing) => {
            // A terminal keeps its device: a second one would make the first one's unsent sales worthless.
            let epoch = take_key(&mut tx, &pairing, &key, name, now).await?.ok_or_else(invalid_code)?;
            (pairing, epoch)
        }
        None => repeated(state, &mut tx, request, &key, now).await?.ok_or_else(invalid_code)?,
    };
    tx.commit().await?;
    tracing::info!(terminal = %pairing.terminal_id, number = pairing.number, "a terminal was enrolled");
    Ok(EnrolResponse {
        protocol: PROTOCOL_VERSION,
        tenant_id: pairing.tenant_id,
        outlet_id: pairing.outlet_id,
        terminal_id: pairing.terminal_id,
        terminal_number: pairing.number,
        epoch,
        pin_pepper: hex::encode(identity::pin_pepper(&state.secrets, pairing.tenant_id)),
        server_time: now,
    })
}

/// Gives the terminal its key, unless it has another; its epoch then.
async fn take_key(
    tx: &mut Tx,
    pairing: &Pairing,
    key: &str,
    name: &str,
    now: Timestamp,
) -> Result<Option<u32>, DatabaseError> {
    let row = sqlx::query(
        "UPDATE terminals SET public_key = $1, name = $2, enrolled_at = $3 WHERE tenant_id = $4 AND terminal_id = $5 \
         AND (public_key IS NULL OR public_key = $1) AND revoked = 0 RETURNING epoch",
    )
    .bind(key)
    .bind(name)
    .bind(now.as_millis())
    .bind(pairing.tenant_id.to_string())
    .bind(pairing.terminal_id.to_string())
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let epoch: i64 = row.try_get(0)?;
    terminal_keys::keep(tx, pairing.tenant_id, &pairing.terminal_id.to_string(), key, Some(epoch), now)
        .await?;
    u32::try_from(epoch).map(Some).map_err(|error| DatabaseError::corrupt("terminals", error))
}

/// What a code that is used up, but not out of date, gave to the very same key.
async fn repeated(
    state: &AppState,
    tx: &mut Tx,
    request: &EnrolRequest,
    key: &str,
    now: Timestamp,
) -> Result<Option<(Pairing, u32)>, DatabaseError> {
    let Some(code) = rules::normal_pairing_code(&request.pairing_code) else { return Ok(None) };
    let row = sqlx::query(
        "SELECT c.tenant_id, t.outlet_id, t.terminal_id, t.number, t.epoch FROM pairing_codes c \
         JOIN terminals t ON t.tenant_id = c.tenant_id AND t.terminal_id = c.terminal_id \
         WHERE c.code_hash = $1 AND c.expires_at > $2 AND t.public_key = $3 AND t.revoked = 0",
    )
    .bind(rules::pairing_code_hash(&state.secrets, &code))
    .bind(now.as_millis())
    .bind(key)
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let corrupt = |error: &dyn std::fmt::Display| DatabaseError::corrupt("terminals", error);
    let pairing = Pairing {
        tenant_id: row.try_get::<&str, _>(0)?.parse().map_err(|error| corrupt(&error))?,
        outlet_id: row.try_get::<&str, _>(1)?.parse().map_err(|error| corrupt(&error))?,
        terminal_id: row.try_get::<&str, _>(2)?.parse().map_err(|error| corrupt(&error))?,
        number: u32::try_from(row.try_get::<i64, _>(3)?).map_err(|error| corrupt(&error))?,
    };
    let epoch = u32::try_from(row.try_get::<i64, _>(4)?).map_err(|error| corrupt(&error))?;
    Ok(Some((pairing, epoch)))
}
