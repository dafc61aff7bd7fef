//! A backup while the server runs: SQLite writes a compact copy by itself (`VACUUM INTO`, never a copy of the file in
//! use), PostgreSQL by its own `pg_dump`.
//!
//! The folder's key file is not in it: whoever holds a backup alone can neither read PINs nor sign anything. Keep the key
//! apart from the backups, and put it back with them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Row as _};
use tokio::process::Command;

use super::UpkeepError;
use crate::app::AppState;
use crate::config::percent_decoded;
use crate::database::{DatabaseError, Engine};

/// What was backed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// The file.
    pub file: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Journal events in the database when it was begun.
    pub events: i64,
}

/// Backs the database up to `target`, a file that is not there yet, or a folder in which one is made; durable when it
/// returns.
///
/// # Errors
/// A target that is there, tools of PostgreSQL that are missing or fail, or a copy that does not hold.
pub async fn backup(state: &AppState, target: &Path) -> Result<BackedUp, UpkeepError> {
    let engine = state.db.engine();
    let file = if target.is_dir() {
        let suffix = if engine == Engine::Sqlite { "db" } else { "dump" };
        target.join(format!("kedai-{}.{suffix}", state.clock.now().as_millis()))
    } else {
        target.to_owned()
    };
    if file.exists() {
        return Err(UpkeepError::Refused(format!(
            "`{}` is there already: nothing was written",
            file.display()
        )));
    }
    let events = count_events(state).await?;
    let mut name = file.clone().into_os_string();
    name.push(".part");
    let part = PathBuf::from(name);
    if part.exists() {
        fs::remove_file(&part).map_err(|source| UpkeepError::file("remove", &part, source))?;
    }
    match engine {
        Engine::Sqlite => vacuum_into(state, &part).await?,
        Engine::Postgres => dump(state, &part).await?,
    }
    let made = || -> std::io::Result<u64> {
        let held = File::open(&part)?;
        held.sync_all()?;
        fs::rename(&part, &file)?;
        #[cfg(unix)]
        if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            File::open(folder)?.sync_all()?;
        }
        Ok(held.metadata()?.len())
    };
    let bytes = made().map_err(|source| UpkeepError::file("write", &file, source))?;
    Ok(BackedUp { file, bytes, events })
}

async fn count_events(state: &AppState) -> Result<i64, DatabaseError> {
    let mut tx = state.db.system().await?;
    Ok(sqlx::query("SELECT COUNT(*) FROM journal_events").fetch_one(&mut *tx).await?.try_get(0)?)
}

async fn vacuum_into(state: &AppState, part: &Path) -> Result<(), UpkeepError> {
    let mut connection = AnyConnection::connect(&state.config.database_url()).await?;
    let target = part.display().to_string().replace('\'', "''");
    sqlx::query(AssertSqlSafe(format!("VACUUM INTO '{target}'")))
        .persistent(false)
        .execute(&mut connection)
        .await?;
    connection.close().await?;
    check_sqlite(part).await
}

/// Whether a SQLite file is whole, by its own check.
///
/// # Errors
/// What does not hold.
pub(super) async fn check_sqlite(file: &Path) -> Result<(), UpkeepError> {
    let url = crate::config::sqlite_url(file);
    let mut connection = AnyConnection::connect(&url.replace("mode=rwc", "mode=ro")).await?;
    let row = sqlx::query("PRAGMA integrity_check").fetch_one(&mut connection).await?;
    let found: String = row.try_get(0)?;
    connection.close().await?;
    if found == "ok" {
        Ok(())
    } else {
        Err(UpkeepError::Refused(format!("`{}` does not hold: {found}", file.display())))
    }
}

async fn dump(state: &AppState, part: &Path) -> Result<(), UpkeepError> {
    let mut command = Command::new("pg_dump");
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--enable-row-security", "--file"]);
    command.arg(part);
    connect(&mut command, &state.config.database_url());
    // The rows of every business are in a backup.
    command.env("PGOPTIONS", "-c kedai.system=on");
    run(command, "pg_dump").await
}

/// Says which database a tool of PostgreSQL works on. A password goes by the environment: arguments are seen by everyone on
/// the machine.
pub(super) fn connect(command: &mut Command, url: &str) {
    let (before, rest) = url.split_once("://").unwrap_or(("postgres", url));
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let named = authority.rsplit_once('@').and_then(|(person, host)| {
        let (user, password) = person.split_once(':')?;
        Some((format!("{before}://{user}@{host}{path}"), percent_decoded(password)))
    });
    match named {
        Some((plain, password)) => command.arg("--dbname").arg(plain).env("PGPASSWORD", password),
        None => command.arg("--dbname").arg(url),
    };
}

/// Runs a tool of PostgreSQL; its own words are the reason when it fails.
pub(super) async fn run(mut command: Command, name: &'static str) -> Result<(), UpkeepError> {
    let output = command.output().await.map_err(|error| {
        UpkeepError::Refused(format!("`{name}` of PostgreSQL's client tools could not be started: {error}"))
    })?;
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let last: Vec<&str> = words.lines().filter(|line| !line.is_empty()).take(5).collect();
    Err(UpkeepError::Refused(format!("{name} failed: {}", last.join("; "))))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

    use super::*;

    #[test]
    fn a_password_is_no_argument() {
        for (url, argument, password) in [
            ("postgres://kedai:s%40fe@db:5432/shop", "postgres://kedai@db:5432/shop", Some("s@fe")),
            ("postgres://kedai@db/shop?sslmode=require", "postgres://kedai@db/shop?sslmode=require", None),
            ("postgres:///shop", "postgres:///shop", None),
        ] {
            let mut command = Command::new("pg_dump");
            connect(&mut command, url);
            let command = command.as_std();
            let arguments: Vec<_> = command.get_args().map(|text| text.to_str().unwrap()).collect();
            assert_eq!(arguments, ["--dbname", argument]);
            let given = command.get_envs().find(|(name, _)| *name == "PGPASSWORD");
            assert_eq!(given.and_then(|(_, value)| value?.to_str()), password);
        }
    }
}
