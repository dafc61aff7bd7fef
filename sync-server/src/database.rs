//! The database behind the server: embedded SQLite or PostgreSQL, one SQL text for both.
//!
//! A transaction is always opened for somebody: [`Database::write`] and [`Database::read`] for one business,
//! [`Database::system`] for the few look-ups across businesses (who owns this e-mail, this pairing code). On PostgreSQL
//! that is what row-level security goes by; every statement names its `tenant_id` all the same.

mod bulk;
mod columns;
mod filters;
mod placeholders;
mod tx;

use std::sync::Arc;
use std::time::Duration;

use shared::ids::TenantId;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::migrate::MigrateError;
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Any, AnyConnection, AnyPool, AssertSqlSafe, ConnectOptions as _, PgPool, Row as _};

pub use bulk::{Bulk, Cells, Kind, text_array};
pub use columns::{money, money_or_null, word};
pub use filters::{Filters, Newest, PageAsked, page_limit};
pub use placeholders::{batches, large_batches, placeholders};
pub use tx::{CommitMoment, CommitWatch, Tx};

use crate::config::Config;
use crate::sync::News;
use crate::sync::receive::Receiving;

static SQLITE_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations/server/sqlite");
static POSTGRES_MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations/server/postgres");

/// Readers of the embedded database.
const SQLITE_READERS: u32 = 8;
/// Connections of each PostgreSQL pool.
const POSTGRES_CONNECTIONS: u32 = 16;
/// How long a request waits for a connection before it is told to come again.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(20);
/// The oldest SQLite without the WAL-reset corruption of several connections.
const LEAST_SQLITE: (u32, u32, u32) = (3, 51, 3);

/// What the database is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, one file.
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// Why the database could not be opened or a statement failed.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The address of the database is none that this server knows.
    #[error("`{0}` is no database address: begin with sqlite: or postgres:")]
    Address(String),
    /// The engine or its settings are not what the server relies on.
    #[error("the database is not fit to keep sales: {0}")]
    Unfit(String),
    /// The role would pass over row-level security.
    #[error(
        "the PostgreSQL role `{0}` is a superuser or has BYPASSRLS, so it would see every business's rows; use an ordinary role that owns the database"
    )]
    Role(String),
    /// The schema could not be brought up to date.
    #[error("could not bring the schema of the database up to date")]
    Migrate(#[from] MigrateError),
    /// No connection was free in time.
    #[error("no database connection was free in time")]
    Busy,
    /// A statement failed.
    #[error("a database statement failed")]
    Statement(#[source] sqlx::Error),
    /// A statement on the connection that stores pushes failed.
    #[error("a statement of the embedded database failed")]
    Embedded(#[from] rusqlite::Error),
    /// A stored row contradicts the domain.
    #[error("a stored row of {table} cannot be read: {reason}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

impl From<sqlx::Error> for DatabaseError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut => Self::Busy,
            other => Self::Statement(other),
        }
    }
}

impl DatabaseError {
    /// A stored row that contradicts the domain.
    pub fn corrupt(table: &'static str, reason: impl std::fmt::Display) -> Self {
        Self::Corrupt { table, reason: reason.to_string() }
    }

    /// Whether a unique constraint was hurt (on either engine).
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Statement(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}

/// The pools of the database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Database {
    engine: Engine,
    write: AnyPool,
    read: AnyPool,
    watch: Option<Arc<dyn CommitWatch>>,
    news: News,
}

impl Database {
    /// Opens the database of `config`, checks that it is fit, and brings its schema up to date.
    ///
    /// # Errors
    /// See [`DatabaseError`].
    pub async fn open(config: &Config) -> Result<Self, DatabaseError> {
        sqlx::any::install_default_drivers();
        let url = config.database_url();
        let engine = match url.split(':').next() {
            Some("sqlite") => Engine::Sqlite,
            Some("postgres" | "postgresql") => Engine::Postgres,
            _ => return Err(DatabaseError::Address(url.chars().take(12).collect())),
        };
        let database = match engine {
            Engine::Sqlite => Self::open_sqlite(&url).await?,
            Engine::Postgres => Self::open_postgres(&url, config.database_read_url.as_deref()).await?,
        };
        database.check_fitness().await?;
        let migrations = if engine == Engine::Sqlite { &SQLITE_MIGRATIONS } else { &POSTGRES_MIGRATIONS };
        migrations.run(&database.write).await?;
        Ok(database)
    }

