//! The journal up, the feed down: enrolment, push, pull, and the applying of what came in.
//!
//! A push is first *received* ([`receive`]): verified, stored as it came, acknowledged. Only then is it *applied*
//! ([`apply`]) by a worker of its own, which parks what it cannot apply and goes on.

pub mod apply;
mod attempts;
mod backlogs;
pub(crate) mod body;
pub mod device;
mod enrol;
pub mod exceptions;
pub mod feed;
mod limits;
mod live;
pub mod news;
mod pull;
pub mod receive;
mod routes;
mod snapshot;
pub mod stamps;

pub use apply::Wake;
pub use attempts::Attempts;
pub use backlogs::Backlogs;
pub use limits::Limits;
pub use news::News;
pub use routes::{Api, ProblemView, routes};
pub use snapshot::Snapshots;
