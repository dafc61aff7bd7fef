//! The till: an engine of use cases over a local store, under two shells.
//!
//! A command of a screen goes `commands` → one use case (`register`, `checkout`, `refunds`, `drawer`, `history`, `staff`,
//! `catalogue`, `stockroom`, `backoffice`) → `store` and `journal`; `sync` and `peripherals` work in the background on what
//! was committed. `engine` holds it all together; `shell` shows it in a window or serves it over HTTP.
//!
//! To add a command: a row in `commands/table.rs`, a handler that calls one use case, types in `views`.

pub mod backoffice;
mod cards;
pub mod catalogue;
pub mod checkout;
pub mod commands;
pub mod context;
pub(crate) mod counter;
mod customer;
pub mod devices;
pub mod drawer;
mod durable;
pub mod engine;
pub mod enrol;
pub mod exceptions;
pub mod handover;
mod headquarters;
pub mod history;
pub mod journal;
mod layouts;
pub mod peripherals;
mod pricing;
pub mod receipts;
pub mod refunds;
pub mod register;
pub mod shell;
pub mod staff;
pub mod stockroom;
pub mod store;
pub mod sync;
pub mod views;