    async fn open_sqlite(url: &str) -> Result<Self, DatabaseError> {
        let options = options(url)?;
        let write = AnyPoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // A file in this process does not go away between two uses.
            .test_before_acquire(false)
            .after_connect(|connection, _| Box::pin(prepare_sqlite(connection, false)))
            .connect_with(options.clone())
            .await?;
        let read = AnyPoolOptions::new()
            .max_connections(SQLITE_READERS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .test_before_acquire(false)
            .after_connect(|connection, _| Box::pin(prepare_sqlite(connection, true)))
            .connect_with(options)
            .await?;
        Ok(Self { engine: Engine::Sqlite, write, read, watch: None, news: News::default() })
    }

    async fn open_postgres(url: &str, read_url: Option<&str>) -> Result<Self, DatabaseError> {
        let pool =
            || AnyPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).acquire_timeout(ACQUIRE_TIMEOUT);
        let write = pool().connect_with(options(url)?).await?;
        let read = match read_url {
            Some(read_url) => pool().connect_with(options(read_url)?).await?,
            None => write.clone(),
        };
        Ok(Self { engine: Engine::Postgres, write, read, watch: None, news: News::default() })
    }

    /// The way in which pushes are stored on this database.
    ///
    /// # Errors
    /// An address that cannot be read.
    pub fn receiving(&self, config: &Config) -> Result<Receiving, DatabaseError> {
        let url = config.database_url();
        let bad = |_| DatabaseError::Address(url.chars().take(12).collect());
        Ok(match self.engine {
            Engine::Sqlite => {
                let options: SqliteConnectOptions = url.parse().map_err(bad)?;
                Receiving::embedded(options.get_filename().to_path_buf())
            }
            Engine::Postgres => {
                let options: PgConnectOptions = url.parse().map_err(bad)?;
                let pool = PgPoolOptions::new().max_connections(4).acquire_timeout(ACQUIRE_TIMEOUT);
                Receiving::postgres(pool.connect_lazy_with(options.disable_statement_logging()))
            }
        })
    }

    /// The way to other servers on the same database; None when the database is embedded and there can be none.
    ///
    /// # Errors
    /// An address that cannot be read.
    pub fn hints(&self, config: &Config) -> Result<Option<PgPool>, DatabaseError> {
        if self.engine == Engine::Sqlite {
            return Ok(None);
        }
        let url = config.database_url();
        let options: PgConnectOptions =
            url.parse().map_err(|_| DatabaseError::Address(url.chars().take(12).collect()))?;
        // One connection that listens, one that tells.
        let pool = PgPoolOptions::new().max_connections(2).acquire_timeout(ACQUIRE_TIMEOUT);
        Ok(Some(pool.connect_lazy_with(options.disable_statement_logging())))
    }

