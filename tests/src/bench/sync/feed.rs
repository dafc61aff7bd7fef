//! The feed down: snapshot, pokes, and a till that drains what it sold while it was alone.

use anyhow::Result;

use super::Ground;
use crate::bench::table::Figure;

/// Measures the way down.
///
/// # Errors
/// When a step fails.
#[expect(clippy::unused_async, reason = "the same form as the other subjects")]
pub async fn run(_ground: &Ground) -> Result<Vec<Figure>> {
    Ok(Vec::new())
}
