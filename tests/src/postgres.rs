//! Databases in a PostgreSQL cluster that somebody else started.

use anyhow::{Context as _, Result};
use rand_core::RngCore as _;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use sync_server::seams::SystemRandom;

/// A new database, owned by a role of its own that row security binds; `name` begins its name.
///
/// # Errors
/// When the cluster refuses.
pub async fn database(admin_url: &str, name: &str) -> Result<String> {
    let name = format!("{name}_{:08x}", SystemRandom.next_u32());
    let mut connection = PgConnection::connect(admin_url).await.context("reaching PostgreSQL")?;
    for sql in [
        format!("CREATE ROLE {name} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{name}'"),
        format!("CREATE DATABASE {name} OWNER {name}"),
    ] {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    }
    connection.close().await?;
    let mut url = reqwest::Url::parse(admin_url)?;
    url.set_path(&name);
    let user = url.set_username(&name).and_then(|()| url.set_password(Some(&name)));
    user.map_err(|()| anyhow::anyhow!("`{admin_url}` takes no user name"))?;
    Ok(url.to_string())
}
