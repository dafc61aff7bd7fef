//! Ready-made catalogues: what a terminal of an outlet would read from the feed, as the finished file that it keeps it in.
//!
//! A file is made when it is first wanted (or when a terminal is about to be enrolled), kept, and given out with what
//! changed since to be pulled after it; it is made anew once too much has changed. Under its id it never changes, so that a
//! terminal can go on where its network ended. The files are no more than a cache: they are gone after a restart.

mod build;

use std::collections::HashMap;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::{Path as PathOf, Request, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use metrics::{counter, histogram};
use serde::Deserialize;
use shared::ids::{OutletId, TenantId};
use shared::wire::feed::{CATALOGUE_FORM, SNAPSHOT_PART_BYTES};
use shared::wire::{PROTOCOL_VERSION, SnapshotFile, SnapshotOffer};
use tokio::sync::Semaphore;

use super::body;
use super::device::{Device, Purpose, authenticate};
use super::feed::sums_of_outlet;
use crate::app::AppState;
use crate::database::DatabaseError;
use crate::error::ApiError;
use crate::extract::QueryOf;

/// The most files kept, two of an outlet.
const MAX_OUTLETS: usize = 128;
/// The most terminals that are sent a part at once; more are told to come again: pushes and live reads go first.
const MAX_READERS: usize = 8;
/// So many changes after a file are pulled, at the least; beyond this and a tenth of its rows it is made anew.
const LEAST_CHANGES: i64 = 1_000;

/// The files, by whose they are.
#[derive(Debug)]
pub struct Snapshots {
    folder: PathBuf,
    /// A catalogue of fewer rows comes as quickly in pages.
    least_rows: u64,
    outlets: Mutex<HashMap<(TenantId, OutletId), Arc<Outlet>>>,
    /// One file is made at a time: it is work for a core.
    builds: Semaphore,
    readers: Semaphore,
}

/// The files of an outlet.
#[derive(Debug, Default)]
struct Outlet {
    /// Held while one is made, so that many who want it wait for one.
    making: tokio::sync::Mutex<()>,
    /// The newest, and the one before it, which some may still be reading.
    files: Mutex<Vec<Arc<Ready>>>,
}

/// A finished file; removed when nobody has it any longer.
#[derive(Debug)]
struct Ready {
    file: SnapshotFile,
    path: PathBuf,
    seq: i64,
}

impl Drop for Ready {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

impl Snapshots {
    /// Files in `folder`, of catalogues with at least so many rows.
    pub fn new(folder: PathBuf, least_rows: u64) -> Self {
        Self {
            folder,
            least_rows,
            outlets: Mutex::default(),
            builds: Semaphore::new(1),
            readers: Semaphore::new(MAX_READERS),
        }
    }

    /// Empties the folder, for a server that begins to serve: what an earlier one left there nobody knows any longer.
    ///
    /// # Errors
    /// When that cannot be done.
    pub fn clear(&self) -> std::io::Result<()> {
        match std::fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn outlet(&self, key: (TenantId, OutletId)) -> Arc<Outlet> {
        let mut outlets = self.outlets.lock().unwrap_or_else(PoisonError::into_inner);
        if outlets.len() >= MAX_OUTLETS && !outlets.contains_key(&key) {
            // Those that nobody is asking for just now; they are made again when they are wanted.
            outlets.retain(|_, outlet| Arc::strong_count(outlet) > 1);
        }
        outlets.entry(key).or_default().clone()
    }

    /// The file of an id, when the outlet has it.
    fn find(&self, key: (TenantId, OutletId), id: &str) -> Option<Arc<Ready>> {
        let outlets = self.outlets.lock().unwrap_or_else(PoisonError::into_inner);
        let files = outlets.get(&key)?.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.iter().find(|ready| ready.file.id == id).cloned()
    }

    /// The file of an outlet, made now when there is none that is new enough; None when it is not worth one.
    async fn of_outlet(
        &self,
        state: &AppState,
        tenant: TenantId,
        outlet_id: OutletId,
    ) -> Result<Option<Arc<Ready>>, ApiError> {
        let outlet = self.outlet((tenant, outlet_id));
        let _making = outlet.making.lock().await;
        let mut tx = state.db.read(tenant).await?;
        let (newest, _) = super::pull::newest(&mut tx, tenant).await?;
        let rows: u64 = sums_of_outlet(&mut tx, tenant, outlet_id).await?.iter().map(|sum| sum.rows).sum();
        drop(tx);
        if rows < self.least_rows {
            return Ok(None);
        }
        let kept = outlet.files.lock().unwrap_or_else(PoisonError::into_inner).last().cloned();
        let stale = LEAST_CHANGES.max(i64::try_from(rows / 10).unwrap_or(i64::MAX));
        // One from before the database was put back counts in another life.
        let current = |ready: &Ready| (0..=stale).contains(&(newest - ready.seq));
        if let Some(ready) = kept.filter(|ready| current(ready)) {
            return Ok(Some(ready));
        }
        let _turn = self.builds.acquire().await.map_err(|error| ApiError::internal(&error))?;
        let begun = std::time::Instant::now();
        let ready = Arc::new(build::build(state, &self.folder, tenant, outlet_id).await?);
        histogram!("kedai_snapshot_build_seconds").record(begun.elapsed());
        counter!("kedai_snapshots_built_total").increment(1);
        let mut files = outlet.files.lock().unwrap_or_else(PoisonError::into_inner);
        files.push(ready.clone());
        let surplus = files.len().saturating_sub(2);
        files.drain(..surplus);
        Ok(Some(ready))
    }

    /// Makes the file of an outlet in the background: a terminal is about to want it.
    pub fn prepare(state: &AppState, tenant: TenantId, outlet: OutletId) {
        let state = state.clone();
        tokio::spawn(async move {
            if let Err(error) = state.snapshots.of_outlet(&state, tenant, outlet).await {
                tracing::warn!(code = error.code(), "a catalogue could not be made beforehand");
            }
        });
    }
}

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
enum BuildError {
    #[error("a catalogue could not be written")]
    Sqlite(#[from] rusqlite::Error),
    #[error("a catalogue could not be packed")]
    File(#[from] std::io::Error),
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error("the making of a catalogue stopped: {0}")]
    Stopped(&'static str),
}

impl From<BuildError> for ApiError {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Database(error) => error.into(),
            other => Self::internal(&other),
        }
    }
}

/// The terminal that asks.
async fn reader(state: &AppState, request: Request) -> Result<Device, ApiError> {
    let (parts, content) = request.into_parts();
    let content = body::read(content).await?;
    authenticate(state, Purpose::Read, (&parts.method, &parts.uri, &parts.headers), &content).await
}

#[derive(Debug, Deserialize)]
pub(super) struct OfferQuery {
    form: Option<u16>,
}

/// Ask for a ready-made catalogue; `snapshot` is null when there is none worth it, or none of the form asked for.
#[utoipa::path(
    get, path = "/api/v1/sync/snapshot", tag = "sync",
    params(("form" = Option<u16>, Query, description = "the form of the file that the terminal takes")),
    responses(
        (status = 200, description = "protocol, snapshot (id, cursor, rows, bytes, plain_bytes, hash) or null, server_time"),
        (status = 403, description = "terminal_revoked", body = super::ProblemView),
        (status = 404, description = "unknown_terminal", body = super::ProblemView)
    )
)]
pub(super) async fn offer(
    State(state): State<AppState>,
    QueryOf(query): QueryOf<OfferQuery>,
    request: Request,
) -> Result<Response, ApiError> {
    let device = reader(&state, request).await?;
    let ready = if query.form == Some(CATALOGUE_FORM) {
        state.snapshots.of_outlet(&state, device.tenant_id, device.outlet_id).await?
    } else {
        None
    };
    let offer = SnapshotOffer {
        protocol: PROTOCOL_VERSION,
        snapshot: ready.map(|ready| ready.file.clone()),
        server_time: state.clock.now(),
    };
    Ok(body::answer(&offer, false))
}

#[derive(Debug, Deserialize)]
pub(super) struct PartQuery {
    #[serde(default)]
    from: u64,
}

/// Read bytes of a ready-made catalogue from a place on, at most 4 MiB of them; a place at its end gives none.
#[utoipa::path(
    get, path = "/api/v1/sync/snapshot/{id}", tag = "sync",
    params(("id" = String, Path, description = "as offered"), ("from" = Option<u64>, Query, description = "the first byte")),
    responses(
        (status = 200, description = "bytes of a zstd frame", content_type = "application/octet-stream"),
        (status = 403, description = "terminal_revoked", body = super::ProblemView),
        (status = 404, description = "unknown_terminal, or the catalogue is gone: ask for one anew", body = super::ProblemView),
        (status = 503, description = "busy", body = super::ProblemView)
    )
)]
pub(super) async fn part(
    State(state): State<AppState>,
    PathOf(id): PathOf<String>,
    QueryOf(query): QueryOf<PartQuery>,
    request: Request,
) -> Result<Response, ApiError> {
    let device = reader(&state, request).await?;
    let ready = state.snapshots.find((device.tenant_id, device.outlet_id), &id);
    let ready = ready.ok_or_else(|| ApiError::not_found("catalogue"))?;
    let _place = state.snapshots.readers.try_acquire().map_err(|_| ApiError::busy())?;
    let read = tokio::task::spawn_blocking(move || read_part(&ready.path, query.from));
    let bytes = read.await.map_err(|error| ApiError::internal(&error))?;
    let bytes = bytes.map_err(|error| ApiError::internal(&error))?;
    counter!("kedai_snapshot_bytes_total").increment(u64::try_from(bytes.len()).unwrap_or(0));
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], Body::from(bytes)).into_response())
}

fn read_part(path: &Path, from: u64) -> std::io::Result<Vec<u8>> {
    let mut file = std::fs::File::open(path)?;
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(SNAPSHOT_PART_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}
