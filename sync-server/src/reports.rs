//! What was sold and given back, summed: every figure is the exact sum of the orders and refunds behind it.

pub mod promotions;
mod sales;

use axum::Router;
use serde::Deserialize;
use shared::BusinessDate;
use shared::ids::{OutletId, TenantId};

use crate::app::AppState;
use crate::database::Filters;
use crate::error::ApiError;

/// The routes of this domain.
pub fn routes() -> Router<AppState> {
    sales::routes().merge(promotions::routes())
}

#[derive(utoipa::OpenApi)]
#[openapi(tags((name = "reports", description = "Exact sums over orders and refunds")))]
struct Tag;

/// The part of the API description that belongs to this domain.
pub struct Api;

impl utoipa::OpenApi for Api {
    fn openapi() -> utoipa::openapi::OpenApi {
        Tag::openapi().merge_from(sales::Api::openapi()).merge_from(promotions::Api::openapi())
    }
}

/// Which days and outlet a report is of.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Span {
    /// From this day of business, `YYYY-MM-DD`.
    #[param(value_type = String)]
    pub from: BusinessDate,
    /// To this day of business, that day too.
    #[param(value_type = String)]
    pub to: BusinessDate,
    /// Only of this outlet.
    #[param(value_type = Option<String>)]
    pub outlet_id: Option<OutletId>,
}

impl Span {
    /// Conditions on the columns `tenant_id`, `outlet_id` and `business_date` of the alias `d`.
    ///
    /// # Errors
    /// The days are the wrong way round.
    fn filters(&self, tenant: TenantId) -> Result<Filters, ApiError> {
        if self.to < self.from {
            return Err(ApiError::invalid("to", "the last day is before the first"));
        }
        let mut filters = Filters::of("d.tenant_id", tenant);
        filters.text("d.business_date", ">=", Some(self.from));
        filters.text("d.business_date", "<=", Some(self.to));
        filters.text("d.outlet_id", "=", self.outlet_id);
        Ok(filters)
    }
}
