//! The floors: the same bytes, put on the disk as barely as it can be done durably.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use rusqlite::Connection;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::bench::table::as_f64;

/// Rows per second into one SQLite table of an id and the bytes, WAL, synchronous FULL.
///
/// # Errors
/// When a statement fails.
pub fn sqlite(folder: &Path, rows: usize, batch: usize, bytes: usize) -> Result<f64> {
    let mut db = Connection::open(folder.join("floor.db"))?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.execute_batch("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL);")?;
    let blob = vec![b'x'; bytes];
    let start = Instant::now();
    for _ in 0..rows / batch {
        let tx = db.transaction()?;
        {
            let mut insert = tx.prepare_cached("INSERT INTO bare (bytes) VALUES (?1)")?;
            for _ in 0..batch {
                insert.execute([&blob])?;
            }
        }
        tx.commit()?;
    }
    Ok(rate(rows, start))
}

/// Rows per second into one PostgreSQL table of an id and the bytes, one statement and one commit per batch.
///
/// # Errors
/// When a statement fails.
pub async fn postgres(url: &str, rows: usize, batch: usize, bytes: usize) -> Result<f64> {
    let mut db = PgConnection::connect(url).await?;
    let table = "CREATE TABLE IF NOT EXISTS bare (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, bytes BYTEA NOT NULL)";
    sqlx::raw_sql(table).execute(&mut db).await?;
    let blob = vec![b'x'; bytes];
    let places: Vec<String> = (1..=batch).map(|place| format!("(${place})")).collect();
    let sql = format!("INSERT INTO bare (bytes) VALUES {}", places.join(", "));
    let start = Instant::now();
    for _ in 0..rows / batch {
        let mut query = sqlx::query(AssertSqlSafe(sql.clone()));
        for _ in 0..batch {
            query = query.bind(blob.as_slice());
        }
        let done = query.execute(&mut db).await?;
        ensure!(usize::try_from(done.rows_affected())? == batch, "not every row was written");
    }
    let rate = rate(rows, start);
    db.close().await?;
    Ok(rate)
}

fn rate(rows: usize, start: Instant) -> f64 {
    as_f64(rows) / start.elapsed().as_secs_f64()
}
