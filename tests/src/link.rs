//! A wire between terminals and server that can be cut: a TCP relay on the loopback address.

use std::net::SocketAddr;

use anyhow::Result;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A wire that can be cut and mended; gone when dropped.
pub struct Link {
    address: SocketAddr,
    whole: watch::Sender<bool>,
    relay: tokio::task::JoinHandle<()>,
}

impl Link {
    /// A wire to a port of the loopback address.
    ///
    /// # Errors
    /// When no port is free.
    pub async fn to(port: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (whole, state) = watch::channel(true);
        let relay = tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let whole = *state.borrow();
                if whole {
                    tokio::spawn(carry(near, port, state.clone()));
                }
            }
        });
        Ok(Self { address, whole, relay })
    }

    /// The near end, as the server's address.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Cuts what is under way and what comes.
    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    /// Lets new connections through.
    pub fn mend(&self) {
        self.whole.send_replace(true);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.relay.abort();
    }
}

async fn carry(mut near: TcpStream, port: u16, mut state: watch::Receiver<bool>) {
    let Ok(mut far) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    tokio::select! {
        _ = tokio::io::copy_bidirectional(&mut near, &mut far) => {}
        () = cut(&mut state) => {
            let _ = near.shutdown().await;
        }
    }
}

/// Ends when the wire is cut.
async fn cut(state: &mut watch::Receiver<bool>) {
    let _ = state.wait_for(|whole| !whole).await;
}
