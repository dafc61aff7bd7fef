//! The trade itself: money, pricing, carts, orders, drawer sessions, the journal and the wire messages.
//!
//! Nothing here touches files, sockets, SQL, threads, clocks or randomness: those are parameters. The terminal sells
//! with these types and the server judges with the very same ones.
//!
//! To add a business fact: give it a payload struct in [`journal::payload`], a variant in [`journal::Fact`], and
//! an apply arm on the server; unknown kinds are kept by every reader, so old builds go on.

pub mod cart;
pub mod catalogue;
pub mod clock;
pub mod customer;
pub mod drawer;
pub mod ids;
pub mod journal;
pub mod locale;
pub mod money;
pub mod order;
pub mod outlet;
pub mod payment_code;
pub mod pricing;
pub mod refund;
pub mod staff;
pub mod stamp;
mod visible;
pub mod wire;

pub use clock::{BusinessDate, Clock, Timestamp};
pub use money::{CurrencyCode, Money, Quantity, Rate, RoundingMode, UnitPrice};
