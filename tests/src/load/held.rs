//! What the server holds in the end.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use sqlx::{Connection as _, PgConnection, Row as _};

/// What the tables hold.
#[derive(Debug)]
pub struct Held {
    events: i64,
    orders: i64,
    total: i64,
    exceptions: i64,
}

impl Held {
    /// How many sales are not there exactly once; at least 1 when their sum is another.
    pub fn difference(&self, sold: u64, takings: i64) -> u64 {
        let sold = i64::try_from(sold).unwrap_or(i64::MAX);
        let apart = self.events.abs_diff(sold) + self.orders.abs_diff(sold) + self.exceptions.unsigned_abs();
        apart.max(u64::from(self.total != takings))
    }
}

/// Waits until everything is applied, and counts as the cluster's superuser, past all row security.
///
/// # Errors
/// When it is not applied in ten minutes, or the database cannot be read.
pub async fn held(admin_url: &str, url: &str, sold: u64) -> Result<Held> {
    let mut address = reqwest::Url::parse(admin_url)?;
    address.set_path(reqwest::Url::parse(url)?.path());
    let mut db = PgConnection::connect(address.as_str()).await?;
    let deadline = Instant::now() + Duration::from_secs(600);
    // Only whether there is one: to count them all, over and over, would take a core from what is measured.
    let waits = "SELECT EXISTS (SELECT 1 FROM journal_events WHERE state = 'received')";
    while sqlx::query(waits).fetch_one(&mut db).await?.try_get(0)? {
        ensure!(Instant::now() < deadline, "not all of {sold} are applied after ten minutes");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    let row = sqlx::query(
        "SELECT (SELECT COUNT(*) FROM journal_events), (SELECT COUNT(*) FROM orders), \
         (SELECT CAST(COALESCE(SUM(total), 0) AS BIGINT) FROM orders), (SELECT COUNT(*) FROM exceptions)",
    )
    .fetch_one(&mut db)
    .await?;
    Ok(Held {
        events: row.try_get(0)?,
        orders: row.try_get(1)?,
        total: row.try_get(2)?,
        exceptions: row.try_get(3)?,
    })
}
