//! Commands and changes over HTTP.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Extension, Path, State};
use axum::http::{StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::{Stream, StreamExt as _};
use tokio_stream::wrappers::BroadcastStream;

use super::Shell;
use crate::engine::ClientId;
use crate::views::{Changed, Code, CommandErrorView, ErrorDetails};

/// How often a silent stream says that it lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

pub(super) async fn call(
    State(shell): State<Shell>,
    Extension(client): Extension<ClientId>,
    Path(command): Path<String>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) => return failed(&invalid(rejection.body_text())),
    };
    // The store and the PIN's hash take their time: never on the threads that serve connections.
    let engine = shell.engine.clone();
    let name = command.clone();
    let done = tokio::task::spawn_blocking(move || engine.call_bytes(&client, &command, &body)).await;
    match done {
        Ok(Ok(json)) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        Ok(Err(error)) => failed(&error),
        Err(panic) => {
            tracing::error!(%panic, "a command ended in a panic");
            failed(&crate::commands::fault(&name))
        }
    }
}

fn invalid(reason: String) -> CommandErrorView {
    let details = ErrorDetails { retry_at: None, permission: None, reason: Some(reason), subject: None };
    CommandErrorView { code: Code::Invalid, message: "reading the input".to_owned(), details }
}

fn failed(error: &CommandErrorView) -> Response {
    (status(error.code), axum::Json(error)).into_response()
}

/// The HTTP status of a code; the screens react to the code itself.
fn status(code: Code) -> StatusCode {
    match code {
        Code::Invalid => StatusCode::BAD_REQUEST,
        Code::NotSignedIn | Code::PinWrong => StatusCode::UNAUTHORIZED,
        Code::NotAllowed | Code::ApprovalNeeded => StatusCode::FORBIDDEN,
        Code::NotFound | Code::UnknownCode | Code::UnknownCommand => StatusCode::NOT_FOUND,
        Code::PinLocked => StatusCode::TOO_MANY_REQUESTS,
        Code::ChoiceNeeded
        | Code::TenderMissing
        | Code::TenderOverpaid
        | Code::RefundTooMuch
        | Code::OutOfRange
        | Code::PairingInvalid => StatusCode::UNPROCESSABLE_ENTITY,
        Code::DrawerClosed
        | Code::DrawerOpen
        | Code::CartEmpty
        | Code::CartChanged
        | Code::CardBusy
        | Code::CardUnsettled
        | Code::NoPrinter
        | Code::AlreadyEnrolled
        | Code::NotEnrolled => StatusCode::CONFLICT,
        Code::DiskFull => StatusCode::INSUFFICIENT_STORAGE,
        Code::ServerUnreachable | Code::ServerUntrusted | Code::ServerGarbled | Code::ProtocolUnsupported => {
            StatusCode::BAD_GATEWAY
        }
        Code::StoreFailed | Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

pub(super) async fn events(State(shell): State<Shell>) -> Response {
    let Ok(permit) = shell.streams.clone().try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let mut stopping = shell.stopping.clone();
    let stopped = async move {
        let _ = stopping.wait_for(|stop| *stop).await;
    };
    let stream = changes(shell.engine.subscribe()).take_until(stopped).map(move |event| {
        let _held = &permit;
        event
    });
    Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

fn changes(
    receiver: tokio::sync::broadcast::Receiver<Changed>,
) -> impl Stream<Item = Result<Event, Infallible>> {
    BroadcastStream::new(receiver).map(|changed| {
        // Whoever is too slow has missed some: then anything may have changed.
        let changed = changed.unwrap_or_else(|_| Changed::everything());
        Ok(Event::default().event("changed").json_data(&changed).unwrap_or_default())
    })
}
