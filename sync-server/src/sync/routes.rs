//! Requests and answers of the sync API.

use std::net::SocketAddr;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Json, Router};
use metrics::{counter, gauge};
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::wire::{
    EnrolRequest, EnrolResponse, MAX_PUSH_EVENTS, PROTOCOL_VERSION, PushResponse, path, problem,
};

use super::device::{Purpose, authenticate, authenticate_reader, check_protocol};
use super::exceptions::{self, Exception};
use super::receive::{self, Outcome, RawPush, Refused, Verified};
use super::{body, enrol, live, pull, snapshot};
use crate::app::AppState;
use crate::error::ApiError;
use crate::extract::QueryOf;

/// The routes of this domain.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route(path::ENROL, post(enrol_terminal))
        .route(path::PUSH, post(push))
        .route(path::PULL, get(pull_page))
        .route(path::LIVE, get(live::live))
        .route(path::SNAPSHOT, get(snapshot::offer))
        .route(&format!("{}/{{id}}", path::SNAPSHOT), get(snapshot::part))
        .merge(exceptions::routes())
}

/// The part of the API description that belongs to this domain.
#[derive(utoipa::OpenApi)]
#[openapi(
    paths(enrol_terminal, push, pull_page, live::live, snapshot::offer, snapshot::part),
    components(schemas(ProblemView)),
    tags((name = "sync", description = "Terminals: enrolment, the journal up, the change feed down"))
)]
pub struct Api;

/// A problem by RFC 9457.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemView {
    /// `urn:kedai:problem:<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// A short summary.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened and what to do, for a person.
    pub detail: String,
    /// The closed code.
    pub code: String,
    /// More, by code.
    pub details: serde_json::Value,
}

/// Enrol a terminal with a one-time pairing code.
#[utoipa::path(
    post, path = "/api/v1/sync/enrol", tag = "sync",
    request_body(content = Object, description = "protocol, pairing_code, public_key (Ed25519, hexadecimal), device_name"),
    responses(
        (status = 200, description = "tenant_id, outlet_id, terminal_id, terminal_number, epoch, pin_pepper, server_time"),
        (status = 403, description = "pairing_code_invalid", body = ProblemView),
        (status = 429, description = "rate_limited", body = ProblemView)
    )
)]
async fn enrol_terminal(
    State(state): State<AppState>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    content: Bytes,
) -> Result<Json<EnrolResponse>, ApiError> {
    let request: EnrolRequest = read_message(&content)?;
    check_protocol(request.protocol)?;
    let now = state.clock.now();
    if let Some(seconds) = state.attempts.wait_s(peer.ip(), now) {
        return Err(ApiError::rate_limited(seconds));
    }
    let enrolled = enrol::enrol(&state, &request).await;
    if enrolled.as_ref().is_err_and(|error| error.code() == problem::PAIRING) {
        state.attempts.failed(peer.ip(), now);
    }
    enrolled.map(Json)
}

/// Hand in consecutive journal events; empty asks for the high-water mark.
#[utoipa::path(
    post, path = "/api/v1/sync/push", tag = "sync",
    request_body(content = Object, description = "protocol, epoch, events (event, prev_hash, hash, signature); may be zstd"),
    responses(
        (status = 200, description = "protocol, epoch, acked_seq, acked_hash, server_epoch, server_time"),
        (status = 404, description = "unknown_terminal", body = ProblemView),
        (status = 409, description = "journal_gap or journal_fork", body = ProblemView),
        (status = 422, description = "journal_tampered", body = ProblemView),
        (status = 429, description = "rate_limited", body = ProblemView),
        (status = 503, description = "busy", body = ProblemView)
    )
)]
async fn push(State(state): State<AppState>, request: Request) -> Result<Json<PushResponse>, ApiError> {
    let outcome = receive_push(&state, request).await;
    let label = outcome.as_ref().map_or_else(|error| error.code(), |_| "held");
    counter!("kedai_pushes_total", "outcome" => label).increment(1);
    outcome.map(Json)
}

