//! Customers whom the business knows, from the feed.

use rusqlite::{Connection, params};
use shared::catalogue::{fold, like_pattern};
use shared::customer::Customer;
use shared::ids::CustomerId;

use super::row::{all, first, json, run};
use super::{StoreError, Tx};

/// So many of its last digits tell a telephone number apart.
const PHONE_END: usize = 8;
/// Fewer digits are no end of a telephone number that anybody asks for.
const LEAST_PHONE: usize = 3;

/// Writes a customer as the feed says; `body` is the customer as JSON.
///
/// # Errors
/// When the store cannot be written.
pub fn put(tx: &Tx<'_>, customer: &Customer, body: &str) -> Result<(), StoreError> {
    let attempted = "write a customer";
    let id = customer.customer_id.to_string();
    let sql =
        "INSERT OR REPLACE INTO customers (customer_id, folded_name, phone, body) VALUES (?1, ?2, ?3, ?4)";
    run(tx, attempted, sql, params![id, fold(&customer.name), customer.phone, body])?;
    run(tx, attempted, "DELETE FROM customer_codes WHERE customer_id = ?1", [&id])?;
    for code in &customer.codes {
        // A card that changed hands is the one's who was told of last.
        let sql = "INSERT OR REPLACE INTO customer_codes (code, customer_id) VALUES (?1, ?2)";
        run(tx, attempted, sql, [code, &id])?;
    }
    Ok(())
}

/// Forgets a customer.
///
/// # Errors
/// When the store cannot be written.
pub fn remove(tx: &Tx<'_>, id: &str) -> Result<(), StoreError> {
    let attempted = "forget a customer";
    run(tx, attempted, "DELETE FROM customer_codes WHERE customer_id = ?1", [id])?;
    run(tx, attempted, "DELETE FROM customers WHERE customer_id = ?1", [id]).map(|_| ())
}

/// A customer by their id.
///
/// # Errors
/// When the store cannot be read.
pub fn get(db: &Connection, id: CustomerId) -> Result<Option<Customer>, StoreError> {
    let sql = "SELECT body FROM customers WHERE customer_id = ?1";
    first(db, "read a customer", sql, [id.to_string()], |row| json(row, 0))
}

/// The customer whose card says this.
///
/// # Errors
/// When the store cannot be read.
pub fn by_code(db: &Connection, code: &str) -> Result<Option<Customer>, StoreError> {
    let sql = "SELECT body FROM customers WHERE customer_id = \
               (SELECT customer_id FROM customer_codes WHERE code = ?1)";
    first(db, "find a customer by their card", sql, [code], |row| json(row, 0))
}

/// Customers by a card's code, by the last digits of a telephone number, or by a part of the name; by name, at most `limit`.
///
/// # Errors
/// When the store cannot be read.
pub fn find(db: &Connection, typed: &str, limit: u32) -> Result<Vec<Customer>, StoreError> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    // Whoever types a number means its end; whether the country stands before it is no matter.
    let own = digits.trim_start_matches('0');
    let end = own.len().checked_sub(PHONE_END).and_then(|from| own.get(from..)).unwrap_or(own);
    let phone = (end.len() >= LEAST_PHONE).then(|| format!("%{end}"));
    let sql = "SELECT body FROM customers WHERE folded_name LIKE ?1 ESCAPE '\\' OR phone LIKE ?2 \
               OR customer_id IN (SELECT customer_id FROM customer_codes WHERE code = ?3) \
               ORDER BY folded_name, customer_id LIMIT ?4";
    all(db, "find customers", sql, params![like_pattern(&fold(typed)), phone, typed, limit], |row| {
        json(row, 0)
    })
}

/// Whether there is any customer at all.
///
/// # Errors
/// When the store cannot be read.
pub fn is_any(db: &Connection) -> Result<bool, StoreError> {
    Ok(first(db, "look for customers", "SELECT 1 FROM customers LIMIT 1", [], |_| Ok(()))?.is_some())
}
