//! Who asks: the till's own window, or one of the browsers in the shop.

use std::fmt;

/// A window or browser: each has its own signed-in staff and its own open cart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClientId(String);

impl ClientId {
    /// The till's own window.
    pub fn window() -> Self {
        Self("window".to_owned())
    }

    /// The customer's own window, which nobody signs in at.
    pub fn customer() -> Self {
        Self("customer".to_owned())
    }

    /// A browser by the 16 random bytes of its cookie.
    pub fn of_bytes(bytes: [u8; 16]) -> Self {
        Self(hex::encode(bytes))
    }

    /// A browser by its cookie; None when that is no cookie of ours.
    pub fn of_browser(cookie: &str) -> Option<Self> {
        let fits =
            cookie.len() == 32 && cookie.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        fits.then(|| Self(cookie.to_owned()))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
