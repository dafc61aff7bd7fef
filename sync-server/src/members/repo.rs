//! SQL of the customers; every predicate begins with the tenant.

use shared::Timestamp;
use shared::catalogue::{fold, like_pattern};
use shared::customer::{Customer, phone};
use shared::ids::{CustomerId, TenantId};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};

use crate::database::Kind::Text;
use crate::database::{Bulk, DatabaseError, Filters, Newest, PageAsked, Tx};

/// A customer with what stands beside them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerRow {
    /// The customer.
    pub customer: Customer,
    /// When they were last changed.
    pub updated_at: Timestamp,
}

/// Something that one customer only may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// What it is.
    pub value: String,
    /// Who has it.
    pub customer_id: CustomerId,
}

const CUSTOMERS: Newest = Newest {
    table: "customers c",
    columns: "c.body, c.updated_at",
    time: "c.updated_at",
    id: "c.customer_id",
};

/// Each of them once, while the list is narrowed to one segment.
const IN_SEGMENTS: Newest = Newest {
    table: "customers c JOIN customer_segments s ON s.tenant_id = c.tenant_id AND s.customer_id = c.customer_id",
    ..CUSTOMERS
};

const CODES: Bulk =
    Bulk { table: "customer_codes", columns: &[("code", Text), ("customer_id", Text)], conflict: "" };

const SEGMENTS: Bulk =
    Bulk { table: "customer_segments", columns: &[("segment", Text), ("customer_id", Text)], conflict: "" };

/// Body and time from the first two columns.
fn parse(row: &AnyRow) -> Result<CustomerRow, DatabaseError> {
    let body: &str = row.try_get(0)?;
    // The reader quotes what it could not read, which is somebody's: only its place may come into a log.
    let corrupt = |error: serde_json::Error| {
        DatabaseError::corrupt("customers", format!("its body cannot be read at byte {}", error.column()))
    };
    Ok(CustomerRow {
        customer: serde_json::from_str(body).map_err(corrupt)?,
        updated_at: Timestamp::from_millis(row.try_get(1)?),
    })
}

fn id_of(text: &str) -> Result<CustomerId, DatabaseError> {
    text.parse().map_err(|error| DatabaseError::corrupt("customers", error))
}

/// One customer. With `lock`, nobody else changes them until the transaction ends.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn find(
    tx: &mut Tx,
    tenant: TenantId,
    customer: CustomerId,
    lock: bool,
) -> Result<Option<CustomerRow>, DatabaseError> {
    let sql = if lock {
        "UPDATE customers SET name = name WHERE tenant_id = $1 AND customer_id = $2 RETURNING body, updated_at"
    } else {
        "SELECT body, updated_at FROM customers WHERE tenant_id = $1 AND customer_id = $2"
    };
    let query = sqlx::query(sql).bind(tenant.to_string()).bind(customer.to_string());
    let row = query.fetch_optional(&mut **tx).await?;
    row.as_ref().map(parse).transpose()
}

/// A page of customers, those that changed last first: who has exactly this code or telephone number, or else everybody
/// with this in the name; and only those of a segment, when one is given.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn page(
    tx: &mut Tx,
    tenant: TenantId,
    query: Option<&str>,
    segment: Option<&str>,
    asked: PageAsked,
) -> Result<(Vec<CustomerRow>, Option<String>), DatabaseError> {
    let mut filters = Filters::of("c.tenant_id", tenant);
    filters.text("s.segment", "=", segment);
    if let Some(query) = query {
        let known = by_code_or_phone(tx, tenant, query).await?;
        if known.is_empty() {
            filters.like("c.name_folded", like_pattern(&fold(query)));
        } else {
            filters.one_of("c.customer_id", &known);
        }
    }
    let list = if segment.is_some() { IN_SEGMENTS } else { CUSTOMERS };
    list.page(tx, filters, asked, parse).await
}

async fn by_code_or_phone(tx: &mut Tx, tenant: TenantId, text: &str) -> Result<Vec<String>, DatabaseError> {
    let rows = sqlx::query(
        "SELECT customer_id FROM customer_codes WHERE tenant_id = $1 AND code = $2 \
         UNION SELECT customer_id FROM customers WHERE tenant_id = $1 AND phone = $3",
    )
    .bind(tenant.to_string())
    .bind(text.to_owned())
    // What is no telephone number is nobody's.
    .bind(phone(text).unwrap_or_default())
    .fetch_all(&mut **tx)
    .await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// The telephone number of this customer, when another one has it.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn phone_of_another(
    tx: &mut Tx,
    tenant: TenantId,
    customer: &Customer,
) -> Result<Option<Held>, DatabaseError> {
    let Some(phone) = &customer.phone else { return Ok(None) };
    let row = sqlx::query(
        "SELECT customer_id FROM customers WHERE tenant_id = $1 AND phone = $2 AND customer_id <> $3",
    )
    .bind(tenant.to_string())
    .bind(phone.clone())
    .bind(customer.customer_id.to_string())
    .fetch_optional(&mut **tx)
    .await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Held { value: phone.clone(), customer_id: id_of(row.try_get(0)?)? }))
}

