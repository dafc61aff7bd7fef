//! Routes of prices: parts and their lives, the versions made of them, a basket tried, a campaign tried on past sales.

mod basket;
mod books;
mod lives;
mod past_sales;
mod till;

use axum::Router;
use axum::routing::{get, post};
use shared::wire::path;
use utoipa::OpenApi;

use super::part::Kind;
use crate::app::AppState;

/// The handlers of one kind of part: thin, so that each is described by itself.
macro_rules! resource {
    ($module:ident, $kind:expr, $path:literal, $one:literal, $activate:literal, $deactivate:literal, $word:literal) => {
        pub(in crate::pricing) mod $module {
            #![doc = concat!("Every ", $word, " of the business.")]

            use axum::Json;
            use axum::extract::State;
            use axum::http::StatusCode;
            use serde_json::Value;
            use shared::ids::PricingPartId;

            use super::super::Kind;
            use super::super::lives::{self, Author, Fields, Parts, Term};
            use crate::app::AppState;
            use crate::error::ApiError;
            use crate::extract::{JsonBody, PathId};
            use crate::identity::Principal;
            use crate::openapi::Problems;

            const KIND: Kind = $kind;

            /// All of them, the newest first.
            #[utoipa::path(
                get, path = $path, tag = "pricing",
                responses((status = 200, description = "All of them, the newest first", body = Parts), Problems)
            )]
            pub async fn list(state: State<AppState>, principal: Principal) -> Result<Json<Parts>, ApiError> {
                lives::list(&state, &Author::reader(&principal), KIND).await
            }

            /// Draft one; no till knows of it before it is activated.
            #[utoipa::path(
                post, path = $path, tag = "pricing", request_body = Object,
                responses((status = 201, description = "The draft", body = Object), Problems)
            )]
            pub async fn create(
                state: State<AppState>,
                principal: Principal,
                JsonBody(fields): JsonBody<Fields>,
            ) -> Result<(StatusCode, Json<Value>), ApiError> {
                Ok((StatusCode::CREATED, lives::create(&state, &Author::of(&principal)?, KIND, fields).await?))
            }

            /// One of them.
            #[utoipa::path(
                get, path = $one, tag = "pricing",
                params(("id" = String, Path, description = "Which", format = "uuid")),
                responses((status = 200, description = "It", body = Object), Problems)
            )]
            pub async fn read(
                state: State<AppState>,
                principal: Principal,
                PathId(id): PathId<PricingPartId>,
            ) -> Result<Json<Value>, ApiError> {
                lives::read(&state, &Author::reader(&principal), KIND, id).await
            }

            /// Change one; what is left out stays. One in force makes new price books at once.
            #[utoipa::path(
                patch, path = $one, tag = "pricing", request_body = Object,
                params(("id" = String, Path, description = "Which", format = "uuid")),
                responses((status = 200, description = "As it is now", body = Object), Problems)
            )]
            pub async fn update(
                state: State<AppState>,
                principal: Principal,
                PathId(id): PathId<PricingPartId>,
                JsonBody(fields): JsonBody<Fields>,
            ) -> Result<Json<Value>, ApiError> {
                lives::update(&state, &Author::of(&principal)?, (KIND, id), fields).await
            }

            /// Delete a draft.
            #[utoipa::path(
                delete, path = $one, tag = "pricing",
                params(("id" = String, Path, description = "Which", format = "uuid")),
                responses((status = 204, description = "Deleted"), Problems)
            )]
            pub async fn delete(
                state: State<AppState>,
                principal: Principal,
                PathId(id): PathId<PricingPartId>,
            ) -> Result<StatusCode, ApiError> {
                lives::delete(&state, &Author::of(&principal)?, KIND, id).await
            }

            /// Let it be in force: at once, or from a moment on.
            #[utoipa::path(
                post, path = $activate, tag = "pricing", request_body = Term,
                params(("id" = String, Path, description = "Which", format = "uuid")),
                responses((status = 200, description = "As it is now", body = Object), Problems)
            )]
            pub async fn activate(
                state: State<AppState>,
                principal: Principal,
                PathId(id): PathId<PricingPartId>,
                JsonBody(term): JsonBody<Term>,
            ) -> Result<Json<Value>, ApiError> {
                lives::activate(&state, &Author::of(&principal)?, (KIND, id), term).await
            }

            /// Take it back; sales made with it stand.
            #[utoipa::path(
                post, path = $deactivate, tag = "pricing",
                params(("id" = String, Path, description = "Which", format = "uuid")),
                responses((status = 200, description = "As it is now", body = Object), Problems)
            )]
            pub async fn deactivate(
                state: State<AppState>,
                principal: Principal,
                PathId(id): PathId<PricingPartId>,
            ) -> Result<Json<Value>, ApiError> {
                lives::deactivate(&state, &Author::of(&principal)?, (KIND, id)).await
            }

            /// The routes.
            pub fn routes() -> axum::Router<AppState> {
                use axum::routing::{get, post};
                axum::Router::new()
                    .route($path, get(list).post(create))
                    .route($one, get(read).patch(update).delete(delete))
                    .route($activate, post(activate))
                    .route($deactivate, post(deactivate))
            }
        }
    };
}

