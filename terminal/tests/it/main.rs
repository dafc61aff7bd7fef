//! Tests of the engine and its shells, in one binary.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod backoffice;
mod bindings;
mod card_facts;
mod cards;
mod catalogue;
mod counter;
mod customer;
mod device_log;
mod devices;
mod drawer;
mod edits;
mod engine;
mod fake_server;
mod faults;
mod handover;
mod headless;
mod history;
mod journal;
mod layouts;
mod lives;
mod members;
mod people;
mod prices;
mod printers;
mod printing;
mod ready_made;
mod receipts;
mod refunds;
mod register;
mod rescue;
mod running_till;
mod scanning;
mod selling;
mod shop;
mod stockroom;
mod store;
mod sync;
mod till;
