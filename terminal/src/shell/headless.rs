//! The engine without a window: the screens and `POST /rpc/<command>` over HTTP, changes over `GET /events`.
//!
//! Only pages that this server handed out may command it: the `Host` must be this machine's (no DNS rebinding), the
//! `Origin` must be the same, the body must be JSON (a form of another site cannot send that), and each browser is told
//! apart by a cookie that scripts cannot read and other sites cannot send.

mod guard;
mod pages;
mod rpc;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use crate::engine::Engine;

pub use guard::Names;

/// The most bytes of a command.
const MAX_BODY_BYTES: usize = 256 * 1024;
/// The most open streams of changes; each tablet has one.
const MAX_STREAMS: usize = 64;
/// How long open requests may take to end once the server is told to stop.
const STOP_GRACE: Duration = Duration::from_secs(5);

/// How the server listens.
#[derive(Debug, Clone)]
pub struct HeadlessOptions {
    /// Where; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Names other than addresses by which browsers may call this machine.
    pub host_names: Vec<String>,
}

impl Default for HeadlessOptions {
    fn default() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 8181)), host_names: Vec::new() }
    }
}

/// What the handlers share.
#[derive(Clone)]
struct Shell {
    engine: Arc<Engine>,
    streams: Arc<Semaphore>,
    stopping: watch::Receiver<bool>,
}

/// A running server.
#[derive(Debug)]
pub struct Headless {
    addr: SocketAddr,
    stop: watch::Sender<bool>,
    done: tokio::task::JoinHandle<std::io::Result<()>>,
}

impl Headless {
    /// Begins to serve on the running tokio runtime.
    ///
    /// # Errors
    /// When the address is taken or not of this machine.
    pub async fn start(engine: Arc<Engine>, options: HeadlessOptions) -> std::io::Result<Self> {
        let listener = TcpListener::bind(options.listen).await?;
        let addr = listener.local_addr()?;
        let (stop, mut stopping) = watch::channel(false);
        let shell =
            Shell { engine, streams: Arc::new(Semaphore::new(MAX_STREAMS)), stopping: stopping.clone() };
        let router = router(shell, Names::new(options.host_names));
        let done = tokio::spawn(async move {
            let told = async move {
                // An error means that the handle is gone, which is the same wish.
                let _ = stopping.wait_for(|stop| *stop).await;
            };
            axum::serve(listener, router).with_graceful_shutdown(told).await
        });
        Ok(Self { addr, stop, done })
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The address to type into a browser on this machine.
    pub fn url(&self) -> String {
        match self.addr.ip() {
            ip if ip.is_unspecified() => format!("http://127.0.0.1:{}/", self.addr.port()),
            _ => format!("http://{}/", self.addr),
        }
    }

    /// Lets open requests end, then stops.
    ///
    /// # Errors
    /// When serving had failed.
    pub async fn stop(self) -> std::io::Result<()> {
        let _ = self.stop.send(true);
        match tokio::time::timeout(STOP_GRACE, self.done).await {
            Ok(Ok(served)) => served,
            Ok(Err(join)) => Err(std::io::Error::other(join)),
            // A client that does not hang up is cut off with the process.
            Err(_) => Ok(()),
        }
    }
}

fn router(shell: Shell, names: Names) -> Router {
    Router::new()
        .route("/rpc/{command}", post(rpc::call))
        .route("/events", get(rpc::events))
        .fallback(get(pages::page))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(axum::middleware::from_fn_with_state(Arc::new(names), guard::guard))
        .with_state(shell)
}
