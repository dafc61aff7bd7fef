//! The import of items as CSV: spooled to a file while it comes in, read twice, applied in one transaction.
//!
//! The first reading checks every row by itself and against the other rows; the second applies them in batches. Memory
//! holds codes and one batch, never the file.

mod apply;
mod parse;

pub use parse::{Column, ParsedRow, Rows};

use std::collections::HashMap;
use std::fs::File;
use std::io::{Seek as _, SeekFrom};

use axum::body::Body;
use axum::http::StatusCode;
use futures_util::StreamExt as _;
use serde::Serialize;
use shared::ids::{OutletId, TenantId};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::mpsc;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::catalog::IMPORT_REFUSED;
use crate::catalog::repo::items::BATCH;
use crate::error::ApiError;

/// The most bytes of a file.
pub const MAX_FILE_BYTES: usize = 64 * 1024 * 1024;
/// The most rows of a file.
pub const MAX_ROWS: u32 = 200_000;
/// The most refusals that are listed.
pub const MAX_ERRORS: usize = 100;

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportReport {
    /// Rows of the file, without the first.
    pub rows: u32,
    /// Items that are new.
    pub created: u32,
    /// Items that changed.
    pub updated: u32,
    /// Items that were as the file says already.
    pub unchanged: u32,
    /// Categories that are new.
    pub categories_created: u32,
}

/// Why a row was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RowError {
    /// The row, counted as a spreadsheet does: the names of the columns are row 1.
    pub row: u32,
    /// The column; empty for the row as a whole.
    pub column: String,
    /// What stands there.
    pub found: String,
    /// What is wrong with it.
    pub problem: String,
    /// What is expected there.
    pub expected: String,
}

impl RowError {
    /// A refusal; what was found is cut to 60 characters.
    pub fn new(
        row: u32,
        column: &str,
        found: &str,
        problem: impl Into<String>,
        expected: impl Into<String>,
    ) -> Self {
        let found = found.chars().filter(|c| !c.is_control()).take(60).collect();
        Self { row, column: column.to_owned(), found, problem: problem.into(), expected: expected.into() }
    }
}

/// Refusals of one import: the first hundred and how many there are in all.
#[derive(Debug, Clone, Default)]
pub struct Refusals {
    errors: Vec<RowError>,
    count: u64,
}

impl Refusals {
    /// Adds one.
    pub fn push(&mut self, error: RowError) {
        self.count += 1;
        if self.errors.len() < MAX_ERRORS {
            self.errors.push(error);
        }
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
    fn into_error(self) -> ApiError {
        let first = self.errors.first().map(|error| {
            format!("row {}, {}: {}; {}", error.row, error.column, error.problem, error.expected)
        });
        let detail = format!(
            "nothing was imported: {} problems, the first in {}",
            self.count,
            first.unwrap_or_default()
        );
        ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, IMPORT_REFUSED, "the file was not imported", detail)
            .with_details(serde_json::json!({ "error_count": self.count, "errors": self.errors }))
    }
}

/// Writes the body to a file without a name as it comes in.
///
/// # Errors
/// A body that is too large or breaks off, or a full disk.
pub async fn spool(body: Body) -> Result<File, ApiError> {
    let file = tempfile::tempfile().map_err(|error| ApiError::internal(&error))?;
    let mut file = tokio::fs::File::from_std(file);
    let mut stream = body.into_data_stream();
    let mut bytes = 0_usize;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| ApiError::malformed("the file broke off; nothing was imported"))?;
        bytes = bytes.saturating_add(chunk.len());
        if bytes > MAX_FILE_BYTES {
            return Err(ApiError::too_large("a file of at most 64 MiB is expected; nothing was imported"));
        }
        file.write_all(&chunk).await.map_err(|error| ApiError::internal(&error))?;
    }
    file.flush().await.map_err(|error| ApiError::internal(&error))?;
    Ok(file.into_std().await)
}

/// Imports a spooled file: checks all of it, then applies all of it or nothing.
///
/// # Errors
/// A problem that lists the refused rows, or a failed statement.
pub async fn run(
    state: &AppState,
    tenant: TenantId,
    outlet: Option<OutletId>,
    file: File,
) -> Result<ImportReport, ApiError> {
    let internal = |error: &(dyn std::error::Error + 'static)| ApiError::internal(error);
    let checked = tokio::task::spawn_blocking(move || check(file)).await.map_err(|error| internal(&error))?;
    let file = checked?;
    // Two batches wait at most, so that reading never runs ahead of the database.
    let (sender, receiver) = mpsc::channel::<Vec<ParsedRow>>(2);
    let reading = tokio::task::spawn_blocking(move || read_batches(file, &sender));
    let report = apply::apply(state, tenant, outlet, receiver).await;
    reading.await.map_err(|error| internal(&error))??;
    report
}

fn rewound(mut file: File) -> Result<File, ApiError> {
    file.seek(SeekFrom::Start(0)).map_err(|error| ApiError::internal(&error))?;
    Ok(file)
}

/// The first reading: every row by itself, and no sku or barcode twice.
fn check(file: File) -> Result<File, ApiError> {
    let again = file.try_clone().map_err(|error| ApiError::internal(&error))?;
    let mut refusals = Refusals::default();
    let mut skus: HashMap<String, u32> = HashMap::new();
    let mut barcodes: HashMap<String, u32> = HashMap::new();
    let mut rows = Rows::open(rewound(file)?).map_err(single)?;
    while let Some(row) = rows.next_row() {
        match row {
            Err(errors) => errors.into_iter().for_each(|error| refusals.push(error)),
            Ok(row) => {
                if row.number > MAX_ROWS.saturating_add(1) {
                    let expected = format!("at most {MAX_ROWS} rows are expected");
                    return Err(single(RowError::new(
                        row.number,
                        "",
                        "",
                        "the file has too many rows",
                        expected,
                    )));
                }
                note(&mut skus, &mut refusals, &row, "sku", row.sku.as_str());
                for barcode in row.barcodes.iter().flatten() {
                    note(&mut barcodes, &mut refusals, &row, "barcodes", barcode.as_str());
                }
            }
        }
    }
    if refusals.is_empty() { Ok(again) } else { Err(refusals.into_error()) }
}

fn note(seen: &mut HashMap<String, u32>, refusals: &mut Refusals, row: &ParsedRow, column: &str, code: &str) {
    if let Some(first) = seen.get(code) {
        let problem = format!("it stands in row {first} already");
        refusals.push(RowError::new(
            row.number,
            column,
            code,
            problem,
            "each code once in the file is expected",
        ));
    } else {
        seen.insert(code.to_owned(), row.number);
    }
}

fn single(error: RowError) -> ApiError {
    let mut refusals = Refusals::default();
    refusals.push(error);
    refusals.into_error()
}

/// The second reading: batches for the database; ends early when nobody takes them any more.
fn read_batches(file: File, sender: &mpsc::Sender<Vec<ParsedRow>>) -> Result<(), ApiError> {
    let mut rows = Rows::open(rewound(file)?).map_err(single)?;
    let mut batch = Vec::with_capacity(BATCH);
    while let Some(row) = rows.next_row() {
        // The first reading found no refusal in the same bytes.
        batch.extend(row.ok());
        if batch.len() == BATCH && sender.blocking_send(std::mem::take(&mut batch)).is_err() {
            return Ok(());
        }
    }
    if !batch.is_empty() {
        // An error means that applying failed and says so itself.
        let _ = sender.blocking_send(batch);
    }
    Ok(())
}
