//! Routes of catalog.

use axum::Router;

use crate::app::AppState;

/// The routes of this domain.
pub fn routes() -> Router<AppState> {
    Router::new()
}
