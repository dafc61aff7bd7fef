//! The server of a run: the real one, in this process, on a simulated clock, with every commit a place to die.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use rusqlite::Connection;
use sync_server::app::AppState;
use terminal::sync::transport::{WireAnswer, WireRequest};
use tower::ServiceExt as _;

use super::seams::{DeathPoint, NodeClock, ServerWatch};
use super::template::copy_folder;
use crate::invariants::read;

/// The server of a run.
pub struct Server {
    /// Its folder.
    pub folder: PathBuf,
    /// Its clock.
    pub clock: Arc<NodeClock>,
    /// Where it dies.
    pub death: Arc<DeathPoint>,
    running: Option<(AppState, Router)>,
    /// An eye on what is durable, apart from the server's own connections.
    eye: Option<Connection>,
}

/// Sends a request through a router as if it had come over the network.
///
/// # Errors
/// A request that HTTP cannot carry.
pub async fn exchange(router: Router, request: &WireRequest) -> Result<WireAnswer> {
    let mut builder = Request::builder().method(request.method.clone()).uri(&request.path);
    for (name, value) in &request.headers {
        builder = builder.header(*name, value);
    }
    let mut asked = builder.body(Body::from(request.body.clone().unwrap_or_default()))?;
    asked.extensions_mut().insert(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 4000))));
    let answer = router.oneshot(asked).await?;
    let (parts, body) = answer.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await?.to_vec();
    let header =
        |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (retry_after, content_encoding) = (header("retry-after"), header("content-encoding"));
    let status = parts.status.as_u16();
    Ok(WireAnswer { status, retry_after, content_encoding, body })
}

impl Server {
    /// A server on a folder, not started.
    pub fn new(folder: PathBuf, clock: Arc<NodeClock>) -> Self {
        Self { folder, clock, death: Arc::default(), running: None, eye: None }
    }

    /// Starts it.
    ///
    /// # Errors
    /// When its database cannot be opened.
    pub async fn start(&mut self) -> Result<()> {
        self.death.revive();
        // Also the few things of these shops come ready-made: what happens in between is what is looked for.
        let config = sync_server::Config { snapshot_least_rows: 1, ..sync_server::Config::new(&self.folder) };
        let mut state = sync_server::prepare(config, self.clock.clone()).await?;
        let watch = ServerWatch { point: self.death.clone(), dying: AtomicBool::new(false) };
        state.db = state.db.clone().watched(Arc::new(watch));
        sync_server::sync::apply::retry_all(&state).await?;
        self.running = Some((state.clone(), sync_server::app::router(state)));
        self.eye = Some(read::open(&self.folder.join(read::SERVER_FILE))?);
        Ok(())
    }

    /// What its handlers share, while it runs.
    pub fn state(&self) -> Option<&AppState> {
        self.running.as_ref().map(|(state, _)| state)
    }

    /// Does a request; None when it is down or died over it.
    ///
    /// # Errors
    /// A request that HTTP cannot carry.
    pub async fn handle(&self, request: &WireRequest) -> Result<Option<WireAnswer>> {
        let Some((_, router)) = &self.running else { return Ok(None) };
        let answer = exchange(router.clone(), request).await?;
        Ok((!self.death.is_dead()).then_some(answer))
    }

    /// Applies what waits; false when it failed.
    pub async fn apply(&self) -> bool {
        match &self.running {
            Some((state, _)) => sync_server::sync::apply::apply_waiting(state).await.is_ok(),
            None => false,
        }
    }

    /// The process is gone: what was committed stays.
    pub async fn kill(&mut self) {
        self.eye = None;
        if let Some((state, router)) = self.running.take() {
            drop(router);
            state.db.close().await;
        }
    }

    /// Puts a backup in the place of the database, as a new life of the server: it must be down.
    ///
    /// # Errors
    /// When a file cannot be copied.
    pub fn restore(&self, from: &Path, life: u64) -> Result<()> {
        std::fs::remove_dir_all(&self.folder)?;
        copy_folder(from, &self.folder)?;
        let db = Connection::open(self.folder.join(read::SERVER_FILE))?;
        db.execute("UPDATE server_meta SET value = ?1 WHERE key = 'server_epoch'", [format!("{life:016x}")])?;
        Ok(())
    }

    /// Changes the database behind the server's back: for injected bugs.
    ///
    /// # Errors
    /// A statement that SQLite refuses.
    pub fn meddle(&self, sql: &str) -> Result<()> {
        let db = Connection::open(self.folder.join(read::SERVER_FILE))?;
        db.busy_timeout(std::time::Duration::from_secs(10))?;
        db.execute_batch(sql).context("meddling with the server's database")
    }

    /// The hash that is durable at a place of a journal.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn durable_hash(&self, terminal: &str, epoch: u32, seq: u64) -> Result<Option<[u8; 32]>> {
        let eye = self.eye.as_ref().context("the server is down")?;
        let sql = "SELECT hash FROM journal_events WHERE terminal_id = ?1 AND epoch = ?2 AND seq = ?3";
        let mut statement = eye.prepare_cached(sql)?;
        let mut rows = statement.query(rusqlite::params![terminal, epoch, i64::try_from(seq)?])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
    }
}
