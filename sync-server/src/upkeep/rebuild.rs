//! A scratch database with the same journal, applied anew, to compare the projections with.

use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};
use std::sync::Arc;
use tempfile::TempDir;

use futures_util::TryStreamExt as _;

use super::UpkeepError;
use crate::app::AppState;
use crate::config::Config;
use crate::database::{DatabaseError, Engine, Tx, batches, placeholders};
use crate::server::prepare;

/// What applying reads besides the journal.
const GROUND: &[&str] = &[
    "tenants",
    "outlets",
    "terminals",
    "staff",
    "categories",
    "items",
    "item_barcodes",
    "field_stamps",
    "price_books",
    "item_prices",
];

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// TEXT, BIGINT or BLOB.
    pub kind: String,
    /// Its place in the primary key, from 1; 0 is none.
    pub key: i64,
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Text.
    Text(Option<String>),
    /// A number.
    Number(Option<i64>),
    /// Bytes.
    Bytes(Option<Vec<u8>>),
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(Some(text)) => write!(f, "`{}`", text.chars().take(200).collect::<String>()),
            Self::Number(Some(number)) => write!(f, "{number}"),
            Self::Bytes(Some(bytes)) => write!(f, "{} bytes", bytes.len()),
            _ => f.write_str("nothing"),
        }
    }
}

/// The columns of a table by the embedded schema, which both engines share.
pub async fn columns(scratch: &mut Tx, table: &str) -> Result<Vec<Column>, DatabaseError> {
    let rows = sqlx::query(AssertSqlSafe(format!("PRAGMA table_info({table})")))
        .persistent(false)
        .fetch_all(&mut **scratch)
        .await?;
    rows.iter()
        .map(|row| {
            let key = row.try_get::<i64, _>(5)?;
            Ok(Column { name: row.try_get(1)?, kind: row.try_get(2)?, key })
        })
        .collect()
}

/// A value of a row by its column.
pub fn value(row: &AnyRow, at: usize, column: &Column) -> Result<Value, sqlx::Error> {
    Ok(match column.kind.as_str() {
        "BIGINT" | "INTEGER" => Value::Number(row.try_get(at)?),
        "BLOB" => Value::Bytes(row.try_get(at)?),
        _ => Value::Text(row.try_get(at)?),
    })
}

/// The rows of one business in a table by its key, in the same order on both engines.
pub fn select(engine: Engine, table: &str, columns: &[Column], condition: &str) -> String {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let mut keys: Vec<&Column> = columns.iter().filter(|column| column.key > 0).collect();
    keys.sort_by_key(|column| column.key);
    let order: Vec<String> = keys
        .iter()
        .map(|column| match (engine, column.kind.as_str()) {
            (Engine::Postgres, "TEXT") => format!("{} COLLATE \"C\"", column.name),
            _ => column.name.clone(),
        })
        .collect();
    format!(
        "SELECT {} FROM {table} WHERE tenant_id = $1{condition} ORDER BY {}",
        names.join(", "),
        order.join(", ")
    )
}

/// A scratch database; gone with this value.
pub struct Scratch {
    /// Its server, which does not listen.
    pub state: AppState,
    _dir: TempDir,
}

impl Scratch {
    /// Makes an empty one.
    ///
    /// # Errors
    /// When the system's folder for such files cannot be written.
    pub async fn new(live: &AppState) -> Result<Self, UpkeepError> {
        let dir =
            tempfile::tempdir().map_err(|source| UpkeepError::file("make", &std::env::temp_dir(), source))?;
        let state = prepare(Config::new(dir.path()), Arc::clone(&live.clock)).await?;
        Ok(Self { state, _dir: dir })
    }

    /// Copies what applying reads, and the journal as if it had just come in; gives how many events.
    ///
    /// # Errors
    /// A failed statement.
    pub async fn fill(&self, engine: Engine, live: &mut Tx, tenant: &str) -> Result<u64, UpkeepError> {
        let mut scratch = self.state.db.system_write().await?;
        for table in GROUND {
            copy(engine, live, &mut scratch, table, tenant, "", None).await?;
        }
        // What was not applied yet when this began has no projection to compare.
        let done = " AND state <> 'received'";
        let events =
            copy(engine, live, &mut scratch, "journal_events", tenant, done, Some("received")).await?;
        scratch.commit().await?;
        Ok(events)
    }
}

async fn copy(
    engine: Engine,
    live: &mut Tx,
    scratch: &mut Tx,
    table: &str,
    tenant: &str,
    condition: &str,
    state: Option<&str>,
) -> Result<u64, UpkeepError> {
    const ROWS: usize = 64;
    let columns = columns(scratch, table).await?;
    let sql = select(engine, table, &columns, condition);
    let mut rows =
        sqlx::query(AssertSqlSafe(sql)).persistent(false).bind(tenant.to_owned()).fetch(&mut **live);
    let (mut batch, mut count): (Vec<Vec<Value>>, u64) = (Vec::with_capacity(ROWS), 0);
    while let Some(row) = rows.try_next().await? {
        let mut values = Vec::with_capacity(columns.len());
        for (at, column) in columns.iter().enumerate() {
            values.push(match (column.name.as_str(), state) {
                ("state", Some(state)) => Value::Text(Some(state.to_owned())),
                _ => value(&row, at, column)?,
            });
        }
        batch.push(values);
        count += 1;
        if batch.len() >= ROWS {
            insert(scratch, table, &columns, &batch).await?;
            batch.clear();
        }
    }
    insert(scratch, table, &columns, &batch).await?;
    Ok(count)
}

async fn insert(
    scratch: &mut Tx,
    table: &str,
    columns: &[Column],
    rows: &[Vec<Value>],
) -> Result<(), DatabaseError> {
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    for chunk in batches(rows, columns.len()) {
        let sql = format!(
            "INSERT INTO {table} ({}) VALUES {}",
            names.join(", "),
            placeholders(1, chunk.len(), columns.len())
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in chunk.iter().flatten() {
            query = match value.clone() {
                Value::Text(text) => query.bind(text),
                Value::Number(number) => query.bind(number),
                Value::Bytes(bytes) => query.bind(bytes),
            };
        }
        query.execute(&mut **scratch).await?;
    }
    Ok(())
}
