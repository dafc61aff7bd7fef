//! The wire on which terminals are told at once that there is news; they fetch it as they always do.

use std::time::Duration;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Request, State};
use axum::http::Request as HttpRequest;
use axum::response::Response;
use metrics::gauge;
use shared::wire::{LIVE_HEARTBEAT_MS, Live, PROTOCOL_VERSION};
use sqlx::Row as _;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use super::device::{Device, Purpose, authenticate};
use crate::app::AppState;
use crate::database::DatabaseError;
use crate::error::ApiError;

/// How long a message may take to be taken by the network.
const SEND_TIME: Duration = Duration::from_secs(10);
/// A terminal that was silent for so many heartbeats is gone.
const SILENT_BEATS: u8 = 3;
/// After this a terminal has to prove itself anew: one that was revoked meanwhile hears nothing more.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Terminals send nothing but answers to heartbeats.
const MAX_HEARD_BYTES: usize = 1024;

/// Hear at once that there is news: a WebSocket that carries `{protocol, newest}`.
#[utoipa::path(
    get, path = "/api/v1/sync/live", tag = "sync",
    responses(
        (status = 101, description = "messages: protocol, newest (the number of the newest change)"),
        (status = 401, description = "clock_skew", body = super::ProblemView),
        (status = 403, description = "terminal_revoked", body = super::ProblemView),
        (status = 404, description = "unknown_terminal", body = super::ProblemView),
        (status = 503, description = "busy", body = super::ProblemView)
    )
)]
pub(super) async fn live(
    State(state): State<AppState>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    request: Request,
) -> Result<Response, ApiError> {
    let (parts, _) = HttpRequest::into_parts(request);
    let device =
        authenticate(&state, Purpose::Read, (&parts.method, &parts.uri, &parts.headers), &[]).await?;
    let upgrade = upgrade.map_err(|_| ApiError::malformed("this path is opened as a WebSocket"))?;
    let place = state.listeners.clone().try_acquire_owned().map_err(|_| ApiError::busy())?;
    Ok(upgrade
        .read_buffer_size(MAX_HEARD_BYTES)
        .write_buffer_size(0)
        .max_message_size(MAX_HEARD_BYTES)
        .on_upgrade(move |socket| serve(socket, state, device, place)))
}

async fn serve(mut socket: WebSocket, state: AppState, device: Device, _place: OwnedSemaphorePermit) {
    let _counted = Counted::begin();
    // Listened to before the first look, so that nothing falls between the two.
    let mut news = state.db.news().listen(device.tenant_id);
    let mut next = match newest(&state, &device).await {
        Ok(newest) => Some(newest),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "the newest change could not be read");
            return;
        }
    };
    drop(state);
    let mut heartbeat = interval(Duration::from_millis(LIVE_HEARTBEAT_MS));
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    heartbeat.reset();
    let over = sleep(LONGEST);
    tokio::pin!(over);
    let mut silent = 0_u8;
    loop {
        if let Some(newest) = next.take() {
            let Ok(text) = serde_json::to_string(&Live { protocol: PROTOCOL_VERSION, newest }) else {
                return;
            };
            if !send(&mut socket, Message::Text(text.into())).await {
                return;
            }
        }
        tokio::select! {
            changed = news.changed() => match changed {
                Ok(()) => next = Some(*news.borrow_and_update()),
                Err(_) => break,
            },
            heard = socket.recv() => match heard {
                Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                Some(Ok(_)) => silent = 0,
            },
            _ = heartbeat.tick() => {
                silent += 1;
                if silent > SILENT_BEATS || !send(&mut socket, Message::Ping(axum::body::Bytes::new())).await {
                    return;
                }
            }
            () = &mut over => break,
        }
    }
    send(&mut socket, Message::Close(None)).await;
}

async fn send(socket: &mut WebSocket, message: Message) -> bool {
    matches!(timeout(SEND_TIME, socket.send(message)).await, Ok(Ok(())))
}

/// The number of a business's newest change.
async fn newest(state: &AppState, device: &Device) -> Result<u64, DatabaseError> {
    let mut tx = state.db.read(device.tenant_id).await?;
    let row = sqlx::query("SELECT change_seq FROM tenants WHERE tenant_id = $1")
        .bind(device.tenant_id.to_string())
        .fetch_one(&mut *tx)
        .await?;
    u64::try_from(row.try_get::<i64, _>(0)?).map_err(|error| DatabaseError::corrupt("tenants", error))
}

/// Counts a listening terminal for as long as it listens.
struct Counted;

impl Counted {
    fn begin() -> Self {
        gauge!("kedai_live_terminals").increment(1.0);
        Self
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        gauge!("kedai_live_terminals").decrement(1.0);
    }
}
