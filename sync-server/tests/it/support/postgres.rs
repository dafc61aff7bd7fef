//! A PostgreSQL database per test, in the throw-away cluster that the harness started.

use rand_core::RngCore as _;
use sqlx::{AssertSqlSafe, Connection as _};
use sync_server::seams::SystemRandom;

/// A fresh database.
pub struct Fresh {
    /// The address for its own, ordinary role.
    pub url: String,
    /// The address for the cluster's superuser.
    pub admin_url: String,
}

/// A fresh database with a role of its own; None when no cluster was given and none is required.
pub async fn fresh() -> Option<Fresh> {
    let Ok(admin) = std::env::var("KEDAI_TEST_POSTGRES_URL") else {
        let required = std::env::var("KEDAI_TEST_REQUIRE_POSTGRES").is_ok_and(|value| value == "1");
        assert!(!required, "KEDAI_TEST_REQUIRE_POSTGRES is 1, but KEDAI_TEST_POSTGRES_URL gives no cluster");
        return None;
    };
    let name = format!("kedai_{:016x}", SystemRandom.next_u64());
    sqlx::any::install_default_drivers();
    let mut connection = sqlx::AnyConnection::connect(&admin).await.unwrap();
    for sql in [
        format!("CREATE ROLE {name} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '{name}'"),
        format!("CREATE DATABASE {name} OWNER {name}"),
    ] {
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
    let mut url = reqwest::Url::parse(&admin).unwrap();
    url.set_path(&name);
    let admin_url = url.to_string();
    url.set_username(&name).unwrap();
    url.set_password(Some(&name)).unwrap();
    Some(Fresh { url: url.to_string(), admin_url })
}

/// A database that stands still where another one stands now, which nobody may use meanwhile.
pub async fn copy(url: &str) -> String {
    let admin = std::env::var("KEDAI_TEST_POSTGRES_URL").unwrap();
    let mut url = reqwest::Url::parse(url).unwrap();
    let name = url.path().trim_start_matches('/').to_owned();
    let mut connection = sqlx::AnyConnection::connect(&admin).await.unwrap();
    let sql = format!("CREATE DATABASE {name}_still TEMPLATE {name} OWNER {name}");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    url.set_path(&format!("{name}_still"));
    url.to_string()
}
