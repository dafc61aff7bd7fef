//! A server as a value: start it, ask for its address, stop it. The binary, the tests and the replay run the same one.

use std::net::SocketAddr;
use std::sync::Arc;

use shared::Clock;
use sqlx::{PgPool, Row as _};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::app::{self, AppState};
use crate::config::Config;
use crate::database::{Database, DatabaseError};
use crate::seams::{SystemClock, SystemRandom};
use crate::secrets::Secrets;
use crate::sync::{self, Attempts, Backlogs, Limits, Snapshots, Wake};
use crate::{pricing, telemetry, upkeep};

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder or its key cannot be used.
    #[error("cannot use the data folder `{folder}`")]
    DataDir {
        /// The folder.
        folder: String,
        /// What failed.
        #[source]
        source: std::io::Error,
    },
    /// The database cannot be used.
    #[error("cannot use the database")]
    Database(#[from] DatabaseError),
    /// The address is taken or not this machine's.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What failed.
        #[source]
        source: std::io::Error,
    },
}

/// The most bytes of received bodies that are in work or wait to be stored, in KiB.
const MAX_PUSH_KIB: usize = 96 * 1024;

/// A server that runs; [`RunningServer::shutdown`] stops it in order.
pub struct RunningServer {
    /// Where it listens.
    pub addr: SocketAddr,
    /// What its handlers share.
    pub state: AppState,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
    applying: JoinHandle<()>,
    checking: JoinHandle<()>,
    figures: JoinHandle<()>,
    pricing: JoinHandle<()>,
    passing_on: JoinHandle<()>,
    upkeep: JoinHandle<()>,
}

/// Opens the database and makes the state of a server, without listening; for seeding and for [`start`].
///
/// # Errors
/// See [`StartError`].
pub async fn prepare(config: Config, clock: Arc<dyn Clock>) -> Result<AppState, StartError> {
    let data_dir_error =
        |source| StartError::DataDir { folder: config.data_dir.display().to_string(), source };
    std::fs::create_dir_all(&config.data_dir).map_err(data_dir_error)?;
    let secrets = Secrets::load_or_create(&config.data_dir).map_err(data_dir_error)?;
    let db = Database::open(&config).await?;
    let server_epoch = server_epoch(&db).await?;
    sync::feed::digest_all(&db).await?;
    Ok(AppState {
        snapshots: Arc::new(Snapshots::new(config.data_dir.join("snapshots"), config.snapshot_least_rows)),
        receiving: Arc::new(db.receiving(&config)?),
        devices: Arc::default(),
        limits: Arc::new(Limits::new(config.terminal_pushes_per_s, config.tenant_pushes_per_s)),
        push_kib: Arc::new(Semaphore::new(MAX_PUSH_KIB)),
        db,
        pushes: Arc::new(Semaphore::new(config.max_pushes)),
        listeners: Arc::new(Semaphore::new(config.max_listeners)),
        config: Arc::new(config),
        clock,
        secrets: Arc::new(secrets),
        server_epoch: server_epoch.into(),
        wake: Arc::new(Wake::default()),
        attempts: Arc::new(Attempts::default()),
        backlogs: Arc::new(Backlogs::default()),
        metrics: telemetry::metrics(),
    })
}

/// Starts a server on the machine's clock.
///
/// # Errors
/// See [`StartError`].
pub async fn start(config: Config) -> Result<RunningServer, StartError> {
    start_with_clock(config, Arc::new(SystemClock)).await
}

/// Starts a server on a clock of the caller's.
///
/// # Errors
/// See [`StartError`].
pub async fn start_with_clock(config: Config, clock: Arc<dyn Clock>) -> Result<RunningServer, StartError> {
    let address = config.listen;
    let state = prepare(config, clock).await?;
    let listen_error = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(listen_error)?;
    let addr = listener.local_addr().map_err(listen_error)?;
    let folder = state.config.data_dir.display().to_string();
    state.snapshots.clear().map_err(|source| StartError::DataDir { folder, source })?;
    sync::apply::retry_all(&state).await?;
    let (stop, stopped) = watch::channel(false);
    let service = app::router(state.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let serving = tokio::spawn({
        let stopped = stopped.clone();
        async move {
            let served = axum::serve(listener, service).with_graceful_shutdown(asked_to_stop(stopped)).await;
            if let Err(error) = served {
                tracing::error!(%error, "the server stopped listening");
            }
        }
    });
    let applying = tokio::spawn(sync::apply::run(state.clone(), stopped.clone()));
    let checking = tokio::spawn(sync::receive::check_signatures(state.clone(), stopped.clone()));
    let figures = tokio::spawn(upkeep::gauges::run(state.clone(), stopped.clone()));
    let pricing = tokio::spawn(pricing::run(state.clone(), stopped.clone()));
    let passing_on = tokio::spawn(pass_on(state.clone(), state.db.hints(&state.config)?, stopped));
    let upkeep = tokio::spawn({
        let metrics = state.metrics.clone();
        async move {
            loop {
                tokio::time::sleep(app::METRICS_UPKEEP).await;
                metrics.run_upkeep();
            }
        }
    });
    tracing::info!(%addr, engine = ?state.db.engine(), "listening");
    Ok(RunningServer { addr, state, stop, serving, applying, checking, figures, pricing, passing_on, upkeep })
}

impl RunningServer {
    /// The address for clients, such as `http://127.0.0.1:8080`.
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Takes no new requests, waits for the running ones and for the event being applied (both bounded), closes the database.
    pub async fn shutdown(self) {
        let bound = self.state.config.drain_timeout;
        // Fails only when all tasks are gone already.
        let _ = self.stop.send(true);
        self.state.db.news().close();
        self.upkeep.abort();
        for mut task in
            [self.serving, self.applying, self.checking, self.figures, self.pricing, self.passing_on]
        {
            if timeout(bound, &mut task).await.is_err() {
                tracing::warn!("work was still going on after the time given to finish; it is rolled back");
                task.abort();
            }
        }
        let closing = async {
            self.state.receiving.close().await;
            self.state.db.close().await;
        };
        if timeout(bound, closing).await.is_err() {
            tracing::warn!("the database was not closed in time");
        }
        tracing::info!("stopped");
    }
}

async fn asked_to_stop(mut stopped: watch::Receiver<bool>) {
    // An error means that the owner is gone, which is a reason to stop, too.
    let _ = stopped.wait_for(|stop| *stop).await;
}

/// Tells other servers on the same database of news, and hears of theirs; ends at once when there can be none.
async fn pass_on(state: AppState, pool: Option<PgPool>, stopped: watch::Receiver<bool>) {
    if let Some(pool) = pool {
        let node = rand_core::RngCore::next_u64(&mut state.rng());
        sync::news::hints::run(pool, state.db.news().clone(), node, stopped).await;
    }
}

/// The life of the database: a random name, made together with it.
async fn server_epoch(db: &Database) -> Result<String, DatabaseError> {
    let mut fresh = [0_u8; 8];
    rand_core::RngCore::fill_bytes(&mut SystemRandom, &mut fresh);
    let mut tx = db.system_write().await?;
    sqlx::query(
        "INSERT INTO server_meta (key, value) VALUES ('server_epoch', $1) ON CONFLICT (key) DO NOTHING",
    )
    .bind(hex::encode(fresh))
    .execute(&mut *tx)
    .await?;
    let epoch =
        sqlx::query("SELECT value FROM server_meta WHERE key = 'server_epoch'").fetch_one(&mut *tx).await?;
    let epoch = epoch.try_get(0)?;
    tx.commit().await?;
    Ok(epoch)
}
