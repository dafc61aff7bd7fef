//! What carries requests to the server: HTTP in a shop, a simulated network in the simulation.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::{Certificate, Method, StatusCode, Url, header as http};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use super::LinkError;

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the server may be silent in the middle of an exchange.
const READ_TIMEOUT: Duration = Duration::from_secs(20);
/// How long an exchange may take in all; a slow link carries 1 MiB in this time.
const TOTAL_TIMEOUT: Duration = Duration::from_secs(120);
/// The most bytes of an answer, compressed or not; more is no answer of ours.
pub(super) const MAX_ANSWER_BYTES: usize = 64 * 1024 * 1024;

/// The most bytes of one word of news.
const MAX_NEWS_BYTES: usize = 64 * 1024;

/// A request as it travels.
#[derive(Debug, Clone)]
pub struct WireRequest {
    /// Such as `POST`.
    pub method: Method,
    /// The path with its query, from `/` on; the server's address stands before it.
    pub path: String,
    /// Names and values.
    pub headers: Vec<(&'static str, String)>,
    /// The body; None for none.
    pub body: Option<Vec<u8>>,
}

/// An answer as it travels.
#[derive(Debug, Clone)]
pub struct WireAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The value of `Retry-After`.
    pub retry_after: Option<String>,
    /// The value of `Content-Encoding`.
    pub content_encoding: Option<String>,
    /// The whole body.
    pub body: Vec<u8>,
}

/// The wire on which the server tells of news.
pub type NewsWire = WebSocketStream<reqwest::Upgraded>;

/// What came of asking for the wire for news.
pub enum Listening {
    /// It is open.
    Open(Box<NewsWire>),
    /// The server said something else.
    Refused(WireAnswer),
}

/// Carries one request and its answer. Every exchange ends by itself: an answer that does not come is an error.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends `request` to the server at `base` and reads the whole answer.
    ///
    /// # Errors
    /// [`LinkError::Unreachable`], [`LinkError::Untrusted`] or [`LinkError::Garbled`]; a refusal is an answer.
    fn exchange<'a>(
        &'a self,
        base: &'a str,
        request: WireRequest,
    ) -> BoxFuture<'a, Result<WireAnswer, LinkError>>;

    /// Opens the wire for news with a random `nonce`. Without one the till asks by the clock.
    ///
    /// # Errors
    /// As [`Transport::exchange`].
    fn listen<'a>(
        &'a self,
        base: &'a str,
        request: WireRequest,
        nonce: [u8; 16],
    ) -> BoxFuture<'a, Result<Listening, LinkError>> {
        let _ = (base, request, nonce);
        Box::pin(async { Err(LinkError::Unreachable("this network has no wire for news".to_owned())) })
    }
}

/// HTTP with certificates.
#[derive(Debug)]
pub struct HttpTransport {
    client: reqwest::Client,
    /// For the wire that stays open; made when it is first needed.
    live_client: OnceLock<reqwest::Client>,
    roots: Vec<Certificate>,
}

impl HttpTransport {
    /// Speaks to the server at `base`, trusting `extra_roots` (PEM) beside the system's certificates.
    ///
    /// # Errors
    /// [`LinkError::Untrusted`] when the extra certificates cannot be read.
    pub fn new(base: &str, extra_roots: Option<&[u8]>) -> Result<Self, LinkError> {
        let roots = match extra_roots {
            None => Vec::new(),
            Some(pem) => Certificate::from_pem_bundle(pem).map_err(|error| {
                LinkError::Untrusted(format!("the extra certificates: {}", chain(&error)))
            })?,
        };
        let client = client_with(base, &roots, |builder| {
            builder
                .read_timeout(READ_TIMEOUT)
                .timeout(TOTAL_TIMEOUT)
                .pool_idle_timeout(Duration::from_secs(60))
        })?;
        Ok(Self { client, live_client: OnceLock::new(), roots })
    }

    async fn send(&self, base: &str, request: WireRequest) -> Result<WireAnswer, LinkError> {
        let mut builder = self.client.request(request.method, format!("{base}{}", request.path));
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        if let Some(body) = request.body {
            builder = builder.body(body);
        }
        let response = builder.send().await.map_err(|error| transport(&error))?;
        read(response).await
    }

