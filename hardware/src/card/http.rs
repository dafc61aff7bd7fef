//! HTTP as card readers need it: one request, one answer, and an error that says whether the request may have arrived.

use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

/// The most bytes of an answer.
const MOST_BYTES: usize = 1024 * 1024;

/// A request with a body, or without one when it is empty; not to be shown, because of the keys in its headers.
#[derive(Clone)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The whole address.
    pub url: String,
    /// Names and values; never logged.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long the answer may take.
    pub timeout: Duration,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// A failed request.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// It certainly did not arrive: no connection was made.
    #[error("cannot connect: {0}")]
    NotSent(String),
    /// It may have arrived and been done.
    #[error("the answer was lost: {0}")]
    Lost(String),
}

/// Something that exchanges requests for answers: the till's client with TLS, or [`PlainHttp`].
pub trait Exchange: Send + Sync {
    /// Sends a request and reads its answer.
    ///
    /// # Errors
    /// See [`HttpError`]; never [`HttpError::NotSent`] once a byte of it left.
    fn exchange(&self, request: &Request) -> Result<Answer, HttpError>;
}

/// HTTP without TLS, for readers and emulators on this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct PlainHttp;

impl Exchange for PlainHttp {
    fn exchange(&self, request: &Request) -> Result<Answer, HttpError> {
        let rest = request
            .url
            .strip_prefix("http://")
            .ok_or_else(|| HttpError::NotSent("the address does not begin with http://".to_owned()))?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let deadline = Instant::now() + request.timeout;
        let not_sent = |error: std::io::Error| HttpError::NotSent(error.to_string());
        let lost = |error: std::io::Error| HttpError::Lost(error.to_string());
        let full = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
        let addr = full.to_socket_addrs().map_err(not_sent)?.next();
        let addr = addr.ok_or_else(|| HttpError::NotSent("the host has no address".to_owned()))?;
        let connect = request.timeout.min(Duration::from_secs(5));
        let mut stream = TcpStream::connect_timeout(&addr, connect).map_err(not_sent)?;
        let mut head =
            format!("{} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n", request.method);
        for (name, value) in &request.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("Content-Length: {}\r\n\r\n", request.body.len()));
        stream.set_write_timeout(Some(Duration::from_secs(5))).map_err(not_sent)?;
        stream.write_all(&[head.as_bytes(), &request.body].concat()).map_err(lost)?;
        let mut received = Vec::new();
        loop {
            if let Some(answer) = whole(&received, false) {
                return Ok(answer);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || received.len() > MOST_BYTES {
                return Err(HttpError::Lost("no whole answer came in time".to_owned()));
            }
            stream.set_read_timeout(Some(left)).map_err(lost)?;
            let mut buffer = [0; 4096];
            match stream.read(&mut buffer).map_err(lost)? {
                0 => {
                    return whole(&received, true)
                        .ok_or_else(|| HttpError::Lost("the connection ended within the answer".to_owned()));
                }
                count => received.extend_from_slice(&buffer[..count]),
            }
        }
    }
}

/// The answer, when all of it is there. One without a length ends with its connection.
fn whole(received: &[u8], ended: bool) -> Option<Answer> {
    let head_end = received.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&received[..head_end]).ok()?;
    let body = &received[head_end + 4..];
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    match length {
        Some(length) if body.len() >= length => Some(Answer { status, body: body[..length].to_vec() }),
        None if ended => Some(Answer { status, body: body.to_vec() }),
        _ => None,
    }
}
