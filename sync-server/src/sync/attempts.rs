//! Attempts at pairing codes: after a few failures an address waits.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use shared::Timestamp;

/// Failures within the window after which an address waits.
const MAX_FAILURES: u32 = 10;
/// The window, in milliseconds.
const WINDOW_MS: i64 = 10 * 60 * 1000;
/// The most addresses remembered; when there are more, the oldest window is forgotten first.
const MAX_ADDRESSES: usize = 10_000;

/// Failed attempts by address.
#[derive(Debug, Default)]
pub struct Attempts {
    windows: Mutex<HashMap<IpAddr, Window>>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    begun: Timestamp,
    failures: u32,
}

impl Attempts {
    /// How many seconds `address` has to wait before its next attempt; None when it may try now.
    pub fn wait_s(&self, address: IpAddr, now: Timestamp) -> Option<u32> {
        let windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let window = windows.get(&address)?;
        let left_ms = WINDOW_MS - now.since(window.begun);
        (window.failures >= MAX_FAILURES && left_ms > 0)
            .then(|| u32::try_from(left_ms / 1000 + 1).unwrap_or(u32::MAX))
    }

    /// Notes a failed attempt.
    pub fn failed(&self, address: IpAddr, now: Timestamp) {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= MAX_ADDRESSES && !windows.contains_key(&address) {
            let oldest = windows.iter().min_by_key(|(_, window)| window.begun).map(|(address, _)| *address);
            oldest.map(|address| windows.remove(&address));
        }
        let window = windows.entry(address).or_insert(Window { begun: now, failures: 0 });
        if now.since(window.begun) >= WINDOW_MS {
            *window = Window { begun: now, failures: 0 };
        }
        window.failures = window.failures.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_guesses_waits_and_others_do_not() {
        let attempts = Attempts::default();
        let (guesser, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let start = Timestamp::from_millis(1_000);
        for _ in 0..MAX_FAILURES {
            assert_eq!(attempts.wait_s(guesser, start), None);
            attempts.failed(guesser, start);
        }
        assert_eq!(attempts.wait_s(guesser, start), Some(601));
        assert_eq!(attempts.wait_s(other, start), None);
        assert_eq!(attempts.wait_s(guesser, start.plus_millis(WINDOW_MS)), None);
    }
}