    async fn open(&self, base: &str, request: WireRequest, nonce: [u8; 16]) -> Result<Listening, LinkError> {
        let client = match self.live_client.get() {
            Some(client) => client,
            // HTTP/2 has no such upgrade; and what stays open has no end to wait for.
            None => {
                let made = client_with(base, &self.roots, reqwest::ClientBuilder::http1_only)?;
                self.live_client.get_or_init(|| made)
            }
        };
        let key = base64_key(nonce);
        let mut builder = client.request(request.method, format!("{base}{}", request.path));
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        let builder = builder
            .header(http::CONNECTION, "Upgrade")
            .header(http::UPGRADE, "websocket")
            .header(http::SEC_WEBSOCKET_VERSION, "13")
            .header(http::SEC_WEBSOCKET_KEY, &key);
        let late = |_| LinkError::Unreachable("no answer in time".to_owned());
        let response = timeout(READ_TIMEOUT, builder.send()).await.map_err(late)?;
        let response = response.map_err(|error| transport(&error))?;
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            let answer = timeout(READ_TIMEOUT, read(response)).await.map_err(late)??;
            return Ok(Listening::Refused(answer));
        }
        let accepted = response.headers().get(http::SEC_WEBSOCKET_ACCEPT);
        if accepted.is_none_or(|accept| accept.as_bytes() != derive_accept_key(key.as_bytes()).as_bytes()) {
            return Err(LinkError::Garbled("the wire for news was opened by something else".to_owned()));
        }
        let upgraded = response.upgrade().await.map_err(|error| transport(&error))?;
        let config = WebSocketConfig::default()
            .read_buffer_size(4 * 1024)
            .write_buffer_size(0)
            .max_message_size(Some(MAX_NEWS_BYTES));
        Ok(Listening::Open(Box::new(
            WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(config)).await,
        )))
    }
}

/// The whole of an answer, within the bound.
async fn read(mut response: reqwest::Response) -> Result<WireAnswer, LinkError> {
    let status = response.status().as_u16();
    let text_header =
        |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let retry_after = text_header(http::RETRY_AFTER);
    let content_encoding = text_header(http::CONTENT_ENCODING);
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| transport(&error))? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(LinkError::Garbled("the answer is too long".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(WireAnswer { status, retry_after, content_encoding, body })
}

impl Transport for HttpTransport {
    fn exchange<'a>(
        &'a self,
        base: &'a str,
        request: WireRequest,
    ) -> BoxFuture<'a, Result<WireAnswer, LinkError>> {
        Box::pin(self.send(base, request))
    }

    fn listen<'a>(
        &'a self,
        base: &'a str,
        request: WireRequest,
        nonce: [u8; 16],
    ) -> BoxFuture<'a, Result<Listening, LinkError>> {
        Box::pin(self.open(base, request, nonce))
    }
}

/// A client that trusts `roots` beside the system's certificates.
fn client_with(
    base: &str,
    roots: &[Certificate],
    more: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder,
) -> Result<reqwest::Client, LinkError> {
    let build = |only: bool| {
        let mut builder = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            // What is said is small and waited for.
            .tcp_nodelay(true)
            // A redirect would carry a signed request to another place.
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("kedai-terminal/", env!("CARGO_PKG_VERSION")));
        if is_loopback(base) {
            builder = builder.no_proxy();
        }
        let roots = roots.to_vec();
        more(if only { builder.tls_certs_only(roots) } else { builder.tls_certs_merge(roots) }).build()
    };
    // A machine without any certificates can still speak to a server with a certificate of one's own.
    build(false)
        .or_else(|_| build(true))
        .map_err(|error| LinkError::Untrusted(format!("preparing certificates: {}", chain(&error))))
}

/// 16 random bytes as a WebSocket's key, which is base64 (RFC 6455, 4.1).
fn base64_key(nonce: [u8; 16]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut key = String::with_capacity(24);
    for three in nonce.chunks(3) {
        let bits = three.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - three.len()));
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place) & 63) as usize];
            key.push(if place > three.len() { '=' } else { char::from(letter) });
        }
    }
    key
}

fn is_loopback(base: &str) -> bool {
    let host = Url::parse(base).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost" || bare.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn transport(error: &reqwest::Error) -> LinkError {
    let text = chain(error);
    // The TLS library names every fault of a certificate so; its own type is not in reach here.
    if text.contains("certificate") {
        LinkError::Untrusted(text)
    } else if error.is_decode() {
        LinkError::Garbled(text)
    } else {
        LinkError::Unreachable(text)
    }
}

/// An error with its causes, without the address, which stands in the settings.
fn chain(error: &reqwest::Error) -> String {
    use std::error::Error as _;
    let mut parts: Vec<String> = Vec::new();
    let mut cause = error.source();
    while let Some(next) = cause {
        let text = next.to_string();
        if !parts.iter().any(|part| part.contains(&text)) {
            parts.push(text);
        }
        cause = next.source();
    }
    if parts.is_empty() {
        parts.push(if error.is_timeout() { "no answer in time".to_owned() } else { error.to_string() });
    }
    parts.join(": ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_key_of_a_web_socket_is_base64() {
        // The example of RFC 6455, 1.3.
        assert_eq!(super::base64_key(*b"the sample nonce"), "dGhlIHNhbXBsZSBub25jZQ==");
    }
}
