//! The files of the screens.

use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};

use crate::shell::screens;

pub(super) async fn page(uri: Uri) -> Response {
    let Some(file) = screens::file(uri.path()) else {
        return (StatusCode::NOT_FOUND, "not found").into_response();
    };
    let kept = if file.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = file.bytes.into_owned().into_response();
    let headers = response.headers_mut();
    if let Ok(media_type) = HeaderValue::from_str(&file.media_type) {
        headers.insert(header::CONTENT_TYPE, media_type);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    response
}
