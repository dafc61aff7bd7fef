//! Bodies of sync requests and answers, compressed with zstd when both sides can.

use std::io::Read as _;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::error::ApiError;

/// The most bytes of a body, before decompression as well as after: one event of 4 MiB and what stands around it. A till
/// splits its pushes at 1 MiB, but a single event may be larger than that.
pub const MAX_BODY_BYTES: usize = 4 * 1024 * 1024 + 64 * 1024;
/// Answers smaller than this go as they are.
const LEAST_COMPRESSED_BYTES: usize = 1024;

/// How long a body may take to come in; 4 MiB on a slow mobile link.
const READ_TIME: Duration = Duration::from_secs(100);

/// Reads a body up to the bound, as it travelled.
///
/// # Errors
/// Too large, too slow, or the connection broke.
pub async fn read(body: Body) -> Result<Bytes, ApiError> {
    let reading = tokio::time::timeout(READ_TIME, axum::body::to_bytes(body, MAX_BODY_BYTES)).await;
    let read = reading.map_err(|_| ApiError::malformed("the body took too long to come in"))?;
    read.map_err(|error| {
        let too_long =
            std::error::Error::source(&error).is_some_and(|cause| cause.to_string().contains("length limit"));
        if too_long {
            ApiError::too_large(format!("a body has at most {MAX_BODY_BYTES} bytes"))
        } else {
            ApiError::malformed("the body ended before its announced length")
        }
    })
}

/// The content of a body that was signed, decompressed to at most the bound.
///
/// # Errors
/// An encoding other than zstd, broken or truncated content, or too much of it.
pub fn decode(headers: &HeaderMap, body: Bytes) -> Result<Bytes, ApiError> {
    match headers.get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes) {
        None | Some(b"identity") => Ok(body),
        Some(b"zstd") => {
            let broken = |_| ApiError::malformed("the body is no complete zstd frame");
            let decoder = zstd::stream::read::Decoder::new(body.as_ref()).map_err(broken)?;
            let mut content = Vec::with_capacity(body.len().saturating_mul(4).min(MAX_BODY_BYTES));
            let limit = u64::try_from(MAX_BODY_BYTES).unwrap_or(u64::MAX).saturating_add(1);
            decoder.take(limit).read_to_end(&mut content).map_err(broken)?;
            if content.len() > MAX_BODY_BYTES {
                return Err(ApiError::too_large(format!("a body has at most {MAX_BODY_BYTES} bytes")));
            }
            Ok(content.into())
        }
        Some(_) => Err(ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            shared::wire::problem::MALFORMED,
            "the request could not be read",
            "the only content encoding is zstd",
        )),
    }
}

/// Whether the reader takes zstd.
pub fn accepts_zstd(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            parts.next() == Some("zstd")
                && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
        })
}

/// An answer as JSON, compressed when the reader takes it.
pub fn answer<T: Serialize>(content: &T, zstd: bool) -> Response {
    let json = match serde_json::to_vec(content) {
        Ok(json) => json,
        Err(error) => return ApiError::internal(&error).into_response(),
    };
    let json_type = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let vary = (header::VARY, HeaderValue::from_static("accept-encoding"));
    let worth_it = zstd && json.len() >= LEAST_COMPRESSED_BYTES;
    match worth_it.then(|| zstd::bulk::compress(&json, 3)) {
        Some(Ok(compressed)) => {
            let coding = (header::CONTENT_ENCODING, HeaderValue::from_static("zstd"));
            ([json_type, vary, coding], compressed).into_response()
        }
        _ => ([json_type, vary], json).into_response(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn zstd_headers() -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_ENCODING, HeaderValue::from_static("zstd"))])
    }

    #[test]
    fn a_body_that_would_unfold_beyond_the_bound_is_refused() {
        let bomb = zstd::bulk::compress(&vec![b' '; MAX_BODY_BYTES + 1], 19).unwrap();
        assert!(bomb.len() < 10_000);
        let error = decode(&zstd_headers(), bomb.into()).unwrap_err();
        assert_eq!(error.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }

    #[test]
    fn a_truncated_frame_is_refused() {
        let whole = zstd::bulk::compress(&[7_u8; 10_000], 3).unwrap();
        assert_eq!(decode(&zstd_headers(), whole.clone().into()).unwrap().len(), 10_000);
        let half = whole[..whole.len() - 3].to_vec();
        assert_eq!(decode(&zstd_headers(), half.into()).unwrap_err().status(), StatusCode::BAD_REQUEST);
    }

    #[test]
    fn zstd_is_used_only_when_the_reader_names_it() {
        let accept = |text| HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(text))]);
        assert!(accepts_zstd(&accept("gzip, zstd;q=0.8")));
        assert!(!accepts_zstd(&accept("gzip, zstd;q=0")));
        assert!(!accepts_zstd(&HeaderMap::new()));
    }
}
