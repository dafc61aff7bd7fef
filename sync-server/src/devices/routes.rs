//! Drawer sessions, and how terminals and their devices are doing.

mod drawers;
mod journals;
mod reported;

use axum::Router;
use axum::routing::get;

use crate::app::AppState;

/// The routes of this domain.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/drawer-sessions", get(drawers::list_drawer_sessions))
        .route("/api/v1/devices", get(reported::list_devices))
        .route("/api/v1/devices/journals", get(journals::list_journals))
}

/// The part of the API description that belongs to this domain.
#[derive(utoipa::OpenApi)]
#[openapi(
    paths(drawers::list_drawer_sessions, reported::list_devices, journals::list_journals),
    tags((name = "devices", description = "Drawer sessions, devices, and what came in from each terminal"))
)]
pub struct Api;
