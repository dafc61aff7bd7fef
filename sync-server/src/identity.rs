//! Who belongs to a business and what they may do: tenants, outlets, staff, terminals and administrators.
//!
//! The functions here are what routes, the command line and the demo seeder share: they check, write the row and its
//! change in the feed in the caller's transaction, and leave the commit to the caller.

pub mod founding;
pub mod pairing;
mod principal;
pub mod repo;
pub mod routes;
pub mod rules;
pub mod tokens;

pub use pairing::{create_pairing_code, create_terminal, redeem as redeem_pairing_code};
pub use principal::Principal;
pub use repo::admins::NewAdmin;
pub use repo::terminals::{Pairing, Terminal};
pub use routes::routes;
pub use rules::pin_pepper;

use rand_core::RngCore;
use shared::Timestamp;
use shared::ids::TenantId;
use shared::outlet::Outlet;
use shared::staff::pin::{HashError, Pin, hash_pin, hash_secret};
use shared::staff::{Role, Staff};
use shared::wire::entity;

use crate::database::{DatabaseError, Tx};
use crate::error::ApiError;
use crate::secrets::Secrets;
use crate::sync::feed::record_change;
use rules::Refusal;

/// Why something of identity was not done.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// A value is not allowed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It is in use already.
    #[error("{0}")]
    Taken(&'static str),
    /// There is no such thing.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// A secret could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// A row could not be written as JSON.
    #[error("could not write a row as JSON")]
    Json(#[from] serde_json::Error),
    /// A failed statement.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<IdentityError> for ApiError {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Refused(refusal) => Self::invalid(refusal.field, refusal.to_string()),
            IdentityError::Taken(what) => Self::conflict(what),
            IdentityError::Missing(what) => Self::not_found(what),
            IdentityError::Database(error) => error.into(),
            IdentityError::Hash(_) | IdentityError::Json(_) => Self::internal(&error),
        }
    }
}

/// A unique violation as what a person can do about it; every other failure as it is.
fn taken(what: &'static str) -> impl Fn(DatabaseError) -> IdentityError {
    move |error| if error.is_unique_violation() { IdentityError::Taken(what) } else { error.into() }
}

/// Makes a business; in a transaction of [`crate::database::Database::system_write`].
///
/// # Errors
/// A name that is not allowed, an id in use, or a failed statement.
pub async fn create_tenant(
    tx: &mut Tx,
    tenant: TenantId,
    name: &str,
    now: Timestamp,
) -> Result<(), IdentityError> {
    let name = rules::visible_name("name", name, 80)?;
    repo::tenants::insert(tx, tenant, &name, now).await.map_err(taken("the business is there already"))
}

/// The oldest business of that name.
///
/// # Errors
/// A failed statement.
pub async fn find_tenant_by_name(tx: &mut Tx, name: &str) -> Result<Option<TenantId>, IdentityError> {
    Ok(repo::tenants::by_name(tx, name).await?)
}

/// The hash of a new password of an administrator. Takes some 25 ms of one core.
///
/// # Errors
/// A password that is not allowed, or no memory for the hash.
pub fn hash_password(
    secrets: &Secrets,
    tenant: TenantId,
    password: &str,
    rng: &mut dyn RngCore,
) -> Result<String, IdentityError> {
    rules::check_password(password)?;
    let mut salt = [0_u8; 16];
    rng.fill_bytes(&mut salt);
    Ok(hash_secret(&rules::password_pepper(secrets, tenant), password.as_bytes(), &salt)?)
}

/// The hash of a PIN as terminals get it. Takes some 25 ms of one core.
///
/// # Errors
/// No memory for the hash.
pub fn hash_staff_pin(
    secrets: &Secrets,
    tenant: TenantId,
    pin: &Pin,
    rng: &mut dyn RngCore,
) -> Result<String, IdentityError> {
    let mut salt = [0_u8; 16];
    rng.fill_bytes(&mut salt);
    Ok(hash_pin(&pin_pepper(secrets, tenant), pin, &salt)?)
}

/// Gives somebody an account at headquarters.
///
/// # Errors
/// A role below manager, an address or name that is not allowed or in use, or a failed statement.
pub async fn create_admin(
    tx: &mut Tx,
    tenant: TenantId,
    admin: &NewAdmin,
    now: Timestamp,
) -> Result<(), IdentityError> {
    let email = rules::normal_email(&admin.email)?;
    rules::visible_name("name", &admin.name, 80)?;
    if admin.role < Role::Manager {
        return Err(rules::refuse("role", "manager, admin or owner is expected").into());
    }
    let inserted = repo::admins::insert(tx, tenant, admin, &email, now).await;
    inserted.map_err(taken("the business has an account with this e-mail address already"))
}

/// Adds an outlet or replaces what is known of it, and sends it down to its terminals.
///
/// # Errors
/// Settings that a till could not trade with, a code in use, or a failed statement.
pub async fn put_outlet(
    tx: &mut Tx,
    tenant: TenantId,
    outlet: &Outlet,
    now: Timestamp,
) -> Result<(), IdentityError> {
    rules::check_outlet(outlet)?;
    let body = serde_json::to_value(outlet)?;
    let put = repo::outlets::put(tx, tenant, outlet, &body.to_string(), now).await;
    put.map_err(taken("another outlet has this code"))?;
    let id = outlet.outlet_id;
    record_change(tx, tenant, entity::OUTLET, &id.to_string(), Some(id), Some(&body)).await?;
    Ok(())
}

/// The outlet whose receipts begin with `code`.
///
/// # Errors
/// A failed statement.
pub async fn find_outlet_by_code(
    tx: &mut Tx,
    tenant: TenantId,
    code: &str,
) -> Result<Option<Outlet>, IdentityError> {
    Ok(repo::outlets::by_code(tx, tenant, code).await?)
}

/// Adds a person or replaces what is known of them, and sends them down to all terminals, which filter by outlet: a
/// person who moves would otherwise stay behind at the old one.
///
/// # Errors
/// A name that is not allowed, an unknown outlet, or a failed statement.
pub async fn put_staff(
    tx: &mut Tx,
    tenant: TenantId,
    staff: &Staff,
    now: Timestamp,
) -> Result<(), IdentityError> {
    rules::visible_name("name", &staff.name, 60)?;
    if staff.outlet_ids.len() > 200 {
        return Err(rules::refuse("outlet_ids", "at most 200 outlets are expected").into());
    }
    for outlet in &staff.outlet_ids {
        if repo::outlets::find(tx, tenant, *outlet).await?.is_none() {
            return Err(IdentityError::Missing("outlet"));
        }
    }
    let body = serde_json::to_value(staff)?;
    repo::staff::put(tx, tenant, staff, now).await?;
    record_change(tx, tenant, entity::STAFF, &staff.staff_id.to_string(), None, Some(&body)).await?;
    Ok(())
}
