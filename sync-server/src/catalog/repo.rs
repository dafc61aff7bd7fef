//! SQL of the catalogue, one file per thing; every predicate begins with the tenant.

pub mod categories;
pub mod items;
pub mod pictures;

use shared::ids::OutletId;

use crate::database::DatabaseError;

fn outlet_of(text: Option<String>) -> Result<Option<OutletId>, DatabaseError> {
    let parsed = text.map(|text| text.parse()).transpose();
    parsed.map_err(|error| DatabaseError::corrupt("items", error))
}
