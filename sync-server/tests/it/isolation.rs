//! A business sees its own rows only, even by a statement that forgot to say so.

use sqlx::Row as _;
use sync_server::database::{Database, DatabaseError};

use crate::support::{Site, postgres};

on_both_engines! {
    lists_of_another_business_are_empty
}

async fn lists_of_another_business_are_empty(site: Site) {
    let mut till = site.till().await;
    let bad = till.write("nonsense", 1, serde_json::json!({}));
    let sale = till.sell();
    till.push_held(&[bad, sale]).await;
    site.applied().await;
    let customer = serde_json::json!({ "name": "Meja Bundar", "segments": ["member"] });
    let (_, customer) = site.post("/api/v1/customers", customer).await;
    let customer = customer["customer_id"].as_str().unwrap();
    let stranger = site.other_shop().await;
    let outlet = site.shop.outlet.outlet_id;
    for (path, list) in [
        ("/api/v1/orders".to_owned(), "orders"),
        ("/api/v1/refunds".to_owned(), "refunds"),
        ("/api/v1/exceptions".to_owned(), "exceptions"),
        ("/api/v1/drawer-sessions".to_owned(), "drawer_sessions"),
        ("/api/v1/devices".to_owned(), "devices"),
        ("/api/v1/devices/journals".to_owned(), "journals"),
        ("/api/v1/card-payments".to_owned(), "card_payments"),
        ("/api/v1/customers".to_owned(), "customers"),
        ("/api/v1/customers?segment=member".to_owned(), "customers"),
        ("/api/v1/inventory/movements".to_owned(), "movements"),
        (format!("/api/v1/inventory?outlet_id={outlet}"), "levels"),
        (format!("/api/v1/orders?outlet_id={outlet}"), "orders"),
        (format!("/api/v1/orders?customer_id={customer}"), "orders"),
    ] {
        let (status, body) = site.get_as(&stranger, &path).await;
        assert_eq!((status.as_u16(), &body[list]), (200, &serde_json::json!([])), "{path}");
    }
    assert_eq!(site.get("/api/v1/orders").await.1["orders"].as_array().unwrap().len(), 1);
    assert_eq!(site.get("/api/v1/customers").await.1["customers"].as_array().unwrap().len(), 1);
}

/// Every table but the two that belong to no business.
const TENANT_TABLES: &str = "SELECT CAST(c.relname AS TEXT), CAST(CAST(c.relrowsecurity AND c.relforcerowsecurity AS INT) AS BIGINT) \
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r' \
    AND c.relname NOT IN ('server_meta', 'sign_in_attempts', '_sqlx_migrations')";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_without_a_condition_sees_no_other_business() {
    let Some(site) = Site::on_postgres().await else { return };
    let mut till = site.till().await;
    let event = till.sell();
    till.push_held(&[event]).await;
    site.applied().await;
    let stranger = site.other_shop().await;
    let db = &site.server().state.db;
    let orders = "SELECT COUNT(*) FROM orders";
    let count = async |tx: &mut sync_server::database::Tx, sql: &'static str| -> i64 {
        sqlx::query(sql).fetch_one(&mut **tx).await.unwrap().get(0)
    };
    let mut own = db.read(site.shop.tenant_id).await.unwrap();
    assert_eq!(count(&mut own, orders).await, 1);
    drop(own);
    let mut foreign = db.read(stranger.tenant_id).await.unwrap();
    assert_eq!(count(&mut foreign, orders).await, 0);
    assert_eq!(count(&mut foreign, "SELECT COUNT(*) FROM tenants").await, 1);
    drop(foreign);
    // Nor can it write into the other one.
    let mut foreign = db.write(stranger.tenant_id).await.unwrap();
    assert_eq!(
        sqlx::query("DELETE FROM order_taxes").execute(&mut *foreign).await.unwrap().rows_affected(),
        0
    );
    let smuggled = sqlx::query("UPDATE tenants SET tenant_id = $1")
        .bind(site.shop.tenant_id.to_string())
        .execute(&mut *foreign)
        .await;
    assert!(smuggled.is_err());
    drop(foreign);
    // The setting of one transaction does not reach the next one on the same connection.
    for _ in 0..20 {
        let mut nobody = db.read(shared::ids::TenantId::from_bytes([1; 16])).await.unwrap();
        assert_eq!(count(&mut nobody, orders).await, 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_table_of_a_business_is_under_forced_row_security() {
    let Some(site) = Site::on_postgres().await else { return };
    let mut tx = site.server().state.db.system().await.unwrap();
    let rows = sqlx::query(TENANT_TABLES).fetch_all(&mut *tx).await.unwrap();
    assert!(rows.len() > 20);
    for row in rows {
        assert_eq!(row.get::<i64, _>(1), 1, "table {} is open to every business", row.get::<String, _>(0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_superuser_is_refused() {
    let Some(fresh) = postgres::fresh().await else { return };
    let dir = tempfile::tempdir().unwrap();
    let config =
        sync_server::Config { database_url: Some(fresh.admin_url), ..sync_server::Config::new(dir.path()) };
    let refused = Database::open(&config).await;
    assert!(matches!(&refused, Err(DatabaseError::Role(role)) if role == "postgres"), "{refused:?}");
}

#[test]
fn both_engines_have_the_same_migrations() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/server");
    let names = |engine: &str| {
        let mut names: Vec<_> =
            std::fs::read_dir(root.join(engine)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(names("sqlite").len() >= 4);
}
