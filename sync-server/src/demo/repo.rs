//! SQL of the demo: what of it is there already.

use std::collections::HashSet;
use std::fmt::Display;

use shared::ids::TenantId;
use sqlx::Row as _;

use crate::database::{DatabaseError, Tx};

/// What the feed of the business knows, deleted things too.
pub(super) struct Present {
    /// Whether the business is there.
    pub tenant: bool,
    rows: HashSet<(String, String)>,
}

impl Present {
    /// Whether there never was such a row.
    pub(super) fn lacks(&self, entity: &str, id: &impl Display) -> bool {
        !self.rows.contains(&(entity.to_owned(), id.to_string()))
    }
    /// Those of `all` that never were there.
    pub(super) fn missing<T: Clone, I: Display>(
        &self,
        entity: &str,
        all: &[T],
        id: impl Fn(&T) -> I,
    ) -> Vec<T> {
        all.iter().filter(|one| self.lacks(entity, &id(one))).cloned().collect()
    }
}

/// What is there of a business.
///
/// # Errors
/// A failed statement.
pub(super) async fn present(tx: &mut Tx, tenant: TenantId) -> Result<Present, DatabaseError> {
    let found = sqlx::query("SELECT tenant_id FROM tenants WHERE tenant_id = $1")
        .bind(tenant.to_string())
        .fetch_optional(&mut **tx)
        .await?;
    let rows = sqlx::query("SELECT entity, row_id FROM feed_rows WHERE tenant_id = $1")
        .bind(tenant.to_string())
        .fetch_all(&mut **tx)
        .await?;
    let rows = rows.iter().map(|row| Ok::<_, DatabaseError>((row.try_get(0)?, row.try_get(1)?)));
    Ok(Present { tenant: found.is_some(), rows: rows.collect::<Result<_, _>>()? })
}
