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
use crate::database::{DatabaseError, Tx};
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

/// A request's method, address and headers.
pub type Asked<'a> = (&'a Method, &'a Uri, &'a HeaderMap);

/// Who a request says it comes from, and what shall prove it.
struct Claim {
    tenant_id: TenantId,
    terminal_id: TerminalId,
    time: Timestamp,
    signature: Signature,
}

impl Claim {
    fn of(headers: &HeaderMap) -> Result<Self, ApiError> {
        fn parsed<T: std::str::FromStr>(headers: &HeaderMap, name: &str) -> Result<T, ApiError> {
            let value = headers.get(name).and_then(|value| value.to_str().ok()?.parse().ok());
            value.ok_or_else(|| {
                ApiError::malformed("a header of the signed request is missing or no value of its kind")
            })
        }
        check_protocol(parsed(headers, header::PROTOCOL)?)?;
        Ok(Self {
            tenant_id: parsed(headers, header::TENANT)?,
            terminal_id: parsed(headers, header::TERMINAL)?,
            time: Timestamp::from_millis(parsed(headers, header::TIME)?),
            signature: parsed(headers, header::SIGNATURE)?,
        })
    }

    /// Whether the device signed the request, body and all, as it travelled.
    fn check(&self, device: &Device, (method, uri, _): Asked<'_>, body: &[u8]) -> Result<(), ApiError> {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let signed = request_bytes(method.as_str(), path, self.time, body);
        device.public_key.verify(&signed, &self.signature).map_err(|_| unknown_terminal())
    }

    /// Whether what is asked for may be given: not to a revoked terminal, nor for a request of another time.
    fn may_read(&self, device: &Device, now: Timestamp) -> Result<(), ApiError> {
        if device.revoked {
            let detail = "this terminal was revoked: it can hand in its sales, but gets no more data";
            let title = "terminal revoked";
            return Err(ApiError::new(StatusCode::FORBIDDEN, problem::REVOKED, title, detail));
        }
        if now.since(self.time).max(self.time.since(now)) > MAX_READ_SKEW_MS {
            let detail = "the time of the request is too far from the server's; sign again with the server's";
            return Err(ApiError::new(StatusCode::UNAUTHORIZED, problem::CLOCK, "clocks differ", detail)
                .with_details(json!({ "server_time": now })));
        }
        Ok(())
    }
}

/// Checks the signature of a request over its method, path, time and body as they travelled.
///
/// # Errors
/// See [`unknown_terminal`], and the problems of revoked terminals, of clocks and of protocol versions.
pub async fn authenticate(
    state: &AppState,
    purpose: Purpose,
    asked: Asked<'_>,
    body: &[u8],
) -> Result<Device, ApiError> {
    if purpose == Purpose::Read {
        return authenticate_reader(state, asked, body).await.map(|(device, _)| device);
    }
    let claim = Claim::of(asked.2)?;
    let remembered = state.devices.get(claim.tenant_id, claim.terminal_id);
    let is_remembered = remembered.is_some();
    let device = match remembered {
        Some(device) => device,
        None => find(state, claim.tenant_id, claim.terminal_id).await?.ok_or_else(unknown_terminal)?,
    };
    claim.check(&device, asked, body)?;
    if !is_remembered {
        state.devices.remember(&device);
    }
    Ok(device)
}

/// As [`authenticate`] for reading; gives what was looked up in its transaction, to read on in.
///
/// # Errors
/// As [`authenticate`].
pub async fn authenticate_reader(
    state: &AppState,
    asked: Asked<'_>,
    body: &[u8],
) -> Result<(Device, Tx), ApiError> {
    let claim = Claim::of(asked.2)?;
    let mut tx = state.db.read(claim.tenant_id).await?;
    let device = find_in(&mut tx, claim.tenant_id, claim.terminal_id).await?.ok_or_else(unknown_terminal)?;
    claim.check(&device, asked, body)?;
    state.devices.remember(&device);
    claim.may_read(&device, state.clock.now())?;
    Ok((device, tx))
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
    find_in(&mut state.db.read(tenant_id).await?, tenant_id, terminal_id).await
}

async fn find_in(
    tx: &mut Tx,
    tenant_id: TenantId,
    terminal_id: TerminalId,
) -> Result<Option<Device>, DatabaseError> {
    let row = sqlx::query(
        "SELECT outlet_id, public_key, revoked FROM terminals WHERE tenant_id = $1 AND terminal_id = $2",
    )
    .bind(tenant_id.to_string())
    .bind(terminal_id.to_string())
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let corrupt = |error: &dyn std::fmt::Display| DatabaseError::corrupt("terminals", error);
    let outlet_id = row.try_get::<&str, _>(0)?.parse().map_err(|error| corrupt(&error))?;
    let Some(public_key) = row.try_get::<Option<&str>, _>(1)? else { return Ok(None) };
    let public_key = public_key.parse().map_err(|error| corrupt(&error))?;
    let revoked = row.try_get::<i64, _>(2)? != 0;
    Ok(Some(Device { tenant_id, outlet_id, terminal_id, public_key, revoked }))
}
