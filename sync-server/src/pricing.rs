//! Prices: what headquarters states in parts, the price books made of them for every outlet, campaigns tried on past sales,
//! and baskets that carry everything.
//!
//! The server alone makes versions. A till sells with the one in force, a sale names it, and the server computes the sale
//! again with it and with the one that was in force (`orders::apply`).

pub mod allowances;
pub mod books;
pub mod command;
pub mod part;
pub mod repo;
mod routes;

pub use routes::{Api, routes};

use std::time::Duration;

use shared::Timestamp;
use shared::ids::TenantId;
use shared::pricing::BookError;
use sqlx::Row as _;
use tokio::sync::watch;

use crate::app::AppState;
use crate::database::DatabaseError;
use crate::error::ApiError;
use crate::identity::{self, IdentityError};

/// Why something about prices was not done.
#[derive(Debug, thiserror::Error)]
pub enum PricingError {
    /// The parts of an outlet do not go together.
    #[error("at outlet {outlet}: {error}")]
    Book {
        /// The outlet's code.
        outlet: String,
        /// What is wrong.
        error: BookError,
    },
    /// A field is wrong.
    #[error("{}", .0.reason)]
    Part(part::Wrong),
    /// An outlet could not be written.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// A row could not be written as JSON.
    #[error("could not write a row as JSON")]
    Json(#[from] serde_json::Error),
    /// A failed statement.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<PricingError> for ApiError {
    fn from(error: PricingError) -> Self {
        let text = error.to_string();
        match error {
            PricingError::Book { error: BookError::TwoAtOnce(..), .. } => Self::conflict(text),
            PricingError::Book { outlet, .. } => Self::invalid("book", text)
                .with_details(serde_json::json!({ "field": "book", "outlet": outlet })),
            PricingError::Part(wrong) => Self::invalid(&wrong.field, text),
            PricingError::Identity(error) => error.into(),
            PricingError::Database(error) => error.into(),
            PricingError::Json(_) => Self::internal(&error),
        }
    }
}

/// Where it stands up to when parts that begin or end were looked for.
const LOOKED_UNTIL: &str = "pricing_looked_until";
/// How often it is looked for parts that begin or end.
const TICK: Duration = Duration::from_secs(20);

/// Makes new price books when parts begin or end, until asked to stop.
pub async fn run(state: AppState, mut stopped: watch::Receiver<bool>) {
    let mut seen = None;
    while !*stopped.borrow() {
        let since = match seen {
            Some(seen) => Ok(seen),
            None => looked_until(&state).await,
        };
        let turned = match since {
            Ok(since) => turn(&state, since).await,
            Err(error) => Err(error),
        };
        match turned {
            Ok(until) => seen = Some(until),
            Err(error) => {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, "price books could not be made; they are tried again");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            changed = stopped.changed() => if changed.is_err() { return },
        }
    }
}

/// Makes the books of all businesses in which a part began or ended since a moment; the moment up to which it looked.
///
/// # Errors
/// A failed statement. A business whose parts do not go together keeps its last good books, which is said in the log.
pub async fn turn(state: &AppState, since: Timestamp) -> Result<Timestamp, DatabaseError> {
    let now = state.clock.now();
    let mut tx = state.db.system_latest().await?;
    let tenants = repo::parts::turning(&mut tx, since, now).await?;
    drop(tx);
    for tenant in &tenants {
        match make_for(state, *tenant, now).await {
            Ok(()) => {}
            Err(PricingError::Database(error)) => return Err(error),
            Err(error) => tracing::error!(%tenant, %error, "the last good price books stay"),
        }
    }
    if !tenants.is_empty() {
        // A server that starts goes on from here instead of looking at every part that ever began.
        let mut tx = state.db.system_write().await?;
        sqlx::query(
            "INSERT INTO server_meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        )
        .bind(LOOKED_UNTIL)
        .bind(now.as_millis().to_string())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
    }
    Ok(now)
}

/// Where the look for parts that begin or end goes on; a clock that was set back begins at its own time.
async fn looked_until(state: &AppState) -> Result<Timestamp, DatabaseError> {
    let mut tx = state.db.system_latest().await?;
    let row = sqlx::query("SELECT value FROM server_meta WHERE key = $1").bind(LOOKED_UNTIL);
    let row = row.fetch_optional(&mut *tx).await?;
    let text: Option<String> = row.map(|row| row.try_get(0)).transpose()?;
    let millis = text.and_then(|text| text.parse().ok()).unwrap_or(0);
    Ok(Timestamp::from_millis(millis).min(state.clock.now()))
}

async fn make_for(state: &AppState, tenant: TenantId, now: Timestamp) -> Result<(), PricingError> {
    let mut tx = state.db.write(tenant).await?;
    let parts = repo::parts::active(&mut tx, tenant).await?;
    for outlet in identity::repo::outlets::all(&mut tx, tenant).await? {
        books::make(&mut tx, tenant, &outlet, &parts, (now, &state.server_epoch)).await?;
    }
    tx.commit().await.map_err(DatabaseError::from)?;
    Ok(())
}
