//! The description of the API (OpenAPI 3.1) and a page that shows it without any network.
//!
//! Every domain describes its own routes; here they are joined. A new route is added to its domain's `Api` or to the
//! list below; a test fails while a route is not described.

mod documents;

pub use documents::*;

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use shared::wire;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{Content, OpenApi as Description, Ref, RefOr, Response as DescribedResponse};
use utoipa::{IntoResponses, Modify, OpenApi, ToSchema};
use utoipa_swagger_ui::SwaggerUi;

use crate::app::AppState;
use crate::{cards, catalog, devices, identity, inventory, members, orders, pricing, reports, sync};

/// Where the description is.
pub const DESCRIPTION_PATH: &str = "/api/v1/openapi.json";
/// Where the page is that shows it.
pub const PAGE_PATH: &str = "/api/v1/docs";

/// A problem by RFC 9457, with a closed code for the reader's reaction.
#[derive(serde::Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// `urn:kedai:problem:<code>`.
    r#type: String,
    /// A short summary.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What happened and what to do, for a person.
    detail: String,
    /// The closed code.
    #[schema(example = "not_found")]
    code: String,
    /// More, by code.
    #[schema(value_type = Option<Object>)]
    details: Option<serde_json::Value>,
}

/// Every answer that is no success; put last among the responses of a route.
pub struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<DescribedResponse>> {
        let schema = Ref::from_schema_name("Problem");
        let response = DescribedResponse::builder()
            .description("A problem (RFC 9457): its code says which")
            .content("application/problem+json", Content::new(Some(schema)))
            .build();
        BTreeMap::from([("default".to_owned(), RefOr::T(response))])
    }
}

struct AccessToken;

impl Modify for AccessToken {
    fn modify(&self, openapi: &mut Description) {
        let mut http = Http::new(HttpAuthScheme::Bearer);
        http.bearer_format = Some("JWT".to_owned());
        http.description = Some("From POST /api/v1/auth/sign-in; good for 15 minutes".to_owned());
        let signature = ApiKeyValue::with_description(
            wire::header::SIGNATURE,
            "Ed25519 by the terminal's key over the request, beside the other kedai headers",
        );
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("access_token", SecurityScheme::Http(http));
        components.add_security_scheme("device_signature", SecurityScheme::ApiKey(ApiKey::Header(signature)));
    }
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Kedai sync server",
        description = "Prices, stock and sales of every outlet: what headquarters reads and changes, and what terminals \
                       hand in and fetch. Amounts of money are text (`\"242528 IDR\"`: minor units and currency), unit \
                       prices and quantities decimal text, times milliseconds since 1970 UTC. An id of another \
                       business is answered like one that does not exist.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/", description = "This server")),
    security(("access_token" = [])),
    modifiers(&AccessToken),
    tags(
        (name = "auth", description = "Signing in"),
        (name = "outlets", description = "Outlets and how they trade"),
        (name = "staff", description = "People, roles and PINs"),
        (name = "terminals", description = "Terminals and pairing codes"),
        (name = "products", description = "Items, categories and pictures"),
    ),
    paths(
        identity::routes::auth::sign_in,
        identity::routes::auth::refresh,
        identity::routes::auth::sign_out,
        identity::routes::auth::me,
        identity::routes::outlets::list,
        identity::routes::outlets::create,
        identity::routes::outlets::update,
        identity::routes::till::layouts,
        identity::routes::staff::list,
        identity::routes::staff::create,
        identity::routes::staff::update,
        identity::routes::terminals::list,
        identity::routes::terminals::create,
        identity::routes::terminals::revoke,
        catalog::routes::products::list,
        catalog::routes::products::create,
        catalog::routes::products::read,
        catalog::routes::products::update,
        catalog::routes::products::delete,
        catalog::routes::import::import,
        catalog::routes::categories::list,
        catalog::routes::categories::create,
        catalog::routes::categories::update,
        catalog::routes::categories::delete,
        catalog::routes::pictures::read,
        catalog::routes::pictures::put,
    ),
    components(schemas(ProblemDocument, catalog::import::RowError))
)]
struct Own;

