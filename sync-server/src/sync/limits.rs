//! How often a terminal and a business may push: buckets that refill with time, so that one that loops does not take the
//! others' share.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use shared::Timestamp;
use shared::ids::{TenantId, TerminalId};

/// The most terminals remembered; beyond that, those that may push at once anyway are forgotten, then all.
const MAX_REMEMBERED: usize = 50_000;
/// A bucket holds what refills in so long.
const BURST_S: i64 = 2;

/// The buckets of terminals and businesses.
#[derive(Debug)]
pub struct Limits {
    terminals: Mutex<Buckets<(TenantId, TerminalId)>>,
    tenants: Mutex<Buckets<TenantId>>,
}

impl Limits {
    /// So many pushes a second of one terminal and of one business.
    pub fn new(terminal_per_s: u32, tenant_per_s: u32) -> Self {
        Self {
            terminals: Mutex::new(Buckets::new(terminal_per_s)),
            tenants: Mutex::new(Buckets::new(tenant_per_s)),
        }
    }

    /// Takes one push from both buckets; how many seconds to wait when there is none.
    pub fn wait_s(&self, tenant: TenantId, terminal: TerminalId, now: Timestamp) -> Option<u32> {
        let own = self.terminals.lock().unwrap_or_else(PoisonError::into_inner).take((tenant, terminal), now);
        own.or_else(|| self.tenants.lock().unwrap_or_else(PoisonError::into_inner).take(tenant, now))
    }
}

#[derive(Debug)]
struct Buckets<K> {
    per_s: i64,
    /// What is left, in thousandths of a push, and when that was.
    left: HashMap<K, (i64, Timestamp)>,
}

impl<K: Eq + Hash> Buckets<K> {
    fn new(per_s: u32) -> Self {
        Self { per_s: i64::from(per_s.max(1)), left: HashMap::new() }
    }

    fn full(&self) -> i64 {
        self.per_s * BURST_S * 1_000
    }

    fn take(&mut self, key: K, now: Timestamp) -> Option<u32> {
        let (full, per_s) = (self.full(), self.per_s);
        // Thousandths of a push in a millisecond are pushes in a second.
        let filled = |(left, then): (i64, Timestamp)| {
            let since_ms = now.since(then).clamp(0, BURST_S * 1_000);
            (left + since_ms * per_s).min(full)
        };
        if self.left.len() >= MAX_REMEMBERED && !self.left.contains_key(&key) {
            self.left.retain(|_, bucket| filled(*bucket) < full);
            if self.left.len() >= MAX_REMEMBERED {
                self.left.clear();
            }
        }
        let bucket = self.left.entry(key).or_insert((full, now));
        let left = filled(*bucket);
        if left < 1_000 {
            *bucket = (left, now);
            return Some(u32::try_from((1_000 - left) / (per_s * 1_000) + 1).unwrap_or(1));
        }
        *bucket = (left - 1_000, now);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_that_loops_waits_and_the_others_do_not() {
        let limits = Limits::new(5, 1_000);
        let tenant = TenantId::from_bytes([1; 16]);
        let (looping, other) = (TerminalId::from_bytes([2; 16]), TerminalId::from_bytes([3; 16]));
        let start = Timestamp::from_millis(1_000);
        for _ in 0..10 {
            assert_eq!(limits.wait_s(tenant, looping, start), None);
        }
        assert_eq!(limits.wait_s(tenant, looping, start), Some(1));
        assert_eq!(limits.wait_s(tenant, other, start), None);
        assert_eq!(
            limits.wait_s(tenant, looping, start.plus_millis(200)),
            None,
            "a fifth of a second is one push"
        );
        assert_eq!(limits.wait_s(tenant, looping, start.plus_millis(200)), Some(1));
        assert_eq!(
            limits.wait_s(tenant, looping, Timestamp::from_millis(0)),
            Some(1),
            "a clock set back gives nothing"
        );
    }

    #[test]
    fn all_terminals_of_a_business_share_its_bucket() {
        let limits = Limits::new(100, 3);
        let (tenant, neighbour) = (TenantId::from_bytes([1; 16]), TenantId::from_bytes([9; 16]));
        let start = Timestamp::from_millis(1_000);
        let terminal = |n| TerminalId::from_bytes([n; 16]);
        assert_eq!((0..6).filter_map(|n| limits.wait_s(tenant, terminal(n), start)).count(), 0);
        assert_eq!(limits.wait_s(tenant, terminal(7), start), Some(1));
        assert_eq!(limits.wait_s(neighbour, terminal(7), start), None);
    }
}
