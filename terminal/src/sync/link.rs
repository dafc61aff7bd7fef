//! The wire to the server: signed requests, compressed bodies, bounded answers, and errors told apart by what a person can do.

mod questions;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use reqwest::{Method, StatusCode, Url};
use serde::de::DeserializeOwned;

use shared::clock::{Clock, Timestamp};
use shared::ids::{TenantId, TerminalId};
use shared::journal::SigningKey;
use shared::wire::pricing::{AllowanceAnswer, AllowanceRequest};
use shared::wire::{
    self, EnrolRequest, EnrolResponse, Problem, PullResponse, PushRequest, PushResponse, SnapshotFile,
    SnapshotOffer,
};

use super::transport::{Listening, MAX_ANSWER_BYTES, NewsWire, Transport, WireAnswer, WireRequest};

/// How hard a push is compressed: the level at which a 1 MiB batch takes a few milliseconds.
const ZSTD_LEVEL: i32 = 3;

/// Why an exchange with the server failed.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// No connection, or it broke.
    #[error("reaching the server: {0}")]
    Unreachable(String),
    /// The server's certificate is not to be trusted.
    #[error("trusting the server: {0}")]
    Untrusted(String),
    /// The answer is not of our protocol.
    #[error("reading the server's answer: {0}")]
    Garbled(String),
    /// The terminal's own store failed in the middle of the exchange.
    #[error("working on the store: {0}")]
    Store(String),
    /// The server refused, in its own words.
    #[error("the server refused ({}): {}", problem.code, problem.detail)]
    Refused {
        /// What it said.
        problem: Box<Problem>,
        /// How long it asks to wait, in milliseconds.
        retry_after_ms: Option<u64>,
    },
}

/// An address that is no server's address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not `https://host[:port][/path]`.
    #[error("`{0}` is not the address of a server, such as https://kedai.example")]
    Malformed(String),
    /// Plain HTTP to a host that is not on this machine or in this building.
    #[error("`{0}` must be reached by https: without it anyone on the way could read the PINs' secrets")]
    Plain(String),
}

