//! Routes of identity: signing in, outlets, staff and terminals.

pub mod auth;
pub mod outlets;
pub mod staff;
pub mod terminals;
pub mod till;

use axum::Router;
use axum::routing::{delete, get, patch, post};

use shared::wire::path;

use crate::app::AppState;

/// The routes of this domain.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/auth/sign-in", post(auth::sign_in))
        .route("/api/v1/auth/refresh", post(auth::refresh))
        .route("/api/v1/auth/sign-out", post(auth::sign_out))
        .route("/api/v1/auth/me", get(auth::me))
        .route("/api/v1/outlets", get(outlets::list).post(outlets::create))
        .route("/api/v1/outlets/{id}", patch(outlets::update))
        .route(path::LAYOUTS, post(till::layouts))
        .route("/api/v1/staff", get(staff::list).post(staff::create))
        .route("/api/v1/staff/{id}", patch(staff::update))
        .route("/api/v1/terminals", get(terminals::list).post(terminals::create))
        .route("/api/v1/terminals/{id}", delete(terminals::revoke))
}
