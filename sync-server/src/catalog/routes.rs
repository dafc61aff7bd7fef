//! Routes of the catalogue: products, their import, categories and pictures.

pub mod categories;
pub mod import;
pub mod pictures;
pub mod products;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, patch, post};

use crate::app::AppState;
use crate::catalog::import::MAX_FILE_BYTES;
use crate::catalog::picture::MAX_PICTURE_BYTES;

/// The routes of this domain.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/products", get(products::list).post(products::create))
        .route("/api/v1/products/{id}", get(products::read).patch(products::update).delete(products::delete))
        .route("/api/v1/products/import", post(import::import).layer(DefaultBodyLimit::max(MAX_FILE_BYTES)))
        .route("/api/v1/categories", get(categories::list).post(categories::create))
        .route("/api/v1/categories/{id}", patch(categories::update).delete(categories::delete))
        .route(
            "/api/v1/pictures/{id}",
            get(pictures::read).put(pictures::put).layer(DefaultBodyLimit::max(MAX_PICTURE_BYTES + 1)),
        )
}
