//! Customers whom the business knows: kept at headquarters, and sent down so that tills know them without a network.
//!
//! The functions here are what routes and the demo seeder share: they check, write the rows and their change in the feed
//! in the caller's transaction, and leave the commit to the caller.

pub mod repo;
mod routes;

pub use repo::CustomerRow;
pub use routes::{Api, routes};

use serde_json::json;
use shared::Timestamp;
use shared::customer::{Customer, CustomerError};
use shared::ids::{CustomerId, TenantId};
use shared::wire::entity;

use crate::database::{DatabaseError, Tx};
use crate::error::ApiError;
use crate::sync::feed::record_change;
use repo::Held;

/// Why something of a customer was not done.
#[derive(Debug, thiserror::Error)]
pub enum MemberError {
    /// A value is not allowed.
    #[error(transparent)]
    Refused(#[from] CustomerError),
    /// What one customer only may have is another's.
    #[error("{field}: another customer has it already")]
    Owned {
        /// The field.
        field: &'static str,
        /// What it is and whose; None when somebody was quicker just now.
        held: Option<Held>,
    },
    /// There is no such customer.
    #[error("there is no such customer")]
    Missing,
    /// A row could not be written as JSON.
    #[error("could not write a row as JSON")]
    Json(#[from] serde_json::Error),
    /// A failed statement.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<MemberError> for ApiError {
    fn from(error: MemberError) -> Self {
        let text = error.to_string();
        match error {
            MemberError::Refused(refused) => Self::invalid(refused.field(), text),
            MemberError::Owned { field, held: Some(Held { value, customer_id }) } => Self::conflict(text)
                .with_details(json!({ "field": field, "value": value, "customer_id": customer_id })),
            MemberError::Owned { field, held: None } => {
                Self::conflict(text).with_details(json!({ "field": field }))
            }
            MemberError::Missing => Self::not_found("customer"),
            MemberError::Database(error) => error.into(),
            MemberError::Json(_) => Self::internal(&error),
        }
    }
}

/// Refuses a field in which something stands that another customer has.
fn refuse_held(field: &'static str, held: Option<Held>) -> Result<(), MemberError> {
    if held.is_some() { Err(MemberError::Owned { field, held }) } else { Ok(()) }
}

/// A unique violation as what a person can do about it; every other failure as it is.
fn taken(field: &'static str) -> impl Fn(DatabaseError) -> MemberError {
    move |error| {
        if error.is_unique_violation() { MemberError::Owned { field, held: None } } else { error.into() }
    }
}

/// Adds a customer, and gives them as they are kept.
///
/// # Errors
/// A value that is not allowed, a code or telephone number of another customer, or a failed statement.
pub async fn add_customer(
    tx: &mut Tx,
    tenant: TenantId,
    customer: Customer,
    now: Timestamp,
) -> Result<CustomerRow, MemberError> {
    let customer = customer.checked()?;
    write(tx, tenant, &customer, now).await?;
    Ok(CustomerRow { customer, updated_at: now })
}

/// Replaces all that is known of a customer, and gives them as they are kept; nothing goes down when it is the same.
///
/// # Errors
/// As [`add_customer`], and [`MemberError::Missing`].
pub async fn replace_customer(
    tx: &mut Tx,
    tenant: TenantId,
    customer: Customer,
    now: Timestamp,
) -> Result<CustomerRow, MemberError> {
    let customer = customer.checked()?;
    let before = repo::find(tx, tenant, customer.customer_id, true).await?.ok_or(MemberError::Missing)?;
    if before.customer == customer {
        return Ok(before);
    }
    write(tx, tenant, &customer, now).await?;
    Ok(CustomerRow { customer, updated_at: now })
}

/// Forgets a customer: what is known of them goes, here and at the tills. Past sales keep the id, the segments that counted and
/// the reason of an exemption from tax, which the books must show.
///
/// # Errors
/// [`MemberError::Missing`], or a failed statement.
pub async fn forget_customer(tx: &mut Tx, tenant: TenantId, id: CustomerId) -> Result<(), MemberError> {
    repo::find(tx, tenant, id, true).await?.ok_or(MemberError::Missing)?;
    repo::delete(tx, tenant, id).await?;
    record_change(tx, tenant, entity::CUSTOMER, &id.to_string(), None, None).await?;
    Ok(())
}

/// Writes a checked customer and their change.
async fn write(
    tx: &mut Tx,
    tenant: TenantId,
    customer: &Customer,
    now: Timestamp,
) -> Result<(), MemberError> {
    refuse_held("phone", repo::phone_of_another(tx, tenant, customer).await?)?;
    refuse_held("codes", repo::code_of_another(tx, tenant, customer).await?)?;
    let body = serde_json::to_value(customer)?;
    repo::put(tx, tenant, customer, &body.to_string(), now).await.map_err(taken("phone"))?;
    repo::put_codes(tx, tenant, customer).await.map_err(taken("codes"))?;
    repo::put_segments(tx, tenant, customer).await?;
    let id = customer.customer_id.to_string();
    record_change(tx, tenant, entity::CUSTOMER, &id, None, Some(&body)).await?;
    Ok(())
}
