//! Problems as the API tells them: RFC 9457 documents with a closed code, one per reaction of the reader.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use shared::wire::{Problem, problem};

use crate::database::DatabaseError;

/// Codes beside those of the sync protocol ([`shared::wire::problem`]).
pub mod code {
    /// There is no such thing here, or it is another business's.
    pub const NOT_FOUND: &str = "not_found";
    /// No or no valid sign-in.
    pub const UNAUTHORIZED: &str = "unauthorized";
    /// Signed in, but not allowed.
    pub const FORBIDDEN: &str = "forbidden";
    /// It contradicts what is stored, such as a code in use.
    pub const CONFLICT: &str = "conflict";
    /// A value is not allowed; `details.field` names it.
    pub const INVALID: &str = "invalid";
    /// The body is larger than allowed.
    pub const TOO_LARGE: &str = "too_large";
    /// Too many attempts; header `Retry-After`.
    pub use shared::wire::problem::RATE_LIMITED;
    /// Something failed here; it is in the log under the request's id.
    pub const INTERNAL: &str = "internal";
}

/// A problem to be told.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: String,
    details: Value,
    retry_after_s: Option<u32>,
}

impl ApiError {
    /// Any problem.
    pub fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self { status, code, title, detail: detail.into(), details: Value::Null, retry_after_s: None }
    }
    /// More for the program that reads it.
    #[must_use]
    pub fn with_details(mut self, details: Value) -> Self {
        self.details = details;
        self
    }
    /// When to come again.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }
    /// Nothing by that name here; says nothing about other businesses.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, code::NOT_FOUND, "not found", format!("there is no such {what}"))
    }
    /// Sign in first.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code::UNAUTHORIZED, "sign in first", detail)
    }
    /// Not allowed to this person.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, code::FORBIDDEN, "not allowed", detail)
    }
    /// Contradicts what is stored.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code::CONFLICT, "contradicts what is stored", detail)
    }
    /// A value that is not allowed.
    pub fn invalid(field: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, code::INVALID, "a value is not allowed", detail)
            .with_details(json!({ "field": field }))
    }
    /// The request could not be read.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, problem::MALFORMED, "the request could not be read", detail)
    }
    /// The body is larger than allowed.
    pub fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, code::TOO_LARGE, "the body is too large", detail)
    }
    /// Too much to do; come again.
    pub fn busy() -> Self {
        let detail = "the server has more to do than it can take on now; try again";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, problem::BUSY, "busy", detail).with_retry_after(2)
    }
    /// Too many attempts.
    pub fn rate_limited(seconds: u32) -> Self {
        let detail = "too many attempts; wait before the next";
        Self::new(StatusCode::TOO_MANY_REQUESTS, code::RATE_LIMITED, "too many attempts", detail)
            .with_retry_after(seconds)
    }
    /// Something failed here: logged with its causes, told without them.
    pub fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        let mut causes = error.to_string();
        let mut source = error.source();
        while let Some(cause) = source {
            causes.push_str(": ");
            causes.push_str(&cause.to_string());
            source = cause.source();
        }
        tracing::error!(error = %causes, "a request failed");
        let detail = "something failed on the server; nothing was half done";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, code::INTERNAL, "the server failed", detail)
    }
    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }
    /// The closed code.
    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl From<DatabaseError> for ApiError {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::Busy => Self::busy(),
            other => Self::internal(&other),
        }
    }
}

impl From<sqlx::Error> for ApiError {
    fn from(error: sqlx::Error) -> Self {
        DatabaseError::from(error).into()
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = Problem {
            kind: format!("urn:kedai:problem:{}", self.code),
            title: self.title.to_owned(),
            status: self.status.as_u16(),
            detail: self.detail,
            code: self.code.to_owned(),
            details: self.details,
        };
        let mut response = (self.status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
