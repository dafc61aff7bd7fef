//! Several servers on one PostgreSQL tell one another that a business's feed grew, by NOTIFY.
//!
//! Only a hint: everything also comes with it lost, late, doubled or wrong, because terminals look for themselves.

use std::time::Duration;

use shared::ids::TenantId;
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::News;

/// The channel of the database.
const CHANNEL: &str = "kedai_news";
/// How long to wait before trying anew when the database does not take or give hints.
const AGAIN: Duration = Duration::from_millis(500);
/// How long a hint may take to be taken; what is told meanwhile waits and goes together.
const TELLING: Duration = Duration::from_secs(5);

/// Tells and hears until asked to stop. `node` is this server's own name, by which it knows its own words.
pub async fn run(pool: PgPool, news: News, node: u64, mut stopped: watch::Receiver<bool>) {
    tokio::select! {
        () = tell(&pool, &news, node) => {}
        () = hear(&pool, &news, node) => {}
        // An error means that the owner is gone, which is a reason to stop, too.
        _ = stopped.wait_for(|stop| *stop) => {}
    }
    // Bounded: one of its two connections may be in the middle of something.
    let _ = timeout(AGAIN, pool.close()).await;
}

async fn tell(pool: &PgPool, news: &News, node: u64) {
    loop {
        for (tenant, newest) in news.to_be_passed_on().await {
            let hint = Hint { node, tenant, newest }.to_string();
            let telling = sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(hint).execute(pool);
            let lost: Option<Box<dyn std::error::Error + Send + Sync>> = match timeout(TELLING, telling).await
            {
                Ok(Ok(_)) => None,
                Ok(Err(error)) => Some(error.into()),
                Err(late) => Some(late.into()),
            };
            if let Some(error) = lost {
                tracing::info!(
                    error = &*error as &dyn std::error::Error,
                    "other servers were not told of news"
                );
                sleep(AGAIN).await;
            }
        }
    }
}

async fn hear(pool: &PgPool, news: &News, node: u64) {
    loop {
        let lost = listen(pool, news, node).await;
        tracing::info!(
            error = lost.as_ref().err().map(|error| error as &dyn std::error::Error),
            "hints of other servers are not heard for a while"
        );
        sleep(AGAIN).await;
    }
}

/// Hears until the connection is lost.
async fn listen(pool: &PgPool, news: &News, node: u64) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    while let Some(word) = listener.try_recv().await? {
        if let Some(hint) = Hint::read(word.payload())
            && hint.node != node
        {
            news.heard(hint.tenant, hint.newest);
        }
    }
    Ok(())
}

/// `<server> <tenant> <newest change>`; anything else is nobody's hint.
#[derive(Debug, PartialEq, Eq)]
struct Hint {
    node: u64,
    tenant: TenantId,
    newest: u64,
}

impl Hint {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let node = u64::from_str_radix(parts.next()?, 16).ok()?;
        let hint = Self { node, tenant: parts.next()?.parse().ok()?, newest: parts.next()?.parse().ok()? };
        parts.next().is_none().then_some(hint)
    }
}

impl std::fmt::Display for Hint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:x} {} {}", self.node, self.tenant, self.newest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_hint_of_ours_is_read() {
        let hint = Hint { node: u64::MAX, tenant: TenantId::from_bytes([5; 16]), newest: 17 };
        assert_eq!(Hint::read(&hint.to_string()), Some(hint));
        let tenant = TenantId::from_bytes([5; 16]);
        let others = [
            String::new(),
            "1 17".into(),
            "1 x 17".into(),
            format!("1 {tenant} -1"),
            format!("1 {tenant} 1 2"),
        ];
        for other in others {
            assert_eq!(Hint::read(&other), None, "{other}");
        }
    }
}
