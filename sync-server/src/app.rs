//! The state that every handler shares, and the one router.

use std::any::Any;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::{HeaderName, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use metrics_exporter_prometheus::PrometheusHandle;
use shared::Clock;
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, RequestId, SetRequestIdLayer};
use tower_http::trace::TraceLayer;

use crate::config::Config;
use crate::database::Database;
use crate::error::{ApiError, code};
use crate::seams::SystemRandom;
use crate::secrets::Secrets;
use crate::sync::device::Devices;
use crate::sync::receive::Receiving;
use crate::sync::{Attempts, Backlogs, Limits, Snapshots, Wake};
use crate::{cards, catalog, devices, identity, inventory, members, openapi, orders, pricing, reports, sync};

/// The largest body of an ordinary request; routes that take more say so themselves.
const MAX_BODY_BYTES: usize = 2 * 1024 * 1024;
static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// What every handler shares; cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub db: Database,
    /// The settings.
    pub config: Arc<Config>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// The server's secret and its derivations.
    pub secrets: Arc<Secrets>,
    /// The life of this database: changes when it is made anew.
    pub server_epoch: Arc<str>,
    /// Wakes the applying of received events.
    pub wake: Arc<Wake>,
    /// Places for pushes in work or waiting.
    pub pushes: Arc<Semaphore>,
    /// Places for terminals that listen for news.
    pub listeners: Arc<Semaphore>,
    /// Received bodies in work or waiting, in KiB.
    pub push_kib: Arc<Semaphore>,
    /// Pushes that wait to be stored.
    pub receiving: Arc<Receiving>,
    /// Terminals whose keys are known.
    pub devices: Arc<Devices>,
    /// How often terminals and businesses may push.
    pub limits: Arc<Limits>,
    /// Attempts at pairing codes, by address.
    pub attempts: Arc<Attempts>,
    /// How far behind terminals are, as last heard.
    pub backlogs: Arc<Backlogs>,
    /// Ready-made catalogues.
    pub snapshots: Arc<Snapshots>,
    /// The figures for `/metrics`.
    pub metrics: PrometheusHandle,
}

impl AppState {
    /// Randomness for new ids and keys.
    pub fn rng(&self) -> SystemRandom {
        SystemRandom
    }

    /// Whether no push is in work and none was a moment ago: work that can wait begins then.
    pub fn is_quiet(&self) -> bool {
        self.pushes.available_permits() >= self.config.max_pushes && self.wake.is_quiet()
    }
}

/// All routes with the layers around them.
pub fn router(state: AppState) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
        .merge(sync::routes())
        .merge(orders::routes())
        .merge(inventory::routes())
        .merge(devices::routes())
        .merge(cards::routes())
        .merge(reports::routes())
        .merge(identity::routes())
        .merge(catalog::routes())
        .merge(members::routes())
        .merge(pricing::routes())
        .merge(openapi::routes())
        .fallback(|| async { ApiError::not_found("path") })
        .method_not_allowed_fallback(|| async {
            ApiError::new(
                StatusCode::METHOD_NOT_ALLOWED,
                code::NOT_FOUND,
                "not found",
                "this path has no such method",
            )
        })
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .route_layer(middleware::from_fn(measure))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(openapi::security_headers))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(PropagateRequestIdLayer::new(REQUEST_ID.clone()))
        .layer(SetRequestIdLayer::new(REQUEST_ID.clone(), MakeRequestUuid))
        .with_state(state)
}

/// The process runs.
async fn health() -> &'static str {
    "ok"
}

/// The server can work: the database answers and has this build's schema.
async fn ready(State(state): State<AppState>) -> Result<&'static str, ApiError> {
    state.db.check_ready().await.map_err(|error| {
        tracing::warn!(error = &error as &dyn std::error::Error, "not ready");
        ApiError::busy()
    })?;
    Ok("ready")
}

/// Figures in the text form of Prometheus.
async fn metrics(State(state): State<AppState>) -> impl IntoResponse {
    state.metrics.run_upkeep();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], state.metrics.render())
}

/// Measures requests by their route, never by their full path, which holds ids.
async fn measure(request: Request, next: Next) -> Response {
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unknown".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().as_str().to_owned();
    let begun = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    let labels = [("method", method), ("path", path), ("status", status)];
    ::metrics::histogram!("kedai_request_seconds", &labels).record(begun.elapsed());
    response
}

fn span<B>(request: &axum::http::Request<B>) -> tracing::Span {
    let id = request.extensions().get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
    tracing::info_span!(
        "request",
        method = %request.method(),
        path = request.uri().path(),
        request_id = id.unwrap_or_default()
    )
}

fn panicked(cause: Box<dyn Any + Send + 'static>) -> Response {
    let text = cause
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| cause.downcast_ref::<&str>().copied())
        .unwrap_or("unknown");
    tracing::error!(panic = text, "a handler panicked");
    let detail = "something failed on the server";
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, code::INTERNAL, "the server failed", detail)
        .into_response()
}

/// How often metrics are condensed while nobody reads them.
pub(crate) const METRICS_UPKEEP: Duration = Duration::from_secs(30);