async fn receive_push(state: &AppState, request: Request) -> Result<PushResponse, ApiError> {
    let (parts, content) = request.into_parts();
    // A place is taken only for work, so that slow senders cannot keep the others out; but whoever would be turned away
    // anyway need not send all of it first.
    if state.pushes.available_permits() == 0 {
        return Err(ApiError::busy());
    }
    let content = body::read(content).await?;
    let kib = u32::try_from(content.len() / 1024 + 1).unwrap_or(u32::MAX);
    let _room = state.push_kib.try_acquire_many(kib).map_err(|_| ApiError::busy())?;
    let _place = state.pushes.try_acquire().map_err(|_| ApiError::busy())?;
    let _counted = InWork::begin();
    let device =
        authenticate(state, Purpose::HandIn, (&parts.method, &parts.uri, &parts.headers), &content).await?;
    if let Some(seconds) = state.limits.wait_s(device.tenant_id, device.terminal_id, state.clock.now()) {
        return Err(ApiError::rate_limited(seconds));
    }
    state.backlogs.heard(device.tenant_id, device.terminal_id, &parts.headers, state.clock.now());
    let verifying = {
        let device = device.clone();
        // Reading and hashing is work for a core, not for the threads that answer others.
        tokio::task::spawn_blocking(move || -> Result<(u32, Vec<Verified>, Option<Refused>), ApiError> {
            let content = body::decode(&parts.headers, content)?;
            let malformed = |error| ApiError::malformed(format!("the body is no such message: {error}"));
            let push: RawPush<'_> = match serde_json::from_slice(&content) {
                Ok(push) => push,
                Err(error) => return Err(other_protocol(&content).unwrap_or_else(|| malformed(error))),
            };
            check_protocol(push.protocol)?;
            let (events, refused) = receive::verify_raw(&device, &push).map_err(malformed)?;
            Ok((push.epoch, events, refused))
        })
    };
    let (epoch, events, refused) = verifying.await.map_err(|error| ApiError::internal(&error))??;
    let received = receive::receive(state, &device, epoch, events).await?;
    match received.outcome {
        Outcome::Held { stored, duplicates } => {
            counter!("kedai_events_received_total").increment(stored);
            counter!("kedai_events_duplicate_total").increment(duplicates);
            if stored > 0 {
                state.wake.now();
            }
        }
        Outcome::Gap { expected_seq } => return Err(gap(expected_seq)),
        Outcome::Fork { seq, new_epoch } => {
            tracing::warn!(terminal = %device.terminal_id, epoch, seq, "a journal forked");
            let detail = "the server holds another event at this place; go on under the new epoch";
            return Err(ApiError::new(StatusCode::CONFLICT, problem::FORK, "the journal forked", detail)
                .with_details(json!({ "seq": seq, "new_epoch": new_epoch })));
        }
        Outcome::Epoch { known } => {
            let detail = format!("epoch {epoch} is too far beyond the newest known one, {known}");
            return Err(ApiError::malformed(detail).with_details(json!({ "known_epoch": known })));
        }
    }
    if let Some(refused) = refused {
        return Err(refuse(state, &device, epoch, refused).await?);
    }
    Ok(PushResponse {
        protocol: PROTOCOL_VERSION,
        epoch,
        acked_seq: received.head.map_or(0, |(seq, _)| seq),
        acked_hash: received.head.map(|(_, hash)| hash),
        server_epoch: state.server_epoch.to_string(),
        server_time: state.clock.now(),
    })
}

/// Counts a push as being in work, also when its sender goes away in the middle.
struct InWork;

impl InWork {
    fn begin() -> Self {
        gauge!("kedai_push_queue").increment(1.0);
        Self
    }
}

impl Drop for InWork {
    fn drop(&mut self) {
        gauge!("kedai_push_queue").decrement(1.0);
    }
}

