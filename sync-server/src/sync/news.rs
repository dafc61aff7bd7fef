//! Who is to be told that a business's feed grew.
//!
//! Only a hint: whoever hears nothing asks every half minute all the same.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use shared::ids::TenantId;
use tokio::sync::watch;

/// Tells listeners of a business how far its feed goes; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct News(Arc<Mutex<Listeners>>);

#[derive(Debug, Default)]
struct Listeners {
    by_tenant: HashMap<TenantId, watch::Sender<u64>>,
    closed: bool,
}

impl News {
    /// What is told about a business from now on; several hints while nobody looks are one. Ends when the server stops.
    pub fn listen(&self, tenant: TenantId) -> watch::Receiver<u64> {
        let mut listeners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if listeners.closed {
            return watch::channel(0).1;
        }
        listeners.by_tenant.retain(|known, sender| *known == tenant || sender.receiver_count() > 0);
        listeners.by_tenant.entry(tenant).or_insert_with(|| watch::channel(0).0).subscribe()
    }

    /// A business's feed goes up to `newest`, as far as the caller knows. Every call is heard, also one that says less
    /// than the one before: commits may be told in another order than they happened in.
    pub fn tell(&self, tenant: TenantId, newest: u64) {
        let listeners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = listeners.by_tenant.get(&tenant) {
            sender.send_modify(|known| *known = newest.max(*known));
        }
    }

    /// Ends all listening; for a server that stops.
    pub fn close(&self) {
        let mut listeners = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        listeners.closed = true;
        listeners.by_tenant.clear();
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
    async fn listening_ends_with_the_server() {
        let news = News::default();
        let mut listener = news.listen(tenant(1));
        news.close();
        assert!(listener.changed().await.is_err());
        assert!(news.listen(tenant(1)).changed().await.is_err());
    }
}
