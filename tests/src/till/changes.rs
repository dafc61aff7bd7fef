//! What a terminal tells its screens, as they hear it.

use anyhow::{Context as _, Result};
use terminal::views::Changed;

/// The stream of a terminal's changes.
pub struct Changes {
    response: reqwest::Response,
    read: Vec<u8>,
}

impl Changes {
    /// Listens to the terminal at `url`; what changes from now on is heard.
    ///
    /// # Errors
    /// When the terminal does not answer.
    pub async fn listen(url: &str) -> Result<Self> {
        let response = reqwest::get(format!("{url}/events")).await?.error_for_status()?;
        Ok(Self { response, read: Vec::new() })
    }

    /// The next change.
    ///
    /// # Errors
    /// When the terminal hangs up, or says what is no change.
    pub async fn next(&mut self) -> Result<Changed> {
        loop {
            while let Some(end) = self.read.windows(2).position(|two| two == b"\n\n") {
                let event: Vec<u8> = self.read.drain(..end + 2).collect();
                let mut lines = event.split(|byte| *byte == b'\n');
                // Anything else is only a sign of life.
                if let Some(content) = lines.find_map(|line| line.strip_prefix(b"data:")) {
                    return serde_json::from_slice(content).context("a change");
                }
            }
            let chunk = self.response.chunk().await?.context("the terminal hung up")?;
            self.read.extend_from_slice(&chunk);
        }
    }
}