fn gap(expected_seq: u64) -> ApiError {
    let detail = format!("events are missing; push from {expected_seq}");
    ApiError::new(StatusCode::CONFLICT, problem::GAP, "a gap in the journal", detail)
        .with_details(json!({ "expected_seq": expected_seq }))
}

/// The problem of a push that was right only up to a place; tampering is noted for a person.
async fn refuse(
    state: &AppState,
    device: &super::device::Device,
    epoch: u32,
    refused: Refused,
) -> Result<ApiError, ApiError> {
    let seq = match refused {
        Refused::Gap { expected_seq } => return Ok(gap(expected_seq)),
        Refused::TooMany => {
            return Ok(ApiError::too_large(format!("a push has at most {MAX_PUSH_EVENTS} events")));
        }
        Refused::Tampered { seq } => seq,
    };
    let now = state.clock.now();
    let exception = Exception {
        code: exceptions::code::JOURNAL_TAMPERED,
        outlet_id: Some(device.outlet_id),
        terminal_id: Some(device.terminal_id),
        event: Some((epoch, seq)),
        subject: device.terminal_id.to_string(),
        details: json!({ "epoch": epoch, "seq": seq }),
        occurred_at: now,
    };
    let mut tx = state.db.write(device.tenant_id).await?;
    exceptions::note_and_tell(&mut tx, device.tenant_id, &exception, now).await?;
    tx.commit().await?;
    tracing::warn!(terminal = %device.terminal_id, epoch, seq, "an event was refused as tampered with");
    let detail = format!("event {seq} was changed after it was written or not signed by this terminal");
    let title = "an event was tampered with";
    Ok(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, problem::TAMPERED, title, detail)
        .with_details(json!({ "seq": seq })))
}

/// Reads a message, looking at its protocol version first: one of another version need not have the same form.
fn read_message<T: serde::de::DeserializeOwned>(content: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(content).map_err(|error| {
        other_protocol(content)
            .unwrap_or_else(|| ApiError::malformed(format!("the body is no such message: {error}")))
    })
}

/// The problem of a message of a protocol version that this build does not speak; None for every other message.
fn other_protocol(content: &[u8]) -> Option<ApiError> {
    #[derive(Deserialize)]
    struct Version {
        protocol: u16,
    }
    let other = serde_json::from_slice::<Version>(content).ok()?;
    check_protocol(other.protocol).err()
}

#[derive(Debug, Deserialize)]
struct PullQuery {
    cursor: Option<String>,
}

/// The next page of the change feed, scoped to the terminal's outlet.
#[utoipa::path(
    get, path = "/api/v1/sync/pull", tag = "sync",
    params(("cursor" = Option<String>, Query, description = "where to go on; none begins anew")),
    responses(
        (status = 200, description = "protocol, cursor, more, reset, remaining, rows (entity, id, change_seq, body), sums on a last page with news (entity, rows, sum), server_time, stamp, worked (epoch, seq); zstd when accepted"),
        (status = 401, description = "clock_skew", body = ProblemView),
        (status = 403, description = "terminal_revoked", body = ProblemView),
        (status = 404, description = "unknown_terminal", body = ProblemView)
    )
)]
async fn pull_page(
    State(state): State<AppState>,
    QueryOf(query): QueryOf<PullQuery>,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, content) = request.into_parts();
    let content = body::read(content).await?;
    let asked = (&parts.method, &parts.uri, &parts.headers);
    let (device, tx) = authenticate_reader(&state, asked, &content).await?;
    let page = pull::page(&state, &device, tx, query.cursor.as_deref()).await?;
    state.backlogs.read(device.tenant_id, device.terminal_id, page.read_to, state.clock.now());
    counter!("kedai_pull_rows_total").increment(u64::try_from(page.rows.len()).unwrap_or(0));
    let zstd = body::accepts_zstd(&parts.headers);
    if page.rows.is_empty() {
        // As nearly always; not worth another thread.
        return Ok(body::answer(&page, zstd));
    }
    tokio::task::spawn_blocking(move || body::answer(&page, zstd))
        .await
        .map_err(|error| ApiError::internal(&error))
}