/// The first of this customer's codes that another one has.
///
/// # Errors
/// A failed statement, or a row that cannot be read.
pub async fn code_of_another(
    tx: &mut Tx,
    tenant: TenantId,
    customer: &Customer,
) -> Result<Option<Held>, DatabaseError> {
    let mut filters = Filters::of("tenant_id", tenant);
    filters.one_of("code", &customer.codes);
    filters.text("customer_id", "<>", Some(customer.customer_id));
    let sql =
        format!("SELECT code, customer_id FROM customer_codes WHERE {} ORDER BY code LIMIT 1", filters.sql());
    let query = filters.bind(sqlx::query(AssertSqlSafe(sql)).persistent(false));
    let Some(row) = query.fetch_optional(&mut **tx).await? else { return Ok(None) };
    Ok(Some(Held { value: row.try_get(0)?, customer_id: id_of(row.try_get(1)?)? }))
}

/// Adds a customer or replaces what is known of them, without codes and segments; `body` is the customer as JSON.
///
/// # Errors
/// A failed statement, also when the telephone number is in use.
pub async fn put(
    tx: &mut Tx,
    tenant: TenantId,
    customer: &Customer,
    body: &str,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "INSERT INTO customers (tenant_id, customer_id, name, name_folded, phone, body, created_at, updated_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7) \
         ON CONFLICT (tenant_id, customer_id) DO UPDATE SET name = excluded.name, \
         name_folded = excluded.name_folded, phone = excluded.phone, body = excluded.body, \
         updated_at = excluded.updated_at",
    )
    .bind(tenant.to_string())
    .bind(customer.customer_id.to_string())
    .bind(customer.name.clone())
    .bind(fold(&customer.name))
    .bind(customer.phone.clone())
    .bind(body.to_owned())
    .bind(now.as_millis())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives a customer their codes instead of those that they had.
///
/// # Errors
/// A failed statement, also when a code is in use.
pub async fn put_codes(tx: &mut Tx, tenant: TenantId, customer: &Customer) -> Result<(), DatabaseError> {
    let sql = "DELETE FROM customer_codes WHERE tenant_id = $1 AND customer_id = $2";
    clear(tx, sql, tenant, customer.customer_id).await?;
    // Always in one order: two requests for the same codes would wait for each other otherwise.
    let mut codes: Vec<&str> = customer.codes.iter().map(String::as_str).collect();
    codes.sort_unstable();
    put_each(tx, &CODES, tenant, customer.customer_id, &codes).await
}

/// Puts a customer into their segments instead of those that they were in.
///
/// # Errors
/// A failed statement.
pub async fn put_segments(tx: &mut Tx, tenant: TenantId, customer: &Customer) -> Result<(), DatabaseError> {
    let sql = "DELETE FROM customer_segments WHERE tenant_id = $1 AND customer_id = $2";
    clear(tx, sql, tenant, customer.customer_id).await?;
    let segments: Vec<&str> = customer.segments.iter().map(String::as_str).collect();
    put_each(tx, &SEGMENTS, tenant, customer.customer_id, &segments).await
}

/// Deletes a customer with their codes and segments.
///
/// # Errors
/// A failed statement.
pub async fn delete(tx: &mut Tx, tenant: TenantId, customer: CustomerId) -> Result<(), DatabaseError> {
    for sql in [
        "DELETE FROM customer_codes WHERE tenant_id = $1 AND customer_id = $2",
        "DELETE FROM customer_segments WHERE tenant_id = $1 AND customer_id = $2",
        "DELETE FROM customers WHERE tenant_id = $1 AND customer_id = $2",
    ] {
        clear(tx, sql, tenant, customer).await?;
    }
    Ok(())
}

async fn clear(
    tx: &mut Tx,
    sql: &'static str,
    tenant: TenantId,
    customer: CustomerId,
) -> Result<(), DatabaseError> {
    sqlx::query(sql).bind(tenant.to_string()).bind(customer.to_string()).execute(&mut **tx).await?;
    Ok(())
}

async fn put_each(
    tx: &mut Tx,
    into: &Bulk,
    tenant: TenantId,
    customer: CustomerId,
    texts: &[&str],
) -> Result<(), DatabaseError> {
    let tenant = tenant.to_string();
    let written = into.insert(tx, &tenant, texts, |text, cells| {
        cells.text(text);
        cells.text(customer);
    });
    written.await.map(drop)
}
