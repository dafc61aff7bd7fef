//! The server as its clients see it: over HTTP, on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

/// Makes of each `async fn name(site: Site)` a test on SQLite and one on PostgreSQL.
macro_rules! on_both_engines {
    ($($name:ident)*) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name($crate::support::Site::on_sqlite().await).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(site) = $crate::support::Site::on_postgres().await {
                    super::$name(site).await;
                }
            }
        }
    )*};
}

mod support;
mod world;

mod apply;
mod cards;
mod catalog;
mod devices;
mod edits;
mod enrol;
mod exceptions;
mod identity;
mod isolation;
mod layouts;
mod lifecycle;
mod live;
mod members;
mod nodes;
mod openapi;
mod orders;
mod prices;
mod pull;
mod push;
mod reports;
mod snapshot;
mod upkeep;