    /// Asserts what the promises rest on: durable commits on SQLite, a role bound by row-level security on PostgreSQL.
    async fn check_fitness(&self) -> Result<(), DatabaseError> {
        let mut connection = self.write.acquire().await?;
        match self.engine {
            Engine::Sqlite => {
                let version: String =
                    sqlx::query("SELECT sqlite_version()").fetch_one(&mut *connection).await?.try_get(0)?;
                let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
                let mut next = || parts.next().unwrap_or(0);
                if (next(), next(), next()) < LEAST_SQLITE {
                    return Err(DatabaseError::Unfit(format!("SQLite {version} is older than 3.51.3")));
                }
                let synchronous: i64 =
                    sqlx::query("PRAGMA synchronous").fetch_one(&mut *connection).await?.try_get(0)?;
                let mode: String =
                    sqlx::query("PRAGMA journal_mode").fetch_one(&mut *connection).await?.try_get(0)?;
                if synchronous != 2 || mode != "wal" {
                    let found =
                        format!("synchronous={synchronous}, journal_mode={mode}; expected 2 (FULL) and wal");
                    return Err(DatabaseError::Unfit(found));
                }
            }
            Engine::Postgres => {
                let sql = "SELECT CAST(rolname AS TEXT), CAST(CAST(rolsuper OR rolbypassrls AS INT) AS BIGINT) \
                           FROM pg_roles WHERE rolname = current_user";
                let row = sqlx::query(sql).fetch_one(&mut *connection).await?;
                if row.try_get::<i64, _>(1)? != 0 {
                    return Err(DatabaseError::Role(row.try_get(0)?));
                }
            }
        }
        Ok(())
    }

    /// Where commits tell that the change feed grew.
    pub fn news(&self) -> &News {
        &self.news
    }

    /// What the database is.
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// A transaction that reads and writes rows of one business.
    ///
    /// On SQLite it holds the only writer from the start, so it can never fail for another writer in its middle.
    ///
    /// # Errors
    /// [`DatabaseError::Busy`] when no connection was free in time, or a failed statement.
    pub async fn write(&self, tenant: TenantId) -> Result<Tx, DatabaseError> {
        self.begins()?;
        let begun = match self.engine {
            Engine::Sqlite => self.write.begin_with("BEGIN IMMEDIATE").await?,
            // The id is a UUID by its type: no text of a user gets into the statement.
            Engine::Postgres => {
                let begin = format!("BEGIN; SELECT set_config('kedai.tenant_id', '{tenant}', true)");
                self.write.begin_with(AssertSqlSafe(begin)).await?
            }
        };
        Ok(Tx::new(begun, self.watch.clone(), self.news.clone()))
    }

    /// The right to write to the embedded database over a connection of one's own: while it is held, no [`Database::write`]
    /// of this process begins.
    ///
    /// # Errors
    /// [`DatabaseError::Busy`] when it was not free in time.
    pub async fn right_to_write(&self) -> Result<PoolConnection<Any>, DatabaseError> {
        Ok(self.write.acquire().await?)
    }