/// The description of all routes.
pub fn description() -> Description {
    let mut description = Own::openapi();
    for part in [
        sync::Api::openapi(),
        sync::exceptions::Api::openapi(),
        orders::Api::openapi(),
        members::Api::openapi(),
        pricing::Api::openapi(),
        inventory::Api::openapi(),
        devices::Api::openapi(),
        cards::Api::openapi(),
        reports::Api::openapi(),
    ] {
        description.merge(part);
    }
    for (path, item) in &mut description.paths.paths {
        for (method, operation) in operations(item) {
            operation.operation_id = Some(operation_name(method, path));
            if path.starts_with(wire::path::ENROL) {
                operation.security = Some(Vec::new());
            } else if path.starts_with("/api/v1/sync/") {
                operation.security =
                    Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>("device_signature", [])]);
            }
        }
    }
    description
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [
        ("get", item.get.as_mut()),
        ("put", item.put.as_mut()),
        ("post", item.post.as_mut()),
        ("patch", item.patch.as_mut()),
        ("delete", item.delete.as_mut()),
    ];
    all.into_iter().filter_map(|(method, operation)| Some((method, operation?)))
}

/// A name for generated clients that is there once: `get_products`, `patch_products_by_id`.
fn operation_name(method: &str, path: &str) -> String {
    let mut name = method.to_owned();
    for part in path.trim_start_matches("/api/v1").split('/').filter(|part| !part.is_empty()) {
        name.push('_');
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(_) => name.push_str("by_id"),
            None => name.push_str(&part.replace('-', "_")),
        }
    }
    name
}

/// The routes of the description and its page.
pub fn routes() -> Router<AppState> {
    let page = SwaggerUi::new(PAGE_PATH).url(DESCRIPTION_PATH, description());
    Router::new().merge(page).layer(from_fn(page_headers))
}

/// What a browser may do with the page: show it and ask this server, nothing else.
async fn page_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
                  font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

/// Headers that every answer carries unless its route says otherwise: nothing is guessed, framed, run or told to others.
pub async fn security_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let defaults = [
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in defaults {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use shared::wire::Problem;

    use super::*;

    #[test]
    fn the_described_problem_has_the_fields_of_the_real_one() {
        let problem = Problem {
            kind: "urn:kedai:problem:busy".into(),
            title: String::new(),
            status: 503,
            detail: String::new(),
            code: "busy".into(),
            details: serde_json::Value::Null,
        };
        let real = serde_json::to_value(problem).unwrap();
        let described = serde_json::to_value(<ProblemDocument as utoipa::PartialSchema>::schema()).unwrap();
        let keys = |value: &serde_json::Value| -> Vec<String> {
            let mut keys: Vec<String> = value.as_object().unwrap().keys().cloned().collect();
            keys.sort();
            keys
        };
        assert_eq!(keys(&real), keys(&described["properties"]));
    }

    #[test]
    fn every_reference_of_the_description_leads_somewhere() {
        let document = serde_json::to_value(description()).unwrap();
        let text = document.to_string();
        let mut found = 0;
        for part in text.split("\"$ref\":\"").skip(1) {
            let target = part.split('"').next().unwrap().trim_start_matches('#');
            assert!(document.pointer(target).is_some(), "{target}");
            found += 1;
        }
        assert!(found > 20, "{found}");
    }

    #[test]
    fn every_operation_has_a_name_of_its_own_a_summary_and_says_who_may_ask() {
        let document = serde_json::to_value(description()).unwrap();
        let mut names = std::collections::BTreeSet::new();
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let name = operation["operationId"].as_str().unwrap();
                assert!(names.insert(name.to_owned()), "{method} {path}: {name} is there twice");
                assert!(!name.contains(['{', '-']), "{name}");
                assert!(
                    operation["summary"].as_str().is_some_and(|text| !text.is_empty()),
                    "{method} {path}"
                );
            }
        }
        assert_eq!(document["openapi"], "3.1.0");
    }
}
