//! SQL of prices, one file per thing; every predicate begins with the tenant.

pub mod books;
pub mod parts;
