//! The demo business.

use crate::app::AppState;
use crate::database::DatabaseError;

/// Puts the demo business into the database, once, and gives what to print about it.
///
/// # Errors
/// A failed statement.
pub async fn seed(_state: &AppState) -> Result<String, DatabaseError> {
    Ok(String::new())
}
