//! A server with a business on it, and a till that signs like a real one.

pub mod postgres;
mod site;
mod till;

pub use site::{Site, TestClock, problem_code};
pub use till::{Till, item};
