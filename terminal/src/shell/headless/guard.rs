//! Who may talk to the server at all, the cookie of each browser, and what every answer says about itself.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use rand_core::RngCore as _;

use crate::engine::ClientId;
use crate::engine::seams::SystemRandom;
use crate::shell::screens::CONTENT_SECURITY_POLICY;
use crate::views::{Code, CommandErrorView, ErrorDetails};

const COOKIE: &str = "kedai_client";

/// The names by which this server answers.
#[derive(Debug, Clone)]
pub struct Names {
    also: Vec<String>,
}

impl Names {
    /// Addresses and `localhost` always, and `also`.
    pub fn new(also: Vec<String>) -> Self {
        Self { also: also.into_iter().map(|name| name.to_ascii_lowercase()).collect() }
    }

    /// Whether a `Host` may be answered: a name that an attacker's DNS could point here is not.
    fn answers_to(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            _ => host,
        };
        let name = name.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        name == "localhost" || name.parse::<IpAddr>().is_ok() || self.also.contains(&name)
    }
}

/// Refuses strangers, tells browsers apart, and seals every answer.
pub(super) async fn guard(State(names): State<Arc<Names>>, mut request: Request, next: Next) -> Response {
    if let Err(reason) = admit(&names, request.method(), request.headers()) {
        return sealed(refused(reason));
    }
    let known = client_of(request.headers());
    let client = known.clone().unwrap_or_else(new_client);
    request.extensions_mut().insert(client.clone());
    let mut response = next.run(request).await;
    if known.is_none() {
        let cookie = format!("{COOKIE}={client}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Strict");
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
    }
    sealed(response)
}

fn admit(names: &Names, method: &Method, headers: &HeaderMap) -> Result<(), &'static str> {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("\u{fffd}"));
    let host = text(&header::HOST).ok_or("the request names no host")?;
    if !names.answers_to(host) {
        return Err("this server does not answer to that name");
    }
    if let Some(origin) = text(&header::ORIGIN) {
        let same = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        if same.is_none_or(|origin| !origin.eq_ignore_ascii_case(host)) {
            return Err("the request comes from another site");
        }
    }
    let site = text(&HeaderName::from_static("sec-fetch-site"));
    if matches!(site, Some("cross-site" | "same-site")) && *method != Method::GET {
        return Err("the request comes from another site");
    }
    if *method == Method::POST {
        let kind = text(&header::CONTENT_TYPE).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/json") {
            return Err("commands are JSON");
        }
    }
    Ok(())
}

fn refused(reason: &'static str) -> Response {
    let details =
        ErrorDetails { retry_at: None, permission: None, reason: Some(reason.to_owned()), subject: None };
    let error = CommandErrorView { code: Code::NotAllowed, message: reason.to_owned(), details };
    (StatusCode::FORBIDDEN, axum::Json(error)).into_response()
}

fn client_of(headers: &HeaderMap) -> Option<ClientId> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == COOKIE)
        .find_map(|(_, value)| ClientId::of_browser(value))
}

fn new_client() -> ClientId {
    let mut bytes = [0_u8; 16];
    SystemRandom.fill_bytes(&mut bytes);
    ClientId::of_bytes(bytes)
}

fn sealed(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_no_foreign_dns_can_point_here_are_answered() {
        let names = Names::new(vec!["till.local".to_owned()]);
        for host in
            ["127.0.0.1:8181", "localhost", "LOCALHOST:80", "[::1]:8181", "192.168.1.7:8181", "till.local:1"]
        {
            assert!(names.answers_to(host), "{host}");
        }
        for host in ["evil.example", "127.0.0.1.evil.example:8181", "localhost.evil.example", "", ":8181"] {
            assert!(!names.answers_to(host), "{host}");
        }
    }
}
