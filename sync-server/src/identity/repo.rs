//! SQL of identity, one file per thing; every predicate begins with the tenant.

pub mod admins;
pub mod guesses;
pub mod outlets;
pub mod refresh_tokens;
pub mod staff;
pub mod tenants;
pub mod terminal_keys;
pub mod terminals;

use shared::staff::Role;

use crate::database::DatabaseError;

/// A role as it stands in a column.
pub(crate) fn role_text(role: Role) -> &'static str {
    match role {
        Role::Kitchen => "kitchen",
        Role::Cashier => "cashier",
        Role::Manager => "manager",
        Role::Admin => "admin",
        Role::Owner => "owner",
    }
}

fn role_of(text: &str) -> Result<Role, DatabaseError> {
    [Role::Kitchen, Role::Cashier, Role::Manager, Role::Admin, Role::Owner]
        .into_iter()
        .find(|role| role_text(*role) == text)
        .ok_or_else(|| DatabaseError::corrupt("admins", "unknown role"))
}
