//! Who a sync request comes from: a terminal proves itself with its key, never with a person's token.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::json;
use shared::Timestamp;
use shared::ids::{OutletId, TenantId, TerminalId};
use shared::journal::{PublicKey, Signature};
use shared::wire::{
    MAX_READ_SKEW_MS, OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION, header, problem, request_bytes,
};
use sqlx::Row as _;

use crate::app::AppState;
use crate::database::DatabaseError;
use crate::error::ApiError;

/// A terminal that has proved itself.
#[derive(Debug, Clone)]
pub struct Device {
    /// The business.
    pub tenant_id: TenantId,
    /// The outlet.
    pub outlet_id: OutletId,
    /// The terminal.
    pub terminal_id: TerminalId,
    /// Its key.
    pub public_key: PublicKey,
    /// Whether it may only hand in.
    pub revoked: bool,
}

/// The most terminals remembered; beyond that all are looked up anew.
const MAX_REMEMBERED: usize = 50_000;

/// Terminals whose key was looked up before. Only for handing in: a terminal keeps its key and its outlet for good, and the
/// transaction that stores a push compares both once more; who may still read is asked of the database each time.
#[derive(Debug, Default)]
pub struct Devices(Mutex<HashMap<(TenantId, TerminalId), Device>>);

impl Devices {
    fn get(&self, tenant: TenantId, terminal: TerminalId) -> Option<Device> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(tenant, terminal)).cloned()
    }

    fn remember(&self, device: &Device) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_REMEMBERED {
            known.clear();
        }
        known.insert((device.tenant_id, device.terminal_id), device.clone());
    }
}

/// What kind of request it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Handing in: repeating it does no harm, so its time has no limit, and a revoked terminal may still do it.
    HandIn,
    /// Reading: a request caught on the wire must not work for ever.
    Read,
}

/// The one answer for everything that is not a terminal of ours with its own key: it does not tell what is known here.
pub fn unknown_terminal() -> ApiError {
    ApiError::new(
        StatusCode::NOT_FOUND,
        problem::UNKNOWN_TERMINAL,
        "unknown terminal",
        "this terminal is not enrolled here; enrol it with a pairing code from the back office",
    )
}

/// Refuses protocol versions that this build does not speak.
///
/// # Errors
/// The problem that names the versions it does.
pub fn check_protocol(version: u16) -> Result<(), ApiError> {
    if (OLDEST_PROTOCOL_VERSION..=PROTOCOL_VERSION).contains(&version) {
        return Ok(());
    }
    let detail = format!(
        "this server speaks protocol {OLDEST_PROTOCOL_VERSION} to {PROTOCOL_VERSION}, the request is of {version}"
    );
    let details = json!({ "oldest": OLDEST_PROTOCOL_VERSION, "newest": PROTOCOL_VERSION });
    Err(ApiError::new(StatusCode::BAD_REQUEST, problem::PROTOCOL, "protocol version not spoken", detail)
        .with_details(details))
}

/// Checks the signature of a request over its method, path, time and body as they travelled.
///
/// # Errors
/// See [`unknown_terminal`], and the problems of revoked terminals, of clocks and of protocol versions.
pub async fn authenticate(
    state: &AppState,
    purpose: Purpose,
    (method, uri, headers): (&Method, &Uri, &HeaderMap),
    body: &[u8],
) -> Result<Device, ApiError> {
    fn parsed<T: std::str::FromStr>(headers: &HeaderMap, name: &str) -> Option<T> {
        headers.get(name)?.to_str().ok()?.parse().ok()
    }
    let missing = || ApiError::malformed("a header of the signed request is missing or no value of its kind");
    check_protocol(parsed(headers, header::PROTOCOL).ok_or_else(missing)?)?;
    let tenant_id: TenantId = parsed(headers, header::TENANT).ok_or_else(missing)?;
    let terminal_id: TerminalId = parsed(headers, header::TERMINAL).ok_or_else(missing)?;
    let time = Timestamp::from_millis(parsed(headers, header::TIME).ok_or_else(missing)?);
    let signature: Signature = parsed(headers, header::SIGNATURE).ok_or_else(missing)?;
    let remembered =
        if purpose == Purpose::HandIn { state.devices.get(tenant_id, terminal_id) } else { None };
    let is_remembered = remembered.is_some();
    let device = match remembered {
        Some(device) => device,
        None => find(state, tenant_id, terminal_id).await?.ok_or_else(unknown_terminal)?,
    };
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let signed = request_bytes(method.as_str(), path, time, body);
    device.public_key.verify(&signed, &signature).map_err(|_| unknown_terminal())?;
    if !is_remembered {
        state.devices.remember(&device);
    }
    if purpose == Purpose::Read {
        if device.revoked {
            let detail = "this terminal was revoked: it can hand in its sales, but gets no more data";
            let title = "terminal revoked";
            return Err(ApiError::new(StatusCode::FORBIDDEN, problem::REVOKED, title, detail));
        }
        let now = state.clock.now();
        if now.since(time).max(time.since(now)) > MAX_READ_SKEW_MS {
            let detail = "the time of the request is too far from the server's; sign again with the server's";
            return Err(ApiError::new(StatusCode::UNAUTHORIZED, problem::CLOCK, "clocks differ", detail)
                .with_details(json!({ "server_time": now })));
        }
    }
    Ok(device)
}

/// A terminal as it is known here; None when it is not, or has no key yet.
///
/// # Errors
/// A failed statement.
pub async fn find(
    state: &AppState,
    tenant_id: TenantId,
    terminal_id: TerminalId,
) -> Result<Option<Device>, DatabaseError> {
    let mut tx = state.db.read(tenant_id).await?;
    let row = sqlx::query(
        "SELECT outlet_id, public_key, revoked FROM terminals WHERE tenant_id = $1 AND terminal_id = $2",
    )
    .bind(tenant_id.to_string())
    .bind(terminal_id.to_string())
    .fetch_optional(&mut *tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let corrupt = |error: &dyn std::fmt::Display| DatabaseError::corrupt("terminals", error);
    let outlet_id = row.try_get::<&str, _>(0)?.parse().map_err(|error| corrupt(&error))?;
    let Some(public_key) = row.try_get::<Option<&str>, _>(1)? else { return Ok(None) };
    let public_key = public_key.parse().map_err(|error| corrupt(&error))?;
    let revoked = row.try_get::<i64, _>(2)? != 0;
    Ok(Some(Device { tenant_id, outlet_id, terminal_id, public_key, revoked }))
}
