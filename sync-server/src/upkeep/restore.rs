//! Puts a backup in the place of the database, and gives it a new life: terminals see that and send what it lacks, and
//! read the feed anew.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rand_core::RngCore as _;
use shared::Clock;
use sqlx::{AnyConnection, Connection as _, Row as _};
use tokio::process::Command;

use super::UpkeepError;
use super::backup::{check_sqlite, connect, run};
use crate::config::Config;
use crate::seams::SystemRandom;
use crate::server::prepare;

/// Held by everything that serves from a data folder, so that no backup is put in the place of a database in use.
#[derive(Debug)]
pub struct ServeLock(#[expect(dead_code, reason = "the lock lives as long as the open file")] File);

fn lock_file(dir: &Path) -> Result<(PathBuf, File), UpkeepError> {
    fs::create_dir_all(dir).map_err(|source| UpkeepError::file("make", dir, source))?;
    let path = dir.join("serve.lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&path)
        .map_err(|source| UpkeepError::file("open", &path, source))?;
    Ok((path, file))
}

/// Says that a server serves from this folder; several may.
///
/// # Errors
/// When a restore is under way, or the folder cannot be written.
pub fn lock_to_serve(dir: &Path) -> Result<ServeLock, UpkeepError> {
    let (path, file) = lock_file(dir)?;
    match file.try_lock_shared() {
        Ok(()) => Ok(ServeLock(file)),
        Err(TryLockError::WouldBlock) => Err(UpkeepError::Refused(
            "a backup is being put in place: start the server afterwards".to_owned(),
        )),
        Err(TryLockError::Error(source)) => Err(UpkeepError::file("lock", &path, source)),
    }
}

fn lock_alone(dir: &Path) -> Result<ServeLock, UpkeepError> {
    let (path, file) = lock_file(dir)?;
    match file.try_lock() {
        Ok(()) => Ok(ServeLock(file)),
        Err(TryLockError::WouldBlock) => {
            Err(UpkeepError::Refused("a server is running on this data folder: stop it first".to_owned()))
        }
        Err(TryLockError::Error(source)) => Err(UpkeepError::file("lock", &path, source)),
    }
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The new life of the database.
    pub server_epoch: String,
    /// Where the database before it was put; None when there was none, or on PostgreSQL.
    pub aside: Option<PathBuf>,
}

/// Puts the backup `file` in the place of the database of `config`. An embedded database that is there is put aside, never
/// deleted; PostgreSQL's is replaced in one transaction.
///
/// # Errors
/// A server that is running, a file that is no backup of this kind of database or does not hold; then nothing is changed.
pub async fn restore(config: Config, file: &Path, clock: Arc<dyn Clock>) -> Result<Restored, UpkeepError> {
    sqlx::any::install_default_drivers();
    let _alone = lock_alone(&config.data_dir)?;
    let url = config.database_url();
    let aside = if url.starts_with("sqlite:") {
        check_head(file, b"SQLite format 3\0", "SQLite")?;
        check_sqlite(file).await?;
        put_in_place(&url, file, &*clock)?
    } else {
        check_head(file, b"PGDMP", "PostgreSQL")?;
        alone_on_postgres(&url).await?;
        let mut command = Command::new("pg_restore");
        command.args(["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction"]);
        command.arg("--exit-on-error").arg(file);
        connect(&mut command, &url);
        run(command, "pg_restore").await?;
        None
    };
    let state = prepare(config, clock).await?;
    let mut fresh = [0_u8; 8];
    SystemRandom.fill_bytes(&mut fresh);
    let server_epoch = hex::encode(fresh);
    let mut tx = state.db.system_write().await?;
    sqlx::query("UPDATE server_meta SET value = $1 WHERE key = 'server_epoch'")
        .bind(server_epoch.as_str())
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    state.db.close().await;
    Ok(Restored { server_epoch, aside })
}

/// Servers on other machines work on the same PostgreSQL: none may while its rows are replaced.
async fn alone_on_postgres(url: &str) -> Result<(), UpkeepError> {
    const SQL: &str = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let mut connection = AnyConnection::connect(url).await?;
    let mut others: i64 = 0;
    // What a server that just stopped leaves behind is gone in a moment.
    for _ in 0..20 {
        others = sqlx::query(SQL).fetch_one(&mut connection).await?.try_get(0)?;
        if others == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    connection.close().await?;
    if others == 0 {
        return Ok(());
    }
    let words = format!("{others} other connections work on this database: stop every server first");
    Err(UpkeepError::Refused(words))
}

fn check_head(file: &Path, head: &[u8], engine: &str) -> Result<(), UpkeepError> {
    let mut found = vec![0_u8; head.len()];
    let read = File::open(file).and_then(|mut open| open.read_exact(&mut found));
    match read {
        Ok(()) if found == head => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(UpkeepError::file("read", file, error))
        }
        _ => Err(UpkeepError::Refused(format!("`{}` is no backup of a {engine} database", file.display()))),
    }
}

/// Copies the backup beside the database and swaps the names.
fn put_in_place(url: &str, file: &Path, clock: &dyn Clock) -> Result<Option<PathBuf>, UpkeepError> {
    let place = crate::config::sqlite_path(url)
        .ok_or_else(|| UpkeepError::Refused("the database is no file".to_owned()))?;
    let with = |suffix: &str| {
        let mut name = place.clone().into_os_string();
        name.push(suffix);
        PathBuf::from(name)
    };
    let part = with(".part");
    let copied = || -> std::io::Result<()> {
        fs::copy(file, &part)?;
        File::open(&part)?.sync_all()
    };
    copied().map_err(|source| UpkeepError::file("copy the backup to", &part, source))?;
    let mark = format!(".aside-{}", clock.now().as_millis());
    let mut aside = None;
    for suffix in ["-wal", "-shm", ""] {
        let from = with(suffix);
        if from.exists() {
            let to = with(&format!("{mark}{suffix}"));
            fs::rename(&from, &to).map_err(|source| UpkeepError::file("put aside", &from, source))?;
            aside = Some(to);
        }
    }
    fs::rename(&part, &place).map_err(|source| UpkeepError::file("put in place", &place, source))?;
    Ok(aside)
}