/// Reads a server's address as a person types it; `https` unless said otherwise, plain `http` only on this machine and
/// inside private networks.
///
/// # Errors
/// See [`AddressError`].
pub fn parse_address(text: &str) -> Result<String, AddressError> {
    let text = text.trim();
    let malformed = || AddressError::Malformed(text.chars().take(100).collect());
    let full = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = Url::parse(&full).map_err(|_| malformed())?;
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(malformed)?;
    let plain_text = url.username().is_empty() && url.password().is_none();
    if !plain_text || url.query().is_some() || url.fragment().is_some() {
        return Err(malformed());
    }
    match url.scheme() {
        "https" => {}
        "http" if is_near(host) => {}
        "http" => return Err(AddressError::Plain(full)),
        _ => return Err(malformed()),
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// Whether a host is this machine or inside a private network.
fn is_near(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<std::net::IpAddr>() {
        Ok(std::net::IpAddr::V4(ip)) => ip.is_loopback() || ip.is_private() || ip.is_link_local(),
        Ok(std::net::IpAddr::V6(ip)) => {
            ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local()
        }
        Err(_) => bare == "localhost" || bare.ends_with(".local") || !bare.contains('.'),
    }
}

/// Who signs the requests.
#[derive(Debug, Clone)]
pub struct Signer {
    /// The business.
    pub tenant_id: TenantId,
    /// The terminal.
    pub terminal_id: TerminalId,
    /// Its private key.
    pub key: SigningKey,
}

/// The wire to one server.
#[derive(Debug)]
pub struct Link {
    transport: Arc<dyn Transport>,
    base: String,
    /// The server's clock less this one's, in milliseconds, as last heard.
    clock_offset_ms: AtomicI64,
}

impl Link {
    /// A wire to the server at `base`, carried by `transport`.
    pub fn new(base: &str, transport: Arc<dyn Transport>) -> Self {
        Self { transport, base: base.to_owned(), clock_offset_ms: AtomicI64::new(0) }
    }

    /// The server's address.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// How far the server's clock is ahead of this one's, in milliseconds, as last heard.
    pub fn clock_offset_ms(&self) -> i64 {
        self.clock_offset_ms.load(Ordering::Relaxed)
    }

    /// Remembers the server's time, by which requests are signed.
    pub fn heard_time(&self, server_time: Timestamp, clock: &dyn Clock) {
        let offset = server_time.as_millis().saturating_sub(clock.now().as_millis());
        self.clock_offset_ms.store(offset, Ordering::Relaxed);
    }

    /// Asks to belong to an outlet.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn enrol(&self, request: &EnrolRequest) -> Result<EnrolResponse, LinkError> {
        let body = serde_json::to_vec(request).map_err(|e| LinkError::Garbled(e.to_string()))?;
        let headers = vec![
            (wire::header::PROTOCOL, wire::PROTOCOL_VERSION.to_string()),
            ("content-type", "application/json".to_owned()),
        ];
        let path = wire::path::ENROL.to_owned();
        self.exchange(WireRequest { method: Method::POST, path, headers, body: Some(body) }).await
    }

    /// Hands events in; empty asks for the server's high-water mark only. `left` events still wait after these.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn push(
        &self,
        signer: &Signer,
        clock: &dyn Clock,
        request: &PushRequest,
        left: u64,
    ) -> Result<PushResponse, LinkError> {
        let body = packed(request)?;
        let mut message = self.sign(signer, clock, Method::POST, wire::path::PUSH, Some(body));
        message.headers.push((wire::header::WAITING, left.to_string()));
        if let Some(last) = request.events.last() {
            let since = last.event.occurred_at.as_millis().to_string();
            message.headers.push((wire::header::WAITING_SINCE, since));
        }
        let answer: PushResponse = self.exchange(message).await?;
        self.heard_time(answer.server_time, clock);
        Ok(answer)
    }

    /// Reads the next page of the feed; None begins anew.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn pull(
        &self,
        signer: &Signer,
        clock: &dyn Clock,
        cursor: Option<&str>,
    ) -> Result<PullResponse, LinkError> {
        let path = match cursor {
            None => wire::path::PULL.to_owned(),
            Some(cursor) => format!("{}?cursor={}", wire::path::PULL, percent_encoded(cursor)),
        };
        let answer: PullResponse = self.signed(signer, clock, Method::GET, &path, None).await?;
        self.heard_time(answer.server_time, clock);
        Ok(answer)
    }

    /// Asks for a ready-made catalogue; None when the server has none for this build.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn snapshot(
        &self,
        signer: &Signer,
        clock: &dyn Clock,
    ) -> Result<Option<SnapshotFile>, LinkError> {
        let path = format!("{}?form={}", wire::path::SNAPSHOT, wire::feed::CATALOGUE_FORM);
        let request = self.sign(signer, clock, Method::GET, &path, None);
        let answer = self.transport.exchange(&self.base, request).await?;
        if answer.status == StatusCode::NOT_FOUND.as_u16() {
            // A server from before there were any; one that does not know the terminal says so to the next request.
            return Ok(None);
        }
        let offer: SnapshotOffer = self.read_answer(answer)?;
        self.heard_time(offer.server_time, clock);
        Ok(offer.snapshot)
    }

    /// Reads the bytes of a ready-made catalogue from a place on, as many as the server gives at once.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn snapshot_part(
        &self,
        signer: &Signer,
        clock: &dyn Clock,
        id: &str,
        from: u64,
    ) -> Result<Vec<u8>, LinkError> {
        let path = format!("{}/{}?from={from}", wire::path::SNAPSHOT, percent_encoded(id));
        let request = self.sign(signer, clock, Method::GET, &path, None);
        let answer = self.transport.exchange(&self.base, request).await?;
        if answer.status == StatusCode::OK.as_u16() && answer.content_encoding.is_none() {
            return Ok(answer.body);
        }
        Err(match self.read_answer::<serde::de::IgnoredAny>(answer) {
            Err(error) => error,
            Ok(_) => LinkError::Garbled("the server did not send a part of a catalogue".to_owned()),
        })
    }

    /// Opens the wire on which the server tells of news.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn live(
        &self,
        signer: &Signer,
        clock: &dyn Clock,
        nonce: [u8; 16],
    ) -> Result<NewsWire, LinkError> {
        let (method, path) = (Method::GET, wire::path::LIVE.to_owned());
        let headers = self.proof(signer, clock, &method, &path, b"");
        let request = WireRequest { method, path, headers, body: None };
        match self.transport.listen(&self.base, request, nonce).await? {
            Listening::Open(wire) => Ok(*wire),
            Listening::Refused(answer) => Err(match self.read_answer::<serde::de::IgnoredAny>(answer) {
                Err(error) => error,
                Ok(_) => LinkError::Garbled("the server did not open the wire for news".to_owned()),
            }),
        }
    }

    /// The headers that name and prove the terminal.
    fn proof(
        &self,
        signer: &Signer,
        clock: &dyn Clock,
        method: &Method,
        path: &str,
        body: &[u8],
    ) -> Vec<(&'static str, String)> {
        let time = clock.now().plus_millis(self.clock_offset_ms());
        let signature = signer.key.sign(&wire::request_bytes(method.as_str(), path, time, body));
        vec![
            (wire::header::TENANT, signer.tenant_id.to_string()),
            (wire::header::TERMINAL, signer.terminal_id.to_string()),
            (wire::header::TIME, time.as_millis().to_string()),
            (wire::header::SIGNATURE, signature.to_string()),
            (wire::header::PROTOCOL, wire::PROTOCOL_VERSION.to_string()),
        ]
    }

    /// Asks for a part of limits that are shared with other terminals.
    ///
    /// # Errors
    /// See [`LinkError`].
    pub async fn allowances(
        &self,
        signer: &Signer,
        clock: &dyn Clock,
        request: &AllowanceRequest,
    ) -> Result<AllowanceAnswer, LinkError> {
        self.signed(signer, clock, Method::POST, wire::path::ALLOWANCES, Some(packed(request)?)).await
    }

    async fn signed<T: DeserializeOwned>(
        &self,
        signer: &Signer,
        clock: &dyn Clock,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> Result<T, LinkError> {
        self.exchange(self.sign(signer, clock, method, path, body)).await
    }

    fn sign(
        &self,
        signer: &Signer,
        clock: &dyn Clock,
        method: Method,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> WireRequest {
        let bytes = body.as_deref().unwrap_or_default();
        let mut headers = self.proof(signer, clock, &method, path, bytes);
        headers.push(("accept-encoding", "zstd".to_owned()));
        if body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
            headers.push(("content-encoding", "zstd".to_owned()));
        }
        WireRequest { method, path: path.to_owned(), headers, body }
    }

    async fn exchange<T: DeserializeOwned>(&self, request: WireRequest) -> Result<T, LinkError> {
        let answer = self.transport.exchange(&self.base, request).await?;
        self.read_answer(answer)
    }

    fn read_answer<T: DeserializeOwned>(&self, answer: WireAnswer) -> Result<T, LinkError> {
        let WireAnswer { status, retry_after, content_encoding, mut body } = answer;
        let status = StatusCode::from_u16(status)
            .map_err(|_| LinkError::Garbled(format!("{status} is no status of HTTP")))?;
        let retry_after_ms = retry_after
            .and_then(|value| value.trim().parse::<u64>().ok())
            .map(|seconds| seconds.saturating_mul(1_000));
        if content_encoding.as_deref() == Some("zstd") {
            body = decompressed(&body)?;
        }
        if status.is_success() {
            return serde_json::from_slice(&body).map_err(|error| LinkError::Garbled(error.to_string()));
        }
        Err(refusal(status, &body, retry_after_ms))
    }
}

