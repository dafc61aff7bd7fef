//! One connection that stays open, with just as much of HTTP as a push needs: it costs the machine that is measured
//! next to nothing.

use anyhow::{Context as _, Result, ensure};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The most bytes of an answer's head.
const MAX_HEAD: usize = 16 * 1024;

/// An answer.
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Seconds to wait, when the server asks for it.
    pub retry_after: Option<u64>,
    /// The body.
    pub body: Vec<u8>,
}

/// An open connection.
pub struct Wire {
    stream: TcpStream,
}

impl Wire {
    /// Connects to a port of this machine.
    ///
    /// # Errors
    /// When nobody listens.
    pub async fn connect(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream })
    }

    /// Sends a request and reads its answer.
    ///
    /// # Errors
    /// When the connection breaks or the answer has no length.
    pub async fn send(&mut self, request: &[u8]) -> Result<Answer> {
        self.stream.write_all(request).await?;
        let mut got = Vec::with_capacity(1024);
        let head = loop {
            if let Some(end) = got.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            ensure!(got.len() < MAX_HEAD, "the head of the answer does not end");
            ensure!(self.stream.read_buf(&mut got).await? > 0, "the server hung up");
        };
        let mut body = got.split_off(head);
        let text = String::from_utf8_lossy(&got).to_ascii_lowercase();
        let header = |name: &str| {
            text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(str::trim))
        };
        let status = text.split(' ').nth(1).and_then(|code| code.parse().ok()).context("no status")?;
        let length: usize = header("content-length").context("no length")?.parse()?;
        let retry_after = header("retry-after").and_then(|seconds| seconds.parse().ok());
        while body.len() < length {
            ensure!(self.stream.read_buf(&mut body).await? > 0, "the server hung up");
        }
        Ok(Answer { status, retry_after, body })
    }
}
