//! The journal up, the feed down: enrolment, push, pull, and the applying of what came in.

pub mod apply;
mod attempts;
pub mod feed;

pub use apply::Wake;
pub use attempts::Attempts;

use axum::Router;

use crate::app::AppState;

/// The routes of this domain.
pub fn routes() -> Router<AppState> {
    Router::new()
}