/// A refusal in the server's words, or what its status says when the words are not ours.
fn refusal(status: StatusCode, body: &[u8], retry_after_ms: Option<u64>) -> LinkError {
    if let Ok(problem) = serde_json::from_slice::<Problem>(body) {
        return LinkError::Refused { problem: Box::new(problem), retry_after_ms };
    }
    if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) {
        let problem = Problem {
            kind: String::new(),
            title: status.to_string(),
            status: status.as_u16(),
            detail: String::new(),
            code: wire::problem::BUSY.to_owned(),
            details: serde_json::Value::Null,
        };
        return LinkError::Refused { problem: Box::new(problem), retry_after_ms };
    }
    match status {
        // A gateway before a server that is down.
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => LinkError::Unreachable(status.to_string()),
        _ => LinkError::Garbled(format!("status {status} without a reason of ours")),
    }
}

/// The body of a request: JSON, compressed.
fn packed(message: &impl serde::Serialize) -> Result<Vec<u8>, LinkError> {
    let json = serde_json::to_vec(message).map_err(|error| LinkError::Garbled(error.to_string()))?;
    zstd::encode_all(json.as_slice(), ZSTD_LEVEL)
        .map_err(|error| LinkError::Garbled(format!("compressing the request: {error}")))
}

fn decompressed(body: &[u8]) -> Result<Vec<u8>, LinkError> {
    use std::io::Read as _;
    let garbled = |error: std::io::Error| LinkError::Garbled(format!("decompressing: {error}"));
    let mut plain = Vec::new();
    let bound = u64::try_from(MAX_ANSWER_BYTES).unwrap_or(u64::MAX);
    let decoder = zstd::Decoder::new(body).map_err(garbled)?;
    decoder.take(bound + 1).read_to_end(&mut plain).map_err(garbled)?;
    if plain.len() > MAX_ANSWER_BYTES {
        return Err(LinkError::Garbled("the answer is too long".to_owned()));
    }
    Ok(plain)
}

fn percent_encoded(text: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_type_them() {
        assert_eq!(parse_address(" kedai.example/ ").unwrap(), "https://kedai.example");
        assert_eq!(
            parse_address("https://kedai.example:8443/pos/").unwrap(),
            "https://kedai.example:8443/pos"
        );
        assert_eq!(parse_address("http://127.0.0.1:8080").unwrap(), "http://127.0.0.1:8080");
        assert_eq!(parse_address("http://192.168.1.4:8080").unwrap(), "http://192.168.1.4:8080");
        assert_eq!(parse_address("http://[::1]:8080").unwrap(), "http://[::1]:8080");
    }

    #[test]
    fn secrets_do_not_cross_the_internet_in_clear() {
        assert!(matches!(parse_address("http://kedai.example"), Err(AddressError::Plain(_))));
        assert!(matches!(parse_address("http://8.8.8.8"), Err(AddressError::Plain(_))));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", "ftp://a", "https://", "https://u:p@host", "https://h/?q=1", "not an address"] {
            assert!(matches!(parse_address(text), Err(AddressError::Malformed(_))), "{text}");
        }
    }

    #[test]
    fn a_cursor_is_carried_as_it_is() {
        assert_eq!(percent_encoded("a/b+c=1 é"), "a%2Fb%2Bc%3D1%20%C3%A9");
    }
}
