//! The pictures.

use shared::Timestamp;
use shared::ids::{OutletId, PictureId, TenantId};
use sqlx::Row as _;

use crate::database::{DatabaseError, Tx};

/// A picture as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureRow {
    /// Its kind.
    pub media_type: String,
    /// The file.
    pub content: Vec<u8>,
}

/// One picture.
///
/// # Errors
/// A failed statement.
pub async fn find(
    tx: &mut Tx,
    tenant: TenantId,
    picture: PictureId,
) -> Result<Option<PictureRow>, DatabaseError> {
    let row =
        sqlx::query("SELECT media_type, content FROM pictures WHERE tenant_id = $1 AND picture_id = $2")
            .bind(tenant.to_string())
            .bind(picture.to_string())
            .fetch_optional(&mut **tx)
            .await?;
    row.map(|row| Ok(PictureRow { media_type: row.try_get(0)?, content: row.try_get(1)? })).transpose()
}

/// Adds a picture or replaces it, and gives the outlet it is shown at: the one of its first making.
///
/// # Errors
/// A failed statement.
pub async fn put(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: Option<OutletId>,
    picture: PictureId,
    row: &PictureRow,
    now: Timestamp,
) -> Result<Option<OutletId>, DatabaseError> {
    let stored = sqlx::query(
        "INSERT INTO pictures (tenant_id, picture_id, outlet_id, media_type, content, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (tenant_id, picture_id) DO UPDATE SET media_type = excluded.media_type, \
         content = excluded.content RETURNING outlet_id",
    )
    .bind(tenant.to_string())
    .bind(picture.to_string())
    .bind(outlet.map(|outlet| outlet.to_string()))
    .bind(row.media_type.as_str())
    .bind(row.content.clone())
    .bind(now.as_millis())
    .fetch_one(&mut **tx)
    .await?;
    super::outlet_of(stored.try_get(0)?)
}
