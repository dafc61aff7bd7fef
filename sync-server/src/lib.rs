//! The authority of every outlet: takes the terminals' journals in, applies them, and sends prices, staff and outlets down.
//!
//! One folder per domain, each with the same rooms: `routes` (request, response, handler), `repo` (SQL), `rules` (pure).
//! To add a domain: make its folder, give it `routes()`, merge them in [`app::router`], and add its migration to both
//! folders under `migrations/server/` with the same name. To add a kind of event: an arm in `sync/apply/dispatch.rs`.

pub mod app;
pub mod cards;
pub mod catalog;
pub mod config;
pub mod database;
pub mod demo;
pub mod devices;
pub mod error;
pub mod extract;
pub mod identity;
pub mod inventory;
pub mod members;
pub mod openapi;
pub mod orders;
pub mod pricing;
pub mod reports;
pub mod seams;
pub mod secrets;
pub mod server;
pub mod shutdown;
pub mod sync;
pub mod telemetry;
pub mod upkeep;

pub use config::Config;
pub use server::{RunningServer, StartError, prepare, start, start_with_clock};