pub(in crate::pricing) mod parts {
    //! One module for each kind of part.

    resource!(
        taxes,
        Kind::Tax,
        "/api/v1/taxes",
        "/api/v1/taxes/{id}",
        "/api/v1/taxes/{id}/activate",
        "/api/v1/taxes/{id}/deactivate",
        "tax"
    );
    resource!(
        campaigns,
        Kind::Campaign,
        "/api/v1/campaigns",
        "/api/v1/campaigns/{id}",
        "/api/v1/campaigns/{id}/activate",
        "/api/v1/campaigns/{id}/deactivate",
        "campaign"
    );
    resource!(
        pricing_rules,
        Kind::PricingRule,
        "/api/v1/pricing-rules",
        "/api/v1/pricing-rules/{id}",
        "/api/v1/pricing-rules/{id}/activate",
        "/api/v1/pricing-rules/{id}/deactivate",
        "price list"
    );
    resource!(
        price_books,
        Kind::PriceBook,
        "/api/v1/price-books",
        "/api/v1/price-books/{id}",
        "/api/v1/price-books/{id}/activate",
        "/api/v1/price-books/{id}/deactivate",
        "price book"
    );
}

/// The description of this domain's routes.
#[derive(OpenApi)]
#[openapi(
    tags((name = "pricing", description = "Taxes, campaigns, price lists and price books")),
    paths(
        parts::taxes::list, parts::taxes::create, parts::taxes::read, parts::taxes::update, parts::taxes::delete,
        parts::taxes::activate, parts::taxes::deactivate,
        parts::campaigns::list, parts::campaigns::create, parts::campaigns::read, parts::campaigns::update,
        parts::campaigns::delete, parts::campaigns::activate, parts::campaigns::deactivate,
        parts::pricing_rules::list, parts::pricing_rules::create, parts::pricing_rules::read,
        parts::pricing_rules::update, parts::pricing_rules::delete, parts::pricing_rules::activate,
        parts::pricing_rules::deactivate,
        parts::price_books::list, parts::price_books::create, parts::price_books::read,
        parts::price_books::update, parts::price_books::delete, parts::price_books::activate,
        parts::price_books::deactivate,
        books::of_outlet, basket::preview, past_sales::simulate, till::ask, till::lend,
    )
)]
pub struct Api;

/// The routes of this domain.
pub fn routes() -> Router<AppState> {
    Router::new()
        .merge(parts::taxes::routes())
        .merge(parts::campaigns::routes())
        .merge(parts::pricing_rules::routes())
        .merge(parts::price_books::routes())
        .route("/api/v1/outlets/{id}/price-books", get(books::of_outlet))
        .route("/api/v1/price-books/preview", post(basket::preview))
        .route("/api/v1/campaigns/{id}/simulate", post(past_sales::simulate))
        .route(path::PRICING, post(till::ask))
        .route(path::ALLOWANCES, post(till::lend))
}
