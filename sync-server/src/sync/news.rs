//! Who is to be told that a business's feed grew.
//!
//! Only a hint: whoever hears nothing asks every half minute all the same.

pub mod hints;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use shared::ids::TenantId;
use tokio::sync::{Notify, watch};

/// Tells listeners of a business how far its feed goes; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct News(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    listeners: Mutex<Listeners>,
    /// Something is to be told to other servers since [`News::to_be_passed_on`] last gave it.
    to_pass_on: Notify,
}

#[derive(Debug, Default)]
struct Listeners {
    by_tenant: HashMap<TenantId, watch::Sender<u64>>,
    /// What other servers are not told yet; None as long as nobody tells them.
    to_pass_on: Option<HashMap<TenantId, u64>>,
    closed: bool,
}

impl News {
    /// What is told about a business from now on; several hints while nobody looks are one. Ends when the server stops.
    pub fn listen(&self, tenant: TenantId) -> watch::Receiver<u64> {
        let mut listeners = self.listeners();
        if listeners.closed {
            return watch::channel(0).1;
        }
        listeners.by_tenant.retain(|known, sender| *known == tenant || sender.receiver_count() > 0);
        listeners.by_tenant.entry(tenant).or_insert_with(|| watch::channel(0).0).subscribe()
    }

    /// A business's feed goes up to `newest`, as far as the caller knows. Every call is heard, also one that says less
    /// than the one before: commits may be told in another order than they happened in.
    pub fn tell(&self, tenant: TenantId, newest: u64) {
        let mut listeners = self.listeners();
        listeners.tell(tenant, newest);
        if let Some(waiting) = &mut listeners.to_pass_on {
            let known = waiting.entry(tenant).or_default();
            *known = newest.max(*known);
            self.0.to_pass_on.notify_one();
        }
    }

    /// Another server says that a business's feed goes up to `newest`; who listens here looks for themselves.
    pub fn heard(&self, tenant: TenantId, newest: u64) {
        self.listeners().tell(tenant, newest);
    }

    /// Waits until something was told here since the last call and gives it; for the one who tells other servers.
    pub async fn to_be_passed_on(&self) -> HashMap<TenantId, u64> {
        loop {
            let waiting = std::mem::take(self.listeners().to_pass_on.get_or_insert_default());
            if !waiting.is_empty() {
                return waiting;
            }
            self.0.to_pass_on.notified().await;
        }
    }

    fn listeners(&self) -> std::sync::MutexGuard<'_, Listeners> {
        self.0.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends all listening; for a server that stops.
    pub fn close(&self) {
        let mut listeners = self.listeners();
        listeners.closed = true;
        listeners.by_tenant.clear();
    }
}

impl Listeners {
    fn tell(&self, tenant: TenantId, newest: u64) {
        if let Some(sender) = self.by_tenant.get(&tenant) {
            sender.send_modify(|known| *known = newest.max(*known));
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]
    use super::*;

    fn tenant(n: u8) -> TenantId {
        TenantId::from_bytes([n; 16])
    }

    #[tokio::test]
    async fn only_listeners_of_the_business_hear_and_none_is_overlooked() {
        let news = News::default();
        let (mut here, there) = (news.listen(tenant(1)), news.listen(tenant(2)));
        news.tell(tenant(1), 7);
        news.tell(tenant(1), 6);
        here.changed().await.unwrap();
        assert_eq!(*here.borrow_and_update(), 7);
        assert!(!there.has_changed().unwrap());
        // A number that was told before it was taken back is heard again.
        news.tell(tenant(1), 7);
        assert!(here.has_changed().unwrap());
    }

    #[tokio::test]
    async fn what_is_told_here_is_passed_on_once_and_what_was_heard_never() {
        let news = News::default();
        let mut here = news.listen(tenant(1));
        // Nobody passes on yet: nothing piles up.
        news.tell(tenant(3), 1);
        let (first, ()) = tokio::join!(news.to_be_passed_on(), async {
            tokio::task::yield_now().await;
            news.heard(tenant(1), 9);
            news.tell(tenant(2), 4);
            news.tell(tenant(2), 3);
        });
        assert_eq!(first, HashMap::from([(tenant(2), 4)]));
        here.changed().await.unwrap();
        assert_eq!(*here.borrow_and_update(), 9);
        news.tell(tenant(1), 10);
        assert_eq!(news.to_be_passed_on().await, HashMap::from([(tenant(1), 10)]));
    }

    #[tokio::test]
    async fn listening_ends_with_the_server() {
        let news = News::default();
        let mut listener = news.listen(tenant(1));
        news.close();
        assert!(listener.changed().await.is_err());
        assert!(news.listen(tenant(1)).changed().await.is_err());
    }
}
