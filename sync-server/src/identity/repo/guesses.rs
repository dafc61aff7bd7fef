//! Guesses at passwords, counted in the database so that a restart forgives nothing.

use shared::Timestamp;
use sqlx::Row as _;

use crate::database::{DatabaseError, Tx};
use crate::identity::rules::{GUESSES_FORGOTTEN_MS, guess_delay_ms};

/// Counts a guess before it is looked at, as if it had failed: guesses sent side by side gain nothing. Gives the
/// milliseconds to wait when it may not be looked at yet; waiting guesses are not counted.
///
/// # Errors
/// A failed statement.
pub async fn begin(tx: &mut Tx, key: &str, free: i64, now: Timestamp) -> Result<Option<i64>, DatabaseError> {
    // The lock of the row keeps guesses apart on PostgreSQL; on SQLite the one writer does.
    sqlx::query(
        "INSERT INTO sign_in_attempts (attempt_key, failures, last_failed_at, locked_until) \
         VALUES ($1, 0, $2, 0) ON CONFLICT (attempt_key) DO UPDATE SET failures = sign_in_attempts.failures",
    )
    .bind(key)
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    let row = sqlx::query(
        "SELECT failures, last_failed_at, locked_until FROM sign_in_attempts WHERE attempt_key = $1",
    )
    .bind(key)
    .fetch_one(&mut **tx)
    .await?;
    let (failures, last): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    let locked_until = Timestamp::from_millis(row.try_get(2)?);
    let wait = locked_until.since(now).min(guess_delay_ms(failures, free));
    if wait > 0 {
        return Ok(Some(wait));
    }
    let forgotten = now.since(Timestamp::from_millis(last)) >= GUESSES_FORGOTTEN_MS;
    let failures = if forgotten { 1 } else { failures.saturating_add(1) };
    sqlx::query(
        "UPDATE sign_in_attempts SET failures = $2, last_failed_at = $3, locked_until = $4 WHERE attempt_key = $1",
    )
    .bind(key)
    .bind(failures)
    .bind(now.as_millis())
    .bind(now.plus_millis(guess_delay_ms(failures, free)).as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(None)
}

/// Forgets the guesses after a success.
///
/// # Errors
/// A failed statement.
pub async fn clear(tx: &mut Tx, key: &str) -> Result<(), DatabaseError> {
    sqlx::query("DELETE FROM sign_in_attempts WHERE attempt_key = $1").bind(key).execute(&mut **tx).await?;
    Ok(())
}

/// Takes back the one guess that was right after all; the others from there still count.
///
/// # Errors
/// A failed statement.
pub async fn give_back(tx: &mut Tx, key: &str) -> Result<(), DatabaseError> {
    sqlx::query(
        "UPDATE sign_in_attempts SET failures = failures - 1, locked_until = 0 WHERE attempt_key = $1 AND failures > 0",
    )
    .bind(key)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Forgets all guesses that are long past, so that the table stays small.
///
/// # Errors
/// A failed statement.
pub async fn forget_old(tx: &mut Tx, now: Timestamp) -> Result<(), DatabaseError> {
    sqlx::query("DELETE FROM sign_in_attempts WHERE last_failed_at < $1")
        .bind(now.plus_millis(-GUESSES_FORGOTTEN_MS).as_millis())
        .execute(&mut **tx)
        .await?;
    Ok(())
}