    /// A transaction that reads rows of one business, all as of one moment.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub async fn read(&self, tenant: TenantId) -> Result<Tx, DatabaseError> {
        let begun = match self.engine {
            Engine::Sqlite => self.read.begin_with("BEGIN DEFERRED").await?,
            Engine::Postgres => self.read.begin_with(AssertSqlSafe(begin_to_read(tenant))).await?,
        };
        Ok(Tx::new(begun, None, self.news.clone()))
    }

    /// As [`Database::read`], all as of one moment, but never from a replica: for who knows of more than that one has.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub async fn read_first_hand(&self, tenant: TenantId) -> Result<Tx, DatabaseError> {
        match self.engine {
            Engine::Sqlite => self.read(tenant).await,
            Engine::Postgres => {
                let begun = self.write.begin_with(AssertSqlSafe(begin_to_read(tenant))).await?;
                Ok(Tx::new(begun, None, self.news.clone()))
            }
        }
    }

    /// As [`Database::read`], but never from a replica, which may lag behind a commit that is to be acknowledged.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub async fn read_latest(&self, tenant: TenantId) -> Result<Tx, DatabaseError> {
        match self.engine {
            Engine::Sqlite => self.read(tenant).await,
            Engine::Postgres => self.write(tenant).await,
        }
    }

    /// A transaction that reads across businesses: only for finding out which one a request is about.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub async fn system(&self) -> Result<Tx, DatabaseError> {
        let begun = match self.engine {
            Engine::Sqlite => self.read.begin_with("BEGIN DEFERRED").await?,
            Engine::Postgres => {
                self.read
                    .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT set_config('kedai.system', 'on', true)")
                    .await?
            }
        };
        Ok(Tx::new(begun, None, self.news.clone()))
    }

    /// As [`Database::system`], but never from a replica: for finding out what is to be done.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub async fn system_latest(&self) -> Result<Tx, DatabaseError> {
        match self.engine {
            Engine::Sqlite => self.system().await,
            Engine::Postgres => self.system_write().await,
        }
    }

    /// A transaction that writes across businesses: enrolment by a code, sign-in attempts, a new business.
    ///
    /// # Errors
    /// As [`Database::write`].
    pub async fn system_write(&self) -> Result<Tx, DatabaseError> {
        self.begins()?;
        let begun = match self.engine {
            Engine::Sqlite => self.write.begin_with("BEGIN IMMEDIATE").await?,
            Engine::Postgres => {
                self.write.begin_with("BEGIN; SELECT set_config('kedai.system', 'on', true)").await?
            }
        };
        Ok(Tx::new(begun, self.watch.clone(), self.news.clone()))
    }

    /// The same database with `watch` at every commit.
    pub fn watched(mut self, watch: Arc<dyn CommitWatch>) -> Self {
        self.watch = Some(watch);
        self
    }

    fn begins(&self) -> Result<(), DatabaseError> {
        self.lives(CommitMoment::Begin)
    }

    /// An error when the watch lets the server die at this moment; for transactions that are no [`Tx`].
    ///
    /// # Errors
    /// As of a lost connection.
    pub fn lives(&self, moment: CommitMoment) -> Result<(), DatabaseError> {
        match &self.watch {
            Some(watch) if !watch.lives(moment) => Err(DatabaseError::Statement(sqlx::Error::WorkerCrashed)),
            _ => Ok(()),
        }
    }

    /// Whether the database answers and its schema is this build's.
    ///
    /// # Errors
    /// What does not hold.
    pub async fn check_ready(&self) -> Result<(), DatabaseError> {
        let mut tx = self.system().await?;
        let newest: Option<i64> = sqlx::query("SELECT CAST(MAX(version) AS BIGINT) FROM _sqlx_migrations")
            .fetch_one(&mut *tx)
            .await?
            .try_get(0)?;
        let expected = SQLITE_MIGRATIONS.iter().map(|migration| migration.version).max();
        if newest == expected {
            Ok(())
        } else {
            Err(DatabaseError::Unfit(format!("its schema is {newest:?}, this build's is {expected:?}")))
        }
    }

    /// Closes the pools: what is committed is on disk, connections are given back.
    pub async fn close(&self) {
        self.read.close().await;
        self.write.close().await;
    }
}

/// The id is a UUID by its type: no text of a user gets into the statement.
fn begin_to_read(tenant: TenantId) -> String {
    format!(
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT set_config('kedai.tenant_id', '{tenant}', true)"
    )
}

fn options(url: &str) -> Result<AnyConnectOptions, DatabaseError> {
    let options: AnyConnectOptions =
        url.parse().map_err(|_| DatabaseError::Address(url.chars().take(12).collect()))?;
    // Statements are named in our own log where they fail; the driver's log would repeat row contents.
    Ok(options.disable_statement_logging())
}

async fn prepare_sqlite(connection: &mut AnyConnection, read_only: bool) -> Result<(), sqlx::Error> {
    let pragmas: &[&'static str] = if read_only {
        &["PRAGMA busy_timeout = 10000", "PRAGMA cache_size = -16384", "PRAGMA query_only = ON"]
    } else {
        &[
            "PRAGMA busy_timeout = 10000",
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "PRAGMA foreign_keys = ON",
            "PRAGMA cache_size = -65536",
            "PRAGMA temp_store = MEMORY",
            "PRAGMA wal_autocheckpoint = 4000",
        ]
    };
    for pragma in pragmas {
        sqlx::query(*pragma).persistent(false).fetch_optional(&mut *connection).await?;
    }
    Ok(())
}
